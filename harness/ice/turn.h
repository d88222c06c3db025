#ifndef DS_TURN_H
#define DS_TURN_H

/*
 * A TURN and STUN server on UDP (RFC 8656, RFC 5389), as an A/V Edge is one: whoever knows the
 * long-term credentials gets an address on the inner side (an allocation) and, for each peer it has
 * asked a permission for, what that peer sends there. Owns its sockets and allocations; an
 * allocation that nobody refreshes is gone when its lifetime is over.
 */

#include "net.h"

struct ds_turn;

/* Misbehaviours. */
struct ds_turn_flaws {
    bool trusts_anybody;   /* allocates without credentials */
    bool forwards_unasked; /* what peers send, without a permission */
};

struct ds_turn_options {
    struct ds_net *net; /* borrowed, as all below: outlive us */
    struct ds_rng *rng;
    struct ds_addr at;              /* where clients reach it */
    struct ds_addr relay_at;        /* on which relayed addresses are given out; port unused */
    uint16_t first_port, last_port; /* of relayed addresses: even ones in a seeded order */
    const char *realm, *user, *password;
    size_t most_allocations; /* beyond them 486 */
    struct ds_turn_flaws flaws;
};

/* DS_IO names the address that is taken. */
DS_MUST_USE ds_rc ds_turn_new(const struct ds_turn_options *options,
                              struct ds_turn **out,
                              struct ds_why *why);
void ds_turn_free(struct ds_turn **turn);
size_t ds_turn_allocations(const struct ds_turn *turn); /* that live now */

#endif
