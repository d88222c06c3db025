#include "sample.h"

#include <string.h>

static const struct ds_terminal plain = {0};
static const struct ds_terminal coloured = {.colour = true};
static const struct ds_terminal talkative = {.verbosity = 1};

typedef void print_fn(const struct ds_run_result *, const struct ds_terminal *, struct ds_buf *);

static void assert_prints(print_fn *print,
                          const struct ds_run_result *run,
                          const struct ds_terminal *terminal,
                          const char *expected)
{
    struct ds_buf out = {0};
    print(run, terminal, &out);
    assert_false(out.broken);
    assert_string_equal(out.at, expected);
    ds_buf_clean_up(&out);
}

static void a_run_is_one_aligned_line(void **state)
{
    struct ds_run_result run = sample_pass();
    (void)state;
    assert_prints(ds_report_line, &run, &plain,
                  "pass      calls/busy                         behind_pbx:bypass_on           "
                  "ev_to_pstn     0.06 s\n");
    run.result = DS_RESULT_NOT_SEEN;
    run.variant = run.call = NULL;
    assert_prints(ds_report_line, &run, &plain,
                  "not-seen  calls/busy                         behind_pbx                     "
                  "               0.06 s\n");
}

static void the_word_alone_is_coloured(void **state)
{
    static const char *const words[] = {"\033[32mpass\033[0m  ",    "\033[1;31mFAIL\033[0m  ",
                                        "\033[33munclear\033[0m  ", "\033[33mnot-seen\033[0m  ",
                                        "\033[2mskip\033[0m  ",     "\033[1;31mERROR\033[0m  "};
    struct ds_run_result run = sample_pass();
    (void)state;
    for (int each = DS_RESULT_PASS; each <= DS_RESULT_ERROR; each++) {
        struct ds_buf out = {0};
        run.result = (enum ds_result)each;
        ds_report_line(&run, &coloured, &out);
        assert_int_equal(strncmp(out.at, words[each], strlen(words[each])), 0);
        assert_null(strchr(out.at + strlen(words[each]), '\033'));
        ds_buf_clean_up(&out);
    }
}

static void a_line_is_cut_to_the_terminal(void **state)
{
    const struct ds_run_result run = sample_pass();
    const struct ds_terminal narrow = {.width = 16}, tiny = {.width = 2};
    (void)state;
    assert_prints(ds_report_line, &run, &narrow, "pass      calls…\n");
    assert_prints(ds_report_line, &run, &tiny, "pass…\n");
}

static void a_line_obeys_no_text(void **state)
{
    struct ds_run_result run = sample_pass();
    struct ds_buf out = {0};
    (void)state;
    run.scenario = sample_text("\033[2J");
    run.topology = sample_text("a\nb");
    ds_report_line(&run, &plain, &out);
    sample_contains(out.at, "\\x1b[2J ");
    sample_contains(out.at, "a\\x0ab:bypass_on ");
    ds_buf_clean_up(&out);
}

static void a_failure_says_what_where_and_how_to_see_it_again(void **state)
{
    struct ds_result_finding finding;
    const struct ds_run_result run = sample_fail(&finding);
    (void)state;
    assert_prints(ds_report_failure, &run, &plain,
                  "      fail  BYP-01  Audio stays in the branch\n"
                  "            61 packets reached mediation  #41, #42\n"
                  "      see    reports/out/busy/run.pcapng\n"
                  "      rerun  directsip run calls/busy --seed 7\n");
}

static void an_expectation_of_the_scenario_shows_its_line(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = sample_fail(&finding);
    (void)state;
    finding.id = sample_text("");
    finding.where = sample_text("scenarios/calls/busy.lua:28");
    finding.frame_count = 0;
    run.capture = run.rerun = NULL;
    assert_prints(ds_report_failure, &run, &plain,
                  "      fail  expected  scenarios/calls/busy.lua:28\n"
                  "            61 packets reached mediation\n");
}

static void a_run_that_stopped_says_where(void **state)
{
    const struct ds_run_result run = {.result = DS_RESULT_ERROR,
                                      .sentence = sample_text("port 5060 is taken"),
                                      .where = sample_text("scenarios/x.lua:3")};
    (void)state;
    assert_prints(ds_report_failure, &run, &plain, "      scenarios/x.lua:3  port 5060 is taken\n");
}

static void what_did_not_decide_the_run_is_not_shown(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = sample_fail(&finding);
    struct ds_buf out = {0};
    (void)state;
    finding.counted = false;
    ds_report_failure(&run, &plain, &out);
    sample_lacks(out.at, "BYP-01");
    sample_contains(out.at, "scenarios/calls/busy.lua:28  61 packets reached mediation\n");
    ds_buf_clean_up(&out);
}

static void failures_hide_what_was_not_seen_behind_them(void **state)
{
    struct ds_result_finding findings[3];
    struct ds_run_result run = sample_fail(&findings[0]);
    struct ds_buf out = {0};
    (void)state;
    findings[1] = findings[2] = findings[0];
    findings[0].verdict = sample_text("not-seen");
    findings[0].id = sample_text("MED-01");
    findings[2].verdict = sample_text("unclear");
    findings[2].id = sample_text("MED-02");
    run.findings = findings;
    run.finding_count = 3;
    ds_report_failure(&run, &plain, &out);
    sample_lacks(out.at, "MED-01");
    assert_true(strstr(out.at, "BYP-01") < strstr(out.at, "unclear  MED-02"));
    sample_contains(out.at, "and 1 requirement not seen: see verdict.json");
    ds_buf_clean_up(&out);
}

static void a_failure_obeys_no_text(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = sample_fail(&finding);
    struct ds_buf out = {0};
    (void)state;
    finding.id = finding.requirement = finding.verdict = sample_text("fail");
    finding.id = sample_text("\033]0;x\a");
    finding.sentence = sample_text("\xc2\x9b"
                                   "2J");
    run.capture = run.rerun = run.log = sample_text("\033[31m");
    ds_report_failure(&run, &talkative, &out);
    assert_null(strchr(out.at, '\033'));
    sample_lacks(out.at, "\xc2\x9b");
    ds_buf_clean_up(&out);
}

static void the_story_is_told_to_those_who_ask(void **state)
{
    struct ds_run_result run = {.result = DS_RESULT_ERROR, .sentence = sample_text("it broke")};
    struct ds_buf log = {0}, out = {0};
    (void)state;
    for (int i = 1; i <= 25; i++)
        ds_buf_print(&log, "%sline %d", i == 1 ? "" : "\n", i);
    run.log = log.at;
    assert_prints(ds_report_failure, &run, &plain, "      it broke\n");
    ds_report_failure(&run, &talkative, &out);
    sample_lacks(out.at, "| line 5\n");
    sample_contains(out.at, "      it broke\n      | line 6\n");
    sample_contains(out.at, "      | line 25\n");
    ds_buf_clean_up(&out);
    ds_buf_clean_up(&log);
}

static ds_rc attempt(void *owner)
{
    struct ds_buf out = {0};
    ds_report_line(owner, &coloured, &out);
    ds_report_failure(owner, &coloured, &out);
    ds_rc rc = out.broken ? DS_NOMEM : DS_OK;
    ds_buf_clean_up(&out);
    return rc;
}

static void want_of_memory_breaks_the_text(void **state)
{
    struct ds_result_finding finding;
    struct ds_run_result run = sample_fail(&finding);
    (void)state;
    ds_exhaust(attempt, &run);
}

int test_failure(void);

int test_failure(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_one_aligned_line),
        cmocka_unit_test(the_word_alone_is_coloured),
        cmocka_unit_test(a_line_is_cut_to_the_terminal),
        cmocka_unit_test(a_line_obeys_no_text),
        cmocka_unit_test(a_failure_says_what_where_and_how_to_see_it_again),
        cmocka_unit_test(an_expectation_of_the_scenario_shows_its_line),
        cmocka_unit_test(a_run_that_stopped_says_where),
        cmocka_unit_test(what_did_not_decide_the_run_is_not_shown),
        cmocka_unit_test(failures_hide_what_was_not_seen_behind_them),
        cmocka_unit_test(a_failure_obeys_no_text),
        cmocka_unit_test(the_story_is_told_to_those_who_ask),
        cmocka_unit_test(want_of_memory_breaks_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
