#include "check_internal.h"

#define GUID_CHARS 36

/* BYP: does audio pass the Mediation Server by where it may, and only there? */

/* ---- BYP-01 … BYP-04: where the audio flows ---- */

static void one_direct(struct ds_judge *judge, const struct ds_subject *subject)
{
    char text[200];
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    if (!ds_may_bypass(subject) || !ds_subject_was_up(judge, subject))
        return;
    const struct ds_flow *flow = ds_call_flow_at(call, subject->mediation);
    if (flow != NULL) {
        ds_flow_text(flow, text, sizeof text);
        ds_evidence_add(&evidence, flow->first_frame);
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "the call may bypass %s, and its audio is there: %s", subject->mediation->name,
                     text);
    } else if (!ds_flows_both_ways(call, subject->client, subject->peer, &evidence)) {
        ds_say_one_way(judge, call, subject->client, subject->peer);
    } else {
        ds_judge_absent(judge, DS_PASS, &evidence,
                        "audio flowed between %s and %s both ways, and none was at %s",
                        subject->client->name, subject->peer->name, subject->mediation->name);
    }
}

void ds_check_bypass_direct(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call that may bypass the Mediation Server", one_direct);
}

static void one_off(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (ds_meets_decision(subject) && !judge->topo->bypass_enabled)
        ds_demand_relay(judge, subject, "bypass is off");
}

void ds_check_bypass_off(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call over a trunk with bypass off", one_off);
}

static void one_trunk_off(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (ds_meets_decision(subject) && judge->topo->bypass_enabled && !subject->trunk->bypass)
        ds_demand_relay(judge, subject, "bypass is off on the trunk");
}

void ds_check_bypass_trunk_off(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call over a trunk that alone has bypass off", one_trunk_off);
}

static void one_ids_differ(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (ds_meets_decision(subject) && judge->topo->bypass_enabled && subject->trunk->bypass &&
        !subject->bypass && subject->before == NULL &&
        ds_topo_bypass_id(judge->topo, subject->client) != NULL &&
        ds_topo_encrypts_alike(judge->topo, subject->trunk))
        ds_demand_relay(judge, subject, "the bypass IDs do not match");
}

void ds_check_bypass_ids_differ(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call between places whose bypass IDs differ", one_ids_differ);
}

/* ---- BYP-08 ---- */

static void one_outside(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (ds_meets_decision(subject) && ds_is_external(subject->client))
        ds_demand_relay(judge, subject, "the client is outside");
}

void ds_check_bypass_outside(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call of a remote worker over a trunk", one_outside);
}

/* ---- BYP-19 ---- */

static void offered_by_place(const struct ds_judge *judge,
                             const struct ds_hop_seen *hop,
                             const struct ds_trunk *trunk,
                             struct ds_tally *tally)
{
    const struct ds_sdp_media *audio = ds_event_audio(hop->invite);
    (void)trunk;
    if (!judge->topo->bypass_enabled || !ds_is_role(hop->from_node, DS_ROLE_CLIENT) ||
        audio == NULL)
        return;
    size_t wanted = ds_topo_bypass_id(judge->topo, hop->from_node) != NULL;
    if (audio->bypass_id_count == wanted && (wanted == 0 || audio->bypass_id.len == GUID_CHARS))
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "%s offers %zu bypass IDs in frame %u, the first '%.*s', and its place calls "
                     "for %zu",
                     hop->from_node->name, audio->bypass_id_count, hop->invite->frame,
                     DS_FMT(audio->bypass_id), wanted);
}

void ds_check_bypass_id_offered(struct ds_judge *judge)
{
    ds_judge_hops(judge, "offer of a client where bypass is on",
                  "offers of clients with the bypass IDs that their places call for",
                  offered_by_place);
}

/* ---- BYP-05 ---- */

static void offered_id(const struct ds_judge *judge,
                       const struct ds_hop_seen *hop,
                       const struct ds_trunk *trunk,
                       struct ds_tally *tally)
{
    const struct ds_sdp_media *audio = ds_event_audio(hop->invite);
    struct ds_slice id = ds_slice_of(judge->topo->global_bypass_id);
    (void)trunk;
    if (!ds_is_role(hop->from_node, DS_ROLE_CLIENT) || ds_is_external(hop->from_node) ||
        hop->from_node->communicator || audio == NULL)
        return;
    if (audio->bypass_id_count == 1 && ds_slice_equal_nocase(audio->bypass_id, id))
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "%s offers %zu bypass IDs in frame %u, the first '%.*s'; it is to be %s alone",
                     hop->from_node->name, audio->bypass_id_count, hop->invite->frame,
                     DS_FMT(audio->bypass_id), judge->topo->global_bypass_id);
}

void ds_check_bypass_always(struct ds_judge *judge)
{
    judge->sought = "offer of an internal client with always bypass";
    if (judge->topo->always_bypass && judge->topo->global_bypass_id != NULL)
        ds_judge_hops(judge, judge->sought, "offers of internal clients with the one bypass ID",
                      offered_id);
}

/* ---- BYP-12 ---- */

static bool is_event_type(const struct ds_flow *flow, size_t type)
{
    const struct ds_event *said[2] = {flow->announced_to, flow->announced_from};
    for (size_t i = 0; i < 2; i++) {
        const struct ds_sdp_media *audio = ds_event_audio(said[i]);
        const struct ds_sdp_format *format =
            audio == NULL ? NULL : ds_sdp_find_format(audio, "telephone-event");
        if (format != NULL && format->payload_type == type)
            return true;
    }
    return false;
}

static void one_codec(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    if (!ds_may_bypass(subject) || subject->call->outcome != DS_ANSWERED)
        return;
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        size_t type = 0;
        while (type < 128 &&
               (flow->payload_packets[type] == 0 || type == DS_PT_PCMU || type == DS_PT_PCMA ||
                type == DS_PT_COMFORT_NOISE || is_event_type(flow, type)))
            type++;
        if (type == 128)
            ds_tally_good(&tally, flow->first_frame);
        else
            ds_tally_bad(&tally, flow->first_frame,
                         "%llu packets of payload type %zu from %s to %s in a bypassed call",
                         (unsigned long long)flow->payload_packets[type], type,
                         ds_trace_name(judge->trace, flow->from).text,
                         ds_trace_name(judge->trace, flow->to).text);
    }
    ds_judge_tally(judge, &tally, "flows of the bypassed call carry G.711");
}

void ds_check_bypass_codec(struct ds_judge *judge)
{
    ds_judge_calls(judge, "audio of a bypassed call", one_codec);
}

/* ---- BYP-20, BYP-21: whose address is shown ---- */

static void demand_address(const struct ds_judge *judge,
                           const struct ds_event *event,
                           struct ds_addr wanted,
                           struct ds_tally *tally)
{
    struct ds_addr shown = ds_event_audio(event)->at;
    if (ds_addr_same_ip(shown, wanted))
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(tally, event->frame, "the description of frame %u names %s (%s), not %s (%s)",
                     event->frame, ds_node_name(ds_topo_at(judge->topo, shown)),
                     ds_addr_ip_text(shown).text, ds_node_name(ds_topo_at(judge->topo, wanted)),
                     ds_addr_ip_text(wanted).text);
}

static bool is_outbound(const struct ds_subject *subject)
{
    return ds_meets_decision(subject) && subject->client == subject->caller;
}

static void one_offer(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    const struct ds_sdp_media *own = ds_event_audio(call->hops[0].invite);
    if (!is_outbound(subject) || (subject->bypass && own == NULL))
        return;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (hop->from_node == subject->mediation && hop->to_node == subject->peer &&
            ds_event_audio(hop->invite) != NULL)
            demand_address(judge, hop->invite, subject->bypass ? own->at : subject->mediation->at,
                           &tally);
    }
    ds_judge_tally(judge, &tally,
                   subject->bypass ? "offers to the peer name the client's address"
                                   : "offers to the peer name the Mediation Server's address");
}

void ds_check_bypass_offer_outward(struct ds_judge *judge)
{
    ds_judge_calls(judge, "offer of a Mediation Server for an Enterprise Voice user", one_offer);
}

static void one_answer(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    if (!is_outbound(subject))
        return;
    for (size_t i = 0; i < call->event_count; i++) {
        const struct ds_event *event = call->events[i];
        if (event->to_node == subject->caller && ds_event_answers_invite(event, 180, 299) &&
            ds_event_audio(event) != NULL && !event->retransmission)
            demand_address(judge, event,
                           subject->bypass ? subject->peer->media_at : subject->mediation->at,
                           &tally);
    }
    ds_judge_tally(judge, &tally,
                   subject->bypass ? "answers to the client name the peer's address"
                                   : "answers to the client name the Mediation Server's address");
}

void ds_check_bypass_answer_inward(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answer to a calling Enterprise Voice user", one_answer);
}
