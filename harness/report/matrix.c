#include "report_internal.h"

#include <stdio.h>
#include <string.h>

static size_t find_row(struct ds_matrix *matrix, const struct ds_run_result *run)
{
    const char *topology = ds_text(run->topology), *variant = ds_text(run->variant);
    for (size_t i = 0; i < matrix->row_count; i++)
        if (strcmp(matrix->rows[i][0], topology) == 0 && strcmp(matrix->rows[i][1], variant) == 0)
            return i;
    if (matrix->row_count == DS_MATRIX_MOST) {
        matrix->rows[DS_MATRIX_MOST - 1][0] = "others";
        matrix->rows[DS_MATRIX_MOST - 1][1] = "";
        return DS_MATRIX_MOST - 1;
    }
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
    if (matrix->column_count == DS_MATRIX_MOST) {
        matrix->columns[DS_MATRIX_MOST - 1] = "others";
        return DS_MATRIX_MOST - 1;
    }
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

/* ---- on the terminal ---- */

#define CELL_COLUMNS 12

static size_t widest_place(const struct ds_matrix *matrix)
{
    size_t widest = 36;
    for (size_t row = 0; row < matrix->row_count; row++) {
        size_t wide = strlen(matrix->rows[row][0]) + 1 + strlen(matrix->rows[row][1]);
        if (wide > widest && wide < 80)
            widest = wide;
    }
    return widest;
}

/* Right-aligned, and never touching what stands before it. */
static void print_heading(const char *name, struct ds_buf *out)
{
    struct ds_buf safe = {0};
    ds_print_safe(&safe, ds_slice_of(name));
    size_t used = ds_columns(ds_buf_slice(&safe));
    ds_buf_print(out, "%*s", used < CELL_COLUMNS ? (int)(CELL_COLUMNS - used) : 1, "");
    ds_move(out, &safe);
}

static size_t cell_columns(const struct ds_matrix *matrix, size_t column)
{
    size_t used = ds_columns(ds_slice_of(matrix->columns[column]));
    return used < CELL_COLUMNS ? CELL_COLUMNS : used + 1;
}

static void print_cell(const struct ds_matrix *matrix,
                       size_t row,
                       size_t column,
                       bool colour,
                       struct ds_buf *out)
{
    size_t runs = matrix->cells[row][column].runs, passed = matrix->cells[row][column].passed;
    char text[64] = "-";
    enum ds_colour which = runs == 0 ? DS_FAINT : runs == passed ? DS_GREEN : DS_RED;
    if (runs > 0)
        snprintf(text, sizeof text, "%zu/%zu", passed, runs);
    size_t used = strlen(text), wanted = cell_columns(matrix, column);
    ds_buf_print(out, "%*s", used < wanted ? (int)(wanted - used) : 1, "");
    ds_paint(out, colour, which, text);
}

static void print_calls(const struct ds_matrix *matrix, bool colour, struct ds_buf *out)
{
    size_t widest = widest_place(matrix);
    ds_buf_print(out, "%*s", (int)widest, "");
    for (size_t column = 0; column < matrix->column_count; column++)
        print_heading(matrix->columns[column], out);
    ds_buf_text(out, "\n");
    for (size_t row = 0; row < matrix->row_count; row++) {
        struct ds_buf place = {0};
        ds_print_place(&place, matrix->rows[row][0], matrix->rows[row][1]);
        ds_print_padded(out, ds_text(place.at), widest);
        out->broken |= place.broken;
        ds_buf_clean_up(&place);
        for (size_t column = 0; column < matrix->column_count; column++)
            print_cell(matrix, row, column, colour, out);
        ds_buf_text(out, "\n");
    }
}

static void print_totals(const struct ds_suite_result *suite, struct ds_buf *out)
{
    const struct ds_totals totals = ds_totals(suite);
    ds_buf_print(out,
                 "%zu run%s: %zu passed, %zu failed, %zu unclear, %zu not seen, %zu skipped, "
                 "%zu error%s in %.1f s\n",
                 suite->run_count, suite->run_count == 1 ? "" : "s", totals.of[DS_RESULT_PASS],
                 totals.of[DS_RESULT_FAIL], totals.of[DS_RESULT_UNCLEAR],
                 totals.of[DS_RESULT_NOT_SEEN], totals.of[DS_RESULT_SKIP],
                 totals.of[DS_RESULT_ERROR], totals.of[DS_RESULT_ERROR] == 1 ? "" : "s",
                 suite->seconds);
}

static void print_worlds(const struct ds_suite_result *suite, struct ds_buf *out)
{
    if (suite->compared == 0)
        return;
    ds_buf_print(out, "%zu run%s in each of 2 worlds: loopback %.1f s, simulated %.1f s; ",
                 suite->compared, suite->compared == 1 ? "" : "s", suite->loopback_seconds,
                 suite->sim_seconds);
    if (suite->different == 0)
        ds_buf_text(out, "no difference\n");
    else
        ds_buf_print(out, "%zu differ%s\n", suite->different, suite->different == 1 ? "s" : "");
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
    ds_print_proofs(suite, terminal, out);
    ds_buf_text(out, "\n");
    print_totals(suite, out);
    print_worlds(suite, out);
}
