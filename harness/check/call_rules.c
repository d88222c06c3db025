#include "admission_internal.h"

/* A leg that is still up a second after the first BYE was forgotten, and cleared by something else.
 */
#define MOST_CLEARING_US 1000000

/* CALL: what must hold of any call, whatever elements it passes. */

static bool is_success(int status)
{
    return status >= 200 && status < 300;
}

/* ---- CALL-01 ---- */

/* The end of the road may get its ACK past a proxy that did not ask to stay on it: CALL-06 says so.
 */
static bool ack_reached(const struct ds_leg *leg, const struct ds_addr *end)
{
    for (size_t i = 0; i < leg->event_count; i++)
        if (ds_event_requests(leg->events[i], "ACK") && ds_addr_same_ip(leg->events[i]->to, *end))
            return true;
    return false;
}

static const struct ds_hop_seen *last_answered(const struct ds_call *call, const struct ds_leg *leg)
{
    const struct ds_hop_seen *last = NULL;
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].leg == leg && is_success(call->hops[i].final_status))
            last = &call->hops[i];
    return last;
}

static void one_ack(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    const struct ds_hop_seen *bare = NULL, *end;
    for (size_t i = 0; i < call->hop_count && bare == NULL; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (!is_success(hop->final_status))
            continue;
        if (hop->ack != NULL)
            ds_tally_good(&tally, hop->ack->frame);
        else if (((end = last_answered(call, hop->leg)) == NULL ||
                  !ack_reached(hop->leg, &end->to)) &&
                 !ds_judge_is_gone(judge, hop->from, hop->final->at))
            bare = hop;
    }
    if (bare != NULL) {
        ds_evidence_add(&tally.bad_frames, bare->final->frame);
        ds_judge_absent(judge, DS_FAIL, &tally.bad_frames,
                        "%s answers %s with %d in frame %u, and no ACK comes",
                        ds_trace_name(judge->trace, bare->to).text,
                        ds_trace_name(judge->trace, bare->from).text, bare->final_status,
                        bare->final->frame);
    } else {
        ds_judge_tally(judge, &tally, "hops answered and acknowledged");
    }
}

void ds_check_acknowledged(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call", one_ack);
}

/* ---- CALL-03 ---- */

/* Behind the element where the two met, the hops were answered: CALL-07 judges what came of that.
 */
static bool answer_crossed_cancel(const struct ds_call *call)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].cancelled && is_success(call->hops[i].final_status))
            return true;
    return false;
}

static void one_cancelled(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    bool crossed = answer_crossed_cancel(call);
    if (call->outcome != DS_CANCELLED)
        return;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (crossed && is_success(hop->final_status))
            continue;
        if (ds_hop_response(hop, 100, 699) == NULL)
            continue; /* what says nothing cannot be cancelled: RFC 3261 9.1 */
        if (!hop->cancelled && ds_is_short_of_bandwidth(hop->final))
            continue; /* it was tried elsewhere by then */
        if (hop->final_status == 487) {
            ds_tally_good(&tally, hop->final->frame);
        } else if (hop->final != NULL) {
            ds_tally_bad(&tally, hop->final->frame, "the hop from %s to %s ends with %d",
                         ds_node_name(hop->from_node), ds_node_name(hop->to_node),
                         hop->final_status);
        } else {
            ds_evidence_add(&tally.good_frames, hop->invite->frame);
            ds_judge_absent(judge, DS_FAIL, &tally.good_frames,
                            "the caller gave up, and the hop from %s to %s (frame %u) goes on",
                            ds_node_name(hop->from_node), ds_node_name(hop->to_node),
                            hop->invite->frame);
            return;
        }
    }
    ds_judge_tally(judge, &tally, "hops of the cancelled call end with 487");
}

void ds_check_cancelled(struct ds_judge *judge)
{
    ds_judge_calls(judge, "cancelled call", one_cancelled);
}

/* ---- CALL-04 ---- */

/* Its end answered and hung up while the answer still waited to be passed on, for a PRACK say. */
static bool was_taken_back(const struct ds_hop_seen *hop)
{
    for (size_t i = 0; is_success(hop->final_status) && i < hop->leg->event_count; i++) {
        const struct ds_event *event = hop->leg->events[i];
        if (ds_event_requests(event, "BYE") && ds_addr_same_ip(event->from, hop->to))
            return true;
    }
    return false;
}

static void one_refused(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    const struct ds_hop_seen *last = &call->hops[call->hop_count - 1], *open = NULL;
    if (call->outcome != DS_REFUSED || ds_mail_last_try(call) != NULL)
        return; /* what a caller is told whom no voice mail takes: RTE-24 */
    if (call->hop_count < 2) {
        ds_judge_say(judge, DS_NOT_SEEN, NULL,
                     "%s refuses the call itself, with %d: nothing is passed on",
                     ds_trace_name(judge->trace, last->to).text, call->final_status);
        return;
    }
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (ds_hop_was_left(call, hop) || ds_subject_hop_is_aside(subject, i) ||
            was_taken_back(hop) || ds_hop_is_shut_out(judge, hop))
            continue;
        if (hop->final == NULL)
            open = hop;
        else if (hop->final_status == call->final_status)
            ds_tally_good(&tally, hop->final->frame);
        else if (hop->final_status != 401 && hop->final_status != 407)
            ds_tally_bad(&tally, hop->final->frame,
                         "%s refuses with %d in frame %u, and the caller is told %d",
                         ds_node_name(hop->to_node), hop->final_status, hop->final->frame,
                         call->final_status);
    }
    if (tally.bad == 0 && open != NULL)
        ds_judge_absent(judge, DS_FAIL, &tally.good_frames,
                        "the caller is told %d, and %s has not refused", call->final_status,
                        ds_node_name(open->to_node));
    else
        ds_judge_tally(judge, &tally, "hops, each with the same refusal");
}

void ds_check_refusal_passed(struct ds_judge *judge)
{
    ds_judge_calls(judge, "refused call", one_refused);
}

/* ---- CALL-05 ---- */

static const struct ds_event *bye_answered(const struct ds_leg *leg, const struct ds_event **bye)
{
    *bye = NULL;
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *event = leg->events[i];
        if (*bye == NULL && ds_event_requests(event, "BYE"))
            *bye = event;
        else if (*bye != NULL && ds_msg_method_is(event->msg, "BYE") &&
                 is_success(ds_msg_status(event->msg)))
            return event;
    }
    return NULL;
}

static bool
is_leg_of_the_gone(const struct ds_judge *judge, const struct ds_leg *leg, int64_t since)
{
    return ds_judge_is_gone(judge, leg->invite->from, since) ||
           ds_judge_is_gone(judge, leg->invite->to, since);
}

/* One leg of a call of which `first` was the first BYE. False: said that it is not cleared. */
static bool leg_is_cleared(struct ds_judge *judge,
                           const struct ds_leg *leg,
                           const struct ds_event *first,
                           struct ds_tally *tally)
{
    const struct ds_event *bye;
    const struct ds_event *answer = bye_answered(leg, &bye);
    if (answer != NULL && answer->at - first->at > MOST_CLEARING_US) {
        ds_tally_bad(tally, answer->frame, "%s and %s go on for %.1f s after the first BYE",
                     ds_node_name(leg->invite->from_node), ds_node_name(leg->invite->to_node),
                     (double)(answer->at - first->at) / 1e6);
        return true;
    }
    if (answer != NULL) {
        ds_tally_good(tally, answer->frame);
        return true;
    }
    if (is_leg_of_the_gone(judge, leg, bye != NULL ? bye->at : first->at))
        return true;
    const struct ds_event *at = bye != NULL ? bye : first;
    ds_evidence_add(&tally->bad_frames, at->frame);
    ds_judge_absent(judge, DS_FAIL, &tally->bad_frames,
                    bye != NULL ? "the BYE of frame %u is not answered, between %s and %s"
                                : "after the BYE of frame %u none is seen between %s and %s",
                    at->frame, ds_node_name(leg->invite->from_node),
                    ds_node_name(leg->invite->to_node));
    return false;
}

/* A transfer leaves the legs of the party that stays to the call that it makes; a call that takes
 * the place of a leg goes on with the others. False: one is not cleared, which is said. */
static bool are_cleared(struct ds_judge *judge,
                        const struct ds_call *call,
                        const struct ds_call *at,
                        struct ds_tally *tally)
{
    for (size_t i = 0; i < at->leg_count; i++)
        if (last_answered(at, at->legs[i]) != NULL &&
            ds_leg_stays(at, at->legs[i]) == (at != call) &&
            !leg_is_cleared(judge, at->legs[i], call->bye, tally))
            return false;
    return true;
}

static void one_cleared(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    if (call->outcome != DS_ANSWERED || call->bye == NULL)
        return;
    bool is_last = call->continued_by == NULL;
    bool cleared = are_cleared(judge, call, call, &tally);
    for (const struct ds_call *at = call->continues; cleared && is_last && at != NULL;
         at = at->continues)
        cleared = are_cleared(judge, call, at, &tally);
    for (const struct ds_leg *at = call->replaces; cleared && is_last && at != NULL;
         at = at->call->replaces)
        cleared = are_cleared(judge, call, at->call, &tally);
    if (!cleared)
        return;
    ds_judge_tally(judge, &tally, "legs cleared with BYE and 200");
}

void ds_check_cleared(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call with a BYE", one_cleared);
}

/* ---- CALL-06 ---- */

#define MOST_HOPS 32

struct leg_hops {
    const struct ds_hop_seen *list[MOST_HOPS];
    size_t count;
};

static bool is_on_road(const struct leg_hops *hops, const struct ds_event *event)
{
    for (size_t i = 0; i < hops->count; i++)
        if (ds_event_is_on(event, hops->list[i]))
            return true;
    return false;
}

static void follow(const struct ds_call *call, const struct ds_leg *leg, struct ds_tally *tally)
{
    struct leg_hops hops = {.count = 0};
    for (size_t i = 0; i < call->hop_count && hops.count < MOST_HOPS; i++)
        if (call->hops[i].leg == leg)
            hops.list[hops.count++] = &call->hops[i];
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *event = leg->events[i];
        bool inside = ds_msg_is_request(event->msg) && ds_msg_to_tag(event->msg).len > 0 &&
                      !ds_msg_method_is(event->msg, "CANCEL");
        if (!inside)
            continue;
        if (is_on_road(&hops, event))
            ds_tally_good(tally, event->frame);
        else
            ds_tally_bad(tally, event->frame,
                         "%.*s goes from %s to %s in frame %u, where no INVITE went",
                         DS_FMT(ds_msg_method(event->msg)), ds_node_name(event->from_node),
                         ds_node_name(event->to_node), event->frame);
    }
}

static void one_road(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->leg_count; i++)
        follow(subject->call, subject->call->legs[i], &tally);
    ds_judge_tally(judge, &tally, "requests inside the call, on the hops of its INVITE");
}

void ds_check_same_road(struct ds_judge *judge)
{
    ds_judge_calls(judge, "request inside a call", one_road);
}

/* ---- CALL-07 ---- */

/* Of the dialog that the answer made; a fork may have made several. */
static const struct ds_event *bye_after(const struct ds_leg *leg, const struct ds_event *answer)
{
    struct ds_slice tag = ds_msg_to_tag(answer->msg);
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *event = leg->events[i];
        if (event->frame > answer->frame && ds_event_requests(event, "BYE") &&
            (ds_slice_equal(ds_msg_to_tag(event->msg), tag) ||
             ds_slice_equal(ds_msg_from_tag(event->msg), tag)))
            return event;
    }
    return NULL;
}

/* The BYE may have come from the other end, who hung up at the same moment. */
static void
judge_crossing(struct ds_judge *judge, const struct ds_hop_seen *hop, struct ds_tally *tally)
{
    const struct ds_event *answer = hop->final, *bye = bye_after(hop->leg, answer);
    int64_t left = judge->trace->duration - answer->at;
    if (bye != NULL && bye->at - answer->at > MOST_CLEARING_US)
        ds_tally_bad(tally, bye->frame,
                     "the answer of frame %u crossed a CANCEL, and is cleared %lld ms later",
                     answer->frame, (long long)(bye->at - answer->at) / 1000);
    else if (bye == NULL && left > MOST_CLEARING_US)
        ds_tally_bad(tally, answer->frame,
                     "the answer of frame %u crossed a CANCEL, and the call from %s to %s stays up",
                     answer->frame, ds_node_name(hop->from_node), ds_node_name(hop->to_node));
    else if (bye != NULL && !ack_reached(hop->leg, &hop->to))
        ds_tally_bad(tally, answer->frame,
                     "the answer of frame %u crossed a CANCEL, and is never acknowledged",
                     answer->frame);
    else if (bye != NULL)
        ds_tally_good(tally, bye->frame);
}

static void one_crossed_answer(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->hop_count; i++) {
        const struct ds_hop_seen *hop = &subject->call->hops[i];
        if (hop->cancelled && is_success(hop->final_status))
            judge_crossing(judge, hop, &tally);
    }
    ds_judge_tally(judge, &tally, "answers that crossed a CANCEL, acknowledged and cleared");
}

void ds_check_crossed_answer(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answer that crossed a CANCEL", one_crossed_answer);
}
