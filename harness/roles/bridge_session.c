#include "transfer_internal.h"
#include "trunk_internal.h"

/* What the wire does to either leg of a bridge, and how the other leg follows. */

static void reply(struct ds_bridge *bridge, int status, struct ds_content *content)
{
    if (bridge->policy->dress_reply != NULL)
        bridge->policy->dress_reply(bridge, status, content);
    if (status < 200)
        ds_session_progress(bridge->in.session, status, content);
    else
        ds_session_answer(bridge->in.session, content);
}

static void happened(struct ds_bridge *bridge, enum ds_bridge_event event)
{
    if (bridge->policy->happened != NULL)
        bridge->policy->happened(bridge, event);
}

/* The incoming leg's own audio, as its INVITE offered it. */
static void aim_at_caller(struct ds_bridge *bridge)
{
    struct ds_sdp sdp;
    ds_bridge_aim(&bridge->in, ds_message_audio(bridge->invite, &sdp));
}

/* What the called side says of its audio decides, where it was shown a second body, whether the
 * audio goes past us. */
static const struct ds_sdp_media *
take_answer(struct ds_bridge *bridge, const struct ds_msg *msg, struct ds_sdp *sdp)
{
    const struct ds_sdp_media *audio = ds_message_audio(msg, sdp);
    if (audio == NULL)
        return NULL;
    if (bridge->gateway.session_id != 0)
        bridge->straight = bridge->policy->straight(bridge, msg);
    if (!bridge->straight)
        ds_bridge_aim(&bridge->out, audio);
    ds_bridge_keep_said(&bridge->out, msg);
    return audio;
}

/* From the answer on the callee knows the session by the body it took, and nothing of ours. */
static void settle(struct ds_bridge *bridge)
{
    struct ds_description taken = bridge->gateway;
    if (!bridge->straight || taken.session_id == 0)
        return;
    bridge->gateway = bridge->out.description;
    bridge->out.description = taken;
    ds_bridge_close_media(bridge);
}

/* ---- the leg that went out ---- */

static void out_progress(void *owner, const struct ds_msg *msg)
{
    struct ds_bridge *bridge = ((struct ds_bridge_side *)owner)->bridge;
    struct ds_sdp sdp;
    if (!bridge->alerts)
        ds_bridge_patience(bridge, true);
    const struct ds_sdp_media *audio = take_answer(bridge, msg, &sdp);
    struct ds_content content = {.reliable = bridge->node->place->prack};
    if (bridge->in.session == NULL || bridge->ending ||
        ds_node_has_defect(bridge->node, "slow_progress"))
        return;
    if (!ds_bridge_show_fork(bridge, msg, &content))
        return;
    if (audio != NULL)
        content.body = ds_bridge_say(&bridge->in, audio, bridge->invite);
    if (ds_msg_status(msg) != 180 || !ds_node_has_defect(bridge->node, "hides_ringing"))
        reply(bridge, ds_msg_status(msg), &content);
    if (ds_msg_status(msg) == 180)
        happened(bridge, DS_BRIDGE_RINGS);
    if (audio != NULL && !bridge->straight)
        aim_at_caller(bridge);
}

/* What was answered cannot be passed on, or may not be taken: both legs end. */
static void refuse_answer(struct ds_bridge *bridge)
{
    bridge->ending = true;
    ds_bridge_quiet(bridge);
    ds_session_hang_up(bridge->out.session, NULL);
    ds_bridge_refuse(bridge, 488, NULL);
}

static void out_answered(void *owner, const struct ds_msg *msg)
{
    struct ds_bridge *bridge = ((struct ds_bridge_side *)owner)->bridge;
    struct ds_sdp sdp;
    const struct ds_sdp_media *audio = take_answer(bridge, msg, &sdp);
    ds_bridge_patience_over(bridge);
    if (bridge->stands_for != NULL) {
        ds_bridge_take_place(bridge, msg);
        return;
    }
    if (bridge->in.session == NULL || bridge->ending) {
        ds_session_hang_up(bridge->out.session, NULL);
        return;
    }
    struct ds_content content = {0};
    settle(bridge);
    (void)ds_bridge_show_fork(bridge, msg, &content);
    content.body = ds_bridge_say(&bridge->in, audio, bridge->invite);
    if (audio != NULL && content.body.len == 0) {
        refuse_answer(bridge);
        return;
    }
    reply(bridge, 200, &content);
    happened(bridge, DS_BRIDGE_ANSWERED);
    aim_at_caller(bridge);
    ds_bridge_watch_fax(bridge);
    ds_bridge_supervise(bridge);
}

static void out_refused(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_bridge *bridge = ((struct ds_bridge_side *)owner)->bridge;
    ds_session_free(&bridge->out.session);
    ds_bridge_patience_over(bridge);
    if (bridge->in.session != NULL && bridge->policy->failed != NULL)
        status = bridge->policy->failed(bridge, status, msg);
    if (status == 0)
        return;
    ds_trunk_reason(status, bridge->headers, sizeof bridge->headers);
    ds_bridge_refuse(bridge, status, bridge->headers);
}

/* ---- either leg ---- */

static const char *reason_for(const struct ds_bridge_side *side)
{
    const struct ds_trunk *trunk = ds_bridge_trunk(side);
    return trunk != NULL && trunk->kind == DS_TRUNK_TDM ? "Q.850;cause=16" : NULL;
}

static void end_other(struct ds_bridge_side *side)
{
    struct ds_bridge_side *other = ds_bridge_other(side);
    bool first = !side->bridge->ending;
    side->bridge->ending = true;
    ds_bridge_supervise_over(side->bridge);
    ds_bridge_quiet(side->bridge);
    ds_bridge_end_twin(side->bridge);
    ds_bridge_transfer_over(side->bridge);
    if (first && other->session != NULL)
        ds_session_hang_up(other->session, reason_for(other));
}

void ds_bridge_hang_up(struct ds_bridge *bridge)
{
    bridge->ending = true;
    ds_bridge_supervise_over(bridge);
    ds_bridge_quiet(bridge);
    if (bridge->in.session != NULL)
        ds_session_hang_up(bridge->in.session, reason_for(&bridge->in));
    if (bridge->out.session != NULL)
        ds_session_hang_up(bridge->out.session, reason_for(&bridge->out));
}

static void in_cancelled(void *owner, const struct ds_msg *cancel)
{
    struct ds_bridge_side *side = owner;
    struct ds_bridge *bridge = side->bridge;
    (void)cancel;
    ds_session_free(&side->session);
    if (!ds_node_has_defect(bridge->node, "ignores_cancel"))
        end_other(side);
    ds_bridge_over(bridge);
}

static void side_ended(void *owner, const struct ds_msg *bye)
{
    struct ds_bridge_side *side = owner;
    struct ds_bridge *bridge = side->bridge;
    (void)bye;
    ds_session_free(&side->session);
    if (ds_node_has_defect(bridge->node, "keeps_leg_after_bye"))
        ds_bridge_quiet(bridge);
    else
        end_other(side);
    ds_bridge_over(bridge);
}

/* Its fax, where the message is about one; else its audio. */
static const struct ds_sdp_media *media_of(const struct ds_msg *msg, struct ds_sdp *sdp)
{
    const struct ds_sdp_media *image = ds_message_fax(msg, sdp);
    return image != NULL ? image : ds_message_audio(msg, sdp);
}

/* Hold, resume and any other change: the other side is asked first, and its answer is passed back.
 * Where that side has just asked for one itself, both may ask again (RFC 3261 14.2). */
static void side_offer(void *owner, const struct ds_msg *msg)
{
    struct ds_bridge_side *side = owner;
    struct ds_bridge_side *other = ds_bridge_other(side);
    struct ds_sdp sdp;
    if (other->offer != NULL || side->bridge->fax_offered) {
        ds_session_answer_offer(side->session, 491, &(struct ds_content){0});
        return;
    }
    const struct ds_sdp_media *image = ds_message_fax(msg, &sdp);
    if (image != NULL && !side->bridge->straight) {
        ds_bridge_take_fax(side, image);
        return;
    }
    const struct ds_sdp_media *media = media_of(msg, &sdp);
    bool asks = ds_bridge_passes_asking(side, msg);
    struct ds_content content = {.body = {NULL, 0}};
    if (other->session != NULL && !asks)
        content.body = ds_bridge_say(other, media, NULL);
    if (other->session == NULL || side->bridge->ending || (content.body.len == 0 && !asks)) {
        ds_session_answer_offer(side->session, 488, &(struct ds_content){0});
        return;
    }
    ds_bridge_aim(side, media);
    ds_bridge_keep_said(side, msg);
    if (side->offer != NULL)
        ds_msg_unref(&side->offer);
    side->offer = ds_msg_ref(msg);
    ds_session_offer(other->session, &content);
}

static void side_offer_done(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_bridge_side *side = owner;
    struct ds_bridge_side *other = ds_bridge_other(side);
    struct ds_sdp sdp;
    if (ds_bridge_fax_done(side, status, msg) || ds_bridge_transfer_done(side, status, msg))
        return;
    const struct ds_sdp_media *media = media_of(msg, &sdp);
    if (other->offer == NULL || other->session == NULL)
        return;
    struct ds_content content = {0};
    if (status >= 200 && status < 300) {
        ds_bridge_aim(side, media);
        ds_bridge_supervise(side->bridge);
        ds_bridge_keep_said(side, msg);
        content.body = ds_bridge_say(other, media, other->offer);
        status = media != NULL && content.body.len == 0 ? 488 : status;
    }
    ds_session_answer_offer(other->session, status, &content);
    ds_msg_unref(&other->offer);
}

static void side_confirmed(void *owner, const struct ds_msg *ack)
{
    struct ds_sdp sdp;
    ds_bridge_keep_said(owner, ack);
    ds_bridge_aim(owner,
                  ds_message_audio(ack, &sdp)); /* the answer, where the INVITE made no offer */
}

const struct ds_session_events ds_bridge_in_events = {
    .cancelled = in_cancelled,
    .confirmed = side_confirmed,
    .offer = side_offer,
    .offer_done = side_offer_done,
    .late_answer = ds_bridge_late_answer,
    .asked = ds_bridge_asked,
    .ended = side_ended,
};

const struct ds_session_events ds_bridge_out_events = {
    .progress = out_progress,
    .answered = out_answered,
    .refused = out_refused,
    .confirmed = side_confirmed,
    .offer = side_offer,
    .offer_done = side_offer_done,
    .late_answer = ds_bridge_late_answer,
    .asked = ds_bridge_asked,
    .ended = side_ended,
};
