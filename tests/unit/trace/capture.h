#ifndef DS_TEST_CAPTURE_H
#define DS_TEST_CAPTURE_H

/* Classic pcap files of any link type, written by hand, a frame a millisecond. */

#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ETHERNET_BYTES 14

struct capture {
    char directory[256], path[300];
    FILE *file;
    uint32_t at_us; /* of the next frame */
};

static inline void put(FILE *file, const void *bytes, size_t len)
{
    assert_int_equal(fwrite(bytes, 1, len, file), len);
}

static inline void capture_open(struct capture *capture, uint32_t link)
{
    const uint32_t header[] = {0xa1b2c3d4u, 2u | 4u << 16, 0, 0, 262144, link};
    ds_scratch_make(capture->directory, sizeof capture->directory);
    snprintf(capture->path, sizeof capture->path, "%s/x.pcap", capture->directory);
    capture->at_us = 0;
    capture->file = fopen(capture->path, "wb");
    assert_non_null(capture->file);
    put(capture->file, header, sizeof header);
}

static inline void
capture_frame(struct capture *capture, struct ds_slice head, struct ds_slice rest)
{
    uint32_t len = (uint32_t)(head.len + rest.len);
    const uint32_t record[] = {1700000000u, capture->at_us, len, len};
    capture->at_us += 1000;
    put(capture->file, record, sizeof record);
    put(capture->file, head.at, head.len);
    put(capture->file, rest.at, rest.len);
}

static inline struct ds_trace *capture_read(struct capture *capture)
{
    struct ds_trace *trace = NULL;
    struct ds_why why = {{0}};
    assert_int_equal(fclose(capture->file), 0);
    assert_int_equal(ds_trace_read(capture->path, NULL, &trace, &why), DS_OK);
    ds_scratch_remove(capture->directory);
    return trace;
}

/* An INVITE in UDP, from its IP header on. */
static inline struct ds_slice ip_packet(struct ds_buf *out, struct ds_addr from, struct ds_addr to)
{
    const struct stage_line line = {.start = "INVITE sip:+15550142@b SIP/2.0"};
    struct ds_buf text = {0};
    stage_write_line(&line, &text);
    ds_frame_build(out, from, to, NULL, ds_buf_slice(&text));
    ds_buf_clean_up(&text);
    return ds_slice_from(ds_buf_slice(out), ETHERNET_BYTES);
}

#endif
