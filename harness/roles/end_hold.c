#include "transfer_internal.h"

/* Hold and resume, from either side (RFC 3264 8.4, RFC 3261 14). */

/* Who holds goes on holding, whatever the peer does. */
static enum ds_direction agreed_direction(const struct ds_end *end,
                                          const struct ds_sdp_media *audio)
{
    if (end->holding)
        return DS_INACTIVE;
    return audio == NULL ? DS_SENDRECV : ds_direction_mirror(audio->direction);
}

static void agree_on(struct ds_end *end, enum ds_direction direction)
{
    bool silent =
        end->state == DS_END_HELD && ds_node_has_defect(end->node, "stays_silent_after_hold");
    ds_media_hold(end->media, silent ? DS_INACTIVE : direction);
}

/* The peer holds or resumes. */
void ds_end_take_offer(void *owner, const struct ds_msg *msg)
{
    struct ds_end *end = owner;
    struct ds_sdp sdp;
    const struct ds_sdp_media *audio = ds_message_audio(msg, &sdp);
    enum ds_direction direction = agreed_direction(end, audio);
    if (ds_node_has_defect(end->node, "answers_hold_with_sendrecv"))
        direction = DS_SENDRECV;
    bool has_own = end->line->contact == NULL && end->contact[0] != '\0'; /* RFC 4579 4 */
    const struct ds_content content = {.body = ds_end_describe(end, direction, audio),
                                       .contact = has_own ? end->contact : NULL};
    if (content.body.len == 0) {
        ds_session_answer_offer(end->session, 488, &(struct ds_content){0});
        return;
    }
    ds_end_aim(end, audio);
    agree_on(end, direction);
    ds_session_answer_offer(end->session, 200, &content);
    ds_end_become(end, direction == DS_SENDRECV ? DS_END_ANSWERED : DS_END_HELD, 0, msg);
}

/* Hold or resume, as the person at this end wants it. */
static void offer_direction(struct ds_end *end)
{
    enum ds_direction direction = end->holding ? DS_INACTIVE : DS_SENDRECV;
    if (end->holding && ds_node_has_defect(end->node, "holds_sendonly"))
        direction = DS_SENDONLY;
    struct ds_slice body = {NULL, 0};
    if (!end->asks)
        body = ds_end_describe(end, direction, NULL);
    const struct ds_content content = ds_end_content(end, body);
    ds_session_offer(end->session, &content);
}

static void offer_again(struct ds_timer *timer)
{
    struct ds_end *end = DS_OWNER(timer, struct ds_end, offer_again);
    offer_direction(end);
}

/* An offer that met another's is made again when both have waited (RFC 3261 14.1). */
static void on_offer_refused(struct ds_end *end, int status)
{
    struct ds_clock *clock = ds_net_clock(end->node->net);
    bool at_once = ds_node_has_defect(end->node, "offers_again_at_once");
    ds_us wait_us = at_once ? 0 : ds_session_glare_us(end->session);
    ds_node_log(end->node, 1, "the other end refused our offer: %d", status);
    if (status != 491) {
        end->holding = !end->holding;
        end->offering = false;
        ds_end_park_failed(end, status);
    } else if (ds_timer_start(clock, &end->offer_again, wait_us, offer_again) != DS_OK) {
        ds_node_log(end->node, 1, "out of memory: the offer is not made again");
    }
}

void ds_end_offer_done(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_end *end = owner;
    struct ds_sdp sdp;
    const struct ds_sdp_media *audio = ds_message_audio(msg, &sdp);
    enum ds_direction direction = agreed_direction(end, audio);
    if (status < 200 || status > 299) {
        on_offer_refused(end, status);
        return;
    }
    end->offering = ds_timer_running(&end->offer_again);
    agree_on(end, direction);
    ds_end_aim(end, audio);
    ds_end_become(end, direction == DS_SENDRECV ? DS_END_ANSWERED : DS_END_HELD, 0, msg);
    if (end->parking)
        ds_end_park_held(end, audio);
}

/* The other end has made the offer: what it wants is agreed to. */
struct ds_slice ds_end_late_answer(void *owner, const struct ds_msg *msg)
{
    struct ds_end *end = owner;
    struct ds_sdp sdp;
    const struct ds_sdp_media *audio = ds_message_audio(msg, &sdp);
    return ds_end_describe(end, agreed_direction(end, audio), audio);
}

static void move_audio(struct ds_end *end)
{
    if (ds_end_open_media(end) == DS_OK && end->talking)
        ds_end_start_talking(end);
}

static ds_rc hold(struct ds_end *end, bool held, bool asks, struct ds_why *why)
{
    if (end->node->place->earlier_device)
        return ds_fail(why, DS_STATE, "%s is an earlier device of the PBX and cannot hold",
                       end->node->place->name);
    if (end->state != (held ? DS_END_ANSWERED : DS_END_HELD))
        return ds_end_wrong_state(end, held ? "hold" : "resume", why);
    if (!held && ds_node_has_defect(end->node, "moves_audio_after_hold"))
        move_audio(end);
    end->holding = held;
    end->asks = asks;
    end->offering = true;
    if (!ds_timer_running(&end->offer_again)) /* else it is offered when the wait is over */
        offer_direction(end);
    return DS_OK;
}

ds_rc ds_end_hold(struct ds_end *end, bool held, struct ds_why *why)
{
    DS_CHECK(end, DS_END_MAGIC);
    return hold(end, held, false, why);
}

ds_rc ds_end_resume_without_offer(struct ds_end *end, struct ds_why *why)
{
    DS_CHECK(end, DS_END_MAGIC);
    return hold(end, false, true, why);
}
