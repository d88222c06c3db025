#include "mediation_internal.h"
#include "transfer_internal.h"

/* A user's call with a trunk is moved to a conference: the conferencing server calls in its place.
   The audio passes us from then on, unless conferences have a part in bypass (domain.md 2.1, 2.6);
   the trunk's peer is told of it by a re-INVITE. */

static void refuse(struct ds_session *session, int status)
{
    ds_session_refuse(session, status, &(struct ds_content){0});
    ds_session_free(&session);
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
    struct ds_bridge_side *by = ds_bridge_replaced(node->state, node, msg);
    if (by == NULL)
        refuse(session, 481); /* RFC 3891 3 */
    else if (by->peer == NULL || by->peer->role != DS_ROLE_POOL)
        refuse(session, 603);
    else if (!ds_bridge_may_change(by))
        refuse(session, 491);
    else
        (void)ds_bridge_replace(node->state, by, session, msg,
                                ds_mediation_may_replace_past(by, msg));
    return true;
}
