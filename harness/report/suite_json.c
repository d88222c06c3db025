#include "report_internal.h"

/* All runs of a suite in one file. */

static void print_totals(struct ds_json *json, const struct ds_suite_result *suite)
{
    const struct ds_totals totals = ds_totals(suite);
    ds_json_begin(json, "totals", '{');
    ds_json_whole(json, "runs", suite->run_count);
    for (int each = DS_RESULT_PASS; each <= DS_RESULT_ERROR; each++)
        ds_json_whole(json, ds_result_name((enum ds_result)each), totals.of[each]);
    ds_json_end(json, '}');
}

static ds_rc print_runs(struct ds_json *json,
                        const struct ds_suite_result *suite,
                        struct ds_out_file *file,
                        struct ds_why *why)
{
    ds_rc rc = DS_OK;
    ds_json_begin(json, "runs", '[');
    for (size_t i = 0; i < suite->run_count && rc == DS_OK; i++) {
        ds_json_result(json, NULL, &suite->runs[i]);
        rc = ds_out_put_much(file, &json->out, why);
    }
    ds_json_end(json, ']');
    return rc;
}

static ds_rc
print(const struct ds_suite_result *suite, struct ds_out_file *file, struct ds_why *why)
{
    struct ds_json json = {.folder = suite->folder};
    ds_json_begin(&json, NULL, '{');
    ds_json_whole(&json, "schema_version", DS_SCHEMA_VERSION);
    ds_json_text(&json, "version", suite->version);
    ds_json_text(&json, "hostname", suite->hostname);
    ds_json_text(&json, "started", suite->started);
    ds_json_real(&json, "seconds", ds_total_seconds(suite));
    print_totals(&json, suite);
    ds_rc rc = print_runs(&json, suite, file, why);
    ds_json_end(&json, '}');
    ds_buf_text(&json.out, "\n");
    if (rc == DS_OK)
        rc = ds_out_put(file, &json.out, why);
    ds_buf_clean_up(&json.out);
    return rc;
}

ds_rc ds_report_json(const struct ds_suite_result *suite, const char *path, struct ds_why *why)
{
    struct ds_out_file file;
    ds_rc rc = ds_out_open(&file, path, why);
    if (rc == DS_OK)
        rc = print(suite, &file, why);
    if (rc == DS_OK)
        rc = ds_out_close(&file, why);
    ds_out_drop(&file);
    return rc;
}
