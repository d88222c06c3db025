#include "world.h"

#include <stdio.h>

/* Requests inside a call that are none of the call's own business. */

static const struct ds_content question = {.content_type = "application/csta+xml",
                                           .body = DS_LITERAL("<MakeCall/>")};
static const struct ds_content answer = {.content_type = "application/csta+xml",
                                         .body = DS_LITERAL("<MakeCallResponse/>")};

static void on_asked(void *owner, const struct ds_msg *msg)
{
    struct party *party = owner;
    party_tell(party, "asked %.*s %.*s", DS_FMT(ds_msg_method(msg)), DS_FMT(ds_msg_body(msg)));
    if (!party->leaves_offers_open)
        ds_session_reply(party->session, 200, &answer);
}

static void on_answer(void *owner, int status, const struct ds_msg *msg)
{
    struct ds_slice body = msg == NULL ? (struct ds_slice){"", 0} : ds_msg_body(msg);
    party_tell(owner, "told %d %.*s", status, DS_FMT(body));
}

static void ask(struct pair *pair, const char *method)
{
    assert_int_equal(ds_session_ask(pair->a.session, method, &question, on_answer, &pair->a),
                     DS_OK);
}

static void a_question_gets_its_answer(void **state)
{
    struct pair pair;
    (void)state;
    pair_connect(&pair, NULL, on_asked);
    ask(&pair, "INFO");
    ask(&pair, "NOTIFY");
    world_run(&pair.world, 2 * DS_S);
    assert_wire(&pair.world, "1 ab INFO\n1 ab NOTIFY\n1 ba 200\n1 ba 200\n");
    assert_told(&pair.world, "b asked INFO <MakeCall/>\nb asked NOTIFY <MakeCall/>\n"
                             "a told 200 <MakeCallResponse/>\na told 200 <MakeCallResponse/>\n");
    pair_stop(&pair);
}

static void one_question_is_open_at_a_time(void **state)
{
    struct pair pair;
    (void)state;
    pair_connect(&pair, NULL, on_asked);
    pair.b.leaves_offers_open = true;
    ask(&pair, "INFO");
    ask(&pair, "INFO");
    world_run(&pair.world, 2 * DS_S);
    assert_told(&pair.world, "b asked INFO <MakeCall/>\na told 491 \n");
    ds_session_reply(pair.b.session, 202, NULL);
    ds_session_reply(pair.b.session, 200, NULL);
    world_run(&pair.world, 3 * DS_S);
    assert_told(&pair.world, "a told 202 \n");
    pair_stop(&pair);
}

static void who_does_not_want_to_be_asked_says_so(void **state)
{
    struct pair pair;
    (void)state;
    pair_connect(&pair, NULL, on_asked);
    ds_session_own(pair.b.session, &party_events, &pair.b);
    ask(&pair, "INFO");
    world_run(&pair.world, 2 * DS_S);
    assert_told(&pair.world, "a told 200 \n");
    pair_stop(&pair);
}

static void what_is_open_when_the_call_ends_is_over(void **state)
{
    struct pair pair;
    (void)state;
    pair_connect(&pair, NULL, on_asked);
    pair.b.leaves_offers_open = true;
    ask(&pair, "INFO");
    world_run(&pair.world, 2 * DS_S);
    ds_session_hang_up(pair.b.session, NULL);
    world_run(&pair.world, 3 * DS_S);
    assert_told(&pair.world, "b asked INFO <MakeCall/>\na ended by BYE\nb ended\n");
    pair_stop(&pair);
}

static void nobody_is_asked_outside_a_call(void **state)
{
    struct pair pair;
    (void)state;
    pair_connect(&pair, NULL, on_asked);
    ds_session_hang_up(pair.a.session, NULL);
    assert_int_equal(ds_session_ask(pair.a.session, "INFO", &question, on_answer, &pair.a),
                     DS_STATE);
    pair_stop(&pair);
}

int test_ask(void);

int test_ask(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_gets_its_answer),
        cmocka_unit_test(one_question_is_open_at_a_time),
        cmocka_unit_test(who_does_not_want_to_be_asked_says_so),
        cmocka_unit_test(what_is_open_when_the_call_ends_is_over),
        cmocka_unit_test(nobody_is_asked_outside_a_call),
    };
    return cmocka_run_group_tests_name("ask", tests, NULL, NULL);
}
