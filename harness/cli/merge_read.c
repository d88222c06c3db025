#include "merge_internal.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

static ds_rc make_room(struct ds_merge *merge, struct ds_why *why)
{
    if (merge->count < merge->cap)
        return DS_OK;
    if (merge->count >= MOST_MERGED)
        return ds_fail(why, DS_BAD, "more than %d runs are too many for one report", MOST_MERGED);
    size_t cap = merge->cap == 0 ? 512 : merge->cap * 2;
    struct ds_merged *runs = ds_arena_alloc(merge->context->arena, cap * sizeof *runs);
    if (runs == NULL)
        return ds_fail_memory(why);
    if (merge->count > 0)
        memcpy(runs, merge->runs, merge->count * sizeof *runs);
    merge->runs = runs;
    merge->cap = cap;
    return DS_OK;
}

/* A folder that holds neither verdict nor capture is nobody's run. */
static ds_rc read_run(struct ds_merge *merge, size_t number, const char *name, struct ds_why *why)
{
    const char *part = merge->context->options.words[number];
    struct ds_arena *arena = merge->context->arena;
    struct ds_merged run = {.folder = ds_arena_print(arena, "%s/%s", part, name),
                            .name = ds_arena_copy(arena, ds_slice_of(name)),
                            .part = number};
    const char *verdict = ds_arena_print(arena, "%s/%s/verdict.json", part, name);
    const char *capture = ds_arena_print(arena, "%s/%s/run.pcapng", part, name);
    if (run.folder == NULL || run.name == NULL || verdict == NULL || capture == NULL)
        return ds_fail_memory(why);
    if (access(verdict, F_OK) != 0) {
        if (access(capture, F_OK) == 0) {
            merge->unfinished++;
            ds_say(0, "%s holds a capture and no verdict: that run was never finished", run.folder);
        }
        return DS_OK;
    }
    ds_rc rc = make_room(merge, why);
    if (rc == DS_OK)
        rc = ds_run_result_read(verdict, &run.result, why);
    if (rc == DS_OK)
        merge->runs[merge->count++] = run;
    return rc;
}

ds_rc ds_merge_read(struct ds_merge *merge, size_t number, struct ds_why *why)
{
    const char *part = merge->context->options.words[number];
    size_t before = merge->count + merge->unfinished;
    ds_rc rc = DS_OK;
    DIR *directory = opendir(part);
    if (directory == NULL)
        return ds_fail(why, DS_BAD, "cannot read %s: %s", part, strerror(errno));
    for (struct dirent *entry = readdir(directory); entry != NULL && rc == DS_OK;
         entry = readdir(directory))
        if (entry->d_name[0] != '.')
            rc = read_run(merge, number, entry->d_name, why);
    closedir(directory);
    if (rc == DS_OK && merge->count + merge->unfinished == before)
        return ds_fail(why, DS_BAD,
                       "%s holds no run: name the folder that -o named when its part was run",
                       part);
    return rc;
}
