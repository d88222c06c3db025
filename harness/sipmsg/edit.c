#include "sipmsg_internal.h"

/* A message is never changed: these write the text of another one and read that. */

static struct ds_slice between(const char *from, const char *to)
{
    ds_assert(from <= to);
    return (struct ds_slice){from, (size_t)(to - from)};
}

static const char *start_of(const struct ds_msg *msg)
{
    return ds_msg_text(msg, msg->head).at;
}

/* Where the field starts, or where the empty line does. */
static const char *field_at(const struct ds_msg *msg, size_t index)
{
    if (index < msg->field_count)
        return ds_field_line(msg, index).at;
    const char *end = ds_msg_body(msg).at - 1;
    return end > start_of(msg) && end[-1] == '\r' ? end - 1 : end;
}

static const char *end_of(const struct ds_msg *msg)
{
    struct ds_slice body = ds_msg_body(msg);
    return body.at + body.len;
}

static void add_line(struct ds_buf *text, const char *name, struct ds_slice value)
{
    ds_buf_add_inline(text, ds_slice_of(name));
    ds_buf_text(text, ": ");
    ds_buf_add_inline(text, value);
    ds_buf_text(text, "\r\n");
}

static ds_rc finish(struct ds_buf *text, struct ds_msg **out)
{
    ds_rc rc = text->broken ? DS_NOMEM : ds_msg_drafted(ds_buf_slice(text), out, NULL);
    ds_buf_clean_up(text);
    return rc;
}

/* Where a new topmost field of that name belongs. Routing fields stay near the top. */
static size_t place_of(const struct ds_msg *msg, struct ds_slice name)
{
    size_t at = ds_field_find(msg, name, 0);
    if (ds_slice_equal_nocase(name, DS_LITERAL("Via")))
        return 0;
    if (at < msg->field_count)
        return at;
    for (at = 0; at < msg->field_count && ds_field_is_named(msg, at, DS_LITERAL("Via"));)
        at++;
    return at;
}

ds_rc ds_msg_push(const struct ds_msg *msg,
                  const char *name,
                  const char *value,
                  struct ds_msg **out)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    struct ds_buf text = {0};
    const char *place = field_at(msg, place_of(msg, ds_slice_of(name)));
    ds_buf_add(&text, between(start_of(msg), place));
    add_line(&text, name, ds_slice_of(value));
    ds_buf_add(&text, between(place, end_of(msg)));
    return finish(&text, out);
}

ds_rc ds_msg_pop(const struct ds_msg *msg, const char *name, struct ds_msg **out)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    struct ds_buf text = {0};
    size_t at = ds_field_find(msg, ds_slice_of(name), 0);
    if (at == msg->field_count)
        return DS_BAD;
    struct ds_slice rest = ds_field_value(msg, at), first, second, left;
    ds_value_cut(&rest, &first);
    left = rest;
    struct ds_slice line = ds_field_line(msg, at);
    ds_buf_add(&text, between(start_of(msg), line.at));
    if (ds_value_cut(&rest, &second))
        add_line(&text, name, ds_slice_trim(left));
    ds_buf_add(&text, between(line.at + line.len, end_of(msg)));
    return finish(&text, out);
}

ds_rc ds_msg_set(const struct ds_msg *msg, const char *name, const char *value, struct ds_msg **out)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    struct ds_buf text = {0};
    struct ds_slice wanted = ds_slice_of(name);
    size_t first = ds_field_find(msg, wanted, 0);
    ds_buf_add(&text, between(start_of(msg), field_at(msg, 0)));
    for (size_t i = 0; i <= msg->field_count; i++) {
        if (i == first && value != NULL)
            add_line(&text, name, ds_slice_of(value));
        if (i < msg->field_count && !ds_field_is_named(msg, i, wanted))
            ds_buf_add(&text, ds_field_line(msg, i));
    }
    ds_buf_add(&text, between(field_at(msg, msg->field_count), end_of(msg)));
    return finish(&text, out);
}

ds_rc ds_msg_rewrite(const struct ds_msg *msg,
                     struct ds_slice part,
                     struct ds_slice text,
                     struct ds_msg **out)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    struct ds_buf whole = {0};
    ds_buf_add(&whole, between(start_of(msg), part.at));
    ds_buf_add_inline(&whole, text);
    ds_buf_add(&whole, between(part.at + part.len, end_of(msg)));
    return finish(&whole, out);
}

ds_rc ds_msg_retarget(const struct ds_msg *msg, struct ds_slice uri, struct ds_msg **out)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    ds_assert(msg->is_request);
    return ds_msg_rewrite(msg, ds_msg_request_uri(msg), uri, out);
}
