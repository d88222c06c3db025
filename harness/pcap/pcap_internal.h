#ifndef DS_PCAP_INTERNAL_H
#define DS_PCAP_INTERNAL_H

#include "pcap.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

#define DS_PCAP_WRITER_MAGIC 0x9ca90001u
#define DS_PCAP_READER_MAGIC 0x9ca90002u
#define DS_CAPTURE_MAGIC     0x9ca90003u

/* Of one block or record: a length above this is damage, whoever wrote it. */
#define DS_PCAP_MOST_BYTES ((size_t)16 * 1024 * 1024)
/* What libpcap calls the longest frame there is. */
#define DS_PCAP_SNAPLEN 262144u

/* ---- bytes in either order ---- */

static inline uint16_t ds_pcap_get16(const uint8_t *at, bool big_endian)
{
    uint16_t word;
    memcpy(&word, at, sizeof word);
    return big_endian ? be16toh(word) : le16toh(word);
}

static inline uint32_t ds_pcap_get32(const uint8_t *at, bool big_endian)
{
    uint32_t word;
    memcpy(&word, at, sizeof word);
    return big_endian ? be32toh(word) : le32toh(word);
}

/* Fields and blocks start at multiples of four. */
static inline size_t ds_pcap_padded(size_t len)
{
    return (len + 3) & ~(size_t)3;
}

/* ---- pcapng blocks as we write them: always little-endian, so that equal runs give equal bytes
 * ---- */

#define DS_BLOCK_SECTION   0x0a0d0d0au
#define DS_BLOCK_INTERFACE 1u
#define DS_BLOCK_PACKET    2u /* obsolete since 2004, still met */
#define DS_BLOCK_SIMPLE    3u
#define DS_BLOCK_NAMES     4u
#define DS_BLOCK_ENHANCED  6u
#define DS_BLOCK_SECRETS   10u

#define DS_BYTE_ORDER_MAGIC 0x1a2b3c4du
#define DS_OPTION_COMMENT   1u
#define DS_SECRETS_TLS      0x544c534bu

void ds_pcap_put16(struct ds_buf *buf, uint16_t value);
void ds_pcap_put32(struct ds_buf *buf, uint32_t value);
/* Adds zeroes up to the next multiple of four. */
void ds_pcap_put_padded(struct ds_buf *buf, struct ds_slice bytes);
/* A text beyond what the format can hold is cut. */
void ds_pcap_put_option(struct ds_buf *buf, uint16_t code, struct ds_slice value);
size_t ds_pcap_block_begin(struct ds_buf *buf, uint32_t type);
/* Fills in both lengths; `start` is what begin returned. */
void ds_pcap_block_end(struct ds_buf *buf, size_t start);

/* ---- frames held back until they can be put in order ---- */

struct ds_pcap_held {
    int64_t unix_us;
    uint64_t order; /* equal stamps keep the order in which they came */
    uint8_t *bytes; /* owned; the comment stands behind them */
    uint32_t len, original_len, comment_len;
};

struct ds_pcap_hold {
    struct ds_pcap_held *heap; /* owned; the oldest first */
    size_t count, cap;
    uint64_t arrived;
};

DS_MUST_USE bool ds_pcap_hold_put(struct ds_pcap_hold *hold,
                                  int64_t unix_us,
                                  struct ds_slice frame,
                                  struct ds_slice comment);
/* Takes the oldest if its stamp is not after `until_us`; its bytes are then the caller's. */
DS_MUST_USE bool
ds_pcap_hold_take(struct ds_pcap_hold *hold, int64_t until_us, struct ds_pcap_held *out);
void ds_pcap_hold_clean_up(struct ds_pcap_hold *hold);

/* ---- the bytes of a file, unpacked where it is gzip ---- */

struct ds_pcap_unpacker;

struct ds_pcap_source {
    int fd;                            /* owned; -1: none */
    struct ds_pcap_unpacker *unpacker; /* owned; NULL: the bytes are as they are */
    uint8_t lead[2];                   /* read to see which of the two */
    size_t lead_at, lead_len;
    bool is_known;      /* which of the two */
    bool is_pipe;       /* or whatever else is no file */
    bool follows;       /* its end may only be the end of what was written so far */
    const char *damage; /* why unpacking ended too soon, or NULL */
    int trouble;        /* errno of a read that failed, or 0 */
    bool ended, out_of_memory;
};

DS_MUST_USE ds_rc ds_pcap_source_open(struct ds_pcap_source *source,
                                      const char *path,
                                      bool follows,
                                      struct ds_why *why);
/* At most `len` bytes; none: the end, damage, trouble, or nothing more yet. */
size_t ds_pcap_source_read(struct ds_pcap_source *source, uint8_t *out, size_t len);
void ds_pcap_source_clean_up(struct ds_pcap_source *source);

/* ---- a file read front to back, one record or block at a time ---- */

struct ds_pcap_file {
    struct ds_pcap_source source;
    const char *path;     /* borrowed: outlives us */
    uint8_t *room;        /* owned: what was read ahead */
    size_t cap, at, end;  /* of `room`: where the record begins, and where what was read ends */
    size_t taken;         /* bytes of the record */
    const uint8_t *bytes; /* the record; valid until more of it is taken */
    uint64_t start;       /* where in the file, unpacked, it begins */
    uint32_t frames;      /* so far */
    bool big_endian;
};

struct ds_pcap_block {
    uint32_t type;
    const uint8_t *bytes; /* the whole block; valid until the next read */
    size_t len;
};

DS_MUST_USE ds_rc ds_pcap_file_open(struct ds_pcap_file *file,
                                    const char *path,
                                    bool follows,
                                    struct ds_why *why);
void ds_pcap_file_clean_up(struct ds_pcap_file *file);
/* Takes `len` bytes at place `at` of the record; at 0 a new one begins, and DS_GONE means that
 * there is none. DS_LATE: they are not written yet; the record is to be taken again from 0. */
DS_MUST_USE ds_rc ds_pcap_file_take(struct ds_pcap_file *file,
                                    size_t at,
                                    size_t len,
                                    struct ds_why *why);
ds_rc ds_pcap_file_damaged(const struct ds_pcap_file *file, struct ds_why *why, const char *reason);
/* `have` bytes of the block were taken already. */
DS_MUST_USE ds_rc ds_pcap_block_read(struct ds_pcap_file *file,
                                     size_t have,
                                     struct ds_pcap_block *out,
                                     struct ds_why *why);

/* ---- the reader ---- */

struct ds_pcap_interface {
    int link;
    uint32_t snaplen;
    uint64_t ticks_per_second;
    int64_t offset_s; /* added to every stamp */
};

struct ds_pcap_reader {
    uint32_t magic;
    struct ds_pcap_file file;
    struct ds_arena *arena; /* owned: the path and the texts of names */
    /* What comes next, by format. */
    ds_rc (*next)(struct ds_pcap_reader *reader, struct ds_frame *out, struct ds_why *why);
    struct ds_pcap_interface *interfaces; /* owned; of this section; a pcap file has one */
    size_t interface_count, interface_cap;
    struct ds_pcap_name *names; /* owned; the texts are in the arena */
    size_t name_count, name_cap;
    struct ds_buf secrets;
    size_t have;     /* bytes that recognising the file took off its first block */
    int64_t last_us; /* stamp of the frame before */
    bool is_ahead;   /* `ahead` was read by opening, and is not yet delivered */
    struct ds_frame ahead;
    bool has_links;    /* one of its interfaces can be read */
    ds_rc ended;       /* what the last read said, for good; DS_OK: more may come */
    struct ds_why why; /* its sentence */
};

/* Reads the rest of the file header. */
DS_MUST_USE ds_rc ds_pcap_classic_open(struct ds_pcap_reader *reader,
                                       uint32_t ticks,
                                       struct ds_why *why);
ds_rc ds_pcap_classic_next(struct ds_pcap_reader *reader, struct ds_frame *out, struct ds_why *why);
ds_rc ds_pcap_section_next(struct ds_pcap_reader *reader, struct ds_frame *out, struct ds_why *why);
/* A new interface, the last of the array. */
DS_MUST_USE ds_rc ds_pcap_add_interface(struct ds_pcap_reader *reader,
                                        uint16_t link,
                                        struct ds_why *why);
/* The number it has in files. */
int ds_pcap_normal_link(int link);
/* Refuses a file of which no interface has a link type that is read here. */
DS_MUST_USE ds_rc ds_pcap_refuse_links(const struct ds_pcap_reader *reader, struct ds_why *why);
int64_t ds_pcap_stamp_us(const struct ds_pcap_interface *interface, uint64_t ticks);

#endif
