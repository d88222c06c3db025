#include "run_internal.h"

#include <stdlib.h>

#define DS_RECORDER_MAGIC 0x4ec04d01u
#define SEGMENT_BYTES     16384
#define WINDOW            UINT16_MAX

/* One direction's next sequence number; a connection has two of these, from → to and back. */
struct half {
    struct ds_list link;
    struct ds_addr from, to;
    uint32_t sequence;
};

struct ds_recorder {
    uint32_t magic;
    struct ds_pcap_writer *writer; /* borrowed */
    struct ds_list halves;         /* owned */
    struct ds_buf frame;           /* owned */
};

ds_rc ds_recorder_new(struct ds_pcap_writer *writer, struct ds_recorder **out)
{
    struct ds_recorder *recorder = calloc(1, sizeof *recorder);
    if (recorder == NULL)
        return DS_NOMEM;
    recorder->magic = DS_RECORDER_MAGIC;
    recorder->writer = writer;
    ds_list_init(&recorder->halves);
    *out = recorder;
    return DS_OK;
}

void ds_recorder_free(struct ds_recorder **recorder)
{
    if (*recorder == NULL)
        return;
    DS_CHECK(*recorder, DS_RECORDER_MAGIC);
    struct ds_list *next;
    for (struct ds_list *at = (*recorder)->halves.next; at != &(*recorder)->halves; at = next) {
        next = at->next;
        free(DS_OWNER(at, struct half, link));
    }
    ds_buf_clean_up(&(*recorder)->frame);
    free(*recorder);
    *recorder = NULL;
}

static struct half *find(struct ds_recorder *recorder, struct ds_addr from, struct ds_addr to)
{
    for (struct ds_list *at = recorder->halves.next; at != &recorder->halves; at = at->next) {
        struct half *half = DS_OWNER(at, struct half, link);
        if (ds_addr_equal(half->from, from) && ds_addr_equal(half->to, to))
            return half;
    }
    return NULL;
}

/* A new half starts at a sequence number of its own, as a connection would. */
static struct half *
find_or_start(struct ds_recorder *recorder, struct ds_addr from, struct ds_addr to)
{
    struct half *half = find(recorder, from, to);
    if (half != NULL)
        return half;
    half = calloc(1, sizeof *half);
    if (half == NULL)
        return NULL;
    half->from = from;
    half->to = to;
    half->sequence = (uint32_t)ds_hash(ds_slice_of(ds_addr_text(from).text));
    ds_list_append(&recorder->halves, &half->link);
    return half;
}

static void write_frame(struct ds_recorder *recorder,
                        int64_t unix_us,
                        const struct half *half,
                        const struct ds_tcp_mark *mark,
                        struct ds_slice bytes)
{
    recorder->frame.len = 0;
    ds_frame_build(&recorder->frame, half->from, half->to, mark, bytes);
    if (!recorder->frame.broken)
        ds_pcap_write_frame(recorder->writer, unix_us, ds_buf_slice(&recorder->frame));
}

static void
handshake(struct ds_recorder *recorder, int64_t unix_us, struct half *there, struct half *back)
{
    const struct ds_tcp_mark syn = {.sequence = there->sequence, .syn = true, .window = WINDOW};
    write_frame(recorder, unix_us, there, &syn, (struct ds_slice){NULL, 0});
    there->sequence++;
    const struct ds_tcp_mark syn_ack = {.sequence = back->sequence,
                                        .acknowledge = there->sequence,
                                        .syn = true,
                                        .ack = true,
                                        .window = WINDOW};
    write_frame(recorder, unix_us, back, &syn_ack, (struct ds_slice){NULL, 0});
    back->sequence++;
    const struct ds_tcp_mark ack = {
        .sequence = there->sequence, .acknowledge = back->sequence, .ack = true, .window = WINDOW};
    write_frame(recorder, unix_us, there, &ack, (struct ds_slice){NULL, 0});
}

static void segments(struct ds_recorder *recorder,
                     int64_t unix_us,
                     struct half *there,
                     const struct half *back,
                     struct ds_slice bytes)
{
    while (bytes.len > 0) {
        size_t len = bytes.len < SEGMENT_BYTES ? bytes.len : SEGMENT_BYTES;
        const struct ds_tcp_mark mark = {.sequence = there->sequence,
                                         .acknowledge = back->sequence,
                                         .ack = true,
                                         .push = true,
                                         .window = WINDOW};
        write_frame(recorder, unix_us, there, &mark, (struct ds_slice){bytes.at, len});
        there->sequence += (uint32_t)len;
        bytes = ds_slice_from(bytes, len);
    }
}

static void take_datagram(struct ds_recorder *recorder,
                          int64_t unix_us,
                          struct ds_addr from,
                          struct ds_addr to,
                          struct ds_slice bytes)
{
    const struct half datagram = {.from = from, .to = to};
    write_frame(recorder, unix_us, &datagram, NULL, bytes);
}

void ds_recorder_take(struct ds_recorder *recorder,
                      int64_t unix_us,
                      struct ds_addr from,
                      struct ds_addr to,
                      char tcp_event,
                      struct ds_slice bytes)
{
    DS_CHECK(recorder, DS_RECORDER_MAGIC);
    if (tcp_event == 0) {
        take_datagram(recorder, unix_us, from, to, bytes);
        return;
    }
    struct half *there = find_or_start(recorder, from, to);
    struct half *back = find_or_start(recorder, to, from);
    if (there == NULL || back == NULL)
        return;
    if (tcp_event == 'o')
        handshake(recorder, unix_us, there, back);
    else if (tcp_event == 'd')
        segments(recorder, unix_us, there, back, bytes);
    else {
        const struct ds_tcp_mark fin = {.sequence = there->sequence,
                                        .acknowledge = back->sequence,
                                        .fin = true,
                                        .ack = true,
                                        .window = WINDOW};
        write_frame(recorder, unix_us, there, &fin, (struct ds_slice){NULL, 0});
        there->sequence++;
    }
}
