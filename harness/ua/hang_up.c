#include "ua_internal.h"

#include <stdio.h>

/* ---- the end of a session ---- */

static void tell_ended(struct ds_session *session, const struct ds_msg *bye)
{
    if (session->events.ended != NULL)
        session->events.ended(session->owner, bye);
}

void ds_hang_up_close(struct ds_session *session)
{
    if (session->asked != NULL) {
        ds_uas_reply(session, session->asked, 487, NULL);
        ds_server_txn_let_go(&session->asked);
    }
    ds_provisional_clean_up(session);
    ds_accept_clean_up(&session->accept);
    ds_modify_close(session);
    ds_session_reply(session, 487, NULL); /* RFC 3261 15.1.2 */
    ds_session_timer_clean_up(session);
    ds_session_enter(session, DS_SESSION_ENDED);
}

void ds_hang_up_lost(struct ds_session *session)
{
    if (!ds_session_lives(session))
        return;
    ds_hang_up_close(session);
    tell_ended(session, NULL);
}

void ds_hang_up_silent(struct ds_session *session, const char *reason)
{
    struct ds_client_txn *bye = NULL;
    if (ds_uac_bye(session, &session->dialog, reason, NULL, &bye) != DS_OK)
        ds_ua_note(session->ua, "BYE %s could not be sent", session->dialog.call_id.at);
    ds_client_txn_let_go(&bye);
    ds_hang_up_lost(session);
}

void ds_hang_up_by_peer(struct ds_session *session,
                        struct ds_server_txn *txn,
                        const struct ds_msg *bye)
{
    bool is_early = session->outgoing && session->state < DS_SESSION_UP;
    ds_uas_reply(session, txn, is_early ? 481 : 200, NULL);
    if (is_early)
        return;
    ds_client_txn_let_go(&session->bye);
    ds_hang_up_close(session);
    tell_ended(session, bye);
}

/* ---- our BYE ---- */

static void on_bye_response(void *owner, const struct ds_msg *msg)
{
    struct ds_session *session = owner;
    if (ds_msg_status(msg) < 200)
        return;
    ds_client_txn_let_go(&session->bye);
    ds_session_hold(session);
    ds_hang_up_lost(session);
    ds_session_release(session);
}

static void on_bye_ended(void *owner, ds_rc how, const struct ds_why *why)
{
    struct ds_session *session = owner;
    session->bye = NULL;
    if (how != DS_OK)
        ds_ua_note(session->ua, "no answer to BYE %s: %s", session->dialog.call_id.at, why->text);
    ds_session_hold(session);
    ds_hang_up_lost(session);
    ds_session_release(session);
}

void ds_hang_up_now(struct ds_session *session)
{
    static const struct ds_client_events events = {.response = on_bye_response,
                                                   .ended = on_bye_ended};
    const char *reason = session->reason[0] == '\0' ? NULL : session->reason;
    session->bye_waits = false;
    ds_modify_close(session);
    if (ds_uac_bye(session, &session->dialog, reason, &events, &session->bye) != DS_OK) {
        ds_hang_up_close(session);
        ds_later_ended(session);
    }
}

/* The callee may not send BYE before its 2xx is acknowledged (RFC 3261 15). */
static void end_call(struct ds_session *session, const char *reason)
{
    snprintf(session->reason, sizeof session->reason, "%s", reason == NULL ? "" : reason);
    ds_session_enter(session, DS_SESSION_ENDING);
    if (ds_accept_waits(&session->accept))
        session->bye_waits = true;
    else
        ds_hang_up_now(session);
}

static void cancel(struct ds_session *session, const char *reason)
{
    ds_session_enter(session, DS_SESSION_ENDING);
    ds_client_txn_cancel(session->call, reason);
}

void ds_session_hang_up(struct ds_session *session, const char *reason)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    switch (session->state) {
    case DS_SESSION_CALLING:
    case DS_SESSION_EARLY:
        if (session->outgoing)
            cancel(session, reason);
        else
            ds_uas_refuse(session, 480, NULL, reason);
        break;
    case DS_SESSION_UP:
        end_call(session, reason);
        break;
    case DS_SESSION_ENDING:
    case DS_SESSION_ENDED:
        break;
    }
}
