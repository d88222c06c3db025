#include "course_internal.h"

/* TOPO-01 … TOPO-11, TOPO-20: which elements a call passes, by option. */

/* The first message or audio of a call at one of these roles. */
static void
meet(const struct ds_subject *subject, const struct ds_road *roles, struct ds_tally *tally)
{
    char label[160];
    const struct ds_call *call = subject->call;
    for (size_t i = 0; i < call->event_count; i++) {
        const struct ds_event *event = call->events[i];
        const struct ds_topo_node *nodes[2] = {event->from_node, event->to_node};
        for (size_t k = 0; k < 2 && !ds_subject_event_is_aside(subject, event); k++) {
            if (nodes[k] == NULL || !ds_road_has(roles, nodes[k]->role))
                continue;
            ds_event_label(event, label, sizeof label);
            ds_tally_bad(tally, event->frame, "%s is at %s in frame %u", label, nodes[k]->name,
                         event->frame);
        }
    }
    for (size_t i = 0; i < call->flow_count; i++) {
        const struct ds_flow *flow = call->flows[i];
        bool near = flow->from_node != NULL && ds_road_has(roles, flow->from_node->role);
        bool far = flow->to_node != NULL && ds_road_has(roles, flow->to_node->role);
        ds_flow_text(flow, label, sizeof label);
        if ((near || far) && !ds_subject_flow_is_aside(subject, flow))
            ds_tally_bad(tally, flow->first_frame, "audio of the call is there: %s", label);
    }
}

/* Fails with what was met at the roles of `words`, else passes. */
static void
demand_silence(struct ds_judge *judge, const struct ds_subject *subject, const char *words)
{
    struct ds_road roles;
    struct ds_tally tally = {0};
    (void)ds_road_parse(words, 0, &roles);
    meet(subject, &roles, &tally);
    if (tally.bad > 0) {
        ds_judge_tally(judge, &tally, "");
        return;
    }
    ds_evidence_add(&tally.good_frames, subject->call->hops[0].invite->frame);
    ds_judge_absent(judge, DS_PASS, &tally.good_frames,
                    "none of the call's %zu messages and %zu audio flows is at: %s",
                    subject->call->event_count, subject->call->flow_count, words);
}

static void
demand_first_hop(struct ds_judge *judge, const struct ds_subject *subject, enum ds_role_kind role)
{
    const struct ds_hop_seen *hop = &subject->call->hops[0];
    struct ds_evidence evidence = {{0}, 0};
    ds_evidence_add(&evidence, hop->invite->frame);
    ds_judge_say(judge, ds_is_role(hop->to_node, role) ? DS_PASS : DS_FAIL, &evidence,
                 "the first hop of the call from the PSTN is %s",
                 ds_trace_name(judge->trace, hop->to).text);
}

static bool calls_from_pstn(const struct ds_judge *judge,
                            const struct ds_subject *subject,
                            enum ds_option option)
{
    return judge->topo->option == option && subject->row != NULL && subject->before == NULL &&
           subject->row->from == DS_PARTY_PSTN;
}

/* What an Enterprise Voice user sends on to the PBX has been elsewhere. */
static bool calls_pbx_from_pstn(const struct ds_judge *judge,
                                const struct ds_subject *subject,
                                enum ds_option option)
{
    return calls_from_pstn(judge, subject, option) && subject->row->to == DS_PARTY_PBX &&
           !subject->row->forwarded;
}

/* ---- every option ---- */

static void one_ev_to_ev(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (ds_subject_is(subject, DS_PARTY_EV, DS_PARTY_EV))
        demand_silence(judge, subject, "mediation gateway pbx");
}

void ds_check_ev_to_ev(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call between Enterprise Voice users", one_ev_to_ev);
}

static void one_crossing(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    if (subject->mediation == NULL || !subject->routed)
        return;
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_is_role(call->hops[i].to_node, DS_ROLE_MEDIATION) ||
            ds_is_role(call->hops[i].from_node, DS_ROLE_MEDIATION))
            ds_evidence_add(&evidence, call->hops[i].invite->frame);
    const struct ds_hop_seen *last = &call->hops[call->hop_count - 1];
    if (evidence.count > 0)
        ds_judge_say(judge, DS_PASS, &evidence, "the call crosses %s in frame %u",
                     subject->mediation->name, evidence.frames[0]);
    else if (last->final_status == 503)
        ds_judge_say(judge, DS_UNCLEAR, NULL, "the call was refused with 503 at %s",
                     ds_trace_name(judge->trace, last->to).text);
    else
        ds_judge_absent(judge, DS_FAIL, NULL, "no INVITE of the call to %s reached %s",
                        subject->number, subject->mediation->name);
}

void ds_check_crosses_mediation(struct ds_judge *judge)
{
    ds_judge_calls(judge, "PSTN or PBX call of an Enterprise Voice user", one_crossing);
}

/* ---- behind the PBX ---- */

static void one_behind_first_hop(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (calls_from_pstn(judge, subject, DS_BEHIND_PBX))
        demand_first_hop(judge, subject, DS_ROLE_PBX);
}

void ds_check_behind_first_hop(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call from the PSTN, with Enterprise Voice behind the PBX,",
                   one_behind_first_hop);
}

static void one_behind_pstn_to_pbx(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (calls_pbx_from_pstn(judge, subject, DS_BEHIND_PBX))
        demand_silence(judge, subject, "gateway mediation pool");
}

void ds_check_behind_pstn_to_pbx(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call from the PSTN to a PBX user, with Enterprise Voice behind the PBX,",
                   one_behind_pstn_to_pbx);
}

/* Passes where INVITEs reach these elements in this order, whatever lies between. */
static void
demand_order(struct ds_judge *judge, const struct ds_subject *subject, const char *words)
{
    struct ds_road road;
    struct ds_evidence evidence = {{0}, 0};
    size_t reached = 0;
    (void)ds_road_parse(words, 0, &road);
    for (size_t i = 0; i < subject->call->hop_count && reached < road.count; i++) {
        const struct ds_hop_seen *hop = &subject->call->hops[i];
        if (!ds_is_role(hop->to_node, road.roles[reached]))
            continue;
        ds_evidence_add(&evidence, hop->invite->frame);
        reached++;
    }
    if (reached == road.count)
        ds_judge_say(judge, DS_PASS, &evidence, "the INVITE passes %s in that order", words);
    else
        ds_judge_absent(judge, DS_FAIL, &evidence,
                        "the INVITE is to pass %s in that order, and no %s comes where it should",
                        words, ds_role_name(road.roles[reached]));
}

static void one_behind_pstn_to_ev(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (calls_from_pstn(judge, subject, DS_BEHIND_PBX) && subject->row->to == DS_PARTY_EV)
        demand_order(judge, subject, "pbx gateway mediation pool");
}

void ds_check_behind_pstn_to_ev(struct ds_judge *judge)
{
    ds_judge_calls(judge,
                   "call from the PSTN to an Enterprise Voice user, with Enterprise Voice behind "
                   "the PBX,",
                   one_behind_pstn_to_ev);
}

/* ---- in front of the PBX ---- */

static void one_in_front_first_hop(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (calls_from_pstn(judge, subject, DS_IN_FRONT_OF_PBX))
        demand_first_hop(judge, subject, DS_ROLE_GATEWAY);
}

void ds_check_in_front_first_hop(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call from the PSTN, with Enterprise Voice in front of the PBX,",
                   one_in_front_first_hop);
}

static bool has_hop(const struct ds_call *call, enum ds_role_kind from, enum ds_role_kind to)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_is_role(call->hops[i].from_node, from) && ds_is_role(call->hops[i].to_node, to))
            return true;
    return false;
}

static void one_in_front_pstn_to_pbx(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (!calls_pbx_from_pstn(judge, subject, DS_IN_FRONT_OF_PBX))
        return;
    if (has_hop(subject->call, DS_ROLE_GATEWAY, DS_ROLE_PBX))
        demand_silence(judge, subject, "mediation pool");
    else
        ds_judge_absent(judge, DS_FAIL, NULL,
                        "no INVITE of the call to %s went from gateway to PBX", subject->number);
}

void ds_check_in_front_pstn_to_pbx(struct ds_judge *judge)
{
    ds_judge_calls(judge,
                   "call from the PSTN to a PBX user, with Enterprise Voice in front of the PBX,",
                   one_in_front_pstn_to_pbx);
}

static void one_in_front_pstn_to_ev(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (calls_from_pstn(judge, subject, DS_IN_FRONT_OF_PBX) && subject->row->to == DS_PARTY_EV)
        demand_silence(judge, subject, "pbx");
}

void ds_check_in_front_pstn_to_ev(struct ds_judge *judge)
{
    ds_judge_calls(judge,
                   "call from the PSTN to an Enterprise Voice user, with Enterprise Voice in front "
                   "of the PBX,",
                   one_in_front_pstn_to_ev);
}

/* ---- VoIP only, Direct SIP partner ---- */

void ds_check_voip_only_no_pbx(struct ds_judge *judge)
{
    struct ds_tally tally = {0};
    judge->sought = "packet of a VoIP-only deployment";
    if (judge->topo->option != DS_VOIP_ONLY)
        return;
    for (size_t i = 0; i < judge->trace->contact_count; i++) {
        const struct ds_contact *contact = &judge->trace->contacts[i];
        const struct ds_addr ends[2] = {contact->from, contact->to};
        for (size_t k = 0; k < 2; k++) {
            const struct ds_topo_node *node = ds_topo_at(judge->topo, ends[k]);
            if (node == NULL || node->role == DS_ROLE_PBX)
                ds_tally_bad(&tally, contact->first_frame, "%s, %s, exchanges packets with %s",
                             ds_addr_ip_text(ends[k]).text,
                             node == NULL ? "which the topology does not know" : "a PBX",
                             ds_trace_name(judge->trace, ends[1 - k]).text);
            else
                ds_tally_good(&tally, contact->first_frame);
        }
    }
    ds_judge_tally(judge, &tally, "ends of packets seen, and each is an element of the topology");
}

/* The Mediation Server and what it is joined with by a trunk, nothing else between them. */
static void demand_neighbours(struct ds_judge *judge,
                              const struct ds_subject *subject,
                              enum ds_role_kind peer,
                              const struct ds_road *strangers)
{
    struct ds_tally tally = {0};
    bool joined =
        subject->before != NULL && ds_is_role(subject->call->hops[0].from_node, DS_ROLE_MEDIATION);
    if (joined)
        return;
    meet(subject, strangers, &tally);
    ds_evidence_add(&tally.good_frames, subject->call->hops[0].invite->frame);
    if (tally.bad > 0)
        ds_judge_tally(judge, &tally, "");
    else if (has_hop(subject->call, DS_ROLE_MEDIATION, peer) ||
             has_hop(subject->call, peer, DS_ROLE_MEDIATION))
        ds_judge_absent(judge, DS_PASS, &tally.good_frames,
                        "%s and %s are neighbours in the call, with nothing between them",
                        subject->mediation->name, ds_node_name(subject->peer));
    else
        ds_judge_absent(judge, DS_FAIL, &tally.good_frames,
                        "no INVITE of the call to %s passed between a Mediation Server and a %s",
                        subject->number, ds_role_name(peer));
}

static void one_direct(struct ds_judge *judge, const struct ds_subject *subject)
{
    static const struct ds_road gateway = {.roles = {DS_ROLE_GATEWAY}, .count = 1};
    if (judge->topo->option == DS_DIRECT_SIP_PARTNER && subject->mediation != NULL &&
        subject->routed)
        demand_neighbours(judge, subject, DS_ROLE_PBX, &gateway);
}

void ds_check_direct_no_gateway(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call between a Mediation Server and a Direct SIP partner's PBX",
                   one_direct);
}

static void one_carrier(struct ds_judge *judge, const struct ds_subject *subject)
{
    static const struct ds_road others = {.roles = {DS_ROLE_GATEWAY, DS_ROLE_PBX}, .count = 2};
    if (judge->topo->option == DS_SIP_TRUNK && subject->mediation != NULL && subject->routed)
        demand_neighbours(judge, subject, DS_ROLE_SBC, &others);
}

void ds_check_carrier_neighbour(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call between a Mediation Server and a carrier", one_carrier);
}
