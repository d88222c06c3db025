#include "sipmsg_internal.h"

#include <stdio.h>
#include <stdlib.h>

void ds_buf_add_inline(struct ds_buf *buf, struct ds_slice text)
{
    size_t from = buf->len;
    ds_buf_add(buf, text);
    for (; from < buf->len; from++) {
        if (buf->at[from] == '\r' || buf->at[from] == '\n')
            buf->at[from] = ' ';
    }
}

static void add_field(struct ds_draft *draft, struct ds_slice name, struct ds_slice value)
{
    ds_buf_add_inline(&draft->text, name);
    ds_buf_text(&draft->text, ": ");
    ds_buf_add_inline(&draft->text, value);
    ds_buf_text(&draft->text, "\r\n");
}

void ds_draft_request(struct ds_draft *draft, const char *method, struct ds_slice uri)
{
    *draft = (struct ds_draft){0};
    ds_buf_add_inline(&draft->text, ds_slice_of(method));
    ds_buf_text(&draft->text, " ");
    ds_buf_add_inline(&draft->text, uri);
    ds_buf_text(&draft->text, " SIP/2.0\r\n");
}

static void copy_to(struct ds_draft *draft, const struct ds_msg *request, const char *to_tag)
{
    struct ds_slice to;
    if (!ds_msg_header(request, "To", 0, &to))
        return;
    if (to_tag == NULL || request->to_tag.len > 0)
        ds_draft_header(draft, "To", "%.*s", DS_FMT(to));
    else
        ds_draft_header(draft, "To", "%.*s;tag=%s", DS_FMT(to), to_tag);
}

void ds_draft_response(struct ds_draft *draft,
                       const struct ds_msg *request,
                       int status,
                       const char *to_tag)
{
    DS_CHECK(request, DS_MSG_MAGIC);
    ds_assert(status >= 100 && status <= 699);
    *draft = (struct ds_draft){0};
    ds_buf_print(&draft->text, "SIP/2.0 %d %s\r\n", status, ds_status_reason(status));
    ds_draft_copy(draft, request, "Via");
    ds_draft_copy(draft, request, "From");
    copy_to(draft, request, to_tag);
    ds_draft_copy(draft, request, "Call-ID");
    ds_draft_copy(draft, request, "CSeq");
}

void ds_draft_header(struct ds_draft *draft, const char *name, const char *fmt, ...)
{
    char small[512], *large = NULL;
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(small, sizeof small, fmt, args);
    va_end(args);
    ds_assert(len >= 0);
    if ((size_t)len >= sizeof small) {
        large = malloc((size_t)len + 1);
        if (large == NULL)
            draft->text.broken = true;
        else
            vsnprintf(large, (size_t)len + 1, fmt, again);
    }
    va_end(again);
    add_field(draft, ds_slice_of(name),
              (struct ds_slice){large == NULL ? small : large, (size_t)len});
    free(large);
}

void ds_draft_copy(struct ds_draft *draft, const struct ds_msg *from, const char *name)
{
    struct ds_slice value;
    for (size_t nth = 0; ds_msg_header(from, name, nth, &value); nth++)
        add_field(draft, ds_slice_of(name), value);
}

ds_rc ds_draft_finish(struct ds_draft *draft,
                      const char *content_type,
                      struct ds_slice body,
                      struct ds_msg **out,
                      struct ds_why *why)
{
    if (content_type != NULL)
        add_field(draft, DS_LITERAL("Content-Type"), ds_slice_of(content_type));
    ds_buf_print(&draft->text, "Content-Length: %zu\r\n\r\n", body.len);
    ds_buf_add(&draft->text, body);
    ds_rc rc = draft->text.broken ? ds_fail_memory(why)
                                  : ds_msg_drafted(ds_buf_slice(&draft->text), out, why);
    ds_draft_clean_up(draft);
    return rc;
}

void ds_draft_clean_up(struct ds_draft *draft)
{
    ds_buf_clean_up(&draft->text);
}
