#include "check_internal.h"

/* SIG-01 … SIG-03: holding a call, and the version of what is offered. */

static bool is_nowhere(const struct ds_sdp_media *audio)
{
    return ds_addr_is_v4(&audio->at) && ds_addr_ip4(&audio->at) == 0;
}

/* ---- SIG-01 ---- */

static void held(struct ds_judge *judge, const struct ds_event *event, struct ds_tally *tally)
{
    const struct ds_sdp_media *audio = ds_event_audio(event);
    if (!ds_event_is_reinvite(event) || audio == NULL)
        return;
    if (is_nowhere(audio))
        ds_tally_bad(tally, event->frame, "%s holds with c=0.0.0.0 in frame %u",
                     ds_trace_name(judge->trace, event->from).text, event->frame);
    else if (audio->direction == DS_INACTIVE)
        ds_tally_good(tally, event->frame);
    else if (audio->direction != DS_SENDRECV)
        ds_tally_bad(tally, event->frame, "%s holds with a=%s in frame %u",
                     ds_trace_name(judge->trace, event->from).text,
                     ds_direction_name(audio->direction), event->frame);
}

void ds_check_hold_inactive(struct ds_judge *judge)
{
    ds_judge_messages(judge, "hold", "offers to hold, with a=inactive", held);
}

/* ---- SIG-02 ---- */

#define MOST_HOLDS 16

/* Inactive offers whose answer is still to come. */
struct holds {
    const struct ds_event *waiting[MOST_HOLDS];
    size_t next;
};

static const struct ds_event *offer_of(struct holds *holds, const struct ds_event *answer)
{
    for (size_t i = 0; i < MOST_HOLDS; i++) {
        const struct ds_event *offer = holds->waiting[i];
        if (offer != NULL && offer->leg == answer->leg &&
            ds_msg_cseq(offer->msg) == ds_msg_cseq(answer->msg) &&
            ds_addr_same_ip(offer->from, answer->to) && ds_addr_same_ip(offer->to, answer->from))
            return offer;
    }
    return NULL;
}

static void take_answer(const struct ds_judge *judge,
                        const struct ds_event *answer,
                        const struct ds_event *offer,
                        struct ds_tally *tally)
{
    enum ds_direction direction = ds_event_audio(answer)->direction;
    if (direction == DS_INACTIVE)
        ds_tally_good(tally, answer->frame);
    else
        ds_tally_bad(tally, answer->frame,
                     "%s answers the inactive offer of frame %u with a=%s in frame %u",
                     ds_trace_name(judge->trace, answer->from).text, offer->frame,
                     ds_direction_name(direction), answer->frame);
}

static void one_hold_answer(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct holds holds = {.next = 0};
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->event_count; i++) {
        const struct ds_event *event = subject->call->events[i], *offer;
        const struct ds_sdp_media *audio = ds_event_audio(event);
        if (audio == NULL)
            continue;
        if (ds_event_is_reinvite(event) && audio->direction == DS_INACTIVE)
            holds.waiting[holds.next++ % MOST_HOLDS] = event;
        else if (ds_event_answers_invite(event, 200, 299) &&
                 (offer = offer_of(&holds, event)) != NULL)
            take_answer(judge, event, offer, &tally);
    }
    ds_judge_tally(judge, &tally, "answers to inactive offers are inactive");
}

void ds_check_hold_answer(struct ds_judge *judge)
{
    ds_judge_calls(judge, "answer to an inactive offer", one_hold_answer);
}

/* ---- SIG-03 ---- */

#define MOST_VOICES 32

/* One end of a dialog, on one hop, and what it described last. */
struct voice {
    const struct ds_leg *leg;
    struct ds_addr from, to;
    struct ds_slice tag;
    const struct ds_sdp *sdp;
    uint64_t gateway_id; /* of the second body it offered; 0: none */
    uint32_t latest[2];  /* CSeq numbers: of its responses, and of its requests */
};

struct voices {
    struct voice list[MOST_VOICES];
    size_t next;
};

static struct ds_slice own_tag(const struct ds_event *event)
{
    return ds_msg_is_request(event->msg) ? ds_msg_from_tag(event->msg) : ds_msg_to_tag(event->msg);
}

/* The voice of a message; a new one takes the place of the oldest. */
static struct voice *voice_of(struct voices *voices, const struct ds_event *event)
{
    struct ds_slice tag = own_tag(event);
    for (size_t i = 0; i < MOST_VOICES; i++) {
        struct voice *voice = &voices->list[i];
        if (voice->leg == event->leg && ds_addr_same_ip(voice->from, event->from) &&
            ds_addr_same_ip(voice->to, event->to) && ds_slice_equal(voice->tag, tag))
            return voice;
    }
    struct voice *fresh = &voices->list[voices->next++ % MOST_VOICES];
    *fresh = (struct voice){.leg = event->leg, .from = event->from, .to = event->to, .tag = tag};
    return fresh;
}

/* Whoever took the gateway's body goes on under that body's session. */
static bool follows(const struct voice *voice, const struct ds_sdp *now)
{
    if (now == voice->sdp)
        return true;
    if (now->session_id != voice->sdp->session_id)
        return voice->gateway_id != 0 && now->session_id == voice->gateway_id;
    return now->version == voice->sdp->version + 1;
}

/* An answer that nobody acknowledged may be repeated after newer ones, over a newer connection. */
static bool is_late(struct voice *voice, const struct ds_event *event)
{
    uint32_t *latest = &voice->latest[ds_msg_is_request(event->msg)];
    uint32_t cseq = ds_msg_cseq(event->msg);
    bool late = cseq < *latest;
    *latest = late ? *latest : cseq;
    return late;
}

static void hear(const struct ds_judge *judge,
                 struct voice *voice,
                 const struct ds_event *event,
                 struct ds_tally *tally)
{
    const struct ds_sdp *now = event->sdp;
    if (voice->sdp != NULL && !follows(voice, now))
        ds_tally_bad(tally, event->frame,
                     "%s changes its description from o= %llu %llu to %llu %llu in frame %u",
                     ds_trace_name(judge->trace, event->from).text,
                     (unsigned long long)voice->sdp->session_id,
                     (unsigned long long)voice->sdp->version, (unsigned long long)now->session_id,
                     (unsigned long long)now->version, event->frame);
    else if (voice->sdp != NULL)
        ds_tally_good(tally, event->frame);
    voice->sdp = now;
    if (event->gateway_sdp != NULL)
        voice->gateway_id = event->gateway_sdp->session_id;
}

/* What a proxy passes on was said by somebody else, and is judged there: it may have missed some of
 * it. */
static bool passes_on(const struct ds_event *event)
{
    return ds_is_role(event->from_node, DS_ROLE_POOL) || ds_is_role(event->from_node, DS_ROLE_EDGE);
}

static void one_version(struct ds_judge *judge, const struct ds_subject *subject)
{
    struct voices voices = {.next = 0};
    struct ds_tally tally = {0};
    for (size_t i = 0; i < subject->call->event_count; i++) {
        const struct ds_event *event = subject->call->events[i];
        struct voice *voice =
            event->sdp == NULL || passes_on(event) ? NULL : voice_of(&voices, event);
        if (voice != NULL && !event->retransmission && !is_late(voice, event))
            hear(judge, voice, event, &tally);
    }
    ds_judge_tally(judge, &tally, "further descriptions, with versions that follow");
}

void ds_check_sdp_version(struct ds_judge *judge)
{
    ds_judge_calls(judge, "second description of the same end", one_version);
}
