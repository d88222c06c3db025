#include "trace_internal.h"

/* What is said about streams, beside them: which reports went each way, and what the last of
 * them told of each source. */

#define MOST_REPORTED 16384
#define PATIENCE_US   (32 * DS_TRACE_S) /* reports come every few seconds */

struct ds_trace_reports {
    struct ds_trace_way way;
    struct ds_trace_array seen; /* owned; of struct ds_report_seen */
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
    struct ds_report_seen *seen =
        known == NULL ? NULL : ds_trace_array_add(&known->seen, sizeof *seen);
    if (seen == NULL) {
        reading->out_of_memory = true;
        return;
    }
    *seen = (struct ds_report_seen){reading->now.frame, reading->now.at};
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

static const struct ds_trace_array *seen_on(const struct ds_reading *reading,
                                            const struct ds_trace_way *way)
{
    static const struct ds_trace_array none = {.count = 0};
    struct ds_trace_reports *known = ds_trace_store_get(&reading->reports, DS_KEY(*way));
    if (known == NULL)
        return &none;
    known->asked_in = reading->parts;
    return &known->seen;
}

/* Both in one, in their order. */
static void tell(struct ds_reading *reading,
                 const struct ds_trace_array *one,
                 const struct ds_trace_array *other,
                 struct ds_flow *flow)
{
    const struct ds_report_seen *a = one->at, *b = other->at;
    size_t i = 0, k = 0;
    flow->rtcp_packets = one->count + other->count;
    struct ds_report_seen *out = ds_reading_alloc(reading, (flow->rtcp_packets + 1) * sizeof *out);
    flow->reports = out;
    while (out != NULL && i + k < flow->rtcp_packets) {
        bool from_a = k == other->count || (i < one->count && a[i].frame <= b[k].frame);
        *out++ = from_a ? a[i++] : b[k++];
    }
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
void ds_trace_rtcp_relate(struct ds_reading *reading, struct ds_flow *flow)
{
    const struct ds_trace_way apart = {report_address(flow->announced_from, flow->from),
                                       report_address(flow->announced_to, flow->to)};
    const struct ds_trace_way together = {flow->from, flow->to};
    const struct ds_trace_way apart_back = {apart.to, apart.from};
    const struct ds_trace_way together_back = {flow->to, flow->from};
    tell(reading, seen_on(reading, &apart), seen_on(reading, &together), flow);
    if (!find_told(reading, &apart_back, flow))
        (void)find_told(reading, &together_back, flow);
}

/* ---- what nobody will ask for ---- */

static bool is_wanted(const struct ds_reading *reading, int64_t last_at, uint32_t asked_in)
{
    return asked_in == reading->parts || !ds_trace_is_quiet(reading, last_at, PATIENCE_US);
}

static bool reports_end(struct ds_reading *reading, void *item)
{
    struct ds_trace_reports *reports = item;
    (void)reading;
    ds_trace_array_clean_up(&reports->seen);
    return false;
}

static bool reports_go_on(struct ds_reading *reading, void *item)
{
    const struct ds_trace_reports *reports = item;
    return is_wanted(reading, reports->last_at, reports->asked_in) || reports_end(reading, item);
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

void ds_trace_rtcp_end(struct ds_reading *reading)
{
    ds_trace_store_sweep(reading, &reading->reports, reports_end);
}
