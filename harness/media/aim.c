#include "media_internal.h"

static bool is_g711(uint8_t payload_type)
{
    return payload_type == DS_PT_PCMU || payload_type == DS_PT_PCMA;
}

static bool lists(const struct ds_sdp_media *peer, uint8_t payload_type)
{
    for (size_t i = 0; i < peer->format_count; i++) {
        if (peer->formats[i].payload_type == payload_type)
            return true;
    }
    return false;
}

static bool choose_codec(const struct ds_sdp_media *peer, uint8_t preferred, uint8_t *out)
{
    if (is_g711(preferred) && lists(peer, preferred)) {
        *out = preferred;
        return true;
    }
    for (size_t i = 0; i < peer->format_count; i++) {
        *out = peer->formats[i].payload_type;
        if (is_g711(*out))
            return true;
    }
    return false;
}

/* The events of another clock rate belong to another codec than ours. */
static uint8_t choose_event_type(const struct ds_sdp_media *peer)
{
    for (size_t i = 0; i < peer->format_count; i++) {
        const struct ds_sdp_format *format = &peer->formats[i];
        if (ds_slice_equal_nocase(format->encoding, DS_LITERAL("telephone-event")) &&
            format->clock_rate == DS_RTP_SAMPLE_RATE && format->payload_type < 128)
            return format->payload_type;
    }
    return DS_PT_EVENT;
}

static void aim_nowhere(struct ds_media *media)
{
    ds_media_say_goodbye(media);
    media->aim.set = false;
    if (media->ice != NULL)
        ds_ice_release(media->ice);
    ds_media_pace(media);
}

ds_rc ds_media_aim(struct ds_media *media, const struct ds_sdp_media *peer, struct ds_why *why)
{
    uint8_t payload_type;
    DS_CHECK(media, DS_MEDIA_MAGIC);
    if (peer == NULL) {
        aim_nowhere(media);
        return DS_OK;
    }
    if (!peer->has_address || peer->at.port == 0)
        return ds_fail(why, DS_BAD, "the peer's SDP names no address to send audio to");
    if (!choose_codec(peer, media->preferred, &payload_type))
        return ds_fail(why, DS_BAD, "the peer's SDP lists neither PCMU nor PCMA");
    ds_rc rc = ds_media_meet_secure(media, peer, why);
    if (rc != DS_OK)
        return rc;
    media->aim = (struct ds_media_aim){.set = true,
                                       .to = peer->at,
                                       .rtcp_to = peer->rtcp_at,
                                       .payload_type = payload_type,
                                       .event_type = choose_event_type(peer),
                                       .comfort_noise = lists(peer, DS_PT_COMFORT_NOISE),
                                       .peer = peer->direction};
    ds_media_meet(media, peer);
    ds_media_pace(media);
    return DS_OK;
}

void ds_media_prefer(struct ds_media *media, uint8_t payload_type)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    ds_assert(is_g711(payload_type));
    media->preferred = payload_type;
}

uint8_t ds_media_payload_type(const struct ds_media *media)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    return media->aim.payload_type;
}

void ds_media_hold(struct ds_media *media, enum ds_direction direction)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    media->direction = direction;
    ds_media_pace(media);
}

/* 0.0.0.0 is how RFC 2543 put a call on hold. */
static bool is_nowhere(const struct ds_addr *addr)
{
    return ds_addr_is_v4(addr) && ds_addr_ip4(addr) == 0;
}

bool ds_media_may_send(const struct ds_media *media)
{
    bool ours = media->direction == DS_SENDRECV || media->direction == DS_SENDONLY;
    bool theirs = media->aim.peer == DS_SENDRECV || media->aim.peer == DS_RECVONLY;
    return ours && theirs && ds_media_may_report(media);
}

bool ds_media_may_report(const struct ds_media *media)
{
    return media->aim.set && !is_nowhere(&media->aim.to) && ds_media_has_way(media);
}

bool ds_media_is_on_hold(const struct ds_media *media)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    return media->aim.set && !ds_media_may_send(media);
}

struct ds_addr ds_media_peer(const struct ds_media *media)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    return media->aim.to;
}

struct ds_addr ds_media_to(const struct ds_media *media)
{
    return media->flaws.instead.port != 0 ? media->flaws.instead : media->aim.to;
}

struct ds_addr ds_media_rtcp_to(const struct ds_media *media)
{
    struct ds_addr to = media->flaws.instead;
    if (to.port == 0)
        return media->aim.rtcp_to;
    to.port++;
    return to;
}
