#include "check_internal.h"

/* MED-34: what is heard on a trunk after a resume. */

#define SOON_US INT64_C(500000)

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

static const struct ds_topo_node *
partner(const struct ds_stretch *stretch, bool by_peer, bool before)
{
    for (size_t i = 0; i < stretch->call->flow_count; i++) {
        const struct ds_flow *flow = stretch->call->flows[i];
        bool is_then = before ? flow->first_at < stretch->from : flow->last_at > stretch->from;
        if (is_then && ds_stretch_is_peer(stretch, by_peer ? flow->from : flow->to))
            return by_peer ? flow->to_node : flow->from_node;
    }
    return NULL;
}

static void one_way(const struct ds_stretch *stretch, bool by_peer, struct ds_tally *tally)
{
    const char *peer = ds_node_name(stretch->trunk->b);
    const struct ds_topo_node *then = partner(stretch, by_peer, true),
                              *now = partner(stretch, by_peer, false);
    if (then == NULL)
        return;
    if (after(stretch, by_peer) == NULL)
        ds_tally_bad(tally, stretch->frame,
                     "no audio %s %s in half a second after the resume of frame %u",
                     by_peer ? "from" : "to", peer, stretch->frame);
    else if (now != then)
        ds_tally_bad(
            tally, stretch->frame, "audio %s %s is %s's after the resume of frame %u, and was %s's",
            by_peer ? "from" : "to", peer, ds_node_name(now), stretch->frame, ds_node_name(then));
    else
        ds_tally_good(tally, stretch->frame);
}

static void back_again(const struct ds_stretch *stretch, struct ds_tally *tally)
{
    if (!stretch->resumed || stretch->to - stretch->from < DS_SHORT_US)
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
