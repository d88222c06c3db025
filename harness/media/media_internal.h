#ifndef DS_MEDIA_INTERNAL_H
#define DS_MEDIA_INTERNAL_H

#include "media.h"
#include "tone.h"

#define DS_MEDIA_MAGIC        0x4d454449u
#define DS_MEDIA_MOST_SAMPLES 800
#define DS_MEDIA_MOST_BYTES   1500 /* of a packet of SRTP */

/* Where we send, from the peer's SDP. */
struct ds_media_aim {
    bool set;
    struct ds_addr to, rtcp_to; /* port 0: never aimed */
    uint8_t payload_type, event_type;
    bool comfort_noise;     /* the peer lists it */
    enum ds_direction peer; /* what the peer does */
};

/* What we send. The timestamp of a moment is `first_timestamp` and the run time in samples, so
   pauses need no account. */
struct ds_media_voice {
    uint32_t ssrc, first_timestamp;
    uint16_t sequence;
    bool marker; /* the next frame begins a talk spurt */
    bool quiet;  /* it says nothing, and may say so: comfort noise */
    struct ds_tone tone;
    uint32_t last_tone_hz; /* for who keeps talking */
    struct ds_timer timer;
    ds_us frame_at; /* deadline of the next frame */
    uint32_t packets, octets;
};

struct ds_media_digits {
    struct ds_buf waiting; /* owned */
    size_t next;           /* of `waiting` */
    uint32_t step;         /* packets sent of the digit at `next` */
    uint32_t timestamp;
};

/* What we hear. */
struct ds_media_ear {
    ds_media_heard_fn *heard;
    void *owner; /* borrowed: outlives us */
    struct ds_rtp_stats stats;
    uint32_t ssrc;
    bool has_digit;
    uint32_t digit_timestamp; /* of the last digit that was told */
};

/* The last packet that a relay passed on: the stream goes on from there when it speaks itself. */
struct ds_media_passed {
    bool any;
    uint32_t ssrc, timestamp;
    uint16_t sequence;
};

struct ds_media {
    uint32_t magic;
    struct ds_media_place *place;   /* borrowed: outlives us */
    struct ds_list lingering;       /* in the place, once freed */
    struct ds_timer end_timer;      /* of lingering */
    struct ds_udp *rtp, *rtcp;      /* owned */
    struct ds_ice *ice;             /* owned; NULL: none */
    struct ds_media_secure *secure; /* owned; NULL: no key was ever told */
    struct ds_media_ice ice_how;
    bool by_ice;                 /* this peer is reached over the agent's pair */
    struct ds_media *relay;      /* borrowed: its relay is us */
    enum ds_direction direction; /* what we may do */
    uint8_t preferred;
    struct ds_media_aim aim;
    struct ds_media_voice voice;
    struct ds_media_digits digits;
    struct ds_media_ear ear;
    struct ds_media_counts counts;
    struct ds_media_flaws flaws;
    struct ds_media_sound sound;
    struct ds_media_passed passed;
    uint32_t clipped; /* packets held back so far: flaws.clipped_packets */
    struct ds_timer report_timer;
    bool reported; /* under this SSRC */
};

struct ds_clock *ds_media_clock(const struct ds_media *media);
/* Without memory for a timer the media falls silent, which the checks see. */
void ds_media_start_timer_at(struct ds_media *media,
                             struct ds_timer *timer,
                             ds_us at,
                             ds_timer_fn *fire);
void ds_media_start_timer(struct ds_media *media,
                          struct ds_timer *timer,
                          ds_us delay_us,
                          ds_timer_fn *fire);

/* Opens the first even port of the place's range that `open` finds free, from a seeded start. */
typedef ds_rc ds_media_open_fn(void *owner, struct ds_addr at, struct ds_why *why);
DS_MUST_USE ds_rc ds_media_find_port(const struct ds_media_place *place,
                                     ds_media_open_fn *open,
                                     void *owner,
                                     struct ds_why *why);
DS_MUST_USE ds_rc ds_media_open_ports(struct ds_media *media, struct ds_why *why);
ds_udp_fn ds_media_take_rtp, ds_media_take_rtcp;
void ds_media_hear(struct ds_media *media, struct ds_slice bytes); /* may free the media */

/* way.c: over the agent's pair, or straight to where the SDP says. */
void ds_media_emit(struct ds_media *media, struct ds_slice rtp);
void ds_media_emit_rtcp(struct ds_media *media, struct ds_slice rtcp);
void ds_media_meet(struct ds_media *media, const struct ds_sdp_media *peer);
bool ds_media_has_way(const struct ds_media *media);

/* secure.c: SRTP, where it is agreed on; else bytes stay as they are. */
void ds_media_secure_free(struct ds_media_secure **secure);
DS_MUST_USE ds_rc ds_media_meet_secure(struct ds_media *media,
                                       const struct ds_sdp_media *peer,
                                       struct ds_why *why);
/* Empty: what cannot be sealed is not sent, and what is not authentic is not heard. */
struct ds_slice ds_media_seal(const struct ds_media *media,
                              struct ds_slice bytes,
                              uint8_t room[DS_MEDIA_MOST_BYTES]);
struct ds_slice ds_media_unseal(const struct ds_media *media,
                                struct ds_slice bytes,
                                uint8_t room[DS_MEDIA_MOST_BYTES]);

bool ds_media_may_send(const struct ds_media *media);
bool ds_media_may_report(const struct ds_media *media); /* RTCP: also while it may say nothing */
struct ds_addr ds_media_to(const struct ds_media *media);
struct ds_addr ds_media_rtcp_to(const struct ds_media *media);

void ds_media_new_source(struct ds_media *media); /* SSRC and sequence number */
uint32_t ds_media_timestamp(const struct ds_media *media, ds_us at);
uint32_t ds_media_frame_samples(const struct ds_media *media);
/* Starts or stops the frames, whatever has changed. */
void ds_media_pace(struct ds_media *media);
void ds_media_send(struct ds_media *media, struct ds_rtp *packet);

bool ds_media_has_digits(const struct ds_media *media);
void ds_media_send_digit(struct ds_media *media);
void ds_media_give_up_digit(struct ds_media *media);

/* comfort_noise.c: instead of what it has nothing to say of. */
bool ds_media_makes_noise(const struct ds_media *media);
void ds_media_send_noise(struct ds_media *media);

void ds_media_report_soon(struct ds_media *media);
void ds_media_say_goodbye(struct ds_media *media);
void ds_media_stop_reports(struct ds_media *media);

#endif
