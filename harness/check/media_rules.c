#include "check_internal.h"

/* MED: codecs, telephone events, packets and ports. */

/* ---- MED-01, MED-02: what the Mediation Server offers its peer ---- */

static bool trunk_may_carry(const struct ds_sdp_format *format)
{
    static const char *const encodings[] = {"PCMU", "PCMA", "CN", "telephone-event"};
    for (size_t i = 0; i < DS_COUNT(encodings); i++)
        if (format->clock_rate == DS_RTP_SAMPLE_RATE &&
            ds_slice_equal_nocase(format->encoding, ds_slice_of(encodings[i])))
            return true;
    return false;
}

static void offered_codecs(const struct ds_judge *judge,
                           const struct ds_hop_seen *hop,
                           const struct ds_trunk *trunk,
                           struct ds_tally *tally)
{
    const struct ds_sdp_media *audio = ds_event_audio(hop->invite);
    (void)judge;
    if (trunk == NULL || trunk->a != hop->from_node || audio == NULL)
        return;
    for (size_t i = 0; i < audio->format_count; i++) {
        const struct ds_sdp_format *format = &audio->formats[i];
        if (trunk_may_carry(format))
            continue;
        ds_tally_bad(tally, hop->invite->frame, "%s offers %.*s/%u (payload type %u) in frame %u",
                     hop->from_node->name, DS_FMT(format->encoding), format->clock_rate,
                     format->payload_type, hop->invite->frame);
        return;
    }
    ds_tally_good(tally, hop->invite->frame);
}

void ds_check_trunk_codecs(struct ds_judge *judge)
{
    ds_judge_hops(judge, "offer of a Mediation Server on a SIP trunk",
                  "offers on the trunk: G.711, comfort noise and telephone events", offered_codecs);
}

static void offered_events(const struct ds_judge *judge,
                           const struct ds_hop_seen *hop,
                           const struct ds_trunk *trunk,
                           struct ds_tally *tally)
{
    const struct ds_sdp_media *audio = ds_event_audio(hop->invite);
    (void)judge;
    if (trunk == NULL || trunk->a != hop->from_node || audio == NULL)
        return;
    const struct ds_sdp_format *format = ds_sdp_find_format(audio, "telephone-event");
    if (format != NULL && ds_slice_equal(ds_slice_trim(format->fmtp), DS_LITERAL("0-16")))
        ds_tally_good(tally, hop->invite->frame);
    else
        ds_tally_bad(
            tally, hop->invite->frame, "the offer of frame %u has %s%.*s", hop->invite->frame,
            format == NULL ? "no telephone-event" : "telephone-event with events ",
            format == NULL ? 0 : (int)format->fmtp.len, format == NULL ? "" : format->fmtp.at);
}

void ds_check_trunk_events(struct ds_judge *judge)
{
    ds_judge_hops(judge, "offer of a Mediation Server on a SIP trunk",
                  "offers on the trunk with telephone events 0-16", offered_events);
}

/* ---- MED-03 ---- */

static bool is_negotiated(const struct ds_flow *flow)
{
    const struct ds_event *said =
        flow->announced_to != NULL ? flow->announced_to : flow->announced_from;
    const struct ds_sdp_media *audio = ds_event_audio(said);
    for (size_t i = 0; audio != NULL && i < audio->format_count; i++)
        if (audio->formats[i].payload_type == flow->event_payload_type)
            return ds_slice_equal_nocase(audio->formats[i].encoding, DS_LITERAL("telephone-event"));
    return false;
}

/* Its other packets went elsewhere: the call was handed over in the middle of it. */
static bool is_cut(const struct ds_flow *flow, size_t digit)
{
    return (flow->begins_in_digit && digit == 0) ||
           (flow->ends_in_digit && flow->digits[digit + 1] == '\0');
}

static void hear_digits(const struct ds_flow *flow, struct ds_tally *tally)
{
    if (!is_negotiated(flow))
        ds_tally_bad(tally, flow->first_frame,
                     "digits %s from %s come as payload type %u, which was not negotiated",
                     flow->digits, ds_node_name(flow->from_node), flow->event_payload_type);
    for (size_t i = 0; i < sizeof flow->digits && flow->digits[i] != '\0'; i++) {
        if (flow->digit_ends[i] >= 2)
            ds_tally_good(tally, flow->first_frame);
        else if (flow->digit_ends[i] == 0 || !is_cut(flow, i))
            ds_tally_bad(tally, flow->first_frame, "digit %c from %s has %u packets with its end",
                         flow->digits[i], ds_node_name(flow->from_node), flow->digit_ends[i]);
    }
}

static void one_digits(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->flow_count; i++)
        if (subject->call->flows[i]->digits[0] != '\0')
            hear_digits(subject->call->flows[i], &tally);
    ds_judge_tally(judge, &tally, "digits, the end of each repeated");
}

void ds_check_digits(struct ds_judge *judge)
{
    ds_judge_calls(judge, "digit (RFC 4733)", one_digits);
}

/* ---- MED-04 ---- */

static void measure(const struct ds_flow *flow, struct ds_tally *tally)
{
    if (flow->bad_size_packets > 0)
        ds_tally_bad(tally, flow->first_frame,
                     "%llu of %llu G.711 packets from %s are not 160 bytes",
                     (unsigned long long)flow->bad_size_packets, (unsigned long long)flow->packets,
                     ds_node_name(flow->from_node));
    else if (flow->uneven_packets > 0)
        ds_tally_bad(tally, flow->first_frame,
                     "%llu of %llu packets from %s are not 20 ms after the one before",
                     (unsigned long long)flow->uneven_packets, (unsigned long long)flow->packets,
                     ds_node_name(flow->from_node));
    else
        ds_tally_good(tally, flow->first_frame);
}

static void one_packet_size(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        uint64_t g711 = flow->payload_packets[DS_PT_PCMU] + flow->payload_packets[DS_PT_PCMA];
        if (g711 >= DS_ENOUGH_AUDIO)
            measure(flow, &tally);
    }
    ds_judge_tally(judge, &tally, "flows of G.711, 160 bytes every 20 ms");
}

void ds_check_packet_size(struct ds_judge *judge)
{
    ds_judge_calls(judge, "flow of G.711", one_packet_size);
}

/* ---- MED-08, CONF-05 ---- */

#define FIRST_PORT 49152
#define LAST_PORT  57500

/* What an element of that kind announces of its own audio. */
static void
announced_port(const struct ds_event *event, enum ds_role_kind role, struct ds_tally *tally)
{
    const struct ds_sdp_media *audio = ds_event_audio(event);
    if (!ds_is_role(event->from_node, role) || audio == NULL || audio->at.port == 0 ||
        !ds_addr_same_ip(audio->at, event->from_node->at))
        return;
    if (audio->at.port >= FIRST_PORT && audio->at.port <= LAST_PORT)
        ds_tally_good(tally, event->frame);
    else
        ds_tally_bad(tally, event->frame, "%s announces audio at port %u in frame %u",
                     event->from_node->name, audio->at.port, event->frame);
}

static void
mediation_port(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    (void)judge;
    announced_port(event, DS_ROLE_MEDIATION, tally);
}

void ds_check_mediation_ports(struct ds_judge *judge)
{
    ds_judge_messages(judge, "audio port of a Mediation Server",
                      "descriptions of the Mediation Server with ports in 49152-57500",
                      mediation_port);
}

/* ---- CONF-05 ---- */

static void
conferencing_port(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    (void)judge;
    announced_port(event, DS_ROLE_CONFERENCING, tally);
}

void ds_check_conference_ports(struct ds_judge *judge)
{
    ds_judge_messages(judge, "audio port of a conferencing server",
                      "descriptions of the conferencing server with ports in 49152-57500",
                      conferencing_port);
}

/* ---- MED-14 ---- */

/* Who is reached by a TURN server alone names that, and not itself. */
static void unannounced(const struct ds_judge *judge,
                        const struct ds_flow *flow,
                        const struct ds_event *said,
                        const char *whose,
                        struct ds_tally *tally)
{
    char text[200];
    if (said != NULL || ds_judge_is_relay_leg(judge, flow))
        return;
    ds_flow_text(flow, text, sizeof text);
    ds_tally_bad(tally, flow->first_frame, "no description names the %s of %s", whose, text);
}

/* Who has said where audio is to go hears it from then on; the one who answers may talk before its
 * answer is there (RFC 3264 5.1). */
static void
too_early(const struct ds_judge *judge, const struct ds_flow *flow, struct ds_tally *tally)
{
    char text[200];
    const struct ds_event *said = flow->announced_to;
    if (said == NULL || said->at <= flow->first_at || ds_judge_is_relay_leg(judge, flow))
        return;
    ds_flow_text(flow, text, sizeof text);
    ds_tally_bad(tally, flow->first_frame, "the receiver is named only in frame %u: %s",
                 said->frame, text);
}

static void one_timing(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        unannounced(judge, flow, flow->announced_to, "receiver", &tally);
        unannounced(judge, flow, flow->announced_from, "sender", &tally);
        too_early(judge, flow, &tally);
        ds_tally_good(&tally, flow->first_frame);
    }
    if (subject->late_packets > 0)
        ds_tally_bad(&tally, subject->late_frame,
                     "%llu RTP packets flow more than 100 ms after the BYE of frame %u, the first "
                     "in frame %u",
                     (unsigned long long)subject->late_packets, subject->call->bye->frame,
                     subject->late_frame);
    ds_judge_tally_seen(judge, &tally,
                        "audio flows, each after its addresses were exchanged and none after the "
                        "call was cleared");
}

void ds_check_media_timing(struct ds_judge *judge)
{
    ds_judge_calls(judge, "audio of a call", one_timing);
}

/* ---- MED-16 ---- */

/* Over every flow, also those that no call is known to have asked for. */
void ds_check_media_wanted(struct ds_judge *judge)
{
    const struct ds_trace *trace = judge->trace;
    struct ds_tally tally = {0};
    char text[200];
    judge->sought = "audio";
    for (size_t i = 0; i < trace->flow_count; i++) {
        const struct ds_flow *flow = &trace->flows[i];
        if (flow->announced_to != NULL && flow->announced_to->at <= flow->first_at) {
            ds_tally_good(&tally, flow->first_frame);
            continue;
        }
        if (ds_judge_is_relay_leg(judge, flow))
            continue;
        ds_flow_text(flow, text, sizeof text);
        ds_tally_bad(&tally, flow->first_frame, "nobody had asked for audio there: %s", text);
    }
    ds_judge_tally_seen(judge, &tally,
                        "flows of audio, each to a place that a description announced");
}
