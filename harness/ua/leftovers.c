#include "ua_internal.h"

/* What an element still holds, and which calls it believes in. */

typedef void session_fn(void *owner, const struct ds_session *session);

/* But those that are no calls, and stay. */
static size_t each_session(const struct ds_ua *ua, session_fn *visit, void *owner)
{
    size_t count = 0;
    for (size_t i = 0; i < DS_SESSION_SLOTS; i++) {
        const struct ds_list *slot = &ua->sessions[i];
        for (struct ds_list *node = slot->next; node != slot; node = node->next) {
            const struct ds_session *session = DS_OWNER(node, struct ds_session, node);
            if (session->stays)
                continue;
            visit(owner, session);
            count++;
        }
    }
    return count;
}

static void tell(void *owner, const struct ds_session *session)
{
    ds_buf_print(owner, "%s keeps the session of Call-ID %s, %s\n", session->ua->options.name,
                 session->dialog.call_id.at, ds_session_state_name(session->state));
}

/* Forks and plain requests live no longer than transactions of theirs, which siptx tells of. */
size_t ds_ua_leftovers(const struct ds_ua *ua, struct ds_buf *out)
{
    DS_CHECK(ua, DS_UA_MAGIC);
    size_t sessions = each_session(ua, tell, out);
    return sessions + ds_sip_leftovers(ua->sip, out);
}

struct viewer {
    ds_dialog_seen_fn *each;
    void *owner;
};

static void show(void *owner, const struct ds_session *session)
{
    const struct viewer *viewer = owner;
    const struct ds_dialog *dialog = &session->dialog;
    const struct ds_dialog_seen seen = {
        .call_id = ds_buf_slice(&dialog->call_id),
        .local_tag = ds_slice_of(dialog->local_tag),
        .remote_tag = ds_buf_slice(&dialog->remote_tag),
        .remote_target = ds_buf_slice(&dialog->target),
    };
    if (session->state == DS_SESSION_UP)
        viewer->each(viewer->owner, &seen);
}

void ds_ua_dialogs(const struct ds_ua *ua, ds_dialog_seen_fn *each, void *owner)
{
    struct viewer viewer = {.each = each, .owner = owner};
    DS_CHECK(ua, DS_UA_MAGIC);
    each_session(ua, show, &viewer);
}
