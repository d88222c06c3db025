#include "world.h"

struct done {
    int status, times;
    bool has_msg;
};

static void note_done(void *owner, int status, const struct ds_msg *msg)
{
    struct done *done = owner;
    *done = (struct done){.status = status, .times = done->times + 1, .has_msg = msg != NULL};
}

static ds_rc ask(struct party *party, const char *method, char to, const char *extra, void *done)
{
    struct ds_why why;
    const struct ds_hop hop = world_hop(party->world, to);
    const struct ds_plain_request request = {.method = method,
                                             .uri = "sip:contoso.example",
                                             .from_uri = "sip:a@contoso.example",
                                             .to_uri = "sip:a@contoso.example",
                                             .extra_headers = extra,
                                             .hop = &hop};
    return ds_ua_request(party->ua, &request, note_done, done, &why);
}

static void options_nobody_wants_get_200_and_the_rest_405(void **state)
{
    struct pair pair;
    struct done options = {0}, other = {0};
    (void)state;
    pair_start(&pair, DS_TCP);
    pair.b.watches = "405";
    assert_int_equal(ask(&pair.a, "OPTIONS", 'b', NULL, &options), DS_OK);
    assert_int_equal(ask(&pair.a, "SUBSCRIBE", 'b', NULL, &other), DS_OK);
    world_run(&pair.world, 1 * DS_S);
    assert_told(&pair.world, "b request OPTIONS\nb request SUBSCRIBE\n");
    assert_int_equal(options.status, 200);
    assert_int_equal(options.times, 1);
    assert_true(options.has_msg);
    assert_int_equal(other.status, 405);
    assert_true(ds_msg_lists(pair.b.sent, "Allow", "INVITE"));
    pair_stop(&pair);
}

static void registrations_share_a_call_id_and_count_on(void **state)
{
    struct pair pair;
    struct done done = {0};
    char first[64];
    (void)state;
    pair_start(&pair, DS_UDP);
    pair.a.watches = "REGISTER";
    assert_int_equal(ask(&pair.a, "REGISTER", 'b', NULL, &done), DS_OK);
    assert_true(ds_slice_copy(ds_msg_call_id(pair.a.sent), first, sizeof first));
    assert_true(sent_has(&pair.a, "CSeq", "1 REGISTER"));
    assert_true(sent_has(&pair.a, "Contact", "<sip:a@127.0.0.10:5060>"));
    assert_int_equal(
        ask(&pair.a, "REGISTER", 'b', "Expires: 0\r\ncontact: <sip:z@127.0.0.10>\r\n", &done),
        DS_OK);
    assert_true(sent_has(&pair.a, "Call-ID", first));
    assert_true(sent_has(&pair.a, "CSeq", "2 REGISTER"));
    assert_true(sent_has(&pair.a, "Contact", "<sip:z@127.0.0.10>"));
    world_run(&pair.world, 1 * DS_S);
    assert_int_equal(done.times, 2);
    pair_stop(&pair);
}

static void silence_is_408_and_no_way_is_503(void **state)
{
    struct pair pair;
    struct done late = {0}, lost = {0};
    (void)state;
    pair_start(&pair, DS_UDP);
    assert_int_equal(ask(&pair.a, "OPTIONS", 'x', NULL, &late), DS_OK);
    world_run(&pair.world, 40 * DS_S);
    assert_int_equal(late.status, 408);
    assert_false(late.has_msg);
    pair_stop(&pair);
    pair_start(&pair, DS_TCP);
    assert_int_equal(ask(&pair.a, "OPTIONS", 'x', NULL, &lost), DS_OK);
    world_run(&pair.world, 1 * DS_S);
    assert_int_equal(lost.status, 503);
    assert_false(lost.has_msg);
    pair_stop(&pair);
}

static void an_agent_may_be_freed_before_the_answer(void **state)
{
    struct pair pair;
    struct done done = {0};
    (void)state;
    pair_start(&pair, DS_UDP);
    assert_int_equal(ask(&pair.a, "OPTIONS", 'b', NULL, &done), DS_OK);
    pair_stop(&pair);
    assert_int_equal(done.times, 0);
}

static ds_rc try_request(void *owner)
{
    struct done done = {0};
    return ask(owner, "REGISTER", 'x', "Expires: 3600\r\n", &done);
}

static void exhaustion_is_told(void **state)
{
    struct pair pair;
    (void)state;
    pair_start(&pair, DS_UDP);
    ds_exhaust(try_request, &pair.a);
    pair_stop(&pair);
}

int test_request(void);

int test_request(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_nobody_wants_get_200_and_the_rest_405),
        cmocka_unit_test(registrations_share_a_call_id_and_count_on),
        cmocka_unit_test(silence_is_408_and_no_way_is_503),
        cmocka_unit_test(an_agent_may_be_freed_before_the_answer),
        cmocka_unit_test(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
