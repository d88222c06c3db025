#include "world.h"

static void a_call_is_made_and_ended_by_the_caller(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.progresses = 180;
    pair.a.hangs_up_when_answered = true;
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 180\n0 ba 200\n0 ab ACK\n0 ab BYE\n0 ba 200\n");
    assert_told(&pair.world, "b invite sdp\na progress 180\na answered 200 sdp\nb confirmed\n"
                             "b ended by BYE\na ended\n");
    pair_stop(&pair);
}

static void a_call_is_ended_by_the_callee(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    assert_told(&pair.world, "b invite sdp\na answered 200 sdp\nb confirmed\n");
    assert_int_equal(ds_session_state(pair.a.session), DS_SESSION_UP);
    assert_int_equal(ds_session_state(pair.b.session), DS_SESSION_UP);
    assert_true(ds_session_is_outgoing(pair.a.session));
    assert_false(ds_session_is_outgoing(pair.b.session));
    assert_true(ds_session_peer_lists(pair.b.session, "100rel"));
    assert_true(ds_session_peer_lists(pair.a.session, "100rel"));
    assert_false(ds_session_peer_lists(pair.a.session, "timer"));
    pair.b.watches = "BYE";
    ds_session_hang_up(pair.b.session, "Q.850;cause=16;text=\"done\"");
    assert_int_equal(ds_session_state(pair.b.session), DS_SESSION_ENDING);
    ds_session_hang_up(pair.b.session, NULL);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 200\n0 ab ACK\n1 ba BYE\n1 ab 200\n");
    assert_told(&pair.world, "a ended by BYE\nb ended\n");
    assert_true(sent_has(&pair.b, "Reason", "Q.850;cause=16;text=\"done\""));
    assert_true(sent_has(&pair.b, "Max-Forwards", "70"));
    assert_true(sent_has(&pair.b, "CSeq", "1 BYE"));
    pair_stop(&pair);
}

static void an_invite_says_what_it_must(void **state)
{
    struct pair pair;
    struct ds_slice call_id, from;
    size_t at;
    (void)state;
    pair_start(&pair, DS_TCP);
    pair.a.watches = "INVITE";
    party_call(&pair.a, 'b', 'b');
    assert_true(sent_has(&pair.a, "Max-Forwards", "70"));
    assert_true(sent_has(&pair.a, "Contact", "<sip:a@127.0.0.10:5060;transport=tcp>"));
    assert_true(sent_has(&pair.a, "Supported", "100rel"));
    assert_true(sent_has(&pair.a, "User-Agent", "directsip"));
    assert_true(sent_has(&pair.a, "Subject", "test"));
    assert_true(sent_has(&pair.a, "Content-Type", "application/sdp"));
    assert_true(sent_has(&pair.a, "To", "<sip:b@contoso.example>"));
    assert_true(ds_msg_lists(pair.a.sent, "Allow", "PRACK"));
    call_id = ds_msg_call_id(pair.a.sent);
    assert_true(ds_slice_find(call_id, DS_LITERAL("@127.0.0.10"), &at));
    assert_true(ds_msg_header(pair.a.sent, "From", 0, &from));
    assert_true(ds_slice_find(from, DS_LITERAL(";epid=0123"), &at));
    assert_true(ds_msg_from_tag(pair.a.sent).len > 0);
    pair_stop(&pair);
}

static void a_call_passes_over(enum ds_transport transport)
{
    struct pair pair;
    pair_start(&pair, transport);
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    assert_told(&pair.world, "b invite sdp\na answered 200 sdp\nb confirmed\n");
    ds_session_hang_up(pair.b.session, NULL);
    world_run(&pair.world, 2 * DS_S);
    assert_told(&pair.world, "a ended by BYE\nb ended\n");
    world_run(&pair.world, 40 * DS_S);
    assert_int_equal(ds_sip_transaction_count(ds_ua_sip(pair.a.ua)), 0);
    assert_int_equal(ds_sip_transaction_count(ds_ua_sip(pair.b.ua)), 0);
    pair_stop(&pair);
}

static void a_call_passes_over_tcp(void **state)
{
    (void)state;
    a_call_passes_over(DS_TCP);
}

static void a_call_passes_over_tls(void **state)
{
    (void)state;
    a_call_passes_over(DS_TLS);
}

static void a_busy_callee_refuses(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.refuses = 486;
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 486\n0 ab ACK\n");
    assert_told(&pair.world, "b invite sdp\nb ended\na refused 486\n");
    pair_stop(&pair);
}

static void a_call_nobody_owns_is_refused_with_480(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.b.disowns = true;
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 480\n0 ab ACK\n");
    assert_told(&pair.world, "b invite sdp\na refused 480\n");
    pair_stop(&pair);
}

static void a_callee_that_never_answers_is_given_up_by_the_caller(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    party_call(&pair.a, 'x', 'x');
    world_run(&pair.world, 40 * DS_S);
    assert_told(&pair.world, "a refused 408 by itself\n");
    pair_stop(&pair);
}

static void a_call_that_cannot_be_sent_is_refused_with_503(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_TCP);
    party_call(&pair.a, 'x', 'x');
    world_run(&pair.world, 1 * DS_S);
    assert_told(&pair.world, "a refused 503 by itself\n");
    pair_stop(&pair);
}

static void a_session_may_be_freed_in_its_events(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.frees_when_answered = true;
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    assert_told(&pair.world, "b invite sdp\na answered 200 sdp\nb confirmed\n");
    assert_null(pair.a.session);
    ds_session_hang_up(pair.b.session, NULL);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 200\n0 ab ACK\n1 ba BYE\n1 ab 481\n");
    assert_told(&pair.world, "b ended\n");
    pair_stop(&pair);
}

static void a_session_is_freed_in_any_state_without_a_packet(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_TCP);
    pair.b.answers = false;
    pair.b.progresses = 180;
    party_call(&pair.a, 'b', 'b');
    ds_session_free(&pair.a.session);
    assert_null(pair.a.session);
    ds_session_free(&pair.a.session);
    world_run(&pair.world, 1 * DS_S);
    ds_session_free(&pair.b.session);
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "0 ab INVITE\n0 ba 180\n");
    assert_told(&pair.world, "b invite sdp\n");
    pair_stop(&pair);
}

static void freeing_an_agent_whose_session_is_still_owned_is_a_mistake(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    party_call(&pair.a, 'b', 'b');
    expect_assert_failure(ds_ua_free(&pair.a.ua));
    pair_stop(&pair);
}

static void the_log_tells_the_story(void **state)
{
    struct pair pair;
    size_t at;
    (void)state;
    pair_start(&pair, DS_UDP);
    party_call(&pair.a, 'b', 'b');
    world_run(&pair.world, 1 * DS_S);
    struct ds_slice log = ds_log_text(pair.world.log);
    assert_true(ds_slice_find(log, DS_LITERAL("calls sip:b@contoso.example"), &at));
    assert_true(ds_slice_find(log, DS_LITERAL("is up"), &at));
    pair_stop(&pair);
}

/* ---- short of memory ---- */

struct attempt {
    struct world *world;
    struct party *a;
};

static ds_rc try_agent(void *owner)
{
    struct world *world = owner;
    struct ds_ua *ua = NULL;
    struct ds_why why;
    const struct ds_ua_options options = {
        .net = world->net, .rng = &world->rng, .name = "n", .at = world_addr('n', 0)};
    static const struct ds_ua_events events = {.invite = NULL};
    ds_rc rc = ds_ua_new(&options, &events, NULL, &ua, &why);
    if (rc == DS_OK)
        ds_ua_free(&ua);
    return rc;
}

static ds_rc try_call(void *owner)
{
    struct attempt *attempt = owner;
    struct ds_why why;
    ds_rc rc = party_try_call(attempt->a, 'b', 'b', &why);
    if (rc == DS_OK)
        ds_session_free(&attempt->a->session);
    return rc;
}

static void exhaustion_is_told(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    ds_sip_spoil(ds_ua_sip(pair.a.ua), NULL, NULL);
    struct attempt attempt = {.world = &pair.world, .a = &pair.a};
    ds_exhaust(try_agent, &pair.world);
    ds_exhaust(try_call, &attempt);
    pair_stop(&pair);
}

int test_session(void);

int test_session(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_made_and_ended_by_the_caller),
        cmocka_unit_test(a_call_is_ended_by_the_callee),
        cmocka_unit_test(an_invite_says_what_it_must),
        cmocka_unit_test(a_call_passes_over_tcp),
        cmocka_unit_test(a_call_passes_over_tls),
        cmocka_unit_test(a_busy_callee_refuses),
        cmocka_unit_test(a_call_nobody_owns_is_refused_with_480),
        cmocka_unit_test(a_callee_that_never_answers_is_given_up_by_the_caller),
        cmocka_unit_test(a_call_that_cannot_be_sent_is_refused_with_503),
        cmocka_unit_test(a_session_may_be_freed_in_its_events),
        cmocka_unit_test(a_session_is_freed_in_any_state_without_a_packet),
        cmocka_unit_test(freeing_an_agent_whose_session_is_still_owned_is_a_mistake),
        cmocka_unit_test(the_log_tells_the_story),
        cmocka_unit_test(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
