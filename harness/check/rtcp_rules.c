#include "check_internal.h"

/* MED-09 … MED-12: RTCP on the trunk of a Mediation Server, in calls and on hold. */

#define LONGEST_GAP_US INT64_C(30000000)
#define SLACK_US       INT64_C(5000000)  /* until the call is ended for it */
#define REPORTED_US    INT64_C(10000000) /* in so long each end has reported: RFC 3550 6.2 */

/* The first report after `since` that its peer sends, or is sent; INT64_MAX: none. */
static int64_t next_report(const struct ds_stretch *stretch, bool by_peer, int64_t since)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < stretch->call->flow_count; i++) {
        const struct ds_flow *flow = stretch->call->flows[i];
        if (!ds_stretch_is_peer(stretch, by_peer ? flow->from : flow->to))
            continue;
        for (uint64_t k = 0; k < flow->rtcp_packets; k++)
            if (flow->reports[k].at > since && flow->reports[k].at < first)
                first = flow->reports[k].at;
    }
    return first;
}

/* When its first silence of more than 30 s begins; -1: there is none. `until` is its end. */
static int64_t find_gap(const struct ds_stretch *stretch, bool by_peer, int64_t *until)
{
    int64_t since = stretch->from;
    while (since < stretch->to) {
        int64_t next = next_report(stretch, by_peer, since);
        *until = next < stretch->to ? next : stretch->to;
        if (*until - since > LONGEST_GAP_US)
            return since;
        since = *until;
    }
    return -1;
}

/* The Mediation Server or, past it, a client hears the peer; of a fax neither does (MED-13). */
static bool listens(const struct ds_topo_node *node)
{
    return ds_is_role(node, DS_ROLE_MEDIATION) || ds_is_role(node, DS_ROLE_CLIENT);
}

/* Was audio of this trunk captured at all? */
static bool is_captured(const struct ds_stretch *stretch)
{
    for (size_t i = 0; i < stretch->call->flow_count; i++) {
        const struct ds_flow *flow = stretch->call->flows[i];
        if ((ds_stretch_is_peer(stretch, flow->from) && listens(flow->to_node)) ||
            (ds_stretch_is_peer(stretch, flow->to) && listens(flow->from_node)))
            return true;
    }
    return false;
}

static bool is_of(const struct ds_stretch *stretch, enum ds_phase phase, int64_t least_us)
{
    return stretch->phase == phase && stretch->to - stretch->from >= least_us &&
           is_captured(stretch);
}

/* ---- MED-09 ---- */

static void both_report(const struct ds_stretch *stretch, struct ds_tally *tally)
{
    if (!stretch->trunk->rtcp_active || !is_of(stretch, DS_PHASE_ACTIVE, REPORTED_US))
        return;
    for (int by_peer = 0; by_peer < 2; by_peer++)
        if (next_report(stretch, by_peer, stretch->from) >= stretch->to)
            ds_tally_bad(tally, stretch->frame, "no RTCP %s %s in %.0f s of the call of frame %u",
                         by_peer ? "from" : "to", ds_node_name(stretch->trunk->b),
                         (double)(stretch->to - stretch->from) / 1e6, stretch->frame);
        else
            ds_tally_good(tally, stretch->frame);
}

void ds_check_rtcp_sent(struct ds_judge *judge)
{
    ds_judge_stretches(judge, "call of 10 s on a trunk with RTCP", "ends of calls that send RTCP",
                       both_report);
}

/* ---- MED-10 ---- */

/* By the Mediation Server itself, or, past it, by the client. */
static bool is_ended_from_inside(const struct ds_stretch *stretch)
{
    const struct ds_event *bye = stretch->call->bye;
    return bye != NULL && bye->at == stretch->to &&
           (bye->from_node == stretch->trunk->a || ds_is_role(bye->from_node, DS_ROLE_CLIENT));
}

static void silence_ends(const struct ds_stretch *stretch, struct ds_tally *tally)
{
    int64_t until, since;
    if (!stretch->trunk->rtcp_active || !is_of(stretch, DS_PHASE_ACTIVE, LONGEST_GAP_US))
        return;
    since = find_gap(stretch, true, &until);
    if (since < 0)
        return;
    if (until - since > LONGEST_GAP_US + SLACK_US &&
        ds_judge_is_heard(stretch->judge, stretch->trunk->a->at, since + LONGEST_GAP_US))
        ds_tally_bad(tally, stretch->frame, "%s sends no RTCP for %.0f s, and the call goes on",
                     ds_node_name(stretch->trunk->b), (double)(until - since) / 1e6);
    else if (until == stretch->to && is_ended_from_inside(stretch))
        ds_tally_good(tally, stretch->call->bye->frame);
}

void ds_check_rtcp_lost(struct ds_judge *judge)
{
    ds_judge_stretches(judge, "call on a trunk with RTCP, whose peer sends none for more than 30 s",
                       "calls that are ended as their peer sends no RTCP any more", silence_ends);
}

/* ---- MED-11 ---- */

static void silence_is_borne(const struct ds_stretch *stretch, struct ds_tally *tally)
{
    int64_t until, since;
    if (stretch->trunk->rtcp_active || !is_of(stretch, DS_PHASE_ACTIVE, LONGEST_GAP_US))
        return;
    since = find_gap(stretch, true, &until);
    if (since < 0)
        return;
    if (until - since > LONGEST_GAP_US + SLACK_US)
        ds_tally_good(tally, stretch->frame);
    else if (stretch->call->bye != NULL && stretch->call->bye->from_node == stretch->trunk->a)
        ds_tally_bad(tally, stretch->call->bye->frame,
                     "%s clears the call in frame %u, %.0f s after RTCP of %s, which need not send "
                     "any",
                     ds_node_name(stretch->trunk->a), stretch->call->bye->frame,
                     (double)(until - since) / 1e6, ds_node_name(stretch->trunk->b));
}

void ds_check_rtcp_not_wanted(struct ds_judge *judge)
{
    ds_judge_stretches(judge, "call on a trunk without RTCP that lasts for more than 35 s",
                       "calls that go on without RTCP, where the trunk has none", silence_is_borne);
}

/* ---- MED-12 ---- */

static void hold_reports(const struct ds_stretch *stretch, struct ds_tally *tally)
{
    int64_t until, since;
    if (!stretch->trunk->rtcp_on_hold || !is_of(stretch, DS_PHASE_HELD, LONGEST_GAP_US))
        return;
    for (int by_peer = 0; by_peer < 2; by_peer++) {
        since = find_gap(stretch, by_peer, &until);
        if (since < 0)
            ds_tally_good(tally, stretch->frame);
        else
            ds_tally_bad(tally, stretch->frame, "no RTCP %s %s for %.0f s of the hold of frame %u",
                         by_peer ? "from" : "to", ds_node_name(stretch->trunk->b),
                         (double)(until - since) / 1e6, stretch->frame);
    }
}

void ds_check_rtcp_on_hold(struct ds_judge *judge)
{
    ds_judge_stretches(judge, "hold of 30 s on a trunk with RTCP on hold",
                       "ends of held calls that go on sending RTCP", hold_reports);
}
