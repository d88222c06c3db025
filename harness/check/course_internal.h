#ifndef DS_COURSE_INTERNAL_H
#define DS_COURSE_INTERNAL_H

/* Which course a call takes: where people are, whom it leaves, by which trunk, after what transfer.
 */

#include "check_internal.h"

/* ---- who moves from the PBX to Enterprise Voice (whereabouts.c) ---- */

struct ds_whereabouts {
    const struct ds_topo_node *device; /* where the person is */
    const struct ds_topo_node *left;   /* the other one; NULL: the person does not move */
    uint32_t since;                    /* the frame that tells; 0: none, as nobody has moved yet */
};

/* Before that frame. */
struct ds_whereabouts ds_judge_whereabouts(const struct ds_judge *judge,
                                           const struct ds_topo_node *person,
                                           uint32_t frame);

/* ---- calls that go on from the user who was called (handling.c) ---- */

/* A parked call that calls who parked it: nobody's settings send it on ([UPK]). */
bool ds_subject_rings_back(const struct ds_judge *judge, const struct ds_subject *subject);
/* Fills in whom the call left, where it went on from its callee, and what lies beside its road. */
void ds_subject_follow(const struct ds_judge *judge, struct ds_subject *subject);
/* A device of a user whom the call left, or the Edge in front of one. */
bool ds_subject_is_left(const struct ds_subject *subject, const struct ds_topo_node *node);
/* Is this a way that the call did not take in the end: a try that was left, a user whom it left, a
 * number that rang along? */
bool ds_subject_hop_is_aside(const struct ds_subject *subject, size_t at);
/* Is it about a number that rang along, and did not take the call? */
bool ds_subject_event_is_aside(const struct ds_subject *subject, const struct ds_event *event);
bool ds_subject_flow_is_aside(const struct ds_subject *subject, const struct ds_flow *flow);

/* ---- by which trunk a call leaves (policy.c, tries.c) ---- */

/* Fills in `usages` and `admitted`. */
void ds_subject_admit(struct ds_judge *judge, struct ds_subject *subject);
/* Beyond the last: it is not among them. */
size_t ds_admitted_place(const struct ds_admitted *admitted, const struct ds_trunk *trunk);
/* The trunk by which a Mediation Server calls its peer on this hop; NULL: it does not. */
const struct ds_trunk *ds_try_trunk(const struct ds_judge *judge, const struct ds_hop_seen *hop);
/* What came of it, as the trunk's rules translate it; 0: nothing yet. */
int ds_try_status(const struct ds_trunk *trunk, const struct ds_hop_seen *hop);
/* 503, 504: another trunk may do (domain.md 3.3). */
bool ds_status_is_for_now(int status);
/* The hop that brought the call to where this one leaves; NULL: it begins here. */
const struct ds_hop_seen *ds_hop_before(const struct ds_call *call, const struct ds_hop_seen *hop);
/* The first to that element; NULL: it was never tried. */
const struct ds_hop_seen *ds_call_hop_to(const struct ds_call *call,
                                         const struct ds_topo_node *node);
/* Owes an answer to OPTIONS: it may be down, and is rightly passed over. */
bool ds_judge_may_be_down(const struct ds_judge *judge,
                          const struct ds_topo_node *peer,
                          int64_t now);

#define DS_TRIES_MOST 32 /* so many hops of a call are looked at; a call takes few */

typedef void ds_try_fn(struct ds_judge *judge,
                       const struct ds_subject *subject,
                       const struct ds_hop_seen *hop,
                       const struct ds_trunk *trunk,
                       struct ds_tally *tally);
void ds_subject_tries(struct ds_judge *judge,
                      const struct ds_subject *subject,
                      ds_try_fn *rule,
                      struct ds_tally *tally);

/* ---- calls of a conferencing server (conference.c) ---- */

/* Fills in the server where a user calls it. */
void ds_subject_confer(const struct ds_judge *judge, struct ds_subject *subject);
/* By which trunk the other end is reached: that of the call, or of the one that it takes over. */
const struct ds_trunk *ds_conference_trunk(const struct ds_judge *judge,
                                           const struct ds_call *call);
bool ds_subject_is_conference(const struct ds_subject *subject);

/* ---- calls that a transfer made (transfer.c) ---- */

/* Fills in `before`, and who stays as the caller, where the call continues another. */
void ds_subject_hand_over(const struct ds_judge *judge, struct ds_subject *subject);
/* What the transfer makes of the Mediation Server's media decision. */
void ds_subject_join(struct ds_subject *subject);
void ds_subject_join_outside(struct ds_subject *subject);
/* The caller's number; of a transfer, the number of the party that stays. */
const char *ds_subject_caller_number(const struct ds_subject *subject);
/* Of the rows of transfers.def: a peer calls back, to take the place of one in a call that is up.
 */
#define DS_READING_JOINED 2
/* Is that the caller, by name or number? */
bool ds_subject_shows_caller(const struct ds_subject *subject, struct ds_slice user);
#define DS_MOST_REPLACED 64 /* calls in the places of one another that are looked back at */
/* It takes a place for the call park service, or there. */
bool ds_subject_is_parked(const struct ds_subject *subject);
/* Of the road of a call that takes the place of a leg at the Mediation Server its INVITE takes no
 * more than to there; false: of any other. And the element of a role that the calls behind it have
 * passed, or NULL. */
bool ds_road_cut(const struct ds_subject *subject, struct ds_road *road);
const struct ds_topo_node *ds_subject_passed(const struct ds_subject *subject,
                                             enum ds_role_kind role);
/* Of the road of a transfer its INVITE takes what lies behind the element that was asked. */
void ds_road_shorten(const struct ds_subject *subject, struct ds_road *road);

#endif
