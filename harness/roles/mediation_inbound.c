#include "admission_internal.h"
#include "mediation_internal.h"
#include "trunk_internal.h"

#include <stdio.h>
#include <string.h>

/* Calls from a trunk to the pool. */

void ds_mediation_aim_inbound(struct ds_bridge *bridge, const struct ds_topo_node *pool)
{
    const char *domain = bridge->node->topo->domain;
    bool own_plan = ds_topo_has_plan(bridge->node->topo, bridge->in.peer);
    const char *plan = own_plan ? bridge->in.peer->name : "default";
    bool full = bridge->number[0] == '+';
    bridge->out.peer = pool;
    bridge->straight = ds_mediation_is_fax(bridge);
    bridge->hop = ds_node_hop(pool, DS_TLS, 0);
    snprintf(bridge->to_uri, sizeof bridge->to_uri, "sip:%s%s%s@%s;user=phone", bridge->number,
             full ? "" : ";phone-context=", full ? "" : plan, domain);
    snprintf(bridge->from_uri, sizeof bridge->from_uri, "sip:%s@%s;user=phone", bridge->caller,
             domain);
}

/* The Contact by which the pool knows a call of ours: domain.md 5.3, SIG-11; and the trunk, where
 * its usages count. */
static void inbound_contact(struct ds_bridge *bridge)
{
    const struct ds_topo_node *place = bridge->node->place;
    char group[128] = "";
    if (bridge->node->topo->by_usages)
        ds_trunk_group_write(place, bridge->in.peer, group, sizeof group);
    const char *marks = ds_node_has_defect(bridge->node, "plain_contact") ? "" : ";isGateway";
    const char *gruu = marks[0] == '\0' ? "" : ";gruu;opaque=srvr:MediationServer:lync;grid=01";
    snprintf(bridge->contact, sizeof bridge->contact, "<sip:%s%s@%s:%u;transport=tls%s>%s",
             place->fqdn, group, place->fqdn, ds_topo_port(place, DS_TLS), gruu, marks);
}

/* ForwardPAI of the trunk that the call comes in by. RFC 3325 9.1: two values at most. */
static void pass_identity(struct ds_bridge *bridge, struct ds_invite *invite)
{
    const struct ds_trunk *trunk = ds_bridge_trunk(&bridge->in);
    struct ds_slice value;
    size_t len = 0;
    bool passes = trunk != NULL && trunk->forward_pai
                      ? !ds_node_has_defect(bridge->node, "drops_peer_identity")
                      : ds_node_has_defect(bridge->node, "passes_peer_identity");
    for (size_t i = 0; passes && i < 2; i++)
        if (ds_msg_value(bridge->invite, "P-Asserted-Identity", i, &value) && value.len <= 160)
            len += (size_t)snprintf(bridge->headers + len, sizeof bridge->headers - len,
                                    "P-Asserted-Identity: %.*s\r\n", DS_FMT(value));
    if (len > 0)
        invite->extra_headers = bridge->headers;
}

static void inbound_invite(struct ds_bridge *bridge, struct ds_invite *invite)
{
    inbound_contact(bridge);
    invite->contact = bridge->contact;
    pass_identity(bridge, invite);
    if (!bridge->straight)
        invite->body = ds_mediation_two_bodies(bridge, invite);
}

/* Its pool does not answer: the users are at the backup (domain.md T81). */
static bool call_backup(struct ds_bridge *bridge)
{
    const struct ds_topo_node *pool = bridge->out.peer;
    if (pool == NULL || pool->backup == NULL || ds_node_has_defect(bridge->node, "knows_no_backup"))
        return false;
    ds_mediation_aim_inbound(bridge, pool->backup);
    ds_bridge_call(bridge);
    return true;
}

static int inbound_failed(struct ds_bridge *bridge, int status, const struct ds_msg *msg)
{
    if (msg == NULL && call_backup(bridge))
        return 0;
    return status == 603 && ds_node_has_defect(bridge->node, "turns_603_into_486") ? 486 : status;
}

/* The trunk's session timer, whoever calls on it. */
static void inbound_reply(struct ds_bridge *bridge, int status, struct ds_content *content)
{
    const struct ds_trunk *trunk = ds_bridge_trunk(&bridge->in);
    if (status == 200 && trunk != NULL && trunk->session_timer)
        content->session_expires_s = DS_MEDIATION_SESSION_S;
}

const struct ds_bridge_policy ds_mediation_inbound = {
    .dress_invite = inbound_invite,
    .dress_reply = inbound_reply,
    .failed = inbound_failed,
    .straight = ds_mediation_was_bypass_chosen,
    .happened = ds_mediation_reserve,
    .refer = ds_mediation_refer,
    .most_forks = ds_mediation_most_forks,
};
