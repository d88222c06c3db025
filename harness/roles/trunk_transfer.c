#include "transfer_internal.h"

/* A transfer at a gateway or a PBX that takes REFER. */

/* In the name of who asks, as they ask for a call that this element would make for them; else in
 * the name of who stays, whose call it is. */
static bool aim_by_routes(struct ds_bridge *fresh, const struct ds_bridge_side *by)
{
    const struct ds_topo_node *stays = fresh->in.peer;
    const struct ds_topo_node *owner = ds_topo_owner(fresh->node->topo, ds_slice_of(fresh->number));
    if (ds_is_own_station(fresh->node, owner)) {
        ds_station_aim(fresh, owner);
        return true;
    }
    fresh->in.peer = by->peer;
    bool is_led = ds_trunk_route(fresh);
    fresh->in.peer = stays;
    return is_led || ds_trunk_route(fresh);
}

static bool is_full(const struct ds_bridges *bridges, const struct ds_bridge *fresh)
{
    return fresh->trunk != NULL && fresh->trunk->channels > 0 &&
           ds_trunk_load(bridges, fresh->out.peer) >= fresh->trunk->channels;
}

static bool aim(struct ds_bridge *fresh, const struct ds_bridge_side *by)
{
    return aim_by_routes(fresh, by) && !is_full(ds_node_bridges(fresh->node), fresh);
}

void ds_trunk_transfer(struct ds_bridges *bridges,
                       struct ds_bridge_side *by,
                       const struct ds_msg *refer)
{
    if (by->peer == NULL || by->peer->role != DS_ROLE_MEDIATION)
        ds_session_reply(by->session, 603, NULL);
    else
        ds_bridge_transfer(bridges, by, refer, by->bridge->policy, aim);
}
