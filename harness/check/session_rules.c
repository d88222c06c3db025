#include "check_internal.h"

/* TIME-06 … TIME-08: session timers (RFC 4028). */

#define MARGIN INT64_C(32000000) /* RFC 4028 10, and Timer F */
#define SLACK  INT64_C(2000000)

/* How long a leg lasts, as its last refresh has agreed. */
struct lease {
    const struct ds_event *agreed; /* the 2xx; NULL: no timer */
    int64_t interval_us;
    struct ds_addr refresher;
    const struct ds_event *tried; /* the last request since that was to refresh it, or NULL */
};

static bool makes_lease(const struct ds_event *event)
{
    int status = ds_msg_status(event->msg);
    return status >= 200 && status < 300 && !event->retransmission &&
           (ds_msg_method_is(event->msg, "INVITE") || ds_msg_method_is(event->msg, "UPDATE"));
}

static void agree(struct lease *lease, const struct ds_event *event)
{
    struct ds_slice value = {NULL, 0}, params, refresher;
    uint64_t seconds = 0;
    *lease = (struct lease){.agreed = NULL};
    if (!ds_msg_header(event->msg, "Session-Expires", 0, &value) ||
        ds_slice_number(ds_value_uri(value, &params), UINT32_MAX, &seconds) != DS_OK)
        return;
    (void)ds_param(params, "refresher", &refresher);
    lease->agreed = event;
    lease->interval_us = (int64_t)seconds * 1000000;
    bool callee = ds_slice_equal_nocase(refresher, DS_LITERAL("uas"));
    lease->refresher = callee ? event->from : event->to;
}

static int64_t last_moment(const struct lease *lease)
{
    int64_t third = lease->interval_us / 3;
    return lease->agreed->at + lease->interval_us - (third < MARGIN ? third : MARGIN);
}

/* What is judged when the next message comes, or the capture ends. */
struct lease_tallies {
    struct ds_tally refreshed, cleared;
};

static void look(const struct lease *lease, int64_t now, struct lease_tallies *tallies)
{
    if (lease->agreed == NULL)
        return;
    if (lease->tried == NULL && now >= last_moment(lease))
        ds_tally_bad(&tallies->refreshed, lease->agreed->frame,
                     "nobody refreshes the session that frame %u lets last for %lld s",
                     lease->agreed->frame, (long long)(lease->interval_us / 1000000));
    if (now > lease->agreed->at + lease->interval_us)
        ds_tally_bad(&tallies->cleared, lease->agreed->frame,
                     "the session that frame %u lets last for %lld s was neither refreshed nor "
                     "cleared",
                     lease->agreed->frame, (long long)(lease->interval_us / 1000000));
}

/* A refresh has failed when nobody has answered it for as long as Timer F runs. */
static void
see_end(const struct lease *lease, const struct ds_event *bye, struct lease_tallies *tallies)
{
    int64_t waited = lease->tried == NULL ? 0 : bye->at - lease->tried->at;
    if (waited > MARGIN + SLACK)
        ds_tally_bad(
            &tallies->cleared, bye->frame,
            "the session is cleared %.0f s after the refresh of frame %u that got no answer",
            (double)waited / 1e6, lease->tried->frame);
    else if (waited >= MARGIN - SLACK || bye->at > last_moment(lease) - SLACK)
        ds_tally_good(&tallies->cleared, bye->frame);
}

static void take(struct lease *lease, const struct ds_event *event, struct lease_tallies *tallies)
{
    bool refreshes = ds_event_requests(event, "UPDATE") || ds_event_is_reinvite(event);
    if (ds_event_requests(event, "BYE")) {
        see_end(lease, event, tallies);
        lease->agreed = NULL;
    } else if (refreshes && lease->tried == NULL) {
        lease->tried = event;
        ds_tally_good(&tallies->refreshed, event->frame);
    }
}

/* A leg that passes a proxy shows each message twice; its second sight changes nothing. */
static void
walk(const struct ds_judge *judge, const struct ds_leg *leg, struct lease_tallies *tallies)
{
    struct lease lease = {.agreed = NULL};
    bool over = false;
    for (size_t i = 0; i < leg->event_count && !over; i++) {
        const struct ds_event *event = leg->events[i];
        look(&lease, event->at, tallies);
        if (lease.agreed != NULL && ds_msg_is_request(event->msg))
            take(&lease, event, tallies);
        over = ds_event_requests(event, "BYE");
        if (makes_lease(event))
            agree(&lease, event);
    }
    if (!over)
        look(&lease, judge->trace->duration, tallies);
}

static struct lease_tallies walk_legs(const struct ds_judge *judge, const struct ds_call *call)
{
    struct lease_tallies tallies = {.refreshed = {0}};
    for (size_t i = 0; i < call->leg_count; i++)
        walk(judge, call->legs[i], &tallies);
    return tallies;
}

static void one_refreshed(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct lease_tallies tallies = walk_legs(judge, subject->call);
    ds_judge_tally(judge, &tallies.refreshed, "refreshes of a session, before it could expire");
}

void ds_check_session_refreshed(struct ds_judge *judge)
{
    ds_judge_calls(judge, "session with a timer that lasted long enough", one_refreshed);
}

static void one_expired(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct lease_tallies tallies = walk_legs(judge, subject->call);
    ds_judge_tally(judge, &tallies.cleared, "sessions that nobody refreshed, cleared in time");
}

void ds_check_session_expired(struct ds_judge *judge)
{
    ds_judge_calls(judge, "session with a timer that was not refreshed", one_expired);
}

/* ---- TIME-08 ---- */

static void timer_hop(const struct ds_judge *judge,
                      const struct ds_hop_seen *hop,
                      const struct ds_trunk *trunk,
                      struct ds_tally *tally)
{
    struct ds_slice value;
    (void)judge;
    if (trunk == NULL || trunk->a != hop->from_node || !trunk->session_timer)
        return;
    if (ds_msg_header(hop->invite->msg, "Session-Expires", 0, &value))
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(tally, hop->invite->frame, "%s asks for no session timer in frame %u",
                     ds_node_name(hop->from_node), hop->invite->frame);
}

void ds_check_session_timer(struct ds_judge *judge)
{
    ds_judge_hops(judge, "INVITE of a Mediation Server on a trunk with EnableSessionTimer",
                  "INVITEs on the trunk, with Session-Expires", timer_hop);
}
