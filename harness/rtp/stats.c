#include "rtp.h"

#include <math.h>

/* RFC 3550 A.1: a gap this long is taken for a sender that began anew. Backwards the limit is what
 * `seen_bits` can tell a late packet from a repeated one by. */
#define LONGEST_GAP  3000
#define LATEST       64
#define JITTER_SHARE 16.0
/* Two clocks may drift apart by this much without packets being late: 0.1 %. */
#define DRIFT 1e-3
/* No network keeps a packet so long: the sender's clock was set anew. */
#define LONGEST_WAIT_US 1e6

/* fmax() without a call: no number here is none. */
static double larger(double a, double b)
{
    return a > b ? a : b;
}

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
    stats->behind_us = 0;
}

static void take_newer(struct ds_rtp_stats *stats, uint16_t sequence, uint16_t ahead)
{
    if (sequence < stats->highest)
        stats->cycles++;
    stats->highest = sequence;
    stats->seen_bits = (ahead < LATEST ? stats->seen_bits << ahead : 0) | 1;
    stats->received++;
}

/* False for one that was there before. */
static bool take_older(struct ds_rtp_stats *stats, uint16_t sequence, uint16_t behind)
{
    uint64_t bit = (uint64_t)1 << behind;
    if ((stats->seen_bits & bit) != 0) {
        stats->duplicates++;
        return false;
    }
    stats->seen_bits |= bit;
    stats->received++;
    stats->reordered++;
    /* The stream began earlier than its first packet to arrive. */
    if (behind > span(stats)) {
        stats->base = sequence;
        stats->cycles = sequence > stats->highest ? 1 : 0;
    }
    return true;
}

/* A buffer plays each packet DS_RTP_PLAYOUT_MS after the fastest would have come, and begins anew
 * with each spurt of talk. `waited_us` is what the packet was longer under way than the last. */
static void
await(struct ds_rtp_stats *stats, const struct ds_rtp *packet, double waited_us, double elapsed_us)
{
    double behind_us = stats->behind_us + waited_us;
    if (packet->marker || fabs(waited_us) > LONGEST_WAIT_US)
        behind_us = 0;
    stats->late += behind_us > DS_RTP_PLAYOUT_MS * 1e3;
    stats->behind_us = larger(0, behind_us - larger(0, elapsed_us) * DRIFT);
}

/* Packets of one timestamp (an event, a repetition) were sampled at once and sent apart: only the
 * first of them says something of the network. */
static void measure_jitter(struct ds_rtp_stats *stats, const struct ds_rtp *packet, int64_t at_us)
{
    int32_t sampled = (int32_t)(packet->timestamp - stats->jitter_timestamp);
    if (sampled == 0)
        return;
    double elapsed_us = (double)at_us - (double)stats->jitter_at_us;
    double waited_us = elapsed_us - sampled * 1e6 / stats->clock_rate;
    double off = fabs(waited_us) * stats->clock_rate / 1e6;
    stats->jitter += (off - stats->jitter) / JITTER_SHARE;
    stats->jitter_sum += stats->jitter;
    stats->jitter_max = larger(stats->jitter_max, stats->jitter);
    stats->jitter_count++;
    await(stats, packet, waited_us, elapsed_us);
    stats->jitter_at_us = at_us;
    stats->jitter_timestamp = packet->timestamp;
}

static void take(struct ds_rtp_stats *stats, const struct ds_rtp *packet, int64_t at_us)
{
    uint16_t ahead = (uint16_t)(packet->sequence - stats->highest);
    uint16_t behind = (uint16_t)(stats->highest - packet->sequence);
    if (behind < LATEST) {
        if (!take_older(stats, packet->sequence, behind))
            return;
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

double ds_rtp_stats_mean_jitter_ms(const struct ds_rtp_stats *stats)
{
    if (stats->jitter_count == 0)
        return 0;
    return stats->jitter_sum / (double)stats->jitter_count * 1000 / stats->clock_rate;
}

double ds_rtp_stats_max_jitter_ms(const struct ds_rtp_stats *stats)
{
    return stats->jitter_max * 1000 / stats->clock_rate;
}

double ds_rtp_stats_loss(const struct ds_rtp_stats *stats)
{
    double sent = (double)stats->received + (double)stats->lost;
    return sent == 0 ? 0 : (double)stats->lost / sent;
}
