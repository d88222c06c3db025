#include "world.h"

static void cancelling_a_ringing_call_ends_it_with_487(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.answers = false;
    pair.b.progresses = 180;
    pair.a.watches = "CANCEL";
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    assert_int_equal(ds_session_state(pair.a.session), DS_SESSION_EARLY);
    ds_session_hang_up(pair.a.session, "SIP;cause=200");
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 180\n1 ab CANCEL\n1 ba 200\n1 ba 487\n1 ab ACK\n");
    assert_told(&pair.world, "b invite sdp\na progress 180\nb cancelled\na refused 487\n");
    assert_true(sent_has(&pair.a, "Reason", "SIP;cause=200"));
    pair_stop(&pair);
}

static void a_cancel_that_crosses_the_answer_becomes_a_bye(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.answers = false;
    pair.b.progresses = 180;
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    ds_session_answer(pair.b.session, NULL);
    ds_session_hang_up(pair.a.session, NULL);
    assert_int_equal(ds_session_state(pair.a.session), DS_SESSION_ENDING);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 180\n1 ba 200\n1 ab CANCEL\n1 ab ACK\n1 ab BYE\n"
                             "1 ba 200\n1 ba 200\n");
    assert_told(&pair.world,
                "b invite sdp\na progress 180\nb confirmed\nb ended by BYE\na ended\n");
    pair_stop(&pair);
}

static void a_cancel_that_nobody_answers_ends_in_408(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.answers = false;
    pair.b.progresses = 180;
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    party_stop(&pair.b);
    ds_session_hang_up(pair.a.session, NULL);
    world_run(&pair.world, 40 * DS_S);
    assert_told(&pair.world, "b invite sdp\na progress 180\na refused 408 by itself\n");
    pair_stop(&pair);
}

static void hanging_up_a_call_not_yet_taken_declines_it(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.answers = false;
    pair.b.watches = "480";
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    ds_session_hang_up(pair.b.session, "Q.850;cause=19");
    assert_int_equal(ds_session_state(pair.b.session), DS_SESSION_ENDED);
    world_run(&pair.world, 2 * DS_S);
    assert_told(&pair.world, "b invite sdp\nb ended\na refused 480\n");
    assert_true(sent_has(&pair.b, "Reason", "Q.850;cause=19"));
    pair_stop(&pair);
}

static void a_bye_that_nobody_answers_still_ends_the_session(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    party_stop(&pair.b);
    ds_session_hang_up(pair.a.session, NULL);
    world_run(&pair.world, 32 * DS_S);
    assert_told(&pair.world, "b invite sdp\na answered 200 sdp\nb confirmed\n");
    world_run(&pair.world, 34 * DS_S);
    assert_told(&pair.world, "a ended\n");
    pair_stop(&pair);
}

static void both_may_hang_up_at_once(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    assert_told(&pair.world, "b invite sdp\na answered 200 sdp\nb confirmed\n");
    ds_session_hang_up(pair.a.session, NULL);
    ds_session_hang_up(pair.b.session, NULL);
    world_run(&pair.world, 40 * DS_S);
    assert_told(&pair.world, "b ended by BYE\na ended by BYE\n");
    assert_int_equal(ds_sip_transaction_count(ds_ua_sip(pair.a.ua)), 0);
    pair_stop(&pair);
}

static void hanging_up_an_ended_session_does_nothing(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.keeps_its_session = true;
    pair.b.refuses = 603;
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    assert_int_equal(ds_session_state(pair.a.session), DS_SESSION_ENDED);
    ds_session_hang_up(pair.a.session, NULL);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 603\n0 ab ACK\n");
    assert_told(&pair.world, "b invite sdp\nb ended\na refused 603\n");
    pair_stop(&pair);
}

int test_hang_up(void);

int test_hang_up(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cancelling_a_ringing_call_ends_it_with_487),
        cmocka_unit_test(a_cancel_that_crosses_the_answer_becomes_a_bye),
        cmocka_unit_test(a_cancel_that_nobody_answers_ends_in_408),
        cmocka_unit_test(hanging_up_a_call_not_yet_taken_declines_it),
        cmocka_unit_test(a_bye_that_nobody_answers_still_ends_the_session),
        cmocka_unit_test(both_may_hang_up_at_once),
        cmocka_unit_test(hanging_up_an_ended_session_does_nothing),
    };
    return cmocka_run_group_tests_name("hang_up", tests, NULL, NULL);
}
