#ifndef DS_TEST_CAPTURE_FILE_H
#define DS_TEST_CAPTURE_FILE_H

/* Captures of a test: a scratch directory with one path in it, whole files in memory, and frames.
 */

#include "support.h"

#include "pcap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EPOCH_US INT64_C(1700000000000000)

struct scratch {
    char directory[256], path[300];
};

static inline void scratch_make(struct scratch *scratch)
{
    ds_scratch_make(scratch->directory, sizeof scratch->directory);
    snprintf(scratch->path, sizeof scratch->path, "%s/run.pcapng", scratch->directory);
}

static inline void scratch_remove(struct scratch *scratch)
{
    ds_scratch_remove(scratch->directory);
}

static inline void put_file(const char *path, struct ds_slice bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

static inline struct ds_buf get_file(const char *path)
{
    char part[4096];
    struct ds_buf buf = {0};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t len; (len = fread(part, 1, sizeof part, file)) > 0;)
        ds_buf_add(&buf, (struct ds_slice){part, len});
    fclose(file);
    assert_false(buf.broken);
    return buf;
}

/* Reads to the end: how many frames there were, and what was said there. */
static inline uint32_t count_frames(const char *path, ds_rc *last, struct ds_why *why)
{
    struct ds_pcap_reader *reader;
    struct ds_frame frame;
    uint32_t count = 0;
    *last = ds_pcap_open(path, &reader, why);
    if (*last != DS_OK)
        return 0;
    while ((*last = ds_pcap_next(reader, &frame, why)) == DS_OK)
        assert_int_equal(frame.number, ++count);
    ds_pcap_reader_free(&reader);
    return count;
}

/* A datagram from 127.0.0.1:5060 to 127.0.0.2:5060, written at EPOCH_US + `after_us`. */
static inline void write_text(struct ds_pcap_writer *writer, int64_t after_us, const char *text)
{
    struct ds_buf frame = {0};
    ds_frame_build(&frame, ds_addr_v4(0x7f000001, 5060), ds_addr_v4(0x7f000002, 5060), NULL,
                   ds_slice_of(text));
    assert_false(frame.broken);
    ds_pcap_write_frame(writer, EPOCH_US + after_us, ds_buf_slice(&frame));
    ds_buf_clean_up(&frame);
}

/* What write_text() put behind the headers of Ethernet, IPv4 and UDP. */
static inline struct ds_slice text_of(const struct ds_frame *frame)
{
    return ds_slice_from(frame->bytes, 14 + 20 + 8);
}

#define assert_slice_equal(slice, text)                                                            \
    do {                                                                                           \
        struct ds_slice slice_ = (slice);                                                          \
        assert_int_equal(slice_.len, strlen(text));                                                \
        assert_memory_equal(slice_.at, text, slice_.len);                                          \
    } while (0)

#endif
