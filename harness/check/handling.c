#include "admission_internal.h"

/* A user may have all calls forwarded, another number ring along, and those that nobody takes go
   on. Then a call is judged by where it was taken; all that rang besides stands aside. */

/* Who has the number, where they are when this INVITE is sent. */
static const struct ds_topo_node *
owner_of(const struct ds_judge *judge, const char *number, const struct ds_hop_seen *hop)
{
    const struct ds_topo_node *owner = ds_topo_owner(judge->topo, ds_slice_of(number));
    return ds_judge_whereabouts(judge, owner, hop->invite->frame).device;
}

static bool
leads_to(const struct ds_judge *judge, const struct ds_hop_seen *hop, const char *number)
{
    if (!ds_is_role(hop->from_node, DS_ROLE_POOL))
        return false;
    const struct ds_topo_node *owner = owner_of(judge, number, hop);
    if (ds_is_role(owner, DS_ROLE_CLIENT))
        return hop->to_node != NULL && hop->to_node->user == owner;
    return ds_slice_equal(ds_event_user(hop->invite, NULL), ds_slice_of(number));
}

static const struct ds_hop_seen *
find_hop(const struct ds_judge *judge, const struct ds_call *call, const char *number)
{
    for (size_t i = 0; i < call->hop_count && number != NULL; i++)
        if (leads_to(judge, &call->hops[i], number))
            return &call->hops[i];
    return NULL;
}

/* Is this hop's the answer that came back to whoever called the pool? */
static bool took_the_call(const struct ds_call *call, const struct ds_hop_seen *hop)
{
    if (hop == NULL || hop->final == NULL || hop->final_status >= 300 ||
        call->outcome != DS_ANSWERED)
        return false;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *first = &call->hops[i];
        if (first->leg == hop->leg)
            return first->final != NULL &&
                   ds_slice_equal(ds_msg_to_tag(first->final->msg), ds_msg_to_tag(hop->final->msg));
    }
    return false;
}

static bool was_left(const struct ds_subject *subject, const struct ds_topo_node *user)
{
    for (size_t i = 0; i < subject->left_count; i++)
        if (subject->left[i].user == user)
            return true;
    return false;
}

static bool forwards_all(const struct ds_topo_node *user)
{
    return ds_is_role(user, DS_ROLE_CLIENT) && user->handling.forward != NULL;
}

static void leave(struct ds_subject *subject, enum ds_leaving how, const struct ds_hop_seen *hop)
{
    subject->left[subject->left_count++] =
        (struct ds_left){.user = subject->callee, .how = how, .hop = hop};
}

static void go_to(const struct ds_judge *judge, struct ds_subject *subject, const char *number)
{
    subject->callee = owner_of(judge, number, &subject->call->hops[0]);
    (void)ds_slice_copy(ds_slice_of(number), subject->number, sizeof subject->number);
}

/* Past all who forward every call: no hop leads to any of them, and one from the last. */
static bool follow_forwards(const struct ds_judge *judge, struct ds_subject *subject)
{
    struct ds_subject there = *subject;
    while (forwards_all(there.callee) && there.left_count < DS_MOST_LEFT &&
           !was_left(&there, there.callee)) {
        const char *number = there.callee->handling.forward;
        leave(&there, DS_LEFT_AT_ONCE, find_hop(judge, there.call, number));
        go_to(judge, &there, number);
    }
    const struct ds_hop_seen *out = there.left[there.left_count - 1].hop;
    if (out == NULL && ds_is_role(there.callee, DS_ROLE_CLIENT)) /* nobody is signed in there */
        out = find_hop(judge, there.call, there.callee->handling.unanswered);
    subject->stranded = out == NULL;
    if (subject->stranded)
        return false;
    for (size_t i = subject->left_count; i < there.left_count; i++)
        there.left[i].hop = out;
    *subject = there;
    return true;
}

/* To the number that rang along and took the call, or that it went on to unanswered. */
static bool follow_others(const struct ds_judge *judge, struct ds_subject *subject)
{
    const struct ds_call_handling *handling = &subject->callee->handling;
    const struct ds_hop_seen *along = find_hop(judge, subject->call, handling->ring_also),
                             *later = find_hop(judge, subject->call, handling->unanswered);
    bool taken = took_the_call(subject->call, along);
    if (along != NULL && !taken)
        subject->beside = along;
    if (!taken && later == NULL)
        return false;
    leave(subject, taken ? DS_LEFT_FOR_ANOTHER : DS_LEFT_UNANSWERED, taken ? along : later);
    go_to(judge, subject, taken ? handling->ring_also : handling->unanswered);
    return true;
}

bool ds_subject_rings_back(const struct ds_judge *judge, const struct ds_subject *subject)
{
    const struct ds_topo_node *service = judge->topo->call_park.service;
    return service != NULL &&
           ds_slice_equal(ds_event_user(subject->call->hops[0].invite, "Referred-By"),
                          ds_slice_of(service->name));
}

void ds_subject_follow(const struct ds_judge *judge, struct ds_subject *subject)
{
    bool went_on = !ds_subject_rings_back(judge, subject);
    while (went_on && ds_is_role(subject->callee, DS_ROLE_CLIENT) &&
           subject->left_count < DS_MOST_LEFT && !was_left(subject, subject->callee))
        went_on = forwards_all(subject->callee) ? follow_forwards(judge, subject)
                                                : follow_others(judge, subject);
    ds_subject_reroute(judge, subject);
}

/* ---- what stands aside ---- */

bool ds_subject_is_left(const struct ds_subject *subject, const struct ds_topo_node *node)
{
    if (subject->cut_off != NULL && node != NULL && node->user == subject->cut_off)
        return true;
    if (subject->left_count == 0 || node == NULL)
        return false;
    return was_left(subject, node->user) ||
           (ds_is_role(node, DS_ROLE_EDGE) && !ds_is_external(subject->caller) &&
            !ds_is_external(subject->callee));
}

/* To the number that rings along: each device of who has it, or the same number further on. */
static bool is_along(const struct ds_hop_seen *beside, const struct ds_hop_seen *hop)
{
    if (beside == NULL || hop->invite->frame < beside->invite->frame)
        return false;
    if (hop->leg == beside->leg)
        return hop->invite == beside->invite ||
               (ds_is_role(hop->to_node, DS_ROLE_CLIENT) && beside->to_node != NULL &&
                hop->to_node->user == beside->to_node->user);
    return ds_slice_equal(ds_event_user(hop->invite, NULL), ds_event_user(beside->invite, NULL));
}

static bool is_beside(const struct ds_subject *subject, const struct ds_hop_seen *hop)
{
    return is_along(subject->beside, hop) || is_along(subject->in_vain, hop);
}

static bool has_beside(const struct ds_subject *subject)
{
    return subject->beside != NULL || subject->in_vain != NULL;
}

/* Of two who talk inside, to a device that the callee has outside: it rings too. */
static bool is_to_device_outside(const struct ds_subject *subject, const struct ds_hop_seen *hop)
{
    const struct ds_topo_node *callee = subject->callee;
    if (ds_is_external(subject->caller) || !ds_is_role(callee, DS_ROLE_CLIENT) ||
        ds_is_external(callee))
        return false;
    for (size_t i = 0; i < subject->call->hop_count; i++) {
        const struct ds_hop_seen *last = &subject->call->hops[i];
        if (ds_is_external(last->to_node) && last->to_node->user == callee->user &&
            (hop == last || hop->to_node == last->from_node))
            return true;
    }
    return false;
}

bool ds_subject_hop_is_aside(const struct ds_subject *subject, size_t at)
{
    const struct ds_hop_seen *hop = &subject->call->hops[at];
    return ds_hop_is_aside(subject->call, at) || ds_subject_is_left(subject, hop->to_node) ||
           is_beside(subject, hop) || is_to_device_outside(subject, hop);
}

bool ds_subject_event_is_aside(const struct ds_subject *subject, const struct ds_event *event)
{
    for (size_t i = 0; i < subject->call->hop_count && has_beside(subject); i++)
        if (is_beside(subject, &subject->call->hops[i]) &&
            ds_event_is_on(event, &subject->call->hops[i]))
            return true;
    return false;
}

/* Who hears it was told of it further on, too, in the same words. */
static bool is_described_aside(const struct ds_subject *subject, const struct ds_flow *flow)
{
    for (size_t i = 0; i < subject->call->event_count && has_beside(subject); i++) {
        const struct ds_event *event = subject->call->events[i];
        const struct ds_sdp_media *audio = ds_event_audio(event);
        if (audio != NULL && ds_addr_equal(audio->at, flow->from) &&
            ds_subject_event_is_aside(subject, event))
            return true;
    }
    return false;
}

/* Its audio was described there, or comes from a device that another one was quicker than. */
bool ds_subject_flow_is_aside(const struct ds_subject *subject, const struct ds_flow *flow)
{
    const struct ds_topo_node *callee = subject->callee;
    bool of_device = flow->from_node != NULL && callee != NULL && flow->from_node != callee &&
                     callee->user != NULL && flow->from_node->user == callee->user;
    return of_device || is_described_aside(subject, flow);
}
