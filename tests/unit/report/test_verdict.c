#include "paper.h"

#include <stdio.h>

struct place {
    char folder[256], path[300];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    ds_scratch_make(place->folder, sizeof place->folder);
    snprintf(place->path, sizeof place->path, "%s/verdict.json", place->folder);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    ds_scratch_remove(place->folder);
    free(place);
    return 0;
}

static void what_is_written_is_read_back(void **state)
{
    const struct place *place = *state;
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding), back;
    struct ds_why why;
    assert_int_equal(ds_run_result_write(&run, place->path, &why), DS_OK);
    assert_int_equal(ds_run_result_read(place->path, &back, &why), DS_OK);
    assert_string_equal(back.id, run.id);
    assert_string_equal(back.where, run.where);
    assert_string_equal(back.log, run.log);
    assert_int_equal(back.result, DS_RESULT_FAIL);
    assert_true(back.bypass);
    assert_true(back.seed == UINT64_MAX);
    assert_true(back.seconds > 0.2499 && back.seconds < 0.2501);
    assert_int_equal(back.finding_count, 1);
    assert_string_equal(back.findings[0].id, "BYP-01");
    assert_string_equal(back.findings[0].sentence, finding.sentence);
    assert_true(back.findings[0].counted);
    assert_int_equal(back.findings[0].frame_count, 2);
    assert_int_equal(back.findings[0].frames[1], 12);
    ds_run_result_clean_up(&back);
}

static void what_is_packed_is_unpacked(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding), back;
    struct ds_buf packed = {0}, again = {0};
    (void)state;
    ds_run_result_pack(&run, &packed);
    assert_int_equal(ds_run_result_unpack(ds_buf_slice(&packed), &back), DS_OK);
    ds_run_result_pack(&back, &again);
    assert_true(ds_slice_equal(ds_buf_slice(&packed), ds_buf_slice(&again)));
    assert_string_equal(back.findings[0].sentence, finding.sentence);
    assert_true(back.seed == UINT64_MAX && back.result == DS_RESULT_FAIL && back.bypass);
    ds_run_result_clean_up(&back);
    for (size_t len = 0; len < packed.len; len++)
        assert_int_equal(ds_run_result_unpack((struct ds_slice){packed.at, len}, &back), DS_BAD);
    ds_buf_clean_up(&packed);
    ds_buf_clean_up(&again);
}

static void what_is_unpacked_keeps_its_own_bytes(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding), back;
    struct ds_buf packed = {0};
    (void)state;
    run.outline = "alice > pool";
    ds_run_result_pack(&run, &packed);
    assert_int_equal(ds_run_result_unpack(ds_buf_slice(&packed), &back), DS_OK);
    memset(packed.at, 'x', packed.len);
    ds_buf_clean_up(&packed);
    assert_string_equal(back.outline, run.outline);
    assert_string_equal(back.findings[0].where, finding.where);
    assert_int_equal(ds_run_result_add_findings(&back, 1), DS_OK);
    assert_string_equal(back.findings[0].sentence, finding.sentence);
    ds_run_result_clean_up(&back);
}

/* Texts are looked at several bytes at a time. */
static void an_escape_is_written_wherever_it_stands(void **state)
{
    static const char specials[] = "\"\\/<\x01\b\f\n\r\t\x1f\x7f";
    const struct place *place = *state;
    for (size_t i = 0; i < sizeof specials - 1; i++)
        for (size_t at = 0; at < 26; at++) {
            struct ds_run_result run = paper_pass(), back;
            char text[] = "abcdefghijklmnopqrstuvwxyz";
            text[at] = specials[i];
            run.sentence = text;
            run.where = text + at;
            assert_int_equal(ds_run_result_write(&run, place->path, NULL), DS_OK);
            assert_int_equal(ds_run_result_read(place->path, &back, NULL), DS_OK);
            assert_string_equal(back.sentence, text);
            assert_string_equal(back.where, text + at);
            ds_run_result_clean_up(&back);
        }
}

static void bytes_that_are_no_text_are_spelt_out(void **state)
{
    const struct place *place = *state;
    struct ds_run_result run = paper_pass(), back;
    struct ds_why why;
    run.sentence = "refused by \xff\033";
    assert_int_equal(ds_run_result_write(&run, place->path, &why), DS_OK);
    assert_int_equal(ds_run_result_read(place->path, &back, &why), DS_OK);
    assert_string_equal(back.sentence, "refused by \\xff\\x1b");
    ds_run_result_clean_up(&back);
}

static void what_is_no_verdict_is_refused_by_name(void **state)
{
    static const char *const files[] = {
        "",
        "{",
        "[]",
        "{}",
        "null",
        "{\"result\":\"pass\"}",
        "{\"result\":\"green\",\"seed\":\"1\"}",
        "{\"result\":1,\"seed\":\"1\"}",
        "{\"result\":\"pass\",\"seed\":\"99999999999999999999\"}",
        "{\"result\":\"pass\",\"seed\":1}",
        "{\"result\":\"pass\",\"result\":\"pass\",\"seed\":\"1\"}",
        "{\"result\":\"pass\",\"seed\":\"1\"} and more",
    };
    const struct place *place = *state;
    for (size_t i = 0; i < DS_COUNT(files); i++) {
        struct ds_run_result back;
        struct ds_why why = {""};
        paper_store(place->path, ds_slice_of(files[i]));
        assert_int_equal(ds_run_result_read(place->path, &back, &why), DS_BAD);
        assert_has(why.text, place->path);
    }
}

static void a_verdict_of_wrong_types_is_read_as_empty(void **state)
{
    const struct place *place = *state;
    struct ds_run_result back;
    struct ds_why why;
    paper_store(place->path, DS_LITERAL("{\"result\":\"pass\",\"seed\":\"1\",\"id\":7,\"seconds\":"
                                        "\"x\",\"findings\":[3,{\"id\":[],\"frames\":{}}]}"));
    assert_int_equal(ds_run_result_read(place->path, &back, &why), DS_OK);
    assert_string_equal(back.id, "");
    assert_int_equal(back.finding_count, 2);
    assert_string_equal(back.findings[1].id, "");
    assert_int_equal(back.findings[1].frame_count, 0);
    ds_run_result_clean_up(&back);
}

static void frames_beyond_the_most_are_left_out(void **state)
{
    const struct place *place = *state;
    struct ds_run_result back;
    struct ds_buf text = {0};
    ds_buf_text(&text, "{\"result\":\"pass\",\"seed\":\"1\",\"findings\":[{\"frames\":[1");
    for (int i = 0; i < 5000; i++)
        ds_buf_text(&text, ",2");
    ds_buf_text(&text, "]}]}");
    paper_store(place->path, ds_buf_slice(&text));
    ds_buf_clean_up(&text);
    assert_int_equal(ds_run_result_read(place->path, &back, NULL), DS_OK);
    assert_int_equal(back.findings[0].frame_count, DS_FINDING_MAX_FRAMES);
    ds_run_result_clean_up(&back);
}

static void nesting_without_end_is_refused(void **state)
{
    const struct place *place = *state;
    struct ds_run_result back;
    struct ds_buf text = {0};
    for (int i = 0; i < 100000; i++)
        ds_buf_text(&text, "[");
    paper_store(place->path, ds_buf_slice(&text));
    ds_buf_clean_up(&text);
    assert_int_equal(ds_run_result_read(place->path, &back, NULL), DS_BAD);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    const struct place *place = *state;
    struct ds_run_result run = paper_pass();
    struct ds_why why = {""};
    char path[400];
    snprintf(path, sizeof path, "%s/none/verdict.json", place->folder);
    assert_int_equal(ds_run_result_write(&run, path, &why), DS_IO);
    assert_has(why.text, path);
    assert_int_equal(ds_run_result_read(path, &run, &why), DS_BAD);
}

int test_verdict(void);

int test_verdict(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(what_is_packed_is_unpacked),
        cmocka_unit_test(what_is_unpacked_keeps_its_own_bytes),
        cmocka_unit_test(an_escape_is_written_wherever_it_stands),
        cmocka_unit_test(bytes_that_are_no_text_are_spelt_out),
        cmocka_unit_test(what_is_no_verdict_is_refused_by_name),
        cmocka_unit_test(a_verdict_of_wrong_types_is_read_as_empty),
        cmocka_unit_test(frames_beyond_the_most_are_left_out),
        cmocka_unit_test(nesting_without_end_is_refused),
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests_name("verdict", tests, set_up, tear_down);
}
