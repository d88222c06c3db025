#include "net_internal.h"

#include <stdlib.h>

ds_rc ds_udp_open(struct ds_net *net,
                  struct ds_addr at,
                  ds_udp_fn *receive,
                  void *owner,
                  struct ds_udp **out,
                  struct ds_why *why)
{
    DS_CHECK(net, DS_NET_MAGIC);
    ds_assert(receive != NULL);
    ds_rc rc = ds_net_check_addr(&at, why);
    if (rc != DS_OK)
        return rc;
    struct ds_udp *udp = calloc(1, sizeof *udp);
    if (udp == NULL)
        return ds_fail_memory(why);
    *udp = (struct ds_udp){.magic = DS_UDP_MAGIC,
                           .net = net,
                           .place = {.kind = DS_PLACE_UDP, .at = at},
                           .receive = receive,
                           .owner = owner,
                           .source = {.fd = -1}};
    rc = net->ops->udp_open(udp, why);
    if (rc != DS_OK)
        goto fail;
    ds_place_add(net, &udp->place);
    net->handles++;
    *out = udp;
    return DS_OK;
fail:
    free(udp);
    return rc;
}

void ds_udp_send(struct ds_udp *udp, struct ds_addr to, struct ds_slice bytes)
{
    DS_CHECK(udp, DS_UDP_MAGIC);
    const struct ds_net_options *options = &udp->net->options;
    struct ds_addr outer;
    bool reaches = options->reaches == NULL || options->reaches(options->owner, udp->place.at, to);
    if (!reaches || bytes.len > DS_UDP_MOST || !ds_addr_is_v4(&to))
        return;
    if (options->translate != NULL && options->translate(options->owner, udp->place.at, &outer))
        ds_nat_send(udp, outer, to, bytes);
    else
        udp->net->ops->udp_send(udp, to, bytes);
}

struct ds_addr ds_udp_at(const struct ds_udp *udp)
{
    DS_CHECK(udp, DS_UDP_MAGIC);
    return udp->place.at;
}

void ds_udp_close(struct ds_udp **out)
{
    struct ds_udp *udp = *out;
    if (udp == NULL)
        return;
    DS_CHECK(udp, DS_UDP_MAGIC);
    ds_nat_close(udp);
    udp->magic = 0;
    udp->receive = NULL;
    udp->net->handles--;
    udp->net->ops->udp_close(udp);
    *out = NULL;
}
