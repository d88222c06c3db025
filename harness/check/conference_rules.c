#include "course_internal.h"

/* CONF, BYP-10 and BYP-28: what becomes of those who are in a conference. */

#define AT_ONCE_US INT64_C(2000000) /* what follows of itself follows within that */
#define SETTLED_US INT64_C(200000)  /* after which no audio goes where it went before */

/* ---- CONF-01 ---- */

static void told(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    struct ds_slice value = {NULL, 0};
    bool tells = ds_event_requests(event, "INVITE") || ds_event_answers_invite(event, 200, 299);
    (void)judge;
    if (!tells || event->retransmission || !ds_is_role(event->from_node, DS_ROLE_CONFERENCING))
        return;
    (void)ds_msg_value(event->msg, "Contact", 0, &value);
    if (ds_msg_is_from_focus(event->msg))
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(tally, event->frame,
                     "%s does not say in frame %u that it is a focus: its Contact is %.*s",
                     event->from_node->name, event->frame, (int)(value.len < 120 ? value.len : 120),
                     value.at);
}

void ds_check_focus_told(struct ds_judge *judge)
{
    ds_judge_messages(judge, "INVITE or answer of a conferencing server",
                      "INVITEs and answers of a focus that say so", told);
}

/* ---- CONF-03 ---- */

static bool is_taken_on(const struct ds_leg *leg, const struct ds_event *refer)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *event = leg->events[i];
        if (!ds_msg_is_request(event->msg) && ds_msg_method_is(event->msg, "REFER") &&
            ds_msg_cseq(event->msg) == ds_msg_cseq(refer->msg) &&
            ds_msg_status(event->msg) / 100 == 2)
            return true;
    }
    return false;
}

static bool is_first_refer(const struct ds_leg *leg, const struct ds_event *refer)
{
    for (size_t i = 0; i < leg->event_count && leg->events[i]->frame < refer->frame; i++)
        if (ds_event_requests(leg->events[i], "REFER") &&
            ds_msg_cseq(leg->events[i]->msg) != ds_msg_cseq(refer->msg))
            return false;
    return true;
}

/* RFC 3515 2.4.6: it names the REFER by its number; of the first in a dialog it need not. */
static bool
is_report_on(const struct ds_event *report, const struct ds_leg *leg, const struct ds_event *refer)
{
    struct ds_slice event = {NULL, 0}, params, id;
    uint64_t cseq = 0;
    (void)ds_msg_header(report->msg, "Event", 0, &event);
    (void)ds_value_uri(event, &params);
    if (!ds_param(params, "id", &id))
        return is_first_refer(leg, refer);
    return ds_slice_number(id, UINT32_MAX, &cseq) == DS_OK && cseq == ds_msg_cseq(refer->msg);
}

/* The final one; NULL: none. */
static const struct ds_event *report_on(const struct ds_leg *leg, const struct ds_event *refer)
{
    for (size_t i = 0; i < leg->event_count; i++)
        if (ds_event_reported(leg->events[i]) >= 200 && is_report_on(leg->events[i], leg, refer))
            return leg->events[i];
    return NULL;
}

/* The call that it makes; NULL: none. */
static const struct ds_call *call_for(const struct ds_judge *judge, const struct ds_event *refer)
{
    struct ds_slice target = ds_event_user(refer, "Refer-To");
    for (size_t i = 0; i < judge->trace->call_count; i++) {
        const struct ds_hop_seen *hop = &judge->trace->calls[i].hops[0];
        if (hop->from_node == refer->to_node && hop->invite->frame > refer->frame &&
            ds_slice_equal(ds_event_user(hop->invite, NULL), target))
            return &judge->trace->calls[i];
    }
    return NULL;
}

static int64_t left_after(const struct ds_judge *judge, const struct ds_leg *leg, int64_t since)
{
    int64_t end = judge->trace->duration;
    for (size_t i = 0; i < leg->event_count; i++)
        if (ds_event_requests(leg->events[i], "BYE") && leg->events[i]->at < end)
            end = leg->events[i]->at;
    return end - since;
}

static void judge_invitation(struct ds_judge *judge,
                             const struct ds_leg *leg,
                             const struct ds_event *refer,
                             struct ds_tally *tally)
{
    struct ds_slice target = ds_event_user(refer, "Refer-To");
    const struct ds_call *call = call_for(judge, refer);
    const struct ds_event *report = report_on(leg, refer);
    const struct ds_event *outcome = call == NULL ? NULL : call->hops[0].final;
    if (call == NULL && left_after(judge, leg, refer->at) > AT_ONCE_US)
        ds_tally_bad(tally, refer->frame, "%s takes on the REFER of frame %u, and calls nobody",
                     refer->to_node->name, refer->frame);
    else if (outcome != NULL && report == NULL && left_after(judge, leg, outcome->at) > AT_ONCE_US)
        ds_tally_bad(tally, outcome->frame,
                     "%s has had %.*s called, which ends with %d in frame %u, and is not told",
                     ds_node_name(leg->invite->from_node), DS_FMT(target),
                     ds_msg_status(outcome->msg), outcome->frame);
    else if (outcome != NULL && report != NULL &&
             ds_event_reported(report) != ds_msg_status(outcome->msg))
        ds_tally_bad(tally, report->frame, "the call to %.*s ends with %d, and %d is reported",
                     DS_FMT(target), ds_msg_status(outcome->msg), ds_event_reported(report));
    else if (outcome != NULL && report != NULL)
        ds_tally_good(tally, report->frame);
}

static void invited(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    for (size_t i = 0; i < leg->event_count && leg->focus != NULL; i++) {
        const struct ds_event *event = leg->events[i];
        if (ds_event_requests(event, "REFER") && !event->retransmission &&
            ds_is_role(event->to_node, DS_ROLE_CONFERENCING) && is_taken_on(leg, event))
            judge_invitation(judge, leg, event, tally);
    }
}

void ds_check_conference_invites(struct ds_judge *judge)
{
    ds_judge_legs(judge, "REFER to a conferencing server",
                  "REFERs to a focus, each with a call and a report on what came of it", invited);
}

/* ---- CONF-04 ---- */

/* Who clears one, or refuses to come, at most so long before. */
static const struct ds_event *cause_of(const struct ds_judge *judge, const struct ds_event *bye)
{
    const struct ds_trace *trace = judge->trace;
    const struct ds_event *cause = NULL;
    for (size_t i = 0; i < trace->event_count && trace->events[i].frame < bye->frame; i++) {
        const struct ds_event *event = &trace->events[i];
        bool leaves = ds_event_requests(event, "BYE") || ds_event_answers_invite(event, 300, 699);
        if (leaves && event->to_node == bye->from_node && event->leg != bye->leg &&
            bye->at - event->at < AT_ONCE_US)
            cause = event;
    }
    return cause;
}

static void one_left_alone(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    if (!ds_subject_is_conference(subject) || call->outcome != DS_ANSWERED || call->bye == NULL)
        return;
    const struct ds_event *cause = NULL;
    bool by_server = ds_is_role(call->bye->from_node, DS_ROLE_CONFERENCING);
    if (by_server)
        cause = cause_of(judge, call->bye);
    if (cause != NULL)
        ds_tally_bad(&tally, call->bye->frame,
                     "somebody else leaves, or does not come, in frame %u, and %s clears this call "
                     "in frame %u",
                     cause->frame, call->bye->from_node->name, call->bye->frame);
    else if (!by_server)
        ds_tally_good(&tally, call->bye->frame);
    ds_judge_tally(judge, &tally, "calls with a conference, cleared by who was in it");
}

void ds_check_conference_outlasts(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call with a conference that is cleared", one_left_alone);
}

/* ---- BYP-10 ---- */

/* Between the trunk's peer and who would be next to it if the Mediation Server were passed by. */
static bool passes_by(const struct ds_flow *flow, const struct ds_trunk *trunk)
{
    const struct ds_topo_node *other = flow->from_node == trunk->b ? flow->to_node
                                       : flow->to_node == trunk->b ? flow->from_node
                                                                   : NULL;
    return ds_is_role(other, DS_ROLE_CLIENT) || ds_is_role(other, DS_ROLE_CONFERENCING) ||
           ds_is_role(other, DS_ROLE_EDGE);
}

static void find_shortcut(const struct ds_call *call,
                          const struct ds_trunk *trunk,
                          int64_t since,
                          struct ds_tally *tally)
{
    char text[200];
    for (size_t i = 0; call != NULL && i < call->flow_count; i++) {
        const struct ds_flow *flow = call->flows[i];
        if (!passes_by(flow, trunk) || flow->last_at <= since)
            continue;
        ds_flow_text(flow, text, sizeof text);
        ds_tally_bad(tally, flow->first_frame,
                     "the call is in a conference, and its audio passes %s by: %s", trunk->a->name,
                     text);
    }
}

static void one_in_conference(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    const struct ds_trunk *trunk =
        ds_subject_is_conference(subject) ? ds_conference_trunk(judge, call) : NULL;
    if (trunk == NULL || !judge->topo->bypass_enabled || judge->topo->bypass_conferences ||
        !trunk->bypass || !ds_subject_was_up(judge, subject))
        return;
    find_shortcut(call, trunk, call->answered_at + SETTLED_US, &tally);
    find_shortcut(call->replaces == NULL ? NULL : call->replaces->call, trunk,
                  call->answered_at + SETTLED_US, &tally);
    uint64_t there = ds_call_packets(call, trunk->b, trunk->a);
    uint64_t back = ds_call_packets(call, trunk->a, trunk->b);
    if (tally.bad == 0 && there >= DS_ENOUGH_AUDIO && back >= DS_ENOUGH_AUDIO)
        ds_tally_good(&tally, call->hops[0].invite->frame);
    else if (tally.bad == 0)
        ds_tally_bad(&tally, call->hops[0].invite->frame,
                     "%llu RTP packets went from %s to %s in the conference, and %llu came back",
                     (unsigned long long)there, trunk->b->name, trunk->a->name,
                     (unsigned long long)back);
    ds_judge_tally_seen(judge, &tally,
                        "calls in a conference whose audio passes the Mediation Server");
}

void ds_check_bypass_conference(struct ds_judge *judge)
{
    ds_judge_calls(judge, "conference with somebody behind a trunk that permits bypass",
                   one_in_conference);
}

/* ---- BYP-28 ---- */

static void one_past(struct ds_judge *judge, const struct ds_subject *subject)
{
    char text[200];
    struct ds_tally tally = {0};
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    const struct ds_trunk *trunk =
        ds_is_role(subject->caller, DS_ROLE_CONFERENCING) ? ds_conference_trunk(judge, call) : NULL;
    if (trunk == NULL || !subject->bypass || !ds_subject_was_up(judge, subject))
        return;
    const struct ds_flow *flow = ds_call_flow_at(call, trunk->a);
    if (flow != NULL) {
        ds_flow_text(flow, text, sizeof text);
        ds_tally_bad(&tally, flow->first_frame, "%s is to be passed by, and has audio: %s",
                     trunk->a->name, text);
        ds_judge_tally(judge, &tally, "");
    } else if (ds_flows_both_ways(call, subject->caller, trunk->b, &evidence)) {
        ds_judge_absent(judge, DS_PASS, &evidence, "audio flows between %s and %s, past %s",
                        subject->caller->name, trunk->b->name, trunk->a->name);
    } else {
        ds_say_one_way(judge, call, subject->caller, trunk->b);
    }
}

void ds_check_bypass_conferences_too(struct ds_judge *judge)
{
    ds_judge_calls(judge, "conference that takes part in bypass", one_past);
}
