#include "rtp.h"

#include <string.h>

#define VERSION_2       0x80
#define HAS_PADDING     0x20
#define COUNT           0x1f
#define SENDER_REPORT   200
#define RECEIVER_REPORT 201
#define DESCRIPTION     202
#define GOODBYE         203
#define CNAME           1
#define LONGEST_CNAME   255
#define BLOCK_BYTES     24
#define NTP_OFFSET_S    2208988800 /* 1900 to 1970 */
#define MOST_LOST       0x7fffff

/* ---- reading ---- */

/* What a packet of this type must hold at least. */
static size_t least_bytes(uint8_t type, size_t count)
{
    switch (type) {
    case SENDER_REPORT:
        return 28 + BLOCK_BYTES * count;
    case RECEIVER_REPORT:
        return 8 + BLOCK_BYTES * count;
    case DESCRIPTION:
        return 4 + 8 * count;
    case GOODBYE:
        return 4 + 4 * count;
    default:
        return 4;
    }
}

/* The length of the packet at the head of `rest`, or 0 when it is none. */
static size_t packet_bytes(struct ds_slice rest)
{
    const uint8_t *at = (const uint8_t *)rest.at;
    if (rest.len < 4 || (at[0] & 0xc0) != VERSION_2 || !ds_rtcp_is(rest))
        return 0;
    size_t len = 4 * ((size_t)ds_get16(at + 2) + 1), content = len;
    if (len > rest.len)
        return 0;
    if ((at[0] & HAS_PADDING) != 0) {
        size_t padding = at[len - 1];
        if (len != rest.len || padding == 0 || padding % 4 != 0 || padding > len - 4)
            return 0;
        content -= padding;
    }
    return content < least_bytes(at[1], at[0] & COUNT) ? 0 : len;
}

/* 24 bits of two's complement. */
static int32_t signed_24(uint32_t value)
{
    return (int32_t)(value & 0x7fffff) - (int32_t)(value & 0x800000);
}

static void read_blocks(const uint8_t *at, size_t count, struct ds_rtcp *out)
{
    for (; out->block_count < count; at += BLOCK_BYTES) {
        uint32_t loss = ds_get32(at + 4);
        out->blocks[out->block_count++] = (struct ds_rtcp_block){
            .ssrc = ds_get32(at),
            .lost = signed_24(loss),
            .jitter = ds_get32(at + 12),
            .last_loss = (uint8_t)(loss >> 24),
        };
    }
}

ds_rc ds_rtcp_parse(struct ds_slice bytes, struct ds_rtcp *out)
{
    const uint8_t *at = (const uint8_t *)bytes.at;
    size_t first = packet_bytes(bytes);
    if (first == 0)
        return DS_BAD;
    struct ds_slice rest = ds_slice_from(bytes, first);
    while (rest.len > 0) {
        size_t len = packet_bytes(rest);
        if (len == 0)
            return DS_BAD;
        rest = ds_slice_from(rest, len);
    }
    *out = (struct ds_rtcp){.type = at[1], .ssrc = first >= 8 ? ds_get32(at + 4) : 0};
    if (out->type == SENDER_REPORT) {
        out->packets = ds_get32(at + 20);
        out->octets = ds_get32(at + 24);
    }
    if (out->type == SENDER_REPORT || out->type == RECEIVER_REPORT)
        read_blocks(at + (out->type == SENDER_REPORT ? 28 : 8), at[0] & COUNT, out);
    return DS_OK;
}

/* ---- writing ---- */

static void write_head(uint8_t *at, uint8_t type, size_t count, size_t len)
{
    at[0] = (uint8_t)(VERSION_2 | count);
    at[1] = type;
    ds_put16(at + 2, (uint16_t)(len / 4 - 1));
}

static void write_sender(const struct ds_rtcp_report *report, uint8_t *at)
{
    uint64_t us = (uint64_t)report->unix_us;
    ds_put32(at, (uint32_t)(us / 1000000 + NTP_OFFSET_S));
    ds_put32(at + 4, (uint32_t)(((us % 1000000) << 32) / 1000000));
    ds_put32(at + 8, report->timestamp);
    ds_put32(at + 12, report->packets);
    ds_put32(at + 16, report->octets);
}

/* The fraction lost is that of the whole stream, not of the last interval, and no sender report is
 * referred to (RFC 3550 6.4.1 allows zero there): a value has no memory of earlier reports. */
static void write_block(const struct ds_rtcp_report *report, uint8_t *at)
{
    const struct ds_rtp_stats *heard = report->heard;
    uint64_t lost = (uint64_t)heard->lost, expected = heard->received + lost;
    uint64_t fraction = expected == 0 ? 0 : lost * 256 / expected;
    uint64_t told = lost < MOST_LOST ? lost : MOST_LOST;
    memset(at, 0, BLOCK_BYTES);
    ds_put32(at, report->heard_ssrc);
    ds_put32(at + 4, (uint32_t)(told | (fraction < 255 ? fraction : 255) << 24));
    ds_put32(at + 8, heard->cycles << 16 | heard->highest);
    ds_put32(at + 12, heard->jitter < 4e9 ? (uint32_t)heard->jitter : UINT32_MAX);
}

static size_t report_bytes(const struct ds_rtcp_report *report)
{
    return (report->packets > 0 ? 28 : 8) + (size_t)(report->heard != NULL ? BLOCK_BYTES : 0);
}

static void write_report(const struct ds_rtcp_report *report, uint8_t *at)
{
    bool sender = report->packets > 0, heard = report->heard != NULL;
    write_head(at, sender ? SENDER_REPORT : RECEIVER_REPORT, heard ? 1 : 0, report_bytes(report));
    ds_put32(at + 4, report->ssrc);
    if (sender)
        write_sender(report, at + 8);
    if (heard)
        write_block(report, at + (sender ? 28 : 8));
}

/* A chunk ends with at least one zero and on a word: RFC 3550 6.5. */
static size_t description_bytes(size_t cname_len)
{
    return 8 + (2 + cname_len + 4) / 4 * 4;
}

static void write_description(const struct ds_rtcp_report *report, size_t cname_len, uint8_t *at)
{
    size_t len = description_bytes(cname_len);
    memset(at, 0, len);
    write_head(at, DESCRIPTION, 1, len);
    ds_put32(at + 4, report->ssrc);
    at[8] = CNAME;
    at[9] = (uint8_t)cname_len;
    memcpy(at + 10, report->cname, cname_len);
}

size_t ds_rtcp_write(const struct ds_rtcp_report *report, uint8_t *out, size_t size)
{
    ds_assert(report->unix_us >= 0 && report->cname != NULL);
    size_t cname_len = strnlen(report->cname, LONGEST_CNAME);
    size_t first = report_bytes(report), second = description_bytes(cname_len);
    size_t len = first + second + (report->bye ? 8 : 0);
    if (len > size)
        return 0;
    write_report(report, out);
    write_description(report, cname_len, out + first);
    if (report->bye) {
        write_head(out + first + second, GOODBYE, 1, 8);
        ds_put32(out + first + second + 4, report->ssrc);
    }
    return len;
}
