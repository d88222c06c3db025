#include "trace_tls_internal.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define HEADER_BYTES 5
#define TAG_BYTES    16
#define IV_BYTES     12
#define SALT_BYTES   4 /* the part of a TLS 1.2 GCM nonce that stays */

static const EVP_MD *hash_of(const struct ds_trace_tls_suite *suite)
{
    return suite->sha384 ? EVP_sha384() : EVP_sha256();
}

static bool hmac(const EVP_MD *hash, struct ds_slice key, struct ds_slice data, uint8_t *out)
{
    return HMAC(hash, key.at, (int)key.len, (const unsigned char *)data.at, data.len, out, NULL) !=
           NULL;
}

/* HKDF-Expand-Label with an empty context. No output we need is longer than the hash, so one round
 * of HKDF-Expand does. */
static bool expand_label(const struct ds_trace_tls_suite *suite,
                         const uint8_t *secret,
                         const char *label,
                         uint8_t *out,
                         size_t out_len)
{
    uint8_t round[EVP_MAX_MD_SIZE];
    char info[32];
    size_t label_len = strlen(label), len = 0;
    ds_assert(out_len <= ds_trace_tls_hash_len(suite) && label_len + 11 <= sizeof info);
    info[len++] = 0;
    info[len++] = (char)out_len;
    info[len++] = (char)(label_len + 6);
    memcpy(info + len, "tls13 ", 6);
    memcpy(info + len + 6, label, label_len);
    len += 6 + label_len;
    info[len++] = 0;
    info[len++] = 1;
    struct ds_slice key = {(const char *)secret, ds_trace_tls_hash_len(suite)};
    if (!hmac(hash_of(suite), key, (struct ds_slice){info, len}, round))
        return false;
    memcpy(out, round, out_len);
    return true;
}

bool ds_trace_tls_cipher_13(struct ds_trace_tls_cipher *cipher,
                            const struct ds_trace_tls_suite *suite)
{
    cipher->suite = suite;
    cipher->version_13 = true;
    cipher->sequence = 0;
    return expand_label(suite, cipher->secret, "key", cipher->key, ds_trace_tls_key_len(suite)) &&
           expand_label(suite, cipher->secret, "iv", cipher->iv, IV_BYTES);
}

bool ds_trace_tls_cipher_update(struct ds_trace_tls_cipher *cipher)
{
    uint8_t next[DS_TLS_MAX_SECRET];
    if (!expand_label(cipher->suite, cipher->secret, "traffic upd", next,
                      ds_trace_tls_hash_len(cipher->suite)))
        return false;
    memcpy(cipher->secret, next, ds_trace_tls_hash_len(cipher->suite));
    return ds_trace_tls_cipher_13(cipher, cipher->suite);
}

/* P_hash of RFC 5246 5, added to what is in `out`. */
static bool expand_hash(const EVP_MD *hash,
                        struct ds_slice secret,
                        struct ds_slice seed,
                        uint8_t *out,
                        size_t out_len)
{
    uint8_t chain[EVP_MAX_MD_SIZE + 96], round[EVP_MAX_MD_SIZE];
    size_t hash_len = (size_t)EVP_MD_get_size(hash);
    ds_assert(seed.len <= 96);
    if (!hmac(hash, secret, seed, chain))
        return false;
    for (size_t at = 0; at < out_len; at += hash_len) {
        memcpy(chain + hash_len, seed.at, seed.len);
        if (!hmac(hash, secret, (struct ds_slice){(char *)chain, hash_len + seed.len}, round))
            return false;
        for (size_t i = 0; i < hash_len && at + i < out_len; i++)
            out[at + i] ^= round[i];
        if (!hmac(hash, secret, (struct ds_slice){(char *)chain, hash_len}, round))
            return false;
        memcpy(chain, round, hash_len);
    }
    return true;
}

/* RFC 5246 5. Before TLS 1.2, one half of the secret goes through MD5 and the other through SHA-1
 * (RFC 2246 5). */
static bool expand_master(const struct ds_trace_tls_suite *suite,
                          uint16_t version,
                          const uint8_t master[DS_TLS_MAX_SECRET],
                          struct ds_slice seed,
                          uint8_t *out,
                          size_t out_len)
{
    struct ds_slice whole = {(const char *)master, DS_TLS_MAX_SECRET};
    struct ds_slice first = {whole.at, whole.len / 2}, second = ds_slice_from(whole, first.len);
    memset(out, 0, out_len);
    if (version == DS_TLS_12)
        return expand_hash(hash_of(suite), whole, seed, out, out_len);
    return expand_hash(EVP_md5(), first, seed, out, out_len) &&
           expand_hash(EVP_sha1(), second, seed, out, out_len);
}

/* RFC 5246 6.3: what the keys of both ways are cut from, one after the other. */
static void cut_pair(const uint8_t **block, size_t len, uint8_t *of_client, uint8_t *of_server)
{
    memcpy(of_client, *block, len);
    memcpy(of_server, *block + len, len);
    *block += 2 * len;
}

/* A block cipher's initial vectors come with its records; of TLS 1.0, only the first does not. */
static size_t iv_bytes_12(const struct ds_trace_tls_suite *suite, uint16_t version)
{
    if (suite->mac_len > 0)
        return version == DS_TLS_10 ? DS_TLS_BLOCK_BYTES : 0;
    return suite->algorithm == DS_TLS_CHACHA20 ? IV_BYTES : SALT_BYTES;
}

bool ds_trace_tls_ciphers_12(const struct ds_trace_tls_suite *suite,
                             uint16_t version,
                             const uint8_t master[DS_TLS_MAX_SECRET],
                             const struct ds_trace_tls_randoms *randoms,
                             struct ds_trace_tls_cipher *client,
                             struct ds_trace_tls_cipher *server)
{
    static const char label[] = "key expansion";
    char seed[sizeof label - 1 + sizeof *randoms];
    uint8_t block[2 * (DS_TLS_MAX_SECRET + 32 + DS_TLS_BLOCK_BYTES)];
    const uint8_t *at = block;
    size_t key_len = ds_trace_tls_key_len(suite), iv_len = iv_bytes_12(suite, version);
    memcpy(seed, label, sizeof label - 1);
    memcpy(seed + sizeof label - 1, randoms->server, DS_TLS_RANDOM_BYTES);
    memcpy(seed + sizeof label - 1 + DS_TLS_RANDOM_BYTES, randoms->client, DS_TLS_RANDOM_BYTES);
    if (!expand_master(suite, version, master, (struct ds_slice){seed, sizeof seed}, block,
                       2 * (suite->mac_len + key_len + iv_len)))
        return false;
    bool chained = suite->mac_len > 0 && version == DS_TLS_10;
    *client = *server = (struct ds_trace_tls_cipher){.suite = suite, .chained = chained};
    cut_pair(&at, suite->mac_len, client->mac_key, server->mac_key);
    cut_pair(&at, key_len, client->key, server->key);
    if (chained)
        cut_pair(&at, iv_len, client->last_block, server->last_block);
    else
        cut_pair(&at, iv_len, client->iv, server->iv);
    return true;
}

/* ---- opening a record ---- */

struct sealed {
    uint8_t nonce[IV_BYTES];
    uint8_t additional[13];
    size_t additional_len;
    struct ds_slice text; /* with its tag */
};

static void put_sequence(uint64_t sequence, uint8_t *out)
{
    for (int i = 0; i < 8; i++)
        out[i] = (uint8_t)(sequence >> (56 - 8 * i));
}

static void mix_sequence(const struct ds_trace_tls_cipher *cipher, uint8_t nonce[IV_BYTES])
{
    uint8_t sequence[8];
    put_sequence(cipher->sequence, sequence);
    memcpy(nonce, cipher->iv, IV_BYTES);
    for (int i = 0; i < 8; i++)
        nonce[IV_BYTES - 8 + i] ^= sequence[i];
}

static bool
lay_out_12(const struct ds_trace_tls_cipher *cipher, struct ds_slice record, struct sealed *out)
{
    out->text = ds_slice_from(record, HEADER_BYTES);
    if (cipher->suite->algorithm == DS_TLS_CHACHA20) {
        mix_sequence(cipher, out->nonce);
    } else {
        if (out->text.len < 8)
            return false;
        memcpy(out->nonce, cipher->iv, SALT_BYTES);
        memcpy(out->nonce + SALT_BYTES, out->text.at, 8);
        out->text = ds_slice_from(out->text, 8);
    }
    if (out->text.len < TAG_BYTES)
        return false;
    put_sequence(cipher->sequence, out->additional);
    memcpy(out->additional + 8, record.at, 3);
    out->additional[11] = (uint8_t)((out->text.len - TAG_BYTES) >> 8);
    out->additional[12] = (uint8_t)(out->text.len - TAG_BYTES);
    out->additional_len = 13;
    return true;
}

static bool
lay_out_13(const struct ds_trace_tls_cipher *cipher, struct ds_slice record, struct sealed *out)
{
    out->text = ds_slice_from(record, HEADER_BYTES);
    mix_sequence(cipher, out->nonce);
    memcpy(out->additional, record.at, HEADER_BYTES);
    out->additional_len = HEADER_BYTES;
    return out->text.len >= TAG_BYTES;
}

static bool
unseal(const struct ds_trace_tls_cipher *cipher, const struct sealed *sealed, uint8_t *out)
{
    uint8_t tag[TAG_BYTES];
    int len = 0;
    int text_len = (int)(sealed->text.len - TAG_BYTES);
    const uint8_t *text = (const uint8_t *)sealed->text.at;
    const EVP_CIPHER *algorithm = EVP_get_cipherbyname(ds_trace_tls_algorithm(cipher->suite));
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (context == NULL)
        return false;
    memcpy(tag, text + text_len, TAG_BYTES);
    bool good = EVP_DecryptInit_ex(context, algorithm, NULL, cipher->key, sealed->nonce) == 1 &&
                EVP_DecryptUpdate(context, NULL, &len, sealed->additional,
                                  (int)sealed->additional_len) == 1 &&
                EVP_DecryptUpdate(context, out, &len, text, text_len) == 1 &&
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag) == 1 &&
                EVP_DecryptFinal_ex(context, out + len, &len) == 1;
    EVP_CIPHER_CTX_free(context);
    return good;
}

static bool open_sealed(const struct ds_trace_tls_cipher *cipher,
                        struct ds_slice record,
                        uint8_t *out,
                        size_t *out_len)
{
    struct sealed sealed = {0};
    bool laid_out = cipher->version_13 ? lay_out_13(cipher, record, &sealed)
                                       : lay_out_12(cipher, record, &sealed);
    if (!laid_out || !unseal(cipher, &sealed, out))
        return false;
    *out_len = sealed.text.len - TAG_BYTES;
    return true;
}

bool ds_trace_tls_open(struct ds_trace_tls_cipher *cipher,
                       struct ds_slice record,
                       uint8_t *type,
                       uint8_t *out,
                       size_t *out_len)
{
    bool opened = cipher->suite->mac_len > 0 ? ds_trace_tls_open_block(cipher, record, out, out_len)
                                             : open_sealed(cipher, record, out, out_len);
    if (!opened)
        return false;
    cipher->sequence++;
    *type = (uint8_t)record.at[0];
    if (!cipher->version_13)
        return true;
    while (*out_len > 0 && out[*out_len - 1] == 0)
        (*out_len)--;
    if (*out_len == 0)
        return false;
    *type = out[--*out_len];
    return true;
}
