#include "check_internal.h"

/* MED-34, BYP-25: what is heard on a trunk after a resume. */

#define SOON_US INT64_C(500000)

static bool is_resumed(const struct ds_stretch *stretch)
{
    return stretch->resumed && stretch->to - stretch->from >= DS_SHORT_US;
}

/* Of the packets that the peer sends, or is sent, none in time? */
static const struct ds_flow *after(const struct ds_stretch *stretch, bool by_peer)
{
    for (size_t i = 0; i < stretch->call->flow_count; i++) {
        const struct ds_flow *flow = stretch->call->flows[i];
        bool begins_late = flow->first_at > stretch->from + SOON_US;
        if (ds_stretch_is_peer(stretch, by_peer ? flow->from : flow->to) && !begins_late &&
            flow->last_at > stretch->from && flow->first_at < stretch->to)
            return flow;
    }
    return NULL;
}

/* The first audio that the peer sends, or is sent, before the resume; or after it. */
static const struct ds_flow *flow_of(const struct ds_stretch *stretch, bool by_peer, bool before)
{
    for (size_t i = 0; i < stretch->call->flow_count; i++) {
        const struct ds_flow *flow = stretch->call->flows[i];
        bool is_then = before ? flow->first_at < stretch->from : flow->last_at > stretch->from;
        if (is_then && ds_stretch_is_peer(stretch, by_peer ? flow->from : flow->to))
            return flow;
    }
    return NULL;
}

static const struct ds_topo_node *partner(const struct ds_flow *flow, bool by_peer)
{
    return by_peer ? flow->to_node : flow->from_node;
}

/* ---- MED-34 ---- */

static void one_way(const struct ds_stretch *stretch, bool by_peer, struct ds_tally *tally)
{
    const char *peer = ds_node_name(stretch->trunk->b), *way = by_peer ? "from" : "to";
    const struct ds_flow *then = flow_of(stretch, by_peer, true),
                         *now = flow_of(stretch, by_peer, false);
    if (then == NULL)
        return;
    if (now == NULL || after(stretch, by_peer) == NULL)
        ds_tally_bad(tally, stretch->frame,
                     "no audio %s %s in half a second after the resume of frame %u", way, peer,
                     stretch->frame);
    else if (partner(now, by_peer) != partner(then, by_peer))
        ds_tally_bad(tally, stretch->frame,
                     "audio %s %s is %s's after the resume of frame %u, and was %s's", way, peer,
                     ds_node_name(partner(now, by_peer)), stretch->frame,
                     ds_node_name(partner(then, by_peer)));
    else
        ds_tally_good(tally, stretch->frame);
}

static void back_again(const struct ds_stretch *stretch, struct ds_tally *tally)
{
    if (!is_resumed(stretch))
        return;
    one_way(stretch, true, tally);
    one_way(stretch, false, tally);
}

void ds_check_resumed(struct ds_judge *judge)
{
    ds_judge_stretches(judge, "call that was held and resumed, with audio before",
                       "ways of audio that are back after a resume, between the same two",
                       back_again);
}

/* ---- BYP-25 ---- */

static void same_addresses(const struct ds_stretch *stretch, bool by_peer, struct ds_tally *tally)
{
    const struct ds_flow *then = flow_of(stretch, by_peer, true),
                         *now = flow_of(stretch, by_peer, false);
    if (then == NULL || now == NULL || !ds_is_role(partner(then, by_peer), DS_ROLE_CLIENT))
        return;
    if (ds_addr_equal(now->from, then->from) && ds_addr_equal(now->to, then->to))
        ds_tally_good(tally, now->first_frame);
    else
        ds_tally_bad(tally, now->first_frame,
                     "audio flows from %s to %s after the resume of frame %u, and flowed from %s "
                     "to %s",
                     ds_addr_text(now->from).text, ds_addr_text(now->to).text, stretch->frame,
                     ds_addr_text(then->from).text, ds_addr_text(then->to).text);
}

static void where_it_was(const struct ds_stretch *stretch, struct ds_tally *tally)
{
    if (!is_resumed(stretch))
        return;
    same_addresses(stretch, true, tally);
    same_addresses(stretch, false, tally);
}

void ds_check_bypass_resumed(struct ds_judge *judge)
{
    ds_judge_stretches(judge, "bypassed call that was held and resumed",
                       "ways of audio between the same two addresses after a resume", where_it_was);
}
