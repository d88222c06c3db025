#include "pcap_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The frame of an enhanced packet block follows its header, interface, stamp and two lengths. */
#define FRAME_AT 28u

#define PIECE_BYTES ((size_t)256 * 1024) /* written at once: most runs' captures are smaller */

struct copy {
    struct ds_pcap_file from;
    FILE *to;                                /* owned */
    char *part;                              /* owned: the path of `to` */
    bool replaces;                           /* it takes the place of `from` in the end */
    const struct ds_pcap_comment **comments; /* the array is owned; in order of frames */
    size_t count, next;
    struct ds_buf block; /* the one being rewritten */
};

/* ---- in ---- */

static int by_frame(const void *left, const void *right)
{
    const struct ds_pcap_comment *a = *(const struct ds_pcap_comment *const *)left;
    const struct ds_pcap_comment *b = *(const struct ds_pcap_comment *const *)right;
    if (a->frame != b->frame)
        return a->frame < b->frame ? -1 : 1;
    /* Comments on one frame stay in the order they were given. */
    return a < b ? -1 : a > b;
}

static ds_rc sort_comments(struct copy *copy,
                           const struct ds_pcap_comment *comments,
                           size_t count,
                           struct ds_why *why)
{
    copy->comments = calloc(count + 1, sizeof(struct ds_pcap_comment *));
    if (copy->comments == NULL)
        return ds_fail_memory(why);
    for (size_t i = 0; i < count; i++)
        copy->comments[i] = &comments[i];
    copy->count = count;
    qsort(copy->comments, count, sizeof(struct ds_pcap_comment *), by_frame);
    return DS_OK;
}

static ds_rc open_both(struct copy *copy, const char *path, const char *to, struct ds_why *why)
{
    size_t size = strlen(to == NULL ? path : to) + sizeof ".part";
    ds_rc rc = ds_pcap_file_open(&copy->from, path, false, why);
    if (rc == DS_OK)
        rc = ds_pcap_file_take(&copy->from, 0, 4, why);
    if (rc == DS_GONE || rc == DS_BAD ||
        (rc == DS_OK && ds_pcap_get32(copy->from.bytes, false) != DS_BLOCK_SECTION))
        return ds_fail(why, DS_BAD, "%s is no pcapng capture, so it cannot hold comments", path);
    if (rc != DS_OK)
        return rc;
    copy->part = malloc(size);
    if (copy->part == NULL)
        return ds_fail_memory(why);
    copy->replaces = to == NULL;
    snprintf(copy->part, size, "%s%s", to == NULL ? path : to, to == NULL ? ".part" : "");
    copy->to = fopen(copy->part, "wbe");
    if (copy->to == NULL)
        return ds_fail(why, DS_IO, "cannot create %s: %s", copy->part, strerror(errno));
    setvbuf(copy->to, NULL, _IOFBF, PIECE_BYTES);
    return DS_OK;
}

/* ---- across ---- */

static ds_rc put(struct copy *copy, struct ds_slice bytes, struct ds_why *why)
{
    if (fwrite(bytes.at, 1, bytes.len, copy->to) != bytes.len)
        return ds_fail(why, DS_IO, "cannot write %s: %s", copy->part, strerror(errno));
    return DS_OK;
}

static bool is_frame(uint32_t type)
{
    return type == DS_BLOCK_ENHANCED || type == DS_BLOCK_PACKET || type == DS_BLOCK_SIMPLE;
}

static bool has_comment(const struct copy *copy)
{
    return copy->next < copy->count && copy->comments[copy->next]->frame == copy->from.frames;
}

/* The new comments go before the options that the block has. */
static ds_rc put_commented(struct copy *copy, const struct ds_pcap_block *block, struct ds_why *why)
{
    struct ds_slice bytes = {(const char *)block->bytes, block->len - 4};
    size_t len = block->len < FRAME_AT + 4 ? block->len : ds_pcap_get32(block->bytes + 20, false);
    if (block->type != DS_BLOCK_ENHANCED || copy->from.big_endian)
        return ds_fail(why, DS_BAD, "frame %u of %s cannot be commented: it was not written here",
                       copy->from.frames, copy->from.path);
    if (len > block->len || FRAME_AT + ds_pcap_padded(len) > bytes.len)
        return ds_pcap_file_damaged(&copy->from, why, "a frame is longer than its block");
    struct ds_slice options = ds_slice_from(bytes, FRAME_AT + ds_pcap_padded(len));
    struct ds_buf *out = &copy->block;
    out->len = 0;
    ds_buf_add(out, (struct ds_slice){bytes.at, bytes.len - options.len});
    for (; has_comment(copy) && out->len < DS_PCAP_MOST_BYTES / 2; copy->next++)
        ds_pcap_put_option(out, DS_OPTION_COMMENT, ds_slice_of(copy->comments[copy->next]->text));
    if (has_comment(copy) || options.len > DS_PCAP_MOST_BYTES / 4)
        return ds_fail(why, DS_BAD, "frame %u of %s cannot hold as many comments as it was given",
                       copy->from.frames, copy->from.path);
    if (options.len == 0)
        options = (struct ds_slice){"\0\0\0", 4};
    ds_buf_add(out, options);
    ds_pcap_block_end(out, 0);
    return out->broken ? ds_fail_memory(why) : put(copy, ds_buf_slice(out), why);
}

static ds_rc copy_blocks(struct copy *copy, struct ds_why *why)
{
    struct ds_pcap_block block;
    size_t have = 4;
    for (;;) {
        ds_rc rc = ds_pcap_block_read(&copy->from, have, &block, why);
        have = 0;
        if (rc != DS_OK)
            return rc == DS_GONE ? DS_OK : rc;
        copy->from.frames += is_frame(block.type) ? 1 : 0;
        if (is_frame(block.type) && has_comment(copy))
            rc = put_commented(copy, &block, why);
        else
            rc = put(copy, (struct ds_slice){(const char *)block.bytes, block.len}, why);
        if (rc != DS_OK)
            return rc;
    }
}

/* ---- out ---- */

static ds_rc finish(struct copy *copy, struct ds_why *why)
{
    if (copy->next < copy->count)
        return ds_fail(why, DS_BAD, "%s has no frame %u to comment: it has %u frames",
                       copy->from.path, copy->comments[copy->next]->frame, copy->from.frames);
    FILE *to = copy->to;
    copy->to = NULL;
    if (fclose(to) != 0)
        return ds_fail(why, DS_IO, "cannot write %s: %s", copy->part, strerror(errno));
    if (copy->replaces && rename(copy->part, copy->from.path) != 0)
        return ds_fail(why, DS_IO, "cannot rename %s: %s", copy->part, strerror(errno));
    return DS_OK;
}

static void clean_up(struct copy *copy)
{
    if (copy->to != NULL)
        fclose(copy->to);
    free(copy->part);
    free(copy->comments);
    ds_buf_clean_up(&copy->block);
    ds_pcap_file_clean_up(&copy->from);
}

ds_rc ds_pcap_annotate(const char *path,
                       const char *to,
                       const struct ds_pcap_comment *comments,
                       size_t count,
                       struct ds_why *why)
{
    struct copy copy = {.count = 0};
    ds_rc rc = open_both(&copy, path, to, why);
    bool created = rc == DS_OK;
    if (rc == DS_OK)
        rc = sort_comments(&copy, comments, count, why);
    if (rc == DS_OK)
        rc = copy_blocks(&copy, why);
    if (rc == DS_OK)
        rc = finish(&copy, why);
    if (rc != DS_OK && created)
        unlink(copy.part);
    clean_up(&copy);
    return rc;
}
