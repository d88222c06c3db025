#include "pcap_internal.h"

#include <stdlib.h>
#include <string.h>

/* The blocks of pcapng. One that is not known here is passed over, as the format demands. */

#define MOST_NAMES  65536u
#define LATEST_S    253402300799 /* the end of the year 9999 */
#define OPTION_END  0u
#define TICKS       9u
#define TICK_OFFSET 14u

/* Every block ends with its length again. */
static struct ds_slice body_of(const struct ds_pcap_block *block)
{
    return (struct ds_slice){(const char *)block->bytes + 8, block->len - 12};
}

static const uint8_t *bytes_of(struct ds_slice slice)
{
    return (const uint8_t *)slice.at;
}

/* Options, and records of names, share one shape. False at the end of the list, or of sense. */
static bool
cut_option(struct ds_slice *rest, bool big_endian, uint16_t *code, struct ds_slice *value)
{
    if (rest->len < 4)
        return false;
    *code = ds_pcap_get16(bytes_of(*rest), big_endian);
    value->len = ds_pcap_get16(bytes_of(*rest) + 2, big_endian);
    value->at = rest->at + 4;
    if (*code == OPTION_END || value->len > rest->len - 4)
        return false;
    *rest = ds_slice_from(*rest, 4 + ds_pcap_padded(value->len));
    return true;
}

/* ---- interfaces and their time ---- */

/* Most clocks tick in microseconds, which needs no division. Of the ways for others both give the
 * same; the first would overflow for very fine ticks, the second is coarse for others. */
static void split(uint64_t ticks, uint64_t per_second, uint64_t *second, uint64_t *part_us)
{
    const uint64_t million = 1000000;
    if (per_second == million) {
        *second = ticks / million;
        *part_us = ticks % million;
        return;
    }
    uint64_t part = ticks % per_second;
    *second = ticks / per_second;
    *part_us = per_second < UINT64_C(1) << 40 ? part * million / per_second
                                              : part / (per_second / million);
}

int64_t ds_pcap_stamp_us(const struct ds_pcap_interface *interface, uint64_t ticks)
{
    uint64_t second, part_us;
    split(ticks, interface->ticks_per_second, &second, &part_us);
    int64_t offset_s = interface->offset_s;
    if (second > LATEST_S || offset_s > LATEST_S || offset_s < -LATEST_S)
        return 0;
    int64_t sum_s = (int64_t)second + offset_s;
    return sum_s < 0 ? 0 : sum_s * 1000000 + (int64_t)part_us;
}

/* The upper bit chooses between powers of two and of ten. */
static bool ticks_of(uint8_t resolution, uint64_t *out)
{
    int power = resolution & 0x7f;
    if ((resolution & 0x80) != 0) {
        *out = UINT64_C(1) << (power & 63);
        return power <= 63;
    }
    *out = 1;
    for (int i = 0; i < power && i < 19; i++)
        *out *= 10;
    return power <= 19;
}

static int64_t offset_of(const uint8_t *at, bool big_endian)
{
    uint32_t first = ds_pcap_get32(at, big_endian), second = ds_pcap_get32(at + 4, big_endian);
    uint64_t high = big_endian ? first : second, low = big_endian ? second : first;
    return (int64_t)(high << 32 | low);
}

static ds_rc read_interface(struct ds_pcap_reader *reader, struct ds_slice body, struct ds_why *why)
{
    bool big_endian = reader->file.big_endian;
    struct ds_slice value;
    uint16_t code;
    if (body.len < 8)
        return ds_pcap_file_damaged(&reader->file, why, "the description of an interface is short");
    ds_rc rc = ds_pcap_add_interface(reader, ds_pcap_get16(bytes_of(body), big_endian), why);
    if (rc != DS_OK)
        return rc;
    struct ds_pcap_interface *interface = &reader->interfaces[reader->interface_count - 1];
    interface->snaplen = ds_pcap_get32(bytes_of(body) + 4, big_endian);
    body = ds_slice_from(body, 8);
    while (cut_option(&body, big_endian, &code, &value)) {
        if (code == TICK_OFFSET && value.len == 8)
            interface->offset_s = offset_of(bytes_of(value), big_endian);
        if (code == TICKS && value.len == 1 &&
            !ticks_of(bytes_of(value)[0], &interface->ticks_per_second))
            return ds_pcap_file_damaged(&reader->file, why, "no clock ticks as fast as it says");
    }
    return DS_OK;
}

/* ---- names and secrets ---- */

static ds_rc add_name(struct ds_pcap_reader *reader, struct ds_addr at, struct ds_slice text)
{
    if (reader->name_count == reader->name_cap) {
        size_t cap = reader->name_cap == 0 ? 16 : reader->name_cap * 2;
        struct ds_pcap_name *names = realloc(reader->names, cap * sizeof *names);
        if (names == NULL)
            return DS_NOMEM;
        reader->names = names;
        reader->name_cap = cap;
    }
    const char *name = ds_arena_copy(reader->arena, text);
    if (name == NULL)
        return DS_NOMEM;
    reader->names[reader->name_count++] = (struct ds_pcap_name){at, name};
    return DS_OK;
}

/* An address may have several names, each ended by a zero; the first speaks for it. */
static ds_rc read_name(struct ds_pcap_reader *reader, uint16_t kind, struct ds_slice value)
{
    struct ds_addr at = {.port = 0};
    size_t ip_len = kind == 1 ? 4 : 16;
    struct ds_slice texts = ds_slice_from(value, ip_len), text;
    if (kind > 2 || value.len < ip_len || !ds_slice_cut(&texts, '\0', &text) || text.len == 0 ||
        reader->name_count >= MOST_NAMES)
        return DS_OK;
    if (kind == 1)
        at = ds_addr_v4(ds_pcap_get32(bytes_of(value), true), 0);
    else
        memcpy(at.ip, value.at, ip_len);
    return add_name(reader, at, text);
}

static ds_rc read_names(struct ds_pcap_reader *reader, struct ds_slice body, struct ds_why *why)
{
    struct ds_slice value;
    uint16_t kind;
    while (cut_option(&body, reader->file.big_endian, &kind, &value)) {
        if (read_name(reader, kind, value) != DS_OK)
            return ds_fail_memory(why);
    }
    return DS_OK;
}

/* Lines of two blocks must not run into one. */
static ds_rc read_secrets(struct ds_pcap_reader *reader, struct ds_slice body, struct ds_why *why)
{
    bool big_endian = reader->file.big_endian;
    if (body.len < 8 || ds_pcap_get32(bytes_of(body) + 4, big_endian) > body.len - 8)
        return ds_pcap_file_damaged(&reader->file, why, "a block of secrets is short");
    if (ds_pcap_get32(bytes_of(body), big_endian) != DS_SECRETS_TLS)
        return DS_OK;
    struct ds_slice text = {body.at + 8, ds_pcap_get32(bytes_of(body) + 4, big_endian)};
    ds_buf_add(&reader->secrets, text);
    if (text.len > 0 && text.at[text.len - 1] != '\n')
        ds_buf_text(&reader->secrets, "\n");
    return reader->secrets.broken ? ds_fail_memory(why) : DS_OK;
}

/* ---- frames ---- */

static ds_rc read_packet(struct ds_pcap_reader *reader,
                         const struct ds_pcap_block *block,
                         struct ds_frame *out,
                         struct ds_why *why)
{
    struct ds_slice body = body_of(block);
    bool big_endian = reader->file.big_endian;
    const uint8_t *at = bytes_of(body);
    if (body.len < 20)
        return ds_pcap_file_damaged(&reader->file, why, "the block of a frame is short");
    uint32_t index = block->type == DS_BLOCK_PACKET ? ds_pcap_get16(at, big_endian)
                                                    : ds_pcap_get32(at, big_endian);
    uint32_t len = ds_pcap_get32(at + 12, big_endian);
    if (index >= reader->interface_count)
        return ds_pcap_file_damaged(&reader->file, why, "a frame names an interface not described");
    if (len > body.len - 20)
        return ds_pcap_file_damaged(&reader->file, why, "a frame is longer than its block");
    const struct ds_pcap_interface *interface = &reader->interfaces[index];
    uint64_t ticks =
        (uint64_t)ds_pcap_get32(at + 4, big_endian) << 32 | ds_pcap_get32(at + 8, big_endian);
    *out = (struct ds_frame){.number = ++reader->file.frames,
                             .unix_us = ds_pcap_stamp_us(interface, ticks),
                             .link = interface->link,
                             .interface = index,
                             .original_len = ds_pcap_get32(at + 16, big_endian),
                             .bytes = {body.at + 20, len}};
    return DS_OK;
}

/* It has no stamp of its own, so it is as old as the frame before. */
static ds_rc read_simple(struct ds_pcap_reader *reader,
                         struct ds_slice body,
                         struct ds_frame *out,
                         struct ds_why *why)
{
    if (body.len < 4 || reader->interface_count == 0)
        return ds_pcap_file_damaged(&reader->file, why, "a frame names an interface not described");
    const struct ds_pcap_interface *interface = &reader->interfaces[0];
    uint32_t original_len = ds_pcap_get32(bytes_of(body), reader->file.big_endian);
    size_t len = original_len;
    if (interface->snaplen != 0 && len > interface->snaplen)
        len = interface->snaplen;
    if (len > body.len - 4)
        return ds_pcap_file_damaged(&reader->file, why, "a frame is longer than its block");
    *out = (struct ds_frame){.number = ++reader->file.frames,
                             .unix_us = reader->last_us,
                             .link = interface->link,
                             .original_len = original_len,
                             .bytes = {body.at + 4, len}};
    return DS_OK;
}

/* A block that holds no frame. */
static ds_rc
learn(struct ds_pcap_reader *reader, const struct ds_pcap_block *block, struct ds_why *why)
{
    switch (block->type) {
    case DS_BLOCK_SECTION:
        reader->interface_count = 0;
        if (block->len < 28 || ds_pcap_get16(block->bytes + 12, reader->file.big_endian) != 1)
            return ds_pcap_file_damaged(&reader->file, why, "its version of pcapng is not 1");
        return DS_OK;
    case DS_BLOCK_INTERFACE:
        return read_interface(reader, body_of(block), why);
    case DS_BLOCK_NAMES:
        return read_names(reader, body_of(block), why);
    case DS_BLOCK_SECRETS:
        return read_secrets(reader, body_of(block), why);
    default:
        return DS_OK;
    }
}

DS_EXPANDED ds_rc ds_pcap_section_next(struct ds_pcap_reader *reader,
                                       struct ds_frame *out,
                                       struct ds_why *why)
{
    for (;;) {
        struct ds_pcap_block block;
        ds_rc rc = ds_pcap_block_read(&reader->file, reader->have, &block, why);
        reader->have = 0;
        if (rc != DS_OK)
            return rc;
        if (block.type == DS_BLOCK_SIMPLE)
            return read_simple(reader, body_of(&block), out, why);
        if (block.type == DS_BLOCK_ENHANCED || block.type == DS_BLOCK_PACKET)
            return read_packet(reader, &block, out, why);
        rc = learn(reader, &block, why);
        if (rc != DS_OK)
            return rc;
    }
}
