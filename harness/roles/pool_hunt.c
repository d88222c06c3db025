#include "pool_internal.h"
#include "trunk_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* Outbound routing (domain.md 3.2): the usages of whoever calls in their order, for each the routes
   that are for it and the number, of each route the trunks. They are tried one after the other
   until one takes the call, or refuses it for good. Whoever may call at all does so by the usages
   of the site where the call is made, where that has any (domain.md 3.5). */

#define MOST_ATTEMPTS 16

/* One trunk after those before it; owned by the branch that it became. */
struct attempt {
    struct ds_pool_routing call; /* what is to be said again on another trunk */
    const struct ds_usages *usages;
    bool unrestricted;        /* no trunk is taken that is restricted to a site */
    size_t usage, route, hop; /* how far through the lists */
    const struct ds_trunk *trunks[MOST_ATTEMPTS];
    size_t trunk_count; /* the last one is this one's */
};

/* ---- whose usages ---- */

/* The location policy of an emergency call (domain.md 3.6): that of the device it comes from, of
   which an Edge shows no more than whose it is. NULL: it is another call. */
static const struct ds_location_policy *emergency_of(const struct ds_pool_routing *routing,
                                                     const struct ds_topo_node *user)
{
    const struct ds_topo_node *from = routing->from;
    bool is_device = from != NULL && from->role == DS_ROLE_CLIENT && from->user == user;
    if (user == NULL || routing->on_behalf_of != NULL ||
        ds_node_has_defect(routing->node, "ignores_location_policy"))
        return NULL;
    if (is_device)
        return ds_topo_emergency(from, ds_slice_of(routing->number));
    return ds_location_policy_has(user->location_policy, ds_slice_of(routing->number))
               ? user->location_policy
               : NULL;
}

static const struct ds_usages *usages_of(const struct ds_pool_routing *routing)
{
    static const struct ds_usages none = {.count = 0};
    const struct ds_topo_node *user =
        routing->on_behalf_of != NULL ? routing->on_behalf_of : ds_pool_calling_user(routing);
    const struct ds_location_policy *emergency = emergency_of(routing, user);
    if (emergency != NULL)
        return &emergency->usages;
    if (user != NULL)
        return &user->voice_policy;
    if (ds_node_has_defect(routing->node, "admits_any_trunk"))
        return &ds_topo_first(routing->node->topo, DS_ROLE_CLIENT)->voice_policy;
    const struct ds_trunk *trunk = ds_pool_came_in_by(routing);
    return trunk == NULL ? &none : &trunk->usages;
}

/* Defects turn the lists around. */
static size_t place(const struct attempt *attempt, size_t at, size_t count, const char *defect)
{
    return ds_node_has_defect(attempt->call.node, defect) ? count - 1 - at : at;
}

/* ---- the next trunk ---- */

static bool was_tried(const struct attempt *attempt, const struct ds_trunk *trunk)
{
    for (size_t i = 0; i < attempt->trunk_count; i++)
        if (attempt->trunks[i] == trunk)
            return true;
    return false;
}

/* The route that stands there, where the usage and the number have it. */
static const struct ds_route *route_here(const struct attempt *attempt)
{
    const struct ds_route *route = &attempt->call.node->topo->routes[attempt->route];
    size_t usage = place(attempt, attempt->usage, attempt->usages->count, "starts_with_last_usage");
    bool ours =
        route->at == attempt->call.node->place &&
        ds_route_serves(route, attempt->usages->names[usage], ds_slice_of(attempt->call.number));
    return ours ? route : NULL;
}

static const struct ds_trunk *trunk_here(const struct attempt *attempt,
                                         const struct ds_route *route)
{
    size_t hop = place(attempt, attempt->hop, route->via_count, "prefers_dear_trunks");
    return ds_topo_peer_trunk(attempt->call.node->topo, route->via[hop]);
}

/* Who calls, and from where, is for trunks that lead outside: between the PBXs of two sites calls
   pass ([LBR]). */
static bool is_open(const struct attempt *attempt, const struct ds_trunk *trunk)
{
    if (trunk->users_at != NULL &&
        ds_node_has_defect(attempt->call.node, "keeps_pbx_calls_at_their_site"))
        return trunk->users_at == ds_pool_location(&attempt->call);
    return !attempt->unrestricted || trunk->restricted_to == NULL;
}

static const struct ds_trunk *next_of_route(struct attempt *attempt, const struct ds_route *route)
{
    for (; attempt->hop < route->via_count; attempt->hop++) {
        const struct ds_trunk *trunk = trunk_here(attempt, route);
        if (is_open(attempt, trunk) && !was_tried(attempt, trunk) &&
            attempt->trunk_count < MOST_ATTEMPTS)
            return trunk;
    }
    attempt->hop = 0;
    return NULL;
}

static const struct ds_route *next_of_usage(struct attempt *attempt)
{
    for (; attempt->route < attempt->call.node->topo->route_count; attempt->route++) {
        const struct ds_route *route = route_here(attempt);
        const struct ds_trunk *trunk = route == NULL ? NULL : next_of_route(attempt, route);
        if (trunk == NULL)
            continue;
        attempt->trunks[attempt->trunk_count++] = trunk;
        return route;
    }
    attempt->route = 0;
    return NULL;
}

static const struct ds_route *go_on(struct attempt *attempt)
{
    for (; attempt->usage < attempt->usages->count; attempt->usage++) {
        const struct ds_route *route = next_of_usage(attempt);
        if (route != NULL)
            return route;
    }
    return NULL;
}

/* ---- trying it ---- */

static bool
trunk_failed(void *owner, struct ds_server_txn *txn, int status, const struct ds_msg *msg);

static void branch_over(void *owner)
{
    free(owner);
}

static bool call_on(struct attempt *attempt, const struct ds_route *route)
{
    struct ds_pool_routing *call = &attempt->call;
    const struct ds_trunk *trunk = attempt->trunks[attempt->trunk_count - 1];
    char group[128], uri[320];
    bool shows_caller = ds_node_has_defect(call->node, "shows_the_caller");
    ds_trunk_group_write(trunk->a, trunk->b, group, sizeof group);
    snprintf(uri, sizeof uri, "sip:%s%s@%s;user=phone", call->number, group,
             call->node->topo->domain);
    call->events = (struct ds_proxy_events){.failed = trunk_failed, .over = branch_over};
    call->branch_owner = attempt;
    struct ds_proxying how = {.request_uri = uri,
                              .hop = ds_pool_hop_to(call->node, trunk->a),
                              .extra_headers =
                                  ds_pool_identity(call, shows_caller ? NULL : route->caller)};
    ds_node_log(call->node, 2, "%s by %s", call->number, trunk->b->name);
    return ds_pool_forward(call, &how);
}

/* False: no trunk is left. */
static bool try_next(const struct attempt *before)
{
    struct attempt *attempt = malloc(sizeof *attempt);
    if (attempt == NULL)
        return false;
    *attempt = *before;
    const struct ds_route *route = go_on(attempt);
    while (route != NULL && !call_on(attempt, route))
        route = go_on(attempt);
    if (route == NULL)
        free(attempt);
    return route != NULL;
}

static void refuse_unavailable(struct ds_pool_routing *routing, int status)
{
    ds_pool_refuse(routing, status, 12000,
                   "Routes available for this request but no available gateway");
}

/* 503 and 504 are tried elsewhere, anything else is final: domain.md 3.3. */
static bool
trunk_failed(void *owner, struct ds_server_txn *txn, int status, const struct ds_msg *msg)
{
    struct attempt *attempt = owner;
    const struct ds_node *node = attempt->call.node;
    (void)txn;
    (void)msg;
    bool again = status == 503 || status == 504 ||
                 (status == 502 && ds_node_has_defect(node, "hunts_after_502"));
    if (!again || ds_node_has_defect(node, "never_hunts"))
        return false;
    if (try_next(attempt))
        return true;
    if (attempt->call.beside || ds_node_has_defect(node, "hides_want_of_trunks"))
        return false;
    refuse_unavailable(&attempt->call, status);
    return true;
}

static bool has_route(struct attempt attempt)
{
    return go_on(&attempt) != NULL;
}

/* What its place makes of a call that its usages allow. */
static void heed_location(struct attempt *attempt)
{
    const struct ds_site *site = ds_pool_location(&attempt->call);
    bool routes = site != NULL && site->voice_routing_policy.count > 0;
    if (attempt->usages->anywhere || ds_node_has_defect(attempt->call.node, "ignores_location"))
        return;
    if (routes)
        attempt->usages = &site->voice_routing_policy;
    attempt->unrestricted = !routes;
}

static void hunt_from_here(struct attempt *first)
{
    heed_location(first);
    if (!has_route(*first))
        ds_pool_refuse(&first->call, 403, 12008, "No trunk may be used from the caller's place");
    else if (!try_next(first))
        refuse_unavailable(&first->call, 503);
}

void ds_pool_hunt(struct ds_pool_routing *routing)
{
    struct attempt first = {.call = *routing, .usages = usages_of(routing)};
    if (first.usages->count == 0 && ds_node_has_defect(routing->node, "ignores_policy"))
        first.usages = &ds_topo_first(routing->node->topo, DS_ROLE_CLIENT)->voice_policy;
    if (first.usages->count == 0)
        ds_pool_refuse(routing, 403, 12001, "The caller's policy has no usage");
    else if (!has_route(first))
        ds_pool_refuse(routing, 404, 12004, "No route in the caller's policy matches this number");
    else
        hunt_from_here(&first);
}

bool ds_pool_hunt_beside(struct ds_pool_routing *routing)
{
    struct attempt first = {.call = *routing, .usages = usages_of(routing)};
    if (first.usages->count == 0 || !has_route(first))
        return false;
    heed_location(&first);
    return try_next(&first);
}
