#include "ua_internal.h"

#include <stdlib.h>

struct ds_list *ds_session_slot(struct ds_ua *ua, struct ds_slice call_id)
{
    return &ua->sessions[ds_hash(call_id) % DS_SESSION_SLOTS];
}

ds_rc ds_session_new(struct ds_ua *ua, bool outgoing, struct ds_session **out)
{
    struct ds_session *session = calloc(1, sizeof *session);
    if (session == NULL)
        return DS_NOMEM;
    session->magic = DS_SESSION_MAGIC;
    session->ua = ua;
    session->outgoing = outgoing;
    session->state = DS_SESSION_CALLING;
    session->accept.session = session;
    session->modify.accept.session = session;
    ds_list_init(&session->asking.ours);
    *out = session;
    return DS_OK;
}

void ds_session_enlist(struct ds_session *session)
{
    struct ds_slice call_id = ds_buf_slice(&session->dialog.call_id);
    ds_list_append(ds_session_slot(session->ua, call_id), &session->node);
}

/* Lets go of everything but INVITEs of ours, whose 2xx must be acknowledged whoever is left. */
static void detach(struct ds_session *session)
{
    ds_list_remove(&session->node);
    ds_list_append(&session->ua->forgotten, &session->node);
    session->events = (struct ds_session_events){.ended = NULL};
    ds_timer_stop(session->ua->clock, &session->later);
    ds_server_txn_let_go(&session->asked);
    ds_client_txn_let_go(&session->bye);
    ds_accept_clean_up(&session->accept);
    ds_provisional_clean_up(session);
    ds_modify_clean_up(session);
    ds_ask_clean_up(session);
    ds_session_timer_clean_up(session);
}

static void destroy(struct ds_session *session)
{
    ds_list_remove(&session->node);
    ds_client_txn_let_go(&session->call);
    ds_client_txn_let_go(&session->modify.client);
    ds_ack_clean_up(&session->ack);
    ds_ack_clean_up(&session->modify.ack);
    ds_dialog_clean_up(&session->dialog);
    ds_msg_unref(&session->invite);
    ds_msg_unref(&session->heard);
    ds_buf_clean_up(&session->described);
    session->magic = 0;
    free(session);
}

void ds_session_hold(struct ds_session *session)
{
    session->held++;
}

void ds_session_release(struct ds_session *session)
{
    ds_assert(session->held > 0);
    session->held--;
    bool waits = session->call != NULL || session->modify.client != NULL;
    if (session->held == 0 && session->freed && !waits)
        destroy(session);
}

void ds_sessions_clean_up(struct ds_ua *ua)
{
    struct ds_list *head = &ua->forgotten, *next;
    for (struct ds_list *node = head->next; node != head; node = next) {
        next = node->next;
        destroy(DS_OWNER(node, struct ds_session, node));
    }
}

void ds_session_free(struct ds_session **session)
{
    if (*session == NULL)
        return;
    DS_CHECK(*session, DS_SESSION_MAGIC);
    ds_assert(!(*session)->freed);
    detach(*session);
    (*session)->freed = true;
    ds_session_hold(*session);
    ds_session_release(*session);
    *session = NULL;
}

void ds_session_own(struct ds_session *session, const struct ds_session_events *events, void *owner)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    session->events = *events;
    session->owner = owner;
    session->owned = true;
}

const char *ds_session_state_name(enum ds_session_state state)
{
    static const char *const names[] = {"calling", "early", "up", "ending", "ended"};
    return names[state];
}

void ds_session_enter(struct ds_session *session, enum ds_session_state state)
{
    if (session->state == state)
        return;
    session->state = state;
    ds_ua_note(session->ua, "session %s is %s", session->dialog.call_id.at,
               ds_session_state_name(state));
}

bool ds_session_lives(const struct ds_session *session)
{
    return !session->freed && session->state != DS_SESSION_ENDED;
}

/* ---- which session a message belongs to ---- */

/* Before our INVITE is answered any branch of it may speak: its tag is not ours to know. */
static bool is_of_dialog(const struct ds_session *session, const struct ds_msg *request)
{
    const struct ds_dialog *dialog = &session->dialog;
    bool any_branch = session->outgoing && session->state < DS_SESSION_UP;
    return ds_slice_equal(ds_buf_slice(&dialog->call_id), ds_msg_call_id(request)) &&
           ds_slice_equal(ds_slice_of(dialog->local_tag), ds_msg_to_tag(request)) &&
           (any_branch ||
            ds_slice_equal(ds_buf_slice(&dialog->remote_tag), ds_msg_from_tag(request)));
}

struct ds_session *ds_session_find(struct ds_ua *ua, const struct ds_msg *request)
{
    struct ds_list *slot = ds_session_slot(ua, ds_msg_call_id(request));
    for (struct ds_list *node = slot->next; node != slot; node = node->next) {
        struct ds_session *session = DS_OWNER(node, struct ds_session, node);
        if (session->state != DS_SESSION_ENDED && is_of_dialog(session, request))
            return session;
    }
    return NULL;
}

struct ds_session *ds_session_find_caller(struct ds_ua *ua, const struct ds_msg *response)
{
    struct ds_list *slot = ds_session_slot(ua, ds_msg_call_id(response));
    for (struct ds_list *node = slot->next; node != slot; node = node->next) {
        struct ds_session *session = DS_OWNER(node, struct ds_session, node);
        if (ds_slice_equal(ds_slice_of(session->dialog.local_tag), ds_msg_from_tag(response)) &&
            ds_slice_equal(ds_buf_slice(&session->dialog.call_id), ds_msg_call_id(response)))
            return session;
    }
    return NULL;
}

/* ---- what anybody may ask ---- */

enum ds_session_state ds_session_state(const struct ds_session *session)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    return session->state;
}

const struct ds_msg *ds_session_invite_msg(const struct ds_session *session)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    return session->invite;
}

bool ds_session_is_outgoing(const struct ds_session *session)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    return session->outgoing;
}

bool ds_session_peer_lists(const struct ds_session *session, const char *option_tag)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    return session->heard != NULL && (ds_msg_lists(session->heard, "Supported", option_tag) ||
                                      ds_msg_lists(session->heard, "Require", option_tag));
}

const struct ds_hop *ds_session_hop(const struct ds_session *session)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    return &session->dialog.hop;
}

void ds_session_stay(struct ds_session *session)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    session->stays = true;
}

void ds_session_set_flaws(struct ds_session *session, struct ds_session_flaws flaws)
{
    DS_CHECK(session, DS_SESSION_MAGIC);
    session->flaws = flaws;
}
