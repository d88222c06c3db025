#ifndef DS_SITE_H
#define DS_SITE_H

/* A place of a deployment, by its net. Part of topo.h. */

#include "base.h"

struct ds_site {
    const char *name;
    uint32_t net, mask;    /* IPv4 */
    const char *bypass_id; /* a GUID, or NULL: no bypass from here */
    bool external;         /* remote workers: outside the enterprise */
    bool routed;           /* external, and no wall between it and the inside: a VPN */
};

#endif
