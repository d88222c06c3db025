#include "course_internal.h"

/* Calls of a conferencing server: who is at the other end, and where their road ends. */

bool ds_subject_is_conference(const struct ds_subject *subject)
{
    return ds_is_role(subject->caller, DS_ROLE_CONFERENCING) ||
           ds_is_role(subject->callee, DS_ROLE_CONFERENCING);
}

static const struct ds_topo_node *server_called(const struct ds_judge *judge,
                                                const struct ds_call *call)
{
    struct ds_uri uri;
    if (ds_uri_parse(ds_msg_request_uri(call->hops[0].invite->msg), &uri) != DS_OK)
        return NULL;
    const struct ds_topo_node *node = ds_topo_by_fqdn(judge->topo, uri.host);
    return ds_is_role(node, DS_ROLE_CONFERENCING) ? node : NULL;
}

void ds_subject_confer(const struct ds_judge *judge, struct ds_subject *subject)
{
    const struct ds_call *call = subject->call;
    const struct ds_topo_node *server = server_called(judge, call);
    if (server != NULL)
        subject->callee = server;
}

const struct ds_trunk *ds_conference_trunk(const struct ds_judge *judge, const struct ds_call *call)
{
    for (; call != NULL; call = call->replaces != NULL ? call->replaces->call : call->continues)
        for (size_t i = 0; i < call->hop_count; i++) {
            const struct ds_trunk *trunk =
                ds_judge_trunk(judge, call->hops[i].from_node, call->hops[i].to_node);
            if (trunk != NULL)
                return trunk;
        }
    return NULL;
}
