#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Any bytes as a capture file, read all the way up to calls and streams. What comes out must hang
 * together, whatever went in. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_events(const struct ds_trace *trace)
{
    char label[128];
    for (size_t i = 0; i < trace->event_count; i++) {
        const struct ds_event *event = &trace->events[i];
        ds_event_label(event, label, sizeof label);
        if (event->leg == NULL || event->frame > trace->frame_count ||
            (i > 0 && event->frame < trace->events[i - 1].frame))
            abort();
    }
}

static void look_at_calls(const struct ds_trace *trace)
{
    size_t events = 0, flows = 0;
    for (size_t i = 0; i < trace->call_count; i++) {
        const struct ds_call *call = &trace->calls[i];
        if (call->hop_count == 0 || call->leg_count == 0 || call->legs[0]->call != call)
            abort();
        events += call->event_count;
        flows += call->flow_count;
    }
    if (events > trace->event_count || flows > trace->flow_count)
        abort();
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
        look_at_events(trace);
        look_at_calls(trace);
    }
    ds_trace_free(&trace);
    close(fd);
    return 0;
}
