#include "transfer_internal.h"

/* A call that comes in takes the place of one leg of another (RFC 3891). It is a transfer that
   nobody here has asked for: the leg that it replaces is cleared instead of told. */

struct ds_bridge_side *
ds_bridge_replaced(const struct ds_bridges *bridges, struct ds_node *node, const struct ds_msg *msg)
{
    const struct ds_session *session = ds_ua_replaced(node->ua, msg);
    for (struct ds_list *at = bridges->list.next; session != NULL && at != &bridges->list;
         at = at->next) {
        struct ds_bridge *bridge = DS_OWNER(at, struct ds_bridge, link);
        if (bridge->in.session == session)
            return &bridge->in;
        if (bridge->out.session == session)
            return &bridge->out;
    }
    return NULL;
}

const struct ds_topo_node *ds_refer_mediation(const struct ds_node *node,
                                              const struct ds_refer_target *target)
{
    struct ds_uri uri;
    if (target->replaces[0] == '\0' || ds_uri_parse(ds_slice_of(target->uri), &uri) != DS_OK)
        return NULL;
    const struct ds_topo_node *named = ds_topo_by_fqdn(node->topo, uri.host);
    return named != NULL && named->role == DS_ROLE_MEDIATION ? named : NULL;
}

/* Its outgoing side is the call that has come in, as if it had been called; its incoming side gets
 * what is replaced. */
static struct ds_bridge *new_bridge(struct ds_bridges *bridges,
                                    struct ds_bridge_side *by,
                                    struct ds_session *session,
                                    const struct ds_msg *msg)
{
    struct ds_node *node = by->bridge->node;
    struct ds_bridge *fresh = ds_bridge_beside(bridges, by, by->bridge->policy, msg);
    if (fresh == NULL)
        return NULL;
    fresh->out.session = session;
    fresh->out.peer = ds_node_peer(node, ds_session_hop(session));
    ds_bridge_keep_said(&fresh->out, msg);
    ds_session_own(session, &ds_bridge_in_events, &fresh->out);
    ds_node_set_flaws(node, session);
    return fresh;
}

static void refuse(struct ds_bridge *fresh, int status)
{
    ds_session_refuse(fresh->out.session, status, &(struct ds_content){0});
    ds_bridge_free(&fresh);
}

/* What the call is answered with; empty: nothing that it can take. */
static struct ds_slice describe(struct ds_bridge *fresh, const struct ds_bridge_side *stays)
{
    struct ds_sdp theirs, ours;
    struct ds_why why;
    const struct ds_sdp_media *offer = ds_message_audio(fresh->invite, &theirs);
    const struct ds_sdp_media *other = ds_message_audio(stays->said, &ours);
    if (offer == NULL || (!fresh->straight && ds_bridge_open_media(fresh, &why) != DS_OK))
        return (struct ds_slice){NULL, 0};
    struct ds_slice said =
        ds_bridge_say(&fresh->out, fresh->straight ? other : NULL, fresh->invite);
    if (said.len > 0)
        ds_bridge_aim(&fresh->out, offer);
    return said;
}

bool ds_bridge_replace(struct ds_bridges *bridges,
                       struct ds_bridge_side *by,
                       struct ds_session *session,
                       const struct ds_msg *msg,
                       bool straight)
{
    struct ds_bridge *fresh = new_bridge(bridges, by, session, msg);
    if (fresh == NULL) {
        ds_session_refuse(session, 503, &(struct ds_content){0});
        ds_session_free(&session);
        return false;
    }
    fresh->straight = straight;
    const struct ds_content content = {.body = describe(fresh, ds_bridge_other(by))};
    if (content.body.len == 0) {
        refuse(fresh, 488);
        return false;
    }
    ds_session_answer(session, &content);
    ds_bridge_take_place(fresh, msg);
    return true;
}

void ds_bridge_clear_replaced(struct ds_bridge *fresh)
{
    if (!ds_node_has_defect(fresh->node, "keeps_replaced_leg"))
        ds_session_hang_up(fresh->in.session, NULL);
}
