#include "trace_internal.h"

/* What is said about streams, beside them: how many reports went each way, and what the last of
 * them told of each source. */

#define MOST_REPORTED 16384

struct ds_trace_reports {
    struct ds_trace_way way;
    uint64_t packets;
};

/* The last that a listener said of one source; the key's way is that of the report. */
struct ds_trace_told {
    struct ds_trace_voice key;
    struct ds_rtcp_block block;
};

static void count(struct ds_reading *reading, const struct ds_trace_way *way)
{
    struct ds_trace_reports *known = ds_trace_map_get(&reading->rtcp, DS_KEY(*way));
    if (known == NULL) {
        known = ds_reading_alloc(reading, sizeof *known);
        if (known == NULL)
            return;
        known->way = *way;
        ds_reading_put(reading, &reading->rtcp, DS_KEY(known->way), known);
    }
    known->packets++;
}

static void
note(struct ds_reading *reading, const struct ds_trace_way *way, const struct ds_rtcp_block *block)
{
    struct ds_trace_voice wanted = {*way, block->ssrc};
    struct ds_trace_told *known = ds_trace_map_get(&reading->told, DS_KEY(wanted));
    if (known == NULL && reading->told.count < MOST_REPORTED) {
        known = ds_reading_alloc(reading, sizeof *known);
        if (known == NULL)
            return;
        known->key = wanted;
        ds_reading_put(reading, &reading->told, DS_KEY(known->key), known);
    }
    if (known != NULL)
        known->block = *block;
}

void ds_trace_rtcp(struct ds_reading *reading,
                   const struct ds_trace_way *way,
                   const struct ds_rtcp *rtcp)
{
    count(reading, way);
    for (size_t i = 0; i < rtcp->block_count; i++)
        note(reading, way, &rtcp->blocks[i]);
}

/* ---- which reports belong to which stream ---- */

/* Where SDP says that reports of `at` go; else the port above (RFC 3550 11). */
static struct ds_addr report_address(const struct ds_event *announced, struct ds_addr at)
{
    for (size_t i = 0; announced != NULL && i < announced->sdp->media_count; i++) {
        const struct ds_sdp_media *media = &announced->sdp->media[i];
        if (ds_addr_equal(media->at, at) && media->rtcp_at.port != 0)
            return media->rtcp_at;
    }
    at.port++;
    return at;
}

static uint64_t packets_of(const struct ds_reading *reading, const struct ds_trace_way *way)
{
    const struct ds_trace_reports *known = ds_trace_map_get(&reading->rtcp, DS_KEY(*way));
    return known == NULL ? 0 : known->packets;
}

static bool
find_told(const struct ds_reading *reading, const struct ds_trace_way *way, struct ds_flow *flow)
{
    struct ds_trace_voice wanted = {*way, flow->ssrc};
    const struct ds_trace_told *known = ds_trace_map_get(&reading->told, DS_KEY(wanted));
    if (known == NULL)
        return false;
    flow->told = (struct ds_told){
        .any = true,
        .lost = known->block.lost,
        .jitter_ms = (double)known->block.jitter * 1000 / flow->stats.clock_rate,
    };
    return true;
}

/* Reports travel between the report ports, or where RTP does (RFC 5761). */
void ds_trace_rtcp_relate(const struct ds_reading *reading, struct ds_flow *flow)
{
    const struct ds_trace_way apart = {report_address(flow->announced_from, flow->from),
                                       report_address(flow->announced_to, flow->to)};
    const struct ds_trace_way together = {flow->from, flow->to};
    const struct ds_trace_way apart_back = {apart.to, apart.from};
    const struct ds_trace_way together_back = {flow->to, flow->from};
    flow->rtcp_packets = packets_of(reading, &apart) + packets_of(reading, &together);
    if (!find_told(reading, &apart_back, flow))
        (void)find_told(reading, &together_back, flow);
}
