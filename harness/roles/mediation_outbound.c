#include "admission_internal.h"
#include "emergency_internal.h"
#include "mediation_internal.h"
#include "pidf.h"
#include "trunk_internal.h"

#include <stdio.h>
#include <string.h>

/* Calls from the pool to a trunk. */

/* The caller's number: the tel uri of P-Asserted-Identity, which the pool put there; else From. */
static void find_caller(struct ds_bridge *bridge)
{
    struct ds_slice value, params;
    for (size_t i = 0; ds_msg_value(bridge->invite, "P-Asserted-Identity", i, &value); i++) {
        struct ds_slice uri = ds_value_uri(value, &params);
        if (ds_slice_starts_nocase(uri, DS_LITERAL("tel:"))) {
            ds_slice_copy(ds_slice_from(uri, 4), bridge->caller, sizeof bridge->caller);
            return;
        }
    }
}

/* Some pools leave the plus off; trunks and routes are written with it. */
static void restore_plus(struct ds_bridge *bridge)
{
    char digits[sizeof bridge->number];
    if (bridge->number[0] == '+')
        return;
    ds_slice_copy(ds_slice_of(bridge->number), digits, sizeof digits);
    snprintf(bridge->number, sizeof bridge->number, "+%.60s", digits);
}

/* Defects that send the call along another road than its trunk. */
static void misdirect(struct ds_bridge *bridge)
{
    const struct ds_node *node = bridge->node;
    const struct ds_topo_node *peer = bridge->out.peer;
    if (ds_node_has_defect(node, "udp_trunk"))
        bridge->hop = ds_node_hop(peer, DS_UDP, 0);
    if (ds_node_has_defect(node, "wrong_peer_port"))
        bridge->hop = ds_node_hop(peer, DS_TLS, 0);
}

static const char *without_plus(const char *number)
{
    return number[0] == '+' ? number + 1 : number;
}

static void translate(const struct ds_node *node,
                      const struct ds_translation *rules,
                      const char *number,
                      const char *defect,
                      char *out,
                      size_t size)
{
    static const struct ds_translation none = {.count = 0};
    ds_translate(ds_node_has_defect(node, defect) ? &none : rules, ds_slice_of(number), out, size);
}

/* The numbers as the trunk wants them; ours stay as the pool gave them (RTE-15). */
static void write_uris(struct ds_bridge *bridge)
{
    const struct ds_node *node = bridge->node;
    const struct ds_trunk *trunk = bridge->trunk;
    char called[sizeof bridge->number], calling[sizeof bridge->caller];
    bool bare = (trunk->remove_plus && !ds_node_has_defect(node, "keeps_plus")) ||
                ds_node_has_defect(node, "removes_plus");
    translate(node, &trunk->called, bridge->number, "skips_called_rules", called, sizeof called);
    translate(node, &trunk->calling, bridge->caller, "skips_calling_rules", calling,
              sizeof calling);
    snprintf(bridge->to_uri, sizeof bridge->to_uri, "sip:%s@%s;user=phone",
             bare ? without_plus(called) : called, bridge->out.peer->fqdn);
    snprintf(bridge->from_uri, sizeof bridge->from_uri, "sip:%s@%s;user=phone",
             bare ? without_plus(calling) : calling, node->topo->domain);
}

static bool aim_at(struct ds_bridge *bridge, const struct ds_topo_node *peer)
{
    const struct ds_node *node = bridge->node;
    if (!ds_trunk_aim(bridge, peer))
        return false;
    write_uris(bridge);
    misdirect(bridge);
    bridge->straight = ds_mediation_is_fax(bridge) || ds_mediation_is_hairpin(bridge) ||
                       ds_mediation_may_bypass(bridge);
    if (bridge->straight)
        ds_bridge_close_media(bridge);
    /* With this defect the client is shown ports of ours, though its own address went out. */
    if (bridge->straight && ds_node_has_defect(node, "hides_gateway"))
        return ds_bridge_open_media(bridge, NULL) == DS_OK;
    return true;
}

/* The first peer of the route from that place on which is not down (RTE-11). */
static bool aim_from(struct ds_bridge *bridge, size_t first)
{
    for (size_t i = first; bridge->route != NULL && i < bridge->route->via_count; i++) {
        const struct ds_topo_node *peer = bridge->route->via[i];
        if (ds_trunk_is_down(bridge->node, peer))
            continue;
        bridge->attempt = i;
        return aim_at(bridge, peer);
    }
    return false;
}

/* The trunk that the pool has chosen, and no other. */
static bool aim_as_told(struct ds_bridge *bridge)
{
    const struct ds_node *node = bridge->node;
    const struct ds_trunk *trunk = ds_trunk_group_read(node, ds_msg_request_uri(bridge->invite));
    bridge->trunk_is_told = true;
    return trunk != NULL && trunk->a == node->place && !ds_trunk_is_down(node, trunk->b) &&
           aim_at(bridge, trunk->b);
}

bool ds_mediation_aim_outbound(struct ds_bridge *bridge)
{
    const struct ds_topo_node *gateway = ds_topo_first(bridge->node->topo, DS_ROLE_GATEWAY);
    find_caller(bridge);
    restore_plus(bridge);
    if (ds_trunk_group_is_named(ds_msg_request_uri(bridge->invite)))
        return aim_as_told(bridge);
    if (!ds_trunk_route(bridge))
        return false;
    if (ds_node_has_defect(bridge->node, "prefers_gateway") && gateway != NULL)
        return aim_at(bridge, gateway);
    const struct ds_topo_node *fax_peer = ds_mediation_fax_peer(bridge);
    return fax_peer != NULL ? aim_at(bridge, fax_peer) : aim_from(bridge, 0);
}

/* ForwardCallHistory ([TC]: domain.md 4). */
static void pass_history(struct ds_bridge *bridge)
{
    const struct ds_node *node = bridge->node;
    struct ds_slice history;
    size_t len = strlen(bridge->headers), room = sizeof bridge->headers - len;
    if (ds_node_has_defect(node, "forwards_history"))
        snprintf(bridge->headers + len, room, "History-Info: <sip:%s@%s>;index=1\r\n",
                 bridge->number, node->topo->domain);
    else if (bridge->trunk->forward_history && !ds_node_has_defect(node, "drops_history") &&
             ds_msg_header(bridge->invite, "History-Info", 0, &history) && history.len + 20 < room)
        snprintf(bridge->headers + len, room, "History-Info: %.*s\r\n", DS_FMT(history));
}

/* EnablePIDFLOSupport ([TC]: domain.md 3.6). */
static void pass_location(struct ds_bridge *bridge, struct ds_invite *invite)
{
    struct ds_part location;
    struct ds_sdp sdp;
    const struct ds_node *node = bridge->node;
    bool shown = bridge->trunk->pidf_lo ? !ds_node_has_defect(node, "drops_location")
                                        : ds_node_has_defect(node, "shows_location_unasked");
    if (!shown || !ds_msg_part(bridge->invite, DS_PIDF_TYPE, &location))
        return;
    struct ds_slice offer = invite->body;
    if (offer.len == 0)
        offer = ds_bridge_say(&bridge->out, ds_message_audio(bridge->invite, &sdp), NULL);
    ds_emergency_header(&location, bridge->headers, sizeof bridge->headers);
    invite->body = ds_emergency_join(offer, &location, &invite->content_type, &bridge->body);
}

static void outbound_invite(struct ds_bridge *bridge, struct ds_invite *invite)
{
    const struct ds_node *node = bridge->node;
    struct ds_slice identity;
    snprintf(bridge->from_params, sizeof bridge->from_params, ";epid=%010llx",
             (unsigned long long)(ds_hash(ds_slice_of(node->place->fqdn)) & 0xffffffffffu));
    invite->from_params = bridge->from_params;
    bridge->headers[0] = '\0';
    bool forwards = (bridge->trunk->forward_pai && !ds_node_has_defect(node, "keeps_identity")) ||
                    ds_node_has_defect(node, "forwards_identity");
    if (forwards && ds_msg_header(bridge->invite, "P-Asserted-Identity", 0, &identity))
        snprintf(bridge->headers, sizeof bridge->headers, "P-Asserted-Identity: <%s>\r\n",
                 bridge->from_uri);
    pass_history(bridge);
    invite->extra_headers = bridge->headers;
    bool timed = bridge->trunk->session_timer && !ds_node_has_defect(node, "forgets_session_timer");
    if (timed || ds_node_has_defect(node, "starts_session_timer"))
        invite->session_expires_s = DS_MEDIATION_SESSION_S;
    if (ds_node_has_defect(node, "keeps_call_id")) {
        ds_slice_copy(ds_msg_call_id(bridge->invite), bridge->contact, sizeof bridge->contact);
        invite->call_id = bridge->contact;
    }
    invite->body = ds_mediation_offer(bridge);
    pass_location(bridge, invite);
}

/* What a refusal counts as, by the rules of its trunk (RTE-08). */
static int translate_status(const struct ds_bridge *bridge, int status, const struct ds_msg *msg)
{
    int cause = msg == NULL ? 0 : ds_msg_q850_cause(msg);
    return ds_node_has_defect(bridge->node, "keeps_response_codes")
               ? status
               : ds_translate_code(&bridge->trunk->codes, status, cause);
}

/* 503 and 504 are tried on the next trunk, anything else is final: domain.md 3.3. */
static int outbound_failed(struct ds_bridge *bridge, int refusal, const struct ds_msg *msg)
{
    int status = translate_status(bridge, refusal, msg);
    bool again = status == 486 && bridge->attempt == 0 &&
                 ds_node_has_defect(bridge->node, "retries_after_busy");
    bool gives_up = status == 503 && ds_node_has_defect(bridge->node, "gives_up_when_full");
    bool next =
        (status == 503 || status == 504) && !gives_up && aim_from(bridge, bridge->attempt + 1);
    if (!again && !next)
        return status;
    bridge->attempt += again;
    ds_mediation_call_admitted(bridge);
    return 0;
}

/* EnableFastFailoverTimer: a peer that shows no progress within 10 s is left for the next one
   ([TC], [KB10]: domain.md 3.3). 100 is no progress. */
#define FAST_FAILOVER (10 * DS_S)

static ds_us outbound_patience(const struct ds_bridge *bridge, bool alerts)
{
    const struct ds_node *node = bridge->node;
    bool fast = bridge->trunk->fast_failover || ds_node_has_defect(node, "fails_over_unasked");
    return fast && !alerts && !ds_node_has_defect(node, "never_fails_over") ? FAST_FAILOVER : 0;
}

static void outbound_impatient(struct ds_bridge *bridge, bool alerts)
{
    (void)alerts;
    ds_node_log(bridge->node, 1, "%s shows no progress", bridge->out.peer->name);
    ds_bridge_abandon(bridge);
    if (aim_from(bridge, bridge->attempt + 1))
        ds_mediation_call_admitted(bridge);
    else
        ds_mediation_refuse_unrouted(bridge, 504);
}

static void outbound_reply(struct ds_bridge *bridge, int status, struct ds_content *content)
{
    ds_mediation_hairpin_reply(bridge, content);
    if (status == 200)
        ds_mediation_miss_reports(bridge);
}

const struct ds_bridge_policy ds_mediation_outbound = {
    .dress_invite = outbound_invite,
    .dress_reply = outbound_reply,
    .failed = outbound_failed,
    .patience = outbound_patience,
    .impatient = outbound_impatient,
    .happened = ds_mediation_reserve,
    .refer = ds_mediation_refer,
};
