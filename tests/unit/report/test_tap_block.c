#include "sample.h"

#include <stdlib.h>

static void an_empty_suite_has_a_plan_of_none(void **state)
{
    (void)state;
    char *text = sample_report(ds_report_tap, NULL, 0);
    assert_string_equal(text, "TAP version 14\n1..0\n");
    free(text);
}

static void passes_skips_and_failures_have_a_line_each(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[] = {sample_pass(), sample_pass(), sample_fail(&finding)};
    (void)state;
    runs[0].id = sample_text("a");
    runs[1].id = sample_text("b");
    runs[2].id = sample_text("c");
    runs[1].result = DS_RESULT_SKIP;
    runs[1].sentence = sample_text("no TLS here");
    char *text = sample_report(ds_report_tap, runs, DS_COUNT(runs));
    assert_string_equal(text, "TAP version 14\n"
                              "1..3\n"
                              "ok 1 - a\n"
                              "ok 2 - b # SKIP no TLS here\n"
                              "not ok 3 - c\n"
                              "  ---\n"
                              "  message: \"61 packets reached mediation\"\n"
                              "  severity: \"FAIL\"\n"
                              "  at:\n"
                              "    file: \"scenarios/calls/busy.lua\"\n"
                              "    line: 28\n"
                              "  seed: 7\n"
                              "  world: \"sim\"\n"
                              "  pcap: \"reports/out/busy/run.pcapng\"\n"
                              "  rerun: \"directsip run calls/busy --seed 7\"\n"
                              "  rule: \"BYP-01\"\n"
                              "  ...\n");
    free(text);
}

static void a_name_cannot_pretend_to_be_a_directive(void **state)
{
    struct ds_run_result run = sample_pass();
    (void)state;
    run.id = sample_text("x # TODO\nok 2 - forged \\ \xff");
    char *text = sample_report(ds_report_tap, &run, 1);
    assert_string_equal(text, "TAP version 14\n1..1\n"
                              "ok 1 - x \\# TODO\\\\x0aok 2 - forged \\\\ \\\\xff\n");
    free(text);
}

static void a_message_cannot_leave_its_block(void **state)
{
    struct ds_run_result run = sample_pass();
    (void)state;
    run.result = DS_RESULT_ERROR;
    run.sentence = sample_text("\"\n  ...\nok 2\\\033\xfe");
    char *text = sample_report(ds_report_tap, &run, 1);
    sample_contains(text, "  message: \"\\\"\\n  ...\\nok 2\\\\\xef\xbf\xbd\"\n");
    sample_contains(text, "  severity: \"ERROR\"\n");
    sample_lacks(text, "rule:");
    free(text);
}

static void want_of_memory_spoils_no_tap(void **state)
{
    (void)state;
    sample_exhaust(ds_report_tap);
}

int test_tap_block(void);

int test_tap_block(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_suite_has_a_plan_of_none),
        cmocka_unit_test(passes_skips_and_failures_have_a_line_each),
        cmocka_unit_test(a_name_cannot_pretend_to_be_a_directive),
        cmocka_unit_test(a_message_cannot_leave_its_block),
        cmocka_unit_test(want_of_memory_spoils_no_tap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
