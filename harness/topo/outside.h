#ifndef DS_OUTSIDE_H
#define DS_OUTSIDE_H

/* What stands between outside and inside: the A/V Edge, the wall it is in, and translators of
 * addresses at people's homes. Part of topo.h. */

#include "base.h"

struct ds_topo;
struct ds_topo_node;

/* The edge whose A/V Edge remote workers' media use; NULL: there is none, and nobody has ICE. */
const struct ds_topo_node *ds_topo_av_edge(const struct ds_topo *topo);
/* Would a datagram arrive? An A/V Edge stands in a wall between outside and inside; and nobody
 * reaches what is behind a translator at its own address. */
bool ds_topo_reaches(const struct ds_topo *topo, struct ds_addr from, struct ds_addr to);
/* Whose A/V Edge passes audio on between two that the wall keeps apart, one of them a remote worker
 * (domain.md 1.3, remote rows); NULL: they reach each other. */
const struct ds_topo_node *ds_topo_edge_between(const struct ds_topo *topo,
                                                const struct ds_topo_node *from,
                                                const struct ds_topo_node *to);

#endif
