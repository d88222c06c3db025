#include "siptx_internal.h"

ds_rc ds_companion(const struct ds_client_txn *invite,
                   const char *method,
                   const struct ds_msg *to_from,
                   const char *reason,
                   struct ds_msg **out)
{
    const struct ds_msg *request = invite->request;
    struct ds_draft draft = {.text = {0}};
    struct ds_slice via = {0};
    ds_msg_value(request, "Via", 0, &via);
    ds_draft_request(&draft, method, ds_msg_request_uri(request));
    ds_draft_header(&draft, "Via", "%.*s", DS_FMT(via));
    ds_draft_header(&draft, "Max-Forwards", "70");
    ds_draft_copy(&draft, request, "From");
    ds_draft_copy(&draft, to_from, "To");
    ds_draft_copy(&draft, request, "Call-ID");
    ds_draft_header(&draft, "CSeq", "%u %s", ds_msg_cseq(request), method);
    ds_draft_copy(&draft, request, "Route");
    if (reason != NULL)
        ds_draft_header(&draft, "Reason", "%s", reason);
    return ds_draft_finish(&draft, NULL, DS_LITERAL(""), out, NULL);
}

/* ---- ours ---- */

/* RFC 3261 9.1: not before a provisional response, and after 64*T1 without a final one the INVITE
 * is given up as well. */
void ds_cancel_send(struct ds_client_txn *txn)
{
    struct ds_client_txn *cancel = NULL;
    struct ds_why why;
    struct ds_sip *sip = txn->sip;
    txn->cancel_sent = true;
    ds_sip_timer(sip, &txn->end, 64 * DS_T1, ds_client_give_up);
    if (ds_client_txn_new(sip, txn->cancel, &txn->hop, NULL, NULL, &cancel, &why) != DS_OK)
        ds_sip_note(sip, 1, "a CANCEL was not sent: %s", why.text);
    ds_client_txn_let_go(&cancel);
    ds_msg_unref(&txn->cancel);
}

void ds_client_txn_cancel(struct ds_client_txn *txn, const char *reason)
{
    DS_CHECK(txn, DS_CLIENT_TXN_MAGIC);
    ds_assert(txn->is_invite);
    bool answerable = txn->state == DS_CLIENT_CALLING || txn->state == DS_CLIENT_PROCEEDING;
    if (!answerable || txn->cancel_sent || txn->cancel != NULL)
        return;
    if (ds_companion(txn, "CANCEL", txn->request, reason, &txn->cancel) != DS_OK)
        ds_sip_note(txn->sip, 1, "a CANCEL could not be written");
    else if (txn->state == DS_CLIENT_PROCEEDING)
        ds_cancel_send(txn);
}

/* ---- the peer's ---- */

/* The To tag of the INVITE's responses, where there is one (RFC 3261 9.2). */
static void
choose_tag(const struct ds_server_txn *invite, struct ds_rng *rng, char *out, size_t size)
{
    struct ds_slice tag = {0};
    if (invite != NULL && invite->said != NULL)
        tag = ds_msg_to_tag(invite->said);
    if (tag.len == 0 || !ds_slice_copy(tag, out, size))
        ds_rng_token(rng, out, 9);
}

void ds_cancel_receive(struct ds_server_txn *cancel)
{
    char tag[128];
    struct ds_sip *sip = cancel->sip;
    struct ds_server_txn *invite = ds_server_find(sip, cancel->request, DS_LITERAL("INVITE"));
    choose_tag(invite, sip->rng, tag, sizeof tag);
    ds_server_say(cancel, invite == NULL ? 481 : 200, tag);
    if (invite == NULL || invite->state != DS_SERVER_PROCEEDING)
        return;
    if (invite->events == NULL) {
        ds_server_say(invite, 487, tag);
        return;
    }
    sip->telling++;
    invite->events->cancelled(invite->owner, cancel->request);
    sip->telling--;
}
