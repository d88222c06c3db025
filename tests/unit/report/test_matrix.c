#include "sample.h"

#include <stdio.h>
#include <string.h>

/* The text of a suite's end; clean it up. */
static struct ds_buf
end_of(struct ds_run_result *runs, size_t count, const struct ds_terminal *terminal)
{
    const struct ds_suite_result suite = {.runs = runs, .run_count = count, .seconds = 14.25};
    struct ds_buf out = {0};
    ds_report_matrix(&suite, terminal, &out);
    assert_false(out.broken);
    return out;
}

static const struct ds_terminal plain = {.width = 80};

static void rows_are_places_and_columns_are_calls(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[] = {sample_pass(), sample_fail(&finding), sample_pass(),
                                   sample_pass()};
    (void)state;
    runs[2].topology = sample_text("voip_only");
    runs[2].variant = NULL;
    runs[2].call = sample_text("ev_to_ev");
    runs[3].call = sample_text("");
    struct ds_buf out = end_of(runs, DS_COUNT(runs), &plain);
    const char *expected =
        "                                    ev_to_pstn    ev_to_ev       other\n"
        "behind_pbx:bypass_on                       1/2           -         1/1\n"
        "voip_only                                    -         1/1           -\n"
        "\n"
        "failed    BYP-01\n";
    assert_int_equal(strncmp(out.at, expected, strlen(expected)), 0);
    sample_contains(out.at, "\n4 runs: 3 passed, 1 failed, 0 unclear, 0 not seen, 0 skipped, "
                            "0 errors in 14.2 s\n");
    ds_buf_clean_up(&out);
}

static void one_run_needs_no_matrix(void **state)
{
    struct ds_run_result run = sample_pass();
    (void)state;
    struct ds_buf out = end_of(&run, 1, &plain);
    sample_lacks(out.at, "1/1");
    sample_contains(out.at, "\n1 run: 1 passed");
    ds_buf_clean_up(&out);
}

static void cells_are_green_or_red(void **state)
{
    const struct ds_terminal coloured = {.colour = true};
    struct ds_result_finding finding;
    struct ds_run_result runs[] = {sample_pass(), sample_fail(&finding)};
    (void)state;
    runs[1].call = sample_text("ev_to_ev");
    struct ds_buf out = end_of(runs, DS_COUNT(runs), &coloured);
    sample_contains(out.at, "\033[32m1/1\033[0m         \033[1;31m0/1\033[0m\n");
    sample_contains(out.at, "\033[1;31mfailed\033[0m    BYP-01\n");
    ds_buf_clean_up(&out);
}

/* What two findings on BYP-01 in two runs come to: the heading that names it. */
static void assert_sum(const char *first, const char *second, bool counted, const char *heading)
{
    struct ds_result_finding findings[2];
    struct ds_run_result runs[] = {sample_fail(&findings[0]), sample_fail(&findings[1])};
    char expected[64];
    findings[0].verdict = sample_text(first);
    findings[1].verdict = sample_text(second);
    findings[0].counted = findings[1].counted = counted;
    struct ds_buf out = end_of(runs, 2, &plain);
    snprintf(expected, sizeof expected, "\n%-9s BYP-01", heading);
    sample_contains(out.at, expected);
    ds_buf_clean_up(&out);
}

static void one_failure_outweighs_every_proof(void **state)
{
    (void)state;
    assert_sum("pass", "fail", true, "failed");
    assert_sum("fail", "pass", true, "failed");
    assert_sum("unclear", "pass", true, "proven");
    assert_sum("pass", "not-seen", true, "proven");
    assert_sum("not-seen", "unclear", true, "unclear");
}

static void a_failure_that_does_not_count_is_no_proof_either(void **state)
{
    (void)state;
    assert_sum("fail", "not-seen", false, "unclear");
}

static void requirements_wrap_at_the_width(void **state)
{
    const struct ds_terminal narrow = {.width = 40};
    struct ds_buf out = end_of(NULL, 0, &narrow);
    struct ds_slice rest = ds_buf_slice(&out), line;
    size_t lines = 0;
    (void)state;
    sample_contains(out.at, "not seen  ");
    while (rest.len > 0 && ds_slice_cut(&rest, '\n', &line)) {
        bool is_totals = ds_slice_starts(line, DS_LITERAL("0 runs"));
        assert_true(is_totals || line.len <= 40);
        assert_true(line.len == 0 || line.at[line.len - 1] != ' ');
        lines++;
    }
    assert_true(lines > 5);
    ds_buf_clean_up(&out);
}

static void ids_that_nobody_knows_are_passed_over(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = sample_fail(&finding);
    (void)state;
    finding.id = sample_text("XYZ-99");
    struct ds_buf out = end_of(&run, 1, &plain);
    sample_lacks(out.at, "XYZ-99");
    ds_buf_clean_up(&out);
}

static void more_places_than_the_matrix_holds_share_a_row(void **state)
{
    static struct ds_run_result runs[100];
    static char names[100][16];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(runs); i++) {
        snprintf(names[i], sizeof names[i], "place%zu", i);
        runs[i] = sample_pass();
        runs[i].topology = names[i];
    }
    struct ds_buf out = end_of(runs, DS_COUNT(runs), &plain);
    sample_contains(out.at, "\nothers                                   37/37\n");
    sample_lacks(out.at, "place63");
    ds_buf_clean_up(&out);
}

static void a_matrix_obeys_no_text(void **state)
{
    struct ds_run_result runs[] = {sample_pass(), sample_pass()};
    (void)state;
    runs[0].topology = sample_text("\033[2J");
    runs[1].call = sample_text("a\nb\xff");
    struct ds_buf out = end_of(runs, 2, &plain);
    sample_contains(out.at, "\n\\x1b[2J:bypass_on ");
    sample_contains(out.at, " a\\x0ab\\xff\n");
    ds_buf_clean_up(&out);
}

static ds_rc attempt(void *owner)
{
    const struct ds_suite_result suite = {.runs = owner, .run_count = 2};
    struct ds_buf out = {0};
    ds_report_matrix(&suite, &plain, &out);
    ds_rc rc = out.broken ? DS_NOMEM : DS_OK;
    ds_buf_clean_up(&out);
    return rc;
}

static void want_of_memory_breaks_the_text(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[] = {sample_pass(), sample_fail(&finding)};
    (void)state;
    ds_exhaust(attempt, runs);
}

int test_matrix(void);

int test_matrix(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_places_and_columns_are_calls),
        cmocka_unit_test(one_run_needs_no_matrix),
        cmocka_unit_test(cells_are_green_or_red),
        cmocka_unit_test(one_failure_outweighs_every_proof),
        cmocka_unit_test(a_failure_that_does_not_count_is_no_proof_either),
        cmocka_unit_test(requirements_wrap_at_the_width),
        cmocka_unit_test(ids_that_nobody_knows_are_passed_over),
        cmocka_unit_test(more_places_than_the_matrix_holds_share_a_row),
        cmocka_unit_test(a_matrix_obeys_no_text),
        cmocka_unit_test(want_of_memory_breaks_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
