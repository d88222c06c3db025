#include "roles_internal.h"

/* A user goes from one device to another: from a desk inside to a machine at home. */

static void signed_out(struct ds_node *node)
{
    struct ds_why why;
    if (ds_node_is_down(node->moved_to) && ds_node_boot(node->moved_to, &why) != DS_OK)
        ds_node_log(node->moved_to, 1, "cannot sign in: %s", why.text);
}

ds_rc ds_node_move(struct ds_node *node, struct ds_node *there, struct ds_why *why)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    DS_CHECK(there, DS_NODE_MAGIC);
    const struct ds_topo_node *from = node->place, *to = there->place;
    if (from->role != DS_ROLE_CLIENT || to->user != from->user || from == to)
        return ds_fail(why, DS_STATE, "%s and %s are not two devices of one user", from->name,
                       to->name);
    if (ds_node_is_down(node) || !ds_node_is_down(there) || node->moved_to != NULL)
        return ds_fail(why, DS_STATE, "the user of %s cannot move to %s: %s", from->name, to->name,
                       ds_node_is_down(there) ? "nobody is signed in here" : "somebody is there");
    if (ds_ends_busy(node) > 0)
        return ds_fail(why, DS_STATE, "%s is in a call, and cannot move", from->name);
    node->moved_to = there;
    return ds_client_sign_out(node, signed_out, why);
}
