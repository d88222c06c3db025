#ifndef DS_LOCATION_INTERNAL_H
#define DS_LOCATION_INTERNAL_H

/* Location-based routing: domain.md 3.5. */

#include "course_internal.h"

/* The trunk by which the call reached the pool; NULL: it came otherwise. */
const struct ds_trunk *ds_subject_came_in_by(const struct ds_judge *judge,
                                             const struct ds_subject *subject);
/* Where the call is made: where its caller's device is, or where a PBX's trunk says that its users
   are; NULL: nobody knows. */
const struct ds_site *ds_subject_location(const struct ds_judge *judge,
                                          const struct ds_subject *subject);
/* Has the user of this device one at that site that is signed in when the call is made? */
bool ds_call_has_device_at(const struct ds_judge *judge,
                           const struct ds_call *call,
                           const struct ds_topo_node *device,
                           const struct ds_site *site);
/* It came in by a trunk of a site where the callee has no device, and may be refused. */
bool ds_subject_is_elsewhere(const struct ds_judge *judge, const struct ds_subject *subject);

#endif
