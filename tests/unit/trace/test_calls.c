#include "stage.h"

#define CALLER STAGE_ADDR(1, 5060)
#define CALLEE STAGE_ADDR(2, 5060)

static void ask(struct stage *stage, struct stage_line line)
{
    stage_say(stage, CALLER, CALLEE, &line);
}

static void answer(struct stage *stage, struct stage_line line)
{
    line.to_tag = "t";
    stage_say(stage, CALLEE, CALLER, &line);
}

static void an_answered_call_has_numbers_and_times(void **state)
{
    const struct ds_topo_node nodes[] = {
        {.name = "gateway", .role = DS_ROLE_GATEWAY, .at = STAGE_ADDR(1, 0)},
        {.name = "mediation", .role = DS_ROLE_MEDIATION, .at = STAGE_ADDR(2, 0)}};
    const struct ds_topo topo = {.nodes = nodes, .node_count = 2};
    struct stage stage;
    (void)state;
    stage_open(&stage);
    ask(&stage, (struct stage_line){.start = "INVITE sip:+15550142@b SIP/2.0"});
    answer(&stage, (struct stage_line){.start = "SIP/2.0 200 OK"});
    ask(&stage, (struct stage_line){.start = "ACK sip:b SIP/2.0", .cseq = "1 ACK", .to_tag = "t"});
    stage.at = 3000000;
    ask(&stage, (struct stage_line){.start = "BYE sip:b SIP/2.0", .cseq = "2 BYE", .to_tag = "t"});
    answer(&stage, (struct stage_line){.start = "SIP/2.0 200 OK", .cseq = "2 BYE"});
    const struct ds_trace *trace = stage_read(&stage, &topo);
    assert_int_equal(trace->call_count, 1);
    const struct ds_call *call = &trace->calls[0];
    assert_string_equal(call->from_number, "+15550100");
    assert_string_equal(call->to_number, "+15550142");
    assert_ptr_equal(call->from_node, &nodes[0]);
    assert_ptr_equal(call->to_node, &nodes[1]);
    assert_int_equal(call->outcome, DS_ANSWERED);
    assert_int_equal(call->final_status, 200);
    assert_int_equal(call->began_at, 0);
    assert_int_equal(call->answered_at, 1000);
    assert_int_equal(call->ended_at, 3000000);
    assert_ptr_equal(call->bye, &trace->events[3]);
    assert_int_equal(call->event_count, 5);
    assert_false(call->ambiguous);
    stage_close(&stage);
}

/* The proxy at 2 forks to 3 and 4. Both answer; 3's answer leaves first, and 4's arrives first. */
static void a_fork_is_answered_by_the_first_that_reaches_the_caller(void **state)
{
    const struct ds_addr proxy = STAGE_ADDR(2, 5060), three = STAGE_ADDR(3, 5060),
                         four = STAGE_ADDR(4, 5060);
    const struct ds_topo_node nodes[] = {
        {.name = "alice", .role = DS_ROLE_CLIENT, .at = STAGE_ADDR(4, 0)},
        {.name = "alice_desk", .role = DS_ROLE_CLIENT, .at = STAGE_ADDR(3, 0)}};
    const struct ds_topo topo = {.nodes = nodes, .node_count = 2};
    const struct stage_line invite = {.start = "INVITE sip:1@b SIP/2.0"};
    struct stage_line to_four = invite, to_three = invite;
    to_four.branch = "four";
    to_three.branch = "three";
    const struct stage_line bye3 = {.start = "BYE sip:3 SIP/2.0", .cseq = "2 BYE", .to_tag = "3"};
    const struct stage_line bye4 = {.start = "BYE sip:4 SIP/2.0", .cseq = "2 BYE", .to_tag = "4"};
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_say(&stage, CALLER, proxy, &invite);
    stage_say(&stage, proxy, four, &to_four);
    stage_say(&stage, proxy, three, &to_three);
    const char *ok = "SIP/2.0 200 OK";
    stage_say(&stage, three, proxy,
              &(struct stage_line){.start = ok, .branch = "three", .to_tag = "3"});
    stage_say(&stage, four, proxy,
              &(struct stage_line){.start = ok, .branch = "four", .to_tag = "4"});
    stage_say(&stage, proxy, CALLER, &(struct stage_line){.start = ok, .to_tag = "4"});
    stage_say(&stage, proxy, CALLER, &(struct stage_line){.start = ok, .to_tag = "3"});
    stage_say(&stage, CALLER, proxy, &bye3);
    stage.at = 3000000;
    stage_say(&stage, CALLER, proxy, &bye4);
    const struct ds_trace *trace = stage_read(&stage, &topo);
    assert_int_equal(trace->call_count, 1);
    assert_ptr_equal(trace->calls[0].to_node, &nodes[0]);
    assert_ptr_equal(trace->calls[0].bye, &trace->events[8]);
    assert_int_equal(trace->calls[0].ended_at, 3000000);
    stage_close(&stage);
}

static void a_refused_call_ends_with_its_refusal(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    ask(&stage, (struct stage_line){.start = "INVITE sip:1@b SIP/2.0"});
    answer(&stage, (struct stage_line){.start = "SIP/2.0 486 Busy Here"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->calls[0].outcome, DS_REFUSED);
    assert_int_equal(trace->calls[0].final_status, 486);
    assert_int_equal(trace->calls[0].ended_at, 1000);
    assert_int_equal(trace->calls[0].answered_at, -1);
    stage_close(&stage);
}

static void a_call_without_an_answer_never_ends(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    ask(&stage, (struct stage_line){.start = "INVITE sip:1@b SIP/2.0"});
    answer(&stage, (struct stage_line){.start = "SIP/2.0 180 Ringing"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->calls[0].outcome, DS_UNANSWERED);
    assert_int_equal(trace->calls[0].final_status, 0);
    assert_int_equal(trace->calls[0].ended_at, -1);
    stage_close(&stage);
}

static void a_challenge_is_not_the_answer(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    ask(&stage, (struct stage_line){.start = "INVITE sip:1@b SIP/2.0"});
    answer(&stage, (struct stage_line){.start = "SIP/2.0 407 Proxy Authentication Required"});
    ask(&stage,
        (struct stage_line){.start = "INVITE sip:1@b SIP/2.0", .cseq = "2 INVITE", .branch = "b"});
    answer(&stage,
           (struct stage_line){.start = "SIP/2.0 200 OK", .cseq = "2 INVITE", .branch = "b"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->call_count, 1);
    assert_int_equal(trace->calls[0].hop_count, 2);
    assert_int_equal(trace->calls[0].outcome, DS_ANSWERED);
    assert_int_equal(trace->calls[0].answered_at, 3000);
    stage_close(&stage);
}

static void legs_without_an_invite_belong_to_no_call(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    ask(&stage, (struct stage_line){
                    .start = "OPTIONS sip:b SIP/2.0", .cseq = "1 OPTIONS", .call_id = "options"});
    ask(&stage, (struct stage_line){.start = "INVITE sip:1@b SIP/2.0"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->leg_count, 2);
    assert_null(trace->legs[0].call);
    assert_null(trace->legs[0].invite);
    assert_int_equal(trace->legs[0].event_count, 1);
    assert_int_equal(trace->call_count, 1);
    assert_ptr_equal(trace->calls[0].legs[0], &trace->legs[1]);
    assert_ptr_equal(trace->legs[1].call, &trace->calls[0]);
    stage_close(&stage);
}

int test_calls(void);

int test_calls(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answered_call_has_numbers_and_times),
        cmocka_unit_test(a_fork_is_answered_by_the_first_that_reaches_the_caller),
        cmocka_unit_test(a_refused_call_ends_with_its_refusal),
        cmocka_unit_test(a_call_without_an_answer_never_ends),
        cmocka_unit_test(a_challenge_is_not_the_answer),
        cmocka_unit_test(legs_without_an_invite_belong_to_no_call),
    };
    return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
