#include "report_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ds_rc
write_whole(const char *path, const char *mode, struct ds_slice text, struct ds_why *why)
{
    FILE *file = fopen(path, mode);
    if (file == NULL)
        return ds_fail(why, DS_IO, "cannot write %s: %s", path, strerror(errno));
    bool whole = text.len == 0 || fwrite(text.at, 1, text.len, file) == text.len;
    int trouble = errno;
    if (fclose(file) != 0 && whole) {
        trouble = errno;
        whole = false;
    }
    return whole ? DS_OK : ds_fail(why, DS_IO, "cannot write %s: %s", path, strerror(trouble));
}

/* Terminals, pipes and /dev/stdout are written to; only a file may be replaced. */
static bool is_device(const char *path)
{
    struct stat there;
    return stat(path, &there) == 0 && !S_ISREG(there.st_mode);
}

/* Whole or not at all: whoever reads the file never sees half of it. */
static ds_rc replace(const char *path, struct ds_slice text, struct ds_why *why)
{
    char part[4096];
    if ((size_t)snprintf(part, sizeof part, "%s.part", path) >= sizeof part)
        return ds_fail(why, DS_BAD, "the path %.100s… is too long", path);
    ds_rc rc = write_whole(part, "w", text, why);
    if (rc == DS_OK && rename(part, path) != 0)
        rc = ds_fail(why, DS_IO, "cannot write %s: %s", path, strerror(errno));
    if (rc != DS_OK)
        unlink(part);
    return rc;
}

ds_rc ds_write_file(const char *path, struct ds_buf *text, struct ds_why *why)
{
    ds_rc rc = text->broken      ? ds_fail_memory(why)
               : is_device(path) ? write_whole(path, "w", ds_buf_slice(text), why)
                                 : replace(path, ds_buf_slice(text), why);
    ds_buf_clean_up(text);
    return rc;
}

ds_rc ds_append_file(const char *path, struct ds_buf *text, struct ds_why *why)
{
    ds_rc rc = text->broken ? ds_fail_memory(why) : write_whole(path, "a", ds_buf_slice(text), why);
    ds_buf_clean_up(text);
    return rc;
}
