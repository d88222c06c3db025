#include "base.h"

#include <string.h>
#include <strings.h>

struct ds_slice ds_slice_of(const char *text)
{
    return (struct ds_slice){text, text == NULL ? 0 : strlen(text)};
}

bool ds_slice_equal(struct ds_slice a, struct ds_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* Most that are not equal differ in their length or first letter already. */
bool ds_slice_equal_nocase(struct ds_slice a, struct ds_slice b)
{
    const int but_the_case = 0xdf;
    if (a.len != b.len)
        return false;
    return a.len == 0 || (((a.at[0] ^ b.at[0]) & but_the_case) == 0 &&
                          (memcmp(a.at, b.at, a.len) == 0 || strncasecmp(a.at, b.at, a.len) == 0));
}

bool ds_slice_starts(struct ds_slice text, struct ds_slice prefix)
{
    return text.len >= prefix.len && ds_slice_equal((struct ds_slice){text.at, prefix.len}, prefix);
}

bool ds_slice_starts_nocase(struct ds_slice text, struct ds_slice prefix)
{
    return text.len >= prefix.len &&
           ds_slice_equal_nocase((struct ds_slice){text.at, prefix.len}, prefix);
}

bool ds_slice_find(struct ds_slice text, struct ds_slice part, size_t *at)
{
    if (part.len == 0 || text.len < part.len)
        return false;
    const char *found = memmem(text.at, text.len, part.at, part.len);
    if (found == NULL)
        return false;
    *at = (size_t)(found - text.at);
    return true;
}

struct ds_slice ds_slice_trim(struct ds_slice text)
{
    if (text.len == 0)
        return text;
    const char *at = text.at, *end = text.at + text.len;
    while (at < end && ds_is_blank(*at))
        at++;
    while (at < end && ds_is_blank(end[-1]))
        end--;
    return (struct ds_slice){at, (size_t)(end - at)};
}

struct ds_slice ds_slice_from(struct ds_slice text, size_t at)
{
    if (at > text.len)
        at = text.len;
    return (struct ds_slice){text.at == NULL ? NULL : text.at + at, text.len - at};
}

bool ds_slice_cut(struct ds_slice *rest, char stop, struct ds_slice *part)
{
    if (rest->at == NULL)
        return false;
    const char *end = rest->len == 0 ? NULL : memchr(rest->at, stop, rest->len);
    if (end == NULL) {
        *part = *rest;
        *rest = (struct ds_slice){NULL, 0};
        return true;
    }
    *part = (struct ds_slice){rest->at, (size_t)(end - rest->at)};
    *rest = ds_slice_from(*rest, part->len + 1);
    return true;
}

ds_rc ds_slice_number(struct ds_slice text, uint64_t most, uint64_t *out)
{
    const uint64_t tenth = UINT64_MAX / 10;
    uint64_t value = 0;
    if (text.len == 0)
        return DS_BAD;
    for (size_t i = 0; i < text.len; i++) {
        unsigned digit = (unsigned)(text.at[i] - '0');
        if (digit > 9 || value > tenth || (value == tenth && digit > UINT64_MAX % 10))
            return DS_BAD;
        value = value * 10 + digit;
    }
    if (value > most)
        return DS_BAD;
    *out = value;
    return DS_OK;
}

bool ds_slice_copy(struct ds_slice text, char *out, size_t size)
{
    ds_assert(size > 0);
    size_t len = text.len < size ? text.len : size - 1;
    if (len > 0)
        memcpy(out, text.at, len);
    out[len] = '\0';
    return len == text.len;
}
