#include "cli_internal.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* Where and when a suite was run, as its reports say. Of simulated runs alone they say nothing that
 * another machine would write differently. */

static bool is_simulated(const struct ds_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++)
        if (plan->runs[i].world != DS_WORLD_SIM)
            return false;
    return true;
}

static ds_rc print_time(int64_t unix_us, char *out, size_t size)
{
    time_t seconds = (time_t)(unix_us / DS_S);
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return DS_BAD;
    return DS_OK;
}

ds_rc ds_origin_simulated(struct ds_origin *out)
{
    snprintf(out->hostname, sizeof out->hostname, "%s", ds_world_kind_name(DS_WORLD_SIM));
    return print_time(DS_VIRTUAL_EPOCH_US, out->started, sizeof out->started);
}

ds_rc ds_origin_find(const struct ds_plan *plan, struct ds_origin *out)
{
    struct ds_clock *clock = NULL;
    *out = (struct ds_origin){.hostname = "localhost"};
    if (is_simulated(plan))
        return ds_origin_simulated(out);
    if (ds_clock_new_real(&clock) != DS_OK)
        return DS_NOMEM;
    gethostname(out->hostname, sizeof out->hostname - 1);
    ds_rc rc = print_time(ds_clock_unix_us(clock, 0), out->started, sizeof out->started);
    ds_clock_free(&clock);
    return rc;
}
