#include "course_internal.h"

#include <string.h>

/* PARK-01 … PARK-06: calls that are parked, and what becomes of them. A user calls the service,
   which by REFER calls the parked party: that second call lasts as long as the party is parked. */

#define AT_ONCE_US     INT64_C(500000)
#define TOLERANCE_US   INT64_C(1000000) /* of when it rings back */
#define ORBIT_IS_EMPTY "35000"          /* [OCER25] */

static bool calls_service(const struct ds_judge *judge, const struct ds_subject *subject)
{
    return subject->callee != NULL && subject->callee == judge->topo->call_park.service;
}

/* Does it ask the service to park, or is it to take a parked call up? */
static bool is_parking(const struct ds_judge *judge, const struct ds_subject *subject)
{
    return calls_service(judge, subject) &&
           strcmp(subject->number, judge->topo->call_park.service->name) == 0;
}

static bool is_retrieval(const struct ds_judge *judge, const struct ds_subject *subject)
{
    return calls_service(judge, subject) && !is_parking(judge, subject);
}

static const struct ds_hop_seen *hop_to_service(const struct ds_judge *judge,
                                                const struct ds_call *call)
{
    return ds_call_hop_to(call, judge->topo->call_park.service);
}

/* The orbit that the service told; empty: none. */
static struct ds_slice orbit_of(const struct ds_judge *judge, const struct ds_subject *parking)
{
    const struct ds_hop_seen *hop = hop_to_service(judge, parking->call);
    bool answered = hop != NULL && hop->final_status / 100 == 2;
    return answered ? ds_event_user(hop->final, "Contact") : (struct ds_slice){NULL, 0};
}

/* The call in which the party is parked that this one asked for; NULL: none, or not answered. */
static const struct ds_call *parked_by(const struct ds_judge *judge,
                                       const struct ds_subject *parking)
{
    for (size_t i = 0; i < judge->trace->call_count; i++) {
        const struct ds_call *call = &judge->trace->calls[i];
        if (call->continues == parking->call && call->outcome == DS_ANSWERED &&
            call->from_node == judge->topo->call_park.service)
            return call;
    }
    return NULL;
}

/* By frames: where packets take no time, so does much else. */
static bool lasts_at(const struct ds_call *parked, uint32_t frame)
{
    return parked->hops[0].final->frame < frame &&
           (parked->bye == NULL || parked->bye->frame > frame);
}

/* Who is parked at an orbit when that frame comes; NULL: nobody. */
static const struct ds_call *
parked_at(const struct ds_judge *judge, struct ds_slice orbit, uint32_t frame)
{
    for (size_t i = 0; i < judge->trace->call_count; i++) {
        const struct ds_subject *subject = &judge->subjects[i];
        if (!is_parking(judge, subject) || !ds_slice_equal(orbit_of(judge, subject), orbit))
            continue;
        const struct ds_call *parked = parked_by(judge, subject);
        if (parked != NULL && lasts_at(parked, frame))
            return parked;
    }
    return NULL;
}

/* ---- PARK-01 ---- */

static void one_orbit(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *parked = is_parking(judge, subject) ? parked_by(judge, subject) : NULL;
    if (parked == NULL)
        return;
    struct ds_slice orbit = orbit_of(judge, subject);
    uint32_t told = hop_to_service(judge, subject->call)->final->frame;
    const struct ds_call *other = parked_at(judge, orbit, told);
    ds_evidence_add(&evidence, told);
    if (!ds_topo_is_orbit(judge->topo, orbit))
        ds_judge_say(judge, DS_FAIL, &evidence, "%s parks a call and is told '%.*s', no orbit",
                     ds_node_name(subject->caller), DS_FMT(orbit));
    else if (other != NULL && other != parked)
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "%s parks a call at %.*s, where the call of frame %u is parked already",
                     ds_node_name(subject->caller), DS_FMT(orbit), other->hops[0].invite->frame);
    else
        ds_judge_say(judge, DS_PASS, &evidence, "%s parks a call at %.*s, which was free",
                     ds_node_name(subject->caller), DS_FMT(orbit));
}

void ds_check_orbit_told(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call that was parked", one_orbit);
}

/* ---- PARK-02 ---- */

static const struct ds_call *made_by(const struct ds_judge *judge, const struct ds_call *retrieval)
{
    for (size_t i = 0; i < judge->trace->call_count; i++)
        if (judge->trace->calls[i].continues == retrieval)
            return &judge->trace->calls[i];
    return NULL;
}

static bool takes_place_of(const struct ds_call *made, const struct ds_call *parked)
{
    struct ds_slice value, params;
    return ds_msg_header(made->hops[0].invite->msg, "Replaces", 0, &value) &&
           ds_slice_equal(ds_slice_trim(ds_value_uri(value, &params)),
                          parked->hops[0].leg->call_id);
}

static void one_connected(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    if (!is_retrieval(judge, subject) || call->outcome != DS_ANSWERED)
        return;
    const struct ds_call *parked =
        parked_at(judge, ds_slice_of(subject->number), call->hops[0].invite->frame);
    const struct ds_call *made = made_by(judge, call);
    if (parked == NULL)
        return;
    ds_evidence_add(&evidence, call->hops[0].invite->frame);
    if (made != NULL)
        ds_evidence_add(&evidence, made->hops[0].invite->frame);
    if (made != NULL && takes_place_of(made, parked))
        ds_judge_say(judge, DS_PASS, &evidence, "%s calls %s, and then whom %s is parked with",
                     ds_node_name(subject->caller), subject->number, parked->from_node->name);
    else if (made != NULL)
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "%s calls %s, and is connected with somebody else in frame %u",
                     ds_node_name(subject->caller), subject->number, made->hops[0].invite->frame);
    else if (subject->up_us > AT_ONCE_US)
        ds_judge_absent(judge, DS_FAIL, &evidence,
                        "%s calls %s, is answered, and is connected with nobody",
                        ds_node_name(subject->caller), subject->number);
}

void ds_check_orbit_retrieved(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call to an orbit where somebody was parked", one_connected);
}

/* ---- PARK-03 ---- */

static void one_empty(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    if (!is_retrieval(judge, subject))
        return;
    const struct ds_hop_seen *hop = hop_to_service(judge, subject->call);
    if (hop == NULL || hop->final == NULL ||
        parked_at(judge, ds_slice_of(subject->number), hop->invite->frame) != NULL ||
        parked_at(judge, ds_slice_of(subject->number), hop->final->frame) != NULL)
        return;
    ds_evidence_add(&evidence, hop->final->frame);
    bool named = ds_event_diagnoses(hop->final, ORBIT_IS_EMPTY);
    if (hop->final_status == 404 && named)
        ds_judge_say(judge, DS_PASS, &evidence, "nobody is parked at %s, and %s is told so",
                     subject->number, ds_node_name(subject->caller));
    else
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "nobody is parked at %s, and the call to it ends its INVITE with %d, with%s "
                     "ms-diagnostics " ORBIT_IS_EMPTY,
                     subject->number, hop->final_status, named ? "" : "out");
}

void ds_check_orbit_empty(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call to an orbit where nobody is parked", one_empty);
}

/* ---- PARK-04 ---- */

static void one_right(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_topo_node *caller = subject->caller;
    if (!is_parking(judge, subject) || !ds_is_role(caller, DS_ROLE_CLIENT))
        return;
    const struct ds_hop_seen *hop = hop_to_service(judge, subject->call);
    if (hop == NULL || hop->final == NULL)
        return;
    bool may = caller->user->parks, refused = hop->final_status == 403;
    ds_evidence_add(&evidence, hop->final->frame);
    if (may != refused)
        ds_judge_say(judge, DS_PASS, &evidence, "%s may %spark calls, and the service %s",
                     caller->name, may ? "" : "not ", may ? "does not refuse it" : "refuses it");
    else
        ds_judge_say(judge, DS_FAIL, &evidence, "%s may %spark calls, and the service answers %d",
                     caller->name, may ? "" : "not ", hop->final_status);
}

void ds_check_right_to_park(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call by which a user parks another", one_right);
}

/* ---- PARK-05 ---- */

static bool was_called(const struct ds_judge *judge,
                       struct ds_slice orbit,
                       const struct ds_call *parked,
                       int64_t until)
{
    for (size_t i = 0; i < judge->trace->call_count; i++) {
        const struct ds_subject *subject = &judge->subjects[i];
        int64_t at = subject->call->began_at;
        if (is_retrieval(judge, subject) && ds_slice_equal(ds_slice_of(subject->number), orbit) &&
            at >= parked->answered_at && at <= until)
            return true;
    }
    return false;
}

/* The REFER by which the service has the parked party call somebody; NULL: none. */
static const struct ds_event *refer_to(const struct ds_call *parked)
{
    for (size_t i = 0; i < parked->event_count; i++)
        if (ds_event_requests(parked->events[i], "REFER") &&
            parked->events[i]->from_node == parked->from_node)
            return parked->events[i];
    return NULL;
}

static void one_rung_back(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    int64_t wait_us = judge->topo->call_park.wait_us;
    const struct ds_call *parked = is_parking(judge, subject) ? parked_by(judge, subject) : NULL;
    if (parked == NULL)
        return;
    const struct ds_event *refer = refer_to(parked);
    int64_t end = parked->ended_at >= 0 ? parked->ended_at : judge->trace->duration;
    int64_t waited = (refer != NULL ? refer->at : end) - parked->answered_at;
    if ((refer == NULL && waited <= wait_us + TOLERANCE_US) ||
        was_called(judge, orbit_of(judge, subject), parked, parked->answered_at + waited))
        return;
    const char *parker = ds_node_name(subject->caller);
    double seconds = (double)waited / 1e6;
    ds_evidence_add(&evidence, (refer != NULL ? refer : parked->hops[0].invite)->frame);
    if (refer == NULL)
        ds_judge_absent(judge, DS_FAIL, &evidence,
                        "nobody takes the parked call up for %.1f s, and it rings nowhere",
                        seconds);
    else if (!ds_slice_equal(ds_event_user(refer, "Refer-To"),
                             ds_slice_of(subject->caller->user->number)))
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "nobody takes up what %s has parked, and it is to ring %.*s", parker,
                     DS_FMT(ds_event_user(refer, "Refer-To")));
    else if (waited < wait_us - TOLERANCE_US || waited > wait_us + TOLERANCE_US)
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "what %s has parked rings back after %.1f s, not after %lld", parker, seconds,
                     (long long)(wait_us / 1000000));
    else
        ds_judge_say(judge, DS_PASS, &evidence, "what %s has parked rings back after %.1f s",
                     parker, seconds);
}

void ds_check_parked_rings_back(struct ds_judge *judge)
{
    ds_judge_calls(judge, "parked call that nobody took up in its time", one_rung_back);
}

/* ---- PARK-06 ---- */

/* Where the pool sends it besides the devices of who parked, and the Edge before them; or NULL. */
static const struct ds_hop_seen *strays(const struct ds_subject *subject)
{
    const struct ds_call *call = subject->call;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        bool own = hop->to_node != NULL && hop->to_node->user == subject->callee->user;
        if (ds_is_role(hop->from_node, DS_ROLE_POOL) && !own &&
            !ds_is_role(hop->to_node, DS_ROLE_EDGE))
            return hop;
    }
    return NULL;
}

static void one_ring_back(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_topo_node *callee = subject->callee;
    if (!ds_subject_rings_back(judge, subject) || !ds_is_role(callee, DS_ROLE_CLIENT))
        return;
    const struct ds_hop_seen *stray = strays(subject);
    const struct ds_hop_seen *last = &subject->call->hops[subject->call->hop_count - 1];
    ds_evidence_add(&evidence, (stray != NULL ? stray : last)->invite->frame);
    if (stray != NULL)
        ds_judge_say(judge, DS_FAIL, &evidence,
                     "%s is to be rung back, and the call goes to %s in frame %u", callee->name,
                     ds_node_name(stray->to_node), stray->invite->frame);
    else if (ds_is_role(last->to_node, DS_ROLE_CLIENT))
        ds_judge_say(judge, DS_PASS, &evidence, "%s is rung back, in frame %u", callee->name,
                     last->invite->frame);
}

void ds_check_ring_back_stays(struct ds_judge *judge)
{
    ds_judge_calls(judge, "parked call that rings back", one_ring_back);
}
