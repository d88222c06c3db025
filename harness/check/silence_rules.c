#include "check_internal.h"

/* MED-33: what is sent in the silences of a call. */

#define SILENCE_US  INT64_C(1000000)
#define REPORTED_US INT64_C(10000000) /* RFC 3550 6.2: every 5 s, and half as much again */

static bool lists_noise(const struct ds_event *description, struct ds_addr at)
{
    for (size_t i = 0; description != NULL && i < description->sdp->media_count; i++) {
        const struct ds_sdp_media *media = &description->sdp->media[i];
        if (ds_addr_equal(media->at, at))
            return ds_sdp_find_format(media, "CN") != NULL;
    }
    return false;
}

/* On hold nothing is sent, and that is no silence. */
static bool is_held(const struct ds_call *call)
{
    for (size_t i = 0; i < call->event_count; i++) {
        const struct ds_sdp_media *audio = ds_event_audio(call->events[i]);
        if (audio != NULL && audio->direction != DS_SENDRECV)
            return true;
    }
    return false;
}

/* Who has said nothing for so long and sent no RTCP either does not keep silent, but is gone. */
static bool is_gone(const struct ds_flow *flow, int64_t pause)
{
    int64_t since = flow->first_at, longest = 0;
    for (uint64_t i = 0; i < flow->rtcp_packets; i++) {
        int64_t gap = flow->reports[i].at - since;
        longest = gap > longest ? gap : longest;
        since = flow->reports[i].at;
    }
    longest = flow->last_at - since > longest ? flow->last_at - since : longest;
    return pause > REPORTED_US && longest > REPORTED_US;
}

static void
one_flow(const struct ds_judge *judge, const struct ds_flow *flow, struct ds_tally *tally)
{
    int64_t pause = judge->pauses[flow - judge->trace->flows];
    if (flow->comfort_noise_packets > 0)
        ds_tally_good(tally, flow->first_frame);
    else if (pause >= SILENCE_US && !is_gone(flow, pause) &&
             lists_noise(flow->announced_to, flow->to) &&
             lists_noise(flow->announced_from, flow->from))
        ds_tally_bad(tally, flow->first_frame, "%s sends nothing for %.1f s, and no comfort noise",
                     ds_trace_name(judge->trace, flow->from).text, (double)pause / 1e6);
}

static void one_call(struct ds_judge *judge, const struct ds_subject *subject)
{
    const struct ds_call *call = subject->call;
    struct ds_tally tally = {0};
    if (is_held(call))
        return;
    for (size_t i = 0; i < call->flow_count; i++)
        one_flow(judge, call->flows[i], &tally);
    ds_judge_tally(judge, &tally, "streams with comfort noise in their silences");
}

void ds_check_comfort_noise(struct ds_judge *judge)
{
    ds_judge_calls(judge, "silence in a call whose ends list comfort noise", one_call);
}
