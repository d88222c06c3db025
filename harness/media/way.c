#include "media_internal.h"

/* Which way packets take: over the pair that ICE has settled on, or straight. */

static void take(struct ds_media *media, struct ds_addr from, struct ds_slice bytes)
{
    if (ds_rtcp_is(bytes))
        ds_media_take_rtcp(media, from, bytes);
    else
        ds_media_hear(media, bytes);
}

static void on_gathered(void *owner)
{
    struct ds_media *media = owner;
    media->ice_how.gathered(media->ice_how.owner);
}

static void on_selected(void *owner)
{
    ds_media_pace(owner);
}

static void on_data(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    take(owner, from, bytes);
}

static const struct ds_ice_events events = {.gathered = on_gathered,
                                            .selected = on_selected,
                                            .data = on_data};

void ds_media_take_rtp(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ds_media *media = owner;
    if (media->ice == NULL)
        ds_media_hear(media, bytes);
    else if (!ds_ice_take(media->ice, from, bytes))
        take(media, from, bytes);
}

ds_rc ds_media_use_ice(struct ds_media *media, const struct ds_media_ice *how, struct ds_why *why)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    const struct ds_media_place *place = media->place;
    const struct ds_ice_options options = {
        .net = place->net,
        .rng = place->rng,
        .udp = media->rtp,
        .server = how->lite ? (struct ds_addr){.port = 0} : place->server,
        .user = place->server_user,
        .password = place->server_password,
        .alternate = place->server_is_alternate,
        .offers = how->offers,
        .lite = how->lite,
        .flaws = how->flaws,
    };
    ds_assert(media->ice == NULL);
    media->ice_how = *how;
    return ds_ice_new(&options, &events, media, &media->ice, why);
}

bool ds_media_gathered(const struct ds_media *media)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    return media->ice == NULL || ds_ice_gathered(media->ice);
}

bool ds_media_ice_spec(const struct ds_media *media, struct ds_ice_spec *out)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    if (media->ice != NULL)
        *out = ds_ice_spec(media->ice);
    return media->ice != NULL;
}

bool ds_media_keep_to_server(struct ds_media *media)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    if (media->ice == NULL || !ds_ice_is_relayed(media->ice))
        return false;
    ds_ice_keep_to_server(media->ice);
    return true;
}

struct ds_addr ds_media_default(const struct ds_media *media)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    return media->ice == NULL ? ds_udp_at(media->rtp) : ds_ice_default(media->ice);
}

/* Without candidates of the peer only who is reached by a server alone still goes by it. */
void ds_media_meet(struct ds_media *media, const struct ds_sdp_media *peer)
{
    if (media->ice == NULL)
        return;
    bool knows_ice = peer->ice_ufrag.len > 0;
    media->by_ice = knows_ice || ds_ice_needs_server(media->ice);
    if (knows_ice)
        ds_ice_meet(media->ice, peer);
    else if (media->by_ice)
        ds_ice_meet_plain(media->ice, peer->at);
}

bool ds_media_has_way(const struct ds_media *media)
{
    return !media->by_ice || ds_ice_is_selected(media->ice);
}

static bool goes_astray(const struct ds_media *media)
{
    return media->flaws.instead.port != 0;
}

/* Straight to there, where no pair of the agent's is the way. */
static void
emit(struct ds_media *media, struct ds_slice plain, struct ds_udp *udp, struct ds_addr straight_to)
{
    uint8_t room[DS_MEDIA_MOST_BYTES];
    struct ds_slice bytes = ds_media_seal(media, plain, room);
    if (bytes.len == 0)
        return;
    if (media->by_ice && !goes_astray(media))
        ds_ice_send(media->ice, bytes);
    else
        ds_udp_send(udp, straight_to, bytes);
}

void ds_media_emit(struct ds_media *media, struct ds_slice rtp)
{
    emit(media, rtp, media->rtp, ds_media_to(media));
}

void ds_media_emit_rtcp(struct ds_media *media, struct ds_slice rtcp)
{
    emit(media, rtcp, media->rtcp, ds_media_rtcp_to(media));
}
