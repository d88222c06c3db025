#include "bridge_internal.h"

/* RTCP on the trunk between a Mediation Server and its peer: the peer keeps what the trunk says of
   it (rtcp_active, rtcp_on_hold), and the Mediation Server ends a call whose peer does not. */

static const struct ds_trunk *trunk_of(const struct ds_bridge_side *side)
{
    const struct ds_trunk *trunk = ds_bridge_trunk(side);
    bool sip = trunk != NULL && trunk->kind == DS_TRUNK_SIP;
    return sip && trunk->a->role == DS_ROLE_MEDIATION ? trunk : NULL;
}

void ds_bridge_keep_reports_back(const struct ds_bridge_side *side, struct ds_media_flaws *flaws)
{
    const struct ds_node *node = side->bridge->node;
    const struct ds_trunk *trunk = trunk_of(side);
    if (trunk == NULL || trunk->b != node->place)
        return;
    flaws->no_rtcp = !trunk->rtcp_active || ds_node_has_defect(node, "sends_no_rtcp");
    flaws->no_rtcp_on_hold = !trunk->rtcp_on_hold || ds_node_has_defect(node, "silent_on_hold");
}

/* ---- supervision ---- */

static void lost(struct ds_supervision *supervision)
{
    struct ds_bridge_side *side = DS_OWNER(supervision, struct ds_bridge_side, supervision);
    ds_bridge_hang_up(side->bridge);
}

static void supervise(struct ds_bridge_side *side)
{
    const struct ds_node *node = side->bridge->node;
    const struct ds_trunk *trunk = trunk_of(side);
    bool ours = trunk != NULL && trunk->a == node->place && side->media != NULL;
    if (ours && !ds_node_has_defect(node, "ignores_lost_rtcp"))
        ds_supervision_start(&side->supervision, node, side->media, trunk, lost);
}

void ds_bridge_supervise(struct ds_bridge *bridge)
{
    ds_bridge_supervise_over(bridge);
    if (bridge->straight || bridge->ending)
        return;
    supervise(&bridge->in);
    supervise(&bridge->out);
}

void ds_bridge_supervise_over(struct ds_bridge *bridge)
{
    ds_supervision_stop(&bridge->in.supervision);
    ds_supervision_stop(&bridge->out.supervision);
}
