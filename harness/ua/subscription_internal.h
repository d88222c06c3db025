#ifndef DS_SUBSCRIPTION_INTERNAL_H
#define DS_SUBSCRIPTION_INTERNAL_H

/* A subscription: what is said of it (subscription.c), and for how long it is one
 * (subscription_time.c). */

#include "subscription.h"
#include "ua_internal.h"

struct ds_subscription {
    uint32_t magic;
    struct ds_list node;
    struct ds_ua *ua; /* borrowed: outlives us */
    const struct ds_subscription_events *events;
    void *owner;
    struct ds_dialog dialog;
    struct ds_buf event, contact; /* contact: empty where the ua's own will do */
    struct ds_list asked;         /* owned: requests that wait for their answer */
    uint32_t expires_s;           /* as it was asked for, or granted */
    struct ds_timer timer;
    ds_us expires_at; /* at the notifier */
    bool known;       /* a 2xx has told the subscriber who the notifier is */
    bool ends;        /* the subscriber wants no more, or has not renewed it */
    bool lapses;      /* a defect: it is not renewed */
};

/* A request inside a dialog: false where that is no subscription's, or the request not its own. */
bool ds_subscription_take(struct ds_ua *ua, struct ds_server_txn *txn, const struct ds_msg *msg);
bool ds_subscription_is_notifier(const struct ds_subscription *subscription);
/* The subscriber's SUBSCRIBE, inside the dialog: to renew it, or to end it. */
void ds_subscription_ask_again(struct ds_subscription *subscription);

/* ---- for how long (subscription_time.c) ---- */

/* What Expires says, but no more than that. */
uint32_t ds_subscription_expires(const struct ds_msg *msg, uint32_t most_s);
/* It is one for so long from now: renewed in time by the subscriber, ended by the notifier. */
void ds_subscription_lasts(struct ds_subscription *subscription, uint32_t expires_s);
uint32_t ds_subscription_left_s(const struct ds_subscription *subscription); /* at the notifier */

#endif
