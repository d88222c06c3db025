#ifndef DS_SITE_H
#define DS_SITE_H

/* Where things stand: a site by its net, a point where an element listens. Part of topo.h. */

#include "base.h"

struct ds_site {
    const char *name;
    uint32_t net, mask;    /* IPv4 */
    const char *bypass_id; /* a GUID, or NULL: no bypass from here */
    bool external;         /* remote workers: outside the enterprise */
    bool routed;           /* external, and no wall between it and the inside: a VPN */
};

struct ds_port { /* one listening point: "tls:5061" */
    enum ds_transport transport;
    uint16_t port;
};

#endif
