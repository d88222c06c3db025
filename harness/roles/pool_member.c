#include "pool_internal.h"

#include <stdlib.h>

/* Several Mediation Servers that stand for one: where one does not answer at all, the next is
   called ([DSIP]: domain.md 3.3). What one of them says is final. */

/* How far a call has come along its route. */
struct way {
    struct ds_node *node;                    /* borrowed */
    struct ds_pool *pool;                    /* borrowed */
    const struct ds_topo_node *from;         /* borrowed; NULL: a stranger */
    const struct ds_topo_node *on_behalf_of; /* borrowed; NULL: the caller */
    const struct ds_route *route;            /* borrowed */
    size_t first, tried;                     /* as in ds_route_hop() */
    char number[64];
};

static bool
member_failed(void *owner, struct ds_server_txn *txn, int status, const struct ds_msg *msg);

/* Each branch owns what is known of its way. */
static bool send(const struct way *way, struct ds_pool_routing *routing)
{
    static const struct ds_proxy_events events = {.failed = member_failed, .over = free};
    struct way *kept = malloc(sizeof *kept);
    if (kept == NULL)
        return false;
    *kept = *way;
    routing->events = events;
    routing->branch_owner = kept;
    const struct ds_topo_node *next = ds_route_hop(way->route, way->first, way->tried);
    if (ds_pool_send(routing, next, way->number))
        return true;
    free(kept);
    return false;
}

static bool
member_failed(void *owner, struct ds_server_txn *txn, int status, const struct ds_msg *msg)
{
    struct way way = *(const struct way *)owner;
    struct ds_pool_routing routing = {.node = way.node,
                                      .pool = way.pool,
                                      .txn = txn,
                                      .from = way.from,
                                      .on_behalf_of = way.on_behalf_of};
    way.tried++;
    const struct ds_topo_node *next = ds_route_hop(way.route, way.first, way.tried);
    if (msg != NULL || next == NULL || next->role != DS_ROLE_MEDIATION ||
        ds_node_has_defect(way.node, "knows_one_member"))
        return false;
    ds_node_log(way.node, 1, "no answer (%d): on to %s", status, next->name);
    return send(&way, &routing);
}

bool ds_pool_send_by(struct ds_pool_routing *routing,
                     const struct ds_route *route,
                     const char *number)
{
    struct way way = {.node = routing->node,
                      .pool = routing->pool,
                      .from = routing->from,
                      .on_behalf_of = routing->on_behalf_of,
                      .route = route,
                      .first = ds_node_turn(routing->node, route)};
    return ds_slice_copy(ds_slice_of(number), way.number, sizeof way.number) && send(&way, routing);
}
