#include "planning_internal.h"

/* By which number somebody is called, and at which server. */

/* At voice mail's own numbers, or at those of users who do not answer: the way is the same. */
static const char *number_of(const struct ds_topo *topo, const struct ds_topo_node *callee)
{
    if (callee->role == DS_ROLE_CONFERENCING)
        return callee->name;
    if (callee->role != DS_ROLE_UM)
        return callee->number;
    if (topo->voice_mail.access != NULL)
        return topo->voice_mail.access;
    for (size_t i = 0; i < topo->node_count; i++)
        if (topo->nodes[i].handling.voice_mail)
            return topo->nodes[i].number;
    return topo->voice_mail.attendant;
}

/* The service of parked calls is called at its orbits. */
bool ds_planning_number(const struct ds_topo *topo,
                        const struct ds_topo_node *callee,
                        char *out,
                        size_t size)
{
    char orbit[DS_ORBIT_SIZE];
    const char *number = callee == topo->call_park.service ? orbit : number_of(topo, callee);
    if (number == orbit)
        ds_topo_orbit(topo, 0, orbit);
    return number != NULL && ds_slice_copy(ds_slice_of(number), out, size);
}

/* The servers are tried in their order: where one has failed, the next takes the call. */
const struct ds_topo_node *ds_planning_server(const struct ds_topo *topo,
                                              const struct ds_topo_node *callee,
                                              const struct ds_topo_node *without)
{
    const struct ds_voice_mail *mail = &topo->voice_mail;
    if (callee->role != DS_ROLE_UM || callee != without)
        return callee;
    for (size_t i = 0; i < mail->server_count; i++)
        if (mail->servers[i] != without)
            return mail->servers[i];
    return callee;
}
