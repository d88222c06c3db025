#include "check_internal.h"

/* MED-09 … MED-12: RTCP on the trunk of a Mediation Server, in calls and on hold. */

#define LONGEST_GAP_US INT64_C(30000000)
#define SLACK_US       INT64_C(5000000)  /* until the call is ended for it */
#define REPORTED_US    INT64_C(10000000) /* in so long each end has reported: RFC 3550 6.2 */
#define MOST_ADDRESSES 8

enum phase { NONE, ACTIVE, HELD };

/* A stretch of a call on a trunk, from one agreement on its audio to the next, or to the first BYE
   on any leg: on that of a dead peer there may be none. */
struct stretch {
    const struct ds_judge *judge;
    const struct ds_call *call;
    const struct ds_trunk *trunk;
    enum phase phase;
    int64_t from, to;
    uint32_t frame;                      /* where it begins */
    const struct ds_event *bye;          /* that ends it, or NULL */
    struct ds_addr peer[MOST_ADDRESSES]; /* where the peer's audio was announced */
    size_t peer_count;
};

typedef void stretch_rule_fn(const struct stretch *stretch, struct ds_tally *tally);

/* ---- one leg, stretch by stretch ---- */

static void note_peer(struct stretch *stretch, const struct ds_event *event)
{
    const struct ds_sdp_media *audio = ds_event_audio(event);
    if (audio != NULL && event->from_node == stretch->trunk->b && audio->at.port != 0 &&
        stretch->peer_count < MOST_ADDRESSES)
        stretch->peer[stretch->peer_count++] = audio->at;
}

static bool agrees(const struct ds_event *event)
{
    return ds_event_answers_invite(event, 200, 299) || ds_event_requests(event, "ACK");
}

static enum phase phase_of(const struct ds_event *event)
{
    const struct ds_sdp_media *audio = ds_event_audio(event);
    if (audio == NULL || audio->at.port == 0)
        return NONE;
    if (audio->direction == DS_SENDRECV)
        return ACTIVE;
    return audio->direction == DS_INACTIVE ? HELD : NONE; /* else there may be music on hold */
}

static void begin(struct stretch *stretch, enum phase phase, const struct ds_event *event)
{
    stretch->phase = phase;
    stretch->from = event->at;
    stretch->frame = event->frame;
}

static int64_t end_of(const struct stretch *stretch)
{
    const struct ds_event *bye = stretch->call->bye;
    return bye == NULL ? stretch->judge->trace->duration : bye->at;
}

static void judge_leg(struct stretch *stretch,
                      const struct ds_leg *leg,
                      stretch_rule_fn *rule,
                      struct ds_tally *tally)
{
    int64_t end = end_of(stretch);
    for (size_t i = 0; i < leg->event_count; i++)
        note_peer(stretch, leg->events[i]);
    for (size_t i = 0; i < leg->event_count && leg->events[i]->at < end; i++) {
        const struct ds_event *event = leg->events[i];
        if (!agrees(event) || event->sdp == NULL || event->retransmission)
            continue;
        stretch->to = event->at;
        rule(stretch, tally);
        begin(stretch, phase_of(event), event);
    }
    stretch->to = end;
    rule(stretch, tally);
}

static void judge_call(struct ds_judge *judge,
                       const struct ds_call *call,
                       const char *good,
                       stretch_rule_fn *rule)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        struct stretch stretch = {.judge = judge,
                                  .call = call,
                                  .trunk = ds_judge_trunk(judge, hop->from_node, hop->to_node)};
        if (stretch.trunk != NULL)
            judge_leg(&stretch, hop->leg, rule, &tally);
    }
    if (tally.bad > 0 && judge->trace->gap_count > 0)
        ds_judge_absent(judge, DS_FAIL, &tally.bad_frames, "%s", tally.first_bad);
    else
        ds_judge_tally(judge, &tally, good);
}

static void
judge_calls(struct ds_judge *judge, const char *sought, const char *good, stretch_rule_fn *rule)
{
    judge->sought = sought;
    for (size_t i = 0; i < judge->trace->call_count && !judge->out_of_memory; i++) {
        judge->call = &judge->trace->calls[i];
        judge_call(judge, judge->call, good, rule);
    }
    judge->call = NULL;
}

/* ---- reports ---- */

static bool is_peer(const struct stretch *stretch, struct ds_addr at)
{
    for (size_t i = 0; i < stretch->peer_count; i++)
        if (ds_addr_equal(stretch->peer[i], at))
            return true;
    return false;
}

/* The first report after `since` that its peer sends, or is sent; INT64_MAX: none. */
static int64_t next_report(const struct stretch *stretch, bool by_peer, int64_t since)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < stretch->call->flow_count; i++) {
        const struct ds_flow *flow = stretch->call->flows[i];
        if (!is_peer(stretch, by_peer ? flow->from : flow->to))
            continue;
        for (uint64_t k = 0; k < flow->rtcp_packets; k++)
            if (flow->reports[k].at > since && flow->reports[k].at < first)
                first = flow->reports[k].at;
    }
    return first;
}

/* When its first silence of more than 30 s begins; -1: there is none. `until` is its end. */
static int64_t find_gap(const struct stretch *stretch, bool by_peer, int64_t *until)
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
static bool is_captured(const struct stretch *stretch)
{
    for (size_t i = 0; i < stretch->call->flow_count; i++) {
        const struct ds_flow *flow = stretch->call->flows[i];
        if ((is_peer(stretch, flow->from) && listens(flow->to_node)) ||
            (is_peer(stretch, flow->to) && listens(flow->from_node)))
            return true;
    }
    return false;
}

static bool is_of(const struct stretch *stretch, enum phase phase, int64_t least_us)
{
    return stretch->phase == phase && stretch->to - stretch->from >= least_us &&
           is_captured(stretch);
}

/* ---- MED-09 ---- */

static void both_report(const struct stretch *stretch, struct ds_tally *tally)
{
    if (!stretch->trunk->rtcp_active || !is_of(stretch, ACTIVE, REPORTED_US))
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
    judge_calls(judge, "call of 10 s on a trunk with RTCP", "ends of calls that send RTCP",
                both_report);
}

/* ---- MED-10 ---- */

/* By the Mediation Server itself, or, past it, by the client. */
static bool is_ended_from_inside(const struct stretch *stretch)
{
    const struct ds_event *bye = stretch->call->bye;
    return bye != NULL && bye->at == stretch->to &&
           (bye->from_node == stretch->trunk->a || ds_is_role(bye->from_node, DS_ROLE_CLIENT));
}

static void silence_ends(const struct stretch *stretch, struct ds_tally *tally)
{
    int64_t until, since;
    if (!stretch->trunk->rtcp_active || !is_of(stretch, ACTIVE, LONGEST_GAP_US))
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
    judge_calls(judge, "call on a trunk with RTCP, whose peer sends none for more than 30 s",
                "calls that are ended as their peer sends no RTCP any more", silence_ends);
}

/* ---- MED-11 ---- */

static void silence_is_borne(const struct stretch *stretch, struct ds_tally *tally)
{
    int64_t until, since;
    if (stretch->trunk->rtcp_active || !is_of(stretch, ACTIVE, LONGEST_GAP_US))
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
    judge_calls(judge, "call on a trunk without RTCP that lasts for more than 35 s",
                "calls that go on without RTCP, where the trunk has none", silence_is_borne);
}

/* ---- MED-12 ---- */

static void hold_reports(const struct stretch *stretch, struct ds_tally *tally)
{
    int64_t until, since;
    if (!stretch->trunk->rtcp_on_hold || !is_of(stretch, HELD, LONGEST_GAP_US))
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
    judge_calls(judge, "hold of 30 s on a trunk with RTCP on hold",
                "ends of held calls that go on sending RTCP", hold_reports);
}
