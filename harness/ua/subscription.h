#ifndef DS_SUBSCRIPTION_H
#define DS_SUBSCRIPTION_H

/*
 * An event subscription (RFC 6665), seen from one end: a dialog that SUBSCRIBE makes, in which the
 * notifier sends NOTIFY. It has one owner, and carries no call. The subscriber renews it until it
 * wants no more; the notifier ends one that is not renewed.
 */

#include "ua.h"

struct ds_subscription;

struct ds_subscription_events {
    /* At the subscriber: a NOTIFY, which is answered already. NULL at the notifier. */
    void (*notified)(void *owner, const struct ds_msg *notify);
    /* At the notifier: a later SUBSCRIBE, which is answered already, or none came in time; a NOTIFY
     * is owed. NULL at the subscriber. */
    void (*asked)(void *owner);
    /* Last event; the owner frees it now or later. Refused, ended by either end, or the other one
     * knows nothing of it (RFC 6665 4.2.2). */
    void (*over)(void *owner);
};

struct ds_subscribe {
    const char *event, *accept; /* "message-summary", "application/simple-message-summary" */
    const char *uri, *from_uri; /* whose state; who asks */
    const char *contact;        /* whole value */
    uint32_t expires_s;
    bool lapses; /* a defect: it is not renewed */
    const struct ds_hop *hop;
};

DS_MUST_USE ds_rc ds_subscription_ask(struct ds_ua *ua,
                                      const struct ds_subscribe *how,
                                      const struct ds_subscription_events *events,
                                      void *owner,
                                      struct ds_subscription **out,
                                      struct ds_why *why);
/* The subscriber wants no more. The notifier says a last word, and then it is over. */
void ds_subscription_end(struct ds_subscription *subscription);

/* Whether a SUBSCRIBE names that event package. */
bool ds_subscribe_is_for(const struct ds_msg *subscribe, const char *event);
/* Answers a SUBSCRIBE with 200; a first NOTIFY is owed (RFC 6665 4.2.1.2). Else it has
 * been answered with a failure. */
DS_MUST_USE ds_rc ds_subscription_accept(struct ds_ua *ua,
                                         struct ds_server_txn *txn,
                                         const struct ds_hop *from,
                                         const struct ds_subscription_events *events,
                                         void *owner,
                                         struct ds_subscription **out);
/* The next word is the last: the subscriber wants no more, or has not renewed it. */
bool ds_subscription_is_ending(const struct ds_subscription *subscription);
/* Tells the state; where it is ending, as the last word. */
void ds_subscription_notify(struct ds_subscription *subscription,
                            const char *content_type,
                            struct ds_slice body);
/* Forgets it in any state, and sends nothing. */
void ds_subscription_free(struct ds_subscription **subscription);

#endif
