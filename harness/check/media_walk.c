#include "check_internal.h"

#include <stdio.h>

/* One pass over all packets of RTP, for the rules that ask about each; and sums over flows. */

#define CLEAR_GRACE_US 100000 /* packets may be on their way when the BYE is sent */

/* When a leg was cleared: its BYE answered, which whoever answers does no earlier than hearing of
 * it. A leg that never was is another rule's business. */
static int64_t cleared_at(const struct ds_event *description)
{
    const struct ds_leg *leg = description == NULL ? NULL : description->leg;
    bool asked = false;
    for (size_t i = 0; leg != NULL && i < leg->event_count; i++) {
        const struct ds_event *event = leg->events[i];
        if (!ds_msg_method_is(event->msg, "BYE"))
            continue;
        if (asked && !ds_msg_is_request(event->msg) && ds_msg_status(event->msg) >= 200)
            return event->at;
        asked = true;
    }
    return leg == NULL ? INT64_MIN : INT64_MAX;
}

/* Both ends' legs count: each stops when it hears of the end, and with bypass the two hear on
 * different legs. */
static int64_t flow_end(const struct ds_flow *flow)
{
    int64_t to = cleared_at(flow->announced_to), from = cleared_at(flow->announced_from);
    int64_t end = to > from ? to : from;
    return end == INT64_MIN ? INT64_MAX : end;
}

static void note_late(struct ds_subject *subject, const struct ds_rtp_seen *seen, int64_t end)
{
    if (end == INT64_MAX || seen->at <= end + CLEAR_GRACE_US)
        return;
    if (subject->late_packets++ == 0)
        subject->late_frame = seen->frame;
}

static void note_pause(int64_t *longest, int64_t *last, int64_t at)
{
    if (at - *last > *longest)
        *longest = at - *last;
    *last = at;
}

bool ds_media_walk(struct ds_judge *judge, struct ds_arena *arena)
{
    const struct ds_trace *trace = judge->trace;
    int64_t *ends = ds_arena_alloc(arena, (trace->flow_count + 1) * sizeof *ends);
    int64_t *last = ds_arena_alloc(arena, (trace->flow_count + 1) * sizeof *last);
    judge->pauses = ds_arena_alloc(arena, (trace->flow_count + 1) * sizeof *judge->pauses);
    if (ends == NULL || last == NULL || judge->pauses == NULL)
        return false;
    for (size_t i = 0; i < trace->flow_count; i++) {
        ends[i] = flow_end(&trace->flows[i]);
        last[i] = trace->flows[i].first_at;
        judge->pauses[i] = 0;
    }
    for (size_t i = 0; i < trace->rtp_count; i++) {
        const struct ds_rtp_seen *seen = &trace->rtp[i];
        const struct ds_flow *flow = seen->flow;
        note_pause(&judge->pauses[flow - trace->flows], &last[flow - trace->flows], seen->at);
        if (flow->call != NULL)
            note_late(&judge->subjects[flow->call - trace->calls], seen, ends[flow - trace->flows]);
    }
    return true;
}

uint64_t ds_call_packets(const struct ds_call *call,
                         const struct ds_topo_node *from,
                         const struct ds_topo_node *to)
{
    uint64_t packets = 0;
    for (size_t i = 0; i < call->flow_count; i++)
        if (from != NULL && call->flows[i]->from_node == from && call->flows[i]->to_node == to)
            packets += call->flows[i]->packets;
    return packets;
}

const struct ds_flow *ds_call_flow_at(const struct ds_call *call, const struct ds_topo_node *node)
{
    for (size_t i = 0; i < call->flow_count && node != NULL; i++)
        if (call->flows[i]->from_node == node || call->flows[i]->to_node == node)
            return call->flows[i];
    return NULL;
}

static void name_end(const struct ds_topo_node *node, struct ds_addr at, char *out, size_t size)
{
    struct ds_addr_text text = ds_addr_text(at);
    if (node == NULL)
        snprintf(out, size, "%s", text.text);
    else
        snprintf(out, size, "%s (%s)", node->name, text.text);
}

void ds_flow_text(const struct ds_flow *flow, char *out, size_t size)
{
    char from[96], to[96];
    name_end(flow->from_node, flow->from, from, sizeof from);
    name_end(flow->to_node, flow->to, to, sizeof to);
    snprintf(out, size, "%llu RTP packets from %s to %s, first in frame %u",
             (unsigned long long)flow->packets, from, to, flow->first_frame);
}
