#include "world.h"

#include <stdio.h>
#include <string.h>

/* The element a, and a bare UDP peer at b, port 5070. */
struct scene {
    struct world world;
    struct element a;
    struct peer b;
    struct ds_addr a_at;
};

static void start(struct scene *scene)
{
    world_start(&scene->world);
    element_start(&scene->world, &scene->a, 'a');
    element_listen(&scene->a, DS_UDP, 5060);
    scene->a.answer_at_once = 200;
    peer_open_udp(&scene->world, &scene->b, 'b', 5070);
    scene->a_at = world_addr('a', 5060);
}

static void stop(struct scene *scene)
{
    element_stop(&scene->a);
    peer_close(&scene->b);
    world_stop(&scene->world);
}

/* Sends an OPTIONS with this Via value from b. */
static void send_via(struct scene *scene, const char *via)
{
    char text[1024];
    snprintf(text, sizeof text,
             "OPTIONS sip:a@127.0.0.10 SIP/2.0\r\nVia: %s\r\nFrom: <sip:b@b>;tag=1\r\n"
             "To: <sip:a@a>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\n"
             "Content-Length: 0\r\n\r\n",
             via);
    peer_send(&scene->b, scene->a_at, text);
    world_run(&scene->world, ds_now(scene->world.clock));
}

static void assert_via(const struct ds_msg *msg, const char *expected)
{
    struct ds_slice value;
    char text[256];
    assert_non_null(msg);
    assert_true(ds_msg_value(msg, "Via", 0, &value));
    assert_true(ds_slice_copy(value, text, sizeof text));
    assert_string_equal(text, expected);
}

static void a_via_names_the_listening_port_of_its_transport(void **state)
{
    struct scene scene;
    char via[160];
    const struct ds_hop hop = world_hop('b', DS_UDP, 5070);
    (void)state;
    start(&scene);
    ds_sip_via(scene.a.sip, &hop, via, sizeof via);
    const char *fixed = "SIP/2.0/UDP 127.0.0.10:5060;branch=z9hG4bK";
    assert_memory_equal(via, fixed, strlen(fixed));
    assert_int_equal(strlen(via), strlen(fixed) + 20);
    stop(&scene);
}

static void a_via_names_the_port_called_from_where_nobody_listens(void **state)
{
    struct scene scene;
    struct peer listener;
    char via[160], expected[128];
    struct ds_addr local;
    const struct ds_hop hop = world_hop('b', DS_TCP, 5060);
    (void)state;
    start(&scene);
    peer_listen(&scene.world, &listener, 'b', 5060);
    ds_sip_via(scene.a.sip, &hop, via, sizeof via);
    assert_int_equal(ds_sip_local(scene.a.sip, &hop, &local, NULL), DS_OK);
    assert_true(ds_addr_same_ip(local, world_addr('a', 0)) && local.port != 0);
    snprintf(expected, sizeof expected, "SIP/2.0/TCP %s;branch=z9hG4bK", ds_addr_text(local).text);
    assert_memory_equal(via, expected, strlen(expected));
    world_run(&scene.world, 0);
    assert_int_equal(listener.accepted, 1);
    peer_close(&listener);
    stop(&scene);
}

static void two_vias_never_share_a_branch(void **state)
{
    struct scene scene;
    char one[160], two[160];
    const struct ds_hop hop = world_hop('b', DS_UDP, 5070);
    (void)state;
    start(&scene);
    ds_sip_via(scene.a.sip, &hop, one, sizeof one);
    ds_sip_via(scene.a.sip, &hop, two, sizeof two);
    assert_string_not_equal(one, two);
    stop(&scene);
}

static void sending_over_udp_needs_no_listening(void **state)
{
    struct scene scene;
    struct element c;
    struct ds_addr local;
    const struct ds_hop hop = world_hop('b', DS_UDP, 5070);
    (void)state;
    start(&scene);
    element_start(&scene.world, &c, 'c');
    assert_int_equal(element_request(&c, "OPTIONS", &hop), DS_OK);
    world_run(&scene.world, 0);
    assert_int_equal(ds_sip_local(c.sip, &hop, &local, NULL), DS_OK);
    peer_answer(&scene.b, local, 200);
    world_run(&scene.world, 0);
    assert_told(&scene.world, "c 0 200\n");
    element_stop(&c);
    stop(&scene);
}

static void a_response_goes_to_the_port_of_the_via(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    send_via(&scene, "SIP/2.0/UDP 127.0.0.11:5070;branch=z9hG4bK1");
    assert_via(scene.b.last, "SIP/2.0/UDP 127.0.0.11:5070;branch=z9hG4bK1");
    send_via(&scene, "SIP/2.0/UDP 127.0.0.11;branch=z9hG4bK2");
    assert_int_equal(scene.b.heard, 1);
    stop(&scene);
}

static void another_host_than_the_source_is_marked_and_the_source_answered(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    send_via(&scene, "SIP/2.0/UDP pc33.contoso.example:5070;branch=z9hG4bK1");
    assert_via(scene.b.last,
               "SIP/2.0/UDP pc33.contoso.example:5070;branch=z9hG4bK1;received=127.0.0.11");
    send_via(&scene, "SIP/2.0/UDP 10.1.1.1:5070;received=6.6.6.6;branch=z9hG4bK2");
    assert_via(scene.b.last, "SIP/2.0/UDP 10.1.1.1:5070;branch=z9hG4bK2;received=127.0.0.11");
    stop(&scene);
}

static void rport_brings_the_response_to_the_source_port(void **state)
{
    struct scene scene;
    (void)state;
    start(&scene);
    send_via(&scene, "SIP/2.0/UDP 127.0.0.11;rport;branch=z9hG4bK1");
    assert_via(scene.b.last,
               "SIP/2.0/UDP 127.0.0.11;branch=z9hG4bK1;received=127.0.0.11;rport=5070");
    stop(&scene);
}

static void only_the_topmost_via_is_marked(void **state)
{
    struct scene scene;
    struct ds_slice value;
    (void)state;
    start(&scene);
    send_via(&scene, "SIP/2.0/UDP p:5070;branch=z9hG4bK1, SIP/2.0/TCP q;branch=z9hG4bK0");
    assert_via(scene.b.last, "SIP/2.0/UDP p:5070;branch=z9hG4bK1;received=127.0.0.11");
    assert_true(ds_msg_value(scene.b.last, "Via", 1, &value));
    assert_true(ds_slice_equal(value, DS_LITERAL("SIP/2.0/TCP q;branch=z9hG4bK0")));
    stop(&scene);
}

static void odd_vias_do_no_harm(void **state)
{
    static const char *const vias[] = {
        "SIP/2.0/UDP",
        "SIP/2.0/UDP ;branch=z9hG4bK1",
        "SIP/2.0/UDP :;branch=z9hG4bK1",
        "SIP/2.0/UDP [::1]",
        "SIP/2.0/UDP a:99999;branch=1",
        "SIP / 2.0 / UDP  a : 5070 ;branch=1",
        "/;;;;",
        "SIP/2.0/UDP [;branch=z9hG4bK",
        "SIP/2.0/UDP a:5070;rport=\"x;y\"",
    };
    struct scene scene;
    (void)state;
    start(&scene);
    for (size_t i = 0; i < DS_COUNT(vias); i++)
        send_via(&scene, vias[i]);
    send_via(&scene, "SIP/2.0/UDP 127.0.0.11:5070;branch=z9hG4bKlast");
    assert_via(scene.b.last, "SIP/2.0/UDP 127.0.0.11:5070;branch=z9hG4bKlast");
    stop(&scene);
}

int test_via(void);

int test_via(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_via_names_the_listening_port_of_its_transport),
        cmocka_unit_test(a_via_names_the_port_called_from_where_nobody_listens),
        cmocka_unit_test(two_vias_never_share_a_branch),
        cmocka_unit_test(sending_over_udp_needs_no_listening),
        cmocka_unit_test(a_response_goes_to_the_port_of_the_via),
        cmocka_unit_test(another_host_than_the_source_is_marked_and_the_source_answered),
        cmocka_unit_test(rport_brings_the_response_to_the_source_port),
        cmocka_unit_test(only_the_topmost_via_is_marked),
        cmocka_unit_test(odd_vias_do_no_harm),
    };
    return cmocka_run_group_tests_name("via", tests, NULL, NULL);
}
