#ifndef DS_RTP_H
#define DS_RTP_H

/*
 * RTP (RFC 3550), G.711 (ITU-T G.711), telephone events (RFC 4733) and RTCP as values: no socket,
 * no clock.
 */

#include "base.h"

#define DS_RTP_HEADER_BYTES  12
#define DS_RTP_SAMPLE_RATE   8000
#define DS_RTP_FRAME_SAMPLES 160 /* 20 ms of G.711: MED-04 */
#define DS_PT_PCMU           0
#define DS_PT_GSM            3
#define DS_PT_PCMA           8
#define DS_PT_G722           9
#define DS_PT_COMFORT_NOISE  13
#define DS_RTP_PLAYOUT_MS    60
#define DS_PT_EVENT          101 /* telephone-event, by custom of the Mediation Server */

struct ds_rtp {
    bool marker;
    uint8_t payload_type;
    uint16_t sequence;
    uint32_t timestamp, ssrc;
    struct ds_slice payload; /* without padding, extension and CSRCs */
};

/* DS_BAD when this is no RTP packet (version, lengths); RTCP types 192-223 are refused. */
DS_MUST_USE ds_rc ds_rtp_parse(struct ds_slice bytes, struct ds_rtp *out);
/* Writes the header and payload; 0 when `size` is too small. */
size_t ds_rtp_write(const struct ds_rtp *packet, uint8_t *out, size_t size);

uint8_t ds_g711_encode(uint8_t payload_type, int16_t sample); /* PCMU or PCMA */
int16_t ds_g711_decode(uint8_t payload_type, uint8_t code);

/* ---- what a listener hears ---- */

struct ds_decoder; /* of one stream: G.722 remembers */

/* "PCMU", "PCMA", "G722"; DS_BAD: no decoder for this encoding. */
DS_MUST_USE ds_rc ds_decoder_new(const char *encoding, struct ds_decoder **out);
void ds_decoder_free(struct ds_decoder **decoder);
uint32_t ds_decoder_rate_hz(const struct ds_decoder *decoder); /* of its samples */
/* The number of samples; what has no room in `most` of them is left out. */
size_t
ds_decoder_decode(struct ds_decoder *decoder, struct ds_slice payload, int16_t *out, size_t most);

/* ---- telephone events (RFC 4733) ---- */

struct ds_rtp_event {
    uint8_t event; /* 0-9, 10 is *, 11 is #, 12-15 A-D */
    bool end;
    uint8_t volume;
    uint16_t duration; /* timestamp units */
};

DS_MUST_USE ds_rc ds_rtp_event_parse(struct ds_slice payload, struct ds_rtp_event *out);
void ds_rtp_event_write(const struct ds_rtp_event *event, uint8_t out[4]);
char ds_rtp_event_digit(uint8_t event); /* '?' above 15 */
DS_MUST_USE ds_rc ds_rtp_event_of(char digit, uint8_t *event);

/* ---- figures of a received stream (RFC 3550 6.4.1, A.1, A.3, A.8) ---- */

struct ds_rtp_stats {
    bool started;
    uint16_t base, highest;
    uint32_t cycles;
    uint64_t received; /* without duplicates */
    uint64_t duplicates, reordered, restarts;
    int64_t lost; /* expected - received, over all restarts; never below 0 */
    uint64_t lost_before_restart, received_before_restart;
    double jitter;                 /* timestamp units */
    double jitter_sum, jitter_max; /* over the `jitter_count` packets it was measured at */
    uint64_t jitter_count;
    int64_t jitter_at_us; /* the packet that jitter was last measured at */
    uint32_t jitter_timestamp;
    double behind_us; /* by how much the last packet came later than the fastest would have */
    uint64_t late;    /* came when a playout buffer of DS_RTP_PLAYOUT_MS had given them up */
    int64_t first_at_us, last_at_us;
    uint32_t clock_rate;
    uint64_t seen_bits; /* which of the last 64 sequence numbers were seen */
};

void ds_rtp_stats_init(struct ds_rtp_stats *stats, uint32_t clock_rate);
void ds_rtp_stats_add(struct ds_rtp_stats *stats, const struct ds_rtp *packet, int64_t at_us);
double ds_rtp_stats_jitter_ms(const struct ds_rtp_stats *stats);
double ds_rtp_stats_mean_jitter_ms(const struct ds_rtp_stats *stats);
double ds_rtp_stats_max_jitter_ms(const struct ds_rtp_stats *stats);
/* The share of what was sent that never came, 0 … 1. */
double ds_rtp_stats_loss(const struct ds_rtp_stats *stats);

/* ---- what a listener makes of it: the E-model (ITU-T G.107) ---- */

/* For narrowband speech, 300 to 3400 Hz. Everything that a capture cannot tell has the default of
 * G.107 table 3; there is no echo. */
struct ds_emodel {
    const char *encoding; /* "PCMA" */
    double loss;          /* 0 … 1, packets that were not there when they were to be played */
    double delay_ms;      /* mouth to ear */
};

/* The transmission rating R, at most 93.2. DS_BAD: G.113 appendix I has no figures for this
 * encoding. G.722 has none there: wideband is rated up to 129, by a model of its own (G.107.1), and
 * a score on that scale would not compare. */
DS_MUST_USE ds_rc ds_emodel_rating(const struct ds_emodel *model, double *out);
/* The mean opinion score that a rating stands for, 1 … 4.5 (G.107 annex B). */
double ds_emodel_mos(double rating);

/* ---- RTCP ---- */

struct ds_rtcp_block { /* what a receiver tells of one source: RFC 3550 6.4.1 */
    uint32_t ssrc;
    int32_t lost;      /* over the whole stream; negative: duplicates outweigh */
    uint32_t jitter;   /* timestamp units */
    uint8_t last_loss; /* 256ths, since the report before */
};

#define DS_RTCP_MOST_BLOCKS 31

struct ds_rtcp {
    uint8_t type; /* of the first packet: 200 SR, 201 RR … */
    uint32_t ssrc;
    uint32_t packets, octets;                         /* SR */
    struct ds_rtcp_block blocks[DS_RTCP_MOST_BLOCKS]; /* of the first packet */
    size_t block_count;
};

DS_MUST_USE ds_rc ds_rtcp_parse(struct ds_slice bytes,
                                struct ds_rtcp *out); /* walks the whole compound */
bool ds_rtcp_is(struct ds_slice bytes); /* by the second byte, sealed or not: RFC 5761 4 */

struct ds_rtcp_report {
    uint32_t ssrc, packets, octets, timestamp;
    int64_t unix_us;                  /* NTP time of the report */
    const struct ds_rtp_stats *heard; /* NULL: no report block */
    uint32_t heard_ssrc;
    const char *cname;
    bool bye;
};

/* A compound packet: SR (RR while no packet was sent), SDES, and BYE where asked. 0 when `size` is
   too small. */
size_t ds_rtcp_write(const struct ds_rtcp_report *report, uint8_t *out, size_t size);

/* ---- fax: T.38 over UDPTL ---- */

#define DS_UDPTL_MOST_COPIES 16

struct ds_udptl {
    uint16_t sequence;
    bool is_data;        /* T.30 data or a piece of a page; else a signal */
    struct ds_slice ifp; /* the packet itself */
    struct ds_slice copies[DS_UDPTL_MOST_COPIES]; /* of the packets before, the latest first */
    size_t copy_count;
    bool parity;  /* instead of copies */
    size_t bytes; /* of the datagram it was read from */
};

/* DS_BAD unless the whole datagram is one packet of UDPTL with an IFP packet in it. */
DS_MUST_USE ds_rc ds_udptl_parse(struct ds_slice bytes, struct ds_udptl *out);
/* With copies as they are listed. 0 when `size` is too small, or a packet longer than 16383. */
size_t ds_udptl_write(const struct ds_udptl *packet, uint8_t *out, size_t size);
/* How many of its IFP packets are news to who last took the one numbered `last`: itself, and those
 * before it that did not come and are among its copies. 0 where it is late, or comes again. */
size_t ds_udptl_news(const struct ds_udptl *packet, uint16_t last);
/* The one so many `back`; 0 is itself. Numbered likewise. */
struct ds_slice ds_udptl_ifp(const struct ds_udptl *packet, size_t back);

#endif
