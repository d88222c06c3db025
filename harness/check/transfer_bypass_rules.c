#include "course_internal.h"

/* BYP-14 … BYP-17: what becomes of bypass when a call is handed over, and what it costs a trunk to
   do without REFER. */

#define RTCP_PATIENCE_US                                                                           \
    INT64_C(30000000) /* RTCPActiveCalls: none for more than 30 s ends a call */

/* ---- BYP-14 ---- */

static void one_without_reports(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_event *bye = subject->call->bye;
    if (!ds_may_bypass(subject) || subject->trunk->refer || subject->before != NULL ||
        subject->up_us < RTCP_PATIENCE_US)
        return;
    double up_s = (double)subject->up_us / 1e6;
    if (bye != NULL)
        ds_evidence_add(&evidence, bye->frame);
    if (bye != NULL && bye->from_node == subject->mediation)
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "%s ends the call after %.1f s, though its audio and RTCP pass it by",
                     subject->mediation->name, up_s);
    else
        ds_judge_say(judge, DS_PASS, &evidence, "the call was up for %.1f s, until %s ended it",
                     up_s, bye == NULL ? "the capture" : ds_node_name(bye->from_node));
}

void ds_check_bypass_without_reports(struct ds_judge *judge)
{
    ds_judge_calls(judge, "bypassed call of more than 30 s on a trunk without REFER",
                   one_without_reports);
}

/* ---- BYP-15 … BYP-17 ---- */

enum way { BY_REFER, BY_JOINING, BY_THIRD_PARTY };

static enum way way_of(const struct ds_trunk *trunk)
{
    if (trunk->refer)
        return BY_REFER;
    return trunk->third_party_refer ? BY_THIRD_PARTY : BY_JOINING;
}

/* The call before it was handed over; of one that goes on in the place of a leg, before anybody
 * took that. NULL: there was none. */
static const struct ds_subject *origin_of(const struct ds_subject *subject)
{
    const struct ds_subject *at = ds_subject_is_parked(subject) ? subject->replaced : NULL;
    for (size_t left = DS_MOST_REPLACED; at != NULL && at->replaced != NULL && left > 0; left--)
        at = at->replaced;
    return at != NULL ? at : subject->before;
}

/* A call that was bypassed before it was handed over on such a trunk, and was answered since. Where
 * a leg was replaced nobody has asked the peer. */
static bool was_bypassed(struct ds_judge *judge, const struct ds_subject *subject, enum way way)
{
    const struct ds_subject *before = origin_of(subject);
    if (before == NULL || !ds_may_bypass(before))
        return false;
    enum way its = way_of(before->trunk);
    if (ds_subject_is_parked(subject) && its == BY_REFER)
        its = BY_JOINING;
    return its == way && subject->row != NULL && ds_subject_was_up(judge, subject);
}

/* Whoever is called inside may be where no audio goes past the Mediation Server. */
static bool may_stay_so(const struct ds_subject *subject)
{
    return subject->row->to != DS_PARTY_EV || subject->bypass;
}

static void demand_none_there(struct ds_judge *judge, const struct ds_subject *subject)
{
    char text[200];
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_topo_node *mediation = origin_of(subject)->mediation;
    const struct ds_flow *flow = ds_call_flow_at(subject->call, mediation);
    ds_evidence_add(&evidence, subject->call->hops[0].invite->frame);
    if (flow == NULL) {
        ds_judge_absent(judge, DS_PASS, &evidence,
                        "%s was handed over to %s, and none of its audio is at %s since",
                        ds_node_name(subject->caller), subject->number, mediation->name);
        return;
    }
    ds_flow_text(flow, text, sizeof text);
    ds_evidence_add(&evidence, flow->first_frame);
    ds_judge_say(judge, DS_FAIL, &evidence, "a bypassed call was handed over, and is at %s now: %s",
                 mediation->name, text);
}

static void one_joined(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    if (!was_bypassed(judge, subject, BY_JOINING))
        return;
    const struct ds_topo_node *mediation = origin_of(subject)->mediation,
                              *peer = origin_of(subject)->peer;
    uint64_t there = ds_call_packets(subject->call, peer, mediation);
    uint64_t back = ds_call_packets(subject->call, mediation, peer);
    ds_evidence_add(&evidence, subject->call->hops[0].invite->frame);
    ds_judge_absent(
        judge, there >= DS_ENOUGH_AUDIO && back >= DS_ENOUGH_AUDIO ? DS_PASS : DS_FAIL, &evidence,
        "after the transfer %llu RTP packets went from %s to %s, and %llu came back",
        (unsigned long long)there, peer->name, mediation->name, (unsigned long long)back);
}

void ds_check_bypass_ends(struct ds_judge *judge)
{
    ds_judge_calls(judge, "transfer of a bypassed call on a trunk without REFER", one_joined);
}

static void one_referred(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (was_bypassed(judge, subject, BY_REFER) && may_stay_so(subject))
        demand_none_there(judge, subject);
}

void ds_check_bypass_outlives_refer(struct ds_judge *judge)
{
    ds_judge_calls(judge, "transfer of a bypassed call on a trunk with REFER", one_referred);
}

/* Between two parties outside there is no client that could take part in bypass. */
static void one_third_party(struct ds_judge *judge, const struct ds_subject *subject)
{
    if (was_bypassed(judge, subject, BY_THIRD_PARTY) && subject->bypass)
        demand_none_there(judge, subject);
}

void ds_check_bypass_outlives_third_party(struct ds_judge *judge)
{
    ds_judge_calls(judge, "transfer of a bypassed call to a user by third-party call control",
                   one_third_party);
}
