#ifndef DS_SITE_H
#define DS_SITE_H

/* Where things stand: a site by its net, a region of sites, a point where an element listens. Part
 * of topo.h. */

#include "emergency.h"

struct ds_site {
    const char *name;
    uint32_t net, mask;             /* IPv4 */
    const struct ds_region *region; /* or NULL */
    bool constrained;               /* its link to the region's central site has little bandwidth */
    const char *bypass_id;          /* a GUID, written or of its region; NULL: none */
    bool external;                  /* remote workers: outside the enterprise */
    bool routed;                    /* external, and no wall between it and the inside: a VPN */
    /* By which calls leave that are made here, whoever makes them (domain.md 3.5); empty: by the
     * caller's own. */
    struct ds_usages voice_routing_policy;
    const struct ds_location_policy *location_policy; /* of clients that stand there, or NULL */
    struct ds_civic_address address;
    const char *elin; /* the number at which its emergency calls are called back, or NULL */
};

/* Sites that are well connected, but for those behind a constrained link (domain.md 2.1). */
struct ds_region {
    const char *name;
    const struct ds_site *central; /* where the links of the others lead */
    const char *bypass_id;
};

struct ds_port { /* one listening point: "tls:5061" */
    enum ds_transport transport;
    uint16_t port;
};

#endif
