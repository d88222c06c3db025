#include "check_internal.h"

/* TOPO-21: no trunk of circuits carries more calls at a time than it has channels. */

/* Whoever hears nothing of an INVITE gives it up by then, and with it the channel (Timer B). */
enum { PATIENCE_US = 32000000 };

/* Its channel is free again for this later INVITE. As early as can be: who is told that a call ends
   may need it for the next one at once. */
static bool is_over(const struct ds_hop_seen *hop, const struct ds_event *invite)
{
    if (hop->final == NULL && invite->at - hop->invite->at > PATIENCE_US)
        return true;
    for (size_t i = 0; i < hop->leg->event_count; i++) {
        const struct ds_event *event = hop->leg->events[i];
        if (event->frame < invite->frame &&
            (ds_event_requests(event, "BYE") || ds_event_requests(event, "CANCEL") ||
             ds_event_answers_invite(event, 300, 699)))
            return true;
    }
    return false;
}

/* The two ends may take the last channel at the same time, each before it hears of the other. */
static bool may_have_crossed(const struct ds_hop_seen *hop, const struct ds_topo_node *from)
{
    return hop->from_node != from && ds_hop_response(hop, 100, 699) == NULL;
}

static bool takes_channel(const struct ds_hop_seen *hop,
                          const struct ds_topo_node *from,
                          const struct ds_topo_node *to,
                          const struct ds_event *invite)
{
    bool there = (hop->from_node == from && hop->to_node == to) ||
                 (hop->from_node == to && hop->to_node == from);
    return there && hop->invite->frame < invite->frame && !may_have_crossed(hop, from) &&
           !is_over(hop, invite);
}

/* The channels taken between the two when that INVITE is sent, or comes to `from`. */
static size_t channels_taken(const struct ds_judge *judge,
                             const struct ds_topo_node *from,
                             const struct ds_topo_node *to,
                             const struct ds_event *invite)
{
    size_t taken = 0;
    for (size_t i = 0; i < judge->trace->call_count; i++) {
        const struct ds_call *call = judge->subjects[i].call;
        for (size_t k = 0; k < call->hop_count; k++)
            taken += takes_channel(&call->hops[k], from, to, invite);
    }
    return taken;
}

static size_t channels_between(const struct ds_judge *judge,
                               const struct ds_topo_node *from,
                               const struct ds_topo_node *to)
{
    const struct ds_trunk *trunk =
        from == NULL || to == NULL ? NULL : ds_topo_trunk(judge->topo, from, to);
    return trunk == NULL ? 0 : trunk->channels;
}

/* With a channel to spare there is nothing to see. */
static void
sent(const struct ds_judge *judge, const struct ds_hop_seen *hop, struct ds_tally *tally)
{
    size_t channels = channels_between(judge, hop->from_node, hop->to_node);
    size_t taken =
        channels == 0 ? 0 : channels_taken(judge, hop->from_node, hop->to_node, hop->invite);
    if (channels == 0 || taken + 1 < channels)
        return;
    if (taken < channels)
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame,
                     "%zu calls are on the trunk from %s to %s, which has %zu channels, and frame "
                     "%u makes one more",
                     taken, hop->from_node->name, hop->to_node->name, channels, hop->invite->frame);
}

static bool went_on(const struct ds_call *call, const struct ds_hop_seen *hop)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].from_node == hop->to_node &&
            call->hops[i].invite->frame > hop->invite->frame)
            return true;
    return false;
}

/* Every way that the number has from there is by a trunk whose channels are taken. */
static bool finds_all_taken(const struct ds_judge *judge, const struct ds_hop_seen *hop)
{
    char number[64];
    const struct ds_topo_node *at = hop->to_node;
    const struct ds_route *route =
        at == NULL ? NULL
                   : ds_topo_route(judge->topo, at, hop->from_node,
                                   ds_event_user(hop->invite, NULL), number, sizeof number);
    for (size_t i = 0; route != NULL && i < route->via_count; i++) {
        size_t channels = channels_between(judge, at, route->via[i]);
        if (channels == 0 || channels_taken(judge, at, route->via[i], hop->invite) < channels)
            return false;
    }
    return route != NULL;
}

static void refused(const struct ds_judge *judge,
                    const struct ds_call *call,
                    const struct ds_hop_seen *hop,
                    struct ds_tally *tally)
{
    if (hop->final == NULL || hop->final_status < 300 || went_on(call, hop) ||
        !finds_all_taken(judge, hop))
        return;
    int cause = ds_msg_q850_cause(hop->final->msg);
    if (hop->final_status == 503 && cause == 34)
        ds_tally_good(tally, hop->final->frame);
    else
        ds_tally_bad(tally, hop->final->frame,
                     "the call of frame %u finds every channel taken at %s, which refuses it with "
                     "%d and cause %d",
                     hop->invite->frame, hop->to_node->name, hop->final_status, cause);
}

static void one_call(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->hop_count; i++) {
        sent(judge, &subject->call->hops[i], &tally);
        refused(judge, subject->call, &subject->call->hops[i], &tally);
    }
    ds_judge_tally(judge, &tally,
                   "INVITEs by the last channel of a trunk, or refused for want of one");
}

void ds_check_channels(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call that needs the last channel of a trunk", one_call);
}
