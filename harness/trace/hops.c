#include "trace_internal.h"

#include <stdlib.h>

/*
 * Every hop that an INVITE took, and what came back on it. Responses are matched by branch, the ACK
 * of a 2xx (which has a branch of its own) by CSeq and ends.
 */

#define MAX_LOOK_BACK 1024 /* hops of one leg: more are taken for new ones */

/* What tells a hop from the others of its leg. */
struct trait {
    uint64_t branch; /* mark of it */
    uint32_t cseq;
    uint32_t before; /* of the same leg: one more than its index; 0: none */
};

struct trail {
    struct ds_trace_array *hops;
    struct ds_trace_array traits; /* of each hop */
    uint32_t *latest;             /* owned; of each leg, as `before` */
    const struct ds_leg *legs;
};

static struct trait trait_of(const struct trail *trail, const struct ds_event *event)
{
    return (struct trait){.branch = ds_trace_mark(ds_msg_branch(event->msg)),
                          .cseq = ds_msg_cseq(event->msg),
                          .before = trail->latest[event->leg - trail->legs]};
}

/* By branch where the event's transaction is the INVITE's own; else, or failing that, by its ends,
 * with their ports where that is enough. The latest comes first. */
static struct ds_hop_seen *
find(const struct trail *trail, const struct ds_event *event, bool own_branch)
{
    struct ds_hop_seen *hops = trail->hops->at, *by_ends = NULL, *by_hosts = NULL;
    const struct trait *traits = trail->traits.at, wanted = trait_of(trail, event);
    bool back = !ds_msg_is_request(event->msg);
    struct ds_addr from = back ? event->to : event->from, to = back ? event->from : event->to;
    uint32_t at = wanted.before;
    ds_assert(at == 0 || traits != NULL);
    for (int looked_at = 0; at != 0 && looked_at < MAX_LOOK_BACK; looked_at++) {
        struct ds_hop_seen *hop = &hops[at - 1];
        const struct trait *trait = &traits[at - 1];
        at = trait->before;
        if (trait->cseq != wanted.cseq || !ds_addr_same_ip(hop->from, from) ||
            !ds_addr_same_ip(hop->to, to))
            continue;
        if (trait->branch == wanted.branch)
            return hop;
        if (by_hosts == NULL)
            by_hosts = hop;
        if (by_ends == NULL && hop->from.port == from.port && hop->to.port == to.port)
            by_ends = hop;
    }
    if (own_branch)
        return NULL;
    return by_ends != NULL ? by_ends : by_hosts;
}

static void add_hop(struct ds_reading *reading, struct trail *trail, const struct ds_event *event)
{
    struct trait *trait = ds_trace_array_add(&trail->traits, sizeof *trait);
    struct ds_hop_seen *hop = ds_trace_array_add(trail->hops, sizeof *hop);
    if (trait == NULL || hop == NULL) {
        reading->out_of_memory = true;
        return;
    }
    *trait = trait_of(trail, event);
    *hop = (struct ds_hop_seen){.from = event->from,
                                .to = event->to,
                                .from_node = event->from_node,
                                .to_node = event->to_node,
                                .transport = event->transport,
                                .invite = event,
                                .leg = event->leg};
    trail->latest[event->leg - trail->legs] = (uint32_t)trail->hops->count;
}

static void
take_request(struct ds_reading *reading, struct trail *trail, const struct ds_event *event)
{
    if (ds_trace_opens_call(event)) {
        /* Of a call that was under way when the capture began, the first re-INVITE stands in. */
        bool initial = ds_msg_to_tag(event->msg).len == 0 || event->leg->invite == event;
        if (initial && find(trail, event, true) == NULL)
            add_hop(reading, trail, event);
        return;
    }
    bool ack = ds_msg_method_is(event->msg, "ACK");
    if (!ack && !ds_msg_method_is(event->msg, "CANCEL"))
        return;
    struct ds_hop_seen *hop = find(trail, event, !ack);
    if (hop == NULL)
        return;
    if (ack && hop->ack == NULL)
        hop->ack = event;
    hop->cancelled = hop->cancelled || !ack;
}

static void take_response(const struct trail *trail, const struct ds_event *event)
{
    if (ds_msg_status(event->msg) < 200 || !ds_msg_method_is(event->msg, "INVITE"))
        return;
    struct ds_hop_seen *hop = find(trail, event, true);
    if (hop == NULL || hop->final != NULL)
        return;
    hop->final = event;
    hop->final_status = ds_msg_status(event->msg);
}

DS_EXPANDED void ds_trace_hops(struct ds_reading *reading, struct ds_trace_array *hops)
{
    const struct ds_trace *trace = reading->trace;
    struct trail trail = {.hops = hops,
                          .latest = calloc(trace->leg_count + 1, sizeof *trail.latest),
                          .legs = trace->legs};
    reading->out_of_memory = reading->out_of_memory || trail.latest == NULL;
    for (size_t i = 0; i < trace->event_count && !reading->out_of_memory; i++) {
        const struct ds_event *event = &trace->events[i];
        if (ds_msg_is_request(event->msg))
            take_request(reading, &trail, event);
        else
            take_response(&trail, event);
    }
    ds_trace_array_clean_up(&trail.traits);
    free(trail.latest);
}
