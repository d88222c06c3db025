#include "check_internal.h"

/* SIG-14: what becomes of calls from peers that the Mediation Server's topology does not have. */

bool ds_hop_is_from_stranger(const struct ds_judge *judge, const struct ds_hop_seen *hop)
{
    return ds_is_role(hop->to_node, DS_ROLE_MEDIATION) &&
           !ds_is_role(hop->from_node, DS_ROLE_POOL) &&
           ds_judge_trunk(judge, hop->from_node, hop->to_node) == NULL;
}

static void refused(const struct ds_hop_seen *hop, struct ds_tally *tally)
{
    const struct ds_topo_node *mediation = hop->to_node;
    if (hop->final == NULL)
        return;
    if (hop->final_status < 400 || hop->final_status > 499)
        ds_tally_bad(tally, hop->final->frame, "%s, a stranger to %s, gets %d in frame %u",
                     ds_node_name(hop->from_node), mediation->name, hop->final_status,
                     hop->final->frame);
    else if (!ds_event_diagnoses(hop->final, "10013"))
        ds_tally_bad(tally, hop->final->frame, "the %d to a stranger in frame %u has no id 10013",
                     hop->final_status, hop->final->frame);
    else
        ds_tally_good(tally, hop->final->frame);
}

static void
passed_on(const struct ds_call *call, const struct ds_hop_seen *hop, struct ds_tally *tally)
{
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *next = &call->hops[i];
        if (next->from_node == hop->to_node && next->invite->frame > hop->invite->frame)
            ds_tally_bad(tally, next->invite->frame,
                         "%s passes the call of a stranger on to %s in frame %u",
                         hop->to_node->name, ds_node_name(next->to_node), next->invite->frame);
    }
}

static void one_call(struct ds_judge *judge, const struct ds_subject *subject)
{
    const struct ds_call *call = subject->call;
    struct ds_tally tally = {0};
    for (size_t i = 0; i < call->hop_count; i++) {
        if (!ds_hop_is_from_stranger(judge, &call->hops[i]))
            continue;
        refused(&call->hops[i], &tally);
        passed_on(call, &call->hops[i], &tally);
    }
    ds_judge_tally(judge, &tally, "INVITEs from strangers, refused with 10013 and not passed on");
}

void ds_check_stranger(struct ds_judge *judge)
{
    ds_judge_calls(judge, "INVITE to a Mediation Server from a peer that it has no trunk to",
                   one_call);
}
