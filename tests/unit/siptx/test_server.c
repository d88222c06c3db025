#include "world.h"

#include <string.h>

/* A bare peer at b calls the element a. */
struct scene {
    struct world world;
    struct element a;
    struct peer b;
    struct ds_addr a_at;
};

static void start_udp(struct scene *scene)
{
    world_start(&scene->world);
    element_start(&scene->world, &scene->a, 'a');
    element_listen(&scene->a, DS_UDP, 5060);
    peer_open_udp(&scene->world, &scene->b, 'b', 5060);
    scene->a_at = world_addr('a', 5060);
}

static void start_tcp(struct scene *scene)
{
    world_start(&scene->world);
    element_start(&scene->world, &scene->a, 'a');
    element_listen(&scene->a, DS_TCP, 5060);
    scene->a_at = world_addr('a', 5060);
    peer_connect(&scene->world, &scene->b, 'b', scene->a_at);
    world_run(&scene->world, 0);
}

static void stop(struct scene *scene)
{
    element_stop(&scene->a);
    peer_close(&scene->b);
    world_stop(&scene->world);
}

static void send_in(struct scene *scene, const char *method, const char *branch)
{
    const char *transport = scene->b.udp != NULL ? "UDP" : "TCP";
    peer_send(&scene->b, scene->a_at, peer_text(method, branch, transport));
    world_run(&scene->world, ds_now(scene->world.clock));
}

#define BRANCH "z9hG4bKone"

static void an_invite_without_an_answer_gets_100_after_200_ms(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    send_in(&scene, "INVITE", BRANCH);
    world_run(&scene.world, 1 * DS_S);
    send_in(&scene, "INVITE", BRANCH);
    assert_wire(&scene.world, "b 0 INVITE\na 0.2 100\nb 1 INVITE\na 1 100\n");
    assert_told(&scene.world, "a 0 INVITE\n");
    stop(&scene);
}

static void an_early_answer_spares_the_100(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    scene.a.answer_at_once = 180;
    send_in(&scene, "INVITE", BRANCH);
    world_run(&scene.world, 1 * DS_S);
    send_in(&scene, "INVITE", BRANCH);
    assert_wire(&scene.world, "b 0 INVITE\na 0 180\nb 1 INVITE\na 1 180\n");
    stop(&scene);
}

static void a_failure_without_ack_is_resent_and_given_up_over_udp(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    scene.a.answer_at_once = 486;
    send_in(&scene, "INVITE", BRANCH);
    world_run(&scene.world, 40 * DS_S);
    assert_wire(&scene.world, "b 0 INVITE\na 0 486\na 0.5 486\na 1.5 486\na 3.5 486\na 7.5 486\n"
                              "a 11.5 486\na 15.5 486\na 19.5 486\na 23.5 486\na 27.5 486\n"
                              "a 31.5 486\n");
    assert_told(&scene.world, "a 0 INVITE\na 32 served late\n");
    stop(&scene);
}

static void a_failure_without_ack_is_sent_once_over_a_stream(void **state)
{
    struct scene scene;
    (void)state;
    start_tcp(&scene);
    scene.a.answer_at_once = 486;
    send_in(&scene, "INVITE", BRANCH);
    world_run(&scene.world, 40 * DS_S);
    assert_wire(&scene.world, "b 0 INVITE\na 0 486\n");
    assert_told(&scene.world, "a 0 INVITE\na 32 served late\n");
    stop(&scene);
}

static void the_ack_of_a_failure_ends_here_and_timer_i_runs_5_seconds(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    scene.a.answer_at_once = 486;
    send_in(&scene, "INVITE", BRANCH);
    world_run(&scene.world, 1 * DS_S);
    send_in(&scene, "ACK", BRANCH);
    send_in(&scene, "INVITE", BRANCH);
    send_in(&scene, "ACK", BRANCH);
    world_run(&scene.world, 40 * DS_S);
    assert_wire(&scene.world, "b 0 INVITE\na 0 486\na 0.5 486\nb 1 ACK\nb 1 INVITE\nb 1 ACK\n");
    assert_told(&scene.world, "a 0 INVITE\na 6 served ok\n");
    stop(&scene);
}

static void over_a_stream_the_ack_of_a_failure_ends_all(void **state)
{
    struct scene scene;
    (void)state;
    start_tcp(&scene);
    scene.a.answer_at_once = 486;
    send_in(&scene, "INVITE", BRANCH);
    send_in(&scene, "ACK", BRANCH);
    assert_told(&scene.world, "a 0 INVITE\na 0 served ok\n");
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), 0);
    stop(&scene);
}

static void an_accepted_invite_absorbs_repetitions_for_32_seconds(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    scene.a.answer_at_once = 200;
    send_in(&scene, "INVITE", BRANCH);
    world_run(&scene.world, 1 * DS_S);
    send_in(&scene, "INVITE", BRANCH);
    element_reply(&scene.a, 200);
    element_reply(&scene.a, 486);
    send_in(&scene, "ACK", "z9hG4bKother");
    assert_wire(&scene.world, "b 0 INVITE\na 0 200\nb 1 INVITE\na 1 200\nb 1 ACK\n");
    assert_told(&scene.world, "a 0 INVITE\na 1 ACK alone\n");
    world_run(&scene.world, 33 * DS_S);
    assert_told(&scene.world, "a 32 served ok\n");
    stop(&scene);
}

static void an_ack_of_a_2xx_with_the_branch_of_its_invite_is_told_as_well(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    scene.a.answer_at_once = 200;
    send_in(&scene, "INVITE", BRANCH);
    send_in(&scene, "ACK", BRANCH);
    assert_told(&scene.world, "a 0 INVITE\na 0 ACK alone\n");
    stop(&scene);
}

static void an_ack_before_any_answer_is_ignored(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    scene.a.answer_at_once = 180;
    send_in(&scene, "INVITE", BRANCH);
    send_in(&scene, "ACK", BRANCH);
    element_reply(&scene.a, 603);
    assert_wire(&scene.world, "b 0 INVITE\na 0 180\nb 0 ACK\na 0 603\n");
    assert_told(&scene.world, "a 0 INVITE\n");
    stop(&scene);
}

static void an_answered_options_repeats_its_answer_for_32_seconds(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    send_in(&scene, "OPTIONS", BRANCH);
    send_in(&scene, "OPTIONS", BRANCH);
    world_run(&scene.world, 1 * DS_S);
    element_reply(&scene.a, 182);
    send_in(&scene, "OPTIONS", BRANCH);
    element_reply(&scene.a, 200);
    element_reply(&scene.a, 500);
    world_run(&scene.world, 32 * DS_S);
    send_in(&scene, "OPTIONS", BRANCH);
    assert_wire(&scene.world, "b 0 OPTIONS\nb 0 OPTIONS\na 1 182\nb 1 OPTIONS\na 1 182\na 1 200\n"
                              "b 32 OPTIONS\na 32 200\n");
    assert_told(&scene.world, "a 0 OPTIONS\n");
    world_run(&scene.world, 34 * DS_S);
    assert_told(&scene.world, "a 33 served ok\n");
    stop(&scene);
}

static void over_a_stream_an_answered_options_ends_in_the_next_turn(void **state)
{
    struct scene scene;
    (void)state;
    start_tcp(&scene);
    send_in(&scene, "OPTIONS", BRANCH);
    element_reply(&scene.a, 200);
    assert_non_null(scene.a.server);
    assert_told(&scene.world, "a 0 OPTIONS\n");
    world_run(&scene.world, 0);
    assert_told(&scene.world, "a 0 served ok\n");
    stop(&scene);
}

static void a_server_transaction_let_go_goes_on_alone(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    scene.a.answer_at_once = 486;
    send_in(&scene, "INVITE", BRANCH);
    ds_server_txn_let_go(&scene.a.server);
    assert_null(scene.a.server);
    ds_server_txn_let_go(&scene.a.server);
    world_run(&scene.world, 1 * DS_S);
    send_in(&scene, "ACK", BRANCH);
    world_run(&scene.world, 7 * DS_S);
    assert_wire(&scene.world, "b 0 INVITE\na 0 486\na 0.5 486\nb 1 ACK\n");
    assert_told(&scene.world, "a 0 INVITE\n");
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), 0);
    stop(&scene);
}

static void a_transaction_nobody_owns_tells_nobody(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    scene.a.leave_unowned = true;
    scene.a.answer_at_once = 200;
    send_in(&scene, "OPTIONS", BRANCH);
    world_run(&scene.world, 33 * DS_S);
    assert_told(&scene.world, "a 0 OPTIONS\n");
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), 0);
    stop(&scene);
}

static void a_transaction_knows_its_request_and_whence_it_came(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    send_in(&scene, "OPTIONS", BRANCH);
    const struct ds_hop *from = ds_server_txn_from(scene.a.server);
    assert_int_equal(from->transport, DS_UDP);
    assert_true(ds_addr_equal(from->to, world_addr('b', 5060)));
    assert_true(ds_msg_method_is(ds_server_txn_request(scene.a.server), "OPTIONS"));
    stop(&scene);
}

static void branches_of_two_senders_do_not_meet(void **state)
{
    struct scene scene;
    char other[1024];
    (void)state;
    start_udp(&scene);
    send_in(&scene, "OPTIONS", BRANCH);
    assert_true(
        ds_slice_copy(ds_slice_of(peer_text("OPTIONS", BRANCH, "UDP")), other, sizeof other));
    memcpy(strstr(other, "127.0.0.11:5060"), "127.0.0.12:5060", 15);
    peer_send(&scene.b, scene.a_at, other);
    world_run(&scene.world, 0);
    assert_told(&scene.world, "a 0 OPTIONS\na 0 OPTIONS\n");
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), 2);
    stop(&scene);
}

static void a_branch_of_the_old_rfc_matches_by_what_a_repetition_repeats(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    scene.a.answer_at_once = 486;
    send_in(&scene, "INVITE", "1");
    send_in(&scene, "INVITE", "1");
    send_in(&scene, "ACK", "1");
    assert_wire(&scene.world, "b 0 INVITE\na 0 486\nb 0 INVITE\na 0 486\nb 0 ACK\n");
    assert_told(&scene.world, "a 0 INVITE\n");
    send_in(&scene, "OPTIONS", "1");
    assert_told(&scene.world, "a 0 OPTIONS\n");
    stop(&scene);
}

static void nonsense_over_udp_is_dropped(void **state)
{
    struct scene scene;
    size_t at;
    (void)state;
    start_udp(&scene);
    peer_send(&scene.b, scene.a_at, "\r\n\r\n");
    peer_send(&scene.b, scene.a_at, "hello\r\n\r\n");
    peer_send(&scene.b, scene.a_at, "OPTIONS sip:a SIP/2.0\r\n\r\n");
    world_run(&scene.world, 0);
    assert_wire(&scene.world, "b 0 ?\nb 0 ?\nb 0 OPTIONS\n");
    assert_told(&scene.world, "");
    assert_true(ds_slice_find(ds_log_text(scene.world.log),
                              DS_LITERAL("a datagram from 127.0.0.11:5060 is dropped: "), &at));
    stop(&scene);
}

static void a_response_out_of_the_blue_is_a_stray(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    peer_send(&scene.b, scene.a_at,
              "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.10:5060;branch=z9hG4bKnone\r\n"
              "From: <sip:a@a>;tag=1\r\nTo: <sip:b@b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"
              "Content-Length: 0\r\n\r\n");
    world_run(&scene.world, 0);
    assert_told(&scene.world, "a 0 stray 200\n");
    stop(&scene);
}

int test_server(void);

int test_server(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invite_without_an_answer_gets_100_after_200_ms),
        cmocka_unit_test(an_early_answer_spares_the_100),
        cmocka_unit_test(a_failure_without_ack_is_resent_and_given_up_over_udp),
        cmocka_unit_test(a_failure_without_ack_is_sent_once_over_a_stream),
        cmocka_unit_test(the_ack_of_a_failure_ends_here_and_timer_i_runs_5_seconds),
        cmocka_unit_test(over_a_stream_the_ack_of_a_failure_ends_all),
        cmocka_unit_test(an_accepted_invite_absorbs_repetitions_for_32_seconds),
        cmocka_unit_test(an_ack_of_a_2xx_with_the_branch_of_its_invite_is_told_as_well),
        cmocka_unit_test(an_ack_before_any_answer_is_ignored),
        cmocka_unit_test(an_answered_options_repeats_its_answer_for_32_seconds),
        cmocka_unit_test(over_a_stream_an_answered_options_ends_in_the_next_turn),
        cmocka_unit_test(a_server_transaction_let_go_goes_on_alone),
        cmocka_unit_test(a_transaction_nobody_owns_tells_nobody),
        cmocka_unit_test(a_transaction_knows_its_request_and_whence_it_came),
        cmocka_unit_test(branches_of_two_senders_do_not_meet),
        cmocka_unit_test(a_branch_of_the_old_rfc_matches_by_what_a_repetition_repeats),
        cmocka_unit_test(nonsense_over_udp_is_dropped),
        cmocka_unit_test(a_response_out_of_the_blue_is_a_stray),
    };
    return cmocka_run_group_tests_name("server", tests, NULL, NULL);
}
