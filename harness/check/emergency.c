#include "emergency_internal.h"

const struct ds_location_policy *ds_subject_emergency(const struct ds_subject *subject)
{
    bool own = subject->left_count == 0 && subject->before == NULL;
    return own && ds_is_role(subject->caller, DS_ROLE_CLIENT)
               ? ds_topo_emergency(subject->caller, ds_slice_of(subject->number))
               : NULL;
}

const struct ds_hop_seen *ds_call_shown(const struct ds_call *call)
{
    const struct ds_hop_seen *shown = NULL;
    for (size_t i = 0; i < call->hop_count; i++) {
        const struct ds_hop_seen *hop = &call->hops[i];
        if (ds_is_role(hop->from_node, DS_ROLE_GATEWAY) && hop->from_node->elin &&
            !ds_is_role(hop->to_node, DS_ROLE_MEDIATION))
            shown = hop;
    }
    return shown;
}

const struct ds_topo_node *
ds_judge_shown_as(const struct ds_judge *judge, const struct ds_call *call, struct ds_slice elin)
{
    const struct ds_topo_node *caller = NULL;
    for (size_t i = 0; i < judge->trace->call_count && &judge->trace->calls[i] != call; i++) {
        const struct ds_subject *before = &judge->subjects[i];
        const struct ds_hop_seen *shown =
            ds_subject_emergency(before) == NULL ? NULL : ds_call_shown(before->call);
        if (shown != NULL && ds_slice_equal(ds_event_user(shown->invite, "From"), elin))
            caller = before->caller;
    }
    return caller;
}
