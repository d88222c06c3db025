#include "topo_internal.h"

/* Where a peer of the Mediation Server ends its audio: where it signals, unless its media processor
   stands elsewhere (RepresentativeMediaIP: domain.md 1.6, 2.1). */

static bool may_have(const struct ds_topo_node *node)
{
    return node->role == DS_ROLE_GATEWAY || node->role == DS_ROLE_PBX || node->role == DS_ROLE_SBC;
}

static ds_rc load_media_point(const struct ds_load *load, struct ds_topo_node *node)
{
    const struct ds_value *value = ds_node_value(load, node);
    struct ds_addr at;
    node->media_at = node->at;
    node->media_site = node->site;
    if (ds_value_text(value, "media_at") == NULL)
        return DS_OK;
    if (!may_have(node))
        return ds_refuse(
            load, ds_value_line(value, "media_at"),
            "'%s' is a %s: only a gateway, a pbx or an sbc has its media processor elsewhere",
            node->name, ds_role_name(node->role));
    ds_rc rc = ds_read_second_address(load, node, "media_at", false, &at);
    if (rc != DS_OK)
        return rc;
    node->media_at = at;
    node->media_site = ds_topo_site_at(load->topo, at);
    return DS_OK;
}

ds_rc ds_load_media_points(struct ds_load *load)
{
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < load->topo->node_count && rc == DS_OK; i++)
        rc = load_media_point(load, &load->nodes[i]);
    return rc;
}
