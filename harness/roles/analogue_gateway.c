#include "transfer_internal.h"
#include "trunk_internal.h"

#include <stdio.h>

/* The small gateway that analogue telephones and fax machines hang on: lines on one side, SIP
   trunks to the Mediation Server and, for fax, to the gateway that a call came in by on the other
   (domain.md 1.5). A static peer: nobody behind it registers. */

static void registered(void *owner, int status, const struct ds_msg *msg)
{
    (void)msg;
    ds_node_log(owner, 1, "sign-in of a device that has none: %d", status);
}

/* A defect: its telephones and machines sign in, as if they were clients. */
static ds_rc register_devices(struct ds_node *node, struct ds_why *why)
{
    const struct ds_topo_node *pool = ds_topo_first(node->topo, DS_ROLE_POOL);
    const struct ds_hop hop = ds_node_hop(pool, DS_TLS, 0);
    char uri[160], registrar[160];
    ds_rc rc = DS_OK;
    snprintf(registrar, sizeof registrar, "sip:%s", node->topo->domain);
    for (size_t i = 0; i < node->topo->node_count && rc == DS_OK; i++) {
        const struct ds_topo_node *device = &node->topo->nodes[i];
        if (!ds_is_own_station(node, device))
            continue;
        snprintf(uri, sizeof uri, "sip:%s@%s", device->number, node->topo->domain);
        const struct ds_plain_request request = {
            .method = "REGISTER", .uri = registrar, .from_uri = uri, .to_uri = uri, .hop = &hop};
        rc = ds_ua_request(node->ua, &request, registered, node, why);
    }
    return rc;
}

static ds_rc analogue_gateway_start(struct ds_node *node, void *state, struct ds_why *why)
{
    ds_bridges_init(state);
    return ds_node_has_defect(node, "registers_devices") ? register_devices(node, why) : DS_OK;
}

static void analogue_gateway_stop(struct ds_node *node, void *state)
{
    (void)node;
    ds_bridges_free(state);
}

static const struct ds_bridges *analogue_gateway_bridges(const void *state)
{
    return state;
}

/* SIG-12 asks it of every gateway. */
static bool answers_early(const struct ds_bridge *bridge)
{
    return bridge->in.peer != NULL && bridge->in.peer->role == DS_ROLE_MEDIATION;
}

static ds_us patience(const struct ds_bridge *bridge, bool alerts)
{
    return alerts && ds_is_own_station(bridge->node, bridge->out.peer) ? DS_T301 : 0;
}

static void impatient(struct ds_bridge *bridge, bool alerts)
{
    (void)alerts;
    ds_bridge_abandon(bridge);
    ds_bridge_refuse(bridge, 480, "Reason: Q.850;cause=19\r\n");
}

/* A line has no REFER of its own; the trunk has. */
static void refer(struct ds_bridge_side *by, const struct ds_msg *msg)
{
    ds_trunk_transfer(by->bridge->node->state, by, msg);
}

static const struct ds_bridge_policy policy = {
    .dress_invite = ds_trunk_dress_invite,
    .early_answer = answers_early,
    .failed = ds_trunk_failed,
    .patience = patience,
    .impatient = impatient,
    .refer = refer,
};

static bool is_known(const struct ds_node *node, const struct ds_topo_node *peer)
{
    return peer != NULL &&
           (ds_is_own_station(node, peer) || ds_topo_trunk(node->topo, node->place, peer) != NULL);
}

/* What comes in on a trunk is for a line; what comes from a line leaves by a trunk. */
static bool aim(struct ds_bridge *bridge)
{
    const struct ds_node *node = bridge->node;
    if (ds_is_own_station(node, bridge->in.peer))
        return ds_trunk_route(bridge);
    const struct ds_topo_node *owner = ds_topo_owner(node->topo, ds_slice_of(bridge->number));
    if (!ds_is_own_station(node, owner))
        return false;
    ds_station_aim(bridge, owner);
    return true;
}

static void analogue_gateway_invite(struct ds_node *node,
                                    void *state,
                                    struct ds_session *session,
                                    const struct ds_msg *msg)
{
    struct ds_bridge *bridge = ds_bridge_new(state, node, &policy, session, msg);
    if (bridge == NULL)
        return;
    if (!is_known(node, bridge->in.peer))
        ds_bridge_refuse(bridge, 403, NULL);
    else if (!aim(bridge))
        ds_bridge_refuse(bridge, 404, "Reason: Q.850;cause=1\r\n");
    else if (!ds_trunk_is_open(state, bridge))
        ds_bridge_refuse(bridge, 503, "Reason: Q.850;cause=34\r\n");
    else
        ds_bridge_call(bridge);
}

const struct ds_role ds_role_analogue_gateway = {
    .kind = DS_ROLE_ANALOGUE_GATEWAY,
    .state_size = sizeof(struct ds_bridges),
    .start = analogue_gateway_start,
    .invite = analogue_gateway_invite,
    .bridges = analogue_gateway_bridges,
    .stop = analogue_gateway_stop,
};
