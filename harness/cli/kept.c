#include "cli_internal.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A topology is immutable and says the same each time it is read: a worker reads each choice of
 * each file once. */

struct ds_kept_topology {
    const char *path;
    struct ds_topo_choice choice;
    const struct ds_topo *topo;
    struct ds_kept_topology *next;
};

/* Most of the cost of a file is its making; only the annotated capture needs to be one. The
 * descriptor stays open for the worker's life. */
static void make_capture(struct ds_kept *kept)
{
    int fd = memfd_create("capture", MFD_CLOEXEC);
    if (fd < 0)
        return;
    snprintf(kept->capture, sizeof kept->capture, "/proc/self/fd/%d", fd);
    if (access(kept->capture, R_OK | W_OK) == 0)
        return;
    kept->capture[0] = '\0';
    close(fd);
}

ds_rc ds_kept_start(struct ds_kept *kept, struct ds_why *why)
{
    if (kept->arena == NULL) {
        if (ds_arena_new(&kept->arena) != DS_OK)
            return ds_fail_memory(why);
        make_capture(kept);
    }
    if (kept->code == NULL && ds_code_new(&kept->code) != DS_OK)
        return ds_fail_memory(why);
    return kept->world != NULL ? DS_OK : ds_world_kept_new(&kept->world, why);
}

const char *ds_kept_capture(const struct ds_kept *kept, const char *path)
{
    return kept->capture[0] != '\0' && truncate(kept->capture, 0) == 0 ? kept->capture : path;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_choice(const struct ds_topo_choice *a, const struct ds_topo_choice *b)
{
    if (!same_text(a->variant, b->variant) || a->bypass != b->bypass ||
        a->net_shift != b->net_shift || a->defect_count != b->defect_count)
        return false;
    for (size_t i = 0; i < a->defect_count; i++)
        if (!same_text(a->defects[i], b->defects[i]))
            return false;
    return true;
}

/* The caller's choice may stand on its stack. */
static bool copy_choice(struct ds_arena *arena, struct ds_topo_choice *choice)
{
    const char **defects = ds_arena_alloc(arena, (choice->defect_count + 1) * sizeof *defects);
    bool fine = defects != NULL;
    for (size_t i = 0; fine && i < choice->defect_count; i++) {
        defects[i] = ds_arena_copy(arena, ds_slice_of(choice->defects[i]));
        fine = defects[i] != NULL;
    }
    choice->defects = defects;
    if (fine && choice->variant != NULL)
        choice->variant = ds_arena_copy(arena, ds_slice_of(choice->variant));
    return fine;
}

ds_rc ds_kept_topology(struct ds_kept *kept,
                       const char *path,
                       const struct ds_topo_choice *choice,
                       const struct ds_topo **out,
                       struct ds_why *why)
{
    for (struct ds_kept_topology *at = kept->topologies; at != NULL; at = at->next) {
        *out = at->topo;
        if (same_text(at->path, path) && same_choice(&at->choice, choice))
            return DS_OK;
    }
    struct ds_kept_topology *added = ds_arena_alloc(kept->arena, sizeof *added);
    if (added == NULL)
        return ds_fail_memory(why);
    *added = (struct ds_kept_topology){.choice = *choice, .next = kept->topologies};
    added->path = ds_arena_copy(kept->arena, ds_slice_of(path));
    if (added->path == NULL || !copy_choice(kept->arena, &added->choice))
        return ds_fail_memory(why);
    ds_rc rc = ds_topo_load(path, choice, kept->arena, &added->topo, why);
    if (rc == DS_OK) {
        kept->topologies = added;
        *out = added->topo;
    }
    return rc;
}
