#include "cli_internal.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file says the same each time it is read, and a topology is immutable: a process reads each file
 * and makes each choice once, and a worker has those of its parent. */

struct ds_kept_file {
    const char *path;
    const struct ds_topo_file *file;
    struct ds_kept_file *next;
};

struct ds_kept_choice {
    const char *path;
    struct ds_topo_choice choice;
    const struct ds_topo *topo;
    struct ds_kept_choice *next;
};

static void free_code(void *owner)
{
    struct ds_code *code = owner;
    ds_code_free(&code);
}

ds_rc ds_kept_code(struct ds_context *context, struct ds_code **out, struct ds_why *why)
{
    struct ds_code **code = &context->kept.code;
    if (*code == NULL) {
        if (ds_code_new(code) != DS_OK)
            return ds_fail_memory(why);
        if (!ds_arena_at_end(context->arena, free_code, *code)) {
            ds_code_free(code);
            return ds_fail_memory(why);
        }
    }
    *out = *code;
    return DS_OK;
}

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
    if (kept->world != NULL)
        return DS_OK;
    if (kept->capture[0] == '\0')
        make_capture(kept);
    return ds_world_kept_new(&kept->world, why);
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

ds_rc ds_kept_file(struct ds_context *context,
                   const char *path,
                   const struct ds_topo_file **out,
                   struct ds_why *why)
{
    for (struct ds_kept_file *at = context->kept.topologies; at != NULL; at = at->next) {
        *out = at->file;
        if (same_text(at->path, path))
            return DS_OK;
    }
    struct ds_kept_file *added = ds_arena_alloc(context->arena, sizeof *added);
    if (added == NULL)
        return ds_fail_memory(why);
    *added = (struct ds_kept_file){.next = context->kept.topologies};
    added->path = ds_arena_copy(context->arena, ds_slice_of(path));
    if (added->path == NULL)
        return ds_fail_memory(why);
    ds_rc rc = ds_topo_read(path, context->arena, &added->file, why);
    if (rc == DS_OK) {
        context->kept.topologies = added;
        *out = added->file;
    }
    return rc;
}

static ds_rc
add_choice(struct ds_context *context, struct ds_kept_choice *added, struct ds_why *why)
{
    const struct ds_topo_file *file = NULL;
    if (!copy_choice(context->arena, &added->choice))
        return ds_fail_memory(why);
    ds_rc rc = ds_kept_file(context, added->path, &file, why);
    if (rc == DS_OK)
        rc = ds_topo_choose(file, &added->choice, context->arena, &added->topo, why);
    if (rc == DS_OK) {
        added->next = context->kept.choices;
        context->kept.choices = added;
    }
    return rc;
}

ds_rc ds_kept_topology(struct ds_context *context,
                       const char *path,
                       const struct ds_topo_choice *choice,
                       const struct ds_topo **out,
                       struct ds_why *why)
{
    for (struct ds_kept_choice **at = &context->kept.choices; *at != NULL; at = &(*at)->next) {
        struct ds_kept_choice *kept = *at;
        if (!same_choice(&kept->choice, choice) || !same_text(kept->path, path))
            continue;
        *at = kept->next; /* to the front: the next run is often of the same */
        kept->next = context->kept.choices;
        context->kept.choices = kept;
        *out = kept->topo;
        return DS_OK;
    }
    struct ds_kept_choice *added = ds_arena_alloc(context->arena, sizeof *added);
    if (added == NULL)
        return ds_fail_memory(why);
    *added = (struct ds_kept_choice){.choice = *choice};
    added->path = ds_arena_copy(context->arena, ds_slice_of(path));
    if (added->path == NULL)
        return ds_fail_memory(why);
    ds_rc rc = add_choice(context, added, why);
    *out = added->topo;
    return rc;
}
