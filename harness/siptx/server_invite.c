#include "siptx_internal.h"

/* RFC 3261 17.2.1, with the Accepted state of RFC 6026. */

static void say_trying(struct ds_timer *again)
{
    struct ds_server_txn *txn = DS_OWNER(again, struct ds_server_txn, again);
    ds_server_say(txn, 100, NULL);
}

ds_rc ds_server_invite_start(struct ds_server_txn *txn)
{
    return ds_sip_timer_start(txn->sip, &txn->again, 200 * DS_MS, say_trying);
}

/* Timer G. */
static void repeat_failure(struct ds_timer *again)
{
    struct ds_server_txn *txn = DS_OWNER(again, struct ds_server_txn, again);
    ds_us doubled = txn->interval_us * 2;
    txn->interval_us = doubled < DS_T2 || txn->sip->flaws.slows_down ? doubled : DS_T2;
    ds_server_resend(txn);
    ds_sip_timer(txn->sip, again, txn->interval_us, repeat_failure);
}

/* Timer H. */
static void miss_ack(struct ds_timer *end)
{
    ds_server_end(DS_OWNER(end, struct ds_server_txn, end), DS_LATE);
}

static void reply_failure(struct ds_server_txn *txn, const struct ds_msg *response)
{
    txn->state = DS_SERVER_COMPLETED;
    txn->interval_us = DS_T1;
    ds_server_send(txn, response);
    ds_sip_timer(txn->sip, &txn->end, 64 * DS_T1, miss_ack);
    if (ds_server_is_udp(txn))
        ds_sip_timer(txn->sip, &txn->again, DS_T1, repeat_failure);
}

static void reply_first(struct ds_server_txn *txn, const struct ds_msg *response)
{
    int status = ds_msg_status(response);
    ds_sip_timer_stop(txn->sip, &txn->again);
    if (status >= 300) {
        reply_failure(txn, response);
        return;
    }
    if (status >= 200)
        ds_server_linger(txn, DS_SERVER_ACCEPTED, 64 * DS_T1);
    ds_server_send(txn, response);
}

void ds_server_invite_reply(struct ds_server_txn *txn, const struct ds_msg *response)
{
    int status = ds_msg_status(response);
    if (txn->state == DS_SERVER_PROCEEDING)
        reply_first(txn, response);
    else if (txn->state == DS_SERVER_ACCEPTED && status >= 200 && status < 300)
        ds_server_send(txn, response);
    else
        ds_sip_note(txn->sip, 3, "a %d comes after the final response and stays here", status);
}

static void tell_confirmed(struct ds_server_txn *txn)
{
    if (txn->events == NULL || txn->events->confirmed == NULL)
        return;
    txn->sip->telling++;
    txn->events->confirmed(txn->owner);
    txn->sip->telling--;
}

bool ds_server_invite_ack(struct ds_server_txn *txn)
{
    if (txn->state == DS_SERVER_COMPLETED) {
        ds_server_linger(txn, DS_SERVER_CONFIRMED, ds_server_is_udp(txn) ? DS_T4 : 0);
        tell_confirmed(txn);
    }
    return txn->state != DS_SERVER_ACCEPTED;
}
