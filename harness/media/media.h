#ifndef DS_MEDIA_H
#define DS_MEDIA_H

/*
 * The audio of one end of a call: a pair of ports, a talker every 20 ms, an ear for digits, or a
 * relay between two; where the element has ICE, over the pair of addresses that it settles on, RTCP
 * beside RTP (RFC 5761). Knows RTP and the SDP it is aimed by; knows no SIP. Each ds_media has one
 * owner; after it is freed no packet leaves. No callback comes from inside a call.
 */

#include "ice.h"
#include "net.h"
#include "rtp.h"
#include "sdp.h"

struct ds_media;

/* Where an element's media stand; shared by all its sessions, borrowed by each. */
struct ds_media_place {
    struct ds_net *net;
    struct ds_rng *rng;
    struct ds_addr at; /* port unused */
    uint16_t first_port,
        last_port;     /* even RTP ports are taken from here in a seeded order: MED-08 */
    const char *cname; /* of its RTCP */
    size_t pairs_open; /* of ports, by all media of this place; a fax path's one counts as one */
    /* Where relayed addresses are had (an A/V Edge); port 0: nowhere. Borrowed texts. */
    struct ds_addr server;
    const char *server_user, *server_password;
    bool server_is_alternate; /* for who cannot take the straight way */
    /* Owned: freed media that keep talking, as the flaw of that name demands. Zero both. */
    struct ds_list lingering;
};

/* Ends what lingers. Before the net is freed, and after every media of the place. */
void ds_media_place_clean_up(struct ds_media_place *place);

/* Takes an even port and the next for RTCP. DS_IO when none is left. */
DS_MUST_USE ds_rc ds_media_new(struct ds_media_place *place,
                               struct ds_media **out,
                               struct ds_why *why);
void ds_media_free(struct ds_media **media); /* no packet leaves after this */
struct ds_addr ds_media_at(const struct ds_media *media);
/* ---- ICE: before the first description of this media ---- */

typedef void ds_media_gathered_fn(void *owner);

struct ds_media_ice {
    bool lite;
    bool offers; /* the controlling side (RFC 8445 6.1.1) */
    struct ds_ice_flaws flaws;
    ds_media_gathered_fn *gathered; /* where candidates are not there at once; may free the media */
    void *owner;
};

DS_MUST_USE ds_rc ds_media_use_ice(struct ds_media *media,
                                   const struct ds_media_ice *how,
                                   struct ds_why *why);
bool ds_media_gathered(const struct ds_media *media); /* true, too, without ICE */
/* What is told a peer; false: no ICE. Good as long as the media. */
bool ds_media_ice_spec(const struct ds_media *media, struct ds_ice_spec *out);
/* By the server and no other way: before a description. False: it has given no address. */
bool ds_media_keep_to_server(struct ds_media *media);
/* Where a peer is to send that knows no ICE: ds_media_at(), or relayed. */
struct ds_addr ds_media_default(const struct ds_media *media);

/* ---- SRTP (RFC 3711): secure.c ---- */

/* libsrtp2, started: before anybody calls, because calls would wait for it. As long as somebody
 * has one, it need not load its ciphers again. */
struct ds_media_srtp;
DS_MUST_USE ds_rc ds_media_srtp_start(struct ds_media_srtp **out, struct ds_why *why);
void ds_media_srtp_end(struct ds_media_srtp **srtp);

/* The a=crypto lines (RFC 4568) of an offer, or the one of the answer to `answers`, good until the
 * next call. From the first call on this end speaks SRTP where it and the peer agree. Empty: memory
 * is out, or the offer has no key that is taken here. */
struct ds_slice ds_media_crypto(struct ds_media *media, const struct ds_sdp_media *answers);

/* ---- sending ---- */

/* Where to send, and how, as an SDP of the peer says; NULL stops sending, with an RTCP BYE. Takes
   the preferred codec where the peer lists it, else the first G.711 it lists; DS_BAD, and all as it
   was, when there is none, no address, or SRTP is wanted and cannot be had. */
DS_MUST_USE ds_rc ds_media_aim(struct ds_media *media,
                               const struct ds_sdp_media *peer,
                               struct ds_why *why);
/* Where the peer has said it is; port 0: it has not. */
struct ds_addr ds_media_peer(const struct ds_media *media);
bool ds_media_is_on_hold(const struct ds_media *media);             /* nothing may be said */
void ds_media_prefer(struct ds_media *media, uint8_t payload_type); /* PCMA or PCMU */
uint8_t ds_media_payload_type(const struct ds_media *media);
/* A packet every 20 ms, the first in 20 ms; 0 stops, with an RTCP BYE: what is said later has
   another SSRC. */
void ds_media_talk(struct ds_media *media, uint32_t tone_hz);
/* Nothing is said until ds_media_talk(), but comfort noise (RFC 3389) where the peer lists it. */
void ds_media_fall_silent(struct ds_media *media);
void ds_media_digits(struct ds_media *media,
                     const char *digits); /* RFC 4733, 100 ms each, after one another */
bool ds_media_digits_done(const struct ds_media *media);
void ds_media_hold(struct ds_media *media, enum ds_direction direction); /* what we may send */
/* What comes in at one goes out of the other as it is, if that one may send: RTP and RTCP, until
   either is freed. A relay makes no reports of its own. */
void ds_media_relay(struct ds_media *a, struct ds_media *b);

/* What is said instead of a tone, and who hears what comes: samples, 8000 a second. A medium that
 * relayed before goes on with the stream that it passed on last. */
struct ds_media_sound {
    void (*say)(void *owner, int16_t *samples, size_t count);        /* NULL: nothing is said */
    void (*hear)(void *owner, const int16_t *samples, size_t count); /* not to free it */
    void *owner; /* borrowed: outlives the media, or is taken off it */
};

void ds_media_set_sound(struct ds_media *media,
                        const struct ds_media_sound *sound); /* NULL: none */
void ds_media_part(struct ds_media *media);                  /* it relays no more */

/* ---- fax by T.38: packets on one side, a line's audio on the other (fax_path.c) ---- */

struct ds_fax_path;

/* Takes a port of its own, so that the audio can go on where the peer wants no packets. */
DS_MUST_USE ds_rc ds_fax_path_new(struct ds_media_place *place,
                                  struct ds_fax_path **out,
                                  struct ds_why *why);
void ds_fax_path_free(struct ds_fax_path **path); /* no packet leaves after this */
struct ds_addr ds_fax_path_at(const struct ds_fax_path *path);
#define DS_FAX_COPIES      3 /* ride out three losses in a row */
#define DS_FAX_MOST_COPIES 12

/* From now on what is heard on the line goes there in packets, each with so many copies of those
 * before, and what comes in packets is said on the line. Borrows the line, which is to
 * be freed after this, or taken off it by freeing this. */
DS_MUST_USE ds_rc ds_fax_path_open(struct ds_fax_path *path,
                                   struct ds_media *line,
                                   struct ds_addr to,
                                   size_t copies);
void ds_fax_path_smudge(struct ds_fax_path *path); /* a defect: it alters the page */

struct ds_media_counts {
    uint64_t sent, received;        /* RTP packets */
    ds_us received_at, reported_at; /* the last packet of RTP, and of RTCP; 0: none came */
};

struct ds_media_counts ds_media_counts(const struct ds_media *media);
/* Called whenever a digit ends, or the first packet arrives ('\0'). May free the media. */
typedef void ds_media_heard_fn(void *owner, char digit);
void ds_media_listen(struct ds_media *media, ds_media_heard_fn *heard, void *owner);

struct ds_media_flaws {
    uint32_t frame_samples;   /* 0: 160 */
    uint8_t payload_type;     /* of what is said; 0: as negotiated */
    uint8_t event_type;       /* of digits; 0: as negotiated */
    uint16_t event_samples;   /* how long each digit says it is; 0: as long as it is */
    uint32_t source_packets;  /* after which what is said gets another SSRC; 0: never */
    uint32_t clipped_packets; /* of what it would pass on, the first so many are not */
    bool no_comfort_noise;
    bool same_sequence; /* every packet has the number of the first */
    bool mute, no_end_bit, keep_talking /* after it is freed, for 200 ms */;
    bool no_rtcp, no_rtcp_on_hold; /* passes none on, or makes none, while it may send; may not */
    bool another_key, sends_in_clear; /* where SRTP is agreed on */
    struct ds_addr instead;           /* port 0: none; sends here whatever the SDP says */
};

void ds_media_set_flaws(struct ds_media *media, const struct ds_media_flaws *flaws);

#endif
