#include "trunk_internal.h"

#include <stdio.h>

/* The public network with all its callers and callees behind one address: whoever is called there
   answers as the scenario says. A number that is the enterprise's is switched through to where the
   carrier's routes lead; any other that the network has not given out is not in service. */

extern const struct ds_line ds_pstn_line;

static ds_rc pstn_start(struct ds_node *node, void *state, struct ds_why *why)
{
    (void)node;
    (void)why;
    ds_bridges_init(state);
    return DS_OK;
}

static void pstn_stop(struct ds_node *node, void *state)
{
    (void)node;
    ds_bridges_free(state);
}

static const struct ds_bridges *pstn_bridges(const void *state)
{
    return state;
}

/* Nobody is at a switch who would notice that a call is dead, as where an element beyond the
 * gateway has forgotten it: one in which nothing was heard for so long is cleared. */
#define DEAD_SILENCE (120 * DS_S)

static ds_us heard_at(const struct ds_bridge_side *side)
{
    return side->media == NULL ? 0 : ds_media_counts(side->media).received_at;
}

static ds_timer_fn listen_again;

static void listen_until(struct ds_bridge *bridge, ds_us at)
{
    bridge->patience.whose = ds_addr_ip4(&bridge->node->place->at);
    if (ds_timer_start_at(ds_net_clock(bridge->node->net), &bridge->patience, at, listen_again) !=
        DS_OK)
        ds_node_log(bridge->node, 1, "out of memory: nobody listens whether the call is dead");
}

static void listen_again(struct ds_timer *timer)
{
    struct ds_bridge *bridge = DS_OWNER(timer, struct ds_bridge, patience);
    ds_us in = heard_at(&bridge->in), out = heard_at(&bridge->out);
    ds_us due = (in > out ? in : out) + DEAD_SILENCE;
    if (due > ds_now(ds_net_clock(bridge->node->net)))
        listen_until(bridge, due);
    else
        ds_bridge_hang_up(bridge);
}

static void pstn_happened(struct ds_bridge *bridge, enum ds_bridge_event event)
{
    if (event == DS_BRIDGE_ANSWERED)
        listen_until(bridge, ds_now(ds_net_clock(bridge->node->net)) + DEAD_SILENCE);
}

static const struct ds_bridge_policy switching = {
    .dress_invite = ds_trunk_dress_invite,
    .failed = ds_trunk_failed,
    .happened = pstn_happened,
};

/* Not back to where it comes from: there is nobody who could take it. */
static bool
is_switched(const struct ds_node *node, const struct ds_session *session, const char *number)
{
    char routed[64];
    const struct ds_route *route =
        ds_topo_route(node->topo, node->place, NULL, ds_slice_of(number), routed, sizeof routed);
    return route != NULL && route->via_count > 0 &&
           route->via[0] != ds_node_peer(node, ds_session_hop(session));
}

static void switch_through(struct ds_node *node,
                           void *state,
                           struct ds_session *session,
                           const struct ds_msg *msg)
{
    struct ds_bridge *bridge = ds_bridge_new(state, node, &switching, session, msg);
    if (bridge != NULL && ds_trunk_admit(state, bridge))
        ds_bridge_call(bridge);
}

static void
pstn_invite(struct ds_node *node, void *state, struct ds_session *session, const struct ds_msg *msg)
{
    char number[64];
    ds_node_number(ds_msg_request_uri(msg), number, sizeof number);
    bool in_service = ds_topo_in_service(node->topo, ds_slice_of(number));
    if (!in_service && is_switched(node, session, number)) {
        switch_through(node, state, session, msg);
        return;
    }
    if (!in_service) {
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
    .state_size = sizeof(struct ds_bridges),
    .start = pstn_start,
    .invite = pstn_invite,
    .bridges = pstn_bridges,
    .stop = pstn_stop,
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
