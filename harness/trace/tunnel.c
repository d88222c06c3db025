#include "trace_internal.h"

/* Packets inside packets: IP in IP (RFC 2003, RFC 2473, RFC 4213) and GRE (RFC 2784, RFC 2890), in
 * which switches also send what they mirror (ERSPAN, draft-foschiano-erspan-03). */

enum protocol { PROTOCOL_IPV4 = 4, PROTOCOL_IPV6 = 41, PROTOCOL_GRE = 47 };

enum gre_type {
    GRE_IPV4 = 0x0800,
    GRE_IPV6 = 0x86dd,
    GRE_ETHERNET = 0x6558,
    GRE_ERSPAN = 0x88be,
    GRE_ERSPAN_3 = 0x22eb
};

enum gre_flag {
    GRE_CHECKSUM = 0x8000,
    GRE_ROUTING = 0x4000,
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
    GRE_VERSION = 0x0007
};

/* ERSPAN of type I has no header of its own, and GRE no sequence number then. */
static size_t erspan_bytes(uint16_t flags, struct ds_slice bytes)
{
    const size_t type_2 = 8, type_3 = 12, platform = 8;
    if ((flags & GRE_SEQUENCE) == 0)
        return 0;
    if (bytes.len < type_3 || ((uint8_t)bytes.at[0] >> 4) != 2)
        return type_2;
    return (bytes.at[11] & 1) != 0 ? type_3 + platform : type_3;
}

static bool take_off_gre(struct ds_slice bytes, struct ds_slice *packet)
{
    if (bytes.len < 4)
        return false;
    uint16_t flags = ds_get16(bytes.at), type = ds_get16(bytes.at + 2);
    if ((flags & (GRE_ROUTING | GRE_VERSION)) != 0)
        return false;
    size_t len = 4;
    len += (flags & GRE_CHECKSUM) != 0 ? 4 : 0;
    len += (flags & GRE_KEY) != 0 ? 4 : 0;
    len += (flags & GRE_SEQUENCE) != 0 ? 4 : 0;
    *packet = ds_slice_from(bytes, len);
    switch (type) {
    case GRE_IPV4:
    case GRE_IPV6:
        return packet->len > 0;
    case GRE_ETHERNET:
        return ds_trace_link(DS_LINK_ETHERNET, *packet, packet);
    case GRE_ERSPAN:
    case GRE_ERSPAN_3:
        *packet = ds_slice_from(*packet, erspan_bytes(flags, *packet));
        return ds_trace_link(DS_LINK_ETHERNET, *packet, packet);
    default:
        return false;
    }
}

bool ds_trace_tunnel(uint8_t protocol, struct ds_slice payload, struct ds_slice *packet)
{
    if (protocol == PROTOCOL_GRE)
        return take_off_gre(payload, packet);
    *packet = payload;
    return (protocol == PROTOCOL_IPV4 || protocol == PROTOCOL_IPV6) && payload.len > 0;
}
