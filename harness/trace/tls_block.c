#include "trace_tls_internal.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

/* Records of TLS 1.2 under a block cipher (RFC 5246 6.2.3.2): a vector, then text, HMAC and padding
 * sealed together; or, by RFC 7366, text and padding sealed and the HMAC open behind them. */

#define HEADER_BYTES 5
#define BLOCK_BYTES  ((size_t)16)

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

static bool decrypt(const struct ds_trace_tls_cipher *cipher, struct ds_slice text, uint8_t *out)
{
    const uint8_t *at = (const uint8_t *)text.at;
    const EVP_CIPHER *algorithm = EVP_get_cipherbyname(ds_trace_tls_algorithm(cipher->suite));
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int len = 0;
    if (context == NULL)
        return false;
    bool good =
        EVP_DecryptInit_ex(context, algorithm, NULL, cipher->key, at) == 1 &&
        EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
        EVP_DecryptUpdate(context, out, &len, at + BLOCK_BYTES, (int)(text.len - BLOCK_BYTES)) == 1;
    EVP_CIPHER_CTX_free(context);
    return good;
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

bool ds_trace_tls_open_block(const struct ds_trace_tls_cipher *cipher,
                             struct ds_slice record,
                             uint8_t *out,
                             size_t *out_len)
{
    struct ds_slice text = ds_slice_from(record, HEADER_BYTES);
    size_t mac_len = cipher->suite->mac_len;
    if (cipher->encrypt_then_mac) {
        if (text.len < mac_len)
            return false;
        text.len -= mac_len;
        if (!is_authentic(cipher, record, text, (const uint8_t *)text.at + text.len))
            return false;
    }
    if (text.len < 2 * BLOCK_BYTES || text.len % BLOCK_BYTES != 0 || !decrypt(cipher, text, out))
        return false;
    size_t len = text.len - BLOCK_BYTES;
    if (!take_padding_off(out, &len))
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
