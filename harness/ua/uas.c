#include "ua_internal.h"

/* ---- responses ---- */

void ds_uas_response(struct ds_session *session,
                     const struct ds_msg *request,
                     int status,
                     const struct ds_content *content,
                     struct ds_draft *out)
{
    bool makes_dialog = ds_msg_method_is(request, "INVITE") || ds_msg_method_is(request, "UPDATE");
    bool of_fork = content != NULL && content->fork_tag != NULL;
    ds_draft_response(out, request, status,
                      of_fork ? content->fork_tag : session->dialog.local_tag);
    if (!makes_dialog || status > 299)
        return;
    ds_draft_copy(out, request, "Record-Route");
    ds_content_write(session, &session->dialog.hop, content, out);
    if (status < 200)
        return;
    ds_draft_header(out, "Supported", "100rel");
    ds_session_timer_answer(session, request, out);
}

ds_rc ds_uas_make(struct ds_session *session,
                  const struct ds_msg *request,
                  int status,
                  const struct ds_content *content,
                  struct ds_msg **out)
{
    struct ds_draft draft = {.text = {0}};
    ds_uas_response(session, request, status, content, &draft);
    return ds_content_finish(session, content, &draft, out);
}

void ds_uas_reply(struct ds_session *session,
                  struct ds_server_txn *txn,
                  int status,
                  const struct ds_content *content)
{
    struct ds_msg *response = NULL;
    if (ds_uas_make(session, ds_server_txn_request(txn), status, content, &response) == DS_OK)
        ds_server_txn_reply(txn, response);
    ds_msg_unref(&response);
}

/* ---- the peer's INVITE ---- */

static void on_cancelled(void *owner, const struct ds_msg *cancel)
{
    struct ds_session *session = owner;
    ds_session_hold(session);
    ds_hang_up_close(session);
    if (session->events.cancelled != NULL)
        session->events.cancelled(session->owner, cancel);
    ds_session_release(session);
}

/* Without a final response of ours only a lost connection ends it. */
static void on_ended(void *owner, ds_rc how)
{
    struct ds_session *session = owner;
    (void)how;
    session->asked = NULL;
    ds_session_hold(session);
    ds_hang_up_lost(session);
    ds_session_release(session);
}

static ds_rc open_session(struct ds_ua *ua,
                          const struct ds_msg *msg,
                          const struct ds_hop *from,
                          struct ds_session **out)
{
    struct ds_session *session = NULL;
    ds_rc rc = ds_session_new(ua, false, &session);
    if (rc != DS_OK)
        return rc;
    rc = ds_dialog_answer(&session->dialog, ua, msg, from);
    if (rc != DS_OK) {
        ds_session_free(&session);
        return rc;
    }
    session->invite = ds_msg_ref(msg);
    session->heard = ds_msg_ref(msg);
    ds_session_enlist(session);
    *out = session;
    return DS_OK;
}

void ds_uas_invite(struct ds_ua *ua,
                   struct ds_server_txn *txn,
                   const struct ds_msg *msg,
                   const struct ds_hop *from)
{
    static const struct ds_server_events asked_events = {.cancelled = on_cancelled,
                                                         .ended = on_ended};
    struct ds_session *session = NULL;
    ds_rc rc = open_session(ua, msg, from, &session);
    if (rc != DS_OK) {
        ds_ua_reply(ua, txn, rc == DS_NOMEM ? 500 : 400, NULL);
        return;
    }
    if (!ds_session_timer_admits(session, txn, msg)) {
        ds_session_free(&session);
        return;
    }
    session->asked = txn;
    ds_server_txn_own(txn, &asked_events, session);
    ds_ua_note(ua, "is called by %s (%s)", session->dialog.remote.at, session->dialog.call_id.at);
    ds_session_hold(session);
    ua->events.invite(ua->owner, session, msg);
    if (!session->owned && !session->freed) {
        struct ds_session *orphan = session;
        if (session->asked != NULL)
            ds_session_refuse(session, 480, NULL);
        ds_session_free(&orphan);
    }
    ds_session_release(session);
}

/* ---- requests inside the dialog ---- */

static void take_ack(struct ds_session *session, const struct ds_msg *ack)
{
    bool has_answer = ds_msg_body(ack).len > 0;
    if (ds_accept_take_ack(&session->accept, ack)) {
        if (session->bye_waits)
            ds_hang_up_now(session);
        else if (session->events.confirmed != NULL)
            session->events.confirmed(session->owner, ack);
    } else if (ds_accept_take_ack(&session->modify.accept, ack) && has_answer &&
               session->state == DS_SESSION_UP && session->events.confirmed != NULL) {
        session->events.confirmed(session->owner, ack);
    }
}

/* RFC 3261 12.2.2: an old request is refused; a number that was skipped is not missed. */
static bool is_stale(struct ds_session *session, const struct ds_msg *msg)
{
    uint32_t cseq = ds_msg_cseq(msg);
    if (session->dialog.remote_cseq != 0 && cseq <= session->dialog.remote_cseq)
        return true;
    session->dialog.remote_cseq = cseq;
    return false;
}

static void
dispatch(struct ds_session *session, struct ds_server_txn *txn, const struct ds_msg *msg)
{
    if (is_stale(session, msg))
        ds_uas_reply(session, txn, 500, NULL);
    else if (ds_msg_method_is(msg, "BYE"))
        ds_hang_up_by_peer(session, txn, msg);
    else if (ds_msg_method_is(msg, "PRACK"))
        ds_provisional_prack(session, txn, msg);
    else if (ds_msg_method_is(msg, "INVITE") || ds_msg_method_is(msg, "UPDATE"))
        ds_modify_request(session, txn, msg);
    else
        ds_ask_take(session, txn, msg);
}

void ds_uas_request(struct ds_session *session, struct ds_server_txn *txn, const struct ds_msg *msg)
{
    ds_session_hold(session);
    if (txn == NULL) {
        take_ack(session, msg);
        ds_reinvite_send(session);
    } else {
        dispatch(session, txn, msg);
    }
    ds_session_release(session);
}

/* ---- what the owner says to the INVITE ---- */

void ds_session_progress(struct ds_session *session, int status, const struct ds_content *content)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    ds_assert(!session->outgoing && status > 100 && status < 200);
    if (session->asked == NULL)
        return;
    ds_session_enter(session, DS_SESSION_EARLY);
    if (content != NULL && content->reliable && content->fork_tag == NULL &&
        ds_session_peer_lists(session, "100rel"))
        ds_provisional_send(session, status, content);
    else
        ds_uas_reply(session, session->asked, status, content);
}

void ds_uas_accept(struct ds_session *session, struct ds_msg *ok)
{
    struct ds_server_txn *txn = session->asked;
    session->asked = NULL;
    ds_dialog_take_tag(&session->dialog, ds_msg_to_tag(ok));
    ds_session_enter(session, DS_SESSION_UP);
    ds_accept_send(&session->accept, txn, ok);
}

void ds_session_answer(struct ds_session *session, const struct ds_content *content)
{
    struct ds_msg *ok = NULL;
    DS_CHECK(session, DS_SESSION_MAGIC);
    ds_assert(!session->outgoing);
    if (session->asked == NULL || session->reliable.held_answer != NULL)
        return;
    session->session_timer.asked_s = content == NULL ? 0 : content->session_expires_s;
    if (ds_uas_make(session, session->invite, 200, content, &ok) != DS_OK)
        return;
    if (ds_provisional_make_way(session))
        ds_uas_accept(session, ok);
    else
        session->reliable.held_answer = ok;
}

void ds_uas_refuse(struct ds_session *session,
                   int status,
                   const struct ds_content *content,
                   const char *reason)
{
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *response = NULL;
    if (session->asked == NULL)
        return;
    ds_uas_response(session, session->invite, status, content, &draft);
    if (reason != NULL)
        ds_draft_header(&draft, "Reason", "%s", reason);
    if (ds_content_finish(session, content, &draft, &response) == DS_OK)
        ds_server_txn_reply(session->asked, response);
    ds_msg_unref(&response);
    ds_server_txn_let_go(&session->asked);
    ds_hang_up_close(session);
    ds_later_ended(session);
}

void ds_session_refuse(struct ds_session *session, int status, const struct ds_content *content)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    ds_assert(!session->outgoing && status >= 300 && status < 700);
    ds_uas_refuse(session, status, content, NULL);
}
