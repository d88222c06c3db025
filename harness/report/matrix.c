#include "report_internal.h"

#include <string.h>

static size_t find_row(struct ds_matrix *matrix, const struct ds_run_result *run)
{
    const char *topology = ds_text(run->topology), *variant = ds_text(run->variant);
    for (size_t i = 0; i < matrix->row_count; i++)
        if (strcmp(matrix->rows[i][0], topology) == 0 && strcmp(matrix->rows[i][1], variant) == 0)
            return i;
    if (matrix->row_count == DS_MATRIX_MOST)
        return DS_MATRIX_MOST - 1;
    matrix->rows[matrix->row_count][0] = topology;
    matrix->rows[matrix->row_count][1] = variant;
    return matrix->row_count++;
}

static size_t find_column(struct ds_matrix *matrix, const struct ds_run_result *run)
{
    const char *call = ds_text(run->call)[0] == '\0' ? "other" : run->call;
    for (size_t i = 0; i < matrix->column_count; i++)
        if (strcmp(matrix->columns[i], call) == 0)
            return i;
    if (matrix->column_count == DS_MATRIX_MOST)
        return DS_MATRIX_MOST - 1;
    matrix->columns[matrix->column_count] = call;
    return matrix->column_count++;
}

void ds_matrix_fill(const struct ds_suite_result *suite, struct ds_matrix *matrix)
{
    memset(matrix, 0, sizeof *matrix);
    for (size_t i = 0; i < suite->run_count; i++) {
        const struct ds_run_result *run = &suite->runs[i];
        size_t row = find_row(matrix, run), column = find_column(matrix, run);
        matrix->cells[row][column].runs += run->result != DS_RESULT_SKIP;
        matrix->cells[row][column].passed += run->result == DS_RESULT_PASS;
    }
}

static void print_cell(const struct ds_matrix *matrix,
                       size_t row,
                       size_t column,
                       bool colour,
                       struct ds_buf *out)
{
    size_t runs = matrix->cells[row][column].runs, passed = matrix->cells[row][column].passed;
    struct ds_buf text = {0};
    if (runs == 0)
        ds_buf_print(&text, "%12s", "-");
    else
        ds_buf_print(&text, "%*zu/%zu", runs > 9 ? 9 : 10, passed, runs);
    ds_paint(out, colour,
             runs == 0        ? DS_FAINT
             : runs == passed ? DS_GREEN
                              : DS_RED,
             ds_text(text.at));
    ds_buf_clean_up(&text);
}

static void print_calls(const struct ds_matrix *matrix, bool colour, struct ds_buf *out)
{
    ds_buf_print(out, "%-36s", "");
    for (size_t column = 0; column < matrix->column_count; column++)
        ds_buf_print(out, "%12s", matrix->columns[column]);
    ds_buf_text(out, "\n");
    for (size_t row = 0; row < matrix->row_count; row++) {
        struct ds_buf name = {0};
        ds_buf_print(&name, "%s%s%s", matrix->rows[row][0],
                     matrix->rows[row][1][0] == '\0' ? "" : ":", matrix->rows[row][1]);
        ds_buf_print(out, "%-36s", ds_text(name.at));
        ds_buf_clean_up(&name);
        for (size_t column = 0; column < matrix->column_count; column++)
            print_cell(matrix, row, column, colour, out);
        ds_buf_text(out, "\n");
    }
}

/* What all runs together say of a requirement: one counted failure is one too many; one proof is
 * enough. */
static enum ds_verdict over_all(const struct ds_suite_result *suite, const char *id)
{
    bool passed = false, unclear = false;
    for (size_t i = 0; i < suite->run_count; i++) {
        for (size_t f = 0; f < suite->runs[i].finding_count; f++) {
            const struct ds_result_finding *finding = &suite->runs[i].findings[f];
            if (strcmp(ds_text(finding->id), id) != 0)
                continue;
            if (strcmp(ds_text(finding->verdict), "fail") == 0)
                return DS_FAIL;
            passed |= strcmp(ds_text(finding->verdict), "pass") == 0;
            unclear |= strcmp(ds_text(finding->verdict), "unclear") == 0;
        }
    }
    return passed ? DS_PASS : unclear ? DS_UNCLEAR : DS_NOT_SEEN;
}

/* Ids of one verdict, wrapped to the width. */
static void print_ids(const struct ds_suite_result *suite,
                      enum ds_verdict verdict,
                      const struct ds_terminal *terminal,
                      struct ds_buf *out)
{
    static const char *const words[] = {"proven", "failed", "unclear", "not seen"};

    static const enum ds_colour colours[] = {DS_GREEN, DS_RED, DS_YELLOW, DS_YELLOW};

    size_t count, shown = 0, used = 0, width = terminal->width == 0 ? 100 : terminal->width;
    const struct ds_requirement *list = ds_requirements(&count);
    for (size_t i = 0; i < count; i++) {
        if (over_all(suite, list[i].id) != verdict)
            continue;
        if (shown == 0)
            ds_paint(out, terminal->colour, colours[verdict], words[verdict]);
        if (shown == 0 || used + strlen(list[i].id) + 1 > width) {
            ds_buf_print(out, "%s%*s", shown == 0 ? "" : "\n",
                         shown == 0 ? (int)(10 - strlen(words[verdict])) : 10, "");
            used = 10;
        }
        ds_buf_print(out, "%s ", list[i].id);
        used += strlen(list[i].id) + 1;
        shown++;
    }
    if (shown > 0)
        ds_buf_text(out, "\n");
}

static void print_totals(const struct ds_suite_result *suite, struct ds_buf *out)
{
    struct ds_totals totals = ds_totals(suite);
    ds_buf_print(out,
                 "\n%zu runs: %zu passed, %zu failed, %zu unclear, %zu not seen, %zu skipped, %zu "
                 "errors in %.1f s\n",
                 suite->run_count, totals.of[DS_RESULT_PASS], totals.of[DS_RESULT_FAIL],
                 totals.of[DS_RESULT_UNCLEAR], totals.of[DS_RESULT_NOT_SEEN],
                 totals.of[DS_RESULT_SKIP], totals.of[DS_RESULT_ERROR], suite->seconds);
}

void ds_report_matrix(const struct ds_suite_result *suite,
                      const struct ds_terminal *terminal,
                      struct ds_buf *out)
{
    struct ds_matrix matrix;
    ds_matrix_fill(suite, &matrix);
    if (suite->run_count > 1) {
        print_calls(&matrix, terminal->colour, out);
        ds_buf_text(out, "\n");
    }
    for (int verdict = DS_PASS; verdict <= DS_NOT_SEEN; verdict++)
        print_ids(suite, (enum ds_verdict)verdict, terminal, out);
    print_totals(suite, out);
}
