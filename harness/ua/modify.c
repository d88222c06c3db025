#include "ua_internal.h"

/* The peer's offers inside a call: re-INVITE (RFC 3261 14.2) and UPDATE (RFC 3311). */

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

/* ---- a refusal, until its ACK has come: no re-INVITE of ours may leave before ---- */

static void on_refusal_confirmed(void *owner)
{
    struct ds_session *session = owner;
    ds_server_txn_let_go(&session->modify.refused);
    ds_session_hold(session);
    ds_reinvite_send(session);
    ds_session_release(session);
}

/* The ACK never came. */
static void on_refusal_ended(void *owner, ds_rc how)
{
    struct ds_session *session = owner;
    (void)how;
    session->modify.refused = NULL;
    ds_session_hold(session);
    ds_reinvite_send(session);
    ds_session_release(session);
}

static void keep_refusal(struct ds_session *session, struct ds_server_txn *txn)
{
    static const struct ds_server_events events = {.confirmed = on_refusal_confirmed,
                                                   .ended = on_refusal_ended};
    if (!ds_msg_method_is(ds_server_txn_request(txn), "INVITE"))
        return;
    ds_server_txn_let_go(&session->modify.refused);
    session->modify.refused = txn;
    ds_server_txn_own(txn, &events, session);
}

/* ---- the offer ---- */

static void turn_away(struct ds_session *session, struct ds_server_txn *txn, int status)
{
    struct ds_content content = {.extra_headers = NULL};
    char line[32] = "Retry-After: 0\r\n";
    if (status == 500) {
        line[13] = (char)('0' + ds_rng_below(session->ua->options.rng, 10));
        content.extra_headers = line;
    }
    ds_uas_reply(session, txn, status, &content);
    keep_refusal(session, txn);
}

static void on_cancelled(void *owner, const struct ds_msg *cancel)
{
    struct ds_session *session = owner;
    struct ds_server_txn *txn = session->modify.server;
    (void)cancel;
    session->modify.server = NULL;
    turn_away(session, txn, 487);
}

static void on_server_ended(void *owner, ds_rc how)
{
    struct ds_session *session = owner;
    (void)how;
    session->modify.server = NULL;
}

void ds_modify_request(struct ds_session *session,
                       struct ds_server_txn *txn,
                       const struct ds_msg *msg)
{
    static const struct ds_server_events events = {.cancelled = on_cancelled,
                                                   .ended = on_server_ended};
    bool is_update = ds_msg_method_is(msg, "UPDATE");
    bool is_refresh = is_update && ds_msg_body(msg).len == 0;
    if (!ds_session_timer_admits(session, txn, msg)) {
        keep_refusal(session, txn);
        return;
    }
    if (is_refresh && ds_dialog_retarget(&session->dialog, msg) != DS_OK)
        ds_ua_note(session->ua, "out of memory: the old target stays");
    int status = is_refresh ? 0 : obstacle(session, is_update);
    if (status == 0 && !is_refresh && session->events.offer == NULL)
        status = 488;
    if (status != 0) {
        turn_away(session, txn, status);
    } else if (is_refresh) {
        ds_uas_reply(session, txn, 200, NULL);
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
        ds_server_txn_own(txn, NULL, NULL);
        keep_refusal(session, txn);
        ds_msg_unref(&response);
    }
}

/* ---- the end ---- */

void ds_modify_close(struct ds_session *session)
{
    if (session->modify.server != NULL)
        turn_away(session, session->modify.server, 487);
    ds_modify_clean_up(session);
}

void ds_modify_clean_up(struct ds_session *session)
{
    struct ds_modify *modify = &session->modify;
    if (modify->waiting != NULL) {
        ds_msg_unref(&modify->waiting);
        modify->offered = false;
    }
    ds_server_txn_let_go(&modify->server);
    ds_server_txn_let_go(&modify->refused);
    ds_accept_clean_up(&modify->accept);
}
