#include "siptx_internal.h"

/* RFC 3261 17.1.2. */

void ds_client_other_again(struct ds_timer *again)
{
    struct ds_client_txn *txn = DS_OWNER(again, struct ds_client_txn, again);
    ds_us doubled = txn->interval_us * 2;
    bool slow = txn->state == DS_CLIENT_PROCEEDING || doubled > DS_T2;
    txn->interval_us = slow ? DS_T2 : doubled;
    ds_client_resend(txn);
    ds_sip_timer(txn->sip, again, txn->interval_us, ds_client_other_again);
}

void ds_client_other_receive(struct ds_client_txn *txn, const struct ds_msg *response)
{
    if (txn->state != DS_CLIENT_CALLING && txn->state != DS_CLIENT_PROCEEDING)
        return;
    if (ds_msg_status(response) < 200)
        txn->state = DS_CLIENT_PROCEEDING;
    else
        ds_client_linger(txn, DS_CLIENT_COMPLETED, ds_client_is_udp(txn) ? DS_T4 : 0);
    ds_client_tell(txn, response);
}
