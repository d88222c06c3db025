#include "report_internal.h"

#include <string.h>

/* The first thing that tells apart what two worlds made of one run. */

/* ---- verdicts ---- */

/* Of all that was found on one requirement; NULL: it was not judged. */
static const char *verdict_on(const struct ds_run_result *run, const char *id)
{
    static const enum ds_verdict worst_first[] = {DS_FAIL, DS_UNCLEAR, DS_PASS, DS_NOT_SEEN};

    for (size_t rank = 0; rank < DS_COUNT(worst_first); rank++)
        for (size_t i = 0; i < run->finding_count; i++)
            if (strcmp(ds_text(run->findings[i].id), id) == 0 &&
                strcmp(ds_text(run->findings[i].verdict), ds_verdict_name(worst_first[rank])) == 0)
                return ds_verdict_name(worst_first[rank]);
    return NULL;
}

static void print_verdicts(struct ds_buf *out,
                           const struct ds_run_result *one,
                           const char *verdict,
                           const struct ds_run_result *other,
                           const char *other_verdict)
{
    ds_buf_print(out, " is %s in %s and %s in %s", verdict == NULL ? "not judged" : verdict,
                 ds_text(one->world), other_verdict == NULL ? "not judged" : other_verdict,
                 ds_text(other->world));
}

static bool compare_requirements(const struct ds_run_result *one,
                                 const struct ds_run_result *other,
                                 struct ds_buf *out)
{
    size_t count;
    const struct ds_requirement *list = ds_requirements(&count);
    for (size_t i = 0; i < count; i++) {
        const char *verdict = verdict_on(one, list[i].id);
        const char *other_verdict = verdict_on(other, list[i].id);
        if (strcmp(ds_text(verdict), ds_text(other_verdict)) == 0)
            continue;
        ds_buf_text(out, list[i].id);
        print_verdicts(out, one, verdict, other, other_verdict);
        return true;
    }
    return false;
}

/* The scenario's own, from `*at` on. */
static const struct ds_result_finding *next_expectation(const struct ds_run_result *run, size_t *at)
{
    while (*at < run->finding_count) {
        const struct ds_result_finding *finding = &run->findings[(*at)++];
        if (ds_text(finding->id)[0] == '\0')
            return finding;
    }
    return NULL;
}

static bool is_same(const struct ds_result_finding *mine, const struct ds_result_finding *theirs)
{
    return strcmp(ds_text(mine->where), ds_text(theirs->where)) == 0 &&
           strcmp(ds_text(mine->verdict), ds_text(theirs->verdict)) == 0;
}

static bool compare_expectations(const struct ds_run_result *one,
                                 const struct ds_run_result *other,
                                 struct ds_buf *out)
{
    const struct ds_result_finding *mine, *theirs;
    size_t at = 0, other_at = 0;
    do {
        mine = next_expectation(one, &at);
        theirs = next_expectation(other, &other_at);
    } while (mine != NULL && theirs != NULL && is_same(mine, theirs));
    if (mine == NULL && theirs == NULL)
        return false;
    const char *where = ds_text(mine != NULL ? mine->where : theirs->where);
    /* Another line judges another thing. */
    bool is_judged = theirs != NULL && strcmp(ds_text(theirs->where), where) == 0;
    ds_buf_print(out, "what %s expects", where);
    print_verdicts(out, one, mine == NULL ? NULL : mine->verdict, other,
                   is_judged ? theirs->verdict : NULL);
    return true;
}

static bool
compare_ends(const struct ds_run_result *one, const struct ds_run_result *other, struct ds_buf *out)
{
    if (one->result == other->result)
        return false;
    ds_buf_text(out, "the run");
    print_verdicts(out, one, ds_result_name(one->result), other, ds_result_name(other->result));
    return true;
}

/* ---- what was to be seen ---- */

static bool is_arrow(struct ds_slice line)
{
    return line.len > 0 && line.at[0] == ' ';
}

/* Against an arrow, the next heading says only that there are no more under this one. */
static void
print_line(struct ds_buf *out, const char *world, struct ds_slice line, struct ds_slice other_line)
{
    if (line.len == 0 || (is_arrow(other_line) && !is_arrow(line)))
        ds_buf_print(out, "%s shows nothing more", ds_text(world));
    else
        ds_buf_print(out, "%s shows '%.*s'", ds_text(world), DS_FMT(ds_slice_trim(line)));
}

static bool compare_outlines(const struct ds_run_result *one,
                             const struct ds_run_result *other,
                             struct ds_buf *out)
{
    struct ds_slice rest = ds_slice_of(ds_text(one->outline));
    struct ds_slice other_rest = ds_slice_of(ds_text(other->outline));
    struct ds_slice heading = {NULL, 0}, line, other_line;
    do {
        line = other_line = (struct ds_slice){NULL, 0};
        bool more = ds_slice_cut(&rest, '\n', &line);
        if (!ds_slice_cut(&other_rest, '\n', &other_line) && !more)
            return false;
        if (!is_arrow(line) && ds_slice_equal(line, other_line))
            heading = line;
    } while (ds_slice_equal(line, other_line));
    if (is_arrow(line) || is_arrow(other_line))
        ds_buf_print(out, "%.*s: ", DS_FMT(heading));
    print_line(out, one->world, line, other_line);
    ds_buf_text(out, " where ");
    print_line(out, other->world, other_line, line);
    return true;
}

bool ds_compare_runs(const struct ds_run_result *one,
                     const struct ds_run_result *other,
                     bool race,
                     struct ds_buf *out)
{
    if (race)
        return compare_ends(one, other, out);
    return compare_requirements(one, other, out) || compare_expectations(one, other, out) ||
           compare_ends(one, other, out) || compare_outlines(one, other, out);
}
