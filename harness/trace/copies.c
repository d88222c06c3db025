#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

/*
 * One packet, seen at several points of its way: both sides of a router, a bridge and its ports, a
 * mirror of what goes in and out. It counts once, where it was seen first. A packet is taken for
 * the same when its addresses, identification, place among fragments and payload are, at most
 * 100 ms later, and
 *
 * - it came over another interface of the file, behind another link header, in another depth of
 *   tunnels, or with another TTL: it was not sent twice, it was seen twice; or
 * - its sender numbers its packets (RFC 791's identification is not 0), and this is that number.
 *
 * Checksums of UDP and TCP are left out: a machine that leaves them to its network card shows them
 * unfinished on its own interface. SIP sends nothing again before 500 ms have passed (RFC 3261
 * 17.1.1.1), and gives it a number of its own then; so does TCP, and RTP never says the same twice.
 */

#define WINDOW_US (INT64_C(100) * 1000)
#define SLOTS     16384u

struct ds_trace_sight {
    uint64_t packet; /* hash of what makes it the same */
    struct ds_trace_point point;
    int64_t at;
    bool used;
};

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t mix_bytes(uint64_t hash, struct ds_slice bytes)
{
    uint64_t word;
    size_t at = 0;
    for (; bytes.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, bytes.at + at, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    if (at < bytes.len)
        memcpy(&word, bytes.at + at, bytes.len - at);
    return mix(mix(hash, word), bytes.len);
}

uint64_t ds_trace_mark(struct ds_slice bytes)
{
    return mix_bytes(1, bytes);
}

/* Where the checksum of what an IP packet carries stands; behind its end where it has none. */
static size_t checksum_at(const struct ds_trace_packet *packet)
{
    const uint8_t tcp = 6, udp = 17;
    if (packet->protocol == udp)
        return 6;
    return packet->protocol == tcp ? 16 : packet->payload.len;
}

static uint64_t mark_of(const struct ds_trace_packet *packet,
                        const struct ds_trace_fragment *fragment)
{
    struct ds_slice payload = packet->payload;
    uint64_t hash = mix_bytes(packet->protocol, DS_KEY(packet->way));
    hash = mix(mix(hash, fragment->id), fragment->offset << 1 | (fragment->more ? 1 : 0));
    size_t at = fragment->offset == 0 ? checksum_at(packet) : payload.len;
    if (at + 2 > payload.len)
        return mix_bytes(hash, payload);
    hash = mix_bytes(hash, (struct ds_slice){payload.at, at});
    return mix_bytes(hash, ds_slice_from(payload, at + 2));
}

static bool is_same_point(const struct ds_trace_point *a, const struct ds_trace_point *b)
{
    return a->link == b->link && a->interface == b->interface && a->depth == b->depth &&
           a->ttl == b->ttl;
}

bool ds_trace_is_copy(struct ds_reading *reading,
                      const struct ds_trace_packet *packet,
                      const struct ds_trace_fragment *fragment,
                      const struct ds_trace_point *point)
{
    if (reading->sights == NULL)
        reading->sights = calloc(SLOTS, sizeof *reading->sights);
    if (reading->sights == NULL) {
        reading->out_of_memory = true;
        return false;
    }
    uint64_t mark = mark_of(packet, fragment);
    struct ds_trace_sight *sight = &reading->sights[mark % SLOTS];
    int64_t age = reading->now.at - sight->at;
    if (sight->used && sight->packet == mark && age >= -WINDOW_US && age <= WINDOW_US &&
        (fragment->id != 0 || !is_same_point(&sight->point, point))) {
        reading->trace->copy_count++;
        return true;
    }
    *sight = (struct ds_trace_sight){mark, *point, reading->now.at, true};
    return false;
}
