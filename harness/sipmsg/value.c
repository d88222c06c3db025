#include "sipmsg_internal.h"

#include <string.h>

/* The place of the quote that closes the one at `open`, or the length. */
static size_t closing_quote(struct ds_slice text, size_t open)
{
    for (size_t i = open + 1; i < text.len; i++) {
        if (text.at[i] == '"')
            return i;
        if (text.at[i] == '\\')
            i++;
    }
    return text.len;
}

/* A quote that nothing closes hides nothing: real peers write one, and their tags count all the
 * same. */
static size_t find_outside(struct ds_slice text, char stop)
{
    bool angled = false, quotes_close = true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == stop && !angled)
            return i;
        if (c == '"' && !angled && quotes_close) {
            size_t close = closing_quote(text, i);
            quotes_close = close < text.len;
            i = quotes_close ? close : i;
        } else if (c == '<' || c == '>') {
            angled = c == '<';
        }
    }
    return text.len;
}

/* Most values hide nothing. */
size_t ds_value_find(struct ds_slice text, char stop)
{
    const char *found = text.len == 0 ? NULL : memchr(text.at, stop, text.len);
    if (found == NULL)
        return text.len;
    size_t before = (size_t)(found - text.at);
    if (before == 0)
        return 0;
    bool hides = memchr(text.at, '"', before) != NULL || memchr(text.at, '<', before) != NULL;
    return hides ? find_outside(text, stop) : before;
}

bool ds_value_is_balanced(struct ds_slice value)
{
    size_t open = 0;
    while (open < value.len && value.at[open] != '"' && value.at[open] != '<')
        open++;
    return open == value.len || value.at[open] == '<' || closing_quote(value, open) < value.len;
}

void ds_value_next(struct ds_slice *rest, char stop, struct ds_slice *value)
{
    size_t end = ds_value_find(*rest, stop);
    bool last = end == rest->len;
    *value = ds_slice_trim((struct ds_slice){rest->at, end});
    *rest = last ? (struct ds_slice){NULL, 0} : ds_slice_from(*rest, end + 1);
}

/* Cuts the next value of a comma-separated list; empty ones are passed over. */
bool ds_value_cut(struct ds_slice *rest, struct ds_slice *value)
{
    while (rest->len > 0) {
        ds_value_next(rest, ',', value);
        if (value->len > 0)
            return true;
    }
    return false;
}

struct ds_slice ds_value_uri(struct ds_slice value, struct ds_slice *params)
{
    size_t open = ds_value_find(value, '<');
    struct ds_slice uri, rest;
    if (open < value.len) {
        struct ds_slice inside = ds_slice_from(value, open + 1);
        rest = inside;
        ds_slice_cut(&rest, '>', &uri);
    } else {
        size_t end = ds_value_find(value, ';');
        uri = (struct ds_slice){value.at, end};
        rest = ds_slice_from(value, end);
    }
    if (params != NULL)
        *params = ds_slice_trim(rest);
    return ds_slice_trim(uri);
}

static struct ds_slice without_quotes(struct ds_slice text)
{
    if (text.len >= 2 && text.at[0] == '"' && text.at[text.len - 1] == '"')
        return (struct ds_slice){text.at + 1, text.len - 2};
    return text;
}

/* "name", or "name=value". */
static bool read_param(struct ds_slice param, struct ds_slice name, struct ds_slice *value)
{
    param = ds_slice_trim(param);
    if (!ds_slice_starts_nocase(param, name))
        return false;
    struct ds_slice rest = ds_slice_trim(ds_slice_from(param, name.len));
    *value = (struct ds_slice){NULL, 0};
    if (rest.len > 0 && rest.at[0] == '=')
        *value = without_quotes(ds_slice_trim(ds_slice_from(rest, 1)));
    return rest.len == 0 || rest.at[0] == '=';
}

bool ds_param(struct ds_slice params, const char *name, struct ds_slice *value)
{
    const struct ds_slice wanted = ds_slice_of(name);
    while (params.len > 0) {
        size_t end = params.at[0] == ';' ? 0 : ds_value_find(params, ';');
        if (end > 0 && read_param((struct ds_slice){params.at, end}, wanted, value))
            return true;
        params = ds_slice_from(params, end + 1);
    }
    *value = (struct ds_slice){NULL, 0};
    return false;
}

struct ds_slice ds_value_tag(struct ds_slice value)
{
    struct ds_slice params, tag;
    (void)ds_value_uri(value, &params);
    (void)ds_param(params, "tag", &tag);
    return tag;
}
