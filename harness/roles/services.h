#ifndef DS_SERVICES_H
#define DS_SERVICES_H

/*
 * Supplementary services: what a person does with a call that is up, besides talking and hanging
 * up. Part of roles.h. DS_STATE, with a sentence, for what cannot be done at this end or in this
 * state.
 */

#include "base.h"

struct ds_end;

DS_MUST_USE ds_rc ds_end_hold(struct ds_end *end, bool held, struct ds_why *why);
/* By a re-INVITE that leaves the offer to the other end (RFC 3261 14.1). */
DS_MUST_USE ds_rc ds_end_resume_without_offer(struct ds_end *end, struct ds_why *why);
/* Presses the hook for a moment, as one would to hold: what a telephone on an analogue line can do,
 * and DS_STATE elsewhere. Whether anybody is held is the gateway's to say. */
DS_MUST_USE ds_rc ds_end_flash_hook(struct ds_end *end, struct ds_why *why);
/* Hands the other one over to whoever has this number: see ds_end_transfer_status(). Clients and UM
 * servers do. */
DS_MUST_USE ds_rc ds_end_transfer(struct ds_end *end, const char *number, struct ds_why *why);
/* To whom this person speaks in another call, which that takes the place of. */
DS_MUST_USE ds_rc ds_end_transfer_to(struct ds_end *end,
                                     const struct ds_end *consulted,
                                     struct ds_why *why);
/* What was reported last of the call that it causes, 100 to 699; 0: nothing yet. */
int ds_end_transfer_status(const struct ds_end *end);
/* Has whoever has this number called into a conference, and moves this call there before, where it
 * is none yet. Clients do. */
DS_MUST_USE ds_rc ds_end_add(struct ds_end *end, const char *number, struct ds_why *why);
/* The status of the call to whom was added last, or of what failed before it; 0: not known yet. */
int ds_end_added_status(const struct ds_end *end);
/* Holds the other one, and has the call park service take over: see ds_end_park_status(). Where the
 * hold is not answered alike the call is dropped ([QGW]). Enterprise Voice users do. */
DS_MUST_USE ds_rc ds_end_park(struct ds_end *end, struct ds_why *why);
/* What came of it: 200, parked at ds_end_orbit(); another final status; 0: nothing yet. */
int ds_end_park_status(const struct ds_end *end);
const char *ds_end_orbit(const struct ds_end *end);

#endif
