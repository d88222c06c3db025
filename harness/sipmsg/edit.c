#include "sipmsg_internal.h"

/* A message is never changed: these write the text of another one and read that. */

static struct ds_slice between(const char *from, const char *to)
{
    ds_assert(from <= to);
    return (struct ds_slice){from, (size_t)(to - from)};
}

/* Where the field starts, or where the empty line does. */
static const char *field_at(const struct ds_msg *msg, size_t index)
{
    if (index < msg->field_count)
        return msg->fields[index].name.at;
    const char *end = msg->body.at - 1;
    return end > msg->head.at && end[-1] == '\r' ? end - 1 : end;
}

static const char *end_of(const struct ds_msg *msg)
{
    return msg->body.at + msg->body.len;
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
    for (at = 0; at < msg->field_count && ds_field_is(&msg->fields[at], DS_LITERAL("Via"));)
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
    ds_buf_add(&text, between(msg->head.at, place));
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
    const struct ds_field *field = &msg->fields[at];
    struct ds_slice rest = field->value, first, second, left;
    ds_value_cut(&rest, &first);
    left = rest;
    struct ds_slice line = ds_field_line(field);
    ds_buf_add(&text, between(msg->head.at, line.at));
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
    ds_buf_add(&text, between(msg->head.at, field_at(msg, 0)));
    for (size_t i = 0; i <= msg->field_count; i++) {
        if (i == first && value != NULL)
            add_line(&text, name, ds_slice_of(value));
        if (i < msg->field_count && !ds_field_is(&msg->fields[i], wanted))
            ds_buf_add(&text, ds_field_line(&msg->fields[i]));
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
    ds_buf_add(&whole, between(msg->head.at, part.at));
    ds_buf_add_inline(&whole, text);
    ds_buf_add(&whole, between(part.at + part.len, end_of(msg)));
    return finish(&whole, out);
}

ds_rc ds_msg_retarget(const struct ds_msg *msg, struct ds_slice uri, struct ds_msg **out)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    ds_assert(msg->start.is_request);
    return ds_msg_rewrite(msg, msg->start.uri, uri, out);
}
