#include "tone.h"
#include "track.h"

/* The audio of a call, and its descriptions. */

#define PACKET_US  20000
#define FIRST_PORT 50000

static bool is_back_to_back(const struct ds_topo_node *node)
{
    return node->role == DS_ROLE_MEDIATION || node->role == DS_ROLE_GATEWAY ||
           node->role == DS_ROLE_PBX || node->role == DS_ROLE_SBC;
}

int track_leg(const struct track *track, size_t hop)
{
    int leg = 0;
    for (size_t i = 1; i <= hop; i++)
        leg += is_back_to_back(track->path[i]);
    return leg;
}

static size_t place_in_path(const struct track *track, const struct ds_topo_node *node, size_t from)
{
    for (size_t i = from; i < track->path_count; i++)
        if (track->path[i] == node)
            return i;
    return track->path_count;
}

/* Which element's audio an end of a hop shows: the last one before it, or the first one after. */
static size_t shown_by(const struct track *track, size_t hop, bool back)
{
    size_t best = back ? track->media_count - 1 : 0, place = 0;
    for (size_t i = 0; i < track->media_count; i++) {
        place = place_in_path(track, track->media[i], place);
        if (!back && place <= hop)
            best = i;
        if (back && place > hop)
            return i;
    }
    return best;
}

static struct ds_addr audio_of(const struct track *track, const struct ds_topo_node *node)
{
    struct ds_addr at = node->media_at;
    at.port = (uint16_t)(FIRST_PORT + 100 * track->call + 2 * (int)place_in_path(track, node, 0));
    return at;
}

void track_describe(const struct track *track, const struct message *message, struct ds_buf *out)
{
    static const struct ds_sdp_codec codecs[] = {{0, "PCMU", 8000, NULL},
                                                 {8, "PCMA", 8000, NULL},
                                                 {13, "CN", 8000, NULL},
                                                 {101, "telephone-event", 8000, "0-16"}};
    size_t shown = shown_by(track, message->hop, message->back);
    struct ds_sdp_spec spec = {
        .style = DS_SDP_GATEWAY,
        .session_id = 1000u + 100u * (unsigned)track_leg(track, message->hop) + message->back,
        .version = track->version,
        .at = audio_of(track, track->media[shown]),
        .codecs = codecs,
        .codec_count = DS_COUNT(codecs),
        .direction = track->direction,
    };
    if (!message->back && track->path[0]->role == DS_ROLE_CLIENT &&
        track_leg(track, message->hop) == 0)
        spec.bypass_id = ds_topo_bypass_id(track->scene->topo, track->path[0]);
    ds_sdp_write(&spec, out);
}

static void send_rtp(struct track *track,
                     const struct ds_topo_node *from,
                     const struct ds_topo_node *to,
                     struct ds_tone *tone,
                     unsigned sequence)
{
    uint8_t payload[400], packet[500];
    const struct plan *plan = track->plan;
    int bytes = plan->packet_bytes == 0 ? 160 : plan->packet_bytes;
    bool later = plan->source_packets > 0 && (int)(sequence % 100) >= plan->source_packets;
    struct ds_rtp rtp = {
        .payload_type = (uint8_t)plan->payload_type,
        .sequence = (uint16_t)(plan->same_numbers ? 100 : sequence),
        .timestamp = sequence * (unsigned)bytes,
        .ssrc = ((uint32_t)ds_hash(ds_slice_of(from->name)) ^ (uint32_t)track->call) + later,
        .payload = {(const char *)payload, (size_t)bytes},
    };
    ds_tone_fill(tone, 0, payload, (size_t)bytes);
    size_t len = ds_rtp_write(&rtp, packet, sizeof packet);
    scene_put(track->scene, audio_of(track, from), audio_of(track, to),
              (struct ds_slice){(const char *)packet, len});
}

static void send_digit(struct track *track, char digit, unsigned sequence, bool end)
{
    const struct ds_topo_node *from = track->media[0], *to = track->media[1];
    uint8_t payload[4], packet[100];
    int samples = track->plan->digit_samples == 0 ? 800 : track->plan->digit_samples;
    struct ds_rtp_event event = {.end = end, .volume = 10, .duration = (uint16_t)samples};
    assert_int_equal(ds_rtp_event_of(digit, &event.event), DS_OK);
    ds_rtp_event_write(&event, payload);
    struct ds_rtp rtp = {.payload_type = 101,
                         .sequence = (uint16_t)sequence,
                         .timestamp = 100000u + 1000u * (unsigned)digit,
                         .ssrc = (uint32_t)ds_hash(ds_slice_of(from->name)) ^ (uint32_t)track->call,
                         .payload = {(const char *)payload, sizeof payload}};
    size_t len = ds_rtp_write(&rtp, packet, sizeof packet);
    scene_put(track->scene, audio_of(track, from), audio_of(track, to),
              (struct ds_slice){(const char *)packet, len});
    track->scene->now_us += PACKET_US;
}

void track_talk(struct track *track, int count, unsigned first)
{
    const struct ds_topo_node *path[MOST_PATH];
    const struct plan *plan = track->plan;
    const char *whole = plan->media != NULL ? plan->media : plan->path;
    size_t legs = scene_nodes(track->scene, plan->audio != NULL ? plan->audio : whole, path);
    struct ds_tone there[MOST_PATH], back[MOST_PATH];
    for (size_t k = 0; k < legs; k++) {
        there[k] = (struct ds_tone){.frequency_hz = track->path[0]->tone_hz};
        back[k] = (struct ds_tone){.frequency_hz = track->path[track->path_count - 1]->tone_hz};
    }
    for (int i = 0; i < count; i++) {
        for (size_t k = 0; k + 1 < legs; k++) {
            send_rtp(track, path[k], path[k + 1], &there[k], first + (unsigned)i);
            send_rtp(track, path[k + 1], path[k], &back[k], first + (unsigned)i);
        }
        track->scene->now_us += plan->packet_bytes == 0 ? PACKET_US : plan->packet_bytes * 125;
    }
}

void track_dial(struct track *track)
{
    unsigned sequence = 500;
    for (const char *digit = track->plan->digits; digit != NULL && *digit != '\0'; digit++) {
        send_digit(track, *digit, sequence++, false);
        for (int i = 0; i < 3 && !track->plan->endless_digits; i++)
            send_digit(track, *digit, sequence++, true);
    }
}

static void
send_report(struct track *track, const struct ds_topo_node *from, const struct ds_topo_node *to)
{
    uint8_t packet[200];
    struct ds_addr at = audio_of(track, from), there = audio_of(track, to);
    const struct ds_rtcp_report report = {
        .ssrc = (uint32_t)ds_hash(ds_slice_of(from->name)), .packets = 20, .cname = from->name};
    size_t len = ds_rtcp_write(&report, packet, sizeof packet);
    at.port++;
    there.port++;
    scene_put(track->scene, at, there, (struct ds_slice){(const char *)packet, len});
}

static size_t gateway_in(const struct track *track)
{
    for (size_t i = 1; i < track->media_count; i++)
        if (track->media[i]->role == DS_ROLE_GATEWAY)
            return i;
    return 0;
}

void track_report(struct track *track)
{
    const struct plan *plan = track->plan;
    size_t at = gateway_in(track);
    for (int second = 0; second < plan->lasts_s; second++) {
        bool due = at > 0 && second % 5 == 0;
        if (due && second < plan->inside_s)
            send_report(track, track->media[at - 1], track->media[at]);
        if (due && second < plan->peer_s)
            send_report(track, track->media[at], track->media[at - 1]);
        track->scene->now_us += 1000000;
    }
}
