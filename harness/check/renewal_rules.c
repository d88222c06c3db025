#include "mail_internal.h"
#include "registration_internal.h"

/* MAIL-04 … MAIL-06: how long a subscription to message waiting lasts (RFC 6665 4.1.2.2, 4.1.3,
   4.2.1.4): it is renewed in time, asked for anew where it was lost, and ended where neither is. */

#define SLACK_US    INT64_C(1000000)
#define PATIENCE_US INT64_C(5000000)

/* A subscription as one of its ends knows it. */
struct lease {
    const struct ds_topo_node *client;
    const struct ds_event *granted; /* the last 2xx to a SUBSCRIBE; NULL: none yet */
    int64_t until;                  /* when that is over */
    const struct ds_event *ended;   /* the subscriber's SUBSCRIBE that ends it, or NULL */
};

/* A SUBSCRIBE has that in no Contact. */
static int64_t expires_us(const struct ds_event *event)
{
    return ds_event_expires_us(event, (struct ds_slice){NULL, 0});
}

static bool is_answer(const struct ds_event *event)
{
    return !ds_msg_is_request(event->msg) && ds_msg_method_is(event->msg, "SUBSCRIBE") &&
           ds_msg_status(event->msg) >= 200;
}

/* As it was granted; false: it is another message. */
static bool see_grant(struct lease *lease, const struct ds_event *event)
{
    int64_t lasts = expires_us(event);
    if (!is_answer(event) || ds_msg_status(event->msg) >= 300 || lasts < 0)
        return false;
    lease->granted = event;
    lease->until = event->at + lasts;
    return true;
}

/* ---- MAIL-04 ---- */

/* It ended before its time: the server, or what is between, does not have it. */
static bool is_lost(const struct lease *lease, const struct ds_event *event)
{
    if (event->to_node != lease->client)
        return false;
    bool refused = is_answer(event) && ds_msg_status(event->msg) >= 300;
    return refused || (ds_mail_is_last_notice(event) && event->at < lease->until - SLACK_US);
}

static bool asks(const struct lease *lease, const struct ds_event *event)
{
    return event->from_node == lease->client && ds_event_requests(event, "SUBSCRIBE") &&
           !event->retransmission;
}

/* What is due and has not come, of a client that is there. */
static void
judge_end(const struct ds_judge *judge, const struct lease *lease, struct ds_tally *tally)
{
    if (lease->granted == NULL || lease->ended != NULL || lease->until > judge->trace->duration ||
        ds_judge_fell_silent(judge, lease->client->at, lease->until))
        return;
    ds_tally_bad(tally, lease->granted->frame,
                 "%s is subscribed by frame %u for %.0f s, and does not renew that",
                 lease->client->name, lease->granted->frame,
                 (double)(lease->until - lease->granted->at) / 1e6);
}

static void one_renewed(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    struct lease lease = {.client = ds_mail_subscriber(leg)};
    for (size_t i = 0; i < leg->event_count && lease.client != NULL; i++) {
        const struct ds_event *event = leg->events[i];
        if (event->to_node == lease.client && see_grant(&lease, event))
            continue;
        if (is_lost(&lease, event))
            return;
        if (!asks(&lease, event) || lease.granted == NULL || event->at > lease.until)
            continue;
        if (expires_us(event) == 0)
            lease.ended = event;
        else
            ds_tally_good(tally, event->frame);
    }
    judge_end(judge, &lease, tally);
}

void ds_check_subscription_renewed(struct ds_judge *judge)
{
    ds_judge_legs(judge, "subscription to message waiting that is to be renewed",
                  "subscriptions renewed in time", one_renewed);
}

/* ---- MAIL-05 ---- */

/* The client's first message of another subscription, soon after that. */
static const struct ds_event *
asked_anew(const struct ds_judge *judge, const struct ds_leg *lost, const struct ds_event *when)
{
    for (size_t i = 0; i < judge->trace->leg_count; i++) {
        const struct ds_leg *leg = &judge->trace->legs[i];
        if (leg == lost || ds_mail_subscriber(leg) != when->to_node)
            continue;
        if (leg->events[0]->at >= when->at && leg->events[0]->at <= when->at + PATIENCE_US)
            return leg->events[0];
    }
    return NULL;
}

static void judge_loss(const struct ds_judge *judge,
                       const struct ds_leg *leg,
                       const struct ds_event *when,
                       struct ds_tally *tally)
{
    const struct ds_event *anew = asked_anew(judge, leg, when);
    if (anew != NULL)
        ds_tally_good(tally, anew->frame);
    else if (when->at + PATIENCE_US <= judge->trace->duration)
        ds_tally_bad(tally, when->frame,
                     "%s learns in frame %u that its subscription is lost, and asks for no other",
                     when->to_node->name, when->frame);
}

static void one_lost(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    struct lease lease = {.client = ds_mail_subscriber(leg)};
    for (size_t i = 0; i < leg->event_count && lease.client != NULL; i++) {
        const struct ds_event *event = leg->events[i];
        if (event->to_node == lease.client && see_grant(&lease, event))
            continue;
        if (asks(&lease, event) && expires_us(event) == 0)
            return;
        if (lease.granted == NULL || !is_lost(&lease, event))
            continue;
        judge_loss(judge, leg, event, tally);
        return;
    }
}

void ds_check_subscription_anew(struct ds_judge *judge)
{
    ds_judge_legs(judge, "subscription to message waiting that its server has lost",
                  "subscriptions asked for anew where they were lost", one_lost);
}

/* ---- MAIL-06 ---- */

/* At the server: whether somebody came to renew it, and what was said when nobody did. */
struct lapse {
    struct lease lease;
    const struct ds_event *last, *after; /* the last word, and a NOTIFY that should not have been */
};

static void see_at_server(struct lapse *lapse, const struct ds_event *event)
{
    struct lease *lease = &lapse->lease;
    bool notice = ds_mail_is_notice(event) && lease->granted != NULL;
    bool late = notice && (lapse->last != NULL || event->at > lease->until + PATIENCE_US);
    if (ds_is_role(event->from_node, DS_ROLE_UM) && see_grant(lease, event))
        return;
    if (late && lapse->after == NULL)
        lapse->after = event;
    if (notice && ds_mail_is_last_notice(event) && event->at >= lease->until - SLACK_US)
        lapse->last = event;
}

static void one_lapsed(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    struct lapse lapse = {.lease = {.client = ds_mail_subscriber(leg)}};
    const struct lease *lease = &lapse.lease;
    for (size_t i = 0; i < leg->event_count && lease->client != NULL; i++) {
        if (is_lost(lease, leg->events[i]))
            return;
        see_at_server(&lapse, leg->events[i]);
    }
    if (lease->granted == NULL || lease->until == lease->granted->at ||
        lease->until + PATIENCE_US > judge->trace->duration ||
        ds_judge_fell_silent(judge, lease->granted->from, lease->until - SLACK_US))
        return;
    if (lapse.after != NULL)
        ds_tally_bad(tally, lapse.after->frame,
                     "the subscription of frame %u was over, and frame %u tells %s of messages",
                     lease->granted->frame, lapse.after->frame, lease->client->name);
    else if (lapse.last == NULL)
        ds_tally_bad(tally, lease->granted->frame,
                     "the subscription of frame %u is not renewed, and %s does not tell that it is "
                     "over",
                     lease->granted->frame, lease->granted->from_node->name);
    else
        ds_tally_good(tally, lapse.last->frame);
}

void ds_check_subscription_lapses(struct ds_judge *judge)
{
    ds_judge_legs(judge, "subscription to message waiting that is not renewed",
                  "subscriptions ended with their time", one_lapsed);
}
