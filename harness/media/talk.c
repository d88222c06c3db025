#include "media_internal.h"

#define SAMPLE_US (DS_S / DS_RTP_SAMPLE_RATE)
/* From one packet of comfort noise to the next; RFC 3389 leaves it open. */
#define NOISE_FRAMES 10

void ds_media_new_source(struct ds_media *media)
{
    media->voice.ssrc = (uint32_t)ds_rng_next(media->place->rng);
    media->voice.sequence = (uint16_t)ds_rng_next(media->place->rng);
    media->voice.packets = 0;
    media->voice.octets = 0;
    media->reported = false;
}

uint32_t ds_media_timestamp(const struct ds_media *media, ds_us at)
{
    return media->voice.first_timestamp + (uint32_t)(at / SAMPLE_US);
}

uint32_t ds_media_frame_samples(const struct ds_media *media)
{
    uint32_t flaw = media->flaws.frame_samples;
    return flaw == 0 ? DS_RTP_FRAME_SAMPLES : flaw;
}

void ds_media_send(struct ds_media *media, struct ds_rtp *packet)
{
    uint8_t bytes[DS_RTP_HEADER_BYTES + DS_MEDIA_MOST_SAMPLES];
    struct ds_media_voice *voice = &media->voice;
    if (media->flaws.mute)
        return;
    if (media->flaws.source_packets != 0 && voice->packets == media->flaws.source_packets)
        ds_media_new_source(media);
    packet->ssrc = voice->ssrc;
    packet->sequence = media->flaws.same_sequence ? voice->sequence : voice->sequence++;
    size_t len = ds_rtp_write(packet, bytes, sizeof bytes);
    ds_assert(len > 0);
    ds_media_emit(media, (struct ds_slice){(const char *)bytes, len});
    media->counts.sent++;
    voice->packets++;
    voice->octets += (uint32_t)packet->payload.len;
    ds_media_report_soon(media);
}

static void fill(struct ds_media *media, uint8_t *payload, size_t count)
{
    int16_t samples[DS_MEDIA_MOST_SAMPLES];
    if (media->sound.say == NULL) {
        ds_tone_fill(&media->voice.tone, media->aim.payload_type, payload, count);
        return;
    }
    media->sound.say(media->sound.owner, samples, count);
    for (size_t i = 0; i < count; i++)
        payload[i] = ds_g711_encode(media->aim.payload_type, samples[i]);
}

static void send_frame(struct ds_media *media)
{
    uint8_t payload[DS_MEDIA_MOST_SAMPLES];
    struct ds_media_voice *voice = &media->voice;
    size_t samples = ds_media_frame_samples(media);
    fill(media, payload, samples);
    struct ds_rtp packet = {.marker = voice->marker,
                            .payload_type = media->flaws.payload_type != 0
                                                ? media->flaws.payload_type
                                                : media->aim.payload_type,
                            .timestamp = ds_media_timestamp(media, voice->frame_at),
                            .payload = {(const char *)payload, samples}};
    ds_media_send(media, &packet);
    voice->marker = false;
}

static bool has_something_to_say(const struct ds_media *media)
{
    return ds_media_may_send(media) &&
           (media->voice.tone.frequency_hz != 0 || ds_media_has_digits(media) ||
            media->sound.say != NULL || ds_media_makes_noise(media));
}

static ds_timer_fn say_next;

/* From deadline to deadline: a late turn makes one packet late, not all that follow. */
static void plan_next(struct ds_media *media)
{
    struct ds_media_voice *voice = &media->voice;
    uint32_t frames = ds_media_makes_noise(media) ? NOISE_FRAMES : 1;
    voice->frame_at += (ds_us)frames * ds_media_frame_samples(media) * SAMPLE_US;
    ds_media_start_timer_at(media, &voice->timer, voice->frame_at, say_next);
}

static void say_next(struct ds_timer *timer)
{
    struct ds_media *media = DS_OWNER(timer, struct ds_media, voice.timer);
    if (ds_media_has_digits(media))
        ds_media_send_digit(media);
    else if (ds_media_makes_noise(media))
        ds_media_send_noise(media);
    else
        send_frame(media);
    if (has_something_to_say(media))
        plan_next(media);
}

/* The first packet leaves when its samples have been taken: one frame from now. */
void ds_media_pace(struct ds_media *media)
{
    struct ds_media_voice *voice = &media->voice;
    if (!has_something_to_say(media)) {
        ds_timer_stop(ds_media_clock(media), &voice->timer);
        ds_media_give_up_digit(media);
    } else if (!ds_timer_running(&voice->timer)) {
        voice->marker = true;
        voice->frame_at = ds_now(ds_media_clock(media));
        plan_next(media);
    }
}

void ds_media_talk(struct ds_media *media, uint32_t tone_hz)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    struct ds_media_voice *voice = &media->voice;
    if (tone_hz == 0 && voice->tone.frequency_hz != 0)
        ds_media_say_goodbye(media);
    voice->tone.frequency_hz = tone_hz;
    if (tone_hz != 0)
        voice->last_tone_hz = tone_hz;
    if (voice->quiet)
        ds_timer_stop(ds_media_clock(media), &voice->timer);
    voice->quiet = false;
    ds_media_pace(media);
}

void ds_media_fall_silent(struct ds_media *media)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    media->voice.tone.frequency_hz = 0;
    media->voice.quiet = true;
    ds_media_pace(media);
}

/* Who has listened to what was passed on hears the same source go on. */
static void take_over(struct ds_media *media)
{
    const struct ds_media_passed *passed = &media->passed;
    if (!passed->any)
        return;
    ds_us now = ds_now(ds_media_clock(media));
    media->voice.ssrc = passed->ssrc;
    media->voice.sequence = (uint16_t)(passed->sequence + 1);
    media->voice.first_timestamp = passed->timestamp - (uint32_t)(now / SAMPLE_US);
    media->passed.any = false;
}

void ds_media_set_sound(struct ds_media *media, const struct ds_media_sound *sound)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    media->sound = sound == NULL ? (struct ds_media_sound){.owner = NULL} : *sound;
    if (media->sound.say != NULL)
        take_over(media);
    ds_media_pace(media);
}
