#include "mail_internal.h"

/* RTE-23: what becomes of a call that the devices of a user do not take. */

#define EARLY_US INT64_C(50000)   /* clocks of two elements differ by less */
#define LATE_US  INT64_C(1000000) /* a busy pool may be as late as that */

struct ringing {
    int64_t since; /* -1: no device was called */
    uint32_t frame;
    bool all_refused;                   /* before anybody was left */
    const struct ds_hop_seen *unwanted; /* a device that was left and is not cancelled, or NULL */
};

static bool rings_at(const struct ds_hop_seen *hop, const struct ds_topo_node *user)
{
    return ds_is_role(hop->from_node, DS_ROLE_POOL) && hop->to_node != NULL &&
           (hop->to_node->user == user || ds_is_role(hop->to_node, DS_ROLE_EDGE));
}

static void
look_at(const struct ds_call *call, const struct ds_topo_node *user, struct ringing *ringing)
{
    *ringing = (struct ringing){.since = -1, .all_refused = true};
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (!rings_at(hop, user))
            continue;
        if (ringing->since < 0) {
            ringing->since = hop->invite->at;
            ringing->frame = hop->invite->frame;
        }
        bool refused = hop->final_status >= 300 && !hop->cancelled;
        ringing->all_refused = ringing->all_refused && refused;
        if (!refused && !hop->cancelled && hop->final_status == 0)
            ringing->unwanted = hop;
    }
}

static double seconds(int64_t us)
{
    return (double)us / 1e6;
}

/* Where calls to a user go that nobody takes. */
static const char *way_on(const struct ds_topo_node *user)
{
    return user->handling.unanswered != NULL ? user->handling.unanswered : "voice mail";
}

/* Servers before this one in the pool's list that no INVITE reached: where a machine is not even
 * there to be connected to, the pool waits for it all the same, and nobody sees it do so. */
static int64_t most_unseen_us(const struct ds_judge *judge,
                              const struct ds_call *call,
                              const struct ds_hop_seen *hop)
{
    const struct ds_voice_mail *mail = &judge->topo->voice_mail;
    int64_t unseen_us = 0;
    for (size_t i = 0; i < mail->server_count && ds_mail_is_try(hop); i++) {
        if (mail->servers[i] == hop->to_node)
            break;
        if (!ds_mail_was_tried(call, mail->servers[i]))
            unseen_us += mail->wait_us;
    }
    return unseen_us;
}

static void judge_going_on(struct ds_judge *judge,
                           const struct ds_subject *subject,
                           const struct ds_left *left,
                           const struct ringing *ringing)
{
    struct ds_evidence frames = {0};
    const char *name = left->user->name;
    int64_t rang_us = left->hop->invite->at - ringing->since;
    int64_t ring_us = left->user->handling.ring_us;
    int64_t most_us = ring_us + LATE_US + most_unseen_us(judge, subject->call, left->hop);
    if (ringing->since >= 0)
        ds_evidence_add(&frames, ringing->frame);
    ds_evidence_add(&frames, left->hop->invite->frame);
    if (ringing->since < 0 || ringing->all_refused)
        ds_judge_say(judge, DS_PASS, &frames,
                     "no device of %s takes the call, and it goes on to %s", name,
                     way_on(left->user));
    else if (rang_us < ring_us - EARLY_US || rang_us > most_us)
        ds_judge_say(judge, DS_FAIL, &frames,
                     "%s rings for %.2f s, and the call goes on after %.2f s", name,
                     seconds(ring_us), seconds(rang_us));
    else if (ringing->unwanted != NULL)
        ds_judge_absent(judge, DS_FAIL, &frames, "the call of %s goes on, and %s is not cancelled",
                        name, ds_node_name(ringing->unwanted->to_node));
    else
        ds_judge_say(judge, DS_PASS, &frames, "%s rings for %.2f s, and the call goes on to %s",
                     name, seconds(rang_us), way_on(left->user));
}

/* Nobody took it, nobody gave up, and it went nowhere. */
static void judge_staying(struct ds_judge *judge,
                          const struct ds_subject *subject,
                          const struct ds_topo_node *user,
                          const struct ringing *ringing)
{
    const struct ds_call *call = subject->call;
    struct ds_evidence frames = {0};
    int64_t until = call->answered_at >= 0 ? call->answered_at
                    : call->ended_at >= 0  ? call->ended_at
                                           : judge->trace->duration;
    if (ringing->since < 0 || until - ringing->since <= user->handling.ring_us + LATE_US)
        return;
    ds_evidence_add(&frames, ringing->frame);
    ds_judge_absent(judge, DS_FAIL, &frames,
                    "%s has rung for %.2f s, and the call went on to nobody; "
                    "after %.2f s it goes to %s",
                    user->name, seconds(until - ringing->since), seconds(user->handling.ring_us),
                    way_on(user));
}

static void one_unanswered(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ringing ringing;
    for (size_t i = 0; i < subject->left_count; i++) {
        const struct ds_left *left = &subject->left[i];
        if (left->how != DS_LEFT_UNANSWERED)
            continue;
        look_at(subject->call, left->user, &ringing);
        judge_going_on(judge, subject, left, &ringing);
    }
    if (!ds_is_role(subject->callee, DS_ROLE_CLIENT) || ds_subject_rings_back(judge, subject))
        return;
    const struct ds_topo_node *user = subject->callee->user; /* of a device, its user's settings */
    if (user->handling.unanswered == NULL && !user->handling.voice_mail)
        return;
    look_at(subject->call, user, &ringing);
    judge_staying(judge, subject, user, &ringing);
}

void ds_check_unanswered(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call to a user who says where unanswered calls go", one_unanswered);
}
