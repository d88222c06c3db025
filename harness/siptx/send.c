#include "siptx_internal.h"

#include <stdio.h>

void ds_sip_set_flaws(struct ds_sip *sip, struct ds_sip_flaws flaws)
{
    DS_CHECK(sip, DS_SIP_MAGIC);
    sip->flaws = flaws;
}

void ds_sip_spoil(struct ds_sip *sip, ds_sip_spoil_fn *spoil, void *owner)
{
    DS_CHECK(sip, DS_SIP_MAGIC);
    sip->spoil = spoil;
    sip->spoil_owner = owner;
}

struct ds_msg *
ds_sip_spoiled(struct ds_sip *sip, const struct ds_msg *msg, const struct ds_hop *hop)
{
    if (sip->spoil == NULL)
        return ds_msg_ref(msg);
    sip->telling++;
    struct ds_msg *left = sip->spoil(sip->spoil_owner, msg, hop);
    sip->telling--;
    return left;
}

struct ds_hop_text ds_hop_text(const struct ds_hop *hop)
{
    static const char *const names[] = {[DS_UDP] = "udp", [DS_TCP] = "tcp", [DS_TLS] = "tls"};
    struct ds_hop_text out;
    snprintf(out.text, sizeof out.text, "%s %s", ds_addr_text(hop->to).text, names[hop->transport]);
    return out;
}

/* Whom a request is for, shortly: the user, or the host where there is none. */
static struct ds_slice addressee(const struct ds_msg *request)
{
    struct ds_uri uri;
    struct ds_slice text = ds_msg_request_uri(request);
    if (ds_uri_parse(text, &uri) == DS_OK)
        text = uri.user.len > 0 ? uri.user : uri.host;
    return (struct ds_slice){text.at, text.len < 64 ? text.len : 64};
}

static void log_sending(struct ds_sip *sip, const struct ds_msg *msg, const struct ds_hop *hop)
{
    if (ds_msg_is_request(msg))
        ds_sip_note(sip, 2, "-> %.*s %.*s to %s", DS_FMT(ds_msg_method(msg)),
                    DS_FMT(addressee(msg)), ds_hop_text(hop).text);
    else
        ds_sip_note(sip, 2, "-> %d %.*s to %s", ds_msg_status(msg), DS_FMT(ds_msg_reason(msg)),
                    ds_hop_text(hop).text);
}

static ds_rc put_stream(struct ds_sip *sip,
                        const struct ds_msg *msg,
                        const struct ds_hop *hop,
                        struct ds_why *why)
{
    struct ds_connection *connection = NULL;
    ds_rc rc = ds_connection_get(sip, hop, &connection, why);
    if (rc != DS_OK)
        return rc;
    ds_stream_send(connection->stream, ds_msg_bytes(msg));
    return DS_OK;
}

ds_rc ds_sip_put(struct ds_sip *sip,
                 const struct ds_msg *msg,
                 const struct ds_hop *hop,
                 struct ds_point *point,
                 struct ds_why *why)
{
    ds_rc rc = DS_OK;
    log_sending(sip, msg, hop);
    if (hop->transport != DS_UDP)
        return put_stream(sip, msg, hop, why);
    if (point == NULL)
        rc = ds_sip_udp_point(sip, &point, why);
    if (rc == DS_OK)
        ds_udp_send(point->udp, hop->to, ds_msg_bytes(msg));
    return rc;
}

void ds_sip_put_or_note(struct ds_sip *sip,
                        const struct ds_msg *msg,
                        const struct ds_hop *hop,
                        struct ds_point *point)
{
    struct ds_why why = {""};
    if (msg != NULL && ds_sip_put(sip, msg, hop, point, &why) != DS_OK)
        ds_sip_note(sip, 1, "not sent: %s", why.text);
}

ds_rc ds_sip_send(struct ds_sip *sip, const struct ds_msg *msg, const struct ds_hop *hop)
{
    struct ds_why why = {""};
    DS_CHECK(sip, DS_SIP_MAGIC);
    struct ds_msg *left = ds_sip_spoiled(sip, msg, hop);
    ds_rc rc = left == NULL ? DS_OK : ds_sip_put(sip, left, hop, NULL, &why);
    if (rc != DS_OK)
        ds_sip_note(sip, 1, "not sent: %s", why.text);
    ds_msg_unref(&left);
    return rc;
}
