#include "media_internal.h"

/* Soon after the first packet of either side, so that a short call has reports too; then at the
 * least interval of RFC 3550 6.2. */
#define FIRST_REPORT_US (100 * DS_MS)
#define REPORT_EVERY_US (5 * DS_S)

static bool makes_reports(const struct ds_media *media)
{
    return media->aim.set && !media->flaws.no_rtcp && media->relay == NULL;
}

static void send_report(struct ds_media *media, bool bye)
{
    uint8_t bytes[512];
    struct ds_clock *clock = ds_media_clock(media);
    ds_us now = ds_now(clock);
    const char *cname = media->place->cname;
    struct ds_rtcp_report report = {
        .ssrc = media->voice.ssrc,
        .packets = media->voice.packets,
        .octets = media->voice.octets,
        .timestamp = ds_media_timestamp(media, now),
        .unix_us = ds_clock_unix_us(clock, now),
        .heard = media->ear.stats.started ? &media->ear.stats : NULL,
        .heard_ssrc = media->ear.ssrc,
        .cname = cname == NULL ? "" : cname,
        .bye = bye,
    };
    size_t len = ds_rtcp_write(&report, bytes, sizeof bytes);
    ds_assert(len > 0);
    ds_media_emit_rtcp(media, (struct ds_slice){(const char *)bytes, len});
    media->reported = true;
}

static void report_again(struct ds_timer *timer)
{
    struct ds_media *media = DS_OWNER(timer, struct ds_media, report_timer);
    send_report(media, false);
    ds_media_start_timer(media, timer, REPORT_EVERY_US, report_again);
}

void ds_media_report_soon(struct ds_media *media)
{
    if (makes_reports(media) && !ds_timer_running(&media->report_timer))
        ds_media_start_timer(media, &media->report_timer, FIRST_REPORT_US, report_again);
}

void ds_media_stop_reports(struct ds_media *media)
{
    ds_timer_stop(ds_media_clock(media), &media->report_timer);
}

/* RFC 3550 6.3.7: who never said anything does not say goodbye, and who said it is not heard again
 * under that name. */
void ds_media_say_goodbye(struct ds_media *media)
{
    ds_media_stop_reports(media);
    if (!media->reported && media->voice.packets == 0)
        return;
    if (makes_reports(media))
        send_report(media, true);
    ds_media_new_source(media);
}
