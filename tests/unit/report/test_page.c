#include "paper.h"
#include "sample.h"
#include "stage.h"

#include <stdio.h>

#include <jansson.h>

#define VIEWER "reports/viewer" /* tests are run from the top of the source */

static ds_rc write_page(const struct ds_suite_result *suite, const char *path, struct ds_why *why)
{
    return ds_report_page(suite, VIEWER, path, why);
}

/* What stands in the element of that id, read as a browser would. */
static json_t *data_of(const char *page, const char *id)
{
    char tag[100];
    snprintf(tag, sizeof tag, "<script type=\"application/json\" id=\"%s\">", id);
    const char *start = strstr(page, tag);
    assert_non_null(start);
    start += strlen(tag);
    const char *end = strstr(start, "</script>");
    assert_non_null(end);
    json_t *read = json_loadb(start, (size_t)(end - start), 0, NULL);
    assert_non_null(read);
    return read;
}

static const char *text_in(const json_t *object, const char *name)
{
    return ds_text(json_string_value(json_object_get(object, name)));
}

static void a_page_holds_its_suite_and_asks_for_no_other_file(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[] = {sample_pass(), sample_fail(&finding)};
    (void)state;
    char *page = sample_report(write_page, runs, DS_COUNT(runs));
    assert_lacks(page, "src=\"");
    assert_lacks(page, "<link");
    assert_lacks(page, "<!-- runs -->");
    json_t *suite = data_of(page, "suite-0");
    const json_t *listed = json_object_get(suite, "runs");
    assert_int_equal(json_array_size(listed), 2);
    assert_string_equal(text_in(json_array_get(listed, 0), "result"), "pass");
    assert_string_equal(text_in(json_array_get(listed, 1), "sentence"),
                        "61 packets reached mediation");
    json_t *run = data_of(page, "run-1");
    const json_t *first = json_array_get(json_object_get(run, "findings"), 0);
    assert_string_equal(json_string_value(json_array_get(first, 0)), "BYP-01");
    json_decref(run);
    json_decref(suite);
    free(page);
}

static void a_requirement_is_told_by_what_counts(void **state)
{
    const struct ds_requirement *bypass = ds_requirement_find(DS_LITERAL("BYP-01"));
    const struct ds_requirement *option = ds_requirement_find(DS_LITERAL("OPT-01"));
    struct ds_result_finding findings[] = {
        sample_finding("BYP-01", "pass"),
        sample_finding("BYP-01", "fail"),
        {.known = option, .id = option->id, .verdict = "not-seen", .counted = false}};
    struct ds_run_result run = sample_pass();
    size_t count;
    (void)state;
    run.findings = findings;
    run.finding_count = DS_COUNT(findings);
    char *page = sample_report(write_page, &run, 1);
    json_t *suite = data_of(page, "suite-0");
    const char *proofs = text_in(json_array_get(json_object_get(suite, "runs"), 0), "proofs");
    const struct ds_requirement *list = ds_requirements(&count);
    assert_int_equal(strlen(proofs), count);
    assert_int_equal(proofs[bypass - list], 'f');
    assert_int_equal(proofs[option - list], '-');
    json_decref(suite);
    free(page);
}

/* Each would end the element that it stands in, or is no UTF-8. */
static void no_text_ends_the_element_it_stands_in(void **state)
{
    const char *const texts[] = {"</script><script>alert(1)</script>",
                                 "<!-- <script>",
                                 "</SCRIPT >",
                                 "\xed\xa0\x80 half a pair",
                                 "\xe2\x80\xa8 a line separator",
                                 "a \\ a \" a \x01 a \n",
                                 "\xff\xfe"};
    struct ds_run_result plain = sample_pass();
    (void)state;
    char *harmless = sample_report(write_page, &plain, 1);
    for (size_t i = 0; i < DS_COUNT(texts); i++) {
        struct ds_run_result run = sample_pass();
        run.id = run.scenario = run.sentence = run.variant = sample_text(texts[i]);
        run.result = DS_RESULT_FAIL;
        char *page = sample_report(write_page, &run, 1);
        assert_int_equal(paper_count(page, "<script"), paper_count(harmless, "<script"));
        assert_int_equal(paper_count(page, "</script"), paper_count(harmless, "</script"));
        assert_int_equal(paper_count(page, "<!--"), paper_count(harmless, "<!--"));
        json_t *suite = data_of(page, "suite-0");
        if (i != 3 && i != 6)
            assert_string_equal(
                text_in(json_array_get(json_object_get(suite, "runs"), 0), "sentence"), texts[i]);
        json_decref(suite);
        free(page);
    }
    free(harmless);
}

static void runs_share_their_deployment(void **state)
{
    struct ds_run_result runs[] = {sample_pass(), sample_pass(), sample_pass()};
    (void)state;
    runs[0].deployment = runs[1].deployment = sample_text("{\"name\":\"one\"}");
    runs[2].deployment = sample_text("{\"name\":\"two\"}");
    char *page = sample_report(write_page, runs, DS_COUNT(runs));
    json_t *second = data_of(page, "run-1"), *third = data_of(page, "run-2");
    json_t *deployment = data_of(page, "deployment-1");
    assert_int_equal(json_integer_value(json_object_get(second, "deployment")), 0);
    assert_int_equal(json_integer_value(json_object_get(third, "deployment")), 1);
    assert_string_equal(text_in(deployment, "name"), "two");
    assert_lacks(page, "id=\"deployment-2\"");
    json_decref(second);
    json_decref(third);
    json_decref(deployment);
    free(page);
}

/* As many runs as one more than the page has room for: the one that failed keeps its capture. */
static void where_room_is_short_those_that_passed_go_without(void **state)
{
    enum { COUNT = 4, BYTES = DS_PAGE_BYTES / (COUNT - 1) };
    struct ds_run_result runs[COUNT];
    char *seen = malloc(BYTES + 1);
    (void)state;
    assert_non_null(seen);
    memset(seen, ' ', BYTES);
    seen[BYTES] = '\0';
    memcpy(seen, "{}", 2);
    for (size_t i = 0; i < COUNT; i++) {
        runs[i] = sample_pass();
        runs[i].seen = seen;
    }
    runs[COUNT - 1].result = DS_RESULT_FAIL;
    char *page = sample_report(write_page, runs, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        char id[20];
        snprintf(id, sizeof id, "run-%zu", i);
        json_t *run = data_of(page, id);
        assert_int_equal(json_is_true(json_object_get(run, "left_out")), i == COUNT - 2);
        assert_int_equal(json_object_get(run, "seen") == NULL, i == COUNT - 2);
        json_decref(run);
    }
    free(page);
    free(seen);
}

static void a_viewer_that_is_not_there_is_named(void **state)
{
    struct sample_folder folder;
    const struct ds_suite_result suite = {.run_count = 0};
    struct ds_why why = {""};
    (void)state;
    sample_folder_make(&folder);
    assert_int_equal(ds_report_page(&suite, "no/such/viewer", folder.path, &why), DS_BAD);
    assert_has(why.text, "no/such/viewer/index.html");
    sample_folder_remove(&folder);
}

static void it_is_written_whole_or_not_at_all(void **state)
{
    (void)state;
    sample_exhaust(write_page);
}

/* ---- what a capture shows ---- */

static const struct ds_trace *play(struct stage *stage)
{
    const struct ds_addr caller = STAGE_ADDR(1, 5060), callee = STAGE_ADDR(2, 5060);
    const struct stage_line invite = {.start = "INVITE sip:+15550142@b SIP/2.0",
                                      .more = "Subject: </script>\r\n"};
    stage_open(stage);
    stage_say(stage, caller, callee, &invite);
    stage_say(stage, caller, callee, &invite);
    stage_say(stage, callee, caller,
              &(struct stage_line){.start = "SIP/2.0 486 Busy Here", .to_tag = "t"});
    return stage_read(stage, NULL);
}

static void messages_are_told_by_their_lines(void **state)
{
    struct stage stage;
    struct ds_buf seen = {0}, sound = {0};
    (void)state;
    ds_page_seen(play(&stage), &seen, &sound);
    assert_false(seen.broken);
    assert_null(sound.at);
    assert_lacks(seen.at, "<");
    json_t *read = json_loads(seen.at, 0, NULL);
    const json_t *messages = json_object_get(read, "messages");
    const json_t *lines = json_object_get(read, "lines");
    assert_int_equal(json_array_size(messages), 3);
    const json_t *first = json_array_get(messages, 0), *again = json_array_get(messages, 1);
    assert_int_equal(json_integer_value(json_array_get(first, 0)), 1);
    assert_string_equal(json_string_value(json_array_get(first, 8)), "INVITE +15550142");
    assert_int_equal(json_integer_value(json_array_get(first, 6)) & 1, 0);
    assert_int_equal(json_integer_value(json_array_get(again, 6)) & 1, 1);
    assert_true(json_equal(json_array_get(first, 10), json_array_get(again, 10)));
    const json_t *numbers = json_array_get(first, 10);
    size_t number = (size_t)json_integer_value(json_array_get(numbers, 0));
    assert_string_equal(json_string_value(json_array_get(lines, number)),
                        "INVITE sip:+15550142@b SIP/2.0");
    assert_int_equal(json_array_size(json_object_get(read, "places")), 2);
    json_decref(read);
    ds_buf_clean_up(&seen);
    stage_close(&stage);
}

static ds_rc tell(void *owner)
{
    struct ds_buf seen = {0}, sound = {0};
    ds_page_seen(owner, &seen, &sound);
    bool broken = seen.broken || sound.broken;
    ds_buf_clean_up(&seen);
    ds_buf_clean_up(&sound);
    return broken ? DS_NOMEM : DS_OK;
}

static void what_is_told_without_memory_is_broken(void **state)
{
    struct stage stage;
    (void)state;
    const struct ds_trace *trace = play(&stage);
    struct ds_trace *told = stage.trace;
    assert_ptr_equal(trace, told);
    ds_exhaust(tell, told);
    stage_close(&stage);
}

static void it_goes_from_one_process_to_another(void **state)
{
    struct ds_run_result run = sample_pass(), back;
    struct ds_buf packed = {0};
    (void)state;
    run.deployment = sample_text("{\"name\":\"one\"}");
    run.seen = sample_text("{}");
    run.sound = sample_text("{\"frames\":[]}");
    ds_run_result_pack(&run, &packed);
    assert_int_equal(ds_run_result_unpack(ds_buf_slice(&packed), &back), DS_OK);
    assert_string_equal(back.deployment, run.deployment);
    assert_string_equal(back.seen, run.seen);
    assert_string_equal(back.sound, run.sound);
    ds_run_result_clean_up(&back);
    ds_buf_clean_up(&packed);
}

int test_page(void);

int test_page(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_holds_its_suite_and_asks_for_no_other_file),
        cmocka_unit_test(a_requirement_is_told_by_what_counts),
        cmocka_unit_test(no_text_ends_the_element_it_stands_in),
        cmocka_unit_test(runs_share_their_deployment),
        cmocka_unit_test(where_room_is_short_those_that_passed_go_without),
        cmocka_unit_test(a_viewer_that_is_not_there_is_named),
        cmocka_unit_test(it_is_written_whole_or_not_at_all),
        cmocka_unit_test(messages_are_told_by_their_lines),
        cmocka_unit_test(what_is_told_without_memory_is_broken),
        cmocka_unit_test(it_goes_from_one_process_to_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
