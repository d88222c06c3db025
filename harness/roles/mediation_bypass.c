#include "mediation_internal.h"

#include <stdio.h>
#include <string.h>

/* Who decides on media bypass (domain.md 2.1): outbound the Mediation Server, by comparing the
   client's bypass ID with that of its peer's place; inbound the client, by choosing between the two
   bodies of the offer. */

static bool trunk_permits(const struct ds_node *node, const struct ds_trunk *trunk)
{
    bool switched_on =
        (trunk->bypass || ds_node_has_defect(node, "ignores_trunk_switch")) && trunk->concentrated;
    return switched_on && (trunk->refer || (!trunk->rtcp_active && !trunk->rtcp_on_hold));
}

/* With this defect what branches say is kept here, though it could stay there. */
static bool keeps_for_branch(const struct ds_bridge *bridge)
{
    const struct ds_node *node = bridge->node;
    const struct ds_site *site = ds_topo_user_site(node->topo, ds_slice_of(bridge->caller));
    return site != NULL && site->region != NULL && site->region->central != site &&
           ds_node_has_defect(node, "relays_for_branches");
}

/* With these a client that offers no bypass ID is taken for one that agrees to bypass. */
static bool takes_none_for_agreement(const struct ds_node *node)
{
    return ds_node_has_defect(node, "bypasses_outside") ||
           ds_node_has_defect(node, "bypasses_undefined");
}

/* The client's keys have to be what the trunk wants, and what its peer can (domain.md 2.3). */
static bool suits_trunk(const struct ds_trunk *trunk, const struct ds_sdp_media *offer)
{
    switch (ds_sdp_security_read(offer).security) {
    case DS_SDP_PLAIN:
        return trunk->srtp != DS_ENCRYPTION_REQUIRED;
    case DS_SDP_BEST_EFFORT:
    case DS_SDP_TAKEN:
        return true;
    case DS_SDP_SECURE:
        break;
    }
    return trunk->srtp == DS_ENCRYPTION_REQUIRED ||
           (trunk->srtp == DS_ENCRYPTION_OPTIONAL && trunk->b->srtp);
}

/* Towards that peer, whoever's defect it is. */
static bool ids_permit(const struct ds_node *node,
                       const struct ds_sdp_media *offer,
                       const struct ds_topo_node *peer,
                       const struct ds_trunk *trunk)
{
    const char *peer_id = ds_topo_bypass_id(node->topo, peer);
    if (!node->topo->bypass_enabled || trunk == NULL || !trunk_permits(node, trunk) ||
        offer->bypass_id.len == 0 || !suits_trunk(trunk, offer))
        return false;
    if (ds_node_has_defect(node, "ignores_bypass_ids"))
        return true;
    return peer_id != NULL && ds_slice_equal_nocase(offer->bypass_id, ds_slice_of(peer_id));
}

static bool is_relayed_anyway(const struct ds_node *node, const struct ds_msg *invite)
{
    return ds_node_has_defect(node, "relays_conferences") && ds_msg_is_from_focus(invite);
}

bool ds_mediation_may_bypass(const struct ds_bridge *bridge)
{
    const struct ds_node *node = bridge->node;
    struct ds_sdp sdp;
    const struct ds_sdp_media *offer = ds_message_audio(bridge->invite, &sdp);
    if (offer == NULL || ds_node_has_defect(node, "keeps_media") || keeps_for_branch(bridge) ||
        is_relayed_anyway(node, bridge->invite))
        return false;
    if (ds_node_has_defect(node, "bypasses_unasked"))
        return true;
    if (takes_none_for_agreement(node) && offer->bypass_id.len == 0)
        return true;
    return ids_permit(node, offer, bridge->out.peer, bridge->trunk);
}

bool ds_mediation_may_replace_past(struct ds_bridge_side *by, const struct ds_msg *invite)
{
    const struct ds_node *node = by->bridge->node;
    const struct ds_bridge_side *stays = ds_bridge_other(by);
    struct ds_sdp sdp;
    const struct ds_sdp_media *offer = ds_message_audio(invite, &sdp);
    const struct ds_trunk *trunk = ds_bridge_trunk(stays);
    const struct ds_topo_node *service = node->topo->call_park.service;
    bool parked = service != NULL && ds_node_named(node, invite, "Referred-By") == service;
    if (ds_msg_is_from_focus(invite) && ds_node_has_defect(node, "bypasses_conferences"))
        return by->bridge->straight;
    return offer != NULL && !is_relayed_anyway(node, invite) &&
           ids_permit(node, offer, stays->peer, trunk) && (!parked || trunk->third_party_refer);
}

bool ds_mediation_may_join(const struct ds_node *node,
                           const struct ds_topo_node *one,
                           const struct ds_topo_node *other)
{
    const struct ds_trunk *trunk = ds_topo_trunk(node->topo, node->place, one);
    const char *id = ds_topo_bypass_id(node->topo, one),
               *other_id = ds_topo_bypass_id(node->topo, other);
    return trunk != NULL && trunk_permits(node, trunk) && id != NULL && other_id != NULL &&
           strcmp(id, other_id) == 0 && !ds_node_has_defect(node, "takes_transferred_media");
}

/* The outgoing offer where a defect wants something else than the bridge would say; empty: nothing
 * else. */
struct ds_slice ds_mediation_offer(struct ds_bridge *bridge)
{
    struct ds_why why;
    if (ds_mediation_is_hairpin(bridge))
        return ds_mediation_hairpin_offer(bridge);
    if (!bridge->straight || !ds_node_has_defect(bridge->node, "hides_client"))
        return (struct ds_slice){NULL, 0};
    /* Shown as our own address to the peer, while the client is shown the peer's: the peer's audio
     * then stops here. */
    if (ds_bridge_open_media(bridge, &why) != DS_OK)
        return (struct ds_slice){NULL, 0};
    bridge->straight = false;
    return ds_bridge_say(&bridge->out, NULL, NULL);
}

static void
add_part(struct ds_bridge *bridge, const char *type, const char *id, struct ds_slice body)
{
    ds_buf_print(&bridge->body,
                 "--directsip-parts\r\nContent-Type: %s\r\nContent-ID: <%s@%s>\r\n"
                 "Content-Disposition: session;handling=optional\r\n\r\n",
                 type, id, bridge->node->place->fqdn);
    ds_buf_add(&bridge->body, body);
    ds_buf_text(&bridge->body, "\r\n");
}

/* The gateway's own audio, as the client may take it. */
static struct ds_slice
gateway_body(struct ds_bridge *bridge, const struct ds_sdp_media *offer, const char *peer_id)
{
    struct ds_buf keys = {0};
    ds_sdp_crypto_copy(offer, &keys);
    const struct ds_describe how = {
        .style = DS_SDP_MEDIATION,
        .codecs = DS_CODECS_G711,
        .at = offer->at,
        .direction = bridge->refer != NULL ? DS_SENDRECV : offer->direction,
        .bypass_id = peer_id,
        .answers = offer,
        .secure = {.security = ds_sdp_security_read(offer).security, .crypto = ds_buf_slice(&keys)},
    };
    struct ds_slice said = ds_description_say(&bridge->gateway, bridge->node->rng, &how);
    ds_buf_clean_up(&keys);
    return said;
}

struct ds_slice ds_mediation_two_bodies(struct ds_bridge *bridge, struct ds_invite *invite)
{
    const struct ds_node *node = bridge->node;
    struct ds_sdp sdp;
    const struct ds_sdp_media *offer = ds_message_audio(bridge->invite, &sdp);
    const struct ds_trunk *trunk = ds_bridge_trunk(&bridge->in);
    const char *peer_id = ds_topo_bypass_id(node->topo, bridge->in.peer);
    bool has_id = peer_id != NULL || bridge->in.peer->alternate_bypass_id != NULL;
    if (offer == NULL || !has_id || !node->topo->bypass_enabled || !trunk_permits(node, trunk) ||
        !ds_mediation_transfers_past(bridge, trunk) || ds_node_has_defect(node, "keeps_media"))
        return (struct ds_slice){NULL, 0};
    bridge->body.len = 0;
    add_part(bridge, "application/sdp", "mediation", ds_bridge_say(&bridge->out, NULL, NULL));
    add_part(bridge, "application/gw-sdp", "gateway", gateway_body(bridge, offer, peer_id));
    ds_buf_text(&bridge->body, "--directsip-parts--\r\n");
    invite->content_type = "multipart/alternative;boundary=\"directsip-parts\"";
    return ds_buf_slice(&bridge->body);
}

#define RTCP_PATIENCE (31 * DS_S) /* RTCPActiveCalls, more than 30 s: domain.md 4 */

static void on_no_reports(struct ds_timer *timer)
{
    ds_bridge_hang_up(DS_OWNER(timer, struct ds_bridge, patience));
}

void ds_mediation_miss_reports(struct ds_bridge *bridge)
{
    if (bridge->straight && ds_node_has_defect(bridge->node, "misses_reports") &&
        ds_timer_start(ds_net_clock(bridge->node->net), &bridge->patience, RTCP_PATIENCE,
                       on_no_reports) != DS_OK)
        ds_node_log(bridge->node, 1, "out of memory: the call stays up");
}

bool ds_mediation_was_bypass_chosen(const struct ds_bridge *bridge, const struct ds_msg *answer)
{
    char id[192];
    struct ds_slice accepted;
    snprintf(id, sizeof id, "gateway@%s", bridge->node->place->fqdn);
    return ds_msg_header(answer, "ms-accepted-content-id", 0, &accepted) &&
           ds_slice_equal(accepted, ds_slice_of(id));
}

size_t ds_mediation_most_forks(const struct ds_bridge *bridge)
{
    if (bridge->gateway.session_id == 0)
        return 0;
    return ds_node_has_defect(bridge->node, "shows_every_fork")
               ? SIZE_MAX
               : ds_bridge_trunk(&bridge->in)->max_early_dialogs;
}
