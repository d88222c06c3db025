#include "pcap_internal.h"

#define MOST_BYTES 65515u /* beside 20 of IPv4 in a packet */
#define TTL        64
#define UDP_BYTES  8u
#define TCP_BYTES  20u

static void put8(struct ds_buf *out, unsigned value)
{
    const char byte = (char)value;
    ds_buf_add(out, (struct ds_slice){&byte, 1});
}

static void put16(struct ds_buf *out, unsigned value)
{
    put8(out, value >> 8 & 0xff);
    put8(out, value & 0xff);
}

static void put32(struct ds_buf *out, uint32_t value)
{
    put16(out, value >> 16);
    put16(out, value & 0xffff);
}

static void put_ip(struct ds_buf *out, const struct ds_addr *addr)
{
    size_t skip = ds_addr_is_v4(addr) ? 12 : 0;
    ds_buf_add(out, (struct ds_slice){(const char *)addr->ip + skip, sizeof addr->ip - skip});
}

/* A locally administered address of its own for each host, so that tools tell hosts apart. */
static void put_mac(struct ds_buf *out, const struct ds_addr *addr)
{
    bool v4 = ds_addr_is_v4(addr);
    struct ds_slice ip = {(const char *)addr->ip, sizeof addr->ip};
    put16(out, v4 ? 0x0200 : 0x0206);
    put32(out, v4 ? ds_addr_ip4(addr) : (uint32_t)(ds_hash(ip) & UINT32_MAX));
}

/* Identification 0 and "don't fragment": what is never cut needs no number (RFC 6864). */
static void put_ipv4(struct ds_buf *out, unsigned protocol, size_t len)
{
    put16(out, 0x4500);
    put16(out, (unsigned)(20 + len));
    put32(out, 0x4000);
    put8(out, TTL);
    put8(out, protocol);
    put16(out, 0);
}

static void put_ipv6(struct ds_buf *out, unsigned protocol, size_t len)
{
    put32(out, 0x60000000);
    put16(out, (unsigned)len);
    put8(out, protocol);
    put8(out, TTL);
}

/* The checksum is only marked as wanted. */
static void put_udp(struct ds_buf *out, uint16_t from, uint16_t to, size_t len)
{
    put16(out, from);
    put16(out, to);
    put16(out, (unsigned)(UDP_BYTES + len));
    put16(out, 0xffff);
}

static void put_tcp(struct ds_buf *out, uint16_t from, uint16_t to, const struct ds_tcp_mark *mark)
{
    unsigned flags = (mark->fin ? 1u : 0) | (mark->syn ? 2u : 0) | (mark->rst ? 4u : 0) |
                     (mark->push ? 8u : 0) | (mark->ack ? 16u : 0);
    put16(out, from);
    put16(out, to);
    put32(out, mark->sequence);
    put32(out, mark->acknowledge);
    put16(out, TCP_BYTES / 4 << 12 | flags);
    put16(out, mark->window);
    put32(out, 0);
}

void ds_frame_build(struct ds_buf *out,
                    struct ds_addr from,
                    struct ds_addr to,
                    const struct ds_tcp_mark *tcp,
                    struct ds_slice payload)
{
    bool v4 = ds_addr_is_v4(&from);
    size_t start = out->len, len = payload.len + (tcp != NULL ? TCP_BYTES : UDP_BYTES);
    ds_assert(v4 == ds_addr_is_v4(&to) && len <= MOST_BYTES);
    put_mac(out, &to);
    put_mac(out, &from);
    put16(out, v4 ? 0x0800 : 0x86dd);
    if (v4)
        put_ipv4(out, tcp != NULL ? 6 : 17, len);
    else
        put_ipv6(out, tcp != NULL ? 6 : 17, len);
    put_ip(out, &from);
    put_ip(out, &to);
    if (tcp != NULL)
        put_tcp(out, from.port, to.port, tcp);
    else
        put_udp(out, from.port, to.port, payload.len);
    ds_buf_add(out, payload);
    if (!out->broken)
        ds_frame_complete((uint8_t *)out->at + start, out->len - start);
}
