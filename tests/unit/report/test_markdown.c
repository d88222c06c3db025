#include "paper.h"

static void a_summary_has_totals_the_matrix_and_what_did_not_pass(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[] = {paper_pass(), paper_fail(&finding)};
    (void)state;
    char *text = paper_write(ds_report_markdown, runs, 2);
    assert_string_equal(text,
                        "## directsip: 1 of 2 runs passed\n\n"
                        "| | ev\\_to\\_pstn |\n|---|---|\n| behind\\_pbx:bypass\\_on | 1/2 |\n"
                        "\n| verdict | run | why | again |\n|---|---|---|---|\n"
                        "| FAIL | calls/busy@behind\\_pbx:bypass\\_on/ev\\_to\\_pstn | "
                        "audio went by mediation | directsip run calls/busy |\n");
    free(text);
}

static void text_adds_no_cell_no_link_and_no_element(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    (void)state;
    run.sentence = "a|b [c](d) <img> `e`\n| f";
    char *text = paper_write(ds_report_markdown, &run, 1);
    assert_has(text, "| a\\|b \\[c\\](d) &lt;img&gt; \\`e\\` \\| f |");
    free(text);
}

static void a_long_list_ends_with_where_the_rest_is(void **state)
{
    struct ds_result_finding finding;
    static struct ds_run_result runs[300];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(runs); i++)
        runs[i] = paper_fail(&finding);
    char *text = paper_write(ds_report_markdown, runs, DS_COUNT(runs));
    assert_int_equal(paper_count(text, "| FAIL |"), 200);
    assert_int_equal(paper_count(text, "more are in the JUnit and JSON files"), 1);
    free(text);
}

int test_markdown(void);

int test_markdown(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_summary_has_totals_the_matrix_and_what_did_not_pass),
        cmocka_unit_test(text_adds_no_cell_no_link_and_no_element),
        cmocka_unit_test(a_long_list_ends_with_where_the_rest_is),
    };
    return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
