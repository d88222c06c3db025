#include "loopback_internal.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>

enum {
    DATAGRAMS_A_TURN = 32,
    SOCKET_BYTES = 1 << 20 /* 212,992, the usual, overflows at some thousand calls a second */
};

/* How long a datagram may lie in a socket of ours after its sender has closed. */
#define FORMER_US (1 * DS_S)

static bool is_ours(const struct ds_net *net, struct ds_addr from)
{
    return ds_place_find(net, DS_PLACE_UDP, from) != NULL ||
           ds_place_find(net, DS_PLACE_FORMER_UDP, from) != NULL;
}

static void tell_late(void *owner, const struct ds_late_news *news)
{
    struct ds_udp *udp = owner;
    udp->receive(udp->owner, news->from, news->bytes);
}

/* What faults make of it on its last step. */
static void meet(struct ds_udp *udp, struct ds_addr from, struct ds_slice bytes)
{
    struct ds_fate fate;
    ds_faults_meet(udp->net, from, udp->place.at, NULL, bytes, &fate);
    const struct ds_late_news news = {
        .delay_us = fate.delay_us, .from = from, .at = udp->place.at, .bytes = bytes};
    for (unsigned i = 0; i < fate.copies && fate.lost_by == NULL && udp->receive != NULL; i++)
        if (fate.delay_us > 0)
            ds_late_add(&udp->late, udp->net, &news, false, tell_late, udp);
        else
            udp->receive(udp->owner, from, bytes);
}

static void udp_ready(struct ds_source *source, uint32_t events)
{
    struct ds_udp *udp = DS_OWNER(source, struct ds_udp, source);
    struct ds_net *net = udp->net;
    struct ds_loopback *world = net->world;
    (void)events;
    for (int i = 0; i < DATAGRAMS_A_TURN && udp->source.fd >= 0; i++) {
        struct sockaddr_in name = {0};
        socklen_t size = sizeof name;
        ssize_t len = recvfrom(udp->source.fd, world->bytes, sizeof world->bytes, 0,
                               (struct sockaddr *)&name, &size);
        if (len < 0)
            return;
        ds_loopback_came(net, source, 1);
        struct ds_addr from = ds_loopback_addr(&name);
        struct ds_slice bytes = {world->bytes, (size_t)len};
        if (net->options.tap != NULL && !is_ours(net, from))
            ds_net_tell(net, from, udp->place.at, 0, bytes);
        meet(udp, from, bytes);
    }
}

ds_rc ds_loopback_udp_open(struct ds_udp *udp, struct ds_why *why)
{
    const int bytes = SOCKET_BYTES;
    ds_rc rc = ds_loopback_open(&udp->source, SOCK_DGRAM, "listen on udp", &udp->place.at, why);
    if (rc != DS_OK)
        return rc;
    setsockopt(udp->source.fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    setsockopt(udp->source.fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    udp->source.ready = udp_ready;
    udp->source.brings_datagrams = true;
    rc = ds_loopback_watch(udp->net, &udp->source, EPOLLIN, why);
    if (rc != DS_OK)
        ds_loopback_close(udp->net, &udp->source);
    return rc;
}

void ds_loopback_udp_send(struct ds_udp *udp, struct ds_addr to, struct ds_slice bytes)
{
    const struct sockaddr_in name = ds_loopback_name(to);
    ssize_t sent = sendto(udp->source.fd, bytes.at, bytes.len, MSG_NOSIGNAL,
                          (const struct sockaddr *)&name, sizeof name);
    if (sent < 0)
        return;
    ds_net_tell(udp->net, udp->place.at, to, 0, bytes);
    struct ds_place *place = ds_place_find(udp->net, DS_PLACE_UDP, to);
    if (place != NULL)
        ds_loopback_sent(udp->net, &DS_OWNER(place, struct ds_udp, place)->source, 1);
}

static void free_udp(struct ds_grave *grave)
{
    struct ds_udp *udp = DS_OWNER(grave, struct ds_udp, grave);
    ds_place_remove(udp->net, &udp->place);
    free(udp);
}

void ds_loopback_udp_close(struct ds_udp *udp)
{
    ds_late_free(&udp->late);
    ds_loopback_close(udp->net, &udp->source);
    udp->place.kind = DS_PLACE_FORMER_UDP;
    ds_net_bury(udp->net, &udp->grave, free_udp, udp->net->options.tap == NULL ? 0 : FORMER_US);
}
