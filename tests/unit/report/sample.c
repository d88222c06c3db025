#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *sample_text(const char *text)
{
    const union {
        const char *given;
        char *taken;
    } same = {.given = text};

    return same.taken;
}

struct ds_run_result sample_pass(void)
{
    return (struct ds_run_result){.id = sample_text("calls/busy@behind_pbx:bypass_on/ev_to_pstn"),
                                  .scenario = sample_text("calls/busy"),
                                  .scenario_path = sample_text("scenarios/calls/busy.lua"),
                                  .topology = sample_text("behind_pbx"),
                                  .variant = sample_text("bypass_on"),
                                  .call = sample_text("ev_to_pstn"),
                                  .option = sample_text("behind_pbx"),
                                  .world = sample_text("sim"),
                                  .bypass = true,
                                  .result = DS_RESULT_PASS,
                                  .seed = 7,
                                  .evidence = sample_text("captured"),
                                  .capture = sample_text("reports/out/busy/run.pcapng"),
                                  .rerun = sample_text("directsip run calls/busy --seed 7"),
                                  .seconds = 0.0625};
}

struct ds_result_finding sample_finding(const char *id, const char *verdict)
{
    const struct ds_requirement *known = ds_requirement_find(ds_slice_of(id));
    return (struct ds_result_finding){
        .known = known, .id = known->id, .verdict = verdict, .counted = true};
}

struct ds_run_result sample_fail(struct ds_result_finding *finding)
{
    struct ds_run_result run = sample_pass();
    *finding = sample_finding("BYP-01", "fail");
    finding->requirement = "Audio stays in the branch";
    finding->sentence = "61 packets reached mediation";
    finding->frames[0] = 41;
    finding->frames[1] = 42;
    finding->frame_count = 2;
    run.result = DS_RESULT_FAIL;
    run.sentence = sample_text("61 packets reached mediation");
    run.where = sample_text("scenarios/calls/busy.lua:28");
    run.findings = finding;
    run.finding_count = 1;
    return run;
}

void sample_folder_make(struct sample_folder *folder)
{
    ds_scratch_make(folder->directory, sizeof folder->directory);
    snprintf(folder->path, sizeof folder->path, "%s/file", folder->directory);
}

void sample_folder_remove(struct sample_folder *folder)
{
    ds_scratch_remove(folder->directory);
}

void sample_write(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static char *read_back(const char *path)
{
    struct ds_buf text = {0};
    char chunk[4096];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    ds_buf_text(&text, "");
    for (size_t got = sizeof chunk; got == sizeof chunk;) {
        got = fread(chunk, 1, sizeof chunk, file);
        ds_buf_add(&text, (struct ds_slice){chunk, got});
    }
    fclose(file);
    assert_false(text.broken);
    return text.at;
}

static struct ds_suite_result suite_of(struct ds_run_result *runs, size_t count)
{
    return (struct ds_suite_result){.runs = runs,
                                    .run_count = count,
                                    .seconds = 14.25,
                                    .version = "0.1.0",
                                    .hostname = "lab",
                                    .started = "2026-01-02T03:04:05Z"};
}

char *sample_report(sample_report_fn *report, struct ds_run_result *runs, size_t count)
{
    const struct ds_suite_result suite = suite_of(runs, count);
    struct sample_folder folder;
    struct ds_why why = {{0}};
    sample_folder_make(&folder);
    assert_int_equal(report(&suite, folder.path, &why), DS_OK);
    char *text = read_back(folder.path);
    sample_folder_remove(&folder);
    return text;
}

struct sweep {
    sample_report_fn *report;
    struct ds_run_result runs[3];
    const char *path;
};

static ds_rc attempt(void *owner)
{
    struct sweep *sweep = owner;
    const struct ds_suite_result suite = suite_of(sweep->runs, DS_COUNT(sweep->runs));
    return sweep->report(&suite, sweep->path, NULL);
}

void sample_exhaust(sample_report_fn *report)
{
    struct ds_result_finding finding;
    struct sample_folder folder;
    struct sweep sweep = {.report = report};
    sweep.runs[0] = sample_pass();
    sweep.runs[1] = sample_fail(&finding);
    sweep.runs[2] = sample_pass();
    sweep.runs[2].result = DS_RESULT_SKIP;
    sweep.runs[2].id = sample_text("a name that is no UTF-8: \xff");
    sample_folder_make(&folder);
    sweep.path = folder.path;
    ds_exhaust(attempt, &sweep);
    /* With just enough memory, the same is written as with plenty. */
    char *plenty = sample_report(report, sweep.runs, DS_COUNT(sweep.runs));
    char *enough = read_back(folder.path);
    assert_string_equal(enough, plenty);
    free(plenty);
    free(enough);
    sample_folder_remove(&folder);
}

void sample_contains(const char *text, const char *part)
{
    if (strstr(text, part) == NULL)
        fail_msg("'%s' is not in:\n%s", part, text);
}

void sample_lacks(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        fail_msg("'%s' is in:\n%s", part, text);
}
