#include "stun_internal.h"

#include <string.h>

/* What stands in attributes: RFC 5389 15, RFC 8656 18, RFC 8445 16.1. */

enum { FAMILY_V4 = 1, FAMILY_V6 = 2 };

bool ds_stun_value(const struct ds_stun *msg, uint16_t type, struct ds_slice *value)
{
    struct ds_slice rest = msg->attributes;
    struct ds_stun_item item;
    while (ds_stun_cut(&rest, &item)) {
        if (item.type != type)
            continue;
        *value = item.value;
        return true;
    }
    return false;
}

bool ds_stun_number(const struct ds_stun *msg, uint16_t type, uint32_t *value)
{
    struct ds_slice bytes;
    if (!ds_stun_value(msg, type, &bytes) || bytes.len != 4)
        return false;
    *value = ds_get32(bytes.at);
    return true;
}

bool ds_stun_tie_breaker(const struct ds_stun *msg, uint16_t type, uint64_t *value)
{
    struct ds_slice bytes;
    if (!ds_stun_value(msg, type, &bytes) || bytes.len != 8)
        return false;
    *value = (uint64_t)ds_get32(bytes.at) << 32 | ds_get32(bytes.at + 4);
    return true;
}

/* RFC 5389 15.2: the port is hidden by the cookie, the address by cookie and transaction id. */
static bool read_address(const struct ds_stun *msg, struct ds_slice value, struct ds_addr *out)
{
    if (value.len < 4)
        return false;
    uint8_t family = (uint8_t)value.at[1];
    uint16_t port = ds_get16(value.at + 2) ^ (uint16_t)(DS_STUN_COOKIE >> 16);
    if (family == FAMILY_V4 && value.len == 8) {
        *out = ds_addr_v4(ds_get32(value.at + 4) ^ DS_STUN_COOKIE, port);
        return true;
    }
    if (family != FAMILY_V6 || value.len != 20)
        return false;
    *out = (struct ds_addr){.port = port};
    for (size_t i = 0; i < sizeof out->ip; i++)
        out->ip[i] = (uint8_t)(value.at[4 + i] ^ msg->bytes.at[4 + i]);
    return true;
}

bool ds_stun_address(const struct ds_stun *msg, uint16_t type, size_t nth, struct ds_addr *value)
{
    struct ds_slice rest = msg->attributes;
    struct ds_stun_item item;
    while (ds_stun_cut(&rest, &item))
        if (item.type == type && nth-- == 0)
            return read_address(msg, item.value, value);
    return false;
}

bool ds_stun_channel(const struct ds_stun *msg, uint16_t *channel)
{
    uint32_t number;
    if (!ds_stun_number(msg, DS_STUN_CHANNEL_NUMBER, &number))
        return false;
    *channel = (uint16_t)(number >> 16);
    return *channel >= DS_STUN_FIRST_CHANNEL && *channel <= DS_STUN_LAST_CHANNEL;
}

int ds_stun_error(const struct ds_stun *msg)
{
    struct ds_slice value;
    if (!ds_stun_value(msg, DS_STUN_ERROR_CODE, &value) || value.len < 4)
        return 0;
    int hundreds = value.at[2] & 7, rest = (uint8_t)value.at[3];
    return hundreds >= 3 && hundreds <= 6 && rest < 100 ? hundreds * 100 + rest : 0;
}

static bool is_understood(uint16_t type)
{
    switch (type) {
    case DS_STUN_USERNAME:
    case DS_STUN_MESSAGE_INTEGRITY:
    case DS_STUN_ERROR_CODE:
    case DS_STUN_UNKNOWN_ATTRIBUTES:
    case DS_STUN_CHANNEL_NUMBER:
    case DS_STUN_LIFETIME:
    case DS_STUN_XOR_PEER_ADDRESS:
    case DS_STUN_PAYLOAD:
    case DS_STUN_REALM:
    case DS_STUN_NONCE:
    case DS_STUN_XOR_RELAYED_ADDRESS:
    case DS_STUN_REQUESTED_TRANSPORT:
    case DS_STUN_XOR_MAPPED_ADDRESS:
    case DS_STUN_PRIORITY:
    case DS_STUN_USE_CANDIDATE:
        return true;
    default:
        return type >= 0x8000;
    }
}

size_t ds_stun_unknown(const struct ds_stun *msg, uint16_t *types)
{
    struct ds_slice rest = msg->attributes;
    struct ds_stun_item item;
    size_t count = 0;
    while (count < DS_STUN_MOST_UNKNOWN && ds_stun_cut(&rest, &item))
        if (!is_understood(item.type))
            types[count++] = item.type;
    return count;
}

/* ---- the same, written ---- */

void ds_stun_put_number(struct ds_buf *out, uint16_t type, uint32_t value)
{
    char bytes[4];
    ds_put32(bytes, value);
    ds_stun_put(out, type, (struct ds_slice){bytes, sizeof bytes});
}

void ds_stun_put_tie_breaker(struct ds_buf *out, uint16_t type, uint64_t value)
{
    char bytes[8];
    ds_put32(bytes, (uint32_t)(value >> 32));
    ds_put32(bytes + 4, (uint32_t)value);
    ds_stun_put(out, type, (struct ds_slice){bytes, sizeof bytes});
}

void ds_stun_put_address(struct ds_buf *out, uint16_t type, struct ds_addr addr)
{
    char bytes[20] = {0};
    bool v4 = ds_addr_is_v4(&addr);
    if (out->broken || out->len < DS_STUN_HEADER_BYTES)
        return;
    bytes[1] = v4 ? FAMILY_V4 : FAMILY_V6;
    ds_put16(bytes + 2, addr.port ^ (uint16_t)(DS_STUN_COOKIE >> 16));
    if (v4)
        ds_put32(bytes + 4, ds_addr_ip4(&addr) ^ DS_STUN_COOKIE);
    for (size_t i = 0; !v4 && i < sizeof addr.ip; i++)
        bytes[4 + i] = (char)(addr.ip[i] ^ (uint8_t)out->at[4 + i]);
    ds_stun_put(out, type, (struct ds_slice){bytes, v4 ? 8 : 20});
}

void ds_stun_put_channel(struct ds_buf *out, uint16_t channel)
{
    ds_stun_put_number(out, DS_STUN_CHANNEL_NUMBER, (uint32_t)channel << 16);
}

static const char *reason_of(int status)
{
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 420:
        return "Unknown Attribute";
    case 437:
        return "Allocation Mismatch";
    case 438:
        return "Stale Nonce";
    case 441:
        return "Wrong Credentials";
    case 442:
        return "Unsupported Transport Protocol";
    case 486:
        return "Allocation Quota Reached";
    case 487:
        return "Role Conflict";
    case 508:
        return "Insufficient Capacity";
    default:
        return "Server Error";
    }
}

void ds_stun_put_error(struct ds_buf *out, int status)
{
    char bytes[64] = {0, 0, (char)(status / 100), (char)(status % 100)};
    size_t len = strlen(reason_of(status));
    ds_assert(status >= 300 && status <= 699 && len < sizeof bytes - 4);
    memcpy(bytes + 4, reason_of(status), len);
    ds_stun_put(out, DS_STUN_ERROR_CODE, (struct ds_slice){bytes, 4 + len});
}

void ds_stun_put_unknown(struct ds_buf *out, const uint16_t *types, size_t count)
{
    char bytes[2 * DS_STUN_MOST_UNKNOWN];
    ds_assert(count <= DS_STUN_MOST_UNKNOWN);
    for (size_t i = 0; i < count; i++)
        ds_put16(bytes + 2 * i, types[i]);
    ds_stun_put(out, DS_STUN_UNKNOWN_ATTRIBUTES, (struct ds_slice){bytes, 2 * count});
}
