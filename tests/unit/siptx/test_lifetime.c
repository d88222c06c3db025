#include "world.h"

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

static void a_transaction_let_go_goes_on_alone(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    request(&scene, "INVITE");
    ds_client_txn_let_go(&scene.a.client);
    assert_null(scene.a.client);
    world_run(&scene.world, 0);
    answer(&scene, 486);
    assert_wire(&scene.world, "a 0 INVITE\nb 0 486\na 0 ACK\n");
    assert_told(&scene.world, "");
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), 1);
    world_run(&scene.world, 33 * DS_S);
    stop(&scene);
}

static void let_go_and_ask_again(void *owner, const struct ds_msg *msg)
{
    struct scene *scene = owner;
    (void)msg;
    ds_client_txn_let_go(&scene->a.client);
    request(scene, "BYE");
}

static void no_end(void *owner, ds_rc how, const struct ds_why *why)
{
    (void)owner, (void)how, (void)why;
    fail_msg("a transaction that was let go tells of its end");
}

static void a_callback_may_let_go_and_start_another(void **state)
{
    static const struct ds_client_events events = {.response = let_go_and_ask_again,
                                                   .ended = no_end};
    struct scene scene;
    (void)state;
    start_tcp(&scene);
    struct ds_msg *options = element_write(&scene.a, "OPTIONS", &scene.hop, NULL);
    assert_int_equal(
        ds_client_txn_new(scene.a.sip, options, &scene.hop, &events, &scene, &scene.a.client, NULL),
        DS_OK);
    ds_msg_unref(&options);
    world_run(&scene.world, 0);
    answer(&scene, 200);
    answer(&scene, 200);
    assert_wire(&scene.world, "a 0 OPTIONS\nb 0 200\na 0 BYE\nb 0 200\n");
    assert_told(&scene.world, "a 0 200\na 0 ended ok\n");
    stop(&scene);
}

static void freeing_the_element_ends_all_silently(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    request(&scene, "INVITE");
    request(&scene, "OPTIONS");
    world_run(&scene.world, 700 * DS_MS);
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), 2);
    assert_wire(&scene.world, "a 0 INVITE\na 0 OPTIONS\na 0.5 INVITE\na 0.5 OPTIONS\n");
    element_stop(&scene.a);
    assert_int_equal(ds_timers_count(scene.world.clock), 0);
    world_run(&scene.world, 40 * DS_S);
    assert_wire(&scene.world, "");
    assert_told(&scene.world, "");
    peer_close(&scene.b);
    world_stop(&scene.world);
}

static void a_thousand_transactions_each_find_their_response(void **state)
{
    enum { MANY = 1000 };

    struct scene scene;
    (void)state;
    start_udp(&scene);
    for (int i = 0; i < MANY; i++) {
        request(&scene, "OPTIONS");
        world_run(&scene.world, 0);
        ds_buf_clean_up(&scene.world.told);
        if (i % 2 == 0) {
            answer(&scene, 200);
            assert_told(&scene.world, "a 0 200\n");
        }
    }
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), MANY);
    world_run(&scene.world, 5 * DS_S);
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), MANY / 2);
    world_run(&scene.world, 33 * DS_S);
    stop(&scene);
}

static ds_rc start_one(void *owner)
{
    struct scene *scene = owner;
    struct ds_sip *sip = NULL;
    struct ds_client_txn *txn = NULL;
    static const struct ds_sip_events no_events = {.request = NULL};
    const struct ds_sip_options options = {.net = scene->world.net,
                                           .rng = &scene->world.rng,
                                           .at = world_addr('c', 0),
                                           .events = &no_events};
    ds_rc rc = ds_sip_new(&options, &sip, NULL);
    if (rc == DS_OK)
        rc = ds_sip_listen(sip, DS_TCP, 5060, NULL);
    if (rc == DS_OK)
        rc = ds_client_txn_new(sip, scene->b.last, &scene->hop, NULL, NULL, &txn, NULL);
    ds_sip_free(&sip);
    return rc;
}

static void exhaustion_is_told(void **state)
{
    struct scene scene;
    (void)state;
    start_udp(&scene);
    request(&scene, "OPTIONS");
    world_run(&scene.world, 0);
    ds_exhaust(start_one, &scene);
    scene.hop.transport = DS_TCP;
    ds_exhaust(start_one, &scene);
    world_run(&scene.world, 33 * DS_S);
    stop(&scene);
}

int test_lifetime(void);

int test_lifetime(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_transaction_let_go_goes_on_alone),
        cmocka_unit_test(a_callback_may_let_go_and_start_another),
        cmocka_unit_test(freeing_the_element_ends_all_silently),
        cmocka_unit_test(a_thousand_transactions_each_find_their_response),
        cmocka_unit_test(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("lifetime", tests, NULL, NULL);
}
