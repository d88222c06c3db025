#include "cli_internal.h"

#include <string.h>

/* The scenarios there are: those below the root, and files that the command line names. */

/* A word that names a file is that scenario, wherever it lies. */
bool ds_names_file(const char *word)
{
    size_t len = strlen(word);
    return len > 4 && strcmp(word + len - 4, ".lua") == 0;
}

struct ds_slice ds_file_of(const char *word)
{
    static const char ending[] = ".lua@";
    const char *found = NULL;
    if (ds_names_file(word))
        return ds_slice_of(word);
    for (const char *at = strstr(word, ending); at != NULL; at = strstr(at + 1, ending))
        found = at;
    return (struct ds_slice){word, found == NULL ? 0 : (size_t)(found - word) + strlen(ending) - 1};
}

static ds_rc load(struct ds_context *context,
                  const char *path,
                  const char *name,
                  struct ds_scenario *out,
                  struct ds_why *why)
{
    struct ds_scenario_file file = {.lua_root = context->lua_root, .path = path, .name = name};
    if (path == NULL || name == NULL)
        return ds_fail_memory(why);
    ds_rc rc = ds_kept_code(context, &file.code, why);
    return rc == DS_OK ? ds_scenario_load(&file, context->arena, out, why) : rc;
}

static ds_rc load_all(struct ds_context *context,
                      const char *const *names,
                      struct ds_scenario *out,
                      size_t count,
                      struct ds_why *why)
{
    for (size_t i = 0; i < count; i++) {
        const char *path =
            ds_arena_print(context->arena, "%s/scenarios/%s.lua", context->root, names[i]);
        /* The path a person would type, where the root is where they stand. */
        if (path != NULL && strncmp(path, "./", 2) == 0)
            path += 2;
        ds_rc rc = load(context, path, names[i], &out[i], why);
        if (rc != DS_OK)
            return rc;
    }
    return DS_OK;
}

static ds_rc load_file(struct ds_context *context,
                       struct ds_slice file,
                       struct ds_scenario *out,
                       struct ds_why *why)
{
    const char *path = ds_arena_copy(context->arena, file);
    if (path == NULL)
        return ds_fail_memory(why);
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    const char *bare = ds_arena_print(context->arena, "%.*s", (int)strlen(name) - 4, name);
    return load(context, path, bare, out, why);
}

static bool is_loaded(const struct ds_scenario *list, size_t count, struct ds_slice file)
{
    for (size_t i = 0; i < count; i++)
        if (ds_slice_equal(ds_slice_of(list[i].path), file))
            return true;
    return false;
}

ds_rc ds_plan_scenarios(struct ds_context *context,
                        const struct ds_scenario **out,
                        size_t *count,
                        struct ds_why *why)
{
    const struct ds_options *options = &context->options;
    const char *const *names = NULL;
    size_t loaded = 0;
    ds_rc rc = ds_list_files(context, "scenarios", &names, why);
    if (rc != DS_OK)
        return rc;
    while (names[loaded] != NULL)
        loaded++;
    struct ds_scenario *list = ds_arena_alloc(context->arena, (loaded + options->word_count + 1) *
                                                                  sizeof(struct ds_scenario));
    if (list == NULL)
        return ds_fail_memory(why);
    rc = load_all(context, names, list, loaded, why);
    for (size_t i = 0; i < options->word_count && rc == DS_OK; i++) {
        struct ds_slice file = ds_file_of(options->words[i]);
        if (file.len > 0 && !is_loaded(list, loaded, file))
            rc = load_file(context, file, &list[loaded++], why);
    }
    *out = list;
    *count = loaded;
    return rc;
}
