#include "trace_tls_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TLS_MAGIC           0x7150001u
#define HEADER_BYTES        5
#define MAX_RECORD_BYTES    (16384 + 2048)
#define MAX_HANDSHAKE_BYTES 65536

#define EXTENSION_ENCRYPT_THEN_MAC 22 /* RFC 7366 */

enum record_type { RECORD_CHANGE_CIPHER = 20, RECORD_ALERT, RECORD_HANDSHAKE, RECORD_DATA };

enum handshake_type {
    HANDSHAKE_CLIENT_HELLO = 1,
    HANDSHAKE_SERVER_HELLO = 2,
    HANDSHAKE_CERTIFICATE = 11,
    HANDSHAKE_FINISHED = 20,
    HANDSHAKE_KEY_UPDATE = 24
};

struct side {
    struct ds_buf records, handshake; /* owned: what is not whole yet */
    struct ds_trace_text text;
    struct ds_trace_tls_cipher cipher;
    bool ciphered, finished;
};

struct ds_trace_tls {
    uint32_t magic;
    struct ds_trace_way way; /* of side 0 */
    struct side sides[2];
    int client; /* which side said ClientHello; -1: none was seen */
    struct ds_trace_tls_randoms randoms;
    uint16_t version;
    bool encrypt_then_mac;
    const struct ds_trace_tls_suite *suite;
    bool dead; /* nothing more can be read; a gap says why */
};

/* SHA-256 of "HelloRetryRequest": a ServerHello that is none (RFC 8446 4.1.3). */
static const uint8_t retry_random[DS_TLS_RANDOM_BYTES] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};

bool ds_trace_tls_looks_like(struct ds_slice bytes)
{
    return bytes.len >= 3 && (uint8_t)bytes.at[0] >= RECORD_CHANGE_CIPHER &&
           (uint8_t)bytes.at[0] <= RECORD_DATA && bytes.at[1] == 3 && (uint8_t)bytes.at[2] <= 4;
}

struct ds_trace_tls *ds_trace_tls_new(struct ds_reading *reading, const struct ds_trace_way *way)
{
    struct ds_trace_tls *tls = calloc(1, sizeof *tls);
    if (tls == NULL) {
        reading->out_of_memory = true;
        return NULL;
    }
    tls->magic = TLS_MAGIC;
    tls->way = *way;
    tls->client = -1;
    tls->sides[0].text = (struct ds_trace_text){.way = *way, .transport = DS_TLS};
    tls->sides[1].text = (struct ds_trace_text){.way = {way->to, way->from}, .transport = DS_TLS};
    return tls;
}

void ds_trace_tls_end(struct ds_reading *reading, const struct ds_trace_tls *tls)
{
    DS_CHECK(tls, TLS_MAGIC);
    for (int i = 0; i < 2; i++)
        ds_trace_text_end(reading, &tls->sides[i].text);
}

void ds_trace_tls_clean_up(struct ds_trace_tls *tls)
{
    if (tls == NULL)
        return;
    DS_CHECK(tls, TLS_MAGIC);
    for (int i = 0; i < 2; i++) {
        ds_buf_clean_up(&tls->sides[i].records);
        ds_buf_clean_up(&tls->sides[i].handshake);
        ds_buf_clean_up(&tls->sides[i].text.bytes);
    }
    tls->magic = 0;
    free(tls);
}

static void die(struct ds_reading *reading, struct ds_trace_tls *tls, const char *reason)
{
    if (!tls->dead)
        ds_reading_gap(reading, reading->now.frame, "TLS between %s and %s: %s",
                       ds_addr_text(tls->way.from).text, ds_addr_text(tls->way.to).text, reason);
    tls->dead = true;
}

void ds_trace_tls_break(struct ds_reading *reading, struct ds_trace_tls *tls)
{
    DS_CHECK(tls, TLS_MAGIC);
    die(reading, tls, "bytes are missing, and the rest cannot be opened without them");
}

/* ---- the handshake ---- */

static void set_secret(struct ds_reading *reading,
                       struct ds_trace_tls *tls,
                       struct side *side,
                       enum ds_trace_tls_label label)
{
    if (!ds_trace_tls_keys_find(reading, label, tls->randoms.client, side->cipher.secret) ||
        !ds_trace_tls_cipher_13(&side->cipher, tls->suite))
        die(reading, tls, "no secret in the capture");
    else
        side->ciphered = true;
}

static void read_client_hello(struct ds_trace_tls *tls, int side, struct ds_slice body)
{
    if (body.len < 2 + DS_TLS_RANDOM_BYTES)
        return;
    tls->client = side;
    memcpy(tls->randoms.client, body.at + 2, DS_TLS_RANDOM_BYTES);
}

static bool find_extension(struct ds_slice extensions, uint16_t wanted, struct ds_slice *value)
{
    while (extensions.len >= 4) {
        size_t len = ds_get16(extensions.at + 2);
        *value = ds_slice_from(extensions, 4);
        if (ds_get16(extensions.at) == wanted && value->len >= len) {
            value->len = len;
            return true;
        }
        extensions = ds_slice_from(extensions, 4 + len);
    }
    return false;
}

/* The version a ServerHello means: of supported_versions, where it has that extension. */
static uint16_t version_of(uint16_t said, struct ds_slice extensions)
{
    const uint16_t supported_versions = 43;
    struct ds_slice value;
    bool found = find_extension(extensions, supported_versions, &value) && value.len == 2;
    return found ? ds_get16(value.at) : said;
}

static const char *version_name(uint16_t version)
{
    static const char *const names[] = {"SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"};
    size_t index = version - 0x0300u;
    return index < DS_COUNT(names) ? names[index] : "a version that is not known";
}

static void die_of_suite(struct ds_reading *reading, struct ds_trace_tls *tls, uint16_t suite)
{
    char reason[96];
    snprintf(reason, sizeof reason, "cipher suite 0x%04x of %s is one we cannot open", suite,
             version_name(tls->version));
    die(reading, tls, reason);
}

static void begin_13(struct ds_reading *reading, struct ds_trace_tls *tls)
{
    set_secret(reading, tls, &tls->sides[tls->client], DS_TLS_CLIENT_HANDSHAKE);
    set_secret(reading, tls, &tls->sides[1 - tls->client], DS_TLS_SERVER_HANDSHAKE);
}

static void
read_server_hello(struct ds_reading *reading, struct ds_trace_tls *tls, struct ds_slice body)
{
    const size_t session_at = 2 + DS_TLS_RANDOM_BYTES;
    if (body.len < session_at + 1 || memcmp(body.at + 2, retry_random, sizeof retry_random) == 0)
        return;
    memcpy(tls->randoms.server, body.at + 2, DS_TLS_RANDOM_BYTES);
    struct ds_slice rest = ds_slice_from(body, session_at + 1 + (uint8_t)body.at[session_at]);
    if (rest.len < 3)
        return;
    struct ds_slice extensions = ds_slice_from(rest, 5), value;
    tls->version = version_of(ds_get16(body.at), extensions);
    tls->suite = ds_trace_tls_suite_find(ds_get16(rest.at), tls->version);
    tls->encrypt_then_mac = find_extension(extensions, EXTENSION_ENCRYPT_THEN_MAC, &value);
    if (tls->client < 0)
        die(reading, tls, "its ClientHello is not in the capture");
    else if (tls->suite == NULL)
        die_of_suite(reading, tls, ds_get16(rest.at));
    else if (tls->version == DS_TLS_13)
        begin_13(reading, tls);
}

static void finish_13(struct ds_reading *reading, struct ds_trace_tls *tls, int side)
{
    if (tls->version != DS_TLS_13 || tls->sides[side].finished)
        return;
    tls->sides[side].finished = true;
    set_secret(reading, tls, &tls->sides[side],
               side == tls->client ? DS_TLS_CLIENT_TRAFFIC : DS_TLS_SERVER_TRAFFIC);
}

static void read_handshake(struct ds_reading *reading,
                           struct ds_trace_tls *tls,
                           int side,
                           uint8_t type,
                           struct ds_slice body)
{
    switch (type) {
    case HANDSHAKE_CLIENT_HELLO:
        read_client_hello(tls, side, body);
        break;
    case HANDSHAKE_SERVER_HELLO:
        read_server_hello(reading, tls, body);
        break;
    case HANDSHAKE_CERTIFICATE:
        if (tls->client >= 0)
            ds_trace_tls_certificate(reading, &tls->sides[side].text.way, side == tls->client,
                                     tls->version == DS_TLS_13, body);
        break;
    case HANDSHAKE_FINISHED:
        finish_13(reading, tls, side);
        break;
    case HANDSHAKE_KEY_UPDATE:
        if (tls->version == DS_TLS_13 && tls->sides[side].finished &&
            !ds_trace_tls_cipher_update(&tls->sides[side].cipher))
            die(reading, tls, "a key update cannot be followed");
        break;
    default:
        break;
    }
}

static void feed_handshake(struct ds_reading *reading,
                           struct ds_trace_tls *tls,
                           int side,
                           struct ds_slice bytes)
{
    struct ds_buf *buf = &tls->sides[side].handshake;
    ds_buf_add(buf, bytes);
    struct ds_slice rest = ds_buf_slice(buf);
    while (!tls->dead && rest.len >= 4) {
        size_t len = ds_get32(rest.at) & 0xffffffu;
        if (len > MAX_HANDSHAKE_BYTES)
            die(reading, tls, "its handshake makes no sense");
        if (rest.len < 4 + len)
            break;
        read_handshake(reading, tls, side, (uint8_t)rest.at[0],
                       (struct ds_slice){rest.at + 4, len});
        rest = ds_slice_from(rest, 4 + len);
    }
    reading->out_of_memory = reading->out_of_memory || buf->broken;
    if (!buf->broken)
        ds_trace_drop_front(buf, buf->len - rest.len);
}

/* ---- records ---- */

/* Until TLS 1.2: from here on this side's records are sealed. */
static void change_cipher(struct ds_reading *reading, struct ds_trace_tls *tls, int side)
{
    uint8_t master[DS_TLS_MAX_SECRET];
    struct ds_trace_tls_cipher ciphers[2];
    if (tls->version == DS_TLS_13 || tls->sides[side].ciphered)
        return;
    if (tls->client < 0 || tls->suite == NULL) {
        /* TLS 1.3 lets a client send one before the ServerHello, and it means nothing. */
        return;
    }
    if (!ds_trace_tls_keys_find(reading, DS_TLS_MASTER, tls->randoms.client, master) ||
        !ds_trace_tls_ciphers_12(tls->suite, tls->version, master, &tls->randoms,
                                 &ciphers[tls->client], &ciphers[1 - tls->client])) {
        die(reading, tls, "no secret in the capture");
        return;
    }
    tls->sides[side].cipher = ciphers[side];
    tls->sides[side].cipher.encrypt_then_mac = tls->encrypt_then_mac;
    tls->sides[side].ciphered = true;
}

static void take_plain(struct ds_reading *reading,
                       struct ds_trace_tls *tls,
                       int side,
                       uint8_t type,
                       struct ds_slice bytes)
{
    if (type == RECORD_HANDSHAKE)
        feed_handshake(reading, tls, side, bytes);
    else if (type == RECORD_DATA)
        ds_trace_text_feed(reading, &tls->sides[side].text, bytes);
}

static void
take_sealed(struct ds_reading *reading, struct ds_trace_tls *tls, int side, struct ds_slice record)
{
    uint8_t plain[MAX_RECORD_BYTES], type = 0;
    size_t len = 0;
    if (tls->version == DS_TLS_13 && record.at[0] == RECORD_CHANGE_CIPHER)
        return;
    if (!ds_trace_tls_open(&tls->sides[side].cipher, record, &type, plain, &len))
        die(reading, tls, "a record does not open with the secret in the capture");
    else
        take_plain(reading, tls, side, type, (struct ds_slice){(const char *)plain, len});
}

static void
take_record(struct ds_reading *reading, struct ds_trace_tls *tls, int side, struct ds_slice record)
{
    uint8_t type = (uint8_t)record.at[0];
    if (tls->sides[side].ciphered)
        take_sealed(reading, tls, side, record);
    else if (type == RECORD_CHANGE_CIPHER)
        change_cipher(reading, tls, side);
    else if (type == RECORD_HANDSHAKE)
        take_plain(reading, tls, side, type, ds_slice_from(record, HEADER_BYTES));
    else if (type == RECORD_DATA)
        die(reading, tls, "its handshake is not in the capture");
}

void ds_trace_tls_feed(struct ds_reading *reading,
                       struct ds_trace_tls *tls,
                       int side,
                       struct ds_slice bytes)
{
    DS_CHECK(tls, TLS_MAGIC);
    struct ds_buf *buf = &tls->sides[side].records;
    if (tls->dead)
        return;
    ds_buf_add(buf, bytes);
    struct ds_slice rest = ds_buf_slice(buf);
    while (!tls->dead && rest.len >= HEADER_BYTES) {
        size_t len = HEADER_BYTES + (size_t)ds_get16(rest.at + 3);
        if (!ds_trace_tls_looks_like(rest) || len > MAX_RECORD_BYTES)
            die(reading, tls, "its records make no sense");
        if (tls->dead || rest.len < len)
            break;
        take_record(reading, tls, side, (struct ds_slice){rest.at, len});
        rest = ds_slice_from(rest, len);
    }
    reading->out_of_memory = reading->out_of_memory || buf->broken;
    if (!buf->broken)
        ds_trace_drop_front(buf, buf->len - rest.len);
}
