#include "rtp.h"

#include <math.h>

/* RFC 3550 A.1: a gap this long is taken for a sender that began anew. Backwards the limit is what
 * `seen_bits` can tell a late packet from a repeated one by. */
#define LONGEST_GAP  3000
#define LATEST       64
#define JITTER_SHARE 16.0

void ds_rtp_stats_init(struct ds_rtp_stats *stats, uint32_t clock_rate)
{
    ds_assert(clock_rate > 0);
    *stats = (struct ds_rtp_stats){.clock_rate = clock_rate};
}

static int64_t span(const struct ds_rtp_stats *stats)
{
    return (int64_t)stats->cycles * 65536 + stats->highest - stats->base;
}

static void count_lost(struct ds_rtp_stats *stats)
{
    int64_t here = (int64_t)(stats->received - stats->received_before_restart);
    int64_t missing = span(stats) + 1 - here;
    stats->lost = (int64_t)stats->lost_before_restart + (missing > 0 ? missing : 0);
}

static void begin(struct ds_rtp_stats *stats, const struct ds_rtp *packet, int64_t at_us)
{
    stats->lost_before_restart = (uint64_t)stats->lost;
    stats->received_before_restart = stats->received;
    stats->base = stats->highest = packet->sequence;
    stats->cycles = 0;
    stats->seen_bits = 1;
    stats->received++;
    stats->jitter_at_us = at_us;
    stats->jitter_timestamp = packet->timestamp;
}

static void take_newer(struct ds_rtp_stats *stats, uint16_t sequence, uint16_t ahead)
{
    if (sequence < stats->highest)
        stats->cycles++;
    stats->highest = sequence;
    stats->seen_bits = (ahead < LATEST ? stats->seen_bits << ahead : 0) | 1;
    stats->received++;
}

static void take_older(struct ds_rtp_stats *stats, uint16_t sequence, uint16_t behind)
{
    uint64_t bit = (uint64_t)1 << behind;
    if ((stats->seen_bits & bit) != 0) {
        stats->duplicates++;
        return;
    }
    stats->seen_bits |= bit;
    stats->received++;
    stats->reordered++;
    /* The stream began earlier than its first packet to arrive. */
    if (behind > span(stats)) {
        stats->base = sequence;
        stats->cycles = sequence > stats->highest ? 1 : 0;
    }
}

/* Packets of one timestamp (an event, a repetition) were sampled at once and sent apart: only the
 * first of them says something of the network. */
static void measure_jitter(struct ds_rtp_stats *stats, const struct ds_rtp *packet, int64_t at_us)
{
    int32_t sampled = (int32_t)(packet->timestamp - stats->jitter_timestamp);
    if (sampled == 0)
        return;
    double elapsed_us = (double)at_us - (double)stats->jitter_at_us;
    double off = fabs(elapsed_us * stats->clock_rate / 1e6 - sampled);
    stats->jitter += (off - stats->jitter) / JITTER_SHARE;
    stats->jitter_at_us = at_us;
    stats->jitter_timestamp = packet->timestamp;
}

static void take(struct ds_rtp_stats *stats, const struct ds_rtp *packet, int64_t at_us)
{
    uint16_t ahead = (uint16_t)(packet->sequence - stats->highest);
    uint16_t behind = (uint16_t)(stats->highest - packet->sequence);
    if (behind < LATEST) {
        take_older(stats, packet->sequence, behind);
    } else if (ahead < LONGEST_GAP) {
        take_newer(stats, packet->sequence, ahead);
    } else {
        stats->restarts++;
        begin(stats, packet, at_us);
    }
    measure_jitter(stats, packet, at_us);
}

void ds_rtp_stats_add(struct ds_rtp_stats *stats, const struct ds_rtp *packet, int64_t at_us)
{
    if (stats->started) {
        take(stats, packet, at_us);
    } else {
        stats->started = true;
        stats->first_at_us = at_us;
        begin(stats, packet, at_us);
    }
    stats->last_at_us = at_us;
    count_lost(stats);
}

double ds_rtp_stats_jitter_ms(const struct ds_rtp_stats *stats)
{
    return stats->jitter * 1000 / stats->clock_rate;
}
