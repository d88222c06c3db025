#include "check_internal.h"

/* MED-20 … MED-23: the packets of a stream, one after another. */

/* ---- MED-20 ---- */

/* Longer than between two packets, and shorter than any pause. */
#define NO_PAUSE_US 50000

static bool is_same_way(const struct ds_flow *a, const struct ds_flow *b)
{
    return ds_addr_equal(a->from, b->from) && ds_addr_equal(a->to, b->to);
}

/* Where a call rings at several places, all may be heard by way of one element: each voice is a
 * source of its own. */
static bool is_another_voice(const struct ds_flow *a, const struct ds_flow *b)
{
    return a->talker != NULL && b->talker != NULL && a->talker != b->talker;
}

/* What another source sent on the same way, without a pause before this one. */
static const struct ds_flow *predecessor(const struct ds_call *call, const struct ds_flow *flow)
{
    for (size_t i = 0; i < call->flow_count; i++) {
        const struct ds_flow *before = call->flows[i];
        if (before != flow && is_same_way(before, flow) && !is_another_voice(before, flow) &&
            before->first_at < flow->first_at && flow->first_at - before->last_at < NO_PAUSE_US)
            return before;
    }
    return NULL;
}

static void one_call_sources(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        const struct ds_flow *before = predecessor(subject->call, flow);
        if (before == NULL)
            ds_tally_good(&tally, flow->first_frame);
        else
            ds_tally_bad(&tally, flow->first_frame,
                         "%s goes from SSRC %08x to %08x in frame %u in the middle of its audio",
                         ds_trace_name(judge->trace, flow->from).text, before->ssrc, flow->ssrc,
                         flow->first_frame);
    }
    ds_judge_tally(judge, &tally, "streams, each of one source");
}

void ds_check_one_source(struct ds_judge *judge)
{
    ds_judge_calls(judge, "audio of a call", one_call_sources);
}

/* ---- MED-21 ---- */

static void one_call_sequence(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        if (flow->packets < 2)
            continue;
        if (flow->stuck_packets == 0)
            ds_tally_good(&tally, flow->first_frame);
        else
            ds_tally_bad(&tally, flow->first_frame,
                         "%llu of %llu packets from %s have the sequence number of the one before",
                         (unsigned long long)flow->stuck_packets, (unsigned long long)flow->packets,
                         ds_trace_name(judge->trace, flow->from).text);
    }
    ds_judge_tally(judge, &tally, "streams, each packet with a number of its own");
}

void ds_check_sequence(struct ds_judge *judge)
{
    ds_judge_calls(judge, "audio of a call", one_call_sequence);
}

/* ---- MED-22 ---- */

static bool lists(const struct ds_sdp *sdp, struct ds_addr at, size_t payload_type, bool *named)
{
    const struct ds_sdp_media *audio = sdp == NULL ? NULL : ds_sdp_audio(sdp);
    if (audio == NULL || !ds_addr_equal(audio->at, at))
        return false;
    *named = true;
    for (size_t i = 0; i < audio->format_count; i++)
        if (audio->formats[i].payload_type == payload_type)
            return true;
    return false;
}

/* Did any description of the call that names this receiver list it? True where none names it: that
 * is MED-14's. */
static bool is_listed(const struct ds_call *call, struct ds_addr at, size_t payload_type)
{
    bool named = false;
    for (size_t i = 0; i < call->event_count; i++) {
        const struct ds_event *event = call->events[i];
        if (lists(event->sdp, at, payload_type, &named) ||
            lists(event->gateway_sdp, at, payload_type, &named))
            return true;
    }
    return !named;
}

static void one_flow_types(const struct ds_judge *judge,
                           const struct ds_call *call,
                           const struct ds_flow *flow,
                           struct ds_tally *tally)
{
    for (size_t type = 0; type < DS_COUNT(flow->payload_packets); type++) {
        if (flow->payload_packets[type] == 0 || is_listed(call, flow->to, type))
            continue;
        ds_tally_bad(tally, flow->first_frame,
                     "%s sends %llu packets of payload type %zu, which %s did not list",
                     ds_trace_name(judge->trace, flow->from).text,
                     (unsigned long long)flow->payload_packets[type], type,
                     ds_trace_name(judge->trace, flow->to).text);
        return;
    }
    ds_tally_good(tally, flow->first_frame);
}

static void one_call_types(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->flow_count; i++)
        one_flow_types(judge, subject->call, subject->call->flows[i], &tally);
    ds_judge_tally(judge, &tally, "streams of payload types that their receivers listed");
}

void ds_check_announced_types(struct ds_judge *judge)
{
    ds_judge_calls(judge, "audio of a call", one_call_types);
}

/* ---- MED-23 ---- */

#define LEAST_SAMPLES 320 /* 40 ms */

static void one_call_digits(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->flow_count; i++) {
        const struct ds_flow *flow = subject->call->flows[i];
        for (size_t k = 0; flow->digits[k] != '\0'; k++) {
            if (flow->digit_samples[k] >= LEAST_SAMPLES)
                ds_tally_good(&tally, flow->first_frame);
            else
                ds_tally_bad(&tally, flow->first_frame, "digit %c from %s lasts %u ms",
                             flow->digits[k], ds_trace_name(judge->trace, flow->from).text,
                             flow->digit_samples[k] / (DS_RTP_SAMPLE_RATE / 1000));
        }
    }
    ds_judge_tally(judge, &tally, "digits of 40 ms and more");
}

void ds_check_digit_length(struct ds_judge *judge)
{
    ds_judge_calls(judge, "digit (RFC 4733)", one_call_digits);
}
