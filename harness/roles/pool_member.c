#include "pool_internal.h"

#include <stdlib.h>

/* Several Mediation Servers that stand for one: where one does not answer at all, the next is
   called ([DSIP]: domain.md 3.3). What one of them says is final. */

/* How far a call has come along its route. */
struct way {
    struct ds_pool_routing call;
    const struct ds_route *route; /* borrowed */
    size_t first, tried;          /* as in ds_route_hop() */
    char number[64];
};

static bool
member_failed(void *owner, struct ds_server_txn *txn, int status, const struct ds_msg *msg);

/* Each branch owns what is known of its way. */
static bool send(const struct way *way)
{
    static const struct ds_proxy_events events = {.failed = member_failed, .over = free};
    struct way *kept = malloc(sizeof *kept);
    if (kept == NULL)
        return false;
    *kept = *way;
    kept->call.events = events;
    kept->call.branch_owner = kept;
    const struct ds_topo_node *next = ds_route_hop(way->route, way->first, way->tried);
    if (ds_pool_send(&kept->call, next, way->number))
        return true;
    free(kept);
    return false;
}

static bool
member_failed(void *owner, struct ds_server_txn *txn, int status, const struct ds_msg *msg)
{
    struct way way = *(const struct way *)owner;
    (void)txn;
    way.tried++;
    const struct ds_topo_node *next = ds_route_hop(way.route, way.first, way.tried);
    if (msg != NULL || next == NULL || next->role != DS_ROLE_MEDIATION ||
        ds_node_has_defect(way.call.node, "knows_one_member"))
        return false;
    if (ds_node_has_defect(way.call.node, "forgets_history_on_retry"))
        way.call.left_count = 0;
    ds_node_log(way.call.node, 1, "no answer (%d): on to %s", status, next->name);
    return send(&way);
}

bool ds_pool_send_by(struct ds_pool_routing *routing,
                     const struct ds_route *route,
                     const char *number)
{
    struct way way = {
        .call = *routing, .route = route, .first = ds_node_turn(routing->node, route)};
    return ds_slice_copy(ds_slice_of(number), way.number, sizeof way.number) && send(&way);
}
