#include "report_internal.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MUCH      ((size_t)256 * 1024)
#define MOST_PATH 4080 /* a longer one fails with a sentence that has no room for the reason */

/* A file that grows beyond the limit of this process is a sentence, not its end. */
static void hold_limit_signal(sigset_t *limit, sigset_t *before)
{
    sigemptyset(limit);
    sigaddset(limit, SIGXFSZ);
    sigprocmask(SIG_BLOCK, limit, before);
}

static void drop_limit_signal(const sigset_t *limit, const sigset_t *before)
{
    const struct timespec at_once = {0};
    if (sigismember(before, SIGXFSZ) == 0)
        sigtimedwait(limit, NULL, &at_once);
    sigprocmask(SIG_SETMASK, before, NULL);
}

static ds_rc append(const char *path, struct ds_slice text, struct ds_why *why)
{
    FILE *file = fopen(path, "a");
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

ds_rc ds_out_open(struct ds_out_file *file, const char *path, struct ds_why *why)
{
    *file = (struct ds_out_file){.path = path};
    if (strlen(path) > MOST_PATH)
        return ds_fail(why, DS_BAD, "the path %.100s… is too long", path);
    if (!is_device(path) && asprintf(&file->part, "%s.part", path) < 0) {
        file->part = NULL;
        return ds_fail_memory(why);
    }
    file->stream = fopen(file->part == NULL ? path : file->part, "w");
    return file->stream != NULL ? DS_OK
                                : ds_fail(why, DS_IO, "cannot write %s: %s", path, strerror(errno));
}

ds_rc ds_out_put(struct ds_out_file *file, struct ds_buf *text, struct ds_why *why)
{
    sigset_t limit, before;
    if (text->broken)
        return ds_fail_memory(why);
    hold_limit_signal(&limit, &before);
    bool whole = text->len == 0 || fwrite(text->at, 1, text->len, file->stream) == text->len;
    whole = fflush(file->stream) == 0 && whole;
    int trouble = errno;
    drop_limit_signal(&limit, &before);
    text->len = 0;
    return whole ? DS_OK
                 : ds_fail(why, DS_IO, "cannot write %s: %s", file->path, strerror(trouble));
}

ds_rc ds_out_put_much(struct ds_out_file *file, struct ds_buf *text, struct ds_why *why)
{
    return text->broken || text->len >= MUCH ? ds_out_put(file, text, why) : DS_OK;
}

ds_rc ds_out_close(struct ds_out_file *file, struct ds_why *why)
{
    FILE *stream = file->stream;
    file->stream = NULL;
    if (fclose(stream) != 0 || (file->part != NULL && rename(file->part, file->path) != 0))
        return ds_fail(why, DS_IO, "cannot write %s: %s", file->path, strerror(errno));
    free(file->part);
    file->part = NULL;
    return DS_OK;
}

void ds_out_drop(struct ds_out_file *file)
{
    if (file->stream != NULL)
        fclose(file->stream);
    if (file->part != NULL)
        unlink(file->part);
    free(file->part);
    *file = (struct ds_out_file){0};
}

/* Whole or not at all: whoever reads the file never sees half of it. */
ds_rc ds_write_file(const char *path, struct ds_buf *text, struct ds_why *why)
{
    struct ds_out_file file;
    ds_rc rc = ds_out_open(&file, path, why);
    if (rc == DS_OK)
        rc = ds_out_put(&file, text, why);
    if (rc == DS_OK)
        rc = ds_out_close(&file, why);
    ds_out_drop(&file);
    ds_buf_clean_up(text);
    return rc;
}

ds_rc ds_append_file(const char *path, struct ds_buf *text, struct ds_why *why)
{
    ds_rc rc = text->broken ? ds_fail_memory(why) : append(path, ds_buf_slice(text), why);
    ds_buf_clean_up(text);
    return rc;
}

static ds_rc
read_stream(FILE *file, const char *path, size_t most, struct ds_buf *out, struct ds_why *why)
{
    char chunk[4096];
    size_t before = out->len;
    for (size_t got = 1; got > 0 && out->len - before <= most && !out->broken;) {
        got = fread(chunk, 1, sizeof chunk, file);
        ds_buf_add(out, (struct ds_slice){chunk, got});
    }
    if (ferror(file))
        return ds_fail(why, DS_BAD, "cannot read %s: %s", path, strerror(errno));
    return out->broken ? ds_fail_memory(why) : DS_OK;
}

ds_rc ds_read_file(const char *path,
                   const char *what,
                   size_t most,
                   struct ds_buf *out,
                   struct ds_why *why)
{
    size_t before = out->len;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return ds_fail(why, DS_BAD, "cannot read %s: %s", path, strerror(errno));
    ds_rc rc = read_stream(file, path, most, out, why);
    fclose(file);
    if (rc == DS_OK && out->len - before > most)
        rc = ds_fail(why, DS_BAD, "%s is no %s: it is larger than %zu %s", path, what,
                     most >> 20 > 0 ? most >> 20 : most >> 10, most >> 20 > 0 ? "MiB" : "KiB");
    if (rc != DS_OK)
        ds_buf_clean_up(out);
    return rc;
}
