#include "pool_internal.h"

/* Calls that have no bandwidth: over the PSTN to the same user, else to voice mail, else refused
   ([CAC]: domain.md 2.4). That they may go over the Internet is for the ends to find out before. */

#define NO_BANDWIDTH     4 /* ms-diagnostics of who is called: [OCER] */
#define BUT_OVER_PSTN    5
#define TARGET_CONGESTED 13010 /* and ours: [OCER13] */

static bool
device_failed(void *owner, struct ds_server_txn *txn, int status, const struct ds_msg *msg)
{
    const struct ds_pool *pool = owner;
    struct ds_pool_shortage *shortage = ds_pool_shortage_of(pool, txn);
    uint32_t id = msg == NULL ? 0 : ds_msg_diagnostics_id(msg);
    bool over_pstn = id == BUT_OVER_PSTN;
    if (shortage == NULL || (!over_pstn && id != NO_BANDWIDTH))
        return false;
    shortage->status = status;
    shortage->over_pstn = shortage->over_pstn || over_pstn;
    return false;
}

void ds_pool_watch_bandwidth(struct ds_pool_routing *routing)
{
    if (!routing->node->topo->admission)
        return;
    routing->events = (struct ds_proxy_events){.failed = device_failed};
    routing->branch_owner = routing->pool;
}

/* EnablePSTNReroute, of whoever calls ([VP]). Who calls from a trunk is on the PSTN already. */
static bool may_reroute(const struct ds_pool_routing *routing)
{
    const struct ds_topo_node *caller = ds_pool_calling_user(routing);
    return caller != NULL && caller->user->pstn_reroute &&
           !ds_node_has_defect(routing->node, "never_reroutes");
}

bool ds_pool_reroute(struct ds_pool_routing *routing, struct ds_pool_shortage *shortage)
{
    if (!shortage->over_pstn || !may_reroute(routing))
        return false;
    routing->events = (struct ds_proxy_events){.failed = NULL};
    routing->branch_owner = NULL;
    ds_node_log(routing->node, 2, "%s has no bandwidth: over the PSTN", routing->number);
    shortage->tried = ds_pool_route_beside(routing);
    return shortage->tried;
}

void ds_pool_refuse_for_bandwidth(struct ds_pool_routing *routing,
                                  const struct ds_pool_shortage *shortage)
{
    if (ds_node_has_defect(routing->node, "hides_want_of_bandwidth"))
        ds_ua_reply(routing->node->ua, routing->txn, 480, NULL);
    else
        ds_pool_refuse(routing, shortage->status, TARGET_CONGESTED,
                       "Target rejected call because of bandwidth congestion");
}
