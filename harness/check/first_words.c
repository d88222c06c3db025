#include "check_internal.h"

/* MED-32: how soon after the answer each end hears something. */

#define SOON_US INT64_C(500000)

static const struct ds_flow *first_to(const struct ds_call *call, const struct ds_topo_node *end)
{
    const struct ds_flow *first = NULL;
    for (size_t i = 0; i < call->flow_count; i++)
        if (call->flows[i]->to_node == end &&
            (first == NULL || call->flows[i]->first_at < first->first_at))
            first = call->flows[i];
    return first;
}

static void
one_end(const struct ds_call *call, const struct ds_topo_node *end, struct ds_tally *tally)
{
    const struct ds_flow *flow = first_to(call, end);
    if (flow == NULL)
        return;
    int64_t waited = flow->first_at - call->answered_at;
    if (waited <= SOON_US)
        ds_tally_good(tally, flow->first_frame);
    else
        ds_tally_bad(tally, flow->first_frame, "%s hears the first of %s %.1f s after the answer",
                     end->name, ds_node_name(flow->from_node), (double)waited / 1e6);
}

static bool talks(const struct ds_topo_node *node)
{
    return node != NULL && !ds_is_role(node, DS_ROLE_FAX);
}

/* Who is held at once has nothing to hear. */
static bool is_held_at_once(const struct ds_call *call)
{
    for (size_t i = 0; i < call->event_count; i++)
        if (ds_event_is_reinvite(call->events[i]) &&
            call->events[i]->at < call->answered_at + SOON_US)
            return true;
    return false;
}

static void one_answer(struct ds_judge *judge, const struct ds_subject *subject)
{
    const struct ds_call *call = subject->call;
    struct ds_tally tally = {0};
    if (call->answered_at < 0 || !talks(subject->caller) || !talks(subject->callee) ||
        is_held_at_once(call))
        return;
    one_end(call, subject->caller, &tally);
    one_end(call, subject->callee, &tally);
    ds_judge_tally(judge, &tally, "ends that hear something in half a second after the answer");
}

void ds_check_first_words(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answered call with audio", one_answer);
}
