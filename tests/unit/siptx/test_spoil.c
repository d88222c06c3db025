#include "world.h"

/* What leaves passes a hook once; what is sent again is what left. */
struct spoiler {
    size_t calls;
    const char *swallow; /* a method that does not leave, or NULL */
    const char *spoil;   /* a method that leaves with another Subject, or NULL */
};

static struct ds_msg *spoil(void *owner, const struct ds_msg *msg, const struct ds_hop *hop)
{
    struct spoiler *spoiler = owner;
    struct ds_msg *spoiled = NULL;
    (void)hop;
    spoiler->calls++;
    if (spoiler->swallow != NULL && ds_msg_method_is(msg, spoiler->swallow))
        return NULL;
    if (spoiler->spoil == NULL || !ds_msg_method_is(msg, spoiler->spoil))
        return ds_msg_ref(msg);
    assert_int_equal(ds_msg_set(msg, "Subject", "spoiled", &spoiled), DS_OK);
    return spoiled;
}

struct scene {
    struct world world;
    struct element a;
    struct peer b;
    struct ds_addr a_at;
    struct spoiler spoiler;
};

static void start(struct scene *scene)
{
    world_start(&scene->world);
    element_start(&scene->world, &scene->a, 'a');
    element_listen(&scene->a, DS_UDP, 5060);
    peer_open_udp(&scene->world, &scene->b, 'b', 5060);
    scene->a_at = world_addr('a', 5060);
    scene->spoiler = (struct spoiler){.calls = 0};
    ds_sip_spoil(scene->a.sip, spoil, &scene->spoiler);
}

static void stop(struct scene *scene)
{
    element_stop(&scene->a);
    peer_close(&scene->b);
    world_stop(&scene->world);
}

static void request(struct scene *scene, const char *method)
{
    const struct ds_hop hop = world_hop('b', DS_UDP, 5060);
    assert_int_equal(element_request(&scene->a, method, &hop), DS_OK);
    world_run(&scene->world, 0);
}

static bool is_spoiled(const struct ds_msg *msg)
{
    struct ds_slice value;
    return ds_msg_header(msg, "Subject", 0, &value);
}

static void a_spoiled_request_is_resent_spoiled_without_asking_again(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    scene.spoiler.spoil = "INVITE";
    request(&scene, "INVITE");
    world_run(&scene.world, 4 * DS_S);
    assert_wire(&scene.world, "a 0 INVITE\na 0.5 INVITE\na 1.5 INVITE\na 3.5 INVITE\n");
    assert_true(is_spoiled(scene.b.last));
    assert_int_equal(scene.spoiler.calls, 1);
    assert_false(is_spoiled(ds_client_txn_request(scene.a.client)));
    stop(&scene);
}

static void a_swallowed_request_never_leaves_and_is_given_up(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    scene.spoiler.swallow = "INVITE";
    request(&scene, "INVITE");
    world_run(&scene.world, 33 * DS_S);
    assert_wire(&scene.world, "");
    assert_told(&scene.world, "a 32 ended late\n");
    stop(&scene);
}

static void a_swallowed_ack_never_leaves(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    scene.spoiler.swallow = "ACK";
    request(&scene, "INVITE");
    peer_answer(&scene.b, scene.a_at, 486);
    peer_answer(&scene.b, scene.a_at, 486);
    world_run(&scene.world, 1 * DS_S);
    assert_wire(&scene.world, "a 0 INVITE\nb 0 486\nb 0 486\n");
    assert_told(&scene.world, "a 0 486\n");
    assert_int_equal(scene.spoiler.calls, 2);
    stop(&scene);
}

static void a_spoiled_failure_is_resent_spoiled_without_asking_again(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    scene.a.answer_at_once = 486;
    scene.spoiler.spoil = "INVITE";
    peer_send(&scene.b, scene.a_at, peer_text("INVITE", "z9hG4bKone", "UDP"));
    world_run(&scene.world, 2 * DS_S);
    assert_wire(&scene.world, "b 0 INVITE\na 0 486\na 0.5 486\na 1.5 486\n");
    assert_true(is_spoiled(scene.b.last));
    assert_int_equal(scene.spoiler.calls, 1);
    stop(&scene);
}

static void a_2xx_replied_again_leaves_as_it_did(void **state)
{
    struct scene scene;
    struct ds_draft draft = {.text = {0}};
    struct ds_msg *ok = NULL;
    (void)state;
    start(&scene);
    scene.spoiler.spoil = "INVITE";
    peer_send(&scene.b, scene.a_at, peer_text("INVITE", "z9hG4bKone", "UDP"));
    world_run(&scene.world, 0);
    ds_draft_response(&draft, ds_server_txn_request(scene.a.server), 200, "tb");
    assert_int_equal(ds_draft_finish(&draft, NULL, DS_LITERAL(""), &ok, NULL), DS_OK);
    for (int i = 0; i < 3; i++)
        ds_server_txn_reply(scene.a.server, ok);
    world_run(&scene.world, 0);
    assert_wire(&scene.world, "b 0 INVITE\na 0 200\na 0 200\na 0 200\n");
    assert_true(is_spoiled(scene.b.last));
    assert_int_equal(scene.spoiler.calls, 1);
    ds_msg_unref(&ok);
    stop(&scene);
}

static void what_is_sent_outside_transactions_passes_as_well(void **state)
{
    struct scene scene;
    const struct ds_hop hop = world_hop('b', DS_UDP, 5060);
    (void)state;
    start(&scene);
    struct ds_msg *ack = element_write(&scene.a, "ACK", &hop, NULL);
    scene.spoiler.spoil = "ACK";
    assert_int_equal(ds_sip_send(scene.a.sip, ack, &hop), DS_OK);
    world_run(&scene.world, 0);
    assert_true(is_spoiled(scene.b.last));
    scene.spoiler.swallow = "ACK";
    assert_int_equal(ds_sip_send(scene.a.sip, ack, &hop), DS_OK);
    ds_sip_spoil(scene.a.sip, NULL, NULL);
    assert_int_equal(ds_sip_send(scene.a.sip, ack, &hop), DS_OK);
    world_run(&scene.world, 0);
    assert_false(is_spoiled(scene.b.last));
    assert_wire(&scene.world, "a 0 ACK\na 0 ACK\n");
    ds_msg_unref(&ack);
    stop(&scene);
}

static struct ds_msg *free_inside(void *owner, const struct ds_msg *msg, const struct ds_hop *hop)
{
    struct element *element = owner;
    (void)hop;
    expect_assert_failure(ds_sip_free(&element->sip));
    return ds_msg_ref(msg);
}

static void an_element_is_not_freed_inside_its_own_callback(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    ds_sip_spoil(scene.a.sip, free_inside, &scene.a);
    request(&scene, "OPTIONS");
    assert_wire(&scene.world, "a 0 OPTIONS\n");
    stop(&scene);
}

int test_spoil(void);

int test_spoil(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spoiled_request_is_resent_spoiled_without_asking_again),
        cmocka_unit_test(a_swallowed_request_never_leaves_and_is_given_up),
        cmocka_unit_test(a_swallowed_ack_never_leaves),
        cmocka_unit_test(a_spoiled_failure_is_resent_spoiled_without_asking_again),
        cmocka_unit_test(a_2xx_replied_again_leaves_as_it_did),
        cmocka_unit_test(what_is_sent_outside_transactions_passes_as_well),
        cmocka_unit_test(an_element_is_not_freed_inside_its_own_callback),
    };
    return cmocka_run_group_tests_name("spoil", tests, NULL, NULL);
}
