#ifndef DS_TOPO_ADMISSION_H
#define DS_TOPO_ADMISSION_H

/*
 * Call admission control: which links between sites hold how much audio, and which of them a call
 * takes (domain.md 2.4). Part of topo.h.
 */

#include "base.h"

struct ds_site;
struct ds_topo;
struct ds_topo_node;

#define DS_LINKS_MOST     32
#define DS_LINK_MOST_KBPS 1000000
#define DS_WAY_MOST_LINKS 8
#define DS_G711_KBPS      102 /* one way, with RTCP and all headers: [CAC], by codecs */

/* A bandwidth policy and the link that it is for; all of it one way. */
struct ds_wan_link {
    const struct ds_site *a, *b;
    uint32_t audio_kbps;   /* of all calls together */
    uint32_t session_kbps; /* of a single one */
    int line;
};

/* The links between two sites, one after the other; none where they are one site, or outside. */
struct ds_link_way {
    const struct ds_wan_link *links[DS_WAY_MOST_LINKS];
    size_t count;
};

/* The way with the fewest hops. Sites of a region that is not constrained are one step apart. */
void ds_topo_way(const struct ds_topo *topo,
                 const struct ds_site *from,
                 const struct ds_site *to,
                 struct ds_link_way *out);
/* The same between two addresses. */
void ds_topo_way_between(const struct ds_topo *topo,
                         struct ds_addr from,
                         struct ds_addr to,
                         struct ds_link_way *out);
/* By whose A/V Edge a client inside may take the way over the Internet: that of its own site. NULL:
 * there is none, or calls do not go that way for want of bandwidth. */
const struct ds_topo_node *ds_topo_internet_edge(const struct ds_topo *topo,
                                                 const struct ds_topo_node *client);

#endif
