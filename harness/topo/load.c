#include "topo_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct ds_field top_fields[] = {
    {"option", DS_TEXT},      {"domain", DS_TEXT},        {"bypass", DS_TABLE},
    {"regions", DS_TABLE},    {"sites", DS_TABLE},        {"nodes", DS_TABLE},
    {"trunks", DS_TABLE},     {"ranges", DS_TABLE},       {"dial_plan", DS_TABLE},
    {"routes", DS_TABLE},     {"voice_policy", DS_TABLE}, {"rates", DS_TABLE},
    {"traffic", DS_TABLE},    {"variants", DS_TABLE},     {"encryption", DS_TEXT},
    {"voice_mail", DS_TABLE}, {"call_park", DS_TABLE},    {"location_policies", DS_TABLE},
    {"admission", DS_TABLE},
};

static const struct ds_field bypass_fields[] = {{"enabled", DS_FLAG},
                                                {"always", DS_TEXT},
                                                {"default", DS_TEXT},
                                                {"conferences", DS_FLAG}};

/* Its tree is as written; each choice lays its variant over a copy. */
struct ds_topo_file {
    const char *name, *path, *summary;
    struct ds_value *root;
};

typedef ds_rc load_step_fn(struct ds_load *load);

static ds_rc read_text(const struct ds_load *load, FILE *file, char *text, size_t *len)
{
    *len = fread(text, 1, DS_FILE_MAX_BYTES + 1, file);
    if (ferror(file))
        return ds_fail(load->why, DS_IO, "%s: cannot be read: %s", load->path, strerror(errno));
    if (*len > DS_FILE_MAX_BYTES)
        return ds_refuse(load, 1, "the file is larger than %zu KiB", DS_FILE_MAX_BYTES / 1024);
    if (memchr(text, '\0', *len) != NULL || text[0] == '\033')
        return ds_refuse(load, 1, "this is not text");
    return DS_OK;
}

/* The whole file, with a final zero. */
static ds_rc read_file(const struct ds_load *load, struct ds_slice *out)
{
    char *text = ds_arena_alloc(load->scratch, DS_FILE_MAX_BYTES + 2);
    size_t len = 0;
    if (text == NULL)
        return ds_fail_memory(load->why);
    FILE *file = fopen(load->path, "rb");
    if (file == NULL)
        return ds_fail(load->why, DS_IO, "%s: cannot be opened: %s", load->path, strerror(errno));
    ds_rc rc = read_text(load, file, text, &len);
    fclose(file);
    text[len] = '\0';
    *out = (struct ds_slice){text, len};
    return rc;
}

/* The first comment of the file, up to its first empty line, as one line. */
static const char *summary_of(const struct ds_load *load, struct ds_slice text)
{
    struct ds_buf buf = {0};
    struct ds_slice line;
    while (ds_slice_cut(&text, '\n', &line) && ds_slice_starts(line, DS_LITERAL("--"))) {
        while (line.len > 0 && line.at[0] == '-')
            line = ds_slice_from(line, 1);
        line = ds_slice_trim(line);
        if (line.len == 0)
            break;
        ds_buf_text(&buf, buf.len == 0 ? "" : " ");
        ds_buf_add(&buf, line);
    }
    char *summary = buf.broken ? NULL : ds_arena_copy(load->arena, ds_buf_slice(&buf));
    ds_buf_clean_up(&buf);
    return summary;
}

/* "behind_pbx" of "topologies/behind_pbx.lua". */
static const char *name_of(const struct ds_load *load)
{
    const char *slash = strrchr(load->path, '/');
    struct ds_slice name = ds_slice_of(slash == NULL ? load->path : slash + 1);
    if (name.len > 4 && strcmp(name.at + name.len - 4, ".lua") == 0)
        name.len -= 4;
    return ds_arena_copy(load->arena, name);
}

static ds_rc load_names(struct ds_load *load, struct ds_slice text, struct ds_topo_file *file)
{
    file->name = name_of(load);
    file->path = ds_arena_copy(load->arena, ds_slice_of(load->path));
    file->summary = summary_of(load, text);
    if (file->name == NULL || file->path == NULL || file->summary == NULL)
        return ds_fail_memory(load->why);
    return DS_OK;
}

static bool is_domain(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && len <= 128 && text[0] != '.' && text[len - 1] != '.' &&
           strstr(text, "..") == NULL &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-") == len;
}

static ds_rc load_option(struct ds_load *load)
{
    const struct ds_value *root = load->root;
    const char *option = ds_value_text(root, "option"), *domain = ds_value_text(root, "domain");
    enum ds_option i = DS_BEHIND_PBX;
    if (option == NULL)
        return ds_refuse(load, root->line, "the file must say its option");
    while (i < DS_OPTION_COUNT && strcmp(option, ds_option_name(i)) != 0)
        i++;
    if (i == DS_OPTION_COUNT)
        return ds_refuse(load, ds_value_line(root, "option"),
                         "'%.40s' is no option: behind_pbx, in_front_of_pbx, direct_sip_partner, "
                         "voip_only or sip_trunk",
                         option);
    if (domain == NULL || !is_domain(domain))
        return ds_refuse(load, ds_value_line(root, "domain"),
                         "the file must say the users' domain, as in \"contoso.example\"");
    load->topo->option = i;
    load->topo->domain = domain;
    return DS_OK;
}

static ds_rc load_guid(const struct ds_load *load,
                       const struct ds_value *bypass,
                       const char *word,
                       const char **out)
{
    *out = ds_value_text(bypass, word);
    return *out == NULL || ds_is_guid(*out)
               ? DS_OK
               : ds_refuse(load, ds_value_line(bypass, word),
                           "bypass.%s must be a GUID, and is '%.40s'", word, *out);
}

static ds_rc load_bypass_ids(const struct ds_load *load, const struct ds_value *bypass)
{
    struct ds_topo *topo = load->topo;
    ds_rc rc = load_guid(load, bypass, "always", &topo->global_bypass_id);
    if (rc == DS_OK)
        rc = load_guid(load, bypass, "default", &topo->default_bypass_id);
    if (rc != DS_OK)
        return rc;
    topo->always_bypass = topo->global_bypass_id != NULL;
    if (topo->always_bypass && topo->default_bypass_id != NULL)
        return ds_refuse(load, ds_value_line(bypass, "default"),
                         "with bypass.always one ID is everybody's, and there is no default");
    return DS_OK;
}

static ds_rc load_bypass(struct ds_load *load)
{
    struct ds_topo *topo = load->topo;
    const struct ds_value *bypass = ds_value_get(load->root, "bypass");
    if (bypass != NULL) {
        ds_rc rc = ds_fields_check(load, bypass, "bypass", bypass_fields, DS_COUNT(bypass_fields));
        if (rc == DS_OK)
            rc = ds_names_check(load, bypass, "bypass");
        if (rc == DS_OK)
            rc = load_bypass_ids(load, bypass);
        if (rc != DS_OK)
            return rc;
        topo->bypass_enabled = ds_value_flag(bypass, "enabled", false);
        topo->bypass_conferences = ds_value_flag(bypass, "conferences", false);
    }
    if (load->choice->bypass >= 0)
        topo->bypass_enabled = load->choice->bypass > 0;
    return DS_OK;
}

static ds_rc check_top(struct ds_load *load)
{
    ds_rc rc = ds_names_check(load, load->root, "the file");
    if (rc == DS_OK)
        rc = ds_fields_check(load, load->root, "the file", top_fields, DS_COUNT(top_fields));
    return rc;
}

/* Each step may lean on what the earlier ones have made sure of. */
static load_step_fn *const steps[] = {
    check_top,         load_option,          load_bypass,       ds_load_encryption,
    ds_load_regions,   ds_load_sites,        ds_check_regions,  ds_load_nodes,
    ds_load_addresses, ds_load_media_points, ds_load_outside,   ds_load_control,
    ds_check_places,   ds_load_voice_mail,   ds_load_handling,  ds_load_trunks,
    ds_load_rules,     ds_load_call_park,    ds_load_routes,    ds_load_usages,
    ds_load_locations, ds_load_emergency,    ds_load_admission, ds_load_rates,
    ds_load_traffic,   ds_load_defects,      ds_check_option,
};

static ds_rc read_whole(struct ds_load *load, struct ds_topo_file *file)
{
    struct ds_slice text = {NULL, 0};
    ds_rc rc = read_file(load, &text);
    if (rc == DS_OK)
        rc = load_names(load, text, file);
    if (rc == DS_OK)
        rc = ds_read_tree(load, text);
    file->root = load->root;
    return rc;
}

ds_rc ds_topo_read(const char *path,
                   struct ds_arena *arena,
                   const struct ds_topo_file **out,
                   struct ds_why *why)
{
    struct ds_load load = {.path = path, .arena = arena, .why = why};
    struct ds_topo_file *file = ds_arena_alloc(arena, sizeof *file);
    if (file == NULL || ds_arena_new(&load.scratch) != DS_OK)
        return ds_fail_memory(why);
    ds_rc rc = read_whole(&load, file);
    ds_arena_free(&load.scratch);
    if (rc == DS_OK)
        *out = file;
    return rc;
}

static ds_rc choose(struct ds_load *load, const struct ds_topo_file *file)
{
    const char *variant = load->choice->variant;
    load->root = file->root; /* which nothing but a variant would write to */
    ds_rc rc = variant == NULL ? DS_OK : ds_copy_tree(load);
    if (rc == DS_OK)
        rc = ds_merge_variant(load, variant);
    load->topo->name = file->name;
    load->topo->path = file->path;
    load->topo->summary = file->summary;
    load->topo->variant = ds_arena_copy(load->arena, ds_slice_of(variant == NULL ? "" : variant));
    if (rc == DS_OK && load->topo->variant == NULL)
        rc = ds_fail_memory(load->why);
    for (size_t i = 0; i < DS_COUNT(steps) && rc == DS_OK; i++)
        rc = steps[i](load);
    return rc;
}

ds_rc ds_topo_choose(const struct ds_topo_file *file,
                     const struct ds_topo_choice *choice,
                     struct ds_arena *arena,
                     const struct ds_topo **out,
                     struct ds_why *why)
{
    static const struct ds_topo_choice as_written = {.bypass = -1};
    struct ds_load load = {.path = file->path, .arena = arena, .why = why};
    load.choice = choice == NULL ? &as_written : choice;
    load.topo = ds_arena_alloc(arena, sizeof *load.topo);
    if (load.topo == NULL || ds_arena_new(&load.scratch) != DS_OK)
        return ds_fail_memory(why);
    ds_rc rc = choose(&load, file);
    ds_arena_free(&load.scratch);
    if (rc == DS_OK)
        *out = load.topo;
    return rc;
}

ds_rc ds_topo_load(const char *path,
                   const struct ds_topo_choice *choice,
                   struct ds_arena *arena,
                   const struct ds_topo **out,
                   struct ds_why *why)
{
    const struct ds_topo_file *file = NULL;
    ds_rc rc = ds_topo_read(path, arena, &file, why);
    if (rc != DS_OK)
        return rc;
    ds_assert(file != NULL);
    return ds_topo_choose(file, choice, arena, out, why);
}

ds_rc ds_topo_variants(const struct ds_topo_file *file,
                       struct ds_arena *arena,
                       const char *const **out,
                       struct ds_why *why)
{
    struct ds_load load = {.path = file->path, .arena = arena, .why = why, .root = file->root};
    ds_rc rc = ds_merge_variant(&load, NULL);
    if (rc != DS_OK)
        return rc;
    const struct ds_value *variants = ds_value_get(file->root, "variants");
    size_t count = ds_value_count(variants), i = 0;
    const char **names = ds_arena_alloc(arena, (count + 1) * sizeof *names);
    if (names == NULL)
        return ds_fail_memory(why);
    for (const struct ds_value *value = count == 0 ? NULL : variants->first; value != NULL;
         value = value->next)
        names[i++] = value->name;
    *out = names;
    return DS_OK;
}
