#ifndef DS_ICE_H
#define DS_ICE_H

/*
 * One agent of ICE (RFC 8445) for one component on one socket: gathers candidates (host, and from a
 * TURN server server-reflexive and relayed ones), checks pairs with a peer's, and settles on the
 * one that the controlling side nominates; or is lite and only answers. What the agent's socket
 * receives is shown to it first. It borrows that socket, owns the allocation at the server, and
 * knows neither SIP nor RTP.
 */

#include "net.h"
#include "sdp.h"

struct ds_ice;

struct ds_ice_events {
    void (*gathered)(void *owner); /* all candidates are there; not called where they are at once */
    void (*selected)(void *owner); /* from now on there is a pair, or another one */
    /* What came by the server, and is no STUN. */
    void (*data)(void *owner, struct ds_addr from, struct ds_slice bytes);
};

/* Misbehaviours. */
struct ds_ice_flaws {
    bool skips_checks;       /* takes the first pair for good */
    bool ignores_nomination; /* sends on the last pair, whatever was nominated */
};

struct ds_ice_options {
    struct ds_net *net;
    struct ds_rng *rng;
    struct ds_udp *udp;
    struct ds_addr server; /* port 0: none; host candidates only */
    const char *user, *password;
    bool alternate; /* the server is another way, for who cannot take the straight one */
    bool offers;    /* makes the offer: controlling, unless lite (RFC 8445 6.1.1) */
    bool lite;
    struct ds_ice_flaws flaws;
};

/* All borrowed; outlives the agent. Asks the server at once. */
DS_MUST_USE ds_rc ds_ice_new(const struct ds_ice_options *options,
                             const struct ds_ice_events *events,
                             void *owner,
                             struct ds_ice **out,
                             struct ds_why *why);
void ds_ice_free(struct ds_ice **ice);
/* Gives the allocation back, and sends nothing more. */
void ds_ice_release(struct ds_ice *ice);

/* The server has answered, or will not. */
bool ds_ice_gathered(const struct ds_ice *ice);
/* What is told a peer. Points into the agent. */
struct ds_ice_spec ds_ice_spec(const struct ds_ice *ice);
/* Where a peer that knows no ICE is to send: relayed, where that is the way, else host. */
struct ds_addr ds_ice_default(const struct ds_ice *ice);
bool ds_ice_is_relayed(const struct ds_ice *ice); /* has a relayed candidate */
/* And nobody reaches it otherwise. */
bool ds_ice_needs_server(const struct ds_ice *ice);
/* From now on nothing goes but by the server, and to what a peer has relayed ([ICE2BWM]). Before
 * any peer is met. */
void ds_ice_keep_to_server(struct ds_ice *ice);

/* What a peer has told. The same again changes nothing; another ufrag starts anew. */
void ds_ice_meet(struct ds_ice *ice, const struct ds_sdp_media *peer);
/* The peer knows no ICE: by the server to that address, without checks. */
void ds_ice_meet_plain(struct ds_ice *ice, struct ds_addr peer);

bool ds_ice_is_selected(const struct ds_ice *ice);
void ds_ice_send(struct ds_ice *ice, struct ds_slice bytes); /* lost where no pair is selected */
/* True: it was the agent's. */
bool ds_ice_take(struct ds_ice *ice, struct ds_addr from, struct ds_slice bytes);

#endif
