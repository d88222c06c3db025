#include "base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DS_LOG_MAGIC 0x10610601u

struct ds_log {
    uint32_t magic;
    struct ds_buf text;
    size_t most; /* bytes kept */
};

ds_rc ds_log_new(struct ds_log **out, size_t bytes)
{
    struct ds_log *log = calloc(1, sizeof *log);
    if (log == NULL)
        return DS_NOMEM;
    log->magic = DS_LOG_MAGIC;
    log->most = bytes;
    *out = log;
    return DS_OK;
}

void ds_log_free(struct ds_log **log)
{
    if (*log == NULL)
        return;
    DS_CHECK(*log, DS_LOG_MAGIC);
    ds_buf_clean_up(&(*log)->text);
    (*log)->magic = 0;
    free(*log);
    *log = NULL;
}

/* Drops whole lines from the front until half of the room is free, so that dropping is rare. */
static void forget_the_oldest(struct ds_log *log)
{
    struct ds_slice text = ds_buf_slice(&log->text);
    size_t drop = text.len - log->most / 2, line_end;
    struct ds_slice rest = ds_slice_from(text, drop);
    if (ds_slice_find(rest, DS_LITERAL("\n"), &line_end))
        rest = ds_slice_from(rest, line_end + 1);
    memmove(log->text.at, rest.at, rest.len + 1);
    log->text.len = rest.len;
}

void ds_log_write(struct ds_log *log,
                  int64_t at_us,
                  int level,
                  const char *actor,
                  const char *fmt,
                  ...)
{
    static const char *const marks[] = {"----", "*   ", "**  ", "*** ", "****"};
    char line[512];
    va_list args;
    if (log == NULL)
        return;
    DS_CHECK(log, DS_LOG_MAGIC);
    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    ds_assert(level >= 0 && level < (int)DS_COUNT(marks));
    ds_buf_print(&log->text, "%s %-10s t+%.3f  %s\n", marks[level], actor, (double)at_us / 1e6,
                 line);
    if (log->text.len > log->most)
        forget_the_oldest(log);
}

struct ds_slice ds_log_text(const struct ds_log *log)
{
    DS_CHECK(log, DS_LOG_MAGIC);
    return ds_buf_slice(&log->text);
}
