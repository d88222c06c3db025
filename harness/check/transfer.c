#include "course_internal.h"

/* A call that a transfer made: who goes on in it, and where its road begins. */

bool ds_leg_stays(const struct ds_call *call, const struct ds_leg *leg)
{
    return call->continued_by != NULL && leg->refer == NULL && leg->replaced == NULL &&
           leg != call->continued_by->replaces;
}

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

void ds_subject_hand_over(const struct ds_judge *judge, struct ds_subject *subject)
{
    const struct ds_call *call = subject->call;
    if (call->continues == NULL || call->replaces != NULL)
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

/* Where its INVITE takes the place of one in a call that is up, it ends at the element that has
 * that call, and goes on behind it. */
static void end_at_joint(const struct ds_subject *subject, struct ds_road *road)
{
    const struct ds_topo_node *joint = subject->call->to_node;
    if (subject->call->joins == NULL || joint == NULL)
        return;
    for (size_t i = road->count; i-- > 0;)
        if (road->roles[i] == joint->role) {
            road->count = i + 1;
            return;
        }
}

void ds_road_shorten(const struct ds_subject *subject, struct ds_road *road)
{
    const struct ds_topo_node *asked = subject->call->hops[0].from_node;
    size_t first = 0;
    end_at_joint(subject, road);
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

/* Joined at the Mediation Server audio passes it; bypass outlives the transfer only as a third
 * party's (BYP-15, BYP-17). The trunk is crossed by the leg of the party that stays. */
void ds_subject_join(struct ds_subject *subject)
{
    if (subject->before == NULL || subject->trunk == NULL ||
        subject->call->hops[0].from_node != subject->mediation)
        return;
    subject->crossed = true;
    subject->bypass = subject->bypass && subject->trunk->third_party_refer;
}

/* Between two parties outside bypass goes on where the peer, asked by REFER, has called back, and
 * both calls were bypassed before (BYP-16). */
void ds_subject_join_outside(const struct ds_judge *judge, struct ds_subject *subject)
{
    const struct ds_call *call = subject->call;
    if (subject->before == NULL || call->joins == NULL ||
        ds_is_role(call->hops[0].from_node, DS_ROLE_MEDIATION))
        return;
    subject->bypass =
        subject->before->bypass && judge->subjects[call->joins - judge->trace->calls].bypass;
}

const struct ds_topo_node *ds_subject_behind(const struct ds_subject *subject,
                                             enum ds_role_kind role)
{
    const struct ds_call *joins = subject->call->joins;
    for (size_t i = 0; joins != NULL && i < joins->hop_count; i++) {
        const struct ds_hop_seen *hop = &joins->hops[i];
        if (hop->final_status / 100 == 2 && ds_is_role(hop->to_node, role))
            return hop->to_node;
        if (hop->final_status / 100 == 2 && ds_is_role(hop->from_node, role))
            return hop->from_node;
    }
    return NULL;
}
