#include "report_internal.h"

#include <string.h>

/* What did not pass, as places in scenario files: runs that stumbled over the same thing at the
 * same line are one notice, as a reader mends them in one go. */

bool ds_is_bad(const struct ds_run_result *run)
{
    return run->result != DS_RESULT_PASS && run->result != DS_RESULT_SKIP;
}

bool ds_split_where(const char *where, struct ds_slice *file, uint64_t *line)
{
    const char *colon = strrchr(ds_text(where), ':');
    if (colon == NULL || ds_slice_number(ds_slice_of(colon + 1), UINT32_MAX, line) != DS_OK)
        return false;
    *file = (struct ds_slice){where, (size_t)(colon - where)};
    return true;
}

/* Of the findings of one verdict that decided the run the first that is a requirement's. */
static const char *first_id(const struct ds_run_result *run, const char *verdict)
{
    const char *own = NULL;
    for (size_t i = 0; i < run->finding_count; i++) {
        const struct ds_result_finding *finding = &run->findings[i];
        if (!finding->counted || strcmp(ds_text(finding->verdict), verdict) != 0)
            continue;
        if (ds_text(finding->id)[0] != '\0')
            return finding->id;
        own = "expectation";
    }
    return own;
}

const char *ds_deciding_id(const struct ds_run_result *run)
{
    static const char *const order[] = {"fail", "unclear", "not-seen"};
    for (size_t i = 0; i < DS_COUNT(order); i++) {
        const char *id = first_id(run, order[i]);
        if (id != NULL)
            return id;
    }
    return run->result == DS_RESULT_FAIL ? "expectation" : ds_result_name(run->result);
}

static struct ds_notice notice_of(const struct ds_run_result *run)
{
    struct ds_notice notice = {.run = run, .runs = 1, .rule = ds_deciding_id(run)};
    if (!ds_split_where(run->where, &notice.file, &notice.line)) {
        notice.file = ds_slice_of(ds_text(run->scenario_path));
        notice.line = 1;
    }
    return notice;
}

static bool is_same(const struct ds_notice *a, const struct ds_notice *b)
{
    return a->line == b->line && ds_slice_equal(a->file, b->file) &&
           strcmp(a->rule, b->rule) == 0 && a->run->result == b->run->result;
}

size_t
ds_notices_find(const struct ds_suite_result *suite, struct ds_notice *out, size_t most, bool *more)
{
    size_t count = 0;
    *more = false;
    for (size_t i = 0; i < suite->run_count; i++) {
        if (!ds_is_bad(&suite->runs[i]))
            continue;
        struct ds_notice notice = notice_of(&suite->runs[i]);
        size_t at = 0;
        while (at < count && !is_same(&out[at], &notice))
            at++;
        if (at < count)
            out[at].runs++;
        else if (count < most)
            out[count++] = notice;
        else
            *more = true;
    }
    return count;
}

void ds_notice_print(const struct ds_notice *notice, struct ds_buf *out)
{
    const struct ds_run_result *run = notice->run;
    ds_buf_print(out, "%s: %s", ds_text(run->id), ds_text(run->sentence));
    if (notice->runs > 1)
        ds_buf_print(out, " (and %zu other run%s)", notice->runs - 1, notice->runs == 2 ? "" : "s");
}
