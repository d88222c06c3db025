#include "calls.h"
#include "report_internal.h"

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

struct row {
    struct ds_buf cells[COLUMNS]; /* owned */
};

static void clean_up(struct row *row, struct ds_buf *out)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        out->broken |= row->cells[i].broken;
        ds_buf_clean_up(&row->cells[i]);
    }
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

static void fill(struct row *row, const struct ds_trace *trace, const struct ds_call *call)
{
    struct ds_buf *cells = row->cells;
    memset(row, 0, sizeof *row);
    ds_buf_print(&cells[NUMBER], "%zu", ds_call_number(trace, call));
    print_number(&cells[FROM], call->from_number);
    print_number(&cells[TO], call->to_number);
    ds_print_road(call, &cells[PATH]);
    ds_buf_text(&cells[OUTCOME], ds_outcome_name(call->outcome));
    if (call->outcome == DS_REFUSED && call->final_status > 0)
        ds_buf_print(&cells[OUTCOME], " %d", call->final_status);
    if (call->answered_at >= 0)
        ds_buf_print(&cells[SETUP], "%.3f s", (double)(call->answered_at - call->began_at) / 1e6);
    else
        ds_buf_text(&cells[SETUP], "-");
    ds_print_heard(trace, call, &cells[HEARD]);
    if (call->flow_count > 0)
        ds_buf_print(&cells[LOSS], "%.1f %%", ds_call_loss(call) * 100);
    else
        ds_buf_text(&cells[LOSS], "-");
}

static void widen(const struct row *row, size_t widths[COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++) {
        size_t used = ds_columns(ds_buf_slice(&row->cells[i]));
        widths[i] = used > widths[i] ? used : widths[i];
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

static void print_cell(struct ds_buf *out, const struct ds_buf *cell, size_t width, bool right)
{
    struct ds_buf cut = {0};
    ds_print_cut(&cut, ds_buf_slice(cell), width);
    size_t used = ds_columns(ds_buf_slice(&cut));
    int rest = used < width ? (int)(width - used) : 0;
    ds_buf_print(out, "%*s", right ? rest : 0, "");
    ds_move(out, &cut);
    ds_buf_print(out, "%*s", right ? 0 : rest, "");
}

static void print_row(struct ds_buf *out,
                      const struct row *row,
                      const size_t widths[COLUMNS],
                      const struct ds_ladder_style *style,
                      enum ds_colour colour)
{
    struct ds_buf line = {0}, cut = {0};
    for (size_t i = 0; i < COLUMNS; i++) {
        bool right = i == NUMBER || i == SETUP || i == LOSS;
        ds_buf_text(&line, i == 0 ? "" : "  ");
        print_cell(&line, &row->cells[i], widths[i], right);
    }
    ds_print_cut(&cut, ds_buf_slice(&line), style->width);
    ds_paint(out, style->colour, colour, cut.at == NULL ? "" : cut.at);
    ds_buf_text(out, "\n");
    out->broken |= line.broken || cut.broken;
    ds_buf_clean_up(&line);
    ds_buf_clean_up(&cut);
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

static void
print_titles(const size_t widths[COLUMNS], const struct ds_ladder_style *style, struct ds_buf *out)
{
    struct row row = {0};
    for (size_t i = 0; i < COLUMNS; i++)
        ds_buf_text(&row.cells[i], columns[i].title);
    print_row(out, &row, widths, style, DS_FAINT);
    clean_up(&row, out);
}

static void measure(struct ds_calls_table *table, const struct ds_trace *trace, struct ds_buf *out)
{
    struct row row;
    for (size_t i = 0; i < COLUMNS; i++)
        if (table->widths[i] < strlen(columns[i].title))
            table->widths[i] = strlen(columns[i].title);
    for (size_t i = 0; i < trace->call_count; i++) {
        fill(&row, trace, &trace->calls[i]);
        widen(&row, table->widths);
        clean_up(&row, out);
    }
}

void ds_calls_print(struct ds_calls_table *table,
                    const struct ds_trace *trace,
                    const struct ds_ladder_style *style,
                    struct ds_buf *out)
{
    size_t widths[COLUMNS];
    bool is_first = table->widths[NUMBER] == 0;
    if (trace->call_count == 0)
        return;
    measure(table, trace, out);
    memcpy(widths, table->widths, sizeof widths);
    narrow(widths, style->width);
    if (is_first)
        print_titles(widths, style, out);
    for (size_t i = 0; i < trace->call_count; i++) {
        struct row row;
        fill(&row, trace, &trace->calls[i]);
        print_row(out, &row, widths, style, colour_of(&trace->calls[i]));
        clean_up(&row, out);
    }
}
