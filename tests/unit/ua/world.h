#ifndef DS_TEST_WORLD_H
#define DS_TEST_WORLD_H

/*
 * A simulated network with user agents on it that follow simple orders. What goes over the wire and
 * what a party is told are written down as text, so that a test compares whole stories.
 */

#include "support.h"

#include "ua.h"

#include <string.h>

struct world {
    struct ds_clock *clock;
    struct ds_rng rng;
    struct ds_net *net;
    struct ds_log *log;
    struct ds_tls_authority *authority;
    enum ds_transport transport; /* of every call */
    struct ds_buf wire;          /* "0.5 ab INVITE\n": at 0.5 s, from a to b. Nothing of TLS */
    struct ds_buf told;          /* "a progress 180\n" */
};

/* A message that is yet to leave. */
struct held {
    struct ds_msg *msg; /* owned */
    struct ds_hop hop;
};

/* A user agent at 127.0.0.<10 + its letter>: a stands at 10, b at 11. */
struct party {
    struct world *world;
    char name;
    char fqdn[24];
    struct ds_ua *ua;
    struct ds_tls_identity *identity;
    struct ds_session *session; /* owned: the newest; freed at its last event */
    /* what it does with a call that comes */
    bool disowns;
    int progresses; /* a status, or 0 */
    bool reliable, with_sdp;
    int refuses;
    bool answers;
    /* what it does with other events */
    bool hangs_up_when_answered, leaves_offers_open, frees_when_answered, keeps_its_session;
    const char *extra_headers;  /* of its answers */
    const char *call_headers;   /* of its INVITEs; NULL: some */
    const char *hides;          /* a header field that none of its messages has */
    uint32_t session_expires_s; /* of its INVITEs and answers */
    /* what of its messages is lost: the first word of the message, and how often */
    const char *loses;
    int losses;
    /* what of its messages stays behind, by first word, until party_release(); NULL: nothing */
    const char *holds;
    struct held held[4];
    size_t held_count;
    /* a look at what leaves */
    struct ds_msg *sent; /* the last message whose first word is `watches` */
    const char *watches;
    /* as a proxy */
    const char *targets;     /* forks to each letter; NULL: no proxy */
    const char *next_target; /* tried when a branch fails */
    size_t branches_over;
    const char *last_target; /* tried when all have; watched where it is not NULL */
    struct ds_server_txn *forwarded;
    bool records_route;
};

void world_start(struct world *world);
void world_stop(struct world *world);
/* Runs to that instant, and on until nothing is on its way any more. */
void world_run(struct world *world, ds_us until);
/* Compares with what was written down since the last call. */
void assert_wire(struct world *world, const char *expected);
void assert_told(struct world *world, const char *expected);

char world_name(struct ds_addr addr);
struct ds_slice world_word(struct ds_slice message); /* "INVITE", "180" */
struct ds_addr world_addr(char name, uint16_t port);
struct ds_hop world_hop(const struct world *world, char name);

void party_start(struct world *world, struct party *party, char name);
void party_start_proxy(struct world *world, struct party *proxy, char name, const char *targets);
/* Writes a line down for assert_told(). */
DS_PRINTF(2, 3) void party_tell(struct party *party, const char *fmt, ...);
/* A watched proxy: what it has called so far is left for its last target. */
void party_leave(struct party *proxy);
void party_start_as(struct world *world,
                    struct party *party,
                    char name,
                    const struct ds_ua_events *events);
void party_stop(struct party *party);
/* Sends an INVITE for sip:<to>@contoso.example to the element named `via`. */
void party_call(struct party *party, char to, char via);
ds_rc party_try_call(struct party *party, char to, char via, struct ds_why *why);
/* Sends what was held, in its order, and holds nothing any more. */
void party_release(struct party *party);
bool sent_has(const struct party *party, const char *header, const char *value);
struct ds_content sdp_content(void);

/* Two of them that call each other. */
struct pair {
    struct world world;
    struct party a, b;
};

void pair_start(struct pair *pair, enum ds_transport transport);

typedef void party_asked_fn(void *owner, const struct ds_msg *msg);
/* Over TCP, and a has called b: what was told and sent so far is forgotten. Who has a function
 * wants to be asked what is no business of the call's own. */
void pair_connect(struct pair *pair, party_asked_fn *a, party_asked_fn *b);
void pair_stop(struct pair *pair);

/* A bare message of nobody's, from 127.0.0.30 over UDP. */
void world_throw(struct world *world, char to, const char *text);

extern const struct ds_session_events party_events;

#endif
