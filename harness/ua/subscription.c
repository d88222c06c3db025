#include "subscription_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* Subscriptions to events: RFC 6665. */

#define SUBSCRIPTION_MAGIC 0x5b5c0001u

static const uint32_t longest_s = 3600; /* RFC 3842 3.4: hours are usual */

/* A request of ours, until its final response. */
struct asked {
    struct ds_list node;
    struct ds_subscription *subscription;
    struct ds_client_txn *txn; /* owned handle */
    bool is_last;
};

bool ds_subscription_is_notifier(const struct ds_subscription *subscription)
{
    return subscription->events->asked != NULL;
}

static void forget(struct asked *asked)
{
    ds_list_remove(&asked->node);
    ds_client_txn_let_go(&asked->txn);
    free(asked);
}

/* The notifier may give it a shorter time than it was asked for: RFC 6665 4.1.2.1. */
static void granted(struct ds_subscription *subscription, const struct ds_msg *msg)
{
    if (!subscription->known) {
        subscription->known = ds_dialog_learn(&subscription->dialog, msg) == DS_OK;
        if (subscription->ends)
            ds_subscription_ask_again(subscription);
    }
    ds_subscription_lasts(subscription, ds_subscription_expires(msg, subscription->expires_s));
}

/* RFC 6665 4.2.2: who does not take a NOTIFY, is not subscribed any more. */
static void finish(struct asked *asked, int status, const struct ds_msg *msg)
{
    struct ds_subscription *subscription = asked->subscription;
    bool notifier = ds_subscription_is_notifier(subscription), is_last = asked->is_last;
    forget(asked);
    if (!notifier && status < 300 && msg != NULL)
        granted(subscription, msg);
    bool refused = status >= 300 || (!notifier && !subscription->known);
    if (refused || (notifier && is_last))
        subscription->events->over(subscription->owner);
}

static void on_response(void *owner, const struct ds_msg *msg)
{
    if (ds_msg_status(msg) >= 200)
        finish(owner, ds_msg_status(msg), msg);
}

static void on_ended(void *owner, ds_rc how, const struct ds_why *why)
{
    struct asked *asked = owner;
    (void)why;
    asked->txn = NULL;
    finish(asked, how == DS_LATE ? 408 : 503, NULL);
}

/* ---- requests ---- */

static void write_contact(const struct ds_subscription *subscription,
                          const struct ds_hop *hop,
                          struct ds_draft *draft)
{
    const struct ds_dialog *dialog = &subscription->dialog;
    if (subscription->contact.len > 0)
        ds_draft_header(draft, "Contact", "%s", subscription->contact.at);
    else
        ds_ua_write_contact(subscription->ua, hop, ds_buf_slice(&dialog->local), draft);
}

static ds_rc send(struct ds_subscription *subscription,
                  const char *method,
                  const char *headers,
                  const struct ds_content *content)
{
    static const struct ds_client_events events = {.response = on_response, .ended = on_ended};
    struct ds_ua *ua = subscription->ua;
    struct ds_dialog *dialog = &subscription->dialog;
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *msg = NULL;
    struct ds_hop hop = dialog->hop;
    struct asked *asked = calloc(1, sizeof *asked);
    if (asked == NULL)
        return DS_NOMEM;
    *asked = (struct asked){.subscription = subscription, .is_last = subscription->ends};
    ds_list_append(&subscription->asked, &asked->node);
    if (dialog->remote_tag.len > 0)
        ds_dialog_next_hop(dialog, ua, &hop);
    ds_dialog_request(dialog, ua, method, ++dialog->local_cseq, &hop, &draft);
    write_contact(subscription, &hop, &draft);
    ds_draft_header(&draft, "Event", "%s", subscription->event.at);
    ds_ua_write_signature(ua, headers, &draft);
    ds_rc rc = ds_draft_finish(&draft, content->content_type, content->body, &msg, NULL);
    if (rc == DS_OK)
        rc = ds_client_txn_new(ua->sip, msg, &hop, &events, asked, &asked->txn, NULL);
    ds_msg_unref(&msg);
    if (rc != DS_OK)
        forget(asked);
    return rc;
}

static ds_rc subscribe(struct ds_subscription *subscription, const char *accept)
{
    static const struct ds_content nothing = {.contact = NULL};
    struct ds_buf headers = {.at = NULL};
    ds_buf_print(&headers, "Expires: %u\r\n",
                 (unsigned)(subscription->ends ? 0 : subscription->expires_s));
    if (accept != NULL)
        ds_buf_print(&headers, "Accept: %s\r\n", accept);
    ds_rc rc = headers.broken ? DS_NOMEM : send(subscription, "SUBSCRIBE", headers.at, &nothing);
    ds_buf_clean_up(&headers);
    return rc;
}

void ds_subscription_ask_again(struct ds_subscription *subscription)
{
    if (subscribe(subscription, NULL) != DS_OK)
        ds_ua_note(subscription->ua, "the SUBSCRIBE of %s could not be sent",
                   subscription->dialog.call_id.at);
}

void ds_subscription_end(struct ds_subscription *subscription)
{
    DS_CHECK(subscription, SUBSCRIPTION_MAGIC);
    if (subscription->ends)
        return;
    subscription->ends = true;
    ds_timer_stop(subscription->ua->clock, &subscription->timer);
    if (subscription->known)
        ds_subscription_ask_again(subscription);
}

bool ds_subscription_is_ending(const struct ds_subscription *subscription)
{
    DS_CHECK(subscription, SUBSCRIPTION_MAGIC);
    return subscription->ends;
}

void ds_subscription_notify(struct ds_subscription *subscription,
                            const char *content_type,
                            struct ds_slice body)
{
    char state[80] = "Subscription-State: terminated;reason=timeout\r\n";
    DS_CHECK(subscription, SUBSCRIPTION_MAGIC);
    const struct ds_content content = {.content_type = content_type, .body = body};
    if (!subscription->ends)
        snprintf(state, sizeof state, "Subscription-State: active;expires=%u\r\n",
                 (unsigned)ds_subscription_left_s(subscription));
    if (send(subscription, "NOTIFY", state, &content) != DS_OK)
        ds_ua_note(subscription->ua, "the NOTIFY of %s could not be sent",
                   subscription->dialog.call_id.at);
}

/* ---- what the other end asks ---- */

static struct ds_subscription *find(struct ds_ua *ua, const struct ds_msg *msg)
{
    struct ds_list *head = &ua->subscriptions;
    for (struct ds_list *at = head->next; at != head; at = at->next) {
        struct ds_subscription *subscription = DS_OWNER(at, struct ds_subscription, node);
        const struct ds_dialog *dialog = &subscription->dialog;
        if (ds_slice_equal(ds_buf_slice(&dialog->call_id), ds_msg_call_id(msg)) &&
            ds_slice_equal(ds_slice_of(dialog->local_tag), ds_msg_to_tag(msg)))
            return subscription;
    }
    return NULL;
}

static void
agree(struct ds_subscription *subscription, struct ds_server_txn *txn, uint32_t expires_s)
{
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *response = NULL;
    const struct ds_msg *request = ds_server_txn_request(txn);
    ds_draft_response(&draft, request, 200, subscription->dialog.local_tag);
    ds_draft_copy(&draft, request, "Record-Route");
    write_contact(subscription, ds_server_txn_from(txn), &draft);
    ds_draft_header(&draft, "Expires", "%u", (unsigned)expires_s);
    ds_ua_write_signature(subscription->ua, NULL, &draft);
    if (ds_draft_finish(&draft, NULL, (struct ds_slice){NULL, 0}, &response, NULL) == DS_OK)
        ds_server_txn_reply(txn, response);
    ds_msg_unref(&response);
}

static void take_subscribe(struct ds_subscription *subscription,
                           struct ds_server_txn *txn,
                           const struct ds_msg *msg)
{
    uint32_t expires_s = ds_subscription_expires(msg, longest_s);
    agree(subscription, txn, expires_s);
    subscription->ends = expires_s == 0;
    ds_subscription_lasts(subscription, expires_s);
    subscription->events->asked(subscription->owner); /* any SUBSCRIBE has one follow: 4.2.1.2 */
}

/* It may overtake the 200: RFC 6665 4.1.2.4. */
static void take_notify(struct ds_subscription *subscription,
                        struct ds_server_txn *txn,
                        const struct ds_msg *msg)
{
    struct ds_slice state = {NULL, 0};
    ds_msg_header(msg, "Subscription-State", 0, &state);
    ds_ua_reply(subscription->ua, txn, 200, NULL);
    subscription->events->notified(subscription->owner, msg);
    if (ds_slice_starts_nocase(state, DS_LITERAL("terminated")))
        subscription->events->over(subscription->owner);
}

bool ds_subscription_take(struct ds_ua *ua, struct ds_server_txn *txn, const struct ds_msg *msg)
{
    struct ds_subscription *subscription = find(ua, msg);
    if (subscription == NULL)
        return false;
    bool notifier = ds_subscription_is_notifier(subscription);
    if (!ds_msg_method_is(msg, notifier ? "SUBSCRIBE" : "NOTIFY"))
        return false;
    if (ds_msg_cseq(msg) <= subscription->dialog.remote_cseq) { /* RFC 3261 12.2.2 */
        ds_ua_reply(ua, txn, 500, NULL);
        return true;
    }
    subscription->dialog.remote_cseq = ds_msg_cseq(msg);
    if (notifier)
        take_subscribe(subscription, txn, msg);
    else
        take_notify(subscription, txn, msg);
    return true;
}

/* ---- life ---- */

static struct ds_subscription *
new_one(struct ds_ua *ua, const struct ds_subscription_events *events, void *owner)
{
    struct ds_subscription *subscription = calloc(1, sizeof *subscription);
    if (subscription == NULL)
        return NULL;
    subscription->magic = SUBSCRIPTION_MAGIC;
    subscription->ua = ua;
    subscription->events = events;
    subscription->owner = owner;
    ds_list_init(&subscription->asked);
    ds_list_append(&ua->subscriptions, &subscription->node);
    return subscription;
}

void ds_subscription_free(struct ds_subscription **out)
{
    struct ds_list *next;
    struct ds_subscription *subscription = *out;
    if (subscription == NULL)
        return;
    DS_CHECK(subscription, SUBSCRIPTION_MAGIC);
    for (struct ds_list *at = subscription->asked.next; at != &subscription->asked; at = next) {
        next = at->next;
        forget(DS_OWNER(at, struct asked, node));
    }
    ds_timer_stop(subscription->ua->clock, &subscription->timer);
    ds_list_remove(&subscription->node);
    ds_dialog_clean_up(&subscription->dialog);
    ds_buf_clean_up(&subscription->event);
    ds_buf_clean_up(&subscription->contact);
    subscription->magic = 0;
    free(subscription);
    *out = NULL;
}

ds_rc ds_subscription_ask(struct ds_ua *ua,
                          const struct ds_subscribe *how,
                          const struct ds_subscription_events *events,
                          void *owner,
                          struct ds_subscription **out,
                          struct ds_why *why)
{
    const struct ds_invite dialog = {
        .to_uri = how->uri, .from_uri = how->from_uri, .hop = how->hop};
    DS_CHECK(ua, DS_UA_MAGIC);
    struct ds_subscription *subscription = new_one(ua, events, owner);
    if (subscription == NULL)
        return ds_fail_memory(why);
    subscription->expires_s = how->expires_s;
    subscription->lapses = how->lapses;
    ds_buf_text(&subscription->event, how->event);
    ds_buf_text(&subscription->contact, how->contact);
    ds_rc rc = ds_dialog_call(&subscription->dialog, ua, &dialog);
    subscription->dialog.local_cseq = 0;
    if (rc == DS_OK && !subscription->event.broken && !subscription->contact.broken)
        rc = subscribe(subscription, how->accept);
    if (rc != DS_OK) {
        ds_subscription_free(&subscription);
        return ds_fail(why, rc, "the subscription to %s could not be asked for", how->event);
    }
    *out = subscription;
    return DS_OK;
}

bool ds_subscribe_is_for(const struct ds_msg *subscribe, const char *event)
{
    struct ds_slice value, name;
    return ds_msg_header(subscribe, "Event", 0, &value) && ds_slice_cut(&value, ';', &name) &&
           ds_slice_equal_nocase(ds_slice_trim(name), ds_slice_of(event));
}

static ds_rc
begin(struct ds_subscription *subscription, struct ds_server_txn *txn, const struct ds_hop *from)
{
    const struct ds_msg *msg = ds_server_txn_request(txn);
    struct ds_slice event = {NULL, 0};
    subscription->expires_s = ds_subscription_expires(msg, longest_s);
    if (!ds_msg_header(msg, "Event", 0, &event))
        return DS_BAD;
    ds_buf_add(&subscription->event, event);
    ds_rc rc = ds_dialog_answer(&subscription->dialog, subscription->ua, msg, from);
    return rc == DS_OK && subscription->event.broken ? DS_NOMEM : rc;
}

ds_rc ds_subscription_accept(struct ds_ua *ua,
                             struct ds_server_txn *txn,
                             const struct ds_hop *from,
                             const struct ds_subscription_events *events,
                             void *owner,
                             struct ds_subscription **out)
{
    DS_CHECK(ua, DS_UA_MAGIC);
    struct ds_subscription *subscription = new_one(ua, events, owner);
    ds_rc rc = subscription == NULL ? DS_NOMEM : begin(subscription, txn, from);
    if (rc != DS_OK) {
        ds_ua_reply(ua, txn, rc == DS_BAD ? 400 : 503, NULL);
        ds_subscription_free(&subscription);
        return rc;
    }
    subscription->ends = subscription->expires_s == 0; /* just a look: 4.4.3 */
    agree(subscription, txn, subscription->expires_s);
    ds_subscription_lasts(subscription, subscription->expires_s);
    *out = subscription;
    return DS_OK;
}
