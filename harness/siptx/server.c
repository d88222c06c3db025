#include "siptx_internal.h"

#include <stdlib.h>

#define MAGIC_COOKIE DS_LITERAL("z9hG4bK")

/* RFC 3261 17.2.3: by branch and sent-by; by what a retransmission repeats where the branch is not
 * of this century. */
static struct ds_key key_of(const struct ds_msg *request, struct ds_slice method)
{
    struct ds_key key = {.number = 0};
    struct ds_via via = {.port = 0};
    struct ds_slice branch = ds_msg_branch(request);
    bool readable = ds_via_read(request, &via) == DS_OK;
    key.part[0] = method;
    if (readable && ds_slice_starts(branch, MAGIC_COOKIE)) {
        key.part[1] = branch;
        key.part[2] = via.sent_by;
        return key;
    }
    key.part[1] = ds_msg_call_id(request);
    key.part[2] = via.sent_by;
    key.part[3] = ds_msg_from_tag(request);
    key.part[4] = ds_msg_request_uri(request);
    key.number = (uint64_t)ds_msg_cseq(request) + 1;
    return key;
}

struct ds_server_txn *
ds_server_find(const struct ds_sip *sip, const struct ds_msg *request, struct ds_slice method)
{
    struct ds_key key = key_of(request, method);
    struct ds_entry *entry = ds_table_find(&sip->servers, &key);
    return entry == NULL ? NULL : DS_OWNER(entry, struct ds_server_txn, entry);
}

bool ds_server_is_udp(const struct ds_server_txn *txn)
{
    return txn->from.transport == DS_UDP;
}

static ds_rc start(struct ds_server_txn *txn)
{
    struct ds_key key = key_of(txn->request, ds_msg_method(txn->request));
    ds_rc rc = ds_table_put(&txn->sip->servers, &txn->entry, key);
    if (rc == DS_OK && txn->is_invite && (rc = ds_server_invite_start(txn)) != DS_OK)
        ds_table_drop(&txn->sip->servers, &txn->entry);
    return rc;
}

ds_rc ds_server_new(struct ds_sip *sip,
                    struct ds_msg *request,
                    const struct ds_hop *from,
                    struct ds_point *point,
                    struct ds_server_txn **out)
{
    struct ds_server_txn *txn = calloc(1, sizeof *txn);
    if (txn == NULL) {
        ds_msg_unref(&request);
        return DS_NOMEM;
    }
    txn->magic = DS_SERVER_TXN_MAGIC;
    txn->sip = sip;
    txn->request = request;
    txn->from = *from;
    txn->point = point;
    txn->is_invite = ds_msg_method_is(request, "INVITE");
    ds_rc rc = start(txn);
    if (rc != DS_OK) {
        ds_msg_unref(&txn->request);
        free(txn);
        return rc;
    }
    *out = txn;
    return DS_OK;
}

void ds_server_txn_own(struct ds_server_txn *txn,
                       const struct ds_server_events *events,
                       void *owner)
{
    DS_CHECK(txn, DS_SERVER_TXN_MAGIC);
    txn->events = events;
    txn->owner = owner;
}

void ds_server_txn_let_go(struct ds_server_txn **txn)
{
    if (*txn == NULL)
        return;
    DS_CHECK(*txn, DS_SERVER_TXN_MAGIC);
    (*txn)->events = NULL;
    *txn = NULL;
}

const struct ds_msg *ds_server_txn_request(const struct ds_server_txn *txn)
{
    DS_CHECK(txn, DS_SERVER_TXN_MAGIC);
    return txn->request;
}

const struct ds_hop *ds_server_txn_from(const struct ds_server_txn *txn)
{
    DS_CHECK(txn, DS_SERVER_TXN_MAGIC);
    return &txn->from;
}

/* ---- responses ---- */

/* A stream carries the response back while it is open; after that the Via says where to. */
static struct ds_hop way_back(const struct ds_server_txn *txn)
{
    if (!ds_server_is_udp(txn) && ds_connection_find(txn->sip, &txn->from) != NULL)
        return txn->from;
    return ds_via_back(txn->request, &txn->from);
}

void ds_server_resend(struct ds_server_txn *txn)
{
    bool repeats = txn->state == DS_SERVER_PROCEEDING || txn->state == DS_SERVER_COMPLETED;
    struct ds_hop back = way_back(txn);
    if (repeats)
        ds_sip_put_or_note(txn->sip, txn->sent, &back, txn->point);
}

void ds_server_send(struct ds_server_txn *txn, const struct ds_msg *response)
{
    struct ds_hop back = way_back(txn);
    if (response != txn->said) {
        ds_msg_unref(&txn->said);
        ds_msg_unref(&txn->sent);
        txn->said = ds_msg_ref(response);
        txn->sent = ds_sip_spoiled(txn->sip, response, &back);
    }
    ds_sip_put_or_note(txn->sip, txn->sent, &back, txn->point);
}

void ds_server_txn_reply(struct ds_server_txn *txn, const struct ds_msg *response)
{
    DS_CHECK(txn, DS_SERVER_TXN_MAGIC);
    ds_assert(ds_msg_status(response) >= 100);
    if (txn->is_invite)
        ds_server_invite_reply(txn, response);
    else
        ds_server_other_reply(txn, response);
}

void ds_server_say(struct ds_server_txn *txn, int status, const char *to_tag)
{
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *response = NULL;
    ds_draft_response(&draft, txn->request, status, to_tag);
    if (ds_draft_finish(&draft, NULL, DS_LITERAL(""), &response, NULL) == DS_OK)
        ds_server_txn_reply(txn, response);
    ds_msg_unref(&response);
}

/* ---- end ---- */

void ds_server_free(struct ds_server_txn *txn)
{
    ds_table_drop(&txn->sip->servers, &txn->entry);
    ds_sip_timer_stop(txn->sip, &txn->again);
    ds_sip_timer_stop(txn->sip, &txn->end);
    ds_msg_unref(&txn->request);
    ds_msg_unref(&txn->said);
    ds_msg_unref(&txn->sent);
    txn->magic = 0;
    free(txn);
}

void ds_server_end(struct ds_server_txn *txn, ds_rc how)
{
    struct ds_sip *sip = txn->sip;
    txn->state = DS_SERVER_ENDED;
    if (txn->events != NULL) {
        sip->telling++;
        txn->events->ended(txn->owner, how);
        sip->telling--;
    }
    ds_server_free(txn);
}

static void see_end(struct ds_timer *end)
{
    ds_server_end(DS_OWNER(end, struct ds_server_txn, end), DS_OK);
}

void ds_server_linger(struct ds_server_txn *txn, enum ds_server_state state, ds_us delay_us)
{
    txn->state = state;
    ds_sip_timer_stop(txn->sip, &txn->again);
    ds_sip_timer(txn->sip, &txn->end, delay_us, see_end);
}
