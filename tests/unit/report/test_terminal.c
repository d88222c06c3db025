#include "paper.h"

static const struct ds_terminal plain = {0};

static void a_run_is_one_line(void **state)
{
    struct ds_run_result run = paper_pass();
    struct ds_buf out = {0};
    (void)state;
    ds_report_line(&run, &plain, &out);
    assert_string_equal(out.at, "pass      calls/busy                         "
                                "behind_pbx:bypass_on           ev_to_pstn     0.25 s\n");
    ds_buf_clean_up(&out);
}

static void a_skip_says_why(void **state)
{
    struct ds_run_result run = paper_pass();
    struct ds_buf out = {0};
    (void)state;
    run.result = DS_RESULT_SKIP;
    run.sentence = "this run needs sipp";
    ds_report_line(&run, &plain, &out);
    assert_has(out.at, "skip      calls/busy ");
    assert_has(out.at, " s\n      this run needs sipp\n");
    ds_buf_clean_up(&out);
}

static void a_line_is_cut_to_the_terminal(void **state)
{
    struct ds_run_result run = paper_pass();
    const struct ds_terminal narrow = {.width = 30};
    struct ds_buf out = {0};
    (void)state;
    ds_report_line(&run, &narrow, &out);
    assert_int_equal(ds_columns(ds_buf_slice(&out)), 31); /* with its newline */
    assert_has(out.at, "…\n");
    ds_buf_clean_up(&out);
}

static void a_failure_says_what_where_and_how_to_see_it_again(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    struct ds_buf out = {0};
    (void)state;
    ds_report_failure(&run, &plain, &out);
    assert_string_equal(out.at, "      fail  BYP-01  Audio stays in the branch.\n"
                                "            audio went by mediation  #7, #12\n"
                                "      see    reports/out/busy/run.pcapng\n"
                                "      rerun  directsip run calls/busy\n");
    ds_buf_clean_up(&out);
}

static void a_stopped_scenario_says_its_line_and_its_story(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    const struct ds_terminal verbose = {.verbosity = 1};
    struct ds_buf out = {0};
    (void)state;
    run.finding_count = 0;
    run.sentence = "no call came in 2 s\033[2J";
    ds_report_failure(&run, &verbose, &out);
    assert_string_equal(out.at, "      scenarios/calls/busy.lua:14  no call came in 2 s\\x1b[2J\n"
                                "      | first\n"
                                "      | second\n"
                                "      see    reports/out/busy/run.pcapng\n"
                                "      rerun  directsip run calls/busy\n");
    ds_buf_clean_up(&out);
}

static void findings_beyond_the_most_are_counted(void **state)
{
    struct ds_result_finding finding, many[12];
    struct ds_run_result run = paper_fail(&finding);
    struct ds_buf out = {0};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(many); i++)
        many[i] = finding;
    run.findings = many;
    run.finding_count = DS_COUNT(many);
    ds_report_failure(&run, &plain, &out);
    assert_int_equal(paper_count(out.at, "BYP-01"), 8);
    assert_has(out.at, "      and 4 more: see verdict.json beside the capture\n");
    ds_buf_clean_up(&out);
}

static void the_matrix_sets_calls_against_topologies(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[] = {paper_pass(), paper_fail(&finding), paper_pass()};
    const struct ds_suite_result suite = {.runs = runs, .run_count = 3, .seconds = 2.0};
    struct ds_buf out = {0};
    (void)state;
    runs[2].topology = "voip_only";
    runs[2].call = "ev_to_ev";
    ds_report_matrix(&suite, &plain, &out);
    assert_has(out.at, "                                      ev_to_pstn    ev_to_ev\n"
                       "behind_pbx:bypass_on                         1/2           -\n"
                       "voip_only:bypass_on                            -         1/1\n\n");
    assert_has(out.at, "\nfailed    BYP-01 \n");
    assert_has(out.at, "\n3 runs: 2 passed, 1 failed, 0 unclear, 0 not seen, 0 skipped, 0 errors "
                       "in 2.0 s\n");
    ds_buf_clean_up(&out);
}

static void more_topologies_than_the_matrix_holds_share_its_last_row(void **state)
{
    static struct ds_run_result runs[DS_MATRIX_MOST + 8];
    static struct ds_matrix matrix;
    static char names[DS_COUNT(runs)][4];
    const struct ds_suite_result suite = {.runs = runs, .run_count = DS_COUNT(runs)};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(runs); i++) {
        names[i][0] = (char)('a' + i / 26);
        names[i][1] = (char)('a' + i % 26);
        runs[i] = paper_pass();
        runs[i].topology = runs[i].call = names[i];
    }
    ds_matrix_fill(&suite, &matrix);
    assert_int_equal(matrix.row_count, DS_MATRIX_MOST);
    assert_int_equal(matrix.column_count, DS_MATRIX_MOST);
    assert_int_equal(matrix.cells[DS_MATRIX_MOST - 1][DS_MATRIX_MOST - 1].runs, 9);
}

int test_terminal(void);

int test_terminal(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_one_line),
        cmocka_unit_test(a_skip_says_why),
        cmocka_unit_test(a_line_is_cut_to_the_terminal),
        cmocka_unit_test(a_failure_says_what_where_and_how_to_see_it_again),
        cmocka_unit_test(a_stopped_scenario_says_its_line_and_its_story),
        cmocka_unit_test(findings_beyond_the_most_are_counted),
        cmocka_unit_test(the_matrix_sets_calls_against_topologies),
        cmocka_unit_test(more_topologies_than_the_matrix_holds_share_its_last_row),
    };
    return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
