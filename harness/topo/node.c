#include "topo_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ds_field node_fields[] = {
    {"role", DS_TEXT},
    {"site", DS_TEXT},
    {"sip", DS_TEXT | DS_TABLE},
    {"at", DS_TEXT},
    {"home", DS_TEXT},
    {"number", DS_TEXT},
    {"device", DS_TEXT},
    {"extension", DS_TEXT},
    {"codec", DS_TEXT},
    {"tls", DS_TEXT},
    {"certificate", DS_TEXT},
    {"prack", DS_FLAG},
    {"real", DS_FLAG},
    {"defects", DS_TABLE},
    {"user", DS_TEXT},
    {"av", DS_TEXT},
    {"credentials", DS_TEXT},
    {"av_real", DS_FLAG},
    {"away", DS_FLAG},
    {"nat", DS_TEXT},
    {"t38", DS_FLAG},
    {"unanswered", DS_TEXT},
    {"rings", DS_WHOLE},
    {"controls", DS_TEXT},
    {"csta", DS_FLAG},
    {"voice_policy", DS_TABLE},
    {"team", DS_TEXT},
    {"moves_from", DS_TEXT},
    {"forward", DS_TEXT},
    {"ring_also", DS_TEXT},
    {"forwarding", DS_TEXT},
    {"alternate_bypass_id", DS_TEXT},
    {"media_at", DS_TEXT},
    {"srtp", DS_FLAG},
    {"voice_mail", DS_FLAG},
    {"parks", DS_FLAG},
    {"location_policy", DS_TEXT},
    {"pstn_reroute", DS_FLAG},
    {"elin", DS_FLAG},
    {"asserts_identity", DS_FLAG},
    {"one_codec", DS_FLAG},
    {"backup", DS_TEXT},
};

const struct ds_value *ds_node_value(const struct ds_load *load, const struct ds_topo_node *node)
{
    return ds_value_get(ds_value_get(load->root, "nodes"), node->name);
}

bool ds_role_parse(struct ds_slice word, enum ds_role_kind *out)
{
    for (enum ds_role_kind i = DS_ROLE_CLIENT; i < DS_ROLE_COUNT; i++) {
        if (ds_slice_equal(word, ds_slice_of(ds_role_name(i)))) {
            *out = i;
            return true;
        }
    }
    return false;
}

static ds_rc
load_role(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    const char *role = ds_value_text(value, "role"), *site = ds_value_text(value, "site");
    if (role == NULL)
        return ds_refuse(load, value->line, "node '%s' needs a role", node->name);
    if (!ds_role_parse(ds_slice_of(role), &node->role))
        return ds_refuse(
            load, ds_value_line(value, "role"),
            "'%.40s' is no role: client, edge, pool, mediation, gateway, pbx, phone, "
            "pstn, analogue_gateway, analogue_phone, fax, sbc, um, conferencing or call_park",
            role);
    if (site == NULL)
        return ds_refuse(load, value->line, "node '%s' needs a site", node->name);
    node->site = ds_find_site(load, site);
    if (node->site == NULL)
        return ds_refuse(load, ds_value_line(value, "site"),
                         "node '%s' stands in '%.40s', which is no site", node->name, site);
    return DS_OK;
}

static bool parse_port(struct ds_slice text, struct ds_port *out)
{
    struct ds_slice word;
    uint64_t port = 0;
    if (!ds_slice_cut(&text, ':', &word) || ds_slice_number(text, 65535, &port) != DS_OK)
        return false;
    out->port = (uint16_t)port;
    for (enum ds_transport i = DS_UDP; i <= DS_TLS; i++) {
        if (ds_slice_equal_nocase(word, ds_slice_of(ds_transport_name(i))) && port > 0) {
            out->transport = i;
            return true;
        }
    }
    return false;
}

static ds_rc
add_port(const struct ds_load *load, int line, const char *text, struct ds_topo_node *node)
{
    struct ds_port port;
    if (!parse_port(ds_slice_of(text), &port))
        return ds_refuse(load, line,
                         "'%s' listens at '%.40s', which is none of udp:PORT, tcp:PORT and "
                         "tls:PORT",
                         node->name, text);
    if (port.port < 1024 && !node->real)
        return ds_refuse(load, line,
                         "'%s' cannot listen at port %u: ports below 1024 need privileges",
                         node->name, port.port);
    for (size_t i = 0; i < node->port_count; i++) {
        bool same_kind = (node->ports[i].transport == DS_UDP) == (port.transport == DS_UDP);
        if (same_kind && node->ports[i].port == port.port)
            return ds_refuse(load, line, "'%s' listens twice at port %u", node->name, port.port);
    }
    node->ports[node->port_count++] = port;
    return DS_OK;
}

ds_rc ds_load_ports(const struct ds_load *load,
                    const struct ds_value *value,
                    struct ds_topo_node *node)
{
    const struct ds_value *sip = ds_value_get(value, "sip");
    if (sip == NULL && (node->role == DS_ROLE_PHONE || ds_topo_is_analogue(node)))
        return add_port(load, value->line, "udp:5060", node);
    if (sip == NULL && node->role == DS_ROLE_CLIENT)
        return DS_OK; /* reached over the connection it opened itself */
    if (sip == NULL)
        return ds_refuse(load, value->line, "node '%s' needs sip, as in \"tcp:5060\"", node->name);
    if (sip->kind == DS_TEXT)
        return add_port(load, sip->line, sip->text, node);
    ds_rc rc = ds_list_check(load, sip, "sip", DS_TEXT, DS_NODE_MAX_PORTS);
    for (const struct ds_value *item = sip->first; item != NULL && rc == DS_OK; item = item->next)
        rc = add_port(load, item->line, item->text, node);
    return rc;
}

static ds_rc
load_device(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    const char *device = ds_value_text(value, "device");
    if (device == NULL)
        return DS_OK;
    if (node->role == DS_ROLE_CLIENT) {
        node->lync_phone = strcmp(device, "lync_phone") == 0;
        node->communicator = strcmp(device, "communicator") == 0;
    }
    if (node->role == DS_ROLE_PHONE)
        node->earlier_device = strcmp(device, "earlier") == 0;
    if (!node->lync_phone && !node->communicator && !node->earlier_device)
        return ds_refuse(
            load, ds_value_line(value, "device"),
            "'%s' cannot be a '%.40s': a client may be a lync_phone or a communicator, "
            "a phone an earlier device",
            node->name, device);
    return DS_OK;
}

static bool is_peer(const struct ds_topo_node *node)
{
    return node->role == DS_ROLE_GATEWAY || node->role == DS_ROLE_ANALOGUE_GATEWAY ||
           node->role == DS_ROLE_PBX;
}

/* A peer of the Mediation Server may have nothing to offer it but G.729. */
static bool is_foreign_codec(const struct ds_topo_node *node)
{
    bool peer = node->role == DS_ROLE_GATEWAY || node->role == DS_ROLE_PBX;
    return peer && strcmp(node->codec, "G729") == 0;
}

static ds_rc
load_one_codec(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    bool told = ds_value_flag(value, "one_codec", false);
    bool may = is_peer(node) || node->role == DS_ROLE_SBC || node->role == DS_ROLE_CLIENT;
    node->one_codec = told || node->earlier_device;
    if (told && !may)
        return ds_refuse(load, ds_value_line(value, "one_codec"),
                         "'%s' is a %s: only a client, or a peer of the Mediation Server, has "
                         "one_codec",
                         node->name, ds_role_name(node->role));
    return DS_OK;
}

static ds_rc
load_codec(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    const char *codec = ds_value_text(value, "codec"), *tls = ds_value_text(value, "tls");
    node->codec = codec != NULL ? codec : node->earlier_device ? "PCMA" : "PCMU";
    if (strcmp(node->codec, "PCMA") != 0 && strcmp(node->codec, "PCMU") != 0 &&
        !is_foreign_codec(node))
        return ds_refuse(load, ds_value_line(value, "codec"),
                         "the codec of '%s' must be PCMA or PCMU, and is '%.40s'", node->name,
                         codec);
    if (node->earlier_device && strcmp(node->codec, "PCMA") != 0)
        return ds_refuse(load, ds_value_line(value, "codec"),
                         "'%s' is an earlier device and knows PCMA only", node->name);
    if (tls != NULL && strcmp(tls, "1.2") != 0 && strcmp(tls, "1.3") != 0)
        return ds_refuse(load, ds_value_line(value, "tls"),
                         "the tls of '%s' must be \"1.2\" or \"1.3\", and is '%.40s'", node->name,
                         tls);
    node->tls_version = tls == NULL ? 0 : strcmp(tls, "1.2") == 0 ? 12 : 13;
    return DS_OK;
}

/* Who turns fax into packets: the gateways, as far as they are told to. */
static ds_rc
load_t38(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    bool may = node->role == DS_ROLE_GATEWAY || node->role == DS_ROLE_ANALOGUE_GATEWAY;
    node->t38 = ds_value_flag(value, "t38", false);
    if (node->t38 && !may)
        return ds_refuse(load, ds_value_line(value, "t38"),
                         "'%s' is a %s: only a gateway carries fax by T.38", node->name,
                         ds_role_name(node->role));
    return DS_OK;
}

/* Between whose trunks a call may come back past the Mediation Server: its peers. */
static ds_rc load_alternate_id(const struct ds_load *load,
                               const struct ds_value *value,
                               struct ds_topo_node *node)
{
    const char *id = ds_value_text(value, "alternate_bypass_id");
    int line = ds_value_line(value, "alternate_bypass_id");
    node->alternate_bypass_id = id;
    if (id != NULL && !is_peer(node))
        return ds_refuse(load, line,
                         "'%s' is a %s: only a peer of the Mediation Server has an "
                         "alternate_bypass_id",
                         node->name, ds_role_name(node->role));
    if (id != NULL && !ds_is_guid(id))
        return ds_refuse(load, line,
                         "the alternate_bypass_id of '%s' must be a GUID, and is '%.40s'",
                         node->name, id);
    return DS_OK;
}

static ds_rc
load_srtp(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    node->srtp = ds_value_flag(value, "srtp", false);
    if (node->srtp && !is_peer(node))
        return ds_refuse(
            load, ds_value_line(value, "srtp"),
            "'%s' is a %s: srtp is what a gateway or a PBX can do, and what clients do "
            "is said by the file's encryption",
            node->name, ds_role_name(node->role));
    return DS_OK;
}

static ds_rc
load_identity(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    node->asserts = ds_value_flag(value, "asserts_identity", false);
    if (node->asserts && !is_peer(node) && node->role != DS_ROLE_SBC)
        return ds_refuse(load, ds_value_line(value, "asserts_identity"),
                         "'%s' is a %s: only a peer of the Mediation Server asserts_identity",
                         node->name, ds_role_name(node->role));
    return DS_OK;
}

static bool is_host_name(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-.");
    return len > 0 && len <= 253 && text[len] == '\0' && text[0] != '.' && text[len - 1] != '.';
}

static ds_rc
load_host_names(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    const char *certificate = ds_value_text(value, "certificate");
    node->fqdn = ds_arena_print(load->arena, "%s.%s", node->name, load->topo->domain);
    node->certificate = certificate != NULL ? certificate : node->fqdn;
    if (certificate != NULL && !is_host_name(certificate))
        return ds_refuse(load, ds_value_line(value, "certificate"),
                         "the certificate of '%s' must be a host's name in small letters, and is "
                         "'%.40s'",
                         node->name, certificate);
    return node->fqdn == NULL ? ds_fail_memory(load->why) : DS_OK;
}

static ds_rc
load_node(const struct ds_load *load, const struct ds_value *value, struct ds_topo_node *node)
{
    char noun[48];
    if (value->kind != DS_TABLE)
        return ds_refuse(load, value->line, "node '%s' must be a table, and is %s", node->name,
                         ds_kind_name(value->kind));
    snprintf(noun, sizeof noun, "node '%s'", node->name);
    ds_rc rc = ds_names_check(load, value, noun);
    if (rc == DS_OK)
        rc = ds_fields_check(load, value, noun, node_fields, DS_COUNT(node_fields));
    if (rc == DS_OK)
        rc = load_role(load, value, node);
    node->line = value->line;
    node->real = ds_value_flag(value, "real", false);
    node->prack = ds_value_flag(value, "prack", false);
    if (rc == DS_OK)
        rc = ds_load_ports(load, value, node);
    if (rc == DS_OK)
        rc = load_device(load, value, node);
    if (rc == DS_OK)
        rc = load_codec(load, value, node);
    if (rc == DS_OK)
        rc = load_one_codec(load, value, node);
    if (rc == DS_OK)
        rc = load_t38(load, value, node);
    if (rc == DS_OK)
        rc = load_alternate_id(load, value, node);
    if (rc == DS_OK)
        rc = load_srtp(load, value, node);
    if (rc == DS_OK)
        rc = load_identity(load, value, node);
    return rc == DS_OK ? load_host_names(load, value, node) : rc;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct ds_topo_node *)a)->name, ((const struct ds_topo_node *)b)->name);
}

static ds_rc load_names(struct ds_load *load, const struct ds_value *table)
{
    struct ds_topo_node *node = load->nodes;
    ds_rc rc = ds_names_check(load, table, "nodes");
    for (const struct ds_value *value = table->first; value != NULL && rc == DS_OK;
         value = value->next, node++) {
        if (!ds_is_name(value->name))
            rc = ds_refuse(load, value->line,
                           "'%.40s' is no name: a to z, then a to z, 0 to 9 and _", value->name);
        else if (strcmp(value->name, "nowhere") == 0)
            rc = ds_refuse(load, value->line, "'nowhere' is a word of the routes, not a node");
        node->name = value->name;
    }
    return rc;
}

ds_rc ds_load_nodes(struct ds_load *load)
{
    const struct ds_value *table = ds_value_get(load->root, "nodes");
    size_t count = ds_value_count(table);
    if (count == 0)
        return ds_refuse(load, ds_value_line(load->root, "nodes"), "the file needs nodes");
    load->nodes = ds_arena_alloc(load->arena, count * sizeof *load->nodes);
    if (load->nodes == NULL)
        return ds_fail_memory(load->why);
    load->topo->nodes = load->nodes;
    load->topo->node_count = count;
    ds_rc rc = load_names(load, table);
    if (rc != DS_OK)
        return rc;
    qsort(load->nodes, count, sizeof *load->nodes, by_name);
    for (size_t i = 0; i < count && rc == DS_OK; i++)
        rc = load_node(load, ds_node_value(load, &load->nodes[i]), &load->nodes[i]);
    return rc;
}
