#include "check_internal.h"

/* RTE-09, RTE-10: what the Mediation Server does with a peer that shows no progress. */

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

/* Each try on a trunk whose fast failover is on or off. */
static void each_try(struct ds_judge *judge,
                     const struct ds_call *call,
                     bool fast,
                     try_fn *rule,
                     const char *good)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        const struct ds_trunk *trunk = ds_judge_trunk(judge, hop->from_node, hop->to_node);
        if (trunk != NULL && trunk->a == hop->from_node && trunk->fast_failover == fast)
            rule(judge, call, hop, &tally);
    }
    ds_judge_tally(judge, &tally, good);
}

/* ---- RTE-09 ---- */

static void left_in_time(struct ds_judge *judge,
                         const struct ds_call *call,
                         const struct ds_hop_seen *hop,
                         struct ds_tally *tally)
{
    const struct ds_hop_seen *next = next_try(call, hop);
    if (!is_silent(judge, call, hop, next))
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
    each_try(judge, subject->call, true, left_in_time, "silent peers left after ten seconds");
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
    if (!is_silent(judge, call, hop, next))
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
    each_try(judge, subject->call, false, waited_for, "silent peers waited for");
}

void ds_check_no_fast_failover(struct ds_judge *judge)
{
    ds_judge_calls(judge, "silent peer on a trunk without fast failover", one_patient);
}
