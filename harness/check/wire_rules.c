#include "check_internal.h"

/* WIRE-01: what RFC 3261 asks of every message, and of every request. */

static const char *missing_in_request(const struct ds_msg *msg)
{
    struct ds_slice value;
    if (!ds_msg_header(msg, "Max-Forwards", 0, &value))
        return "it has no Max-Forwards";
    if (!ds_slice_starts(ds_msg_branch(msg), DS_LITERAL("z9hG4bK")))
        return "the branch of its Via does not begin with z9hG4bK";
    if (ds_msg_method_is(msg, "INVITE") && !ds_msg_header(msg, "Contact", 0, &value))
        return "an INVITE, it has no Contact";
    return NULL;
}

static void
one_message(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    char label[96];
    const char *defect = NULL;
    if (ds_msg_defect(event->msg, &defect) != DS_OK) {
        judge->out_of_memory = true;
        return;
    }
    if (defect == NULL && ds_msg_is_request(event->msg))
        defect = missing_in_request(event->msg);
    if (defect == NULL) {
        ds_tally_good(tally, event->frame);
        return;
    }
    ds_event_label(event, label, sizeof label);
    ds_tally_bad(tally, event->frame, "%s of %s in frame %u: %.120s", label,
                 ds_trace_name(judge->trace, event->from).text, event->frame, defect);
}

void ds_check_well_formed(struct ds_judge *judge)
{
    ds_judge_messages(judge, "message", "messages, each well formed", one_message);
}
