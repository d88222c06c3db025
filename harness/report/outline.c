#include "report_internal.h"

#include <stdlib.h>
#include <string.h>

/*
 * What a capture shows, times aside, so that two worlds can be compared: under a heading for each
 * call and each two elements the messages between them in their order, leg by leg, and who sent
 * audio to whom. Left out is what time decides: 100, what is sent again, polls, which of two hops
 * was first, and which of two legs between the same two elements.
 */

struct arrow {
    size_t call;            /* 1 is the first; 0: a registration */
    const char *low, *high; /* the two elements, in order of their names */
    const struct ds_event *event;
};

struct arrows {
    struct arrow *list; /* owned */
    size_t count;
};

/* A stranger's address says nothing, for its port is another each time. */
static const char *element(const struct ds_topo_node *node)
{
    return node == NULL ? "a stranger" : node->name;
}

static bool is_left_out(const struct ds_event *event)
{
    bool trying = !ds_msg_is_request(event->msg) && ds_msg_status(event->msg) == 100;
    return trying || event->retransmission;
}

static void add(struct arrows *arrows, size_t call, const struct ds_event *event)
{
    const char *from = element(event->from_node), *to = element(event->to_node);
    bool is_in_order = strcmp(from, to) <= 0;
    if (!is_left_out(event))
        arrows->list[arrows->count++] = (struct arrow){.call = call,
                                                       .low = is_in_order ? from : to,
                                                       .high = is_in_order ? to : from,
                                                       .event = event};
}

static void gather(const struct ds_trace *trace, struct arrows *arrows)
{
    for (size_t i = 0; i < trace->leg_count; i++) {
        const struct ds_leg *leg = &trace->legs[i];
        bool registers = leg->event_count > 0 && ds_msg_method_is(leg->events[0]->msg, "REGISTER");
        for (size_t k = 0; leg->call == NULL && registers && k < leg->event_count; k++)
            add(arrows, 0, leg->events[k]);
    }
    for (size_t i = 0; i < trace->call_count; i++)
        for (size_t k = 0; k < trace->calls[i].event_count; k++)
            add(arrows, i + 1, trace->calls[i].events[k]);
}

static int compare_headings(const struct arrow *a, const struct arrow *b)
{
    if (a->call != b->call)
        return a->call < b->call ? -1 : 1;
    int by_low = strcmp(a->low, b->low);
    return by_low != 0 ? by_low : strcmp(a->high, b->high);
}

static int compare_arrows(const void *one, const void *other)
{
    const struct arrow *a = one, *b = other;
    int by_heading = compare_headings(a, b);
    if (by_heading != 0)
        return by_heading;
    if (a->event->leg != b->event->leg)
        return a->event->leg < b->event->leg ? -1 : 1;
    return a->event < b->event ? -1 : a->event > b->event;
}

static void print_heading(const struct arrow *arrow, struct ds_buf *out)
{
    if (arrow->call == 0)
        ds_buf_text(out, "registrations");
    else
        ds_buf_print(out, "call %zu", arrow->call);
    ds_buf_print(out, ", %s and %s\n", arrow->low, arrow->high);
}

static void print_arrow(const struct arrow *arrow, struct ds_buf *out)
{
    char label[256];
    ds_event_label(arrow->event, label, sizeof label);
    ds_buf_print(out, "  %s -> %s : ", element(arrow->event->from_node),
                 element(arrow->event->to_node));
    ds_print_safe(out, ds_slice_of(label));
    ds_buf_text(out, "\n");
}

static void print_messages(const struct ds_trace *trace, struct ds_buf *out)
{
    struct arrows arrows = {.list = calloc(trace->event_count + 1, sizeof(struct arrow))};
    if (arrows.list == NULL) {
        out->broken = true;
        return;
    }
    gather(trace, &arrows);
    qsort(arrows.list, arrows.count, sizeof *arrows.list, compare_arrows);
    for (size_t i = 0; i < arrows.count; i++) {
        if (i == 0 || compare_headings(&arrows.list[i - 1], &arrows.list[i]) != 0)
            print_heading(&arrows.list[i], out);
        print_arrow(&arrows.list[i], out);
    }
    free(arrows.list);
}

/* ---- audio ---- */

static int compare_ways(const void *one, const void *other)
{
    const struct ds_flow *a = *(const struct ds_flow *const *)one;
    const struct ds_flow *b = *(const struct ds_flow *const *)other;
    int by_from = strcmp(element(a->from_node), element(b->from_node));
    int by_to = strcmp(element(a->to_node), element(b->to_node));
    return by_from != 0 ? by_from : by_to != 0 ? by_to : strcmp(ds_flow_codec(a), ds_flow_codec(b));
}

static void print_ways(const struct ds_trace *trace, struct ds_buf *out)
{
    const struct ds_flow **flows = calloc(trace->flow_count + 1, sizeof(const struct ds_flow *));
    if (flows == NULL) {
        out->broken = true;
        return;
    }
    for (size_t i = 0; i < trace->flow_count; i++)
        flows[i] = &trace->flows[i];
    qsort(flows, trace->flow_count, sizeof(const struct ds_flow *), compare_ways);
    if (trace->flow_count > 0)
        ds_buf_text(out, "audio\n");
    for (size_t i = 0; i < trace->flow_count; i++)
        if (i == 0 || compare_ways(&flows[i - 1], &flows[i]) != 0)
            ds_buf_print(out, "  %s -> %s : %s\n", element(flows[i]->from_node),
                         element(flows[i]->to_node), ds_flow_codec(flows[i]));
    free(flows);
}

void ds_outline_print(const struct ds_trace *trace, struct ds_buf *out)
{
    print_messages(trace, out);
    print_ways(trace, out);
}
