#include "stun_internal.h"

/* Over UDP the data may be padded, or not: its length says where it ends (RFC 8656 12.5). */

ds_rc ds_stun_channel_parse(struct ds_slice bytes, struct ds_stun_channel_data *out)
{
    if (bytes.len < DS_STUN_CHANNEL_BYTES)
        return DS_BAD;
    uint16_t channel = ds_get16(bytes.at);
    size_t len = ds_get16(bytes.at + 2);
    if (channel < DS_STUN_FIRST_CHANNEL || channel > DS_STUN_LAST_CHANNEL ||
        len > bytes.len - DS_STUN_CHANNEL_BYTES || bytes.len - DS_STUN_CHANNEL_BYTES - len > 3)
        return DS_BAD;
    *out = (struct ds_stun_channel_data){channel, {bytes.at + DS_STUN_CHANNEL_BYTES, len}};
    return DS_OK;
}

void ds_stun_channel_write(struct ds_buf *out, uint16_t channel, struct ds_slice data)
{
    char head[DS_STUN_CHANNEL_BYTES];
    ds_assert(channel >= DS_STUN_FIRST_CHANNEL && channel <= DS_STUN_LAST_CHANNEL);
    ds_assert(data.len <= UINT16_MAX);
    ds_put16(head, channel);
    ds_put16(head + 2, (uint16_t)data.len);
    ds_buf_add(out, (struct ds_slice){head, sizeof head});
    ds_buf_add(out, data);
}
