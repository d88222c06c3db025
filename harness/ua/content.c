#include "ua_internal.h"

/* What every message of a session carries beyond what its place in the dialog demands. */

void ds_content_write(struct ds_session *session,
                      const struct ds_hop *hop,
                      const struct ds_content *content,
                      struct ds_draft *draft)
{
    if (content != NULL && content->contact != NULL)
        ds_draft_header(draft, "Contact", "%s", content->contact);
    else
        ds_ua_write_contact(session->ua, hop, ds_buf_slice(&session->dialog.local), draft);
    ds_draft_header(draft, "Allow", "%s", DS_ALLOW);
}

void ds_content_remember(struct ds_session *session, struct ds_slice body)
{
    if (body.len == 0)
        return;
    session->described.len = 0;
    ds_buf_add(&session->described, body);
}

ds_rc ds_content_finish(struct ds_session *session,
                        const struct ds_content *content,
                        struct ds_draft *draft,
                        struct ds_msg **out)
{
    static const struct ds_content nothing = {.contact = NULL};
    struct ds_why why;
    if (content == NULL)
        content = &nothing;
    const char *type = content->content_type;
    if (type == NULL && content->body.len > 0)
        type = "application/sdp";
    if (content->content_type == NULL)
        ds_content_remember(session, content->body);
    ds_ua_write_signature(session->ua, content->extra_headers, draft);
    ds_rc rc = ds_draft_finish(draft, type, content->body, out, &why);
    if (rc != DS_OK)
        ds_ua_note(session->ua, "a message of %s cannot be written: %s", session->dialog.call_id.at,
                   why.text);
    return rc;
}
