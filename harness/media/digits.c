#include "media_internal.h"

/*
 * RFC 4733 2.5.1: one packet a frame while the key is down, each with the time it has been down and
 * all with the timestamp of its start; then the end, three times. The ends fill the gap before the
 * next digit.
 */

#define PACKETS_DOWN 5 /* 100 ms */
#define PACKETS_END  3 /* 60 ms */
#define VOLUME_DBM0  10

void ds_media_digits(struct ds_media *media, const char *digits)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    for (; *digits != '\0'; digits++) {
        uint8_t event;
        if (ds_rtp_event_of(*digits, &event) == DS_OK)
            ds_buf_add(&media->digits.waiting, (struct ds_slice){digits, 1});
    }
    ds_media_pace(media);
}

bool ds_media_has_digits(const struct ds_media *media)
{
    return media->digits.next < media->digits.waiting.len;
}

bool ds_media_digits_done(const struct ds_media *media)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    return !ds_media_has_digits(media);
}

static void go_to_next(struct ds_media_digits *digits)
{
    digits->step = 0;
    digits->next++;
    if (digits->next == digits->waiting.len)
        digits->next = digits->waiting.len = 0;
}

/* A digit cut short is not begun again: the peer may have taken it already. */
void ds_media_give_up_digit(struct ds_media *media)
{
    if (media->digits.step > 0)
        go_to_next(&media->digits);
}

static struct ds_rtp_event next_event(struct ds_media *media)
{
    struct ds_media_digits *digits = &media->digits;
    struct ds_rtp_event event = {.volume = VOLUME_DBM0};
    ds_rc rc = ds_rtp_event_of(digits->waiting.at[digits->next], &event.event);
    ds_assert(rc == DS_OK);
    uint32_t frames = digits->step < PACKETS_DOWN ? digits->step + 1 : PACKETS_DOWN;
    event.duration = media->flaws.event_samples != 0
                         ? media->flaws.event_samples
                         : (uint16_t)(frames * ds_media_frame_samples(media));
    event.end = digits->step >= PACKETS_DOWN && !media->flaws.no_end_bit;
    return event;
}

void ds_media_send_digit(struct ds_media *media)
{
    struct ds_media_digits *digits = &media->digits;
    uint8_t payload[4];
    if (digits->step == 0)
        digits->timestamp = ds_media_timestamp(media, media->voice.frame_at);
    struct ds_rtp_event event = next_event(media);
    ds_rtp_event_write(&event, payload);
    struct ds_rtp packet = {.marker = digits->step == 0,
                            .payload_type = media->flaws.event_type != 0 ? media->flaws.event_type
                                                                         : media->aim.event_type,
                            .timestamp = digits->timestamp,
                            .payload = {(const char *)payload, sizeof payload}};
    ds_media_send(media, &packet);
    digits->step++;
    if (digits->step == PACKETS_DOWN + PACKETS_END)
        go_to_next(digits);
}
