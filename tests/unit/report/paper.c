#include "paper.h"

#include <stdio.h>

struct ds_run_result paper_pass(void)
{
    return (struct ds_run_result){
        .id = "calls/busy@behind_pbx:bypass_on/ev_to_pstn",
        .scenario = "calls/busy",
        .scenario_path = "scenarios/calls/busy.lua",
        .topology = "behind_pbx",
        .variant = "bypass_on",
        .call = "ev_to_pstn",
        .option = "behind_pbx",
        .world = "loopback",
        .bypass = true,
        .result = DS_RESULT_PASS,
        .seed = UINT64_MAX,
        .evidence = "captured",
        .capture = "reports/out/busy/run.pcapng",
        .rerun = "directsip run calls/busy",
        .seconds = 0.25,
    };
}

struct ds_run_result paper_fail(struct ds_result_finding *finding)
{
    struct ds_run_result run = paper_pass();
    *finding = (struct ds_result_finding){
        .known = ds_requirement_find(DS_LITERAL("BYP-01")),
        .id = "BYP-01",
        .requirement = "Audio stays in the branch.",
        .verdict = "fail",
        .sentence = "audio went by mediation",
        .where = "",
        .frames = {7, 12},
        .frame_count = 2,
        .counted = true,
    };
    run.result = DS_RESULT_FAIL;
    run.sentence = "audio went by mediation";
    run.where = "scenarios/calls/busy.lua:14";
    run.findings = finding;
    run.finding_count = 1;
    run.log = "first\nsecond\n";
    return run;
}

char *paper_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
}

void paper_store(const char *path, struct ds_slice bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
}

char *paper_write(paper_writer_fn *writer, struct ds_run_result *runs, size_t count)
{
    const struct ds_suite_result suite = {.runs = runs,
                                          .run_count = count,
                                          .seconds = 1.5,
                                          .version = "0.1.0",
                                          .hostname = "here",
                                          .started = "2024-01-01T00:00:00Z"};
    char folder[256], path[300];
    struct ds_why why = {""};
    ds_scratch_make(folder, sizeof folder);
    snprintf(path, sizeof path, "%s/report", folder);
    ds_rc rc = writer(&suite, path, &why);
    char *text = rc == DS_OK ? paper_read(path) : NULL;
    ds_scratch_remove(folder);
    assert_int_equal(rc, DS_OK);
    return text;
}

size_t paper_count(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
        count++;
    return count;
}
