#include "directory_internal.h"
#include "emergency_internal.h"
#include "transfer_internal.h"
#include "trunk_internal.h"

#include <stdio.h>

/* A PSTN gateway: a SIP trunk to the Mediation Server on one side, circuits to a PBX or a carrier
   on the other. Audio of every call passes it. */

struct gateway {
    struct ds_bridges bridges;
    struct ds_elins elins;
    size_t calls;
};

static ds_rc gateway_start(struct ds_node *node, void *state, struct ds_why *why)
{
    (void)node;
    (void)why;
    ds_bridges_init(&((struct gateway *)state)->bridges);
    ds_elins_init(&((struct gateway *)state)->elins);
    return DS_OK;
}

static void gateway_stop(struct ds_node *node, void *state)
{
    (void)node;
    ds_bridges_free(&((struct gateway *)state)->bridges);
    ds_elins_free(&((struct gateway *)state)->elins);
}

static const struct ds_bridges *gateway_bridges(const void *state)
{
    return &((const struct gateway *)state)->bridges;
}

static bool is_mediation(const struct ds_topo_node *peer)
{
    return peer != NULL && peer->role == DS_ROLE_MEDIATION;
}

static bool answers_early(const struct ds_bridge *bridge)
{
    return is_mediation(bridge->in.peer) && !ds_node_has_defect(bridge->node, "slow_progress");
}

static int gateway_failed(struct ds_bridge *bridge, int status, const struct ds_msg *msg)
{
    if (status == 486 && ds_node_has_defect(bridge->node, "busy_becomes_480"))
        return 480;
    return ds_trunk_failed(bridge, status, msg);
}

static void gateway_refer(struct ds_bridge_side *by, const struct ds_msg *refer)
{
    struct gateway *gateway = by->bridge->node->state;
    ds_trunk_transfer(&gateway->bridges, by, refer);
}

static const struct ds_bridge_policy gateway_policy = {
    .dress_invite = ds_trunk_dress_invite,
    .early_answer = answers_early,
    .failed = gateway_failed,
    .refer = gateway_refer,
};

/* Defects that send the call along another road than the route says. */
static void misdirect(struct ds_bridge *bridge)
{
    const struct ds_node *node = bridge->node;
    const struct ds_topo_node *pool = ds_topo_first(node->topo, DS_ROLE_POOL);
    const struct ds_topo_node *pbx = ds_topo_first(node->topo, DS_ROLE_PBX);
    if (is_mediation(bridge->out.peer) && ds_node_has_defect(node, "bypasses_mediation")) {
        bridge->hop = ds_node_hop(pool, DS_TLS, 0);
        bridge->out.peer = pool;
        snprintf(bridge->to_uri, sizeof bridge->to_uri, "sip:%s@%s;user=phone", bridge->number,
                 node->topo->domain);
    }
    if (is_mediation(bridge->out.peer) && ds_node_has_defect(node, "wrong_mediation_port"))
        bridge->hop = ds_node_hop(bridge->out.peer, DS_TLS, 5067);
    if (is_mediation(bridge->out.peer) && ds_node_has_defect(node, "udp_to_mediation"))
        bridge->hop = ds_node_hop(bridge->out.peer, DS_UDP, bridge->trunk->a_port);
    if (is_mediation(bridge->in.peer) && pbx != NULL && ds_node_has_defect(node, "wrong_trunk") &&
        !ds_trunk_aim(bridge, pbx))
        ds_node_log(node, 1, "there is no other trunk to be wrong with");
}

/* Defects that let the call be heard of where it has no business. */
static void leak(struct ds_bridge *bridge)
{
    const struct ds_node *node = bridge->node;
    const struct ds_topo_node *mediation = ds_topo_first(node->topo, DS_ROLE_MEDIATION);
    const struct ds_topo_node *pbx = ds_topo_first(node->topo, DS_ROLE_PBX);
    char uri[192];
    snprintf(uri, sizeof uri, "sip:%s@%s", bridge->number, node->topo->domain);
    if (ds_node_has_defect(node, "leaks_to_mediation")) {
        struct ds_hop hop = ds_node_hop(mediation, DS_TCP, 0);
        ds_bridge_twin(bridge, &hop, uri);
    } else if (ds_node_has_defect(node, "leaks_to_pbx") && pbx != NULL) {
        struct ds_hop hop = ds_node_hop(pbx, DS_UDP, 0);
        ds_bridge_twin(bridge, &hop, uri);
    } else if (ds_node_has_defect(node, "calls_old_pbx")) {
        struct ds_hop hop = {
            .transport = DS_UDP,
            .to = ds_addr_v4((node->place->site->net & node->place->site->mask) + 250, 5060)};
        ds_bridge_twin(bridge, &hop, uri);
    }
}

/* A defect: each second call has its audio at another address, which no single media termination
 * point may do. */
static void move_media(struct ds_node *node, struct gateway *gateway)
{
    gateway->calls++;
    if (ds_node_has_defect(node, "scatters_media"))
        node->media.at = ds_addr_v4(
            ds_addr_ip4(&node->place->media_at) + (gateway->calls % 2 == 0 ? 100 : 0), 0);
}

static void gateway_invite(struct ds_node *node,
                           void *state,
                           struct ds_session *session,
                           const struct ds_msg *msg)
{
    struct gateway *gateway = state;
    move_media(node, gateway);
    struct ds_bridge *bridge =
        ds_bridge_new(&gateway->bridges, node, &gateway_policy, session, msg);
    if (bridge == NULL)
        return;
    if (is_mediation(bridge->in.peer))
        ds_elins_show(bridge);
    else
        ds_elins_call_back(&gateway->elins, bridge);
    if (!ds_trunk_admit(&gateway->bridges, bridge))
        return;
    if (is_mediation(bridge->in.peer))
        ds_elins_remember(&gateway->elins, bridge);
    misdirect(bridge);
    if (ds_bridge_call(bridge))
        leak(bridge);
}

const struct ds_role ds_role_gateway = {
    .kind = DS_ROLE_GATEWAY,
    .state_size = sizeof(struct gateway),
    .start = gateway_start,
    .invite = gateway_invite,
    .bridges = gateway_bridges,
    .stop = gateway_stop,
};
