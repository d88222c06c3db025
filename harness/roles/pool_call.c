#include "pool_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* What becomes of a call to a user: all devices ring, and another number with them where the user
   wishes; where nobody takes it in time, or the user forwards all calls, it goes on to the number
   that the user has named, or to voice mail, and may do so from there. Where a device has no
   bandwidth for it, it is tried over the PSTN before (pool_reroute.c). */

#define MOST_LEFT 8 /* users whom a call may go on from; one more may have a number ring along */

static const char voice_mail[] = "voice mail"; /* where a number might stand */

struct pool_call {
    struct ds_list link;
    struct ds_node *node;            /* borrowed */
    struct ds_pool *pool;            /* borrowed */
    struct ds_server_txn *txn;       /* borrowed; the proxy tells when it is over */
    const struct ds_topo_node *from; /* borrowed; NULL: a stranger */
    const struct ds_topo_node *user; /* borrowed; whom it is for now */
    struct ds_pool_left left[MOST_LEFT];
    size_t left_count;
    struct ds_timer no_answer;
    const char *next; /* borrowed; where it goes on to when nobody takes it; NULL: nowhere */
    struct ds_pool_shortage shortage;
};

_Static_assert(MOST_LEFT < DS_POOL_MOST_LEFT,
               "each of them is told of, and who has a number ring along");

static void add_left(struct ds_pool_routing *routing, const struct ds_pool_left *left)
{
    routing->on_behalf_of = left->user;
    routing->left[routing->left_count++] = *left;
}

/* What is sent for those whom a call has left is sent in the name of the last of them. */
static struct ds_pool_routing routing_of(const struct pool_call *call, const char *number)
{
    struct ds_pool_routing routing = {
        .node = call->node, .pool = call->pool, .txn = call->txn, .from = call->from};
    for (size_t i = 0; i < call->left_count; i++)
        add_left(&routing, &call->left[i]);
    ds_slice_copy(ds_slice_of(number), routing.number, sizeof routing.number);
    return routing;
}

/* ---- ringing ---- */

static bool ring_device(struct ds_pool_routing *routing, const struct ds_binding *binding)
{
    char route[300];
    struct ds_proxying how = {.request_uri = binding->contact, .hop = binding->hop};
    ds_pool_watch_bandwidth(routing);
    if (binding->path[0] != '\0') {
        snprintf(route, sizeof route, "Route: %s\r\n", binding->path);
        how.extra_headers = route;
    }
    return ds_pool_forward(routing, &how);
}

/* All devices at once: the first that answers takes the call (RFC 3261 16.7). */
static bool ring_devices(struct ds_pool_routing *routing, const struct ds_topo_node *user)
{
    const struct ds_binding *binding = ds_pool_device(routing, user, NULL);
    bool rings = false;
    for (; binding != NULL; binding = ds_pool_device(routing, user, binding))
        rings |= ring_device(routing, binding);
    return rings;
}

void ds_pool_ring_user(struct ds_pool_routing *routing, const struct ds_topo_node *user)
{
    if (ds_pool_binding(routing->pool, user, NULL) == NULL)
        ds_pool_refuse(routing, 480, 15030, "the user is not signed in anywhere");
    else if (ds_pool_device(routing, user, NULL) == NULL)
        ds_pool_refuse(routing, 480, 12008, "The user is not at the site of the trunk");
    else if (!ring_devices(routing, user))
        ds_ua_reply(routing->node->ua, routing->txn, 503, NULL);
}

/* May the user whom it left send it there ([VP]: CallForwardingSimulRingUsageType)? */
static bool may_go_out(const struct ds_pool_routing *routing)
{
    return !routing->on_behalf_of->handling.inside_only ||
           ds_node_has_defect(routing->node, "ignores_forwarding_policy");
}

/* The number that rings along is told for whom, as though the call had gone on to it. */
static bool ring_also(const struct pool_call *call)
{
    const char *number = call->user->handling.ring_also;
    if (number == NULL)
        return false;
    struct ds_pool_routing routing = routing_of(call, number);
    add_left(&routing, &(struct ds_pool_left){.user = call->user});
    const struct ds_topo_node *other = ds_pool_look_up(&routing);
    if (other != NULL)
        return ring_devices(&routing, other);
    return may_go_out(&routing) && ds_pool_route_beside(&routing);
}

/* ---- going on ---- */

static void forget(struct pool_call *call)
{
    ds_timer_stop(ds_net_clock(call->node->net), &call->no_answer);
    ds_list_remove(&call->link);
    free(call);
}

static void nobody_answers(struct ds_timer *timer);

/* Where the calls go that nobody takes; NULL: nowhere. */
static const char *way_on(const struct ds_topo_node *user)
{
    const struct ds_call_handling *handling = &user->handling;
    return handling->unanswered == NULL && handling->voice_mail ? voice_mail : handling->unanswered;
}

static void wait_for_answer(struct pool_call *call)
{
    ds_us ring_us = call->user->handling.ring_us;
    call->next = way_on(call->user);
    if (ds_node_has_defect(call->node, "goes_on_early"))
        ring_us /= 2;
    call->no_answer.whose = ds_addr_ip4(&call->node->place->at);
    if (ds_timer_start(ds_net_clock(call->node->net), &call->no_answer, ring_us, nobody_answers) !=
        DS_OK)
        ds_node_log(call->node, 1, "out of memory: %s rings for ever", call->user->name);
}

/* Rings whoever is to ring. The number that it goes on to at once instead, with `*status` for why;
 * NULL: somebody rings, or it was refused. */
static const char *call_user(struct pool_call *call, struct ds_pool_routing *routing, int *status)
{
    const struct ds_call_handling *handling = &call->user->handling;
    *status = 0;
    if (handling->forward != NULL) {
        if (ds_node_has_defect(call->node, "rings_who_forwards"))
            (void)ring_devices(routing, call->user);
        return handling->forward;
    }
    const char *on = way_on(call->user);
    if (handling->ring_also == NULL && on == NULL) {
        ds_pool_ring_user(routing, call->user);
        return NULL;
    }
    bool rings = ring_devices(routing, call->user);
    rings |= ring_also(call);
    *status = 480;
    if (!rings && ds_node_has_defect(call->node, "keeps_mail_from_who_is_away"))
        on = NULL;
    if (rings && on != NULL)
        wait_for_answer(call);
    else if (!rings && on == NULL)
        ds_pool_ring_user(routing, call->user);
    return rings ? NULL : on;
}

static bool has_been_at(const struct pool_call *call, const struct ds_topo_node *user)
{
    for (size_t i = 0; i < call->left_count; i++)
        if (call->left[i].user == user)
            return true;
    return false;
}

/* Whom the number is of, to be called next; NULL: no user, and the call is sent out or refused. */
static const struct ds_topo_node *find_user(const struct pool_call *call,
                                            struct ds_pool_routing *routing)
{
    const struct ds_topo_node *user = ds_pool_look_up(routing);
    if (user == NULL && !may_go_out(routing))
        ds_pool_refuse(routing, 403, 12001, "The user may forward calls to colleagues only");
    else if (user == NULL)
        ds_pool_route_number(routing);
    else if (has_been_at(call, user) && ds_node_has_defect(call->node, "follows_loops"))
        ds_pool_ring_user(routing, user);
    else if (has_been_at(call, user))
        ds_pool_refuse(routing, 482, 13000, "The call comes back to a user who has forwarded it");
    else
        return user;
    return NULL;
}

/* On to a number, and from there while nobody rings. */
static void go_on(struct pool_call *call, const char *number, int status)
{
    while (number != NULL) {
        struct ds_pool_routing routing = routing_of(call, number);
        if (call->left_count == MOST_LEFT) {
            ds_pool_refuse(&routing, 483, 13005, "The call has been forwarded too often");
            return;
        }
        call->left[call->left_count] = (struct ds_pool_left){.user = call->user, .status = status};
        add_left(&routing, &call->left[call->left_count++]);
        ds_node_log(call->node, 2, "on from %s to %s", call->user->name, number);
        bool to_user = number == voice_mail;
        if (to_user || ds_topo_is_voice_mail(call->node->topo, ds_slice_of(number))) {
            if (ds_pool_call_voice_mail(&routing, to_user ? call->user : NULL))
                forget(call);
            return;
        }
        const struct ds_topo_node *user = find_user(call, &routing);
        if (user == NULL)
            return;
        call->user = user;
        number = call_user(call, &routing, &status);
    }
}

static void leave(struct pool_call *call, int status)
{
    const char *number = call->next;
    call->next = NULL;
    ds_timer_stop(ds_net_clock(call->node->net), &call->no_answer);
    go_on(call, number, status);
}

static void nobody_answers(struct ds_timer *timer)
{
    struct pool_call *call = DS_OWNER(timer, struct pool_call, no_answer);
    if (ds_proxy_leave(call->node->ua, call->txn))
        leave(call, 408);
}

/* No device has bandwidth for the call: true where it is tried over the PSTN, or refused. */
static bool has_run_short(struct pool_call *call)
{
    struct ds_pool_routing routing = routing_of(call, call->user->number);
    if (call->shortage.status == 0 || call->shortage.tried)
        return false;
    ds_timer_stop(ds_net_clock(call->node->net), &call->no_answer);
    if (ds_pool_reroute(&routing, &call->shortage))
        return true;
    if (call->next != NULL && !ds_node_has_defect(call->node, "keeps_mail_from_who_is_cut_off"))
        return false;
    ds_pool_refuse_for_bandwidth(&routing, &call->shortage);
    return true;
}

/* A decline is a decision, and final (RFC 3261 21.6.2). */
static bool all_have_refused(void *owner, int status)
{
    struct pool_call *call = owner;
    if (has_run_short(call))
        return true;
    bool final = status >= 600 && !ds_node_has_defect(call->node, "records_declined_calls");
    if (call->next == NULL || final)
        return false;
    leave(call, status);
    return true;
}

static void caller_gives_up(void *owner)
{
    const struct pool_call *call = owner;
    ds_pool_missed(call->node, call->pool, call->txn, call->user);
}

static void call_over(void *owner)
{
    const struct pool_call *call = owner;
    if (ds_node_has_defect(call->node, "notes_every_call"))
        caller_gives_up(owner);
    forget(owner);
}

struct ds_pool_shortage *ds_pool_shortage_of(const struct ds_pool *pool,
                                             const struct ds_server_txn *txn)
{
    for (struct ds_list *at = pool->calls.next; at != &pool->calls; at = at->next) {
        struct pool_call *call = DS_OWNER(at, struct pool_call, link);
        if (call->txn == txn)
            return &call->shortage;
    }
    return NULL;
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
    static const struct ds_proxy_watch watch = {
        .failed = all_have_refused, .given_up = caller_gives_up, .over = call_over};
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

void ds_pool_call_user(struct ds_pool_routing *routing, const struct ds_topo_node *user)
{
    const struct ds_call_handling *handling = &user->handling;
    int status;
    if (handling->forward == NULL && handling->ring_also == NULL && way_on(user) == NULL &&
        !routing->node->topo->admission) {
        ds_pool_ring_user(routing, user);
        return;
    }
    struct pool_call *call = new_call(routing, user);
    if (call == NULL) {
        ds_ua_reply(routing->node->ua, routing->txn, 503, NULL);
        return;
    }
    const char *number = call_user(call, routing, &status);
    go_on(call, number, status);
}
