#include "check_internal.h"

/* TIME-01 … TIME-05: when what nobody answers is sent again, and when that ends (RFC 3261
   17, 13.3.1.4 and 16.8). Real elements are never exact: what comes a little early or late is in
   time. */

#define T1      INT64_C(500000)
#define T2      INT64_C(4000000)
#define GIVE_UP (64 * T1)
#define SLACK   INT64_C(500000)

/* ---- schedules: T1, doubled each time, for all but the INVITE no more than T2 ---- */

struct schedule {
    const struct ds_event *first, *last;
    int64_t wait_us; /* from the last to the next */
    bool capped;
};

static struct schedule begin(const struct ds_event *first, bool capped)
{
    return (struct schedule){.first = first, .last = first, .wait_us = T1, .capped = capped};
}

static int64_t most_wait(const struct schedule *schedule)
{
    return schedule->wait_us + schedule->wait_us * 3 / 5;
}

static void
see_again(struct schedule *schedule, const struct ds_event *event, struct ds_tally *tally)
{
    int64_t gap = event->at - schedule->last->at;
    bool in_time = gap >= schedule->wait_us * 9 / 10 && gap <= most_wait(schedule);
    char label[120];
    ds_event_label(event, label, sizeof label);
    if (in_time)
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(tally, event->frame,
                     "%s sends %s again after %.3f s in frame %u, not after %.1f",
                     ds_node_name(event->from_node), label, (double)gap / 1e6, event->frame,
                     (double)schedule->wait_us / 1e6);
    schedule->last = event;
    schedule->wait_us *= 2;
    if (schedule->capped && schedule->wait_us > T2)
        schedule->wait_us = T2;
}

/* Was it to be sent once more, by somebody who was still there to do so? */
static void
demand_next(const struct ds_judge *judge, const struct schedule *schedule, struct ds_tally *tally)
{
    const struct ds_event *last = schedule->last;
    char label[120];
    int64_t late = last->at + most_wait(schedule);
    if (last->at + schedule->wait_us >= schedule->first->at + GIVE_UP ||
        late > judge->trace->duration || !ds_judge_is_heard(judge, last->from, late))
        return;
    ds_event_label(last, label, sizeof label);
    ds_tally_bad(tally, last->frame, "%s does not send the unanswered %s of frame %u again",
                 ds_node_name(last->from_node), label, last->frame);
}

/* ---- TIME-01: Timers A and E ---- */

static void
resent_request(struct ds_judge *judge, const struct ds_txn_seen *txn, struct ds_tally *tally)
{
    const struct ds_event *first = txn->events[0];
    struct schedule schedule = begin(first, !ds_event_requests(first, "INVITE"));
    if (ds_event_requests(first, "ACK"))
        return;
    for (size_t i = 1; i < txn->count; i++) {
        const struct ds_event *event = txn->events[i];
        if (!ds_msg_is_request(event->msg))
            return;
        if (first->transport == DS_UDP)
            see_again(&schedule, event, tally);
        else if (event->from.port == first->from.port)
            ds_tally_bad(tally, event->frame, "%s sends %.*s again in frame %u, over %s",
                         ds_node_name(event->from_node), DS_FMT(ds_msg_method(event->msg)),
                         event->frame, ds_transport_name(event->transport));
    }
    if (first->transport == DS_UDP)
        demand_next(judge, &schedule, tally);
    else if (judge->trace->duration - first->at > 2 * T1)
        ds_tally_good(tally, first->frame);
}

void ds_check_resent_request(struct ds_judge *judge)
{
    ds_judge_transactions(judge, "request that nobody answers",
                          "unanswered requests, sent again in time over UDP, and once over streams",
                          resent_request);
}

/* ---- TIME-02: Timers B and F ---- */

static void given_up(struct ds_judge *judge, const struct ds_txn_seen *txn, struct ds_tally *tally)
{
    const struct ds_event *first = txn->events[0];
    int64_t end = first->at + GIVE_UP;
    bool answered = ds_event_requests(first, "ACK");
    for (size_t i = 1; i < txn->count; i++) {
        const struct ds_event *event = txn->events[i];
        answered = answered || !ds_msg_is_request(event->msg);
        if (ds_msg_is_request(event->msg) && !answered && event->at > end + SLACK)
            ds_tally_bad(tally, event->frame, "%s still sends %.*s in frame %u, after %.1f s",
                         ds_node_name(event->from_node), DS_FMT(ds_msg_method(event->msg)),
                         event->frame, (double)(event->at - first->at) / 1e6);
    }
    /* Given up it was where the next sending would have been seen. */
    const struct ds_event *last = txn->events[txn->count - 1];
    int64_t next = last->at + (ds_event_requests(first, "INVITE") ? GIVE_UP : T2) + SLACK;
    if (!answered && first->transport == DS_UDP && next > end && judge->trace->duration > next)
        ds_tally_good(tally, last->frame);
}

void ds_check_given_up(struct ds_judge *judge)
{
    ds_judge_transactions(judge, "request that nobody answers for 32 s",
                          "unanswered requests, given up after 32 s", given_up);
}

/* ---- TIME-03, TIME-04: final responses that nobody acknowledges ---- */

static bool is_final(const struct ds_event *event, int low, int high)
{
    return ds_event_answers_invite(event, low, high);
}

static bool is_acknowledged(const struct ds_event *response)
{
    const struct ds_leg *leg = response->leg;
    for (size_t i = 0; i < leg->event_count; i++)
        if (ds_event_requests(leg->events[i], "ACK") &&
            ds_msg_cseq(leg->events[i]->msg) == ds_msg_cseq(response->msg) &&
            ds_addr_same_ip(leg->events[i]->from, response->to))
            return true;
    return false;
}

/* A server sends its refusal at once when the INVITE comes again: that is no part of the schedule.
 */
static bool was_asked_for(const struct ds_txn_seen *txn, size_t at)
{
    const struct ds_event *before = txn->events[at - 1];
    return ds_msg_is_request(before->msg) && txn->events[at]->at - before->at < T1 / 10;
}

/* Where a proxy forks, the answer of another branch makes another dialog. */
static bool is_repetition(const struct ds_event *first, const struct ds_event *event)
{
    return ds_slice_equal(ds_msg_to_tag(first->msg), ds_msg_to_tag(event->msg));
}

/* Follows the first final response and its repetitions; NULL where there is none. */
static const struct ds_event *follow_final(const struct ds_txn_seen *txn,
                                           int low,
                                           int high,
                                           struct schedule *schedule,
                                           struct ds_tally *tally)
{
    const struct ds_event *first = NULL;
    for (size_t i = 0; i < txn->count; i++) {
        const struct ds_event *event = txn->events[i];
        if (!is_final(event, low, high))
            continue;
        if (first == NULL)
            *schedule = begin(first = event, true);
        else if (is_repetition(first, event) && !was_asked_for(txn, i))
            see_again(schedule, event, tally);
    }
    return first;
}

static bool hangs_up(const struct ds_event *answer, int64_t at)
{
    const struct ds_leg *leg = answer->leg;
    for (size_t i = 0; i < leg->event_count; i++)
        if (ds_event_requests(leg->events[i], "BYE") && leg->events[i]->at >= at - SLACK &&
            leg->events[i]->at <= at + SLACK && ds_addr_same_ip(leg->events[i]->from, answer->from))
            return true;
    return false;
}

static void
repeated_answer(struct ds_judge *judge, const struct ds_txn_seen *txn, struct ds_tally *tally)
{
    struct schedule schedule;
    const struct ds_event *first = follow_final(txn, 200, 299, &schedule, tally);
    if (first == NULL)
        return;
    int64_t end = first->at + GIVE_UP;
    if (!is_acknowledged(first))
        demand_next(judge, &schedule, tally);
    if (schedule.last->at < end - T2 || judge->trace->duration < end + SLACK)
        return;
    if (hangs_up(first, end))
        ds_tally_good(tally, schedule.last->frame);
    else
        ds_tally_bad(tally, schedule.last->frame,
                     "%s answers %s for 32 s without an ACK, and does not hang up",
                     ds_node_name(first->from_node), ds_node_name(first->to_node));
}

void ds_check_repeated_answer(struct ds_judge *judge)
{
    ds_judge_transactions(judge, "answer that nobody acknowledges",
                          "repetitions of an answer in time, and the BYE after the last",
                          repeated_answer);
}

static void
repeated_refusal(struct ds_judge *judge, const struct ds_txn_seen *txn, struct ds_tally *tally)
{
    struct schedule schedule;
    if (txn->events[0]->transport != DS_UDP)
        return;
    const struct ds_event *first = follow_final(txn, 300, 699, &schedule, tally);
    if (first != NULL && !is_acknowledged(first))
        demand_next(judge, &schedule, tally);
}

void ds_check_repeated_refusal(struct ds_judge *judge)
{
    ds_judge_transactions(judge, "refusal over UDP that nobody acknowledges",
                          "repetitions of a refusal, in time", repeated_refusal);
}

/* ---- TIME-05: Timer C, and T301 behind a gateway ---- */

#define THREE_MINUTES INT64_C(180000000)
#define TOO_LONG      INT64_C(190000000)

static const struct ds_event *last_progress(const struct ds_hop_seen *hop)
{
    const struct ds_event *last = NULL;
    for (size_t i = 0; i < hop->leg->event_count; i++) {
        const struct ds_event *event = hop->leg->events[i];
        if (ds_event_answers_invite(event, 101, 199) && ds_addr_same_ip(event->from, hop->to) &&
            ds_slice_equal(ds_msg_branch(event->msg), ds_msg_branch(hop->invite->msg)))
            last = event;
    }
    return last;
}

static void rings(const struct ds_judge *judge,
                  const struct ds_hop_seen *hop,
                  const struct ds_trunk *trunk,
                  struct ds_tally *tally)
{
    const struct ds_event *rang = last_progress(hop);
    (void)trunk;
    if (rang == NULL)
        return;
    int64_t end = hop->final != NULL ? hop->final->at : judge->trace->duration;
    if (end - rang->at > TOO_LONG)
        ds_tally_bad(tally, rang->frame, "%s rings from frame %u on for %.0f s, and nobody ends it",
                     ds_node_name(hop->to_node), rang->frame, (double)(end - rang->at) / 1e6);
    else if (end - rang->at >= THREE_MINUTES - SLACK && hop->final != NULL &&
             hop->final_status >= 300)
        ds_tally_good(tally, hop->final->frame);
}

void ds_check_ringing_ends(struct ds_judge *judge)
{
    ds_judge_hops(judge, "call that rings for three minutes",
                  "hops on which three minutes of ringing were ended", rings);
}
