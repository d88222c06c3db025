#include "pcap_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SHORTEST_BLOCK 12u
#define READ_AHEAD     ((size_t)256 * 1024)

ds_rc ds_pcap_file_open(struct ds_pcap_file *file,
                        const char *path,
                        bool follows,
                        struct ds_why *why)
{
    *file = (struct ds_pcap_file){.path = path};
    return ds_pcap_source_open(&file->source, path, follows, why);
}

void ds_pcap_file_clean_up(struct ds_pcap_file *file)
{
    ds_pcap_source_clean_up(&file->source);
    free(file->room);
    *file = (struct ds_pcap_file){.source.fd = -1};
}

/* Room for a record of `len` bytes, from where it begins. */
static bool make_room(struct ds_pcap_file *file, size_t len)
{
    if (file->at + len <= file->cap)
        return true;
    size_t used = file->end - file->at, cap = file->cap == 0 ? READ_AHEAD : file->cap;
    while (cap < len)
        cap *= 2;
    if (used > 0)
        memmove(file->room, file->room + file->at, used);
    file->at = 0;
    file->end = used;
    if (cap == file->cap)
        return true;
    uint8_t *room = realloc(file->room, cap);
    if (room == NULL)
        return false;
    file->room = room;
    file->cap = cap;
    return true;
}

/* Why fewer than `len` bytes of the record are there. */
static ds_rc fall_short(struct ds_pcap_file *file, size_t at, struct ds_why *why)
{
    const struct ds_pcap_source *source = &file->source;
    if (source->out_of_memory)
        return ds_fail_memory(why);
    if (source->trouble != 0)
        return ds_fail(why, DS_IO, "cannot read %s: %s", file->path, strerror(source->trouble));
    if (source->damage != NULL)
        return ds_pcap_file_damaged(file, why, source->damage);
    if (source->follows) {
        file->taken = 0;
        return ds_fail(why, DS_LATE, "%s has no more frames yet", file->path);
    }
    if (at == 0 && file->end == file->at)
        return ds_fail(why, DS_GONE, "%s has no more frames", file->path);
    return ds_pcap_file_damaged(file, why, "the file was cut off there");
}

static ds_rc read_more(struct ds_pcap_file *file, size_t at, size_t len, struct ds_why *why)
{
    if (!make_room(file, at + len))
        return ds_fail_memory(why);
    while (file->end - file->at < at + len) {
        size_t count =
            ds_pcap_source_read(&file->source, file->room + file->end, file->cap - file->end);
        if (count == 0)
            return fall_short(file, at, why);
        file->end += count;
    }
    return DS_OK;
}

ds_rc ds_pcap_file_take(struct ds_pcap_file *file, size_t at, size_t len, struct ds_why *why)
{
    ds_assert(at <= DS_PCAP_MOST_BYTES && len <= DS_PCAP_MOST_BYTES);
    if (at == 0) {
        file->at += file->taken;
        file->start += file->taken;
        file->taken = 0;
    }
    if (file->end - file->at < at + len) {
        ds_rc rc = read_more(file, at, len, why);
        if (rc != DS_OK)
            return rc;
    }
    file->taken = at + len;
    file->bytes = file->room + file->at;
    return DS_OK;
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
