#include "siptx_internal.h"

#include <stdlib.h>

#define BRANCH 0
#define METHOD 1

static struct ds_key key_of(const struct ds_msg *msg)
{
    struct ds_key key = {.number = 0};
    key.part[BRANCH] = ds_msg_branch(msg);
    key.part[METHOD] = ds_msg_method(msg);
    return key;
}

struct ds_client_txn *ds_client_find(const struct ds_sip *sip, const struct ds_msg *response)
{
    struct ds_key key = key_of(response);
    struct ds_entry *entry = ds_table_find(&sip->clients, &key);
    return entry == NULL ? NULL : DS_OWNER(entry, struct ds_client_txn, entry);
}

bool ds_client_is_udp(const struct ds_client_txn *txn)
{
    return txn->hop.transport == DS_UDP;
}

/* ---- birth ---- */

static ds_rc wait_on_connection(struct ds_client_txn *txn, struct ds_why *why)
{
    struct ds_connection *connection = NULL;
    if (ds_client_is_udp(txn))
        return DS_OK;
    ds_rc rc = ds_connection_get(txn->sip, &txn->hop, &connection, why);
    if (rc != DS_OK)
        return rc;
    txn->reopens = connection->reopens;
    ds_list_append(&connection->waiting, &txn->waiting);
    return DS_OK;
}

static ds_rc send_request(struct ds_client_txn *txn, struct ds_why *why)
{
    ds_rc rc = wait_on_connection(txn, why);
    if (rc != DS_OK)
        return rc;
    txn->sent = ds_sip_spoiled(txn->sip, txn->request, &txn->hop);
    return txn->sent == NULL ? DS_OK : ds_sip_put(txn->sip, txn->sent, &txn->hop, NULL, why);
}

static ds_rc start_timers(struct ds_client_txn *txn)
{
    ds_timer_fn *again = txn->is_invite ? ds_client_invite_again : ds_client_other_again;
    txn->interval_us = DS_T1;
    ds_rc rc = ds_sip_timer_start(txn->sip, &txn->end, 64 * DS_T1, ds_client_give_up);
    if (rc == DS_OK && ds_client_is_udp(txn))
        rc = ds_sip_timer_start(txn->sip, &txn->again, DS_T1, again);
    return rc;
}

static ds_rc new_txn(struct ds_sip *sip, const struct ds_msg *request, struct ds_client_txn **out)
{
    struct ds_client_txn *txn = calloc(1, sizeof *txn);
    if (txn == NULL)
        return DS_NOMEM;
    txn->magic = DS_CLIENT_TXN_MAGIC;
    txn->sip = sip;
    txn->request = ds_msg_ref(request);
    txn->is_invite = ds_msg_method_is(request, "INVITE");
    ds_rc rc = ds_table_put(&sip->clients, &txn->entry, key_of(txn->request));
    if (rc == DS_OK) {
        *out = txn;
        return DS_OK;
    }
    ds_msg_unref(&txn->request);
    free(txn);
    return rc;
}

/* Seven parameters: the owner's three and the request's two stand beside the two of every
 * constructor. */
// NOLINTNEXTLINE(readability-function-size)
ds_rc ds_client_txn_new(struct ds_sip *sip,
                        const struct ds_msg *request,
                        const struct ds_hop *hop,
                        const struct ds_client_events *events,
                        void *owner,
                        struct ds_client_txn **out,
                        struct ds_why *why)
{
    DS_CHECK(sip, DS_SIP_MAGIC);
    ds_assert(ds_msg_is_request(request) && !ds_msg_method_is(request, "ACK"));
    struct ds_client_txn *txn = NULL;
    if (new_txn(sip, request, &txn) != DS_OK)
        return ds_fail_memory(why);
    txn->hop = *hop;
    txn->events = events;
    txn->owner = owner;
    ds_rc rc = start_timers(txn) == DS_OK ? send_request(txn, why) : ds_fail_memory(why);
    if (rc != DS_OK) {
        ds_client_free(txn);
        return rc;
    }
    *out = txn;
    return DS_OK;
}

/* ---- life ---- */

void ds_client_receive(struct ds_client_txn *txn, const struct ds_msg *response)
{
    if (txn->is_invite)
        ds_client_invite_receive(txn, response);
    else
        ds_client_other_receive(txn, response);
}

void ds_client_tell(struct ds_client_txn *txn, const struct ds_msg *response)
{
    if (txn->events == NULL)
        return;
    txn->sip->telling++;
    txn->events->response(txn->owner, response);
    txn->sip->telling--;
}

void ds_client_resend(struct ds_client_txn *txn)
{
    if (txn->sip->flaws.never_resends)
        return;
    ds_sip_put_or_note(txn->sip, txn->sent, &txn->hop, NULL);
}

void ds_client_txn_let_go(struct ds_client_txn **txn)
{
    if (*txn == NULL)
        return;
    DS_CHECK(*txn, DS_CLIENT_TXN_MAGIC);
    (*txn)->events = NULL;
    *txn = NULL;
}

const struct ds_msg *ds_client_txn_request(const struct ds_client_txn *txn)
{
    DS_CHECK(txn, DS_CLIENT_TXN_MAGIC);
    return txn->request;
}

const struct ds_hop *ds_client_txn_hop(const struct ds_client_txn *txn)
{
    DS_CHECK(txn, DS_CLIENT_TXN_MAGIC);
    return &txn->hop;
}

/* ---- end ---- */

void ds_client_free(struct ds_client_txn *txn)
{
    ds_table_drop(&txn->sip->clients, &txn->entry);
    ds_list_remove(&txn->waiting);
    ds_sip_timer_stop(txn->sip, &txn->again);
    ds_sip_timer_stop(txn->sip, &txn->end);
    ds_msg_unref(&txn->request);
    ds_msg_unref(&txn->sent);
    ds_msg_unref(&txn->ack);
    ds_msg_unref(&txn->cancel);
    txn->magic = 0;
    free(txn);
}

static void finish(struct ds_client_txn *txn, ds_rc how, const struct ds_why *why)
{
    struct ds_sip *sip = txn->sip;
    txn->state = DS_CLIENT_ENDED;
    if (txn->events != NULL) {
        sip->telling++;
        txn->events->ended(txn->owner, how, why);
        sip->telling--;
    }
    ds_client_free(txn);
}

static void see_end(struct ds_timer *end)
{
    static const struct ds_why nothing = {""};
    finish(DS_OWNER(end, struct ds_client_txn, end), DS_OK, &nothing);
}

void ds_client_linger(struct ds_client_txn *txn, enum ds_client_state state, ds_us delay_us)
{
    txn->state = state;
    ds_list_remove(&txn->waiting);
    ds_sip_timer_stop(txn->sip, &txn->again);
    ds_sip_timer(txn->sip, &txn->end, delay_us, see_end);
}

void ds_client_give_up(struct ds_timer *end)
{
    struct ds_client_txn *txn = DS_OWNER(end, struct ds_client_txn, end);
    struct ds_why why;
    if (txn->sip->flaws.never_gives_up)
        return;
    ds_rc rc = ds_fail(&why, DS_LATE, "no final response to %.*s from %s within %d s",
                       DS_FMT(ds_msg_method(txn->request)), ds_hop_text(&txn->hop).text,
                       (int)(64 * DS_T1 / DS_S));
    struct ds_connection *connection =
        ds_client_is_udp(txn) ? NULL : ds_connection_find(txn->sip, &txn->hop);
    ds_list_remove(&txn->waiting);
    finish(txn, rc, &why);
    /* What waits for a connection that nobody answers is not to be sent when it is long out of
     * date.
     */
    if (connection != NULL && connection->opening)
        ds_connection_fail(connection, &why);
}

/* The peer may have closed an idle connection just when a request was on its way: such a request is
 * sent once more, on a new one. */
void ds_client_connection_lost(struct ds_client_txn *txn, const struct ds_why *why)
{
    struct ds_why trouble = *why;
    bool again = txn->reopens && txn->state == DS_CLIENT_CALLING && txn->sent != NULL;
    ds_rc rc = again ? wait_on_connection(txn, &trouble) : DS_IO;
    txn->reopens = false;
    if (rc == DS_OK)
        rc = ds_sip_put(txn->sip, txn->sent, &txn->hop, NULL, &trouble);
    if (rc != DS_OK)
        finish(txn, DS_IO, &trouble);
}
