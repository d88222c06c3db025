#include "control_internal.h"
#include "directory_internal.h"
#include "transfer_internal.h"
#include "trunk_internal.h"

#include <stdio.h>

/* A private branch exchange: its own telephones, circuits to a gateway and a carrier, or (a
   certified Direct SIP partner) a SIP trunk straight to the Mediation Server. It switches audio
   itself, so every call's audio passes it. */

struct pbx {
    struct ds_bridges bridges;
    struct ds_controls controls;
};

static ds_rc pbx_start(struct ds_node *node, void *state, struct ds_why *why)
{
    struct pbx *pbx = state;
    (void)node;
    (void)why;
    ds_bridges_init(&pbx->bridges);
    ds_controls_init(&pbx->controls);
    return DS_OK;
}

static void pbx_stop(struct ds_node *node, void *state)
{
    struct pbx *pbx = state;
    (void)node;
    ds_controls_free(&pbx->controls);
    ds_bridges_free(&pbx->bridges);
}

static const struct ds_bridges *pbx_bridges(const void *state)
{
    return &((const struct pbx *)state)->bridges;
}

/* A telephone of ours rings as long as T301 lets it; a trunk's far end has a T301 of its own. */
static ds_us pbx_patience(const struct ds_bridge *bridge, bool alerts)
{
    return alerts && ds_is_own_station(bridge->node, bridge->out.peer) ? DS_T301 : 0;
}

static void pbx_impatient(struct ds_bridge *bridge, bool alerts)
{
    (void)alerts;
    ds_bridge_abandon(bridge);
    ds_bridge_refuse(bridge, 480, "Reason: Q.850;cause=19\r\n");
}

/* Whoever controls one of the two telephones is told. */
static void pbx_happened(struct ds_bridge *bridge, enum ds_bridge_event event)
{
    static const enum ds_csta_kind kinds[] = {
        [DS_BRIDGE_RINGS] = DS_CSTA_DELIVERED,
        [DS_BRIDGE_ANSWERED] = DS_CSTA_ESTABLISHED,
        [DS_BRIDGE_OVER] = DS_CSTA_CONNECTION_CLEARED,
    };
    struct pbx *pbx = bridge->node->state;
    ds_control_tell(&pbx->controls, bridge, kinds[event]);
}

static void pbx_refer(struct ds_bridge_side *by, const struct ds_msg *refer)
{
    struct pbx *pbx = by->bridge->node->state;
    ds_trunk_transfer(&pbx->bridges, by, refer);
}

static const struct ds_bridge_policy pbx_policy = {
    .dress_invite = ds_trunk_dress_invite,
    .failed = ds_trunk_failed,
    .patience = pbx_patience,
    .impatient = pbx_impatient,
    .happened = pbx_happened,
    .refer = pbx_refer,
};

/* Defects that let the call be heard of at the gateway. */
static void leak(struct ds_bridge *bridge, bool internal)
{
    const struct ds_node *node = bridge->node;
    const struct ds_topo_node *gateway = ds_topo_first(node->topo, DS_ROLE_GATEWAY);
    bool leaks = internal ? ds_node_has_defect(node, "leaks_internal_calls")
                          : bridge->in.peer->role == DS_ROLE_PSTN &&
                                ds_node_has_defect(node, "leaks_carrier_calls");
    if (!leaks || gateway == NULL)
        return;
    char uri[192];
    struct ds_hop hop = ds_node_hop(gateway, DS_UDP, 0);
    snprintf(uri, sizeof uri, "sip:%s@%s", bridge->number, ds_addr_ip_text(gateway->at).text);
    ds_bridge_twin(bridge, &hop, uri);
}

static void call_station(struct ds_bridge *bridge, const struct ds_topo_node *station)
{
    bool internal = ds_is_own_station(bridge->node, bridge->in.peer);
    ds_station_aim(bridge, station);
    if (ds_bridge_call(bridge))
        leak(bridge, internal);
}

/* The first phone: what a defect rings instead of a trunk. */
static const struct ds_topo_node *any_station(const struct ds_node *node)
{
    for (size_t i = 0; i < node->topo->node_count; i++)
        if (ds_is_own_station(node, &node->topo->nodes[i]))
            return &node->topo->nodes[i];
    return NULL;
}

static void call_trunk(struct ds_bridges *bridges, struct ds_bridge *bridge)
{
    const struct ds_node *node = bridge->node;
    if (!ds_trunk_lead(bridges, bridge))
        return;
    if (bridge->out.peer->role == DS_ROLE_GATEWAY && ds_node_has_defect(node, "takes_sip_trunk"))
        bridge->hop = ds_node_hop(bridge->out.peer, DS_TCP, 0);
    if (ds_node_has_defect(node, "rings_a_phone") && any_station(node) != NULL)
        ds_station_aim(bridge, any_station(node));
    bridge->straight = bridge->out.peer->role == DS_ROLE_PSTN &&
                       ds_node_has_defect(node, "connects_audio_directly");
    ds_bridge_call(bridge);
}

/* Of our users' numbers, but no user has it; another PBX's is another matter. */
static bool
is_nobodys(const struct ds_node *node, const struct ds_topo_node *owner, struct ds_slice number)
{
    return owner == NULL && ds_directory_population(node, number) == DS_ROLE_PHONE;
}

static void
pbx_invite(struct ds_node *node, void *state, struct ds_session *session, const struct ds_msg *msg)
{
    struct pbx *pbx = state;
    if (ds_control_is_csta(msg)) {
        ds_control_take(&pbx->controls, node, session, msg);
        return;
    }
    struct ds_bridge *bridge = ds_bridge_new(&pbx->bridges, node, &pbx_policy, session, msg);
    if (bridge == NULL)
        return;
    const struct ds_topo_node *peer = bridge->in.peer;
    if (peer == NULL ||
        (!ds_is_own_station(node, peer) && ds_topo_trunk(node->topo, node->place, peer) == NULL)) {
        ds_bridge_refuse(bridge, 403, NULL);
        return;
    }
    const struct ds_topo_node *owner = ds_directory_owner(node, ds_slice_of(bridge->number));
    if (owner != NULL)
        ds_slice_copy(ds_slice_of(owner->number), bridge->number, sizeof bridge->number);
    ds_control_tell(&pbx->controls, bridge, DS_CSTA_ORIGINATED);
    if (ds_is_own_station(node, owner))
        call_station(bridge, owner);
    else if (ds_directory_returns(bridge))
        ds_bridge_refuse_loop(bridge, 482);
    else if (is_nobodys(node, owner, ds_slice_of(bridge->number)))
        ds_bridge_refuse(bridge, 404, "Reason: Q.850;cause=1\r\n");
    else
        call_trunk(&pbx->bridges, bridge);
}

const struct ds_role ds_role_pbx = {
    .kind = DS_ROLE_PBX,
    .state_size = sizeof(struct pbx),
    .start = pbx_start,
    .invite = pbx_invite,
    .bridges = pbx_bridges,
    .stop = pbx_stop,
};
