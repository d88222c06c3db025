#include "bridge_internal.h"

/* How long the leg that went out may be silent, or ring, before the policy does something about it.
   A leg that is abandoned is cancelled and ends by itself, while the bridge goes elsewhere. */

static void on_timer(struct ds_timer *timer)
{
    struct ds_bridge *bridge = DS_OWNER(timer, struct ds_bridge, patience);
    if (bridge->out.session != NULL && !bridge->ending &&
        (bridge->in.session != NULL || bridge->stands_for != NULL))
        bridge->policy->impatient(bridge, bridge->alerts);
}

void ds_bridge_patience(struct ds_bridge *bridge, bool alerts)
{
    const struct ds_bridge_policy *policy = bridge->policy;
    struct ds_clock *clock = ds_net_clock(bridge->node->net);
    ds_us patience = policy->patience == NULL ? 0 : policy->patience(bridge, alerts);
    ds_timer_stop(clock, &bridge->patience);
    bridge->alerts = alerts;
    if (patience > 0 && ds_timer_start(clock, &bridge->patience, patience, on_timer) != DS_OK)
        ds_node_log(bridge->node, 1,
                    "out of memory: the call to %s is waited for as long as it likes",
                    bridge->number);
}

void ds_bridge_patience_over(struct ds_bridge *bridge)
{
    ds_timer_stop(ds_net_clock(bridge->node->net), &bridge->patience);
}

void ds_bridge_abandon(struct ds_bridge *bridge)
{
    ds_session_hang_up(bridge->out.session, NULL);
    ds_session_free(&bridge->out.session);
}
