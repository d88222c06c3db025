#include "capture_of.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void put(struct capture_of *capture, const void *bytes, size_t len)
{
    if (len > 0 && write(capture->fd, bytes, len) != (ssize_t)len)
        abort();
}

void capture_begin(struct capture_of *capture, int link)
{
    const uint32_t header[] = {0xa1b2c3d4u, 2u | 4u << 16, 0, 0, 262144, (uint32_t)link};
    *capture = (struct capture_of){.fd = memfd_create("fuzz", MFD_CLOEXEC)};
    if (capture->fd < 0)
        abort();
    snprintf(capture->path, sizeof capture->path, "/proc/self/fd/%d", capture->fd);
    put(capture, header, sizeof header);
}

void capture_add(struct capture_of *capture, struct ds_slice head, struct ds_slice rest)
{
    uint32_t len = (uint32_t)(head.len + rest.len);
    const uint32_t record[] = {1700000000u, capture->at_us, len, len};
    capture->at_us += 1000;
    put(capture, record, sizeof record);
    put(capture, head.at, head.len);
    put(capture, rest.at, rest.len);
}

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

void capture_look_at(const struct ds_trace *trace)
{
    look_at_events(trace);
    look_at_calls(trace);
}

/* The same messages and no more calls than there are, in however many parts. */
static void look_at_parts(const struct ds_trace_source *source, const struct ds_trace *whole)
{
    struct ds_trace_source in_parts = *source;
    struct ds_trace_reader *reader = NULL;
    struct ds_trace *part = NULL;
    size_t events = 0;
    in_parts.part_messages = 1;
    if (ds_trace_open(&in_parts, &reader, NULL) != DS_OK)
        abort();
    while (ds_trace_next(reader, &part, NULL) == DS_OK) {
        capture_look_at(part);
        events += part->event_count;
        ds_trace_free(&part);
    }
    if (events != whole->event_count)
        abort();
    ds_trace_reader_free(&reader);
}

void capture_judge(struct capture_of *capture, const char *keylog_path)
{
    const struct ds_trace_source source = {.path = capture->path, .keylog_path = keylog_path};
    struct ds_trace *trace = NULL;
    if (ds_trace_read_source(&source, &trace, NULL) == DS_OK) {
        capture_look_at(trace);
        look_at_parts(&source, trace);
    }
    ds_trace_free(&trace);
    close(capture->fd);
}
