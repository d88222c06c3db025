#include "paper.h"
#include "sample.h"

#include <jansson.h>
#include <stdio.h>

/* What did not pass, at the scenario's line: GitHub's annotations, and GitLab's code quality. */

static char *annotate(struct ds_run_result *runs, size_t count, const struct ds_github *github)
{
    const struct ds_suite_result suite = {.runs = runs, .run_count = count};
    struct ds_buf out = {0};
    ds_buf_text(&out, "");
    ds_report_github(&suite, github, &out);
    assert_false(out.broken);
    return out.at;
}

static void a_failure_is_an_error_at_its_line(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[] = {paper_pass(), paper_fail(&finding)};
    (void)state;
    char *text = annotate(runs, 2, &(struct ds_github){0});
    assert_string_equal(text,
                        "::error file=scenarios/calls/busy.lua,line=14,title=BYP-01::"
                        "calls/busy@behind_pbx:bypass_on/ev_to_pstn: audio went by mediation%0A"
                        "      fail  BYP-01  Audio stays in the branch.%0A"
                        "            audio went by mediation  #7, #12%0A"
                        "      see    reports/out/busy/run.pcapng%0A"
                        "      rerun  directsip run calls/busy%0A\n");
    free(text);
}

static void a_path_begins_at_the_top_of_the_workspace(void **state)
{
    static const struct {
        const char *workspace, *folder, *where, *file;
    } cases[] = {
        {"/w", "/w/voice/lab", "x.lua:3", "file=voice/lab/x.lua,line=3,"},
        {"/w/", "/w", "x.lua:3", "file=x.lua,line=3,"},
        {"/w", "/elsewhere", "x.lua:3", "file=x.lua,line=3,"},
        {"/w", "/w/voice", "/w/scenarios/x.lua:3", "file=scenarios/x.lua,line=3,"},
        {"/w", "/w/voice", "/usr/share/x.lua:3", "file=/usr/share/x.lua,line=3,"},
        {NULL, NULL, "", "file=scenarios/calls/busy.lua,line=1,"},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_result_finding finding;
        struct ds_run_result run = paper_fail(&finding);
        run.where = sample_text(cases[i].where);
        char *text = annotate(&run, 1, &(struct ds_github){cases[i].workspace, cases[i].folder});
        sample_contains(text, cases[i].file);
        free(text);
    }
}

static void the_same_trouble_at_one_line_is_one_notice(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[] = {paper_fail(&finding), paper_fail(&finding), paper_fail(&finding),
                                   paper_fail(&finding)};
    (void)state;
    runs[3].where = "scenarios/calls/busy.lua:15";
    char *text = annotate(runs, 4, &(struct ds_github){0});
    assert_int_equal(paper_count(text, "::error "), 2);
    assert_int_equal(paper_count(text, "audio went by mediation (and 2 other runs)%0A"), 1);
    free(text);
}

static void what_is_unsure_is_a_warning_and_what_is_skipped_is_nothing(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[] = {paper_fail(&finding), paper_pass()};
    (void)state;
    runs[0].result = DS_RESULT_UNCLEAR;
    finding.verdict = "unclear";
    runs[1].result = DS_RESULT_SKIP;
    char *text = annotate(runs, 2, &(struct ds_github){0});
    assert_int_equal(paper_count(text, "::warning "), 1);
    assert_lacks(text, "::error ");
    free(text);
}

static void an_own_expectation_goes_before_what_was_not_seen(void **state)
{
    struct ds_result_finding findings[2];
    struct ds_run_result run = paper_fail(&findings[1]);
    (void)state;
    findings[0] = findings[1];
    findings[0].verdict = "not-seen";
    findings[1].id = "";
    run.findings = findings;
    run.finding_count = 2;
    char *text = annotate(&run, 1, &(struct ds_github){0});
    assert_has(text, ",title=expectation::");
    free(text);
}

static void ten_are_shown_and_the_rest_is_counted(void **state)
{
    static struct ds_result_finding finding;
    static struct ds_run_result runs[300];
    static char where[300][40];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(runs); i++) {
        runs[i] = paper_fail(&finding);
        snprintf(where[i], sizeof where[i], "x.lua:%zu", i + 1);
        runs[i].where = where[i];
    }
    char *text = annotate(runs, 13, &(struct ds_github){0});
    assert_int_equal(paper_count(text, "::error "), 10);
    assert_has(text, "::notice title=directsip::3 more did not pass");
    free(text);
    text = annotate(runs, DS_COUNT(runs), &(struct ds_github){0});
    assert_has(text, "::at least 246 more did not pass");
    free(text);
}

static void hostile_text_begins_no_command(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    (void)state;
    run.id = "x\n::add-mask::a";
    run.sentence = "100%\r\n::set-output name=a::b\033[31m";
    run.where = "a,line=9:b\n::x.lua:3";
    finding.id = "A,file=b:c\n::error::";
    char *text = annotate(&run, 1, &(struct ds_github){0});
    assert_int_equal(paper_count(text, "\n"), 1);
    assert_lacks(text, "\033");
    assert_has(text, "::error file=a%2Cline=9%3Ab%0A%3A%3Ax.lua,line=3,title=A%2Cfile=b%3Ac%0A");
    assert_has(text, "100%25");
    free(text);
}

static ds_rc annotate_with_little(void *owner)
{
    struct ds_buf out = {0};
    ds_report_github(owner, &(struct ds_github){"/w", "/w/x"}, &out);
    ds_rc rc = out.broken ? DS_NOMEM : DS_OK;
    ds_buf_clean_up(&out);
    return rc;
}

static void want_of_memory_is_seen(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    struct ds_suite_result suite = {.runs = &run, .run_count = 1};
    (void)state;
    ds_exhaust(annotate_with_little, &suite);
    sample_exhaust(ds_report_code_quality);
}

/* ---- GitLab ---- */

static json_t *quality_of(struct ds_run_result *runs, size_t count)
{
    char *text = sample_report(ds_report_code_quality, runs, count);
    json_t *list = json_loads(text, 0, NULL);
    assert_true(json_is_array(list));
    free(text);
    return list;
}

static const char *text_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void code_quality_has_what_gitlab_asks_for(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result runs[] = {paper_pass(), paper_fail(&finding)};
    (void)state;
    json_t *list = quality_of(runs, 2);
    assert_int_equal(json_array_size(list), 1);
    const json_t *first = json_array_get(list, 0), *at = json_object_get(first, "location");
    assert_string_equal(text_of(first, "description"),
                        "calls/busy@behind_pbx:bypass_on/ev_to_pstn: audio went by mediation");
    assert_string_equal(text_of(first, "check_name"), "BYP-01");
    assert_string_equal(text_of(first, "severity"), "critical");
    assert_int_equal(strlen(text_of(first, "fingerprint")), 16);
    assert_string_equal(text_of(at, "path"), "scenarios/calls/busy.lua");
    assert_int_equal(json_integer_value(json_object_get(json_object_get(at, "lines"), "begin")),
                     14);
    json_decref(list);
}

static void a_fingerprint_tells_troubles_apart_and_nothing_else(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result one = paper_fail(&finding), other = paper_fail(&finding);
    (void)state;
    other.sentence = "61 packets, not 60";
    other.seed = 9;
    json_t *first = quality_of(&one, 1), *again = quality_of(&other, 1);
    other.where = "scenarios/calls/busy.lua:15";
    json_t *elsewhere = quality_of(&other, 1);
    const char *print = text_of(json_array_get(first, 0), "fingerprint");
    assert_string_equal(print, text_of(json_array_get(again, 0), "fingerprint"));
    assert_string_not_equal(print, text_of(json_array_get(elsewhere, 0), "fingerprint"));
    json_decref(first);
    json_decref(again);
    json_decref(elsewhere);
}

static void nothing_wrong_is_an_empty_list(void **state)
{
    struct ds_run_result run = paper_pass();
    (void)state;
    char *text = sample_report(ds_report_code_quality, &run, 1);
    assert_string_equal(text, "[]\n");
    free(text);
}

static void a_summary_is_added_to_what_is_there(void **state)
{
    struct ds_run_result run = paper_pass();
    const struct ds_suite_result suite = {.runs = &run, .run_count = 1};
    struct sample_folder folder;
    struct ds_why why;
    (void)state;
    sample_folder_make(&folder);
    sample_write(folder.path, "# before\n");
    assert_int_equal(ds_report_markdown_append(&suite, folder.path, &why), DS_OK);
    assert_int_equal(ds_report_markdown_append(&suite, folder.path, &why), DS_OK);
    char *text = paper_read(folder.path);
    assert_int_equal(strncmp(text, "# before\n## directsip: 1 of 1", 29), 0);
    assert_int_equal(paper_count(text, "## directsip: 1 of 1 runs passed"), 2);
    free(text);
    assert_int_equal(ds_report_markdown_append(&suite, folder.directory, &why), DS_IO);
    sample_contains(why.text, "cannot write");
    sample_folder_remove(&folder);
}

int test_github(void);

int test_github(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_is_an_error_at_its_line),
        cmocka_unit_test(a_path_begins_at_the_top_of_the_workspace),
        cmocka_unit_test(the_same_trouble_at_one_line_is_one_notice),
        cmocka_unit_test(what_is_unsure_is_a_warning_and_what_is_skipped_is_nothing),
        cmocka_unit_test(an_own_expectation_goes_before_what_was_not_seen),
        cmocka_unit_test(ten_are_shown_and_the_rest_is_counted),
        cmocka_unit_test(hostile_text_begins_no_command),
        cmocka_unit_test(want_of_memory_is_seen),
        cmocka_unit_test(code_quality_has_what_gitlab_asks_for),
        cmocka_unit_test(a_fingerprint_tells_troubles_apart_and_nothing_else),
        cmocka_unit_test(nothing_wrong_is_an_empty_list),
        cmocka_unit_test(a_summary_is_added_to_what_is_there),
    };
    return cmocka_run_group_tests_name("github", tests, NULL, NULL);
}
