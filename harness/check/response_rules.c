#include "check_internal.h"

/* WIRE-02, WIRE-03, WIRE-07: what a response says of the request it answers, and of its sender. */

static void blame(const struct ds_judge *judge,
                  const struct ds_event *event,
                  const char *what,
                  struct ds_tally *tally)
{
    char label[96];
    ds_event_label(event, label, sizeof label);
    ds_tally_bad(tally, event->frame, "%s of %s in frame %u %s", label,
                 ds_trace_name(judge->trace, event->from).text, event->frame, what);
}

/* ---- WIRE-02 ---- */

static size_t via_count(const struct ds_msg *msg)
{
    struct ds_slice value;
    size_t count = 0;
    while (ds_msg_value(msg, "Via", count, &value))
        count++;
    return count;
}

static const char *differs(const struct ds_msg *response, const struct ds_msg *request)
{
    struct ds_slice asked = ds_msg_to_tag(request);
    if (via_count(response) != via_count(request))
        return "has not the Vias of its request";
    if (!ds_slice_equal(ds_msg_branch(response), ds_msg_branch(request)))
        return "has not the branch of its request";
    if (!ds_slice_equal(ds_msg_from_tag(response), ds_msg_from_tag(request)))
        return "has not the From tag of its request";
    if (asked.len > 0 && !ds_slice_equal(ds_msg_to_tag(response), asked))
        return "has not the To tag of its request";
    return NULL;
}

static void echoes(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        const struct ds_event *event = leg->events[i];
        if (ds_msg_is_request(event->msg))
            continue;
        const struct ds_event *request = ds_leg_request(leg, i);
        const char *what = request == NULL ? NULL : differs(event->msg, request->msg);
        if (what != NULL)
            blame(judge, event, what, tally);
        else if (request != NULL)
            ds_tally_good(tally, event->frame);
    }
}

void ds_check_response_echoes(struct ds_judge *judge)
{
    ds_judge_legs(judge, "response to a request that was captured",
                  "responses, each with Via, From and To of its request", echoes);
}

/* ---- WIRE-03 ---- */

static void tagged(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    if (ds_msg_is_request(event->msg) || ds_msg_status(event->msg) == 100)
        return;
    if (ds_msg_to_tag(event->msg).len > 0)
        ds_tally_good(tally, event->frame);
    else
        blame(judge, event, "has no To tag", tally);
}

void ds_check_response_tag(struct ds_judge *judge)
{
    ds_judge_messages(judge, "response", "responses with a To tag", tagged);
}

/* ---- WIRE-07 ---- */

static void reachable(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    struct ds_slice contact;
    if (!ds_event_answers_invite(event, 200, 299))
        return;
    if (ds_msg_header(event->msg, "Contact", 0, &contact))
        ds_tally_good(tally, event->frame);
    else
        blame(judge, event, "has no Contact", tally);
}

void ds_check_answer_contact(struct ds_judge *judge)
{
    ds_judge_messages(judge, "answer to an INVITE", "answers with a Contact", reachable);
}
