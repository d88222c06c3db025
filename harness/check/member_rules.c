#include "course_internal.h"

/* RTE-29, RTE-30: several Mediation Servers that stand for one. */

static const struct ds_route *find_route(const struct ds_judge *judge,
                                         const struct ds_topo_node *here,
                                         const struct ds_topo_node *from,
                                         struct ds_slice user)
{
    char dialled[64], number[64];
    if (!ds_topo_normalize(judge->topo, NULL, user, dialled, sizeof dialled))
        ds_slice_copy(user, dialled, sizeof dialled);
    return ds_topo_route(judge->topo, here, from, ds_slice_of(dialled), number, sizeof number);
}

/* The route that whoever sends this INVITE has for the call, where it leads to Mediation Servers.
 * A call that a user has sent on takes that user's. */
static const struct ds_route *route_to_members(const struct ds_judge *judge,
                                               const struct ds_call *call,
                                               const struct ds_event *invite)
{
    const struct ds_topo_node *here = invite->from_node;
    const struct ds_hop_seen *into = ds_call_hop_to(call, here);
    const struct ds_subject *subject = &judge->subjects[call - judge->trace->calls];
    if (into == NULL || here == NULL || here->role == DS_ROLE_MEDIATION || call->replaces != NULL)
        return NULL;
    const struct ds_route *route =
        subject->left_count == 0
            ? find_route(judge, here, into->from_node, ds_event_user(into->invite, NULL))
            : find_route(judge, here, subject->left[subject->left_count - 1].user,
                         ds_event_user(invite, NULL));
    return route != NULL && route->via_count > 1 && route->via[0]->role == DS_ROLE_MEDIATION ? route
                                                                                             : NULL;
}

static bool is_member(const struct ds_route *route, const struct ds_topo_node *node)
{
    for (size_t i = 0; i < route->via_count; i++)
        if (route->via[i] == node)
            return true;
    return false;
}

/* ---- RTE-29 ---- */

static bool is_first_try(const struct ds_call *call, const struct ds_event *invite)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].from_node == invite->from_node &&
            ds_is_role(call->hops[i].to_node, DS_ROLE_MEDIATION))
            return call->hops[i].invite == invite;
    return false;
}

/* Another member than this one may have been tried in vain: it spoke before, and never since. */
static bool may_be_alone(const struct ds_judge *judge,
                         const struct ds_route *route,
                         const struct ds_event *invite)
{
    for (size_t i = 0; i < route->via_count; i++)
        if (route->via[i] != invite->to_node &&
            ds_judge_fell_silent(judge, route->via[i]->at, invite->at))
            return true;
    return false;
}

/* `last` holds the INVITE before on each route. */
static void see_turn(const struct ds_judge *judge,
                     const struct ds_event *invite,
                     const struct ds_event **last,
                     struct ds_tally *tally)
{
    const struct ds_call *call = invite->leg->call;
    if (call == NULL || !is_first_try(call, invite))
        return;
    const struct ds_route *route = route_to_members(judge, call, invite);
    if (route == NULL || !route->spread || !is_member(route, invite->to_node))
        return;
    const struct ds_event **before = &last[route - judge->topo->routes];
    if (*before != NULL && (*before)->to_node != invite->to_node)
        ds_tally_good(tally, invite->frame);
    else if (*before != NULL && !may_be_alone(judge, route, invite))
        ds_tally_bad(tally, invite->frame,
                     "%s hands %s the call of frame %u, as it did that of frame %u before",
                     invite->from_node->name, invite->to_node->name, invite->frame,
                     (*before)->frame);
    *before = invite;
}

void ds_check_members_take_turns(struct ds_judge *judge)
{
    const struct ds_trace *trace = judge->trace;
    size_t size = (judge->topo->route_count + 1) * sizeof(void *);
    const struct ds_event **last = ds_arena_alloc(judge->findings->arena, size);
    struct ds_tally tally = {0};
    judge->sought = "second call over a pool of Mediation Servers";
    if (last == NULL) {
        judge->out_of_memory = true;
        return;
    }
    for (size_t i = 0; i < trace->event_count; i++)
        if (ds_event_requests(&trace->events[i], "INVITE") &&
            ds_is_role(trace->events[i].to_node, DS_ROLE_MEDIATION))
            see_turn(judge, &trace->events[i], last, &tally);
    ds_judge_tally(judge, &tally, "calls go to another Mediation Server than the one before");
}

/* ---- RTE-30 ---- */

/* The next try of the same element at another member, or NULL. */
static const struct ds_hop_seen *
next_member(const struct ds_call *call, const struct ds_route *route, const struct ds_hop_seen *hop)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].from_node == hop->from_node && call->hops[i].to_node != hop->to_node &&
            call->hops[i].invite->frame > hop->invite->frame &&
            is_member(route, call->hops[i].to_node))
            return &call->hops[i];
    return NULL;
}

static bool was_tried(const struct ds_call *call,
                      const struct ds_topo_node *by,
                      const struct ds_topo_node *node)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].from_node == by && call->hops[i].to_node == node)
            return true;
    return false;
}

static const struct ds_topo_node *member_left(const struct ds_call *call,
                                              const struct ds_route *route)
{
    for (size_t i = 0; i < route->via_count; i++)
        if (!was_tried(call, route->at, route->via[i]))
            return route->via[i];
    return NULL;
}

static void see_try(const struct ds_judge *judge,
                    const struct ds_call *call,
                    const struct ds_hop_seen *hop,
                    struct ds_tally *tally)
{
    if (hop->cancelled || ds_hop_response(hop, 100, 699) != NULL)
        return;
    const struct ds_route *route = route_to_members(judge, call, hop->invite);
    if (route == NULL || !is_member(route, hop->to_node))
        return;
    const struct ds_hop_seen *next = next_member(call, route, hop),
                             *into = ds_call_hop_to(call, hop->from_node);
    const struct ds_topo_node *left = member_left(call, route);
    if (next != NULL)
        ds_tally_good(tally, next->invite->frame);
    else if (left != NULL && into->final_status >= 400)
        ds_tally_bad(tally, into->final->frame,
                     "%s does not answer frame %u, and %s refuses the call with %d, though there "
                     "is %s",
                     hop->to_node->name, hop->invite->frame, hop->from_node->name,
                     into->final_status, left->name);
}

static void one_silent_member(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->hop_count; i++)
        see_try(judge, subject->call, &subject->call->hops[i], &tally);
    ds_judge_tally(judge, &tally, "calls taken to another Mediation Server of the pool");
}

void ds_check_member_passed_over(struct ds_judge *judge)
{
    ds_judge_calls(judge, "Mediation Server of a pool that does not answer", one_silent_member);
}
