#include "world.h"

#include <stdio.h>

/* A peer at 127.0.0.30 whose every message is written by hand. */
struct hand {
    struct world world;
    struct party a;
    struct ds_udp *udp;
    struct ds_msg *invite; /* the last INVITE that came */
    struct ds_msg *last;
};

static void hear(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct hand *hand = owner;
    struct ds_why why;
    (void)from;
    ds_msg_unref(&hand->last);
    assert_int_equal(ds_msg_parse(bytes, &hand->last, &why), DS_OK);
    if (ds_msg_is_request(hand->last) && ds_msg_method_is(hand->last, "INVITE")) {
        ds_msg_unref(&hand->invite);
        hand->invite = ds_msg_ref(hand->last);
    }
}

static void start_hand(struct hand *hand)
{
    struct ds_why why;
    *hand = (struct hand){.udp = NULL};
    world_start(&hand->world);
    party_start(&hand->world, &hand->a, 'a');
    assert_int_equal(
        ds_udp_open(hand->world.net, world_addr('u', 5060), hear, hand, &hand->udp, &why), DS_OK);
}

static void stop_hand(struct hand *hand)
{
    party_stop(&hand->a);
    ds_udp_close(&hand->udp);
    ds_msg_unref(&hand->invite);
    ds_msg_unref(&hand->last);
    world_stop(&hand->world);
}

/* Answers the INVITE; `lines` are header lines of the answer. */
static void answer(struct hand *hand, int status, const char *tag, const char *lines)
{
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *msg = NULL;
    struct ds_why why;
    ds_draft_response(&draft, hand->invite, status, tag);
    ds_buf_text(&draft.text, lines);
    assert_int_equal(ds_draft_finish(&draft, NULL, DS_LITERAL(""), &msg, &why), DS_OK);
    ds_udp_send(hand->udp, world_addr('a', 5060), ds_msg_bytes(msg));
    ds_msg_unref(&msg);
    world_run(&hand->world, ds_now(hand->world.clock));
}

static void call_hand(struct hand *hand)
{
    party_call(&hand->a, 'u', 'u');
    world_run(&hand->world, 0);
    ds_buf_clean_up(&hand->world.wire);
}

static void the_caller_visits_the_recorded_routes_backwards(void **state)
{
    struct hand hand;
    struct ds_slice first, second;
    (void)state;
    start_hand(&hand);
    call_hand(&hand);
    answer(&hand, 200, "t",
           "Record-Route: <sip:far.example;lr>\r\n"
           "Record-Route: <sip:mid.example;lr>, <sip:127.0.0.30;lr>\r\n"
           "Contact: \"U\" <sip:u@127.0.0.99>;expires=1\r\n");
    assert_wire(&hand.world, "0 ua 200\n0 au ACK\n");
    assert_true(ds_msg_value(hand.last, "Route", 0, &first));
    assert_true(ds_msg_value(hand.last, "Route", 1, &second));
    assert_true(ds_slice_equal(first, DS_LITERAL("<sip:127.0.0.30;lr>")));
    assert_true(ds_slice_equal(second, DS_LITERAL("<sip:mid.example;lr>")));
    assert_true(ds_slice_equal(ds_msg_request_uri(hand.last), DS_LITERAL("sip:u@127.0.0.99")));
    assert_true(ds_slice_equal(ds_msg_to_tag(hand.last), DS_LITERAL("t")));
    assert_int_equal(ds_msg_cseq(hand.last), 1);
    stop_hand(&hand);
}

static void a_target_that_names_nobody_is_reached_as_the_call_was(void **state)
{
    struct hand hand;
    (void)state;
    start_hand(&hand);
    call_hand(&hand);
    answer(&hand, 200, "t", "Contact: <sip:u@nowhere.invalid>\r\n");
    assert_wire(&hand.world, "0 ua 200\n0 au ACK\n");
    assert_true(ds_slice_equal(ds_msg_request_uri(hand.last), DS_LITERAL("sip:u@nowhere.invalid")));
    stop_hand(&hand);
}

static void a_repeated_answer_is_acknowledged_again(void **state)
{
    struct hand hand;
    (void)state;
    start_hand(&hand);
    call_hand(&hand);
    for (int times = 0; times < 3; times++)
        answer(&hand, 200, "t", "Contact: <sip:u@127.0.0.30>\r\n");
    assert_wire(&hand.world, "0 ua 200\n0 au ACK\n0 ua 200\n0 au ACK\n0 ua 200\n0 au ACK\n");
    assert_told(&hand.world, "a answered 200\n");
    world_run(&hand.world, 40 * DS_S);
    answer(&hand, 200, "t", "Contact: <sip:u@127.0.0.30>\r\n");
    assert_wire(&hand.world, "40 ua 200\n40 au ACK\n");
    stop_hand(&hand);
}

static void branches_ring_each_for_itself_and_the_first_answer_counts(void **state)
{
    struct hand hand;
    (void)state;
    start_hand(&hand);
    call_hand(&hand);
    answer(&hand, 180, "one", "Contact: <sip:one@127.0.0.30>\r\n");
    answer(&hand, 183, "two", "Contact: <sip:two@127.0.0.30>\r\n");
    answer(&hand, 200, "one", "Contact: <sip:one@127.0.0.30>\r\n");
    assert_true(ds_slice_equal(ds_msg_request_uri(hand.last), DS_LITERAL("sip:one@127.0.0.30")));
    assert_told(&hand.world, "a progress 180\na progress 183\na answered 200\n");
    ds_buf_clean_up(&hand.world.wire);
    answer(&hand, 200, "two", "Contact: <sip:two@127.0.0.30>\r\n");
    assert_wire(&hand.world, "0 ua 200\n0 au ACK\n0 au BYE\n");
    assert_true(ds_slice_equal(ds_msg_to_tag(hand.last), DS_LITERAL("two")));
    assert_true(ds_slice_equal(ds_msg_request_uri(hand.last), DS_LITERAL("sip:two@127.0.0.30")));
    assert_told(&hand.world, "");
    assert_int_equal(ds_session_state(hand.a.session), DS_SESSION_UP);
    stop_hand(&hand);
}

static void reliable_provisionals_of_two_branches_are_counted_apart(void **state)
{
    static const char first[] = "Require: 100rel\r\nRSeq: 7\r\nContact: <sip:one@127.0.0.30>\r\n";
    static const char second[] = "Require: 100rel\r\nRSeq: 1\r\nContact: <sip:two@127.0.0.30>\r\n";
    static const char skipped[] = "Require: 100rel\r\nRSeq: 9\r\nContact: <sip:one@127.0.0.30>\r\n";
    static const char next[] = "Require: 100rel\r\nRSeq: 8\r\nContact: <sip:one@127.0.0.30>\r\n";
    struct hand hand;
    (void)state;
    start_hand(&hand);
    call_hand(&hand);
    answer(&hand, 180, "one", first);
    answer(&hand, 180, "two", second);
    answer(&hand, 180, "one", first);
    answer(&hand, 180, "one", skipped);
    answer(&hand, 183, "one", next);
    assert_wire(&hand.world, "0 ua 180\n0 au PRACK\n0 ua 180\n0 au PRACK\n0 ua 180\n0 ua 180\n"
                             "0 ua 183\n0 au PRACK\n");
    assert_told(&hand.world, "a progress 180\na progress 180\na progress 183\n");
    stop_hand(&hand);
}

static void a_reliable_provisional_without_its_number_is_ignored(void **state)
{
    struct hand hand;
    (void)state;
    start_hand(&hand);
    call_hand(&hand);
    answer(&hand, 180, "one", "Require: 100rel\r\nContact: <sip:one@127.0.0.30>\r\n");
    answer(&hand, 180, "one", "Require: 100rel\r\nRSeq: x\r\n");
    assert_wire(&hand.world, "0 ua 180\n0 ua 180\n");
    assert_told(&hand.world, "");
    stop_hand(&hand);
}

static void an_answer_with_endless_routes_is_no_answer(void **state)
{
    struct hand hand;
    struct ds_buf routes = {.at = NULL};
    (void)state;
    start_hand(&hand);
    call_hand(&hand);
    for (int i = 0; i < 33; i++)
        ds_buf_print(&routes, "Record-Route: <sip:127.0.0.%d;lr>\r\n", 30 + i);
    answer(&hand, 200, "t", routes.at);
    ds_buf_clean_up(&routes);
    assert_told(&hand.world, "a refused 503 by itself\n");
    stop_hand(&hand);
}

static void an_invite_without_a_contact_is_refused(void **state)
{
    struct world world;
    struct party b;
    (void)state;
    world_start(&world);
    party_start(&world, &b, 'b');
    world_throw(&world, 'b',
                "INVITE sip:b@127.0.0.11 SIP/2.0\r\n"
                "Via: SIP/2.0/UDP 127.0.0.30:5060;branch=z9hG4bK1\r\n"
                "From: <sip:u@contoso.example>;tag=1\r\n"
                "To: <sip:b@contoso.example>\r\n"
                "Call-ID: x\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
    assert_wire(&world, "0 ub INVITE\n0 bu 400\n");
    assert_told(&world, "");
    party_stop(&b);
    world_stop(&world);
}

static void a_request_inside_no_dialog_of_ours_gets_481(void **state)
{
    static const char *const methods[] = {"BYE", "INVITE", "UPDATE", "PRACK", "OPTIONS"};
    struct world world;
    struct party b;
    char text[512];
    (void)state;
    world_start(&world);
    party_start(&world, &b, 'b');
    for (size_t i = 0; i < DS_COUNT(methods); i++) {
        snprintf(text, sizeof text,
                 "%s sip:b@127.0.0.11 SIP/2.0\r\n"
                 "Via: SIP/2.0/UDP 127.0.0.30:5060;branch=z9hG4bK%s\r\n"
                 "From: <sip:u@contoso.example>;tag=1\r\n"
                 "To: <sip:b@contoso.example>;tag=gone\r\n"
                 "Call-ID: x\r\nCSeq: 1 %s\r\nContent-Length: 0\r\n\r\n",
                 methods[i], methods[i], methods[i]);
        world_throw(&world, 'b', text);
    }
    assert_wire(&world, "0 ub BYE\n0 bu 481\n0 ub INVITE\n0 bu 481\n0 ub UPDATE\n0 bu 481\n"
                        "0 ub PRACK\n0 bu 481\n0 ub OPTIONS\n0 bu 481\n");
    assert_told(&world, "");
    party_stop(&b);
    world_stop(&world);
}

int test_dialog(void);

int test_dialog(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_caller_visits_the_recorded_routes_backwards),
        cmocka_unit_test(a_target_that_names_nobody_is_reached_as_the_call_was),
        cmocka_unit_test(a_repeated_answer_is_acknowledged_again),
        cmocka_unit_test(branches_ring_each_for_itself_and_the_first_answer_counts),
        cmocka_unit_test(reliable_provisionals_of_two_branches_are_counted_apart),
        cmocka_unit_test(a_reliable_provisional_without_its_number_is_ignored),
        cmocka_unit_test(an_answer_with_endless_routes_is_no_answer),
        cmocka_unit_test(an_invite_without_a_contact_is_refused),
        cmocka_unit_test(a_request_inside_no_dialog_of_ours_gets_481),
    };
    return cmocka_run_group_tests_name("dialog", tests, NULL, NULL);
}
