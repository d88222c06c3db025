#include "world.h"

#include "sim.h"

#include <string.h>

/* The element a, listening for TCP, and a bare peer at b. */
struct scene {
    struct world world;
    struct element a;
    struct peer b;
    struct ds_addr a_at;
    struct ds_hop hop;
};

/* b has called a. */
static void start_called(struct scene *scene)
{
    world_start(&scene->world);
    element_start(&scene->world, &scene->a, 'a');
    element_listen(&scene->a, DS_TCP, 5060);
    scene->a_at = world_addr('a', 5060);
    peer_connect(&scene->world, &scene->b, 'b', scene->a_at);
    world_run(&scene->world, 0);
}

/* a will call b. */
static void start_calling(struct scene *scene)
{
    world_start(&scene->world);
    element_start(&scene->world, &scene->a, 'a');
    peer_listen(&scene->world, &scene->b, 'b', 5060);
    scene->hop = world_hop('b', DS_TCP, 5060);
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

static void write_in(struct scene *scene, const char *bytes, size_t len)
{
    ds_stream_send(scene->b.stream, (struct ds_slice){bytes, len});
    settle(scene);
}

static void write_text(struct scene *scene, const char *text)
{
    write_in(scene, text, strlen(text));
}

static void request(struct scene *scene, const char *method)
{
    assert_int_equal(element_request(&scene->a, method, &scene->hop), DS_OK);
    settle(scene);
}

/* ---- framing ---- */

static void a_message_may_come_byte_by_byte(void **state)
{
    struct scene scene;
    (void)state;
    start_called(&scene);
    const char *text = peer_text("OPTIONS", "z9hG4bKone", "TCP");
    for (size_t at = 0; text[at] != '\0'; at++) {
        assert_told(&scene.world, "");
        write_in(&scene, text + at, 1);
    }
    assert_told(&scene.world, "a 0 OPTIONS\n");
    stop(&scene);
}

static void messages_may_come_joined_with_keep_alives_between(void **state)
{
    struct scene scene;
    struct ds_buf joined = {0};
    (void)state;
    start_called(&scene);
    ds_buf_text(&joined, "\r\n\r\n");
    ds_buf_text(&joined, peer_text("OPTIONS", "z9hG4bKone", "TCP"));
    ds_buf_text(&joined, peer_text("INFO", "z9hG4bKtwo", "TCP"));
    ds_buf_text(&joined, "\r\n\r\n\r\n");
    ds_buf_text(&joined, peer_text("MESSAGE", "z9hG4bKthree", "TCP"));
    write_in(&scene, joined.at, joined.len - 20);
    assert_told(&scene.world, "a 0 OPTIONS\na 0 INFO\n");
    write_in(&scene, joined.at + joined.len - 20, 20);
    assert_told(&scene.world, "a 0 MESSAGE\n");
    ds_buf_clean_up(&joined);
    stop(&scene);
}

static void keep_alives_alone_are_tolerated(void **state)
{
    struct scene scene;
    (void)state;
    start_called(&scene);
    for (int i = 0; i < 5; i++)
        write_text(&scene, "\r\n");
    write_text(&scene, peer_text("OPTIONS", "z9hG4bKone", "TCP"));
    assert_told(&scene.world, "a 0 OPTIONS\n");
    assert_int_equal(scene.b.closed, 0);
    stop(&scene);
}

static void what_cannot_be_framed_closes_the_connection(void **state)
{
    struct scene scene;
    (void)state;
    start_called(&scene);
    write_text(&scene, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal(scene.b.closed, 1);
    assert_told(&scene.world, "");
    stop(&scene);
}

static void what_precedes_unframeable_bytes_is_still_heard(void **state)
{
    struct scene scene;
    struct ds_buf joined = {0};
    (void)state;
    start_called(&scene);
    ds_buf_text(&joined, peer_text("OPTIONS", "z9hG4bKone", "TCP"));
    ds_buf_text(&joined, "nonsense\r\n\r\n");
    write_in(&scene, joined.at, joined.len);
    assert_told(&scene.world, "a 0 OPTIONS\n");
    assert_int_equal(scene.b.closed, 1);
    ds_buf_clean_up(&joined);
    stop(&scene);
}

static void a_malformed_request_gets_400(void **state)
{
    struct scene scene;
    (void)state;
    start_called(&scene);
    write_text(&scene, "OPTIONS sip:a@127.0.0.10 SIP/2.0\r\n"
                       "Via: SIP/2.0/TCP 127.0.0.11:5060;branch=z9hG4bKone\r\n"
                       "From: <sip:b@b>;tag=1\r\nTo: <sip:a@a>\r\nCall-ID: x\r\n"
                       "CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n");
    assert_told(&scene.world, "");
    assert_non_null(scene.b.last);
    assert_int_equal(ds_msg_status(scene.b.last), 400);
    assert_true(ds_slice_equal(ds_msg_reason(scene.b.last), DS_LITERAL("Bad Request")));
    write_text(&scene, peer_text("OPTIONS", "z9hG4bKone", "TCP"));
    assert_told(&scene.world, "a 0 OPTIONS\n");
    stop(&scene);
}

static void a_malformed_ack_or_one_that_cannot_be_answered_gets_nothing(void **state)
{
    struct scene scene;
    (void)state;
    start_called(&scene);
    write_text(&scene, "ACK sip:a@127.0.0.10 SIP/2.0\r\n"
                       "Via: SIP/2.0/TCP 127.0.0.11:5060;branch=z9hG4bKone\r\n"
                       "From: <sip:b@b>;tag=1\r\nTo: <sip:a@a>\r\nCall-ID: x\r\n"
                       "CSeq: 1 MESSAGE\r\nContent-Length: 0\r\n\r\n");
    write_text(&scene, "OPTIONS sip:a@127.0.0.10 SIP/2.0\r\n"
                       "From: <sip:b@b>;tag=1\r\nContent-Length: 0\r\n\r\n");
    assert_int_equal(scene.b.heard, 0);
    assert_int_equal(scene.b.closed, 0);
    assert_told(&scene.world, "");
    stop(&scene);
}

/* ---- keeping and reusing ---- */

static void one_connection_carries_all_requests_to_a_place(void **state)
{
    struct scene scene;
    (void)state;
    start_calling(&scene);
    for (int i = 0; i < 5; i++) {
        request(&scene, "OPTIONS");
        peer_answer(&scene.b, scene.a_at, 200);
        world_run(&scene.world, (i + 1) * 60 * DS_S);
    }
    assert_int_equal(scene.b.accepted, 1);
    assert_int_equal(scene.b.heard, 5);
    stop(&scene);
}

static void a_request_goes_back_on_the_connection_that_came(void **state)
{
    struct scene scene;
    (void)state;
    start_called(&scene);
    write_text(&scene, peer_text("REGISTER", "z9hG4bKone", "TCP"));
    scene.hop = scene.a.from;
    assert_true(ds_addr_equal(scene.hop.to, ds_stream_at(scene.b.stream)));
    request(&scene, "INVITE");
    assert_true(ds_msg_method_is(scene.b.last, "INVITE"));
    peer_answer(&scene.b, scene.a_at, 404);
    settle(&scene);
    assert_told(&scene.world, "a 0 REGISTER\na 0 404\na 0 ended ok\n");
    stop(&scene);
}

static void a_refused_connection_fails_who_waits_for_it(void **state)
{
    struct scene scene;
    (void)state;
    start_calling(&scene);
    scene.hop.to.port = 5999;
    request(&scene, "INVITE");
    assert_told(&scene.world, "a 0 ended io\n");
    assert_string_equal(scene.a.why.text, "cannot connect to 127.0.0.11:5999: connection refused");
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), 0);
    stop(&scene);
}

static void all_who_wait_fail_when_a_connection_closes(void **state)
{
    struct scene scene;
    (void)state;
    start_calling(&scene);
    assert_int_equal(element_request(&scene.a, "INVITE", &scene.hop), DS_OK);
    assert_int_equal(element_request(&scene.a, "OPTIONS", &scene.hop), DS_OK);
    settle(&scene);
    ds_stream_close(&scene.b.stream);
    settle(&scene);
    assert_told(&scene.world, "a 0 ended io\na 0 ended io\n");
    assert_int_equal(scene.b.accepted, 1);
    stop(&scene);
}

static void a_closed_connection_is_opened_anew_for_the_next_request(void **state)
{
    struct scene scene;
    (void)state;
    start_calling(&scene);
    request(&scene, "OPTIONS");
    peer_answer(&scene.b, scene.a_at, 200);
    settle(&scene);
    ds_stream_close(&scene.b.stream);
    settle(&scene);
    request(&scene, "OPTIONS");
    peer_answer(&scene.b, scene.a_at, 200);
    settle(&scene);
    assert_told(&scene.world, "a 0 200\na 0 ended ok\na 0 200\na 0 ended ok\n");
    assert_int_equal(scene.b.accepted, 2);
    stop(&scene);
}

static void a_request_that_met_a_closing_connection_is_sent_once_more(void **state)
{
    struct scene scene;
    (void)state;
    start_calling(&scene);
    request(&scene, "OPTIONS");
    peer_answer(&scene.b, scene.a_at, 200);
    settle(&scene);
    ds_stream_close(&scene.b.stream);
    request(&scene, "INVITE");
    assert_int_equal(scene.b.accepted, 2);
    assert_true(ds_msg_method_is(scene.b.last, "INVITE"));
    assert_told(&scene.world, "a 0 200\na 0 ended ok\n");
    ds_stream_close(&scene.b.stream);
    settle(&scene);
    assert_told(&scene.world, "a 0 ended io\n");
    assert_int_equal(scene.b.accepted, 2);
    stop(&scene);
}

static void a_response_finds_another_way_when_its_connection_is_gone(void **state)
{
    struct scene scene;
    struct peer listener;
    (void)state;
    start_called(&scene);
    peer_listen(&scene.world, &listener, 'b', 5060);
    write_text(&scene, peer_text("OPTIONS", "z9hG4bKone", "TCP"));
    ds_stream_close(&scene.b.stream);
    settle(&scene);
    element_reply(&scene.a, 200);
    settle(&scene);
    assert_int_equal(listener.accepted, 1);
    assert_int_equal(ds_msg_status(listener.last), 200);
    assert_told(&scene.world, "a 0 OPTIONS\na 0 served ok\n");
    peer_close(&listener);
    stop(&scene);
}

static void try_another(void *owner, ds_rc how, const struct ds_why *why)
{
    struct scene *scene = owner;
    (void)why;
    assert_int_equal(how, DS_IO);
    scene->hop.to.port = 5060;
    assert_int_equal(element_request(&scene->a, "INVITE", &scene->hop), DS_OK);
}

static void who_fails_may_try_another_place_from_the_callback(void **state)
{
    static const struct ds_client_events events = {.ended = try_another};
    struct scene scene;
    (void)state;
    start_calling(&scene);
    scene.hop.to.port = 5999;
    struct ds_msg *msg = element_write(&scene.a, "INVITE", &scene.hop, NULL);
    struct ds_client_txn *txn = NULL;
    assert_int_equal(ds_client_txn_new(scene.a.sip, msg, &scene.hop, &events, &scene, &txn, NULL),
                     DS_OK);
    ds_msg_unref(&msg);
    settle(&scene);
    assert_true(ds_msg_method_is(scene.b.last, "INVITE"));
    assert_int_equal(ds_sip_transaction_count(scene.a.sip), 1);
    stop(&scene);
}

static void what_waits_for_a_connection_nobody_answers_is_never_sent(void **state)
{
    struct scene scene;
    struct ds_fault *fault = NULL;
    struct ds_why why = {""};
    (void)state;
    start_calling(&scene);
    assert_int_equal(ds_fault_start(scene.world.net, "lose of tcp", &fault, &why), DS_OK);
    request(&scene, "INVITE");
    world_run(&scene.world, 40 * DS_S);
    assert_told(&scene.world, "a 32 ended late\n");
    ds_fault_stop(&fault);
    world_run(&scene.world, 200 * DS_S);
    assert_int_equal(scene.b.heard, 0);
    request(&scene, "OPTIONS");
    assert_int_equal(scene.b.heard, 1);
    stop(&scene);
}

static void tls_without_a_certificate_is_refused_in_words(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    start_calling(&scene);
    assert_int_equal(ds_sip_listen(scene.a.sip, DS_TLS, 5061, &why), DS_BAD);
    assert_string_equal(why.text,
                        "element is to listen for TLS on 127.0.0.10:5061 but has no certificate");
    struct ds_msg *msg = element_write(&scene.a, "OPTIONS", &scene.hop, NULL);
    scene.hop.transport = DS_TLS;
    assert_int_equal(ds_sip_send(scene.a.sip, msg, &scene.hop), DS_BAD);
    ds_msg_unref(&msg);
    stop(&scene);
}

int test_connection(void);

int test_connection(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_may_come_byte_by_byte),
        cmocka_unit_test(messages_may_come_joined_with_keep_alives_between),
        cmocka_unit_test(keep_alives_alone_are_tolerated),
        cmocka_unit_test(what_cannot_be_framed_closes_the_connection),
        cmocka_unit_test(what_precedes_unframeable_bytes_is_still_heard),
        cmocka_unit_test(a_malformed_request_gets_400),
        cmocka_unit_test(a_malformed_ack_or_one_that_cannot_be_answered_gets_nothing),
        cmocka_unit_test(one_connection_carries_all_requests_to_a_place),
        cmocka_unit_test(a_request_goes_back_on_the_connection_that_came),
        cmocka_unit_test(a_refused_connection_fails_who_waits_for_it),
        cmocka_unit_test(all_who_wait_fail_when_a_connection_closes),
        cmocka_unit_test(a_closed_connection_is_opened_anew_for_the_next_request),
        cmocka_unit_test(a_request_that_met_a_closing_connection_is_sent_once_more),
        cmocka_unit_test(a_response_finds_another_way_when_its_connection_is_gone),
        cmocka_unit_test(who_fails_may_try_another_place_from_the_callback),
        cmocka_unit_test(what_waits_for_a_connection_nobody_answers_is_never_sent),
        cmocka_unit_test(tls_without_a_certificate_is_refused_in_words),
    };
    return cmocka_run_group_tests_name("connection", tests, NULL, NULL);
}
