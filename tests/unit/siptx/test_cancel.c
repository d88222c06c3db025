#include "world.h"

#include <string.h>

/* The element a and a bare peer at b, over UDP. */
struct scene {
    struct world world;
    struct element a;
    struct peer b;
    struct ds_hop hop;
    struct ds_addr a_at;
};

static void start(struct scene *scene)
{
    world_start(&scene->world);
    element_start(&scene->world, &scene->a, 'a');
    element_listen(&scene->a, DS_UDP, 5060);
    peer_open_udp(&scene->world, &scene->b, 'b', 5060);
    scene->hop = world_hop('b', DS_UDP, 5060);
    scene->a_at = world_addr('a', 5060);
}

static void stop(struct scene *scene)
{
    element_stop(&scene->a);
    peer_close(&scene->b);
    world_stop(&scene->world);
}

static void settle(struct scene *scene)
{
    world_run(&scene->world, ds_now(scene->world.clock));
}

static void send_in(struct scene *scene, const char *method, const char *branch)
{
    peer_send(&scene->b, scene->a_at, peer_text(method, branch, "UDP"));
    settle(scene);
}

static void answer(struct scene *scene, const struct ds_msg *request, int status)
{
    struct ds_msg *last = scene->b.last;
    scene->b.last = ds_msg_ref(request);
    peer_answer(&scene->b, scene->a_at, status);
    ds_msg_unref(&scene->b.last);
    scene->b.last = last;
    settle(scene);
}

/* Leaves the INVITE as b got it. */
static struct ds_msg *invite(struct scene *scene)
{
    struct ds_msg *msg = element_write(&scene->a, "INVITE", &scene->hop, "<sip:127.0.0.11;lr>");
    assert_int_equal(ds_client_txn_new(scene->a.sip, msg, &scene->hop, &element_client_events,
                                       &scene->a, &scene->a.client, NULL),
                     DS_OK);
    settle(scene);
    return msg;
}

static void a_ringing_invite_is_cancelled_at_once(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    struct ds_msg *request = invite(&scene);
    answer(&scene, request, 180);
    ds_client_txn_cancel(scene.a.client, "Q.850;cause=16");
    ds_client_txn_cancel(scene.a.client, NULL);
    settle(&scene);
    answer(&scene, scene.b.last, 200);
    answer(&scene, request, 487);
    assert_wire(&scene.world, "a 0 INVITE\nb 0 180\na 0 CANCEL\nb 0 200\nb 0 487\na 0 ACK\n");
    assert_told(&scene.world, "a 0 180\na 0 487\n");
    world_run(&scene.world, 40 * DS_S);
    assert_told(&scene.world, "a 32 ended ok\n");
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), 0);
    ds_msg_unref(&request);
    stop(&scene);
}

static void a_cancel_repeats_what_the_invite_said(void **state)
{
    struct scene scene;
    struct ds_slice value = {0}, to = {0};
    (void)state;
    start(&scene);
    struct ds_msg *request = invite(&scene);
    answer(&scene, request, 180);
    ds_client_txn_cancel(scene.a.client, "SIP;cause=200");
    settle(&scene);
    const struct ds_msg *cancel = scene.b.last;
    assert_true(ds_msg_method_is(cancel, "CANCEL"));
    assert_true(ds_slice_equal(ds_msg_request_uri(cancel), ds_msg_request_uri(request)));
    assert_true(ds_slice_equal(ds_msg_branch(cancel), ds_msg_branch(request)));
    assert_true(ds_slice_equal(ds_msg_call_id(cancel), ds_msg_call_id(request)));
    assert_int_equal(ds_msg_cseq(cancel), 7);
    assert_true(ds_msg_header(request, "To", 0, &to) && ds_msg_header(cancel, "To", 0, &value));
    assert_true(ds_slice_equal(value, to));
    assert_false(ds_msg_value(cancel, "Via", 1, &value));
    assert_true(ds_msg_header(cancel, "Route", 0, &value));
    assert_true(ds_slice_equal(value, DS_LITERAL("<sip:127.0.0.11;lr>")));
    assert_true(ds_msg_header(cancel, "Reason", 0, &value));
    assert_true(ds_slice_equal(value, DS_LITERAL("SIP;cause=200")));
    ds_msg_unref(&request);
    stop(&scene);
}

static void a_cancel_waits_for_the_first_provisional(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    struct ds_msg *request = invite(&scene);
    ds_client_txn_cancel(scene.a.client, NULL);
    world_run(&scene.world, 1 * DS_S);
    assert_wire(&scene.world, "a 0 INVITE\na 0.5 INVITE\n");
    answer(&scene, request, 100);
    answer(&scene, request, 180);
    assert_wire(&scene.world, "b 1 100\na 1 CANCEL\nb 1 180\n");
    assert_told(&scene.world, "a 1 100\na 1 180\n");
    ds_msg_unref(&request);
    stop(&scene);
}

static void a_cancel_comes_too_late_for_a_final_response(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    struct ds_msg *request = invite(&scene);
    ds_client_txn_cancel(scene.a.client, NULL);
    answer(&scene, request, 200);
    ds_client_txn_cancel(scene.a.client, NULL);
    world_run(&scene.world, 40 * DS_S);
    assert_wire(&scene.world, "a 0 INVITE\nb 0 200\n");
    assert_told(&scene.world, "a 0 200\na 32 ended ok\n");
    ds_msg_unref(&request);
    stop(&scene);
}

static void an_invite_whose_cancel_changes_nothing_is_given_up_after_32_seconds(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    struct ds_msg *request = invite(&scene);
    answer(&scene, request, 180);
    world_run(&scene.world, 10 * DS_S);
    ds_client_txn_cancel(scene.a.client, NULL);
    settle(&scene);
    answer(&scene, scene.b.last, 200);
    answer(&scene, request, 180);
    world_run(&scene.world, 60 * DS_S);
    assert_wire(&scene.world, "a 0 INVITE\nb 0 180\na 10 CANCEL\nb 10 200\nb 10 180\n");
    assert_told(&scene.world, "a 0 180\na 10 180\na 42 ended late\n");
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), 0);
    ds_msg_unref(&request);
    stop(&scene);
}

static void a_cancel_nobody_answers_is_resent_like_any_request(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    struct ds_msg *request = invite(&scene);
    answer(&scene, request, 180);
    ds_client_txn_cancel(scene.a.client, NULL);
    world_run(&scene.world, 4 * DS_S);
    assert_wire(&scene.world, "a 0 INVITE\nb 0 180\na 0 CANCEL\na 0.5 CANCEL\na 1.5 CANCEL\n"
                              "a 3.5 CANCEL\n");
    ds_msg_unref(&request);
    stop(&scene);
}

/* ---- of the peer ---- */

#define BRANCH "z9hG4bKone"

static void a_cancel_of_the_peer_is_answered_and_told(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    scene.a.answer_at_once = 180;
    send_in(&scene, "INVITE", BRANCH);
    send_in(&scene, "CANCEL", BRANCH);
    assert_true(ds_slice_equal(ds_msg_to_tag(scene.b.last), DS_LITERAL("tb")));
    send_in(&scene, "CANCEL", BRANCH);
    element_reply(&scene.a, 487);
    settle(&scene);
    send_in(&scene, "ACK", BRANCH);
    assert_wire(&scene.world, "b 0 INVITE\na 0 180\nb 0 CANCEL\na 0 200\nb 0 CANCEL\na 0 200\n"
                              "a 0 487\nb 0 ACK\n");
    assert_told(&scene.world, "a 0 INVITE\na 0 cancelled by CANCEL\n");
    world_run(&scene.world, 33 * DS_S);
    assert_told(&scene.world, "a 5 served ok\n");
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), 0);
    stop(&scene);
}

static void a_cancel_of_nothing_gets_481(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    send_in(&scene, "CANCEL", BRANCH);
    assert_wire(&scene.world, "b 0 CANCEL\na 0 481\n");
    assert_true(ds_msg_to_tag(scene.b.last).len > 0);
    assert_told(&scene.world, "");
    stop(&scene);
}

static void a_cancel_after_the_final_response_gets_200_and_is_not_told(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    scene.a.answer_at_once = 200;
    send_in(&scene, "INVITE", BRANCH);
    send_in(&scene, "CANCEL", BRANCH);
    assert_wire(&scene.world, "b 0 INVITE\na 0 200\nb 0 CANCEL\na 0 200\n");
    assert_told(&scene.world, "a 0 INVITE\n");
    stop(&scene);
}

static void only_an_invite_can_be_cancelled(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    assert_int_equal(element_request(&scene.a, "OPTIONS", &scene.hop), DS_OK);
    expect_assert_failure(ds_client_txn_cancel(scene.a.client, NULL));
    stop(&scene);
}

int test_cancel(void);

int test_cancel(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ringing_invite_is_cancelled_at_once),
        cmocka_unit_test(a_cancel_repeats_what_the_invite_said),
        cmocka_unit_test(a_cancel_waits_for_the_first_provisional),
        cmocka_unit_test(a_cancel_comes_too_late_for_a_final_response),
        cmocka_unit_test(an_invite_whose_cancel_changes_nothing_is_given_up_after_32_seconds),
        cmocka_unit_test(a_cancel_nobody_answers_is_resent_like_any_request),
        cmocka_unit_test(a_cancel_of_the_peer_is_answered_and_told),
        cmocka_unit_test(a_cancel_of_nothing_gets_481),
        cmocka_unit_test(a_cancel_after_the_final_response_gets_200_and_is_not_told),
        cmocka_unit_test(only_an_invite_can_be_cancelled),
    };
    return cmocka_run_group_tests_name("cancel", tests, NULL, NULL);
}
