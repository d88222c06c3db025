#include "ua_internal.h"

#include <stdlib.h>

/* Requests inside a call that say nothing of the call itself: INFO, REFER, NOTIFY and their like.
   Any number of ours may be on their way; of the peer's one is open at a time. */

/* ---- ours ---- */

struct ask {
    struct ds_list node;
    struct ds_session *session;
    struct ds_client_txn *txn; /* owned handle */
    ds_session_done_fn *done;
    void *owner; /* borrowed */
};

static void forget(struct ask *ask)
{
    ds_list_remove(&ask->node);
    ds_client_txn_let_go(&ask->txn);
    free(ask);
}

static void finish(struct ask *ask, int status, const struct ds_msg *msg)
{
    ds_session_done_fn *done = ask->done;
    struct ds_session *session = ask->session;
    void *owner = ask->owner;
    forget(ask);
    ds_session_hold(session);
    if (done != NULL)
        done(owner, status, msg);
    ds_session_release(session);
}

static void on_response(void *owner, const struct ds_msg *msg)
{
    if (ds_msg_status(msg) >= 200)
        finish(owner, ds_msg_status(msg), msg);
}

static void on_ended(void *owner, ds_rc how, const struct ds_why *why)
{
    struct ask *ask = owner;
    (void)why;
    ask->txn = NULL;
    finish(ask, how == DS_LATE ? 408 : 503, NULL);
}

static ds_rc send(struct ask *ask, const char *method, const struct ds_content *content)
{
    static const struct ds_client_events events = {.response = on_response, .ended = on_ended};
    struct ds_session *session = ask->session;
    struct ds_dialog *dialog = &session->dialog;
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *request = NULL;
    struct ds_hop hop;
    ds_dialog_next_hop(dialog, session->ua, &hop);
    ds_dialog_request(dialog, session->ua, method, ++dialog->local_cseq, &hop, &draft);
    ds_content_write(session, &hop, content, &draft);
    ds_rc rc = ds_content_finish(session, content, &draft, &request);
    return rc == DS_OK ? ds_uac_send(session, request, &hop, &events, ask, &ask->txn) : rc;
}

ds_rc ds_session_ask(struct ds_session *session,
                     const char *method,
                     const struct ds_content *content,
                     ds_session_done_fn *done,
                     void *owner)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    if (session->state != DS_SESSION_UP)
        return DS_STATE;
    struct ask *ask = calloc(1, sizeof *ask);
    if (ask == NULL)
        return DS_NOMEM;
    *ask = (struct ask){.session = session, .done = done, .owner = owner};
    ds_list_append(&session->asking.ours, &ask->node);
    ds_rc rc = send(ask, method, content);
    if (rc != DS_OK)
        forget(ask);
    return rc;
}

/* ---- the peer's ---- */

bool ds_ask_wanted(const struct ds_session *session)
{
    return session->events.asked != NULL;
}

void ds_ask_take(struct ds_session *session, struct ds_server_txn *txn, const struct ds_msg *msg)
{
    struct ds_asking *asking = &session->asking;
    bool known = ds_msg_method_is(msg, "INFO") || ds_msg_method_is(msg, "OPTIONS");
    if (!ds_ask_wanted(session)) {
        ds_uas_reply(session, txn, known ? 200 : 405, NULL);
    } else if (asking->asked != NULL) {
        ds_uas_reply(session, txn, 491, NULL);
    } else {
        asking->asked = txn;
        session->events.asked(session->owner, msg);
    }
}

void ds_session_reply(struct ds_session *session, int status, const struct ds_content *content)
{
    struct ds_asking *asking = &session->asking;
    DS_CHECK(session, DS_SESSION_MAGIC);
    if (asking->asked == NULL)
        return;
    ds_uas_reply(session, asking->asked, status, content);
    ds_server_txn_let_go(&asking->asked);
}

void ds_ask_clean_up(struct ds_session *session)
{
    struct ds_list *head = &session->asking.ours, *next;
    for (struct ds_list *node = head->next; node != head; node = next) {
        next = node->next;
        forget(DS_OWNER(node, struct ask, node));
    }
    ds_server_txn_let_go(&session->asking.asked);
}
