#include "topo_internal.h"

/* Location-based routing (domain.md 3.5): a site may have a voice routing policy, a trunk may be
   restricted to a site, and the users behind a trunk of a PBX may be at one. */

const struct ds_site *ds_topo_location(const struct ds_topo_node *device)
{
    bool known = device != NULL && device->role == DS_ROLE_CLIENT && !device->site->external;
    return known ? device->site : NULL;
}

static ds_rc load_policy(const struct ds_load *load, struct ds_site *site)
{
    const struct ds_value *sites = ds_value_get(load->root, "sites");
    const struct ds_value *policy =
        ds_value_get(ds_value_get(sites, site->name), "voice_routing_policy");
    if (policy != NULL && site->external)
        return ds_refuse(load, policy->line,
                         "site '%s' is external and has no voice_routing_policy: whoever is "
                         "outside is in an unknown place",
                         site->name);
    return ds_load_admitted(load, policy, &site->voice_routing_policy);
}

/* On a PBX's trunk a site means something else: its users count as being there ([LBR]). */
static bool may_be_restricted(const struct ds_trunk *trunk)
{
    return trunk->a->role == DS_ROLE_MEDIATION &&
           (trunk->b->role == DS_ROLE_GATEWAY || trunk->b->role == DS_ROLE_SBC);
}

static ds_rc
load_restriction(const struct ds_load *load, const struct ds_value *value, struct ds_trunk *trunk)
{
    const char *name = ds_value_text(value, "restricted_to");
    int line = ds_value_line(value, "restricted_to");
    if (name == NULL)
        return DS_OK;
    trunk->restricted_to = ds_find_site(load, name);
    if (trunk->restricted_to == NULL || trunk->restricted_to->external)
        return ds_refuse(load, line, "the trunk is restricted to '%.40s', which is no site inside",
                         name);
    if (!may_be_restricted(trunk))
        return ds_refuse(load, line,
                         "only a trunk that joins a Mediation Server with a gateway or an sbc is "
                         "restricted to a site");
    if (!load->topo->by_usages)
        return ds_refuse(
            load, line, "only where the pool's routes have usages is a trunk restricted to a site");
    return DS_OK;
}

/* Has it a way to the public network that is not the Mediation Server's? */
static bool leads_out(const struct ds_load *load, const struct ds_topo_node *peer)
{
    for (size_t i = 0; i < load->topo->trunk_count; i++) {
        const struct ds_trunk *trunk = &load->trunks[i];
        if (trunk->b->role == DS_ROLE_PSTN && trunk->a == peer)
            return true;
    }
    return false;
}

static ds_rc
load_users_at(const struct ds_load *load, const struct ds_value *value, struct ds_trunk *trunk)
{
    const char *name = ds_value_text(value, "users_at");
    int line = ds_value_line(value, "users_at");
    if (name == NULL)
        return DS_OK;
    trunk->users_at = ds_find_site(load, name);
    if (trunk->users_at == NULL || trunk->users_at->external)
        return ds_refuse(load, line,
                         "the users of the trunk are at '%.40s', which is no site inside", name);
    if (!load->topo->by_usages)
        return ds_refuse(load, line,
                         "only where the pool's routes have usages has a trunk users at a site");
    if (trunk->a->role != DS_ROLE_MEDIATION || leads_out(load, trunk->b))
        return ds_refuse(load, line,
                         "only a trunk that joins a Mediation Server with a peer that has no way "
                         "of its own to the PSTN has users at a site");
    return DS_OK;
}

ds_rc ds_load_locations(struct ds_load *load)
{
    const struct ds_value *value = ds_value_get(load->root, "trunks")->first;
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < load->topo->site_count && rc == DS_OK; i++)
        rc = load_policy(load, &load->sites[i]);
    for (size_t i = 0; i < load->topo->trunk_count && rc == DS_OK; i++, value = value->next)
        rc = load_restriction(load, value, &load->trunks[i]);
    value = ds_value_get(load->root, "trunks")->first;
    for (size_t i = 0; i < load->topo->trunk_count && rc == DS_OK; i++, value = value->next)
        rc = load_users_at(load, value, &load->trunks[i]);
    return rc;
}
