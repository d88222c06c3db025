#include "ua_internal.h"

/* Our offers inside a call (RFC 3261 14.1). One that may not leave yet waits, already written. */

static void tell_done(struct ds_session *session, int status, const struct ds_msg *msg)
{
    bool is_refresh = session->modify.is_refresh;
    session->modify.offered = session->modify.is_refresh = false;
    if (is_refresh)
        ds_session_timer_refreshed(session, msg == NULL ? 408 : status);
    else if (session->state == DS_SESSION_UP && session->events.offer_done != NULL)
        session->events.offer_done(session->owner, status, msg);
}

static struct ds_slice late_answer(const struct ds_session *session, const struct ds_msg *msg)
{
    const struct ds_slice nothing = {NULL, 0};
    if (!session->modify.asks || session->events.late_answer == NULL)
        return nothing;
    return session->events.late_answer(session->owner, msg);
}

static void on_answer(struct ds_session *session, const struct ds_msg *msg)
{
    if (!session->modify.offered) {
        ds_uac_repeat_ack(session, msg);
        return;
    }
    if (ds_dialog_retarget(&session->dialog, msg) != DS_OK ||
        ds_uac_ack(session, &session->dialog, msg, late_answer(session, msg),
                   &session->modify.ack) != DS_OK)
        ds_ua_note(session->ua, "out of memory: an answer of %s is not acknowledged",
                   session->dialog.call_id.at);
    ds_session_timer_learn(session, msg);
    tell_done(session, ds_msg_status(msg), msg);
}

/* A peer that knows nothing of the call any more, or does not answer, has left it (RFC 3261
 * 12.2.1.2). */
static void on_failure(struct ds_session *session, int status, const struct ds_msg *msg)
{
    bool is_refresh = session->modify.is_refresh;
    tell_done(session, status, msg);
    if ((status == 481 || status == 408) && !is_refresh && !session->freed)
        ds_session_hang_up(session, NULL);
}

static void on_response(void *owner, const struct ds_msg *msg)
{
    struct ds_session *session = owner;
    int status = ds_msg_status(msg);
    ds_session_hold(session);
    if (status >= 300)
        on_failure(session, status, msg);
    else if (status >= 200)
        on_answer(session, msg);
    ds_session_release(session);
}

static void on_ended(void *owner, ds_rc how, const struct ds_why *why)
{
    struct ds_session *session = owner;
    session->modify.client = NULL;
    ds_session_hold(session);
    if (session->modify.offered) {
        ds_ua_note(session->ua, "no answer to re-INVITE %s: %s", session->dialog.call_id.at,
                   why->text);
        on_failure(session, how == DS_LATE ? 408 : 503, NULL);
    }
    ds_session_release(session);
}

/* No INVITE may leave while one of either side is under way; the peer's is until its ACK. */
static bool must_wait(const struct ds_session *session)
{
    return ds_accept_waits(&session->accept) || ds_accept_waits(&session->modify.accept) ||
           session->modify.refused != NULL;
}

void ds_reinvite_send(struct ds_session *session)
{
    static const struct ds_client_events events = {.response = on_response, .ended = on_ended};
    struct ds_modify *modify = &session->modify;
    struct ds_why why;
    if (modify->waiting == NULL || must_wait(session))
        return;
    ds_client_txn_let_go(&modify->client);
    if (ds_client_txn_new(session->ua->sip, modify->waiting, &modify->waiting_hop, &events, session,
                          &modify->client, &why) != DS_OK) {
        ds_ua_note(session->ua, "cannot send a re-INVITE: %s", why.text);
        modify->offered = false;
        ds_later_offer_done(session, 503);
    }
    ds_msg_unref(&modify->waiting);
}

static ds_rc write_reinvite(struct ds_session *session, const struct ds_content *content)
{
    struct ds_dialog *dialog = &session->dialog;
    struct ds_hop *hop = &session->modify.waiting_hop;
    struct ds_draft draft = {.text = {0}};
    ds_dialog_next_hop(dialog, session->ua, hop);
    ds_dialog_request(dialog, session->ua, "INVITE", ++dialog->local_cseq, hop, &draft);
    ds_content_write(session, hop, content, &draft);
    ds_session_timer_ask(session, &draft);
    return ds_content_finish(session, content, &draft, &session->modify.waiting);
}

void ds_session_offer(struct ds_session *session, const struct ds_content *content)
{
    struct ds_modify *modify = &session->modify;
    DS_CHECK(session, DS_SESSION_MAGIC);
    if (session->state >= DS_SESSION_ENDING)
        return;
    if (session->state != DS_SESSION_UP || modify->offered || modify->server != NULL) {
        ds_later_offer_done(session, 491);
    } else if (write_reinvite(session, content) != DS_OK) {
        ds_later_offer_done(session, 503);
    } else {
        modify->offered = true;
        modify->asks = content == NULL || content->body.len == 0;
        ds_reinvite_send(session);
    }
}

bool ds_modify_refresh(struct ds_session *session)
{
    struct ds_modify *modify = &session->modify;
    struct ds_buf body = {.at = NULL};
    if (modify->offered || modify->server != NULL)
        return false;
    ds_buf_add(&body, ds_buf_slice(&session->described));
    const struct ds_content content = {.body = ds_buf_slice(&body)};
    modify->offered = modify->is_refresh =
        !body.broken && write_reinvite(session, &content) == DS_OK;
    modify->asks = false;
    ds_buf_clean_up(&body);
    ds_reinvite_send(session);
    return modify->offered;
}

ds_us ds_session_glare_us(const struct ds_session *session)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    struct ds_rng *rng = session->ua->options.rng;
    return session->outgoing ? (210 + (ds_us)ds_rng_below(rng, 191)) * 10 * DS_MS
                             : (ds_us)ds_rng_below(rng, 201) * 10 * DS_MS;
}
