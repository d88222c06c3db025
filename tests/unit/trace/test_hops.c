#include "stage.h"

/* One call through a proxy: one Call-ID on two hops. */

#define CALLER STAGE_ADDR(1, 5060)
#define PROXY  STAGE_ADDR(2, 5060)
#define CALLEE STAGE_ADDR(3, 5060)

static void say(struct stage *stage, struct ds_addr from, struct ds_addr to, struct stage_line line)
{
    stage_say(stage, from, to, &line);
}

static void both_hops_of_a_proxied_invite_are_seen_with_their_answers(void **state)
{
    struct stage stage;
    const char *start = "INVITE sip:+15550142@b SIP/2.0";
    (void)state;
    stage_open(&stage);
    say(&stage, CALLER, PROXY, (struct stage_line){.start = start, .branch = "a"});
    say(&stage, PROXY, CALLER, (struct stage_line){.start = "SIP/2.0 100 Trying", .branch = "a"});
    say(&stage, PROXY, CALLEE, (struct stage_line){.start = start, .branch = "b"});
    say(&stage, CALLEE, PROXY,
        (struct stage_line){.start = "SIP/2.0 200 OK", .branch = "b", .to_tag = "t"});
    say(&stage, PROXY, CALLER,
        (struct stage_line){.start = "SIP/2.0 200 OK", .branch = "a", .to_tag = "t"});
    say(&stage, CALLER, PROXY,
        (struct stage_line){
            .start = "ACK sip:b SIP/2.0", .cseq = "1 ACK", .branch = "c", .to_tag = "t"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->leg_count, 1);
    assert_int_equal(trace->call_count, 1);
    const struct ds_call *call = &trace->calls[0];
    assert_int_equal(call->hop_count, 2);
    assert_ptr_equal(call->hops[0].invite, &trace->events[0]);
    assert_ptr_equal(call->hops[0].final, &trace->events[4]);
    assert_ptr_equal(call->hops[0].ack, &trace->events[5]);
    assert_ptr_equal(call->hops[1].invite, &trace->events[2]);
    assert_ptr_equal(call->hops[1].final, &trace->events[3]);
    assert_int_equal(call->hops[1].final_status, 200);
    assert_null(call->hops[1].ack);
    assert_int_equal(call->outcome, DS_ANSWERED);
    assert_int_equal(call->answered_at, 4000);
    stage_close(&stage);
}

static void the_ack_of_a_refusal_and_a_cancel_belong_to_their_hop(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    say(&stage, CALLER, PROXY, (struct stage_line){.start = "INVITE sip:1@b SIP/2.0"});
    say(&stage, CALLER, PROXY,
        (struct stage_line){.start = "CANCEL sip:1@b SIP/2.0", .cseq = "1 CANCEL"});
    say(&stage, PROXY, CALLER,
        (struct stage_line){.start = "SIP/2.0 200 OK", .cseq = "1 CANCEL", .to_tag = "t"});
    say(&stage, PROXY, CALLER,
        (struct stage_line){.start = "SIP/2.0 487 Request Terminated", .to_tag = "t"});
    say(&stage, CALLER, PROXY,
        (struct stage_line){.start = "ACK sip:1@b SIP/2.0", .cseq = "1 ACK", .to_tag = "t"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    const struct ds_hop_seen *hop = &trace->calls[0].hops[0];
    assert_true(hop->cancelled);
    assert_int_equal(hop->final_status, 487);
    assert_ptr_equal(hop->ack, &trace->events[4]);
    assert_int_equal(trace->calls[0].outcome, DS_CANCELLED);
    assert_int_equal(trace->calls[0].ended_at, 3000);
    assert_int_equal(trace->calls[0].answered_at, -1);
    stage_close(&stage);
}

static void retransmissions_and_reinvites_are_no_hops(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    say(&stage, CALLER, PROXY, (struct stage_line){.start = "INVITE sip:1@b SIP/2.0"});
    say(&stage, CALLER, PROXY, (struct stage_line){.start = "INVITE sip:1@b SIP/2.0"});
    say(&stage, PROXY, CALLER, (struct stage_line){.start = "SIP/2.0 200 OK", .to_tag = "t"});
    say(&stage, CALLER, PROXY,
        (struct stage_line){
            .start = "INVITE sip:1@b SIP/2.0", .cseq = "2 INVITE", .branch = "r", .to_tag = "t"});
    say(&stage, PROXY, CALLER,
        (struct stage_line){.start = "SIP/2.0 488 Not Acceptable Here",
                            .cseq = "2 INVITE",
                            .branch = "r",
                            .to_tag = "t"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->calls[0].hop_count, 1);
    assert_int_equal(trace->calls[0].outcome, DS_ANSWERED);
    stage_close(&stage);
}

static void a_call_that_was_under_way_still_has_a_hop(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    say(&stage, CALLER, PROXY,
        (struct stage_line){.start = "INVITE sip:1@b SIP/2.0", .cseq = "9 INVITE", .to_tag = "t"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->call_count, 1);
    assert_int_equal(trace->calls[0].hop_count, 1);
    stage_close(&stage);
}

static void elements_on_one_host_are_told_apart_by_branch_and_port(void **state)
{
    struct stage stage;
    const struct ds_addr proxy = STAGE_ADDR(1, 5070), callee = STAGE_ADDR(1, 5080);
    (void)state;
    stage_open(&stage);
    say(&stage, CALLER, proxy,
        (struct stage_line){.start = "INVITE sip:1@b SIP/2.0", .branch = "a"});
    say(&stage, proxy, callee,
        (struct stage_line){.start = "INVITE sip:1@b SIP/2.0", .branch = "b"});
    say(&stage, callee, proxy,
        (struct stage_line){.start = "SIP/2.0 200 OK", .branch = "b", .to_tag = "t"});
    say(&stage, proxy, CALLER,
        (struct stage_line){.start = "SIP/2.0 200 OK", .branch = "a", .to_tag = "t"});
    say(&stage, CALLER, proxy,
        (struct stage_line){
            .start = "ACK sip:1@b SIP/2.0", .cseq = "1 ACK", .branch = "c", .to_tag = "t"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->calls[0].hop_count, 2);
    assert_ptr_equal(trace->calls[0].hops[0].final, &trace->events[3]);
    assert_ptr_equal(trace->calls[0].hops[0].ack, &trace->events[4]);
    assert_ptr_equal(trace->calls[0].hops[1].final, &trace->events[2]);
    assert_null(trace->calls[0].hops[1].ack);
    stage_close(&stage);
}

int test_hops(void);

int test_hops(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_hops_of_a_proxied_invite_are_seen_with_their_answers),
        cmocka_unit_test(the_ack_of_a_refusal_and_a_cancel_belong_to_their_hop),
        cmocka_unit_test(retransmissions_and_reinvites_are_no_hops),
        cmocka_unit_test(a_call_that_was_under_way_still_has_a_hop),
        cmocka_unit_test(elements_on_one_host_are_told_apart_by_branch_and_port),
    };
    return cmocka_run_group_tests_name("hops", tests, NULL, NULL);
}
