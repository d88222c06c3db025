#include "sample.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_text_that_is_missing_is_read_as_empty(void **state)
{
    const struct ds_run_result run = {.result = DS_RESULT_SKIP};
    struct ds_run_result back;
    struct sample_folder folder;
    (void)state;
    sample_folder_make(&folder);
    assert_int_equal(ds_run_result_write(&run, folder.path, NULL), DS_OK);
    assert_int_equal(ds_run_result_read(folder.path, &back, NULL), DS_OK);
    assert_int_equal(back.result, DS_RESULT_SKIP);
    assert_string_equal(back.sentence, "");
    assert_int_equal(back.finding_count, 0);
    ds_run_result_clean_up(&back);
    sample_folder_remove(&folder);
}

static void assert_refused(const char *text, ds_rc expected, const char *part)
{
    const struct ds_run_result empty = {0};
    struct ds_run_result run;
    struct sample_folder folder;
    struct ds_why why = {{0}};
    sample_folder_make(&folder);
    sample_write(folder.path, text);
    assert_int_equal(ds_run_result_read(folder.path, &run, &why), expected);
    sample_contains(why.text, part);
    assert_memory_equal(&run, &empty, sizeof run);
    sample_folder_remove(&folder);
}

static void what_is_no_verdict_is_refused(void **state)
{
    static const char *const texts[] = {
        "{}",
        "[]",
        "[1,2]",
        "{\"schema_version\":1,\"result\":\"pass\"}",
        "{\"schema_version\":1,\"seed\":\"1\"}",
        "{\"schema_version\":1,\"result\":\"PASS\",\"seed\":\"1\"}",
        "{\"schema_version\":1,\"result\":\"pass\",\"seed\":1}",
        "{\"schema_version\":1,\"result\":\"pass\",\"seed\":\"-1\"}",
        "{\"schema_version\":1,\"result\":\"pass\",\"seed\":\"18446744073709551616\"}",
        "{\"schema_version\":1,\"result\":\"pass\",\"seed\":\"1\",\"seconds\":-1}",
        "{\"schema_version\":1,\"result\":\"pass\",\"seed\":\"1\",\"seconds\":1e300}",
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(texts); i++)
        assert_refused(texts[i], DS_BAD, "is no verdict of a run");
}

static void what_is_no_json_is_refused_with_its_line(void **state)
{
    (void)state;
    assert_refused("", DS_BAD, ":1 is no JSON");
    assert_refused("{\n\"a\":\n", DS_BAD, "is no JSON");
    assert_refused("{\"a\":1,\"a\":2}", DS_BAD, "duplicate");
    assert_refused("{\"result\":\"\xff\"}", DS_BAD, "is no JSON");
}

static void another_schema_is_refused_by_its_number(void **state)
{
    (void)state;
    assert_refused("{\"schema_version\":2,\"result\":\"pass\",\"seed\":\"1\"}", DS_BAD,
                   "has schema version 2; this directsip reads version 1");
}

static void values_of_the_wrong_kind_count_as_nothing(void **state)
{
    struct ds_run_result run;
    struct sample_folder folder;
    (void)state;
    sample_folder_make(&folder);
    sample_write(folder.path,
                 "{\"schema_version\":1,\"result\":\"FAIL\",\"seed\":\"1\",\"id\":7,\"bypass\":3,"
                 "\"findings\":[5,{\"id\":[],\"frames\":[-1,4294967296,9,\"x\"]}]}");
    assert_int_equal(ds_run_result_read(folder.path, &run, NULL), DS_OK);
    assert_string_equal(run.id, "");
    assert_false(run.bypass);
    assert_int_equal(run.finding_count, 2);
    assert_string_equal(run.findings[0].verdict, "");
    assert_int_equal(run.findings[1].frame_count, 1);
    assert_int_equal(run.findings[1].frames[0], 9);
    ds_run_result_clean_up(&run);
    sample_folder_remove(&folder);
}

static void a_file_without_end_is_refused(void **state)
{
    struct ds_run_result run;
    struct ds_why why = {{0}};
    (void)state;
    assert_int_equal(ds_run_result_read("/dev/zero", &run, &why), DS_BAD);
    sample_contains(why.text, "larger than 32 MiB");
}

static void a_file_that_cannot_be_read_is_named(void **state)
{
    struct ds_run_result run;
    struct ds_why why = {{0}};
    (void)state;
    assert_int_equal(ds_run_result_read("/nowhere/verdict.json", &run, &why), DS_BAD);
    assert_string_equal(why.text, "cannot read /nowhere/verdict.json: No such file or directory");
    assert_int_equal(ds_run_result_read("/", &run, &why), DS_BAD);
}

static void a_file_that_cannot_be_written_is_named(void **state)
{
    const struct ds_run_result run = sample_pass();
    struct ds_why why = {{0}};
    (void)state;
    assert_int_equal(ds_run_result_write(&run, "/nowhere/verdict.json", &why), DS_IO);
    sample_contains(why.text, "cannot write /nowhere/verdict.json");
    sample_contains(why.text, "No such file or directory");
}

static void a_path_that_is_too_long_is_refused(void **state)
{
    const struct ds_run_result run = sample_pass();
    struct ds_why why = {{0}};
    char path[5000];
    (void)state;
    memset(path, 'a', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(ds_run_result_write(&run, path, &why), DS_BAD);
    sample_contains(why.text, "too long");
}

static void a_failed_write_leaves_what_was_there_and_no_part(void **state)
{
    const struct ds_run_result run = sample_pass();
    struct sample_folder folder;
    char part[320];
    (void)state;
    sample_folder_make(&folder);
    assert_int_equal(mkdir(folder.path, 0700), 0);
    assert_int_equal(ds_run_result_write(&run, folder.path, NULL), DS_IO);
    snprintf(part, sizeof part, "%s.part", folder.path);
    assert_int_equal(access(part, F_OK), -1);
    assert_int_equal(rmdir(folder.path), 0);
    sample_folder_remove(&folder);
}

static void a_full_disk_is_told(void **state)
{
    const struct ds_run_result run = sample_pass();
    struct sample_folder folder;
    struct ds_why why = {{0}};
    char part[320];
    (void)state;
    sample_folder_make(&folder);
    sample_write(folder.path, "before");
    snprintf(part, sizeof part, "%s.part", folder.path);
    assert_int_equal(symlink("/dev/full", part), 0);
    assert_int_equal(ds_run_result_write(&run, folder.path, &why), DS_IO);
    sample_contains(why.text, "No space left on device");
    assert_int_equal(access(folder.path, F_OK), 0);
    assert_int_equal(access(part, F_OK), -1);
    sample_folder_remove(&folder);
}

static ds_rc attempt_to_write(void *owner)
{
    const struct ds_run_result run = sample_pass();
    return ds_run_result_write(&run, owner, NULL);
}

static ds_rc attempt_to_read(void *owner)
{
    struct ds_run_result run;
    ds_rc rc = ds_run_result_read(owner, &run, NULL);
    if (rc == DS_OK)
        ds_run_result_clean_up(&run);
    return rc;
}

static void want_of_memory_is_told(void **state)
{
    struct ds_result_finding finding;
    const struct ds_run_result run = sample_fail(&finding);
    struct sample_folder folder;
    (void)state;
    sample_folder_make(&folder);
    ds_exhaust(attempt_to_write, folder.path);
    assert_int_equal(ds_run_result_write(&run, folder.path, NULL), DS_OK);
    ds_exhaust(attempt_to_read, folder.path);
    sample_folder_remove(&folder);
}

int test_verdict_file(void);

int test_verdict_file(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_that_is_missing_is_read_as_empty),
        cmocka_unit_test(what_is_no_verdict_is_refused),
        cmocka_unit_test(what_is_no_json_is_refused_with_its_line),
        cmocka_unit_test(another_schema_is_refused_by_its_number),
        cmocka_unit_test(values_of_the_wrong_kind_count_as_nothing),
        cmocka_unit_test(a_file_without_end_is_refused),
        cmocka_unit_test(a_file_that_cannot_be_read_is_named),
        cmocka_unit_test(a_file_that_cannot_be_written_is_named),
        cmocka_unit_test(a_path_that_is_too_long_is_refused),
        cmocka_unit_test(a_failed_write_leaves_what_was_there_and_no_part),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
