#ifndef DS_SDP_H
#define DS_SDP_H

/*
 * Session descriptions (RFC 4566, RFC 3264) as real peers send them: a tolerant reader, a writer
 * that makes what the Mediation Server and its neighbours make, and the attributes of media bypass
 * (a=x-bypassid, BYP-19). All text points into the body that was read, or is copied into the fixed
 * fields of a description that is to be written.
 */

#include "candidate.h"

#define DS_SDP_MAX_MEDIA   8
#define DS_SDP_MAX_FORMATS 32

enum ds_direction { DS_SENDRECV, DS_SENDONLY, DS_RECVONLY, DS_INACTIVE };

const char *ds_direction_name(enum ds_direction direction);

struct ds_sdp_format {
    uint8_t payload_type;
    struct ds_slice
        encoding; /* "PCMU", from rtpmap or the static table of RFC 3551; empty when unknown */
    uint32_t clock_rate;  /* 0 when unknown */
    struct ds_slice fmtp; /* empty when absent */
};

struct ds_sdp_media {
    struct ds_slice type;     /* "audio" */
    struct ds_slice protocol; /* "RTP/AVP" */
    struct ds_addr at; /* RTP address: the media's c=, else the session's; port 0 means refused */
    struct ds_addr rtcp_at; /* a=rtcp, else port + 1 */
    bool has_address;       /* false when c= names something that is no address */
    enum ds_direction direction;
    uint32_t ptime_ms;         /* 0 when absent */
    struct ds_slice bypass_id; /* a=x-bypassid; empty when absent */
    size_t bypass_id_count;
    size_t crypto_count;                /* a=crypto lines (RFC 4568) */
    bool has_tcap;                      /* a=tcap (RFC 5939) */
    bool rtcp_mux;                      /* a=rtcp-mux (RFC 5761) */
    bool ice_lite;                      /* of the whole description (RFC 8839 5.3) */
    struct ds_slice ice_ufrag, ice_pwd; /* the stream's, else the session's; empty: no ICE */
    struct ds_slice text;               /* the media section as read, for anything else */
    size_t format_count;
    struct ds_sdp_format formats[DS_SDP_MAX_FORMATS]; /* last, as of one that is kept: */
};

struct ds_sdp {
    struct ds_slice origin_user, origin_address;
    uint64_t session_id, version; /* o=; unparsable numbers are 0 and `origin_ok` false */
    bool origin_ok;
    struct ds_slice session_name;
    size_t media_count;
    struct ds_sdp_media
        media[DS_SDP_MAX_MEDIA]; /* last: one that is kept ends with its last stream's formats */
};

/* Reads what is there; DS_BAD only when there is no v= line or no sense at all. */
DS_MUST_USE ds_rc ds_sdp_parse(struct ds_slice body, struct ds_sdp *out, struct ds_why *why);
/* In bytes, up to its last stream's last format: what a copy that is kept takes. */
size_t ds_sdp_size(const struct ds_sdp *sdp);
/* The first audio stream, or NULL. */
const struct ds_sdp_media *ds_sdp_audio(const struct ds_sdp *sdp);
const struct ds_sdp_format *ds_sdp_find_format(const struct ds_sdp_media *media,
                                               const char *encoding);
/* Fills in what RFC 3551 says of a static payload type; leaves others alone. */
void ds_sdp_describe_static(struct ds_sdp_format *format);
bool ds_sdp_attribute(const struct ds_sdp_media *media,
                      const char *name,
                      size_t nth,
                      struct ds_slice *value);

bool ds_sdp_is_secure(const struct ds_sdp_media *media); /* its protocol is one of SRTP's */
/* The n-th candidate of component 1 that can be read; false: there are not so many. */
bool ds_sdp_candidate(const struct ds_sdp_media *media, size_t nth, struct ds_candidate *out);

/* ---- keys of SRTP (RFC 4568) ---- */

enum ds_srtp_suite {
    DS_SRTP_AES_CM_128_80,
    DS_SRTP_AES_CM_128_32,
    DS_SRTP_AES_CM_256_80,
    DS_SRTP_AES_CM_256_32,
    DS_SRTP_GCM_128,
    DS_SRTP_GCM_256
};

const char *ds_srtp_suite_name(enum ds_srtp_suite suite); /* "AES_CM_128_HMAC_SHA1_80" */

struct ds_sdp_crypto {
    uint32_t tag;
    enum ds_srtp_suite suite;
    uint8_t key[46]; /* the master key, then its salt */
    size_t key_len;
    uint8_t mki[8]; /* as it stands in each packet */
    size_t mki_len; /* 0: packets have none */
};

/* Reads the value of an a=crypto attribute. DS_BAD, and why, for what no packet can be opened with:
   unknown suites, keys of another length, session parameters that leave something out. */
DS_MUST_USE ds_rc ds_sdp_crypto_read(struct ds_slice value,
                                     struct ds_sdp_crypto *out,
                                     struct ds_why *why);
/* Appends the whole attribute, with the lifetime that RFC 3711 9.2 allows at most. */
void ds_sdp_crypto_write(const struct ds_sdp_crypto *crypto, struct ds_buf *out);
/* Of the keys listed, the one that our elements take: the suite that Direct SIP asks for (domain.md
   5.3), without an MKI where there is such a line. */
bool ds_sdp_crypto_choose(const struct ds_sdp_media *media, struct ds_sdp_crypto *out);
/* Appends all a=crypto lines of a stream as they stand. */
void ds_sdp_crypto_copy(const struct ds_sdp_media *media, struct ds_buf *out);

/* ---- whether a stream is SRTP (secure.c) ---- */

enum ds_sdp_security {
    DS_SDP_PLAIN,       /* RTP/AVP */
    DS_SDP_BEST_EFFORT, /* an offer of RTP/AVP, and of RTP/SAVP to who can (RFC 5939) */
    DS_SDP_TAKEN,       /* the answer that takes the RTP/SAVP of such an offer */
    DS_SDP_SECURE       /* RTP/SAVP */
};

struct ds_sdp_secure {
    enum ds_sdp_security security;
    struct ds_slice crypto; /* a=crypto lines as they are written; or empty */
    /* Of best effort: the potential configuration, and the transport capability that it names. */
    uint32_t configuration, transport;
};

/* Which of these an offer is, with the numbers that an answer repeats; `crypto` stays empty. */
struct ds_sdp_secure ds_sdp_security_read(const struct ds_sdp_media *media);

/* ---- fax by T.38 (ITU-T T.38 annex D) ---- */

struct ds_sdp_t38 { /* 0 and empty where nothing is said */
    uint32_t version, max_bit_rate, max_buffer, max_datagram;
    struct ds_slice rate_management;  /* "transferredTCF" */
    struct ds_slice error_correction; /* "t38UDPRedundancy" */
};

/* The first m=image of udptl, or NULL. */
const struct ds_sdp_media *ds_sdp_fax(const struct ds_sdp *sdp);
void ds_sdp_t38_read(const struct ds_sdp_media *media, struct ds_sdp_t38 *out);
/* Appends an m=image and its attributes. */
void ds_sdp_t38_write(const struct ds_sdp_t38 *t38, uint16_t port, struct ds_buf *out);

/* ---- writing one stream ---- */

enum ds_sdp_style {
    DS_SDP_GATEWAY,   /* plain RFC 3264, as a gateway or a PBX writes it */
    DS_SDP_MEDIATION, /* s=session, b=CT:1000, a=label:Audio: domain.md 5.3 */
    DS_SDP_CLIENT /* b=CT:99980, a=label:main-audio, x-bypassid where given: wire-samples.md 2 */
};

struct ds_sdp_codec {
    uint8_t payload_type;
    const char *encoding; /* "PCMA" */
    uint32_t clock_rate;
    const char *fmtp; /* NULL: none */
};

struct ds_sdp_spec {
    enum ds_sdp_style style;
    uint64_t session_id, version;
    struct ds_addr at;                 /* RTP; RTCP is the next port */
    const struct ds_sdp_codec *codecs; /* in order of preference; borrowed for the call */
    size_t codec_count;
    enum ds_direction direction;
    const char *bypass_id;         /* NULL: none */
    const struct ds_ice_spec *ice; /* NULL: none */
    struct ds_sdp_secure secure;
    struct ds_slice image; /* stands instead of the audio: an m=image as it is written; or empty */
};

/* Appends the description to `out`. */
void ds_sdp_write(const struct ds_sdp_spec *spec, struct ds_buf *out);

#endif
