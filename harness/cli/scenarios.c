#include "cli_internal.h"

#include <string.h>

/* The scenarios there are: those below the root, and files that the command line names. */

/* A word that names a file is that scenario, wherever it lies. */
bool ds_names_file(const char *word)
{
    size_t len = strlen(word);
    return len > 4 && strcmp(word + len - 4, ".lua") == 0;
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
        ds_rc rc = path == NULL ? ds_fail_memory(why)
                                : ds_scenario_load(context->lua_root, path, names[i],
                                                   context->arena, &out[i], why);
        if (rc != DS_OK)
            return rc;
    }
    return DS_OK;
}

static ds_rc
load_word(struct ds_context *context, const char *word, struct ds_scenario *out, struct ds_why *why)
{
    const char *slash = strrchr(word, '/');
    const char *name = slash == NULL ? word : slash + 1;
    const char *bare = ds_arena_print(context->arena, "%.*s", (int)strlen(name) - 4, name);
    if (bare == NULL)
        return ds_fail_memory(why);
    return ds_scenario_load(context->lua_root, word, bare, context->arena, out, why);
}

ds_rc ds_plan_scenarios(struct ds_context *context,
                        const struct ds_scenario **out,
                        size_t *count,
                        struct ds_why *why)
{
    const char *const *names = NULL;
    size_t files = 0, words = 0;
    ds_rc rc = ds_list_files(context, "scenarios", &names, why);
    if (rc != DS_OK)
        return rc;
    while (names[files] != NULL)
        files++;
    struct ds_scenario *list = ds_arena_alloc(
        context->arena, (files + context->options.word_count + 1) * sizeof(struct ds_scenario));
    if (list == NULL)
        return ds_fail_memory(why);
    for (size_t i = 0; i < context->options.word_count && rc == DS_OK; i++)
        if (ds_names_file(context->options.words[i]))
            rc = load_word(context, context->options.words[i], &list[words++], why);
    if (rc == DS_OK)
        rc = load_all(context, names, list + words, files, why);
    *out = list;
    *count = files + words;
    return rc;
}
