#include "world.h"

/* Two elements, end to end: a calls b, which listens at its transport's usual port. */
struct scene {
    struct world world;
    struct element a, b;
    struct ds_hop hop;
    enum ds_transport transport;
};

static void start(struct scene *scene, enum ds_transport transport)
{
    bool secure = transport == DS_TLS;
    uint16_t port = secure ? 5061 : 5060;
    world_start(&scene->world);
    scene->transport = transport;
    if (secure) {
        element_start_tls(&scene->world, &scene->a, 'a');
        element_start_tls(&scene->world, &scene->b, 'b');
    } else {
        element_start(&scene->world, &scene->a, 'a');
        element_start(&scene->world, &scene->b, 'b');
    }
    element_listen(&scene->b, transport, port);
    scene->hop = world_hop('b', transport, port);
    if (secure)
        ds_slice_copy(DS_LITERAL("b.contoso.example"), scene->hop.peer_name,
                      sizeof scene->hop.peer_name);
}

static void stop(struct scene *scene)
{
    assert_int_equal(ds_sip_transaction_count(scene->a.sip), 0);
    assert_int_equal(ds_sip_transaction_count(scene->b.sip), 0);
    element_stop(&scene->a);
    element_stop(&scene->b);
    world_stop(&scene->world);
}

static void settle(struct scene *scene)
{
    world_run(&scene->world, ds_now(scene->world.clock));
}

static void request(struct scene *scene, const char *method)
{
    assert_int_equal(element_request(&scene->a, method, &scene->hop), DS_OK);
    settle(scene);
}

static void reply(struct scene *scene, int status)
{
    element_reply(&scene->b, status);
    settle(scene);
}

static void acknowledge(struct scene *scene)
{
    struct ds_msg *ack = element_write(&scene->a, "ACK", &scene->hop, NULL);
    assert_int_equal(ds_sip_send(scene->a.sip, ack, &scene->hop), DS_OK);
    ds_msg_unref(&ack);
    settle(scene);
}

/* An answered call, and one that is cancelled while it is tried: told alike over every transport.
 */
static void make_calls(struct scene *scene)
{
    request(scene, "INVITE");
    reply(scene, 180);
    reply(scene, 200);
    acknowledge(scene);
    assert_told(&scene->world, "b 0 INVITE\na 0 180\na 0 200\nb 0 ACK alone\n");
    world_run(&scene->world, 100 * DS_S);
    assert_told(&scene->world, "b 32 served ok\na 32 ended ok\n");
    request(scene, "INVITE");
    reply(scene, 100);
    ds_client_txn_cancel(scene->a.client, NULL);
    settle(scene);
    assert_told(&scene->world, "b 100 INVITE\na 100 100\nb 100 cancelled by CANCEL\n");
}

static void calls_are_made_over_udp(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene, DS_UDP);
    make_calls(&scene);
    reply(&scene, 487);
    world_run(&scene.world, 200 * DS_S);
    assert_told(&scene.world, "a 100 487\nb 105 served ok\na 132 ended ok\n");
    scene.b.answer_at_once = 200;
    request(&scene, "OPTIONS");
    world_run(&scene.world, 300 * DS_S);
    assert_told(&scene.world, "b 200 OPTIONS\na 200 200\na 205 ended ok\nb 232 served ok\n");
    stop(&scene);
}

static void make_calls_over_streams(enum ds_transport transport)
{
    struct scene scene;
    start(&scene, transport);
    make_calls(&scene);
    reply(&scene, 487);
    assert_told(&scene.world, "a 100 487\na 100 ended ok\nb 100 served ok\n");
    scene.b.answer_at_once = 200;
    request(&scene, "OPTIONS");
    assert_told(&scene.world, "b 100 OPTIONS\nb 100 served ok\na 100 200\na 100 ended ok\n");
    stop(&scene);
}

static void calls_are_made_over_tcp(void **state)
{
    (void)state;
    make_calls_over_streams(DS_TCP);
}

static void calls_are_made_over_tls(void **state)
{
    (void)state;
    make_calls_over_streams(DS_TLS);
}

static void a_pool_reaches_a_client_through_the_connection_it_opened(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene, DS_TLS);
    scene.b.answer_at_once = 200;
    scene.a.answer_at_once = 404;
    request(&scene, "REGISTER");
    assert_told(&scene.world, "b 0 REGISTER\nb 0 served ok\na 0 200\na 0 ended ok\n");
    assert_int_equal(element_request(&scene.b, "INVITE", &scene.b.from), DS_OK);
    settle(&scene);
    assert_told(&scene.world, "a 0 INVITE\nb 0 404\nb 0 ended ok\na 0 served ok\n");
    stop(&scene);
}

static void another_name_in_the_certificate_fails_the_request(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene, DS_TLS);
    ds_slice_copy(DS_LITERAL("pool.contoso.example"), scene.hop.peer_name,
                  sizeof scene.hop.peer_name);
    request(&scene, "OPTIONS");
    assert_told(&scene.world, "a 0 ended io\n");
    assert_true(scene.a.why.text[0] != '\0');
    stop(&scene);
}

static void the_log_tells_who_said_what_to_whom(void **state)
{
    static const char *const lines[] = {
        "-> OPTIONS +15550100 to 127.0.0.11:5060 udp\n",
        "<- OPTIONS from 127.0.0.10:",
        "-> 200 OK to 127.0.0.10:",
        "<- 200 OK from 127.0.0.11:5060 udp\n",
    };
    struct scene scene;
    size_t at;
    (void)state;
    start(&scene, DS_UDP);
    scene.b.answer_at_once = 200;
    request(&scene, "OPTIONS");
    for (size_t i = 0; i < DS_COUNT(lines); i++)
        assert_true(ds_slice_find(ds_log_text(scene.world.log), ds_slice_of(lines[i]), &at));
    world_run(&scene.world, 33 * DS_S);
    stop(&scene);
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
    struct ds_msg *sent[2] = {NULL, NULL};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct scene scene;
        start(&scene, DS_TCP);
        request(&scene, "OPTIONS");
        sent[i] = ds_msg_ref(ds_server_txn_request(scene.b.server));
        reply(&scene, 200);
        stop(&scene);
    }
    assert_true(ds_slice_equal(ds_msg_bytes(sent[0]), ds_msg_bytes(sent[1])));
    ds_msg_unref(&sent[0]);
    ds_msg_unref(&sent[1]);
}

int test_elements(void);

int test_elements(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_are_made_over_udp),
        cmocka_unit_test(calls_are_made_over_tcp),
        cmocka_unit_test(calls_are_made_over_tls),
        cmocka_unit_test(a_pool_reaches_a_client_through_the_connection_it_opened),
        cmocka_unit_test(another_name_in_the_certificate_fails_the_request),
        cmocka_unit_test(the_log_tells_who_said_what_to_whom),
        cmocka_unit_test(the_same_seed_gives_the_same_bytes),
    };
    return cmocka_run_group_tests_name("elements", tests, NULL, NULL);
}
