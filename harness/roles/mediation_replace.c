#include "mediation_internal.h"
#include "transfer_internal.h"

/* Somebody calls in the place of a user who has a call with a trunk (RFC 3891): a conferencing
   server to which it moves; the call park service, or whoever takes it up there; or, where the user
   has asked somebody behind the trunk before a transfer, whoever is handed over, or that one's
   peer. The audio passes us from then on, unless it may bypass us all the same
   (mediation_bypass.c); the trunk's peer is told of it by a re-INVITE. */

static void refuse(struct ds_session *session, int status)
{
    ds_session_refuse(session, status, &(struct ds_content){0});
    ds_session_free(&session);
}

/* As of a call to who stays: by what it offers, and between two peers where bypass was agreed on
 * with whom it comes instead of. */
static bool
goes_past(struct ds_bridge_side *by, const struct ds_topo_node *peer, const struct ds_msg *msg)
{
    const struct ds_bridge *bridge = by->bridge;
    return peer != NULL && peer->role == DS_ROLE_POOL
               ? ds_mediation_may_replace_past(by, msg)
               : bridge->straight &&
                     ds_mediation_may_join(bridge->node, peer, ds_bridge_other(by)->peer);
}

bool ds_mediation_replace(struct ds_node *node,
                          struct ds_session *session,
                          const struct ds_msg *msg)
{
    struct ds_slice value;
    struct ds_uri uri;
    if (!ds_msg_header(msg, "Replaces", 0, &value) ||
        ds_uri_parse(ds_msg_request_uri(msg), &uri) != DS_OK ||
        ds_topo_by_fqdn(node->topo, uri.host) != node->place)
        return false;
    const struct ds_topo_node *peer = ds_node_peer(node, ds_session_hop(session));
    const struct ds_trunk *trunk = ds_topo_trunk(node->topo, node->place, peer);
    bool inner = peer != NULL && peer->role == DS_ROLE_POOL;
    struct ds_bridge_side *by = ds_bridge_replaced(node->state, node, msg);
    if (!inner && (by == NULL || trunk == NULL || !trunk->defined))
        return false;
    if (by == NULL)
        refuse(session, 481); /* RFC 3891 3 */
    else if (by->peer == NULL || by->peer->role != DS_ROLE_POOL)
        refuse(session, 603);
    else if (!ds_bridge_may_change(by))
        refuse(session, 491);
    else
        (void)ds_bridge_replace(node->state, by, session, msg, goes_past(by, peer, msg));
    return true;
}
