#ifndef DS_STUN_H
#define DS_STUN_H

/*
 * STUN messages (RFC 5389, RFC 8489), with what TURN (RFC 5766, RFC 8656) and ICE (RFC 8445) put
 * into them, and TURN's ChannelData. A message that was read is a view of the bytes it was read
 * from; one that is written grows in a ds_buf. Nothing here sends, waits or remembers.
 */

#include "base.h"

#define DS_STUN_HEADER_BYTES  20
#define DS_STUN_ID_BYTES      12
#define DS_STUN_KEY_BYTES     16 /* of the long-term credentials: RFC 5389 15.4 */
#define DS_STUN_PORT          3478
#define DS_STUN_CHANNEL_BYTES 4 /* before the data of ChannelData */
#define DS_STUN_FIRST_CHANNEL 0x4000
#define DS_STUN_LAST_CHANNEL  0x4fff /* RFC 8656 12 */
#define DS_STUN_UDP           17     /* in REQUESTED-TRANSPORT */
#define DS_STUN_MOST_UNKNOWN  8

enum ds_stun_kind { DS_STUN_REQUEST, DS_STUN_INDICATION, DS_STUN_SUCCESS, DS_STUN_ERROR };

enum ds_stun_method {
    DS_STUN_BINDING = 0x001,
    DS_STUN_ALLOCATE = 0x003,
    DS_STUN_REFRESH = 0x004,
    DS_STUN_SEND = 0x006,
    DS_STUN_DATA = 0x007,
    DS_STUN_CREATE_PERMISSION = 0x008,
    DS_STUN_CHANNEL_BIND = 0x009
};

enum ds_stun_attribute {
    DS_STUN_USERNAME = 0x0006,
    DS_STUN_MESSAGE_INTEGRITY = 0x0008,
    DS_STUN_ERROR_CODE = 0x0009,
    DS_STUN_UNKNOWN_ATTRIBUTES = 0x000a,
    DS_STUN_CHANNEL_NUMBER = 0x000c,
    DS_STUN_LIFETIME = 0x000d,
    DS_STUN_XOR_PEER_ADDRESS = 0x0012,
    DS_STUN_PAYLOAD = 0x0013, /* DATA */
    DS_STUN_REALM = 0x0014,
    DS_STUN_NONCE = 0x0015,
    DS_STUN_XOR_RELAYED_ADDRESS = 0x0016,
    DS_STUN_REQUESTED_TRANSPORT = 0x0019,
    DS_STUN_XOR_MAPPED_ADDRESS = 0x0020,
    DS_STUN_PRIORITY = 0x0024,
    DS_STUN_USE_CANDIDATE = 0x0025,
    DS_STUN_SOFTWARE = 0x8022,
    DS_STUN_FINGERPRINT = 0x8028,
    DS_STUN_ICE_CONTROLLED = 0x8029,
    DS_STUN_ICE_CONTROLLING = 0x802a
};

struct ds_stun {
    enum ds_stun_kind kind;
    uint16_t method; /* of enum ds_stun_method, or another */
    uint8_t id[DS_STUN_ID_BYTES];
    struct ds_slice bytes;      /* the message, and nothing behind it */
    struct ds_slice attributes; /* those that count: up to MESSAGE-INTEGRITY (RFC 5389 15.4) */
    size_t integrity_at;        /* where MESSAGE-INTEGRITY begins; 0: there is none */
};

/* Could it be one, and not RTP, SIP or ChannelData? By its first bits, its cookie and its length.
 */
bool ds_stun_looks_like(struct ds_slice bytes);
/* DS_BAD, and why: lengths that overrun, a FINGERPRINT that is wrong or not the last. */
DS_MUST_USE ds_rc ds_stun_parse(struct ds_slice bytes, struct ds_stun *out, struct ds_why *why);
const char *ds_stun_method_name(uint16_t method); /* "Allocate"; "?" for others */

/* ---- attributes: the first of its kind counts; false where there is none, or where it is none
 * ----
 */

bool ds_stun_value(const struct ds_stun *msg, uint16_t type, struct ds_slice *value);
bool ds_stun_number(const struct ds_stun *msg, uint16_t type, uint32_t *value); /* 32 bits */
bool ds_stun_tie_breaker(const struct ds_stun *msg, uint16_t type, uint64_t *value);
/* The n-th XOR-… address of that type. */
bool ds_stun_address(const struct ds_stun *msg, uint16_t type, size_t nth, struct ds_addr *value);
bool ds_stun_channel(const struct ds_stun *msg, uint16_t *channel);
int ds_stun_error(const struct ds_stun *msg); /* 300 … 699; 0: no ERROR-CODE */
/* Attributes that must be understood (below 0x8000) and are none of the above; returns how many, at
 * most DS_STUN_MOST_UNKNOWN. */
size_t ds_stun_unknown(const struct ds_stun *msg, uint16_t *types);

/* ---- who says it ---- */

/* MD5 of "user:realm:password". */
void ds_stun_long_term_key(const char *user,
                           const char *realm,
                           const char *password,
                           uint8_t key[DS_STUN_KEY_BYTES]);
/* Is there a MESSAGE-INTEGRITY, and made with this key? */
bool ds_stun_is_by(const struct ds_stun *msg, struct ds_slice key);

/* ---- writing ---- */

/* Begins a message in `out`, which must hold nothing else; the length is kept right as it grows. */
void ds_stun_begin(struct ds_buf *out,
                   enum ds_stun_kind kind,
                   uint16_t method,
                   const uint8_t id[DS_STUN_ID_BYTES]);
void ds_stun_put(struct ds_buf *out, uint16_t type, struct ds_slice value);
void ds_stun_put_number(struct ds_buf *out, uint16_t type, uint32_t value);
void ds_stun_put_tie_breaker(struct ds_buf *out, uint16_t type, uint64_t value);
void ds_stun_put_address(struct ds_buf *out, uint16_t type, struct ds_addr addr);
void ds_stun_put_channel(struct ds_buf *out, uint16_t channel);
void ds_stun_put_error(struct ds_buf *out, int status);
void ds_stun_put_unknown(struct ds_buf *out, const uint16_t *types, size_t count);
void ds_stun_sign(struct ds_buf *out, struct ds_slice key); /* MESSAGE-INTEGRITY */
void ds_stun_finish(struct ds_buf *out);                    /* FINGERPRINT: nothing may follow */

/* ---- ChannelData (RFC 8656 12.4) ---- */

struct ds_stun_channel_data {
    uint16_t channel;
    struct ds_slice data;
};

DS_MUST_USE ds_rc ds_stun_channel_parse(struct ds_slice bytes, struct ds_stun_channel_data *out);
void ds_stun_channel_write(struct ds_buf *out, uint16_t channel, struct ds_slice data);

#endif
