#include "roles_internal.h"

#include <stdio.h>

/* The public network with all its callers and callees behind one address: whoever is called there
   answers as the scenario says, except for numbers that the network has not given out. */

extern const struct ds_line ds_pstn_line;

static ds_rc pstn_start(struct ds_node *node, void *state, struct ds_why *why)
{
    (void)node;
    (void)state;
    (void)why;
    return DS_OK;
}

static void
pstn_invite(struct ds_node *node, void *state, struct ds_session *session, const struct ds_msg *msg)
{
    char number[64];
    (void)state;
    ds_node_number(ds_msg_request_uri(msg), number, sizeof number);
    if (!ds_topo_in_service(node->topo, ds_slice_of(number))) {
        const struct ds_content content = {.extra_headers = "Reason: Q.850;cause=1\r\n"};
        ds_node_log(node, 2, "%s is not in service", number);
        ds_session_refuse(session, 404, &content);
        ds_session_free(&session);
        return;
    }
    ds_end_incoming(node, &ds_pstn_line, session, msg);
}

const struct ds_role ds_role_pstn = {
    .kind = DS_ROLE_PSTN,
    .start = pstn_start,
    .invite = pstn_invite,
};

/* The carrier hands every call to the element that the deployment option says: the PBX or the
 * gateway. */
static const struct ds_topo_node *carrier_peer(const struct ds_node *node, const char *number)
{
    char routed[64];
    enum ds_role_kind wrong = ds_node_has_defect(node, "calls_gateway_first") ? DS_ROLE_GATEWAY
                              : ds_node_has_defect(node, "calls_pbx_first")   ? DS_ROLE_PBX
                                                                              : DS_ROLE_COUNT;
    if (wrong != DS_ROLE_COUNT)
        return ds_topo_first(node->topo, wrong);
    const struct ds_route *route =
        ds_topo_route(node->topo, node->place, NULL, ds_slice_of(number), routed, sizeof routed);
    return route == NULL || route->via_count == 0 ? NULL : route->via[0];
}

static ds_rc pstn_place_call(struct ds_end *end,
                             const struct ds_dial *dial,
                             struct ds_invite *invite,
                             struct ds_why *why)
{
    const struct ds_node *node = end->node;
    const char *from = dial->from != NULL ? dial->from : node->place->number;
    const struct ds_topo_node *peer = carrier_peer(node, dial->number);
    if (peer == NULL)
        return ds_fail(why, DS_BAD, "no route at %s leads to %s: see `routes` in %s",
                       node->place->name, dial->number, node->topo->path);
    const struct ds_trunk *trunk = ds_topo_trunk(node->topo, node->place, peer);
    snprintf(end->to_uri, sizeof end->to_uri, "sip:%s@%s", dial->number,
             ds_addr_ip_text(peer->at).text);
    snprintf(end->from_uri, sizeof end->from_uri, "sip:%s@%s", from,
             ds_addr_ip_text(node->place->at).text);
    end->hop = ds_node_hop(peer, DS_UDP,
                           trunk == NULL      ? 0
                           : trunk->a == peer ? trunk->a_port
                                              : trunk->b_port);
    invite->to_uri = end->to_uri;
    invite->from_uri = end->from_uri;
    invite->hop = &end->hop;
    return DS_OK;
}

const struct ds_line ds_pstn_line = {
    .style = DS_SDP_GATEWAY,
    .codecs = DS_CODECS_G711,
    .place_call = pstn_place_call,
    .rings_for = DS_T301,
};
