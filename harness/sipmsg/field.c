#include "sipmsg_internal.h"

#include <ctype.h>
#include <string.h>

/* The compact forms that IANA lists, by letter. */
static const char *const long_names[26] = {
    ['a' - 'a'] = "Accept-Contact",
    ['b' - 'a'] = "Referred-By",
    ['c' - 'a'] = "Content-Type",
    ['d' - 'a'] = "Request-Disposition",
    ['e' - 'a'] = "Content-Encoding",
    ['f' - 'a'] = "From",
    ['i' - 'a'] = "Call-ID",
    ['j' - 'a'] = "Reject-Contact",
    ['k' - 'a'] = "Supported",
    ['l' - 'a'] = "Content-Length",
    ['m' - 'a'] = "Contact",
    ['n' - 'a'] = "Identity-Info",
    ['o' - 'a'] = "Event",
    ['r' - 'a'] = "Refer-To",
    ['s' - 'a'] = "Subject",
    ['t' - 'a'] = "To",
    ['u' - 'a'] = "Allow-Events",
    ['v' - 'a'] = "Via",
    ['x' - 'a'] = "Session-Expires",
    ['y' - 'a'] = "Identity",
};

struct ds_slice ds_long_name(struct ds_slice name)
{
    if (name.len != 1 || !isalpha((unsigned char)name.at[0]))
        return name;
    const char *full = long_names[tolower((unsigned char)name.at[0]) - 'a'];
    return full == NULL ? name : ds_slice_of(full);
}

bool ds_line_is_empty(struct ds_slice line)
{
    return line.len > 0 &&
           (line.at[0] == '\n' || (line.at[0] == '\r' && line.len == 2 && line.at[1] == '\n'));
}

bool ds_line_cut(struct ds_slice *rest, struct ds_slice *line)
{
    if (rest->len == 0)
        return false;
    const char *at = rest->at, *end = rest->at + rest->len;
    do {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        at = stop == NULL ? end : stop + 1;
        *line = (struct ds_slice){rest->at, (size_t)(at - rest->at)};
    } while (at < end && (*at == ' ' || *at == '\t') && !ds_line_is_empty(*line));
    *rest = (struct ds_slice){at, (size_t)(end - at)};
    return true;
}

/* As nearly all end: what trims the others looks at one byte after another. */
static struct ds_slice without_crlf(struct ds_slice line)
{
    bool has_crlf = line.len >= 2 && memcmp(line.at + line.len - 2, "\r\n", 2) == 0;
    return (struct ds_slice){line.at, has_crlf ? line.len - 2 : line.len};
}

bool ds_field_read(struct ds_slice line, struct ds_field *out)
{
    line = without_crlf(line);
    const char *colon = line.len == 0 ? NULL : memchr(line.at, ':', line.len);
    if (colon == NULL || colon == line.at || ds_is_blank(line.at[0]))
        return false;
    size_t name_len = (size_t)(colon - line.at);
    out->value = ds_slice_trim(ds_slice_from(line, name_len + 1));
    while (ds_is_blank(line.at[name_len - 1]))
        name_len--;
    out->name = (struct ds_slice){line.at, name_len};
    return true;
}

bool ds_field_is(const struct ds_field *field, struct ds_slice name)
{
    return ds_slice_equal_nocase(ds_long_name(field->name), ds_long_name(name));
}

/* ---- of a message ---- */

struct ds_slice ds_field_value(const struct ds_msg *msg, size_t at)
{
    return ds_msg_text(msg, msg->fields[at].value);
}

struct ds_slice ds_field_line(const struct ds_msg *msg, size_t at)
{
    const struct ds_span line = {msg->fields[at].name.at, msg->fields[at].line_len};
    return ds_msg_text(msg, line);
}

static bool is_named(const struct ds_msg *msg, size_t at, struct ds_slice full_name, uint32_t key)
{
    const struct ds_indexed_field *field = &msg->fields[at];
    return field->name_key == key &&
           ds_slice_equal_nocase(ds_long_name(ds_msg_text(msg, field->name)), full_name);
}

bool ds_field_is_named(const struct ds_msg *msg, size_t at, struct ds_slice name)
{
    name = ds_long_name(name);
    return is_named(msg, at, name, ds_name_key(name));
}

size_t ds_field_find(const struct ds_msg *msg, struct ds_slice name, size_t from)
{
    name = ds_long_name(name);
    uint32_t key = ds_name_key(name);
    while (from < msg->field_count && !is_named(msg, from, name, key))
        from++;
    return from;
}

bool ds_msg_header(const struct ds_msg *msg, const char *name, size_t nth, struct ds_slice *value)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    struct ds_slice wanted = ds_slice_of(name);
    size_t at = ds_field_find(msg, wanted, 0);
    while (at < msg->field_count && nth-- > 0)
        at = ds_field_find(msg, wanted, at + 1);
    *value = at < msg->field_count ? ds_field_value(msg, at) : (struct ds_slice){NULL, 0};
    return at < msg->field_count;
}

/* Values beyond the bound on header fields are not told: a caller that asks for one after another
 * would otherwise take quadratic time on a hostile list. */
bool ds_msg_value(const struct ds_msg *msg, const char *name, size_t nth, struct ds_slice *value)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    struct ds_slice wanted = ds_slice_of(name);
    size_t at = nth < DS_MSG_MAX_HEADERS ? ds_field_find(msg, wanted, 0) : msg->field_count;
    for (; at < msg->field_count; at = ds_field_find(msg, wanted, at + 1)) {
        struct ds_slice rest = ds_field_value(msg, at);
        while (ds_value_cut(&rest, value)) {
            if (nth-- == 0)
                return true;
        }
    }
    *value = (struct ds_slice){NULL, 0};
    return false;
}

bool ds_msg_lists(const struct ds_msg *msg, const char *name, const char *token)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    struct ds_slice wanted = ds_slice_of(name), value;
    size_t at = ds_field_find(msg, wanted, 0);
    for (; at < msg->field_count; at = ds_field_find(msg, wanted, at + 1)) {
        struct ds_slice rest = ds_field_value(msg, at);
        while (ds_value_cut(&rest, &value)) {
            struct ds_slice word;
            if (ds_slice_cut(&value, ';', &word) &&
                ds_slice_equal_nocase(ds_slice_trim(word), ds_slice_of(token)))
                return true;
        }
    }
    return false;
}

size_t ds_msg_header_count(const struct ds_msg *msg)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    return msg->field_count;
}

void ds_msg_header_at(const struct ds_msg *msg,
                      size_t index,
                      struct ds_slice *name,
                      struct ds_slice *value)
{
    DS_CHECK(msg, DS_MSG_MAGIC);
    ds_assert(index < msg->field_count);
    *name = ds_msg_text(msg, msg->fields[index].name);
    *value = ds_field_value(msg, index);
}
