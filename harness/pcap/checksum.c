#include "pcap_internal.h"

/* The Internet checksum (RFC 1071), where a frame has one of those that it needs no more than the
 * frame itself to fill in. */

#define ETHERNET_BYTES 14u
#define TYPE_IPV4      0x0800
#define TYPE_IPV6      0x86dd
#define TYPE_VLAN      0x8100
#define TYPE_OUTER     0x88a8 /* of the outer of two VLAN tags */
#define PROTOCOL_TCP   6
#define PROTOCOL_UDP   17

/* A UDP or TCP segment, and the addresses that its checksum covers too. */
struct segment {
    uint8_t protocol;
    const uint8_t *addresses; /* source and destination, side by side */
    size_t addresses_len;
    uint8_t *at;
    size_t len;
};

/* 64 bits do not overflow below 2^48 words. */
static uint64_t add_words(uint64_t sum, const uint8_t *at, size_t len)
{
    for (; len >= 2; at += 2, len -= 2)
        sum += ds_get16(at);
    return len == 0 ? sum : sum + ((uint64_t)at[0] << 8);
}

static uint16_t fold(uint64_t sum)
{
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

static void complete_ipv4_header(uint8_t *ip, size_t len)
{
    if (fold(add_words(0, ip, len)) == 0)
        return;
    ds_put16(ip + 10, 0);
    ds_put16(ip + 10, fold(add_words(0, ip, len)));
}

/* A sender over IPv4 may leave UDP unsummed, and says so by zero; a sum that comes out as zero is
 * written as its other form (RFC 768). */
static void complete_segment(const struct segment *segment)
{
    bool udp = segment->protocol == PROTOCOL_UDP;
    uint8_t *field = segment->at + (udp ? 6 : 16);
    if (udp && ds_get16(field) == 0 && segment->addresses_len == 8)
        return;
    ds_put16(field, 0);
    uint64_t sum = add_words(0, segment->addresses, segment->addresses_len);
    sum = add_words(sum + segment->protocol + segment->len, segment->at, segment->len);
    uint16_t value = fold(sum);
    ds_put16(field, udp && value == 0 ? 0xffff : value);
}

/* False for what has no checksum here, or a length that cannot be. UDP states its own. */
static bool trim_segment(struct segment *segment)
{
    if (segment->protocol == PROTOCOL_TCP)
        return segment->len >= 20;
    if (segment->protocol != PROTOCOL_UDP || segment->len < 8)
        return false;
    size_t stated = ds_get16(segment->at + 4);
    if (stated < 8 || stated > segment->len)
        return false;
    segment->len = stated;
    return true;
}

static bool find_in_ipv4(uint8_t *ip, size_t len, struct segment *out)
{
    if (len < 20 || ip[0] >> 4 != 4)
        return false;
    size_t header_len = (size_t)(ip[0] & 15) * 4, total = ds_get16(ip + 2);
    bool fragment = (ds_get16(ip + 6) & 0x3fff) != 0;
    if (header_len < 20 || total < header_len || total > len || fragment)
        return false;
    complete_ipv4_header(ip, header_len);
    *out = (struct segment){ip[9], ip + 12, 8, ip + header_len, total - header_len};
    return true;
}

static bool find_in_ipv6(uint8_t *ip, size_t len, struct segment *out)
{
    if (len < 40 || ip[0] >> 4 != 6 || ds_get16(ip + 4) > len - 40)
        return false;
    *out = (struct segment){ip[6], ip + 8, 32, ip + 40, ds_get16(ip + 4)};
    return true;
}

void ds_frame_complete(uint8_t *ethernet, size_t len)
{
    struct segment segment;
    size_t at = ETHERNET_BYTES;
    if (len < at)
        return;
    int type = ds_get16(ethernet + at - 2);
    for (int tags = 0; tags < 2 && (type == TYPE_VLAN || type == TYPE_OUTER); tags++) {
        at += 4;
        if (len < at)
            return;
        type = ds_get16(ethernet + at - 2);
    }
    bool found = (type == TYPE_IPV4 && find_in_ipv4(ethernet + at, len - at, &segment)) ||
                 (type == TYPE_IPV6 && find_in_ipv6(ethernet + at, len - at, &segment));
    if (found && trim_segment(&segment))
        complete_segment(&segment);
}
