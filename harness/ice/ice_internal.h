#ifndef DS_ICE_INTERNAL_H
#define DS_ICE_INTERNAL_H

/*
 * The agent (agent.c) in its parts: pairs and their order (pair.c), checks of ours (check.c) and of
 * the peer's (answer.c), and the client of the TURN server (relay.c; relay_ask.c for its
 * requests). RFC 8445's words are used for all of them.
 */

#include "ice.h"
#include "stun.h"

#define DS_ICE_MAGIC       0x1ce00001u
#define DS_ICE_MOST_REMOTE 24
#define DS_ICE_MOST_PAIRS  48
#define DS_ICE_MOST_EARLY  8
#define DS_ICE_MOST_ASKS   4
#define DS_ICE_MOST_LOCAL  3

#define DS_ICE_TA    (20 * DS_MS)  /* between checks: RFC 8445 14.2 asks for 5 ms at least */
#define DS_ICE_RTO   (500 * DS_MS) /* RFC 8445 14.3 */
#define DS_ICE_TRIES 7             /* RFC 5389 7.2.1 */

enum ds_pair_state { DS_PAIR_WAITING, DS_PAIR_IN_PROGRESS, DS_PAIR_SUCCEEDED, DS_PAIR_FAILED };

struct ds_ice_pair {
    struct ds_ice *ice; /* borrowed: owns us */
    bool relayed;       /* our end: by the server; else our socket */
    struct ds_addr remote;
    uint32_t remote_priority;
    uint64_t priority;
    enum ds_pair_state state;
    bool triggered;         /* before its turn */
    bool nominating;        /* our check says USE-CANDIDATE */
    bool nominated_by_peer; /* theirs did */
    uint8_t id[DS_STUN_ID_BYTES];
    bool sent_controlling; /* in the check under way */
    unsigned tries;
    struct ds_timer again;
};

/* A check that came before the peer's description. */
struct ds_ice_early {
    bool relayed, nominated;
    struct ds_addr from;
    uint32_t priority;
};

/* One request to the server. */
struct ds_relay_ask {
    struct ds_ice *ice;
    uint16_t method; /* 0: free */
    uint8_t id[DS_STUN_ID_BYTES];
    struct ds_addr peer; /* of ChannelBind */
    uint32_t lifetime_s; /* of Refresh */
    unsigned tries, challenges;
    struct ds_timer again;
};

struct ds_relay {
    bool has_key;
    uint8_t key[DS_STUN_KEY_BYTES];
    char realm[128], nonce[128];
    bool gathered;
    struct ds_addr relayed, mapped; /* port 0: none */
    bool permitted;
    struct ds_addr bound; /* the peer of our one channel; port 0: none */
    struct ds_relay_ask asks[DS_ICE_MOST_ASKS];
    struct ds_timer patience; /* for the server's first answers */
    struct ds_timer refresh;
};

struct ds_ice {
    uint32_t magic;
    struct ds_ice_options options;
    const struct ds_ice_events *events;
    void *owner;
    char ufrag[DS_ICE_UFRAG_BYTES + 1], pwd[DS_ICE_PWD_BYTES + 1];
    struct ds_candidate local[DS_ICE_MOST_LOCAL];
    size_t local_count;
    uint64_t tie_breaker;
    bool controlling, released;
    bool kept_to_server;
    char remote_ufrag[257], remote_pwd[257]; /* "" before the peer has told */
    struct ds_ice_pair pairs[DS_ICE_MOST_PAIRS];
    size_t pair_count;
    struct ds_ice_early early[DS_ICE_MOST_EARLY];
    size_t early_count;
    bool selected, selected_relayed;
    struct ds_addr selected_remote;
    ds_us sent_at;
    struct ds_timer pace, settle, keep;
    struct ds_relay relay;
    struct ds_buf text; /* owned; what is being said */
    struct ds_buf wrap; /* owned; the same, as the server passes it on */
};

struct ds_clock *ds_ice_clock(const struct ds_ice *ice);
/* Without memory for a timer what it was for does not happen; the checks of a run see that. */
void ds_ice_start(struct ds_ice *ice, struct ds_timer *timer, ds_us delay_us, ds_timer_fn *fire);
void ds_ice_new_id(struct ds_ice *ice, uint8_t id[DS_STUN_ID_BYTES]);
void ds_ice_list_local(struct ds_ice *ice); /* candidates, of what is known */
/* Sends ice->text. */
void ds_ice_say(struct ds_ice *ice, bool relayed, struct ds_addr to);
void ds_ice_select(struct ds_ice *ice, const struct ds_ice_pair *pair);

/* ---- pairs ---- */

void ds_pairs_form(struct ds_ice *ice, const struct ds_sdp_media *peer);
struct ds_ice_pair *ds_pair_find(struct ds_ice *ice, bool relayed, struct ds_addr remote);
/* Puts one where its priority belongs; NULL: no room, or it is no way of ours. */
struct ds_ice_pair *
ds_pair_add(struct ds_ice *ice, bool relayed, struct ds_addr remote, uint32_t remote_priority);
void ds_pairs_clear(struct ds_ice *ice);
void ds_pairs_rank(struct ds_ice *ice); /* anew: our role is another */

/* ---- checks ---- */

void ds_checks_go(struct ds_ice *ice);
void ds_check_response(struct ds_ice *ice,
                       const struct ds_stun *msg,
                       bool relayed,
                       struct ds_addr from);
void ds_check_trigger(struct ds_ice_pair *pair);
/* It is nominated, and good. */
void ds_check_conclude(struct ds_ice_pair *pair);
void ds_check_request(struct ds_ice *ice,
                      const struct ds_stun *msg,
                      bool relayed,
                      struct ds_addr from);
/* Looks again at what came before the peer's description. */
void ds_checks_early(struct ds_ice *ice);

/* ---- the server ---- */

void ds_relay_start(struct ds_ice *ice);
void ds_relay_stop(struct ds_ice *ice);
void ds_relay_give_back(struct ds_ice *ice);
void ds_relay_permit(struct ds_ice *ice); /* the addresses of all pairs */
void ds_relay_bind(struct ds_ice *ice, struct ds_addr peer);
void ds_relay_pass(struct ds_ice *ice, struct ds_addr peer, struct ds_slice bytes);
/* Takes what the server sends for a peer out of its frame; false: it is none. */
bool ds_relay_unwrap(const struct ds_ice *ice,
                     struct ds_slice bytes,
                     struct ds_addr *peer,
                     struct ds_slice *data);
void ds_relay_response(struct ds_ice *ice, const struct ds_stun *msg);
/* Asks, or asks again; what there is no room for is not asked. */
void ds_relay_ask(struct ds_ice *ice, uint16_t method, struct ds_addr peer, uint32_t lifetime_s);
void ds_relay_asks_stop(struct ds_ice *ice);
/* An answer to a request, or (`msg` NULL) that there will be none. */
void ds_relay_answered(struct ds_ice *ice,
                       uint16_t method,
                       struct ds_addr peer,
                       const struct ds_stun *msg);

#endif
