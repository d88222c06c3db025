#include "mediation_internal.h"

/* Fax passes the Mediation Server's signalling and never its media: it cannot carry the tones
   ([FAXB]: domain.md 1.5). Whose number is a fax machine's it knows from the contact objects, which
   the topology stands for. */

static bool is_machine(const struct ds_bridge *bridge, const char *number)
{
    const struct ds_topo_node *owner = ds_topo_owner(bridge->node->topo, ds_slice_of(number));
    return owner != NULL && owner->role == DS_ROLE_FAX;
}

bool ds_mediation_is_fax(const struct ds_bridge *bridge)
{
    return (is_machine(bridge, bridge->number) || is_machine(bridge, bridge->caller)) &&
           !ds_node_has_defect(bridge->node, "keeps_fax_media");
}

const struct ds_topo_node *ds_mediation_fax_peer(const struct ds_bridge *bridge)
{
    const struct ds_topo_node *owner =
        ds_topo_owner(bridge->node->topo, ds_slice_of(bridge->number));
    if (!is_machine(bridge, bridge->number))
        return NULL;
    return ds_node_has_defect(bridge->node, "calls_fax_gateway") ? owner->home
                                                                 : ds_mediation_ingress(bridge);
}
