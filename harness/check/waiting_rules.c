#include "mail_internal.h"

#include <string.h>

/* MAIL-03: what clients that have subscribed to message waiting (RFC 3842) are told. Messages count
   from when their call is over at the server, and are heard when the call in which they were played
   is; the server has a while to say so. What cannot be known for sure ends the count. */

#define PATIENCE_US  INT64_C(4000000)
#define MOST_CHANGES 64

/* How many of a user's messages are new, from then on. */
struct change {
    int64_t at;
    int64_t fresh;
    uint32_t frame;
};

struct history {
    const struct ds_topo_node *user;
    struct change changes[MOST_CHANGES]; /* the first: none are, from the start */
    size_t count;
    int64_t known_until;
};

/* ---- what was left and heard ---- */

/* When the server that answered knew that it was over: it sends a BYE, or answers one. */
static const struct ds_event *over_at_server(const struct ds_subject *subject)
{
    const struct ds_call *call = subject->call;
    for (size_t i = 0; i < call->event_count; i++)
        if (call->events[i]->from_node == subject->callee &&
            ds_msg_method_is(call->events[i]->msg, "BYE"))
            return call->events[i];
    return NULL;
}

static void doubt(struct history *history, int64_t from)
{
    if (from < history->known_until)
        history->known_until = from;
}

/* The change of one call: more new messages, or fewer (then `heard` of them have been). */
static void put(struct history *history, const struct ds_event *over, int64_t more, int64_t heard)
{
    size_t at = history->count;
    if (history->count == MOST_CHANGES) {
        doubt(history, over->at);
        return;
    }
    while (at > 1 && history->changes[at - 1].at > over->at) {
        history->changes[at] = history->changes[at - 1];
        at--;
    }
    history->changes[at] =
        (struct change){.at = over->at, .fresh = more - heard, .frame = over->frame};
    history->count++;
}

static void add_left(const struct ds_subject *subject, struct history *history)
{
    int64_t spoken_us;
    const struct ds_event *over = over_at_server(subject);
    if (ds_mail_user(subject) != history->user || subject->call->outcome != DS_ANSWERED)
        return;
    bool sure = ds_mail_was_spoken(subject, &spoken_us);
    if (over == NULL || !sure)
        doubt(history, over == NULL ? subject->call->answered_at : over->at);
    else if (spoken_us > 0)
        put(history, over, 1, 0);
}

static void
add_heard(const struct ds_judge *judge, const struct ds_subject *subject, struct history *history)
{
    size_t played;
    const struct ds_event *over = over_at_server(subject);
    if (!ds_mail_is_playing(judge, subject) || ds_mail_listener(judge, subject) != history->user)
        return;
    bool sure = ds_mail_played(subject, &played);
    if (over == NULL || !sure)
        doubt(history, over == NULL ? subject->call->answered_at : over->at);
    else if (played > 0)
        put(history, over, 0, (int64_t)played);
}

/* All are played each time, the oldest first: so many have been heard as were in the longest. */
static void add_up(struct history *history)
{
    int64_t left = 0, heard = 0;
    for (size_t i = 0; i < history->count; i++) {
        struct change *change = &history->changes[i];
        if (change->fresh > 0)
            left += change->fresh;
        else if (-change->fresh > heard)
            heard = -change->fresh;
        change->fresh = left > heard ? left - heard : 0;
    }
}

static void
recall(const struct ds_judge *judge, const struct ds_topo_node *user, struct history *out)
{
    *out = (struct history){.user = user, .count = 1, .known_until = INT64_MAX};
    out->changes[0].at = INT64_MIN;
    for (size_t i = 0; i < judge->trace->call_count; i++) {
        add_left(&judge->subjects[i], out);
        add_heard(judge, &judge->subjects[i], out);
    }
    add_up(out);
}

/* ---- what was told of it ---- */

/* The first number of "Voice-Message: 2/8"; -1: it is not told. */
static int64_t told(const struct ds_event *notify)
{
    struct ds_slice body = ds_msg_body(notify->msg), line, name, number;
    uint64_t count = 0;
    while (ds_slice_cut(&body, '\n', &line))
        if (ds_slice_cut(&line, ':', &name) &&
            ds_slice_equal_nocase(ds_slice_trim(name), DS_LITERAL("Voice-Message")))
            return ds_slice_cut(&line, '/', &number) &&
                           ds_slice_number(ds_slice_trim(number), INT32_MAX, &count) == DS_OK
                       ? (int64_t)count
                       : -1;
    return -1;
}

bool ds_mail_is_notice(const struct ds_event *event)
{
    return ds_event_requests(event, "NOTIFY") && ds_is_role(event->from_node, DS_ROLE_UM) &&
           !event->retransmission;
}

/* What was so at any time of the while before that. */
static bool was_so(const struct history *history, int64_t fresh, int64_t at)
{
    for (size_t i = 0; i < history->count; i++) {
        bool gone = i + 1 < history->count && history->changes[i + 1].at < at - PATIENCE_US;
        if (!gone && history->changes[i].at <= at && history->changes[i].fresh == fresh)
            return true;
    }
    return false;
}

static int64_t fresh_at(const struct history *history, int64_t at)
{
    int64_t fresh = 0;
    for (size_t i = 0; i < history->count && history->changes[i].at <= at; i++)
        fresh = history->changes[i].fresh;
    return fresh;
}

static void
judge_notice(const struct history *history, const struct ds_event *notify, struct ds_tally *tally)
{
    int64_t fresh = told(notify);
    if (notify->at >= history->known_until)
        return;
    if (was_so(history, fresh, notify->at))
        ds_tally_good(tally, notify->frame);
    else if (fresh < 0)
        ds_tally_bad(tally, notify->frame, "%s tells %s of no count of messages",
                     notify->from_node->name, history->user->name);
    else
        ds_tally_bad(tally, notify->frame, "%s tells %s of %lld new messages where there are %lld",
                     notify->from_node->name, history->user->name, (long long)fresh,
                     (long long)fresh_at(history, notify->at));
}

bool ds_mail_is_last_notice(const struct ds_event *event)
{
    struct ds_slice state;
    return ds_event_requests(event, "NOTIFY") &&
           ds_msg_header(event->msg, "Subscription-State", 0, &state) &&
           ds_slice_starts_nocase(state, DS_LITERAL("terminated"));
}

/* While a client is subscribed: from the server's 200 to the subscriber's end, or to a NOTIFY that
   is not taken, or the last. */
static bool is_subscribed(const struct ds_leg *leg, int64_t at)
{
    bool subscribed = false;
    for (size_t i = 0; i < leg->event_count && leg->events[i]->at <= at; i++) {
        const struct ds_event *event = leg->events[i];
        struct ds_slice value = {NULL, 0};
        bool answers = !ds_msg_is_request(event->msg);
        int status = ds_msg_status(event->msg);
        if (answers && ds_msg_method_is(event->msg, "SUBSCRIBE") && status >= 200 && status < 300)
            subscribed = ds_msg_header(event->msg, "Expires", 0, &value) &&
                         !ds_slice_equal(ds_slice_trim(value), DS_LITERAL("0"));
        else if ((answers && status >= 300) || ds_mail_is_last_notice(event))
            return false;
    }
    return subscribed;
}

static bool was_told(const struct ds_leg *leg, const struct change *change)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *event = leg->events[i];
        if (ds_mail_is_notice(event) && event->at >= change->at &&
            event->at <= change->at + PATIENCE_US && told(event) == change->fresh)
            return true;
    }
    return false;
}

/* Not where the next one comes before it had to be said, or the capture ends. */
static void judge_change(const struct ds_judge *judge,
                         const struct ds_leg *leg,
                         const struct history *history,
                         size_t at,
                         struct ds_tally *tally)
{
    const struct change *change = &history->changes[at];
    int64_t until = change->at + PATIENCE_US;
    bool next = at + 1 < history->count && history->changes[at + 1].at <= until;
    if (change->at >= history->known_until || change->fresh == history->changes[at - 1].fresh)
        return;
    if (was_told(leg, change))
        ds_tally_good(tally, change->frame);
    else if (!next && until < history->known_until && until <= judge->trace->duration &&
             is_subscribed(leg, until))
        ds_tally_bad(tally, change->frame,
                     "%s has %lld new messages when the call of frame %u is over, and is not told",
                     history->user->name, (long long)change->fresh, change->frame);
}

const struct ds_topo_node *ds_mail_subscriber(const struct ds_leg *leg)
{
    struct ds_slice event;
    const struct ds_event *first = leg->event_count == 0 ? NULL : leg->events[0];
    if (first == NULL || !ds_event_requests(first, "SUBSCRIBE") ||
        !ds_is_role(first->from_node, DS_ROLE_CLIENT) ||
        !ds_msg_header(first->msg, "Event", 0, &event) ||
        !ds_slice_starts_nocase(ds_slice_trim(event), DS_LITERAL("message-summary")))
        return NULL;
    return first->from_node;
}

static void one_leg(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    struct history history;
    const struct ds_topo_node *client = ds_mail_subscriber(leg);
    if (client == NULL)
        return;
    recall(judge, client->user, &history);
    for (size_t i = 0; i < leg->event_count; i++)
        if (ds_mail_is_notice(leg->events[i]))
            judge_notice(&history, leg->events[i], tally);
    for (size_t i = 1; i < history.count; i++)
        judge_change(judge, leg, &history, i, tally);
}

void ds_check_message_waiting(struct ds_judge *judge)
{
    ds_judge_legs(judge, "client that has subscribed to message waiting",
                  "messages and notices of them that agree", one_leg);
}
