#include "check_internal.h"

/* MED-17 … MED-19: answers, beside the offers they answer. */

/* An answer in a response to an INVITE, and the message that made the offer. */
struct pair {
    const struct ds_event *offer, *answer;
};

typedef void pair_rule_fn(struct ds_judge *judge, const struct pair *pair, struct ds_tally *tally);

static void each_pair(struct ds_judge *judge,
                      const struct ds_leg *leg,
                      pair_rule_fn *rule,
                      struct ds_tally *tally)
{
    for (size_t i = 0; i < leg->event_count; i++) {
        struct pair pair = {.answer = leg->events[i]};
        if (!ds_event_answers_invite(pair.answer, 101, 299) || ds_event_audio(pair.answer) == NULL)
            continue;
        pair.offer = ds_leg_request(leg, i);
        if (pair.offer != NULL && ds_event_audio(pair.offer) != NULL)
            rule(judge, &pair, tally);
    }
}

/* ---- MED-17 ---- */

static bool is_voice(const struct ds_sdp_format *format)
{
    return !ds_slice_equal_nocase(format->encoding, DS_LITERAL("telephone-event")) &&
           !ds_slice_equal_nocase(format->encoding, DS_LITERAL("CN"));
}

static bool has_format(const struct ds_sdp *sdp, const struct ds_sdp_format *wanted)
{
    const struct ds_sdp_media *audio = sdp == NULL ? NULL : ds_sdp_audio(sdp);
    for (size_t i = 0; audio != NULL && i < audio->format_count; i++)
        if (audio->formats[i].clock_rate == wanted->clock_rate &&
            ds_slice_equal_nocase(audio->formats[i].encoding, wanted->encoding))
            return true;
    return false;
}

static void shared_codec(struct ds_judge *judge, const struct pair *pair, struct ds_tally *tally)
{
    const struct ds_sdp_media *audio = ds_event_audio(pair->answer);
    if (audio->at.port == 0)
        return;
    for (size_t i = 0; i < audio->format_count; i++) {
        const struct ds_sdp_format *format = &audio->formats[i];
        if (!is_voice(format) || (!has_format(pair->offer->sdp, format) &&
                                  !has_format(pair->offer->gateway_sdp, format)))
            continue;
        ds_tally_good(tally, pair->answer->frame);
        return;
    }
    ds_tally_bad(tally, pair->answer->frame,
                 "%s answers the offer of frame %u in frame %u with no codec of it",
                 ds_trace_name(judge->trace, pair->answer->from).text, pair->offer->frame,
                 pair->answer->frame);
}

static void codecs(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    each_pair(judge, leg, shared_codec, tally);
}

void ds_check_answer_codec(struct ds_judge *judge)
{
    ds_judge_legs(judge, "answer to an offer in an INVITE", "answers with a codec of their offer",
                  codecs);
}

/* ---- MED-18 ---- */

static void same_streams(struct ds_judge *judge, const struct pair *pair, struct ds_tally *tally)
{
    size_t offered = pair->offer->sdp->media_count, answered = pair->answer->sdp->media_count;
    if (offered == answered)
        ds_tally_good(tally, pair->answer->frame);
    else
        ds_tally_bad(tally, pair->answer->frame,
                     "%s answers the %zu streams of frame %u with %zu in frame %u",
                     ds_trace_name(judge->trace, pair->answer->from).text, offered,
                     pair->offer->frame, answered, pair->answer->frame);
}

static void streams(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    each_pair(judge, leg, same_streams, tally);
}

void ds_check_answer_streams(struct ds_judge *judge)
{
    ds_judge_legs(judge, "answer to an offer in an INVITE",
                  "answers with the streams of their offer", streams);
}

/* ---- MED-19 ---- */

static void accepts(struct ds_judge *judge, const struct pair *pair, struct ds_tally *tally)
{
    if (ds_msg_status(pair->answer->msg) < 200 || ds_event_audio(pair->offer)->at.port == 0)
        return;
    if (ds_event_audio(pair->answer)->at.port != 0)
        ds_tally_good(tally, pair->answer->frame);
    else
        ds_tally_bad(tally, pair->answer->frame,
                     "%s answers the call in frame %u and refuses its audio with port 0",
                     ds_trace_name(judge->trace, pair->answer->from).text, pair->answer->frame);
}

static void accepted(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    each_pair(judge, leg, accepts, tally);
}

void ds_check_audio_accepted(struct ds_judge *judge)
{
    ds_judge_legs(judge, "answered call that offered audio", "answers that take the audio",
                  accepted);
}
