#include "siptx_internal.h"

/* RFC 3261 17.1.1, with the Accepted state of RFC 6026. */

#define TIMER_D (32 * DS_S)

void ds_client_invite_again(struct ds_timer *again)
{
    struct ds_client_txn *txn = DS_OWNER(again, struct ds_client_txn, again);
    txn->interval_us *= 2;
    ds_client_resend(txn);
    ds_sip_timer(txn->sip, again, txn->interval_us, ds_client_invite_again);
}

static void see_provisional(struct ds_client_txn *txn, const struct ds_msg *response)
{
    if (txn->state == DS_CLIENT_CALLING) {
        txn->state = DS_CLIENT_PROCEEDING;
        ds_sip_timer_stop(txn->sip, &txn->again);
        ds_sip_timer_stop(txn->sip, &txn->end);
        if (txn->cancel != NULL)
            ds_cancel_send(txn);
    }
    ds_client_tell(txn, response);
}

static void see_success(struct ds_client_txn *txn, const struct ds_msg *response)
{
    ds_client_linger(txn, DS_CLIENT_ACCEPTED, 64 * DS_T1);
    ds_client_tell(txn, response);
}

static void send_ack(struct ds_client_txn *txn)
{
    ds_sip_put_or_note(txn->sip, txn->ack, &txn->hop, NULL);
}

static void see_failure(struct ds_client_txn *txn, const struct ds_msg *response)
{
    struct ds_msg *ack = NULL;
    ds_client_linger(txn, DS_CLIENT_COMPLETED, ds_client_is_udp(txn) ? TIMER_D : 0);
    if (ds_companion(txn, "ACK", response, NULL, &ack) == DS_OK)
        txn->ack = ds_sip_spoiled(txn->sip, ack, &txn->hop);
    ds_msg_unref(&ack);
    send_ack(txn);
    ds_client_tell(txn, response);
}

static void see_first_final(struct ds_client_txn *txn, const struct ds_msg *response)
{
    if (ds_msg_status(response) < 300)
        see_success(txn, response);
    else
        see_failure(txn, response);
}

void ds_client_invite_receive(struct ds_client_txn *txn, const struct ds_msg *response)
{
    int status = ds_msg_status(response);
    switch (txn->state) {
    case DS_CLIENT_CALLING:
    case DS_CLIENT_PROCEEDING:
        if (status < 200)
            see_provisional(txn, response);
        else
            see_first_final(txn, response);
        break;
    case DS_CLIENT_COMPLETED:
        if (status >= 300)
            send_ack(txn);
        break;
    case DS_CLIENT_ACCEPTED:
        if (status >= 200 && status < 300)
            ds_client_tell(txn, response);
        break;
    case DS_CLIENT_ENDED:
        break;
    }
}
