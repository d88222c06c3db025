#include "calls.h"
#include "report_internal.h"

#include <stdlib.h>
#include <string.h>

/* The calls of a capture, one line each, in columns that fit the terminal. */

enum column { NUMBER, FROM, TO, PATH, OUTCOME, SETUP, HEARD, LOSS, COLUMNS };

_Static_assert(COLUMNS == DS_CALLS_COLUMNS, "a table has room for each");

static const struct {
    const char *title;
    size_t least; /* columns that it may be cut to; 0: never */
} columns[COLUMNS] = {
    [NUMBER] = {"call", 0},  [FROM] = {"from", 8},       [TO] = {"to", 8},
    [PATH] = {"path", 12},   [OUTCOME] = {"outcome", 0}, [SETUP] = {"setup", 0},
    [HEARD] = {"heard", 12}, [LOSS] = {"loss", 0},
};

/* What stands in the line of a call: where each cell ends in the text of all, and how wide it is.
 */
struct row {
    size_t ends[COLUMNS], widths[COLUMNS];
};

struct rows {
    struct ds_buf text; /* owned; cells one behind the other */
    struct row *list;   /* owned */
    size_t count;
    struct ds_buf line, cut; /* owned; room for the line that is being drawn */
};

static void clean_up(struct rows *rows)
{
    free(rows->list);
    ds_buf_clean_up(&rows->text);
    ds_buf_clean_up(&rows->line);
    ds_buf_clean_up(&rows->cut);
}

size_t ds_call_number(const struct ds_trace *trace, const struct ds_call *call)
{
    return trace->calls_before + (size_t)(call - trace->calls) + 1;
}

double ds_call_loss(const struct ds_call *call)
{
    double lost = 0, sent = 0;
    for (size_t i = 0; i < call->flow_count; i++) {
        lost += (double)call->flows[i]->stats.lost;
        sent += (double)call->flows[i]->stats.lost + (double)call->flows[i]->stats.received;
    }
    return sent > 0 ? lost / sent : 0;
}

/* ---- the path ---- */

/* Machines that are no elements go by their address; two on one machine by their ports too. */
static void print_place(struct ds_buf *out, struct ds_place place, bool with_port)
{
    struct ds_addr_text text = place.node != NULL || with_port ? ds_place_name(place.node, place.at)
                                                               : ds_addr_ip_text(place.at);
    ds_buf_text(out, text.text);
}

static bool has_hop_before(const struct ds_call *call, size_t index)
{
    const struct ds_hop_seen *hop = &call->hops[index];
    for (size_t i = 0; i < index; i++) {
        const struct ds_hop_seen *other = &call->hops[i];
        bool same_to = hop->to_node != NULL ? hop->to_node == other->to_node
                                            : ds_addr_equal(hop->to, other->to);
        if (same_to && ds_place_same((struct ds_place){hop->from_node, hop->from},
                                     (struct ds_place){other->from_node, other->from}))
            return true;
    }
    return false;
}

/* "alice > pool > mediation": a fork is " + ", a hop from somewhere else begins anew; one that is
 * tried again, with credentials say, is told once. */
void ds_print_road(const struct ds_call *call, struct ds_buf *out)
{
    struct ds_place from = {0}, to = {0};
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        const struct ds_place here = {hop->from_node, hop->from}, there = {hop->to_node, hop->to};
        bool on_one = here.node == NULL && ds_place_same(here, there);
        if (has_hop_before(call, i))
            continue;
        if (i > 0 && ds_place_same(here, from) && !on_one) {
            ds_buf_text(out, " + ");
        } else if (i == 0 || !ds_place_same(here, to)) {
            ds_buf_text(out, i == 0 ? "" : ", ");
            print_place(out, here, on_one);
            ds_buf_text(out, " > ");
        } else {
            ds_buf_text(out, " > ");
        }
        print_place(out, there, on_one);
        from = here;
        to = there;
    }
}

/* ---- rows ---- */

static void print_number(struct ds_buf *out, const char *number)
{
    ds_print_safe(out, ds_slice_of(number[0] == '\0' ? "-" : number));
}

/* These two say what ds_buf_print() would, which takes ten times as long: each line has them. */
static void print_whole(struct ds_buf *out, uint64_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    ds_buf_add(out, (struct ds_slice){digits + at, sizeof digits - at});
}

/* Half a millisecond goes up or down as its nearest double does, which printf() knows. */
static void print_seconds(struct ds_buf *out, int64_t us)
{
    const int64_t longest_us = INT64_C(1) << 50;
    if (us < 0 || us > longest_us || us % 1000 == 500) {
        ds_buf_print(out, "%.3f s", (double)us / 1e6);
        return;
    }
    uint64_t ms = (uint64_t)(us + 500) / 1000;
    const char part[] = {'.', (char)('0' + ms / 100 % 10), (char)('0' + ms / 10 % 10),
                         (char)('0' + ms % 10)};
    print_whole(out, ms / 1000);
    ds_buf_add(out, (struct ds_slice){part, sizeof part});
    ds_buf_text(out, " s");
}

static void print_content(struct ds_buf *out,
                          const struct ds_trace *trace,
                          const struct ds_call *call,
                          enum column column)
{
    switch (column) {
    case NUMBER:
        print_whole(out, ds_call_number(trace, call));
        break;
    case FROM:
        print_number(out, call->from_number);
        break;
    case TO:
        print_number(out, call->to_number);
        break;
    case PATH:
        ds_print_road(call, out);
        break;
    case OUTCOME:
        ds_buf_text(out, ds_outcome_name(call->outcome));
        if (call->outcome == DS_REFUSED && call->final_status > 0)
            ds_buf_print(out, " %d", call->final_status);
        break;
    case SETUP:
        if (call->answered_at >= 0)
            print_seconds(out, call->answered_at - call->began_at);
        else
            ds_buf_text(out, "-");
        break;
    case HEARD:
        ds_print_heard(trace, call, out);
        break;
    case LOSS:
        if (call->flow_count > 0)
            ds_buf_print(out, "%.1f %%", ds_call_loss(call) * 100);
        else
            ds_buf_text(out, "-");
        break;
    case COLUMNS:
        break;
    }
}

static struct ds_slice cell_of(const struct rows *rows, size_t row, size_t column)
{
    size_t end = rows->list[row].ends[column], at = 0;
    if (column > 0)
        at = rows->list[row].ends[column - 1];
    else if (row > 0)
        at = rows->list[row - 1].ends[COLUMNS - 1];
    return ds_slice_from((struct ds_slice){rows->text.at, end}, at);
}

/* `call` is NULL for the titles. */
DS_EXPANDED static void
add_row(struct rows *rows, const struct ds_trace *trace, const struct ds_call *call)
{
    size_t at = rows->count++;
    struct row *row = &rows->list[at];
    for (size_t i = 0; i < COLUMNS; i++) {
        if (call != NULL)
            print_content(&rows->text, trace, call, (enum column)i);
        else
            ds_buf_text(&rows->text, columns[i].title);
        row->ends[i] = rows->text.len;
        row->widths[i] = ds_columns(cell_of(rows, at, i));
    }
}

/* The widest column that may be cut is, again and again, until the line fits or none may be. */
static void narrow(size_t widths[COLUMNS], size_t width)
{
    size_t total = (size_t)2 * (COLUMNS - 1);
    for (size_t i = 0; i < COLUMNS; i++)
        total += widths[i];
    while (width > 0 && total > width) {
        size_t widest = COLUMNS;
        for (size_t i = 0; i < COLUMNS; i++)
            if (columns[i].least > 0 && widths[i] > columns[i].least &&
                (widest == COLUMNS || widths[i] > widths[widest]))
                widest = i;
        if (widest == COLUMNS)
            return;
        widths[widest]--;
        total--;
    }
}

static void
print_cell(struct ds_buf *out, struct ds_slice cell, size_t used, size_t width, bool right)
{
    size_t rest = used < width ? width - used : 0;
    ds_print_blanks(out, right ? rest : 0);
    ds_print_cut(out, cell, width);
    ds_print_blanks(out, right ? 0 : rest);
}

static void print_row(struct ds_buf *out,
                      struct rows *rows,
                      size_t at,
                      const size_t widths[COLUMNS],
                      const struct ds_ladder_style *style,
                      enum ds_colour colour)
{
    rows->line.len = rows->cut.len = 0;
    for (size_t i = 0; i < COLUMNS; i++) {
        bool right = i == NUMBER || i == SETUP || i == LOSS;
        ds_print_blanks(&rows->line, i == 0 ? 0 : 2);
        print_cell(&rows->line, cell_of(rows, at, i), rows->list[at].widths[i], widths[i], right);
    }
    ds_print_cut(&rows->cut, ds_buf_slice(&rows->line), style->width);
    ds_paint(out, style->colour, colour, ds_text(rows->cut.at));
    ds_buf_text(out, "\n");
}

static enum ds_colour colour_of(const struct ds_call *call)
{
    switch (call->outcome) {
    case DS_ANSWERED:
        return DS_PLAIN;
    case DS_REFUSED:
        return DS_RED;
    case DS_UNANSWERED:
    case DS_CANCELLED:
        return DS_YELLOW;
    }
    return DS_PLAIN;
}

/* Whether there was memory for all of it. */
static bool read_rows(struct rows *rows, const struct ds_trace *trace)
{
    rows->list = calloc(trace->call_count + 1, sizeof *rows->list);
    if (rows->list == NULL)
        return false;
    add_row(rows, trace, NULL);
    for (size_t i = 0; i < trace->call_count; i++)
        add_row(rows, trace, &trace->calls[i]);
    return !rows->text.broken;
}

static void widen(struct ds_calls_table *table, const struct rows *rows)
{
    for (size_t at = 0; at < rows->count; at++)
        for (size_t i = 0; i < COLUMNS; i++)
            if (rows->list[at].widths[i] > table->widths[i])
                table->widths[i] = rows->list[at].widths[i];
}

static void print_rows(struct ds_calls_table *table,
                       struct rows *rows,
                       const struct ds_trace *trace,
                       const struct ds_ladder_style *style,
                       struct ds_buf *out)
{
    size_t widths[COLUMNS];
    bool is_first = table->widths[NUMBER] == 0;
    widen(table, rows);
    memcpy(widths, table->widths, sizeof widths);
    narrow(widths, style->width);
    if (is_first)
        print_row(out, rows, 0, widths, style, DS_FAINT);
    for (size_t i = 0; i < trace->call_count; i++)
        print_row(out, rows, i + 1, widths, style, colour_of(&trace->calls[i]));
    out->broken |= rows->line.broken || rows->cut.broken;
}

void ds_calls_print(struct ds_calls_table *table,
                    const struct ds_trace *trace,
                    const struct ds_ladder_style *style,
                    struct ds_buf *out)
{
    struct rows rows = {0};
    if (trace->call_count == 0)
        return;
    if (read_rows(&rows, trace))
        print_rows(table, &rows, trace, style, out);
    else
        out->broken = true;
    clean_up(&rows);
}
