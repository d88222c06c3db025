#include "pcap_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_COMMENT    1000
#define WINDOW_US       INT64_C(50000) /* how far out of order frames may come */
#define BUFFER_BYTES    ((size_t)1024 * 1024)
#define NAMES_PER_BLOCK 1000u
#define LONGEST_NAME    255u /* as in the DNS */

struct ds_pcap_writer {
    uint32_t magic;
    int fd;
    char *path;        /* owned */
    struct ds_buf out; /* whole blocks, not yet in the file */
    uint64_t written;  /* bytes in the file; always whole blocks */
    struct ds_pcap_hold hold;
    int64_t newest_us;
    ds_pcap_stamp_fn *stamp; /* NULL: frames keep theirs */
    void *stamp_owner;       /* borrowed */
    ds_rc rc;          /* of the first thing that went wrong; after it the file stays as it is */
    struct ds_why why; /* its sentence */
};

/* ---- bytes into the file ---- */

/* A disk that fills up leaves part of a block behind; cut off, the file is whole again. Where it
 * cannot be cut (a pipe), a reader still has every block before. */
static void drop_partial_block(struct ds_pcap_writer *writer, size_t done)
{
    const uint8_t *bytes = (const uint8_t *)writer->out.at;
    size_t whole = 0;
    for (;;) {
        uint32_t len = ds_pcap_get32(bytes + whole + 4, false);
        if (len > done - whole)
            break;
        whole += len;
    }
    if (whole < done && ftruncate(writer->fd, (off_t)(writer->written + whole)) != 0)
        return;
    writer->written += whole;
}

static size_t write_all(int fd, struct ds_slice bytes)
{
    size_t done = 0;
    while (done < bytes.len) {
        ssize_t count = write(fd, bytes.at + done, bytes.len - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        done += (size_t)count;
    }
    return done;
}

static void flush(struct ds_pcap_writer *writer)
{
    if (writer->rc != DS_OK)
        return;
    size_t done = write_all(writer->fd, ds_buf_slice(&writer->out));
    if (done < writer->out.len) {
        writer->rc =
            ds_fail(&writer->why, DS_IO, "cannot write %s: %s", writer->path, strerror(errno));
        drop_partial_block(writer, done);
    } else {
        writer->written += done;
    }
    writer->out.len = 0;
}

/* What was whole before memory ran out still goes into the file. */
static void end_block(struct ds_pcap_writer *writer, size_t start)
{
    ds_pcap_block_end(&writer->out, start);
    if (writer->out.broken) {
        writer->out.len = start;
        flush(writer);
        if (writer->rc == DS_OK)
            writer->rc = ds_fail_memory(&writer->why);
    } else if (writer->out.len >= BUFFER_BYTES) {
        flush(writer);
    }
}

/* ---- the blocks before the first frame ---- */

static void write_section(struct ds_pcap_writer *writer, const struct ds_pcap_header *header)
{
    struct ds_buf *out = &writer->out;
    size_t start = ds_pcap_block_begin(out, DS_BLOCK_SECTION);
    ds_pcap_put32(out, DS_BYTE_ORDER_MAGIC);
    ds_pcap_put16(out, 1);
    ds_pcap_put16(out, 0);
    ds_pcap_put32(out, UINT32_MAX); /* the length of the section: not known while it is written */
    ds_pcap_put32(out, UINT32_MAX);
    if (header->comment != NULL)
        ds_pcap_put_option(out, DS_OPTION_COMMENT, ds_slice_of(header->comment));
    if (header->application != NULL)
        ds_pcap_put_option(out, 4, ds_slice_of(header->application));
    ds_pcap_put_option(out, 0, DS_LITERAL(""));
    end_block(writer, start);
}

static void write_interface(struct ds_pcap_writer *writer, const struct ds_pcap_header *header)
{
    struct ds_buf *out = &writer->out;
    size_t start = ds_pcap_block_begin(out, DS_BLOCK_INTERFACE);
    ds_pcap_put16(out, DS_LINK_ETHERNET);
    ds_pcap_put16(out, 0);
    ds_pcap_put32(out, DS_PCAP_SNAPLEN);
    if (header->interface_name != NULL)
        ds_pcap_put_option(out, 2, ds_slice_of(header->interface_name));
    ds_pcap_put_option(out, 9, DS_LITERAL("\x09")); /* stamps in units of 10^-9 seconds */
    ds_pcap_put_option(out, 0, DS_LITERAL(""));
    end_block(writer, start);
}

static void put_name(struct ds_buf *out, const struct ds_pcap_name *name)
{
    bool is_v4 = ds_addr_is_v4(&name->at);
    struct ds_slice ip = {(const char *)name->at.ip + (is_v4 ? 12 : 0), is_v4 ? 4 : 16};
    size_t len = strnlen(name->name, LONGEST_NAME);
    ds_pcap_put16(out, is_v4 ? 1 : 2);
    ds_pcap_put16(out, (uint16_t)(ip.len + len + 1));
    ds_buf_add(out, ip);
    ds_buf_add(out, (struct ds_slice){name->name, len});
    ds_buf_add(out, (struct ds_slice){"\0\0\0", 4 - len % 4}); /* ends the text, and pads it */
}

static void
write_names(struct ds_pcap_writer *writer, const struct ds_pcap_name *names, size_t count)
{
    size_t start = ds_pcap_block_begin(&writer->out, DS_BLOCK_NAMES);
    for (size_t i = 0; i < count; i++)
        put_name(&writer->out, &names[i]);
    ds_pcap_put32(&writer->out, 0); /* the record that ends the list */
    end_block(writer, start);
}

static void write_header(struct ds_pcap_writer *writer, const struct ds_pcap_header *header)
{
    write_section(writer, header);
    write_interface(writer, header);
    for (size_t i = 0; i < header->name_count; i += NAMES_PER_BLOCK) {
        size_t left = header->name_count - i;
        write_names(writer, header->names + i, left < NAMES_PER_BLOCK ? left : NAMES_PER_BLOCK);
    }
    flush(writer);
}

/* ---- the blocks of a run ---- */

static void write_held(struct ds_pcap_writer *writer, const struct ds_pcap_held *frame)
{
    struct ds_buf *out = &writer->out;
    uint64_t unix_ns = (uint64_t)frame->unix_us * 1000;
    if (writer->rc != DS_OK)
        return;
    size_t start = ds_pcap_block_begin(out, DS_BLOCK_ENHANCED);
    ds_pcap_put32(out, 0); /* the one interface */
    ds_pcap_put32(out, (uint32_t)(unix_ns >> 32));
    ds_pcap_put32(out, (uint32_t)(unix_ns & UINT32_MAX));
    ds_pcap_put32(out, frame->len);
    ds_pcap_put32(out, frame->original_len);
    ds_pcap_put_padded(out, (struct ds_slice){(const char *)frame->bytes, frame->len});
    if (frame->comment_len > 0) {
        ds_pcap_put_option(
            out, DS_OPTION_COMMENT,
            (struct ds_slice){(const char *)frame->bytes + frame->len, frame->comment_len});
        ds_pcap_put32(out, 0); /* no more options */
    }
    end_block(writer, start);
}

static void release(struct ds_pcap_writer *writer, int64_t until_us)
{
    struct ds_pcap_held frame;
    while (ds_pcap_hold_take(&writer->hold, until_us, &frame)) {
        if (writer->stamp != NULL)
            frame.unix_us = writer->stamp(writer->stamp_owner, frame.unix_us);
        write_held(writer, &frame);
        free(frame.bytes);
    }
    flush(writer);
}

void ds_pcap_write_frame(struct ds_pcap_writer *writer, int64_t unix_us, struct ds_slice ethernet)
{
    ds_pcap_write_frame_with(writer, unix_us, ethernet, (struct ds_slice){NULL, 0});
}

void ds_pcap_write_frame_with(struct ds_pcap_writer *writer,
                              int64_t unix_us,
                              struct ds_slice ethernet,
                              struct ds_slice comment)
{
    DS_CHECK(writer, DS_PCAP_WRITER_MAGIC);
    ds_assert(unix_us >= 0 && unix_us <= INT64_MAX / 1000 && ethernet.len <= UINT32_MAX);
    ds_assert(comment.len <= MOST_COMMENT);
    if (writer->rc != DS_OK)
        return;
    if (!ds_pcap_hold_put(&writer->hold, unix_us, ethernet, comment)) {
        flush(writer);
        writer->rc = ds_fail_memory(&writer->why);
        return;
    }
    if (unix_us > writer->newest_us)
        writer->newest_us = unix_us;
    /* Frames are let go in batches, so that the file is written to once a window, not once a frame.
     */
    if (writer->hold.heap[0].unix_us < writer->newest_us - 2 * WINDOW_US)
        release(writer, writer->newest_us - WINDOW_US);
}

void ds_pcap_write_secrets(struct ds_pcap_writer *writer, struct ds_slice keylog)
{
    DS_CHECK(writer, DS_PCAP_WRITER_MAGIC);
    ds_assert(keylog.len < DS_PCAP_MOST_BYTES / 2);
    if (writer->rc != DS_OK || keylog.len == 0)
        return;
    size_t start = ds_pcap_block_begin(&writer->out, DS_BLOCK_SECRETS);
    ds_pcap_put32(&writer->out, DS_SECRETS_TLS);
    ds_pcap_put32(&writer->out, (uint32_t)keylog.len);
    ds_pcap_put_padded(&writer->out, keylog);
    end_block(writer, start);
    flush(writer);
}

/* ---- life ---- */

static void free_writer(struct ds_pcap_writer **writer)
{
    (*writer)->magic = 0;
    ds_pcap_hold_clean_up(&(*writer)->hold);
    ds_buf_clean_up(&(*writer)->out);
    free((*writer)->path);
    free(*writer);
    *writer = NULL;
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy == NULL ? NULL : memcpy(copy, text, size);
}

ds_rc ds_pcap_create(const char *path,
                     const struct ds_pcap_header *header,
                     struct ds_pcap_writer **out,
                     struct ds_why *why)
{
    struct ds_pcap_writer *writer = calloc(1, sizeof *writer);
    if (writer == NULL)
        return ds_fail_memory(why);
    writer->magic = DS_PCAP_WRITER_MAGIC;
    writer->fd = -1;
    writer->stamp = header->stamp;
    writer->stamp_owner = header->stamp_owner;
    writer->path = copy_text(path);
    if (writer->path == NULL) {
        writer->rc = ds_fail_memory(&writer->why);
        goto fail;
    }
    writer->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (writer->fd < 0) {
        writer->rc = ds_fail(&writer->why, DS_IO, "cannot create %s: %s", path, strerror(errno));
        goto fail;
    }
    write_header(writer, header);
    if (writer->rc != DS_OK)
        goto fail;
    *out = writer;
    return DS_OK;

fail:;
    ds_rc rc = ds_fail(why, writer->rc, "%s", writer->why.text);
    if (writer->fd >= 0)
        close(writer->fd);
    free_writer(&writer);
    return rc;
}

ds_rc ds_pcap_close(struct ds_pcap_writer **writer, struct ds_why *why)
{
    if (*writer == NULL)
        return DS_OK;
    DS_CHECK(*writer, DS_PCAP_WRITER_MAGIC);
    struct ds_pcap_writer *closing = *writer;
    release(closing, INT64_MAX);
    /* Some file systems tell only now that they had no room. */
    if (close(closing->fd) != 0 && closing->rc == DS_OK)
        closing->rc =
            ds_fail(&closing->why, DS_IO, "cannot write %s: %s", closing->path, strerror(errno));
    ds_rc rc = closing->rc;
    if (rc != DS_OK)
        ds_fail(why, rc, "%s", closing->why.text);
    free_writer(writer);
    return rc;
}
