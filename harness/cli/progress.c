#include "cli_internal.h"

#include <stdio.h>

/* One line on a terminal's stderr, written over itself; nothing at all anywhere else. */

void ds_progress_hide(struct ds_progress *progress)
{
    if (progress->shown == 0)
        return;
    fprintf(stderr, "\r%*s\r", (int)progress->shown, "");
    progress->shown = 0;
}

void ds_progress_say(struct ds_progress *progress, const char *fmt, ...)
{
    char line[160];
    va_list args;
    if (!progress->context->err_is_terminal || progress->context->options.quiet != NULL)
        return;
    va_start(args, fmt);
    int len = vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    if (len < 0 || (size_t)len >= progress->context->err.width)
        return;
    ds_progress_hide(progress);
    fprintf(stderr, "\r%s", line);
    fflush(stderr);
    progress->shown = (size_t)len;
}

void ds_progress_show(struct ds_progress *progress, size_t done, size_t running)
{
    ds_progress_say(progress, "%zu of %zu runs, %zu at work, %zu not passed", done, progress->total,
                    running, progress->failed);
}
