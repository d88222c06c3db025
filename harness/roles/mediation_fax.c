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

/* The pool is a proxy: a call of ours that comes back has the Call-ID that we gave it. */
static const struct ds_topo_node *ingress_of(const struct ds_bridge *bridge)
{
    struct ds_slice call_id = ds_msg_call_id(bridge->invite);
    const struct ds_bridges *bridges = ds_node_bridges(bridge->node);
    for (struct ds_list *at = bridges->list.next; at != &bridges->list; at = at->next) {
        const struct ds_bridge *other = DS_OWNER(at, struct ds_bridge, link);
        const struct ds_msg *sent =
            other->out.session == NULL ? NULL : ds_session_invite_msg(other->out.session);
        if (other != bridge && sent != NULL && ds_slice_equal(ds_msg_call_id(sent), call_id))
            return other->in.peer;
    }
    return NULL;
}

const struct ds_topo_node *ds_mediation_fax_peer(const struct ds_bridge *bridge)
{
    const struct ds_topo_node *owner =
        ds_topo_owner(bridge->node->topo, ds_slice_of(bridge->number));
    if (!is_machine(bridge, bridge->number))
        return NULL;
    return ds_node_has_defect(bridge->node, "calls_fax_gateway") ? owner->home : ingress_of(bridge);
}
