#include "merge_internal.h"

#include <string.h>

/* A verdict holds no drawing; the capture beside it does. */

static ds_rc
draw_from(struct ds_run_result *result, const struct ds_topo *topo, const struct ds_trace *trace)
{
    struct ds_buf deployment = {0}, seen = {0}, sound = {0};
    ds_page_deployment(topo, &deployment);
    ds_page_seen(trace, &seen, &sound);
    result->deployment = deployment.at;
    result->seen = seen.at;
    result->sound = sound.at;
    return deployment.broken || seen.broken || sound.broken ? DS_NOMEM : DS_OK;
}

/* Those that were switched on in the run. */
static ds_rc choose_defects(const char *text, struct ds_arena *arena, struct ds_topo_choice *choice)
{
    struct ds_slice rest = ds_slice_of(text), each;
    const char **list = ds_arena_alloc(arena, (rest.len + 1) * sizeof *list);
    if (list == NULL)
        return DS_NOMEM;
    while (ds_slice_cut(&rest, ' ', &each)) {
        if (each.len == 0)
            continue;
        const char *copy = ds_arena_copy(arena, each);
        if (copy == NULL)
            return DS_NOMEM;
        list[choice->defect_count++] = copy;
    }
    choice->defects = list;
    return DS_OK;
}

static ds_rc draw(struct ds_context *context, struct ds_run_result *result, struct ds_arena *arena)
{
    struct ds_topo_choice choice = {.bypass = result->bypass};
    const struct ds_topo *topo = NULL;
    struct ds_trace *trace = NULL;
    const char *path, *variant;
    ds_rc rc = ds_find_topology(context, result->topology, &path, &variant, NULL);
    if (result->variant[0] != '\0')
        choice.variant = result->variant;
    if (rc == DS_OK)
        rc = choose_defects(result->defects, arena, &choice);
    if (rc == DS_OK)
        rc = ds_topo_load(path, &choice, arena, &topo, NULL);
    if (rc == DS_OK)
        rc = ds_trace_read(result->capture, topo, &trace, NULL);
    if (rc == DS_OK)
        rc = draw_from(result, topo, trace);
    ds_trace_free(&trace);
    return rc == DS_NOMEM ? rc : DS_OK;
}

/* Those that did not pass come first, and those that would find no room on the page stay away. */
static ds_rc draw_some(struct ds_merge *merge, bool passed, size_t *bytes, struct ds_why *why)
{
    for (size_t i = 0; i < merge->count && *bytes < DS_PAGE_BYTES; i++) {
        struct ds_run_result *result = &merge->runs[i].result;
        struct ds_arena *arena = NULL;
        if ((result->result == DS_RESULT_PASS) != passed)
            continue;
        ds_rc rc = ds_arena_new(&arena);
        if (rc == DS_OK)
            rc = draw(merge->context, result, arena);
        ds_arena_free(&arena);
        if (rc != DS_OK)
            return ds_fail_memory(why);
        *bytes += result->seen == NULL ? 0 : strlen(result->seen);
    }
    return DS_OK;
}

ds_rc ds_merge_draw(struct ds_merge *merge, struct ds_why *why)
{
    size_t bytes = 0;
    ds_rc rc = draw_some(merge, false, &bytes, why);
    return rc == DS_OK ? draw_some(merge, true, &bytes, why) : rc;
}
