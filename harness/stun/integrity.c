#include "stun_internal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

/* MESSAGE-INTEGRITY and FINGERPRINT: RFC 5389 15.4, 15.5. Either is made over the message before
 * it, whose header says a length with the attribute in it. */

#define MOST_CREDENTIAL 512

static void lengthened(struct ds_slice msg, size_t at, size_t value_bytes, char *header)
{
    memcpy(header, msg.at, DS_STUN_HEADER_BYTES);
    ds_put16(header + DS_STUN_LENGTH_AT,
             (uint16_t)(at + DS_STUN_ATTRIBUTE_BYTES + value_bytes - DS_STUN_HEADER_BYTES));
}

void ds_stun_hmac(struct ds_slice msg, size_t at, struct ds_slice key, uint8_t *out)
{
    char header[DS_STUN_HEADER_BYTES];
    unsigned len = DS_STUN_INTEGRITY_BYTES;
    struct ds_buf text = {0};
    ds_assert(at >= sizeof header && at <= msg.len);
    lengthened(msg, at, DS_STUN_INTEGRITY_BYTES, header);
    ds_buf_add(&text, (struct ds_slice){header, sizeof header});
    ds_buf_add(&text, (struct ds_slice){msg.at + sizeof header, at - sizeof header});
    memset(out, 0, DS_STUN_INTEGRITY_BYTES);
    /* Without memory it is nobody's: what is written is refused, and so is what is read. */
    if (text.broken || HMAC(EVP_sha1(), key.at, (int)key.len, (const unsigned char *)text.at,
                            text.len, out, &len) == NULL)
        memset(out, 0, DS_STUN_INTEGRITY_BYTES);
    ds_buf_clean_up(&text);
}

uint32_t ds_stun_crc(struct ds_slice msg, size_t at)
{
    char header[DS_STUN_HEADER_BYTES];
    ds_assert(at >= sizeof header && at <= msg.len);
    lengthened(msg, at, sizeof(uint32_t), header);
    uLong crc = crc32(0, (const Bytef *)header, sizeof header);
    crc = crc32(crc, (const Bytef *)msg.at + sizeof header, (uInt)(at - sizeof header));
    return (uint32_t)crc ^ DS_STUN_FINGERPRINT_XOR;
}

void ds_stun_long_term_key(const char *user,
                           const char *realm,
                           const char *password,
                           uint8_t key[DS_STUN_KEY_BYTES])
{
    char text[MOST_CREDENTIAL];
    unsigned len = DS_STUN_KEY_BYTES;
    memset(key, 0, DS_STUN_KEY_BYTES);
    int used = snprintf(text, sizeof text, "%s:%s:%s", user, realm, password);
    ds_assert(used >= 0 && (size_t)used < sizeof text);
    if (EVP_Digest(text, (size_t)used, key, &len, EVP_md5(), NULL) != 1)
        memset(key, 0, DS_STUN_KEY_BYTES);
}

bool ds_stun_is_by(const struct ds_stun *msg, struct ds_slice key)
{
    static const uint8_t nobody[DS_STUN_INTEGRITY_BYTES];
    uint8_t hmac[DS_STUN_INTEGRITY_BYTES];
    if (msg->integrity_at == 0)
        return false;
    ds_stun_hmac(msg->bytes, msg->integrity_at, key, hmac);
    const char *said = msg->bytes.at + msg->integrity_at + DS_STUN_ATTRIBUTE_BYTES;
    return memcmp(hmac, nobody, sizeof hmac) != 0 && CRYPTO_memcmp(hmac, said, sizeof hmac) == 0;
}
