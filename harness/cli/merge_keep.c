#include "merge_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- each run once ---- */

/* How much a result asks for a person: 0 the most. A run that was skipped elsewhere was run here.
 */
static int rank(enum ds_result result)
{
    static const int ranks[] = {
        [DS_RESULT_ERROR] = 0,    [DS_RESULT_FAIL] = 1, [DS_RESULT_UNCLEAR] = 2,
        [DS_RESULT_NOT_SEEN] = 3, [DS_RESULT_PASS] = 4, [DS_RESULT_SKIP] = 5,
    };
    return ranks[result];
}

static int compare_runs(const struct ds_run_result *a, const struct ds_run_result *b)
{
    int by_id = strcmp(a->id, b->id), by_world = strcmp(a->world, b->world);
    if (by_id != 0)
        return by_id;
    if (by_world != 0)
        return by_world;
    return a->seed < b->seed ? -1 : a->seed > b->seed;
}

static int compare(const void *one, const void *other)
{
    const struct ds_merged *a = one, *b = other;
    int by_run = compare_runs(&a->result, &b->result);
    int by_rank = rank(a->result.result) - rank(b->result.result);
    if (by_run != 0)
        return by_run;
    if (by_rank != 0)
        return by_rank;
    if (a->part != b->part)
        return a->part < b->part ? -1 : 1;
    return strcmp(a->name, b->name);
}

static void say_twice(const struct ds_merged *kept, const struct ds_merged *other)
{
    const char *one = ds_result_name(kept->result.result);
    const char *two = ds_result_name(other->result.result);
    if (kept->result.result == other->result.result)
        ds_say(0,
               "%s (%s, seed %llu) was run twice, in %s and in %s: both say %s, and the first is "
               "kept",
               kept->result.id, kept->result.world, (unsigned long long)kept->result.seed,
               kept->folder, other->folder, one);
    else
        ds_say(0, "%s (%s, seed %llu) was run twice: %s says %s, and %s says %s, which is not kept",
               kept->result.id, kept->result.world, (unsigned long long)kept->result.seed,
               kept->folder, one, other->folder, two);
}

void ds_merge_settle(struct ds_merge *merge)
{
    size_t kept = 0;
    qsort(merge->runs, merge->count, sizeof *merge->runs, compare);
    for (size_t i = 0; i < merge->count; i++) {
        struct ds_merged *run = &merge->runs[i];
        if (kept > 0 && compare_runs(&merge->runs[kept - 1].result, &run->result) == 0) {
            say_twice(&merge->runs[kept - 1], run);
            ds_run_result_clean_up(&run->result);
        } else {
            merge->runs[kept++] = *run;
        }
    }
    merge->count = kept;
}

/* ---- its files ---- */

static ds_rc copy_stream(FILE *from, FILE *to, const char *path, struct ds_why *why)
{
    char chunk[65536];
    for (size_t got = sizeof chunk; got == sizeof chunk;) {
        got = fread(chunk, 1, sizeof chunk, from);
        if (fwrite(chunk, 1, got, to) != got)
            return ds_fail(why, DS_IO, "cannot write %s: %s", path, strerror(errno));
    }
    return ferror(from) ? ds_fail(why, DS_IO, "cannot read what is to be %s", path) : DS_OK;
}

static ds_rc copy_file(const char *from, const char *to, struct ds_why *why)
{
    FILE *source = fopen(from, "rb");
    if (source == NULL)
        return ds_fail(why, DS_IO, "cannot read %s: %s", from, strerror(errno));
    FILE *copy = fopen(to, "wb");
    ds_rc rc = copy == NULL ? ds_fail(why, DS_IO, "cannot write %s: %s", to, strerror(errno))
                            : copy_stream(source, copy, to, why);
    fclose(source);
    if (copy != NULL && fclose(copy) != 0 && rc == DS_OK)
        rc = ds_fail(why, DS_IO, "cannot write %s: %s", to, strerror(errno));
    return rc;
}

/* Plain files only: a run leaves no others. */
static ds_rc copy_entry(struct ds_arena *arena,
                        const char *from,
                        const char *to,
                        const char *name,
                        struct ds_why *why)
{
    struct stat there;
    const char *source = ds_arena_print(arena, "%s/%s", from, name);
    const char *copy = ds_arena_print(arena, "%s/%s", to, name);
    if (source == NULL || copy == NULL)
        return ds_fail_memory(why);
    if (lstat(source, &there) != 0 || !S_ISREG(there.st_mode))
        return DS_OK;
    return copy_file(source, copy, why);
}

static ds_rc
copy_files(struct ds_arena *arena, const char *from, const char *to, struct ds_why *why)
{
    ds_rc rc = ds_make_folders(to, why);
    if (rc != DS_OK)
        return rc;
    DIR *directory = opendir(from);
    if (directory == NULL)
        return ds_fail(why, DS_IO, "cannot read %s: %s", from, strerror(errno));
    for (struct dirent *entry = readdir(directory); entry != NULL && rc == DS_OK;
         entry = readdir(directory))
        rc = copy_entry(arena, from, to, entry->d_name, why);
    closedir(directory);
    return rc;
}

static bool is_taken(const struct ds_merge *merge, size_t before, const char *name)
{
    for (size_t i = 0; i < before; i++)
        if (strcmp(merge->runs[i].name, name) == 0)
            return true;
    return false;
}

/* Runs with other seeds may have folders of the same name. */
static ds_rc name_apart(struct ds_merge *merge, size_t index, struct ds_why *why)
{
    struct ds_merged *run = &merge->runs[index];
    const char *name = run->name;
    for (size_t number = 2; is_taken(merge, index, name); number++) {
        name = ds_arena_print(merge->context->arena, "%s-again-%zu", run->name, number);
        if (name == NULL)
            return ds_fail_memory(why);
    }
    run->name = name;
    return DS_OK;
}

static ds_rc place_capture(struct ds_run_result *result, const char *folder, struct ds_why *why)
{
    struct ds_buf path = {0};
    ds_buf_print(&path, "%s/run.pcapng", folder);
    if (path.broken)
        return ds_fail_memory(why);
    free(result->capture);
    result->capture = path.at;
    return DS_OK;
}

ds_rc ds_merge_keep(struct ds_merge *merge, const char *into, struct ds_why *why)
{
    struct ds_arena *arena = merge->context->arena;
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < merge->count && rc == DS_OK; i++) {
        struct ds_merged *run = &merge->runs[i];
        rc = name_apart(merge, i, why);
        const char *folder = ds_arena_print(arena, "%s/%s", into, run->name);
        if (rc == DS_OK && folder == NULL)
            rc = ds_fail_memory(why);
        if (rc == DS_OK)
            rc = copy_files(arena, run->folder, folder, why);
        if (rc == DS_OK && run->result.capture[0] != '\0')
            rc = place_capture(&run->result, folder, why);
    }
    return rc;
}
