#include "mediation_internal.h"
#include "transfer_internal.h"

#include <stdio.h>

/* A transfer that an Enterprise Voice user asks for (domain.md 2.6, 4, 5.4): with
   EnableReferSupport the peer is asked to call the target; else we call it through the pool, and
   join the two legs here or, with Enable3pccRefer, past us. */

static void on_referred(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_bridge_side *by = owner;
    (void)msg;
    if (by->session != NULL)
        ds_session_reply(by->session, status < 300 ? 202 : status, NULL);
}

/* The peer knows the target by its number, and us by whom it is spoken to. */
static void ask_peer(struct ds_bridge_side *by, const struct ds_msg *refer)
{
    char number[64], referred_by[256] = "";
    struct ds_refer_target target;
    struct ds_slice value;
    struct ds_bridge_side *peer = ds_bridge_other(by);
    if (!ds_refer_target_read(refer, &target)) {
        ds_session_reply(by->session, 400, NULL);
        return;
    }
    ds_node_number(ds_slice_of(target.uri), number, sizeof number);
    const struct ds_topo_node *there = ds_refer_mediation(by->bridge->node, &target);
    snprintf(target.uri, sizeof target.uri, "sip:%s@%s;user=phone", number,
             there != NULL ? there->fqdn : peer->peer->fqdn);
    if (ds_msg_header(refer, "Referred-By", 0, &value))
        ds_slice_copy(value, referred_by, sizeof referred_by);
    if (peer->session == NULL ||
        ds_session_refer(peer->session, &target, referred_by[0] == '\0' ? NULL : referred_by,
                         on_referred, by) != DS_OK)
        ds_session_reply(by->session, 503, NULL);
}

static bool aim_at_pool(struct ds_bridge *fresh, const struct ds_bridge_side *by)
{
    struct ds_refer_target target;
    ds_mediation_aim_inbound(fresh, by->peer);
    if (ds_refer_target_read(fresh->refer, &target) &&
        ds_refer_mediation(fresh->node, &target) != NULL)
        ds_slice_copy(ds_slice_of(target.uri), fresh->to_uri, sizeof fresh->to_uri);
    return true;
}

void ds_mediation_refer(struct ds_bridge_side *by, const struct ds_msg *refer)
{
    struct ds_node *node = by->bridge->node;
    const struct ds_trunk *trunk = ds_bridge_trunk(ds_bridge_other(by));
    if (by->peer == NULL || by->peer->role != DS_ROLE_POOL || trunk == NULL)
        ds_session_reply(by->session, 603, NULL);
    else if (trunk->refer || ds_node_has_defect(node, "sends_refer_unasked"))
        ask_peer(by, refer);
    else
        ds_bridge_transfer(node->state, by, refer, &ds_mediation_inbound, aim_at_pool);
}

bool ds_mediation_transfers_past(const struct ds_bridge *bridge, const struct ds_trunk *trunk)
{
    const struct ds_node *node = bridge->node;
    struct ds_slice value;
    if (bridge->refer == NULL)
        return !ds_msg_header(bridge->invite, "Referred-By", 0, &value) ||
               !ds_node_has_defect(node, "takes_transferred_media");
    if (trunk->third_party_refer)
        return !ds_node_has_defect(node, "relays_third_party");
    return ds_node_has_defect(node, "keeps_bypass_after_transfer");
}
