#include "ua_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the ACK of a 2xx (RFC 3261 13.2.2.4) ---- */

void ds_ack_clean_up(struct ds_ack *ack)
{
    ds_msg_unref(&ack->msg);
}

static void send_ack(struct ds_session *session, const struct ds_ack *ack)
{
    if (session->flaws.no_ack || ack->msg == NULL)
        return;
    if (ds_sip_send(session->ua->sip, ack->msg, &ack->hop) != DS_OK)
        ds_ua_note(session->ua, "the ACK of %s could not be sent", session->dialog.call_id.at);
}

ds_rc ds_uac_ack(struct ds_session *session,
                 const struct ds_dialog *dialog,
                 const struct ds_msg *response,
                 struct ds_slice body,
                 struct ds_ack *out)
{
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *msg = NULL;
    struct ds_hop hop;
    ds_dialog_next_hop(dialog, session->ua, &hop);
    ds_dialog_request(dialog, session->ua, "ACK", ds_msg_cseq(response), &hop, &draft);
    ds_ua_write_signature(session->ua, NULL, &draft);
    const char *type = body.len == 0 ? NULL : "application/sdp";
    ds_rc rc = ds_draft_finish(&draft, type, body, &msg, NULL);
    if (rc != DS_OK)
        return rc;
    ds_ack_clean_up(out);
    *out = (struct ds_ack){.msg = msg, .hop = hop};
    send_ack(session, out);
    return DS_OK;
}

/* A BYE of which nobody wants to know what became. */
static void end_unseen(struct ds_session *session, struct ds_dialog *dialog)
{
    struct ds_client_txn *bye = NULL;
    if (ds_uac_bye(session, dialog, NULL, NULL, &bye) == DS_OK)
        ds_ua_note(session->ua, "an unwanted answer to %s is ended", dialog->call_id.at);
    ds_client_txn_let_go(&bye);
}

/* Whether that answer was declined before; it is now. */
static bool was_declined(struct ds_session *session, const struct ds_msg *response)
{
    uint64_t tag_hash = ds_hash(ds_msg_to_tag(response));
    for (size_t i = 0; i < session->declined_count; i++) {
        if (session->declined[i] == tag_hash)
            return true;
    }
    if (session->declined_count < DS_COUNT(session->declined))
        session->declined[session->declined_count++] = tag_hash;
    return false;
}

/* A 2xx of another branch of our INVITE: acknowledged, then ended, for one call is enough. */
static void decline_second(struct ds_session *session, const struct ds_msg *response)
{
    struct ds_dialog dialog;
    struct ds_ack ack = {.msg = NULL};
    const struct ds_slice nothing = {NULL, 0};
    if (ds_dialog_fork(&session->dialog, response, &dialog) != DS_OK)
        return;
    if (ds_uac_ack(session, &dialog, response, nothing, &ack) == DS_OK &&
        !was_declined(session, response))
        end_unseen(session, &dialog);
    ds_ack_clean_up(&ack);
    ds_dialog_clean_up(&dialog);
}

void ds_uac_repeat_ack(struct ds_session *session, const struct ds_msg *response)
{
    struct ds_ack *acks[] = {&session->ack, &session->modify.ack};
    for (size_t i = 0; i < DS_COUNT(acks); i++) {
        const struct ds_msg *ack = acks[i]->msg;
        if (ack == NULL || ds_msg_cseq(ack) != ds_msg_cseq(response))
            continue;
        if (ds_slice_equal(ds_msg_to_tag(ack), ds_msg_to_tag(response)))
            send_ack(session, acks[i]);
        else
            decline_second(session, response);
        return;
    }
}

/* ---- responses to our INVITE ---- */

static void keep_what_was_heard(struct ds_session *session, const struct ds_msg *msg)
{
    ds_msg_unref(&session->heard);
    session->heard = ds_msg_ref(msg);
}

static void on_provisional(struct ds_session *session, const struct ds_msg *msg)
{
    if (session->state >= DS_SESSION_UP || ds_msg_status(msg) == 100)
        return;
    if (ds_msg_to_tag(msg).len > 0 && ds_dialog_learn(&session->dialog, msg) != DS_OK) {
        ds_ua_note(session->ua, "a provisional response of %s makes no dialog",
                   session->dialog.call_id.at);
        return;
    }
    if (!ds_provisional_acknowledge(session, msg))
        return;
    keep_what_was_heard(session, msg);
    ds_session_enter(session, DS_SESSION_EARLY);
    if (session->events.progress != NULL)
        session->events.progress(session->owner, msg);
}

static void fail(struct ds_session *session, int status, const struct ds_msg *msg)
{
    if (!ds_session_lives(session))
        return;
    ds_hang_up_close(session);
    if (session->events.refused != NULL)
        session->events.refused(session->owner, status, msg);
}

/* An answer that crossed a CANCEL makes a call all the same, which is ended at once (RFC 3261 9.1,
 * 15); so does one that comes when nobody is left to take it. */
static void on_answer(struct ds_session *session, const struct ds_msg *msg)
{
    bool cancelled = session->state == DS_SESSION_ENDING && !session->flaws.keeps_crossed;
    if (session->ack.msg != NULL) {
        ds_uac_repeat_ack(session, msg);
        return;
    }
    keep_what_was_heard(session, msg);
    if (ds_dialog_learn(&session->dialog, msg) != DS_OK ||
        ds_uac_ack(session, &session->dialog, msg, (struct ds_slice){NULL, 0}, &session->ack) !=
            DS_OK) {
        ds_ua_note(session->ua, "the answer of %s makes no dialog", session->dialog.call_id.at);
        fail(session, 503, NULL);
        return;
    }
    if (!ds_session_lives(session)) {
        end_unseen(session, &session->dialog);
        return;
    }
    ds_session_enter(session, DS_SESSION_UP);
    ds_session_timer_learn(session, msg);
    if (cancelled)
        ds_session_hang_up(session, NULL);
    else if (session->events.answered != NULL)
        session->events.answered(session->owner, msg);
}

static void on_response(void *owner, const struct ds_msg *msg);
static void on_ended(void *owner, ds_rc how, const struct ds_why *why);

static ds_rc send_invite(struct ds_session *session, struct ds_why *why)
{
    static const struct ds_client_events events = {.response = on_response, .ended = on_ended};
    return ds_client_txn_new(session->ua->sip, session->invite, &session->dialog.hop, &events,
                             session, &session->call, why);
}

/* 422 names the shortest session timer that the peer bears: asked for that, it may agree. */
static bool ask_again(struct ds_session *session, int status, const struct ds_msg *msg)
{
    struct ds_msg *again = NULL;
    struct ds_why why;
    if (status != 422 || session->state >= DS_SESSION_ENDING || session->freed ||
        ds_session_timer_ask_again(session, msg, &again) != DS_OK)
        return false;
    ds_client_txn_let_go(&session->call);
    ds_msg_unref(&session->invite);
    session->invite = again;
    return send_invite(session, &why) == DS_OK;
}

static void on_response(void *owner, const struct ds_msg *msg)
{
    struct ds_session *session = owner;
    int status = ds_msg_status(msg);
    ds_session_hold(session);
    if (status < 200)
        on_provisional(session, msg);
    else if (status < 300)
        on_answer(session, msg);
    else if (!ask_again(session, status, msg))
        fail(session, status, msg);
    ds_session_release(session);
}

static void on_ended(void *owner, ds_rc how, const struct ds_why *why)
{
    struct ds_session *session = owner;
    session->call = NULL;
    ds_session_hold(session);
    if (how != DS_OK && session->ack.msg == NULL) {
        ds_ua_note(session->ua, "no answer to INVITE %s: %s", session->dialog.call_id.at,
                   why == NULL ? "the time is over" : why->text);
        fail(session, how == DS_LATE ? 408 : 503, NULL);
    }
    ds_session_release(session);
}

/* ---- requests inside the call ---- */

ds_rc ds_uac_send(struct ds_session *session,
                  struct ds_msg *request,
                  const struct ds_hop *hop,
                  const struct ds_client_events *events,
                  void *owner,
                  struct ds_client_txn **out)
{
    struct ds_why why;
    ds_rc rc = ds_client_txn_new(session->ua->sip, request, hop, events, owner, out, &why);
    if (rc != DS_OK)
        ds_ua_note(session->ua, "cannot send %.*s: %s", DS_FMT(ds_msg_method(request)), why.text);
    ds_msg_unref(&request);
    return rc;
}

ds_rc ds_uac_start(struct ds_session *session,
                   struct ds_draft *draft,
                   const struct ds_hop *hop,
                   const struct ds_client_events *events,
                   struct ds_client_txn **out)
{
    struct ds_msg *request = NULL;
    ds_rc rc = ds_content_finish(session, NULL, draft, &request);
    return rc == DS_OK ? ds_uac_send(session, request, hop, events, session, out) : rc;
}

ds_rc ds_uac_bye(struct ds_session *session,
                 struct ds_dialog *dialog,
                 const char *reason,
                 const struct ds_client_events *events,
                 struct ds_client_txn **out)
{
    struct ds_draft draft = {.text = {0}};
    struct ds_hop hop;
    ds_dialog_next_hop(dialog, session->ua, &hop);
    ds_dialog_request(dialog, session->ua, "BYE", ++dialog->local_cseq, &hop, &draft);
    if (reason != NULL)
        ds_draft_header(&draft, "Reason", "%s", reason);
    return ds_uac_start(session, &draft, &hop, events, out);
}

/* ---- calling ---- */

static ds_rc count_hops(struct ds_msg **invite, int hops_behind)
{
    char left[12];
    struct ds_msg *counted = NULL;
    if (hops_behind == 0)
        return DS_OK;
    snprintf(left, sizeof left, "%d", DS_MAX_FORWARDS - hops_behind);
    ds_rc rc = ds_msg_set(*invite, "Max-Forwards", left, &counted);
    if (rc != DS_OK)
        return rc;
    ds_msg_unref(invite);
    *invite = counted;
    return DS_OK;
}

static ds_rc
write_invite(struct ds_session *session, const struct ds_invite *invite, struct ds_why *why)
{
    struct ds_draft draft = {.text = {0}};
    const char *type = invite->content_type;
    struct ds_slice local = ds_buf_slice(&session->dialog.local);
    ds_dialog_request(&session->dialog, session->ua, "INVITE", 1, invite->hop, &draft);
    if (invite->contact != NULL)
        ds_draft_header(&draft, "Contact", "%s", invite->contact);
    else
        ds_ua_write_contact(session->ua, invite->hop, local, &draft);
    ds_draft_header(&draft, "Allow", "%s", DS_ALLOW);
    if (invite->supports_100rel)
        ds_draft_header(&draft, "Supported", "100rel");
    ds_session_timer_ask(session, &draft);
    ds_ua_write_signature(session->ua, invite->extra_headers, &draft);
    if (type == NULL && invite->body.len > 0)
        type = "application/sdp";
    if (invite->content_type == NULL)
        ds_content_remember(session, invite->body);
    ds_rc rc = ds_draft_finish(&draft, type, invite->body, &session->invite, why);
    if (rc == DS_OK && count_hops(&session->invite, invite->hops_behind) != DS_OK)
        rc = ds_fail_memory(why);
    return rc;
}

ds_rc ds_session_invite(struct ds_ua *ua,
                        const struct ds_invite *invite,
                        const struct ds_session_events *events,
                        void *owner,
                        struct ds_session **out,
                        struct ds_why *why)
{
    struct ds_session *session = NULL;
    DS_CHECK(ua, DS_UA_MAGIC);
    ds_assert(invite->hop != NULL && invite->to_uri != NULL && invite->from_uri != NULL);
    if (ds_session_new(ua, true, &session) != DS_OK)
        return ds_fail_memory(why);
    session->session_timer.asked_s = invite->session_expires_s;
    ds_rc rc = ds_dialog_call(&session->dialog, ua, invite);
    if (rc != DS_OK) {
        ds_fail_memory(why);
        goto fail;
    }
    rc = write_invite(session, invite, why);
    if (rc != DS_OK)
        goto fail;
    rc = send_invite(session, why);
    if (rc != DS_OK)
        goto fail;
    ds_session_own(session, events, owner);
    ds_session_enlist(session);
    ds_ua_note(ua, "calls %s (%s)", invite->to_uri, session->dialog.call_id.at);
    *out = session;
    return DS_OK;
fail:
    ds_session_free(&session);
    return rc;
}
