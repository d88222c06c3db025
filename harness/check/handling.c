#include "check_internal.h"

/* A user may have named a number that calls go on to which nobody takes. Then the call is judged by
   where it went; the user's own devices stand aside. */

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
    const struct ds_topo_node *owner = owner_of(judge, number, hop);
    if (!ds_is_role(hop->from_node, DS_ROLE_POOL))
        return false;
    if (ds_is_role(owner, DS_ROLE_CLIENT))
        return hop->to_node != NULL && hop->to_node->user == owner;
    return ds_slice_equal(ds_event_user(hop->invite, NULL), ds_slice_of(number));
}

static const struct ds_hop_seen *
find_hop(const struct ds_judge *judge, const struct ds_call *call, const char *number)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (leads_to(judge, &call->hops[i], number))
            return &call->hops[i];
    return NULL;
}

void ds_subject_follow(const struct ds_judge *judge, struct ds_subject *subject)
{
    const struct ds_topo_node *user = subject->callee;
    const char *number = user == NULL ? NULL : user->handling.unanswered;
    if (number == NULL)
        return;
    subject->went_on = find_hop(judge, subject->call, number);
    if (subject->went_on == NULL)
        return;
    subject->dialled = user;
    subject->callee = owner_of(judge, number, subject->went_on);
    (void)ds_slice_copy(ds_slice_of(number), subject->number, sizeof subject->number);
}

bool ds_subject_is_left(const struct ds_subject *subject, const struct ds_topo_node *node)
{
    if (subject->dialled == NULL || node == NULL)
        return false;
    return node->user == subject->dialled ||
           (ds_is_role(node, DS_ROLE_EDGE) && !ds_is_external(subject->caller) &&
            !ds_is_external(subject->callee));
}
