#include "sipmsg.h"

#include <ctype.h>
#include <string.h>

/* Cuts at the first `stop` and leaves it, with what follows, in `*tail`; the tail is empty when
 * there is none. */
static struct ds_slice split_before(struct ds_slice text, char stop, struct ds_slice *tail)
{
    const char *at = text.len == 0 ? NULL : memchr(text.at, stop, text.len);
    size_t len = at == NULL ? text.len : (size_t)(at - text.at);
    *tail = ds_slice_from(text, len);
    return (struct ds_slice){text.at, len};
}

static bool cut_scheme(struct ds_slice *text, struct ds_slice *scheme)
{
    struct ds_slice tail;
    *scheme = split_before(*text, ':', &tail);
    if (tail.len == 0 || scheme->len == 0 || !isalpha((unsigned char)scheme->at[0]))
        return false;
    for (size_t i = 0; i < scheme->len; i++) {
        char c = scheme->at[i];
        if (!isalnum((unsigned char)c) && c != '+' && c != '-' && c != '.')
            return false;
    }
    *text = ds_slice_from(tail, 1);
    return true;
}

/* "user;phone-context=x:password" */
static void read_user(struct ds_slice info, struct ds_uri *out)
{
    struct ds_slice password;
    out->user = split_before(info, ';', &out->user_params);
    out->user = split_before(out->user, ':', &password);
}

/* "host:port", "[::1]:port" */
static ds_rc read_host(struct ds_slice text, struct ds_uri *out)
{
    struct ds_slice port, inside;
    uint64_t number = 0;
    if (text.len > 0 && text.at[0] == '[') {
        inside = split_before(text, ']', &port);
        if (port.len == 0)
            return DS_BAD;
        out->host = (struct ds_slice){text.at, inside.len + 1};
        port = ds_slice_from(port, 1);
    } else {
        out->host = split_before(text, ':', &port);
    }
    if (out->host.len == 0)
        return DS_BAD;
    if (port.len > 0 && (port.at[0] != ':' ||
                         ds_slice_number(ds_slice_from(port, 1), UINT16_MAX, &number) != DS_OK))
        return DS_BAD;
    out->port = (uint16_t)number;
    return DS_OK;
}

ds_rc ds_uri_parse(struct ds_slice text, struct ds_uri *out)
{
    struct ds_slice rest = ds_slice_trim(text), tail;
    *out = (struct ds_uri){.port = 0};
    if (!cut_scheme(&rest, &out->scheme))
        return DS_BAD;
    if (!ds_slice_equal_nocase(out->scheme, DS_LITERAL("sip")) &&
        !ds_slice_equal_nocase(out->scheme, DS_LITERAL("sips"))) {
        out->user = split_before(rest, ';', &out->user_params);
        return out->user.len > 0 ? DS_OK : DS_BAD;
    }
    struct ds_slice info = split_before(rest, '@', &tail);
    if (tail.len > 0) {
        read_user(info, out);
        rest = ds_slice_from(tail, 1);
    }
    rest = split_before(rest, '?', &tail);
    out->headers = ds_slice_from(tail, 1);
    rest = split_before(rest, ';', &out->params);
    return read_host(ds_slice_trim(rest), out);
}
