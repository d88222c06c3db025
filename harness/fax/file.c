#include "fax_internal.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

ds_rc ds_fax_file_open(struct ds_fax_file *file)
{
    file->descriptor = memfd_create("fax", MFD_CLOEXEC);
    if (file->descriptor < 0)
        return DS_IO;
    snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->descriptor);
    return DS_OK;
}

ds_rc ds_fax_file_write(const struct ds_fax_file *file, struct ds_slice bytes)
{
    while (bytes.len > 0) {
        ssize_t wrote = write(file->descriptor, bytes.at, bytes.len);
        if (wrote <= 0)
            return DS_IO;
        bytes = ds_slice_from(bytes, (size_t)wrote);
    }
    return DS_OK;
}

void ds_fax_file_close(struct ds_fax_file *file)
{
    if (file->descriptor >= 0)
        close(file->descriptor);
    file->descriptor = -1;
}
