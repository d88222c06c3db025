#include "paper.h"

#include <jansson.h>

static struct ds_kill kill_by(const struct ds_run_result *run, const char *requirement)
{
    return (struct ds_kill){.defect = "mediation:keeps_media",
                            .sentence = "relays audio",
                            .requirement = requirement,
                            .allowed = "OPT-02: the other road; CALL-02 : silence",
                            .run = run};
}

static struct ds_result_finding finding_of(char *id, char *verdict)
{
    struct ds_result_finding finding;
    paper_fail(&finding);
    finding.id = id;
    finding.verdict = verdict;
    return finding;
}

/* The verdict on a run in which those three findings were made; BYP-01 must be red. */
static enum ds_kill_verdict
judged(struct ds_result_finding a, struct ds_result_finding b, struct ds_result_finding c)
{
    struct ds_result_finding findings[] = {a, b, c};
    struct ds_run_result run = paper_fail(&findings[0]);
    findings[0] = a;
    run.findings = findings;
    run.finding_count = DS_COUNT(findings);
    const struct ds_kill kill = kill_by(&run, "BYP-01");
    return ds_kill_judge(&kill);
}

static void its_own_requirement_must_be_red(void **state)
{
    const struct ds_result_finding red = finding_of("BYP-01", "fail"),
                                   green = finding_of("BYP-01", "pass"),
                                   unseen = finding_of("BYP-01", "not-seen"),
                                   other = finding_of("OPT-02", "fail"),
                                   fine = finding_of("OPT-01", "pass");
    (void)state;
    assert_int_equal(judged(fine, red, green), DS_CAUGHT);
    assert_int_equal(judged(fine, green, other), DS_MISSED);
    assert_int_equal(judged(fine, unseen, other), DS_MISSED);
}

static void others_may_be_red_only_where_allowed(void **state)
{
    const struct ds_result_finding red = finding_of("BYP-01", "fail"),
                                   allowed = finding_of("CALL-02", "fail"),
                                   stranger = finding_of("OPT-01", "fail"),
                                   own = finding_of("", "fail"),
                                   unclear = finding_of("OPT-01", "unclear");
    (void)state;
    assert_int_equal(judged(red, allowed, own), DS_CAUGHT);
    assert_int_equal(judged(red, allowed, unclear), DS_CAUGHT);
    assert_int_equal(judged(red, allowed, stranger), DS_FALSE_ALARM);
    assert_int_equal(judged(allowed, stranger, own), DS_MISSED);
}

static void a_run_that_was_none_says_nothing(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    const struct ds_kill kill = kill_by(&run, "BYP-01");
    (void)state;
    run.result = DS_RESULT_ERROR;
    assert_int_equal(ds_kill_judge(&kill), DS_NOT_RUN);
    run.result = DS_RESULT_SKIP;
    assert_int_equal(ds_kill_judge(&kill), DS_NOT_RUN);
}

static void a_miss_says_what_was_seen_and_how_to_see_it_again(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    const struct ds_kill kill = kill_by(&run, "OPT-02");
    const struct ds_kill_matrix matrix = {.kills = &kill, .count = 1, .seconds = 0.5};
    const struct ds_terminal quiet = {.verbosity = -1};
    struct ds_buf out = {0};
    (void)state;
    ds_report_kills(&matrix, &quiet, &out);
    assert_string_equal(
        out.at, "MISSED       mediation:keeps_media  OPT-02   BYP-01     relays audio\n"
                "      OPT-02 was not judged in this run\n"
                "      fail  BYP-01  Audio stays in the branch.\n"
                "            audio went by mediation  #7, #12\n"
                "      see    reports/out/busy/run.pcapng\n"
                "      rerun  directsip run calls/busy\n"
                "\n"
                "1 misbehaviour: 0 caught, 1 missed, 0 with a false alarm, 0 not run in 0.5 s\n");
    ds_buf_clean_up(&out);
}

static ds_rc write_one(const struct ds_suite_result *suite, const char *path, struct ds_why *why)
{
    const struct ds_kill kill = kill_by(suite->runs, "BYP-01");
    const struct ds_kill_matrix matrix = {.kills = &kill, .count = 1, .version = "0"};
    return ds_report_kills_json(&matrix, path, why);
}

static void the_file_has_the_matrix_and_the_runs(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = paper_fail(&finding);
    char *text = paper_write(write_one, &run, 1);
    (void)state;
    json_t *file = json_loads(text, 0, NULL), *first;
    first = json_array_get(json_object_get(file, "defects"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "verdict")), "caught");
    const json_t *allowed = json_array_get(json_object_get(first, "allowed"), 1);
    assert_string_equal(json_string_value(json_object_get(allowed, "id")), "CALL-02");
    assert_string_equal(json_string_value(json_object_get(allowed, "reason")), "silence");
    assert_string_equal(json_string_value(json_array_get(json_object_get(first, "caught_by"), 0)),
                        "BYP-01");
    assert_non_null(json_object_get(json_object_get(first, "run"), "findings"));
    json_decref(file);
    free(text);
}

int test_kill(void);

int test_kill(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_own_requirement_must_be_red),
        cmocka_unit_test(others_may_be_red_only_where_allowed),
        cmocka_unit_test(a_run_that_was_none_says_nothing),
        cmocka_unit_test(a_miss_says_what_was_seen_and_how_to_see_it_again),
        cmocka_unit_test(the_file_has_the_matrix_and_the_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
