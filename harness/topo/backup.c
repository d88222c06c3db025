#include "topo_internal.h"

/* Pools that stand in for others: domain.md 3.3, "registrar loss". */

const struct ds_topo_node *ds_topo_pool(const struct ds_topo_node *client)
{
    const struct ds_topo_node *home = client->home;
    return home != NULL && home->role == DS_ROLE_EDGE ? home->home : home;
}

const struct ds_topo_node *ds_topo_backup(const struct ds_topo_node *client)
{
    bool moves = client->role == DS_ROLE_CLIENT && client->controls == NULL && client->home != NULL;
    return moves ? ds_topo_pool(client)->backup : NULL;
}

static bool may_stand_in(const struct ds_topo_node *backup, const struct ds_topo_node *pool)
{
    return backup != NULL && backup != pool && backup->role == DS_ROLE_POOL &&
           backup->stands_in_for == NULL && backup->backup == NULL;
}

static ds_rc load_backup(struct ds_load *load, struct ds_topo_node *pool)
{
    const struct ds_value *value = ds_node_value(load, pool);
    const char *name = ds_value_text(value, "backup");
    int line = ds_value_line(value, "backup");
    if (name == NULL)
        return DS_OK;
    if (pool->role != DS_ROLE_POOL)
        return ds_refuse(load, line, "'%s' is a %s: only a pool has a backup", pool->name,
                         ds_role_name(pool->role));
    if (ds_value_get(load->root, "admission") != NULL)
        return ds_refuse(load, line,
                         "'%s' cannot have a backup: call admission control is that pool's alone",
                         pool->name);
    const struct ds_topo_node *found = ds_topo_find(load->topo, ds_slice_of(name));
    if (!may_stand_in(found, pool) || pool->stands_in_for != NULL)
        return ds_refuse(load, line,
                         "the backup of '%s' must be another pool that has none and stands in for "
                         "no other, and is '%.40s'",
                         pool->name, name);
    struct ds_topo_node *backup = &load->nodes[found - load->nodes];
    pool->backup = backup;
    backup->stands_in_for = pool;
    return DS_OK;
}

ds_rc ds_load_backups(struct ds_load *load)
{
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++)
        rc = load_backup(load, &load->nodes[i]);
    return rc;
}
