#include "waiting_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* A client has itself told of its user's voice mail: it subscribes when it has signed in, and again
   where the server has lost that, or will not renew it. */

/* So long after a server would not have it it is asked again; nothing is said of that anywhere. */
#define PATIENCE (60 * DS_S)

struct ds_waiting {
    struct ds_node *node;                 /* borrowed: owns us */
    struct ds_subscription *subscription; /* owned; NULL once it is over */
    struct ds_hop hop;
    char contact[256];
    struct ds_timer again;
    bool told;  /* by this subscription */
    bool ended; /* the user has signed out */
    int fresh;  /* messages, as told last; -1: nothing yet */
};

/* The first number of a line "Voice-Message: 2/8 (0/0)" (RFC 3842 5.2); -1: there is none. */
static int new_messages(struct ds_slice body)
{
    struct ds_slice line, name, number;
    uint64_t count = 0;
    while (ds_slice_cut(&body, '\n', &line)) {
        if (!ds_slice_cut(&line, ':', &name) ||
            !ds_slice_equal_nocase(ds_slice_trim(name), DS_LITERAL("Voice-Message")))
            continue;
        bool read = ds_slice_cut(&line, '/', &number) &&
                    ds_slice_number(ds_slice_trim(number), INT32_MAX, &count) == DS_OK;
        return read ? (int)count : -1;
    }
    return -1;
}

static void notified(void *owner, const struct ds_msg *notify)
{
    struct ds_waiting *waiting = owner;
    int fresh = new_messages(ds_msg_body(notify));
    waiting->told = true;
    if (fresh < 0)
        return;
    waiting->fresh = fresh;
    ds_node_log(waiting->node, 2, "new messages: %d", fresh);
}

static void subscribe_again(struct ds_timer *timer);

static void over(void *owner)
{
    struct ds_waiting *waiting = owner;
    const struct ds_node *node = waiting->node;
    ds_node_log(node, 2, "is not told of messages any more");
    ds_subscription_free(&waiting->subscription);
    if (waiting->ended || ds_node_has_defect(node, "stays_unsubscribed"))
        return;
    waiting->again.whose = ds_addr_ip4(&node->place->at);
    if (ds_timer_start(ds_net_clock(node->net), &waiting->again, waiting->told ? 0 : PATIENCE,
                       subscribe_again) != DS_OK)
        ds_node_log(node, 1, "out of memory: it is told of no messages");
}

static ds_rc subscribe(struct ds_waiting *waiting, struct ds_why *why)
{
    static const struct ds_subscription_events events = {.notified = notified, .over = over};
    char who[192];
    struct ds_node *node = waiting->node;
    waiting->told = false;
    snprintf(who, sizeof who, "sip:%s@%s", node->place->user->name, node->topo->domain);
    const struct ds_subscribe how = {.event = DS_MESSAGE_SUMMARY,
                                     .accept = "application/simple-message-summary",
                                     .uri = who,
                                     .from_uri = who,
                                     .contact = waiting->contact,
                                     .expires_s = 3600,
                                     .lapses = ds_node_has_defect(node, "lets_subscriptions_lapse"),
                                     .hop = &waiting->hop};
    return ds_subscription_ask(node->ua, &how, &events, waiting, &waiting->subscription, why);
}

static void subscribe_again(struct ds_timer *timer)
{
    struct ds_waiting *waiting = DS_OWNER(timer, struct ds_waiting, again);
    struct ds_why why;
    if (subscribe(waiting, &why) != DS_OK)
        ds_node_log(waiting->node, 1, "it is told of no messages: %s", why.text);
}

ds_rc ds_waiting_open(struct ds_node *node,
                      const struct ds_hop *hop,
                      const char *contact,
                      struct ds_waiting **out,
                      struct ds_why *why)
{
    struct ds_waiting *waiting = calloc(1, sizeof *waiting);
    if (waiting == NULL)
        return ds_fail_memory(why);
    *waiting = (struct ds_waiting){.node = node, .hop = *hop, .fresh = -1};
    ds_slice_copy(ds_slice_of(contact), waiting->contact, sizeof waiting->contact);
    ds_rc rc = subscribe(waiting, why);
    if (rc != DS_OK)
        free(waiting);
    else
        *out = waiting;
    return rc;
}

void ds_waiting_end(struct ds_waiting *waiting)
{
    if (waiting == NULL)
        return;
    waiting->ended = true;
    ds_timer_stop(ds_net_clock(waiting->node->net), &waiting->again);
    if (waiting->subscription != NULL)
        ds_subscription_end(waiting->subscription);
}

void ds_waiting_free(struct ds_waiting **waiting)
{
    if (*waiting == NULL)
        return;
    ds_timer_stop(ds_net_clock((*waiting)->node->net), &(*waiting)->again);
    ds_subscription_free(&(*waiting)->subscription);
    free(*waiting);
    *waiting = NULL;
}

bool ds_waiting_is_ready(const struct ds_waiting *waiting)
{
    return waiting == NULL || waiting->subscription == NULL || waiting->fresh >= 0;
}

int ds_node_new_messages(const struct ds_node *node)
{
    DS_CHECK(node, DS_NODE_MAGIC);
    const struct ds_waiting *waiting = ds_client_waiting(node);
    return waiting == NULL ? -1 : waiting->fresh;
}
