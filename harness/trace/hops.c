#include "trace_internal.h"

#include <string.h>

/*
 * Every hop that an INVITE took, and what came back on it. Responses are matched by branch, the ACK
 * of a 2xx (which has a branch of its own) by CSeq and ends.
 */

struct hop_key {
    uint64_t branch; /* hash of the branch; 0 where only the ends and CSeq count */
    const struct ds_leg *leg;
    struct ds_addr from, to;
    uint32_t cseq;
};

struct known_hop {
    struct hop_key keys[3];
    size_t index;
};

static struct hop_key make_key(const struct ds_event *event, bool with_branch, bool with_ports)
{
    struct hop_key key;
    bool back = !ds_msg_is_request(event->msg);
    memset(&key, 0, sizeof key);
    key.branch = with_branch ? ds_hash(ds_msg_branch(event->msg)) : 0;
    key.leg = event->leg;
    key.from = back ? event->to : event->from;
    key.to = back ? event->from : event->to;
    key.cseq = ds_msg_cseq(event->msg);
    if (!with_ports)
        key.from.port = key.to.port = 0;
    return key;
}

/* By branch where the event's transaction is the INVITE's own; else, or failing that, by its ends,
 * with their ports where that is enough. */
static struct ds_hop_seen *find(const struct ds_trace_map *map,
                                const struct ds_trace_array *hops,
                                const struct ds_event *event,
                                bool own_branch)
{
    const struct hop_key keys[] = {make_key(event, true, false), make_key(event, false, true),
                                   make_key(event, false, false)};
    struct known_hop *known = ds_trace_map_get(map, DS_KEY(keys[0]));
    for (size_t i = 1; i < DS_COUNT(keys) && known == NULL && !own_branch; i++)
        known = ds_trace_map_get(map, DS_KEY(keys[i]));
    return known == NULL ? NULL : &((struct ds_hop_seen *)hops->at)[known->index];
}

static void add_hop(struct ds_reading *reading,
                    struct ds_trace_map *map,
                    struct ds_trace_array *hops,
                    const struct ds_event *event)
{
    struct known_hop *known = ds_reading_alloc(reading, sizeof *known);
    struct ds_hop_seen *hop = ds_trace_array_add(hops, sizeof *hop);
    if (known == NULL || hop == NULL) {
        reading->out_of_memory = true;
        return;
    }
    *hop = (struct ds_hop_seen){.from = event->from,
                                .to = event->to,
                                .from_node = event->from_node,
                                .to_node = event->to_node,
                                .transport = event->transport,
                                .invite = event,
                                .leg = event->leg};
    known->index = hops->count - 1;
    known->keys[0] = make_key(event, true, false);
    known->keys[1] = make_key(event, false, true);
    known->keys[2] = make_key(event, false, false);
    for (size_t i = 0; i < DS_COUNT(known->keys); i++)
        ds_reading_put(reading, map, DS_KEY(known->keys[i]), known);
}

static void take_request(struct ds_reading *reading,
                         struct ds_trace_map *map,
                         struct ds_trace_array *hops,
                         const struct ds_event *event)
{
    if (ds_trace_opens_call(event)) {
        /* Of a call that was under way when the capture began, the first re-INVITE stands in. */
        bool initial = ds_msg_to_tag(event->msg).len == 0 || event->leg->invite == event;
        if (initial && find(map, hops, event, true) == NULL)
            add_hop(reading, map, hops, event);
        return;
    }
    bool ack = ds_msg_method_is(event->msg, "ACK");
    if (!ack && !ds_msg_method_is(event->msg, "CANCEL"))
        return;
    struct ds_hop_seen *hop = find(map, hops, event, !ack);
    if (hop == NULL)
        return;
    if (ack && hop->ack == NULL)
        hop->ack = event;
    hop->cancelled = hop->cancelled || !ack;
}

static void
take_response(struct ds_trace_map *map, struct ds_trace_array *hops, const struct ds_event *event)
{
    if (ds_msg_status(event->msg) < 200 || !ds_msg_method_is(event->msg, "INVITE"))
        return;
    struct ds_hop_seen *hop = find(map, hops, event, true);
    if (hop == NULL || hop->final != NULL)
        return;
    hop->final = event;
    hop->final_status = ds_msg_status(event->msg);
}

DS_EXPANDED void ds_trace_hops(struct ds_reading *reading, struct ds_trace_array *hops)
{
    struct ds_trace_map map = {0};
    const struct ds_trace *trace = reading->trace;
    if (!ds_trace_map_reserve(&map, trace->event_count / 2))
        reading->out_of_memory = true;
    for (size_t i = 0; i < trace->event_count && !reading->out_of_memory; i++) {
        const struct ds_event *event = &trace->events[i];
        if (ds_msg_is_request(event->msg))
            take_request(reading, &map, hops, event);
        else
            take_response(&map, hops, event);
    }
    ds_trace_map_clean_up(&map);
}
