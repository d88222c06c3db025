#ifndef DS_TRACE_TLS_INTERNAL_H
#define DS_TRACE_TLS_INTERNAL_H

/*
 * How TLS is opened: suites (tls_suite.c), secrets (tls_keys.c), and the ciphers that they key
 * (tls_cipher.c, tls_block.c). For the parts of TLS alone; the rest of the trace feeds it bytes.
 */

#include "trace_internal.h"

enum ds_trace_tls_algorithm {
    DS_TLS_AES128_GCM,
    DS_TLS_AES256_GCM,
    DS_TLS_CHACHA20,
    DS_TLS_AES128_CBC, /* until TLS 1.2 */
    DS_TLS_AES256_CBC
};

struct ds_trace_tls_suite {
    enum ds_trace_tls_algorithm algorithm;
    uint16_t id;
    bool sha384;     /* the hash that keys are derived with; SHA-256 otherwise */
    uint8_t mac_len; /* of the HMAC beside a block cipher: 20, 32 or 48 tell the hash; 0: none */
};

/* NULL: none that we can open in this version. */
const struct ds_trace_tls_suite *ds_trace_tls_suite_find(uint16_t id, uint16_t version);
const char *ds_trace_tls_algorithm(const struct ds_trace_tls_suite *suite); /* OpenSSL's name */
size_t ds_trace_tls_key_len(const struct ds_trace_tls_suite *suite);
size_t ds_trace_tls_hash_len(const struct ds_trace_tls_suite *suite);

#define DS_TLS_RANDOM_BYTES 32
#define DS_TLS_MAX_SECRET   48

/* As ServerHello names them. Older ones are not opened. */
#define DS_TLS_10 0x0301
#define DS_TLS_12 0x0303
#define DS_TLS_13 0x0304

enum ds_trace_tls_label {
    DS_TLS_MASTER,
    DS_TLS_CLIENT_HANDSHAKE,
    DS_TLS_SERVER_HANDSHAKE,
    DS_TLS_CLIENT_TRAFFIC,
    DS_TLS_SERVER_TRAFFIC
};

#define DS_TLS_BLOCK_BYTES 16

/* Opens records of one way. */
struct ds_trace_tls_cipher {
    const struct ds_trace_tls_suite *suite;
    bool version_13;
    bool encrypt_then_mac; /* RFC 7366 */
    bool chained;          /* TLS 1.0: a record begins with the last sealed block before it */
    uint8_t key[32], iv[12], mac_key[DS_TLS_MAX_SECRET];
    uint8_t last_block[DS_TLS_BLOCK_BYTES];
    uint8_t secret[DS_TLS_MAX_SECRET]; /* TLS 1.3: for key updates */
    uint64_t sequence;
};

/* Finds the secret; reads the whole capture for key logs when first asked. */
bool ds_trace_tls_keys_find(struct ds_reading *reading,
                            enum ds_trace_tls_label label,
                            const uint8_t client_random[DS_TLS_RANDOM_BYTES],
                            uint8_t secret[DS_TLS_MAX_SECRET]);
/* Secrets from a file of their own. */
DS_MUST_USE ds_rc ds_trace_tls_keys_read(struct ds_reading *reading,
                                         const char *path,
                                         struct ds_why *why);
void ds_trace_tls_keys_clean_up(struct ds_trace_tls_keys *keys);
/* RFC 8446 7.3: key and IV of a traffic secret. */
bool ds_trace_tls_cipher_13(struct ds_trace_tls_cipher *cipher,
                            const struct ds_trace_tls_suite *suite);
/* RFC 8446 7.2. */
bool ds_trace_tls_cipher_update(struct ds_trace_tls_cipher *cipher);

/* RFC 5246 6.3, RFC 2246 6.3: both ways at once, of TLS 1.0 to 1.2. */
struct ds_trace_tls_randoms {
    uint8_t client[DS_TLS_RANDOM_BYTES], server[DS_TLS_RANDOM_BYTES];
};

bool ds_trace_tls_ciphers_12(const struct ds_trace_tls_suite *suite,
                             uint16_t version,
                             const uint8_t master[DS_TLS_MAX_SECRET],
                             const struct ds_trace_tls_randoms *randoms,
                             struct ds_trace_tls_cipher *client,
                             struct ds_trace_tls_cipher *server);
/* `record` with its five bytes of header; `out` has room for all of it. False: not with this key.
 * `*type` becomes the type of what was inside. */
bool ds_trace_tls_open(struct ds_trace_tls_cipher *cipher,
                       struct ds_slice record,
                       uint8_t *type,
                       uint8_t *out,
                       size_t *out_len);

/* The same where a block cipher sealed it. */
bool ds_trace_tls_open_block(struct ds_trace_tls_cipher *cipher,
                             struct ds_slice record,
                             uint8_t *out,
                             size_t *out_len);

#endif
