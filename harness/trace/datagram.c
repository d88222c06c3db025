#include "trace_internal.h"

#define UDP_HEADER_BYTES 8

struct hosts {
    struct ds_trace_way way;
    size_t index;
};

void ds_trace_contact(struct ds_reading *reading, const struct ds_trace_way *way)
{
    struct ds_trace_way hosts = *way;
    hosts.from.port = hosts.to.port = 0;
    struct hosts *known = ds_trace_map_get(&reading->contacts_by_hosts, DS_KEY(hosts));
    if (known == NULL) {
        known = ds_reading_alloc(reading, sizeof *known);
        struct ds_contact *contact =
            ds_trace_array_add(&reading->contacts, sizeof(struct ds_contact));
        if (known == NULL || contact == NULL) {
            reading->out_of_memory = true;
            return;
        }
        *known = (struct hosts){hosts, reading->contacts.count - 1};
        *contact = (struct ds_contact){hosts.from, hosts.to, reading->now.frame, 0};
        ds_reading_put(reading, &reading->contacts_by_hosts, DS_KEY(known->way), known);
    }
    ((struct ds_contact *)reading->contacts.at)[known->index].packets++;
}

static void hear(struct ds_reading *reading, const struct ds_trace_way *way, struct ds_slice bytes)
{
    struct ds_rtp rtp;
    struct ds_rtcp rtcp;
    struct ds_udptl udptl;
    bool sealed, fax = ds_trace_fax_expected(reading, way);
    bytes = ds_trace_srtp_open(reading, way, bytes, &sealed);
    if (!fax && ds_rtp_parse(bytes, &rtp) == DS_OK)
        ds_trace_rtp(reading, way, &rtp, sealed);
    else if (!fax && ds_rtcp_parse(bytes, &rtcp) == DS_OK)
        ds_trace_rtcp(reading, way, &rtcp);
    else if (!sealed && ds_udptl_parse(bytes, &udptl) == DS_OK)
        ds_trace_fax(reading, way, &udptl);
}

void ds_trace_datagram(struct ds_reading *reading, struct ds_trace_packet *packet)
{
    struct ds_slice bytes = packet->payload;
    if (bytes.len < UDP_HEADER_BYTES)
        return;
    struct ds_trace_hop hop = {.way = packet->way, .transport = DS_UDP};
    hop.way.from.port = ds_trace_be16(bytes.at);
    hop.way.to.port = ds_trace_be16(bytes.at + 2);
    size_t len = ds_trace_be16(bytes.at + 4);
    if (len >= UDP_HEADER_BYTES && len < bytes.len)
        bytes.len = len;
    bytes = ds_slice_from(bytes, UDP_HEADER_BYTES);
    ds_trace_contact(reading, &hop.way);
    if (ds_msg_looks_like_sip(bytes))
        ds_trace_message(reading, &hop, bytes);
    else
        hear(reading, &hop.way, bytes);
}
