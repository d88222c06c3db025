#include "media_internal.h"

/* A range may hold thousands of pairs, all of them at an address that is not ours. */
#define MOST_TRIES 512

static ds_rc open_pair(struct ds_media *media, uint16_t port, struct ds_why *why)
{
    struct ds_net *net = media->place->net;
    struct ds_addr at = media->place->at;
    at.port = port;
    ds_rc rc = ds_udp_open(net, at, ds_media_take_rtp, media, &media->rtp, why);
    if (rc != DS_OK)
        return rc;
    at.port = (uint16_t)(port + 1);
    rc = ds_udp_open(net, at, ds_media_take_rtcp, media, &media->rtcp, why);
    if (rc != DS_OK)
        ds_udp_close(&media->rtp);
    return rc;
}

/* RFC 3550 11: RTP on an even port, RTCP on the next. */
ds_rc ds_media_open_ports(struct ds_media *media, struct ds_why *why)
{
    const struct ds_media_place *place = media->place;
    uint32_t first = (place->first_port + 1u) & ~1u, end = place->last_port + 1u;
    uint32_t pairs = end > first ? (end - first) / 2 : 0;
    uint32_t start = pairs > 0 ? (uint32_t)ds_rng_below(place->rng, pairs) : 0;
    struct ds_why last = {"there is no even port with its next one in it"};
    for (uint32_t i = 0; i < pairs && i < MOST_TRIES; i++) {
        uint16_t port = (uint16_t)(first + 2 * ((start + i) % pairs));
        ds_rc rc = open_pair(media, port, &last);
        if (rc == DS_OK)
            return DS_OK;
        if (rc != DS_IO)
            return ds_fail(why, rc, "%s", last.text);
    }
    return ds_fail(why, DS_IO, "no pair of media ports is free in %u-%u at %s: %.180s",
                   place->first_port, place->last_port, ds_addr_ip_text(place->at).text, last.text);
}
