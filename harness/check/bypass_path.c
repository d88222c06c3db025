#include "check_internal.h"

/* Which way the audio of a call takes that met the Mediation Server's decision on bypass. */

bool ds_meets_decision(const struct ds_subject *subject)
{
    return subject->trunk != NULL && subject->client != NULL && subject->crossed;
}

bool ds_may_bypass(const struct ds_subject *subject)
{
    return ds_meets_decision(subject) && subject->bypass;
}

bool ds_flows_both_ways(const struct ds_call *call,
                        const struct ds_topo_node *a,
                        const struct ds_topo_node *b,
                        struct ds_evidence *evidence)
{
    for (size_t i = 0; i < call->flow_count; i++) {
        const struct ds_flow *flow = call->flows[i];
        if ((flow->from_node == a && flow->to_node == b) ||
            (flow->from_node == b && flow->to_node == a))
            ds_evidence_add(evidence, flow->first_frame);
    }
    return ds_call_packets(call, a, b) >= DS_ENOUGH_AUDIO &&
           ds_call_packets(call, b, a) >= DS_ENOUGH_AUDIO;
}

void ds_say_one_way(struct ds_judge *judge,
                    const struct ds_call *call,
                    const struct ds_topo_node *a,
                    const struct ds_topo_node *b)
{
    ds_judge_absent(judge, DS_FAIL, NULL,
                    "audio is to flow both ways between %s and %s: %llu RTP packets went there, "
                    "%llu came back",
                    a->name, b->name, (unsigned long long)ds_call_packets(call, a, b),
                    (unsigned long long)ds_call_packets(call, b, a));
}

/* Whose audio meets the Mediation Server: the client's, or what the A/V Edge passes on of it. */
static const struct ds_topo_node *near_end(const struct ds_judge *judge,
                                           const struct ds_subject *subject)
{
    const struct ds_topo_node *edge =
        ds_topo_edge_between(judge->topo, subject->client, subject->mediation);
    return edge == NULL ? subject->client : edge;
}

void ds_demand_relay(struct ds_judge *judge, const struct ds_subject *subject, const char *why)
{
    struct ds_evidence evidence = {{0}, 0};
    const struct ds_call *call = subject->call;
    const struct ds_topo_node *near = near_end(judge, subject);
    if (!ds_subject_was_up(judge, subject))
        return;
    uint64_t past =
        ds_call_packets(call, near, subject->peer) + ds_call_packets(call, subject->peer, near);
    if (past > 0) {
        (void)ds_flows_both_ways(call, near, subject->peer, &evidence);
        ds_judge_say(judge, DS_FAIL, &evidence, "%s, and %llu RTP packets went past %s, %s to %s",
                     why, (unsigned long long)past, subject->mediation->name, near->name,
                     subject->peer->name);
    } else if (!ds_flows_both_ways(call, near, subject->mediation, &evidence)) {
        ds_say_one_way(judge, call, near, subject->mediation);
    } else if (!ds_flows_both_ways(call, subject->mediation, subject->peer, &evidence)) {
        ds_say_one_way(judge, call, subject->mediation, subject->peer);
    } else {
        ds_judge_absent(judge, DS_PASS, &evidence, "%s, and the audio flowed through %s", why,
                        subject->mediation->name);
    }
}
