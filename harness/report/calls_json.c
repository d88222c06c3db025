#include "calls.h"
#include "report_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The calls of a capture for programs. Times are seconds since the first frame. */

static void print_time(struct ds_json *json, const char *name, int64_t at)
{
    if (at >= 0)
        ds_json_real(json, name, (double)at / 1e6);
}

static void print_place(struct ds_json *json,
                        const char *name,
                        const struct ds_topo_node *node,
                        struct ds_addr at)
{
    ds_json_text(json, name, ds_place_name(node, at).text);
}

static void print_hop(struct ds_json *json, const struct ds_hop_seen *hop)
{
    ds_json_begin(json, NULL, '{');
    print_place(json, "from", hop->from_node, hop->from);
    print_place(json, "to", hop->to_node, hop->to);
    ds_json_text(json, "transport", ds_transport_name(hop->transport));
    ds_json_whole(json, "frame", hop->invite->frame);
    ds_json_whole(json, "status", (uint64_t)hop->final_status);
    ds_json_end(json, '}');
}

static void print_stream(struct ds_json *json, const struct ds_flow *flow)
{
    char ssrc[16];
    snprintf(ssrc, sizeof ssrc, "0x%08x", flow->ssrc);
    ds_json_begin(json, NULL, '{');
    print_place(json, "from", flow->from_node, flow->from);
    print_place(json, "to", flow->to_node, flow->to);
    ds_json_text(json, "ssrc", ssrc);
    ds_json_text(json, "codec", ds_flow_codec(flow));
    ds_json_whole(json, "packets", flow->packets);
    ds_json_whole(json, "lost", flow->stats.lost > 0 ? (uint64_t)flow->stats.lost : 0);
    ds_json_real(json, "jitter_ms", ds_rtp_stats_mean_jitter_ms(&flow->stats));
    if (flow->mos > 0)
        ds_json_real(json, "mos", flow->mos);
    ds_json_whole(json, "first_frame", flow->first_frame);
    print_time(json, "first_at", flow->first_at);
    print_time(json, "last_at", flow->last_at);
    ds_json_text(json, "talker", flow->talker == NULL ? "" : flow->talker->name);
    ds_json_text(json, "digits", flow->digits);
    ds_json_end(json, '}');
}

static void
print_voice(void *json, const struct ds_topo_node *listener, const struct ds_topo_node *voice)
{
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "listener", listener->name);
    ds_json_text(json, "talker", voice->name);
    ds_json_end(json, '}');
}

static void print_heard(struct ds_json *json, const struct ds_call *call)
{
    ds_json_begin(json, "heard", '[');
    ds_each_heard(call, print_voice, json);
    ds_json_end(json, ']');
}

static void print_road(struct ds_json *json, const struct ds_call *call)
{
    struct ds_buf road = {0};
    ds_print_road(call, &road);
    ds_json_text(json, "path", road.at);
    json->out.broken |= road.broken;
    ds_buf_clean_up(&road);
}

static void print_call(struct ds_json *json, const struct ds_call *call)
{
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "from", call->from_number);
    ds_json_text(json, "to", call->to_number);
    print_road(json, call);
    ds_json_text(json, "outcome", ds_outcome_name(call->outcome));
    ds_json_whole(json, "status", call->final_status > 0 ? (uint64_t)call->final_status : 0);
    print_time(json, "began_at", call->began_at);
    print_time(json, "answered_at", call->answered_at);
    print_time(json, "ended_at", call->ended_at);
    if (call->answered_at >= 0)
        print_time(json, "setup_seconds", call->answered_at - call->began_at);
    ds_json_flag(json, "ambiguous", call->ambiguous);
    ds_json_text(json, "remark", call->remark);
    if (call->flow_count > 0)
        ds_json_real(json, "loss", ds_call_loss(call));
    print_heard(json, call);
    ds_json_begin(json, "hops", '[');
    for (size_t i = 0; i < call->hop_count; i++)
        print_hop(json, &call->hops[i]);
    ds_json_end(json, ']');
    ds_json_begin(json, "streams", '[');
    for (size_t i = 0; i < call->flow_count; i++)
        print_stream(json, call->flows[i]);
    ds_json_end(json, ']');
    ds_json_end(json, '}');
}

static void print_gap(struct ds_json *json, const struct ds_gap *gap)
{
    ds_json_begin(json, NULL, '{');
    ds_json_whole(json, "frame", gap->frame);
    ds_json_text(json, "sentence", gap->sentence);
    ds_json_end(json, '}');
}

/* ---- the file ---- */

#define MOST_GAPS 1000

struct ds_calls_file {
    struct ds_out_file out;
    struct ds_json json, gaps; /* the gaps of all parts stand behind the calls */
    char *version;             /* owned */
    bool as_lines, begun;
    size_t gap_count;
    uint32_t frame_count;
};

ds_rc ds_calls_file_open(const char *path,
                         const char *version,
                         bool as_lines,
                         struct ds_calls_file **out,
                         struct ds_why *why)
{
    struct ds_calls_file *file = calloc(1, sizeof *file);
    if (file == NULL)
        return ds_fail_memory(why);
    file->as_lines = as_lines;
    file->json.in_page = as_lines;
    file->version = strdup(version);
    ds_rc rc = file->version == NULL ? ds_fail_memory(why) : ds_out_open(&file->out, path, why);
    if (rc != DS_OK) {
        ds_calls_file_drop(&file);
        return rc;
    }
    ds_json_begin(&file->gaps, NULL, '[');
    file->gaps.depth = 2; /* within the document, and its member */
    *out = file;
    return DS_OK;
}

static void begin(struct ds_calls_file *file, const struct ds_trace *trace)
{
    struct ds_json *json = &file->json;
    file->begun = true;
    if (file->as_lines)
        return;
    ds_json_begin(json, NULL, '{');
    ds_json_whole(json, "schema_version", DS_SCHEMA_VERSION);
    ds_json_text(json, "version", file->version);
    ds_json_text(json, "capture", trace->path);
    ds_json_real(json, "unix_seconds", (double)trace->unix_us / 1e6);
    ds_json_begin(json, "calls", '[');
}

static void add_call(struct ds_calls_file *file, const struct ds_call *call)
{
    print_call(&file->json, call);
    if (!file->as_lines)
        return;
    ds_buf_text(&file->json.out, "\n");
    file->json.has_member = false;
}

ds_rc ds_calls_file_add(struct ds_calls_file *file,
                        const struct ds_trace *trace,
                        struct ds_why *why)
{
    if (!file->begun)
        begin(file, trace);
    for (size_t i = 0; i < trace->call_count; i++)
        add_call(file, &trace->calls[i]);
    for (size_t i = 0; i < trace->gap_count && file->gap_count < MOST_GAPS; i++, file->gap_count++)
        print_gap(&file->gaps, &trace->gaps[i]);
    file->frame_count = trace->frame_count;
    return ds_out_put(&file->out, &file->json.out, why);
}

static void end(struct ds_calls_file *file)
{
    struct ds_json *json = &file->json;
    ds_json_end(json, ']');
    ds_json_end(&file->gaps, ']');
    ds_json_whole(json, "frames", file->frame_count);
    ds_json_raw(json, "gaps", ds_buf_slice(&file->gaps.out));
    json->out.broken |= file->gaps.out.broken;
    ds_json_end(json, '}');
    ds_buf_text(&json->out, "\n");
}

ds_rc ds_calls_file_close(struct ds_calls_file **file, struct ds_why *why)
{
    if (!(*file)->as_lines && (*file)->begun)
        end(*file);
    ds_rc rc = ds_out_put(&(*file)->out, &(*file)->json.out, why);
    if (rc == DS_OK)
        rc = ds_out_close(&(*file)->out, why);
    ds_calls_file_drop(file);
    return rc;
}

void ds_calls_file_drop(struct ds_calls_file **file)
{
    if (*file == NULL)
        return;
    ds_out_drop(&(*file)->out);
    ds_buf_clean_up(&(*file)->json.out);
    ds_buf_clean_up(&(*file)->gaps.out);
    free((*file)->version);
    free(*file);
    *file = NULL;
}
