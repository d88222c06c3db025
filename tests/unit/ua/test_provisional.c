#include "world.h"

#include <stdio.h>

static void ring_reliably(struct pair *pair)
{
    pair_start(pair, DS_UDP);
    pair->b.answers = false;
    pair->b.progresses = 183;
    pair->b.reliable = true;
    pair->b.with_sdp = true;
    pair->b.watches = "183";
    pair->a.watches = "PRACK";
    party_call(&pair->a, 'b', 'b');
}

static void a_reliable_provisional_is_acknowledged(void **state)
{
    struct pair pair;
    struct ds_slice rseq, rack, first;
    (void)state;
    ring_reliably(&pair);
    world_run(&pair.world, 1 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 183\n0 ab PRACK\n0 ba 200\n");
    assert_told(&pair.world, "b invite sdp\na progress 183 sdp\n");
    assert_true(sent_has(&pair.b, "Require", "100rel"));
    assert_true(sent_has(&pair.a, "Max-Forwards", "70"));
    assert_true(sent_has(&pair.a, "CSeq", "2 PRACK"));
    assert_true(ds_msg_header(pair.b.sent, "RSeq", 0, &rseq));
    assert_true(ds_msg_header(pair.a.sent, "RAck", 0, &rack));
    assert_true(ds_slice_cut(&rack, ' ', &first));
    assert_true(ds_slice_equal(first, rseq));
    assert_true(ds_slice_equal(rack, DS_LITERAL("1 INVITE")));
    ds_session_answer(pair.b.session, NULL);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1 ba 200\n1 ab ACK\n");
    assert_told(&pair.world, "a answered 200\nb confirmed\n");
    pair_stop(&pair);
}

static void it_is_resent_until_then_and_a_repetition_is_not_told(void **state)
{
    struct pair pair;
    (void)state;
    ring_reliably(&pair);
    pair.a.loses = "PRACK";
    pair.a.losses = 2;
    world_run(&pair.world, 4 * DS_S);
    assert_told(&pair.world, "b invite sdp\na progress 183 sdp\n");
    ds_session_hang_up(pair.a.session, NULL);
    world_run(&pair.world, 5 * DS_S);
    assert_told(&pair.world, "b cancelled\na refused 487\n");
    pair_stop(&pair);
}

static void an_answer_waits_for_the_prack_of_a_description(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.progresses = 183;
    pair.b.reliable = true;
    pair.b.with_sdp = true;
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 10 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 183\n0 ab PRACK\n0 ba 200\n0 ba 200\n0 ab ACK\n");
    assert_told(&pair.world, "b invite sdp\na progress 183 sdp\na answered 200 sdp\nb confirmed\n");
    pair_stop(&pair);
}

static void an_answer_that_still_waits_can_be_taken_back(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.progresses = 183;
    pair.b.reliable = true;
    pair.b.with_sdp = true;
    pair.a.loses = "PRACK";
    pair.a.losses = 1;
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 300 * DS_MS);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 183\n");
    assert_int_equal(ds_session_state(pair.b.session), DS_SESSION_EARLY);
    ds_session_hang_up(pair.b.session, NULL);
    world_run(&pair.world, 10 * DS_S);
    assert_told(&pair.world, "b invite sdp\na progress 183 sdp\nb ended\na refused 480\n");
    pair_stop(&pair);
}

static void an_answer_does_not_wait_where_there_was_no_description(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.progresses = 180;
    pair.b.reliable = true;
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 10 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 180\n0 ba 200\n0 ab PRACK\n0 ab ACK\n0 ba 200\n");
    assert_told(&pair.world, "b invite sdp\na progress 180\na answered 200 sdp\nb confirmed\n");
    pair_stop(&pair);
}

static void several_provisionals_go_out_one_after_the_other(void **state)
{
    struct pair pair;
    const struct ds_content content = {.reliable = true};
    (void)state;
    ring_reliably(&pair);
    world_run(&pair.world, 0);
    for (int status = 180; status < 183; status++)
        ds_session_progress(pair.b.session, status, &content);
    world_run(&pair.world, 1 * DS_S);
    assert_told(&pair.world, "b invite sdp\na progress 183 sdp\na progress 180\na progress 181\n"
                             "a progress 182\n");
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 183\n0 ab PRACK\n0 ba 200\n0 ba 180\n0 ab PRACK\n"
                             "0 ba 200\n0 ba 181\n0 ab PRACK\n0 ba 200\n0 ba 182\n0 ab PRACK\n"
                             "0 ba 200\n");
    pair_stop(&pair);
}

static const char invite_with_100rel[] = "INVITE sip:b@127.0.0.11 SIP/2.0\r\n"
                                         "Via: SIP/2.0/UDP 127.0.0.30:5060;branch=z9hG4bK1\r\n"
                                         "From: <sip:u@contoso.example>;tag=1\r\n"
                                         "To: <sip:b@contoso.example>\r\n"
                                         "Call-ID: x\r\n"
                                         "CSeq: 1 INVITE\r\n"
                                         "Supported: timer, 100rel\r\n"
                                         "Contact: <sip:u@127.0.0.30>\r\n"
                                         "Content-Length: 0\r\n\r\n";

static void without_a_prack_the_call_fails(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.answers = false;
    pair.b.progresses = 180;
    pair.b.reliable = true;
    world_throw(&pair.world, 'b', invite_with_100rel);
    world_run(&pair.world, 31 * DS_S);
    assert_wire(&pair.world, "0 ub INVITE\n0 bu 180\n0.5 bu 180\n1.5 bu 180\n3.5 bu 180\n"
                             "7.5 bu 180\n15.5 bu 180\n");
    assert_told(&pair.world, "b invite\n");
    pair.b.watches = "504";
    world_run(&pair.world, 32 * DS_S);
    assert_told(&pair.world, "b ended\n");
    assert_non_null(pair.b.sent);
    pair_stop(&pair);
}

static void throw_prack(struct pair *pair, struct ds_slice tag, const char *cseq, const char *rack)
{
    char text[512];
    snprintf(text, sizeof text,
             "PRACK sip:b@127.0.0.11 SIP/2.0\r\n"
             "Via: SIP/2.0/UDP 127.0.0.30:5060;branch=z9hG4bK%s\r\n"
             "From: <sip:u@contoso.example>;tag=1\r\n"
             "To: <sip:b@contoso.example>;tag=%.*s\r\n"
             "Call-ID: x\r\n"
             "CSeq: %s PRACK\r\n"
             "%s\r\n"
             "Content-Length: 0\r\n\r\n",
             cseq, DS_FMT(tag), cseq, rack);
    world_throw(&pair->world, 'b', text);
}

static void a_prack_that_matches_nothing_gets_481(void **state)
{
    static const char *const racks[] = {"RAck: 0 1 INVITE", "RAck: x", "RAck: 1", "RAck: 1 1",
                                        "Subject: no RAck"};
    struct pair pair;
    char cseq[2] = "2";
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.answers = false;
    pair.b.progresses = 180;
    pair.b.reliable = true;
    pair.b.watches = "180";
    world_throw(&pair.world, 'b', invite_with_100rel);
    struct ds_msg *ringing = ds_msg_ref(pair.b.sent);
    ds_buf_clean_up(&pair.world.wire);
    for (size_t i = 0; i < DS_COUNT(racks); i++) {
        throw_prack(&pair, ds_msg_to_tag(ringing), cseq, racks[i]);
        assert_wire(&pair.world, "0 ub PRACK\n0 bu 481\n");
        cseq[0]++;
    }
    ds_msg_unref(&ringing);
    pair_stop(&pair);
}

static void a_peer_without_100rel_gets_plain_provisionals(void **state)
{
    struct pair pair;
    char text[sizeof invite_with_100rel];
    size_t at;
    (void)state;
    pair_start(&pair, DS_UDP);
    memcpy(text, invite_with_100rel, sizeof text);
    assert_true(ds_slice_find(ds_slice_of(text), DS_LITERAL("100rel"), &at));
    text[at] = '9';
    pair.b.answers = false;
    pair.b.progresses = 180;
    pair.b.reliable = true;
    pair.b.watches = "180";
    world_throw(&pair.world, 'b', text);
    world_run(&pair.world, 5 * DS_S);
    assert_wire(&pair.world, "0 ub INVITE\n0 bu 180\n");
    struct ds_slice value;
    assert_false(ds_msg_header(pair.b.sent, "RSeq", 0, &value));
    pair_stop(&pair);
}

int test_provisional(void);

int test_provisional(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reliable_provisional_is_acknowledged),
        cmocka_unit_test(it_is_resent_until_then_and_a_repetition_is_not_told),
        cmocka_unit_test(an_answer_waits_for_the_prack_of_a_description),
        cmocka_unit_test(an_answer_that_still_waits_can_be_taken_back),
        cmocka_unit_test(an_answer_does_not_wait_where_there_was_no_description),
        cmocka_unit_test(several_provisionals_go_out_one_after_the_other),
        cmocka_unit_test(without_a_prack_the_call_fails),
        cmocka_unit_test(a_prack_that_matches_nothing_gets_481),
        cmocka_unit_test(a_peer_without_100rel_gets_plain_provisionals),
    };
    return cmocka_run_group_tests_name("provisional", tests, NULL, NULL);
}
