#include "check_internal.h"

/* SIG-17: what acknowledges a reliable provisional response (RFC 3262). */

static bool
is_meant(const struct ds_event *event, const struct ds_msg *prack, const struct ds_rack *rack)
{
    uint32_t rseq;
    return ds_event_answers_invite(event, 101, 199) && ds_msg_rseq(event->msg, &rseq) &&
           rseq == rack->rseq && ds_msg_cseq(event->msg) == rack->cseq &&
           ds_slice_equal(ds_msg_to_tag(event->msg), ds_msg_to_tag(prack));
}

static bool names_a_response(const struct ds_leg *leg, size_t at)
{
    struct ds_rack rack;
    const struct ds_msg *prack = leg->events[at]->msg;
    if (!ds_msg_rack(prack, &rack) || !ds_slice_equal(rack.method, DS_LITERAL("INVITE")))
        return false;
    for (size_t i = 0; i < at; i++)
        if (is_meant(leg->events[i], prack, &rack))
            return true;
    return false;
}

static void
one_prack(const struct ds_judge *judge, const struct ds_leg *leg, size_t at, struct ds_tally *tally)
{
    struct ds_slice value;
    const struct ds_event *prack = leg->events[at];
    if (!ds_msg_header(prack->msg, "Max-Forwards", 0, &value))
        ds_tally_bad(tally, prack->frame, "the PRACK of %s in frame %u has no Max-Forwards",
                     ds_trace_name(judge->trace, prack->from).text, prack->frame);
    else if (!names_a_response(leg, at))
        ds_tally_bad(tally, prack->frame,
                     "the PRACK of %s in frame %u acknowledges no reliable response of its dialog",
                     ds_trace_name(judge->trace, prack->from).text, prack->frame);
    else
        ds_tally_good(tally, prack->frame);
}

static void one_leg(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    for (size_t i = 0; i < leg->event_count; i++)
        if (ds_event_requests(leg->events[i], "PRACK") && !leg->events[i]->retransmission)
            one_prack(judge, leg, i, tally);
}

void ds_check_pracks(struct ds_judge *judge)
{
    ds_judge_legs(judge, "PRACK", "PRACKs that name the response they acknowledge", one_leg);
}
