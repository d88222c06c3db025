#include "course_internal.h"

/* Tries of a Mediation Server to reach a peer by a trunk: what came of each, and what came before
   it. */

const struct ds_trunk *ds_try_trunk(const struct ds_judge *judge, const struct ds_hop_seen *hop)
{
    const struct ds_trunk *trunk = ds_judge_trunk(judge, hop->from_node, hop->to_node);
    return trunk != NULL && trunk->a == hop->from_node ? trunk : NULL;
}

int ds_try_status(const struct ds_trunk *trunk, const struct ds_hop_seen *hop)
{
    if (hop->final == NULL)
        return 0;
    return ds_translate_code(&trunk->codes, hop->final_status, ds_msg_q850_cause(hop->final->msg));
}

bool ds_status_is_for_now(int status)
{
    return status == 503 || status == 504;
}

const struct ds_hop_seen *ds_hop_before(const struct ds_call *call, const struct ds_hop_seen *hop)
{
    const struct ds_hop_seen *before = NULL;
    for (size_t i = 0; i < call->hop_count && call->hops[i].invite->frame < hop->invite->frame; i++)
        if (ds_addr_same_ip(call->hops[i].to, hop->from))
            before = &call->hops[i];
    return before;
}

const struct ds_hop_seen *ds_call_hop_to(const struct ds_call *call,
                                         const struct ds_topo_node *node)
{
    for (size_t i = 0; i < call->hop_count; i++)
        if (call->hops[i].to_node == node)
            return &call->hops[i];
    return NULL;
}

bool ds_judge_may_be_down(const struct ds_judge *judge,
                          const struct ds_topo_node *peer,
                          int64_t now)
{
    bool asked = false;
    for (size_t i = 0; i < judge->outside_count && judge->outside[i]->at <= now; i++) {
        const struct ds_event *event = judge->outside[i];
        if (event->to_node == peer && ds_event_requests(event, "OPTIONS"))
            asked = true;
        else if (event->from_node == peer)
            asked = false;
    }
    return asked;
}

void ds_subject_tries(struct ds_judge *judge,
                      const struct ds_subject *subject,
                      ds_try_fn *rule,
                      struct ds_tally *tally)
{
    for (size_t i = 0; i < subject->call->hop_count && i < DS_TRIES_MOST; i++) {
        const struct ds_hop_seen *hop = &subject->call->hops[i];
        const struct ds_trunk *trunk = ds_try_trunk(judge, hop);
        if (trunk != NULL)
            rule(judge, subject, hop, trunk, tally);
    }
}
