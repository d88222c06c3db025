#include "report_internal.h"

#include <string.h>

/* Below the arrows: who sent audio to whom, and who was heard. */

static bool is_there(const struct ds_pair *pair, const struct ds_flow *flow)
{
    return ds_addr_equal(pair->there->from, flow->from) && ds_addr_equal(pair->there->to, flow->to);
}

static bool is_back(const struct ds_pair *pair, const struct ds_flow *flow)
{
    return ds_addr_equal(pair->there->from, flow->to) && ds_addr_equal(pair->there->to, flow->from);
}

static struct ds_pair *find_pair(struct ds_pairs *pairs, const struct ds_flow *flow)
{
    for (size_t i = 0; i < pairs->count; i++)
        if (is_there(&pairs->list[i], flow) || is_back(&pairs->list[i], flow))
            return &pairs->list[i];
    if (pairs->count == DS_MOST_PAIRS) {
        pairs->more = true;
        return NULL;
    }
    pairs->list[pairs->count].there = flow;
    return &pairs->list[pairs->count++];
}

static void add_quality(struct ds_pair *pair, const struct ds_flow *flow)
{
    double jitter_ms =
        flow->stats.jitter_count == 0 ? 0 : ds_rtp_stats_mean_jitter_ms(&flow->stats);
    pair->lost += flow->stats.lost;
    pair->told_lost += flow->told.any && flow->told.lost > 0 ? flow->told.lost : 0;
    pair->duplicates += flow->stats.duplicates;
    pair->sealed_packets += flow->srtp.sealed_packets;
    pair->has_jitter |= flow->stats.jitter_count > 0;
    if (jitter_ms > pair->jitter_ms)
        pair->jitter_ms = jitter_ms;
    if (flow->mos > 0 && (pair->mos == 0 || flow->mos < pair->mos))
        pair->mos = flow->mos;
}

static void add_flow(struct ds_pairs *pairs, const struct ds_flow *flow)
{
    struct ds_pair *pair = find_pair(pairs, flow);
    if (pair == NULL)
        return;
    add_quality(pair, flow);
    if (is_there(pair, flow)) {
        pair->there_packets += flow->packets;
        return;
    }
    pair->back_packets += flow->packets;
    if (pair->back == NULL)
        pair->back = flow;
}

void ds_pairs_find(const struct ds_call *call, struct ds_pairs *out)
{
    *out = (struct ds_pairs){0};
    for (size_t i = 0; i < call->flow_count; i++)
        add_flow(out, call->flows[i]);
}

/* The name is the SDP's, and so is whatever else somebody wrote there: RFC 3551 knows only tokens.
 */
static bool is_token(const char *name)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._+");
    return len > 0 && len <= 32 && name[len] == '\0';
}

const char *ds_flow_codec(const struct ds_flow *flow)
{
    return flow->codec == NULL || !is_token(flow->codec) ? "audio" : flow->codec;
}

static void print_heard(const struct ds_flow *flow, const char *before, struct ds_buf *out)
{
    if (flow == NULL)
        return;
    for (size_t i = 0; i < flow->voice_count; i++)
        ds_buf_print(out, "%s%s%s%s", i == 0 ? before : ", ",
                     i == 0 ? ds_place_name(flow->to_node, flow->to).text : "",
                     i == 0 ? " hears " : "", flow->voices[i].who->name);
    if (flow->digits[0] == '\0')
        return;
    ds_buf_text(out, ", digits ");
    ds_print_safe(out, ds_slice_of(flow->digits));
}

static void print_quality(const struct ds_pair *pair, struct ds_buf *out)
{
    ds_buf_print(out, ", lost %lld", (long long)pair->lost);
    if (pair->duplicates > 0)
        ds_buf_print(out, ", %llu twice", (unsigned long long)pair->duplicates);
    if (pair->told_lost > pair->lost)
        ds_buf_print(out, ", listeners missed %lld", (long long)pair->told_lost);
    if (pair->has_jitter)
        ds_buf_print(out, ", jitter %.1f ms", pair->jitter_ms);
    if (pair->mos > 0)
        ds_buf_print(out, ", MOS %.1f", pair->mos);
    if (pair->there->srtp.suite != NULL)
        ds_buf_print(out, ", %s", pair->there->srtp.suite);
    if (pair->sealed_packets > 0)
        ds_buf_print(out, ", %llu sealed", (unsigned long long)pair->sealed_packets);
}

void ds_pair_print(const struct ds_pair *pair, struct ds_buf *out)
{
    const struct ds_flow *there = pair->there, *back = pair->back;
    ds_buf_print(out, "  audio  %s %s %s  %s  %llu",
                 ds_place_name(there->from_node, there->from).text,
                 back == NULL ? "=>" : "==", ds_place_name(there->to_node, there->to).text,
                 ds_flow_codec(there), (unsigned long long)pair->there_packets);
    if (back != NULL)
        ds_buf_print(out, " + %llu", (unsigned long long)pair->back_packets);
    ds_buf_text(out, " packets");
    print_quality(pair, out);
    print_heard(there, "  ", out);
    print_heard(back, there->voice_count == 0 ? "  " : ", ", out);
}

void ds_fax_print(const struct ds_fax_seen *fax, struct ds_buf *out)
{
    ds_buf_print(out, "  fax    %s => %s  T.38  %llu packets, lost %lld",
                 ds_place_name(fax->from_node, fax->from).text,
                 ds_place_name(fax->to_node, fax->to).text, (unsigned long long)fax->packets,
                 (long long)fax->stats.lost);
}

/* A capture knows more faxes than there are calls for. */
static void print_faxes(const struct ds_trace *trace,
                        const struct ds_call *call,
                        const struct ds_ladder_style *style,
                        struct ds_buf *out)
{
    for (size_t i = 0; i < trace->fax_count; i++) {
        struct ds_buf line = {0};
        if (trace->faxes[i].call != call)
            continue;
        ds_fax_print(&trace->faxes[i], &line);
        ds_print_cut(out, ds_buf_slice(&line), style->width);
        ds_buf_text(out, "\n");
        out->broken |= line.broken;
        ds_buf_clean_up(&line);
    }
}

void ds_ladder_media(const struct ds_trace *trace,
                     const struct ds_call *call,
                     const struct ds_ladder_style *style,
                     struct ds_buf *out)
{
    struct ds_pairs pairs;
    ds_pairs_find(call, &pairs);
    for (size_t i = 0; i < pairs.count; i++) {
        struct ds_buf line = {0};
        ds_pair_print(&pairs.list[i], &line);
        ds_print_cut(out, ds_buf_slice(&line), style->width);
        ds_buf_text(out, "\n");
        out->broken |= line.broken;
        ds_buf_clean_up(&line);
    }
    if (pairs.more)
        ds_buf_text(out, "  audio  and between more places than are listed here\n");
    print_faxes(trace, call, style, out);
}
