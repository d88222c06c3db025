#include "check_internal.h"

/* SIG-21: what the Mediation Server offers a peer that leaves the offer to it. */

/* Does its own side hold the call? Then it may go on doing so. */
static bool holds(const struct ds_leg *leg, size_t before, const struct ds_topo_node *mediation)
{
    bool held = false;
    for (size_t i = 0; i < before; i++) {
        const struct ds_event *event = leg->events[i];
        const struct ds_sdp_media *audio = ds_event_audio(event);
        if (event->from_node == mediation && audio != NULL && ds_event_requests(event, "INVITE"))
            held = audio->direction != DS_SENDRECV;
    }
    return held;
}

static void one_answer(const struct ds_judge *judge,
                       const struct ds_leg *leg,
                       size_t at,
                       struct ds_tally *tally)
{
    const struct ds_event *answer = leg->events[at], *request;
    const struct ds_trunk *trunk = ds_judge_trunk(judge, answer->from_node, answer->to_node);
    if (trunk == NULL || trunk->a != answer->from_node || answer->retransmission ||
        !ds_event_answers_invite(answer, 200, 299))
        return;
    request = ds_leg_request(leg, at);
    if (request == NULL || !ds_event_is_reinvite(request) || ds_msg_body(request->msg).len > 0 ||
        holds(leg, at, trunk->a))
        return;
    const struct ds_sdp_media *audio = ds_event_audio(answer);
    if (audio != NULL && audio->direction == DS_SENDRECV)
        ds_tally_good(tally, answer->frame);
    else
        ds_tally_bad(tally, answer->frame,
                     "%s answers the re-INVITE of frame %u, without SDP, with %s", trunk->a->name,
                     request->frame,
                     audio == NULL ? "no offer" : ds_direction_name(audio->direction));
}

static void one_leg(struct ds_judge *judge, const struct ds_leg *leg, struct ds_tally *tally)
{
    for (size_t i = 0; i < leg->event_count; i++)
        one_answer(judge, leg, i, tally);
}

void ds_check_asked_offer(struct ds_judge *judge)
{
    ds_judge_legs(judge, "re-INVITE without SDP on a trunk",
                  "re-INVITEs without SDP, answered with an offer to send and receive", one_leg);
}
