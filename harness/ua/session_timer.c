#include "ua_internal.h"

#include <stdio.h>

/* RFC 4028: a session that is not refreshed in time is over. Everybody answers a peer's timer;
   who asks for one says so in ds_invite or ds_content. */

#define LEAST_S 90          /* RFC 4028 4: nobody may ask for less */
#define MARGIN  (32 * DS_S) /* RFC 4028 10: so long before the session expires, or a third of it */

/* ---- what a message says ---- */

struct expires {
    uint32_t seconds; /* 0: nothing */
    struct ds_slice refresher;
};

/* A number, and the parameters after it. */
static uint32_t read_seconds(const struct ds_msg *msg, const char *name, struct ds_slice *params)
{
    struct ds_slice value;
    uint64_t seconds;
    *params = (struct ds_slice){NULL, 0};
    if (!ds_msg_header(msg, name, 0, &value) ||
        ds_slice_number(ds_value_uri(value, params), UINT32_MAX, &seconds) != DS_OK)
        return 0;
    return (uint32_t)seconds;
}

static struct expires read_expires(const struct ds_msg *msg)
{
    struct expires expires;
    struct ds_slice params;
    expires.seconds = read_seconds(msg, "Session-Expires", &params);
    (void)ds_param(params, "refresher", &expires.refresher);
    return expires;
}

static bool names(const struct expires *expires, const char *refresher)
{
    return ds_slice_equal_nocase(expires->refresher, ds_slice_of(refresher));
}

/* ---- waiting ---- */

static void on_timer(struct ds_timer *timer);

/* Who has not been heard of by then is gone. */
static ds_us last_moment(const struct ds_session_timer *its)
{
    ds_us third = its->expires_s * DS_S / 3;
    return its->expires_at - (third < MARGIN ? third : MARGIN);
}

static void wait_until(struct ds_session *session, ds_us at)
{
    ds_us now = ds_now(session->ua->clock);
    ds_ua_start_timer(session->ua, &session->session_timer.timer, at > now ? at - now : 0,
                      on_timer);
}

/* RFC 4028 7.2: half the interval leaves time to try a second time. */
static void wait(struct ds_session *session)
{
    const struct ds_session_timer *its = &session->session_timer;
    ds_us half = its->expires_at - its->expires_s * DS_S / 2, last = last_moment(its);
    wait_until(session, its->refreshes && half < last ? half : last);
}

/* After a refresh that was refused or could not be sent: halfway to the last moment. */
static void wait_again(struct ds_session *session)
{
    ds_us last = last_moment(&session->session_timer);
    ds_us left = last - ds_now(session->ua->clock);
    wait_until(session, left < DS_S ? last : last - left / 2);
}

static void agree(struct ds_session *session, uint32_t expires_s, bool refreshes)
{
    struct ds_session_timer *its = &session->session_timer;
    its->expires_s = expires_s;
    its->refreshes = refreshes;
    its->expires_at = ds_now(session->ua->clock) + expires_s * DS_S;
    if (expires_s == 0)
        ds_timer_stop(session->ua->clock, &its->timer);
    else
        wait(session);
}

static void give_up(struct ds_session *session)
{
    if (session->flaws.keeps_expired)
        return;
    ds_ua_note(session->ua, "%s was not refreshed in time", session->dialog.call_id.at);
    ds_hang_up_silent(session, "SIP;cause=408;text=\"Session Timer Expired\"");
}

/* ---- refreshing ---- */

void ds_session_timer_refreshed(struct ds_session *session, int status)
{
    bool is_gone = status == 408 || status == 481; /* RFC 4028 10 */
    if (session->state != DS_SESSION_UP || status < 300)
        return;
    if (is_gone)
        give_up(session);
    else
        wait_again(session);
}

static void on_response(void *owner, const struct ds_msg *msg)
{
    struct ds_session *session = owner;
    int status = ds_msg_status(msg);
    if (status < 200 || session->state != DS_SESSION_UP)
        return;
    ds_session_hold(session);
    if (status < 300)
        ds_session_timer_learn(session, msg);
    ds_session_timer_refreshed(session, status);
    ds_session_release(session);
}

static void on_ended(void *owner, ds_rc how, const struct ds_why *why)
{
    struct ds_session *session = owner;
    (void)why;
    session->session_timer.update = NULL;
    ds_session_hold(session);
    if (how != DS_OK)
        ds_session_timer_refreshed(session, 408);
    ds_session_release(session);
}

static ds_rc update(struct ds_session *session)
{
    static const struct ds_client_events events = {.response = on_response, .ended = on_ended};
    struct ds_session_timer *its = &session->session_timer;
    struct ds_dialog *dialog = &session->dialog;
    struct ds_draft draft = {.text = {0}};
    struct ds_hop hop;
    ds_client_txn_let_go(&its->update);
    ds_dialog_next_hop(dialog, session->ua, &hop);
    ds_dialog_request(dialog, session->ua, "UPDATE", ++dialog->local_cseq, &hop, &draft);
    ds_content_write(session, &hop, NULL, &draft);
    ds_session_timer_ask(session, &draft);
    return ds_uac_start(session, &draft, &hop, &events, &its->update);
}

/* By UPDATE where the peer allows it, which leaves the descriptions alone (RFC 4028 7.4). */
static void refresh(struct ds_session *session)
{
    bool by_update = ds_msg_lists(session->heard, "Allow", "UPDATE") || session->described.len == 0;
    if (session->flaws.never_refreshes)
        return;
    bool waits = session->modify.waiting != NULL; /* a re-INVITE, with the CSeq before ours */
    bool sent = !waits && (by_update ? update(session) == DS_OK : ds_modify_refresh(session));
    if (!sent)
        wait_again(session);
}

static void on_timer(struct ds_timer *timer)
{
    struct ds_session *session = DS_OWNER(timer, struct ds_session, session_timer.timer);
    if (session->state != DS_SESSION_UP)
        return;
    ds_session_hold(session);
    if (ds_now(session->ua->clock) >= last_moment(&session->session_timer))
        give_up(session);
    else
        refresh(session);
    ds_session_release(session);
}

/* ---- our requests, and what the peer makes of them (RFC 4028 7) ---- */

void ds_session_timer_ask(struct ds_session *session, struct ds_draft *draft)
{
    const struct ds_session_timer *its = &session->session_timer;
    uint32_t expires_s = its->expires_s != 0 ? its->expires_s : its->asked_s;
    bool ours = its->expires_s == 0 || its->refreshes;
    if (expires_s == 0)
        return;
    ds_draft_header(draft, "Supported", "timer");
    ds_draft_header(draft, "Session-Expires", "%u;refresher=%s", (unsigned)expires_s,
                    ours ? "uac" : "uas");
    ds_draft_header(draft, "Min-SE", "%u", (unsigned)(its->min_s > LEAST_S ? its->min_s : LEAST_S));
}

/* A peer that says nothing knows nothing of it: then the refreshing is ours alone. */
void ds_session_timer_learn(struct ds_session *session, const struct ds_msg *response)
{
    struct expires expires = read_expires(response);
    if (expires.seconds != 0)
        agree(session, expires.seconds, !names(&expires, "uas"));
    else
        agree(session, session->session_timer.asked_s, true);
}

static ds_rc replace(struct ds_msg **msg, const char *name, const char *value)
{
    struct ds_msg *changed = NULL;
    ds_rc rc = ds_msg_set(*msg, name, value, &changed);
    if (rc == DS_OK) {
        ds_msg_unref(msg);
        *msg = changed;
    }
    return rc;
}

static ds_rc rewrite(struct ds_session *session, struct ds_msg **invite)
{
    struct ds_session_timer *its = &session->session_timer;
    struct ds_dialog *dialog = &session->dialog;
    char via[DS_VIA_SIZE], cseq[24], expires[40], least[12];
    ds_sip_via(session->ua->sip, &dialog->hop, via, sizeof via);
    snprintf(cseq, sizeof cseq, "%u INVITE", (unsigned)++dialog->local_cseq);
    snprintf(expires, sizeof expires, "%u;refresher=uac", (unsigned)its->asked_s);
    snprintf(least, sizeof least, "%u", (unsigned)its->min_s);
    ds_rc rc = replace(invite, "Via", via);
    if (rc == DS_OK)
        rc = replace(invite, "CSeq", cseq);
    if (rc == DS_OK)
        rc = replace(invite, "Session-Expires", expires);
    return rc == DS_OK ? replace(invite, "Min-SE", least) : rc;
}

ds_rc ds_session_timer_ask_again(struct ds_session *session,
                                 const struct ds_msg *response,
                                 struct ds_msg **out)
{
    struct ds_session_timer *its = &session->session_timer;
    struct ds_slice params;
    uint32_t least = read_seconds(response, "Min-SE", &params);
    bool is_first = session->dialog.local_cseq == 1;
    if (!is_first || its->asked_s == 0 || least <= its->asked_s)
        return DS_BAD;
    its->asked_s = its->min_s = least;
    *out = ds_msg_ref(session->invite);
    ds_rc rc = rewrite(session, out);
    if (rc != DS_OK)
        ds_msg_unref(out);
    return rc;
}

/* ---- the peer's requests, and what we make of them (RFC 4028 9) ---- */

bool ds_session_timer_admits(struct ds_session *session,
                             struct ds_server_txn *txn,
                             const struct ds_msg *request)
{
    static const struct ds_content least = {.extra_headers = "Min-SE: 90\r\n"};
    struct ds_slice value;
    if (!ds_msg_header(request, "Session-Expires", 0, &value) ||
        read_expires(request).seconds >= LEAST_S || !ds_msg_lists(request, "Supported", "timer"))
        return true;
    ds_uas_reply(session, txn, 422, &least);
    return false;
}

void ds_session_timer_answer(struct ds_session *session,
                             const struct ds_msg *request,
                             struct ds_draft *draft)
{
    const struct ds_session_timer *its = &session->session_timer;
    struct expires expires = read_expires(request);
    bool asked = expires.seconds != 0, knows = ds_msg_lists(request, "Supported", "timer");
    bool peers = knows && (names(&expires, "uac") ||
                           (asked && expires.refresher.len == 0 && its->asked_s == 0));
    uint32_t expires_s = asked ? expires.seconds : its->asked_s;
    if (expires_s != 0) {
        ds_draft_header(draft, "Supported", "timer");
        ds_draft_header(draft, "Session-Expires", "%u;refresher=%s", (unsigned)expires_s,
                        peers ? "uac" : "uas");
    }
    if (peers)
        ds_draft_header(draft, "Require", "timer");
    agree(session, expires_s, !peers);
}

void ds_session_timer_clean_up(struct ds_session *session)
{
    ds_timer_stop(session->ua->clock, &session->session_timer.timer);
    ds_client_txn_let_go(&session->session_timer.update);
}
