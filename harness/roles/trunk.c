#include "directory_internal.h"
#include "trunk_internal.h"

#include <stdio.h>

/* The cause for a SIP status, as RFC 3398 7.2.4.1 and 8.2.6.1 pair them; 0: none. */
static int q850_cause(int status)
{
    switch (status) {
    case 404:
    case 604:
        return 1; /* unallocated number */
    case 486:
    case 600:
        return 17; /* user busy */
    case 480:
    case 408:
        return 19; /* no answer from the user */
    case 603:
    case 403:
        return 21; /* call rejected */
    case 484:
        return 28; /* address incomplete */
    case 482:
    case 483:
        return 25; /* exchange routing error */
    case 503:
        return 34; /* no circuit available */
    case 488:
        return 65; /* bearer capability not implemented */
    case 500:
        return 41; /* temporary failure */
    default:
        return 0;
    }
}

void ds_trunk_reason(int status, char *out, size_t size)
{
    int cause = q850_cause(status);
    out[0] = '\0';
    if (cause != 0)
        snprintf(out, size, "Reason: Q.850;cause=%d\r\n", cause);
}

bool ds_trunk_aim(struct ds_bridge *bridge, const struct ds_topo_node *peer)
{
    const struct ds_node *node = bridge->node;
    const struct ds_trunk *trunk = ds_topo_trunk(node->topo, node->place, peer);
    if (trunk == NULL)
        return false;
    bridge->trunk = trunk;
    bridge->out.peer = peer;
    bridge->hop =
        ds_node_hop(peer, trunk->transport, trunk->a == peer ? trunk->a_port : trunk->b_port);
    if (trunk->kind == DS_TRUNK_TDM) {
        struct ds_addr_text here = ds_addr_ip_text(node->place->at),
                            there = ds_addr_ip_text(peer->at);
        snprintf(bridge->to_uri, sizeof bridge->to_uri, "sip:%s@%s", bridge->number, there.text);
        snprintf(bridge->from_uri, sizeof bridge->from_uri, "sip:%s@%s", bridge->caller, here.text);
    } else {
        snprintf(bridge->to_uri, sizeof bridge->to_uri, "sip:%s@%s;user=phone", bridge->number,
                 peer->fqdn);
        snprintf(bridge->from_uri, sizeof bridge->from_uri, "sip:%s@%s;user=phone", bridge->caller,
                 node->place->fqdn);
    }
    return true;
}

/* Some elements leave the plus off; routes are written with it. */
static const struct ds_route *find_route(const struct ds_bridge *bridge, char *number, size_t size)
{
    const struct ds_node *node = bridge->node;
    char with_plus[sizeof bridge->number + 1];
    const struct ds_asked asked = {
        .at = node->place,
        .from = bridge->in.peer,
        .site = ds_topo_user_site(node->topo, ds_slice_of(bridge->caller)),
    };
    const struct ds_route *route =
        ds_topo_route_asked(node->topo, &asked, ds_slice_of(bridge->number), number, size);
    if (route != NULL || bridge->number[0] == '+')
        return route;
    snprintf(with_plus, sizeof with_plus, "+%s", bridge->number);
    return ds_topo_route_asked(node->topo, &asked, ds_slice_of(with_plus), number, size);
}

bool ds_trunk_route(struct ds_bridge *bridge)
{
    char number[sizeof bridge->number];
    const struct ds_topo_node *way = ds_directory_way(bridge->node, ds_slice_of(bridge->number));
    if (way != NULL)
        return ds_trunk_aim(bridge, way);
    bridge->route = find_route(bridge, number, sizeof number);
    if (bridge->route == NULL || bridge->route->via_count == 0)
        return false;
    ds_slice_copy(ds_slice_of(number), bridge->number, sizeof bridge->number);
    bridge->first = ds_node_turn(bridge->node, bridge->route);
    return ds_trunk_aim(bridge, ds_route_hop(bridge->route, bridge->first, 0));
}

/* What the line tells of the caller is asserted (RFC 3325 9.1), where it is a number in full. */
void ds_trunk_dress_invite(struct ds_bridge *bridge, struct ds_invite *invite)
{
    const struct ds_topo_node *next = bridge->out.peer;
    invite->supports_100rel = true;
    if (!bridge->node->place->asserts || next == NULL || next->role != DS_ROLE_MEDIATION ||
        bridge->caller[0] != '+')
        return;
    snprintf(bridge->headers, sizeof bridge->headers, "P-Asserted-Identity: <tel:%s>\r\n",
             bridge->caller);
    invite->extra_headers = bridge->headers;
}

int ds_trunk_failed(struct ds_bridge *bridge, int status, const struct ds_msg *msg)
{
    const struct ds_topo_node *next =
        bridge->route == NULL || ds_node_has_defect(bridge->node, "knows_one_member")
            ? NULL
            : ds_route_hop(bridge->route, bridge->first, bridge->attempt + 1);
    if (msg != NULL || next == NULL || next->role != DS_ROLE_MEDIATION ||
        !ds_trunk_aim(bridge, next))
        return status;
    bridge->attempt++;
    ds_bridge_call(bridge);
    return 0;
}

/* Calls in progress with a peer. */
static size_t load_of(const struct ds_bridges *bridges, const struct ds_topo_node *peer)
{
    size_t load = 0;
    for (struct ds_list *at = bridges->list.next; at != &bridges->list; at = at->next) {
        const struct ds_bridge *bridge = DS_OWNER(at, struct ds_bridge, link);
        load += bridge->in.peer == peer && bridge->in.session != NULL;
        load += bridge->out.peer == peer && bridge->out.session != NULL;
    }
    return load;
}

bool ds_trunk_is_open(const struct ds_bridges *bridges, const struct ds_bridge *bridge)
{
    const struct ds_topo_node *peer = bridge->out.peer;
    if (bridge->trunk == NULL)
        return true;
    uint32_t channels = bridge->trunk->channels;
    if (channels > 0 && load_of(bridges, peer) >= channels &&
        !ds_node_has_defect(bridge->node, "overfills_trunk"))
        return false;
    return !ds_trunk_is_down(bridge->node, peer);
}

static void refuse_for_want_of_channels(struct ds_bridge *bridge)
{
    if (ds_node_has_defect(bridge->node, "hides_want_of_channels"))
        ds_bridge_refuse(bridge, 486, "Reason: Q.850;cause=17\r\n");
    else
        ds_bridge_refuse(bridge, 503, "Reason: Q.850;cause=34\r\n");
}

bool ds_trunk_lead(const struct ds_bridges *bridges, struct ds_bridge *bridge)
{
    if (!ds_trunk_route(bridge))
        ds_bridge_refuse(bridge, 404, "Reason: Q.850;cause=3\r\n");
    else if (!ds_trunk_is_open(bridges, bridge))
        refuse_for_want_of_channels(bridge);
    else
        return true;
    return false;
}

bool ds_trunk_admit(const struct ds_bridges *bridges, struct ds_bridge *bridge)
{
    if (ds_bridge_trunk(&bridge->in) == NULL)
        ds_bridge_refuse(bridge, 403, NULL);
    else if (ds_directory_returns(bridge))
        ds_bridge_refuse_loop(bridge, 482);
    else
        return ds_trunk_lead(bridges, bridge);
    return false;
}
