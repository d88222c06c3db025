#include "siptx_internal.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_PORT(transport) ((uint16_t)((transport) == DS_TLS ? 5061 : 5060))

/* "host", "host:5060", "[::1]:5060" */
static ds_rc split_sent_by(struct ds_via *via)
{
    const char *colon = memrchr(via->sent_by.at, ':', via->sent_by.len);
    const char *bracket = memrchr(via->sent_by.at, ']', via->sent_by.len);
    uint64_t port = 0;
    via->host = via->sent_by;
    via->port = 0;
    if (colon == NULL || (bracket != NULL && colon < bracket))
        return DS_OK;
    size_t at = (size_t)(colon - via->sent_by.at);
    via->host = ds_slice_trim((struct ds_slice){via->sent_by.at, at});
    ds_rc rc = ds_slice_number(ds_slice_trim(ds_slice_from(via->sent_by, at + 1)), 65535, &port);
    via->port = (uint16_t)port;
    return rc;
}

ds_rc ds_via_read(const struct ds_msg *msg, struct ds_via *out)
{
    struct ds_via via = {0};
    if (!ds_msg_value(msg, "Via", 0, &via.value))
        return DS_BAD;
    struct ds_slice rest = via.value, head = {0};
    ds_slice_cut(&rest, ';', &head);
    via.params = ds_slice_from(via.value, head.len);
    const char *slash = head.len == 0 ? NULL : memrchr(head.at, '/', head.len);
    if (slash == NULL)
        return DS_BAD;
    head = ds_slice_trim(ds_slice_from(head, (size_t)(slash + 1 - head.at)));
    size_t transport = 0;
    while (transport < head.len && head.at[transport] != ' ' && head.at[transport] != '\t')
        transport++;
    via.sent_by = ds_slice_trim(ds_slice_from(head, transport));
    if (via.sent_by.len == 0 || split_sent_by(&via) != DS_OK)
        return DS_BAD;
    *out = via;
    return DS_OK;
}

static bool is_source(struct ds_slice host, struct ds_addr source)
{
    struct ds_addr addr;
    return ds_addr_parse_ip(host, &addr) == DS_OK && ds_addr_same_ip(addr, source);
}

static bool is_param(struct ds_slice param, struct ds_slice name)
{
    param = ds_slice_trim(param);
    if (!ds_slice_starts_nocase(param, name))
        return false;
    struct ds_slice rest = ds_slice_trim(ds_slice_from(param, name.len));
    return rest.len == 0 || rest.at[0] == '=';
}

/* The value without any received or rport of the sender's making, and with ours. */
static void write_value(struct ds_buf *out,
                        const struct ds_via *via,
                        const struct ds_addr *source,
                        bool with_port)
{
    struct ds_slice rest = via->value, part;
    for (bool first = true; ds_slice_cut(&rest, ';', &part); first = false) {
        if (!first &&
            (is_param(part, DS_LITERAL("received")) || is_param(part, DS_LITERAL("rport"))))
            continue;
        ds_buf_text(out, first ? "" : ";");
        ds_buf_add(out, part);
    }
    ds_buf_print(out, ";received=%s", ds_addr_ip_text(*source).text);
    if (with_port)
        ds_buf_print(out, ";rport=%u", source->port);
}

struct ds_msg *ds_via_mark(struct ds_msg *msg, const struct ds_hop *from)
{
    struct ds_via via;
    struct ds_slice rport;
    struct ds_msg *marked = NULL;
    struct ds_buf text = {0};
    if (ds_via_read(msg, &via) != DS_OK)
        return ds_msg_ref(msg);
    bool with_port = ds_param(via.params, "rport", &rport);
    if (!with_port && is_source(via.host, from->to))
        return ds_msg_ref(msg);
    write_value(&text, &via, &from->to, with_port);
    if (text.broken || ds_msg_rewrite(msg, via.value, ds_buf_slice(&text), &marked) != DS_OK)
        marked = ds_msg_ref(msg);
    ds_buf_clean_up(&text);
    return marked;
}

struct ds_hop ds_via_back(const struct ds_msg *request, const struct ds_hop *from)
{
    struct ds_hop back = *from;
    struct ds_via via;
    struct ds_slice rport;
    if (ds_via_read(request, &via) != DS_OK)
        return back;
    if (from->transport == DS_UDP && ds_param(via.params, "rport", &rport))
        return back;
    back.to.port = via.port != 0 ? via.port : DEFAULT_PORT(from->transport);
    struct ds_addr named;
    if (ds_addr_parse_ip(via.host, &named) != DS_OK)
        ds_slice_copy(via.host, back.peer_name, sizeof back.peer_name);
    return back;
}

static uint16_t via_port(struct ds_sip *sip, const struct ds_hop *hop)
{
    struct ds_addr local;
    struct ds_point *point = ds_sip_point(sip, hop->transport);
    if (point != NULL)
        return point->port;
    return ds_sip_local(sip, hop, &local, NULL) == DS_OK ? local.port : 0;
}

void ds_sip_via(struct ds_sip *sip, const struct ds_hop *hop, char *out, size_t size)
{
    char token[21], port[8] = "";
    DS_CHECK(sip, DS_SIP_MAGIC);
    uint16_t number = via_port(sip, hop);
    if (number != 0)
        snprintf(port, sizeof port, ":%u", number);
    ds_rng_token(sip->rng, token, sizeof token);
    snprintf(out, size, "SIP/2.0/%s %s%s;branch=z9hG4bK%s", ds_transport_name(hop->transport),
             sip->sent_by, port, token);
}
