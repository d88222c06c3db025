#include "stun_internal.h"

#include <string.h>

/* Header and shape of a message: RFC 5389 6, 7.3, 15. */

bool ds_stun_looks_like(struct ds_slice bytes)
{
    if (bytes.len < DS_STUN_HEADER_BYTES || ((uint8_t)bytes.at[0] & 0xc0) != 0)
        return false;
    size_t len = ds_get16(bytes.at + DS_STUN_LENGTH_AT);
    return len % 4 == 0 && len <= bytes.len - DS_STUN_HEADER_BYTES &&
           ds_get32(bytes.at + 4) == DS_STUN_COOKIE;
}

bool ds_stun_cut(struct ds_slice *rest, struct ds_stun_item *item)
{
    if (rest->len < DS_STUN_ATTRIBUTE_BYTES)
        return false;
    size_t len = ds_get16(rest->at + 2), padded = (len + 3) & ~(size_t)3;
    if (padded > rest->len - DS_STUN_ATTRIBUTE_BYTES)
        return false;
    item->type = ds_get16(rest->at);
    item->value = (struct ds_slice){rest->at + DS_STUN_ATTRIBUTE_BYTES, len};
    *rest = ds_slice_from(*rest, DS_STUN_ATTRIBUTE_BYTES + padded);
    return true;
}

/* The type's bits are spread around those of the kind: RFC 5389 6, figure 3. */
static void read_type(uint16_t type, struct ds_stun *out)
{
    out->kind = (enum ds_stun_kind)((type >> 7 & 2) | (type >> 4 & 1));
    out->method = (uint16_t)((type & 0x000f) | (type & 0x00e0) >> 1 | (type & 0x3e00) >> 2);
}

static ds_rc check_fingerprint(const struct ds_stun *msg,
                               const struct ds_stun_item *item,
                               bool last,
                               struct ds_why *why)
{
    size_t at = (size_t)(item->value.at - msg->bytes.at) - DS_STUN_ATTRIBUTE_BYTES;
    if (!last || item->value.len != 4)
        return ds_fail(why, DS_BAD, "the FINGERPRINT is not the last attribute, of four bytes");
    if (ds_get32(item->value.at) != ds_stun_crc(msg->bytes, at))
        return ds_fail(why, DS_BAD, "the FINGERPRINT does not fit the message");
    return DS_OK;
}

/* Finds where the attributes that count end, and looks at the two that guard the others. */
static ds_rc walk(struct ds_stun *out, struct ds_why *why)
{
    struct ds_slice all = ds_slice_from(out->bytes, DS_STUN_HEADER_BYTES), rest = all;
    struct ds_stun_item item;
    out->attributes = all;
    while (ds_stun_cut(&rest, &item)) {
        size_t at = (size_t)(item.value.at - out->bytes.at) - DS_STUN_ATTRIBUTE_BYTES;
        if (item.type == DS_STUN_FINGERPRINT) {
            ds_rc rc = check_fingerprint(out, &item, rest.len == 0, why);
            if (rc != DS_OK)
                return rc;
        }
        if (item.type != DS_STUN_MESSAGE_INTEGRITY || out->integrity_at != 0)
            continue;
        if (item.value.len != DS_STUN_INTEGRITY_BYTES)
            return ds_fail(why, DS_BAD, "MESSAGE-INTEGRITY has %zu bytes, not 20", item.value.len);
        out->integrity_at = at;
        out->attributes.len = at - DS_STUN_HEADER_BYTES;
    }
    return rest.len == 0 ? DS_OK : ds_fail(why, DS_BAD, "an attribute overruns the message");
}

ds_rc ds_stun_parse(struct ds_slice bytes, struct ds_stun *out, struct ds_why *why)
{
    *out = (struct ds_stun){.method = 0};
    if (!ds_stun_looks_like(bytes))
        return ds_fail(why, DS_BAD, "no STUN message: %zu bytes without its header", bytes.len);
    bytes.len = DS_STUN_HEADER_BYTES + ds_get16(bytes.at + DS_STUN_LENGTH_AT);
    out->bytes = bytes;
    read_type(ds_get16(bytes.at), out);
    memcpy(out->id, bytes.at + 8, sizeof out->id);
    return walk(out, why);
}

const char *ds_stun_method_name(uint16_t method)
{
    switch (method) {
    case DS_STUN_BINDING:
        return "Binding";
    case DS_STUN_ALLOCATE:
        return "Allocate";
    case DS_STUN_REFRESH:
        return "Refresh";
    case DS_STUN_SEND:
        return "Send";
    case DS_STUN_DATA:
        return "Data";
    case DS_STUN_CREATE_PERMISSION:
        return "CreatePermission";
    case DS_STUN_CHANNEL_BIND:
        return "ChannelBind";
    default:
        return "?";
    }
}
