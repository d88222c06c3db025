#include "trace_tls_internal.h"

#include <inttypes.h>
#include <stdlib.h>

/* A capture, from wherever it comes, told in as many parts as it takes. */

#define READER_MAGIC 0x7ace0001u
/* Fewer make no part: what goes on is looked at once more with each. */
#define LEAST_WEIGHT 4096u
#define GROWTH       3

struct ds_trace_reader {
    uint32_t magic;
    struct ds_reading reading;
    struct ds_pcap_reader *file; /* owned; NULL where an interface is captured on: */
    struct ds_capture *capture;  /* owned */
    uint32_t captured;           /* frames so far */
    ds_trace_wait_fn *wait;
    void *wait_owner;
    size_t least_weight, due_weight;
    int64_t due_at; /* where a growing file is followed */
    bool ended, finished;
};

/* What the reading holds, counted in messages. */
static size_t weight(const struct ds_reading *reading)
{
    return reading->events.count + 4 * reading->candidates.items.count +
           reading->packets.count / 64 + reading->faxes.items.count + reading->gaps.count;
}

static bool is_due(const struct ds_trace_reader *reader)
{
    const struct ds_reading *reading = &reader->reading;
    return weight(reading) >= reader->due_weight ||
           (reader->wait != NULL && reading->now.at >= reader->due_at);
}

static ds_rc tell(struct ds_trace_reader *reader, struct ds_trace **out, struct ds_why *why)
{
    struct ds_reading *reading = &reader->reading;
    reading->is_last = reader->ended;
    ds_rc rc = ds_reading_tell(reading, out);
    if (rc != DS_OK)
        return ds_fail_memory(why);
    size_t grown = weight(reading) * GROWTH;
    reader->due_weight = grown > reader->least_weight ? grown : reader->least_weight;
    reader->due_at = reading->now.at + DS_TRACE_S;
    reader->finished = reading->is_last;
    return DS_OK;
}

/* Time goes by too when nothing comes. */
static void wait_for_more(struct ds_trace_reader *reader)
{
    int fd = reader->capture != NULL ? ds_capture_fd(reader->capture) : ds_pcap_fd(reader->file);
    enum ds_wait came = reader->wait(reader->wait_owner, fd);
    if (came == DS_WAIT_SECOND)
        reader->reading.now.at += DS_TRACE_S;
    reader->ended = reader->ended || came == DS_WAIT_STOP;
}

static void take_captured(void *owner, int64_t unix_us, struct ds_slice bytes)
{
    struct ds_trace_reader *reader = owner;
    const struct ds_frame frame = {.number = ++reader->captured,
                                   .unix_us = unix_us,
                                   .link = ds_capture_link(reader->capture),
                                   .original_len = (uint32_t)bytes.len,
                                   .bytes = bytes};
    ds_reading_frame(&reader->reading, &frame);
}

static void tell_dropped(struct ds_trace_reader *reader)
{
    uint64_t dropped = ds_capture_dropped(reader->capture);
    if (dropped > 0)
        ds_reading_gap(&reader->reading, 0, "%" PRIu64 " frames were lost while capturing",
                       dropped);
}

static ds_rc capture_some(struct ds_trace_reader *reader)
{
    uint32_t before = reader->captured;
    ds_capture_poll(reader->capture);
    if (reader->captured == before)
        wait_for_more(reader);
    if (reader->ended)
        tell_dropped(reader);
    return reader->reading.out_of_memory ? DS_NOMEM : DS_OK;
}

static ds_rc read_one(struct ds_trace_reader *reader)
{
    struct ds_reading *reading = &reader->reading;
    struct ds_frame frame;
    struct ds_why damage; /* told where there is any: this is asked for each frame */
    ds_rc rc = ds_pcap_next(reader->file, &frame, &damage);
    if (rc == DS_NOMEM || reading->out_of_memory)
        return DS_NOMEM;
    if (rc == DS_OK)
        ds_reading_frame(reading, &frame);
    else if (rc == DS_LATE)
        wait_for_more(reader);
    else
        reader->ended = true;
    if (rc != DS_OK && rc != DS_LATE && rc != DS_GONE)
        ds_reading_gap(reading, reading->trace->frame_count,
                       "the file is damaged after this frame: %s", damage.text);
    return DS_OK;
}

ds_rc ds_trace_next(struct ds_trace_reader *reader, struct ds_trace **out, struct ds_why *why)
{
    DS_CHECK(reader, READER_MAGIC);
    if (reader->finished)
        return ds_fail(why, DS_GONE, "%s was told to its end", reader->reading.trace->path);
    while (!reader->ended && !is_due(reader)) {
        ds_rc rc = reader->capture != NULL ? capture_some(reader) : read_one(reader);
        if (rc != DS_OK)
            return ds_fail_memory(why);
    }
    return tell(reader, out, why);
}

static ds_rc open_source(struct ds_trace_reader *reader,
                         const struct ds_trace_source *source,
                         struct ds_why *why)
{
    ds_assert(source->interface_name == NULL || source->wait != NULL);
    if (source->interface_name != NULL)
        return ds_capture_open(source->interface_name, NULL, take_captured, reader,
                               &reader->capture, why);
    return source->wait == NULL ? ds_pcap_open(source->path, &reader->file, why)
                                : ds_pcap_follow(source->path, &reader->file, why);
}

static void listen_for(struct ds_reading *reading, const struct ds_topo *topo)
{
    uint32_t tones_hz[DS_EAR_MAX_TONES];
    ds_ear_init(&reading->unheard, tones_hz, ds_topo_tones(topo, tones_hz, DS_EAR_MAX_TONES));
}

static ds_rc
begin(struct ds_trace_reader *reader, const struct ds_trace_source *source, struct ds_why *why)
{
    struct ds_reading *reading = &reader->reading;
    ds_rc rc = open_source(reader, source, why);
    if (rc != DS_OK)
        return rc;
    if (ds_trace_new(source->path, source->topo, &reading->trace) != DS_OK)
        return ds_fail_memory(why);
    reading->arena = reading->trace->arena;
    reading->file = reader->file;
    reading->without_names = source->without_names;
    reading->without_packets = source->without_packets;
    reading->judged = source->judged;
    reading->most_descriptions =
        source->most_descriptions == 0 ? DS_TRACE_MOST_DESCRIPTIONS : source->most_descriptions;
    if (source->topo != NULL)
        listen_for(reading, source->topo);
    if (source->keylog_path != NULL)
        rc = ds_trace_tls_keys_read(reading, source->keylog_path, why);
    return rc == DS_NOMEM ? ds_fail_memory(why) : rc;
}

ds_rc ds_trace_open(const struct ds_trace_source *source,
                    struct ds_trace_reader **out,
                    struct ds_why *why)
{
    ds_assert(source->path != NULL && out != NULL);
    struct ds_trace_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return ds_fail_memory(why);
    reader->magic = READER_MAGIC;
    reader->wait = source->wait;
    reader->wait_owner = source->wait_owner;
    reader->least_weight = source->part_messages > 0 ? source->part_messages : LEAST_WEIGHT;
    reader->due_weight = reader->least_weight;
    reader->due_at = DS_TRACE_S;
    ds_rc rc = begin(reader, source, why);
    if (rc != DS_OK) {
        ds_trace_reader_free(&reader);
        return rc;
    }
    *out = reader;
    return DS_OK;
}

void ds_trace_reader_free(struct ds_trace_reader **reader)
{
    if (*reader == NULL)
        return;
    DS_CHECK(*reader, READER_MAGIC);
    (*reader)->magic = 0;
    ds_reading_clean_up(&(*reader)->reading);
    ds_trace_free(&(*reader)->reading.trace);
    ds_pcap_reader_free(&(*reader)->file);
    ds_capture_free(&(*reader)->capture);
    free(*reader);
    *reader = NULL;
}

/* ---- all at once ---- */

ds_rc ds_trace_read_source(const struct ds_trace_source *source,
                           struct ds_trace **out,
                           struct ds_why *why)
{
    struct ds_trace_source whole = *source;
    struct ds_trace_reader *reader = NULL;
    whole.part_messages = SIZE_MAX;
    ds_rc rc = ds_trace_open(&whole, &reader, why);
    if (rc != DS_OK)
        return rc;
    rc = ds_trace_next(reader, out, why);
    ds_trace_reader_free(&reader);
    return rc;
}

ds_rc ds_trace_read(const char *path,
                    const struct ds_topo *topo,
                    struct ds_trace **out,
                    struct ds_why *why)
{
    const struct ds_trace_source source = {.path = path, .topo = topo};
    return ds_trace_read_source(&source, out, why);
}

void ds_trace_free(struct ds_trace **trace)
{
    if (*trace == NULL)
        return;
    for (size_t i = 0; i < (*trace)->event_count; i++)
        ds_trace_drop_event(&(*trace)->events[i]);
    struct ds_arena *arena = (*trace)->arena;
    ds_arena_free(&arena);
    *trace = NULL;
}
