#ifndef DS_EMERGENCY_INTERNAL_H
#define DS_EMERGENCY_INTERNAL_H

/* Emergency calls (domain.md 3.6): where the caller is goes with the INVITE, as a second part of
 * its body that a Geolocation header names (RFC 6442); and numbers by which a gateway tells places
 * apart. */

#include "bridge_internal.h"

/* Description and location as one body, in `out`, and the type of that. Empty: memory is out. */
struct ds_slice ds_emergency_join(struct ds_slice sdp,
                                  const struct ds_part *location,
                                  const char **type,
                                  struct ds_buf *out);
/* Adds the header that names the part. */
void ds_emergency_header(const struct ds_part *location, char *headers, size_t size);

/* The client's: what is to be dialled for these digits. An emergency call tells where it comes
 * from, where anybody knows: in its headers, and in its body, which has the description already. */
const char *ds_emergency_dial(struct ds_end *end, const char *dialled);
void ds_emergency_mark(struct ds_end *end);
void ds_emergency_tell(struct ds_end *end);

/* The ELINs that a gateway has shown, and who called with each of them last (elin.c). */
struct ds_elins {
    struct ds_list list; /* owned */
    size_t count;
};

void ds_elins_init(struct ds_elins *elins);
void ds_elins_free(struct ds_elins *elins);
/* In an emergency call the caller's number becomes that of the place, where the location has one.
 */
void ds_elins_show(struct ds_bridge *bridge);
/* Such a call has a way out: its caller is to be called back. */
void ds_elins_remember(struct ds_elins *elins, const struct ds_bridge *bridge);
/* In a call back the number called becomes that of whose emergency call it was. */
void ds_elins_call_back(const struct ds_elins *elins, struct ds_bridge *bridge);

#endif
