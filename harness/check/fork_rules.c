#include "check_internal.h"

/* SIG-18, BYP-22: calls that ring at several places. */

/* ---- SIG-18 ---- */

#define CROSSING_US INT64_C(1000000) /* in which an answer, too, may be on its way */

/* Has it nothing more to do with the call when that is answered? What has not said a word cannot be
 * cancelled (RFC 3261 9.1). */
static bool is_done(const struct ds_hop_seen *hop, const struct ds_hop_seen *winner)
{
    return (hop->final != NULL && hop->final->frame < winner->final->frame) ||
           ds_hop_response(hop, 100, 699) == NULL;
}

static bool is_fork_of(const struct ds_hop_seen *hop, const struct ds_hop_seen *winner)
{
    return hop != winner && hop->leg == winner->leg && ds_addr_same_ip(hop->from, winner->from) &&
           hop->invite->frame < winner->final->frame;
}

/* The first fork at a pool that answered, or NULL. */
static const struct ds_hop_seen *find_winner(const struct ds_call *call)
{
    const struct ds_hop_seen *winner = NULL;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        bool answered = ds_is_role(hop->from_node, DS_ROLE_POOL) && hop->final != NULL &&
                        hop->final_status < 300;
        if (answered && (winner == NULL || hop->final->frame < winner->final->frame))
            winner = hop;
    }
    return winner;
}

static void one_fork(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    const struct ds_hop_seen *winner = find_winner(call);
    for (size_t i = 0; i < call->hop_count && winner != NULL; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (!is_fork_of(hop, winner) || is_done(hop, winner))
            continue;
        bool crossed = hop->final != NULL && hop->final->at - winner->final->at <= CROSSING_US;
        if (hop->cancelled || crossed)
            ds_tally_good(&tally, hop->invite->frame);
        else
            ds_tally_bad(
                &tally, hop->invite->frame, "%s answers in frame %u, and %s is never cancelled",
                ds_node_name(winner->to_node), winner->final->frame, ds_node_name(hop->to_node));
    }
    ds_judge_tally_seen(judge, &tally, "other places where the call rang, each of them told");
}

void ds_check_answered_elsewhere(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call that rang at several places and was answered at one", one_fork);
}

/* ---- BYP-22 ---- */

#define MOST_TAGS 128

struct tags {
    struct ds_slice list[MOST_TAGS];
    size_t count;
};

static void add_tag(struct tags *tags, struct ds_slice tag)
{
    for (size_t i = 0; i < tags->count; i++)
        if (ds_slice_equal(tags->list[i], tag))
            return;
    if (tag.len > 0 && tags->count < MOST_TAGS)
        tags->list[tags->count++] = tag;
}

/* Of the provisional responses to an INVITE on its hop. */
static void collect_tags(const struct ds_hop_seen *hop, struct tags *tags)
{
    tags->count = 0;
    for (size_t i = 0; i < hop->leg->event_count; i++) {
        const struct ds_event *event = hop->leg->events[i];
        if (ds_event_answers_invite(event, 101, 199) && ds_addr_same_ip(event->from, hop->to) &&
            ds_addr_same_ip(event->to, hop->from))
            add_tag(tags, ds_msg_to_tag(event->msg));
    }
}

static const struct ds_hop_seen *find_pool_hop(const struct ds_call *call,
                                               const struct ds_topo_node *mediation)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].from_node == mediation && ds_is_role(call->hops[i].to_node, DS_ROLE_POOL))
            return &call->hops[i];
    return NULL;
}

static void one_early(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct tags inside, shown;
    struct ds_evidence frames = {{0}, 0};
    const struct ds_call *call = subject->call;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i], *pool;
        const struct ds_trunk *trunk = ds_judge_trunk(judge, hop->from_node, hop->to_node);
        if (trunk == NULL || hop->to_node != trunk->a ||
            (pool = find_pool_hop(call, trunk->a)) == NULL)
            continue;
        collect_tags(pool, &inside);
        collect_tags(hop, &shown);
        if (inside.count < 2)
            return;
        ds_evidence_add(&frames, hop->invite->frame);
        ds_judge_say(judge, shown.count <= trunk->max_early_dialogs ? DS_PASS : DS_FAIL, &frames,
                     "the call is %zu early dialogs inside, and %zu to %s, which takes %u",
                     inside.count, shown.count, ds_node_name(hop->from_node),
                     (unsigned)trunk->max_early_dialogs);
        return;
    }
}

void ds_check_early_dialogs(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call from a trunk with several early dialogs", one_early);
}
