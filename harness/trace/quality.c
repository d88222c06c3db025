#include "trace_internal.h"

#include <math.h>
#include <string.h>

/* What a stream amounts to for who listens: its codec, its packets' length, its score. */

#define LONGEST_NAME 64

/* Neither is what the talker says. */
static bool is_speech(struct ds_slice encoding)
{
    return !ds_slice_equal_nocase(encoding, DS_LITERAL("CN")) &&
           !ds_slice_equal_nocase(encoding, DS_LITERAL("telephone-event"));
}

/* RFC 4855 4.1: a name of the media types, and nothing that a reader would have to beware of. */
static bool is_name(struct ds_slice encoding)
{
    for (size_t i = 0; i < encoding.len; i++) {
        char at = encoding.at[i];
        bool letter = (at >= 'a' && at <= 'z') || (at >= 'A' && at <= 'Z');
        if (!letter && !(at >= '0' && at <= '9') && (at == '\0' || strchr("-._+", at) == NULL))
            return false;
    }
    return encoding.len > 0 && encoding.len <= LONGEST_NAME;
}

static struct ds_slice encoding_in(const struct ds_event *event, size_t payload_type)
{
    for (size_t i = 0; event != NULL && i < event->sdp->media_count; i++) {
        const struct ds_sdp_media *media = &event->sdp->media[i];
        for (size_t j = 0; j < media->format_count; j++)
            if (media->formats[j].payload_type == payload_type &&
                is_name(media->formats[j].encoding))
                return media->formats[j].encoding;
    }
    return (struct ds_slice){NULL, 0};
}

struct ds_slice ds_trace_encoding(const struct ds_flow *flow, size_t payload_type)
{
    struct ds_sdp_format format = {.payload_type = (uint8_t)payload_type};
    struct ds_slice named = encoding_in(flow->announced_to, payload_type);
    if (named.len == 0)
        named = encoding_in(flow->announced_from, payload_type);
    if (named.len > 0)
        return named;
    ds_sdp_describe_static(&format);
    if (format.encoding.len == 0 && flow->digits[0] != '\0' &&
        flow->event_payload_type == payload_type)
        return DS_LITERAL("telephone-event");
    return format.encoding;
}

/* The type of most packets that speak; where none does, that of most packets. */
static uint8_t main_type(const struct ds_flow *flow)
{
    uint8_t best = 0;
    uint64_t most = 0;
    for (size_t type = 0; type < DS_COUNT(flow->payload_packets); type++) {
        uint64_t packets = flow->payload_packets[type];
        if (packets == 0)
            continue;
        /* Any that speaks outweighs all that do not. */
        bool speaks = is_speech(ds_trace_encoding(flow, type));
        uint64_t weight = speaks ? packets + flow->packets : packets;
        if (weight <= most)
            continue;
        most = weight;
        best = (uint8_t)type;
    }
    return best;
}

static void count_comfort_noise(struct ds_flow *flow)
{
    for (size_t type = 0; type < DS_COUNT(flow->payload_packets); type++)
        if (flow->payload_packets[type] > 0 &&
            ds_slice_equal_nocase(ds_trace_encoding(flow, type), DS_LITERAL("CN")))
            flow->comfort_noise_packets += flow->payload_packets[type];
}

/* What the network lost and what came too late to be played are the same to who listens. */
static void score(struct ds_flow *flow)
{
    double sent = (double)flow->stats.received + (double)flow->stats.lost, rating = 0;
    double missed = (double)flow->stats.lost + (double)flow->stats.late;
    const struct ds_emodel model = {
        .encoding = flow->codec,
        .loss = sent == 0 ? 0 : fmin(1, missed / sent),
        .delay_ms = (double)flow->ptime_us / 1000 + DS_RTP_PLAYOUT_MS,
    };
    if (ds_emodel_rating(&model, &rating) == DS_OK)
        flow->mos = ds_emodel_mos(rating);
}

void ds_trace_quality(struct ds_reading *reading, struct ds_flow *flow, uint32_t step)
{
    flow->codec_payload_type = main_type(flow);
    struct ds_slice encoding = ds_trace_encoding(flow, flow->codec_payload_type);
    flow->codec = encoding.len == 0 ? "" : ds_arena_copy(reading->arena, encoding);
    if (flow->codec == NULL) {
        reading->out_of_memory = true;
        return;
    }
    flow->ptime_us = (uint32_t)((uint64_t)step * 1000000 / flow->stats.clock_rate);
    count_comfort_noise(flow);
    score(flow);
}
