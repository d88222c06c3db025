#include "paper.h"

#include <stdio.h>

/* What reports say of worlds, and of places that differ from machine to machine. */

static void two_worlds(struct ds_run_result runs[2], struct ds_result_finding *finding)
{
    runs[0] = paper_pass();
    runs[0].world = "loopback";
    runs[1] = paper_fail(finding);
    runs[1].world = "sim";
}

static void a_name_ends_in_its_world_where_there_are_two(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[2];
    (void)state;
    two_worlds(runs, &finding);
    char *junit = paper_write(ds_report_junit, runs, 2), *tap = paper_write(ds_report_tap, runs, 2);
    assert_has(junit, "name=\"calls/busy@behind_pbx:bypass_on/ev_to_pstn (loopback)\"");
    assert_has(junit, "name=\"calls/busy@behind_pbx:bypass_on/ev_to_pstn (sim)\"");
    assert_has(junit, "<property name=\"world\" value=\"sim\"/>");
    assert_has(tap, "\nok 1 - calls/busy@behind_pbx:bypass_on/ev_to_pstn (loopback)\n");
    assert_has(tap, "\nnot ok 2 - calls/busy@behind_pbx:bypass_on/ev_to_pstn (sim)\n");
    free(junit);
    free(tap);
}

static void one_world_needs_no_column(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[2];
    (void)state;
    two_worlds(runs, &finding);
    char *two = paper_write(ds_report_markdown, runs, 2);
    char *one = paper_write(ds_report_markdown, &runs[1], 1);
    assert_has(two, "\n| verdict | run | world | why | again |\n|---|---|---|---|---|\n");
    assert_has(two, "ev\\_to\\_pstn | sim | audio went by mediation |");
    assert_has(one, "\n| verdict | run | why | again |\n|---|---|---|---|\n");
    assert_lacks(one, "sim");
    free(two);
    free(one);
}

static void a_line_tells_the_world_where_it_is_asked_to(void **state)
{
    struct ds_run_result run = paper_pass();
    const struct ds_terminal two = {.worlds = true}, one = {0};
    struct ds_buf told = {0}, untold = {0};
    (void)state;
    run.world = "sim";
    ds_report_line(&run, &two, &told);
    ds_report_line(&run, &one, &untold);
    assert_has(told.at, "ev_to_pstn   sim        0.25 s\n");
    assert_lacks(untold.at, "sim");
    ds_buf_clean_up(&told);
    ds_buf_clean_up(&untold);
}

static void a_report_names_captures_from_its_folder(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    const struct ds_suite_result suite = {.runs = &run, .run_count = 1, .folder = "reports/out/"};
    struct ds_why why;
    char folder[256], path[300];
    (void)state;
    ds_scratch_make(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/report", folder);
    assert_int_equal(ds_report_json(&suite, path, &why), DS_OK);
    char *json = paper_read(path);
    assert_has(json, "\"capture\": \"busy/run.pcapng\"");
    assert_int_equal(ds_report_tap(&suite, path, &why), DS_OK);
    char *tap = paper_read(path);
    assert_has(tap, "  pcap: \"busy/run.pcapng\"\n");
    assert_int_equal(ds_report_junit(&suite, path, &why), DS_OK);
    char *junit = paper_read(path);
    assert_has(junit, "name=\"capture\" value=\"busy/run.pcapng\"");
    assert_has(junit, "[[ATTACHMENT|reports/out/busy/run.pcapng]]");
    ds_scratch_remove(folder);
    free(json);
    free(tap);
    free(junit);
}

static void a_verdict_names_the_capture_beside_it(void **state)
{
    struct ds_run_result run = paper_pass(), back;
    struct ds_why why;
    char folder[256], path[300], capture[300];
    (void)state;
    ds_scratch_make(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/verdict.json", folder);
    snprintf(capture, sizeof capture, "%s/run.pcapng", folder);
    run.capture = capture;
    assert_int_equal(ds_run_result_write(&run, path, &why), DS_OK);
    char *text = paper_read(path);
    assert_has(text, "\"capture\": \"run.pcapng\"");
    assert_int_equal(ds_run_result_read(path, &back, &why), DS_OK);
    assert_string_equal(back.capture, capture);
    ds_run_result_clean_up(&back);
    ds_scratch_remove(folder);
    free(text);
}

static void a_suite_lasts_as_long_as_its_runs_did(void **state)
{
    struct ds_run_result runs[] = {paper_pass(), paper_pass()};
    (void)state;
    char *json = paper_write(ds_report_json, runs, 2);
    assert_has(json, "\n \"seconds\": 0.500000,\n");
    free(json);
}

int test_worlds(void);

int test_worlds(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_ends_in_its_world_where_there_are_two),
        cmocka_unit_test(one_world_needs_no_column),
        cmocka_unit_test(a_line_tells_the_world_where_it_is_asked_to),
        cmocka_unit_test(a_report_names_captures_from_its_folder),
        cmocka_unit_test(a_verdict_names_the_capture_beside_it),
        cmocka_unit_test(a_suite_lasts_as_long_as_its_runs_did),
    };
    return cmocka_run_group_tests_name("worlds", tests, NULL, NULL);
}
