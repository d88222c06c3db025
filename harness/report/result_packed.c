#include "report_internal.h"

#include <stdlib.h>
#include <string.h>

/* A result on its way from the process that ran to the one that reports: texts with their final
 * zero and numbers, in the order of this machine. Who unpacks it keeps the bytes, of which the
 * large texts and the many small ones of its findings are a part. */

/* What stands before a finding's texts, and its frames behind them. Both processes are of one
 * program: a requirement is its row, and one beyond the last is none. */
struct finding_head {
    uint16_t row;
    uint8_t counted, frame_count;
};

_Static_assert(DS_FINDING_MAX_FRAMES <= UINT8_MAX, "a finding's frames are counted in a byte");

static void put(struct ds_buf *out, const void *bytes, size_t len)
{
    ds_buf_add(out, (struct ds_slice){bytes, len});
}

static void put_text(struct ds_buf *out, const char *text)
{
    put(out, ds_text(text), strlen(ds_text(text)) + 1);
}

static void put_finding(struct ds_buf *out, const struct ds_result_finding *finding)
{
    size_t count;
    const struct ds_requirement *list = ds_requirements(&count);
    size_t row = finding->known == NULL ? count : (size_t)(finding->known - list);
    ds_assert(row <= UINT16_MAX && finding->frame_count <= DS_FINDING_MAX_FRAMES);
    const struct finding_head head = {.row = (uint16_t)row,
                                      .counted = finding->counted,
                                      .frame_count = (uint8_t)finding->frame_count};
    put(out, &head, sizeof head);
    if (row == count) {
        put_text(out, finding->id);
        put_text(out, finding->requirement);
    }
    put_text(out, finding->verdict);
    put_text(out, finding->sentence);
    put_text(out, finding->where);
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

static bool take_text(struct ds_slice *rest, const char **out)
{
    const char *end = rest->len == 0 ? NULL : memchr(rest->at, '\0', rest->len);
    if (end == NULL)
        return false;
    *out = rest->at;
    *rest = ds_slice_from(*rest, (size_t)(end - rest->at) + 1);
    return true;
}

/* One that others may put another in the place of. */
static bool take_own_text(struct ds_slice *rest, char **out)
{
    const char *text;
    if (!take_text(rest, &text))
        return false;
    *out = strdup(text);
    return *out != NULL;
}

/* One that stays among the bytes. */
static bool take_large_text(struct ds_slice *rest, char *packed, char **out)
{
    const char *text;
    if (!take_text(rest, &text))
        return false;
    *out = packed + (text - packed);
    return true;
}

static bool take_requirement(struct ds_slice *rest, size_t row, struct ds_result_finding *out)
{
    size_t count;
    const struct ds_requirement *list = ds_requirements(&count);
    if (row > count)
        return false;
    if (row == count)
        return take_text(rest, &out->id) && take_text(rest, &out->requirement);
    out->known = &list[row];
    out->id = list[row].id;
    out->requirement = list[row].sentence;
    return true;
}

static bool take_finding(struct ds_slice *rest, struct ds_result_finding *out)
{
    struct finding_head head;
    if (!take(rest, &head, sizeof head) || head.frame_count > DS_FINDING_MAX_FRAMES)
        return false;
    out->counted = head.counted != 0;
    out->frame_count = head.frame_count;
    return take_requirement(rest, head.row, out) && take_text(rest, &out->verdict) &&
           take_text(rest, &out->sentence) && take_text(rest, &out->where) &&
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
        if (!take_finding(rest, &out->findings[out->finding_count]))
            return false;
    return true;
}

static bool take_all(struct ds_slice rest, struct ds_run_result *out)
{
    bool fine = true;
    for (size_t i = 0; fine && i < DS_RESULT_TEXTS; i++)
        fine = take_own_text(&rest, ds_result_text(out, i));
    return fine && take_large_text(&rest, out->packed, &out->outline) &&
           take_large_text(&rest, out->packed, &out->deployment) &&
           take_large_text(&rest, out->packed, &out->seen) &&
           take_large_text(&rest, out->packed, &out->sound) &&
           take(&rest, &out->bypass, sizeof out->bypass) &&
           take(&rest, &out->result, sizeof out->result) &&
           take(&rest, &out->seed, sizeof out->seed) &&
           take(&rest, &out->seconds, sizeof out->seconds) && take_findings(&rest, out) &&
           rest.len == 0;
}

ds_rc ds_run_result_unpack(struct ds_slice packed, struct ds_run_result *out)
{
    *out = (struct ds_run_result){.packed = malloc(packed.len + 1)};
    if (out->packed != NULL && packed.len > 0)
        memcpy(out->packed, packed.at, packed.len);
    if (out->packed != NULL && take_all((struct ds_slice){out->packed, packed.len}, out))
        return DS_OK;
    ds_run_result_clean_up(out);
    return DS_BAD;
}
