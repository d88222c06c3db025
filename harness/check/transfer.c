#include "course_internal.h"

/* A call that a transfer made: who goes on in it, and where its road begins. */

/* The end that asked: whoever sent the REFER for that target first. */
static const struct ds_topo_node *find_transferor(const struct ds_call *call)
{
    const struct ds_call *before = call->continues;
    struct ds_slice target = ds_event_user(call->refer, "Refer-To");
    const struct ds_topo_node *found = NULL;
    enum ds_party party;
    for (size_t i = 0; i < before->event_count; i++) {
        const struct ds_event *event = before->events[i];
        if (event->frame <= call->refer->frame && ds_event_requests(event, "REFER") &&
            event->from_node != NULL && ds_party_of(event->from_node, &party) &&
            ds_slice_equal(ds_event_user(event, "Refer-To"), target))
            found = event->from_node;
    }
    return found;
}

/* The other end is who stays, whatever the element that has it was called by. */
static void find_replaced(const struct ds_judge *judge, struct ds_subject *subject)
{
    const struct ds_call *call = subject->call;
    subject->replaced = &judge->subjects[call->replaces->call - judge->trace->calls];
    if (call->to_node == NULL || call->to_node->role == DS_ROLE_MEDIATION)
        return;
    subject->callee = call->to_node;
    if (subject->callee->number != NULL)
        (void)ds_slice_copy(ds_slice_of(subject->callee->number), subject->number,
                            sizeof subject->number);
}

void ds_subject_hand_over(const struct ds_judge *judge, struct ds_subject *subject)
{
    const struct ds_call *call = subject->call;
    if (call->replaces != NULL)
        find_replaced(judge, subject);
    if (call->continues == NULL)
        return;
    const struct ds_subject *before = &judge->subjects[call->continues - judge->trace->calls];
    subject->before = before;
    const struct ds_topo_node *asked = find_transferor(call);
    bool caller_asked = asked != NULL && asked == before->caller;
    subject->caller = caller_asked ? before->callee : before->caller;
}

const char *ds_subject_caller_number(const struct ds_subject *subject)
{
    const struct ds_subject *at = subject;
    while (at->before != NULL) {
        if (at->caller != at->before->caller)
            return at->before->number;
        at = at->before;
    }
    return at->call->from_number;
}

static bool is_known_by(const struct ds_topo_node *node, struct ds_slice user)
{
    return node != NULL &&
           ((node->extension != NULL && ds_slice_equal(user, ds_slice_of(node->extension))) ||
            ds_slice_equal(user, ds_slice_of(node->name)) ||
            ds_slice_equal(ds_number_without_plus(user),
                           ds_number_without_plus(ds_slice_of(node->number))));
}

bool ds_subject_shows_caller(const struct ds_subject *subject, struct ds_slice user)
{
    struct ds_slice number = ds_slice_of(ds_subject_caller_number(subject));
    return ds_slice_equal(ds_number_without_plus(user), ds_number_without_plus(number)) ||
           is_known_by(subject->caller, user);
}

void ds_road_shorten(const struct ds_subject *subject, struct ds_road *road)
{
    const struct ds_topo_node *asked = subject->call->hops[0].from_node;
    size_t first = 0;
    if (subject->before == NULL || asked == NULL || asked == subject->caller)
        return;
    while (first < road->count && road->roles[first] != asked->role)
        first++;
    if (first == road->count)
        return;
    road->count -= first;
    for (size_t i = 0; i < road->count; i++)
        road->roles[i] = road->roles[i + first];
}

/* What lies behind the Mediation Server where it took the place of a leg is there already. */
bool ds_road_cut(const struct ds_subject *subject, struct ds_road *road)
{
    size_t last = road->count;
    if (subject->replaced == NULL)
        return false;
    while (last > 0 && road->roles[last - 1] != DS_ROLE_MEDIATION)
        last--;
    road->count = last > 0 ? last : road->count;
    return last > 0;
}

bool ds_subject_is_parked(const struct ds_subject *subject)
{
    const struct ds_subject *before = subject->before;
    return subject->replaced != NULL &&
           (ds_is_role(subject->caller, DS_ROLE_CALL_PARK) ||
            (before != NULL && ds_is_role(before->callee, DS_ROLE_CALL_PARK)));
}

const struct ds_topo_node *ds_subject_passed(const struct ds_subject *subject,
                                             enum ds_role_kind role)
{
    size_t left = DS_MOST_REPLACED;
    for (const struct ds_subject *at = subject->replaced; at != NULL && left-- > 0;
         at = at->replaced)
        for (size_t i = 0; i < at->call->hop_count; i++) {
            const struct ds_hop_seen *hop = &at->call->hops[i];
            if (hop->final_status / 100 != 2 || ds_subject_hop_is_aside(at, i))
                continue;
            if (ds_is_role(hop->from_node, role))
                return hop->from_node;
            if (ds_is_role(hop->to_node, role))
                return hop->to_node;
        }
    return NULL;
}

/* Joined at the Mediation Server audio passes it; bypass outlives the transfer only as a third
 * party's (BYP-15, BYP-17). The trunk is crossed by the leg of the party that stays. */
void ds_subject_join(struct ds_subject *subject)
{
    if (ds_subject_is_parked(subject) && subject->trunk != NULL) {
        subject->crossed = true;
        subject->bypass = subject->bypass && subject->trunk->third_party_refer;
        return;
    }
    if (subject->before == NULL || subject->trunk == NULL ||
        subject->call->hops[0].from_node != subject->mediation)
        return;
    subject->crossed = true;
    subject->bypass = subject->bypass && subject->trunk->third_party_refer;
}

/* Between two parties outside bypass goes on where the peer, asked by REFER, has called back, and
 * both calls were bypassed before (BYP-16). */
void ds_subject_join_outside(struct ds_subject *subject)
{
    const struct ds_subject *replaced = subject->replaced;
    if (subject->before == NULL || replaced == NULL ||
        ds_is_role(subject->call->hops[0].from_node, DS_ROLE_MEDIATION))
        return;
    subject->bypass = subject->before->bypass && replaced->bypass;
}
