#include "trunk_internal.h"

#include <stdio.h>

/* A carrier's session border controller: a SIP trunk to the Mediation Server on one side, the
   carrier's own network on the other (domain.md 1.7). Audio of every call passes it, from the
   Mediation Server or, where the trunk has bypass, from the enterprise's clients. */

static ds_rc sbc_start(struct ds_node *node, void *state, struct ds_why *why)
{
    (void)node;
    (void)why;
    ds_bridges_init(state);
    return DS_OK;
}

static void sbc_stop(struct ds_node *node, void *state)
{
    (void)node;
    ds_bridges_free(state);
}

static const struct ds_bridges *sbc_bridges(const void *state)
{
    return state;
}

static const struct ds_bridge_policy sbc_policy = {
    .dress_invite = ds_trunk_dress_invite,
    .failed = ds_trunk_failed,
};

/* With this defect the carrier calls the pool itself. */
static void misdirect(struct ds_bridge *bridge)
{
    const struct ds_node *node = bridge->node;
    const struct ds_topo_node *pool = ds_topo_first(node->topo, DS_ROLE_POOL);
    if (bridge->out.peer->role != DS_ROLE_MEDIATION || !ds_node_has_defect(node, "calls_pool"))
        return;
    bridge->hop = ds_node_hop(pool, DS_TLS, 0);
    bridge->out.peer = pool;
    snprintf(bridge->to_uri, sizeof bridge->to_uri, "sip:%s@%s;user=phone", bridge->number,
             node->topo->domain);
}

static void
sbc_invite(struct ds_node *node, void *state, struct ds_session *session, const struct ds_msg *msg)
{
    struct ds_bridge *bridge = ds_bridge_new(state, node, &sbc_policy, session, msg);
    if (bridge == NULL || !ds_trunk_admit(state, bridge))
        return;
    misdirect(bridge);
    ds_bridge_call(bridge);
}

const struct ds_role ds_role_sbc = {
    .kind = DS_ROLE_SBC,
    .state_size = sizeof(struct ds_bridges),
    .start = sbc_start,
    .invite = sbc_invite,
    .bridges = sbc_bridges,
    .stop = sbc_stop,
};
