#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Allocations still allowed; below zero: no limit. One test program has one thread. */
static long allowance = -1;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);

static bool may_allocate(void)
{
    if (allowance < 0)
        return true;
    if (allowance == 0)
        return false;
    allowance--;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return may_allocate() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return may_allocate() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *at, size_t size)
{
    return may_allocate() ? __real_realloc(at, size) : NULL;
}

void ds_exhaust(ds_attempt_fn *attempt, void *owner)
{
    for (long allowed = 0; allowed < 10000; allowed++) {
        allowance = allowed;
        ds_rc rc = attempt(owner);
        allowance = -1;
        if (rc == DS_OK)
            return;
        assert_int_equal(rc, DS_NOMEM);
    }
    fail_msg("still out of memory after 10,000 allocations");
}

void ds_assert_failed(const char *expression, const char *file, int line)
{
    mock_assert(0, expression, file, line);
    abort();
}

const char *ds_corpus_path(const char *name, char *out, size_t size)
{
    const char *source = getenv("DIRECTSIP_SOURCE");
    snprintf(out, size, "%s/../shared/corpus/%s", source == NULL ? "." : source, name);
    if (access(out, R_OK) == 0)
        return out;
    print_message("skipped: shared/corpus/%s is not here\n", name);
    return NULL;
}

void ds_scratch_make(char *out, size_t size)
{
    const char *temporary = getenv("TMPDIR");
    snprintf(out, size, "%s/directsip-test-XXXXXX", temporary == NULL ? "/tmp" : temporary);
    assert_non_null(mkdtemp(out));
}

void ds_scratch_remove(const char *path)
{
    char file[4096];
    DIR *directory = opendir(path);
    assert_non_null(directory);
    for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            assert_int_equal(unlink(file), 0);
    }
    closedir(directory);
    assert_int_equal(rmdir(path), 0);
}
