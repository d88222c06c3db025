#include "ua_internal.h"

/* ---- ours (RFC 3262 3) ---- */

static void on_timer(struct ds_timer *timer);

static void wait(struct ds_session *session)
{
    struct ds_reliable *reliable = &session->reliable;
    ds_us left = reliable->give_up_at - ds_now(session->ua->clock);
    ds_us delay = reliable->interval < left ? reliable->interval : left;
    ds_ua_start_timer(session->ua, &reliable->timer, delay, on_timer);
}

static void transmit_first(struct ds_session *session)
{
    struct ds_reliable *reliable = &session->reliable;
    reliable->interval = DS_T1;
    reliable->give_up_at = ds_now(session->ua->clock) + DS_GIVE_UP;
    ds_server_txn_reply(session->asked, reliable->queue[0]);
    wait(session);
}

/* A provisional that nobody acknowledges fails the call. */
static void give_up(struct ds_session *session)
{
    ds_ua_note(session->ua, "no PRACK came to a provisional response of %s",
               session->dialog.call_id.at);
    ds_uas_reply(session, session->asked, 504, NULL);
    ds_server_txn_let_go(&session->asked);
    ds_hang_up_lost(session);
}

static void on_timer(struct ds_timer *timer)
{
    struct ds_session *session = DS_OWNER(timer, struct ds_session, reliable.timer);
    struct ds_reliable *reliable = &session->reliable;
    ds_session_hold(session);
    if (ds_now(session->ua->clock) >= reliable->give_up_at) {
        give_up(session);
    } else {
        ds_server_txn_reply(session->asked, reliable->queue[0]);
        reliable->interval *= 2;
        wait(session);
    }
    ds_session_release(session);
}

static ds_rc
make(struct ds_session *session, int status, const struct ds_content *content, struct ds_msg **out)
{
    struct ds_draft draft = {.text = {0}};
    struct ds_reliable *reliable = &session->reliable;
    if (reliable->last_rseq == 0)
        reliable->last_rseq = (uint32_t)ds_rng_below(session->ua->options.rng, INT32_MAX);
    ds_uas_response(session, session->invite, status, content, &draft);
    ds_draft_header(&draft, "Require", "100rel");
    ds_draft_header(&draft, "RSeq", "%u", (unsigned)++reliable->last_rseq);
    return ds_content_finish(session, content, &draft, out);
}

void ds_provisional_send(struct ds_session *session, int status, const struct ds_content *content)
{
    struct ds_reliable *reliable = &session->reliable;
    struct ds_msg *msg = NULL;
    if (reliable->count == DS_PROVISIONALS || reliable->held_answer != NULL) {
        ds_ua_note(session->ua, "too many provisional responses of %s wait for a PRACK",
                   session->dialog.call_id.at);
        return;
    }
    if (make(session, status, content, &msg) != DS_OK)
        return;
    reliable->queue[reliable->count++] = msg;
    if (reliable->count == 1)
        transmit_first(session);
}

static void drop_first(struct ds_reliable *reliable)
{
    ds_msg_unref(&reliable->queue[0]);
    reliable->count--;
    for (size_t i = 0; i < reliable->count; i++)
        reliable->queue[i] = reliable->queue[i + 1];
    reliable->queue[reliable->count] = NULL;
}

static bool acknowledges_first(const struct ds_session *session, const struct ds_msg *prack)
{
    const struct ds_reliable *reliable = &session->reliable;
    struct ds_rack rack;
    return reliable->count > 0 && ds_msg_rack(prack, &rack) &&
           rack.rseq == reliable->last_rseq - (uint32_t)(reliable->count - 1) &&
           rack.cseq == ds_msg_cseq(session->invite) &&
           ds_slice_equal(rack.method, DS_LITERAL("INVITE"));
}

void ds_provisional_prack(struct ds_session *session,
                          struct ds_server_txn *txn,
                          const struct ds_msg *msg)
{
    struct ds_reliable *reliable = &session->reliable;
    bool matches = acknowledges_first(session, msg);
    ds_uas_reply(session, txn, matches ? 200 : 481, NULL);
    if (!matches)
        return;
    drop_first(reliable);
    ds_timer_stop(session->ua->clock, &reliable->timer);
    if (session->asked == NULL)
        return;
    if (reliable->count > 0) {
        transmit_first(session);
    } else if (reliable->held_answer != NULL) {
        struct ds_msg *ok = reliable->held_answer;
        reliable->held_answer = NULL;
        ds_uas_accept(session, ok);
    }
}

/* A description that went out reliably must have arrived before the 2xx may follow; anything else
 * need not be resent any more, though its PRACK may still come. */
bool ds_provisional_make_way(struct ds_session *session)
{
    struct ds_reliable *reliable = &session->reliable;
    for (size_t i = 0; i < reliable->count; i++) {
        if (ds_msg_body(reliable->queue[i]).len > 0)
            return false;
    }
    ds_timer_stop(session->ua->clock, &reliable->timer);
    while (reliable->count > 1) {
        ds_msg_unref(&reliable->queue[--reliable->count]);
        reliable->last_rseq--;
    }
    return true;
}

void ds_provisional_clean_up(struct ds_session *session)
{
    struct ds_reliable *reliable = &session->reliable;
    ds_timer_stop(session->ua->clock, &reliable->timer);
    while (reliable->count > 0)
        drop_first(reliable);
    ds_msg_unref(&reliable->held_answer);
}

/* ---- the peer's (RFC 3262 4) ---- */

static struct ds_early *early_of(struct ds_session *session, const struct ds_msg *msg)
{
    uint64_t tag_hash = ds_hash(ds_msg_to_tag(msg));
    for (size_t i = 0; i < session->early_count; i++) {
        if (session->earlies[i].tag_hash == tag_hash)
            return &session->earlies[i];
    }
    if (session->early_count == DS_PROVISIONALS)
        return NULL;
    struct ds_early *early = &session->earlies[session->early_count++];
    *early = (struct ds_early){.tag_hash = tag_hash};
    return early;
}

static void send_prack(struct ds_session *session, const struct ds_msg *msg, uint32_t rseq)
{
    struct ds_draft draft = {.text = {0}};
    struct ds_hop hop;
    struct ds_client_txn *txn = NULL;
    struct ds_dialog *dialog = &session->dialog;
    ds_dialog_next_hop(dialog, session->ua, &hop);
    ds_dialog_request(dialog, session->ua, "PRACK", ++dialog->local_cseq, &hop, &draft);
    ds_draft_header(&draft, "RAck", "%u %u INVITE", (unsigned)rseq, (unsigned)ds_msg_cseq(msg));
    if (ds_uac_start(session, &draft, &hop, NULL, &txn) == DS_OK)
        ds_client_txn_let_go(&txn);
}

bool ds_provisional_acknowledge(struct ds_session *session, const struct ds_msg *msg)
{
    uint32_t rseq = 0;
    if (!ds_msg_lists(msg, "Require", "100rel"))
        return true;
    struct ds_early *early = early_of(session, msg);
    bool readable = ds_msg_to_tag(msg).len > 0 && ds_msg_rseq(msg, &rseq);
    if (early == NULL || !readable || (early->rseq != 0 && rseq != (uint64_t)early->rseq + 1))
        return false;
    early->rseq = rseq;
    send_prack(session, msg, early->rseq);
    return true;
}
