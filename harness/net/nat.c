#include "net_internal.h"

#include <stdlib.h>

/* Machines behind a translator of addresses, as homes have them: what they send leaves from a port
 * of the translator's, one for each of theirs whoever it is for, and what comes there reaches them
 * only from whom they have sent to (RFC 4787: mapping by endpoint alone, filtering by address). The
 * same in both worlds: the translator's port is a socket like any other. */

#define MOST_PEERS 32

struct ds_nat {
    struct ds_udp *outer;             /* owned */
    struct ds_addr peers[MOST_PEERS]; /* sent to; the oldest gives way */
    size_t count;
};

static bool has_sent_to(const struct ds_nat *nat, struct ds_addr peer)
{
    for (size_t i = 0; i < nat->count && i < MOST_PEERS; i++)
        if (ds_addr_same_ip(nat->peers[i], peer))
            return true;
    return false;
}

static void take(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ds_udp *udp = owner;
    if (has_sent_to(udp->nat, from))
        udp->receive(udp->owner, from, bytes);
}

static struct ds_nat *open_nat(struct ds_udp *udp, struct ds_addr outer)
{
    struct ds_nat *nat = calloc(1, sizeof *nat);
    if (nat == NULL || ds_udp_open(udp->net, outer, take, udp, &nat->outer, NULL) != DS_OK) {
        free(nat);
        return NULL;
    }
    return nat;
}

void ds_nat_send(struct ds_udp *udp, struct ds_addr outer, struct ds_addr to, struct ds_slice bytes)
{
    outer.port = 0;
    if (udp->nat == NULL)
        udp->nat = open_nat(udp, outer);
    if (udp->nat == NULL)
        return; /* a translator without a port left loses what it is given */
    if (!has_sent_to(udp->nat, to))
        udp->nat->peers[udp->nat->count++ % MOST_PEERS] = to;
    ds_udp_send(udp->nat->outer, to, bytes);
}

void ds_nat_close(struct ds_udp *udp)
{
    if (udp->nat == NULL)
        return;
    ds_udp_close(&udp->nat->outer);
    free(udp->nat);
    udp->nat = NULL;
}
