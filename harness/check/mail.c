#include "mail_internal.h"

/* Calls to Exchange UM: to one of its numbers, or of a user who does not answer. The servers of the
   list are one callee; those that were tried in vain stand aside. */

bool ds_mail_is_try(const struct ds_hop_seen *hop)
{
    return ds_is_role(hop->from_node, DS_ROLE_POOL) && ds_is_role(hop->to_node, DS_ROLE_UM);
}

bool ds_mail_was_tried(const struct ds_call *call, const struct ds_topo_node *server)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_mail_is_try(&call->hops[i]) && call->hops[i].to_node == server)
            return true;
    return false;
}

const struct ds_hop_seen *ds_mail_last_try(const struct ds_call *call)
{
    const struct ds_hop_seen *last = NULL;
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_mail_is_try(&call->hops[i]))
            last = &call->hops[i];
    return last;
}

static const struct ds_hop_seen *first_try(const struct ds_call *call)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (ds_mail_is_try(&call->hops[i]))
            return &call->hops[i];
    return NULL;
}

bool ds_mail_was_left(const struct ds_call *call, const struct ds_hop_seen *hop)
{
    if (!ds_mail_is_try(hop))
        return false;
    const struct ds_hop_seen *last = ds_mail_last_try(call);
    return last->invite->frame > hop->invite->frame &&
           (hop->final_status == 0 || hop->final_status >= 300);
}

/* Who ought to have it where no server was called. */
static const struct ds_topo_node *server_of(const struct ds_topo *topo, const struct ds_call *call)
{
    const struct ds_hop_seen *last = ds_mail_last_try(call);
    if (last != NULL)
        return last->to_node;
    return topo->voice_mail.server_count > 0 ? topo->voice_mail.servers[0] : NULL;
}

const struct ds_topo_node *ds_mail_user(const struct ds_subject *subject)
{
    bool left = ds_is_role(subject->callee, DS_ROLE_UM) && subject->left_count > 0;
    return left ? subject->left[subject->left_count - 1].user : NULL;
}

void ds_subject_find_mail(const struct ds_topo *topo, struct ds_subject *subject)
{
    const struct ds_topo_node *user = subject->callee;
    bool dialled = ds_topo_is_voice_mail(topo, ds_slice_of(subject->number));
    const struct ds_hop_seen *went_on = first_try(subject->call);
    if (!dialled && (user == NULL || !user->handling.voice_mail || went_on == NULL))
        return;
    if (!dialled && subject->left_count < DS_MOST_LEFT)
        subject->left[subject->left_count++] =
            (struct ds_left){.user = user, .how = DS_LEFT_UNANSWERED, .hop = went_on};
    subject->callee = server_of(topo, subject->call);
}
