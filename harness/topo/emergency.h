#ifndef DS_TOPO_EMERGENCY_H
#define DS_TOPO_EMERGENCY_H

/*
 * Emergency calls: which they are, by which trunk they leave, and where their callers are
 * (domain.md 3.6). Part of topo.h.
 */

#include "policy.h"

struct ds_site;

#define DS_MASKS_MOST   8
#define DS_ADDRESS_MOST 60 /* letters of a part of one */

/* New-CsLocationPolicy. */
struct ds_location_policy {
    const char *name;
    const char *number;               /* EmergencyDialString, with its +: "+911" */
    const char *masks[DS_MASKS_MOST]; /* EmergencyDialMask: what else is dialled for it */
    size_t mask_count;
    struct ds_usages usages; /* the one that says by which trunk the call leaves */
};

/* RFC 4119 2.2.1; country NULL: nobody has told where it is. */
struct ds_civic_address {
    const char *country, *city, *street;
};

/* Is that an emergency number there? Not where there is no policy (NULL). */
bool ds_location_policy_has(const struct ds_location_policy *policy, struct ds_slice dialled);
/* The policy of a call from that client: of the site where it stands, else of its user. NULL: what
 * is dialled is no emergency number. */
const struct ds_location_policy *ds_topo_emergency(const struct ds_topo_node *client,
                                                   struct ds_slice dialled);
/* Is it one anywhere, as the pool sends it on: "+911"? */
bool ds_topo_is_emergency(const struct ds_topo *topo, struct ds_slice number);
/* Whose number that is for calling back (ELIN); NULL: no site's. */
const struct ds_site *ds_topo_elin_site(const struct ds_topo *topo, struct ds_slice number);

#endif
