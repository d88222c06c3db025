#include "cli_internal.h"

#include <stdlib.h>
#include <string.h>

/* A run that was done in both worlds: they must agree on it, or the one that ended last has
 * failed. */

static bool was_judged(const struct ds_run_result *result)
{
    return result->id != NULL && result->result != DS_RESULT_SKIP &&
           result->result != DS_RESULT_ERROR;
}

static ds_rc add_finding(struct ds_run_result *result, const char *sentence)
{
    if (ds_run_result_add_findings(result, 1) != DS_OK)
        return DS_NOMEM;
    result->findings[result->finding_count++] = (struct ds_result_finding){
        .id = "WORLDS",
        .requirement = "Both worlds show the same verdicts, messages and ways of audio",
        .verdict = ds_verdict_name(DS_FAIL),
        .sentence = ds_arena_copy(result->arena, ds_slice_of(sentence)),
        .where = "",
        .counted = true};
    return DS_OK;
}

/* A run that has failed by itself keeps its own reason. */
static ds_rc fail(struct ds_run_result *result, const char *sentence)
{
    ds_rc rc = add_finding(result, sentence);
    if (rc != DS_OK || result->result == DS_RESULT_FAIL)
        return rc;
    free(result->sentence);
    free(result->where);
    result->result = DS_RESULT_FAIL;
    result->sentence = strdup(sentence);
    result->where = strdup("");
    return DS_OK;
}

static ds_rc note(struct ds_plan_run *run, size_t index, const char *sentence, struct ds_why *why)
{
    const struct ds_planned *planned = &run->plan->runs[index];
    struct ds_run_result *result = &run->results[index];
    char *rerun = ds_rerun_command(run->context, planned, "both");
    const char *path = ds_arena_print(run->context->arena, "%s/%s/verdict.json",
                                      ds_report_folder(run->context), planned->folder);
    if (rerun == NULL || path == NULL || fail(result, sentence) != DS_OK) {
        free(rerun);
        return ds_fail_memory(why);
    }
    free(result->rerun);
    result->rerun = rerun;
    return ds_run_result_write(result, path, why);
}

ds_rc ds_worlds_compare(struct ds_plan_run *run, size_t index, struct ds_why *why)
{
    const struct ds_planned *planned = &run->plan->runs[index];
    struct ds_run_result *result = &run->results[index];
    struct ds_buf text = {0};
    if (!planned->has_twin || !was_judged(result) || !was_judged(&run->results[planned->twin]))
        return DS_OK;
    const struct ds_run_result *twin = &run->results[planned->twin];
    run->compared++;
    if (!ds_compare_runs(twin, result, planned->scenario->race, &text))
        return DS_OK;
    run->different++;
    ds_buf_print(&text, "; %s is in %s", twin->world, twin->capture);
    ds_rc rc = text.broken ? ds_fail_memory(why) : note(run, index, text.at, why);
    ds_buf_clean_up(&text);
    return rc;
}
