#include "course_internal.h"

/* SIG-08 and XFER: who is asked to hand a call over, what is reported of it, and who leaves. */

#define AT_ONCE_US INT64_C(2000000) /* what follows of itself follows within that */

/* ---- SIG-08 ---- */

static void one_kept_off(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    if (subject->trunk == NULL || subject->trunk->refer)
        return;
    for (size_t i = 0; i < call->event_count; i++) {
        const struct ds_event *event = call->events[i];
        if (!ds_event_requests(event, "REFER"))
            continue;
        if (event->to_node == subject->mediation)
            ds_tally_good(&tally, event->frame);
        else if (ds_judge_trunk(judge, event->from_node, event->to_node) != NULL)
            ds_tally_bad(&tally, event->frame, "%s sends REFER to %s in frame %u",
                         ds_node_name(event->from_node), ds_node_name(event->to_node),
                         event->frame);
    }
    if (tally.bad > 0)
        ds_judge_tally(judge, &tally, "");
    else if (tally.good > 0)
        ds_judge_absent(judge, DS_PASS, &tally.good_frames,
                        "%s was asked to hand the call over, and sent no REFER on the trunk",
                        subject->mediation->name);
}

void ds_check_refer_kept_off(struct ds_judge *judge)
{
    ds_judge_calls(judge, "transfer at a Mediation Server on a trunk without REFER", one_kept_off);
}

/* ---- what a leg tells of the REFER in it ---- */

int ds_event_reported(const struct ds_event *event)
{
    uint64_t status = 0;
    struct ds_slice line = ds_msg_body(event->msg), word;
    if (!ds_event_requests(event, "NOTIFY") || !ds_slice_cut(&line, ' ', &word) ||
        !ds_slice_equal(word, DS_LITERAL("SIP/2.0")) || !ds_slice_cut(&line, ' ', &word) ||
        ds_slice_number(word, 699, &status) != DS_OK)
        return 0;
    return (int)status;
}

static const struct ds_event *final_report(const struct ds_leg *leg)
{
    for (size_t i = 0; i < leg->event_count; i++)
        if (ds_event_reported(leg->events[i]) >= 200)
            return leg->events[i];
    return NULL;
}

static const struct ds_event *
first_of(const struct ds_leg *leg, const char *method, const struct ds_event *after)
{
    for (size_t i = 0; i < leg->event_count; i++)
        if (leg->events[i]->frame > after->frame && ds_event_requests(leg->events[i], method))
            return leg->events[i];
    return NULL;
}

static bool is_taken_on(const struct ds_leg *leg)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *event = leg->events[i];
        if (!ds_msg_is_request(event->msg) && ds_msg_method_is(event->msg, "REFER") &&
            ds_msg_status(event->msg) / 100 == 2)
            return true;
    }
    return false;
}

/* ---- XFER-01 ---- */

/* When what the REFER asked for was decided; NULL: the call was not made, or has no answer yet. */
static const struct ds_event *outcome_for(const struct ds_judge *judge, const struct ds_leg *leg)
{
    for (size_t i = 0; i < judge->trace->call_count; i++) {
        const struct ds_call *call = &judge->trace->calls[i];
        if (call->continues == leg->call && call->refer->frame >= leg->refer->frame)
            return call->hops[0].final;
    }
    return NULL;
}

static void reported(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    if (leg->refer == NULL || leg->call == NULL || !is_taken_on(leg))
        return;
    const struct ds_event *report = final_report(leg), *outcome = outcome_for(judge, leg);
    const struct ds_event *bye = first_of(leg, "BYE", leg->refer);
    int64_t end = bye != NULL ? bye->at : judge->trace->duration;
    if (report != NULL)
        ds_tally_good(tally, report->frame);
    else if (outcome != NULL && end - outcome->at > AT_ONCE_US)
        ds_tally_bad(
            tally, leg->refer->frame,
            "the call that the REFER of frame %u asks for ends its INVITE with %d in frame "
            "%u, and %s is not told",
            leg->refer->frame, ds_msg_status(outcome->msg), outcome->frame,
            ds_node_name(leg->refer->from_node));
}

void ds_check_transfer_reported(struct ds_judge *judge)
{
    ds_judge_legs(judge, "REFER that was taken on",
                  "REFERs taken on, each reported on with a final status", reported);
}

/* ---- XFER-02 ---- */

static void released(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    const struct ds_event *report = leg->refer == NULL ? NULL : final_report(leg);
    if (report == NULL || ds_event_reported(report) >= 300)
        return;
    const struct ds_event *bye = first_of(leg, "BYE", report);
    int64_t end = bye != NULL ? bye->at : judge->trace->duration;
    if (end - report->at > AT_ONCE_US)
        ds_tally_bad(tally, report->frame,
                     "the transfer has succeeded in frame %u, and the leg between %s and %s stays",
                     report->frame, ds_node_name(report->from_node), ds_node_name(report->to_node));
    else if (bye != NULL)
        ds_tally_good(tally, bye->frame);
}

void ds_check_transfer_released(struct ds_judge *judge)
{
    ds_judge_legs(judge, "transfer that succeeded",
                  "legs of whoever asked for a transfer, cleared once it had succeeded", released);
}

/* ---- XFER-03 ---- */

static bool is_an_end(const struct ds_topo_node *node)
{
    enum ds_party party;
    return node != NULL && ds_party_of(node, &party);
}

static const struct ds_event *bye_after(const struct ds_call *call, const struct ds_event *report)
{
    for (size_t i = 0; i < call->event_count; i++)
        if (call->events[i]->frame > report->frame && ds_event_requests(call->events[i], "BYE"))
            return call->events[i];
    return NULL;
}

static void recovered(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    const struct ds_event *report = leg->refer == NULL ? NULL : final_report(leg);
    (void)judge;
    if (report == NULL || leg->call == NULL || ds_event_reported(report) < 300)
        return;
    const struct ds_event *bye = bye_after(leg->call, report);
    if (bye == NULL || is_an_end(bye->from_node))
        ds_tally_good(tally, report->frame);
    else
        ds_tally_bad(tally, bye->frame,
                     "the transfer has failed in frame %u, and %s clears the call in frame %u",
                     report->frame, ds_node_name(bye->from_node), bye->frame);
}

void ds_check_transfer_recovered(struct ds_judge *judge)
{
    ds_judge_legs(judge, "transfer that failed", "transfers that failed and left the call up",
                  recovered);
}

/* ---- XFER-04 ---- */

static const struct ds_leg *leg_named(const struct ds_trace *trace, struct ds_slice call_id)
{
    for (size_t i = 0; i < trace->leg_count; i++)
        if (ds_slice_equal(trace->legs[i].call_id, call_id))
            return &trace->legs[i];
    return NULL;
}

static const struct ds_event *answer_of(const struct ds_leg *leg)
{
    for (size_t i = 0; i < leg->event_count; i++)
        if (ds_event_answers_invite(leg->events[i], 200, 299))
            return leg->events[i];
    return NULL;
}

/* A back-to-back user agent that hands the INVITE on answers it too, and has no call to clear. */
static bool is_an_end_of(const struct ds_leg *leg, struct ds_addr addr)
{
    const struct ds_event *answer = answer_of(leg);
    return leg->invite != NULL && answer != NULL &&
           (ds_addr_same_ip(addr, leg->invite->from) || ds_addr_same_ip(addr, answer->from));
}

static void replaced(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    struct ds_slice value, params;
    if (leg->invite == NULL || !ds_msg_header(leg->invite->msg, "Replaces", 0, &value))
        return;
    const struct ds_leg *old = leg_named(judge->trace, ds_value_uri(value, &params));
    const struct ds_event *answer = answer_of(leg);
    if (old == NULL || answer == NULL || !is_an_end_of(old, answer->from))
        return;
    const struct ds_event *bye = first_of(old, "BYE", answer);
    int64_t end = bye != NULL ? bye->at : judge->trace->duration;
    if (end - answer->at > AT_ONCE_US)
        ds_tally_bad(tally, answer->frame,
                     "frame %u takes the place of the call with %.*s, and that stays up",
                     answer->frame, DS_FMT(old->call_id));
    else if (bye != NULL)
        ds_tally_good(tally, bye->frame);
}

void ds_check_transfer_replaced(struct ds_judge *judge)
{
    ds_judge_legs(judge, "answered INVITE with Replaces",
                  "answered INVITEs with Replaces, each followed by the BYE of the call it names",
                  replaced);
}

/* ---- XFER-05 ---- */

static void one_shown(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    const struct ds_call *call = subject->call;
    if (subject->before == NULL || subject->row == NULL)
        return;
    for (size_t i = 0; i < call->hop_count; i++) {
        struct ds_slice user = ds_event_user(call->hops[i].invite, "From");
        if (ds_subject_shows_caller(subject, user))
            ds_tally_good(&tally, call->hops[i].invite->frame);
        else
            ds_tally_bad(&tally, call->hops[i].invite->frame,
                         "%s is handed over to %s, who is shown %.*s in frame %u",
                         ds_node_name(subject->caller), subject->number, DS_FMT(user),
                         call->hops[i].invite->frame);
    }
    ds_judge_tally(judge, &tally, "INVITEs of a transfer that name the party that stays");
}

void ds_check_transfer_shown(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call that a transfer made", one_shown);
}
