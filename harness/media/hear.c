#include "media_internal.h"

void ds_media_listen(struct ds_media *media, ds_media_heard_fn *heard, void *owner)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    media->ear.heard = heard;
    media->ear.owner = owner;
}

/* A new SSRC is a new sender, whose numbers have nothing to do with those of the last. */
static void count(struct ds_media *media, const struct ds_rtp *packet)
{
    struct ds_media_ear *ear = &media->ear;
    if (!ear->stats.started || packet->ssrc != ear->ssrc) {
        ds_rtp_stats_init(&ear->stats, DS_RTP_SAMPLE_RATE);
        ear->ssrc = packet->ssrc;
        ear->has_digit = false;
    }
    ds_rtp_stats_add(&ear->stats, packet, ds_now(ds_media_clock(media)));
    media->counts.received++;
    media->counts.received_at = ds_now(ds_media_clock(media));
    ds_media_report_soon(media);
}

/* A peer sends events with the number that our SDP gave them, which is 101 or the peer's own. */
static bool ends_digit(struct ds_media *media, const struct ds_rtp *packet, char *digit)
{
    struct ds_media_ear *ear = &media->ear;
    struct ds_rtp_event event;
    if (packet->payload_type != media->aim.event_type && packet->payload_type != DS_PT_EVENT)
        return false;
    if (ds_rtp_event_parse(packet->payload, &event) != DS_OK || !event.end || event.event > 15)
        return false;
    if (ear->has_digit && ear->digit_timestamp == packet->timestamp)
        return false;
    ear->has_digit = true;
    ear->digit_timestamp = packet->timestamp;
    *digit = ds_rtp_event_digit(event.event);
    return true;
}

/* A relay is a switch of circuits too: A-law on one side and mu-law on the other are recoded,
 * packet by packet. Anything else goes on as it came. */
static struct ds_slice recode(const struct ds_media *out,
                              const struct ds_rtp *packet,
                              struct ds_slice bytes,
                              uint8_t *room)
{
    uint8_t samples[DS_MEDIA_MOST_SAMPLES], wanted = out->aim.payload_type;
    bool g711 = packet->payload_type == DS_PT_PCMU || packet->payload_type == DS_PT_PCMA;
    if (!g711 || packet->payload_type == wanted || packet->payload.len > sizeof samples)
        return bytes;
    for (size_t i = 0; i < packet->payload.len; i++)
        samples[i] = ds_g711_encode(
            wanted, ds_g711_decode(packet->payload_type, (uint8_t)packet->payload.at[i]));
    struct ds_rtp recoded = *packet;
    recoded.payload_type = wanted;
    recoded.payload = (struct ds_slice){(const char *)samples, packet->payload.len};
    size_t len = ds_rtp_write(&recoded, room, DS_RTP_HEADER_BYTES + DS_MEDIA_MOST_SAMPLES);
    return (struct ds_slice){(const char *)room, len};
}

static void pass_on(struct ds_media *media, const struct ds_rtp *packet, struct ds_slice bytes)
{
    uint8_t room[DS_RTP_HEADER_BYTES + DS_MEDIA_MOST_SAMPLES];
    struct ds_media *out = media->relay;
    if (out == NULL || !ds_media_may_send(out) || out->flaws.mute)
        return;
    if (out->clipped < out->flaws.clipped_packets) {
        out->clipped++;
        return;
    }
    ds_media_emit(out, recode(out, packet, bytes, room));
    out->counts.sent++;
    out->passed = (struct ds_media_passed){.any = true,
                                           .ssrc = packet->ssrc,
                                           .timestamp = packet->timestamp,
                                           .sequence = packet->sequence};
}

static void sound_out(struct ds_media *media, const struct ds_rtp *packet)
{
    int16_t samples[DS_MEDIA_MOST_SAMPLES];
    bool g711 = packet->payload_type == DS_PT_PCMU || packet->payload_type == DS_PT_PCMA;
    if (media->sound.hear == NULL || !g711 || packet->payload.len > DS_COUNT(samples))
        return;
    for (size_t i = 0; i < packet->payload.len; i++)
        samples[i] = ds_g711_decode(packet->payload_type, (uint8_t)packet->payload.at[i]);
    media->sound.hear(media->sound.owner, samples, packet->payload.len);
}

void ds_media_hear(struct ds_media *media, struct ds_slice sealed)
{
    uint8_t room[DS_MEDIA_MOST_BYTES];
    struct ds_slice bytes = ds_media_unseal(media, sealed, room);
    struct ds_rtp packet;
    char digit = '\0';
    if (ds_rtp_parse(bytes, &packet) != DS_OK)
        return;
    bool first = media->counts.received == 0;
    count(media, &packet);
    pass_on(media, &packet, bytes);
    sound_out(media, &packet);
    /* Last, because who is told may free the media. A digit whose end is the first thing to come is
     * told at the repetition of that end. */
    if (media->ear.heard != NULL && (first || ends_digit(media, &packet, &digit)))
        media->ear.heard(media->ear.owner, digit);
}

/* Reports go on where nothing may be said (RFC 3264 8.4). */
static bool passes_reports(const struct ds_media *out)
{
    bool silenced = ds_media_may_send(out) ? out->flaws.no_rtcp : out->flaws.no_rtcp_on_hold;
    return ds_media_may_report(out) && !silenced;
}

void ds_media_take_rtcp(void *owner, struct ds_addr from, struct ds_slice sealed)
{
    struct ds_media *media = owner, *out = media->relay;
    uint8_t room[DS_MEDIA_MOST_BYTES];
    struct ds_slice bytes = ds_media_unseal(media, sealed, room);
    struct ds_rtcp read;
    (void)from;
    if (ds_rtcp_parse(bytes, &read) != DS_OK)
        return;
    media->counts.reported_at = ds_now(ds_media_clock(media));
    if (out != NULL && passes_reports(out))
        ds_media_emit_rtcp(out, bytes);
}
