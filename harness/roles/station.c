#include "trunk_internal.h"

#include <stdio.h>

/* Telephones and machines at the ends of lines: SIP over UDP stands in for what the exchange or
 * gateway speaks to its own sets. */

bool ds_is_own_station(const struct ds_node *node, const struct ds_topo_node *place)
{
    bool station = place != NULL && (place->role == DS_ROLE_PHONE || ds_topo_is_analogue(place));
    return station && place->home == node->place;
}

void ds_station_aim(struct ds_bridge *bridge, const struct ds_topo_node *station)
{
    const struct ds_node *node = bridge->node;
    bridge->out.peer = station;
    bridge->hop = ds_node_hop(station, DS_UDP, 0);
    snprintf(bridge->to_uri, sizeof bridge->to_uri, "sip:%s@%s", station->number,
             ds_addr_ip_text(station->at).text);
    bool hides = ds_node_has_defect(node, "shows_own_number");
    snprintf(bridge->from_uri, sizeof bridge->from_uri, "sip:%s@%s",
             hides ? station->number : bridge->caller, ds_addr_ip_text(node->place->at).text);
}
