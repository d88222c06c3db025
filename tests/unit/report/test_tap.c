#include "paper.h"

static void a_pass_is_one_line(void **state)
{
    struct ds_run_result run = paper_pass();
    (void)state;
    char *text = paper_write(ds_report_tap, &run, 1);
    assert_string_equal(text, "TAP version 14\n1..1\n"
                              "ok 1 - calls/busy@behind_pbx:bypass_on/ev_to_pstn\n");
    free(text);
}

static void a_skip_says_why_and_is_ok(void **state)
{
    struct ds_run_result run = paper_pass();
    (void)state;
    run.id = "one";
    run.result = DS_RESULT_SKIP;
    run.sentence = "no sipp\nok 2 - forged";
    char *text = paper_write(ds_report_tap, &run, 1);
    assert_string_equal(text, "TAP version 14\n1..1\n"
                              "ok 1 - one # SKIP no sipp\\x0aok 2 - forged\n");
    free(text);
}

static void a_name_starts_no_directive(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    (void)state;
    run.id = "two # SKIP me";
    char *text = paper_write(ds_report_tap, &run, 1);
    assert_has(text, "\nnot ok 1 - two \\# SKIP me\n");
    free(text);
}

static void details_are_quoted(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    (void)state;
    run.sentence = "he said \"no\\\"\n  ...\nok 2";
    char *text = paper_write(ds_report_tap, &run, 1);
    assert_has(text, "\n  message: \"he said \\\"no\\\\\\\"\\n  ...\\nok 2\"\n");
    assert_has(text, "\n  severity: \"FAIL\"\n");
    assert_has(text, "\n  seed: 18446744073709551615\n");
    assert_has(text, "\n  rule: \"BYP-01\"\n  ...\n");
    free(text);
}

/* A failure outdoes what was not seen, though that is told first. */
static void the_rule_is_the_one_that_decided(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    struct ds_result_finding findings[] = {finding, finding, finding};
    (void)state;
    findings[0].id = "MED-01";
    findings[0].verdict = "not-seen";
    findings[1].id = "CALL-01";
    findings[1].counted = false;
    run.findings = findings;
    run.finding_count = DS_COUNT(findings);
    char *text = paper_write(ds_report_tap, &run, 1);
    assert_has(text, "\n  rule: \"BYP-01\"\n");
    free(text);
}

static void what_the_scenario_wants_is_a_rule_too(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    (void)state;
    finding.id = "";
    char *text = paper_write(ds_report_tap, &run, 1);
    assert_has(text, "\n  rule: \"expectation\"\n");
    free(text);
}

int test_tap(void);

int test_tap(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pass_is_one_line),
        cmocka_unit_test(a_skip_says_why_and_is_ok),
        cmocka_unit_test(a_name_starts_no_directive),
        cmocka_unit_test(details_are_quoted),
        cmocka_unit_test(the_rule_is_the_one_that_decided),
        cmocka_unit_test(what_the_scenario_wants_is_a_rule_too),
    };
    return cmocka_run_group_tests_name("tap", tests, NULL, NULL);
}
