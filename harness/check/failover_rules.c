#include "check_internal.h"

/* RTE-06, RTE-09, RTE-10: what the Mediation Server does with a peer that refuses with 503, or
 * shows no progress. */

#define SLACK   INT64_C(1000000)
#define TIMER_B INT64_C(32000000)

/* The next try of the same Mediation Server at another peer, or NULL. */
static const struct ds_hop_seen *next_try(const struct ds_call *call, const struct ds_hop_seen *hop)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].invite->frame > hop->invite->frame &&
            ds_addr_same_ip(call->hops[i].from, hop->from) &&
            !ds_addr_same_ip(call->hops[i].to, hop->to))
            return &call->hops[i];
    return NULL;
}

/* Did the peer show nothing until it was left, or ought to have been? Not where the call ended, or
 * its caller gave up, before. */
static bool is_silent(const struct ds_judge *judge,
                      const struct ds_call *call,
                      const struct ds_hop_seen *hop,
                      const struct ds_hop_seen *next)
{
    const struct ds_event *progress = ds_hop_response(hop, 101, 699);
    int64_t until = next != NULL ? next->invite->at : hop->invite->at + DS_FAST_FAILOVER_US;
    bool given_up = call->outcome == DS_CANCELLED && next == NULL;
    bool ended = call->ended_at >= 0 && call->ended_at < until + (given_up ? SLACK : -SLACK);
    bool seen = next != NULL || judge->trace->duration > until + SLACK;
    return (progress == NULL || progress->at > until) && !ended && seen;
}

typedef void try_fn(struct ds_judge *judge,
                    const struct ds_call *call,
                    const struct ds_hop_seen *hop,
                    struct ds_tally *tally);

static const struct ds_trunk *trunk_taken(const struct ds_judge *judge,
                                          const struct ds_hop_seen *hop)
{
    const struct ds_trunk *trunk = ds_judge_trunk(judge, hop->from_node, hop->to_node);
    return trunk != NULL && trunk->a == hop->from_node ? trunk : NULL;
}

/* Each try of a Mediation Server on a trunk. */
static void
each_try(struct ds_judge *judge, const struct ds_call *call, try_fn *rule, struct ds_tally *tally)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (trunk_taken(judge, &call->hops[i]) != NULL)
            rule(judge, call, &call->hops[i], tally);
}

/* ---- RTE-06 ---- */

static struct ds_slice digits_called(const struct ds_hop_seen *hop)
{
    struct ds_slice user = ds_event_user(hop->invite, NULL);
    return ds_slice_starts(user, DS_LITERAL("+")) ? ds_slice_from(user, 1) : user;
}

static bool was_tried(const struct ds_call *call, const struct ds_topo_node *peer)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].to_node == peer)
            return true;
    return false;
}

/* Owes it an answer to OPTIONS: it may be down, and is rightly passed over. */
static bool may_be_down(const struct ds_judge *judge, const struct ds_topo_node *peer, int64_t now)
{
    bool asked = false;
    for (size_t i = 0; i < judge->outside_count && judge->outside[i]->at <= now; i++) {
        const struct ds_event *event = judge->outside[i];
        if (event->to_node == peer && ds_event_requests(event, "OPTIONS"))
            asked = true;
        else if (event->from_node == peer)
            asked = false;
    }
    return asked;
}

/* A later peer of the route that could have been called instead, or NULL. */
static const struct ds_topo_node *
peer_left(const struct ds_judge *judge, const struct ds_call *call, const struct ds_hop_seen *hop)
{
    char number[64], e164[64] = "+";
    ds_slice_copy(digits_called(hop), e164 + 1, sizeof e164 - 1);
    const struct ds_route *route =
        ds_topo_route(judge->topo, hop->from_node, ds_topo_first(judge->topo, DS_ROLE_POOL),
                      ds_slice_of(e164), number, sizeof number);
    bool later = false;
    for (size_t i = 0; route != NULL && i < route->via_count; i++) {
        const struct ds_topo_node *peer = route->via[i];
        if (later && !was_tried(call, peer) && !may_be_down(judge, peer, hop->final->at))
            return peer;
        later = later || peer == hop->to_node;
    }
    return NULL;
}

static void tried_elsewhere(struct ds_judge *judge,
                            const struct ds_call *call,
                            const struct ds_hop_seen *hop,
                            struct ds_tally *tally)
{
    if (hop->final_status != 503 || hop->cancelled)
        return;
    const struct ds_hop_seen *next = next_try(call, hop);
    const struct ds_topo_node *left = next == NULL ? peer_left(judge, call, hop) : NULL;
    if (next == NULL && left == NULL)
        return;
    if (next == NULL)
        ds_tally_bad(tally, hop->final->frame,
                     "%s refuses with 503 in frame %u, and %s is not called",
                     ds_node_name(hop->to_node), hop->final->frame, ds_node_name(left));
    else if (!ds_slice_equal(digits_called(hop), digits_called(next)))
        ds_tally_bad(tally, next->invite->frame,
                     "after 503 of %s, %s is called for another number in frame %u",
                     ds_node_name(hop->to_node), ds_node_name(next->to_node), next->invite->frame);
    else
        ds_tally_good(tally, next->invite->frame);
}

static void one_full(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    each_try(judge, subject->call, tried_elsewhere, &tally);
    ds_judge_tally(judge, &tally, "calls taken to another peer after 503");
}

void ds_check_next_after_503(struct ds_judge *judge)
{
    ds_judge_calls(judge, "503 of a peer that is not the last of its route", one_full);
}

/* ---- RTE-09 ---- */

static void left_in_time(struct ds_judge *judge,
                         const struct ds_call *call,
                         const struct ds_hop_seen *hop,
                         struct ds_tally *tally)
{
    const struct ds_hop_seen *next = next_try(call, hop);
    if (!trunk_taken(judge, hop)->fast_failover || !is_silent(judge, call, hop, next))
        return;
    int64_t end = next != NULL          ? next->invite->at
                  : call->ended_at >= 0 ? call->ended_at
                                        : INT64_MAX;
    int64_t after = end == INT64_MAX ? end : end - hop->invite->at;
    const char *peer = ds_node_name(hop->to_node);
    if (after > DS_FAST_FAILOVER_US + SLACK)
        ds_tally_bad(tally, hop->invite->frame,
                     "%s shows no progress after frame %u, and is not left", peer,
                     hop->invite->frame);
    else if (after < DS_FAST_FAILOVER_US - SLACK)
        ds_tally_bad(tally, hop->invite->frame, "%s is left after %.1f s", peer,
                     (double)after / 1e6);
    else if (!hop->cancelled && ds_hop_response(hop, 100, 199) != NULL)
        ds_tally_bad(tally, hop->invite->frame, "%s is left, and its INVITE is not cancelled",
                     peer);
    else
        ds_tally_good(tally, hop->invite->frame);
}

static void one_fast(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    each_try(judge, subject->call, left_in_time, &tally);
    ds_judge_tally(judge, &tally, "silent peers left after ten seconds");
}

void ds_check_fast_failover(struct ds_judge *judge)
{
    ds_judge_calls(judge, "peer that shows no progress for ten seconds", one_fast);
}

/* ---- RTE-10 ---- */

static void waited_for(struct ds_judge *judge,
                       const struct ds_call *call,
                       const struct ds_hop_seen *hop,
                       struct ds_tally *tally)
{
    const struct ds_hop_seen *next = next_try(call, hop);
    if (trunk_taken(judge, hop)->fast_failover || !is_silent(judge, call, hop, next))
        return;
    if (next != NULL && next->invite->at < hop->invite->at + TIMER_B - SLACK)
        ds_tally_bad(tally, next->invite->frame,
                     "%s is silent and fast failover is off, and %s is tried in frame %u",
                     ds_node_name(hop->to_node), ds_node_name(next->to_node), next->invite->frame);
    else
        ds_tally_good(tally, hop->invite->frame);
}

static void one_patient(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    each_try(judge, subject->call, waited_for, &tally);
    ds_judge_tally(judge, &tally, "silent peers waited for");
}

void ds_check_no_fast_failover(struct ds_judge *judge)
{
    ds_judge_calls(judge, "silent peer on a trunk without fast failover", one_patient);
}
