#include "sipmsg_internal.h"

#include <string.h>

/* Where the empty line ends; false while it has not come. */
static bool find_end_of_head(struct ds_slice stream, size_t *end)
{
    const char *at = stream.at, *stop = stream.at + stream.len;
    while (at < stop && (at = memchr(at, '\n', (size_t)(stop - at))) != NULL) {
        at++;
        if (at < stop && *at == '\r')
            at++;
        if (at < stop && *at == '\n') {
            *end = (size_t)(at - stream.at) + 1;
            return true;
        }
    }
    return false;
}

static ds_rc too_long(struct ds_why *why)
{
    return ds_fail(why, DS_BAD, "the message on this stream is longer than %d bytes",
                   DS_MSG_MAX_BYTES);
}

static ds_rc frame(struct ds_slice stream, size_t *len, struct ds_why *why)
{
    struct ds_slice head = stream, first;
    size_t end;
    uint64_t body = 0;
    bool found;
    if (memchr(stream.at, '\n', stream.len) != NULL && !ds_msg_looks_like_sip(stream))
        return ds_fail(why, DS_BAD, "the stream does not go on with the first line of a message");
    if (!find_end_of_head(stream, &end))
        return stream.len > DS_MSG_MAX_BYTES ? too_long(why) : DS_OK;
    head.len = end;
    ds_slice_cut(&head, '\n', &first);
    if (ds_content_length(head, &found, &body) != DS_OK)
        return ds_fail(why, DS_BAD, "Content-Length tells no length, so the stream is lost");
    if (body > DS_MSG_MAX_BYTES || end + body > DS_MSG_MAX_BYTES)
        return too_long(why);
    if (stream.len >= end + body)
        *len = end + (size_t)body;
    return DS_OK;
}

ds_rc ds_msg_frame(struct ds_slice stream, size_t *skip, size_t *len, struct ds_why *why)
{
    struct ds_slice rest = ds_skip_line_ends(stream);
    *skip = stream.len - rest.len;
    *len = 0;
    return rest.len == 0 ? DS_OK : frame(rest, len, why);
}

/* A status line alone may stand in a body (message/sipfrag, RFC 3420). */
static bool begins_message(struct ds_slice stream)
{
    struct ds_slice first, second;
    struct ds_field field;
    if (!ds_msg_looks_like_sip(stream) || !ds_slice_cut(&stream, '\n', &first) || stream.len == 0 ||
        memchr(stream.at, '\n', stream.len) == NULL)
        return false;
    return ds_slice_cut(&stream, '\n', &second) && ds_field_read(second, &field) &&
           ds_is_token(field.name);
}

static size_t line_after(struct ds_slice stream, size_t from)
{
    const char *end = memchr(stream.at + from, '\n', stream.len - from);
    return end == NULL ? stream.len : (size_t)(end - stream.at) + 1;
}

size_t ds_msg_find(struct ds_slice stream, size_t from)
{
    if (from > 0 && from < stream.len)
        from = line_after(stream, from - 1);
    while (from < stream.len) {
        struct ds_slice rest = ds_skip_line_ends(ds_slice_from(stream, from));
        from = stream.len - rest.len;
        if (rest.len == 0 || begins_message(rest))
            break;
        from = line_after(stream, from);
    }
    return from;
}
