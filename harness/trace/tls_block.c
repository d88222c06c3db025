#include "trace_tls_internal.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

/* Records until TLS 1.2 under a block cipher (RFC 5246 6.2.3.2): a vector, then text, HMAC and
 * padding sealed together; or, by RFC 7366, text and padding sealed and the HMAC open behind them.
 * TLS 1.0 has no vector: the last block of the record before is it (RFC 2246 6.2.3.2). */

#define HEADER_BYTES 5
#define BLOCK_BYTES  ((size_t)DS_TLS_BLOCK_BYTES)

static const EVP_MD *hash_of(const struct ds_trace_tls_suite *suite)
{
    if (suite->mac_len == 20)
        return EVP_sha1();
    return suite->mac_len == 32 ? EVP_sha256() : EVP_sha384();
}

/* RFC 5246 6.2.3.1: over the number of the record, its header with the length of `text`, and it. */
static bool is_authentic(const struct ds_trace_tls_cipher *cipher,
                         struct ds_slice record,
                         struct ds_slice text,
                         const uint8_t *mac)
{
    uint8_t said[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    struct ds_buf input = {0};
    for (int shift = 56; shift >= 0; shift -= 8)
        ds_buf_add(&input, (struct ds_slice){(const char[]){(char)(cipher->sequence >> shift)}, 1});
    ds_buf_add(&input, (struct ds_slice){record.at, 3});
    ds_buf_add(&input, (struct ds_slice){(const char[]){(char)(text.len >> 8), (char)text.len}, 2});
    ds_buf_add(&input, text);
    bool good = !input.broken &&
                HMAC(hash_of(cipher->suite), cipher->mac_key, cipher->suite->mac_len,
                     (const unsigned char *)input.at, input.len, said, &len) != NULL &&
                len == cipher->suite->mac_len && memcmp(said, mac, len) == 0;
    ds_buf_clean_up(&input);
    return good;
}

static bool decrypt(const struct ds_trace_tls_cipher *cipher,
                    const uint8_t *vector,
                    struct ds_slice text,
                    uint8_t *out)
{
    const EVP_CIPHER *algorithm = EVP_get_cipherbyname(ds_trace_tls_algorithm(cipher->suite));
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int len = 0;
    if (context == NULL)
        return false;
    bool good = EVP_DecryptInit_ex(context, algorithm, NULL, cipher->key, vector) == 1 &&
                EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
                EVP_DecryptUpdate(context, out, &len, (const uint8_t *)text.at, (int)text.len) == 1;
    EVP_CIPHER_CTX_free(context);
    return good;
}

/* Takes the vector off where the record has one, and keeps the last block for the next record. */
static bool
decrypt_record(struct ds_trace_tls_cipher *cipher, struct ds_slice text, uint8_t *out, size_t *len)
{
    uint8_t vector[BLOCK_BYTES];
    size_t vector_len = cipher->chained ? 0 : BLOCK_BYTES;
    if (text.len < vector_len + BLOCK_BYTES || text.len % BLOCK_BYTES != 0)
        return false;
    memcpy(vector, cipher->chained ? cipher->last_block : (const uint8_t *)text.at, sizeof vector);
    memcpy(cipher->last_block, text.at + text.len - BLOCK_BYTES, BLOCK_BYTES);
    text = ds_slice_from(text, vector_len);
    *len = text.len;
    return decrypt(cipher, vector, text, out);
}

/* The last byte tells how many like it stand before it. */
static bool take_padding_off(const uint8_t *text, size_t *len)
{
    size_t padding = text[*len - 1];
    if (padding + 1 > *len)
        return false;
    for (size_t i = 0; i < padding; i++) {
        if (text[*len - 2 - i] != padding)
            return false;
    }
    *len -= padding + 1;
    return true;
}

bool ds_trace_tls_open_block(struct ds_trace_tls_cipher *cipher,
                             struct ds_slice record,
                             uint8_t *out,
                             size_t *out_len)
{
    struct ds_slice text = ds_slice_from(record, HEADER_BYTES);
    size_t mac_len = cipher->suite->mac_len, len = 0;
    if (cipher->encrypt_then_mac) {
        if (text.len < mac_len)
            return false;
        text.len -= mac_len;
        if (!is_authentic(cipher, record, text, (const uint8_t *)text.at + text.len))
            return false;
    }
    if (!decrypt_record(cipher, text, out, &len) || !take_padding_off(out, &len))
        return false;
    if (!cipher->encrypt_then_mac) {
        if (len < mac_len)
            return false;
        len -= mac_len;
        if (!is_authentic(cipher, record, (struct ds_slice){(const char *)out, len}, out + len))
            return false;
    }
    *out_len = len;
    return true;
}
