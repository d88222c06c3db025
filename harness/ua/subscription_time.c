#include "subscription_internal.h"

/* How long a subscription is one (RFC 6665 4.1.2.2, 4.2.1.4). */

uint32_t ds_subscription_expires(const struct ds_msg *msg, uint32_t most_s)
{
    struct ds_slice text;
    uint64_t seconds = 0;
    bool told = ds_msg_header(msg, "Expires", 0, &text) &&
                ds_slice_number(ds_slice_trim(text), UINT32_MAX, &seconds) == DS_OK;
    return told && seconds < most_s ? (uint32_t)seconds : most_s;
}

/* The last word is the owner's to say. */
static void time_is_over(struct ds_timer *timer)
{
    struct ds_subscription *subscription = DS_OWNER(timer, struct ds_subscription, timer);
    subscription->ends = true;
    subscription->events->asked(subscription->owner);
}

static void renew(struct ds_timer *timer)
{
    struct ds_subscription *subscription = DS_OWNER(timer, struct ds_subscription, timer);
    if (!subscription->lapses)
        ds_subscription_ask_again(subscription);
}

/* A renewal that is lost on its way has a quarter of the time left. */
void ds_subscription_lasts(struct ds_subscription *subscription, uint32_t expires_s)
{
    struct ds_ua *ua = subscription->ua;
    ds_us lasts = expires_s * DS_S;
    ds_timer_stop(ua->clock, &subscription->timer);
    if (subscription->ends || expires_s == 0)
        return;
    subscription->expires_at = ds_now(ua->clock) + lasts;
    if (ds_subscription_is_notifier(subscription))
        ds_ua_start_timer(ua, &subscription->timer, lasts, time_is_over);
    else
        ds_ua_start_timer(ua, &subscription->timer, lasts / 4 * 3, renew);
}

uint32_t ds_subscription_left_s(const struct ds_subscription *subscription)
{
    ds_us left = subscription->expires_at - ds_now(subscription->ua->clock);
    return left > 0 ? (uint32_t)(left / DS_S) : 0;
}
