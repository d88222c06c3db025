#include "topo_internal.h"

#include <strings.h>

/* domain.md 2.1 */

const char *ds_topo_bypass_id(const struct ds_topo *topo, const struct ds_topo_node *node)
{
    if (!topo->bypass_enabled || node->site->external)
        return NULL;
    return topo->always_bypass ? topo->global_bypass_id : node->site->bypass_id;
}

static bool trunk_permits(const struct ds_trunk *trunk)
{
    return trunk->a->role == DS_ROLE_MEDIATION && trunk->bypass && trunk->concentrated &&
           (trunk->refer || (!trunk->rtcp_active && !trunk->rtcp_on_hold));
}

bool ds_topo_bypass_allowed(const struct ds_topo *topo,
                            const struct ds_topo_node *client,
                            const struct ds_trunk *trunk)
{
    if (!topo->bypass_enabled || client->role != DS_ROLE_CLIENT || !trunk_permits(trunk) ||
        !ds_topo_encrypts_alike(topo, trunk))
        return false;
    if (client->home == NULL || client->home->role == DS_ROLE_EDGE)
        return false;
    const char *near = ds_topo_bypass_id(topo, client), *far = ds_topo_bypass_id(topo, trunk->b);
    return near != NULL && far != NULL && strcasecmp(near, far) == 0;
}
