#include "pcap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Any bytes as a capture file: every frame is touched, and its checksums are completed. */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void touch(struct ds_slice bytes)
{
    uint8_t *copy = malloc(bytes.len + 1);
    if (copy == NULL)
        return;
    if (bytes.len > 0)
        memcpy(copy, bytes.at, bytes.len);
    ds_frame_complete(copy, bytes.len);
    free(copy);
}

static void read_all(const char *path)
{
    struct ds_pcap_reader *reader;
    struct ds_frame frame;
    struct ds_why why;
    size_t count;
    if (ds_pcap_open(path, &reader, &why) != DS_OK)
        return;
    while (ds_pcap_next(reader, &frame, &why) == DS_OK)
        touch(frame.bytes);
    touch(ds_pcap_secrets(reader));
    const struct ds_pcap_name *names = ds_pcap_names(reader, &count);
    for (size_t i = 0; i < count; i++)
        touch(ds_slice_of(names[i].name));
    ds_pcap_reader_free(&reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    int fd = memfd_create("fuzz_pcap", MFD_CLOEXEC);
    if (fd < 0)
        abort();
    if (write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    read_all(path);
    close(fd);
    return 0;
}
