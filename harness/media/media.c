#include "media_internal.h"

#include <stdlib.h>

#define LINGER_US (200 * DS_MS)

struct ds_clock *ds_media_clock(const struct ds_media *media)
{
    return ds_net_clock(media->place->net);
}

void ds_media_start_timer_at(struct ds_media *media,
                             struct ds_timer *timer,
                             ds_us at,
                             ds_timer_fn *fire)
{
    timer->whose = ds_addr_ip4(&media->place->at);
    if (ds_timer_start_at(ds_media_clock(media), timer, at, fire) != DS_OK)
        ds_timer_stop(ds_media_clock(media), timer);
}

void ds_media_start_timer(struct ds_media *media,
                          struct ds_timer *timer,
                          ds_us delay_us,
                          ds_timer_fn *fire)
{
    timer->whose = ds_addr_ip4(&media->place->at);
    if (ds_timer_start(ds_media_clock(media), timer, delay_us, fire) != DS_OK)
        ds_timer_stop(ds_media_clock(media), timer);
}

ds_rc ds_media_new(struct ds_media_place *place, struct ds_media **out, struct ds_why *why)
{
    struct ds_media *media = calloc(1, sizeof *media);
    if (media == NULL)
        return ds_fail_memory(why);
    media->magic = DS_MEDIA_MAGIC;
    media->place = place;
    media->preferred = UINT8_MAX;
    media->aim.event_type = DS_PT_EVENT;
    media->voice.first_timestamp = (uint32_t)ds_rng_next(place->rng);
    ds_media_new_source(media);
    ds_rtp_stats_init(&media->ear.stats, DS_RTP_SAMPLE_RATE);
    ds_rc rc = ds_media_open_ports(media, why);
    if (rc != DS_OK)
        goto fail;
    place->pairs_open++;
    *out = media;
    return DS_OK;
fail:
    free(media);
    return rc;
}

void ds_media_part(struct ds_media *media)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    if (media->relay != NULL)
        media->relay->relay = NULL;
    media->relay = NULL;
}

static void release(struct ds_media *media)
{
    struct ds_clock *clock = ds_media_clock(media);
    ds_timer_stop(clock, &media->voice.timer);
    ds_timer_stop(clock, &media->report_timer);
    ds_timer_stop(clock, &media->end_timer);
    ds_media_part(media);
    ds_list_remove(&media->lingering);
    media->place->pairs_open--;
    ds_ice_free(&media->ice);
    ds_media_secure_free(&media->secure);
    ds_udp_close(&media->rtp);
    ds_udp_close(&media->rtcp);
    ds_buf_clean_up(&media->digits.waiting);
    media->magic = 0;
    free(media);
}

static void stop_lingering(struct ds_timer *timer)
{
    release(DS_OWNER(timer, struct ds_media, end_timer));
}

/* The flaw of one who did not notice that the call is over: whatever it was told since, it goes on
 * as it last talked. */
static void linger(struct ds_media *media)
{
    struct ds_list *head = &media->place->lingering;
    if (head->next == NULL)
        ds_list_init(head);
    ds_list_append(head, &media->lingering);
    media->ear.heard = NULL;
    media->aim.set = media->aim.to.port != 0;
    media->voice.tone.frequency_hz = media->voice.last_tone_hz;
    ds_media_pace(media);
    ds_media_start_timer(media, &media->end_timer, LINGER_US, stop_lingering);
    if (!ds_timer_running(&media->end_timer))
        release(media);
}

void ds_media_free(struct ds_media **media)
{
    if (*media == NULL)
        return;
    DS_CHECK(*media, DS_MEDIA_MAGIC);
    if ((*media)->flaws.keep_talking)
        linger(*media);
    else
        release(*media);
    *media = NULL;
}

void ds_media_place_clean_up(struct ds_media_place *place)
{
    struct ds_list *head = &place->lingering;
    struct ds_list *node = head->next;
    while (node != NULL && node != head) {
        struct ds_media *media = DS_OWNER(node, struct ds_media, lingering);
        node = node->next;
        release(media);
    }
}

struct ds_addr ds_media_at(const struct ds_media *media)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    return ds_udp_at(media->rtp);
}

void ds_media_relay(struct ds_media *a, struct ds_media *b)
{
    DS_CHECK(a, DS_MEDIA_MAGIC);
    DS_CHECK(b, DS_MEDIA_MAGIC);
    ds_assert(a != b);
    ds_media_part(a);
    ds_media_part(b);
    a->relay = b;
    b->relay = a;
    ds_media_stop_reports(a);
    ds_media_stop_reports(b);
}

struct ds_media_counts ds_media_counts(const struct ds_media *media)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    return media->counts;
}

void ds_media_set_flaws(struct ds_media *media, const struct ds_media_flaws *flaws)
{
    DS_CHECK(media, DS_MEDIA_MAGIC);
    ds_assert(flaws->frame_samples <= DS_MEDIA_MOST_SAMPLES);
    media->flaws = *flaws;
    if (flaws->no_rtcp)
        ds_media_stop_reports(media);
}
