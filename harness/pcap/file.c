#include "pcap_internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SHORTEST_BLOCK 12u

ds_rc ds_pcap_file_open(struct ds_pcap_file *file, const char *path, struct ds_why *why)
{
    *file = (struct ds_pcap_file){.path = path};
    return ds_pcap_source_open(&file->source, path, why);
}

void ds_pcap_file_clean_up(struct ds_pcap_file *file)
{
    ds_pcap_source_clean_up(&file->source);
    free(file->bytes);
    *file = (struct ds_pcap_file){0};
}

static bool make_room(struct ds_pcap_file *file, size_t needed)
{
    size_t cap = file->cap == 0 ? 4096 : file->cap;
    if (needed <= file->cap)
        return true;
    while (cap < needed)
        cap *= 2;
    uint8_t *bytes = realloc(file->bytes, cap);
    if (bytes == NULL)
        return false;
    file->bytes = bytes;
    file->cap = cap;
    return true;
}

ds_rc ds_pcap_file_take(struct ds_pcap_file *file, size_t at, size_t len, struct ds_why *why)
{
    ds_assert(at <= DS_PCAP_MOST_BYTES && len <= DS_PCAP_MOST_BYTES);
    if (at == 0)
        file->start = file->offset;
    if (!make_room(file, at + len))
        return ds_fail_memory(why);
    struct ds_pcap_source *source = &file->source;
    size_t count = ds_pcap_source_read(source, file->bytes + at, len);
    file->offset += count;
    if (count == len)
        return DS_OK;
    if (source->out_of_memory)
        return ds_fail_memory(why);
    if (ferror(source->stream))
        return ds_fail(why, DS_IO, "cannot read %s: %s", file->path, strerror(errno));
    if (source->damage != NULL)
        return ds_pcap_file_damaged(file, why, source->damage);
    if (at == 0 && count == 0)
        return ds_fail(why, DS_GONE, "%s has no more frames", file->path);
    return ds_pcap_file_damaged(file, why, "the file was cut off there");
}

ds_rc ds_pcap_file_damaged(const struct ds_pcap_file *file, struct ds_why *why, const char *reason)
{
    const char *of = file->source.unpacker == NULL ? "" : " of what it unpacks to";
    if (file->frames == 0)
        return ds_fail(why, DS_BAD,
                       "%s is damaged at byte %" PRIu64 "%s, before its first frame: %s",
                       file->path, file->start, of, reason);
    return ds_fail(why, DS_BAD, "%s is damaged at byte %" PRIu64 "%s, after frame %u: %s",
                   file->path, file->start, of, file->frames, reason);
}

/* The type of a section reads the same in both orders; the word after its length tells which. */
static ds_rc learn_order(struct ds_pcap_file *file, struct ds_why *why)
{
    ds_rc rc = ds_pcap_file_take(file, 8, 4, why);
    if (rc != DS_OK)
        return rc;
    file->big_endian = ds_pcap_get32(file->bytes + 8, true) == DS_BYTE_ORDER_MAGIC;
    if (ds_pcap_get32(file->bytes + 8, file->big_endian) != DS_BYTE_ORDER_MAGIC)
        return ds_pcap_file_damaged(file, why, "a section has no byte order");
    return DS_OK;
}

ds_rc ds_pcap_block_read(struct ds_pcap_file *file,
                         size_t have,
                         struct ds_pcap_block *out,
                         struct ds_why *why)
{
    size_t taken = 8;
    ds_rc rc = ds_pcap_file_take(file, have, taken - have, why);
    if (rc == DS_OK && ds_pcap_get32(file->bytes, false) == DS_BLOCK_SECTION) {
        rc = learn_order(file, why);
        taken = 12;
    }
    if (rc != DS_OK)
        return rc;
    uint32_t len = ds_pcap_get32(file->bytes + 4, file->big_endian);
    if (len < SHORTEST_BLOCK || len < taken + 4 || len % 4 != 0 || len > DS_PCAP_MOST_BYTES)
        return ds_pcap_file_damaged(file, why, "the length of a block cannot be right");
    rc = ds_pcap_file_take(file, taken, len - taken, why);
    if (rc != DS_OK)
        return rc;
    if (ds_pcap_get32(file->bytes + len - 4, file->big_endian) != len)
        return ds_pcap_file_damaged(file, why, "the two lengths of a block differ");
    *out = (struct ds_pcap_block){ds_pcap_get32(file->bytes, file->big_endian), file->bytes, len};
    return DS_OK;
}
