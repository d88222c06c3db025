#include "um_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* Message waiting (RFC 3842): clients subscribe at one server of the list, and are told by that
   whatever server their messages are left and heard at. */

#define CONTENT_TYPE "application/simple-message-summary"

struct subscriber {
    struct ds_list link;
    struct ds_um_notices *notices;
    const struct ds_topo_node *user;      /* borrowed */
    struct ds_subscription *subscription; /* owned */
    bool is_due;
};

static void forget(struct subscriber *subscriber)
{
    ds_list_remove(&subscriber->link);
    ds_subscription_free(&subscriber->subscription);
    free(subscriber);
}

/* ---- what it tells ---- */

static void tell(struct subscriber *subscriber)
{
    char text[320];
    const struct ds_um_notices *notices = subscriber->notices;
    const struct ds_node *node = notices->node;
    size_t fresh = ds_mailbox_count(notices->mailbox, subscriber->user, false);
    size_t heard = ds_mailbox_count(notices->mailbox, subscriber->user, true);
    if (ds_node_has_defect(node, "counts_heard_messages"))
        fresh += heard;
    subscriber->is_due = false;
    int len = snprintf(text, sizeof text,
                       "Messages-Waiting: %s\r\n"
                       "Message-Account: sip:%.100s@%.100s\r\n"
                       "Voice-Message: %zu/%zu\r\n",
                       fresh > 0 ? "yes" : "no", subscriber->user->name, node->topo->domain, fresh,
                       heard);
    ds_subscription_notify(subscriber->subscription, CONTENT_TYPE,
                           (struct ds_slice){text, (size_t)len});
}

static void tell_all(struct ds_timer *timer)
{
    struct ds_um_notices *notices = DS_OWNER(timer, struct ds_um_notices, later);
    for (struct ds_list *at = notices->subscribers.next; at != &notices->subscribers;
         at = at->next) {
        struct subscriber *subscriber = DS_OWNER(at, struct subscriber, link);
        if (subscriber->is_due)
            tell(subscriber);
    }
}

/* It may be another server that changes them: each tells its own clients, with its next turn. */
static void messages_changed(struct ds_mailbox_watch *watch, const struct ds_topo_node *user)
{
    struct ds_um_notices *notices = DS_OWNER(watch, struct ds_um_notices, watch);
    const struct ds_node *node = notices->node;
    if (ds_node_has_defect(node, "tells_of_no_message"))
        return;
    for (struct ds_list *at = notices->subscribers.next; at != &notices->subscribers;
         at = at->next) {
        struct subscriber *subscriber = DS_OWNER(at, struct subscriber, link);
        subscriber->is_due |= subscriber->user == user;
    }
    notices->later.whose = ds_addr_ip4(&node->place->at);
    if (!ds_timer_running(&notices->later) &&
        ds_timer_start(ds_net_clock(node->net), &notices->later, 0, tell_all) != DS_OK)
        ds_node_log(node, 1, "out of memory: nobody is told of messages");
}

/* ---- who wants to know ---- */

static void asked_again(void *owner)
{
    const struct subscriber *subscriber = owner;
    bool ends = ds_subscription_is_ending(subscriber->subscription);
    if (!ends || !ds_node_has_defect(subscriber->notices->node, "says_no_last_word"))
        tell(owner);
}

static void subscription_over(void *owner)
{
    forget(owner);
}

/* Messages are their user's own business: RFC 3842 6. */
static const struct ds_topo_node *owner_of(const struct ds_node *node, const struct ds_msg *msg)
{
    char name[64];
    const struct ds_topo_node *user = ds_node_user_named(node, msg, "From");
    ds_node_number(ds_msg_request_uri(msg), name, sizeof name);
    bool own = user != NULL && ds_slice_equal(ds_slice_of(user->name), ds_slice_of(name)) &&
               user->handling.voice_mail;
    return own ? user : NULL;
}

static void subscribe(struct ds_um_notices *notices,
                      struct ds_server_txn *txn,
                      const struct ds_hop *from,
                      const struct ds_topo_node *user)
{
    static const struct ds_subscription_events events = {.asked = asked_again,
                                                         .over = subscription_over};
    struct ds_ua *ua = notices->node->ua;
    struct subscriber *subscriber = calloc(1, sizeof *subscriber);
    if (subscriber == NULL) {
        ds_ua_reply(ua, txn, 503, NULL);
        return;
    }
    *subscriber = (struct subscriber){.notices = notices, .user = user};
    if (ds_subscription_accept(ua, txn, from, &events, subscriber, &subscriber->subscription) !=
        DS_OK) {
        free(subscriber);
        return;
    }
    ds_list_append(&notices->subscribers, &subscriber->link);
    tell(subscriber);
}

bool ds_um_notices_take(struct ds_um_notices *notices,
                        struct ds_server_txn *txn,
                        const struct ds_msg *msg,
                        const struct ds_hop *from)
{
    struct ds_ua *ua = notices->node->ua;
    const struct ds_topo_node *user = owner_of(notices->node, msg);
    if (!ds_msg_method_is(msg, "SUBSCRIBE") || !notices->node->topo->voice_mail.notices)
        return false;
    if (!ds_subscribe_is_for(msg, DS_MESSAGE_SUMMARY))
        ds_ua_reply(ua, txn, 489, "Allow-Events: " DS_MESSAGE_SUMMARY "\r\n");
    else if (user == NULL)
        ds_ua_reply(ua, txn, 403, NULL);
    else
        subscribe(notices, txn, from, user);
    return true;
}

void ds_um_notices_start(struct ds_um_notices *notices,
                         struct ds_node *node,
                         struct ds_mailbox *mailbox)
{
    *notices = (struct ds_um_notices){
        .node = node, .mailbox = mailbox, .watch = {.changed = messages_changed}};
    ds_list_init(&notices->subscribers);
    ds_list_append(&mailbox->watches, &notices->watch.link);
}

void ds_um_notices_stop(struct ds_um_notices *notices)
{
    struct ds_list *next;
    ds_timer_stop(ds_net_clock(notices->node->net), &notices->later);
    for (struct ds_list *at = notices->subscribers.next; at != &notices->subscribers; at = next) {
        next = at->next;
        forget(DS_OWNER(at, struct subscriber, link));
    }
    ds_list_remove(&notices->watch.link);
}
