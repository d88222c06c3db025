#include "roles_internal.h"

#include <stdio.h>

struct ds_hop ds_node_hop(const struct ds_topo_node *to, enum ds_transport transport, uint16_t port)
{
    struct ds_hop hop = {.transport = transport, .to = to->at};
    hop.to.port = port != 0 ? port : ds_topo_port(to, transport);
    if (transport == DS_TLS)
        ds_slice_copy(ds_slice_of(to->fqdn), hop.peer_name, sizeof hop.peer_name);
    return hop;
}

/* What the element listens with at this port; UDP where it does not, as RFC 3263 4.1 has it for a
 * port without a transport. */
static enum ds_transport transport_at(const struct ds_topo_node *place, uint16_t port)
{
    for (size_t i = 0; place != NULL && i < place->port_count; i++)
        if (place->ports[i].port == port)
            return place->ports[i].transport;
    return DS_UDP;
}

/* The uri's own word; else what its port says; else what the element listens on, TLS before TCP
 * before UDP. */
static enum ds_transport choose_transport(const struct ds_uri *uri,
                                          const struct ds_topo_node *place)
{
    struct ds_slice value;
    if (ds_param(uri->params, "transport", &value)) {
        if (ds_slice_equal_nocase(value, DS_LITERAL("tls")))
            return DS_TLS;
        return ds_slice_equal_nocase(value, DS_LITERAL("tcp")) ? DS_TCP : DS_UDP;
    }
    if (uri->port != 0 || place == NULL)
        return transport_at(place, uri->port);
    if (ds_topo_port(place, DS_TLS) != 0)
        return DS_TLS;
    return ds_topo_port(place, DS_TCP) != 0 ? DS_TCP : DS_UDP;
}

bool ds_node_resolve(void *owner, const struct ds_uri *uri, struct ds_hop *out)
{
    const struct ds_node *node = owner;
    struct ds_addr at;
    DS_CHECK(node, DS_NODE_MAGIC);
    const struct ds_topo_node *place = ds_topo_by_fqdn(node->topo, uri->host);
    if (place != NULL)
        at = place->at;
    else if (ds_addr_parse_ip(uri->host, &at) == DS_OK)
        place = ds_topo_at(node->topo, at);
    else
        return false;
    *out = (struct ds_hop){.transport = choose_transport(uri, place), .to = at};
    out->to.port = uri->port;
    if (out->to.port == 0 && place != NULL)
        out->to.port = ds_topo_port(place, out->transport);
    if (out->to.port == 0)
        out->to.port = out->transport == DS_TLS ? 5061 : 5060;
    if (out->transport == DS_TLS && place != NULL)
        ds_slice_copy(ds_slice_of(place->fqdn), out->peer_name, sizeof out->peer_name);
    return true;
}

const char *ds_node_caller_name(void *owner, struct ds_addr from)
{
    const struct ds_node *node = owner;
    DS_CHECK(node, DS_NODE_MAGIC);
    const struct ds_topo_node *place = ds_topo_at(node->topo, from);
    bool is_trunk = place != NULL && ds_topo_trunk(node->topo, node->place, place) != NULL;
    return is_trunk && !ds_node_has_defect(node, "takes_any_certificate") ? place->fqdn : NULL;
}

const struct ds_topo_node *ds_node_peer(const struct ds_node *node, const struct ds_hop *from)
{
    return ds_topo_at(node->topo, from->to);
}

void ds_node_number(struct ds_slice value, char *out, size_t size)
{
    struct ds_slice params;
    struct ds_uri uri;
    size_t bracket;
    out[0] = '\0';
    /* A Request-URI wears no brackets, and what stands behind its semicolons is its own. */
    if (ds_slice_find(value, DS_LITERAL("<"), &bracket))
        value = ds_value_uri(value, &params);
    if (ds_uri_parse(value, &uri) == DS_OK)
        ds_slice_copy(uri.user, out, size);
}

const struct ds_topo_node *
ds_node_named(const struct ds_node *node, const struct ds_msg *msg, const char *header)
{
    char name[64];
    struct ds_slice value;
    if (!ds_msg_header(msg, header, 0, &value))
        return NULL;
    ds_node_number(value, name, sizeof name);
    return ds_topo_find(node->topo, ds_slice_of(name));
}

const struct ds_topo_node *
ds_node_client_named(const struct ds_node *node, const struct ds_msg *msg, const char *header)
{
    const struct ds_topo_node *named = ds_node_named(node, msg, header);
    return named != NULL && named->role == DS_ROLE_CLIENT ? named : NULL;
}

void ds_node_diagnose(const struct ds_node *node,
                      int id,
                      const char *reason,
                      char *out,
                      size_t size)
{
    snprintf(out, size, "ms-diagnostics: %d;reason=\"%s\";source=\"%s\"\r\n", id, reason,
             node->place->fqdn);
}

const struct ds_topo_node *
ds_node_user_named(const struct ds_node *node, const struct ds_msg *msg, const char *header)
{
    const struct ds_topo_node *client = ds_node_client_named(node, msg, header);
    return client != NULL ? client->user : NULL;
}
