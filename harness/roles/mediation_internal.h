#ifndef DS_MEDIATION_INTERNAL_H
#define DS_MEDIATION_INTERNAL_H

/* The Mediation Server: outbound, inbound, fax, calls that come back, and the bypass decision
 * (mediation_*.c). */

#include "bridge_internal.h"

/* RFC 4028 4 recommends half an hour, and [KB2735323] has it: domain.md 5.4. */
#define DS_MEDIATION_SESSION_S 1800

/* Caller, trunk, uris and the bypass decision of a call from the pool; false: no route, or no peer
 * of it that is up. */
bool ds_mediation_aim_outbound(struct ds_bridge *bridge);
/* No peer is left to try: ms-diagnostics 12000 (RTE-14), which is the pool's to say where it tries
 * one trunk after the other. */
void ds_mediation_refuse_unrouted(struct ds_bridge *bridge, int status);
void ds_mediation_aim_inbound(struct ds_bridge *bridge, const struct ds_topo_node *pool);
/* Is either end a fax machine? Then no media is ours, bypass or not. */
bool ds_mediation_is_fax(const struct ds_bridge *bridge);
/* Where a call to a fax machine goes: the peer that it came in by (RTE-26). NULL: by the routes. */
const struct ds_topo_node *ds_mediation_fax_peer(const struct ds_bridge *bridge);
bool ds_mediation_may_bypass(const struct ds_bridge *bridge);
/* The same where a call takes the place of one that is up: of who takes up a parked call only
 * third-party call control tells the peer (domain.md 2.1). */
bool ds_mediation_may_replace_past(struct ds_bridge_side *by, const struct ds_msg *invite);
/* May the audio of two trunks' peers go straight between them, as a client's would to either? */
bool ds_mediation_may_join(const struct ds_node *node,
                           const struct ds_topo_node *one,
                           const struct ds_topo_node *other);
/* Empty where the bridge's own offer is right. */
struct ds_slice ds_mediation_offer(struct ds_bridge *bridge);
/* Our own audio and the gateway's side by side, where bypass is possible; else empty: the plain
 * offer. */
struct ds_slice ds_mediation_two_bodies(struct ds_bridge *bridge, struct ds_invite *invite);
/* A defect: it clears a call whose RTCP passes it by. */
void ds_mediation_miss_reports(struct ds_bridge *bridge);
bool ds_mediation_was_bypass_chosen(const struct ds_bridge *bridge, const struct ds_msg *answer);
/* Where bypass is possible each device is a dialog of its own to the peer: MaxEarlyDialogs. */
size_t ds_mediation_most_forks(const struct ds_bridge *bridge);

/* ---- calls of ours that come back (mediation_hairpin.c) ---- */

/* The peer by which it came in; NULL: it is no such call. */
const struct ds_topo_node *ds_mediation_ingress(const struct ds_bridge *bridge);
/* May its audio go straight between the two peers, by their alternate bypass IDs? */
bool ds_mediation_is_hairpin(const struct ds_bridge *bridge);
/* The ingress peer's own audio, of the two that such a call shows. */
struct ds_slice ds_mediation_hairpin_offer(struct ds_bridge *bridge);
/* And says that it was taken. */
void ds_mediation_hairpin_reply(struct ds_bridge *bridge, struct ds_content *content);

/* What an Enterprise Voice user's REFER comes to (mediation_transfer.c). */
void ds_mediation_refer(struct ds_bridge_side *by, const struct ds_msg *refer);
/* Where this call belongs to a transfer: may its audio go past us? True of every other. */
bool ds_mediation_transfers_past(const struct ds_bridge *bridge, const struct ds_trunk *trunk);

/* Is this a call that takes the place of one here (mediation_replace.c)? Then it is dealt with. */
bool ds_mediation_replace(struct ds_node *node,
                          struct ds_session *session,
                          const struct ds_msg *msg);
extern const struct ds_bridge_policy ds_mediation_outbound, ds_mediation_inbound;

#endif
