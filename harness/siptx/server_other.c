#include "siptx_internal.h"

/* RFC 3261 17.2.2. */

void ds_server_other_reply(struct ds_server_txn *txn, const struct ds_msg *response)
{
    if (txn->state != DS_SERVER_PROCEEDING)
        return;
    if (ds_msg_status(response) >= 200)
        ds_server_linger(txn, DS_SERVER_COMPLETED, ds_server_is_udp(txn) ? 64 * DS_T1 : 0);
    ds_server_send(txn, response);
}
