#include "proxy.h"
#include "world.h"

/* a calls b through two proxies, p and q. */
struct chain {
    struct world world;
    struct party a, p, q, b;
};

static void start_chain(struct chain *chain, enum ds_transport transport)
{
    world_start(&chain->world);
    chain->world.transport = transport;
    party_start(&chain->world, &chain->a, 'a');
    party_start_proxy(&chain->world, &chain->p, 'p', "q");
    party_start_proxy(&chain->world, &chain->q, 'q', "b");
    party_start(&chain->world, &chain->b, 'b');
}

static void stop_chain(struct chain *chain)
{
    party_stop(&chain->a);
    party_stop(&chain->p);
    party_stop(&chain->q);
    party_stop(&chain->b);
    world_stop(&chain->world);
}

static void every_request_of_a_call_takes_the_recorded_route(void **state)
{
    struct chain chain;
    const struct ds_content hold = sdp_content();
    struct ds_slice value;
    (void)state;
    start_chain(&chain, DS_UDP);
    chain.q.watches = "INVITE";
    chain.b.progresses = 180;
    party_call(&chain.a, 'b', 'p');
    world_run(&chain.world, 1 * DS_S);
    assert_wire(&chain.world, "0 ap INVITE\n0 pq INVITE\n0 qb INVITE\n"
                              "0 bq 180\n0 bq 200\n0 qp 180\n0 qp 200\n0 pa 180\n0 pa 200\n"
                              "0 ap ACK\n0 pq ACK\n0 qb ACK\n");
    assert_true(sent_has(&chain.q, "Max-Forwards", "68"));
    assert_true(ds_msg_value(chain.q.sent, "Via", 2, &value));
    assert_false(ds_msg_value(chain.q.sent, "Via", 3, &value));
    assert_true(ds_msg_value(chain.q.sent, "Record-Route", 0, &value));
    assert_true(ds_slice_equal(value, DS_LITERAL("<sip:q.contoso.example;lr>")));
    assert_true(
        ds_slice_equal(ds_msg_request_uri(chain.q.sent), DS_LITERAL("sip:b@contoso.example")));
    ds_session_offer(chain.b.session, &hold);
    world_run(&chain.world, 2 * DS_S);
    assert_wire(&chain.world, "1 bq INVITE\n1 qp INVITE\n1 pa INVITE\n1 ap 200\n1 pq 200\n"
                              "1 qb 200\n1 bq ACK\n1 qp ACK\n1 pa ACK\n");
    ds_session_hang_up(chain.a.session, NULL);
    world_run(&chain.world, 3 * DS_S);
    assert_wire(&chain.world, "2 ap BYE\n2 pq BYE\n2 qb BYE\n2 bq 200\n2 qp 200\n2 pa 200\n");
    assert_told(&chain.world, "b invite sdp\na progress 180\na answered 200 sdp\nb confirmed\n"
                              "a offer by INVITE sdp\nb offer done 200 sdp\n"
                              "b ended by BYE\na ended\n");
    stop_chain(&chain);
}

static void the_last_proxy_alone_takes_its_route_off(void **state)
{
    struct chain chain;
    struct ds_slice value;
    (void)state;
    start_chain(&chain, DS_UDP);
    party_call(&chain.a, 'b', 'p');
    world_run(&chain.world, 1 * DS_S);
    chain.p.watches = chain.q.watches = "BYE";
    ds_session_hang_up(chain.a.session, NULL);
    world_run(&chain.world, 2 * DS_S);
    assert_true(sent_has(&chain.p, "Route", "<sip:q.contoso.example;lr>"));
    assert_false(ds_msg_header(chain.q.sent, "Route", 0, &value));
    stop_chain(&chain);
}

static void without_record_route_the_ends_speak_directly(void **state)
{
    struct chain chain;
    (void)state;
    start_chain(&chain, DS_TCP);
    chain.p.records_route = chain.q.records_route = false;
    party_call(&chain.a, 'b', 'p');
    world_run(&chain.world, 1 * DS_S);
    assert_wire(&chain.world, "0 ap INVITE\n0 pq INVITE\n0 qb INVITE\n0 bq 200\n0 qp 200\n"
                              "0 pa 200\n0 ab ACK\n");
    stop_chain(&chain);
}

static void a_call_passes_two_proxies_over_tls(void **state)
{
    struct chain chain;
    (void)state;
    start_chain(&chain, DS_TLS);
    party_call(&chain.a, 'b', 'p');
    world_run(&chain.world, 1 * DS_S);
    ds_session_hang_up(chain.b.session, NULL);
    world_run(&chain.world, 2 * DS_S);
    assert_told(&chain.world, "b invite sdp\na answered 200 sdp\nb confirmed\n"
                              "a ended by BYE\nb ended\n");
    stop_chain(&chain);
}

static void a_cancel_travels_hop_by_hop(void **state)
{
    struct chain chain;
    (void)state;
    start_chain(&chain, DS_UDP);
    chain.b.answers = false;
    chain.b.progresses = 180;
    chain.q.watches = "CANCEL";
    party_call(&chain.a, 'b', 'p');
    world_run(&chain.world, 1 * DS_S);
    ds_buf_clean_up(&chain.world.wire);
    ds_session_hang_up(chain.a.session, "Q.850;cause=16");
    world_run(&chain.world, 2 * DS_S);
    assert_wire(&chain.world, "1 ap CANCEL\n1 pa 200\n1 pq CANCEL\n1 qp 200\n1 qb CANCEL\n"
                              "1 bq 200\n1 bq 487\n1 qb ACK\n1 qp 487\n1 pq ACK\n1 pa 487\n"
                              "1 ap ACK\n");
    assert_true(sent_has(&chain.q, "Reason", "Q.850;cause=16"));
    assert_told(&chain.world, "b invite sdp\na progress 180\nb cancelled\na refused 487\n");
    stop_chain(&chain);
}

static void headers_are_set_and_taken_off_on_the_way(void **state)
{
    struct chain chain;
    struct ds_slice value;
    (void)state;
    start_chain(&chain, DS_UDP);
    chain.p.extra_headers = "P-Asserted-Identity: <sip:a@contoso.example>\r\nSubject:\r\n";
    chain.p.watches = "INVITE";
    party_call(&chain.a, 'b', 'p');
    world_run(&chain.world, 1 * DS_S);
    assert_true(sent_has(&chain.p, "P-Asserted-Identity", "<sip:a@contoso.example>"));
    assert_false(ds_msg_header(chain.p.sent, "Subject", 0, &value));
    stop_chain(&chain);
}

static void throw_invite(struct world *world, const char *lines)
{
    struct ds_buf text = {.at = NULL};
    ds_buf_print(&text,
                 "INVITE sip:b@contoso.example SIP/2.0\r\n"
                 "Via: SIP/2.0/UDP 127.0.0.30:5060;branch=z9hG4bK%zu\r\n"
                 "From: <sip:u@contoso.example>;tag=1\r\n"
                 "To: <sip:b@contoso.example>\r\n"
                 "Call-ID: x\r\nCSeq: 1 INVITE\r\n"
                 "Contact: <sip:u@127.0.0.30>\r\n"
                 "%sContent-Length: 0\r\n\r\n",
                 strlen(lines), lines);
    world_throw(world, 'p', text.at);
    ds_buf_clean_up(&text);
}

static void hops_are_counted(void **state)
{
    struct chain chain;
    (void)state;
    start_chain(&chain, DS_UDP);
    throw_invite(&chain.world, "Max-Forwards: 0\r\n");
    assert_wire(&chain.world, "0 up INVITE\n0 pu 483\n");
    chain.b.answers = false;
    chain.p.watches = "INVITE";
    throw_invite(&chain.world, "");
    assert_true(sent_has(&chain.p, "Max-Forwards", "70"));
    stop_chain(&chain);
}

/* p is asked for b and then, by q, for itself: another request. q is asked for the same twice. */
static void a_request_that_comes_back_is_refused(void **state)
{
    struct chain chain;
    (void)state;
    start_chain(&chain, DS_UDP);
    chain.q.targets = "p";
    party_call(&chain.a, 'b', 'p');
    world_run(&chain.world, 1 * DS_S);
    assert_wire(&chain.world, "0 ap INVITE\n0 pq INVITE\n0 qp INVITE\n0 pq INVITE\n"
                              "0 qp 482\n0 pq ACK\n0 pq 482\n0 qp ACK\n0 qp 482\n0 pq ACK\n"
                              "0 pa 482\n0 ap ACK\n");
    stop_chain(&chain);
}

static void own_routes_are_taken_off_however_they_name_us(void **state)
{
    struct chain chain;
    (void)state;
    start_chain(&chain, DS_UDP);
    chain.b.answers = false;
    chain.p.watches = "INVITE";
    throw_invite(&chain.world, "Route: <sip:127.0.0.25;lr>, <sip:p.contoso.example:5060;lr>, "
                               "<sip:other.example;lr>\r\n");
    assert_true(sent_has(&chain.p, "Route", "<sip:other.example;lr>"));
    stop_chain(&chain);
}

static void a_request_that_leads_nowhere_is_told_and_not_answered(void **state)
{
    struct chain chain;
    (void)state;
    start_chain(&chain, DS_UDP);
    world_throw(&chain.world, 'p',
                "ACK sip:b@nowhere SIP/2.0\r\n"
                "Via: SIP/2.0/UDP 127.0.0.30:5060;branch=z9hG4bK1\r\n"
                "From: <sip:u@contoso.example>;tag=1\r\n"
                "To: <sip:b@contoso.example>;tag=2\r\n"
                "Call-ID: x\r\nCSeq: 1 ACK\r\nContent-Length: 0\r\n\r\n");
    assert_wire(&chain.world, "0 up ACK\n");
    assert_told(&chain.world, "p cannot forward: 'sip:b@nowhere' leads nowhere: no element of the "
                              "topology has that name\n");
    stop_chain(&chain);
}

/* ---- short of memory ---- */

struct attempt {
    struct party *proxy;
    struct ds_server_txn *txn;
};

static ds_rc try_forward(void *owner)
{
    struct attempt *attempt = owner;
    struct ds_why why;
    const struct ds_proxying how = {.request_uri = "sip:b@127.0.0.11",
                                    .record_route = "<sip:127.0.0.26;lr>",
                                    .hop = world_hop(attempt->proxy->world, 'b'),
                                    .extra_headers = "P-Asserted-Identity: <sip:a@x.example>\r\n"};
    return ds_proxy_forward(attempt->proxy->ua, attempt->txn, &how, NULL, NULL, &why);
}

static bool forward_short_of_memory(void *owner,
                                    struct ds_server_txn *txn,
                                    const struct ds_msg *msg,
                                    const struct ds_hop *from)
{
    struct attempt attempt = {.proxy = owner, .txn = txn};
    struct ds_why why;
    (void)from;
    if (txn != NULL)
        ds_exhaust(try_forward, &attempt);
    else
        assert_int_equal(ds_proxy_forward_in_dialog(attempt.proxy->ua, NULL, msg, &why), DS_OK);
    return true;
}

static void exhaustion_is_told(void **state)
{
    static const struct ds_ua_events events = {.request = forward_short_of_memory};
    struct pair pair;
    struct party proxy;
    (void)state;
    pair_start(&pair, DS_UDP);
    party_start_as(&pair.world, &proxy, 'q', &events);
    ds_sip_spoil(ds_ua_sip(proxy.ua), NULL, NULL);
    party_call(&pair.a, 'b', 'q');
    world_run(&pair.world, 1 * DS_S);
    assert_told(&pair.world, "b invite sdp\na answered 200 sdp\nb confirmed\n");
    party_stop(&proxy);
    pair_stop(&pair);
}

int test_proxy(void);

int test_proxy(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request_of_a_call_takes_the_recorded_route),
        cmocka_unit_test(the_last_proxy_alone_takes_its_route_off),
        cmocka_unit_test(without_record_route_the_ends_speak_directly),
        cmocka_unit_test(a_call_passes_two_proxies_over_tls),
        cmocka_unit_test(a_cancel_travels_hop_by_hop),
        cmocka_unit_test(headers_are_set_and_taken_off_on_the_way),
        cmocka_unit_test(hops_are_counted),
        cmocka_unit_test(a_request_that_comes_back_is_refused),
        cmocka_unit_test(own_routes_are_taken_off_however_they_name_us),
        cmocka_unit_test(a_request_that_leads_nowhere_is_told_and_not_answered),
        cmocka_unit_test(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("proxy", tests, NULL, NULL);
}
