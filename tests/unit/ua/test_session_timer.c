#include "world.h"

/* RFC 4028 over UDP, where the wire shows everything; sessions last 90 s, the least there is. */

#define KNOWS "Supported: timer\r\nSession-Expires: 90"

static void connect_pair(struct pair *pair)
{
    pair->a.watches = "INVITE";
    pair->b.watches = "200";
    party_call(&pair->a, 'b', 'b');
    world_run(&pair->world, 0);
    assert_told(&pair->world, "b invite sdp\na answered 200 sdp\nb confirmed\n");
    ds_buf_clean_up(&pair->world.wire);
}

static void a_session_is_refreshed_by_update_at_half_its_time(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.session_expires_s = 90;
    connect_pair(&pair);
    assert_true(sent_has(&pair.a, "Session-Expires", "90;refresher=uac"));
    assert_true(sent_has(&pair.a, "Min-SE", "90"));
    assert_true(sent_has(&pair.b, "Session-Expires", "90;refresher=uac"));
    assert_true(sent_has(&pair.b, "Require", "timer"));
    pair.a.watches = "UPDATE";
    world_run(&pair.world, 130 * DS_S);
    assert_wire(&pair.world, "45 ab UPDATE\n45 ba 200\n90 ab UPDATE\n90 ba 200\n");
    assert_told(&pair.world, "");
    assert_true(sent_has(&pair.a, "Session-Expires", "90;refresher=uac"));
    assert_true(sent_has(&pair.b, "CSeq", "3 UPDATE"));
    pair_stop(&pair);
}

static void a_peer_without_update_is_sent_the_same_description_again(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.session_expires_s = 90;
    pair.b.hides = "Allow";
    connect_pair(&pair);
    world_run(&pair.world, 50 * DS_S);
    assert_wire(&pair.world, "45 ab INVITE\n45 ba 200\n45 ab ACK\n");
    assert_told(&pair.world, "b offer by INVITE sdp\n");
    assert_true(ds_slice_equal(ds_msg_body(pair.a.sent), DS_LITERAL("v=0\r\n")));
    pair_stop(&pair);
}

static void the_callee_refreshes_where_the_caller_wants_it(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.call_headers = KNOWS ";refresher=uas\r\n";
    connect_pair(&pair);
    assert_true(sent_has(&pair.b, "Session-Expires", "90;refresher=uas"));
    assert_false(sent_has(&pair.b, "Require", "timer"));
    pair.b.watches = "UPDATE";
    world_run(&pair.world, 50 * DS_S);
    assert_wire(&pair.world, "45 ba UPDATE\n45 ab 200\n");
    assert_true(sent_has(&pair.b, "Session-Expires", "90;refresher=uac"));
    pair_stop(&pair);
}

static void an_offer_inside_the_call_refreshes_it_too(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.session_expires_s = 90;
    connect_pair(&pair);
    world_run(&pair.world, 20 * DS_S);
    ds_session_offer(pair.b.session, &hold);
    world_run(&pair.world, 70 * DS_S);
    assert_wire(&pair.world, "20 ba INVITE\n20 ab 200\n20 ba ACK\n65 ab UPDATE\n65 ba 200\n");
    pair_stop(&pair);
}

static void a_session_nobody_refreshes_is_ended_before_it_expires(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.session_expires_s = 90;
    connect_pair(&pair);
    ds_session_set_flaws(pair.a.session, (struct ds_session_flaws){.never_refreshes = true});
    pair.b.watches = "BYE";
    world_run(&pair.world, 70 * DS_S);
    assert_wire(&pair.world, "60 ba BYE\n60 ab 200\n");
    assert_told(&pair.world, "b ended\na ended by BYE\n");
    assert_true(sent_has(&pair.b, "Reason", "SIP;cause=408;text=\"Session Timer Expired\""));
    pair_stop(&pair);
}

static void a_peer_that_is_gone_is_noticed_by_the_refresh(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.session_expires_s = 90;
    connect_pair(&pair);
    party_stop(&pair.b);
    world_run(&pair.world, 76 * DS_S);
    assert_told(&pair.world, "");
    ds_buf_clean_up(&pair.world.wire);
    world_run(&pair.world, 78 * DS_S);
    assert_wire(&pair.world, "76.5 ab UPDATE\n77 ab BYE\n77.5 ab BYE\n");
    assert_told(&pair.world, "a ended\n");
    pair_stop(&pair);
}

static void a_refresh_that_cannot_be_sent_is_tried_again(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.session_expires_s = 90;
    pair.b.hides = "Allow";
    pair.b.leaves_offers_open = true;
    connect_pair(&pair);
    world_run(&pair.world, 44 * DS_S);
    ds_session_offer(pair.a.session, &hold);
    world_run(&pair.world, 50 * DS_S);
    ds_session_answer_offer(pair.b.session, 488, NULL);
    world_run(&pair.world, 59 * DS_S);
    assert_wire(&pair.world, "44 ab INVITE\n44.2 ba 100\n50 ba 488\n50 ab ACK\n"
                             "52.5 ab INVITE\n52.7 ba 100\n");
    pair_stop(&pair);
}

static void an_interval_too_small_is_asked_for_again_as_the_peer_bears_it(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.session_expires_s = 60;
    pair.a.watches = "INVITE";
    pair.b.watches = "422";
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 422\n0 ab ACK\n0 ab INVITE\n0 ba 200\n0 ab ACK\n");
    assert_told(&pair.world, "b invite sdp\na answered 200 sdp\nb confirmed\n");
    assert_true(sent_has(&pair.b, "Min-SE", "90"));
    assert_true(sent_has(&pair.a, "CSeq", "2 INVITE"));
    assert_true(sent_has(&pair.a, "Session-Expires", "90;refresher=uac"));
    pair_stop(&pair);
}

static void a_422_that_names_nothing_more_ends_the_call(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.session_expires_s = 60;
    pair.b.hides = "Min-SE";
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    assert_told(&pair.world, "a refused 422\n");
    pair_stop(&pair);
}

static void the_callee_may_ask_though_the_caller_knows_nothing_of_it(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.session_expires_s = 90;
    connect_pair(&pair);
    assert_true(sent_has(&pair.b, "Session-Expires", "90;refresher=uas"));
    pair.a.hides = "Session-Expires";
    world_run(&pair.world, 100 * DS_S);
    assert_wire(&pair.world, "45 ba UPDATE\n45 ab 200\n90 ba UPDATE\n90 ab 200\n");
    pair_stop(&pair);
}

static void without_a_timer_there_is_none(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    connect_pair(&pair);
    assert_false(sent_has(&pair.b, "Session-Expires", ""));
    world_run(&pair.world, 4000 * DS_S);
    assert_wire(&pair.world, "");
    pair_stop(&pair);
}

int test_session_timer(void);

int test_session_timer(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_refreshed_by_update_at_half_its_time),
        cmocka_unit_test(a_peer_without_update_is_sent_the_same_description_again),
        cmocka_unit_test(the_callee_refreshes_where_the_caller_wants_it),
        cmocka_unit_test(an_offer_inside_the_call_refreshes_it_too),
        cmocka_unit_test(a_session_nobody_refreshes_is_ended_before_it_expires),
        cmocka_unit_test(a_peer_that_is_gone_is_noticed_by_the_refresh),
        cmocka_unit_test(a_refresh_that_cannot_be_sent_is_tried_again),
        cmocka_unit_test(an_interval_too_small_is_asked_for_again_as_the_peer_bears_it),
        cmocka_unit_test(a_422_that_names_nothing_more_ends_the_call),
        cmocka_unit_test(the_callee_may_ask_though_the_caller_knows_nothing_of_it),
        cmocka_unit_test(without_a_timer_there_is_none),
    };
    return cmocka_run_group_tests_name("session_timer", tests, NULL, NULL);
}
