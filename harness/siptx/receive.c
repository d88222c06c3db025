#include "siptx_internal.h"

static void log_receipt(struct ds_sip *sip, const struct ds_msg *msg, const struct ds_hop *from)
{
    if (ds_msg_is_request(msg))
        ds_sip_note(sip, 2, "<- %.*s from %s", DS_FMT(ds_msg_method(msg)), ds_hop_text(from).text);
    else
        ds_sip_note(sip, 2, "<- %d %.*s from %s", ds_msg_status(msg), DS_FMT(ds_msg_reason(msg)),
                    ds_hop_text(from).text);
}

static void tell_request(struct ds_sip *sip,
                         struct ds_server_txn *txn,
                         const struct ds_msg *msg,
                         const struct ds_hop *from)
{
    sip->telling++;
    sip->events->request(sip->owner, txn, msg, from);
    sip->telling--;
}

/* The ACK of a failure belongs to the INVITE's transaction; any other is ua's. */
static void receive_ack(struct ds_sip *sip, const struct ds_msg *ack, const struct ds_hop *from)
{
    struct ds_server_txn *txn = ds_server_find(sip, ack, DS_LITERAL("INVITE"));
    if (txn == NULL || !ds_server_invite_ack(txn))
        tell_request(sip, NULL, ack, from);
}

static void receive_new(struct ds_sip *sip,
                        struct ds_msg *request,
                        const struct ds_hop *from,
                        struct ds_point *point)
{
    struct ds_server_txn *txn = NULL;
    if (ds_server_new(sip, ds_via_mark(request, from), from, point, &txn) != DS_OK)
        ds_sip_note(sip, 1, "out of memory: a request is dropped");
    else if (ds_msg_method_is(request, "CANCEL"))
        ds_cancel_receive(txn);
    else
        tell_request(sip, txn, txn->request, from);
}

static void receive_request(struct ds_sip *sip,
                            struct ds_msg *request,
                            const struct ds_hop *from,
                            struct ds_point *point)
{
    if (ds_msg_method_is(request, "ACK")) {
        receive_ack(sip, request, from);
        return;
    }
    struct ds_server_txn *txn = ds_server_find(sip, request, ds_msg_method(request));
    if (txn != NULL)
        ds_server_resend(txn);
    else
        receive_new(sip, request, from, point);
}

static void receive_response(struct ds_sip *sip, const struct ds_msg *response)
{
    struct ds_client_txn *txn = ds_client_find(sip, response);
    if (txn != NULL) {
        ds_client_receive(txn, response);
        return;
    }
    sip->telling++;
    sip->events->stray(sip->owner, response);
    sip->telling--;
}

void ds_sip_receive(struct ds_sip *sip,
                    struct ds_msg *msg,
                    const struct ds_hop *from,
                    struct ds_point *point)
{
    log_receipt(sip, msg, from);
    if (ds_msg_is_request(msg))
        receive_request(sip, msg, from, point);
    else
        receive_response(sip, msg);
    ds_msg_unref(&msg);
}

void ds_sip_receive_datagram(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ds_point *point = owner;
    struct ds_hop hop = {.transport = DS_UDP, .to = from};
    struct ds_msg *msg = NULL;
    struct ds_why why = {""};
    if (ds_slice_trim(bytes).len == 0) /* a keep-alive */
        return;
    if (ds_msg_parse_by(point->sip->judged, bytes, &msg, &why) == DS_OK)
        ds_sip_receive(point->sip, msg, &hop, point);
    else
        ds_sip_note(point->sip, 2, "a datagram from %s is dropped: %s", ds_addr_text(from).text,
                    why.text);
}

/* What RFC 3261 8.2.6.2 copies into a response must be there. */
static bool can_be_answered(const struct ds_msg *msg)
{
    static const char *const needed[] = {"Via", "From", "To", "Call-ID", "CSeq"};
    struct ds_slice value;
    for (size_t i = 0; i < DS_COUNT(needed); i++)
        if (!ds_msg_header(msg, needed[i], 0, &value))
            return false;
    return ds_msg_is_request(msg) && !ds_msg_method_is(msg, "ACK");
}

static void refuse(struct ds_sip *sip, const struct ds_msg *msg, const struct ds_hop *from)
{
    char tag[9];
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *response = NULL;
    ds_rng_token(sip->rng, tag, sizeof tag);
    ds_draft_response(&draft, msg, 400, tag);
    ds_rc rc = ds_draft_finish(&draft, NULL, DS_LITERAL(""), &response, NULL);
    if (rc == DS_OK)
        rc = ds_sip_send(sip, response, from);
    if (rc != DS_OK)
        ds_sip_note(sip, 2, "the malformed request goes unanswered");
    ds_msg_unref(&response);
}

void ds_sip_receive_frame(struct ds_sip *sip, struct ds_slice bytes, const struct ds_hop *from)
{
    struct ds_msg *msg = NULL;
    struct ds_why why = {""};
    if (ds_msg_parse_by(sip->judged, bytes, &msg, &why) == DS_OK) {
        ds_sip_receive(sip, msg, from, NULL);
        return;
    }
    ds_sip_note(sip, 2, "a malformed message from %s: %s", ds_hop_text(from).text, why.text);
    if (ds_msg_read(bytes, &msg, NULL) != DS_OK)
        return;
    if (can_be_answered(msg))
        refuse(sip, msg, from);
    ds_msg_unref(&msg);
}
