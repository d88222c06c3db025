#include "cli_internal.h"

#include <stdio.h>
#include <string.h>

/* A requirement in full: sentence, source, the scenarios that prove it and the misbehaviours that
 * it catches. */

static bool lists(const char *const *list, const char *id)
{
    for (; list != NULL && *list != NULL; list++)
        if (strcmp(*list, id) == 0)
            return true;
    return false;
}

static bool row_proves(const struct ds_expected_call *row,
                       const struct ds_topo *topo,
                       bool answered,
                       const char *id)
{
    const struct ds_requirement *rules[96];
    size_t count = ds_expected_rules(row, topo, answered, rules, DS_COUNT(rules));
    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[i]->id, id) == 0)
            return true;
    return false;
}

/* Does this run prove it: by its scenario's own list, or by the row of its option? */
static bool run_proves(struct ds_context *context, const struct ds_planned *run, const char *id)
{
    const struct ds_topo_choice choice = {.variant = run->variant, .bypass = -1};
    const struct ds_topo *topo = NULL;
    if (lists(run->scenario->proves, id))
        return true;
    if (run->call == NULL || run->scenario->stops_short ||
        ds_kept_topology(context, run->topology_path, &choice, &topo, NULL) != DS_OK)
        return false;
    return row_proves(run->call, topo, run->scenario->answered, id);
}

static ds_rc print_proofs(struct ds_context *context, const char *id, struct ds_why *why)
{
    struct ds_plan plan = {0};
    size_t shown = 0, count = 0;
    context->options.word_count = 0;
    ds_rc rc = ds_plan_make(context, &plan, why);
    for (size_t i = 0; i < plan.count && rc == DS_OK; i++) {
        if (!run_proves(context, &plan.runs[i], id))
            continue;
        count++;
        if (shown < 8)
            printf("%s  %s\n", shown == 0 ? "\nProven by\n" : "", plan.runs[i].id);
        shown++;
    }
    if (rc == DS_OK && count == 0)
        printf("\nNo scenario proves it.\n");
    else if (count > 8)
        printf("  and %zu more runs\n", count - 8);
    return rc;
}

static void print_defects(const char *id)
{
    size_t count, shown = 0;
    const struct ds_defect *list = ds_defects(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].requirement, id) == 0)
            printf("%s  %s:%s  %s\n    in %s\n", shown++ == 0 ? "\nShown to fail by\n" : "",
                   ds_role_name(list[i].role), list[i].name, list[i].sentence, list[i].run);
}

int ds_cmd_explain(struct ds_context *context)
{
    static const char *const grades[] = {"documented", "inferred from documents", "from memory"};
    struct ds_why why;
    const char *id = context->options.word_count == 1 ? context->options.words[0] : NULL;
    const struct ds_requirement *requirement =
        id == NULL ? NULL : ds_requirement_find(ds_slice_of(id));
    if (requirement == NULL)
        return ds_say(DS_EXIT_USAGE, "explain wants the id of a requirement, such as BYP-01: see "
                                     "directsip list requirements");
    printf("%s  %s\n\nSource  %s (%s)\n", requirement->id, requirement->sentence,
           requirement->source, grades[requirement->grade]);
    if (print_proofs(context, requirement->id, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    print_defects(requirement->id);
    return DS_EXIT_PASS;
}
