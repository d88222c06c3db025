#include "cli_internal.h"

/* What is asked of the elements themselves once a run in bad weather is over. No capture can tell
 * it, so these two are no requirements of the observer's. */

/* Longer than Timer C, which is the longest to run out. */
#define CALM_WITHIN (400 * DS_S)

static const struct ds_requirement left_nothing = {
    "REST-01", "When all is calm, no element keeps a call, a transaction or a media port",
    "RFC 3261 15, 17", DS_DOCUMENTED};
static const struct ds_requirement agreed = {
    "REST-02", "When all is calm, no two elements believe differently of a call", "RFC 3261 12, 15",
    DS_DOCUMENTED};

bool ds_is_calm_requirement(const struct ds_requirement *requirement)
{
    return requirement == &left_nothing || requirement == &agreed;
}

static void say(struct ds_findings *findings,
                const struct ds_requirement *requirement,
                const struct ds_buf *lines,
                const char *good)
{
    struct ds_slice rest = ds_buf_slice(lines), line;
    if (rest.len == 0)
        ds_findings_add(findings, requirement, DS_PASS, NULL, "%s", good);
    while (ds_slice_cut(&rest, '\n', &line))
        if (line.len > 0)
            ds_findings_add(findings, requirement, DS_FAIL, NULL, "%.*s", DS_FMT(line));
}

ds_rc ds_calm_down(struct ds_world *world, struct ds_findings *findings, struct ds_why *why)
{
    struct ds_buf left = {0}, disputed = {0};
    ds_rc rc = ds_world_calm(world, CALM_WITHIN, &left, &disputed, why);
    if (rc == DS_OK) {
        say(findings, &left_nothing, &left, "nothing is left");
        say(findings, &agreed, &disputed, "all agree");
    }
    if (rc == DS_OK && (left.broken || disputed.broken))
        rc = ds_fail_memory(why);
    ds_buf_clean_up(&left);
    ds_buf_clean_up(&disputed);
    return rc;
}
