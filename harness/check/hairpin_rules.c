#include "check_internal.h"

/* BYP-23: calls that come in by one trunk and are sent out by another, or by the same. */

static void one_hairpin(struct ds_judge *judge, const struct ds_subject *subject)
{
    char text[200];
    struct ds_evidence frames = {{0}, 0};
    bool hairpin = subject->row != NULL && subject->row->forwarded && subject->bypass;
    if (!hairpin || !ds_subject_was_up(judge, subject))
        return;
    const struct ds_flow *flow = ds_call_flow_at(subject->call, subject->mediation);
    if (flow != NULL) {
        ds_flow_text(flow, text, sizeof text);
        ds_evidence_add(&frames, flow->first_frame);
        ds_judge_say(judge, DS_FAIL, &frames,
                     "the peers' alternate bypass IDs are equal, and the audio is at %s: %s",
                     subject->mediation->name, text);
    } else if (subject->call->flow_count > 0) {
        ds_evidence_add(&frames, subject->call->flows[0]->first_frame);
        ds_judge_absent(judge, DS_PASS, &frames,
                        "the peers' alternate bypass IDs are equal, and none of the call's %zu "
                        "audio flows is at %s",
                        subject->call->flow_count, subject->mediation->name);
    }
}

void ds_check_hairpin(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call between trunks whose peers share an alternate bypass ID",
                   one_hairpin);
}
