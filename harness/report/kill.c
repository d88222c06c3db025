#include "report_internal.h"

#include <string.h>

/* What one misbehaviour turned red, and whether that is what it must. */

const char *ds_kill_verdict_name(enum ds_kill_verdict verdict)
{
    static const char *const names[DS_KILL_VERDICTS] = {[DS_CAUGHT] = "caught",
                                                        [DS_MISSED] = "MISSED",
                                                        [DS_FALSE_ALARM] = "false alarm",
                                                        [DS_NOT_RUN] = "not run"};

    ds_assert(verdict < DS_KILL_VERDICTS);
    return names[verdict];
}

static bool has(const struct ds_red *red, const char *id)
{
    for (size_t i = 0; i < red->count; i++)
        if (strcmp(red->ids[i], id) == 0)
            return true;
    return false;
}

struct ds_red ds_kill_red(const struct ds_kill *kill)
{
    struct ds_red red = {0};
    for (size_t i = 0; i < kill->run->finding_count; i++) {
        const struct ds_result_finding *finding = &kill->run->findings[i];
        const char *id = ds_text(finding->id);
        if (strcmp(ds_text(finding->verdict), ds_verdict_name(DS_FAIL)) == 0 && id[0] != '\0' &&
            !has(&red, id) && red.count < DS_MOST_RED)
            red.ids[red.count++] = id;
    }
    return red;
}

struct ds_slice ds_kill_allows(const struct ds_kill *kill, const char *id)
{
    struct ds_slice rest = ds_slice_of(kill->allowed), entry, name;
    while (ds_slice_cut(&rest, ';', &entry)) {
        if (ds_slice_cut(&entry, ':', &name) &&
            ds_slice_equal(ds_slice_trim(name), ds_slice_of(id)))
            return ds_slice_trim(entry);
    }
    return (struct ds_slice){0};
}

enum ds_kill_verdict ds_kill_judge(const struct ds_kill *kill)
{
    const struct ds_red red = ds_kill_red(kill);
    if (kill->run->result == DS_RESULT_ERROR || kill->run->result == DS_RESULT_SKIP)
        return DS_NOT_RUN;
    if (!has(&red, kill->requirement))
        return DS_MISSED;
    for (size_t i = 0; i < red.count; i++)
        if (strcmp(red.ids[i], kill->requirement) != 0 &&
            ds_kill_allows(kill, red.ids[i]).at == NULL)
            return DS_FALSE_ALARM;
    return DS_CAUGHT;
}
