#include "course_internal.h"

/* REG-01 … REG-04: a pool with a backup is lost, and comes back (domain.md 3.3, T81). */

#define LOST    INT64_C(300000000)
#define SLACK   INT64_C(5000000)
#define TIMER_F INT64_C(32000000)
/* So much later a client that asks its pool every minute has noticed, and has been answered or not.
 */
#define NOTICED INT64_C(95000000)

/* What a client has heard of its own pool, and where it is. For one outside its Edge speaks. */
struct user {
    const struct ds_topo_node *client, *speaker, *own, *backup;
    const struct ds_event *heard; /* the last message of its own pool; NULL: none */
    const struct ds_event *away;  /* its REGISTER at the backup; NULL: it is at its own pool */
    const struct ds_event *asked; /* its last OPTIONS to its own pool; NULL: none */
    const struct ds_event *back;  /* the first that was answered since it is away; NULL: none */
    const struct ds_event *led;   /* the first that an Edge has passed to the backup; NULL: none */
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

static void see_passed(struct user *user, const struct ds_event *event)
{
    if (event->to_node == user->own)
        user->led = NULL;
    else if (event->to_node == user->backup && user->led == NULL)
        user->led = event;
}

/* What an Edge passes is the user's whom From names. */
static bool is_of(const struct user *user, const struct ds_event *event)
{
    return user->speaker == user->client ||
           ds_slice_equal(ds_event_user(event, "From"), ds_slice_of(user->client->user->name));
}

static void see(struct user *user, const struct ds_event *event)
{
    if (event->from_node == user->own && event->to_node == user->speaker && is_of(user, event))
        see_own_pool(user, event);
    if (event->from_node != user->speaker || !is_of(user, event))
        return;
    see_passed(user, event);
    if (event->to_node == user->own && ds_event_requests(event, "OPTIONS") &&
        !event->retransmission)
        user->asked = event;
    if (event->to_node == user->backup && is_sign_in(event))
        see_leaving(user, event);
    if (event->to_node == user->own && is_sign_in(event) && user->away != NULL) {
        ds_tally_good(&user->returned, event->frame);
        user->away = NULL;
    }
}

/* Since when it should be signed in at the backup: from outside the Edge has to lead there. */
static int64_t due_at(const struct user *user)
{
    int64_t lost = user->heard->at + LOST;
    if (user->speaker == user->client)
        return lost;
    if (user->led == NULL)
        return INT64_MAX;
    return user->led->at > lost ? user->led->at : lost;
}

/* What is due and has not come. A pool that others hear is not lost. */
static void see_end(const struct ds_judge *judge, struct user *user)
{
    const struct ds_topo_node *client = user->client;
    int64_t end = judge->trace->duration;
    if (user->away == NULL && user->asked != NULL && user->heard != NULL &&
        due_at(user) < end - NOTICED &&
        !ds_judge_is_heard(judge, user->own->at, user->heard->at + SLACK))
        ds_tally_bad(&user->left, user->heard->frame,
                     "%s is not heard after frame %u, and %s does not sign in at %s",
                     user->own->name, user->heard->frame, client->name, user->backup->name);
    if (user->away != NULL && user->back != NULL && end - user->back->at > SLACK)
        ds_tally_bad(&user->returned, user->back->frame,
                     "%s is heard in frame %u, and %s does not sign in there again",
                     user->own->name, user->back->frame, client->name);
}

/* False: it is no client whose pool has a backup. */
static bool begin(const struct ds_topo_node *client, struct user *user)
{
    if (ds_topo_backup(client) == NULL)
        return false;
    *user = (struct user){.client = client,
                          .speaker = ds_is_external(client) ? client->home : client,
                          .own = ds_topo_pool(client),
                          .backup = ds_topo_backup(client)};
    return true;
}

static bool
follow(const struct ds_judge *judge, const struct ds_topo_node *client, struct user *user)
{
    if (!begin(client, user))
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
    struct user user;
    bool there = false;
    if (!begin(client, &user))
        return false;
    for (size_t i = 0; i < judge->outside_count && judge->outside[i]->frame < frame; i++) {
        const struct ds_event *event = judge->outside[i];
        bool taken = event->to_node == user.speaker && ds_msg_status(event->msg) == 200 &&
                     ds_msg_method_is(event->msg, "REGISTER") && is_of(&user, event);
        if (taken && event->from_node == user.backup)
            there = ds_msg_value(event->msg, "Contact", 0, &contact); /* else it has signed out */
        else if (taken && event->from_node == user.own)
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
        const struct ds_hop_seen *own = ds_call_hop_to(call, ds_topo_pool(callee));
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

/* ---- REG-04 ---- */

/* A request that a client outside makes, and what its Edge has done with it. */
struct passing {
    const struct ds_event *request;
    const struct ds_event *first,
        *other;                   /* passed to a pool, and to another one; NULL: it was not */
    const struct ds_event *final; /* of the Edge's, or NULL */
};

static bool is_from_outside(const struct ds_event *event)
{
    return ds_is_external(event->from_node) && event->to_node == event->from_node->home &&
           ds_msg_is_request(event->msg) && !event->retransmission &&
           ds_msg_to_tag(event->msg).len == 0 && !ds_event_requests(event, "ACK") &&
           !ds_event_requests(event, "CANCEL");
}

static bool belongs_to(const struct ds_event *event, const struct ds_event *request)
{
    return ds_msg_cseq(event->msg) == ds_msg_cseq(request->msg) &&
           ds_slice_equal(ds_msg_method(event->msg), ds_msg_method(request->msg));
}

static void see_passing(struct passing *passing, const struct ds_event *event)
{
    const struct ds_topo_node *edge = passing->request->to_node;
    if (event->from_node != edge || !belongs_to(event, passing->request))
        return;
    if (event->to_node == passing->request->from_node && ds_msg_status(event->msg) >= 300)
        passing->final = event;
    if (!ds_is_role(event->to_node, DS_ROLE_POOL) || !ds_msg_is_request(event->msg))
        return;
    if (passing->first == NULL)
        passing->first = event;
    else if (event->to_node != passing->first->to_node)
        passing->other = event;
}

/* A request that was refused, or led to two pools. */
static void judge_passing(const struct passing *passing, struct ds_tally *tally)
{
    const struct ds_event *request = passing->request;
    int status = passing->final == NULL ? 0 : ds_msg_status(passing->final->msg);
    if (passing->other != NULL)
        ds_tally_bad(tally, passing->other->frame,
                     "%s passes the %.*s of frame %u to %s, and in frame %u to %s as well",
                     request->to_node->name, DS_FMT(ds_msg_method(request->msg)), request->frame,
                     passing->first->to_node->name, passing->other->frame,
                     passing->other->to_node->name);
    else if (status == 408 || status >= 500)
        ds_tally_good(tally, passing->final->frame);
}

static void one_from_outside(const struct ds_event *request, struct ds_tally *tally)
{
    struct passing passing = {.request = request};
    for (size_t i = 0; i < request->leg->event_count; i++)
        see_passing(&passing, request->leg->events[i]);
    judge_passing(&passing, tally);
}

void ds_check_edge_has_one_next_hop(struct ds_judge *judge)
{
    struct ds_tally tally = {0};
    judge->sought = "request from outside that the pool behind the Edge does not take";
    for (size_t i = 0; i < judge->trace->event_count; i++)
        if (is_from_outside(&judge->trace->events[i]))
            one_from_outside(&judge->trace->events[i], &tally);
    ds_judge_tally_seen(judge, &tally,
                        "requests from outside refused, and passed to no other pool");
}
