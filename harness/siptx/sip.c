#include "siptx_internal.h"

#include <stdio.h>
#include <stdlib.h>

ds_rc ds_sip_new(const struct ds_sip_options *options, struct ds_sip **out, struct ds_why *why)
{
    ds_assert(options->net != NULL && options->rng != NULL && options->events != NULL);
    struct ds_sip *sip = calloc(1, sizeof *sip);
    if (sip == NULL)
        return ds_fail_memory(why);
    struct ds_addr_text address = ds_addr_ip_text(options->at);
    const char *host = options->sent_by == NULL ? address.text : options->sent_by;
    if (!ds_slice_copy(ds_slice_of(host), sip->sent_by, sizeof sip->sent_by)) {
        free(sip);
        return ds_fail(why, DS_BAD, "the Via host '%.40s...' is longer than 255 bytes", host);
    }
    sip->magic = DS_SIP_MAGIC;
    sip->net = options->net;
    sip->rng = options->rng;
    sip->log = options->log;
    sip->name = options->name == NULL ? "sip" : options->name;
    sip->tls = options->tls;
    sip->judged = options->judged;
    sip->at = options->at;
    sip->accept_any_name = options->accept_any_name;
    sip->events = options->events;
    sip->owner = options->owner;
    ds_list_init(&sip->points);
    ds_table_init(&sip->connections);
    ds_table_init(&sip->clients);
    ds_table_init(&sip->servers);
    *out = sip;
    return DS_OK;
}

static void free_point(struct ds_point *point)
{
    ds_list_remove(&point->node);
    if (point->udp != NULL)
        ds_udp_close(&point->udp);
    if (point->listener != NULL)
        ds_listener_close(&point->listener);
    free(point);
}

static void free_points(struct ds_list *points)
{
    for (struct ds_list *at = points->next; at != points;) {
        struct ds_point *point = DS_OWNER(at, struct ds_point, node);
        at = at->next;
        free_point(point);
    }
}

void ds_sip_free(struct ds_sip **sip)
{
    struct ds_entry *entry;
    struct ds_sip *old = *sip;
    if (old == NULL)
        return;
    DS_CHECK(old, DS_SIP_MAGIC);
    ds_assert(old->telling == 0);
    while ((entry = ds_table_first(&old->clients)) != NULL)
        ds_client_free(DS_OWNER(entry, struct ds_client_txn, entry));
    while ((entry = ds_table_first(&old->servers)) != NULL)
        ds_server_free(DS_OWNER(entry, struct ds_server_txn, entry));
    while ((entry = ds_table_first(&old->connections)) != NULL)
        ds_connection_free(DS_OWNER(entry, struct ds_connection, entry));
    free_points(&old->points);
    ds_table_clean_up(&old->clients);
    ds_table_clean_up(&old->servers);
    ds_table_clean_up(&old->connections);
    old->magic = 0;
    free(old);
    *sip = NULL;
}

void ds_sip_ask_names(struct ds_sip *sip, ds_caller_name_fn *name, void *owner)
{
    DS_CHECK(sip, DS_SIP_MAGIC);
    sip->caller_name = name;
    sip->caller_name_owner = owner;
}

static const char *caller_name(void *owner, struct ds_addr from)
{
    const struct ds_sip *sip = ((struct ds_point *)owner)->sip;
    return sip->caller_name(sip->caller_name_owner, from);
}

static ds_rc open_point(struct ds_point *point, struct ds_why *why)
{
    struct ds_sip *sip = point->sip;
    struct ds_addr at = sip->at;
    at.port = point->port;
    if (point->transport == DS_UDP)
        return ds_udp_open(sip->net, at, ds_sip_receive_datagram, point, &point->udp, why);
    if (point->transport == DS_TLS && sip->tls == NULL)
        return ds_fail(why, DS_BAD, "%s is to listen for TLS on %s but has no certificate",
                       sip->name, ds_addr_text(at).text);
    ds_rc rc = ds_listener_open(sip->net, at, point->transport == DS_TLS ? sip->tls : NULL,
                                ds_connection_accept, point, &point->listener, why);
    if (rc == DS_OK && sip->caller_name != NULL)
        ds_listener_ask_names(point->listener, caller_name);
    return rc;
}

static ds_rc new_point(struct ds_sip *sip,
                       enum ds_transport transport,
                       const uint16_t *port,
                       struct ds_point **out,
                       struct ds_why *why)
{
    struct ds_point *point = calloc(1, sizeof *point);
    if (point == NULL)
        return ds_fail_memory(why);
    point->sip = sip;
    point->transport = transport;
    point->listening = port != NULL;
    point->port = port == NULL ? 0 : *port;
    ds_rc rc = open_point(point, why);
    if (rc != DS_OK) {
        free(point);
        return rc;
    }
    if (point->udp != NULL)
        point->port = ds_udp_at(point->udp).port;
    ds_list_append(&sip->points, &point->node);
    if (out != NULL)
        *out = point;
    return DS_OK;
}

ds_rc ds_sip_listen(struct ds_sip *sip,
                    enum ds_transport transport,
                    uint16_t port,
                    struct ds_why *why)
{
    DS_CHECK(sip, DS_SIP_MAGIC);
    return new_point(sip, transport, &port, NULL, why);
}

struct ds_point *ds_sip_point(const struct ds_sip *sip, enum ds_transport transport)
{
    for (struct ds_list *at = sip->points.next; at != &sip->points; at = at->next) {
        struct ds_point *point = DS_OWNER(at, struct ds_point, node);
        if (point->transport == transport && point->listening)
            return point;
    }
    return NULL;
}

/* The first socket others know of, else the one opened to send from, opened now if need be. */
ds_rc ds_sip_udp_point(struct ds_sip *sip, struct ds_point **out, struct ds_why *why)
{
    *out = ds_sip_point(sip, DS_UDP);
    if (*out != NULL)
        return DS_OK;
    for (struct ds_list *at = sip->points.next; at != &sip->points; at = at->next) {
        *out = DS_OWNER(at, struct ds_point, node);
        if ((*out)->transport == DS_UDP)
            return DS_OK;
    }
    return new_point(sip, DS_UDP, NULL, out, why);
}

ds_rc ds_sip_local(struct ds_sip *sip,
                   const struct ds_hop *hop,
                   struct ds_addr *out,
                   struct ds_why *why)
{
    DS_CHECK(sip, DS_SIP_MAGIC);
    struct ds_point *point = NULL;
    struct ds_connection *connection = NULL;
    ds_rc rc = DS_OK;
    if (hop->transport == DS_UDP) {
        rc = ds_sip_udp_point(sip, &point, why);
        if (rc == DS_OK)
            *out = ds_udp_at(point->udp);
    } else {
        rc = ds_connection_get(sip, hop, &connection, why);
        if (rc == DS_OK)
            *out = ds_stream_at(connection->stream);
    }
    return rc;
}

size_t ds_sip_transaction_count(const struct ds_sip *sip)
{
    DS_CHECK(sip, DS_SIP_MAGIC);
    return sip->clients.count + sip->servers.count;
}

ds_rc ds_sip_timer_start(struct ds_sip *sip,
                         struct ds_timer *timer,
                         ds_us delay_us,
                         ds_timer_fn *fire)
{
    timer->whose = ds_addr_ip4(&sip->at);
    return ds_timer_start(ds_net_clock(sip->net), timer, delay_us, fire);
}

void ds_sip_timer(struct ds_sip *sip, struct ds_timer *timer, ds_us delay_us, ds_timer_fn *fire)
{
    if (ds_sip_timer_start(sip, timer, delay_us, fire) != DS_OK)
        ds_sip_note(sip, 1, "out of memory: a transaction stays until its element is freed");
}

void ds_sip_timer_stop(struct ds_sip *sip, struct ds_timer *timer)
{
    ds_timer_stop(ds_net_clock(sip->net), timer);
}

void ds_sip_note(struct ds_sip *sip, int level, const char *fmt, ...)
{
    char line[512];
    va_list args;
    if (sip->log == NULL)
        return;
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    ds_log_write(sip->log, ds_now(ds_net_clock(sip->net)), level, sip->name, "%s", line);
}
