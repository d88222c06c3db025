#include "report_internal.h"

#include <string.h>

/* The ladder of a call: one line an arrow, in the notation scenarios are written in. */

struct columns {
    size_t from, to;
};

struct ds_addr_text ds_place_name(const struct ds_topo_node *node, struct ds_addr at)
{
    struct ds_addr_text text;
    if (node == NULL)
        return ds_addr_text(at);
    ds_slice_copy(ds_slice_of(node->name), text.text, sizeof text.text);
    return text;
}

static void widen(struct columns *columns, const struct ds_event *event)
{
    size_t from = strlen(ds_place_name(event->from_node, event->from).text);
    size_t to = strlen(ds_place_name(event->to_node, event->to).text);
    if (from > columns->from)
        columns->from = from;
    if (to > columns->to)
        columns->to = to;
}

/* Legs are told apart by colour. */
const char *ds_leg_colour(const struct ds_call *call, const struct ds_leg *leg)
{
    static const char *const colours[] = {"\033[36m", "\033[35m", "\033[33m", "\033[34m",
                                          "\033[32m"};
    for (size_t i = 0; call != NULL && i < call->leg_count; i++)
        if (call->legs[i] == leg)
            return colours[i % DS_COUNT(colours)];
    return "";
}

static void print_event(const struct ds_event *event,
                        const struct columns *columns,
                        int64_t since,
                        const struct ds_ladder_style *style,
                        struct ds_buf *out)
{
    char label[256];
    struct ds_buf line = {0};
    ds_event_label(event, label, sizeof label);
    if (style->numbers)
        ds_buf_print(&line, "  #%-5u %8.3f  ", event->frame, (double)(event->at - since) / 1e6);
    else
        ds_buf_text(&line, "  ");
    ds_buf_print(&line, "%-*s -> %-*s : ", (int)columns->from,
                 ds_place_name(event->from_node, event->from).text, (int)columns->to,
                 ds_place_name(event->to_node, event->to).text);
    ds_print_safe(&line, ds_slice_of(label));
    if (event->retransmission)
        ds_buf_text(&line, " (again)");
    ds_print_cut(out, ds_buf_slice(&line), style->width);
    out->broken |= line.broken;
    ds_buf_clean_up(&line);
}

void ds_ladder_title(const struct ds_trace *trace, const struct ds_call *call, struct ds_buf *out)
{
    static const char *const outcomes[] = {[DS_UNANSWERED] = "was not answered",
                                           [DS_ANSWERED] = "was answered",
                                           [DS_REFUSED] = "was refused",
                                           [DS_CANCELLED] = "was cancelled"};
    ds_buf_print(out, "Call %zu  ", ds_call_number(trace, call));
    ds_print_safe(out, ds_slice_of(call->from_number));
    ds_buf_text(out, " -> ");
    ds_print_safe(out, ds_slice_of(call->to_number));
    ds_buf_print(out, "  %s", outcomes[call->outcome]);
    if (call->answered_at >= 0)
        ds_buf_print(out, " after %.3f s", (double)(call->answered_at - call->began_at) / 1e6);
    else if (call->final_status > 0)
        ds_buf_print(out, " with %d", call->final_status);
    if (call->bye != NULL)
        ds_buf_print(out, ", cleared by %s after %.3f s",
                     ds_place_name(call->bye->from_node, call->bye->from).text,
                     (double)(call->bye->at - call->began_at) / 1e6);
    if (call->continues != NULL)
        ds_buf_print(out, ", after the transfer of call %zu",
                     ds_call_number(trace, call->continues));
    if (call->replaces != NULL)
        ds_buf_print(out, ", in the place of call %zu",
                     ds_call_number(trace, call->replaces->call));
    if (call->ambiguous) {
        ds_buf_text(out, "  (ambiguous: ");
        ds_print_safe(out, ds_slice_of(ds_text(call->remark)));
        ds_buf_text(out, ")");
    }
    ds_buf_text(out, "\n");
}

void ds_ladder_print(const struct ds_trace *trace,
                     const struct ds_call *call,
                     const struct ds_ladder_style *style,
                     struct ds_buf *out)
{
    struct columns columns = {0};
    for (size_t i = 0; i < call->event_count; i++)
        widen(&columns, call->events[i]);
    ds_ladder_title(trace, call, out);
    for (size_t i = 0; i < call->event_count; i++) {
        const char *colour = style->colour ? ds_leg_colour(call, call->events[i]->leg) : "";
        ds_buf_text(out, colour);
        print_event(call->events[i], &columns, call->began_at, style, out);
        ds_buf_text(out, colour[0] == '\0' ? "\n" : "\033[0m\n");
    }
    if (style->media)
        ds_ladder_media(trace, call, style, out);
}

void ds_ladder_print_rest(const struct ds_trace *trace,
                          const struct ds_ladder_style *style,
                          struct ds_buf *out)
{
    for (size_t i = 0; i < trace->leg_count; i++) {
        const struct ds_leg *leg = &trace->legs[i];
        struct columns columns = {0};
        if (leg->call != NULL || leg->event_count == 0)
            continue;
        for (size_t k = 0; k < leg->event_count; k++)
            widen(&columns, leg->events[k]);
        ds_buf_text(out, "Outside calls  ");
        ds_print_safe(out, leg->call_id);
        ds_buf_text(out, "\n");
        for (size_t k = 0; k < leg->event_count; k++) {
            print_event(leg->events[k], &columns, 0, style, out);
            ds_buf_text(out, "\n");
        }
    }
}
