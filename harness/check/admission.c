#include "admission_internal.h"

#include <string.h>

bool ds_is_short_of_bandwidth(const struct ds_event *response)
{
    return response != NULL &&
           (ds_event_diagnoses(response, "4;") || ds_event_diagnoses(response, "5;"));
}

const struct ds_hop_seen *ds_call_cut_off(const struct ds_call *call)
{
    const struct ds_hop_seen *last = NULL;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (ds_is_role(hop->from_node, DS_ROLE_POOL) && ds_is_role(hop->to_node, DS_ROLE_CLIENT) &&
            ds_is_short_of_bandwidth(hop->final))
            last = hop;
    }
    return last;
}

const struct ds_hop_seen *ds_pools_next(const struct ds_call *call, const struct ds_hop_seen *hop)
{
    for (const struct ds_hop_seen *at = hop + 1; at < call->hops + call->hop_count; at++)
        if (at->leg == hop->leg && at->from_node == hop->from_node && at->invite > hop->final)
            return at;
    return NULL;
}

/* On from the PSTN, to another number or none. */
static bool goes_on(const struct ds_call *call, const struct ds_hop_seen *tried)
{
    struct ds_slice number = ds_event_user(tried->invite, NULL);
    for (const struct ds_hop_seen *at = tried + 1; at < call->hops + call->hop_count; at++)
        if (at->leg == tried->leg && at->from_node == tried->from_node &&
            !(ds_is_role(at->to_node, DS_ROLE_MEDIATION) &&
              ds_slice_equal(ds_event_user(at->invite, NULL), number)))
            return true;
    return false;
}

void ds_subject_reroute(const struct ds_judge *judge, struct ds_subject *subject)
{
    const struct ds_hop_seen *hop = ds_call_cut_off(subject->call);
    const struct ds_hop_seen *next = hop == NULL ? NULL : ds_pools_next(subject->call, hop);
    if (next == NULL || !ds_is_role(next->to_node, DS_ROLE_MEDIATION))
        return;
    if (goes_on(subject->call, next)) {
        subject->in_vain = next;
    } else if (ds_is_role(subject->callee, DS_ROLE_CLIENT) &&
               subject->callee->user == hop->to_node->user) {
        subject->cut_off = hop->to_node->user;
        subject->callee = ds_topo_first(judge->topo, DS_ROLE_PSTN);
    }
}

bool ds_seen_is_of(const struct ds_stun_seen *seen, const struct ds_call *call)
{
    for (size_t i = 0; i < call->leg_count && seen->admission.call_id.len > 0; i++)
        if (ds_slice_equal(call->legs[i]->call_id, seen->admission.call_id))
            return true;
    return false;
}

bool ds_seen_asks(const struct ds_stun_seen *seen)
{
    return seen->kind == DS_SEEN_REQUEST && seen->admission.any;
}

const struct ds_stun_seen *ds_seen_answer(const struct ds_trace *trace,
                                          const struct ds_stun_seen *request)
{
    const struct ds_stun_seen *end = trace->stuns + trace->stun_count;
    for (const struct ds_stun_seen *at = request + 1; at < end; at++)
        if (at->kind != DS_SEEN_REQUEST && ds_addr_equal(at->to, request->from) &&
            memcmp(at->id, request->id, sizeof at->id) == 0)
            return at;
    return NULL;
}

const struct ds_stun_seen *ds_call_internet_check(const struct ds_judge *judge,
                                                  const struct ds_call *call)
{
    for (size_t i = 0; i < judge->trace->stun_count; i++) {
        const struct ds_stun_seen *seen = &judge->trace->stuns[i];
        if (!ds_seen_asks(seen) || seen->admission.ask != DS_BANDWIDTH_CHECK ||
            !ds_seen_is_of(seen, call))
            continue;
        const struct ds_stun_seen *answer = ds_seen_answer(judge->trace, seen);
        if (answer != NULL && answer->admission.refuses && answer->admission.admits_relays)
            return seen;
    }
    return NULL;
}
