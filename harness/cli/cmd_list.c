#include "cli_internal.h"

#include <stdio.h>
#include <string.h>

static int list_scenarios(struct ds_context *context)
{
    const struct ds_scenario *scenarios = NULL;
    size_t count = 0;
    struct ds_why why;
    context->options.word_count = 0;
    if (ds_plan_scenarios(context, &scenarios, &count, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    for (size_t i = 0; i < count; i++)
        printf("%-32s %s\n", scenarios[i].name, scenarios[i].summary);
    return DS_EXIT_PASS;
}

static int list_topologies(struct ds_context *context)
{
    const char *const *names = NULL;
    struct ds_why why;
    if (ds_list_files(context, "topologies", &names, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    for (; *names != NULL; names++) {
        const struct ds_topo_choice choice = {.bypass = -1};
        const struct ds_topo *topo = NULL;
        const struct ds_topo_file *file = NULL;
        const char *const *variants = NULL,
                          *path = ds_arena_print(context->arena, "%s/topologies/%s.lua",
                                                 context->root, *names);
        if (path == NULL || ds_topo_read(path, context->arena, &file, &why) != DS_OK ||
            ds_topo_choose(file, &choice, context->arena, &topo, &why) != DS_OK ||
            ds_topo_variants(file, context->arena, &variants, &why) != DS_OK)
            return ds_say(DS_EXIT_USAGE, "%s", why.text);
        printf("%-20s %s\n%-20s variants:", *names, topo->summary, "");
        for (; *variants != NULL; variants++)
            printf(" %s", *variants);
        printf("\n");
    }
    return DS_EXIT_PASS;
}

static int list_requirements(struct ds_context *context)
{
    size_t count;
    const struct ds_requirement *list = ds_requirements(&count);
    (void)context;
    for (size_t i = 0; i < count; i++)
        printf("%-8s %s  %s\n", list[i].id, list[i].sentence, list[i].source);
    return DS_EXIT_PASS;
}

static int list_defects(struct ds_context *context)
{
    size_t count;
    const struct ds_defect *list = ds_defects(&count);
    (void)context;
    for (size_t i = 0; i < count; i++)
        printf("%-10s %-28s %-8s %s\n", ds_role_name(list[i].role), list[i].name,
               list[i].requirement, list[i].sentence);
    return DS_EXIT_PASS;
}

static int list_runs(struct ds_context *context)
{
    struct ds_plan plan = {0};
    struct ds_why why;
    context->options.word_count--;
    memmove(context->options.words, context->options.words + 1,
            context->options.word_count * sizeof context->options.words[0]);
    if (ds_plan_make(context, &plan, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    for (size_t i = 0; i < plan.count; i++)
        printf("%s\n", plan.runs[i].id);
    return DS_EXIT_PASS;
}

int ds_cmd_list(struct ds_context *context)
{
    static const struct {
        const char *word;
        ds_cmd_fn *list;
    } lists[] = {{"scenarios", list_scenarios},
                 {"topologies", list_topologies},
                 {"requirements", list_requirements},
                 {"defects", list_defects},
                 {"runs", list_runs}};

    const char *word = context->options.word_count > 0 ? context->options.words[0] : "";
    for (size_t i = 0; i < DS_COUNT(lists); i++)
        if (strcmp(lists[i].word, word) == 0)
            return lists[i].list(context);
    return ds_say(DS_EXIT_USAGE,
                  "list wants to know what: scenarios, topologies, requirements, defects or runs");
}
