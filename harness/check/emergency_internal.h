#ifndef DS_EMERGENCY_INTERNAL_H
#define DS_EMERGENCY_INTERNAL_H

/* Emergency calls (domain.md 3.6): which they are, and who is called back. */

#include "check_internal.h"

/* By which location policy it is an emergency call; NULL: it is none. */
const struct ds_location_policy *ds_subject_emergency(const struct ds_subject *subject);
/* Who made the last emergency call before this one that an ELIN gateway has shown with that number;
 * NULL: nobody. */
const struct ds_topo_node *
ds_judge_shown_as(const struct ds_judge *judge, const struct ds_call *call, struct ds_slice elin);
/* The last step of an emergency call over an ELIN gateway, out to the circuits; NULL: there is
 * none.
 */
const struct ds_hop_seen *ds_call_shown(const struct ds_call *call);

#endif
