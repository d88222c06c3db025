#include "report_internal.h"

/* A summary for the page of a CI job: totals, the matrix, and what did not pass. */

/* Job pages have limits of their own: GitHub's is 1 MiB a step. */
#define MOST_ROWS  200
#define MOST_BYTES ((size_t)768 << 10)

static void print_matrix(const struct ds_suite_result *suite, struct ds_buf *out)
{
    struct ds_matrix matrix;
    ds_matrix_fill(suite, &matrix);
    if (suite->run_count == 0)
        return;
    ds_buf_text(out, "| |");
    for (size_t column = 0; column < matrix.column_count; column++) {
        ds_buf_text(out, " ");
        ds_print_markdown(out, matrix.columns[column]);
        ds_buf_text(out, " |");
    }
    ds_buf_text(out, "\n|---|");
    for (size_t column = 0; column < matrix.column_count; column++)
        ds_buf_text(out, "---|");
    ds_buf_text(out, "\n");
    for (size_t row = 0; row < matrix.row_count; row++) {
        ds_buf_text(out, "| ");
        ds_print_markdown(out, matrix.rows[row][0]);
        ds_buf_text(out, matrix.rows[row][1][0] == '\0' ? "" : ":");
        ds_print_markdown(out, matrix.rows[row][1]);
        ds_buf_text(out, " |");
        for (size_t column = 0; column < matrix.column_count; column++) {
            if (matrix.cells[row][column].runs == 0)
                ds_buf_text(out, " |");
            else
                ds_buf_print(out, " %zu/%zu |", matrix.cells[row][column].passed,
                             matrix.cells[row][column].runs);
        }
        ds_buf_text(out, "\n");
    }
}

static void print_run(const struct ds_run_result *run, bool worlds, struct ds_buf *out)
{
    ds_buf_print(out, "| %s | ", ds_result_name(run->result));
    ds_print_markdown(out, run->id);
    if (worlds) {
        ds_buf_text(out, " | ");
        ds_print_markdown(out, run->world);
    }
    ds_buf_text(out, " | ");
    ds_print_markdown(out, run->sentence);
    ds_buf_text(out, " | ");
    ds_print_markdown(out, run->rerun);
    ds_buf_text(out, " |\n");
}

static void print_bad_runs(const struct ds_suite_result *suite, struct ds_buf *out)
{
    bool worlds = ds_has_worlds(suite);
    size_t rows = 0, left_out = 0;
    for (size_t i = 0; i < suite->run_count; i++) {
        if (!ds_is_bad(&suite->runs[i]))
            continue;
        if (rows == MOST_ROWS || out->len > MOST_BYTES) {
            left_out++;
            continue;
        }
        if (rows++ == 0)
            ds_buf_text(out, worlds ? "\n| verdict | run | world | why | again |\n"
                                      "|---|---|---|---|---|\n"
                                    : "\n| verdict | run | why | again |\n|---|---|---|---|\n");
        print_run(&suite->runs[i], worlds, out);
    }
    if (left_out > 0)
        ds_buf_print(out, "| … | |%s %zu more are in the JUnit and JSON files | |\n",
                     worlds ? " |" : "", left_out);
}

static void print_summary(const struct ds_suite_result *suite, struct ds_buf *out)
{
    const struct ds_totals totals = ds_totals(suite);
    ds_buf_print(out, "## directsip: %zu of %zu runs passed\n\n", totals.of[DS_RESULT_PASS],
                 suite->run_count);
    print_matrix(suite, out);
    print_bad_runs(suite, out);
}

ds_rc ds_report_markdown(const struct ds_suite_result *suite, const char *path, struct ds_why *why)
{
    struct ds_buf out = {0};
    print_summary(suite, &out);
    return ds_write_file(path, &out, why);
}

ds_rc ds_report_markdown_append(const struct ds_suite_result *suite,
                                const char *path,
                                struct ds_why *why)
{
    struct ds_buf out = {0};
    print_summary(suite, &out);
    return ds_append_file(path, &out, why);
}
