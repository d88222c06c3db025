#include "report_internal.h"

#include <inttypes.h>

/* One line for each stream, in a call or not: the figures of a capture's media. */

static void print_told(const struct ds_flow *flow, struct ds_buf *out)
{
    if (flow->told.any)
        ds_buf_print(out, ", its listener missed %" PRId32 " and saw %.1f ms of jitter",
                     flow->told.lost, flow->told.jitter_ms);
    if (flow->srtp.suite != NULL)
        ds_buf_print(out, ", %s verified %" PRIu64, flow->srtp.suite, flow->srtp.opened_packets);
    if (flow->srtp.sealed_packets > 0)
        ds_buf_print(out, ", sealed %" PRIu64, flow->srtp.sealed_packets);
    if (flow->comfort_noise_packets > 0)
        ds_buf_print(out, ", comfort noise %" PRIu64, flow->comfort_noise_packets);
    if (flow->digits[0] != '\0')
        ds_buf_print(out, ", digits %s", flow->digits);
}

static void print_flow(const struct ds_flow *flow, struct ds_buf *out)
{
    const struct ds_rtp_stats *stats = &flow->stats;
    ds_buf_print(out, "  audio  %s > %s  0x%08" PRIx32 "  %s",
                 ds_place_name(flow->from_node, flow->from).text,
                 ds_place_name(flow->to_node, flow->to).text, flow->ssrc, ds_flow_codec(flow));
    if (flow->ptime_us > 0)
        ds_buf_print(out, " of %g ms", (double)flow->ptime_us / 1000);
    ds_buf_print(out,
                 "  %" PRIu64 " packets, lost %" PRId64 ", twice %" PRIu64 ", out of order %" PRIu64
                 ", late %" PRIu64,
                 flow->packets, stats->lost, stats->duplicates, stats->reordered, stats->late);
    if (stats->restarts > 0)
        ds_buf_print(out, ", begun anew %" PRIu64, stats->restarts);
    ds_buf_print(out, ", jitter %.3f ms, at most %.3f ms", ds_rtp_stats_mean_jitter_ms(stats),
                 ds_rtp_stats_max_jitter_ms(stats));
    if (flow->mos > 0)
        ds_buf_print(out, ", MOS %.2f", flow->mos);
    print_told(flow, out);
    ds_buf_text(out, "\n");
}

static void print_fax(const struct ds_fax_seen *fax, struct ds_buf *out)
{
    ds_buf_print(out,
                 "  fax    %s > %s  T.38  %" PRIu64 " packets, lost %" PRId64 ", twice %" PRIu64
                 ", out of order %" PRIu64 ", with data %" PRIu64 "\n",
                 ds_place_name(fax->from_node, fax->from).text,
                 ds_place_name(fax->to_node, fax->to).text, fax->packets, fax->stats.lost,
                 fax->stats.duplicates, fax->stats.reordered, fax->data_packets);
}

void ds_streams_print(const struct ds_trace *trace, struct ds_buf *out)
{
    if (trace->flow_count + trace->fax_count > 0)
        ds_buf_text(out, "Streams\n");
    for (size_t i = 0; i < trace->flow_count; i++)
        print_flow(&trace->flows[i], out);
    for (size_t i = 0; i < trace->fax_count; i++)
        print_fax(&trace->faxes[i], out);
}
