#ifndef DS_TURN_INTERNAL_H
#define DS_TURN_INTERNAL_H

/* The server in three parts: who asks (turn.c), what is asked (turn_request.c), and what flows
 * (turn_allocation.c). */

#include "stun.h"
#include "turn.h"

#define DS_TURN_MAGIC            0x5452e001u
#define DS_TURN_MOST_PERMISSIONS 32
#define DS_TURN_MOST_CHANNELS    32

struct ds_turn_permission {
    struct ds_addr peer; /* port unused: RFC 8656 9 */
    ds_us until;
};

struct ds_turn_channel {
    uint16_t number; /* 0: free */
    struct ds_addr peer;
    ds_us until;
};

struct ds_turn_allocation {
    struct ds_list link;
    struct ds_turn *turn;   /* borrowed: owns us */
    struct ds_addr client;  /* with our one socket, and UDP, the five-tuple */
    struct ds_udp *relayed; /* owned */
    uint8_t made_by[DS_STUN_ID_BYTES];
    uint32_t lifetime_s;
    struct ds_timer expiry;
    struct ds_turn_permission permissions[DS_TURN_MOST_PERMISSIONS];
    size_t permission_count;
    struct ds_turn_channel channels[DS_TURN_MOST_CHANNELS];
};

struct ds_turn {
    uint32_t magic;
    struct ds_turn_options options;
    struct ds_udp *udp; /* owned */
    uint8_t key[DS_STUN_KEY_BYTES];
    uint64_t secret;            /* of nonces */
    struct ds_list allocations; /* owned */
    struct ds_buf text;         /* owned; what is being said */
};

ds_us ds_turn_now(const struct ds_turn *turn);

/* ---- answering (turn.c) ---- */

void ds_turn_refuse(struct ds_turn *turn, struct ds_addr to, const struct ds_stun *msg, int status);
/* Begins the success response to a request in turn->text; ds_turn_say() signs and sends it. */
void ds_turn_begin_success(struct ds_turn *turn, const struct ds_stun *msg);
void ds_turn_say(struct ds_turn *turn, struct ds_addr to);

/* ---- requests of a client that showed its credentials (turn_request.c) ---- */

void ds_turn_request(struct ds_turn *turn, struct ds_addr from, const struct ds_stun *msg);

/* ---- allocations (turn_allocation.c) ---- */

struct ds_turn_allocation *ds_turn_find(const struct ds_turn *turn, struct ds_addr client);
/* The status to refuse with, or 0 and the new allocation. */
int ds_turn_allocate(struct ds_turn *turn, struct ds_addr client, struct ds_turn_allocation **out);
void ds_turn_live(struct ds_turn_allocation *allocation, uint32_t lifetime_s);
void ds_turn_end(struct ds_turn_allocation *allocation);
bool ds_turn_permit(struct ds_turn_allocation *allocation,
                    struct ds_addr peer); /* false: no room */
bool ds_turn_may(const struct ds_turn_allocation *allocation, struct ds_addr peer);
/* The channel to a peer, or with a number, that is bound now; NULL: none. */
struct ds_turn_channel *ds_turn_channel_to(struct ds_turn_allocation *allocation,
                                           struct ds_addr peer);
struct ds_turn_channel *ds_turn_channel_of(struct ds_turn_allocation *allocation, uint16_t number);
bool ds_turn_bind(struct ds_turn_allocation *allocation, uint16_t number, struct ds_addr peer);

#endif
