#include "report_internal.h"

#include <stdlib.h>

/* All runs of a suite in one file. */

static json_t *totals_to_json(const struct ds_suite_result *suite)
{
    struct ds_totals totals = ds_totals(suite);
    json_t *object = json_object();
    json_object_set_new(object, "runs", json_integer((json_int_t)suite->run_count));
    for (int each = DS_RESULT_PASS; each <= DS_RESULT_ERROR; each++)
        json_object_set_new(object, ds_result_name((enum ds_result)each),
                            json_integer((json_int_t)totals.of[each]));
    return object;
}

ds_rc ds_report_json(const struct ds_suite_result *suite, const char *path, struct ds_why *why)
{
    struct ds_buf text = {0};
    json_t *object = json_object(), *runs = json_array();
    json_object_set_new(object, "schema_version", json_integer(1));
    json_object_set_new(object, "version", json_string(ds_text(suite->version)));
    json_object_set_new(object, "seconds", json_real(suite->seconds));
    json_object_set_new(object, "totals", totals_to_json(suite));
    for (size_t i = 0; i < suite->run_count; i++)
        json_array_append_new(runs, ds_result_to_json(&suite->runs[i]));
    json_object_set_new(object, "runs", runs);
    char *dumped = object == NULL ? NULL : json_dumps(object, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
    json_decref(object);
    if (dumped == NULL)
        return ds_fail_memory(why);
    ds_buf_print(&text, "%s\n", dumped);
    free(dumped);
    return ds_write_file(path, &text, why);
}
