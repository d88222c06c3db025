#include "report_internal.h"

#include <stdlib.h>
#include <string.h>

/* A result on its way from the process that ran to the one that reports: lengths and bytes, in the
 * order of this machine. */

static void put(struct ds_buf *out, const void *bytes, size_t len)
{
    ds_buf_add(out, (struct ds_slice){bytes, len});
}

static void put_text(struct ds_buf *out, const char *text)
{
    size_t len = strlen(ds_text(text));
    put(out, &len, sizeof len);
    put(out, ds_text(text), len);
}

/* Both processes are of one program: a requirement is its row, and one beyond the last is none. */
static void put_finding(struct ds_buf *out, const struct ds_result_finding *finding)
{
    size_t count, row;
    const struct ds_requirement *list = ds_requirements(&count);
    row = finding->known == NULL ? count : (size_t)(finding->known - list);
    put(out, &row, sizeof row);
    if (row == count) {
        put_text(out, finding->id);
        put_text(out, finding->requirement);
    }
    put_text(out, finding->verdict);
    put_text(out, finding->sentence);
    put_text(out, finding->where);
    put(out, &finding->counted, sizeof finding->counted);
    put(out, &finding->frame_count, sizeof finding->frame_count);
    put(out, finding->frames, finding->frame_count * sizeof finding->frames[0]);
}

void ds_run_result_pack(const struct ds_run_result *result, struct ds_buf *out)
{
    for (size_t i = 0; i < DS_RESULT_TEXTS; i++)
        put_text(out, ds_result_text_of(result, i));
    put_text(out, result->outline);
    put_text(out, result->deployment);
    put_text(out, result->seen);
    put_text(out, result->sound);
    put(out, &result->bypass, sizeof result->bypass);
    put(out, &result->result, sizeof result->result);
    put(out, &result->seed, sizeof result->seed);
    put(out, &result->seconds, sizeof result->seconds);
    /* Beyond so many nobody reads on; the run's own sentence is of the worst. */
    size_t count =
        result->finding_count < DS_MOST_FINDINGS ? result->finding_count : DS_MOST_FINDINGS;
    put(out, &count, sizeof count);
    for (size_t i = 0; i < count; i++)
        put_finding(out, &result->findings[i]);
}

/* ---- back ---- */

static bool take(struct ds_slice *rest, void *out, size_t len)
{
    if (rest->len < len)
        return false;
    if (len > 0)
        memcpy(out, rest->at, len);
    *rest = ds_slice_from(*rest, len);
    return true;
}

static bool take_slice(struct ds_slice *rest, struct ds_slice *out)
{
    size_t len = 0;
    if (!take(rest, &len, sizeof len) || len > rest->len)
        return false;
    *out = (struct ds_slice){rest->at, len};
    *rest = ds_slice_from(*rest, len);
    return true;
}

static bool take_text(struct ds_slice *rest, char **out)
{
    struct ds_slice text;
    if (!take_slice(rest, &text))
        return false;
    *out = strndup(text.at, text.len);
    return *out != NULL;
}

static bool keep_text(struct ds_slice *rest, struct ds_arena *arena, const char **out)
{
    struct ds_slice text;
    if (!take_slice(rest, &text))
        return false;
    *out = ds_arena_copy(arena, text);
    return *out != NULL;
}

static bool
take_requirement(struct ds_slice *rest, struct ds_arena *arena, struct ds_result_finding *out)
{
    size_t count, row = 0;
    const struct ds_requirement *list = ds_requirements(&count);
    if (!take(rest, &row, sizeof row) || row > count)
        return false;
    if (row == count)
        return keep_text(rest, arena, &out->id) && keep_text(rest, arena, &out->requirement);
    out->known = &list[row];
    out->id = list[row].id;
    out->requirement = list[row].sentence;
    return true;
}

static bool
take_finding(struct ds_slice *rest, struct ds_arena *arena, struct ds_result_finding *out)
{
    return take_requirement(rest, arena, out) && keep_text(rest, arena, &out->verdict) &&
           keep_text(rest, arena, &out->sentence) && keep_text(rest, arena, &out->where) &&
           take(rest, &out->counted, sizeof out->counted) &&
           take(rest, &out->frame_count, sizeof out->frame_count) &&
           out->frame_count <= DS_FINDING_MAX_FRAMES &&
           take(rest, out->frames, out->frame_count * sizeof out->frames[0]);
}

static bool take_findings(struct ds_slice *rest, struct ds_run_result *out)
{
    size_t count = 0;
    if (!take(rest, &count, sizeof count) || count > DS_MOST_FINDINGS)
        return false;
    if (ds_run_result_add_findings(out, count) != DS_OK)
        return false;
    for (; out->finding_count < count; out->finding_count++)
        if (!take_finding(rest, out->arena, &out->findings[out->finding_count]))
            return false;
    return true;
}

ds_rc ds_run_result_unpack(struct ds_slice packed, struct ds_run_result *out)
{
    bool fine = true;
    *out = (struct ds_run_result){0};
    for (size_t i = 0; fine && i < DS_RESULT_TEXTS; i++)
        fine = take_text(&packed, ds_result_text(out, i));
    fine = fine && take_text(&packed, &out->outline) && take_text(&packed, &out->deployment) &&
           take_text(&packed, &out->seen) && take_text(&packed, &out->sound) &&
           take(&packed, &out->bypass, sizeof out->bypass) &&
           take(&packed, &out->result, sizeof out->result) &&
           take(&packed, &out->seed, sizeof out->seed) &&
           take(&packed, &out->seconds, sizeof out->seconds) && take_findings(&packed, out) &&
           packed.len == 0;
    if (!fine)
        ds_run_result_clean_up(out);
    return fine ? DS_OK : DS_BAD;
}
