#include "check_internal.h"

/* RTE-11 … RTE-13: what OPTIONS tell of the Mediation Server's peers, and what it makes of that.
   PEER-01, PEER-02: the same of the Mediation Server, which its peers poll. */

#define MOST_PEERS  32
#define MOST_MISSES 5
#define TIMER_F     INT64_C(32000000)
#define POLL        INT64_C(60000000)
#define SLACK       INT64_C(5000000)

struct peer {
    const struct ds_topo_node *node, *asker;
    const struct ds_event *asked;  /* OPTIONS that nobody has answered yet, or NULL */
    const struct ds_event *polled; /* the last OPTIONS */
    unsigned misses;
};

struct watch {
    const struct ds_judge *judge;
    bool by_peers; /* of the Mediation Server by its peers; else of them by it */
    struct peer peers[MOST_PEERS];
    size_t count;
    struct ds_tally avoided, counted, polled;
    struct ds_tally unseen; /* passed over, and polls that were due are not in the capture */
};

static bool is_down(const struct peer *peer)
{
    return peer->misses >= MOST_MISSES;
}

static struct peer *
find(struct watch *watch, const struct ds_topo_node *asker, const struct ds_topo_node *node)
{
    const struct ds_trunk *trunk = ds_judge_trunk(watch->judge, asker, node);
    if (trunk == NULL || asker != (watch->by_peers ? trunk->b : trunk->a))
        return NULL;
    for (size_t i = 0; i < watch->count; i++)
        if (watch->peers[i].node == node && watch->peers[i].asker == asker)
            return &watch->peers[i];
    if (watch->count == MOST_PEERS)
        return NULL;
    watch->peers[watch->count] = (struct peer){.node = node, .asker = asker};
    return &watch->peers[watch->count++];
}

/* What is unanswered for longer than Timer F is missed. */
static void settle(struct watch *watch, int64_t now)
{
    for (size_t i = 0; i < watch->count; i++) {
        struct peer *peer = &watch->peers[i];
        if (peer->asked == NULL || now - peer->asked->at < TIMER_F)
            continue;
        peer->asked = NULL;
        peer->misses++;
    }
}

/* ---- OPTIONS ---- */

static void see_poll(struct watch *watch, struct peer *peer, const struct ds_event *event)
{
    if (event->retransmission)
        return;
    int64_t gap = peer->polled == NULL ? 0 : event->at - peer->polled->at;
    if (is_down(peer) && (gap > POLL + SLACK || gap < POLL - SLACK))
        ds_tally_bad(&watch->polled, event->frame, "%s, which is down, is polled after %.0f s",
                     ds_node_name(peer->node), (double)gap / 1e6);
    else if (is_down(peer))
        ds_tally_good(&watch->polled, event->frame);
    peer->asked = peer->polled = event;
}

static void see_answer(struct peer *peer, const struct ds_event *event)
{
    if (peer->asked == NULL ||
        !ds_slice_equal(ds_msg_branch(event->msg), ds_msg_branch(peer->asked->msg)))
        return;
    if (!is_down(peer) || ds_msg_status(event->msg) == 200)
        peer->misses = 0;
    peer->asked = NULL;
}

/* ---- INVITEs ---- */

static bool was_tried_before(const struct ds_event *invite, const struct ds_topo_node *node)
{
    const struct ds_call *call = invite->leg->call;
    for (size_t i = 0; call != NULL && i < call->hop_count; i++)
        if (call->hops[i].to_node == node && call->hops[i].invite->frame < invite->frame)
            return true;
    return false;
}

/* A poll that TCP holds back, or for which there is no connection, is missed too. */
static void see_passed(struct watch *watch, const struct peer *peer, const struct ds_event *invite)
{
    const char *name = ds_node_name(peer->node);
    if (is_down(peer))
        ds_tally_good(&watch->avoided, invite->frame);
    else if (peer->misses > 0 && invite->at - peer->polled->at > POLL + SLACK)
        ds_tally_bad(&watch->unseen, invite->frame,
                     "%s has missed %u OPTIONS, none is seen after frame %u, and frame %u passes "
                     "it over: how many were missed does not show",
                     name, peer->misses, peer->polled->frame, invite->frame);
    else if (peer->misses > 0)
        ds_tally_bad(&watch->counted, invite->frame,
                     "%s has missed %u OPTIONS, and frame %u passes it over", name, peer->misses,
                     invite->frame);
}

/* Peers that the route of this call names before the one it goes to. */
static void see_passed_over(struct watch *watch, const struct ds_event *invite)
{
    char number[64], dialled[64];
    if (!ds_slice_copy(ds_event_user(invite, NULL), dialled, sizeof dialled))
        return;
    const struct ds_route *route = ds_route_out(watch->judge, invite->leg->call, invite->from_node,
                                                ds_slice_of(dialled), number, sizeof number);
    for (size_t i = 0; route != NULL && i < route->via_count; i++) {
        struct peer *peer = find(watch, invite->from_node, route->via[i]);
        if (route->via[i] == invite->to_node)
            return;
        if (peer != NULL && !was_tried_before(invite, route->via[i]))
            see_passed(watch, peer, invite);
    }
}

static void see_invite(struct watch *watch, struct peer *peer, const struct ds_event *event)
{
    if (event->retransmission || ds_msg_to_tag(event->msg).len > 0)
        return;
    if (is_down(peer))
        ds_tally_bad(&watch->avoided, event->frame,
                     "%s has missed %u OPTIONS in a row, and is called in frame %u",
                     ds_node_name(peer->node), peer->misses, event->frame);
    else if (peer->misses > 0)
        ds_tally_good(&watch->counted, event->frame);
    if (!watch->by_peers)
        see_passed_over(watch, event);
}

/* A call that comes to a peer whose way on leads to a Mediation Server that is down. */
static void see_arrival(struct watch *watch, const struct ds_event *event)
{
    char number[64], dialled[64];
    if (event->retransmission || ds_msg_to_tag(event->msg).len > 0 ||
        !ds_slice_copy(ds_event_user(event, NULL), dialled, sizeof dialled))
        return;
    const struct ds_route *route =
        ds_topo_route(watch->judge->topo, event->to_node, event->from_node, ds_slice_of(dialled),
                      number, sizeof number);
    const struct peer *next =
        route == NULL || route->via_count == 0 ? NULL : find(watch, event->to_node, route->via[0]);
    if (next != NULL && is_down(next))
        ds_tally_good(&watch->avoided, event->frame);
}

/* ---- the whole capture ---- */

static void see(struct watch *watch, const struct ds_event *event)
{
    struct peer *to = find(watch, event->from_node, event->to_node);
    struct peer *from = find(watch, event->to_node, event->from_node);
    settle(watch, event->at);
    if (to != NULL && ds_event_requests(event, "OPTIONS"))
        see_poll(watch, to, event);
    else if (to != NULL && ds_event_requests(event, "INVITE"))
        see_invite(watch, to, event);
    else if (watch->by_peers && ds_event_requests(event, "INVITE"))
        see_arrival(watch, event);
    else if (from != NULL && !ds_msg_is_request(event->msg) && ds_msg_status(event->msg) >= 200 &&
             ds_msg_method_is(event->msg, "OPTIONS"))
        see_answer(from, event);
}

/* A poll that is due and does not come. */
static void see_end(struct watch *watch)
{
    int64_t end = watch->judge->trace->duration;
    settle(watch, end);
    for (size_t i = 0; i < watch->count; i++) {
        const struct peer *peer = &watch->peers[i];
        if (is_down(peer) && end - peer->polled->at > POLL + SLACK &&
            ds_judge_is_heard(watch->judge, peer->polled->from, peer->polled->at + POLL + SLACK))
            ds_tally_bad(&watch->polled, peer->polled->frame,
                         "%s, which is down, is polled no more after frame %u",
                         ds_node_name(peer->node), peer->polled->frame);
    }
}

static void watch_all(const struct ds_judge *judge, bool by_peers, struct watch *watch)
{
    *watch = (struct watch){.judge = judge, .by_peers = by_peers};
    for (size_t i = 0; i < judge->trace->event_count; i++)
        if (judge->trace->events[i].from_node != NULL && judge->trace->events[i].to_node != NULL)
            see(watch, &judge->trace->events[i]);
    see_end(watch);
}

void ds_check_down_is_avoided(struct ds_judge *judge)
{
    struct watch watch;
    judge->sought = "call whose route names a peer that is down";
    watch_all(judge, false, &watch);
    ds_judge_tally(judge, &watch.avoided, "calls that avoid a peer that is down");
}

void ds_check_five_misses(struct ds_judge *judge)
{
    struct watch watch;
    judge->sought = "call whose route names a peer that has missed one to four OPTIONS";
    watch_all(judge, false, &watch);
    if (watch.counted.bad == 0 && watch.unseen.bad > 0)
        ds_judge_say(judge, DS_UNCLEAR, &watch.unseen.bad_frames, "%s", watch.unseen.first_bad);
    ds_judge_tally(judge, &watch.counted,
                   "calls to a peer that has missed fewer than five OPTIONS");
}

void ds_check_down_is_polled(struct ds_judge *judge)
{
    struct watch watch;
    judge->sought = "OPTIONS to a peer that is down";
    watch_all(judge, false, &watch);
    ds_judge_tally(judge, &watch.polled, "OPTIONS to a peer that is down, a minute apart");
}

/* ---- PEER-01, PEER-02 ---- */

static void
answered_poll(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    const struct ds_trunk *trunk = ds_judge_trunk(judge, event->from_node, event->to_node);
    if (trunk == NULL || trunk->a != event->from_node || ds_msg_is_request(event->msg) ||
        !ds_msg_method_is(event->msg, "OPTIONS") || ds_msg_status(event->msg) < 200)
        return;
    if (ds_msg_status(event->msg) == 200)
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(tally, event->frame, "%s answers the OPTIONS of %s with %d in frame %u",
                     event->from_node->name, event->to_node->name, ds_msg_status(event->msg),
                     event->frame);
}

void ds_check_peer_polls(struct ds_judge *judge)
{
    ds_judge_messages(judge, "answer of a Mediation Server to a peer's OPTIONS",
                      "OPTIONS of a peer, answered with 200", answered_poll);
}

void ds_check_down_server(struct ds_judge *judge)
{
    struct watch watch;
    judge->sought = "call from a peer whose Mediation Server is down";
    watch_all(judge, true, &watch);
    ds_judge_tally(judge, &watch.avoided, "calls that come while the Mediation Server is down");
}
