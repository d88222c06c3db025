#include "report_internal.h"

#include <stdlib.h>

static const char *const names[] = {
    [DS_RESULT_PASS] = "pass",         [DS_RESULT_FAIL] = "FAIL", [DS_RESULT_UNCLEAR] = "unclear",
    [DS_RESULT_NOT_SEEN] = "not-seen", [DS_RESULT_SKIP] = "skip", [DS_RESULT_ERROR] = "ERROR",
};

const char *ds_result_name(enum ds_result result)
{
    ds_assert(result < DS_COUNT(names));
    return names[result];
}

enum ds_colour ds_result_colour(enum ds_result result)
{
    switch (result) {
    case DS_RESULT_PASS:
        return DS_GREEN;
    case DS_RESULT_FAIL:
    case DS_RESULT_ERROR:
        return DS_RED;
    case DS_RESULT_UNCLEAR:
    case DS_RESULT_NOT_SEEN:
        return DS_YELLOW;
    case DS_RESULT_SKIP:
        return DS_FAINT;
    }
    return DS_PLAIN;
}

void ds_print_place(struct ds_buf *out, const char *topology, const char *variant)
{
    ds_buf_print(out, "%s%s%s", ds_text(topology), ds_text(variant)[0] == '\0' ? "" : ":",
                 ds_text(variant));
}

void ds_run_result_clean_up(struct ds_run_result *result)
{
    char *const texts[] = {result->id,       result->scenario, result->scenario_path,
                           result->topology, result->variant,  result->call,
                           result->option,   result->sentence, result->where,
                           result->evidence, result->capture,  result->rerun,
                           result->log};
    for (size_t i = 0; i < DS_COUNT(texts); i++)
        free(texts[i]);
    for (size_t i = 0; i < result->finding_count; i++) {
        struct ds_result_finding *finding = &result->findings[i];
        free(finding->id);
        free(finding->requirement);
        free(finding->verdict);
        free(finding->sentence);
        free(finding->where);
    }
    free(result->findings);
    *result = (struct ds_run_result){0};
}

struct ds_totals ds_totals(const struct ds_suite_result *suite)
{
    struct ds_totals totals = {0};
    for (size_t i = 0; i < suite->run_count; i++)
        totals.of[suite->runs[i].result]++;
    return totals;
}
