#include "sample.h"

#include <jansson.h>
#include <stdlib.h>

static json_t *suite_of(struct ds_run_result *runs, size_t count)
{
    char *text = sample_report(ds_report_json, runs, count);
    json_t *object = json_loads(text, 0, NULL);
    free(text);
    assert_non_null(object);
    return object;
}

static json_int_t total(const json_t *suite, const char *name)
{
    return json_integer_value(json_object_get(json_object_get(suite, "totals"), name));
}

static void a_suite_says_what_made_it(void **state)
{
    (void)state;
    json_t *suite = suite_of(NULL, 0);
    assert_int_equal(json_integer_value(json_object_get(suite, "schema_version")), 1);
    assert_string_equal(json_string_value(json_object_get(suite, "version")), "0.1.0");
    assert_string_equal(json_string_value(json_object_get(suite, "hostname")), "lab");
    assert_string_equal(json_string_value(json_object_get(suite, "started")),
                        "2026-01-02T03:04:05Z");
    assert_int_equal(json_array_size(json_object_get(suite, "runs")), 0);
    json_decref(suite);
}

static void totals_count_each_result(void **state)
{
    struct ds_run_result runs[6];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(runs); i++) {
        runs[i] = sample_pass();
        runs[i].result = i == 5 ? DS_RESULT_SKIP : (enum ds_result)(i / 2);
    }
    json_t *suite = suite_of(runs, DS_COUNT(runs));
    assert_int_equal(total(suite, "runs"), 6);
    assert_int_equal(total(suite, "pass"), 2);
    assert_int_equal(total(suite, "FAIL"), 2);
    assert_int_equal(total(suite, "unclear"), 1);
    assert_int_equal(total(suite, "skip"), 1);
    assert_int_equal(total(suite, "ERROR"), 0);
    json_decref(suite);
}

static void a_run_keeps_its_findings(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = sample_fail(&finding);
    (void)state;
    json_t *suite = suite_of(&run, 1);
    const json_t *object = json_array_get(json_object_get(suite, "runs"), 0);
    const json_t *first = json_array_get(json_object_get(object, "findings"), 0);
    assert_string_equal(json_string_value(json_object_get(object, "seed")), "7");
    assert_string_equal(json_string_value(json_object_get(first, "id")), "BYP-01");
    assert_int_equal(json_array_size(json_object_get(first, "frames")), 2);
    json_decref(suite);
}

static void want_of_memory_spoils_no_suite(void **state)
{
    (void)state;
    sample_exhaust(ds_report_json);
}

int test_suite(void);

int test_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_suite_says_what_made_it),
        cmocka_unit_test(totals_count_each_result),
        cmocka_unit_test(a_run_keeps_its_findings),
        cmocka_unit_test(want_of_memory_spoils_no_suite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
