#include "cli_internal.h"
#include "plan.h"

#include <stdio.h>

/* What follows from a topology before anything is built. Runs are planned in plan.c. */

static ds_rc make(struct ds_context *context, const struct ds_planning **out, struct ds_why *why)
{
    const struct ds_topo *topo = NULL;
    ds_rc rc = ds_open_topology(context, context->options.words[0], &topo, why);
    if (rc != DS_OK)
        return rc;
    struct ds_traffic traffic = topo->traffic;
    if (context->options.load != NULL)
        rc = ds_traffic_read(context->options.load, &traffic, why);
    return rc == DS_OK ? ds_planning_make(topo, &traffic, context->arena, out, why) : rc;
}

static int print(const struct ds_context *context, const struct ds_planning *planning)
{
    struct ds_buf text = {0};
    ds_planning_print(planning, &context->out, &text);
    bool broken = text.broken;
    if (!broken)
        printf("%s", text.at);
    ds_buf_clean_up(&text);
    return broken ? ds_say(DS_EXIT_HARNESS, "out of memory") : DS_EXIT_PASS;
}

int ds_cmd_plan(struct ds_context *context)
{
    const struct ds_planning *planning = NULL;
    struct ds_why why;
    if (context->options.word_count != 1)
        return ds_say(DS_EXIT_USAGE, "plan wants one topology: directsip plan behind_pbx");
    if (make(context, &planning, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    if (context->options.json == NULL)
        return print(context, planning);
    if (ds_planning_json(planning, ds_version(), context->options.json, &why) != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "%s", why.text);
    return DS_EXIT_PASS;
}
