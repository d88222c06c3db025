#include "topo_internal.h"

#include <strings.h>

/* domain.md 2.1 */

const char *ds_topo_bypass_id(const struct ds_topo *topo, const struct ds_topo_node *node)
{
    bool takes_part = node->role != DS_ROLE_CONFERENCING || topo->bypass_conferences;
    if (!topo->bypass_enabled || !takes_part || node->media_site->external || node->communicator)
        return NULL;
    if (topo->always_bypass)
        return topo->global_bypass_id;
    const char *own = node->media_site->bypass_id;
    return own != NULL ? own : topo->default_bypass_id;
}

static bool trunk_permits(const struct ds_trunk *trunk)
{
    return trunk->a->role == DS_ROLE_MEDIATION && trunk->bypass && trunk->concentrated &&
           (trunk->refer || (!trunk->rtcp_active && !trunk->rtcp_on_hold));
}

static bool same_id(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcasecmp(a, b) == 0;
}

bool ds_topo_bypass_allowed(const struct ds_topo *topo,
                            const struct ds_topo_node *client,
                            const struct ds_trunk *trunk)
{
    bool inside = client->role == DS_ROLE_CLIENT && client->home != NULL &&
                  client->home->role != DS_ROLE_EDGE;
    bool takes_part = inside || client->role == DS_ROLE_CONFERENCING;
    if (!topo->bypass_enabled || !takes_part || !trunk_permits(trunk) ||
        !ds_topo_encrypts_alike(topo, trunk))
        return false;
    return same_id(ds_topo_bypass_id(topo, client), ds_topo_bypass_id(topo, trunk->b));
}

bool ds_topo_hairpin_allowed(const struct ds_topo *topo,
                             const struct ds_trunk *in,
                             const struct ds_trunk *out)
{
    return topo->bypass_enabled && trunk_permits(in) && trunk_permits(out) &&
           same_id(in->b->alternate_bypass_id, out->b->alternate_bypass_id);
}
