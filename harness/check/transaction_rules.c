#include "check_internal.h"

/* WIRE-04, WIRE-05, WIRE-11: ACK and CANCEL, which speak of another request. */

static bool same_branch(const struct ds_event *a, const struct ds_event *b)
{
    return ds_slice_equal(ds_msg_branch(a->msg), ds_msg_branch(b->msg));
}

/* The INVITE before a leg's n-th message that went the same way and has its number: of several the
 * one with its branch, else the latest; where none has, the latest. */
static const struct ds_event *invite_before(const struct ds_leg *leg, size_t index)
{
    const struct ds_event *event = leg->events[index], *latest = NULL, *numbered = NULL;
    while (index-- > 0) {
        const struct ds_event *request = leg->events[index];
        if (!ds_event_requests(request, "INVITE") || !ds_addr_same_ip(request->from, event->from) ||
            !ds_addr_same_ip(request->to, event->to))
            continue;
        bool same_number = ds_msg_cseq(request->msg) == ds_msg_cseq(event->msg);
        if (same_number && same_branch(request, event))
            return request;
        if (same_number && numbered == NULL)
            numbered = request;
        latest = latest == NULL ? request : latest;
    }
    return numbered != NULL ? numbered : latest;
}

/* ---- WIRE-04 ---- */

/* Was the INVITE given a final response in low … high? One that lost its answer on the way, and
 * whose callee has forgotten it since, may be given both kinds. */
static bool has_final(const struct ds_leg *leg, const struct ds_event *invite, int low, int high)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *event = leg->events[i];
        if (ds_event_answers_invite(event, low, high) && same_branch(event, invite))
            return true;
    }
    return false;
}

static const char *
wrong_ack(const struct ds_leg *leg, const struct ds_event *ack, const struct ds_event *invite)
{
    bool answered = has_final(leg, invite, 200, 299), refused = has_final(leg, invite, 300, 699);
    if (ds_msg_cseq(ack->msg) != ds_msg_cseq(invite->msg))
        return "has another CSeq number than its INVITE";
    if (refused && !answered && !same_branch(ack, invite))
        return "acknowledges a refusal under another branch than its INVITE's";
    if (answered && !refused && same_branch(ack, invite))
        return "acknowledges an answer under its INVITE's own branch";
    return NULL;
}

static void acks(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *ack = leg->events[i], *invite;
        if (!ds_event_requests(ack, "ACK") || (invite = invite_before(leg, i)) == NULL)
            continue;
        const char *what = wrong_ack(leg, ack, invite);
        if (what == NULL)
            ds_tally_good(tally, ack->frame);
        else
            ds_tally_bad(tally, ack->frame, "the ACK of %s in frame %u %s (frame %u)",
                         ds_trace_name(judge->trace, ack->from).text, ack->frame, what,
                         invite->frame);
    }
}

void ds_check_ack(struct ds_judge *judge)
{
    ds_judge_legs(judge, "ACK", "ACKs with the number and branch that their INVITEs ask for", acks);
}

/* ---- WIRE-05 ---- */

static void cancels(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *cancel = leg->events[i], *invite;
        if (!ds_event_requests(cancel, "CANCEL") || (invite = invite_before(leg, i)) == NULL)
            continue;
        const struct ds_addr_text name = ds_trace_name(judge->trace, cancel->from);
        if (ds_msg_cseq(cancel->msg) != ds_msg_cseq(invite->msg))
            ds_tally_bad(tally, cancel->frame,
                         "the CANCEL of %s in frame %u has another CSeq number than the INVITE of "
                         "frame %u",
                         name.text, cancel->frame, invite->frame);
        else if (!same_branch(cancel, invite))
            ds_tally_bad(tally, cancel->frame,
                         "the CANCEL of %s in frame %u has another branch than the INVITE of "
                         "frame %u",
                         name.text, cancel->frame, invite->frame);
        else
            ds_tally_good(tally, cancel->frame);
    }
}

void ds_check_cancel(struct ds_judge *judge)
{
    ds_judge_legs(judge, "CANCEL", "CANCELs, each with the branch and number of its INVITE",
                  cancels);
}

/* ---- WIRE-11 ---- */

/* ACKs may be lost, but not so many after one another. */
#define ENOUGH_ACKS 3

/* How many ACKs to a leg's n-th message went its way back before it; or after it. */
static size_t count_acks(const struct ds_leg *leg, size_t index, bool before)
{
    const struct ds_event *answer = leg->events[index];
    size_t count = 0;
    for (size_t i = before ? 0 : index; i < (before ? index : leg->event_count); i++) {
        const struct ds_event *ack = leg->events[i];
        count += ds_event_requests(ack, "ACK") && ds_addr_same_ip(ack->from, answer->to) &&
                 ds_addr_same_ip(ack->to, answer->from) &&
                 ds_msg_cseq(ack->msg) == ds_msg_cseq(answer->msg);
    }
    return count;
}

static void answers(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *answer = leg->events[i];
        if (!ds_event_answers_invite(answer, 200, 299))
            continue;
        size_t heard = count_acks(leg, i, true);
        if (heard >= ENOUGH_ACKS)
            ds_tally_bad(tally, answer->frame, "%s answers again in frame %u after %zu ACKs",
                         ds_trace_name(judge->trace, answer->from).text, answer->frame, heard);
        else if (count_acks(leg, i, false) > 0)
            ds_tally_good(tally, answer->frame);
    }
}

void ds_check_answer_once(struct ds_judge *judge)
{
    ds_judge_legs(judge, "answer with its ACK", "answers, and silence once their ACKs had come",
                  answers);
}
