#include "directory_internal.h"
#include "transfer_internal.h"
#include "trunk_internal.h"

/* A transfer at a gateway or a PBX that takes REFER. */

/* A number of Enterprise Voice is called as for whoever stays, whose call comes from outside; any
 * other as for the Mediation Server, which asks for it. */
static bool aim_by_routes(struct ds_bridge *fresh, const struct ds_bridge_side *by)
{
    const struct ds_topo_node *stays = fresh->in.peer;
    struct ds_slice number = ds_slice_of(fresh->number);
    struct ds_refer_target target;
    const struct ds_topo_node *there = ds_refer_target_read(fresh->refer, &target)
                                           ? ds_refer_mediation(fresh->node, &target)
                                           : NULL;
    if (there != NULL)
        return ds_trunk_aim(fresh, there);
    const struct ds_topo_node *owner = ds_directory_owner(fresh->node, number);
    if (ds_is_own_station(fresh->node, owner)) {
        ds_station_aim(fresh, owner);
        return true;
    }
    bool inwards = ds_directory_population(fresh->node, number) == DS_ROLE_CLIENT;
    fresh->in.peer = inwards ? stays : by->peer;
    bool is_led = ds_trunk_route(fresh);
    fresh->in.peer = stays;
    return is_led;
}

static bool aim(struct ds_bridge *fresh, const struct ds_bridge_side *by)
{
    return aim_by_routes(fresh, by) && ds_trunk_is_open(ds_node_bridges(fresh->node), fresh);
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
