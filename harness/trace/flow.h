#ifndef DS_FLOW_H
#define DS_FLOW_H

/* The media of a capture, one way each: RTP streams and fax. Part of trace.h. */

#include "base.h"
#include "fax.h"
#include "rtp.h"
#include "sdp.h"
#include "topo.h"

struct ds_call;
struct ds_event;
struct ds_flow;

/* SRTP of one stream, by the keys in its sender's SDP (RFC 4568). */
struct ds_srtp_seen {
    const char *suite;         /* "AES_CM_128_HMAC_SHA1_80"; NULL: no key opened any packet */
    uint64_t opened_packets;   /* verified and decrypted */
    uint64_t sealed_packets;   /* no key that was told fits */
    uint64_t repeated_packets; /* seen before: not looked at again */
    struct ds_sdp_crypto key;  /* the last that opened one; unset without a suite */
    uint32_t rollovers;        /* of the sequence number, before the first packet that it opened */
};

/* Opens a flow's packets once more, in the order of the capture, for who reads the file again
 * (srtp_again.c). */
struct ds_srtp_again;

/* DS_BAD where no key has opened the flow. */
DS_MUST_USE ds_rc ds_srtp_again_new(const struct ds_flow *flow, struct ds_srtp_again **out);
/* Good until the next call. Empty: under another key. */
struct ds_slice ds_srtp_again_open(struct ds_srtp_again *again, struct ds_slice sealed);
void ds_srtp_again_free(struct ds_srtp_again **again);

/* What the listener's last RTCP report told of a stream; the jitter is that of the moment. */
struct ds_told {
    bool any;
    int32_t lost; /* negative: duplicates outweigh */
    double jitter_ms;
};

/* A packet of RTCP. */
struct ds_report_seen {
    uint32_t frame;
    int64_t at;
};

/* One voice, for as long as no other speaks. */
struct ds_spell {
    uint32_t tone_hz; /* 0: silence, or what is nobody's tone */
    uint32_t first_frame;
    int64_t first_at, last_at; /* of its packets */
    uint64_t samples;
};

/* Somebody who is heard in a stream. */
struct ds_voice {
    const struct ds_topo_node *who;
    uint64_t samples; /* of a mix: about as many as were said, in that voice; else 0 */
};

/* One RTP stream: one way, one SSRC. What is counted is what was captured, where it was captured:
   a packet lost later is in `packets`, and only `told` may know. */
struct ds_flow {
    struct ds_addr from, to;
    const struct ds_topo_node *from_node, *to_node;
    uint32_t ssrc;
    uint32_t first_frame, last_frame;
    int64_t first_at, last_at;
    uint32_t payload_packets[128];      /* by payload type: no more than there are frames */
    uint64_t packets, bad_size_packets; /* G.711 packets that are not 160 bytes */
    uint64_t stuck_packets;  /* packets with the number of the one before, and another timestamp */
    uint64_t uneven_packets; /* G.711 packets whose timestamp is not 160 after the packet before */
    struct ds_rtp_stats stats;
    uint32_t tone_hz;                  /* 0: none, or not clear */
    const struct ds_topo_node *talker; /* whose tone it is */
    /* Whoever is heard in it: the talker; in a conference, where voices are mixed, all of them. */
    const struct ds_voice *voices;
    size_t voice_count;
    const struct ds_spell *spells; /* at a voice mail or conferencing server, one after another */
    size_t spell_count;
    char digits[64];            /* RFC 4733, in order */
    uint32_t digit_ends[64];    /* packets with the end bit, per digit */
    uint16_t digit_samples[64]; /* the longest duration told of each, in timestamp units */
    uint8_t event_payload_type;
    bool begins_in_digit;  /* its first packet is the end of the first digit */
    bool ends_in_digit;    /* its last packet is the last digit's */
    uint64_t rtcp_packets; /* same direction, RTCP port */
    const struct ds_report_seen
        *reports; /* these, in order; of the other streams of this way too */
    struct ds_told told;
    struct ds_srtp_seen srtp;
    const char *codec; /* "PCMA", as SDP or RFC 3551 name it; "": unknown */
    uint8_t codec_payload_type;
    uint32_t ptime_us;              /* of most packets; 0: too few in a row */
    uint64_t comfort_noise_packets; /* RFC 3389 */
    double mos;           /* by the E-model, 1 … 4.5; 0: G.113 has no figures for the codec */
    struct ds_call *call; /* the call whose SDP announced an end of it, or NULL */
    const struct ds_event *announced_to,
        *announced_from; /* SDP that named `to`, and `from`; or NULL */
};

/* A packet of RTP, for checks that need each (MED-14). RTCP is counted in its flow. */
struct ds_rtp_seen {
    uint32_t frame;
    int64_t at;
    struct ds_flow *flow;
};

/* Fax one way: by T.38 over UDPTL, or as the audio of a line with a machine at its end. */
struct ds_fax_seen {
    struct ds_addr from, to;
    const struct ds_topo_node *from_node, *to_node;
    uint32_t first_frame, last_frame;
    int64_t first_at, last_at;
    uint64_t packets, data_packets; /* the others are signals */
    uint64_t copied_packets;        /* that carry copies of earlier ones, or parity over them */
    size_t longest_bytes;           /* of its datagrams */
    struct ds_rtp_stats stats;      /* of its sequence numbers: there is no jitter */
    const struct ds_fax_said *said; /* what the machine of this way said, as far as it was read */
    struct ds_call *call;           /* as in struct ds_flow */
};

#endif
