#include "sipmsg_internal.h"

#include <ctype.h>
#include <string.h>

#define MOST_MULTIPARTS 8 /* inside each other, or side by side */

ds_rc ds_content_length(struct ds_slice fields, bool *found, uint64_t *length)
{
    struct ds_slice line;
    struct ds_field field;
    *found = false;
    *length = 0;
    while (ds_line_cut(&fields, &line) && !ds_line_is_empty(line)) {
        uint64_t number;
        if (!ds_field_read(line, &field) || !ds_field_is(&field, DS_LITERAL("Content-Length")))
            continue;
        if (ds_slice_number(field.value, UINT32_MAX, &number) != DS_OK)
            return DS_BAD;
        if (*found && number != *length)
            return DS_BAD;
        *found = true;
        *length = number;
    }
    return DS_OK;
}

/* The end of the line that `at` lies in, past its line feed. */
static size_t next_line(struct ds_slice text, size_t at)
{
    const char *feed = at < text.len ? memchr(text.at + at, '\n', text.len - at) : NULL;
    return feed == NULL ? text.len : (size_t)(feed - text.at) + 1;
}

/* Two hyphens, the boundary, and nothing but white space, or two hyphens that close: the boundary
 * of one multipart may begin that of another inside it. */
static bool is_delimiter(struct ds_slice line, struct ds_slice boundary)
{
    if (!ds_slice_starts(line, DS_LITERAL("--")) ||
        !ds_slice_starts(ds_slice_from(line, 2), boundary))
        return false;
    struct ds_slice after = ds_slice_from(line, 2 + boundary.len);
    return ds_slice_starts(after, DS_LITERAL("--")) || after.len == 0 ||
           isspace((unsigned char)after.at[0]);
}

/* The line end before a delimiter belongs to the delimiter (RFC 2046 5.1.1). */
static struct ds_slice without_line_end(struct ds_slice text)
{
    if (text.len > 0 && text.at[text.len - 1] == '\n')
        text.len--;
    if (text.len > 0 && text.at[text.len - 1] == '\r')
        text.len--;
    return text;
}

/* Cuts what lies before the next delimiter line; false when there is no further delimiter, or when
 * it is the closing one and `*rest` holds but the epilogue. */
static bool cut_part(struct ds_slice *rest, struct ds_slice boundary, struct ds_slice *part)
{
    for (size_t at = 0; at < rest->len; at = next_line(*rest, at)) {
        struct ds_slice line = {rest->at + at, next_line(*rest, at) - at};
        if (!is_delimiter(line, boundary))
            continue;
        *part = without_line_end((struct ds_slice){rest->at, at});
        struct ds_slice after = ds_slice_from(line, 2 + boundary.len);
        bool closing = ds_slice_starts(after, DS_LITERAL("--"));
        *rest = closing ? (struct ds_slice){NULL, 0} : ds_slice_from(*rest, at + line.len);
        return true;
    }
    return false;
}

static void read_part(struct ds_slice text, struct ds_part *out)
{
    struct ds_slice line, uri_params;
    struct ds_field field;
    *out = (struct ds_part){.body = {text.at, 0}};
    while (ds_line_cut(&text, &line) && !ds_line_is_empty(line)) {
        if (!ds_field_read(line, &field))
            continue;
        if (ds_field_is(&field, DS_LITERAL("Content-Type")))
            out->content_type = field.value;
        else if (ds_field_is(&field, DS_LITERAL("Content-ID")))
            out->content_id = ds_value_uri(field.value, &uri_params);
        else if (ds_field_is(&field, DS_LITERAL("Content-Disposition")))
            out->content_disposition = field.value;
    }
    out->body = text;
}

/* Where nothing closes the last part, it takes the rest. */
static size_t read_parts(struct ds_slice body, struct ds_slice boundary, struct ds_part *out)
{
    struct ds_slice text, preamble;
    size_t count = 0;
    if (!cut_part(&body, boundary, &preamble))
        return 0;
    while (count < DS_MSG_MAX_PARTS && cut_part(&body, boundary, &text))
        read_part(text, &out[count++]);
    if (count < DS_MSG_MAX_PARTS && body.len > 0)
        read_part(body, &out[count++]);
    return count;
}

static bool boundary_of(struct ds_slice content_type, struct ds_slice *boundary)
{
    struct ds_slice type;
    return ds_slice_cut(&content_type, ';', &type) &&
           ds_slice_starts_nocase(type, DS_LITERAL("multipart/")) &&
           ds_param(content_type, "boundary", boundary) && boundary->len > 0;
}

/* Puts the parts of a part in its place. True when it had any. */
static bool
unfold(struct ds_part parts[DS_MSG_MAX_PARTS], size_t at, size_t *count, struct ds_slice boundary)
{
    struct ds_part inner[DS_MSG_MAX_PARTS], after[DS_MSG_MAX_PARTS];
    size_t inner_count = read_parts(parts[at].body, boundary, inner);
    size_t after_count = *count - at - 1;
    if (inner_count == 0)
        return false;
    memcpy(after, parts + at + 1, after_count * sizeof *after);
    *count = at;
    for (size_t i = 0; i < inner_count && *count < DS_MSG_MAX_PARTS; i++)
        parts[(*count)++] = inner[i];
    for (size_t i = 0; i < after_count && *count < DS_MSG_MAX_PARTS; i++)
        parts[(*count)++] = after[i];
    return true;
}

size_t ds_msg_parts(const struct ds_msg *msg, struct ds_part out[DS_MSG_MAX_PARTS])
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    struct ds_slice boundary;
    size_t count = 1;
    if (msg->body.len == 0)
        return 0;
    out[0] = (struct ds_part){.body = ds_msg_body(msg)};
    ds_msg_header(msg, "Content-Type", 0, &out[0].content_type);
    ds_msg_header(msg, "Content-Disposition", 0, &out[0].content_disposition);
    if (ds_msg_header(msg, "Content-ID", 0, &out[0].content_id))
        out[0].content_id = ds_value_uri(out[0].content_id, NULL);
    for (size_t at = 0, unfolded = 0; at < count && unfolded < MOST_MULTIPARTS;) {
        if (boundary_of(out[at].content_type, &boundary) && unfold(out, at, &count, boundary))
            unfolded++;
        else
            at++;
    }
    return count;
}

bool ds_msg_has_type(const struct ds_msg *msg, const char *type)
{
    struct ds_slice value;
    return ds_msg_header(msg, "Content-Type", 0, &value) &&
           ds_slice_starts_nocase(value, ds_slice_of(type));
}

bool ds_msg_part(const struct ds_msg *msg, const char *type, struct ds_part *out)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    size_t count = ds_msg_parts(msg, parts);
    for (size_t i = 0; i < count; i++) {
        if (ds_slice_starts_nocase(parts[i].content_type, ds_slice_of(type))) {
            *out = parts[i];
            return true;
        }
    }
    return false;
}
