#include "base.h"

#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

ds_rc ds_fail(struct ds_why *why, ds_rc rc, const char *fmt, ...)
{
    if (why != NULL) {
        va_list args;
        va_start(args, fmt);
        vsnprintf(why->text, sizeof why->text, fmt, args);
        va_end(args);
    }
    return rc;
}

ds_rc ds_fail_memory(struct ds_why *why)
{
    return ds_fail(why, DS_NOMEM, "out of memory");
}

/* Weak, so that a test may turn a failed assertion into a failed test instead of a dead program. */
__attribute__((weak)) void ds_assert_failed(const char *expression, const char *file, int line)
{
    void *frames[32];
    fprintf(stderr, "directsip: this is a mistake in directsip itself: %s:%d: %s\n", file, line,
            expression);
    backtrace_symbols_fd(frames, backtrace(frames, DS_COUNT(frames)), STDERR_FILENO);
    abort();
}
