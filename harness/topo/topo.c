#include "topo_internal.h"

static const char *const option_names[DS_OPTION_COUNT] = {
    [DS_BEHIND_PBX] = "behind_pbx",
    [DS_IN_FRONT_OF_PBX] = "in_front_of_pbx",
    [DS_DIRECT_SIP_PARTNER] = "direct_sip_partner",
    [DS_VOIP_ONLY] = "voip_only",
    [DS_SIP_TRUNK] = "sip_trunk",
};

static const char *const role_names[DS_ROLE_COUNT] = {
    [DS_ROLE_CLIENT] = "client",
    [DS_ROLE_EDGE] = "edge",
    [DS_ROLE_POOL] = "pool",
    [DS_ROLE_MEDIATION] = "mediation",
    [DS_ROLE_GATEWAY] = "gateway",
    [DS_ROLE_PBX] = "pbx",
    [DS_ROLE_PHONE] = "phone",
    [DS_ROLE_PSTN] = "pstn",
    [DS_ROLE_ANALOGUE_GATEWAY] = "analogue_gateway",
    [DS_ROLE_ANALOGUE_PHONE] = "analogue_phone",
    [DS_ROLE_FAX] = "fax",
    [DS_ROLE_SBC] = "sbc",
    [DS_ROLE_UM] = "um",
    [DS_ROLE_CONFERENCING] = "conferencing",
    [DS_ROLE_CALL_PARK] = "call_park",
};

const char *ds_option_name(enum ds_option option)
{
    ds_assert(option < DS_OPTION_COUNT);
    return option_names[option];
}

const char *ds_role_name(enum ds_role_kind role)
{
    ds_assert(role < DS_ROLE_COUNT);
    return role_names[role];
}

const struct ds_topo_node *ds_topo_find(const struct ds_topo *topo, struct ds_slice name)
{
    for (size_t i = 0; i < topo->node_count; i++) {
        if (ds_slice_equal(ds_slice_of(topo->nodes[i].name), name))
            return &topo->nodes[i];
    }
    return NULL;
}

const struct ds_topo_node *ds_topo_at(const struct ds_topo *topo, struct ds_addr addr)
{
    for (size_t i = 0; i < topo->node_count; i++) {
        const struct ds_topo_node *node = &topo->nodes[i];
        if (ds_addr_same_ip(node->at, addr) || ds_addr_same_ip(node->media_at, addr) ||
            (node->av.port != 0 && ds_addr_same_ip(node->av, addr)) ||
            (node->has_nat && ds_addr_same_ip(node->nat, addr)))
            return node;
    }
    return NULL;
}

const struct ds_site *ds_topo_site_at(const struct ds_topo *topo, struct ds_addr addr)
{
    for (size_t i = 0; ds_addr_is_v4(&addr) && i < topo->site_count; i++)
        if ((ds_addr_ip4(&addr) & topo->sites[i].mask) == topo->sites[i].net)
            return &topo->sites[i];
    return NULL;
}

const struct ds_topo_node *ds_topo_first(const struct ds_topo *topo, enum ds_role_kind role)
{
    for (size_t i = 0; i < topo->node_count; i++) {
        if (topo->nodes[i].role == role && topo->nodes[i].stands_in_for == NULL)
            return &topo->nodes[i];
    }
    return NULL;
}

const struct ds_topo_node *ds_topo_by_fqdn(const struct ds_topo *topo, struct ds_slice fqdn)
{
    for (size_t i = 0; i < topo->node_count; i++) {
        if (ds_slice_equal_nocase(ds_slice_of(topo->nodes[i].fqdn), fqdn))
            return &topo->nodes[i];
    }
    return NULL;
}

static bool owns(const struct ds_topo_node *node, struct ds_slice number)
{
    return (node->number != NULL && ds_slice_equal(ds_slice_of(node->number), number)) ||
           (node->extension != NULL && ds_slice_equal(ds_slice_of(node->extension), number));
}

bool ds_topo_is_analogue(const struct ds_topo_node *node)
{
    return node->role == DS_ROLE_ANALOGUE_PHONE || node->role == DS_ROLE_FAX;
}

const struct ds_topo_node *ds_topo_owner(const struct ds_topo *topo, struct ds_slice number)
{
    for (size_t i = 0; i < topo->node_count; i++) {
        const struct ds_topo_node *node = &topo->nodes[i];
        bool inside = node->role == DS_ROLE_CLIENT || node->role == DS_ROLE_PHONE ||
                      ds_topo_is_analogue(node);
        if (inside && node->moves_from == NULL && owns(node, number))
            return node;
    }
    return NULL;
}

const struct ds_site *ds_topo_user_site(const struct ds_topo *topo, struct ds_slice number)
{
    const struct ds_topo_node *owner = ds_topo_owner(topo, number);
    return owner != NULL && owner->role == DS_ROLE_CLIENT ? owner->site : NULL;
}

enum ds_role_kind ds_topo_population(const struct ds_topo *topo, struct ds_slice number)
{
    for (size_t i = 0; i < topo->range_count; i++) {
        if (ds_rule_apply(&topo->ranges[i].numbers, number, NULL, 0))
            return topo->ranges[i].party;
    }
    const struct ds_topo_node *owner = ds_topo_owner(topo, number);
    return owner == NULL ? DS_ROLE_PSTN : owner->role;
}

bool ds_topo_in_service(const struct ds_topo *topo, struct ds_slice number)
{
    bool listed = false;
    for (size_t i = 0; i < topo->range_count; i++) {
        if (topo->ranges[i].party != DS_ROLE_PSTN)
            continue;
        if (ds_rule_apply(&topo->ranges[i].numbers, number, NULL, 0))
            return true;
        listed = true;
    }
    return !listed;
}

bool ds_topo_has_plan(const struct ds_topo *topo, const struct ds_topo_node *peer)
{
    for (size_t i = 0; i < topo->dial_plan_count; i++)
        if (peer != NULL && topo->dial_plan[i].from == peer)
            return true;
    return false;
}

bool ds_topo_normalize(const struct ds_topo *topo,
                       const struct ds_topo_node *from,
                       struct ds_slice dialled,
                       char *out,
                       size_t size)
{
    if (ds_slice_starts(dialled, DS_LITERAL("+")))
        return ds_slice_copy(dialled, out, size);
    if (!ds_topo_has_plan(topo, from))
        from = NULL;
    for (size_t i = 0; i < topo->dial_plan_count; i++) {
        const struct ds_plan_line *line = &topo->dial_plan[i];
        if (line->from == from && ds_rule_apply(&line->numbers, dialled, out, size))
            return true;
    }
    return false;
}

const struct ds_trunk *ds_topo_trunk(const struct ds_topo *topo,
                                     const struct ds_topo_node *a,
                                     const struct ds_topo_node *b)
{
    for (size_t i = 0; i < topo->trunk_count; i++) {
        const struct ds_trunk *trunk = &topo->trunks[i];
        if ((trunk->a == a && trunk->b == b) || (trunk->a == b && trunk->b == a))
            return trunk;
    }
    return NULL;
}

uint16_t ds_topo_port(const struct ds_topo_node *node, enum ds_transport transport)
{
    for (size_t i = 0; i < node->port_count; i++) {
        if (node->ports[i].transport == transport)
            return node->ports[i].port;
    }
    return 0;
}

size_t ds_topo_tones(const struct ds_topo *topo, uint32_t *out, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < topo->node_count && count < most; i++) {
        if (topo->nodes[i].tone_hz != 0)
            out[count++] = topo->nodes[i].tone_hz;
    }
    return count;
}

const struct ds_topo_node *ds_topo_talker(const struct ds_topo *topo, uint32_t tone_hz)
{
    for (size_t i = 0; i < topo->node_count && tone_hz != 0; i++) {
        if (topo->nodes[i].tone_hz == tone_hz)
            return &topo->nodes[i];
    }
    return NULL;
}
