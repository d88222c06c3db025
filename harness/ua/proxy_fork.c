#include "ua_internal.h"

#include <stdlib.h>

/* One request on its way to one place. */
struct branch {
    struct ds_list node;
    struct ds_fork *fork;
    struct ds_client_txn *txn; /* owned handle; NULL once it has ended */
    struct ds_proxy_events events;
    void *owner; /* borrowed */
    struct ds_timer timer_c;
    bool done; /* its final response has come */
    bool left; /* nobody waits for it any more */
};

/* All branches of one transaction, and what is to be answered to it. */
struct ds_fork {
    struct ds_list node;
    struct ds_ua *ua; /* borrowed: outlives us */
    struct ds_server_txn *txn;
    struct ds_list branches; /* owned */
    struct ds_msg *best;     /* owned; NULL with a status: an answer of our own */
    int best_status;         /* 0: nothing yet */
    struct ds_proxy_watch watch;
    void *watcher; /* borrowed */
    bool is_invite;
    bool answered;  /* a final response has gone back */
    bool cancelled; /* from upstream: nothing is tried again */
};

static void remove_branch(struct branch *branch)
{
    ds_timer_stop(branch->fork->ua->clock, &branch->timer_c);
    ds_client_txn_let_go(&branch->txn);
    ds_list_remove(&branch->node);
    if (branch->events.over != NULL)
        branch->events.over(branch->owner);
    free(branch);
}

static void remove_fork(struct ds_fork *fork)
{
    struct ds_list *head = &fork->branches, *next;
    for (struct ds_list *node = head->next; node != head; node = next) {
        next = node->next;
        remove_branch(DS_OWNER(node, struct branch, node));
    }
    ds_server_txn_let_go(&fork->txn);
    ds_msg_unref(&fork->best);
    ds_list_remove(&fork->node);
    free(fork);
}

void ds_forks_clean_up(struct ds_ua *ua)
{
    struct ds_list *head = &ua->forks, *next;
    for (struct ds_list *node = head->next; node != head; node = next) {
        next = node->next;
        remove_fork(DS_OWNER(node, struct ds_fork, node));
    }
}

/* ---- ending branches that are not wanted any more ---- */

/* Says whether there was any. */
static bool cancel_all(struct ds_fork *fork, const char *reason)
{
    bool any = false;
    struct ds_list *head = &fork->branches;
    for (struct ds_list *node = head->next; node != head; node = node->next) {
        struct branch *branch = DS_OWNER(node, struct branch, node);
        if (branch->done || branch->txn == NULL)
            continue;
        any = true;
        if (fork->is_invite)
            ds_client_txn_cancel(branch->txn, reason);
    }
    return any;
}

/* RFC 3261 16.8: the callee has rung for too long. */
static void on_timer_c(struct ds_timer *timer)
{
    struct branch *branch = DS_OWNER(timer, struct branch, timer_c);
    if (!branch->fork->ua->options.rings_for_ever)
        ds_client_txn_cancel(branch->txn, NULL);
}

static void is_given_up(struct ds_fork *fork)
{
    if (fork->cancelled && fork->watch.given_up != NULL)
        fork->watch.given_up(fork->watcher);
}

static void on_cancelled(void *owner, const struct ds_msg *cancel)
{
    struct ds_fork *fork = owner;
    struct ds_slice value = {NULL, 0};
    char reason[160];
    bool has_reason =
        ds_msg_header(cancel, "Reason", 0, &value) && ds_slice_copy(value, reason, sizeof reason);
    fork->cancelled = true;
    if (cancel_all(fork, has_reason ? reason : NULL) || fork->answered)
        return;
    is_given_up(fork);
    ds_ua_reply(fork->ua, fork->txn, 487, NULL);
}

/* ---- responses back ---- */

static void pass_back(struct ds_fork *fork, const struct ds_msg *response)
{
    struct ds_msg *below = NULL;
    if (ds_msg_pop(response, "Via", &below) == DS_OK)
        ds_server_txn_reply(fork->txn, below);
    else
        ds_ua_note(fork->ua, "a response cannot be passed back");
    ds_msg_unref(&below);
}

/* The lower the better: 6xx forbids looking further, else the lowest class counts (16.7). */
static int rank(int status)
{
    return status >= 600 ? 0 : status / 100;
}

static void keep_best(struct ds_fork *fork, int status, const struct ds_msg *msg)
{
    if (fork->best_status != 0 && rank(fork->best_status) <= rank(status))
        return;
    ds_msg_unref(&fork->best);
    fork->best = msg == NULL ? NULL : ds_msg_ref(msg);
    fork->best_status = status;
}

static void forget_best(struct ds_fork *fork)
{
    ds_msg_unref(&fork->best);
    fork->best_status = 0;
}

static bool has_spoken(const struct ds_fork *fork)
{
    const struct ds_list *head = &fork->branches;
    for (struct ds_list *node = head->next; node != head; node = node->next) {
        const struct branch *branch = DS_OWNER(node, struct branch, node);
        if (!branch->done && !branch->left)
            return false;
    }
    return true;
}

/* What is tried elsewhere is judged by what comes of it there. */
static bool goes_on(struct ds_fork *fork)
{
    if (fork->cancelled || fork->watch.failed == NULL ||
        !fork->watch.failed(fork->watcher, fork->best_status))
        return false;
    forget_best(fork);
    return true;
}

static void answer_when_all_have_spoken(struct ds_fork *fork)
{
    if (!has_spoken(fork) || fork->answered || fork->best_status == 0 || goes_on(fork))
        return;
    fork->answered = true;
    is_given_up(fork);
    if (fork->best != NULL)
        pass_back(fork, fork->best);
    else
        ds_ua_reply(fork->ua, fork->txn, fork->best_status, NULL);
}

static void see_provisional(struct branch *branch, const struct ds_msg *msg)
{
    struct ds_fork *fork = branch->fork;
    if (ds_msg_status(msg) == 100 || branch->done || branch->left)
        return;
    if (fork->is_invite)
        ds_ua_start_timer(fork->ua, &branch->timer_c, DS_TIMER_C, on_timer_c);
    if (!fork->answered)
        pass_back(fork, msg);
}

/* Every 2xx to an INVITE goes back, from whichever branch: the caller sorts them out. */
static void see_success(struct branch *branch, const struct ds_msg *msg)
{
    struct ds_fork *fork = branch->fork;
    bool passes = fork->is_invite || !fork->answered;
    branch->done = true;
    fork->answered = true;
    ds_timer_stop(fork->ua->clock, &branch->timer_c);
    if (passes)
        pass_back(fork, msg);
    if (!fork->ua->options.keeps_forks)
        cancel_all(fork, NULL);
}

static void see_failure(struct branch *branch, int status, const struct ds_msg *msg)
{
    struct ds_fork *fork = branch->fork;
    if (branch->done)
        return;
    branch->done = true;
    ds_timer_stop(fork->ua->clock, &branch->timer_c);
    if (branch->left)
        return;
    bool may_retry = !fork->answered && !fork->cancelled && status >= 400;
    if (may_retry && branch->events.failed != NULL &&
        branch->events.failed(branch->owner, fork->txn, status, msg))
        return;
    keep_best(fork, status, msg);
    if (status >= 600)
        cancel_all(fork, NULL);
    answer_when_all_have_spoken(fork);
}

static void on_response(void *owner, const struct ds_msg *msg)
{
    int status = ds_msg_status(msg);
    if (status < 200)
        see_provisional(owner, msg);
    else if (status < 300)
        see_success(owner, msg);
    else
        see_failure(owner, status, msg);
}

static void on_branch_ended(void *owner, ds_rc how, const struct ds_why *why)
{
    struct branch *branch = owner;
    branch->txn = NULL;
    if (how != DS_OK) {
        ds_ua_note(branch->fork->ua, "a branch has failed: %s", why->text);
        see_failure(branch, how == DS_LATE ? 408 : 503, NULL);
    }
    remove_branch(branch);
}

/* ---- making them ---- */

static void on_fork_ended(void *owner, ds_rc how)
{
    struct ds_fork *fork = owner;
    (void)how;
    fork->txn = NULL;
    if (fork->watch.over != NULL)
        fork->watch.over(fork->watcher);
    remove_fork(fork);
}

static struct ds_fork *find(const struct ds_ua *ua, const struct ds_server_txn *txn)
{
    const struct ds_list *head = &ua->forks;
    for (struct ds_list *node = head->next; node != head; node = node->next) {
        struct ds_fork *fork = DS_OWNER(node, struct ds_fork, node);
        if (fork->txn == txn)
            return fork;
    }
    return NULL;
}

ds_rc ds_fork_of(struct ds_ua *ua, struct ds_server_txn *txn, struct ds_fork **out)
{
    static const struct ds_server_events events = {.cancelled = on_cancelled,
                                                   .ended = on_fork_ended};
    *out = find(ua, txn);
    if (*out != NULL)
        return DS_OK;
    struct ds_fork *fork = calloc(1, sizeof *fork);
    if (fork == NULL)
        return DS_NOMEM;
    fork->ua = ua;
    fork->txn = txn;
    fork->is_invite = ds_msg_method_is(ds_server_txn_request(txn), "INVITE");
    ds_list_init(&fork->branches);
    ds_list_append(&ua->forks, &fork->node);
    ds_server_txn_own(txn, &events, fork);
    *out = fork;
    return DS_OK;
}

ds_rc ds_fork_add(struct ds_fork *fork,
                  const struct ds_msg *request,
                  const struct ds_hop *hop,
                  const struct ds_proxy_events *events,
                  void *owner,
                  struct ds_why *why)
{
    static const struct ds_client_events branch_events = {.response = on_response,
                                                          .ended = on_branch_ended};
    struct ds_ua *ua = fork->ua;
    struct branch *branch = calloc(1, sizeof *branch);
    if (branch == NULL)
        return ds_fail_memory(why);
    branch->fork = fork;
    branch->owner = owner;
    if (events != NULL)
        branch->events = *events;
    ds_rc rc = ds_client_txn_new(ua->sip, request, hop, &branch_events, branch, &branch->txn, why);
    if (rc != DS_OK) {
        free(branch);
        return rc;
    }
    ds_list_append(&fork->branches, &branch->node);
    if (fork->is_invite)
        ds_ua_start_timer(ua, &branch->timer_c, DS_TIMER_C, on_timer_c);
    return DS_OK;
}

void ds_fork_answered(struct ds_ua *ua, struct ds_server_txn *txn)
{
    struct ds_fork *fork = find(ua, txn);
    if (fork != NULL)
        fork->answered = true;
}

ds_rc ds_proxy_watch(struct ds_ua *ua,
                     struct ds_server_txn *txn,
                     const struct ds_proxy_watch *watch,
                     void *owner,
                     struct ds_why *why)
{
    struct ds_fork *fork = NULL;
    DS_CHECK(ua, DS_UA_MAGIC);
    if (ds_fork_of(ua, txn, &fork) != DS_OK)
        return ds_fail_memory(why);
    fork->watch = *watch;
    fork->watcher = owner;
    return DS_OK;
}

bool ds_proxy_leave(struct ds_ua *ua, struct ds_server_txn *txn)
{
    DS_CHECK(ua, DS_UA_MAGIC);
    struct ds_fork *fork = find(ua, txn);
    if (fork == NULL || fork->answered || fork->cancelled)
        return false;
    cancel_all(fork, NULL);
    forget_best(fork);
    struct ds_list *head = &fork->branches;
    for (struct ds_list *node = head->next; node != head; node = node->next)
        DS_OWNER(node, struct branch, node)->left = true;
    return true;
}
