#include "admission_internal.h"
#include "conference_internal.h"
#include "transfer_internal.h"
#include "trunk_internal.h"

#include <stdio.h>

/* ---- what the wire does to an end ---- */

void ds_end_over(struct ds_end *end, enum ds_end_state state, int status, const struct ds_msg *msg)
{
    ds_end_forget_focus(end);
    ds_admission_release(&end->admission);
    ds_end_close_media(end);
    ds_end_park_reported(end, status < 300 ? 480 : status);
    ds_timer_stop(ds_net_clock(end->node->net), &end->offer_again);
    end->waits_to_invite = false;
    end->waits_to_answer = 0;
    ds_session_free(&end->session);
    ds_end_become(end, state, status, msg);
}

void ds_ends_lose(struct ds_node *node)
{
    for (struct ds_list *at = node->ends.next; at != &node->ends; at = at->next) {
        struct ds_end *end = DS_OWNER(at, struct ds_end, link);
        end->part = NULL;
        if (end->session != NULL || end->waits_to_invite)
            ds_end_over(end, DS_END_ENDED, 0, NULL);
    }
}

static void on_progress(void *owner, const struct ds_msg *msg)
{
    struct ds_end *end = owner;
    struct ds_sdp sdp;
    const struct ds_sdp_media *audio = ds_message_audio(msg, &sdp);
    int status = ds_msg_status(msg);
    ds_end_aim(end, audio);
    if (status == 180)
        ds_end_become(end, DS_END_RINGING, status, msg);
    else if (audio != NULL)
        ds_end_become(end, DS_END_EARLY, status, msg);
}

static void on_answered(void *owner, const struct ds_msg *msg)
{
    struct ds_end *end = owner;
    struct ds_sdp sdp;
    if (!ds_end_aim(end, ds_message_audio(msg, &sdp))) {
        ds_node_log(end->node, 1, "this answer is not encrypted as it is to be");
        ds_session_hang_up(end->session, NULL);
        return;
    }
    if (end->moves == NULL) /* else the person speaks in another call still */
        ds_end_start_talking(end);
    ds_end_become(end, DS_END_ANSWERED, ds_msg_status(msg), msg);
    if (end->stands_for != NULL)
        ds_end_take_place(end);
    else if (end->moves != NULL)
        ds_end_reached_focus(end);
    else if (end->parks != NULL)
        ds_end_park_answered(end, msg);
}

static void on_refused(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_end *end = owner;
    if (end->moves != NULL)
        end->moves->added_status = status;
    ds_end_over(end, DS_END_FAILED, status, msg);
    if (end->stands_for != NULL)
        ds_end_transfer_failed(end, status);
}

static void on_cancelled(void *owner, const struct ds_msg *cancel)
{
    ds_end_over(owner, DS_END_ENDED, 487, cancel);
}

static void on_confirmed(void *owner, const struct ds_msg *ack)
{
    struct ds_end *end = owner;
    struct ds_sdp sdp;
    ds_end_aim(end, ds_message_audio(ack, &sdp)); /* the answer, where the INVITE made no offer */
}

/* Headers and Contact that go with what this end says. */
struct ds_content ds_end_content(struct ds_end *end, struct ds_slice body)
{
    struct ds_content content = {.body = body};
    if (end->line->contact != NULL) {
        end->line->contact(end->node, end->contact, sizeof end->contact);
        content.contact = end->contact;
    } else if (end->contact[0] != '\0') {
        content.contact = end->contact;
    }
    if (end->accepted_content_id[0] != '\0' && body.len > 0) {
        snprintf(end->headers, sizeof end->headers, "ms-accepted-content-id: %s\r\n",
                 end->accepted_content_id);
        content.extra_headers = end->headers;
    }
    return content;
}

static void on_ended(void *owner, const struct ds_msg *bye)
{
    struct ds_end *end = owner;
    struct ds_end *old = bye == NULL ? NULL : ds_end_goes_on_there(end);
    ds_end_over(old != NULL ? old : end, DS_END_ENDED, 0, bye);
    if (old == NULL)
        ds_end_transfer_over(end);
}

const struct ds_session_events ds_end_events = {
    .progress = on_progress,
    .answered = on_answered,
    .refused = on_refused,
    .cancelled = on_cancelled,
    .confirmed = on_confirmed,
    .offer = ds_end_take_offer,
    .offer_done = ds_end_offer_done,
    .late_answer = ds_end_late_answer,
    .asked = ds_end_asked,
    .ended = on_ended,
};

struct ds_end *ds_end_incoming(struct ds_node *node,
                               const struct ds_line *line,
                               struct ds_session *session,
                               const struct ds_msg *msg)
{
    struct ds_end *end = NULL;
    struct ds_slice from;
    if (ds_end_new(node, line, &end) != DS_OK) {
        ds_session_refuse(session, 503, &(struct ds_content){0});
        ds_session_free(&session);
        return NULL;
    }
    end->incoming = true;
    end->session = session;
    if (ds_msg_header(msg, "From", 0, &from))
        ds_node_number(from, end->peer_number, sizeof end->peer_number);
    struct ds_media_ice how = {.gathered = ds_end_gathered, .owner = end};
    if (line->style == DS_SDP_CLIENT && ds_node_use_ice(node, end->media, &how, NULL) != DS_OK)
        ds_node_log(node, 1, "out of memory: no candidates are gathered");
    ds_session_own(session, &ds_end_events, end);
    ds_node_set_flaws(node, session);
    ds_end_become(end, DS_END_CALLING, 0, msg);
    ds_end_be_patient(end);
    ds_end_ask_for_bandwidth(end, msg);
    return end;
}

/* ---- what a person does ---- */

ds_rc ds_end_wrong_state(const struct ds_end *end, const char *what, struct ds_why *why)
{
    return ds_fail(why, DS_STATE, "%s cannot %s: this call is %s%s", end->node->place->name, what,
                   ds_end_state_name(end->state), end->incoming ? "" : " and was made by it");
}

static bool may_still_answer(const struct ds_end *end)
{
    return end->incoming && end->session != NULL && end->state <= DS_END_EARLY;
}

/* The answer to the INVITE's offer, and the audio aimed at it. Empty: nothing in common. */
static struct ds_slice answer_offer(struct ds_end *end)
{
    struct ds_sdp sdp;
    const struct ds_msg *invite = ds_session_invite_msg(end->session);
    const struct ds_sdp_media *offer = end->line->choose_offer != NULL
                                           ? end->line->choose_offer(end, invite, &sdp)
                                           : ds_message_audio(invite, &sdp);
    enum ds_direction direction =
        offer == NULL ? DS_SENDRECV : ds_direction_mirror(offer->direction);
    struct ds_slice body = ds_end_describe(end, direction, offer);
    if (body.len > 0)
        ds_end_aim(end, offer);
    return body;
}

static void on_t301(struct ds_timer *timer)
{
    struct ds_end *end = DS_OWNER(timer, struct ds_end, alerting);
    struct ds_why why;
    ds_rc rc = end->incoming ? ds_end_refuse(end, 480, &why) : ds_end_hang_up(end, &why);
    if (rc != DS_OK)
        ds_node_log(end->node, 1, "%s", why.text);
}

ds_rc ds_end_wait_at_most(struct ds_end *end, ds_us at_most_us, struct ds_why *why)
{
    end->alerting.whose = ds_addr_ip4(&end->node->place->at);
    ds_rc rc = ds_timer_start(ds_net_clock(end->node->net), &end->alerting, at_most_us, on_t301);
    return rc == DS_OK ? DS_OK : ds_fail_memory(why);
}

void ds_end_be_patient(struct ds_end *end)
{
    struct ds_why why;
    if (ds_end_wait_at_most(end, DS_PATIENCE, &why) != DS_OK)
        ds_node_log(end->node, 1, "%s", why.text);
}

ds_rc ds_end_ring(struct ds_end *end, struct ds_why *why)
{
    DS_CHECK(end, DS_END_MAGIC);
    if (!may_still_answer(end))
        return ds_end_wrong_state(end, "ring", why);
    struct ds_content content = ds_end_content(end, (struct ds_slice){NULL, 0});
    content.reliable = end->node->place->prack;
    ds_session_progress(end->session, 180, &content);
    bool first = (end->reached & 1u << DS_END_RINGING) == 0;
    ds_end_become(end, DS_END_RINGING, 180, ds_session_invite_msg(end->session));
    return end->line->rings_for == 0 || !first
               ? DS_OK
               : ds_end_wait_at_most(end, end->line->rings_for, why);
}

/* Refuses with 488 and says so, where the offer lists no codec of ours. */
static ds_rc nothing_in_common(struct ds_end *end, struct ds_why *why)
{
    ds_session_refuse(end->session, 488, &(struct ds_content){0});
    ds_end_over(end, DS_END_FAILED, 488, NULL);
    return ds_fail(why, DS_BAD,
                   "%s has no codec or no encryption in common with the offer: refused with 488",
                   end->node->place->name);
}

/* It is said when the candidates are there that go with it (ds_end_gathered). */
static bool waits_for_candidates(struct ds_end *end, int status)
{
    if (ds_media_gathered(end->media))
        return false;
    end->waits_to_answer = status;
    return true;
}

ds_rc ds_end_early_media(struct ds_end *end, struct ds_why *why)
{
    DS_CHECK(end, DS_END_MAGIC);
    if (!may_still_answer(end))
        return ds_end_wrong_state(end, "send early media", why);
    if (waits_for_candidates(end, 183))
        return DS_OK;
    struct ds_content content = ds_end_content(end, answer_offer(end));
    if (content.body.len == 0)
        return nothing_in_common(end, why);
    content.reliable = end->node->place->prack;
    ds_session_progress(end->session, 183, &content);
    ds_end_start_talking(end);
    ds_end_become(end, DS_END_EARLY, 183, ds_session_invite_msg(end->session));
    return DS_OK;
}

ds_rc ds_end_answer(struct ds_end *end, struct ds_why *why)
{
    DS_CHECK(end, DS_END_MAGIC);
    if (!may_still_answer(end))
        return ds_end_wrong_state(end, "answer", why);
    if (waits_for_candidates(end, 200))
        return DS_OK;
    struct ds_content content = ds_end_content(end, answer_offer(end));
    if (content.body.len == 0)
        return nothing_in_common(end, why);
    ds_session_answer(end->session, &content);
    ds_end_start_talking(end);
    ds_end_become(end, DS_END_ANSWERED, 200, ds_session_invite_msg(end->session));
    if (end->stands_for != NULL)
        ds_end_take_place(end);
    return DS_OK;
}

ds_rc ds_end_refuse(struct ds_end *end, int status, struct ds_why *why)
{
    DS_CHECK(end, DS_END_MAGIC);
    if (!may_still_answer(end))
        return ds_end_wrong_state(end, "refuse", why);
    if (status < 300 || status > 699)
        return ds_fail(why, DS_BAD, "%d refuses nothing: give a status from 300 to 699", status);
    ds_trunk_reason(end->node->place->role == DS_ROLE_CLIENT ? 0 : status, end->headers,
                    sizeof end->headers);
    const struct ds_content content = {.extra_headers = end->headers};
    ds_session_refuse(end->session, status, &content);
    ds_end_over(end, DS_END_FAILED, status, NULL);
    return DS_OK;
}

ds_rc ds_end_hang_up(struct ds_end *end, struct ds_why *why)
{
    DS_CHECK(end, DS_END_MAGIC);
    if (end->waits_to_invite) {
        ds_end_over(end, DS_END_ENDED, 487, NULL);
        return DS_OK;
    }
    if (end->session == NULL)
        return ds_end_wrong_state(end, "hang up", why);
    if (may_still_answer(end))
        return ds_end_refuse(end, 480, why);
    ds_end_forget_focus(end);
    ds_end_stop_media(end);
    ds_session_hang_up(end->session,
                       end->node->place->role == DS_ROLE_CLIENT ? NULL : "Q.850;cause=16");
    return DS_OK;
}

ds_rc ds_end_talk(struct ds_end *end, bool talking, struct ds_why *why)
{
    DS_CHECK(end, DS_END_MAGIC);
    if (end->state != DS_END_ANSWERED && end->state != DS_END_EARLY)
        return ds_end_wrong_state(end, "talk", why);
    end->talking = talking;
    if (talking)
        ds_media_talk(end->media, end->node->place->tone_hz);
    else
        ds_media_fall_silent(end->media);
    return DS_OK;
}

ds_rc ds_end_digits_send(struct ds_end *end, const char *digits, struct ds_why *why)
{
    uint8_t event;
    DS_CHECK(end, DS_END_MAGIC);
    if (end->state != DS_END_ANSWERED && end->state != DS_END_EARLY)
        return ds_end_wrong_state(end, "send digits", why);
    for (const char *digit = digits; *digit != '\0'; digit++)
        if (ds_rtp_event_of(*digit, &event) != DS_OK)
            return ds_fail(why, DS_BAD, "'%c' is no DTMF digit: use 0-9, *, # and A-D", *digit);
    ds_media_digits(end->media, digits);
    return DS_OK;
}
