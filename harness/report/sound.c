#include "sound_internal.h"

#include <stdlib.h>
#include <string.h>

#define UDP_HEADER_BYTES 8
#define MOST_PAYLOAD     960 /* 120 ms */
#define LONGEST_STRAY    (INT64_C(5) * DS_SOUND_RATE_HZ)
#define LONGEST_SKIP     3000
#define US_A_SAMPLE      (1000000 / DS_SOUND_RATE_HZ)

/* A stream while it is read. */
struct voice {
    const struct ds_flow *flow;
    struct ds_sound *sound;
    struct ds_decoder *wide;    /* owned; NULL unless G.722 */
    struct ds_srtp_again *seal; /* owned; NULL unless SRTP */
    struct ds_slice last;       /* what the packet before said; in the arena's frames */
    struct ds_sound_packet before;
    uint16_t sequence;  /* of the packet before */
    uint32_t timestamp; /* of the one before that spoke, and when it came */
    int64_t came_at;
    bool has_begun, has_spoken;
};

struct reading {
    const struct ds_trace *trace;
    struct ds_sounds *sounds;
    struct voice *voices; /* owned */
    size_t next;          /* of trace->rtp */
};

/* ---- where a payload is ---- */

/* The trace says that the packet is in this frame: it is known by its ports and source, whatever
 * link, tunnel or padding is around it. */
static struct ds_slice find_packet(struct ds_slice bytes, const struct ds_flow *flow)
{
    struct ds_rtp rtp;
    for (size_t i = 0; i + UDP_HEADER_BYTES + DS_RTP_HEADER_BYTES <= bytes.len; i++) {
        const char *udp = bytes.at + i;
        size_t len = ds_get16(udp + 4);
        if (ds_get16(udp) != flow->from.port || ds_get16(udp + 2) != flow->to.port ||
            len < UDP_HEADER_BYTES || len > bytes.len - i)
            continue;
        struct ds_slice payload = {udp + UDP_HEADER_BYTES, len - UDP_HEADER_BYTES};
        if (ds_rtp_parse(payload, &rtp) == DS_OK && rtp.ssrc == flow->ssrc)
            return payload;
    }
    return (struct ds_slice){NULL, 0};
}

static bool read_packet(const struct voice *voice, struct ds_slice bytes, struct ds_rtp *out)
{
    struct ds_slice packet = find_packet(bytes, voice->flow);
    if (packet.len > 0 && voice->seal != NULL)
        packet = ds_srtp_again_open(voice->seal, packet);
    return packet.len > 0 && ds_rtp_parse(packet, out) == DS_OK;
}

/* ---- payloads, each once ---- */

static uint16_t peak_of(const int16_t *samples, size_t count)
{
    int peak = 0;
    for (size_t i = 0; i < count; i++) {
        int loud = samples[i] < 0 ? -samples[i] : samples[i];
        peak = loud > peak ? loud : peak;
    }
    return (uint16_t)peak;
}

static uint32_t keep_frame(struct ds_sounds *sounds, struct voice *voice, struct ds_slice text)
{
    if (!ds_texts_has(&sounds->frames, text)) {
        if (sounds->frame_bytes + text.len > sounds->choice.most_bytes) {
            voice->sound->without_frames = true;
            voice->last = (struct ds_slice){NULL, 0};
            return DS_SOUND_NO_FRAME;
        }
        text.at = ds_arena_copy(sounds->arena, text);
        sounds->broken |= text.at == NULL;
        if (sounds->broken)
            return DS_SOUND_NO_FRAME;
        sounds->frame_bytes += text.len;
    }
    size_t number = ds_texts_number(&sounds->frames, text);
    if (!sounds->frames.broken && voice->wide == NULL)
        voice->last = sounds->frames.list[number];
    return (uint32_t)number;
}

static void hear_g711(struct ds_sounds *sounds,
                      struct voice *voice,
                      const struct ds_rtp *rtp,
                      struct ds_sound_packet *packet)
{
    int16_t samples[MOST_PAYLOAD];
    char law = rtp->payload_type == DS_PT_PCMU ? DS_SOUND_MU : DS_SOUND_A;
    char text[1 + MOST_PAYLOAD] = {law};
    size_t count = rtp->payload.len;
    if (voice->last.len > 0 && voice->last.at[0] == law &&
        ds_slice_equal(ds_slice_from(voice->last, 1), rtp->payload)) {
        packet->frame = voice->before.frame;
        packet->peak = voice->before.peak;
        return;
    }
    for (size_t i = 0; i < count; i++)
        samples[i] = ds_g711_decode(rtp->payload_type, (uint8_t)rtp->payload.at[i]);
    packet->peak = peak_of(samples, count);
    memcpy(text + 1, rtp->payload.at, count);
    packet->frame = keep_frame(sounds, voice, (struct ds_slice){text, count + 1});
}

static void hear_wide(struct ds_sounds *sounds,
                      struct voice *voice,
                      const struct ds_rtp *rtp,
                      struct ds_sound_packet *packet)
{
    int16_t samples[2 * MOST_PAYLOAD];
    char text[1 + 2 * MOST_PAYLOAD] = {DS_SOUND_WIDE};
    size_t count = ds_decoder_decode(voice->wide, rtp->payload, samples, DS_COUNT(samples));
    packet->peak = peak_of(samples, count);
    for (size_t i = 0; i < count; i++)
        text[i + 1] = (char)ds_g711_encode(DS_PT_PCMU, samples[i]);
    packet->frame = keep_frame(sounds, voice, (struct ds_slice){text, count + 1});
}

/* ---- packets ---- */

static int64_t count_on(const struct voice *voice, uint16_t sequence)
{
    int step = (int16_t)(sequence - voice->sequence);
    if (!voice->has_begun)
        return 0;
    return voice->before.sequence + (abs(step) > LONGEST_SKIP ? 1 : step);
}

/* By the sender's time; where that jumps, as when a stream begins anew, by when it came. */
static int64_t place(const struct voice *voice, uint32_t timestamp, int64_t came_at)
{
    int64_t step = (int32_t)(timestamp - voice->timestamp);
    int64_t since = (came_at - voice->came_at) / US_A_SAMPLE;
    if (!voice->has_spoken)
        return 0;
    return voice->before.at +
           (step - since > LONGEST_STRAY || since - step > LONGEST_STRAY ? since : step);
}

static bool speaks(const struct voice *voice, const struct ds_rtp *rtp)
{
    bool g711 = rtp->payload_type == DS_PT_PCMU || rtp->payload_type == DS_PT_PCMA;
    return (g711 || (rtp->payload_type == DS_PT_G722 && voice->wide != NULL)) &&
           rtp->payload.len > 0 && rtp->payload.len <= MOST_PAYLOAD;
}

static void
hear(struct ds_sounds *sounds, struct voice *voice, const struct ds_rtp *rtp, int64_t came_at)
{
    struct ds_sound_packet packet = {.sequence = count_on(voice, rtp->sequence),
                                     .at = voice->before.at,
                                     .frame = DS_SOUND_NO_FRAME};
    if (speaks(voice, rtp)) {
        packet.at = place(voice, rtp->timestamp, came_at);
        packet.samples = (uint32_t)rtp->payload.len;
        if (rtp->payload_type == DS_PT_G722)
            hear_wide(sounds, voice, rtp, &packet);
        else
            hear_g711(sounds, voice, rtp, &packet);
        voice->timestamp = rtp->timestamp;
        voice->came_at = came_at;
        voice->has_spoken = true;
        voice->before = packet;
    }
    voice->before.sequence = packet.sequence;
    voice->sequence = rtp->sequence;
    voice->has_begun = true;
    ds_buf_add(&voice->sound->packets, (struct ds_slice){(const char *)&packet, sizeof packet});
}

static void read_frame(struct reading *reading, const struct ds_frame *frame)
{
    const struct ds_trace *trace = reading->trace;
    const struct ds_sound_choice *choice = &reading->sounds->choice;
    for (; reading->next < trace->rtp_count && trace->rtp[reading->next].frame <= frame->number;
         reading->next++) {
        const struct ds_rtp_seen *seen = &trace->rtp[reading->next];
        size_t index = (size_t)(seen->flow - trace->flows) - choice->first;
        struct ds_rtp rtp;
        if (seen->frame == frame->number && index < choice->count &&
            reading->sounds->list[index].unheard == NULL &&
            read_packet(&reading->voices[index], frame->bytes, &rtp))
            hear(reading->sounds, &reading->voices[index], &rtp, seen->at);
    }
}

/* Stops where nothing is left to be heard. */
static void read_capture(struct reading *reading)
{
    struct ds_pcap_reader *reader = NULL;
    struct ds_frame frame;
    ds_rc rc = ds_pcap_open(reading->trace->path, &reader, NULL);
    while (rc == DS_OK && reading->next < reading->trace->rtp_count) {
        rc = ds_pcap_next(reader, &frame, NULL);
        if (rc == DS_OK)
            read_frame(reading, &frame);
    }
    reading->sounds->broken |= rc == DS_NOMEM;
    ds_pcap_reader_free(&reader);
}

/* ---- what can be heard ---- */

static bool is_secure(const struct ds_event *event, struct ds_addr at)
{
    for (size_t i = 0; event != NULL && i < event->sdp->media_count; i++)
        if (ds_addr_equal(event->sdp->media[i].at, at) && ds_sdp_is_secure(&event->sdp->media[i]))
            return true;
    return false;
}

static const char *why_unheard(const struct ds_flow *flow)
{
    bool sealed = flow->srtp.sealed_packets > 0 || is_secure(flow->announced_to, flow->to) ||
                  is_secure(flow->announced_from, flow->from);
    if (flow->srtp.suite == NULL && sealed)
        return "It is encrypted (SRTP), and no key that was told opens it.";
    if (flow->payload_packets[DS_PT_PCMU] + flow->payload_packets[DS_PT_PCMA] +
            flow->payload_packets[DS_PT_G722] ==
        0)
        return "Only G.711 and G.722 can be heard here.";
    return NULL;
}

static bool start(struct reading *reading)
{
    const struct ds_trace *trace = reading->trace;
    struct ds_sounds *sounds = reading->sounds;
    sounds->list = calloc(sounds->choice.count + 1, sizeof *sounds->list);
    reading->voices = calloc(sounds->choice.count + 1, sizeof *reading->voices);
    if (ds_arena_new(&sounds->arena) != DS_OK || sounds->list == NULL || reading->voices == NULL)
        return false;
    for (size_t i = 0; i < sounds->choice.count; i++) {
        const struct ds_flow *flow = &trace->flows[sounds->choice.first + i];
        sounds->list[i].most_samples = sounds->choice.most_samples;
        reading->voices[i] = (struct voice){.flow = flow, .sound = &sounds->list[i]};
        sounds->list[i].unheard = why_unheard(flow);
        if (sounds->list[i].unheard == NULL && flow->payload_packets[DS_PT_G722] > 0 &&
            ds_decoder_new("G722", &reading->voices[i].wide) != DS_OK)
            return false;
        if (flow->srtp.suite != NULL && ds_srtp_again_new(flow, &reading->voices[i].seal) != DS_OK)
            return false;
    }
    return true;
}

static void finish(struct reading *reading)
{
    struct ds_sounds *sounds = reading->sounds;
    sounds->broken |= sounds->frames.broken;
    for (size_t i = 0; sounds->list != NULL && i < sounds->choice.count; i++) {
        struct ds_sound *sound = &sounds->list[i];
        if (reading->voices != NULL) {
            ds_decoder_free(&reading->voices[i].wide);
            ds_srtp_again_free(&reading->voices[i].seal);
        }
        ds_sound_lay_out(sound);
        sounds->broken |= sound->packets.broken || sound->pieces.broken;
        if (sound->unheard == NULL && sound->samples == 0)
            sound->unheard = "Its packets could not be taken from the capture again.";
    }
    free(reading->voices);
}

void ds_sounds_read(const struct ds_trace *trace,
                    const struct ds_sound_choice *choice,
                    struct ds_sounds *out)
{
    struct reading reading = {.trace = trace, .sounds = out};
    ds_assert(choice->first + choice->count <= trace->flow_count);
    *out = (struct ds_sounds){.choice = *choice};
    out->broken = !start(&reading);
    if (!out->broken && choice->count > 0)
        read_capture(&reading);
    finish(&reading);
}

void ds_sounds_clean_up(struct ds_sounds *sounds)
{
    for (size_t i = 0; sounds->list != NULL && i < sounds->choice.count; i++) {
        ds_buf_clean_up(&sounds->list[i].packets);
        ds_buf_clean_up(&sounds->list[i].pieces);
    }
    free(sounds->list);
    ds_texts_clean_up(&sounds->frames);
    ds_arena_free(&sounds->arena);
    *sounds = (struct ds_sounds){0};
}
