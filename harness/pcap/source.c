#include "pcap_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static bool has_more(int fd)
{
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    return poll(&watched, 1, 0) > 0;
}

/* What is there to be read; 0 at its end, or with `trouble`. A file that is followed ends never, a
 * pipe when whoever writes to it has closed it. */
static size_t read_some(struct ds_pcap_source *source, uint8_t *out, size_t len)
{
    ssize_t count;
    if (source->follows && source->is_pipe && !has_more(source->fd))
        return 0;
    do {
        count = read(source->fd, out, len);
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        source->trouble = errno;
    if (count == 0 && source->is_pipe)
        source->follows = false;
    return count < 0 ? 0 : (size_t)count;
}

static void new_unpacker(struct ds_pcap_source *source)
{
    struct ds_pcap_unpacker *unpacker = calloc(1, sizeof *unpacker);
    source->out_of_memory = unpacker == NULL;
    if (unpacker == NULL)
        return;
    unpacker->zlib = (z_stream){.zalloc = allocate, .zfree = release};
    if (inflateInit2(&unpacker->zlib, GZIP_WINDOW) != Z_OK) {
        free(unpacker);
        source->out_of_memory = true;
        return;
    }
    memcpy(unpacker->packed, source->lead, source->lead_len);
    unpacker->zlib.next_in = unpacker->packed;
    unpacker->zlib.avail_in = (unsigned)source->lead_len;
    source->lead_len = 0;
    source->unpacker = unpacker;
}

ds_rc ds_pcap_source_open(struct ds_pcap_source *source,
                          const char *path,
                          bool follows,
                          struct ds_why *why)
{
    *source = (struct ds_pcap_source){.fd = open(path, O_RDONLY | O_CLOEXEC), .follows = follows};
    if (source->fd < 0)
        return ds_fail(why, DS_IO, "cannot open %s: %s", path, strerror(errno));
    struct stat kind;
    source->is_pipe = fstat(source->fd, &kind) == 0 && !S_ISREG(kind.st_mode);
    return DS_OK;
}

/* Packed or not? False while too little is there to tell. */
static bool look(struct ds_pcap_source *source)
{
    while (!source->is_known && source->lead_len < sizeof source->lead) {
        size_t count = read_some(source, source->lead + source->lead_len,
                                 sizeof source->lead - source->lead_len);
        source->lead_len += count;
        if (count == 0 && (source->follows || source->trouble != 0))
            return false;
        if (count == 0)
            break;
    }
    if (!source->is_known && source->lead_len == sizeof gzip_magic &&
        memcmp(source->lead, gzip_magic, sizeof gzip_magic) == 0)
        new_unpacker(source);
    source->is_known = true;
    return true;
}

void ds_pcap_source_clean_up(struct ds_pcap_source *source)
{
    if (source->unpacker != NULL)
        inflateEnd(&source->unpacker->zlib);
    free(source->unpacker);
    if (source->fd >= 0)
        close(source->fd);
    *source = (struct ds_pcap_source){.fd = -1};
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
        (unsigned)read_some(source, unpacker->packed, sizeof unpacker->packed);
}

static size_t unpack(struct ds_pcap_source *source, uint8_t *out, size_t len)
{
    z_stream *zlib = &source->unpacker->zlib;
    zlib->next_out = out;
    zlib->avail_out = (unsigned)len;
    while (zlib->avail_out > 0 && !source->ended && source->damage == NULL) {
        refill(source);
        if (zlib->avail_in == 0) {
            if (!source->follows && source->trouble == 0)
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
    if (!look(source) || source->out_of_memory)
        return 0;
    if (source->unpacker != NULL)
        return unpack(source, out, len);
    for (; count < len && source->lead_at < source->lead_len; count++)
        out[count] = source->lead[source->lead_at++];
    return count > 0 ? count : read_some(source, out, len);
}
