#include "ua_internal.h"

#include <string.h>

static void set(struct ds_buf *buf, struct ds_slice text)
{
    buf->len = 0;
    ds_buf_add(buf, text);
}

static bool whole(const struct ds_dialog *dialog)
{
    return !dialog->call_id.broken && !dialog->local.broken && !dialog->remote.broken &&
           !dialog->remote_tag.broken && !dialog->routes.broken && !dialog->target.broken;
}

ds_rc ds_dialog_call(struct ds_dialog *dialog, struct ds_ua *ua, const struct ds_invite *invite)
{
    char token[25];
    ds_rng_token(ua->options.rng, dialog->local_tag, sizeof dialog->local_tag);
    if (invite->call_id != NULL) {
        set(&dialog->call_id, ds_slice_of(invite->call_id));
    } else {
        ds_rng_token(ua->options.rng, token, sizeof token);
        ds_buf_print(&dialog->call_id, "%s@%s", token, ds_ua_host(ua));
    }
    ds_buf_print(&dialog->local, "<%s>;tag=%s", invite->from_uri, dialog->local_tag);
    ds_buf_text(&dialog->local, invite->from_params);
    ds_buf_print(&dialog->remote, "<%s>", invite->to_uri);
    set(&dialog->routes, ds_slice_of(invite->route));
    set(&dialog->target, ds_slice_of(invite->to_uri));
    dialog->hop = *invite->hop;
    dialog->local_cseq = 1;
    return whole(dialog) ? DS_OK : DS_NOMEM;
}

/* The route set in the order the dialog's requests visit it: as recorded for the callee, backwards
 * for the caller (RFC 3261 12.1). */
static ds_rc take_routes(struct ds_dialog *dialog, const struct ds_msg *msg, bool backwards)
{
    struct ds_slice routes[DS_MAX_ROUTES], more;
    size_t count = 0;
    while (count < DS_MAX_ROUTES && ds_msg_value(msg, "Record-Route", count, &routes[count]))
        count++;
    if (count == DS_MAX_ROUTES && ds_msg_value(msg, "Record-Route", count, &more))
        return DS_BAD;
    set(&dialog->routes, (struct ds_slice){NULL, 0});
    for (size_t i = 0; i < count; i++) {
        ds_buf_text(&dialog->routes, i == 0 ? "" : ", ");
        ds_buf_add(&dialog->routes, routes[backwards ? count - 1 - i : i]);
    }
    return DS_OK;
}

/* False where there is no Contact with a SIP uri in it. */
static bool take_target(struct ds_dialog *dialog, const struct ds_msg *msg)
{
    struct ds_slice value, params;
    struct ds_uri parsed;
    if (!ds_msg_value(msg, "Contact", 0, &value))
        return false;
    struct ds_slice uri = ds_value_uri(value, &params);
    if (ds_uri_parse(uri, &parsed) != DS_OK)
        return false;
    set(&dialog->target, uri);
    return true;
}

ds_rc ds_dialog_answer(struct ds_dialog *dialog,
                       struct ds_ua *ua,
                       const struct ds_msg *invite,
                       const struct ds_hop *from)
{
    struct ds_slice value;
    ds_rng_token(ua->options.rng, dialog->local_tag, sizeof dialog->local_tag);
    set(&dialog->call_id, ds_msg_call_id(invite));
    set(&dialog->remote_tag, ds_msg_from_tag(invite));
    if (!ds_msg_header(invite, "From", 0, &value))
        return DS_BAD;
    set(&dialog->remote, value);
    if (!ds_msg_header(invite, "To", 0, &value))
        return DS_BAD;
    set(&dialog->local, value);
    ds_buf_print(&dialog->local, ";tag=%s", dialog->local_tag);
    dialog->hop = *from;
    dialog->remote_cseq = ds_msg_cseq(invite);
    if (!take_target(dialog, invite) || take_routes(dialog, invite, false) != DS_OK)
        return DS_BAD;
    return whole(dialog) ? DS_OK : DS_NOMEM;
}

void ds_dialog_take_tag(struct ds_dialog *dialog, struct ds_slice tag)
{
    if (tag.len >= sizeof dialog->local_tag || dialog->local.broken)
        return;
    dialog->local.len -= strlen(dialog->local_tag);
    ds_buf_add(&dialog->local, tag);
    (void)ds_slice_copy(tag, dialog->local_tag, sizeof dialog->local_tag);
}

ds_rc ds_dialog_learn(struct ds_dialog *dialog, const struct ds_msg *response)
{
    struct ds_slice value;
    if (!ds_msg_header(response, "To", 0, &value))
        return DS_BAD;
    set(&dialog->remote, value);
    if (!ds_slice_equal(ds_buf_slice(&dialog->remote_tag), ds_msg_to_tag(response)))
        dialog->remote_cseq = 0; /* another branch counts for itself */
    set(&dialog->remote_tag, ds_msg_to_tag(response));
    take_target(dialog, response);
    if (take_routes(dialog, response, true) != DS_OK)
        return DS_BAD;
    return whole(dialog) ? DS_OK : DS_NOMEM;
}

ds_rc ds_dialog_retarget(struct ds_dialog *dialog, const struct ds_msg *msg)
{
    take_target(dialog, msg);
    return whole(dialog) ? DS_OK : DS_NOMEM;
}

ds_rc ds_dialog_fork(const struct ds_dialog *dialog,
                     const struct ds_msg *response,
                     struct ds_dialog *out)
{
    *out = (struct ds_dialog){.hop = dialog->hop, .local_cseq = dialog->local_cseq};
    memcpy(out->local_tag, dialog->local_tag, sizeof out->local_tag);
    set(&out->call_id, ds_buf_slice(&dialog->call_id));
    set(&out->local, ds_buf_slice(&dialog->local));
    set(&out->target, ds_buf_slice(&dialog->target));
    ds_rc rc = ds_dialog_learn(out, response);
    if (rc != DS_OK)
        ds_dialog_clean_up(out);
    return rc;
}

/* Every router is taken for a loose one (RFC 3261 12.2.1.1). */
void ds_dialog_next_hop(const struct ds_dialog *dialog, const struct ds_ua *ua, struct ds_hop *out)
{
    struct ds_slice next = ds_buf_slice(&dialog->target), params;
    if (dialog->routes.len > 0)
        next = ds_value_uri(ds_buf_slice(&dialog->routes), &params);
    if (!ds_ua_resolve(ua, next, out))
        *out = dialog->hop;
}

void ds_dialog_request(const struct ds_dialog *dialog,
                       struct ds_ua *ua,
                       const char *method,
                       uint32_t cseq,
                       const struct ds_hop *hop,
                       struct ds_draft *out)
{
    char via[DS_VIA_SIZE];
    ds_sip_via(ua->sip, hop, via, sizeof via);
    ds_draft_request(out, method, ds_buf_slice(&dialog->target));
    ds_draft_header(out, "Via", "%s", via);
    ds_draft_header(out, "Max-Forwards", "%d", DS_MAX_FORWARDS);
    if (dialog->routes.len > 0)
        ds_draft_header(out, "Route", "%s", dialog->routes.at);
    ds_draft_header(out, "From", "%s", dialog->local.at);
    ds_draft_header(out, "To", "%s", dialog->remote.at);
    ds_draft_header(out, "Call-ID", "%s", dialog->call_id.at);
    ds_draft_header(out, "CSeq", "%u %s", (unsigned)cseq, method);
}

void ds_dialog_clean_up(struct ds_dialog *dialog)
{
    ds_buf_clean_up(&dialog->call_id);
    ds_buf_clean_up(&dialog->local);
    ds_buf_clean_up(&dialog->remote);
    ds_buf_clean_up(&dialog->remote_tag);
    ds_buf_clean_up(&dialog->routes);
    ds_buf_clean_up(&dialog->target);
}
