#include "world.h"

#include <stdio.h>

static void connect_pair(struct pair *pair, enum ds_transport transport)
{
    pair_start(pair, transport);
    pair->b.watches = "200";
    party_call(&pair->a, 'b', 'b');
    world_run(&pair->world, 1 * DS_S);
    assert_told(&pair->world, "b invite sdp\na answered 200 sdp\nb confirmed\n");
    ds_buf_clean_up(&pair->world.wire);
}

static void a_call_is_held_by_an_offer_inside_it(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    connect_pair(&pair, DS_UDP);
    pair.a.watches = "INVITE";
    ds_session_offer(pair.a.session, &hold);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1 ab INVITE\n1 ba 200\n1 ab ACK\n");
    assert_told(&pair.world, "b offer by INVITE sdp\na offer done 200 sdp\n");
    assert_true(sent_has(&pair.a, "CSeq", "2 INVITE"));
    assert_true(sent_has(&pair.a, "Contact", "<sip:a@127.0.0.10:5060>"));
    ds_session_offer(pair.b.session, &hold);
    world_run(&pair.world, 3 * DS_S);
    assert_told(&pair.world, "a offer by INVITE sdp\nb offer done 200 sdp\n");
    pair_stop(&pair);
}

static void an_offer_may_be_asked_for(void **state)
{
    struct pair pair;
    (void)state;
    connect_pair(&pair, DS_TCP);
    ds_session_offer(pair.a.session, NULL);
    world_run(&pair.world, 2 * DS_S);
    assert_told(&pair.world, "b offer by INVITE\na late answer to sdp\na offer done 200 sdp\n"
                             "b confirmed sdp\n");
    pair_stop(&pair);
}

static void offers_that_meet_are_both_refused_with_491(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    connect_pair(&pair, DS_UDP);
    ds_session_offer(pair.a.session, &hold);
    ds_session_offer(pair.b.session, &hold);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1 ab INVITE\n1 ba INVITE\n1 ba 491\n1 ab 491\n1 ab ACK\n1 ba ACK\n");
    assert_told(&pair.world, "a offer done 491\nb offer done 491\n");
    ds_session_offer(pair.a.session, &hold);
    world_run(&pair.world, 3 * DS_S);
    assert_told(&pair.world, "b offer by INVITE sdp\na offer done 200 sdp\n");
    pair_stop(&pair);
}

static void an_offer_while_another_is_open_is_told_491_at_home(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    connect_pair(&pair, DS_UDP);
    pair.b.leaves_offers_open = true;
    ds_session_offer(pair.a.session, &hold);
    world_run(&pair.world, 1 * DS_S);
    ds_session_offer(pair.a.session, &hold);
    ds_session_offer(pair.b.session, &hold);
    assert_told(&pair.world, "b offer by INVITE sdp\n");
    world_run(&pair.world, 1 * DS_S);
    assert_wire(&pair.world, "1 ab INVITE\n");
    assert_told(&pair.world, "a offer done 491\nb offer done 491\n");
    ds_session_answer_offer(pair.b.session, 488, NULL);
    ds_session_answer_offer(pair.b.session, 200, NULL);
    world_run(&pair.world, 2 * DS_S);
    assert_told(&pair.world, "a offer done 488\n");
    pair_stop(&pair);
}

static void the_answer_to_an_offer_is_resent_until_its_ack(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    connect_pair(&pair, DS_UDP);
    pair.a.loses = "ACK";
    pair.a.losses = 1;
    ds_session_offer(pair.a.session, &hold);
    world_run(&pair.world, 3 * DS_S);
    assert_wire(&pair.world, "1 ab INVITE\n1 ba 200\n1.5 ba 200\n1.5 ab ACK\n");
    assert_told(&pair.world, "b offer by INVITE sdp\na offer done 200 sdp\n");
    pair_stop(&pair);
}

static void an_offer_to_nobody_ends_in_408(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    connect_pair(&pair, DS_UDP);
    party_stop(&pair.b);
    ds_session_offer(pair.a.session, &hold);
    world_run(&pair.world, 40 * DS_S);
    assert_told(&pair.world, "a offer done 408\n");
    pair_stop(&pair);
}

static void hanging_up_refuses_an_offer_that_is_still_open(void **state)
{
    struct pair pair;
    const struct ds_content hold = sdp_content();
    (void)state;
    connect_pair(&pair, DS_UDP);
    pair.b.leaves_offers_open = true;
    ds_session_offer(pair.a.session, &hold);
    world_run(&pair.world, 1 * DS_S);
    ds_session_hang_up(pair.b.session, NULL);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1 ab INVITE\n1 ba 487\n1 ba BYE\n1 ab ACK\n1 ab 200\n");
    assert_told(&pair.world, "b offer by INVITE sdp\na offer done 487\na ended by BYE\nb ended\n");
    pair_stop(&pair);
}

/* A request of a's inside the dialog, written by hand. */
static void throw_inside(struct pair *pair, const char *method, const char *cseq, const char *body)
{
    char text[1024];
    struct ds_slice from;
    assert_true(ds_msg_header(pair->b.sent, "From", 0, &from));
    snprintf(text, sizeof text,
             "%s sip:b@127.0.0.11 SIP/2.0\r\n"
             "Via: SIP/2.0/UDP 127.0.0.30:5060;branch=z9hG4bK%s%s\r\n"
             "From: %.*s\r\n"
             "To: <sip:b@contoso.example>;tag=%.*s\r\n"
             "Call-ID: %.*s\r\n"
             "CSeq: %s %s\r\n"
             "Contact: <sip:moved@127.0.0.10>\r\n"
             "%s"
             "Content-Length: %zu\r\n\r\n%s",
             method, method, cseq, DS_FMT(from), DS_FMT(ds_msg_to_tag(pair->b.sent)),
             DS_FMT(ds_msg_call_id(pair->b.sent)), cseq, method,
             body[0] == '\0' ? "" : "Content-Type: application/sdp\r\n", strlen(body), body);
    world_throw(&pair->world, 'b', text);
}

static void an_update_carries_an_offer_or_refreshes_the_target(void **state)
{
    struct pair pair;
    (void)state;
    connect_pair(&pair, DS_UDP);
    pair.b.watches = NULL;
    throw_inside(&pair, "UPDATE", "5", "v=0\r\n");
    assert_wire(&pair.world, "1 ub UPDATE\n1 bu 200\n");
    assert_told(&pair.world, "b offer by UPDATE sdp\n");
    throw_inside(&pair, "UPDATE", "6", "");
    assert_wire(&pair.world, "1 ub UPDATE\n1 bu 200\n");
    assert_told(&pair.world, "");
    pair.b.watches = "BYE";
    ds_session_hang_up(pair.b.session, NULL);
    assert_true(
        ds_slice_equal(ds_msg_request_uri(pair.b.sent), DS_LITERAL("sip:moved@127.0.0.10")));
    pair_stop(&pair);
}

static void a_second_offer_before_the_answer_to_the_first_is_put_off(void **state)
{
    struct pair pair;
    (void)state;
    connect_pair(&pair, DS_UDP);
    pair.b.watches = NULL;
    pair.b.leaves_offers_open = true;
    throw_inside(&pair, "UPDATE", "5", "v=0\r\n");
    assert_told(&pair.world, "b offer by UPDATE sdp\n");
    throw_inside(&pair, "INVITE", "6", "v=0\r\n");
    assert_wire(&pair.world, "1 ub UPDATE\n1 ub INVITE\n1 bu 500\n");
    assert_told(&pair.world, "");
    pair_stop(&pair);
}

static void old_and_odd_requests_inside_a_call_are_answered(void **state)
{
    struct pair pair;
    (void)state;
    connect_pair(&pair, DS_UDP);
    pair.b.watches = NULL;
    throw_inside(&pair, "INFO", "9", "");
    throw_inside(&pair, "OPTIONS", "10", "");
    throw_inside(&pair, "INFO", "3", "");
    throw_inside(&pair, "PRACK", "11", "");
    throw_inside(&pair, "REFER", "12", "");
    assert_wire(&pair.world, "1 ub INFO\n1 bu 200\n1 ub OPTIONS\n1 bu 200\n1 ub INFO\n1 bu 500\n"
                             "1 ub PRACK\n1 bu 481\n1 ub REFER\n1 bu 405\n");
    assert_told(&pair.world, "b request REFER\n");
    pair_stop(&pair);
}

int test_modify(void);

int test_modify(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_held_by_an_offer_inside_it),
        cmocka_unit_test(an_offer_may_be_asked_for),
        cmocka_unit_test(offers_that_meet_are_both_refused_with_491),
        cmocka_unit_test(an_offer_while_another_is_open_is_told_491_at_home),
        cmocka_unit_test(the_answer_to_an_offer_is_resent_until_its_ack),
        cmocka_unit_test(an_offer_to_nobody_ends_in_408),
        cmocka_unit_test(hanging_up_refuses_an_offer_that_is_still_open),
        cmocka_unit_test(an_update_carries_an_offer_or_refreshes_the_target),
        cmocka_unit_test(a_second_offer_before_the_answer_to_the_first_is_put_off),
        cmocka_unit_test(old_and_odd_requests_inside_a_call_are_answered),
    };
    return cmocka_run_group_tests_name("modify", tests, NULL, NULL);
}
