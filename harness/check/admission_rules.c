#include "admission_internal.h"

#include <stdio.h>

/* CAC, BYP-11, RTE-27: does each call ask for the bandwidth that it takes, and what becomes of
   those that have none? */

/* ---- CAC-01 ---- */

/* What came of the checks of a call that this element made for the path to that address, before a
 * frame: 0 none was answered, 1 granted, -1 refused. */
static int checked_before(const struct ds_judge *judge,
                          const struct ds_call *call,
                          const struct ds_topo_node *by,
                          struct ds_addr remote,
                          uint32_t frame)
{
    const struct ds_trace *trace = judge->trace;
    int found = 0;
    for (size_t i = 0; i < trace->stun_count && trace->stuns[i].frame < frame; i++) {
        const struct ds_stun_seen *seen = &trace->stuns[i];
        if (!ds_seen_asks(seen) || seen->from_node != by ||
            seen->admission.ask != DS_BANDWIDTH_CHECK || !ds_seen_is_of(seen, call) ||
            !ds_addr_same_ip(seen->admission.remote, remote))
            continue;
        const struct ds_stun_seen *answer = ds_seen_answer(trace, seen);
        if (answer != NULL && answer->frame < frame && answer->kind == DS_SEEN_SUCCESS)
            found = answer->admission.refuses && !answer->admission.admits_relays ? -1 : 1;
    }
    return found;
}

static bool is_linked(const struct ds_judge *judge, struct ds_addr a, struct ds_addr b)
{
    struct ds_link_way way;
    ds_topo_way_between(judge->topo, a, b, &way);
    return way.count > 0;
}

static void demand_check(const struct ds_judge *judge,
                         const struct ds_call *call,
                         const struct ds_topo_node *by,
                         struct ds_addr remote,
                         const struct ds_event *event,
                         struct ds_tally *tally)
{
    int found = checked_before(judge, call, by, remote, event->frame);
    if (found > 0)
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(tally, event->frame,
                     "%s goes on with the call in frame %u, and %s the path to %s", by->name,
                     event->frame, found < 0 ? "there was no room on" : "nobody had checked",
                     ds_node_name(ds_topo_at(judge->topo, remote)));
}

/* A device rings, or answers: unless its audio bypasses, which only the answer tells. */
static void look_at_device(const struct ds_judge *judge,
                           const struct ds_call *call,
                           const struct ds_hop_seen *hop,
                           struct ds_tally *tally)
{
    struct ds_slice taken;
    const struct ds_sdp_media *audio = ds_event_audio(hop->invite);
    const struct ds_event *first = ds_hop_response(hop, 180, 299);
    const struct ds_event *answer = ds_hop_response(hop, 200, 299);
    bool choice = hop->invite->gateway_sdp != NULL;
    if (audio == NULL || first == NULL || ds_is_external(hop->to_node) ||
        ds_msg_header(hop->invite->msg, "Replaces", 0, &taken) ||
        !is_linked(judge, audio->at, hop->to_node->media_at) || (choice && answer == NULL) ||
        (choice && ds_msg_header(answer->msg, "ms-accepted-content-id", 0, &taken)))
        return;
    demand_check(judge, call, hop->to_node, audio->at, first, tally);
}

/* The Mediation Server calls a peer, and shows it audio of its own. */
static void look_at_trunk(const struct ds_judge *judge,
                          const struct ds_call *call,
                          const struct ds_hop_seen *hop,
                          struct ds_tally *tally)
{
    const struct ds_hop_seen *before = ds_hop_before(call, hop);
    const struct ds_sdp_media *own = ds_event_audio(hop->invite);
    const struct ds_sdp_media *clients = before == NULL ? NULL : ds_event_audio(before->invite);
    if (own == NULL || clients == NULL || !ds_addr_same_ip(own->at, hop->from_node->media_at))
        return;
    if (is_linked(judge, own->at, clients->at))
        demand_check(judge, call, hop->from_node, clients->at, hop->invite, tally);
    if (is_linked(judge, own->at, hop->to_node->media_at))
        demand_check(judge, call, hop->from_node, hop->to_node->media_at, hop->invite, tally);
}

static void one_checked(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    for (size_t i = 0; i < call->hop_count && judge->topo->admission; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (ds_is_role(hop->from_node, DS_ROLE_POOL) && ds_is_role(hop->to_node, DS_ROLE_CLIENT))
            look_at_device(judge, call, hop, &tally);
        else if (ds_is_role(hop->from_node, DS_ROLE_MEDIATION) && ds_is_peer(hop->to_node))
            look_at_trunk(judge, call, hop, &tally);
    }
    ds_judge_tally_seen(judge, &tally, "calls go on once their path was granted");
}

void ds_check_bandwidth_checked(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call whose audio is to take a link that holds so much", one_checked);
}

/* ---- CAC-02 ---- */

/* Voice mail is never refused, nor is what a Mediation Server passes on to the peer that the call
 * came from, as it learns with the answer that it does ([CAC], [MED]). */
static bool is_admitted_anyway(const struct ds_flow *flow)
{
    bool to_peer = (ds_is_role(flow->from_node, DS_ROLE_MEDIATION) && ds_is_peer(flow->to_node)) ||
                   (ds_is_role(flow->to_node, DS_ROLE_MEDIATION) && ds_is_peer(flow->from_node));
    return to_peer || ds_is_role(flow->from_node, DS_ROLE_UM) ||
           ds_is_role(flow->to_node, DS_ROLE_UM);
}

/* Which way a flow crosses the link: 1 from its one end, -1 from the other, 0 not at all. Of a link
 * the site that is nearer to the sender comes first. */
static int
crosses(const struct ds_judge *judge, const struct ds_flow *flow, const struct ds_wan_link *link)
{
    struct ds_link_way way, rest;
    const struct ds_site *from = ds_topo_site_at(judge->topo, flow->from);
    ds_topo_way_between(judge->topo, flow->from, flow->to, &way);
    for (size_t i = 0; i < way.count; i++) {
        if (way.links[i] != link)
            continue;
        ds_topo_way(judge->topo, from, link->a, &rest);
        return rest.count == i ? 1 : -1;
    }
    return 0;
}

static size_t at_once(const struct ds_judge *judge,
                      const struct ds_wan_link *link,
                      const struct ds_flow *flow,
                      int way)
{
    const struct ds_trace *trace = judge->trace;
    size_t count = 0;
    for (size_t i = 0; i < trace->flow_count; i++) {
        const struct ds_flow *other = &trace->flows[i];
        count += other->packets >= DS_ENOUGH_AUDIO && other->first_at <= flow->first_at &&
                 other->last_at > flow->first_at && !is_admitted_anyway(other) &&
                 crosses(judge, other, link) == way;
    }
    return count;
}

static void look_at_flow(const struct ds_judge *judge,
                         const struct ds_wan_link *link,
                         const struct ds_flow *flow,
                         struct ds_tally *tally)
{
    int way = is_admitted_anyway(flow) || flow->packets < DS_ENOUGH_AUDIO
                  ? 0
                  : crosses(judge, flow, link);
    if (way == 0)
        return;
    size_t count = at_once(judge, link, flow, way);
    if (count * DS_G711_KBPS <= link->audio_kbps)
        ds_tally_good(tally, flow->first_frame);
    else
        ds_tally_bad(
            tally, flow->first_frame,
            "%zu streams are on the link from %s to %s at once, which holds %u kbit/s; the "
            "last begins in frame %u",
            count, (way > 0 ? link->a : link->b)->name, (way > 0 ? link->b : link->a)->name,
            link->audio_kbps, flow->first_frame);
}

void ds_check_link_not_full(struct ds_judge *judge)
{
    const struct ds_topo *topo = judge->topo;
    struct ds_tally tally = {0};
    judge->sought = "audio on a link that call admission control watches over";
    for (size_t i = 0; i < topo->link_count && topo->admission; i++)
        for (size_t k = 0; k < judge->trace->flow_count; k++)
            look_at_flow(judge, &topo->links[i], &judge->trace->flows[k], &tally);
    ds_judge_tally(judge, &tally, "streams on links that had room for them");
}

/* ---- CAC-03 ---- */

static bool was_given_back(const struct ds_trace *trace, const struct ds_stun_seen *commit)
{
    const struct ds_stun_seen *end = trace->stuns + trace->stun_count;
    for (const struct ds_stun_seen *at = commit; at < end; at++)
        if (ds_seen_asks(at) && at->admission.gives_back && ds_addr_equal(at->from, commit->from))
            return true;
    return false;
}

static void one_given_back(struct ds_judge *judge, const struct ds_subject *subject)
{
    const struct ds_trace *trace = judge->trace;
    const struct ds_call *call = subject->call;
    struct ds_tally tally = {0};
    for (size_t i = 0; i < trace->stun_count && call->ended_at >= 0; i++) {
        const struct ds_stun_seen *seen = &trace->stuns[i];
        const struct ds_stun_seen *answer = ds_seen_asks(seen) &&
                                                    seen->admission.ask == DS_BANDWIDTH_COMMIT &&
                                                    ds_seen_is_of(seen, call)
                                                ? ds_seen_answer(trace, seen)
                                                : NULL;
        if (answer == NULL || answer->kind != DS_SEEN_SUCCESS)
            continue;
        if (was_given_back(trace, seen))
            ds_tally_good(&tally, seen->frame);
        else if (!ds_judge_is_gone(judge, seen->from, call->ended_at))
            ds_tally_bad(&tally, seen->frame,
                         "%s has bandwidth reserved in frame %u, and does not give it back when "
                         "the call is over",
                         ds_node_name(seen->from_node), seen->frame);
    }
    ds_judge_tally_seen(judge, &tally, "reservations, given back after the call");
}

void ds_check_bandwidth_given_back(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call that had bandwidth reserved, and is over", one_given_back);
}

/* ---- CAC-04 ---- */

static void one_deposit(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    for (size_t i = 0; i < call->hop_count && judge->topo->admission; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (!ds_mail_is_try(hop) || hop->final == NULL)
            continue;
        if (ds_is_short_of_bandwidth(hop->final))
            ds_tally_bad(&tally, hop->final->frame,
                         "%s refuses a message in frame %u for want of bandwidth",
                         hop->to_node->name, hop->final->frame);
        else if (hop->final_status < 300)
            ds_tally_good(&tally, hop->final->frame);
    }
    ds_judge_tally(judge, &tally, "calls that voice mail takes, be there bandwidth or not");
}

void ds_check_mail_is_admitted(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call to voice mail where there is admission control", one_deposit);
}

/* ---- CAC-05 ---- */

/* What was committed before a frame, and not given back before it; or granted, and is about to be
 * committed. */
static bool is_held(const struct ds_trace *trace, const struct ds_stun_seen *seen, uint32_t frame)
{
    const struct ds_stun_seen *answer =
        ds_seen_asks(seen) && seen->admission.ask != DS_BANDWIDTH_UPDATE
            ? ds_seen_answer(trace, seen)
            : NULL;
    bool by_relays = seen->admission.ask == DS_BANDWIDTH_COMMIT && seen->admission.relayed;
    if (answer == NULL || answer->frame > frame || answer->kind != DS_SEEN_SUCCESS || by_relays ||
        answer->admission.refuses)
        return false;
    const struct ds_stun_seen *end = trace->stuns + trace->stun_count;
    for (const struct ds_stun_seen *at = seen + 1; at < end && at->frame < frame; at++) {
        bool follows = ds_seen_asks(at) && ds_addr_equal(at->from, seen->from);
        bool replaces = at->admission.ask == DS_BANDWIDTH_COMMIT || at->admission.gives_back;
        if (follows && replaces)
            return false;
    }
    return true;
}

static bool
is_on(const struct ds_judge *judge, const struct ds_stun_seen *seen, const struct ds_wan_link *link)
{
    struct ds_link_way way;
    ds_topo_way_between(judge->topo, seen->admission.local, seen->admission.remote, &way);
    for (size_t i = 0; i < way.count; i++)
        if (way.links[i] == link)
            return true;
    return false;
}

static bool has_room(const struct ds_judge *judge,
                     const struct ds_stun_seen *asked,
                     const struct ds_wan_link *link)
{
    const struct ds_trace *trace = judge->trace;
    uint64_t taken = asked->admission.kbps;
    for (const struct ds_stun_seen *at = trace->stuns; at < asked; at++)
        if (is_held(trace, at, asked->frame) && is_on(judge, at, link))
            taken += at->admission.kbps;
    return asked->admission.kbps <= link->session_kbps && taken <= link->audio_kbps;
}

static bool has_room_everywhere(const struct ds_judge *judge, const struct ds_stun_seen *asked)
{
    struct ds_link_way way;
    ds_topo_way_between(judge->topo, asked->admission.local, asked->admission.remote, &way);
    for (size_t i = 0; i < way.count; i++)
        if (!has_room(judge, asked, way.links[i]))
            return false;
    return true;
}

void ds_check_room_is_granted(struct ds_judge *judge)
{
    const struct ds_trace *trace = judge->trace;
    struct ds_tally tally = {0};
    judge->sought = "check of bandwidth that was answered";
    for (size_t i = 0; i < trace->stun_count; i++) {
        const struct ds_stun_seen *seen = &trace->stuns[i];
        const struct ds_stun_seen *answer =
            ds_seen_asks(seen) && seen->admission.ask == DS_BANDWIDTH_CHECK
                ? ds_seen_answer(trace, seen)
                : NULL;
        if (answer == NULL || answer->kind != DS_SEEN_SUCCESS)
            continue;
        if (answer->admission.refuses && has_room_everywhere(judge, seen))
            ds_tally_bad(&tally, answer->frame,
                         "%s is refused bandwidth in frame %u, though what is reserved leaves room",
                         ds_node_name(seen->from_node), answer->frame);
        else
            ds_tally_good(&tally, answer->frame);
    }
    ds_judge_tally_seen(judge, &tally, "checks, refused only where there was no room");
}
