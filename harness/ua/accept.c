#include "ua_internal.h"

static void on_cancelled(void *owner, const struct ds_msg *cancel)
{
    /* A CANCEL that crosses our 2xx changes nothing (RFC 3261 9.2). */
    (void)owner;
    (void)cancel;
}

static void on_ended(void *owner, ds_rc how)
{
    struct ds_accept *accept = owner;
    (void)how;
    accept->txn = NULL;
}

void ds_accept_clean_up(struct ds_accept *accept)
{
    ds_timer_stop(accept->session->ua->clock, &accept->timer);
    ds_server_txn_let_go(&accept->txn);
    ds_msg_unref(&accept->ok);
}

static void give_up(struct ds_accept *accept)
{
    struct ds_session *session = accept->session;
    ds_ua_note(session->ua, "no ACK came to the answer of %s", session->dialog.call_id.at);
    ds_accept_clean_up(accept);
    if (session->bye_waits)
        ds_hang_up_now(session);
    else if (!session->flaws.keeps_unacknowledged)
        ds_session_hang_up(session, NULL);
}

static void on_timer(struct ds_timer *timer);

static void wait(struct ds_accept *accept)
{
    struct ds_ua *ua = accept->session->ua;
    ds_us left = accept->give_up_at - ds_now(ua->clock);
    ds_us delay = accept->interval < left ? accept->interval : left;
    ds_ua_start_timer(ua, &accept->timer, delay, on_timer);
}

static void on_timer(struct ds_timer *timer)
{
    struct ds_accept *accept = DS_OWNER(timer, struct ds_accept, timer);
    struct ds_session *session = accept->session;
    ds_us doubled = accept->interval * 2;
    ds_session_hold(session);
    if (ds_now(session->ua->clock) >= accept->give_up_at) {
        give_up(accept);
    } else {
        if (accept->txn != NULL)
            ds_server_txn_reply(accept->txn, accept->ok);
        accept->interval = doubled < DS_T2 ? doubled : DS_T2;
        wait(accept);
    }
    ds_session_release(session);
}

void ds_accept_send(struct ds_accept *accept, struct ds_server_txn *txn, struct ds_msg *ok)
{
    static const struct ds_server_events events = {.cancelled = on_cancelled, .ended = on_ended};
    ds_accept_clean_up(accept);
    accept->txn = txn;
    accept->ok = ok;
    accept->interval = DS_T1;
    accept->give_up_at = ds_now(accept->session->ua->clock) + DS_GIVE_UP;
    ds_server_txn_own(txn, &events, accept);
    ds_server_txn_reply(txn, ok);
    wait(accept);
}

bool ds_accept_waits(const struct ds_accept *accept)
{
    return accept->ok != NULL;
}

bool ds_accept_take_ack(struct ds_accept *accept, const struct ds_msg *ack)
{
    if (accept->ok == NULL || ds_msg_cseq(accept->ok) != ds_msg_cseq(ack))
        return false;
    if (!accept->session->flaws.deaf)
        ds_accept_clean_up(accept);
    return true;
}
