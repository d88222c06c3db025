#include "world.h"

#include <stdio.h>

static void an_answer_is_resent_until_its_ack_comes(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.loses = "ACK";
    pair.a.losses = 5;
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 30 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 200\n0.5 ba 200\n1.5 ba 200\n3.5 ba 200\n"
                             "7.5 ba 200\n11.5 ba 200\n11.5 ab ACK\n");
    assert_told(&pair.world, "b invite sdp\na answered 200 sdp\nb confirmed\n");
    pair_stop(&pair);
}

static void over_tcp_too(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_TCP);
    pair.a.loses = "ACK";
    pair.a.losses = 1;
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 10 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 200\n0.5 ba 200\n0.5 ab ACK\n");
    pair_stop(&pair);
}

static void without_an_ack_the_call_is_ended_after_32_seconds(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    party_call(&pair.a, 'b', 'b');
    ds_session_set_flaws(pair.a.session, (struct ds_session_flaws){.no_ack = true});
    world_run(&pair.world, 31 * DS_S);
    assert_told(&pair.world, "b invite sdp\na answered 200 sdp\n");
    ds_buf_clean_up(&pair.world.wire);
    world_run(&pair.world, 33 * DS_S);
    assert_wire(&pair.world, "31.5 ba 200\n32 ba BYE\n32 ab 200\n");
    assert_told(&pair.world, "a ended by BYE\nb ended\n");
    pair_stop(&pair);
}

static void a_callee_waits_for_the_ack_before_its_bye(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.loses = "ACK";
    pair.a.losses = 1;
    pair.b.watches = "BYE";
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 100 * DS_MS);
    ds_session_hang_up(pair.b.session, "Q.850;cause=16");
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world,
                "0 ab INVITE\n0 ba 200\n0.5 ba 200\n0.5 ab ACK\n0.5 ba BYE\n0.5 ab 200\n");
    assert_told(&pair.world, "b invite sdp\na answered 200 sdp\na ended by BYE\nb ended\n");
    assert_true(sent_has(&pair.b, "Reason", "Q.850;cause=16"));
    pair_stop(&pair);
}

static void a_callee_that_waits_in_vain_sends_its_bye_at_last(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    party_call(&pair.a, 'b', 'b');
    ds_session_set_flaws(pair.a.session, (struct ds_session_flaws){.no_ack = true});
    world_run(&pair.world, 1 * DS_S);
    ds_session_hang_up(pair.b.session, NULL);
    world_run(&pair.world, 33 * DS_S);
    assert_told(&pair.world, "b invite sdp\na answered 200 sdp\na ended by BYE\nb ended\n");
    pair_stop(&pair);
}

static void an_offerless_call_is_offered_to_and_answered_in_the_ack(void **state)
{
    static const char invite[] = "INVITE sip:b@127.0.0.11 SIP/2.0\r\n"
                                 "Via: SIP/2.0/UDP 127.0.0.30:5060;branch=z9hG4bK1\r\n"
                                 "From: <sip:u@contoso.example>;tag=1\r\n"
                                 "To: <sip:b@contoso.example>\r\n"
                                 "Call-ID: x\r\n"
                                 "CSeq: 1 INVITE\r\n"
                                 "Contact: <sip:u@127.0.0.30>\r\n"
                                 "Content-Length: 0\r\n\r\n";
    char ack[512];
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.watches = "200";
    world_throw(&pair.world, 'b', invite);
    assert_told(&pair.world, "b invite\n");
    assert_true(sent_has(&pair.b, "Content-Type", "application/sdp"));
    snprintf(ack, sizeof ack,
             "ACK sip:b@127.0.0.11 SIP/2.0\r\n"
             "Via: SIP/2.0/UDP 127.0.0.30:5060;branch=z9hG4bK2\r\n"
             "From: <sip:u@contoso.example>;tag=1\r\n"
             "To: <sip:b@contoso.example>;tag=%.*s\r\n"
             "Call-ID: x\r\n"
             "CSeq: 1 ACK\r\n"
             "Content-Type: application/sdp\r\n"
             "Content-Length: 5\r\n\r\nv=0\r\n",
             DS_FMT(ds_msg_to_tag(pair.b.sent)));
    world_throw(&pair.world, 'b', ack);
    assert_told(&pair.world, "b confirmed sdp\n");
    world_throw(&pair.world, 'b', ack);
    assert_told(&pair.world, "");
    pair_stop(&pair);
}

int test_accept(void);

int test_accept(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_resent_until_its_ack_comes),
        cmocka_unit_test(over_tcp_too),
        cmocka_unit_test(without_an_ack_the_call_is_ended_after_32_seconds),
        cmocka_unit_test(a_callee_waits_for_the_ack_before_its_bye),
        cmocka_unit_test(a_callee_that_waits_in_vain_sends_its_bye_at_last),
        cmocka_unit_test(an_offerless_call_is_offered_to_and_answered_in_the_ack),
    };
    return cmocka_run_group_tests_name("accept", tests, NULL, NULL);
}
