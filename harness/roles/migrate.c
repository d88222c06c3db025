#include "roles_internal.h"

/* A person moves from the telephone at the PBX to Enterprise Voice, and back. */

static void nothing_more(struct ds_node *client)
{
    (void)client;
}

static ds_rc check_pair(const struct ds_node *from, const struct ds_node *to, struct ds_why *why)
{
    const struct ds_topo_node *a = from->place, *b = to->place;
    if (a == b || !ds_topo_same_person(a, b))
        return ds_fail(why, DS_STATE, "nobody moves from %s to %s: see moves_from in %s", a->name,
                       b->name, from->topo->path);
    if (from->moved_to != NULL)
        return ds_fail(why, DS_STATE, "the user of %s is at %s", a->name,
                       from->moved_to->place->name);
    if (ds_node_is_down(from))
        return ds_fail(why, DS_STATE, "%s is down, and nobody is there", a->name);
    if (ds_ends_busy(from) > 0)
        return ds_fail(why, DS_STATE, "%s is in a call, and cannot move", a->name);
    return DS_OK;
}

ds_rc ds_node_migrate(struct ds_node *from, struct ds_node *to, struct ds_why *why)
{
    DS_CHECK(from, DS_NODE_MAGIC);
    DS_CHECK(to, DS_NODE_MAGIC);
    ds_rc rc = check_pair(from, to, why);
    if (rc != DS_OK)
        return rc;
    from->moved_to = to;
    to->moved_to = NULL;
    if (from->place->role == DS_ROLE_CLIENT)
        return ds_client_sign_out(from, nothing_more, why);
    return ds_node_is_down(to) ? ds_node_boot(to, why) : ds_client_sign_in(to, why);
}
