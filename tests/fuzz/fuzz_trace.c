#include "capture_of.h"
#include "page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Any bytes as a capture file, read all the way up to calls and streams. What comes out must hang
 * together, whatever went in, and what a page shows of it must be no markup. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put_in_page(const struct ds_trace *trace)
{
    struct ds_buf seen = {0}, sound = {0};
    ds_page_seen(trace, &seen, &sound);
    if (seen.broken || sound.broken || memchr(seen.at, '<', seen.len) != NULL ||
        (sound.len > 0 && memchr(sound.at, '<', sound.len) != NULL))
        abort();
    ds_buf_clean_up(&seen);
    ds_buf_clean_up(&sound);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct ds_trace *trace = NULL;
    int fd = memfd_create("fuzz_trace", MFD_CLOEXEC);
    if (fd < 0)
        abort();
    if (write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (ds_trace_read(path, NULL, &trace, NULL) == DS_OK) {
        capture_look_at(trace);
        put_in_page(trace);
    }
    ds_trace_free(&trace);
    close(fd);
    return 0;
}
