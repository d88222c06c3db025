#include "course_internal.h"

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

/* ---- RTE-06 ---- */

static struct ds_slice digits_called(const struct ds_hop_seen *hop)
{
    struct ds_slice user = ds_event_user(hop->invite, NULL);
    return ds_slice_starts(user, DS_LITERAL("+")) ? ds_slice_from(user, 1) : user;
}

static bool could_be_called(const struct ds_judge *judge,
                            const struct ds_call *call,
                            const struct ds_topo_node *peer,
                            const struct ds_hop_seen *hop)
{
    return ds_call_hop_to(call, peer) == NULL && !ds_judge_may_be_down(judge, peer, hop->final->at);
}

/* A later peer of the Mediation Server's own route that could have been called instead, or NULL. */
static const struct ds_topo_node *
peer_left(const struct ds_judge *judge, const struct ds_call *call, const struct ds_hop_seen *hop)
{
    char number[64], e164[64] = "+";
    ds_slice_copy(digits_called(hop), e164 + 1, sizeof e164 - 1);
    const struct ds_route *route =
        ds_route_out(judge, call, hop->from_node, ds_slice_of(e164), number, sizeof number);
    bool later = false;
    for (size_t i = 0; route != NULL && i < route->via_count; i++) {
        const struct ds_topo_node *peer = route->via[i];
        if (later && could_be_called(judge, call, peer, hop))
            return peer;
        later = later || peer == hop->to_node;
    }
    return NULL;
}

/* Likewise of the trunks that the caller's usages admit the call to. */
static const struct ds_topo_node *trunk_left(const struct ds_judge *judge,
                                             const struct ds_subject *subject,
                                             const struct ds_hop_seen *hop,
                                             const struct ds_trunk *trunk)
{
    const struct ds_admitted *admitted = subject->admitted;
    for (size_t i = ds_admitted_place(admitted, trunk) + 1; i < admitted->count; i++)
        if (could_be_called(judge, subject->call, admitted->trunks[i]->b, hop))
            return admitted->trunks[i]->b;
    return NULL;
}

static void tried_elsewhere(struct ds_judge *judge,
                            const struct ds_subject *subject,
                            const struct ds_hop_seen *hop,
                            const struct ds_trunk *trunk,
                            struct ds_tally *tally)
{
    const struct ds_topo_node *left = NULL;
    if (ds_try_status(trunk, hop) != 503 || hop->cancelled)
        return;
    const struct ds_hop_seen *next = next_try(subject->call, hop);
    if (next == NULL)
        left = subject->admitted != NULL ? trunk_left(judge, subject, hop, trunk)
                                         : peer_left(judge, subject->call, hop);
    if (next == NULL && left == NULL)
        return;
    if (next == NULL)
        ds_tally_bad(
            tally, hop->final->frame, "%s refuses with %d in frame %u, and %s is not called",
            ds_node_name(hop->to_node), hop->final_status, hop->final->frame, ds_node_name(left));
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
    ds_subject_tries(judge, subject, tried_elsewhere, &tally);
    ds_judge_tally(judge, &tally, "calls taken to another peer after 503");
}

void ds_check_next_after_503(struct ds_judge *judge)
{
    ds_judge_calls(judge, "503 of a peer that is not the last of its route", one_full);
}

/* ---- RTE-09 ---- */

static void left_in_time(struct ds_judge *judge,
                         const struct ds_subject *subject,
                         const struct ds_hop_seen *hop,
                         const struct ds_trunk *trunk,
                         struct ds_tally *tally)
{
    const struct ds_call *call = subject->call;
    const struct ds_hop_seen *next = next_try(call, hop);
    if (!trunk->fast_failover || !is_silent(judge, call, hop, next))
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
    ds_subject_tries(judge, subject, left_in_time, &tally);
    ds_judge_tally(judge, &tally, "silent peers left after ten seconds");
}

void ds_check_fast_failover(struct ds_judge *judge)
{
    ds_judge_calls(judge, "peer that shows no progress for ten seconds", one_fast);
}

/* ---- RTE-10 ---- */

static void waited_for(struct ds_judge *judge,
                       const struct ds_subject *subject,
                       const struct ds_hop_seen *hop,
                       const struct ds_trunk *trunk,
                       struct ds_tally *tally)
{
    const struct ds_hop_seen *next = next_try(subject->call, hop);
    if (trunk->fast_failover || !is_silent(judge, subject->call, hop, next))
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
    ds_subject_tries(judge, subject, waited_for, &tally);
    ds_judge_tally(judge, &tally, "silent peers waited for");
}

void ds_check_no_fast_failover(struct ds_judge *judge)
{
    ds_judge_calls(judge, "silent peer on a trunk without fast failover", one_patient);
}
