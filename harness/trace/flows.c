#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

#define LEAST_IN_SEQUENCE 2 /* three packets, each with the number after the last one's */
#define LEAST_FAR_FROM_HOME                                                                        \
    20 /* the same where a port is odd, as translators of addresses leave it */
#define LAST_STATIC_TYPE 34
#define FIRST_DYNAMIC    96
#define FIRST_USER_PORT  1024

/* ---- is it RTP? ---- */

static bool is_announced(const struct ds_reading *reading, struct ds_addr at)
{
    return ds_trace_map_get(&reading->announced, DS_KEY(at)) != NULL;
}

static bool has_likely_ports(const struct ds_flow *flow)
{
    return flow->from.port >= FIRST_USER_PORT && flow->to.port >= FIRST_USER_PORT;
}

/* RFC 3550 11: even ports, unless something between changed them. */
static uint32_t least_in_sequence(const struct ds_flow *flow)
{
    bool even = flow->from.port % 2 == 0 && flow->to.port % 2 == 0;
    return even ? LEAST_IN_SEQUENCE : LEAST_FAR_FROM_HOME;
}

/* RFC 3551 has no payload type between the static and the dynamic ones. */
static bool has_likely_types(const struct ds_flow *flow)
{
    for (size_t type = LAST_STATIC_TYPE + 1; type < FIRST_DYNAMIC; type++)
        if (flow->payload_packets[type] != 0)
            return false;
    return true;
}

/* Without SDP, a stream is known by how it behaves. */
static bool is_rtp(const struct ds_reading *reading, const struct ds_trace_candidate *candidate)
{
    const struct ds_flow *flow = &candidate->flow;
    if (is_announced(reading, flow->to) || is_announced(reading, flow->from))
        return true;
    return candidate->in_sequence >= least_in_sequence(flow) && has_likely_ports(flow) &&
           has_likely_types(flow);
}

/* ---- whose is it? ---- */

static void announce_events(struct ds_reading *reading)
{
    const struct ds_trace *trace = reading->trace;
    for (size_t i = 0; i < trace->event_count; i++) {
        const struct ds_event *event = &trace->events[i];
        if (event->sdp != NULL && event->leg->call != NULL)
            ds_trace_announce(reading, event->sdp, event);
    }
}

const struct ds_event *
ds_trace_announced(const struct ds_reading *reading, struct ds_addr at, uint32_t frame)
{
    const struct ds_trace_announcement *known = ds_trace_map_get(&reading->announced, DS_KEY(at));
    if (known == NULL || known->events.count == 0)
        return NULL;
    const struct ds_event *const *events = known->events.at;
    size_t low = 0, high = known->events.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (events[middle]->frame <= frame)
            low = middle + 1;
        else
            high = middle;
    }
    return events[low == 0 ? 0 : low - 1];
}

/* Four bytes of another codec may look like an event; its SDP knows better. */
static void forget_false_digits(struct ds_flow *flow)
{
    struct ds_slice encoding = ds_trace_encoding(flow, flow->event_payload_type);
    if (encoding.len == 0 || ds_slice_equal_nocase(encoding, DS_LITERAL("telephone-event")))
        return;
    memset(flow->digits, 0, sizeof flow->digits);
    memset(flow->digit_ends, 0, sizeof flow->digit_ends);
    memset(flow->digit_samples, 0, sizeof flow->digit_samples);
    flow->event_payload_type = 0;
}

static void relate(struct ds_reading *reading, struct ds_flow *flow, uint32_t step)
{
    const struct ds_topo *topo = reading->trace->topo;
    flow->announced_to = ds_trace_announced(reading, flow->to, flow->first_frame);
    flow->announced_from = ds_trace_announced(reading, flow->from, flow->first_frame);
    const struct ds_event *said =
        flow->announced_to != NULL ? flow->announced_to : flow->announced_from;
    flow->call = said == NULL ? NULL : said->leg->call;
    ds_trace_rtcp_relate(reading, flow);
    const struct ds_trace_way way = {flow->from, flow->to};
    const struct ds_srtp_seen *srtp = ds_trace_srtp_seen(reading, &way, flow->ssrc);
    if (srtp != NULL)
        flow->srtp = *srtp;
    flow->tone_hz = flow->ear.samples == 0 ? 0 : ds_ear_tone(&flow->ear);
    if (topo != NULL) {
        flow->from_node = ds_topo_at(topo, flow->from);
        flow->to_node = ds_topo_at(topo, flow->to);
        flow->talker = flow->tone_hz == 0 ? NULL : ds_topo_talker(topo, flow->tone_hz);
    }
    forget_false_digits(flow);
    ds_trace_quality(reading, flow, step);
}

/* ---- into the trace ---- */

static void publish(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    struct ds_trace_candidate **candidates = reading->candidates.at;
    size_t count = 0;
    for (size_t i = 0; i < reading->candidates.count; i++)
        count += is_rtp(reading, candidates[i]);
    trace->flows = ds_reading_alloc(reading, count * sizeof *trace->flows);
    if (trace->flows == NULL)
        return;
    for (size_t i = 0; i < reading->candidates.count; i++) {
        if (!is_rtp(reading, candidates[i]))
            continue;
        candidates[i]->published = &trace->flows[trace->flow_count++];
        *candidates[i]->published = candidates[i]->flow;
        relate(reading, candidates[i]->published, candidates[i]->step);
    }
}

/* There may be millions: they stay where they are, less those that were no RTP. */
static void publish_packets(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    struct ds_rtp_seen *seen = reading->packets.at;
    size_t count = 0;
    if (seen == NULL)
        return;
    for (size_t i = 0; i < reading->packets.count; i++) {
        struct ds_flow *published =
            DS_OWNER(seen[i].flow, struct ds_trace_candidate, flow)->published;
        if (published == NULL)
            continue;
        seen[count] = seen[i];
        seen[count++].flow = published;
    }
    if (!ds_arena_at_end(reading->arena, free, seen)) {
        reading->out_of_memory = true;
        return;
    }
    reading->packets = (struct ds_trace_array){0};
    trace->rtp = seen;
    trace->rtp_count = count;
}

static void give_to_calls(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    struct ds_flow **room = ds_reading_alloc(reading, trace->flow_count * sizeof(struct ds_flow *));
    if (room == NULL)
        return;
    for (size_t i = 0; i < trace->flow_count; i++)
        if (trace->flows[i].call != NULL)
            trace->flows[i].call->flow_count++;
    for (size_t i = 0; i < trace->call_count; i++) {
        trace->calls[i].flows = room;
        room += trace->calls[i].flow_count;
        trace->calls[i].flow_count = 0;
    }
    for (size_t i = 0; i < trace->flow_count; i++) {
        struct ds_call *call = trace->flows[i].call;
        if (call != NULL)
            call->flows[call->flow_count++] = &trace->flows[i];
    }
}

void ds_trace_flows(struct ds_reading *reading)
{
    announce_events(reading);
    if (!reading->out_of_memory)
        ds_trace_faxes(reading);
    if (!reading->out_of_memory)
        publish(reading);
    if (!reading->out_of_memory)
        publish_packets(reading);
    if (!reading->out_of_memory)
        give_to_calls(reading);
}
