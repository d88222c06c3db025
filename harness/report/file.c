#include "report_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static ds_rc write_part(const char *path, struct ds_slice text, struct ds_why *why)
{
    FILE *file = fopen(path, "w");
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

ds_rc ds_write_file(const char *path, struct ds_buf *text, struct ds_why *why)
{
    char part[4096];
    ds_rc rc = DS_OK;
    if (text->broken)
        rc = ds_fail_memory(why);
    else if ((size_t)snprintf(part, sizeof part, "%s.part", path) >= sizeof part)
        rc = ds_fail(why, DS_BAD, "the path %.100s… is too long", path);
    if (rc == DS_OK) {
        rc = write_part(part, ds_buf_slice(text), why);
        if (rc == DS_OK && rename(part, path) != 0)
            rc = ds_fail(why, DS_IO, "cannot write %s: %s", path, strerror(errno));
        if (rc != DS_OK)
            unlink(part);
    }
    ds_buf_clean_up(text);
    return rc;
}
