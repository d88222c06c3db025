#include "trace_internal.h"

#include <string.h>

enum protocol {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_AUTHENTICATION = 51,
    PROTOCOL_DESTINATION = 60
};

#define MAX_EXTENSIONS 8
#define MAX_TUNNELS    4

/* An IP packet, seen from its header. */
struct header {
    struct ds_trace_packet packet;
    bool fragmented;
    struct ds_trace_fragment fragment;
    uint8_t ttl;
};

static void note_cut_frame(struct ds_reading *reading)
{
    if (reading->cut_frames++ == 0)
        reading->first_cut_frame = reading->now.frame;
}

/* Cuts the padding of short Ethernet frames off. A length of zero is what a network card that
 * splits packets itself leaves behind. */
static struct ds_slice keep(struct ds_reading *reading, struct ds_slice bytes, size_t total)
{
    if (total == 0)
        return bytes;
    if (total > bytes.len)
        note_cut_frame(reading);
    else
        bytes.len = total;
    return bytes;
}

static bool read_v4(struct ds_reading *reading, struct ds_slice bytes, struct header *out)
{
    if (bytes.len < 20)
        return false;
    size_t header_len = (size_t)(bytes.at[0] & 15) * 4, total = ds_get16(bytes.at + 2);
    if (header_len < 20 || header_len > bytes.len || (total != 0 && total < header_len))
        return false;
    bytes = keep(reading, bytes, total);
    uint16_t flags = ds_get16(bytes.at + 6);
    out->fragment.id = ds_get16(bytes.at + 4);
    out->fragment.offset = (size_t)(flags & 0x1fff) * 8;
    out->fragment.more = (flags & 0x2000) != 0;
    out->fragmented = out->fragment.more || out->fragment.offset != 0;
    out->ttl = (uint8_t)bytes.at[8];
    out->packet.protocol = (uint8_t)bytes.at[9];
    out->packet.way.from = ds_addr_v4(ds_get32(bytes.at + 12), 0);
    out->packet.way.to = ds_addr_v4(ds_get32(bytes.at + 16), 0);
    out->packet.payload = ds_slice_from(bytes, header_len);
    return true;
}

/* Steps over one extension header; false when there is none, or when it cannot be read. */
static bool step_over(struct header *out)
{
    struct ds_slice *rest = &out->packet.payload;
    size_t len = 0;
    if (rest->len < 8)
        return false;
    switch (out->packet.protocol) {
    case PROTOCOL_HOP_BY_HOP:
    case PROTOCOL_ROUTING:
    case PROTOCOL_DESTINATION:
        len = ((size_t)(uint8_t)rest->at[1] + 1) * 8;
        break;
    case PROTOCOL_AUTHENTICATION:
        len = ((size_t)(uint8_t)rest->at[1] + 2) * 4;
        break;
    case PROTOCOL_FRAGMENT:
        len = 8;
        out->fragment.offset = ds_get16(rest->at + 2) & 0xfff8u;
        out->fragment.more = (rest->at[3] & 1) != 0;
        out->fragment.id = ds_get32(rest->at + 4);
        out->fragmented = out->fragment.more || out->fragment.offset != 0;
        break;
    default:
        return false;
    }
    out->packet.protocol = (uint8_t)rest->at[0];
    *rest = ds_slice_from(*rest, len);
    return true;
}

static bool read_v6(struct ds_reading *reading, struct ds_slice bytes, struct header *out)
{
    if (bytes.len < 40)
        return false;
    size_t payload_len = ds_get16(bytes.at + 4);
    bytes = keep(reading, bytes, payload_len == 0 ? 0 : payload_len + 40);
    out->fragmented = false;
    out->fragment = (struct ds_trace_fragment){0};
    out->ttl = (uint8_t)bytes.at[7];
    out->packet.way.from.port = out->packet.way.to.port = 0;
    out->packet.protocol = (uint8_t)bytes.at[6];
    memcpy(out->packet.way.from.ip, bytes.at + 8, 16);
    memcpy(out->packet.way.to.ip, bytes.at + 24, 16);
    out->packet.payload = ds_slice_from(bytes, 40);
    for (int i = 0; i < MAX_EXTENSIONS && step_over(out); i++)
        if (out->fragmented && out->fragment.offset != 0)
            break;
    return true;
}

/* One packet: its own header, and what it carries. False when there is nothing to read, nothing
 * new, or not all yet. */
static bool read_packet(struct ds_reading *reading,
                        struct ds_slice bytes,
                        struct ds_trace_point *point,
                        struct header *out)
{
    int version = bytes.len == 0 ? 0 : (uint8_t)bytes.at[0] >> 4;
    bool good = version == 4   ? read_v4(reading, bytes, out)
                : version == 6 ? read_v6(reading, bytes, out)
                               : false;
    if (!good)
        return false;
    point->ttl = out->ttl;
    if (ds_trace_is_copy(reading, &out->packet, &out->fragment, point))
        return false;
    return !out->fragmented || ds_trace_fragment(reading, &out->fragment, &out->packet);
}

/* What a tunnel carries takes its place; the ends of a call are those inside. */
void ds_trace_ip(struct ds_reading *reading, const struct ds_frame *frame, struct ds_slice bytes)
{
    struct header header;
    struct ds_trace_packet *packet = &header.packet;
    const struct ds_slice before = {frame->bytes.at, frame->bytes.len - bytes.len};
    struct ds_trace_point point = {.link = ds_trace_mark(before), .interface = frame->interface};
    for (; point.depth <= MAX_TUNNELS; point.depth++) {
        if (!read_packet(reading, bytes, &point, &header))
            return;
        if (!ds_trace_tunnel(packet->protocol, packet->payload, &bytes))
            break;
    }
    if (packet->protocol == PROTOCOL_UDP)
        ds_trace_datagram(reading, packet);
    else if (packet->protocol == PROTOCOL_TCP)
        ds_trace_segment(reading, packet);
}
