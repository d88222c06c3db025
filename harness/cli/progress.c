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

void ds_progress_show(struct ds_progress *progress, size_t done, size_t running)
{
    char line[160];
    if (!progress->context->err_is_terminal || progress->context->options.quiet != NULL)
        return;
    int len = snprintf(line, sizeof line, "%zu of %zu runs, %zu at work, %zu not passed", done,
                       progress->total, running, progress->failed);
    if (len < 0 || (size_t)len >= progress->context->err.width)
        return;
    ds_progress_hide(progress);
    fprintf(stderr, "\r%s", line);
    fflush(stderr);
    progress->shown = (size_t)len;
}
