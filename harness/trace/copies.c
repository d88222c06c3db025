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

#define WINDOW_US (100 * 1000)
#define SLOTS     16384u

/* Small, because one is looked at for each packet, and it is seldom near. */
struct ds_trace_sight {
    uint64_t packet; /* hash of what makes it the same */
    uint32_t point;  /* the same of where it was */
    uint32_t at_us;  /* it wraps around in 71 minutes, after which no packet comes once more */
};

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t word_at(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static uint64_t half_word_at(const char *at)
{
    uint32_t half;
    memcpy(&half, at, sizeof half);
    return half;
}

/* Some bytes may be taken twice, which does no harm. */
static uint64_t mix_few(uint64_t hash, struct ds_slice bytes)
{
    const size_t half = sizeof hash / 2;
    if (bytes.len >= sizeof hash)
        return mix(mix(hash, word_at(bytes.at)), word_at(bytes.at + bytes.len - sizeof hash));
    if (bytes.len >= half)
        return mix(hash, half_word_at(bytes.at) << 32 | half_word_at(bytes.at + bytes.len - half));
    uint64_t word = 0;
    for (size_t i = 0; i < bytes.len; i++)
        word = word << 8 | (uint8_t)bytes.at[i];
    return mix(hash, word);
}

/* A step in the middle of many words: cheaper, because what comes last mixes all of it. */
static uint64_t stir(uint64_t lane, uint64_t word)
{
    lane ^= word;
    return (lane << 29 | lane >> 35) * UINT64_C(0x9e3779b97f4a7c15);
}

/* Four lanes, because a multiplication takes a while and the next need not wait for it. */
static uint64_t mix_many(uint64_t hash, struct ds_slice bytes)
{
    const char *at = bytes.at;
    size_t rest = bytes.len;
    if (rest >= 4 * sizeof hash) {
        uint64_t a = hash, b = ~hash, c = hash + 1, d = ~hash + 1;
        for (; rest >= 4 * sizeof hash; rest -= 4 * sizeof hash, at += 4 * sizeof hash) {
            a = stir(a, word_at(at));
            b = stir(b, word_at(at + sizeof hash));
            c = stir(c, word_at(at + 2 * sizeof hash));
            d = stir(d, word_at(at + 3 * sizeof hash));
        }
        hash = mix(mix(a, b), mix(c, d));
    }
    for (; rest >= sizeof hash; rest -= sizeof hash, at += sizeof hash)
        hash = mix(hash, word_at(at));
    return mix(hash, word_at(at + rest - sizeof hash));
}

static uint64_t mix_bytes(uint64_t hash, struct ds_slice bytes)
{
    const size_t few = 2 * sizeof hash;
    return mix(bytes.len <= few ? mix_few(hash, bytes) : mix_many(hash, bytes), bytes.len);
}

uint64_t ds_trace_mark(struct ds_slice bytes)
{
    return mix_bytes(1, bytes);
}

uint64_t ds_trace_mark_on(uint64_t mark, struct ds_slice bytes)
{
    return mix_bytes(mark, bytes);
}

/* Where the checksum of what an IP packet carries stands; behind its end where it has none. */
static size_t checksum_at(const struct ds_trace_packet *packet)
{
    const uint8_t tcp = 6, udp = 17;
    if (packet->protocol == udp)
        return 6;
    return packet->protocol == tcp ? 16 : packet->payload.len;
}

/* Audio is told apart by its header, in which a number and a time go on with each packet (RFC 3550
 * 5.1), so that no more than its beginning need be looked at. */
static struct ds_slice telling(struct ds_slice payload)
{
    const size_t enough = 16;
    bool is_rtp = payload.len > enough && ((uint8_t)payload.at[0] & 0xc0) == 0x80;
    return is_rtp ? (struct ds_slice){payload.at, enough} : payload;
}

static uint64_t mix_ip(uint64_t hash, const struct ds_addr *addr)
{
    const char *ip = (const char *)addr->ip;
    return stir(stir(hash, word_at(ip)), word_at(ip + sizeof hash));
}

static uint64_t mark_of(const struct ds_trace_packet *packet,
                        const struct ds_trace_fragment *fragment)
{
    struct ds_slice payload = packet->payload;
    uint64_t hash = mix_ip(mix_ip(packet->protocol, &packet->way.from), &packet->way.to);
    uint64_t place = fragment->offset << 1 | (fragment->more ? 1 : 0);
    hash = mix(hash, (uint64_t)fragment->id << 32 | place);
    size_t at = fragment->offset == 0 ? checksum_at(packet) : payload.len;
    if (at + 2 > payload.len)
        return mix_bytes(hash, payload);
    hash = mix(mix_bytes(hash, (struct ds_slice){payload.at, at}), payload.len);
    return mix_bytes(hash, telling(ds_slice_from(payload, at + 2)));
}

static uint64_t mark_of_point(const struct ds_trace_point *point)
{
    uint64_t small = (uint64_t)point->interface << 16 | (uint64_t)point->depth << 8 | point->ttl;
    return mix(mix(1, point->link), small);
}

DS_EXPANDED bool ds_trace_is_copy(struct ds_reading *reading,
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
    uint64_t mark = mark_of(packet, fragment) | 1; /* 0: none yet */
    uint32_t here = (uint32_t)mark_of_point(point);
    struct ds_trace_sight *sight = &reading->sights[mark >> 1 & (SLOTS - 1)];
    uint32_t now_us = (uint32_t)reading->now.at;
    int32_t age_us = (int32_t)(now_us - sight->at_us);
    if (sight->packet == mark && age_us >= -WINDOW_US && age_us <= WINDOW_US &&
        (fragment->id != 0 || sight->point != here)) {
        reading->trace->copy_count++;
        return true;
    }
    *sight = (struct ds_trace_sight){mark, here, now_us};
    return false;
}
