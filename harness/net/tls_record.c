#include "tls_internal.h"

#include <string.h>

#include <openssl/evp.h>

/* Records of TLS 1.3 under keys that a handshake has left. */

enum { HEADER = 5, TAG = 16 };

/* HKDF-Expand-Label (RFC 8446, 7.1) with an empty context, for less than one block of output. */
static bool expand(OSSL_LIB_CTX *crypto,
                   const EVP_MD *digest,
                   struct ds_slice secret,
                   const char *label,
                   unsigned char *out,
                   size_t out_len)
{
    unsigned char info[64], block[EVP_MAX_MD_SIZE];
    size_t label_len = strlen(label), len = 0, block_len = 0;
    ds_assert(label_len <= 32 && out_len <= (size_t)EVP_MD_get_size(digest));
    info[len++] = 0;
    info[len++] = (unsigned char)out_len;
    info[len++] = (unsigned char)label_len;
    memcpy(info + len, label, label_len);
    len += label_len;
    info[len++] = 0;
    info[len++] = 1; /* the first block */
    if (EVP_Q_mac(crypto, "HMAC", NULL, EVP_MD_get0_name(digest), NULL, secret.at, secret.len, info,
                  len, block, sizeof block, &block_len) == NULL)
        return false;
    memcpy(out, block, out_len);
    return true;
}

bool ds_tls_keys_derive(OSSL_LIB_CTX *crypto,
                        const SSL_CIPHER *suite,
                        struct ds_slice secret,
                        struct ds_tls_keys *out)
{
    const EVP_MD *digest = SSL_CIPHER_get_handshake_digest(suite);
    size_t key_len = (size_t)SSL_CIPHER_get_bits(suite, NULL) / 8;
    return digest != NULL && key_len <= sizeof out->key &&
           expand(crypto, digest, secret, "tls13 key", out->key, key_len) &&
           expand(crypto, digest, secret, "tls13 iv", out->iv, sizeof out->iv);
}

bool ds_tls_lane_open(struct ds_tls_lane *lane,
                      const EVP_CIPHER *cipher,
                      const struct ds_tls_keys *keys,
                      bool seals)
{
    lane->context = EVP_CIPHER_CTX_new();
    lane->sequence = 0;
    memcpy(lane->iv, keys->iv, sizeof lane->iv);
    return lane->context != NULL &&
           EVP_CipherInit_ex2(lane->context, cipher, keys->key, NULL, seals, NULL) == 1;
}

void ds_tls_lane_close(struct ds_tls_lane *lane)
{
    EVP_CIPHER_CTX_free(lane->context);
    lane->context = NULL;
}

/* The nonce of the next record (5.3), and its header as additional data. */
static bool begin(struct ds_tls_lane *lane, const unsigned char header[HEADER])
{
    unsigned char nonce[sizeof lane->iv];
    int len = 0;
    memcpy(nonce, lane->iv, sizeof nonce);
    for (int i = 0; i < 8; i++)
        nonce[sizeof nonce - 1 - (size_t)i] ^= (unsigned char)(lane->sequence >> (8 * i));
    lane->sequence++;
    return EVP_CipherInit_ex2(lane->context, NULL, NULL, nonce, -1, NULL) == 1 &&
           EVP_CipherUpdate(lane->context, NULL, &len, header, HEADER) == 1;
}

bool ds_tls_seal(struct ds_tls_lane *lane, int type, struct ds_slice plain, struct ds_buf *out)
{
    unsigned char record[HEADER + DS_TLS_RECORD + 1 + TAG], inner_type = (unsigned char)type;
    size_t sealed = plain.len + 1 + TAG;
    int len = 0;
    ds_assert(plain.len <= DS_TLS_RECORD);
    memcpy(record, (unsigned char[]){DS_TLS_DATA, 3, 3, sealed >> 8, sealed & 0xff}, HEADER);
    unsigned char *at = record + HEADER;
    if (!begin(lane, record) ||
        EVP_CipherUpdate(lane->context, at, &len, (const unsigned char *)plain.at,
                         (int)plain.len) != 1 ||
        EVP_CipherUpdate(lane->context, at + plain.len, &len, &inner_type, 1) != 1 ||
        EVP_CipherFinal_ex(lane->context, at + plain.len + 1, &len) != 1 ||
        EVP_CIPHER_CTX_ctrl(lane->context, EVP_CTRL_AEAD_GET_TAG, TAG, at + plain.len + 1) != 1)
        return false;
    ds_buf_add(out, (struct ds_slice){(const char *)record, HEADER + sealed});
    return !out->broken;
}

bool ds_tls_unseal(struct ds_tls_lane *lane,
                   struct ds_slice record,
                   int *type,
                   struct ds_buf *plain)
{
    unsigned char opened[DS_TLS_RECORD + 1 + TAG], tag[TAG];
    int len = 0, rest = 0;
    plain->len = 0;
    if (record.len <= HEADER + TAG || record.len > HEADER + sizeof opened)
        return false;
    size_t sealed = record.len - HEADER - TAG;
    const unsigned char *at = (const unsigned char *)record.at;
    memcpy(tag, at + HEADER + sealed, TAG);
    if (!begin(lane, at) ||
        EVP_CipherUpdate(lane->context, opened, &len, at + HEADER, (int)sealed) != 1 ||
        EVP_CIPHER_CTX_ctrl(lane->context, EVP_CTRL_AEAD_SET_TAG, TAG, tag) != 1 ||
        EVP_CipherFinal_ex(lane->context, opened + len, &rest) != 1)
        return false;
    while (len > 0 && opened[len - 1] == 0) /* padding */
        len--;
    if (len == 0)
        return false;
    *type = opened[len - 1];
    ds_buf_add(plain, (struct ds_slice){(const char *)opened, (size_t)len - 1});
    return !plain->broken;
}
