#include "report_internal.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [DS_RESULT_PASS] = "pass",         [DS_RESULT_FAIL] = "FAIL", [DS_RESULT_UNCLEAR] = "unclear",
    [DS_RESULT_NOT_SEEN] = "not-seen", [DS_RESULT_SKIP] = "skip", [DS_RESULT_ERROR] = "ERROR",
};

const char *ds_result_name(enum ds_result result)
{
    ds_assert(result < DS_COUNT(names));
    return names[result];
}

enum ds_colour ds_result_colour(enum ds_result result)
{
    switch (result) {
    case DS_RESULT_PASS:
        return DS_GREEN;
    case DS_RESULT_FAIL:
    case DS_RESULT_ERROR:
        return DS_RED;
    case DS_RESULT_UNCLEAR:
    case DS_RESULT_NOT_SEEN:
        return DS_YELLOW;
    case DS_RESULT_SKIP:
        return DS_FAINT;
    }
    return DS_PLAIN;
}

void ds_print_place(struct ds_buf *out, const char *topology, const char *variant)
{
    ds_buf_print(out, "%s%s%s", ds_text(topology), ds_text(variant)[0] == '\0' ? "" : ":",
                 ds_text(variant));
}

#define TEXT(field)                                                                                \
    {                                                                                              \
#field, offsetof(struct ds_run_result, field)                                              \
    }
const struct ds_text_field ds_result_texts[DS_RESULT_TEXTS] = {
    TEXT(id),       TEXT(scenario), TEXT(scenario_path), TEXT(topology), TEXT(variant),
    TEXT(call),     TEXT(option),   TEXT(world),         TEXT(sentence), TEXT(where),
    TEXT(evidence), TEXT(capture),  TEXT(rerun),         TEXT(defects),  TEXT(log),
};
#undef TEXT

char **ds_result_text(struct ds_run_result *result, size_t field)
{
    ds_assert(field < DS_RESULT_TEXTS);
    return (char **)(void *)((char *)result + ds_result_texts[field].at);
}

const char *ds_result_text_of(const struct ds_run_result *result, size_t field)
{
    ds_assert(field < DS_RESULT_TEXTS);
    return ds_text(
        *(char *const *)(const void *)((const char *)result + ds_result_texts[field].at));
}

ds_rc ds_run_result_add_findings(struct ds_run_result *result, size_t more)
{
    struct ds_result_finding *findings;
    if (result->arena == NULL && ds_arena_new(&result->arena) != DS_OK)
        return DS_NOMEM;
    findings = ds_arena_alloc(result->arena, (result->finding_count + more) * sizeof *findings);
    if (findings == NULL)
        return DS_NOMEM;
    if (result->finding_count > 0)
        memcpy(findings, result->findings, result->finding_count * sizeof *findings);
    result->findings = findings;
    return DS_OK;
}

void ds_run_result_clean_up(struct ds_run_result *result)
{
    for (size_t i = 0; i < DS_RESULT_TEXTS; i++)
        free(*ds_result_text(result, i));
    if (result->packed == NULL) {
        free(result->outline);
        free(result->deployment);
        free(result->seen);
        free(result->sound);
    }
    free(result->packed);
    ds_arena_free(&result->arena);
    *result = (struct ds_run_result){0};
}

struct ds_totals ds_totals(const struct ds_suite_result *suite)
{
    struct ds_totals totals = {0};
    for (size_t i = 0; i < suite->run_count; i++)
        totals.of[suite->runs[i].result]++;
    return totals;
}

double ds_total_seconds(const struct ds_suite_result *suite)
{
    double seconds = 0;
    for (size_t i = 0; i < suite->run_count; i++)
        seconds += suite->runs[i].seconds;
    return seconds;
}

bool ds_has_worlds(const struct ds_suite_result *suite)
{
    for (size_t i = 1; i < suite->run_count; i++)
        if (strcmp(ds_text(suite->runs[i].world), ds_text(suite->runs[0].world)) != 0)
            return true;
    return false;
}

void ds_print_run_name(struct ds_buf *out, const struct ds_run_result *run, bool worlds)
{
    ds_buf_text(out, ds_text(run->id));
    if (worlds)
        ds_buf_print(out, " (%s)", ds_text(run->world));
}

const char *ds_path_below(const char *folder, const char *path)
{
    size_t len = strlen(ds_text(folder));
    while (len > 0 && folder[len - 1] == '/')
        len--;
    if (len == 0 || strncmp(path, folder, len) != 0 || path[len] != '/')
        return path;
    path += len;
    while (*path == '/')
        path++;
    return path;
}
