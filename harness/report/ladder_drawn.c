#include "report_internal.h"

#include <string.h>

/* The ladder as a drawing: a line for each element, and between them an arrow for each message, as
 * wide as the terminal. Below it the same with the audio. */

#define MOST_SPACING   28
#define INSIDE_SPACING 17 /* room for "─ INVITE SDP ──▶" */
#define LEAST_SPACING  5
#define GUTTER         17 /* "#41      0.912  " */
#define BESIDE         20 /* "INVITE SDP (again)" */

struct drawing {
    const struct ds_call *call;
    const struct ds_ladder_style *style;
    struct ds_lifelines lines;
    size_t spacing; /* from line to line */
    size_t gutter;  /* for frames and times; 0 where there is no room for them */
    size_t beside;  /* for what messages say; 0: it stands in the arrows */
    struct ds_buf *out;
};

static void repeat(struct ds_buf *out, const char *what, size_t times)
{
    for (size_t i = 0; i < times; i++)
        ds_buf_text(out, what);
}

/* Words in the arrows are best; beside them they take less room; without frames and times less
 * again. */
static bool lay_out(struct drawing *drawing)
{
    static const struct {
        size_t gutter, beside, least;
    } ways[] = {{GUTTER, 0, INSIDE_SPACING},
                {GUTTER, BESIDE, LEAST_SPACING},
                {0, 0, INSIDE_SPACING},
                {0, BESIDE, LEAST_SPACING}};

    size_t width = drawing->style->width, count = drawing->lines.count;
    for (size_t i = 0; i < DS_COUNT(ways) && count > 0 && !drawing->lines.more; i++) {
        size_t taken = ways[i].gutter + ways[i].beside;
        size_t spacing = width > taken ? (width - taken) / count : 0;
        if (spacing < ways[i].least || (ways[i].gutter > 0 && !drawing->style->numbers))
            continue;
        drawing->gutter = ways[i].gutter;
        drawing->beside = ways[i].beside;
        drawing->spacing = spacing < MOST_SPACING ? spacing : MOST_SPACING;
        return true;
    }
    return false;
}

/* Every `step`-th name from the first, each in the middle of its line. */
static void draw_some_names(const struct drawing *drawing, size_t first, size_t step)
{
    size_t at = 0, room = drawing->style->width - drawing->gutter;
    repeat(drawing->out, " ", drawing->gutter);
    for (size_t i = first; i < drawing->lines.count; i += step) {
        struct ds_buf name = {0};
        ds_print_cut(&name, ds_slice_of(ds_lifeline_name(&drawing->lines, i).text),
                     drawing->spacing * step - 1);
        size_t used = ds_columns(ds_buf_slice(&name));
        size_t middle = drawing->spacing / 2 + i * drawing->spacing;
        size_t start = middle > at + used / 2 ? middle - used / 2 : at;
        if (start + used > room && room >= at + used)
            start = room - used;
        repeat(drawing->out, " ", start - at);
        ds_move(drawing->out, &name);
        at = start + used;
    }
    ds_buf_text(drawing->out, "\n");
}

/* In two rows, where one is too narrow for them. */
static void draw_names(const struct drawing *drawing)
{
    size_t longest = 0;
    for (size_t i = 0; i < drawing->lines.count; i++) {
        size_t used = ds_columns(ds_slice_of(ds_lifeline_name(&drawing->lines, i).text));
        longest = used > longest ? used : longest;
    }
    size_t rows = longest < drawing->spacing ? 1 : 2;
    for (size_t i = 0; i < rows; i++)
        draw_some_names(drawing, i, rows);
}

/* What an arrow is made of. */
struct pen {
    const char *line, *left, *right; /* "─", "◀", "▶"; "" for no head */
    const char *colour;              /* "" for none */
};

/* An arrow with its label, of so many columns: "─ INVITE SDP ─────▶". */
static void
draw_arrow(struct ds_buf *out, const struct pen *pen, struct ds_slice label, size_t width)
{
    struct ds_buf cut = {0};
    bool has_left = pen->left[0] != '\0', has_right = pen->right[0] != '\0';
    size_t inside = width - (has_left ? 1 : 0) - (has_right ? 1 : 0);
    ds_print_cut(&cut, label, inside - 4);
    size_t used = ds_columns(ds_buf_slice(&cut)) + 2, before = has_left ? inside - used - 1 : 1;
    ds_buf_text(out, pen->colour);
    ds_buf_text(out, pen->left);
    repeat(out, pen->line, before);
    ds_buf_text(out, " ");
    ds_move(out, &cut);
    ds_buf_text(out, " ");
    repeat(out, pen->line, inside - used - before);
    ds_buf_text(out, pen->right);
    ds_buf_text(out, pen->colour[0] == '\0' ? "" : "\033[0m");
}

static void draw_bare_arrow(struct ds_buf *out, const struct pen *pen, size_t width)
{
    size_t heads = (pen->left[0] != '\0' ? 1 : 0) + (pen->right[0] != '\0' ? 1 : 0);
    ds_buf_text(out, pen->colour);
    ds_buf_text(out, pen->left);
    repeat(out, pen->line, width - heads);
    ds_buf_text(out, pen->right);
    ds_buf_text(out, pen->colour[0] == '\0' ? "" : "\033[0m");
}

static void draw_words(const struct drawing *drawing, const struct pen *pen, struct ds_slice label)
{
    repeat(drawing->out, " ", drawing->spacing / 2);
    ds_buf_text(drawing->out, pen->colour);
    ds_print_cut(drawing->out, label, drawing->beside - 1);
    ds_buf_text(drawing->out, pen->colour[0] == '\0' ? "" : "\033[0m");
}

/* A row of the drawing from one line to another; they are not the same. */
static void draw_row(const struct drawing *drawing,
                     int from,
                     int to,
                     const struct pen *pen,
                     struct ds_slice label)
{
    struct ds_buf *out = drawing->out;
    size_t first = (size_t)(from < to ? from : to), last = (size_t)(from < to ? to : from);
    size_t width = (last - first) * drawing->spacing - 1;
    repeat(out, " ", drawing->spacing / 2);
    for (size_t i = 0; i < drawing->lines.count; i++) {
        ds_buf_text(out, "│");
        if (i == first) {
            if (drawing->beside > 0)
                draw_bare_arrow(out, pen, width);
            else
                draw_arrow(out, pen, label, width);
            i = last - 1;
        } else if (i + 1 < drawing->lines.count) {
            repeat(out, " ", drawing->spacing - 1);
        }
    }
    if (drawing->beside > 0)
        draw_words(drawing, pen, label);
    ds_buf_text(out, "\n");
}

/* The number gives way first: "INVITE +15550142 SDP" becomes "INVITE SDP". */
static void fit_label(const struct ds_event *event, size_t columns, struct ds_buf *out)
{
    char label[256];
    ds_event_label(event, label, sizeof label);
    ds_print_safe(out, ds_slice_of(label));
    if (event->retransmission)
        ds_buf_text(out, " (again)");
    if (ds_columns(ds_buf_slice(out)) <= columns || !ds_msg_is_request(event->msg))
        return;
    bool has_sdp = event->sdp != NULL || event->gateway_sdp != NULL;
    ds_buf_clean_up(out);
    ds_print_safe(out, ds_msg_method(event->msg));
    ds_buf_text(out, has_sdp ? " SDP" : "");
    ds_buf_text(out, event->retransmission ? " (again)" : "");
}

static void draw_gutter(const struct drawing *drawing, const struct ds_event *event)
{
    if (drawing->gutter > 0)
        ds_buf_print(drawing->out, "#%-6u %8.3f ", event->frame,
                     (double)(event->at - drawing->call->began_at) / 1e6);
}

/* To itself, or between programs that the drawing does not tell apart. */
static void draw_on_one(const struct drawing *drawing, int at, struct ds_slice label)
{
    struct ds_buf line = {0};
    size_t used = drawing->spacing / 2 + (size_t)at * drawing->spacing;
    repeat(&line, " ", drawing->spacing / 2);
    for (int i = 0; i < at; i++) {
        ds_buf_text(&line, "│");
        repeat(&line, " ", drawing->spacing - 1);
    }
    ds_buf_text(&line, "│ ");
    ds_buf_add(&line, label);
    size_t room = drawing->spacing * drawing->lines.count + drawing->beside;
    ds_print_cut(drawing->out, ds_buf_slice(&line), room > used ? room : used);
    ds_buf_text(drawing->out, "\n");
    drawing->out->broken |= line.broken;
    ds_buf_clean_up(&line);
}

static void draw_event(const struct drawing *drawing, const struct ds_event *event)
{
    int from = ds_lifeline_of(&drawing->lines, (struct ds_place){event->from_node, event->from});
    int to = ds_lifeline_of(&drawing->lines, (struct ds_place){event->to_node, event->to});
    const struct pen pen = {
        .line = event->retransmission ? "╌" : "─",
        .left = to < from ? "◀" : "",
        .right = to < from ? "" : "▶",
        .colour = drawing->style->colour ? ds_leg_colour(drawing->call, event->leg) : ""};
    struct ds_buf label = {0};
    size_t apart = from == to ? 1 : (size_t)(from < to ? to - from : from - to);
    fit_label(event, drawing->beside > 0 ? drawing->beside - 1 : apart * drawing->spacing - 6,
              &label);
    draw_gutter(drawing, event);
    if (from == to)
        draw_on_one(drawing, from, ds_buf_slice(&label));
    else
        draw_row(drawing, from, to, &pen, ds_buf_slice(&label));
    drawing->out->broken |= label.broken;
    ds_buf_clean_up(&label);
}

/* Media between two lines; those of other machines are told in words below. */
static void draw_media_row(const struct drawing *drawing,
                           struct ds_place one,
                           struct ds_place other,
                           bool both,
                           const char *label)
{
    int from = ds_lifeline_of(&drawing->lines, one), to = ds_lifeline_of(&drawing->lines, other);
    if (from < 0 || to < 0 || from == to)
        return;
    const struct pen pen = {.line = "═",
                            .left = both || to < from ? "◀" : "",
                            .right = both || from < to ? "▶" : "",
                            .colour = ""};
    repeat(drawing->out, " ", drawing->gutter);
    draw_row(drawing, from, to, &pen, ds_slice_of(label));
}

static void draw_media(const struct drawing *drawing, const struct ds_trace *trace)
{
    struct ds_pairs pairs;
    ds_pairs_find(drawing->call, &pairs);
    for (size_t i = 0; i < pairs.count; i++) {
        const struct ds_flow *there = pairs.list[i].there;
        draw_media_row(drawing, (struct ds_place){there->from_node, there->from},
                       (struct ds_place){there->to_node, there->to}, pairs.list[i].back != NULL,
                       ds_flow_codec(there));
    }
    for (size_t i = 0; i < trace->fax_count; i++) {
        const struct ds_fax_seen *fax = &trace->faxes[i];
        if (fax->call == drawing->call)
            draw_media_row(drawing, (struct ds_place){fax->from_node, fax->from},
                           (struct ds_place){fax->to_node, fax->to}, false, "T.38");
    }
}

bool ds_ladder_draw(const struct ds_trace *trace,
                    const struct ds_call *call,
                    const struct ds_ladder_style *style,
                    struct ds_buf *out)
{
    struct drawing drawing = {.call = call, .style = style, .out = out};
    ds_lifelines_find(call, &drawing.lines);
    if (!lay_out(&drawing))
        return false;
    ds_ladder_title(trace, call, out);
    draw_names(&drawing);
    for (size_t i = 0; i < call->event_count; i++)
        draw_event(&drawing, call->events[i]);
    if (style->media) {
        draw_media(&drawing, trace);
        ds_ladder_media(trace, call, style, out);
    }
    return true;
}
