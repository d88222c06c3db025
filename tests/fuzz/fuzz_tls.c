#include "capture_of.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* TLS from both ends in order, and a key log: what stands before the first zero byte. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int write_keylog(struct ds_slice text, char *path, size_t path_size)
{
    int fd = memfd_create("keys", MFD_CLOEXEC);
    if (fd < 0 || write(fd, text.at, text.len) != (ssize_t)text.len)
        abort();
    snprintf(path, path_size, "/proc/self/fd/%d", fd);
    return fd;
}

/* Each piece comes after its side and its length, in two bytes; the last takes the rest. */
static void write_pieces(struct capture_of *capture, struct ds_slice rest)
{
    const struct ds_addr ends[2] = {ds_addr_v4(0x0a000001, 40000), ds_addr_v4(0x0a000002, 5061)};
    uint32_t sequences[2] = {1, 1};
    while (rest.len > 2) {
        const uint8_t *head = (const uint8_t *)rest.at;
        int side = head[0] >> 7;
        size_t wanted = (size_t)(head[0] & 0x7f) << 8 | head[1];
        struct ds_slice piece = ds_slice_from(rest, 2);
        struct ds_buf frame = {0};
        if (wanted < piece.len)
            piece.len = wanted;
        const struct ds_tcp_mark mark = {.sequence = sequences[side], .ack = true};
        ds_frame_build(&frame, ends[side], ends[1 - side], &mark, piece);
        capture_add(capture, ds_buf_slice(&frame), (struct ds_slice){"", 0});
        ds_buf_clean_up(&frame);
        sequences[side] += (uint32_t)piece.len;
        rest = ds_slice_from(rest, 2 + piece.len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ds_slice rest = {(const char *)data, size}, keylog;
    struct capture_of capture;
    char path[64];
    if (size > 60000 || !ds_slice_cut(&rest, '\0', &keylog))
        return 0;
    int fd = write_keylog(keylog, path, sizeof path);
    capture_begin(&capture, DS_LINK_ETHERNET);
    write_pieces(&capture, rest);
    capture_judge(&capture, path);
    close(fd);
    return 0;
}
