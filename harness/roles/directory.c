#include "bridge_internal.h"
#include "directory_internal.h"

void ds_node_enter(struct ds_node *node, const struct ds_topo_node *phone, bool moved)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    ds_assert(phone != NULL && ds_topo_successor(node->topo, phone) != NULL);
    node->moved[phone - node->topo->nodes] = moved;
    ds_node_log(node, 2, "%s %s", phone->name,
                moved ? "has moved to Enterprise Voice" : "is back at the PBX");
}

static bool has_moved(const struct ds_node *node, const struct ds_topo_node *phone)
{
    return node->moved[phone - node->topo->nodes] && !ds_node_has_defect(node, "forgets_who_moved");
}

const struct ds_topo_node *ds_directory_owner(const struct ds_node *node, struct ds_slice number)
{
    const struct ds_topo_node *owner = ds_topo_owner(node->topo, number);
    return owner != NULL && has_moved(node, owner) ? ds_topo_successor(node->topo, owner) : owner;
}

enum ds_role_kind ds_directory_population(const struct ds_node *node, struct ds_slice number)
{
    const struct ds_topo_node *owner = ds_directory_owner(node, number);
    return owner != NULL && owner->moves_from != NULL ? owner->role
                                                      : ds_topo_population(node->topo, number);
}

bool ds_directory_has_user(const struct ds_node *node, const struct ds_topo_node *client)
{
    return client->moves_from == NULL || has_moved(node, client->moves_from);
}

static const struct ds_topo_node *far_end(const struct ds_trunk *trunk,
                                          const struct ds_topo_node *place)
{
    return trunk->a == place ? trunk->b : trunk->b == place ? trunk->a : NULL;
}

/* A Direct SIP partner's PBX has a trunk to the Mediation Server itself. */
static const struct ds_topo_node *way_to_enterprise_voice(const struct ds_node *node)
{
    static const enum ds_role_kind nearest[] = {DS_ROLE_MEDIATION, DS_ROLE_GATEWAY};

    for (size_t i = 0; i < DS_COUNT(nearest); i++)
        for (size_t k = 0; k < node->topo->trunk_count; k++) {
            const struct ds_topo_node *end = far_end(&node->topo->trunks[k], node->place);
            if (end != NULL && end->role == nearest[i])
                return end;
        }
    return NULL;
}

const struct ds_topo_node *ds_directory_way(const struct ds_node *node, struct ds_slice number)
{
    const struct ds_topo_node *owner = ds_directory_owner(node, number);
    return owner != NULL && owner->moves_from != NULL ? way_to_enterprise_voice(node) : NULL;
}

bool ds_directory_returns(const struct ds_bridge *bridge)
{
    const struct ds_topo_node *way = ds_directory_way(bridge->node, ds_slice_of(bridge->number));
    return way != NULL && way == bridge->in.peer &&
           !ds_node_has_defect(bridge->node, "sends_calls_back");
}
