#include "sample.h"

#include <stdlib.h>

static void a_pass_is_a_bare_case(void **state)
{
    struct ds_run_result run = sample_pass();
    (void)state;
    char *text = sample_report(ds_report_junit, &run, 1);
    assert_string_equal(
        text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites name=\"directsip\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" "
        "time=\"0.062\">\n"
        "  <testsuite name=\"behind_pbx:bypass_on\""
        "hostname=\"lab\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"0.062\">\n"
        "    <testcase name=\"calls/busy@behind_pbx:bypass_on/ev_to_pstn\" "
        "classname=\"calls.busy\" file=\"scenarios/calls/busy.lua\" time=\"0.062\">\n"
        "      <properties>\n"
        "        <property name=\"seed\" value=\"7\"/>\n"
        "        <property name=\"option\" value=\"behind_pbx\"/>\n"
        "        <property name=\"evidence\" value=\"captured\"/>\n"
        "        <property name=\"capture\" value=\"reports/out/busy/run.pcapng\"/>\n"
        "        <property name=\"rerun\" value=\"directsip run calls/busy --seed 7\"/>\n"
        "      </properties>\n"
        "      <system-out>[[ATTACHMENT|reports/out/busy/run.pcapng]]</system-out>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n");
    free(text);
}

static void a_failure_has_its_requirement_for_a_type(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = sample_fail(&finding);
    (void)state;
    char *text = sample_report(ds_report_junit, &run, 1);
    sample_contains(text, "<failure type=\"BYP-01\" message=\"61 packets reached mediation\">");
    sample_contains(text, "fail  BYP-01  Audio stays in the branch\n");
    sample_contains(text, " line=\"28\"");
    free(text);
}

static void counts_stand_on_the_suite_and_on_the_whole(void **state)
{
    struct ds_run_result runs[6];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(runs); i++) {
        runs[i] = sample_pass();
        runs[i].result = (enum ds_result)i;
    }
    runs[0].topology = runs[5].topology = sample_text("voip_only");
    char *text = sample_report(ds_report_junit, runs, DS_COUNT(runs));
    sample_contains(text, "<testsuites name=\"directsip\" tests=\"6\" failures=\"3\" errors=\"1\" "
                          "skipped=\"1\"");
    sample_contains(text, "name=\"voip_only:bypass_on\""
                          "hostname=\"lab\" tests=\"2\" failures=\"0\" errors=\"1\" skipped=\"0\"");
    sample_contains(text, "name=\"behind_pbx:bypass_on\""
                          "hostname=\"lab\" tests=\"4\" failures=\"3\" errors=\"0\" skipped=\"1\"");
    free(text);
}

static void what_was_not_seen_is_not_green(void **state)
{
    struct ds_run_result runs[] = {sample_pass(), sample_pass(), sample_pass(), sample_pass()};
    (void)state;
    runs[0].result = DS_RESULT_NOT_SEEN;
    runs[1].result = DS_RESULT_UNCLEAR;
    runs[2].result = DS_RESULT_ERROR;
    runs[3].result = DS_RESULT_SKIP;
    runs[3].sentence = sample_text("no certificate");
    char *text = sample_report(ds_report_junit, runs, DS_COUNT(runs));
    sample_contains(text, "<failure type=\"not-seen\"");
    sample_contains(text, "<failure type=\"unclear\"");
    sample_contains(text, "<error type=\"ERROR\"");
    sample_contains(text, "<skipped message=\"no certificate\"/>");
    free(text);
}

static void hostile_text_stays_text(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = sample_fail(&finding);
    (void)state;
    run.id = sample_text("<script>\"&'");
    run.scenario = sample_text("Gr\xc3\xbc\xc3\x9f"
                               "e/\xff");
    run.sentence = sample_text("\033[31m]]>\x01\nnext\xef\xbf\xbe");
    run.log = sample_text("\xc2\x9b"
                          "1m]]>\n");
    run.capture = sample_text("]]></system-out>");
    run.where = sample_text("no number:here");
    char *text = sample_report(ds_report_junit, &run, 1);
    sample_contains(text, "name=\"&lt;script&gt;&quot;&amp;'\"");
    sample_contains(text, "classname=\"Gr\xc3\xbc\xc3\x9f"
                          "e.\xef\xbf\xbd\"");
    sample_contains(text, "message=\"[31m]]&gt;&#10;next\"");
    sample_contains(text, "[[ATTACHMENT|]]&gt;&lt;/system-out&gt;]]</system-out>");
    sample_lacks(text, " line=");
    sample_lacks(text, "\033");
    sample_lacks(text, "\xc2\x9b");
    sample_lacks(text, "]]>\n");
    free(text);
}

static void a_run_of_nothing_but_null_is_written(void **state)
{
    struct ds_run_result run = {.result = DS_RESULT_ERROR};
    (void)state;
    char *text = sample_report(ds_report_junit, &run, 1);
    sample_contains(text, "<testsuite name=\"\"");
    sample_lacks(text, "ATTACHMENT");
    sample_lacks(text, "(null)");
    free(text);
}

static void want_of_memory_spoils_no_junit(void **state)
{
    (void)state;
    sample_exhaust(ds_report_junit);
}

int test_junit_case(void);

int test_junit_case(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pass_is_a_bare_case),
        cmocka_unit_test(a_failure_has_its_requirement_for_a_type),
        cmocka_unit_test(counts_stand_on_the_suite_and_on_the_whole),
        cmocka_unit_test(what_was_not_seen_is_not_green),
        cmocka_unit_test(hostile_text_stays_text),
        cmocka_unit_test(a_run_of_nothing_but_null_is_written),
        cmocka_unit_test(want_of_memory_spoils_no_junit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
