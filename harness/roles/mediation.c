#include "admission_internal.h"
#include "mediation_internal.h"

#include <stdio.h>
#include <string.h>

/* The Mediation Server: a back-to-back user agent between the pool and its trunks. Signalling
   always passes it; audio passes it unless bypass is agreed (mediation_bypass.c). */

static ds_rc mediation_start(struct ds_node *node, void *state, struct ds_why *why)
{
    (void)node;
    (void)why;
    ds_bridges_init(state);
    return DS_OK;
}

static void mediation_stop(struct ds_node *node, void *state)
{
    (void)node;
    ds_bridges_free(state);
}

static const struct ds_bridges *mediation_bridges(const void *state)
{
    return state;
}

static void refuse_stranger(struct ds_bridge *bridge)
{
    snprintf(bridge->headers, sizeof bridge->headers,
             "ms-diagnostics: 10013;source=\"%s\";reason=\"Gateway peer in inbound call is not "
             "found in topology document\"\r\n",
             bridge->node->place->fqdn);
    ds_bridge_refuse(bridge, 400, bridge->headers);
}

void ds_mediation_refuse_unrouted(struct ds_bridge *bridge, int status)
{
    if (bridge->trunk_is_told) {
        ds_bridge_refuse(bridge, status, NULL);
        return;
    }
    snprintf(bridge->headers, sizeof bridge->headers,
             "ms-diagnostics: 12000;source=\"%s\";reason=\"Routes available for this request but "
             "no available gateway\"\r\n",
             bridge->node->place->fqdn);
    ds_bridge_refuse(bridge, status, bridge->headers);
}

/* Not in the topology that was given to us, or not tied to us: domain.md 5.2. */
static bool is_stranger(const struct ds_bridge *bridge)
{
    const struct ds_trunk *trunk = ds_bridge_trunk(&bridge->in);
    return trunk == NULL ||
           (!trunk->defined && !ds_node_has_defect(bridge->node, "accepts_strangers"));
}

static void mediation_invite(struct ds_node *node,
                             void *state,
                             struct ds_session *session,
                             const struct ds_msg *msg)
{
    const struct ds_topo_node *peer = ds_node_peer(node, ds_session_hop(session));
    bool outbound = peer != NULL && peer->role == DS_ROLE_POOL;
    if (ds_mediation_replace(node, session, msg))
        return;
    struct ds_bridge *bridge = ds_bridge_new(
        state, node, outbound ? &ds_mediation_outbound : &ds_mediation_inbound, session, msg);
    if (bridge == NULL)
        return;
    bridge->in.style = bridge->out.style = DS_SDP_MEDIATION;
    if (outbound) {
        if (!ds_mediation_aim_outbound(bridge))
            ds_mediation_refuse_unrouted(bridge, 503);
        else
            ds_mediation_call_admitted(bridge);
    } else if (is_stranger(bridge)) {
        refuse_stranger(bridge);
    } else {
        ds_mediation_aim_inbound(bridge, ds_topo_first(node->topo, DS_ROLE_POOL));
        ds_bridge_call(bridge);
    }
}

/* A peer's OPTIONS ask whether we are up: 200, unless a defect has it otherwise. */
static bool mediation_request(struct ds_node *node,
                              void *state,
                              struct ds_server_txn *txn,
                              const struct ds_msg *msg,
                              const struct ds_hop *from)
{
    (void)state;
    (void)from;
    if (txn == NULL || !ds_msg_method_is(msg, "OPTIONS") ||
        !ds_node_has_defect(node, "refuses_options"))
        return false;
    ds_ua_reply(node->ua, txn, 403, NULL);
    return true;
}

const struct ds_role ds_role_mediation = {
    .kind = DS_ROLE_MEDIATION,
    .state_size = sizeof(struct ds_bridges),
    .start = mediation_start,
    .invite = mediation_invite,
    .request = mediation_request,
    .bridges = mediation_bridges,
    .stop = mediation_stop,
};
