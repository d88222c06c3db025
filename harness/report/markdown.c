#include "report_internal.h"

/* A summary for the page of a CI job: totals, the matrix, and what did not pass. */

#define MOST_ROWS 200 /* job pages have a limit of their own */

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

ds_rc ds_report_markdown(const struct ds_suite_result *suite, const char *path, struct ds_why *why)
{
    struct ds_buf out = {0};
    const struct ds_totals totals = ds_totals(suite);
    bool worlds = ds_has_worlds(suite);
    size_t rows = 0;
    ds_buf_print(&out, "## directsip: %zu of %zu runs passed\n\n", totals.of[DS_RESULT_PASS],
                 suite->run_count);
    print_matrix(suite, &out);
    for (size_t i = 0; i < suite->run_count; i++) {
        const struct ds_run_result *run = &suite->runs[i];
        if (run->result == DS_RESULT_PASS || run->result == DS_RESULT_SKIP || rows > MOST_ROWS)
            continue;
        if (rows == 0)
            ds_buf_text(&out, worlds ? "\n| verdict | run | world | why | again |\n"
                                       "|---|---|---|---|---|\n"
                                     : "\n| verdict | run | why | again |\n|---|---|---|---|\n");
        if (rows++ == MOST_ROWS)
            ds_buf_print(&out, "| … | |%s more are in the JUnit and JSON files | |\n",
                         worlds ? " |" : "");
        else
            print_run(run, worlds, &out);
    }
    return ds_write_file(path, &out, why);
}
