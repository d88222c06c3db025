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

/* Those of a call that is told, or that goes on: of the latter no leg is known here. */
static void announce(struct ds_reading *reading, const struct ds_event *event)
{
    if (event->sdp != NULL && (event->leg == NULL || event->leg->call != NULL))
        ds_trace_announce(reading, event->sdp, event);
}

/* In order of frames, of the part and of what is carried over. */
static void announce_events(struct ds_reading *reading)
{
    const struct ds_trace *trace = reading->trace;
    const struct ds_event *told = trace->events, *carried = reading->events.at;
    size_t i = 0, k = 0;
    while (i < trace->event_count || k < reading->events.count) {
        bool is_told = k == reading->events.count ||
                       (i < trace->event_count && told[i].frame <= carried[k].frame);
        announce(reading, is_told ? &told[i++] : &carried[k++]);
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

static const struct ds_event *find_announcements(const struct ds_reading *reading,
                                                 struct ds_flow *flow)
{
    flow->announced_to = ds_trace_announced(reading, flow->to, flow->first_frame);
    flow->announced_from = ds_trace_announced(reading, flow->from, flow->first_frame);
    return flow->announced_to != NULL ? flow->announced_to : flow->announced_from;
}

/* What is known of it besides its own packets. */
static void collect(struct ds_reading *reading, struct ds_flow *flow)
{
    const struct ds_trace_way way = {flow->from, flow->to};
    const struct ds_srtp_seen *srtp = ds_trace_srtp_seen(reading, &way, flow->ssrc);
    ds_trace_rtcp_relate(reading, flow);
    if (srtp != NULL)
        flow->srtp = *srtp;
}

static void relate(struct ds_reading *reading, const struct ds_trace_candidate *candidate)
{
    struct ds_flow *flow = candidate->published;
    const struct ds_topo *topo = reading->trace->topo;
    const struct ds_event *said = find_announcements(reading, flow);
    flow->call = said == NULL || said->leg == NULL
                     ? NULL
                     : ds_trace_call_of(reading->trace, flow, said->leg->call);
    collect(reading, flow);
    if (candidate->ear != NULL && candidate->ear->samples > 0)
        flow->tone_hz = ds_ear_tone(candidate->ear);
    if (topo != NULL) {
        flow->from_node = ds_topo_at(topo, flow->from);
        flow->to_node = ds_topo_at(topo, flow->to);
        flow->talker = flow->tone_hz == 0 ? NULL : ds_topo_talker(topo, flow->tone_hz);
        ds_trace_voices(reading, candidate->ear, flow);
    }
    forget_false_digits(flow);
    ds_trace_quality(reading, flow, candidate->step);
}

/* ---- what becomes of it ---- */

static enum ds_trace_fate fate_of(struct ds_reading *reading, struct ds_trace_candidate *candidate)
{
    struct ds_flow *flow = &candidate->flow;
    enum ds_trace_fate fate =
        ds_trace_fate_of(reading, find_announcements(reading, flow), flow->last_at);
    if (fate == DS_FATE_KEPT)
        collect(reading, flow);
    flow->announced_to = flow->announced_from = NULL;
    return fate == DS_FATE_TOLD && !is_rtp(reading, candidate) ? DS_FATE_DROPPED : fate;
}

static void decide(struct ds_reading *reading)
{
    struct ds_trace_candidate **candidates = reading->candidates.items.at;
    size_t told = 0;
    for (size_t i = 0; i < reading->candidates.items.count; i++) {
        candidates[i]->fate = fate_of(reading, candidates[i]);
        told += candidates[i]->fate == DS_FATE_TOLD;
    }
    struct ds_trace_array flows = {0}; /* each is written whole, so that nothing need be cleared */
    if (!ds_trace_array_reserve(&flows, sizeof(struct ds_flow), told))
        reading->out_of_memory = true;
    reading->trace->flows = flows.at;
    if (!ds_trace_array_hand_over(&flows, reading->arena)) {
        ds_trace_array_clean_up(&flows);
        reading->out_of_memory = true;
    }
}

static void publish(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    struct ds_trace_candidate **candidates = reading->candidates.items.at;
    for (size_t i = 0; i < reading->candidates.items.count; i++) {
        if (candidates[i]->fate != DS_FATE_TOLD)
            continue;
        candidates[i]->published = &trace->flows[trace->flow_count++];
        *candidates[i]->published = candidates[i]->flow;
        ds_trace_spells_tell(reading, candidates[i], candidates[i]->published);
        relate(reading, candidates[i]);
    }
}

/* ---- each packet ---- */

static struct ds_trace_candidate *candidate_of(const struct ds_rtp_seen *seen)
{
    return DS_OWNER(seen->flow, struct ds_trace_candidate, flow);
}

/* Those of streams that were dropped have no flow any more. */
static void forget_dropped(struct ds_reading *reading)
{
    struct ds_rtp_seen *seen = reading->packets.at;
    size_t kept = 0;
    for (size_t i = 0; i < reading->packets.count; i++)
        if (candidate_of(&seen[i])->fate != DS_FATE_DROPPED)
            seen[kept++] = seen[i];
    reading->packets.count = kept;
}

static int by_frame(const void *a, const void *b)
{
    const struct ds_rtp_seen *one = a, *other = b;
    return one->frame < other->frame ? -1 : one->frame > other->frame;
}

/* What had to wait for a key comes behind what did not. */
static void put_in_order(const struct ds_trace *trace)
{
    for (size_t i = 1; trace->rtp != NULL && i < trace->rtp_count; i++)
        if (trace->rtp[i].frame < trace->rtp[i - 1].frame) {
            qsort(trace->rtp, trace->rtp_count, sizeof *trace->rtp, by_frame);
            return;
        }
}

static void publish_packets(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    struct ds_rtp_seen *seen = reading->packets.at;
    size_t told = 0, kept = 0;
    for (size_t i = 0; i < reading->packets.count; i++)
        told += candidate_of(&seen[i])->published != NULL;
    trace->rtp = ds_reading_alloc(reading, told * sizeof *trace->rtp);
    for (size_t i = 0; i < reading->packets.count && trace->rtp != NULL; i++) {
        struct ds_flow *flow = candidate_of(&seen[i])->published;
        if (flow == NULL)
            seen[kept++] = seen[i];
        else
            trace->rtp[trace->rtp_count++] = (struct ds_rtp_seen){seen[i].frame, seen[i].at, flow};
    }
    reading->packets.count = kept;
    put_in_order(trace);
}

/* ---- into the next part ---- */

static bool end(struct ds_reading *reading, void *item)
{
    struct ds_trace_candidate *candidate = item;
    (void)reading;
    free(candidate->ear);
    ds_decoder_free(&candidate->decoder);
    ds_trace_array_clean_up(&candidate->spells);
    return false;
}

static bool goes_on(struct ds_reading *reading, void *item)
{
    const struct ds_trace_candidate *candidate = item;
    return candidate->fate == DS_FATE_KEPT || end(reading, item);
}

static void settle(struct ds_reading *reading)
{
    decide(reading);
    if (reading->out_of_memory)
        return;
    publish(reading);
    forget_dropped(reading);
    publish_packets(reading);
    ds_trace_store_sweep(reading, &reading->candidates, goes_on);
}

void ds_trace_flows_end(struct ds_reading *reading)
{
    ds_trace_store_sweep(reading, &reading->candidates, end);
}

/* A flow may go on in the calls that its own is handed over to. */
static size_t count_for_calls(struct ds_trace *trace)
{
    size_t count = 0;
    for (size_t i = 0; i < trace->flow_count; i++) {
        struct ds_call *call = trace->flows[i].call;
        for (; call != NULL; call = ds_trace_lasts_into(trace, &trace->flows[i], call), count++)
            call->flow_count++;
    }
    return count;
}

static void give_to_calls(struct ds_reading *reading)
{
    struct ds_trace *trace = reading->trace;
    size_t count = count_for_calls(trace);
    struct ds_flow **room = ds_reading_alloc(reading, count * sizeof(struct ds_flow *));
    if (room == NULL)
        return;
    for (size_t i = 0; i < trace->call_count; i++) {
        trace->calls[i].flows = room;
        room += trace->calls[i].flow_count;
        trace->calls[i].flow_count = 0;
    }
    for (size_t i = 0; i < trace->flow_count; i++) {
        struct ds_call *call = trace->flows[i].call;
        for (; call != NULL; call = ds_trace_lasts_into(trace, &trace->flows[i], call))
            call->flows[call->flow_count++] = &trace->flows[i];
    }
}

void ds_trace_flows(struct ds_reading *reading)
{
    /* Where no media was heard, nobody will ask who announced any. */
    if (reading->candidates.items.count > 0 || reading->faxes.items.count > 0)
        announce_events(reading);
    if (!reading->out_of_memory)
        ds_trace_faxes(reading);
    if (!reading->out_of_memory)
        settle(reading);
    if (!reading->out_of_memory)
        give_to_calls(reading);
}
