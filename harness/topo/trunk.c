#include "topo_internal.h"

#include <string.h>

static const struct ds_field trunk_fields[] = {
    {"kind", DS_TEXT},
    {"transport", DS_TEXT},
    {"ports", DS_TABLE},
    {"bypass", DS_FLAG},
    {"concentrated", DS_FLAG},
    {"refer", DS_FLAG},
    {"rtcp_active", DS_FLAG},
    {"rtcp_on_hold", DS_FLAG},
    {"remove_plus", DS_FLAG},
    {"forward_pai", DS_FLAG},
    {"forward_history", DS_FLAG},
    {"session_timer", DS_FLAG},
    {"fast_failover", DS_FLAG},
    {"max_early_dialogs", DS_WHOLE},
    {"channels", DS_WHOLE},
    {"usages", DS_TABLE},
    {"called", DS_TABLE},
    {"calling", DS_TABLE},
    {"codes", DS_TABLE},
    {"defined", DS_FLAG},
    {"third_party_refer", DS_FLAG},
    {"srtp", DS_TEXT},
    {"restricted_to", DS_TEXT},
    {"users_at", DS_TEXT},
    {"pidf_lo", DS_FLAG},
};

#define DEFAULT_EARLY_DIALOGS 20 /* domain.md 4 */

/* How far from the Mediation Server; 0: no trunk ends there. */
static int distance(enum ds_role_kind role)
{
    switch (role) {
    case DS_ROLE_MEDIATION:
        return 1;
    case DS_ROLE_GATEWAY:
    case DS_ROLE_SBC:
        return 2;
    case DS_ROLE_ANALOGUE_GATEWAY:
        return 3;
    case DS_ROLE_PBX:
        return 4;
    case DS_ROLE_PSTN:
        return 5;
    case DS_ROLE_CLIENT:
    case DS_ROLE_EDGE:
    case DS_ROLE_POOL:
    case DS_ROLE_PHONE:
    case DS_ROLE_ANALOGUE_PHONE:
    case DS_ROLE_FAX:
    case DS_ROLE_UM:
    case DS_ROLE_CONFERENCING:
    case DS_ROLE_CALL_PARK:
    case DS_ROLE_COUNT:
        break;
    }
    return 0;
}

static ds_rc load_end(const struct ds_load *load,
                      const struct ds_value *value,
                      int64_t index,
                      const struct ds_topo_node **out)
{
    const struct ds_value *name = ds_value_item(value, index);
    if (name == NULL || name->kind != DS_TEXT)
        return ds_refuse(load, value->line, "a trunk begins with the names of its two ends");
    *out = ds_topo_find(load->topo, ds_slice_of(name->text));
    if (*out == NULL)
        return ds_refuse(load, name->line, "the trunk leads to '%.40s', which is no node",
                         name->text);
    if (distance((*out)->role) == 0)
        return ds_refuse(load, name->line,
                         "no trunk ends at '%s', a %s: trunks join mediation, gateway, "
                         "analogue_gateway, pbx, sbc and pstn",
                         name->text, ds_role_name((*out)->role));
    return DS_OK;
}

static ds_rc
load_ends(const struct ds_load *load, const struct ds_value *value, struct ds_trunk *trunk)
{
    ds_rc rc = load_end(load, value, 1, &trunk->a);
    if (rc == DS_OK)
        rc = load_end(load, value, 2, &trunk->b);
    if (rc == DS_OK && ds_value_item(value, 3) != NULL)
        rc = ds_refuse(load, value->line, "a trunk has two ends");
    if (rc == DS_OK && trunk->a == trunk->b)
        rc = ds_refuse(load, value->line, "the trunk joins '%s' with itself", trunk->a->name);
    return rc;
}

static ds_rc
load_kind(const struct ds_load *load, const struct ds_value *value, struct ds_trunk *trunk)
{
    const char *kind = ds_value_text(value, "kind"), *transport = ds_value_text(value, "transport");
    int line = ds_value_line(value, "transport");
    if (kind != NULL && strcmp(kind, "sip") != 0 && strcmp(kind, "tdm") != 0)
        return ds_refuse(load, ds_value_line(value, "kind"),
                         "a trunk is of kind sip or tdm, not '%.40s'", kind);
    trunk->kind = kind != NULL && strcmp(kind, "tdm") == 0 ? DS_TRUNK_TDM : DS_TRUNK_SIP;
    if (trunk->kind == DS_TRUNK_TDM) {
        trunk->transport = DS_UDP;
        return transport == NULL ? DS_OK
                                 : ds_refuse(load, line, "a tdm trunk has no transport to choose");
    }
    if (transport != NULL && strcmp(transport, "udp") == 0)
        return ds_refuse(load, line,
                         "a SIP trunk runs over tcp or tls: a Mediation Server does not speak udp");
    if (transport != NULL && strcmp(transport, "tcp") != 0 && strcmp(transport, "tls") != 0)
        return ds_refuse(load, line, "a SIP trunk runs over tcp or tls, not '%.40s'", transport);
    trunk->transport = transport != NULL && strcmp(transport, "tls") == 0 ? DS_TLS : DS_TCP;
    return DS_OK;
}

/* The first point of a Mediation Server is the pool's; its trunks use the others. */
static size_t first_trunk_port(const struct ds_topo_node *node)
{
    return node->role == DS_ROLE_MEDIATION ? 1 : 0;
}

static uint16_t default_port(const struct ds_topo_node *node, enum ds_transport transport)
{
    for (size_t i = first_trunk_port(node); i < node->port_count; i++) {
        if (node->ports[i].transport == transport)
            return node->ports[i].port;
    }
    return 0;
}

static bool may_use(const struct ds_topo_node *node, enum ds_transport transport, int64_t port)
{
    for (size_t i = first_trunk_port(node); i < node->port_count; i++) {
        if (node->ports[i].transport == transport && node->ports[i].port == port)
            return true;
    }
    return false;
}

static ds_rc load_port(const struct ds_load *load,
                       const struct ds_value *value,
                       const struct ds_trunk *trunk,
                       int64_t index,
                       uint16_t *out)
{
    const struct ds_topo_node *node = index == 1 ? trunk->a : trunk->b;
    const struct ds_value *ports = ds_value_get(value, "ports");
    const char *transport = ds_transport_name(trunk->transport);
    const char *beside =
        node->role == DS_ROLE_MEDIATION ? " beside its first, which is the pool's" : "";
    if (ports == NULL) {
        *out = default_port(node, trunk->transport);
        return *out != 0 ? DS_OK
                         : ds_refuse(load, value->line,
                                     "the trunk runs over %s, and '%s' has no %s port%s", transport,
                                     node->name, transport, beside);
    }
    const struct ds_value *port = ds_value_item(ports, index);
    if (port == NULL)
        return ds_refuse(load, ports->line, "ports are two numbers: one at '%s', one at '%s'",
                         trunk->a->name, trunk->b->name);
    if (!may_use(node, trunk->transport, port->whole))
        return ds_refuse(load, port->line, "'%s' has no %s port %lld%s", node->name, transport,
                         (long long)port->whole, beside);
    *out = (uint16_t)port->whole;
    return DS_OK;
}

static ds_rc
load_ports(const struct ds_load *load, const struct ds_value *value, struct ds_trunk *trunk)
{
    const struct ds_value *ports = ds_value_get(value, "ports");
    ds_rc rc = ports == NULL ? DS_OK : ds_list_check(load, ports, "ports", DS_WHOLE, 2);
    if (rc == DS_OK)
        rc = load_port(load, value, trunk, 1, &trunk->a_port);
    if (rc == DS_OK)
        rc = load_port(load, value, trunk, 2, &trunk->b_port);
    return rc;
}

static ds_rc load_count(const struct ds_load *load,
                        const struct ds_value *value,
                        const char *name,
                        uint32_t most,
                        uint32_t *out)
{
    const struct ds_value *field = ds_value_get(value, name);
    if (field == NULL)
        return DS_OK;
    if (field->whole < 1 || field->whole > most)
        return ds_refuse(load, field->line, "%s must be 1 to %u, and is %lld", name, most,
                         (long long)field->whole);
    *out = (uint32_t)field->whole;
    return DS_OK;
}

static ds_rc
load_behaviour(const struct ds_load *load, const struct ds_value *value, struct ds_trunk *trunk)
{
    trunk->defined = ds_value_flag(value, "defined", true);
    trunk->bypass = ds_value_flag(value, "bypass", false);
    trunk->concentrated = ds_value_flag(value, "concentrated", true);
    trunk->refer = ds_value_flag(value, "refer", true);
    trunk->third_party_refer = ds_value_flag(value, "third_party_refer", false);
    trunk->rtcp_active = ds_value_flag(value, "rtcp_active", true);
    trunk->rtcp_on_hold = ds_value_flag(value, "rtcp_on_hold", true);
    trunk->remove_plus = ds_value_flag(value, "remove_plus", false);
    trunk->pidf_lo = ds_value_flag(value, "pidf_lo", false);
    trunk->forward_pai = ds_value_flag(value, "forward_pai", false);
    trunk->forward_history = ds_value_flag(value, "forward_history", false);
    trunk->session_timer = ds_value_flag(value, "session_timer", false);
    trunk->fast_failover = ds_value_flag(value, "fast_failover", true);
    trunk->max_early_dialogs = DEFAULT_EARLY_DIALOGS;
    ds_rc rc = load_count(load, value, "max_early_dialogs", 100, &trunk->max_early_dialogs);
    return rc == DS_OK ? load_count(load, value, "channels", 10000, &trunk->channels) : rc;
}

/* What only the trunks of a Mediation Server have does not belong on a circuit. */
static ds_rc
check_tdm(const struct ds_load *load, const struct ds_value *value, const struct ds_trunk *trunk)
{
    if (trunk->a->role == DS_ROLE_MEDIATION)
        return ds_refuse(load, value->line,
                         "'%s' is a Mediation Server and has no circuits: a tdm trunk joins "
                         "gateway, pbx, sbc and pstn",
                         trunk->a->name);
    if (trunk->a->role == DS_ROLE_ANALOGUE_GATEWAY || trunk->b->role == DS_ROLE_ANALOGUE_GATEWAY)
        return ds_refuse(load, value->line,
                         "an analogue gateway has lines and no circuits: a tdm trunk joins "
                         "gateway, pbx, sbc and pstn");
    for (size_t i = 0; i < DS_COUNT(trunk_fields); i++) {
        const struct ds_value *field = ds_value_get(value, trunk_fields[i].name);
        if (field != NULL &&
            (field->kind == DS_FLAG || strcmp(field->name, "max_early_dialogs") == 0 ||
             strcmp(field->name, "srtp") == 0))
            return ds_refuse(load, field->line, "a tdm trunk has no %s", field->name);
    }
    return DS_OK;
}

static ds_rc
check_sip(const struct ds_load *load, const struct ds_value *value, const struct ds_trunk *trunk)
{
    if (ds_value_get(value, "channels") != NULL)
        return ds_refuse(load, ds_value_line(value, "channels"),
                         "channels are counted on tdm trunks only");
    if (trunk->a->role == DS_ROLE_MEDIATION && trunk->b->role == DS_ROLE_MEDIATION)
        return ds_refuse(load, value->line, "no trunk joins two Mediation Servers");
    if (trunk->a->role == DS_ROLE_MEDIATION && trunk->b->role == DS_ROLE_PSTN)
        return ds_refuse(load, value->line,
                         "a Mediation Server meets the PSTN through a gateway, a PBX or an sbc: no "
                         "trunk joins '%s' and '%s'",
                         trunk->a->name, trunk->b->name);
    return DS_OK;
}

static ds_rc
check_bypass(const struct ds_load *load, const struct ds_value *value, const struct ds_trunk *trunk)
{
    int line = ds_value_line(value, "bypass");
    if (!trunk->bypass)
        return DS_OK;
    if (trunk->a->role != DS_ROLE_MEDIATION)
        return ds_refuse(load, line, "only a trunk of the Mediation Server can have bypass");
    if (!trunk->concentrated)
        return ds_refuse(load, line, "bypass needs concentrated = true: one known media address");
    if (!trunk->refer && (trunk->rtcp_active || trunk->rtcp_on_hold))
        return ds_refuse(load, line,
                         "bypass needs refer = true, or both rtcp_active = false and "
                         "rtcp_on_hold = false");
    return DS_OK;
}

static ds_rc check_defined(const struct ds_load *load,
                           const struct ds_value *value,
                           const struct ds_trunk *trunk)
{
    if (trunk->defined || trunk->a->role == DS_ROLE_MEDIATION)
        return DS_OK;
    return ds_refuse(load, ds_value_line(value, "defined"),
                     "only at a Mediation Server can a trunk be left undefined");
}

/* Who takes REFER needs nobody to do its work. */
static ds_rc
check_refer(const struct ds_load *load, const struct ds_value *value, const struct ds_trunk *trunk)
{
    if (!trunk->third_party_refer || !trunk->refer)
        return DS_OK;
    return ds_refuse(load, ds_value_line(value, "third_party_refer"),
                     "third_party_refer stands in for REFER, and needs refer = false");
}

static void point_outwards(struct ds_trunk *trunk)
{
    struct ds_trunk old = *trunk;
    if (distance(old.a->role) <= distance(old.b->role))
        return;
    trunk->a = old.b;
    trunk->b = old.a;
    trunk->a_port = old.b_port;
    trunk->b_port = old.a_port;
}

static bool same_ends(const struct ds_trunk *x, const struct ds_trunk *y)
{
    return (x->a == y->a && x->b == y->b && x->a_port == y->a_port && x->b_port == y->b_port) ||
           (x->a == y->b && x->b == y->a && x->a_port == y->b_port && x->b_port == y->a_port);
}

static ds_rc check_unique(const struct ds_load *load, const struct ds_trunk *trunk)
{
    for (const struct ds_trunk *other = load->trunks; other < trunk; other++) {
        if (same_ends(other, trunk))
            return ds_refuse(load, trunk->line,
                             "a trunk from '%s' port %u to '%s' port %u stands at line %d already",
                             trunk->a->name, trunk->a_port, trunk->b->name, trunk->b_port,
                             other->line);
    }
    return DS_OK;
}

static ds_rc
load_trunk(const struct ds_load *load, const struct ds_value *value, struct ds_trunk *trunk)
{
    ds_rc rc = ds_fields_check(load, value, "a trunk", trunk_fields, DS_COUNT(trunk_fields));
    trunk->line = value->line;
    if (rc == DS_OK)
        rc = load_ends(load, value, trunk);
    if (rc == DS_OK)
        rc = load_kind(load, value, trunk);
    if (rc == DS_OK)
        rc = load_behaviour(load, value, trunk);
    if (rc != DS_OK)
        return rc;
    struct ds_trunk ends = *trunk;
    point_outwards(&ends);
    rc = ends.kind == DS_TRUNK_TDM ? check_tdm(load, value, &ends) : check_sip(load, value, &ends);
    if (rc == DS_OK)
        rc = check_bypass(load, value, &ends);
    if (rc == DS_OK)
        rc = check_defined(load, value, &ends);
    if (rc == DS_OK)
        rc = check_refer(load, value, &ends);
    if (rc == DS_OK)
        rc = ds_load_srtp(load, value, trunk);
    if (rc == DS_OK)
        rc = load_ports(load, value, trunk);
    point_outwards(trunk);
    if (rc == DS_OK)
        rc = ds_load_translation(load, value, trunk);
    return rc == DS_OK ? check_unique(load, trunk) : rc;
}

ds_rc ds_load_trunks(struct ds_load *load)
{
    const struct ds_value *table = ds_value_get(load->root, "trunks");
    size_t count = ds_value_count(table);
    if (count == 0)
        return ds_refuse(load, ds_value_line(load->root, "trunks"), "the file needs trunks");
    ds_rc rc = ds_list_check(load, table, "trunks", DS_TABLE, 256);
    load->trunks = ds_arena_alloc(load->arena, count * sizeof *load->trunks);
    if (load->trunks == NULL)
        return ds_fail_memory(load->why);
    load->topo->trunks = load->trunks;
    for (const struct ds_value *value = table->first; value != NULL && rc == DS_OK;
         value = value->next)
        rc = load_trunk(load, value, &load->trunks[load->topo->trunk_count++]);
    return rc;
}
