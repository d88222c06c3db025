#ifndef DS_CHECK_REGISTRATION_INTERNAL_H
#define DS_CHECK_REGISTRATION_INTERNAL_H

/* What REGISTERs and their answers say (registration.c; RFC 3261 10). */

#include "check_internal.h"

/* How long a message says that something lasts: the parameter of a Contact, else Expires
 * (10.2.1.1); -1: neither tells. */
int64_t ds_event_expires_us(const struct ds_event *event, struct ds_slice params);
bool ds_event_takes_registration(const struct ds_event *event); /* a 200 to a REGISTER */
bool ds_event_signs_out(const struct ds_event *request);        /* a REGISTER (10.2.2) */
/* The uri of its first Contact; empty: it has none. */
struct ds_slice ds_event_contact(const struct ds_event *event);
/* The uris of one device, over whatever connection. */
bool ds_is_same_device(struct ds_slice one, struct ds_slice other);
/* Until when that answer has the device registered: no longer than it was sent where it does not
 * list it; INT64_MAX where it does not say. */
int64_t ds_registration_until(const struct ds_event *answer, struct ds_slice device);

/* What a pool knows of a device when it sends a message, or gets one. */
struct ds_registration_seen {
    const struct ds_event *answer; /* the last that told of it; NULL: the capture has none */
    bool is_over;                  /* it is signed out, or has not been renewed */
};

struct ds_registration_seen ds_registration_before(const struct ds_judge *judge,
                                                   const struct ds_event *event,
                                                   struct ds_slice device);
/* Is that so of all devices of the user that the capture has signed in at that pool? */
bool ds_is_signed_in_nowhere(const struct ds_judge *judge,
                             const struct ds_event *invite,
                             const struct ds_topo_node *user);

#endif
