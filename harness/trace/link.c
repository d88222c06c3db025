#include "trace_internal.h"

#define MAX_VLAN_TAGS 4
#define LONGEST_802_3 1500

enum ethertype {
    ETHERTYPE_IPV4 = 0x0800,
    ETHERTYPE_VLAN = 0x8100,
    ETHERTYPE_IPV6 = 0x86dd,
    ETHERTYPE_PPPOE = 0x8864,
    ETHERTYPE_QINQ = 0x88a8,
    ETHERTYPE_QINQ_OLD = 0x9100
};

static bool is_vlan(uint16_t type)
{
    return type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ || type == ETHERTYPE_QINQ_OLD;
}

/* RFC 2516: six bytes, then the PPP protocol in two. */
static bool take_off_pppoe(struct ds_slice bytes, struct ds_slice *packet)
{
    const uint16_t ppp_ipv4 = 0x0021, ppp_ipv6 = 0x0057;
    if (bytes.len < 8)
        return false;
    uint16_t protocol = ds_get16(bytes.at + 6);
    *packet = ds_slice_from(bytes, 8);
    return protocol == ppp_ipv4 || protocol == ppp_ipv6;
}

/* IEEE 802.3 says a length where Ethernet says a type, and the type in a SNAP header behind it. */
static bool skip_snap(struct ds_slice frame, size_t *rest_at, uint16_t *type)
{
    if (frame.len < *rest_at + 8 ||
        !ds_slice_starts(ds_slice_from(frame, *rest_at), DS_LITERAL("\xaa\xaa\x03\0\0\0")))
        return false;
    *type = ds_get16(frame.at + *rest_at + 6);
    *rest_at += 8;
    return true;
}

/* `type_at` is where the ethertype stands, `rest_at` where what it names begins. */
static bool take_off(struct ds_slice frame, size_t type_at, size_t rest_at, struct ds_slice *packet)
{
    if (frame.len < type_at + 2 || frame.len < rest_at)
        return false;
    uint16_t type = ds_get16(frame.at + type_at);
    for (int tags = 0; is_vlan(type) && tags < MAX_VLAN_TAGS; tags++) {
        if (frame.len < rest_at + 4)
            return false;
        type = ds_get16(frame.at + rest_at + 2);
        rest_at += 4;
    }
    if (type <= LONGEST_802_3 && !skip_snap(frame, &rest_at, &type))
        return false;
    *packet = ds_slice_from(frame, rest_at);
    if (type == ETHERTYPE_PPPOE)
        return take_off_pppoe(*packet, packet);
    return type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6;
}

/* The family's byte order and number differ between systems; the IP version does not. */
static bool take_off_family(struct ds_slice frame, struct ds_slice *packet)
{
    *packet = ds_slice_from(frame, 4);
    return packet->len > 0;
}

bool ds_trace_link(int link, struct ds_slice frame, struct ds_slice *ip)
{
    switch (link) {
    case DS_LINK_ETHERNET:
        return take_off(frame, 12, 14, ip);
    case DS_LINK_SLL:
        return take_off(frame, 14, 16, ip);
    case DS_LINK_SLL2:
        return take_off(frame, 0, 20, ip);
    case DS_LINK_NULL:
    case DS_LINK_LOOP:
        return take_off_family(frame, ip);
    case DS_LINK_RAW:
    case DS_LINK_IPV4:
    case DS_LINK_IPV6:
        *ip = frame;
        return frame.len > 0;
    default:
        return false;
    }
}
