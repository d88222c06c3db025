#include "sound_internal.h"

/* What a capture shows: calls with the hops they took, streams, messages, gaps. */

#define MOST_HOPS 64
#define MOST_GAPS 20

size_t
ds_page_place(struct ds_page_places *places, const struct ds_topo_node *node, struct ds_addr at)
{
    if (node != NULL)
        return ds_texts_number(&places->names, ds_slice_of(node->name));
    struct ds_addr_text text = ds_addr_text(at);
    if (ds_texts_has(&places->names, ds_slice_of(text.text)))
        return ds_texts_number(&places->names, ds_slice_of(text.text));
    const char *kept = ds_arena_copy(places->arena, ds_slice_of(text.text));
    places->names.broken |= kept == NULL;
    return ds_texts_number(&places->names, ds_slice_of(kept));
}

static void
print_hop(struct ds_json *json, const struct ds_hop_seen *hop, struct ds_page_places *places)
{
    ds_json_begin(json, NULL, '[');
    ds_json_whole(json, NULL, ds_page_place(places, hop->from_node, hop->from));
    ds_json_whole(json, NULL, ds_page_place(places, hop->to_node, hop->to));
    ds_json_text(json, NULL, ds_transport_name(hop->transport));
    ds_json_number(json, NULL, hop->final_status);
    ds_json_end(json, ']');
}

static void
print_call(struct ds_json *json, const struct ds_call *call, struct ds_page_places *places)
{
    ds_json_begin(json, NULL, '{');
    ds_json_text(json, "from", call->from_number);
    ds_json_text(json, "to", call->to_number);
    ds_json_text(json, "outcome", ds_outcome_name(call->outcome));
    ds_json_number(json, "status", call->final_status);
    ds_json_number(json, "began", call->began_at);
    ds_json_number(json, "answered", call->answered_at);
    ds_json_number(json, "ended", call->ended_at);
    ds_json_text(json, "remark", call->ambiguous ? call->remark : "");
    ds_json_begin(json, "hops", '[');
    for (size_t i = 0; i < call->hop_count && i < MOST_HOPS; i++)
        print_hop(json, &call->hops[i], places);
    ds_json_end(json, ']');
    ds_json_end(json, '}');
}

/* What it looks like, and why it cannot be heard where it cannot. */
static void print_sound(struct ds_json *json, const struct ds_sound *sound)
{
    char wave[DS_SOUND_COLUMNS + 1];
    ds_sound_draw(sound, wave);
    ds_json_text(json, "wave", wave);
    ds_json_number(json, "samples", sound->samples);
    ds_json_flag(json, "cut", sound->cut);
    ds_json_text(json, "unheard",
                 sound->unheard == NULL && sound->without_frames
                     ? "It says more than the page keeps of one run."
                     : sound->unheard);
}

static void print_voices(struct ds_json *json, const struct ds_flow *flow)
{
    struct ds_buf voices = {0};
    for (size_t i = 0; i < flow->voice_count; i++)
        ds_buf_print(&voices, "%s%s", i == 0 ? "" : ", ", flow->voices[i].who->name);
    ds_json_text(json, "talker", voices.at == NULL ? "" : voices.at);
    json->out.broken |= voices.broken;
    ds_buf_clean_up(&voices);
}

static void print_flow(struct ds_json *json,
                       const struct ds_trace *trace,
                       const struct ds_flow *flow,
                       struct ds_page_places *places)
{
    ds_json_whole(json, "from", ds_page_place(places, flow->from_node, flow->from));
    ds_json_whole(json, "to", ds_page_place(places, flow->to_node, flow->to));
    ds_json_text(json, "from_address", ds_addr_text(flow->from).text);
    ds_json_text(json, "to_address", ds_addr_text(flow->to).text);
    ds_json_number(json, "call", flow->call == NULL ? -1 : flow->call - trace->calls);
    ds_json_text(json, "codec", ds_flow_codec(flow));
    ds_json_whole(json, "packets", flow->packets);
    ds_json_number(json, "lost", flow->stats.lost);
    ds_json_whole(json, "duplicates", flow->stats.duplicates);
    ds_json_whole(json, "reordered", flow->stats.reordered);
    ds_json_real(json, "jitter_ms", ds_rtp_stats_jitter_ms(&flow->stats));
    ds_json_real(json, "mos", flow->mos);
    ds_json_number(json, "told_lost", flow->told.any ? flow->told.lost : 0);
    ds_json_whole(json, "rtcp", flow->rtcp_packets);
    ds_json_number(json, "first_at", flow->first_at);
    ds_json_number(json, "last_at", flow->last_at);
    ds_json_whole(json, "first_frame", flow->first_frame);
    ds_json_whole(json, "last_frame", flow->last_frame);
    print_voices(json, flow);
    ds_json_text(json, "digits", flow->digits);
}

/* A fax by T.38 stands beside the streams of audio, as what it is. */
static void print_fax(struct ds_json *json,
                      const struct ds_trace *trace,
                      const struct ds_fax_seen *fax,
                      struct ds_page_places *places)
{
    ds_json_begin(json, NULL, '{');
    ds_json_whole(json, "from", ds_page_place(places, fax->from_node, fax->from));
    ds_json_whole(json, "to", ds_page_place(places, fax->to_node, fax->to));
    ds_json_text(json, "from_address", ds_addr_text(fax->from).text);
    ds_json_text(json, "to_address", ds_addr_text(fax->to).text);
    ds_json_number(json, "call", fax->call == NULL ? -1 : fax->call - trace->calls);
    ds_json_text(json, "codec", "T.38");
    ds_json_whole(json, "packets", fax->packets);
    ds_json_number(json, "lost", fax->stats.lost);
    ds_json_whole(json, "duplicates", fax->stats.duplicates);
    ds_json_whole(json, "reordered", fax->stats.reordered);
    ds_json_real(json, "jitter_ms", 0);
    ds_json_whole(json, "rtcp", 0);
    ds_json_number(json, "first_at", fax->first_at);
    ds_json_number(json, "last_at", fax->last_at);
    ds_json_whole(json, "first_frame", fax->first_frame);
    ds_json_whole(json, "last_frame", fax->last_frame);
    ds_json_text(json, "talker", "");
    ds_json_text(json, "digits", "");
    ds_json_end(json, '}');
}

static void print_gaps(struct ds_json *json, const struct ds_trace *trace)
{
    ds_json_begin(json, "gaps", '[');
    for (size_t i = 0; i < trace->gap_count && i < MOST_GAPS; i++) {
        ds_json_begin(json, NULL, '[');
        ds_json_whole(json, NULL, trace->gaps[i].frame);
        ds_json_text(json, NULL, trace->gaps[i].sentence);
        ds_json_end(json, ']');
    }
    ds_json_end(json, ']');
}

static size_t at_most(size_t count, size_t most)
{
    return count < most ? count : most;
}

static void print_flows(struct ds_json *json,
                        const struct ds_trace *trace,
                        const struct ds_sounds *sounds,
                        struct ds_page_places *places)
{
    size_t flows = sounds->choice.count;
    size_t faxes = at_most(trace->fax_count, DS_PAGE_FLOWS - flows);
    ds_json_whole(json, "flows_left_out", trace->flow_count - flows + trace->fax_count - faxes);
    ds_json_begin(json, "flows", '[');
    for (size_t i = 0; i < flows; i++) {
        ds_json_begin(json, NULL, '{');
        print_flow(json, trace, &trace->flows[i], places);
        print_sound(json, &sounds->list[i]);
        ds_json_end(json, '}');
    }
    for (size_t i = 0; i < faxes; i++)
        print_fax(json, trace, &trace->faxes[i], places);
    ds_json_end(json, ']');
}

static void print_trace(struct ds_json *json,
                        const struct ds_trace *trace,
                        const struct ds_sounds *sounds,
                        struct ds_page_places *places)
{
    size_t calls = at_most(trace->call_count, DS_PAGE_CALLS);
    ds_json_whole(json, "frames", trace->frame_count);
    ds_json_number(json, "duration", trace->duration);
    print_gaps(json, trace);
    ds_json_whole(json, "calls_left_out", trace->call_count - calls);
    ds_json_begin(json, "calls", '[');
    for (size_t i = 0; i < calls; i++)
        print_call(json, &trace->calls[i], places);
    ds_json_end(json, ']');
    print_flows(json, trace, sounds, places);
    ds_page_messages(json, trace, places);
    ds_json_begin(json, "places", '[');
    for (size_t i = 0; i < places->names.count; i++)
        ds_json_slice(json, NULL, places->names.list[i]);
    ds_json_end(json, ']');
}

void ds_page_seen(const struct ds_trace *trace, struct ds_buf *seen, struct ds_buf *sound)
{
    struct ds_json json = {.in_page = true};
    struct ds_page_places places = {0};
    struct ds_sounds sounds;
    if (ds_arena_new(&places.arena) != DS_OK) {
        seen->broken = true;
        return;
    }
    const struct ds_sound_choice choice = {.count = at_most(trace->flow_count, DS_PAGE_FLOWS),
                                           .most_bytes = DS_PAGE_FRAME_BYTES,
                                           .most_samples = DS_PAGE_SAMPLES};
    ds_sounds_read(trace, &choice, &sounds);
    if (!sounds.broken) {
        ds_json_begin(&json, NULL, '{');
        print_trace(&json, trace, &sounds, &places);
        ds_json_end(&json, '}');
        ds_page_sound(&sounds, sound);
    }
    json.out.broken |= places.names.broken || sounds.broken;
    ds_sounds_clean_up(&sounds);
    ds_texts_clean_up(&places.names);
    ds_arena_free(&places.arena);
    ds_move(seen, &json.out);
}
