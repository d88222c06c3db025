#include "pcap_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct format {
    uint32_t magic; /* as read in big-endian order */
    uint32_t ticks_per_second;
    bool big_endian;
};

/* The first word of a pcap file. */
static const struct format classic_formats[] = {
    {0xa1b2c3d4, 1000000, true},
    {0xd4c3b2a1, 1000000, false},
    {0xa1b23c4d, 1000000000, true},
    {0x4d3cb2a1, 1000000000, false},
};

struct lookalike {
    struct ds_slice start;
    const char *advice;
};

static const struct lookalike lookalikes[] = {
    {{"\x28\xb5\x2f\xfd", 4}, "is compressed: unzstd it first"},
    {{"\x04\x22\x4d\x18", 4}, "is compressed: unlz4 it first"},
    {{"BZh", 3}, "is compressed: bunzip2 it first"},
    {{"\xfd"
      "7zX",
      4},
     "is compressed: unxz it first"},
    {{"PK\x03\x04", 4}, "is a zip archive: unzip it first"},
    {{"snoo", 4}, "is a snoop capture: convert it with 'editcap -F pcapng'"},
    {{"\xa1\xb2\xcd\x34", 4}, "is an old variant of pcap: convert it with 'editcap -F pcapng'"},
    {{"\x34\xcd\xb2\xa1", 4}, "is an old variant of pcap: convert it with 'editcap -F pcapng'"},
};

static bool is_text(struct ds_slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.at[i];
        if (!isprint(c) && !isspace(c))
            return false;
    }
    return true;
}

static ds_rc refuse(const struct ds_pcap_file *file, size_t len, struct ds_why *why)
{
    struct ds_slice start = {(const char *)file->room + file->at, len};
    for (size_t i = 0; i < DS_COUNT(lookalikes); i++) {
        if (ds_slice_starts(start, lookalikes[i].start))
            return ds_fail(why, DS_BAD, "%s %s", file->path, lookalikes[i].advice);
    }
    return ds_fail(why, DS_BAD, "%s is %s, not a capture: pcap and pcapng are read", file->path,
                   is_text(start) ? "text" : "something else");
}

/* A capture of either format tells itself by its first four bytes. */
static ds_rc recognise(struct ds_pcap_reader *reader, struct ds_why *why)
{
    struct ds_pcap_file *file = &reader->file;
    ds_rc rc = ds_pcap_file_take(file, 0, 4, why);
    if (rc == DS_GONE)
        return ds_fail(why, DS_BAD, "%s is empty: no capture was written to it", file->path);
    if (rc == DS_BAD && file->source.damage == NULL)
        return refuse(file, file->end - file->at, why);
    if (rc != DS_OK)
        return rc;
    reader->have = 4;
    uint32_t magic = ds_pcap_get32(file->bytes, true);
    if (magic == DS_BLOCK_SECTION) {
        reader->next = ds_pcap_section_next;
        return DS_OK;
    }
    for (size_t i = 0; i < DS_COUNT(classic_formats); i++) {
        if (classic_formats[i].magic != magic)
            continue;
        reader->next = ds_pcap_classic_next;
        file->big_endian = classic_formats[i].big_endian;
        return ds_pcap_classic_open(reader, classic_formats[i].ticks_per_second, why);
    }
    return refuse(file, 4, why);
}

/* The next frame, whatever format it is in. DS_LATE leaves everything as it was. */
static ds_rc advance(struct ds_pcap_reader *reader, struct ds_frame *out, struct ds_why *why)
{
    ds_rc rc = reader->next == NULL ? recognise(reader, why) : DS_OK;
    if (rc == DS_OK)
        rc = reader->next(reader, out, why);
    if (rc == DS_LATE)
        reader->have = 0;
    /* A pcapng file describes its interfaces somewhere before its first frame: only that frame
     * proves that the file can be read. */
    if ((rc == DS_OK || rc == DS_GONE) && !reader->has_links) {
        ds_rc refused = ds_pcap_refuse_links(reader, why);
        rc = refused == DS_OK ? rc : refused;
        reader->has_links = refused == DS_OK;
    }
    return rc;
}

static ds_rc read_ahead(struct ds_pcap_reader *reader, struct ds_why *why)
{
    ds_rc rc = advance(reader, &reader->ahead, &reader->why);
    reader->is_ahead = rc == DS_OK;
    reader->ended = rc == DS_LATE ? DS_OK : rc;
    if (rc == DS_OK || rc == DS_LATE || (rc == DS_GONE && reader->next != NULL))
        return DS_OK;
    return ds_fail(why, rc, "%s", reader->why.text);
}

static ds_rc fill(struct ds_pcap_reader *reader, const char *path, bool follows, struct ds_why *why)
{
    ds_rc rc = ds_arena_new(&reader->arena);
    const char *copy = rc == DS_OK ? ds_arena_copy(reader->arena, ds_slice_of(path)) : NULL;
    reader->file.source.fd = -1;
    if (copy == NULL)
        return ds_fail_memory(why);
    rc = ds_pcap_file_open(&reader->file, copy, follows, why);
    return rc == DS_OK ? read_ahead(reader, why) : rc;
}

static ds_rc
open_reader(const char *path, bool follows, struct ds_pcap_reader **out, struct ds_why *why)
{
    struct ds_pcap_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return ds_fail_memory(why);
    reader->magic = DS_PCAP_READER_MAGIC;
    ds_rc rc = fill(reader, path, follows, why);
    if (rc != DS_OK)
        goto fail;
    *out = reader;
    return DS_OK;

fail:
    ds_pcap_reader_free(&reader);
    return rc;
}

ds_rc ds_pcap_open(const char *path, struct ds_pcap_reader **out, struct ds_why *why)
{
    return open_reader(path, false, out, why);
}

ds_rc ds_pcap_follow(const char *path, struct ds_pcap_reader **out, struct ds_why *why)
{
    return open_reader(path, true, out, why);
}

int ds_pcap_fd(const struct ds_pcap_reader *reader)
{
    DS_CHECK(reader, DS_PCAP_READER_MAGIC);
    return reader->file.source.fd;
}

static ds_rc next_frame(struct ds_pcap_reader *reader, struct ds_frame *out)
{
    if (reader->is_ahead) {
        *out = reader->ahead;
        reader->is_ahead = false;
        return DS_OK;
    }
    if (reader->ended != DS_OK)
        return reader->ended;
    ds_rc rc = advance(reader, out, &reader->why);
    if (rc != DS_LATE)
        reader->ended = rc;
    return rc;
}

ds_rc ds_pcap_next(struct ds_pcap_reader *reader, struct ds_frame *out, struct ds_why *why)
{
    DS_CHECK(reader, DS_PCAP_READER_MAGIC);
    ds_rc rc = next_frame(reader, out);
    if (rc != DS_OK)
        return ds_fail(why, rc, "%s", reader->why.text);
    reader->last_us = out->unix_us;
    return DS_OK;
}

struct ds_slice ds_pcap_secrets(const struct ds_pcap_reader *reader)
{
    DS_CHECK(reader, DS_PCAP_READER_MAGIC);
    return ds_buf_slice(&reader->secrets);
}

const struct ds_pcap_name *ds_pcap_names(const struct ds_pcap_reader *reader, size_t *count)
{
    DS_CHECK(reader, DS_PCAP_READER_MAGIC);
    *count = reader->name_count;
    return reader->names;
}

void ds_pcap_reader_free(struct ds_pcap_reader **reader)
{
    if (*reader == NULL)
        return;
    DS_CHECK(*reader, DS_PCAP_READER_MAGIC);
    (*reader)->magic = 0;
    ds_pcap_file_clean_up(&(*reader)->file);
    free((*reader)->interfaces);
    free((*reader)->names);
    ds_buf_clean_up(&(*reader)->secrets);
    ds_arena_free(&(*reader)->arena);
    free(*reader);
    *reader = NULL;
}
