#ifndef DS_TRUNK_INTERNAL_H
#define DS_TRUNK_INTERNAL_H

/* Where a bridge's outgoing leg goes: routes, trunks and stations (trunk.c). */

#include "bridge_internal.h"

/* Sets hop, addresses and trunk of the outgoing leg towards a peer. False when there is no trunk
 * between the two. */
bool ds_trunk_aim(struct ds_bridge *bridge, const struct ds_topo_node *peer);
/* Finds the route of bridge->number at this node; false: none. */
bool ds_trunk_route(struct ds_bridge *bridge);
/* Aims a call by the routes, at a trunk that is open; or refuses it, and returns false. */
bool ds_trunk_lead(const struct ds_bridges *bridges, struct ds_bridge *bridge);
/* The same of a call that came by a trunk, and does not go back to where it was. */
bool ds_trunk_admit(const struct ds_bridges *bridges, struct ds_bridge *bridge);
/* For a policy's `dress_invite`: what an element tells the Mediation Server that is its peer. */
void ds_trunk_dress_invite(struct ds_bridge *bridge, struct ds_invite *invite);
/* For a policy's `failed`: the next Mediation Server where one does not answer at all ([DSIP]). */
int ds_trunk_failed(struct ds_bridge *bridge, int status, const struct ds_msg *msg);
/* Sends a call to a station of this node: a telephone or machine at the end of a line. */
bool ds_is_own_station(const struct ds_node *node, const struct ds_topo_node *place);
void ds_station_aim(struct ds_bridge *bridge, const struct ds_topo_node *station);
/* May the call take the trunk that it is aimed at: is a channel free there, and its peer up? To a
 * station it always may. */
bool ds_trunk_is_open(const struct ds_bridges *bridges, const struct ds_bridge *bridge);
/* ";tgrp=gateway;trunk-context=mediation.contoso.example" (RFC 4904; trunk_group.c) */
void ds_trunk_group_write(const struct ds_topo_node *mediation,
                          const struct ds_topo_node *peer,
                          char *out,
                          size_t size);
bool ds_trunk_group_is_named(struct ds_slice uri);
/* NULL: the uri names none, or none that there is. */
const struct ds_trunk *ds_trunk_group_read(const struct ds_node *node, struct ds_slice uri);
/* For the tdm side: "Reason: Q.850;cause=17\r\n" into `out` where a status calls for one. */
void ds_trunk_reason(int status, char *out, size_t size);

#endif
