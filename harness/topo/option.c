#include "topo_internal.h"

/* What each deployment option demands of its elements and trunks (domain.md 1.1). */

typedef ds_rc option_fn(const struct ds_load *load);

static int option_line(const struct ds_load *load)
{
    return ds_value_line(load->root, "option");
}

static const struct ds_trunk *
find_trunk(const struct ds_load *load, const struct ds_topo_node *node, enum ds_role_kind role)
{
    for (size_t i = 0; i < load->topo->trunk_count; i++) {
        const struct ds_trunk *trunk = &load->trunks[i];
        if ((trunk->a == node && trunk->b->role == role) ||
            (trunk->b == node && trunk->a->role == role))
            return trunk;
    }
    return NULL;
}

static ds_rc need_role(const struct ds_load *load, enum ds_role_kind role)
{
    if (ds_topo_first(load->topo, role) != NULL)
        return DS_OK;
    return ds_refuse(load, option_line(load), "%s needs a %s among the nodes",
                     ds_option_name(load->topo->option), ds_role_name(role));
}

static ds_rc refuse_role(const struct ds_load *load, enum ds_role_kind role, const char *because)
{
    const struct ds_topo_node *node = ds_topo_first(load->topo, role);
    if (node == NULL)
        return DS_OK;
    return ds_refuse(load, node->line, "%s has no %s, and '%s' is one: %s",
                     ds_option_name(load->topo->option), ds_role_name(role), node->name, because);
}

/* A gateway for the telephones of a PBX alone ([LBR]): it leads nowhere else. */
static bool serves_site(const struct ds_load *load, const struct ds_topo_node *node)
{
    const struct ds_trunk *trunk = find_trunk(load, node, DS_ROLE_MEDIATION);
    return trunk != NULL && trunk->users_at != NULL;
}

/* Every node of one role must have a trunk to some node of another. */
static ds_rc need_trunks(const struct ds_load *load,
                         enum ds_role_kind role,
                         enum ds_role_kind other,
                         const char *because)
{
    for (size_t i = 0; i < load->topo->node_count; i++) {
        const struct ds_topo_node *node = &load->nodes[i];
        bool excused = other == DS_ROLE_PSTN && serves_site(load, node);
        if (node->role == role && find_trunk(load, node, other) == NULL && !excused)
            return ds_refuse(load, node->line, "%s '%s' has no trunk to a %s: %s",
                             ds_role_name(role), node->name, ds_role_name(other), because);
    }
    return DS_OK;
}

static ds_rc refuse_trunks(const struct ds_load *load,
                           enum ds_role_kind role,
                           enum ds_role_kind other,
                           const char *because)
{
    for (size_t i = 0; i < load->topo->node_count; i++) {
        const struct ds_topo_node *node = &load->nodes[i];
        const struct ds_trunk *trunk = node->role == role ? find_trunk(load, node, other) : NULL;
        if (trunk != NULL)
            return ds_refuse(load, trunk->line, "%s '%s' cannot have a trunk to a %s: %s",
                             ds_role_name(role), node->name, ds_role_name(other), because);
    }
    return DS_OK;
}

static ds_rc check_gateways(const struct ds_load *load)
{
    ds_rc rc = need_role(load, DS_ROLE_GATEWAY);
    return rc == DS_OK ? need_trunks(load, DS_ROLE_GATEWAY, DS_ROLE_MEDIATION,
                                     "it could pass no call to Lync Server")
                       : rc;
}

/* The small gateway for analogue devices is a peer of the Mediation Server like any other, and
 * takes fax from another gateway: domain.md 1.5. */
static ds_rc check_analogue(const struct ds_load *load)
{
    ds_rc rc = need_trunks(load, DS_ROLE_ANALOGUE_GATEWAY, DS_ROLE_MEDIATION,
                           "its telephones could call nobody");
    bool fax = ds_topo_first(load->topo, DS_ROLE_FAX) != NULL;
    return rc == DS_OK && fax
               ? need_trunks(load, DS_ROLE_ANALOGUE_GATEWAY, DS_ROLE_GATEWAY,
                             "fax comes back from the gateway that a call came in by")
               : rc;
}

static ds_rc check_behind(const struct ds_load *load)
{
    ds_rc rc = need_role(load, DS_ROLE_PBX);
    if (rc == DS_OK)
        rc = check_gateways(load);
    if (rc == DS_OK)
        rc = need_trunks(load, DS_ROLE_PBX, DS_ROLE_PSTN,
                         "behind the PBX every PSTN call lands on it");
    if (rc == DS_OK)
        rc = need_trunks(load, DS_ROLE_PBX, DS_ROLE_GATEWAY,
                         "behind the PBX a gateway links it to Lync Server");
    if (rc == DS_OK)
        rc = refuse_trunks(load, DS_ROLE_GATEWAY, DS_ROLE_PSTN,
                           "behind the PBX every PSTN call lands on the PBX");
    if (rc == DS_OK)
        rc = refuse_trunks(load, DS_ROLE_PBX, DS_ROLE_MEDIATION,
                           "without a gateway between them the option is direct_sip_partner");
    return rc;
}

static ds_rc check_in_front(const struct ds_load *load)
{
    ds_rc rc = need_role(load, DS_ROLE_PBX);
    if (rc == DS_OK)
        rc = check_gateways(load);
    if (rc == DS_OK)
        rc = need_trunks(load, DS_ROLE_PBX, DS_ROLE_GATEWAY,
                         "in front of the PBX the gateway needs a trunk group to it");
    if (rc == DS_OK)
        rc = need_trunks(load, DS_ROLE_GATEWAY, DS_ROLE_PSTN,
                         "in front of the PBX every PSTN call lands on the gateway");
    if (rc == DS_OK)
        rc = refuse_trunks(load, DS_ROLE_PBX, DS_ROLE_PSTN,
                           "in front of the PBX every PSTN call lands on the gateway");
    return rc;
}

static ds_rc check_partner(const struct ds_load *load)
{
    ds_rc rc = need_role(load, DS_ROLE_PBX);
    if (rc == DS_OK)
        rc = need_trunks(load, DS_ROLE_PBX, DS_ROLE_MEDIATION,
                         "a Direct SIP partner is joined to the Mediation Server itself");
    if (rc == DS_OK)
        rc = need_trunks(load, DS_ROLE_PBX, DS_ROLE_PSTN,
                         "PSTN calls use the PBX's own carrier trunks");
    if (rc == DS_OK)
        rc = refuse_trunks(load, DS_ROLE_GATEWAY, DS_ROLE_PBX,
                           "a Direct SIP partner needs no gateway before it");
    return rc;
}

static ds_rc check_voip_only(const struct ds_load *load)
{
    static const char because[] = "where a PBX stays the option is another";
    ds_rc rc = refuse_role(load, DS_ROLE_PBX, because);
    if (rc == DS_OK)
        rc = refuse_role(load, DS_ROLE_PHONE, because);
    if (rc == DS_OK)
        rc = check_gateways(load);
    if (rc == DS_OK)
        rc = need_trunks(load, DS_ROLE_GATEWAY, DS_ROLE_PSTN,
                         "without a PBX the gateway is the only way to the PSTN");
    return rc;
}

/* domain.md 1.7; [ADP] knows no fax over such a trunk. */
static ds_rc check_sip_trunk(const struct ds_load *load)
{
    static const char because[] = "the carrier's controller takes its place";
    ds_rc rc = need_role(load, DS_ROLE_SBC);
    if (rc == DS_OK)
        rc = refuse_role(load, DS_ROLE_FAX, "fax is not supported over a SIP trunk");
    if (rc == DS_OK)
        rc = refuse_role(load, DS_ROLE_ANALOGUE_GATEWAY, because);
    if (rc == DS_OK)
        rc = refuse_role(load, DS_ROLE_GATEWAY, because);
    if (rc == DS_OK)
        rc = refuse_role(load, DS_ROLE_PBX, because);
    if (rc == DS_OK)
        rc = need_trunks(load, DS_ROLE_SBC, DS_ROLE_MEDIATION, "the SIP trunk is what joins them");
    return rc == DS_OK ? need_trunks(load, DS_ROLE_SBC, DS_ROLE_PSTN,
                                     "the carrier's own network lies behind it")
                       : rc;
}

static option_fn *const checks[DS_OPTION_COUNT] = {
    [DS_BEHIND_PBX] = check_behind,          [DS_IN_FRONT_OF_PBX] = check_in_front,
    [DS_DIRECT_SIP_PARTNER] = check_partner, [DS_VOIP_ONLY] = check_voip_only,
    [DS_SIP_TRUNK] = check_sip_trunk,
};

/* A Mediation Server's first point is the pool's, so it needs another for its trunks. */
static ds_rc check_ports(const struct ds_load *load)
{
    for (size_t i = 0; i < load->topo->node_count; i++) {
        const struct ds_topo_node *node = &load->nodes[i];
        bool inner = node->role == DS_ROLE_POOL || node->role == DS_ROLE_EDGE ||
                     node->role == DS_ROLE_MEDIATION || node->role == DS_ROLE_CONFERENCING;
        int line = ds_value_line(ds_node_value(load, node), "sip");
        if (inner && (node->port_count == 0 || node->ports[0].transport == DS_UDP))
            return ds_refuse(load, line, "'%s' is a %s and must listen at tls or tcp first",
                             node->name, ds_role_name(node->role));
        bool wired = node->role == DS_ROLE_PHONE || ds_topo_is_analogue(node);
        if (wired && ds_topo_port(node->home, DS_UDP) == 0)
            return ds_refuse(load, node->line,
                             "'%s' reaches its %s '%s' over udp, which has no udp port", node->name,
                             node->role == DS_ROLE_PHONE ? "PBX" : "gateway", node->home->name);
        if (node->port_count == 0 && node->role != DS_ROLE_CLIENT)
            return ds_refuse(load, line, "'%s' listens nowhere", node->name);
    }
    return DS_OK;
}

/* Clients are told of one; a pool's own members stand behind one name. */
static ds_rc check_conferencing(const struct ds_load *load)
{
    const struct ds_topo_node *first = ds_topo_first(load->topo, DS_ROLE_CONFERENCING);
    for (size_t i = 0; i < load->topo->node_count; i++) {
        const struct ds_topo_node *node = &load->nodes[i];
        if (node->role == DS_ROLE_CONFERENCING && node != first)
            return ds_refuse(load, node->line,
                             "'%s' is a second conferencing server beside '%s': there is one at "
                             "most",
                             node->name, first->name);
    }
    return DS_OK;
}

ds_rc ds_check_option(struct ds_load *load)
{
    static const enum ds_role_kind always[] = {DS_ROLE_POOL, DS_ROLE_MEDIATION, DS_ROLE_CLIENT,
                                               DS_ROLE_PSTN};

    ds_rc rc = DS_OK;
    for (size_t i = 0; i < DS_COUNT(always) && rc == DS_OK; i++)
        rc = need_role(load, always[i]);
    if (rc == DS_OK)
        rc = check_ports(load);
    if (rc == DS_OK)
        rc = check_analogue(load);
    if (rc == DS_OK)
        rc = check_conferencing(load);
    if (rc == DS_OK && load->topo->option != DS_SIP_TRUNK)
        rc = refuse_role(load, DS_ROLE_SBC, "with a carrier's controller the option is sip_trunk");
    return rc == DS_OK ? checks[load->topo->option](load) : rc;
}
