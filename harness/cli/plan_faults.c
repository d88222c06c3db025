#include "cli_internal.h"

#include <string.h>

/* What is to go wrong in a planned run: whether it makes sense, and where it can. */

static ds_rc check_list(const char *const *faults,
                        const char *where,
                        const struct ds_planned *run,
                        enum ds_world_kind world,
                        struct ds_why *why)
{
    struct ds_why reason;
    for (size_t count = 0; faults != NULL && *faults != NULL; faults++, count++)
        if (count == MOST_FAULTS)
            return ds_fail(why, DS_BAD, "%s: %zu faults at once are enough", where, MOST_FAULTS);
        else if (ds_world_check_fault(run->topo, world, *faults, &reason) != DS_OK)
            return ds_fail(why, DS_BAD, "%s: %.280s", where, reason.text);
    return DS_OK;
}

void ds_plan_worlds(const struct ds_planned *run, bool runs_in[DS_WORLD_KINDS])
{
    const struct ds_scenario *scenario = run->scenario;
    memcpy(runs_in, scenario->runs_in, sizeof scenario->runs_in);
    if (runs_in[DS_WORLD_SIM] &&
        check_list(scenario->faults, scenario->path, run, DS_WORLD_LOOPBACK, NULL) != DS_OK)
        runs_in[DS_WORLD_LOOPBACK] = false;
}

ds_rc ds_plan_check_faults(const struct ds_context *context,
                           const struct ds_planned *run,
                           struct ds_why *why)
{
    const struct ds_scenario *scenario = run->scenario;
    ds_rc rc = check_list(scenario->faults, scenario->path, run, run->world, why);
    if (rc == DS_OK)
        rc = check_list(context->options.faults, run->topology_path, run, run->world, why);
    return rc;
}
