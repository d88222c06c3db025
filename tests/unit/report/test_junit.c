#include "paper.h"

static void every_ending_is_counted_where_readers_look(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[6];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(runs); i++) {
        runs[i] = paper_fail(&finding);
        runs[i].result = (enum ds_result)i;
    }
    runs[5].topology = "voip_only";
    char *text = paper_write(ds_report_junit, runs, DS_COUNT(runs));
    assert_has(text, "<testsuites name=\"directsip\" tests=\"6\" failures=\"3\" errors=\"1\" "
                     "skipped=\"1\" time=\"1.500\">");
    assert_has(text, "<testsuite name=\"behind_pbx:bypass_on\" hostname=\"here\" tests=\"5\" "
                     "failures=\"3\" errors=\"0\" skipped=\"1\"");
    assert_has(text, "<testsuite name=\"voip_only:bypass_on\" hostname=\"here\" tests=\"1\" "
                     "failures=\"0\" errors=\"1\" skipped=\"0\"");
    assert_int_equal(paper_count(text, "<testcase "), 6);
    assert_int_equal(paper_count(text, "<failure "), 3);
    assert_has(text, "<failure type=\"BYP-01\" message=\"audio went by mediation\">");
    assert_has(text, "<failure type=\"not-seen\"");
    assert_has(text, "classname=\"calls.busy\" file=\"scenarios/calls/busy.lua\" line=\"14\"");
    assert_has(text, "[[ATTACHMENT|reports/out/busy/run.pcapng]]");
    free(text);
}

static void text_cannot_leave_its_place(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    (void)state;
    run.sentence = "<script>alert(1)</script>]]>\"'&";
    run.id = "a\" onload=\"x";
    char *text = paper_write(ds_report_junit, &run, 1);
    assert_lacks(text, "<script>");
    assert_lacks(text, "]]>");
    assert_has(text, "message=\"&lt;script&gt;alert(1)&lt;/script&gt;]]&gt;&quot;'&amp;\"");
    assert_has(text, "name=\"a&quot; onload=&quot;x\"");
    free(text);
}

static void characters_that_xml_lacks_do_not_reach_it(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    (void)state;
    run.sentence = "a\001b\033c\xef\xbf\xbe"
                   "d\xff"
                   "e\nf";
    char *text = paper_write(ds_report_junit, &run, 1);
    assert_has(text, "message=\"abcd\xef\xbf\xbd"
                     "e&#10;f\"");
    for (const char *at = text; *at != '\0'; at++)
        assert_true((unsigned char)*at >= 0x20 || *at == '\n');
    free(text);
}

int test_junit(void);

int test_junit(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ending_is_counted_where_readers_look),
        cmocka_unit_test(text_cannot_leave_its_place),
        cmocka_unit_test(characters_that_xml_lacks_do_not_reach_it),
    };
    return cmocka_run_group_tests_name("junit", tests, NULL, NULL);
}
