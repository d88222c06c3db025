#ifndef DS_TEST_TOPO_FILE_H
#define DS_TEST_TOPO_FILE_H

/* A small file to spoil: each test changes some words of it and reads it from a scratch folder. */

#include "support.h"

#include <stdio.h>
#include <string.h>

#include "topo.h"

static const char good_file[] =
    /*  1 */ "--- A small one.\n"
             /*  2 */ "return {\n"
             /*  3 */ "  option = \"behind_pbx\", domain = \"contoso.example\", bypass = { enabled "
             "= true },\n"
             /*  4 */ "  sites = {\n"
             /*  5 */ "    core = { net = \"127.0.1.0/24\" },\n"
             /*  6 */ "    office = { net = \"127.0.10.0/24\", bypass_id = "
             "\"5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10\" },\n"
             /*  7 */ "    home_office = { net = \"127.0.90.0/24\", external = true },\n"
             /*  8 */ "  },\n"
             /*  9 */ "  nodes = {\n"
             /* 10 */ "    pool = { role = \"pool\", site = \"core\", sip = \"tls:5061\" },\n"
             /* 11 */ "    mediation = { role = \"mediation\", site = \"core\",\n"
             /* 12 */ "      sip = { \"tls:5070\", \"tcp:5068\", \"tls:5067\" } },\n"
             /* 13 */ "    gateway = { role = \"gateway\", site = \"office\",\n"
             /* 14 */ "      sip = { \"tcp:5066\", \"udp:5060\" } },\n"
             /* 15 */ "    pbx = { role = \"pbx\", site = \"core\", sip = \"udp:5060\" },\n"
             /* 16 */ "    pstn = { role = \"pstn\", site = \"core\", sip = \"udp:5060\", number = "
             "\"+12065550199\" },\n"
             /* 17 */ "    alice = { role = \"client\", site = \"office\", home = \"pool\",\n"
             /* 18 */ "      number = \"+14255550101\" },\n"
             /* 19 */ "    carol = { role = \"phone\", site = \"core\", home = \"pbx\",\n"
             /* 20 */ "      number = \"+14255550201\", extension = \"201\" },\n"
             /* 21 */ "  },\n"
             /* 22 */ "  trunks = {\n"
             /* 23 */ "    { \"mediation\", \"gateway\", transport = \"tcp\", bypass = true },\n"
             /* 24 */ "    { \"gateway\", \"pbx\", kind = \"tdm\", channels = 23 },\n"
             /* 25 */ "    { \"pbx\", \"pstn\", kind = \"tdm\" },\n"
             /* 26 */ "  },\n"
             /* 27 */ "  ranges = { { to = [[^\\+142555501\\d\\d$]], party = \"ev\" } },\n"
             /* 28 */ "  dial_plan = { { to = [[^(\\d{3})$]], becomes = \"+14255550$1\" } },\n"
             /* 29 */ "  routes = {\n"
             /* 30 */ "    { at = \"pool\", to = [[^\\+]], via = \"mediation\" },\n"
             /* 31 */ "    { at = \"mediation\", from = \"pool\", to = [[^\\+]], via = \"gateway\" "
             "},\n"
             /* 32 */ "  },\n"
             /* 33 */ "  variants = { quiet = { bypass = { enabled = false } } },\n"
             /* 34 */ "}\n";

/* One word of the good file, and what stands in its place. */
struct change {
    const char *from, *to;
};

struct topo_file {
    char folder[256], path[300];
    struct ds_arena *arena; /* owned */
    struct ds_why why;
};

static inline void topo_file_write(struct topo_file *file, const char *text, size_t len)
{
    FILE *out = fopen(file->path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(text, 1, len, out), len);
    assert_int_equal(fclose(out), 0);
}

static inline void topo_file_open(struct topo_file *file)
{
    memset(file, 0, sizeof *file);
    ds_scratch_make(file->folder, sizeof file->folder);
    snprintf(file->path, sizeof file->path, "%s/t.lua", file->folder);
    assert_int_equal(ds_arena_new(&file->arena), DS_OK);
}

static inline void topo_file_close(struct topo_file *file)
{
    ds_arena_free(&file->arena);
    ds_scratch_remove(file->folder);
}

/* Writes the good file with one word changed; `from` must be in it. */
static inline void topo_file_change(char *text, size_t size, struct change change)
{
    char rest[8192];
    char *at = strstr(text, change.from);
    if (at == NULL)
        fail_msg("'%s' is not in the file", change.from);
    snprintf(rest, sizeof rest, "%s", at + strlen(change.from));
    snprintf(at, size - (size_t)(at - text), "%s%s", change.to, rest);
}

static inline void
topo_file_spoil(struct topo_file *file, const struct change *changes, size_t count)
{
    char text[8192];
    snprintf(text, sizeof text, "%s", good_file);
    for (size_t i = 0; i < count && changes[i].from != NULL; i++)
        topo_file_change(text, sizeof text, changes[i]);
    topo_file_write(file, text, strlen(text));
}

/* The sentence with its line, without the folder: "12: …". */
static inline const char *topo_file_said(const struct topo_file *file)
{
    size_t len = strlen(file->path);
    if (strncmp(file->why.text, file->path, len) != 0)
        fail_msg("'%s' does not name the file", file->why.text);
    return file->why.text + len + 1;
}

struct refusal {
    const char *sentence;
    struct change changes[3];
};

static inline void topo_file_refuses(const struct refusal *refusals, size_t count)
{
    struct topo_file file;
    topo_file_open(&file);
    for (size_t i = 0; i < count; i++) {
        const struct ds_topo *topo = NULL;
        topo_file_spoil(&file, refusals[i].changes, DS_COUNT(refusals[i].changes));
        ds_rc rc = ds_topo_load(file.path, NULL, file.arena, &topo, &file.why);
        if (rc != DS_BAD)
            fail_msg("not refused: %s", refusals[i].sentence);
        assert_string_equal(topo_file_said(&file), refusals[i].sentence);
        assert_null(topo);
    }
    topo_file_close(&file);
}

/* ---- a shipped topology ---- */

struct bench {
    struct ds_arena *arena; /* owned */
    const struct ds_topo *topo;
    struct ds_why why;
};

static inline void
bench_choose(struct bench *bench, const char *path, const struct ds_topo_choice *choice)
{
    memset(bench, 0, sizeof *bench);
    assert_int_equal(ds_arena_new(&bench->arena), DS_OK);
    ds_rc rc = ds_topo_load(path, choice, bench->arena, &bench->topo, &bench->why);
    assert_string_equal(bench->why.text, "");
    assert_int_equal(rc, DS_OK);
}

static inline void bench_load(struct bench *bench, const char *path, const char *variant)
{
    struct ds_topo_choice choice = {.variant = variant, .bypass = -1};
    bench_choose(bench, path, &choice);
}

static inline const struct ds_topo_node *bench_node(const struct bench *bench, const char *name)
{
    return name == NULL ? NULL : ds_topo_find(bench->topo, ds_slice_of(name));
}

#endif
