#include "report_internal.h"

/* All runs of a suite in one file. */

static json_t *totals_to_json(const struct ds_suite_result *suite)
{
    const struct ds_totals totals = ds_totals(suite);
    json_t *object = json_object();
    bool fine = ds_json_set(object, "runs", json_integer((json_int_t)suite->run_count));
    for (int each = DS_RESULT_PASS; each <= DS_RESULT_ERROR; each++)
        fine &= ds_json_set(object, ds_result_name((enum ds_result)each),
                            json_integer((json_int_t)totals.of[each]));
    if (fine)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *runs_to_json(const struct ds_suite_result *suite)
{
    json_t *runs = json_array();
    bool fine = runs != NULL;
    for (size_t i = 0; fine && i < suite->run_count; i++)
        fine = json_array_append_new(runs, ds_result_to_json(&suite->runs[i])) == 0;
    if (fine)
        return runs;
    json_decref(runs);
    return NULL;
}

ds_rc ds_report_json(const struct ds_suite_result *suite, const char *path, struct ds_why *why)
{
    json_t *object = json_object();
    bool fine = ds_json_set(object, "schema_version", json_integer(DS_SCHEMA_VERSION));
    fine &= ds_json_set(object, "version", ds_json_text(suite->version));
    fine &= ds_json_set(object, "hostname", ds_json_text(suite->hostname));
    fine &= ds_json_set(object, "started", ds_json_text(suite->started));
    fine &= ds_json_set(object, "seconds", json_real(suite->seconds));
    fine &= ds_json_set(object, "totals", totals_to_json(suite));
    fine &= ds_json_set(object, "runs", runs_to_json(suite));
    if (!fine) {
        json_decref(object);
        object = NULL;
    }
    return ds_json_write(object, path, why);
}
