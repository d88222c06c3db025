#include "rtp.h"

#include <string.h>

#define VERSION_2         0x80
#define HAS_PADDING       0x20
#define HAS_EXTENSION     0x10
#define CSRC_COUNT        0x0f
#define MARKER            0x80
#define FIRST_RTCP_TYPE   192
#define LAST_RTCP_TYPE    223
#define EXTENSION_MINIMUM 4

static bool is_rtcp(uint8_t second)
{
    return second >= FIRST_RTCP_TYPE && second <= LAST_RTCP_TYPE;
}

bool ds_rtcp_is(struct ds_slice bytes)
{
    return bytes.len > 1 && is_rtcp((uint8_t)bytes.at[1]);
}

/* Where the payload begins: after the CSRCs and the extension. DS_BAD when they overrun. */
static ds_rc skip_header(const uint8_t *at, size_t len, size_t *payload)
{
    size_t used = DS_RTP_HEADER_BYTES + 4 * (size_t)(at[0] & CSRC_COUNT);
    if ((at[0] & HAS_EXTENSION) != 0) {
        if (len < used + EXTENSION_MINIMUM)
            return DS_BAD;
        used += EXTENSION_MINIMUM + 4 * (size_t)ds_get16(at + used + 2);
    }
    *payload = used;
    return used <= len ? DS_OK : DS_BAD;
}

/* RFC 3550 5.1: the last byte counts the padding, itself included. */
static ds_rc drop_padding(const uint8_t *at, size_t payload, size_t *len)
{
    if ((at[0] & HAS_PADDING) == 0)
        return DS_OK;
    if (*len == payload)
        return DS_BAD;
    size_t padding = at[*len - 1];
    if (padding == 0 || padding > *len - payload)
        return DS_BAD;
    *len -= padding;
    return DS_OK;
}

ds_rc ds_rtp_parse(struct ds_slice bytes, struct ds_rtp *out)
{
    const uint8_t *at = (const uint8_t *)bytes.at;
    size_t len = bytes.len, payload = 0;
    if (len < DS_RTP_HEADER_BYTES || (at[0] & 0xc0) != VERSION_2 || is_rtcp(at[1]))
        return DS_BAD;
    if (skip_header(at, len, &payload) != DS_OK || drop_padding(at, payload, &len) != DS_OK)
        return DS_BAD;
    *out = (struct ds_rtp){.marker = (at[1] & MARKER) != 0,
                           .payload_type = at[1] & 0x7f,
                           .sequence = ds_get16(at + 2),
                           .timestamp = ds_get32(at + 4),
                           .ssrc = ds_get32(at + 8),
                           .payload = {bytes.at + payload, len - payload}};
    return DS_OK;
}

size_t ds_rtp_write(const struct ds_rtp *packet, uint8_t *out, size_t size)
{
    ds_assert(packet->payload_type < 128);
    if (size < DS_RTP_HEADER_BYTES || packet->payload.len > size - DS_RTP_HEADER_BYTES)
        return 0;
    out[0] = VERSION_2;
    out[1] = (uint8_t)((packet->marker ? MARKER : 0) | packet->payload_type);
    ds_put16(out + 2, packet->sequence);
    ds_put32(out + 4, packet->timestamp);
    ds_put32(out + 8, packet->ssrc);
    if (packet->payload.len > 0)
        memcpy(out + DS_RTP_HEADER_BYTES, packet->payload.at, packet->payload.len);
    return DS_RTP_HEADER_BYTES + packet->payload.len;
}
