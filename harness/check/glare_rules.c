#include "check_internal.h"

/* SIG-22: offers inside a call that meet on the way. */

/* RFC 3261 14.1: who made the Call-ID waits between 2.1 and 4 s, the other up to 2 s; both in units
 * of 10 ms. */
#define UNIT_US        10000
#define OWNER_LEAST_US 2100000
#define OWNER_MOST_US  4000000
#define OTHER_MOST_US  2000000
#define PASSAGE_US     500000 /* over the elements between here and who waits */

static bool goes_back(const struct ds_event *one, const struct ds_event *other)
{
    return ds_addr_same_ip(one->from, other->to) && ds_addr_same_ip(one->to, other->from);
}

static bool goes_along(const struct ds_event *one, const struct ds_event *other)
{
    return ds_addr_same_ip(one->from, other->from) && ds_addr_same_ip(one->to, other->to);
}

typedef bool event_test_fn(const struct ds_event *event, const struct ds_event *of);

/* The first message of the leg from `at` on that passes. */
static const struct ds_event *
find(const struct ds_leg *leg, size_t at, const struct ds_event *of, event_test_fn *test)
{
    for (; at < leg->event_count; at++)
        if (!leg->events[at]->retransmission && test(leg->events[at], of))
            return leg->events[at];
    return NULL;
}

static bool is_final_of(const struct ds_event *event, const struct ds_event *offer)
{
    return ds_event_answers_invite(event, 200, 699) && goes_back(event, offer) &&
           ds_msg_cseq(event->msg) == ds_msg_cseq(offer->msg) &&
           ds_slice_equal(ds_msg_branch(event->msg), ds_msg_branch(offer->msg));
}

/* The other side's own: where a proxy sends a call back to where it came from, one offer passes the
 * same two hosts both ways. */
static bool is_offer_against(const struct ds_event *event, const struct ds_event *offer)
{
    return ds_event_is_reinvite(event) && goes_back(event, offer) &&
           !ds_slice_equal(ds_msg_from_tag(event->msg), ds_msg_from_tag(offer->msg));
}

static bool is_offer_again(const struct ds_event *event, const struct ds_event *offer)
{
    return ds_event_is_reinvite(event) && goes_along(event, offer);
}

static bool is_bye(const struct ds_event *event, const struct ds_event *of)
{
    (void)of;
    return ds_event_requests(event, "BYE");
}

/* Did this side make the Call-ID? */
static bool is_owner(const struct ds_call *call, const struct ds_event *offer)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].leg == offer->leg && goes_along(call->hops[i].invite, offer))
            return true;
    return false;
}

/* ---- of two that meet, one is refused ---- */

static void judge_meeting(const struct ds_event *final,
                          const struct ds_event *other_final,
                          struct ds_tally *tally)
{
    int status = ds_msg_status(final->msg), other_status = ds_msg_status(other_final->msg);
    if (status >= 300 || other_status >= 300)
        ds_tally_good(tally, final->frame);
    else
        ds_tally_bad(tally, other_final->frame,
                     "two offers that met are both accepted, in frames %u and %u", final->frame,
                     other_final->frame);
}

static void see_meeting(const struct ds_leg *leg,
                        size_t at,
                        const struct ds_event *final,
                        struct ds_tally *tally)
{
    const struct ds_event *other = find(leg, at + 1, leg->events[at], is_offer_against);
    if (other == NULL || other->frame > final->frame)
        return;
    const struct ds_event *other_final = find(leg, at + 1, other, is_final_of);
    if (other_final != NULL)
        judge_meeting(final, other_final, tally);
}

/* ---- and is made again ---- */

struct wait {
    int64_t least_us, most_us;
};

static struct wait wait_of(bool owner)
{
    if (owner)
        return (struct wait){OWNER_LEAST_US - UNIT_US, OWNER_MOST_US + PASSAGE_US};
    return (struct wait){0, OTHER_MOST_US + PASSAGE_US};
}

/* The first message after `final`. */
static size_t place_after(const struct ds_leg *leg, const struct ds_event *final)
{
    size_t at = 0;
    while (at < leg->event_count && leg->events[at]->frame <= final->frame)
        at++;
    return at;
}

static void judge_again(const struct ds_event *again,
                        const struct ds_event *refusal,
                        const struct wait *wait,
                        struct ds_tally *tally)
{
    int64_t waited = again->at - refusal->at;
    if (waited >= wait->least_us && waited <= wait->most_us)
        ds_tally_good(tally, again->frame);
    else
        ds_tally_bad(tally, again->frame,
                     "%s makes its offer again in frame %u, %lld ms after the 491 of frame %u",
                     ds_node_name(again->from_node), again->frame, (long long)waited / 1000,
                     refusal->frame);
}

static void see_refusal(const struct ds_judge *judge,
                        const struct ds_event *offer,
                        const struct ds_event *refusal,
                        struct ds_tally *tally)
{
    const struct ds_leg *leg = offer->leg;
    const struct wait wait = wait_of(is_owner(leg->call, offer));
    size_t after = place_after(leg, refusal);
    const struct ds_event *again = find(leg, after, offer, is_offer_again);
    const struct ds_event *bye = find(leg, after, offer, is_bye);
    int64_t end = bye == NULL ? judge->trace->duration : bye->at;
    if (again != NULL && (bye == NULL || again->frame < bye->frame))
        judge_again(again, refusal, &wait, tally);
    else if (end - refusal->at > wait.most_us)
        ds_tally_bad(tally, refusal->frame,
                     "%s never makes the offer again that was refused with 491 in frame %u",
                     ds_node_name(offer->from_node), refusal->frame);
}

static void one_leg(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *offer = leg->events[i];
        if (offer->retransmission || !ds_event_is_reinvite(offer))
            continue;
        const struct ds_event *final = find(leg, i + 1, offer, is_final_of);
        if (final == NULL)
            continue;
        see_meeting(leg, i, final, tally);
        if (ds_msg_status(final->msg) == 491)
            see_refusal(judge, offer, final, tally);
    }
}

static void one_glare(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->leg_count; i++)
        one_leg(judge, subject->call->legs[i], &tally);
    ds_judge_tally(judge, &tally, "offers that met: refused, and made again in time");
}

void ds_check_glare(struct ds_judge *judge)
{
    ds_judge_calls(judge, "offer that met another", one_glare);
}
