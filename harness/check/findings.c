#include "check_internal.h"

#include <stdio.h>
#include <string.h>

#define FIRST_ROOM 64

const char *ds_verdict_name(enum ds_verdict verdict)
{
    static const char *const names[] = {"pass", "fail", "unclear", "not-seen"};
    ds_assert((size_t)verdict < DS_COUNT(names));
    return names[verdict];
}

/* The old list stays in the arena: all of them together are no longer than the last. */
static bool make_room(struct ds_findings *findings)
{
    if (findings->count < findings->cap)
        return true;
    size_t cap = findings->cap == 0 ? FIRST_ROOM : findings->cap * 2;
    struct ds_finding *list = ds_arena_alloc(findings->arena, cap * sizeof *list);
    if (list == NULL)
        return false;
    if (findings->count > 0)
        memcpy(list, findings->list, findings->count * sizeof *list);
    findings->list = list;
    findings->cap = cap;
    return true;
}

struct ds_finding *ds_findings_put(struct ds_findings *findings,
                                   const struct ds_requirement *requirement,
                                   enum ds_verdict verdict,
                                   const struct ds_call *call,
                                   const char *sentence)
{
    const char *copy = ds_arena_copy(findings->arena, ds_slice_of(sentence));
    if (copy == NULL || !make_room(findings))
        return NULL;
    struct ds_finding *finding = &findings->list[findings->count++];
    *finding = (struct ds_finding){
        .requirement = requirement, .verdict = verdict, .sentence = copy, .call = call};
    return finding;
}

struct ds_finding *ds_findings_add(struct ds_findings *findings,
                                   const struct ds_requirement *requirement,
                                   enum ds_verdict verdict,
                                   const struct ds_call *call,
                                   const char *fmt,
                                   ...)
{
    char sentence[512];
    va_list args;
    ds_assert(findings != NULL && findings->arena != NULL);
    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    return ds_findings_put(findings, requirement, verdict, call, sentence);
}

enum ds_verdict ds_findings_verdict(const struct ds_findings *findings,
                                    const struct ds_requirement *requirement)
{
    bool seen[DS_NOT_SEEN + 1] = {false};
    for (size_t i = 0; i < findings->count; i++)
        if (findings->list[i].requirement == requirement)
            seen[findings->list[i].verdict] = true;
    if (seen[DS_FAIL])
        return DS_FAIL;
    if (seen[DS_UNCLEAR])
        return DS_UNCLEAR;
    return seen[DS_PASS] ? DS_PASS : DS_NOT_SEEN;
}
