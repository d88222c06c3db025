#include "stun_internal.h"

#include <string.h>

#define MOST_BYTES 65000 /* of attributes, whose length stands in 16 bits */

void ds_stun_begin(struct ds_buf *out,
                   enum ds_stun_kind kind,
                   uint16_t method,
                   const uint8_t id[DS_STUN_ID_BYTES])
{
    char header[DS_STUN_HEADER_BYTES] = {0};
    unsigned bits = (unsigned)kind;
    ds_assert(method < 0x1000 && out->len == 0);
    ds_put16(header, (uint16_t)((method & 0x000f) | (method & 0x0070) << 1 |
                                (method & 0x0f80) << 2 | (bits & 1) << 4 | (bits & 2) << 7));
    ds_put32(header + 4, DS_STUN_COOKIE);
    memcpy(header + 8, id, DS_STUN_ID_BYTES);
    ds_buf_add(out, (struct ds_slice){header, sizeof header});
}

void ds_stun_put(struct ds_buf *out, uint16_t type, struct ds_slice value)
{
    static const char zeros[3];
    char head[DS_STUN_ATTRIBUTE_BYTES];
    ds_assert(out->broken || out->len >= DS_STUN_HEADER_BYTES);
    ds_assert(value.len <= MOST_BYTES && out->len + value.len <= MOST_BYTES);
    ds_put16(head, type);
    ds_put16(head + 2, (uint16_t)value.len);
    ds_buf_add(out, (struct ds_slice){head, sizeof head});
    ds_buf_add(out, value);
    ds_buf_add(out, (struct ds_slice){zeros, (4 - value.len % 4) % 4});
    if (!out->broken)
        ds_put16(out->at + DS_STUN_LENGTH_AT, (uint16_t)(out->len - DS_STUN_HEADER_BYTES));
}

void ds_stun_sign(struct ds_buf *out, struct ds_slice key)
{
    uint8_t hmac[DS_STUN_INTEGRITY_BYTES];
    if (out->broken)
        return;
    ds_stun_hmac(ds_buf_slice(out), out->len, key, hmac);
    ds_stun_put(out, DS_STUN_MESSAGE_INTEGRITY, (struct ds_slice){(const char *)hmac, sizeof hmac});
}

void ds_stun_finish(struct ds_buf *out)
{
    if (!out->broken)
        ds_stun_put_number(out, DS_STUN_FINGERPRINT, ds_stun_crc(ds_buf_slice(out), out->len));
}
