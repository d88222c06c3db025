#include "siptx_internal.h"

/* What is told of transactions that should be gone by now. */

static void tell(const struct ds_sip *sip,
                 const struct ds_msg *request,
                 const char *side,
                 const char *state,
                 struct ds_buf *out)
{
    ds_buf_print(out, "%s keeps the %.*s %s transaction of Call-ID %.*s, %s\n", sip->name,
                 DS_FMT(ds_msg_method(request)), side, DS_FMT(ds_msg_call_id(request)), state);
}

static void tell_client(const struct ds_client_txn *txn, struct ds_buf *out)
{
    static const char *const states[] = {
        [DS_CLIENT_CALLING] = "calling",     [DS_CLIENT_PROCEEDING] = "proceeding",
        [DS_CLIENT_COMPLETED] = "completed", [DS_CLIENT_ACCEPTED] = "accepted",
        [DS_CLIENT_ENDED] = "ended",
    };
    tell(txn->sip, txn->request, "client", states[txn->state], out);
}

static void tell_server(const struct ds_server_txn *txn, struct ds_buf *out)
{
    static const char *const states[] = {
        [DS_SERVER_PROCEEDING] = "proceeding", [DS_SERVER_COMPLETED] = "completed",
        [DS_SERVER_CONFIRMED] = "confirmed",   [DS_SERVER_ACCEPTED] = "accepted",
        [DS_SERVER_ENDED] = "ended",
    };
    tell(txn->sip, txn->request, "server", states[txn->state], out);
}

size_t ds_sip_leftovers(const struct ds_sip *sip, struct ds_buf *out)
{
    DS_CHECK(sip, DS_SIP_MAGIC);
    const struct ds_list *clients = &sip->clients.all, *servers = &sip->servers.all;
    for (struct ds_list *at = clients->next; at != clients; at = at->next)
        tell_client(DS_OWNER(at, struct ds_client_txn, entry.all), out);
    for (struct ds_list *at = servers->next; at != servers; at = at->next)
        tell_server(DS_OWNER(at, struct ds_server_txn, entry.all), out);
    return ds_sip_transaction_count(sip);
}
