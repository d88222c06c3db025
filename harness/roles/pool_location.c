#include "pool_internal.h"
#include "trunk_internal.h"

/* Location-based routing (domain.md 3.5): where somebody calls from says by which trunks, and a
   call that comes in by a trunk of a site rings at that site only. */

/* The device itself calls, or a telephone of a PBX whose trunk says where those are; what comes
   through an Edge, or by any other trunk, is from a place that nobody knows. */
const struct ds_site *ds_pool_location(const struct ds_pool_routing *routing)
{
    const struct ds_topo_node *device =
        ds_node_peer(routing->node, ds_server_txn_from(routing->txn));
    const struct ds_trunk *trunk = ds_pool_came_in_by(routing);
    if (trunk != NULL && !ds_node_has_defect(routing->node, "ignores_site_of_pbx"))
        return trunk->users_at;
    return ds_topo_location(device);
}

const struct ds_trunk *ds_pool_came_in_by(const struct ds_pool_routing *routing)
{
    struct ds_slice contact = {NULL, 0}, params;
    (void)ds_msg_value(ds_server_txn_request(routing->txn), "Contact", 0, &contact);
    return ds_trunk_group_read(routing->node, ds_value_uri(contact, &params));
}

static bool may_ring(const struct ds_pool_routing *routing, const struct ds_binding *binding)
{
    const struct ds_trunk *trunk = ds_pool_came_in_by(routing);
    return trunk == NULL || trunk->restricted_to == NULL ||
           trunk->restricted_to == binding->location ||
           ds_node_has_defect(routing->node, "rings_at_any_site");
}

const struct ds_binding *ds_pool_device(const struct ds_pool_routing *routing,
                                        const struct ds_topo_node *user,
                                        const struct ds_binding *after)
{
    const struct ds_binding *binding = ds_pool_binding(routing->pool, user, after);
    while (binding != NULL && !may_ring(routing, binding))
        binding = ds_pool_binding(routing->pool, user, binding);
    return binding;
}
