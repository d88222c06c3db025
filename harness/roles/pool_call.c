#include "pool_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* What becomes of a call to a user: all devices ring, and where nobody takes it in time it goes on
   to the number that the user has named, or to voice mail. */

struct pool_call {
    struct ds_list link;
    struct ds_node *node;            /* borrowed */
    struct ds_pool *pool;            /* borrowed */
    struct ds_server_txn *txn;       /* borrowed; the proxy tells when it is over */
    const struct ds_topo_node *user; /* borrowed */
    const struct ds_topo_node *from; /* borrowed; NULL: a stranger */
    struct ds_timer no_answer;
    bool went_on;
};

/* ---- ringing ---- */

static bool ring_device(struct ds_pool_routing *routing, const struct ds_binding *binding)
{
    char route[300];
    struct ds_proxying how = {.request_uri = binding->contact, .hop = binding->hop};
    if (binding->path[0] != '\0') {
        snprintf(route, sizeof route, "Route: %s\r\n", binding->path);
        how.extra_headers = route;
    }
    return ds_pool_forward(routing, &how);
}

/* All devices at once: the first that answers takes the call (RFC 3261 16.7). */
static bool ring_devices(struct ds_pool_routing *routing, const struct ds_topo_node *user)
{
    const struct ds_binding *binding = ds_pool_binding(routing->pool, user, NULL);
    bool rings = false;
    for (; binding != NULL; binding = ds_pool_binding(routing->pool, user, binding))
        rings |= ring_device(routing, binding);
    return rings;
}

void ds_pool_ring_user(struct ds_pool_routing *routing, const struct ds_topo_node *user)
{
    if (ds_pool_binding(routing->pool, user, NULL) == NULL)
        ds_pool_refuse(routing, 480, 15030, "the user is not signed in anywhere");
    else if (!ring_devices(routing, user))
        ds_ua_reply(routing->node->ua, routing->txn, 503, NULL);
}

/* ---- going on ---- */

static void forget(struct pool_call *call)
{
    ds_timer_stop(ds_net_clock(call->node->net), &call->no_answer);
    ds_list_remove(&call->link);
    free(call);
}

/* To voice mail it is another's call. */
static void go_on(struct pool_call *call)
{
    const struct ds_topo_node *user = call->user;
    const char *number = user->handling.unanswered;
    struct ds_pool_routing routing = {.node = call->node,
                                      .pool = call->pool,
                                      .txn = call->txn,
                                      .from = call->from,
                                      .on_behalf_of = user};
    call->went_on = true;
    ds_timer_stop(ds_net_clock(call->node->net), &call->no_answer);
    ds_node_log(call->node, 2, "%s does not answer: on to %s", user->name,
                number != NULL ? number : "voice mail");
    if (number != NULL) {
        ds_pool_route_on(&routing, number);
        return;
    }
    if (ds_pool_call_voice_mail(&routing, user))
        forget(call);
}

static void nobody_answers(struct ds_timer *timer)
{
    struct pool_call *call = DS_OWNER(timer, struct pool_call, no_answer);
    if (ds_proxy_leave(call->node->ua, call->txn))
        go_on(call);
}

/* A decline is a decision, and final (RFC 3261 21.6.2). */
static bool all_have_refused(void *owner, int status)
{
    struct pool_call *call = owner;
    bool final = status >= 600 && !ds_node_has_defect(call->node, "records_declined_calls");
    if (call->went_on || final)
        return false;
    go_on(call);
    return true;
}

static void call_over(void *owner)
{
    forget(owner);
}

void ds_pool_calls_free(struct ds_pool *pool)
{
    struct ds_list *next;
    for (struct ds_list *at = pool->calls.next; at != &pool->calls; at = next) {
        next = at->next;
        forget(DS_OWNER(at, struct pool_call, link));
    }
}

/* ---- the call ---- */

static struct pool_call *new_call(struct ds_pool_routing *routing, const struct ds_topo_node *user)
{
    static const struct ds_proxy_watch watch = {.failed = all_have_refused, .over = call_over};
    struct ds_why why;
    struct pool_call *call = calloc(1, sizeof *call);
    if (call == NULL)
        return NULL;
    *call = (struct pool_call){.node = routing->node,
                               .pool = routing->pool,
                               .txn = routing->txn,
                               .user = user,
                               .from = routing->from};
    if (ds_proxy_watch(routing->node->ua, routing->txn, &watch, call, &why) != DS_OK) {
        free(call);
        return NULL;
    }
    ds_list_append(&routing->pool->calls, &call->link);
    return call;
}

static void wait_for_answer(struct pool_call *call)
{
    ds_us ring_us = call->user->handling.ring_us;
    if (ds_node_has_defect(call->node, "goes_on_early"))
        ring_us /= 2;
    call->no_answer.whose = ds_addr_ip4(&call->node->place->at);
    if (ds_timer_start(ds_net_clock(call->node->net), &call->no_answer, ring_us, nobody_answers) !=
        DS_OK)
        ds_node_log(call->node, 1, "out of memory: %s rings for ever", call->user->name);
}

void ds_pool_call_user(struct ds_pool_routing *routing, const struct ds_topo_node *user)
{
    if (user->handling.unanswered == NULL && !user->handling.voice_mail) {
        ds_pool_ring_user(routing, user);
        return;
    }
    struct pool_call *call = new_call(routing, user);
    if (call == NULL)
        ds_ua_reply(routing->node->ua, routing->txn, 503, NULL);
    else if (!ring_devices(routing, user))
        go_on(call);
    else
        wait_for_answer(call);
}
