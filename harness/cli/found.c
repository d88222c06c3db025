#include "explore_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The scenario file that repeats what was found: the scenario as it was, with its faults, its seed
 * and its place laid down. Lua takes the fields that are set last. */

#define MOST_SOURCE (1u << 20)

static ds_rc read_source(const char *path, struct ds_buf *out, struct ds_why *why)
{
    char chunk[4096];
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return ds_fail(why, DS_IO, "cannot read %s: %s", path, strerror(errno));
    for (size_t got = 1; got > 0 && out->len < MOST_SOURCE && !out->broken;) {
        got = fread(chunk, 1, sizeof chunk, file);
        ds_buf_add(out, (struct ds_slice){chunk, got});
    }
    fclose(file);
    return out->broken ? ds_fail_memory(why) : DS_OK;
}

static void print_list(struct ds_buf *out, const char *field, const char *const *list)
{
    ds_buf_print(out, "scenario.%s = {", field);
    for (; *list != NULL; list++)
        ds_buf_print(out, "\n  \"%s\",", *list);
    ds_buf_text(out, "\n}\n");
}

static void print_place(struct ds_buf *out, const struct ds_planned *planned)
{
    ds_buf_print(out, "scenario.topology = \"%s\"\n", planned->topology);
    if (planned->variant != NULL)
        ds_buf_print(out, "scenario.variants = { \"%s\" }\n", planned->variant);
    if (planned->call != NULL)
        ds_buf_print(out, "scenario.calls = { \"%s\" }\n", planned->call->name);
}

static void print_indented(struct ds_buf *out, struct ds_slice source)
{
    struct ds_slice line;
    while (ds_slice_cut(&source, '\n', &line))
        ds_buf_print(out, "%s%.*s\n", line.len == 0 ? "" : "  ", DS_FMT(line));
}

static void print_file(struct ds_buf *out, const struct ds_found *found, struct ds_slice source)
{
    const struct ds_planned *planned = &found->planned;
    const char *reason = ds_explore_reason(&found->result);
    ds_buf_print(out, "--- %s breaks %s %s.\n", planned->scenario->name,
                 reason[0] == '\0' ? "down" : reason,
                 planned->arrivals != NULL ? "in this order of arrival" : "under these faults");
    ds_buf_text(out, "local scenario <const> = (function()\n");
    print_indented(out, ds_slice_trim(source));
    ds_buf_text(out, "end)()\n\n");
    print_place(out, planned);
    ds_buf_print(out, "scenario.seed = %llu\n", (unsigned long long)planned->seed);
    if (planned->arrivals != NULL)
        ds_buf_print(out, "scenario.arrivals = \"%s\"\n", planned->arrivals);
    if (planned->in_any_weather)
        ds_buf_text(out, "scenario.in_any_weather = true\n");
    if (planned->faults != NULL)
        print_list(out, "faults", planned->faults);
    ds_buf_text(out, "\nreturn scenario\n");
}

static ds_rc write_text(const char *path, const struct ds_buf *text, struct ds_why *why)
{
    FILE *file = fopen(path, "w");
    if (file == NULL)
        return ds_fail(why, DS_IO, "cannot write %s: %s", path, strerror(errno));
    bool written = fwrite(text->at, 1, text->len, file) == text->len;
    bool closed = fclose(file) == 0;
    return written && closed ? DS_OK
                             : ds_fail(why, DS_IO, "cannot write %s: %s", path, strerror(errno));
}

ds_rc ds_found_write(const struct ds_exploration *exploration,
                     const struct ds_found *found,
                     const char **path,
                     struct ds_why *why)
{
    const struct ds_context *context = exploration->context;
    const char *base = context->options.report == NULL ? "reports/out" : context->options.report;
    const char *name = strrchr(found->planned.folder, '/');
    struct ds_buf source = {0}, text = {0};
    const char *folder = ds_arena_print(context->arena, "%s/explore", base);
    *path = ds_arena_print(context->arena, "%s/explore%s.lua", base, name == NULL ? "/" : name);
    if (folder == NULL || *path == NULL)
        return ds_fail_memory(why);
    ds_rc rc = ds_make_folders(folder, why);
    if (rc == DS_OK)
        rc = read_source(found->planned.scenario->path, &source, why);
    if (rc == DS_OK) {
        print_file(&text, found, ds_buf_slice(&source));
        rc = text.broken ? ds_fail_memory(why) : write_text(*path, &text, why);
    }
    ds_buf_clean_up(&source);
    ds_buf_clean_up(&text);
    return rc;
}
