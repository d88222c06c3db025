#include "tone.h"

/* Whatever is read must lie inside what was given, survive being written again, and keep the
 * figures sane. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void read_packet(struct ds_slice bytes, struct ds_rtp_stats *stats, struct ds_ear *ear)
{
    uint8_t again[2048];
    struct ds_rtp packet, copy;
    struct ds_rtp_event event;
    if (ds_rtp_parse(bytes, &packet) != DS_OK)
        return;
    ds_assert(packet.payload.at + packet.payload.len <= bytes.at + bytes.len);
    ds_rtp_stats_add(stats, &packet, packet.timestamp);
    ds_assert(stats->lost >= 0);
    ds_ear_hear(ear, packet.payload_type, packet.payload);
    if (ds_rtp_event_parse(packet.payload, &event) == DS_OK)
        (void)ds_rtp_event_digit(event.event);
    size_t len = ds_rtp_write(&packet, again, sizeof again);
    if (len == 0)
        return;
    ds_rc rc = ds_rtp_parse((struct ds_slice){(const char *)again, len}, &copy);
    ds_assert(rc == DS_OK && ds_slice_equal(copy.payload, packet.payload));
}

/* The input is a row of packets, each after its length in one byte; the last takes the rest. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const uint32_t tones_hz[] = {400, 1700, 3350};
    struct ds_slice rest = {(const char *)bytes, len};
    struct ds_rtp_stats stats;
    struct ds_rtcp rtcp;
    struct ds_udptl udptl;
    struct ds_ear ear;
    ds_rtp_stats_init(&stats, DS_RTP_SAMPLE_RATE);
    ds_ear_init(&ear, tones_hz, DS_COUNT(tones_hz));
    while (rest.len > 0) {
        size_t wanted = (uint8_t)rest.at[0];
        struct ds_slice packet = ds_slice_from(rest, 1);
        if (wanted > 0 && wanted < packet.len)
            packet.len = wanted;
        read_packet(packet, &stats, &ear);
        if (ds_rtcp_parse(packet, &rtcp) == DS_OK)
            ds_assert(rtcp.type >= 192 && rtcp.type <= 223);
        ds_rc rc = ds_udptl_parse(packet, &udptl);
        ds_assert(rc == DS_OK || rc == DS_BAD);
        rest = ds_slice_from(rest, 1 + packet.len);
    }
    (void)ds_ear_tone(&ear);
    return 0;
}
