#include "course_internal.h"

/* OPT-03: the elements that the row names as silent have no part in the call. */

static bool is_silent(const struct ds_subject *subject,
                      const struct ds_road *silent,
                      const struct ds_topo_node *node)
{
    return node != NULL && !ds_subject_is_end(subject, node) &&
           !ds_subject_is_left(subject, node) && ds_road_has(silent, node->role);
}

static const struct ds_topo_node *which(const struct ds_subject *subject,
                                        const struct ds_road *silent,
                                        const struct ds_topo_node *from,
                                        const struct ds_topo_node *to)
{
    if (is_silent(subject, silent, from))
        return from;
    return is_silent(subject, silent, to) ? to : NULL;
}

static void hear_signalling(const struct ds_subject *subject,
                            const struct ds_road *silent,
                            struct ds_tally *tally)
{
    char label[96];
    for (size_t i = 0; i < subject->call->event_count; i++) {
        const struct ds_event *event = subject->call->events[i];
        const struct ds_topo_node *node = which(subject, silent, event->from_node, event->to_node);
        if (node == NULL || ds_subject_event_is_aside(subject, event))
            continue;
        ds_event_label(event, label, sizeof label);
        ds_tally_bad(tally, event->frame, "%s has no part in this call, and frame %u (%s) is at it",
                     node->name, event->frame, label);
    }
}

static void
hear_audio(const struct ds_subject *subject, const struct ds_road *silent, struct ds_tally *tally)
{
    char text[160];
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        const struct ds_topo_node *node = which(subject, silent, flow->from_node, flow->to_node);
        if (node == NULL || ds_subject_flow_is_aside(subject, flow))
            continue;
        ds_flow_text(flow, text, sizeof text);
        ds_tally_bad(tally, flow->first_frame, "%s has no part in this call, and has its audio: %s",
                     node->name, text);
    }
}

static void one_silence(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_road silent;
    struct ds_tally tally = {0};
    char text[160];
    if (subject->row == NULL || !ds_road_parse(subject->row->silent, 0, &silent) ||
        silent.count == 0)
        return;
    hear_signalling(subject, &silent, &tally);
    hear_audio(subject, &silent, &tally);
    if (tally.bad > 0) {
        ds_judge_tally(judge, &tally, "");
        return;
    }
    ds_evidence_add(&tally.good_frames, subject->call->hops[0].invite->frame);
    ds_road_text(&silent, text, sizeof text);
    ds_judge_absent(judge, DS_PASS, &tally.good_frames,
                    "none of the call's %zu messages and %zu audio flows is at: %s",
                    subject->call->event_count, subject->call->flow_count, text);
}

void ds_check_option_silence(struct ds_judge *judge)
{
    ds_judge_calls(judge, "call with elements that the option keeps out of it", one_silence);
}
