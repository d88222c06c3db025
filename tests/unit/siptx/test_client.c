#include "world.h"

#include <string.h>

/* The element a calls a bare peer at b. */
struct scene {
    struct world world;
    struct element a;
    struct peer b;
    struct ds_hop hop;
    struct ds_addr a_at;
};

static void start_udp(struct scene *scene)
{
    world_start(&scene->world);
    element_start(&scene->world, &scene->a, 'a');
    element_listen(&scene->a, DS_UDP, 5060);
    peer_open_udp(&scene->world, &scene->b, 'b', 5060);
    scene->hop = world_hop('b', DS_UDP, 5060);
    scene->a_at = world_addr('a', 5060);
}

static void start_tcp(struct scene *scene)
{
    world_start(&scene->world);
    element_start(&scene->world, &scene->a, 'a');
    peer_listen(&scene->world, &scene->b, 'b', 5060);
    scene->hop = world_hop('b', DS_TCP, 5060);
    scene->a_at = world_addr('a', 5060);
}

static void stop(struct scene *scene)
{
    assert_int_equal(ds_sip_transaction_count(scene->a.sip), 0);
    element_stop(&scene->a);
    peer_close(&scene->b);
    world_stop(&scene->world);
}

static void request(struct scene *scene, const char *method)
{
    assert_int_equal(element_request(&scene->a, method, &scene->hop), DS_OK);
}

static void answer(struct scene *scene, int status)
{
    peer_answer(&scene->b, scene->a_at, status);
    world_run(&scene->world, ds_now(scene->world.clock));
}

static void an_invite_nobody_answers_is_sent_seven_times_and_given_up(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    request(&scene, "INVITE");
    world_run(&scene.world, 40 * DS_S);
    assert_wire(&scene.world, "a 0 INVITE\na 0.5 INVITE\na 1.5 INVITE\na 3.5 INVITE\n"
                              "a 7.5 INVITE\na 15.5 INVITE\na 31.5 INVITE\n");
    assert_told(&scene.world, "a 32 ended late\n");
    assert_string_equal(scene.a.why.text,
                        "no final response to INVITE from 127.0.0.11:5060 udp within 32 s");
    stop(&scene);
}

static void an_options_nobody_answers_is_sent_eleven_times_and_given_up(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    request(&scene, "OPTIONS");
    world_run(&scene.world, 40 * DS_S);
    assert_wire(&scene.world, "a 0 OPTIONS\na 0.5 OPTIONS\na 1.5 OPTIONS\na 3.5 OPTIONS\n"
                              "a 7.5 OPTIONS\na 11.5 OPTIONS\na 15.5 OPTIONS\na 19.5 OPTIONS\n"
                              "a 23.5 OPTIONS\na 27.5 OPTIONS\na 31.5 OPTIONS\n");
    assert_told(&scene.world, "a 32 ended late\n");
    stop(&scene);
}

static void a_stream_carries_a_request_once(void **state)
{
    struct scene scene;
    (void)state;
    start_tcp(&scene);
    request(&scene, "INVITE");
    world_run(&scene.world, 0);
    request(&scene, "OPTIONS");
    world_run(&scene.world, 40 * DS_S);
    assert_wire(&scene.world, "a 0 INVITE\na 0 OPTIONS\n");
    assert_told(&scene.world, "a 32 ended late\na 32 ended late\n");
    stop(&scene);
}

static void a_provisional_stops_the_resending_of_an_invite_for_good(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    request(&scene, "INVITE");
    world_run(&scene.world, 1 * DS_S);
    answer(&scene, 100);
    answer(&scene, 180);
    world_run(&scene.world, 200 * DS_S);
    assert_wire(&scene.world, "a 0 INVITE\na 0.5 INVITE\nb 1 100\nb 1 180\n");
    assert_told(&scene.world, "a 1 100\na 1 180\n");
    answer(&scene, 200);
    world_run(&scene.world, 240 * DS_S);
    assert_told(&scene.world, "a 200 200\na 232 ended ok\n");
    stop(&scene);
}

static void a_provisional_slows_the_resending_of_an_options(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    request(&scene, "OPTIONS");
    world_run(&scene.world, 1 * DS_S);
    answer(&scene, 100);
    world_run(&scene.world, 10 * DS_S);
    assert_wire(&scene.world, "a 0 OPTIONS\na 0.5 OPTIONS\nb 1 100\na 1.5 OPTIONS\na 5.5 OPTIONS\n"
                              "a 9.5 OPTIONS\n");
    world_run(&scene.world, 40 * DS_S);
    assert_told(&scene.world, "a 1 100\na 32 ended late\n");
    stop(&scene);
}

static void a_failure_is_acknowledged_each_time_it_comes_for_32_seconds(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    request(&scene, "INVITE");
    world_run(&scene.world, 100 * DS_MS);
    struct ds_msg *invite = ds_msg_ref(scene.b.last);
    answer(&scene, 486);
    ds_msg_unref(&scene.b.last);
    scene.b.last = ds_msg_ref(invite);
    world_run(&scene.world, 1 * DS_S);
    answer(&scene, 486);
    assert_wire(&scene.world, "a 0 INVITE\nb 0.1 486\na 0.1 ACK\nb 1 486\na 1 ACK\n");
    assert_told(&scene.world, "a 0.1 486\n");
    world_run(&scene.world, 40 * DS_S);
    assert_told(&scene.world, "a 32.1 ended ok\n");
    ds_msg_unref(&invite);
    stop(&scene);
}

static void the_ack_of_a_failure_repeats_branch_route_and_the_tag_of_the_response(void **state)
{
    struct scene scene;
    struct ds_slice value;
    (void)state;
    start_udp(&scene);
    struct ds_msg *invite =
        element_write(&scene.a, "INVITE", &scene.hop, "<sip:127.0.0.11;lr>, <sip:p2;lr>");
    assert_int_equal(ds_client_txn_new(scene.a.sip, invite, &scene.hop, &element_client_events,
                                       &scene.a, &scene.a.client, NULL),
                     DS_OK);
    world_run(&scene.world, 0);
    answer(&scene, 503);
    const struct ds_msg *ack = scene.b.last;
    assert_true(ds_msg_method_is(ack, "ACK"));
    assert_true(ds_slice_equal(ds_msg_branch(ack), ds_msg_branch(invite)));
    assert_true(ds_slice_equal(ds_msg_to_tag(ack), DS_LITERAL("tb")));
    assert_true(ds_slice_equal(ds_msg_request_uri(ack), ds_msg_request_uri(invite)));
    assert_true(ds_slice_equal(ds_msg_call_id(ack), ds_msg_call_id(invite)));
    assert_int_equal(ds_msg_cseq(ack), 7);
    assert_true(ds_msg_header(ack, "Route", 0, &value));
    assert_true(ds_slice_equal(value, DS_LITERAL("<sip:127.0.0.11;lr>, <sip:p2;lr>")));
    ds_msg_unref(&invite);
    world_run(&scene.world, 40 * DS_S);
    stop(&scene);
}

static void over_a_stream_a_failure_ends_at_once(void **state)
{
    struct scene scene;
    (void)state;
    start_tcp(&scene);
    request(&scene, "INVITE");
    world_run(&scene.world, 0);
    answer(&scene, 404);
    assert_wire(&scene.world, "a 0 INVITE\nb 0 404\na 0 ACK\n");
    assert_told(&scene.world, "a 0 404\na 0 ended ok\n");
    stop(&scene);
}

static void an_accepted_invite_hears_every_2xx_for_32_seconds(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    request(&scene, "INVITE");
    world_run(&scene.world, 0);
    answer(&scene, 200);
    world_run(&scene.world, 4 * DS_S);
    answer(&scene, 200);
    answer(&scene, 180);
    answer(&scene, 486);
    assert_told(&scene.world, "a 0 200\na 4 200\n");
    world_run(&scene.world, 33 * DS_S);
    assert_told(&scene.world, "a 32 ended ok\n");
    answer(&scene, 200);
    assert_told(&scene.world, "a 33 stray 200\n");
    stop(&scene);
}

static void an_answered_options_absorbs_repetitions_for_5_seconds(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    request(&scene, "OPTIONS");
    world_run(&scene.world, 0);
    answer(&scene, 200);
    answer(&scene, 200);
    world_run(&scene.world, 6 * DS_S);
    assert_wire(&scene.world, "a 0 OPTIONS\nb 0 200\nb 0 200\n");
    assert_told(&scene.world, "a 0 200\na 5 ended ok\n");
    stop(&scene);
}

static void over_a_stream_an_answered_options_ends_at_once(void **state)
{
    struct scene scene;
    (void)state;
    start_tcp(&scene);
    request(&scene, "OPTIONS");
    world_run(&scene.world, 0);
    answer(&scene, 200);
    assert_told(&scene.world, "a 0 200\na 0 ended ok\n");
    stop(&scene);
}

static void a_response_to_another_method_of_that_branch_is_a_stray(void **state)
{
    struct scene scene;
    char text[2048];
    (void)state;
    start_udp(&scene);
    request(&scene, "OPTIONS");
    world_run(&scene.world, 0);
    assert_true(ds_slice_copy(ds_msg_bytes(scene.b.last), text, sizeof text));
    char *cseq = strstr(text, "7 OPTIONS");
    assert_non_null(cseq);
    memcpy(cseq, "7 MESSAGE", 9);
    memcpy(text, "MESSAGE", 7);
    ds_msg_unref(&scene.b.last);
    assert_int_equal(ds_msg_parse(ds_slice_of(text), &scene.b.last, NULL), DS_OK);
    answer(&scene, 200);
    assert_told(&scene.world, "a 0 stray 200\n");
    world_run(&scene.world, 33 * DS_S);
    assert_told(&scene.world, "a 32 ended late\n");
    stop(&scene);
}

static void an_ack_is_no_transaction(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    struct ds_msg *ack = element_write(&scene.a, "ACK", &scene.hop, NULL);
    ds_rc rc = DS_OK;
    expect_assert_failure(
        rc = ds_client_txn_new(scene.a.sip, ack, &scene.hop, NULL, NULL, &scene.a.client, NULL));
    assert_int_equal(rc, DS_OK);
    assert_int_equal(ds_sip_send(scene.a.sip, ack, &scene.hop), DS_OK);
    assert_wire(&scene.world, "a 0 ACK\n");
    ds_msg_unref(&ack);
    stop(&scene);
}

int test_client(void);

int test_client(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invite_nobody_answers_is_sent_seven_times_and_given_up),
        cmocka_unit_test(an_options_nobody_answers_is_sent_eleven_times_and_given_up),
        cmocka_unit_test(a_stream_carries_a_request_once),
        cmocka_unit_test(a_provisional_stops_the_resending_of_an_invite_for_good),
        cmocka_unit_test(a_provisional_slows_the_resending_of_an_options),
        cmocka_unit_test(a_failure_is_acknowledged_each_time_it_comes_for_32_seconds),
        cmocka_unit_test(the_ack_of_a_failure_repeats_branch_route_and_the_tag_of_the_response),
        cmocka_unit_test(over_a_stream_a_failure_ends_at_once),
        cmocka_unit_test(an_accepted_invite_hears_every_2xx_for_32_seconds),
        cmocka_unit_test(an_answered_options_absorbs_repetitions_for_5_seconds),
        cmocka_unit_test(over_a_stream_an_answered_options_ends_at_once),
        cmocka_unit_test(a_response_to_another_method_of_that_branch_is_a_stray),
        cmocka_unit_test(an_ack_is_no_transaction),
    };
    return cmocka_run_group_tests_name("client", tests, NULL, NULL);
}
