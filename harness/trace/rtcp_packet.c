#include "trace_internal.h"

/* What is said about streams, beside them: how many reports went each way, and what the last of
 * them told of each source. */

#define MOST_REPORTED 16384
#define PATIENCE_US   (32 * DS_TRACE_S) /* reports come every few seconds */

struct ds_trace_reports {
    struct ds_trace_way way;
    uint64_t packets;
    int64_t last_at;
    uint32_t asked_in; /* the part in which a stream asked last */
};

/* The last that a listener said of one source; the key's way is that of the report. */
struct ds_trace_told {
    struct ds_trace_voice key;
    struct ds_rtcp_block block;
    int64_t last_at;
    uint32_t asked_in;
};

static void count(struct ds_reading *reading, const struct ds_trace_way *way)
{
    struct ds_trace_reports *known = ds_trace_store_get(&reading->reports, DS_KEY(*way));
    if (known == NULL)
        known = ds_trace_store_add(reading, &reading->reports, DS_KEY(*way), sizeof *known);
    if (known == NULL)
        return;
    known->packets++;
    known->last_at = reading->now.at;
}

static void
note(struct ds_reading *reading, const struct ds_trace_way *way, const struct ds_rtcp_block *block)
{
    struct ds_trace_voice wanted = {*way, block->ssrc};
    struct ds_trace_told *known = ds_trace_store_get(&reading->told_blocks, DS_KEY(wanted));
    if (known == NULL && reading->told_blocks.items.count < MOST_REPORTED)
        known = ds_trace_store_add(reading, &reading->told_blocks, DS_KEY(wanted), sizeof *known);
    if (known == NULL)
        return;
    known->block = *block;
    known->last_at = reading->now.at;
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
    struct ds_trace_reports *known = ds_trace_store_get(&reading->reports, DS_KEY(*way));
    if (known == NULL)
        return 0;
    known->asked_in = reading->parts;
    return known->packets;
}

static bool
find_told(const struct ds_reading *reading, const struct ds_trace_way *way, struct ds_flow *flow)
{
    struct ds_trace_voice wanted = {*way, flow->ssrc};
    struct ds_trace_told *known = ds_trace_store_get(&reading->told_blocks, DS_KEY(wanted));
    if (known == NULL)
        return false;
    known->asked_in = reading->parts;
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

/* ---- what nobody will ask for ---- */

static bool is_wanted(const struct ds_reading *reading, int64_t last_at, uint32_t asked_in)
{
    return asked_in == reading->parts || !ds_trace_is_quiet(reading, last_at, PATIENCE_US);
}

static bool reports_go_on(struct ds_reading *reading, void *item)
{
    const struct ds_trace_reports *reports = item;
    return is_wanted(reading, reports->last_at, reports->asked_in);
}

static bool told_goes_on(struct ds_reading *reading, void *item)
{
    const struct ds_trace_told *told = item;
    return is_wanted(reading, told->last_at, told->asked_in);
}

void ds_trace_rtcp_sweep(struct ds_reading *reading)
{
    ds_trace_store_sweep(reading, &reading->reports, reports_go_on);
    ds_trace_store_sweep(reading, &reading->told_blocks, told_goes_on);
}
