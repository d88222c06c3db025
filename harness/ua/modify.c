#include "ua_internal.h"

/* Offers inside a call, both ways: re-INVITE (RFC 3261 14) and the peer's UPDATE (RFC 3311). */

/* ---- the peer's ---- */

static void on_cancelled(void *owner, const struct ds_msg *cancel)
{
    struct ds_session *session = owner;
    (void)cancel;
    ds_uas_reply(session, session->modify.server, 487, NULL);
    ds_server_txn_let_go(&session->modify.server);
}

static void on_server_ended(void *owner, ds_rc how)
{
    struct ds_session *session = owner;
    (void)how;
    session->modify.server = NULL;
}

/* 0 where the offer can be dealt with now. */
static int obstacle(const struct ds_session *session, bool is_update)
{
    const struct ds_modify *modify = &session->modify;
    if (session->state >= DS_SESSION_ENDING)
        return 481;
    if (modify->server != NULL || (!is_update && session->asked != NULL))
        return 500;
    if (modify->offered || (!is_update && session->call != NULL && session->ack.msg == NULL))
        return 491;
    return 0;
}

static void turn_away(struct ds_session *session, struct ds_server_txn *txn, int status)
{
    struct ds_content content = {.extra_headers = NULL};
    char line[32] = "Retry-After: 0\r\n";
    if (status == 500) {
        line[13] = (char)('0' + ds_rng_below(session->ua->options.rng, 10));
        content.extra_headers = line;
    }
    ds_uas_reply(session, txn, status, &content);
}

void ds_modify_request(struct ds_session *session,
                       struct ds_server_txn *txn,
                       const struct ds_msg *msg)
{
    static const struct ds_server_events events = {.cancelled = on_cancelled,
                                                   .ended = on_server_ended};
    bool is_update = ds_msg_method_is(msg, "UPDATE");
    bool is_refresh = is_update && ds_msg_body(msg).len == 0;
    if (!ds_session_timer_admits(session, txn, msg))
        return;
    if (is_refresh && ds_dialog_retarget(&session->dialog, msg) != DS_OK)
        ds_ua_note(session->ua, "out of memory: the old target stays");
    int status = is_refresh ? 0 : obstacle(session, is_update);
    if (status != 0) {
        turn_away(session, txn, status);
    } else if (is_refresh || session->events.offer == NULL) {
        ds_uas_reply(session, txn, is_refresh ? 200 : 488, NULL);
    } else {
        session->modify.server = txn;
        ds_server_txn_own(txn, &events, session);
        session->events.offer(session->owner, msg);
    }
}

void ds_session_answer_offer(struct ds_session *session,
                             int status,
                             const struct ds_content *content)
{
    struct ds_msg *response = NULL;
    DS_CHECK(session, DS_SESSION_MAGIC);
    ds_assert(status >= 200 && status < 700);
    struct ds_server_txn *txn = session->modify.server;
    if (txn == NULL)
        return;
    const struct ds_msg *request = ds_server_txn_request(txn);
    if (ds_uas_make(session, request, status, content, &response) != DS_OK)
        return;
    session->modify.server = NULL;
    if (status < 300 && ds_dialog_retarget(&session->dialog, request) != DS_OK)
        ds_ua_note(session->ua, "out of memory: the old target stays");
    if (status < 300 && ds_msg_method_is(request, "INVITE")) {
        ds_accept_send(&session->modify.accept, txn, response);
    } else {
        ds_server_txn_reply(txn, response);
        ds_server_txn_let_go(&txn);
        ds_msg_unref(&response);
    }
}

/* ---- ours ---- */

static void tell_done(struct ds_session *session, int status, const struct ds_msg *msg)
{
    bool is_refresh = session->modify.is_refresh;
    session->modify.offered = session->modify.is_refresh = false;
    if (is_refresh)
        ds_session_timer_refreshed(session, msg == NULL ? 408 : status);
    else if (session->state == DS_SESSION_UP && session->events.offer_done != NULL)
        session->events.offer_done(session->owner, status, msg);
}

static void on_answer(struct ds_session *session, const struct ds_msg *msg)
{
    if (!session->modify.offered) {
        ds_uac_repeat_ack(session, msg);
        return;
    }
    if (ds_dialog_retarget(&session->dialog, msg) != DS_OK ||
        ds_uac_ack(session, &session->dialog, msg, &session->modify.ack) != DS_OK)
        ds_ua_note(session->ua, "out of memory: an answer of %s is not acknowledged",
                   session->dialog.call_id.at);
    ds_session_timer_learn(session, msg);
    tell_done(session, ds_msg_status(msg), msg);
}

static void on_response(void *owner, const struct ds_msg *msg)
{
    struct ds_session *session = owner;
    int status = ds_msg_status(msg);
    ds_session_hold(session);
    if (status >= 300)
        tell_done(session, status, msg);
    else if (status >= 200)
        on_answer(session, msg);
    ds_session_release(session);
}

static void on_client_ended(void *owner, ds_rc how, const struct ds_why *why)
{
    struct ds_session *session = owner;
    session->modify.client = NULL;
    if (!session->modify.offered)
        return;
    ds_session_hold(session);
    ds_ua_note(session->ua, "no answer to re-INVITE %s: %s", session->dialog.call_id.at, why->text);
    tell_done(session, how == DS_LATE ? 408 : 503, NULL);
    ds_session_release(session);
}

static ds_rc reinvite(struct ds_session *session, const struct ds_content *content)
{
    static const struct ds_client_events events = {.response = on_response,
                                                   .ended = on_client_ended};
    struct ds_dialog *dialog = &session->dialog;
    struct ds_draft draft = {.text = {0}};
    struct ds_hop hop;
    ds_client_txn_let_go(&session->modify.client);
    ds_dialog_next_hop(dialog, session->ua, &hop);
    ds_dialog_request(dialog, session->ua, "INVITE", ++dialog->local_cseq, &hop, &draft);
    ds_content_write(session, &hop, content, &draft);
    ds_session_timer_ask(session, &draft);
    return ds_uac_start(session, &draft, content, &hop, &events, &session->modify.client);
}

void ds_session_offer(struct ds_session *session, const struct ds_content *content)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    if (session->state != DS_SESSION_UP)
        return;
    if (session->modify.offered || session->modify.server != NULL) {
        ds_later_offer_done(session, 491);
        return;
    }
    session->modify.offered = reinvite(session, content) == DS_OK;
    if (!session->modify.offered)
        ds_later_offer_done(session, 503);
}

bool ds_modify_refresh(struct ds_session *session)
{
    struct ds_buf body = {.at = NULL};
    if (session->modify.offered || session->modify.server != NULL)
        return false;
    ds_buf_add(&body, ds_buf_slice(&session->described));
    const struct ds_content content = {.body = ds_buf_slice(&body)};
    session->modify.offered = session->modify.is_refresh =
        !body.broken && reinvite(session, &content) == DS_OK;
    ds_buf_clean_up(&body);
    return session->modify.offered;
}

/* ---- the end ---- */

void ds_modify_close(struct ds_session *session)
{
    if (session->modify.server != NULL)
        turn_away(session, session->modify.server, 487);
    ds_server_txn_let_go(&session->modify.server);
    ds_accept_clean_up(&session->modify.accept);
}

void ds_modify_clean_up(struct ds_session *session)
{
    ds_client_txn_let_go(&session->modify.client);
    ds_server_txn_let_go(&session->modify.server);
    ds_accept_clean_up(&session->modify.accept);
    ds_ack_clean_up(&session->modify.ack);
}
