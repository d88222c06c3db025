#include "check_internal.h"

/* BYP-13, BYP-24: where a peer of the Mediation Server ends its audio. */

/* ---- BYP-13 ---- */

/* Audio that the peer offered or answered with on its trunk. */
static const struct ds_event *peer_audio(const struct ds_subject *subject)
{
    for (size_t i = 0; i < subject->call->event_count; i++) {
        const struct ds_event *event = subject->call->events[i];
        if (event->from_node == subject->peer && event->to_node == subject->mediation &&
            ds_event_audio(event) != NULL)
            return event;
    }
    return NULL;
}

static void one_peer(struct ds_judge *judge, const struct ds_topo_node *peer)
{
    struct ds_tally tally = {0};
    const struct ds_event *first = NULL;
    for (size_t i = 0; i < judge->trace->call_count; i++) {
        const struct ds_subject *subject = &judge->subjects[i];
        bool counts = ds_may_bypass(subject) && subject->peer == peer &&
                      subject->call->outcome == DS_ANSWERED;
        const struct ds_event *event = counts ? peer_audio(subject) : NULL;
        if (event == NULL)
            continue;
        first = first == NULL ? event : first;
        if (ds_addr_same_ip(ds_event_audio(first)->at, ds_event_audio(event)->at))
            ds_tally_good(&tally, event->frame);
        else
            ds_tally_bad(&tally, event->frame,
                         "%s ends the audio of one call at %s (frame %u), of another at %s "
                         "(frame %u)",
                         peer->name, ds_addr_ip_text(ds_event_audio(first)->at).text, first->frame,
                         ds_addr_ip_text(ds_event_audio(event)->at).text, event->frame);
    }
    if (tally.bad > 0 || tally.good >= 2)
        ds_judge_tally(judge, &tally, "bypassed calls end their audio at one address of the peer");
}

void ds_check_bypass_one_address(struct ds_judge *judge)
{
    judge->sought = "second bypassed call at the same peer";
    for (size_t i = 0; i < judge->topo->node_count; i++) {
        const struct ds_topo_node *node = &judge->topo->nodes[i];
        if (ds_is_peer(node))
            one_peer(judge, node);
    }
}

/* ---- BYP-24 ---- */

static void demand(const struct ds_event *event,
                   struct ds_addr seen,
                   struct ds_addr wanted,
                   const struct ds_topo_node *peer,
                   struct ds_tally *tally)
{
    if (ds_addr_same_ip(seen, wanted))
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(tally, event->frame, "%s signals at %s in frame %u, and is to at %s",
                     peer->name, ds_addr_ip_text(seen).text, event->frame,
                     ds_addr_ip_text(wanted).text);
}

static void see_signalling(const struct ds_subject *subject, struct ds_tally *tally)
{
    const struct ds_topo_node *peer = subject->peer;
    for (size_t i = 0; i < subject->call->event_count; i++) {
        const struct ds_event *event = subject->call->events[i];
        if (event->from_node == peer && event->to_node == subject->mediation)
            demand(event, event->from, peer->at, peer, tally);
    }
}

/* Audio with the client, or the Mediation Server in its stead. */
static void see_audio(const struct ds_subject *subject, struct ds_tally *tally)
{
    const struct ds_topo_node *peer = subject->peer;
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        bool out = flow->from_node == peer;
        const struct ds_topo_node *other = out ? flow->to_node : flow->from_node;
        struct ds_addr seen = out ? flow->from : flow->to;
        if ((!out && flow->to_node != peer) ||
            (other != subject->client && other != subject->mediation))
            continue;
        if (ds_addr_same_ip(seen, peer->media_at))
            ds_tally_good(tally, flow->first_frame);
        else
            ds_tally_bad(tally, flow->first_frame,
                         "%s has audio at %s, and its media processor "
                         "stands at %s",
                         peer->name, ds_addr_ip_text(seen).text,
                         ds_addr_ip_text(peer->media_at).text);
    }
}

static void one_media_point(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    if (!ds_meets_decision(subject) || subject->call->flow_count == 0 ||
        ds_addr_same_ip(subject->peer->at, subject->peer->media_at))
        return;
    see_signalling(subject, &tally);
    see_audio(subject, &tally);
    ds_judge_tally(judge, &tally, "messages and flows of the peer where each belongs");
}

void ds_check_bypass_media_point(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call with audio at a peer whose media processor stands elsewhere",
                   one_media_point);
}
