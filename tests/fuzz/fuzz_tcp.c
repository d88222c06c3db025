#include "capture_of.h"

/* Segments of one connection in any order, with holes, overlaps and new beginnings. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD_BYTES 4u

/* Where a segment stands: two bytes of sequence number, one of flags and side, one of length. */
static struct ds_slice segment(struct capture_of *capture, struct ds_slice rest)
{
    const struct ds_addr ends[2] = {ds_addr_v4(0x0a000001, 40000), ds_addr_v4(0x0a000002, 5060)};
    const uint8_t *head = (const uint8_t *)rest.at;
    int side = head[2] & 1;
    const struct ds_tcp_mark mark = {.sequence = (uint32_t)(head[0] << 8 | head[1]),
                                     .syn = (head[2] & 2) != 0,
                                     .fin = (head[2] & 4) != 0,
                                     .rst = (head[2] & 8) != 0,
                                     .ack = true};
    struct ds_slice payload = ds_slice_from(rest, HEAD_BYTES);
    struct ds_buf frame = {0};
    if (head[3] < payload.len)
        payload.len = head[3];
    ds_frame_build(&frame, ends[side], ends[1 - side], &mark, payload);
    capture_add(capture, ds_buf_slice(&frame), (struct ds_slice){"", 0});
    ds_buf_clean_up(&frame);
    return ds_slice_from(rest, HEAD_BYTES + payload.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ds_slice rest = {(const char *)data, size};
    struct capture_of capture;
    capture_begin(&capture, DS_LINK_ETHERNET);
    while (rest.len > HEAD_BYTES)
        rest = segment(&capture, rest);
    capture_judge(&capture, NULL);
    return 0;
}
