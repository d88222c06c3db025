#include "trace_internal.h"

#include <stdlib.h>
#include <string.h>

/* Everything that might be RTP is heard as it comes; what it was is decided when the SDP of the
 * whole file is known. */

#define MAX_CANDIDATES     131072
#define FIRST_DYNAMIC_TYPE 96
#define G711_FRAME_BYTES   160
#define EVENT_BYTES        4
#define DIGITS_REMEMBERED  4

static const struct ds_sdp_format *format_in(const struct ds_trace_announcement *announcement,
                                             uint8_t payload_type)
{
    if (announcement == NULL || announcement->latest == NULL)
        return NULL;
    const struct ds_sdp *sdp = announcement->latest;
    for (size_t i = 0; i < sdp->media_count; i++)
        for (size_t j = 0; j < sdp->media[i].format_count; j++)
            if (sdp->media[i].formats[j].payload_type == payload_type &&
                sdp->media[i].formats[j].clock_rate != 0)
                return &sdp->media[i].formats[j];
    return NULL;
}

/* RFC 3551, tables 4 and 5: all that is not 8,000 Hz. */
static uint32_t static_clock_rate(uint8_t payload_type)
{
    switch (payload_type) {
    case 6:
        return 16000;
    case 10:
    case 11:
        return 44100;
    case 16:
        return 11025;
    case 17:
        return 22050;
    case 14:
        return 90000;
    default:
        return payload_type >= 25 && payload_type <= 34 ? 90000 : DS_RTP_SAMPLE_RATE;
    }
}

static uint32_t clock_rate_of(const struct ds_reading *reading,
                              const struct ds_trace_way *way,
                              uint8_t payload_type)
{
    const struct ds_sdp_format *format =
        format_in(ds_trace_map_get(&reading->announced, DS_KEY(way->to)), payload_type);
    if (format == NULL)
        format = format_in(ds_trace_map_get(&reading->announced, DS_KEY(way->from)), payload_type);
    return format == NULL ? static_clock_rate(payload_type) : format->clock_rate;
}

/* Listens for the topology's tones, if it has any. */
static void give_ear(struct ds_reading *reading, struct ds_trace_candidate *candidate)
{
    if (reading->unheard.tone_count == 0)
        return;
    candidate->ear = malloc(sizeof *candidate->ear);
    if (candidate->ear == NULL)
        reading->out_of_memory = true;
    else
        *candidate->ear = reading->unheard;
}

static struct ds_trace_candidate *new_candidate(struct ds_reading *reading,
                                                const struct ds_trace_way *way,
                                                const struct ds_rtp *packet)
{
    const struct ds_trace_voice key = {*way, packet->ssrc};
    if (reading->candidates.items.count >= MAX_CANDIDATES) {
        reading->lost_flows++;
        return NULL;
    }
    struct ds_trace_candidate *candidate =
        ds_trace_store_add(reading, &reading->candidates, DS_KEY(key), sizeof *candidate);
    if (candidate == NULL)
        return NULL;
    struct ds_flow *flow = &candidate->flow;
    flow->from = way->from;
    flow->to = way->to;
    flow->ssrc = packet->ssrc;
    flow->first_frame = reading->now.frame;
    flow->first_at = reading->now.at;
    ds_rtp_stats_init(&flow->stats, clock_rate_of(reading, way, packet->payload_type));
    give_ear(reading, candidate);
    candidate->is_mail = ds_trace_spells_wanted(reading, way);
    return candidate;
}

static struct ds_trace_candidate *candidate_of(struct ds_reading *reading,
                                               struct ds_trace_recent *recent,
                                               const struct ds_rtp *packet)
{
    const struct ds_trace_voice wanted = {recent->way, packet->ssrc};
    if (recent->candidate != NULL && recent->candidate->key.ssrc == packet->ssrc)
        return recent->candidate;
    recent->candidate = ds_trace_store_get(&reading->candidates, DS_KEY(wanted));
    if (recent->candidate == NULL)
        recent->candidate = new_candidate(reading, &recent->way, packet);
    return recent->candidate;
}

/* All packets of one event carry the timestamp of its beginning. */
static size_t
digit_of(struct ds_trace_candidate *candidate, const struct ds_rtp *packet, char digit)
{
    size_t count = candidate->digit_count;
    for (size_t i = 0; i < count && i < DIGITS_REMEMBERED; i++)
        if (candidate->digit_timestamps[count - 1 - i] == packet->timestamp)
            return count - 1 - i;
    if (count + 1 >= sizeof candidate->flow.digits)
        return sizeof candidate->flow.digits;
    candidate->digit_timestamps[count] = packet->timestamp;
    candidate->flow.digits[count] = digit;
    return candidate->digit_count++;
}

/* Moves the timestamp on by the event's duration so far: when the packet was sent. */
static void
hear_event(struct ds_trace_candidate *candidate, const struct ds_rtp *packet, struct ds_rtp *moved)
{
    struct ds_rtp_event event;
    candidate->flow.ends_in_digit = false;
    if (packet->payload_type < FIRST_DYNAMIC_TYPE || packet->payload.len != EVENT_BYTES ||
        ds_rtp_event_parse(packet->payload, &event) != DS_OK || event.event > 15)
        return;
    size_t at = digit_of(candidate, packet, ds_rtp_event_digit(event.event));
    candidate->flow.event_payload_type = packet->payload_type;
    candidate->flow.begins_in_digit |= event.end && candidate->flow.packets == 1;
    candidate->flow.ends_in_digit = true;
    if (at < sizeof candidate->flow.digits) {
        candidate->flow.digit_ends[at] += event.end;
        if (event.duration > candidate->flow.digit_samples[at])
            candidate->flow.digit_samples[at] = event.duration;
    }
    moved->timestamp += event.duration;
}

/* Whether most steps are the same, and which: Boyer and Moore's vote, which needs no list. */
static void vote(struct ds_trace_candidate *candidate, uint32_t step)
{
    if (candidate->step_votes == 0)
        candidate->step = step;
    if (candidate->step == step)
        candidate->step_votes++;
    else
        candidate->step_votes--;
}

/* A longer step is a pause: on hold, or comfort noise. */
#define LONGEST_STEP 1600

/* Sender's time, which no busy machine between sender and capture can bend. */
static void
measure_step(struct ds_trace_candidate *candidate, const struct ds_rtp *packet, bool follows)
{
    bool g711 = packet->payload_type == DS_PT_PCMU || packet->payload_type == DS_PT_PCMA;
    uint32_t step = packet->timestamp - candidate->last_timestamp;
    /* A marker opens a new spurt of talk, whose beginning is free (RFC 3551 4.1). */
    if (g711 && follows && !packet->marker && candidate->last_was_g711 &&
        step != DS_RTP_FRAME_SAMPLES && step < LONGEST_STEP)
        candidate->flow.uneven_packets++;
    if (follows && step != 0)
        vote(candidate, step);
    candidate->last_was_g711 = g711;
    candidate->last_timestamp = packet->timestamp;
}

#define MOST_SAMPLES 1920 /* 120 ms of G.722 */

/* Two samples become one, which is all that an ear for tones needs. */
static void
hear_wide(struct ds_reading *reading, struct ds_trace_candidate *candidate, struct ds_slice payload)
{
    int16_t samples[MOST_SAMPLES];
    if (candidate->decoder == NULL && ds_decoder_new("G722", &candidate->decoder) != DS_OK) {
        reading->out_of_memory = true;
        return;
    }
    size_t count = ds_decoder_decode(candidate->decoder, payload, samples, MOST_SAMPLES) / 2;
    for (size_t i = 0; i < count; i++)
        samples[i] = (int16_t)((samples[2 * i] + samples[2 * i + 1]) / 2);
    ds_ear_hear_samples(candidate->ear, samples, count);
}

static void hear_audio(struct ds_reading *reading,
                       struct ds_trace_candidate *candidate,
                       const struct ds_rtp *packet)
{
    struct ds_flow *flow = &candidate->flow;
    if (packet->payload_type == DS_PT_G722 && candidate->ear != NULL)
        hear_wide(reading, candidate, packet->payload);
    if (packet->payload_type != DS_PT_PCMU && packet->payload_type != DS_PT_PCMA)
        return;
    flow->bad_size_packets += packet->payload.len != G711_FRAME_BYTES;
    /* A tone lasts; hearing every second packet tells it as well and costs half. */
    if (candidate->ear != NULL && flow->packets % 2 == 1)
        ds_ear_hear(candidate->ear, packet->payload_type, packet->payload);
    if (candidate->is_mail)
        ds_trace_spells_hear(reading, candidate, packet);
}

static void keep_packet(struct ds_reading *reading, struct ds_flow *flow)
{
    struct ds_rtp_seen *seen = ds_trace_array_add(&reading->packets, sizeof *seen);
    if (seen == NULL)
        reading->out_of_memory = true;
    else
        *seen = (struct ds_rtp_seen){reading->now.frame, reading->now.at, flow};
}

void ds_trace_rtp(struct ds_reading *reading,
                  struct ds_trace_recent *recent,
                  const struct ds_rtp *packet,
                  bool sealed)
{
    struct ds_trace_candidate *candidate = candidate_of(reading, recent, packet);
    struct ds_rtp moved = *packet;
    if (candidate == NULL)
        return;
    struct ds_flow *flow = &candidate->flow;
    if (!reading->without_packets)
        keep_packet(reading, flow);
    bool follows =
        flow->packets > 0 && (uint16_t)(candidate->last_sequence + 1) == packet->sequence;
    candidate->in_sequence += follows;
    flow->stuck_packets += flow->packets > 0 && candidate->last_sequence == packet->sequence &&
                           candidate->last_timestamp != packet->timestamp;
    measure_step(candidate, packet, follows);
    candidate->last_sequence = packet->sequence;
    flow->packets++;
    flow->payload_packets[packet->payload_type & 127]++;
    flow->last_frame = reading->now.frame;
    flow->last_at = reading->now.at;
    if (!sealed)
        hear_event(candidate, packet, &moved);
    ds_rtp_stats_add(&flow->stats, &moved, reading->now.at);
    if (!sealed)
        hear_audio(reading, candidate, packet);
}
