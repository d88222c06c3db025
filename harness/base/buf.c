#include "base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ds_buf_clean_up(struct ds_buf *buf)
{
    free(buf->at);
    *buf = (struct ds_buf){0};
}

static bool grow(struct ds_buf *buf, size_t more)
{
    if (buf->broken || more > SIZE_MAX / 4 - buf->len)
        buf->broken = true;
    if (buf->broken)
        return false;
    size_t needed = buf->len + more + 1;
    size_t cap = buf->cap < 128 ? 128 : buf->cap;
    while (cap < needed)
        cap *= 2;
    char *at = realloc(buf->at, cap);
    if (at == NULL) {
        buf->broken = true;
        return false;
    }
    buf->at = at;
    buf->cap = cap;
    return true;
}

/* Room for `more` bytes and a zero, which most often is there. */
static inline bool reserve(struct ds_buf *buf, size_t more)
{
    return (!buf->broken && more < buf->cap - buf->len) || grow(buf, more);
}

char *ds_buf_room(struct ds_buf *buf, size_t more)
{
    return reserve(buf, more) ? buf->at + buf->len : NULL;
}

void ds_buf_filled(struct ds_buf *buf, char *end)
{
    buf->len = (size_t)(end - buf->at);
    ds_assert(buf->len < buf->cap);
    *end = '\0';
}

void ds_buf_add(struct ds_buf *buf, struct ds_slice bytes)
{
    if (!reserve(buf, bytes.len))
        return;
    if (bytes.len > 0)
        memcpy(buf->at + buf->len, bytes.at, bytes.len);
    buf->len += bytes.len;
    buf->at[buf->len] = '\0';
}

void ds_buf_text(struct ds_buf *buf, const char *text)
{
    ds_buf_add(buf, ds_slice_of(text));
}

void ds_buf_print(struct ds_buf *buf, const char *fmt, ...)
{
    va_list args;
    if (!reserve(buf, 80))
        return;
    va_start(args, fmt);
    int len = vsnprintf(buf->at + buf->len, buf->cap - buf->len, fmt, args);
    va_end(args);
    ds_assert(len >= 0);
    if ((size_t)len >= buf->cap - buf->len) {
        if (!reserve(buf, (size_t)len)) {
            buf->at[buf->len] = '\0';
            return;
        }
        va_start(args, fmt);
        vsnprintf(buf->at + buf->len, buf->cap - buf->len, fmt, args);
        va_end(args);
    }
    buf->len += (size_t)len;
}

void ds_buf_whole(struct ds_buf *buf, uint64_t number)
{
    size_t digits = 1;
    for (uint64_t rest = number; rest >= 10; rest /= 10)
        digits++;
    char *at = ds_buf_room(buf, digits);
    if (at == NULL)
        return;
    ds_buf_filled(buf, at + digits);
    do
        at[--digits] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
}

struct ds_slice ds_buf_slice(const struct ds_buf *buf)
{
    return (struct ds_slice){buf->at, buf->len};
}
