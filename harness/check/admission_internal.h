#ifndef DS_CHECK_ADMISSION_INTERNAL_H
#define DS_CHECK_ADMISSION_INTERNAL_H

/* Calls and the bandwidth of links (admission.c): domain.md 2.4. */

#include "mail_internal.h"

/* Refused for want of bandwidth, by who was called or on its behalf: ids 4 and 5 of [OCER]. */
bool ds_is_short_of_bandwidth(const struct ds_event *response);
/* The pool's last INVITE to a device that was refused so; NULL: none was. */
const struct ds_hop_seen *ds_call_cut_off(const struct ds_call *call);
/* Fills in `cut_off`, and the PSTN as the callee; of a call that went on to voice mail from there,
 * that it was tried there beside. */
void ds_subject_reroute(const struct ds_judge *judge, struct ds_subject *subject);
/* Is the exchange of which this is a message about this call? */
bool ds_seen_is_of(const struct ds_stun_seen *seen, const struct ds_call *call);
/* A request of the exchange with a bandwidth policy service. */
bool ds_seen_asks(const struct ds_stun_seen *seen);
/* What the service answered to a request; NULL: nothing. */
const struct ds_stun_seen *ds_seen_answer(const struct ds_trace *trace,
                                          const struct ds_stun_seen *request);
/* The check of a call that found no room on the straight path, and some by the relays: it is to go
 * over the Internet. NULL: there is none. */
const struct ds_stun_seen *ds_call_internet_check(const struct ds_judge *judge,
                                                  const struct ds_call *call);
/* The first hop of the call to a device of the user after that hop, or NULL: where it went on. */
const struct ds_hop_seen *ds_pools_next(const struct ds_call *call, const struct ds_hop_seen *hop);

#endif
