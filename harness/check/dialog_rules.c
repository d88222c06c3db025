#include "check_internal.h"

/* WIRE-06, WIRE-08: requests inside a dialog, by their numbers and their tags. */

/* ---- WIRE-06 ---- */

static bool counts(const struct ds_event *event)
{
    return ds_msg_is_request(event->msg) && !event->retransmission &&
           !ds_msg_method_is(event->msg, "ACK") && !ds_msg_method_is(event->msg, "CANCEL");
}

/* The request before it of the same side on the same hop. A fork is another dialog. */
static const struct ds_event *predecessor(const struct ds_leg *leg, size_t index)
{
    const struct ds_event *event = leg->events[index];
    struct ds_slice to_tag = ds_msg_to_tag(event->msg);
    while (index-- > 0) {
        const struct ds_event *before = leg->events[index];
        struct ds_slice its_tag = ds_msg_to_tag(before->msg);
        if (counts(before) && ds_addr_same_ip(before->from, event->from) &&
            ds_addr_same_ip(before->to, event->to) &&
            ds_slice_equal(ds_msg_from_tag(before->msg), ds_msg_from_tag(event->msg)) &&
            (its_tag.len == 0 ? to_tag.len > 0 : ds_slice_equal(its_tag, to_tag)))
            return before;
    }
    return NULL;
}

static void numbers(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *event = leg->events[i], *before;
        if (!counts(event) || (before = predecessor(leg, i)) == NULL)
            continue;
        /* So late a repetition that it is not known for one. */
        if (ds_slice_equal(ds_msg_branch(event->msg), ds_msg_branch(before->msg)))
            continue;
        if (ds_msg_cseq(event->msg) > ds_msg_cseq(before->msg))
            ds_tally_good(tally, event->frame);
        else
            ds_tally_bad(
                tally, event->frame, "the %.*s of %s in frame %u has CSeq %u after %u in frame %u",
                DS_FMT(ds_msg_method(event->msg)), ds_trace_name(judge->trace, event->from).text,
                event->frame, ds_msg_cseq(event->msg), ds_msg_cseq(before->msg), before->frame);
    }
}

void ds_check_cseq_grows(struct ds_judge *judge)
{
    ds_judge_legs(judge, "second request of one side inside a dialog",
                  "requests with a higher CSeq than the one before", numbers);
}

/* ---- WIRE-08 ---- */

static bool is_pair(const struct ds_msg *response, struct ds_slice from, struct ds_slice to)
{
    struct ds_slice a = ds_msg_from_tag(response), b = ds_msg_to_tag(response);
    return (ds_slice_equal(a, from) && ds_slice_equal(b, to)) ||
           (ds_slice_equal(a, to) && ds_slice_equal(b, from));
}

enum belonging { NO_RESPONSE, OF_ANOTHER, OF_THIS };

/* Did a response to an INVITE before it make the dialog that its tags name? */
static enum belonging belongs(const struct ds_leg *leg, size_t index)
{
    enum belonging belonging = NO_RESPONSE;
    const struct ds_msg *msg = leg->events[index]->msg;
    while (index-- > 0 && belonging != OF_THIS) {
        const struct ds_event *event = leg->events[index];
        if (!ds_event_answers_invite(event, 101, 699) || ds_msg_to_tag(event->msg).len == 0)
            continue;
        belonging =
            is_pair(event->msg, ds_msg_from_tag(msg), ds_msg_to_tag(msg)) ? OF_THIS : OF_ANOTHER;
    }
    return belonging;
}

static void tags(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *event = leg->events[i];
        if (!ds_msg_is_request(event->msg) || ds_msg_to_tag(event->msg).len == 0)
            continue;
        enum belonging belonging = belongs(leg, i);
        if (belonging == OF_THIS)
            ds_tally_good(tally, event->frame);
        else if (belonging == OF_ANOTHER)
            ds_tally_bad(tally, event->frame,
                         "the %.*s of %s in frame %u has tags that no response has made a dialog "
                         "of",
                         DS_FMT(ds_msg_method(event->msg)),
                         ds_trace_name(judge->trace, event->from).text, event->frame);
    }
}

void ds_check_dialog_tags(struct ds_judge *judge)
{
    ds_judge_legs(judge, "request inside a dialog", "requests with the tags of their dialog", tags);
}
