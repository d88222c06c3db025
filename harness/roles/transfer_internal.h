#ifndef DS_TRANSFER_INTERNAL_H
#define DS_TRANSFER_INTERNAL_H

/*
 * How a call is handed over (RFC 5589). Who is asked by REFER calls the target on a leg of its own;
 * when that is answered it takes the place of the one who asked, who hears of it by NOTIFY and
 * leaves. Until then nothing changes, so that a target that does not answer costs nobody the call.
 */

#include "bridge_internal.h"
#include "refer.h"

/* ---- at a back-to-back user agent (bridge_transfer.c) ---- */

/* Requests inside a call that are none of its own business, for session events. */
void ds_bridge_asked(void *side, const struct ds_msg *msg);

/* Fills in where the new leg goes; false: nowhere. */
typedef bool ds_transfer_aim_fn(struct ds_bridge *fresh, const struct ds_bridge_side *by);

/* Who is at `by` wants the other side to be connected with the target of this REFER. */
void ds_bridge_transfer(struct ds_bridges *bridges,
                        struct ds_bridge_side *by,
                        const struct ds_msg *refer,
                        const struct ds_bridge_policy *policy,
                        ds_transfer_aim_fn *aim);
/* The leg of a transfer is answered: it takes its place. */
void ds_bridge_take_place(struct ds_bridge *fresh, const struct ds_msg *answer);
/* Is the answer to an offer one to what a transfer has changed? Then it is dealt with. */
bool ds_bridge_transfer_done(struct ds_bridge_side *side, int status, const struct ds_msg *msg);
void ds_bridge_transfer_failed(struct ds_bridge *fresh, int status);
/* A bridge beside the one of this side, whose outgoing side is to change places with it; NULL:
 * memory is out. */
struct ds_bridge *ds_bridge_beside(struct ds_bridges *bridges,
                                   struct ds_bridge_side *by,
                                   const struct ds_bridge_policy *policy,
                                   const struct ds_msg *invite);
/* The call is over before its transfer is. */
void ds_bridge_transfer_over(struct ds_bridge *bridge);
/* A call that came in takes the place of the one at `by` (RFC 3891): answered at once, and the
 * dialog that it replaces is cleared (bridge_replace.c). False: refused. With `straight` its audio
 * goes past us. */
bool ds_bridge_replace(struct ds_bridges *bridges,
                       struct ds_bridge_side *by,
                       struct ds_session *session,
                       const struct ds_msg *msg,
                       bool straight);
/* The side whose dialog an INVITE's Replaces names; NULL: none here. */
struct ds_bridge_side *ds_bridge_replaced(const struct ds_bridges *bridges,
                                          struct ds_node *node,
                                          const struct ds_msg *msg);
void ds_bridge_clear_replaced(struct ds_bridge *fresh);
/* The Mediation Server that a REFER says has the dialog to be replaced; NULL: none. */
const struct ds_topo_node *ds_refer_mediation(const struct ds_node *node,
                                              const struct ds_refer_target *target);
/* Whoever has not asked for a transfer or a replacement: it may be changed. */
bool ds_bridge_may_change(const struct ds_bridge_side *by);
/* Neither knows the other any more. */
void ds_bridge_transfer_forget(struct ds_bridge *bridge);
/* What a call owes to a transfer goes with its INVITE: Referred-By, Replaces. */
void ds_bridge_refer_on(struct ds_bridge *bridge, struct ds_invite *invite);

/* What a gateway or a PBX makes of a REFER of the Mediation Server: the target is called by its own
 * routes (trunk_transfer.c). */
void ds_trunk_transfer(struct ds_bridges *bridges,
                       struct ds_bridge_side *by,
                       const struct ds_msg *refer);

/* ---- at the end of a call (end_transfer.c) ---- */

void ds_end_hold_in_hand(struct ds_end *end); /* its session and its audio tell it (end.c) */
void ds_end_asked(void *end, const struct ds_msg *msg);
/* The call that is to take the place of another is answered, or has failed. */
void ds_end_take_place(struct ds_end *fresh);
void ds_end_transfer_failed(struct ds_end *fresh, int status);
/* Two calls of one person change places. */
void ds_end_swap_calls(struct ds_end *end, struct ds_end *fresh);
/* The number that is dialled so, and the uri by which the pool knows it. */
void ds_end_name_target(const struct ds_node *node,
                        const char *dialled,
                        struct ds_refer_target *target);
/* A whole Referred-By value. */
void ds_end_name_referrer(const struct ds_end *end, char *out, size_t size);
/* The call is over before its transfer is. */
void ds_end_transfer_over(const struct ds_end *end);
/* The call whose dialog an INVITE's Replaces names; NULL: none at this node. */
struct ds_end *ds_end_replaced(struct ds_node *node, const struct ds_msg *invite);
/* A new call that takes the place of one that is up (RFC 3891): answered at once. */
void ds_end_replace(struct ds_end *end, struct ds_end *fresh);
/* How somebody else takes the place of this end in its call: the dialog, and the address at which
 * requests in it reach the other end. False: it is not up. */
bool ds_end_name_other(const struct ds_end *end, struct ds_refer_target *target);
/* Asks who is at this end to call whom the other call, of the same node, is with, in its place. */
DS_MUST_USE ds_rc ds_end_hand_on(struct ds_end *end,
                                 const struct ds_end *other,
                                 struct ds_why *why);

/* ---- parking (end_park.c) ---- */

void ds_end_park_held(struct ds_end *end, const struct ds_sdp_media *answer);
void ds_end_park_failed(struct ds_end *end, int status);
/* Of the call to the service: it is answered, and what has come of the REFER, or of the call. */
void ds_end_park_answered(struct ds_end *call, const struct ds_msg *answer);
void ds_end_park_reported(struct ds_end *call, int status);

#endif
