#include "media_internal.h"

/* A range may hold thousands of pairs, all of them at an address that is not ours. */
#define MOST_TRIES 512

static ds_rc open_pair(void *owner, struct ds_addr at, struct ds_why *why)
{
    struct ds_media *media = owner;
    struct ds_net *net = media->place->net;
    ds_rc rc = ds_udp_open(net, at, ds_media_take_rtp, media, &media->rtp, why);
    if (rc != DS_OK)
        return rc;
    at.port++;
    rc = ds_udp_open(net, at, ds_media_take_rtcp, media, &media->rtcp, why);
    if (rc != DS_OK)
        ds_udp_close(&media->rtp);
    return rc;
}

ds_rc ds_media_find_port(const struct ds_media_place *place,
                         ds_media_open_fn *open,
                         void *owner,
                         struct ds_why *why)
{
    struct ds_addr at = place->at;
    uint32_t first = (place->first_port + 1u) & ~1u, end = place->last_port + 1u;
    uint32_t pairs = end > first ? (end - first) / 2 : 0;
    uint32_t start = pairs > 0 ? (uint32_t)ds_rng_below(place->rng, pairs) : 0;
    struct ds_why last = {"there is no even port with its next one in it"};
    for (uint32_t i = 0; i < pairs && i < MOST_TRIES; i++) {
        at.port = (uint16_t)(first + 2 * ((start + i) % pairs));
        ds_rc rc = open(owner, at, &last);
        if (rc == DS_OK)
            return DS_OK;
        if (rc != DS_IO)
            return ds_fail(why, rc, "%s", last.text);
    }
    return ds_fail(why, DS_IO, "no pair of media ports is free in %u-%u at %s: %.180s",
                   place->first_port, place->last_port, ds_addr_ip_text(place->at).text, last.text);
}

/* RFC 3550 11: RTP on an even port, RTCP on the next. */
ds_rc ds_media_open_ports(struct ds_media *media, struct ds_why *why)
{
    return ds_media_find_port(media->place, open_pair, media, why);
}
