#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

#define UDP_HEADER_BYTES 8

struct hosts {
    struct ds_trace_way way;
    size_t index;
};

/* Many more than talk at once, so that two of them seldom have one place: few where few talk, as
 * clearing many would cost more than reading the capture of a call. */
#define FEW_RECENTS 256u
#define RECENTS     8192u

static size_t place_of(const struct ds_trace_way *way, size_t places)
{
    uint64_t from, to;
    memcpy(&from, way->from.ip + 8, sizeof from);
    memcpy(&to, way->to.ip + 8, sizeof to);
    uint64_t ports = (uint64_t)way->from.port << 16 | way->to.port;
    uint64_t hash = (from ^ (to * 3) ^ (ports << 13)) * UINT64_C(0x9e3779b97f4a7c15);
    return (hash >> 40) & (places - 1);
}

/* What was known is found again elsewhere. */
static void make_recents(struct ds_reading *reading, size_t count)
{
    struct ds_trace_recent *recents = calloc(count, sizeof *recents);
    if (recents == NULL)
        return;
    free(reading->recents);
    reading->recents = recents;
    reading->recent_count = count;
}

struct ds_trace_recent *ds_trace_recent(struct ds_reading *reading, const struct ds_trace_way *way)
{
    if (reading->recents == NULL)
        make_recents(reading, FEW_RECENTS);
    else if (reading->recent_count < RECENTS && reading->recents_lost > FEW_RECENTS)
        make_recents(reading, RECENTS);
    if (reading->recents == NULL) {
        reading->out_of_memory = true;
        return NULL;
    }
    struct ds_trace_recent *recent = &reading->recents[place_of(way, reading->recent_count)];
    if (recent->part != reading->parts + 1 || memcmp(&recent->way, way, sizeof *way) != 0) {
        reading->recents_lost += recent->part != 0;
        *recent = (struct ds_trace_recent){.way = *way, .part = reading->parts + 1};
    }
    return recent;
}

static struct hosts *new_hosts(struct ds_reading *reading, const struct ds_trace_way *way)
{
    struct hosts *hosts = ds_reading_alloc(reading, sizeof *hosts);
    struct ds_contact *contact = ds_trace_array_add(&reading->contacts, sizeof *contact);
    if (hosts == NULL || contact == NULL) {
        reading->out_of_memory = true;
        return NULL;
    }
    *hosts = (struct hosts){*way, reading->contacts.count - 1};
    *contact = (struct ds_contact){way->from, way->to, reading->now.frame, 0};
    ds_reading_put(reading, &reading->contacts_by_hosts, DS_KEY(hosts->way), hosts);
    return hosts;
}

struct ds_trace_recent *ds_trace_contact(struct ds_reading *reading, const struct ds_trace_way *way)
{
    struct ds_trace_recent *recent = ds_trace_recent(reading, way);
    if (recent == NULL)
        return NULL;
    if (recent->contact == 0) {
        struct ds_trace_way between = *way;
        between.from.port = between.to.port = 0;
        const struct hosts *known = ds_trace_map_get(&reading->contacts_by_hosts, DS_KEY(between));
        if (known == NULL)
            known = new_hosts(reading, &between);
        if (known == NULL)
            return NULL;
        recent->contact = (uint32_t)known->index + 1;
    }
    ((struct ds_contact *)reading->contacts.at)[recent->contact - 1].packets++;
    return recent;
}

DS_EXPANDED void
ds_trace_hear(struct ds_reading *reading, struct ds_trace_recent *recent, struct ds_slice bytes)
{
    const struct ds_trace_way *way = &recent->way;
    struct ds_rtp rtp;
    struct ds_rtcp rtcp;
    struct ds_udptl udptl;
    bool sealed, fax = ds_trace_fax_expected(reading, way);
    bytes = ds_trace_srtp_open(reading, way, bytes, &sealed);
    if (!fax && ds_rtp_parse(bytes, &rtp) == DS_OK) {
        ds_trace_rtp(reading, recent, &rtp, sealed);
        if (!sealed)
            ds_trace_fax_line(reading, way, &rtp);
    } else if (!fax && ds_rtcp_parse(bytes, &rtcp) == DS_OK) {
        ds_trace_rtcp(reading, way, &rtcp);
    } else if (!sealed && ds_udptl_parse(bytes, &udptl) == DS_OK) {
        ds_trace_fax(reading, way, &udptl);
    }
}

/* RFC 7983 5: the first byte of RTP and RTCP is 128 to 191. */
static bool is_media(struct ds_slice bytes)
{
    return bytes.len > 0 && ((uint8_t)bytes.at[0] & 0xc0) == 0x80;
}

static bool
is_message(struct ds_reading *reading, const struct ds_trace_way *way, struct ds_slice bytes)
{
    const struct ds_trace_hop hop = {*way, DS_UDP};
    return ds_trace_message(reading, &hop, bytes);
}

void ds_trace_datagram(struct ds_reading *reading, struct ds_trace_packet *packet)
{
    struct ds_slice bytes = packet->payload;
    struct ds_trace_way *way = &packet->way;
    if (bytes.len < UDP_HEADER_BYTES)
        return;
    way->from.port = ds_get16(bytes.at);
    way->to.port = ds_get16(bytes.at + 2);
    size_t len = ds_get16(bytes.at + 4);
    if (len >= UDP_HEADER_BYTES && len < bytes.len)
        bytes.len = len;
    bytes = ds_slice_from(bytes, UDP_HEADER_BYTES);
    struct ds_trace_recent *recent = ds_trace_contact(reading, way);
    if (!is_media(bytes)) {
        if (is_message(reading, way, bytes) || ds_trace_stun(reading, way, &bytes))
            return;
        recent = ds_trace_recent(reading, way); /* it may have come over a relay */
    }
    if (recent != NULL && !ds_trace_early_hold(reading, way, bytes))
        ds_trace_hear(reading, recent, bytes);
}
