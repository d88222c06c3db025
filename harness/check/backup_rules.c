#include "course_internal.h"

/* REG-01 … REG-03: a pool with a backup is lost, and comes back (domain.md 3.3, T81). */

#define LOST    INT64_C(300000000)
#define SLACK   INT64_C(5000000)
#define TIMER_F INT64_C(32000000)
/* By then a client that asks its pool every minute has noticed, and has been answered or not. */
#define LATEST (LOST + INT64_C(95000000))

/* What a client has heard of its own pool, and where it is. */
struct user {
    const struct ds_topo_node *client, *backup;
    const struct ds_event *heard; /* the last message of its own pool; NULL: none */
    const struct ds_event *away;  /* its REGISTER at the backup; NULL: it is at its own pool */
    const struct ds_event *asked; /* its last OPTIONS to its own pool; NULL: none */
    const struct ds_event *back;  /* the first that was answered since it is away; NULL: none */
    struct ds_tally left, returned;
};

static bool is_sign_in(const struct ds_event *event)
{
    struct ds_slice expires;
    return ds_event_requests(event, "REGISTER") && !event->retransmission &&
           !(ds_msg_header(event->msg, "Expires", 0, &expires) &&
             ds_slice_equal(ds_slice_trim(expires), DS_LITERAL("0")));
}

static void see_leaving(struct user *user, const struct ds_event *event)
{
    if (user->away != NULL || user->heard == NULL)
        return;
    int64_t silence = event->at - user->heard->at;
    if (silence < LOST - SLACK)
        ds_tally_bad(&user->left, event->frame,
                     "%s signs in at %s in frame %u, %.0f s after its own pool was heard in frame "
                     "%u",
                     user->client->name, user->backup->name, event->frame, (double)silence / 1e6,
                     user->heard->frame);
    else
        ds_tally_good(&user->left, event->frame);
    user->away = event;
    user->back = NULL;
}

static void see_own_pool(struct user *user, const struct ds_event *event)
{
    user->heard = event;
    bool in_time = user->asked != NULL && event->at - user->asked->at < TIMER_F &&
                   ds_slice_equal(ds_msg_branch(event->msg), ds_msg_branch(user->asked->msg));
    if (user->away != NULL && user->back == NULL && in_time)
        user->back = event;
}

static void see(struct user *user, const struct ds_event *event)
{
    const struct ds_topo_node *home = user->client->home;
    if (event->from_node == home && event->to_node == user->client)
        see_own_pool(user, event);
    if (event->from_node != user->client)
        return;
    if (event->to_node == home && ds_event_requests(event, "OPTIONS") && !event->retransmission)
        user->asked = event;
    if (event->to_node == user->backup && is_sign_in(event))
        see_leaving(user, event);
    if (event->to_node == home && is_sign_in(event) && user->away != NULL) {
        ds_tally_good(&user->returned, event->frame);
        user->away = NULL;
    }
}

/* What is due and has not come. A pool that others hear is not lost. */
static void see_end(const struct ds_judge *judge, struct user *user)
{
    const struct ds_topo_node *client = user->client;
    int64_t end = judge->trace->duration;
    if (user->away == NULL && user->asked != NULL && user->heard != NULL &&
        end - user->heard->at > LATEST &&
        !ds_judge_is_heard(judge, client->home->at, user->heard->at + SLACK))
        ds_tally_bad(&user->left, user->heard->frame,
                     "%s is not heard after frame %u, and %s does not sign in at %s",
                     client->home->name, user->heard->frame, client->name, user->backup->name);
    if (user->away != NULL && user->back != NULL && end - user->back->at > SLACK)
        ds_tally_bad(&user->returned, user->back->frame,
                     "%s is heard in frame %u, and %s does not sign in there again",
                     client->home->name, user->back->frame, client->name);
}

/* False: it is no client whose pool has a backup. */
static bool
follow(const struct ds_judge *judge, const struct ds_topo_node *client, struct user *user)
{
    *user = (struct user){.client = client, .backup = ds_topo_backup(client)};
    if (user->backup == NULL)
        return false;
    for (size_t i = 0; i < judge->trace->event_count; i++)
        see(user, &judge->trace->events[i]);
    see_end(judge, user);
    return true;
}

void ds_check_lost_pool_is_left(struct ds_judge *judge)
{
    struct user user;
    judge->sought = "pool that is lost, and has a backup";
    for (size_t i = 0; i < judge->topo->node_count; i++)
        if (follow(judge, &judge->topo->nodes[i], &user))
            ds_judge_tally_seen(judge, &user.left, "sign-ins at the backup of a pool that is lost");
}

void ds_check_pool_is_back(struct ds_judge *judge)
{
    struct user user;
    judge->sought = "user at the backup whose own pool is back";
    for (size_t i = 0; i < judge->topo->node_count; i++)
        if (follow(judge, &judge->topo->nodes[i], &user))
            ds_judge_tally_seen(judge, &user.returned, "sign-ins at a pool that is back");
}

/* ---- REG-03 ---- */

/* Is the last pool that has taken this client's sign-in before that frame the backup? */
static bool
is_at_backup(const struct ds_judge *judge, const struct ds_topo_node *client, uint32_t frame)
{
    struct ds_slice contact;
    bool there = false;
    for (size_t i = 0; i < judge->outside_count && judge->outside[i]->frame < frame; i++) {
        const struct ds_event *event = judge->outside[i];
        bool taken = event->to_node == client && ds_msg_status(event->msg) == 200 &&
                     ds_msg_method_is(event->msg, "REGISTER");
        if (taken && event->from_node == ds_topo_backup(client))
            there = ds_msg_value(event->msg, "Contact", 0, &contact); /* else it has signed out */
        else if (taken && event->from_node == client->home)
            there = false;
    }
    return there;
}

/* While its own pool does not answer: else that has the call. */
static void one_call_in(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    const struct ds_topo_node *callee = subject->callee;
    if (!ds_is_role(callee, DS_ROLE_CLIENT) || ds_topo_backup(callee) == NULL)
        return;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (!ds_is_role(hop->to_node, DS_ROLE_MEDIATION) || !ds_is_peer(hop->from_node) ||
            !is_at_backup(judge, callee, hop->invite->frame))
            continue;
        const struct ds_hop_seen *own = ds_call_hop_to(call, callee->home);
        if (own != NULL && ds_judge_is_heard(judge, own->to, own->invite->at))
            return;
        bool there = ds_call_hop_to(call, ds_topo_backup(callee)) != NULL;
        ds_evidence_add(&evidence, hop->invite->frame);
        ds_judge_absent(judge, there ? DS_PASS : DS_FAIL, &evidence,
                        "%s is signed in at %s, and the call in frame %u gets %s", callee->name,
                        ds_topo_backup(callee)->name, hop->invite->frame,
                        there ? "there" : "nowhere near it");
        return;
    }
}

void ds_check_backup_is_called(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call in from a trunk for a user at the backup of a lost pool",
                   one_call_in);
}
