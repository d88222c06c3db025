#include "pcap_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

/* The bytes of a file, unpacked where it is gzip (RFC 1952). zlib's own gzread() is not used: where
 * the packed bytes are damaged, it loses what was unpacked before. */

#define PACKED_BYTES 65536u
#define GZIP_WINDOW  (15 + 16) /* the largest window there is, and gzip's header around it */

static const uint8_t gzip_magic[] = {0x1f, 0x8b};

struct ds_pcap_unpacker {
    z_stream zlib;
    uint8_t packed[PACKED_BYTES];
};

static void *allocate(void *owner, unsigned count, unsigned size)
{
    (void)owner;
    return calloc(count, size);
}

static void release(void *owner, void *at)
{
    (void)owner;
    free(at);
}

static ds_rc new_unpacker(struct ds_pcap_source *source, struct ds_why *why)
{
    struct ds_pcap_unpacker *unpacker = calloc(1, sizeof *unpacker);
    if (unpacker == NULL)
        return ds_fail_memory(why);
    unpacker->zlib = (z_stream){.zalloc = allocate, .zfree = release};
    if (inflateInit2(&unpacker->zlib, GZIP_WINDOW) != Z_OK) {
        free(unpacker);
        return ds_fail_memory(why);
    }
    memcpy(unpacker->packed, source->lead, source->lead_len);
    unpacker->zlib.next_in = unpacker->packed;
    unpacker->zlib.avail_in = (unsigned)source->lead_len;
    source->lead_len = 0;
    source->unpacker = unpacker;
    return DS_OK;
}

ds_rc ds_pcap_source_open(struct ds_pcap_source *source, const char *path, struct ds_why *why)
{
    *source = (struct ds_pcap_source){.stream = fopen(path, "rbe")};
    if (source->stream == NULL)
        return ds_fail(why, DS_IO, "cannot open %s: %s", path, strerror(errno));
    source->lead_len = fread(source->lead, 1, sizeof source->lead, source->stream);
    if (source->lead_len == sizeof gzip_magic &&
        memcmp(source->lead, gzip_magic, sizeof gzip_magic) == 0)
        return new_unpacker(source, why);
    return DS_OK;
}

void ds_pcap_source_clean_up(struct ds_pcap_source *source)
{
    if (source->unpacker != NULL)
        inflateEnd(&source->unpacker->zlib);
    free(source->unpacker);
    if (source->stream != NULL)
        fclose(source->stream);
    *source = (struct ds_pcap_source){0};
}

/* A gzip file may hold several streams, one behind the other; what follows the last is padding. */
static void begin_next(struct ds_pcap_source *source)
{
    z_stream *zlib = &source->unpacker->zlib;
    source->ended =
        zlib->avail_in == 0 || zlib->next_in[0] != gzip_magic[0] || inflateReset(zlib) != Z_OK;
}

static void refill(struct ds_pcap_source *source)
{
    struct ds_pcap_unpacker *unpacker = source->unpacker;
    if (unpacker->zlib.avail_in > 0)
        return;
    unpacker->zlib.next_in = unpacker->packed;
    unpacker->zlib.avail_in =
        (unsigned)fread(unpacker->packed, 1, sizeof unpacker->packed, source->stream);
}

static size_t unpack(struct ds_pcap_source *source, uint8_t *out, size_t len)
{
    z_stream *zlib = &source->unpacker->zlib;
    zlib->next_out = out;
    zlib->avail_out = (unsigned)len;
    while (zlib->avail_out > 0 && !source->ended && source->damage == NULL) {
        refill(source);
        if (zlib->avail_in == 0) {
            source->damage = "the file was cut off there";
            break;
        }
        int said = inflate(zlib, Z_NO_FLUSH);
        if (said == Z_STREAM_END) {
            refill(source);
            begin_next(source);
        } else if (said == Z_MEM_ERROR) {
            source->out_of_memory = true;
            break;
        } else if (said != Z_OK) {
            source->damage = "what it was packed into makes no sense there";
        }
    }
    return len - zlib->avail_out;
}

size_t ds_pcap_source_read(struct ds_pcap_source *source, uint8_t *out, size_t len)
{
    size_t count = 0;
    if (source->unpacker != NULL)
        return unpack(source, out, len);
    for (; count < len && source->lead_at < source->lead_len; count++)
        out[count] = source->lead[source->lead_at++];
    return count + fread(out + count, 1, len - count, source->stream);
}
