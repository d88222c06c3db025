#include "transfer_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A call handed over at a back-to-back user agent. The call to the target is a bridge whose own
   incoming side is empty: when it is answered its outgoing side changes places with the side of
   whoever asked, whose session it keeps until that is cleared. */

/* ---- asking ---- */

bool ds_bridge_may_change(const struct ds_bridge_side *by)
{
    const struct ds_bridge *bridge = by->bridge;
    const struct ds_bridge_side *stays = ds_bridge_other(by);
    return bridge->transfer == NULL && !bridge->ending && by->offer == NULL &&
           stays->session != NULL && ds_session_state(stays->session) == DS_SESSION_UP &&
           bridge->fax == NULL && stays->said != NULL;
}

static const char *number_of(const struct ds_bridge_side *side)
{
    return side == &side->bridge->in ? side->bridge->caller : side->bridge->number;
}

/* The target is shown who stays. */
static void show_caller(struct ds_bridge *fresh, struct ds_bridge_side *by)
{
    bool defect = ds_node_has_defect(fresh->node, "shows_transferor");
    const struct ds_bridge_side *shown = defect ? by : ds_bridge_other(by);
    ds_slice_copy(ds_slice_of(number_of(shown)), fresh->caller, sizeof fresh->caller);
}

struct ds_bridge *ds_bridge_beside(struct ds_bridges *bridges,
                                   struct ds_bridge_side *by,
                                   const struct ds_bridge_policy *policy,
                                   const struct ds_msg *invite)
{
    struct ds_bridge_side *stays = ds_bridge_other(by);
    struct ds_bridge *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL)
        return NULL;
    fresh->node = by->bridge->node;
    fresh->policy = policy;
    ds_list_init(&fresh->forks.list);
    fresh->in = (struct ds_bridge_side){.bridge = fresh, .peer = stays->peer, .style = by->style};
    fresh->out = (struct ds_bridge_side){.bridge = fresh, .style = by->style};
    fresh->invite = ds_msg_ref(invite);
    fresh->stands_for = by;
    by->bridge->transfer = fresh;
    ds_list_append(&bridges->list, &fresh->link);
    return fresh;
}

static struct ds_bridge *new_transfer(struct ds_bridges *bridges,
                                      struct ds_bridge_side *by,
                                      const struct ds_msg *refer,
                                      const struct ds_bridge_policy *policy)
{
    struct ds_refer_target target;
    bool readable = ds_refer_target_read(refer, &target);
    struct ds_bridge *fresh =
        readable ? ds_bridge_beside(bridges, by, policy, ds_bridge_other(by)->said) : NULL;
    if (fresh == NULL)
        return NULL;
    fresh->refer = ds_msg_ref(refer);
    ds_node_number(ds_slice_of(target.uri), fresh->number, sizeof fresh->number);
    show_caller(fresh, by);
    return fresh;
}

void ds_bridge_transfer(struct ds_bridges *bridges,
                        struct ds_bridge_side *by,
                        const struct ds_msg *refer,
                        const struct ds_bridge_policy *policy,
                        ds_transfer_aim_fn *aim)
{
    if (!ds_bridge_may_change(by)) {
        ds_session_reply(by->session, 491, NULL);
        return;
    }
    struct ds_bridge *fresh = new_transfer(bridges, by, refer, policy);
    ds_session_reply(by->session, fresh == NULL ? 400 : 202, NULL);
    if (fresh == NULL)
        return;
    ds_session_report(by->session, 100);
    ds_node_log(fresh->node, 2, "%s is handed over to %s", fresh->caller, fresh->number);
    if (aim(fresh, by))
        ds_bridge_call(fresh);
    else
        ds_bridge_refuse(fresh, 404, NULL);
}

/* Towards elements that may act upon it; a circuit has no room for it. */
void ds_bridge_refer_on(struct ds_bridge *bridge, struct ds_invite *invite)
{
    struct ds_refer_target target = {.uri = ""};
    struct ds_slice value;
    const struct ds_topo_node *next = bridge->out.peer;
    const struct ds_msg *source = bridge->refer != NULL ? bridge->refer : bridge->invite;
    if (next == NULL || (next->role != DS_ROLE_POOL && next->role != DS_ROLE_MEDIATION) ||
        !ds_msg_header(source, "Referred-By", 0, &value))
        return;
    size_t len = invite->extra_headers == bridge->headers ? strlen(bridge->headers) : 0;
    len += (size_t)snprintf(bridge->headers + len, sizeof bridge->headers - len,
                            "Referred-By: %.*s\r\n", (int)(value.len < 400 ? value.len : 400),
                            value.at);
    if (bridge->refer != NULL && ds_refer_target_read(bridge->refer, &target))
        value = ds_slice_of(target.replaces);
    else if (!ds_msg_header(bridge->invite, "Replaces", 0, &value))
        value.len = 0;
    if (value.len > 0 && value.len < sizeof target.replaces)
        snprintf(bridge->headers + len, sizeof bridge->headers - len, "Replaces: %.*s\r\n",
                 DS_FMT(value));
    invite->extra_headers = bridge->headers;
}

/* ---- taking the place ---- */

static void swap_messages(struct ds_msg **one, struct ds_msg **other)
{
    struct ds_msg *kept = *one;
    *one = *other;
    *other = kept;
}

/* The session, and what each has said and heard in it. */
static void change_places(struct ds_bridge *fresh, struct ds_bridge_side *by)
{
    struct ds_bridge_side *leaves = &fresh->in, *comes = &fresh->out;
    struct ds_description description = by->description;
    bool calls = by == &by->bridge->out;
    leaves->session = by->session;
    leaves->peer = by->peer;
    by->session = comes->session;
    by->peer = comes->peer;
    comes->session = NULL;
    by->description = comes->description;
    comes->description = description;
    swap_messages(&by->said, &comes->said);
    ds_session_own(by->session, calls ? &ds_bridge_out_events : &ds_bridge_in_events, by);
    ds_session_own(leaves->session, &ds_bridge_in_events, leaves);
}

/* True where who stays has to be told of another place to send audio to. */
static bool join_audio(struct ds_bridge *fresh, struct ds_bridge_side *by)
{
    struct ds_bridge *bridge = by->bridge;
    struct ds_bridge_side *stays = ds_bridge_other(by);
    bool moves = fresh->straight || stays->media == NULL;
    ds_bridge_supervise_over(bridge);
    bridge->straight = fresh->straight;
    if (fresh->straight) {
        ds_bridge_close_media(bridge);
        return true;
    }
    if (by->media != NULL)
        ds_media_free(&by->media);
    by->media = fresh->out.media;
    fresh->out.media = NULL;
    if (stays->media == NULL) {
        stays->media = fresh->in.media;
        fresh->in.media = NULL;
    } else {
        ds_media_free(&fresh->in.media);
        ds_media_relay(by->media, stays->media);
    }
    return moves;
}

static bool was_on_hold(const struct ds_msg *said)
{
    struct ds_sdp sdp;
    const struct ds_sdp_media *audio = ds_message_audio(said, &sdp);
    return audio != NULL && audio->direction != DS_SENDRECV;
}

static void offer_change(struct ds_bridge *fresh)
{
    struct ds_sdp sdp;
    struct ds_bridge_side *by = fresh->stands_for, *stays = ds_bridge_other(by);
    const struct ds_content content = {
        .body = ds_bridge_say(stays, ds_message_audio(by->said, &sdp), NULL)};
    ds_session_offer(stays->session, &content);
}

/* Who asked hears of it, and leaves; who was replaced is cleared. */
static void report_success(struct ds_bridge *fresh)
{
    if (fresh->in.session != NULL && fresh->refer == NULL)
        ds_bridge_clear_replaced(fresh);
    else if (fresh->in.session != NULL && !ds_node_has_defect(fresh->node, "forgets_report"))
        ds_session_report(fresh->in.session, 200);
    if (fresh->stands_for != NULL)
        ds_bridge_supervise(fresh->stands_for->bridge);
    ds_bridge_transfer_forget(fresh);
}

/* An offer that waits for an answer from the other side gets it from nobody any more: whoever made
 * it may try again. */
static void turn_away_offer(struct ds_bridge_side *side)
{
    if (side->offer == NULL)
        return;
    ds_session_answer_offer(side->session, 491, &(struct ds_content){0});
    ds_msg_unref(&side->offer);
}

void ds_bridge_take_place(struct ds_bridge *fresh, const struct ds_msg *answer)
{
    struct ds_sdp sdp;
    struct ds_bridge_side *by = fresh->stands_for, *stays = ds_bridge_other(by);
    turn_away_offer(by);
    turn_away_offer(stays);
    change_places(fresh, by);
    bool held = was_on_hold(fresh->out.said);
    bool moves = join_audio(fresh, by);
    bool asks = ds_message_audio(answer, &sdp) != NULL && (moves || held);
    if (asks) /* first, so that SRTP has its key before anything comes */
        offer_change(fresh);
    ds_bridge_aim(stays, ds_message_audio(stays->said, &sdp));
    if (!asks)
        report_success(fresh);
}

static void offer_again(struct ds_timer *timer)
{
    struct ds_bridge *fresh = DS_OWNER(timer, struct ds_bridge, change_again);
    if (fresh->stands_for != NULL && ds_bridge_other(fresh->stands_for)->session != NULL)
        offer_change(fresh);
}

/* Two offers that meet are both made again (RFC 3261 14.1). */
bool ds_bridge_transfer_done(struct ds_bridge_side *side, int status, const struct ds_msg *msg)
{
    struct ds_sdp sdp;
    struct ds_bridge *fresh = side->bridge->transfer;
    if (fresh == NULL || fresh->in.session == NULL || fresh->stands_for == side)
        return false;
    struct ds_clock *clock = ds_net_clock(fresh->node->net);
    if (ds_timer_running(&fresh->change_again)) /* of an offer that was made before */
        return true;
    if (status == 491 && ds_timer_start(clock, &fresh->change_again,
                                        ds_session_glare_us(side->session), offer_again) == DS_OK)
        return true;
    if (status < 300) {
        ds_bridge_aim(side, ds_message_audio(msg, &sdp));
        ds_bridge_keep_said(side, msg);
    }
    report_success(fresh);
    return true;
}

/* ---- when it comes to nothing ---- */

void ds_bridge_transfer_failed(struct ds_bridge *fresh, int status)
{
    struct ds_bridge_side *by = fresh->stands_for;
    ds_bridge_transfer_forget(fresh);
    if (by == NULL || by->session == NULL)
        return;
    ds_session_report(by->session, status);
    if (ds_node_has_defect(fresh->node, "drops_failed_transfer"))
        ds_bridge_hang_up(by->bridge);
}

void ds_bridge_transfer_over(struct ds_bridge *bridge)
{
    struct ds_bridge *fresh = bridge->transfer;
    if (fresh == NULL)
        return;
    if (fresh->in.session != NULL) {
        report_success(fresh);
        return;
    }
    ds_bridge_transfer_forget(fresh);
    if (fresh->out.session != NULL)
        ds_bridge_abandon(fresh);
    ds_bridge_over(fresh);
}

void ds_bridge_transfer_forget(struct ds_bridge *bridge)
{
    struct ds_bridge *fresh = bridge->transfer;
    if (fresh != NULL)
        fresh->stands_for = NULL;
    bridge->transfer = NULL;
    if (bridge->stands_for != NULL)
        bridge->stands_for->bridge->transfer = NULL;
    bridge->stands_for = NULL;
    ds_timer_stop(ds_net_clock(bridge->node->net), &bridge->change_again);
}

/* ---- what is asked inside a call ---- */

/* Reports go back to who asked for the call that they tell of. */
static void pass_report(struct ds_bridge_side *side, int status)
{
    struct ds_bridge_side *other = ds_bridge_other(side);
    ds_session_reply(side->session, 200, NULL);
    if (other->session != NULL)
        ds_session_report(other->session, status);
}

void ds_bridge_asked(void *owner, const struct ds_msg *msg)
{
    struct ds_bridge_side *side = owner;
    const struct ds_bridge_policy *policy = side->bridge->policy;
    int status = ds_report_status(msg);
    if (status != 0)
        pass_report(side, status);
    else if (ds_msg_method_is(msg, "REFER") && policy->refer != NULL)
        policy->refer(side, msg);
    else
        ds_session_reply(side->session, ds_msg_method_is(msg, "INFO") ? 200 : 405, NULL);
    if (ds_bridge_is_flash(msg) && ds_node_has_defect(side->bridge->node, "passes_hook_flash"))
        ds_bridge_hold_other(side);
}
