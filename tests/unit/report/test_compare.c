#include "paper.h"
#include "stage.h"

/* What two worlds must agree on, and how the first difference is told. */

static void assert_outline(struct stage *stage, const char *expected)
{
    const struct ds_topo_node nodes[] = {
        {.name = "gateway", .role = DS_ROLE_GATEWAY, .at = STAGE_ADDR(1, 0)},
        {.name = "pool", .role = DS_ROLE_POOL, .at = STAGE_ADDR(2, 0)}};
    const struct ds_topo topo = {.nodes = nodes, .node_count = 2};
    struct ds_buf out = {0};
    ds_outline_print(stage_read(stage, &topo), &out);
    assert_false(out.broken);
    assert_string_equal(out.at == NULL ? "" : out.at, expected);
    ds_buf_clean_up(&out);
    stage_close(stage);
}

static void there(struct stage *stage, struct stage_line line)
{
    stage_say(stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), &line);
}

static void back(struct stage *stage, struct stage_line line)
{
    line.to_tag = "t";
    stage_say(stage, STAGE_ADDR(2, 5060), STAGE_ADDR(1, 5060), &line);
}

static void an_outline_leaves_out_what_time_decides(void **state)
{
    const struct ds_addr talker = STAGE_ADDR(1, 30000), hearer = STAGE_ADDR(2, 40000);
    struct stage_talk talk = {.from = talker, .to = hearer, .ssrc = 1};
    const struct stage_line invite = {.start = "INVITE sip:+15550142@b SIP/2.0", .media = &talker};
    struct stage stage;
    (void)state;
    stage_open(&stage);
    there(&stage, invite);
    back(&stage, (struct stage_line){.start = "SIP/2.0 100 Trying"});
    there(&stage, invite);
    back(&stage, (struct stage_line){.start = "SIP/2.0 200 OK", .media = &hearer});
    stage_talk(&stage, &talk, 2);
    talk.ssrc = 7;
    stage_talk(&stage, &talk, 2);
    assert_outline(&stage, "call 1, gateway and pool\n"
                           "  gateway -> pool : INVITE +15550142 SDP\n"
                           "  pool -> gateway : 200 SDP\n"
                           "audio\n"
                           "  gateway -> pool : PCMA\n");
}

static void registrations_are_in_it_and_polls_are_not(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    there(&stage, (struct stage_line){
                      .start = "OPTIONS sip:b SIP/2.0", .call_id = "poll", .cseq = "1 OPTIONS"});
    there(&stage, (struct stage_line){.start = "REGISTER sip:b SIP/2.0",
                                      .call_id = "sign-in",
                                      .cseq = "1 REGISTER"});
    back(&stage, (struct stage_line){
                     .start = "SIP/2.0 200 OK", .call_id = "sign-in", .cseq = "1 REGISTER"});
    assert_outline(&stage, "registrations, gateway and pool\n"
                           "  gateway -> pool : REGISTER\n"
                           "  pool -> gateway : 200 (REGISTER)\n");
}

/* ---- two results ---- */

struct pair {
    struct ds_run_result one, other;
    struct ds_result_finding findings[2];
};

static struct pair pair_of(char *outline, char *other_outline)
{
    struct pair pair = {.one = paper_pass(), .other = paper_pass()};
    pair.one.outline = outline;
    pair.other.outline = other_outline;
    pair.other.world = "sim";
    return pair;
}

/* One finding each. */
static void find(struct pair *pair, char *id, char *verdict, char *other_verdict)
{
    struct ds_run_result ignored = paper_fail(&pair->findings[0]);
    (void)ignored;
    pair->findings[0].id = id;
    pair->findings[0].where = "busy.lua:9";
    pair->findings[1] = pair->findings[0];
    pair->findings[0].verdict = verdict;
    pair->findings[1].verdict = other_verdict;
    pair->one.findings = &pair->findings[0];
    pair->other.findings = &pair->findings[1];
    pair->one.finding_count = pair->other.finding_count = 1;
}

/* NULL: they agree. */
static void assert_difference(const struct pair *pair, bool race, const char *expected)
{
    struct ds_buf out = {0};
    assert_int_equal(ds_compare_runs(&pair->one, &pair->other, race, &out), expected != NULL);
    if (expected != NULL)
        assert_string_equal(out.at, expected);
    else
        assert_int_equal(out.len, 0);
    ds_buf_clean_up(&out);
}

static void what_is_the_same_differs_in_nothing(void **state)
{
    struct pair pair = pair_of("call 1, a and b\n  a -> b : BYE\n", "call 1, a and b\n"
                                                                    "  a -> b : BYE\n");
    (void)state;
    find(&pair, "BYP-01", "pass", "pass");
    assert_difference(&pair, false, NULL);
}

static void a_verdict_that_differs_is_named_first(void **state)
{
    struct pair pair = pair_of("x\n", "y\n");
    (void)state;
    find(&pair, "BYP-01", "pass", "unclear");
    assert_difference(&pair, false, "BYP-01 is pass in loopback and unclear in sim");
    pair.other.finding_count = 0;
    assert_difference(&pair, false, "BYP-01 is pass in loopback and not judged in sim");
}

static void an_expectation_is_named_by_its_line(void **state)
{
    struct pair pair = pair_of("", "");
    (void)state;
    find(&pair, "", "fail", "pass");
    assert_difference(&pair, false, "what busy.lua:9 expects is fail in loopback and pass in sim");
    pair.findings[1].where = "busy.lua:7";
    assert_difference(&pair, false,
                      "what busy.lua:9 expects is fail in loopback and not judged in sim");
    pair.one.finding_count = 0;
    assert_difference(&pair, false,
                      "what busy.lua:7 expects is not judged in loopback and pass in sim");
}

static void a_run_that_ends_otherwise_differs(void **state)
{
    struct pair pair = pair_of("", "");
    (void)state;
    pair.other.result = DS_RESULT_FAIL;
    assert_difference(&pair, false, "the run is pass in loopback and FAIL in sim");
    assert_difference(&pair, true, "the run is pass in loopback and FAIL in sim");
}

static void the_first_arrow_that_differs_is_told_under_its_heading(void **state)
{
    const struct pair pair = pair_of("call 1, a and b\n  a -> b : INVITE\n  b -> a : 180\n",
                                     "call 1, a and b\n  a -> b : INVITE\n  b -> a : 183 SDP\n");
    (void)state;
    assert_difference(&pair, false,
                      "call 1, a and b: loopback shows 'b -> a : 180' where sim shows "
                      "'b -> a : 183 SDP'");
}

static void what_is_missing_is_told_too(void **state)
{
    const struct pair shorter = pair_of("call 1, a and b\n  a -> b : BYE\naudio\n  a -> b : PCMU\n",
                                        "call 1, a and b\naudio\n  a -> b : PCMU\n");
    const struct pair silent = pair_of("call 1, a and b\n  a -> b : BYE\naudio\n  a -> b : PCMU\n",
                                       "call 1, a and b\n  a -> b : BYE\n");
    const struct pair other =
        pair_of("call 1, a and b\n  a -> b : BYE\n", "call 1, a and c\n  a -> c : BYE\n");
    (void)state;
    assert_difference(&shorter, false,
                      "call 1, a and b: loopback shows 'a -> b : BYE' where sim shows nothing "
                      "more");
    assert_difference(&silent, false, "loopback shows 'audio' where sim shows nothing more");
    assert_difference(&other, false,
                      "loopback shows 'call 1, a and b' where sim shows 'call 1, a and c'");
}

static void of_a_race_the_result_counts_alone(void **state)
{
    struct pair pair = pair_of("x\n", "y\n");
    (void)state;
    find(&pair, "BYP-01", "pass", "not-seen");
    assert_difference(&pair, true, NULL);
}

static void a_suite_says_what_each_world_took_and_whether_they_agree(void **state)
{
    const struct ds_terminal plain = {0};
    struct ds_run_result runs[] = {paper_pass(), paper_pass()};
    struct ds_suite_result suite = {
        .runs = runs, .run_count = 2, .compared = 1, .loopback_seconds = 14.21, .sim_seconds = 1.0};
    struct ds_buf out = {0};
    (void)state;
    ds_report_matrix(&suite, &plain, &out);
    assert_has(out.at, "\n1 run in each of 2 worlds: loopback 14.2 s, simulated 1.0 s; no "
                       "difference\n");
    suite.different = 1;
    ds_report_matrix(&suite, &plain, &out);
    assert_has(out.at, "simulated 1.0 s; 1 differs\n");
    ds_buf_clean_up(&out);
}

int test_compare(void);

int test_compare(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_outline_leaves_out_what_time_decides),
        cmocka_unit_test(registrations_are_in_it_and_polls_are_not),
        cmocka_unit_test(what_is_the_same_differs_in_nothing),
        cmocka_unit_test(a_verdict_that_differs_is_named_first),
        cmocka_unit_test(an_expectation_is_named_by_its_line),
        cmocka_unit_test(a_run_that_ends_otherwise_differs),
        cmocka_unit_test(the_first_arrow_that_differs_is_told_under_its_heading),
        cmocka_unit_test(what_is_missing_is_told_too),
        cmocka_unit_test(of_a_race_the_result_counts_alone),
        cmocka_unit_test(a_suite_says_what_each_world_took_and_whether_they_agree),
    };
    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
