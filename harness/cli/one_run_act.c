#include "one_run_internal.h"

#include <stdlib.h>
#include <string.h>

/* For calls that are ending: as long as a person waits, or until every timer of RFC 3261 has run
 * out. */
#define GRACE         (DS_S)
#define VIRTUAL_GRACE (40 * DS_S)

ds_rc ds_run_load_topology(struct ds_one_run *run, uint8_t net_shift, struct ds_why *why)
{
    const struct ds_options *options = &run->context->options;
    const struct ds_scenario *scenario = run->planned->scenario;
    const char *defects[DS_NODE_MAX_DEFECTS * 2 + 1];
    struct ds_topo_choice choice = {
        .variant = run->planned->variant, .net_shift = net_shift, .defects = defects};
    for (size_t i = 0; i < options->defect_count; i++)
        defects[choice.defect_count++] = options->defects[i];
    if (run->planned->defect != NULL)
        defects[choice.defect_count++] = run->planned->defect;
    for (size_t i = 0; scenario->defects != NULL && scenario->defects[i] != NULL &&
                       choice.defect_count < DS_COUNT(defects);
         i++)
        defects[choice.defect_count++] = scenario->defects[i];
    ds_rc rc = ds_option_bypass(options, &choice.bypass, why);
    return rc != DS_OK ? rc
                       : ds_kept_topology(run->context, run->planned->topology_path, &choice,
                                          &run->topo, why);
}

bool ds_run_in_any_weather(const struct ds_one_run *run)
{
    return run->planned->in_any_weather || run->planned->scenario->in_any_weather;
}

static bool comes_to_rest(const struct ds_one_run *run)
{
    return ds_run_in_any_weather(run) || run->planned->comes_to_rest ||
           run->planned->scenario->arrivals != NULL;
}

static void act(struct ds_one_run *run, struct ds_world *world)
{
    const struct ds_act acting = {.lua_root = run->context->lua_root,
                                  .code = run->context->kept.code,
                                  .scenario = run->planned->scenario,
                                  .call = run->planned->call,
                                  .world = world};
    if (ds_scenario_act(&acting, &run->trouble) == DS_OK)
        return;
    /* In bad weather a scenario may come to nothing. */
    if (ds_run_in_any_weather(run) && !run->trouble.skipped && !run->trouble.harness &&
        !ds_interrupted())
        return;
    enum ds_result result = run->trouble.skipped                       ? DS_RESULT_SKIP
                            : run->trouble.harness || ds_interrupted() ? DS_RESULT_ERROR
                                                                       : DS_RESULT_FAIL;
    ds_run_conclude(run, result, run->trouble.where, run->trouble.why.text);
}

/* The scenario's own, then those of the command line. */
static void list_faults(const struct ds_one_run *run, const char *out[3 * MOST_FAULTS + 1])
{
    const char *const *lists[] = {run->planned->scenario->faults, run->context->options.faults,
                                  run->planned->faults};
    size_t count = 0;
    for (size_t i = 0; i < DS_COUNT(lists); i++)
        for (size_t k = 0;
             lists[i] != NULL && lists[i][k] != NULL && count < (size_t)3 * MOST_FAULTS; k++)
            out[count++] = lists[i][k];
}

/* Who shares the loopback does so for others. */
static bool waits_are_real(const struct ds_options *options)
{
    return options->real_time != NULL || options->share != NULL;
}

static void
tell_of_waits(struct ds_one_run *run, enum ds_evidence evidence, const struct ds_world *world)
{
    free(run->result.evidence);
    run->result.evidence =
        ds_copy_text(ds_evidence_sentence(evidence, ds_world_skips_waits(world)));
}

ds_rc ds_run_act(struct ds_one_run *run, enum ds_evidence evidence, struct ds_why *why)
{
    struct ds_world *world = NULL;
    const char *faults[3 * MOST_FAULTS + 1] = {NULL};
    list_faults(run, faults);
    const struct ds_world_options options = {.topo = run->topo,
                                             .seed = run->planned->seed,
                                             .evidence = evidence,
                                             .capture_path = run->recorded,
                                             .kept = run->kept->world,
                                             .real_time = waits_are_real(&run->context->options),
                                             .title = run->planned->id,
                                             .faults = faults};
    ds_rc rc = ds_world_new(&options, &world, why);
    if (rc != DS_OK)
        return rc;
    run->result.capture = ds_copy_text(run->capture);
    rc = ds_world_start(world, why);
    struct ds_arrivals arrivals = {.list = run->planned->arrivals != NULL
                                               ? run->planned->arrivals
                                               : run->planned->scenario->arrivals};
    if (rc == DS_OK && run->planned->choose != NULL)
        ds_world_choose(world, run->planned->choose, run->planned->choose_owner);
    else if (rc == DS_OK && arrivals.list != NULL)
        ds_world_choose(world, ds_arrivals_choose, &arrivals);
    if (rc == DS_OK)
        act(run, world);
    /* Where the scenario itself let things go wrong, what it left dead is not to come to life
     * again; and what an element that failed for good owes to others, nobody pays. */
    bool fair = !ds_world_had_failures(world) &&
                (ds_run_in_any_weather(run) || !ds_world_had_faults(world));
    if (rc == DS_OK && comes_to_rest(run) && fair && run->result.sentence == NULL)
        rc = ds_calm_down(world, &run->findings, why);
    run->had_failures = ds_world_had_failures(world);
    run->half_told = ds_world_is_half_told(world);
    run->result.seconds = (double)ds_world_now(world) / (double)DS_S;
    bool time_is_virtual = run->planned->world == DS_WORLD_SIM || ds_world_skips_waits(world);
    tell_of_waits(run, evidence, world);
    struct ds_slice log = ds_log_text(ds_world_log(world));
    run->result.log = strndup(log.at == NULL ? "" : log.at, log.len);
    struct ds_why close_why;
    ds_us grace = time_is_virtual ? VIRTUAL_GRACE : GRACE;
    ds_rc closed = ds_world_close(&world, rc == DS_OK && !ds_interrupted() ? grace : 0, &close_why);
    /* What has no end even now is what it fails for, where it has not failed before. */
    if (rc == DS_OK && closed == DS_LATE && time_is_virtual)
        ds_run_conclude(run, DS_RESULT_FAIL, run->planned->scenario->path, close_why.text);
    else if (rc == DS_OK && closed != DS_OK)
        rc = ds_fail(why, closed, "%s", close_why.text);
    return rc;
}
