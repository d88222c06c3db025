#include "messages.h"

static void a_pushed_via_is_the_topmost(void **state)
{
    struct ds_msg *msg = parse(INVITE), *sent = NULL;
    struct ds_slice value, name;
    (void)state;
    assert_int_equal(ds_msg_push(msg, "Via", "SIP/2.0/UDP me;branch=z9hG4bKnew", &sent), DS_OK);
    assert_slice(ds_msg_branch(sent), "z9hG4bKnew");
    assert_true(ds_msg_value(sent, "Via", 1, &value));
    assert_slice(value, "SIP/2.0/TCP 127.0.10.5:5067;branch=z9hG4bKm1");
    ds_msg_header_at(sent, 0, &name, &value);
    assert_slice(name, "Via");
    assert_slice(ds_msg_branch(msg), "z9hG4bKm1");
    assert_slice(ds_msg_body(sent), "v=0\r\n");
    ds_msg_unref(&msg);
    ds_msg_unref(&sent);
}

static void a_pushed_route_goes_before_the_others_or_behind_the_vias(void **state)
{
    struct ds_msg *msg = parse(INVITE), *sent = NULL;
    struct ds_slice value, name;
    (void)state;
    assert_int_equal(ds_msg_push(msg, "Route", "<sip:first;lr>", &sent), DS_OK);
    assert_true(ds_msg_value(sent, "Route", 0, &value));
    assert_slice(value, "<sip:first;lr>");
    assert_true(ds_msg_value(sent, "Route", 2, &value));
    assert_slice(value, "<sip:edge.example.com;lr>");
    ds_msg_unref(&sent);
    assert_int_equal(ds_msg_push(msg, "Record-Route", "<sip:me;lr>", &sent), DS_OK);
    ds_msg_header_at(sent, 1, &name, &value);
    assert_slice(name, "Record-Route");
    ds_msg_unref(&sent);
    ds_msg_unref(&msg);
}

static void popping_takes_one_value_at_a_time(void **state)
{
    struct ds_msg *msg = parse(INVITE), *one = NULL, *none = NULL, *more = NULL;
    struct ds_slice value;
    (void)state;
    assert_int_equal(ds_msg_pop(msg, "Route", &one), DS_OK);
    assert_true(ds_msg_header(one, "Route", 0, &value));
    assert_slice(value, "<sip:edge.example.com;lr>");
    assert_int_equal(ds_msg_pop(one, "Route", &none), DS_OK);
    assert_false(ds_msg_header(none, "Route", 0, &value));
    assert_int_equal(ds_msg_pop(none, "Route", &more), DS_BAD);
    assert_null(more);
    ds_msg_unref(&msg);
    ds_msg_unref(&one);
    ds_msg_unref(&none);
}

static void taking_the_last_via_off_leaves_no_message(void **state)
{
    struct ds_msg *msg = parse(RINGING), *out = NULL;
    (void)state;
    assert_int_equal(ds_msg_pop(msg, "Via", &out), DS_BAD);
    assert_null(out);
    ds_msg_unref(&msg);
}

static void a_field_is_set_added_and_removed(void **state)
{
    struct ds_msg *msg = parse(INVITE), *set = NULL, *added = NULL, *removed = NULL;
    struct ds_slice value, name;
    (void)state;
    assert_int_equal(ds_msg_set(msg, "Max-Forwards", "68", &set), DS_OK);
    ds_msg_header_at(set, 1, &name, &value);
    assert_slice(name, "Max-Forwards");
    assert_slice(value, "68");
    assert_int_equal(ds_msg_header_count(set), ds_msg_header_count(msg));
    assert_int_equal(ds_msg_set(set, "X-New", "a\r\nVia: evil", &added), DS_OK);
    assert_true(ds_msg_header(added, "X-New", 0, &value));
    assert_slice(value, "a  Via: evil");
    assert_false(ds_msg_header(added, "Via", 1, &value));
    assert_int_equal(ds_msg_set(added, "supported", NULL, &removed), DS_OK);
    assert_false(ds_msg_header(removed, "k", 0, &value));
    assert_slice(ds_msg_body(removed), "v=0\r\n");
    ds_msg_unref(&msg);
    ds_msg_unref(&set);
    ds_msg_unref(&added);
    ds_msg_unref(&removed);
}

static void setting_a_repeated_field_leaves_one(void **state)
{
    struct ds_msg *msg = parse(INVITE_HEAD "Allow: INVITE\r\nX-A: 1\r\nAllow: BYE\r\n\r\n");
    struct ds_msg *set = NULL;
    struct ds_slice value;
    (void)state;
    assert_int_equal(ds_msg_set(msg, "Allow", "ACK", &set), DS_OK);
    assert_true(ds_msg_header(set, "Allow", 0, &value));
    assert_slice(value, "ACK");
    assert_false(ds_msg_header(set, "Allow", 1, &value));
    ds_msg_unref(&msg);
    ds_msg_unref(&set);
}

static void a_retargeted_request_differs_only_in_its_uri(void **state)
{
    struct ds_msg *msg = parse("\r\n" INVITE "surplus"), *out = NULL;
    (void)state;
    assert_int_equal(
        ds_msg_retarget(msg, DS_LITERAL("sip:+15550100@pool.example.com;user=phone"), &out), DS_OK);
    assert_slice(ds_msg_bytes(out), INVITE);
    ds_msg_unref(&out);
    assert_int_equal(ds_msg_retarget(msg, DS_LITERAL("sip:alice@127.0.0.1:5062"), &out), DS_OK);
    assert_slice(ds_msg_request_uri(out), "sip:alice@127.0.0.1:5062");
    ds_msg_unref(&out);
    assert_int_equal(ds_msg_retarget(msg, DS_LITERAL("sip:a b"), &out), DS_BAD);
    ds_msg_unref(&msg);
}

static void a_response_has_no_target(void **state)
{
    struct ds_msg *msg = parse(RINGING), *out = NULL;
    (void)state;
    expect_assert_failure((void)(ds_msg_retarget(msg, DS_LITERAL("sip:x"), &out) == DS_OK));
    ds_msg_unref(&msg);
}

static ds_rc edit_all(void *owner)
{
    struct ds_msg *pushed = NULL, *popped = NULL, *set = NULL;
    ds_rc rc = ds_msg_push(owner, "Via", "SIP/2.0/UDP me;branch=z9hG4bKnew", &pushed);
    if (rc == DS_OK)
        rc = ds_msg_pop(pushed, "Route", &popped);
    if (rc == DS_OK)
        rc = ds_msg_set(popped, "User-Agent", "directsip", &set);
    ds_msg_unref(&pushed);
    ds_msg_unref(&popped);
    ds_msg_unref(&set);
    return rc;
}

static void editing_survives_want_of_memory(void **state)
{
    struct ds_msg *msg = parse(INVITE);
    (void)state;
    ds_exhaust(edit_all, msg);
    ds_msg_unref(&msg);
}

int test_edit(void);

int test_edit(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pushed_via_is_the_topmost),
        cmocka_unit_test(a_pushed_route_goes_before_the_others_or_behind_the_vias),
        cmocka_unit_test(popping_takes_one_value_at_a_time),
        cmocka_unit_test(taking_the_last_via_off_leaves_no_message),
        cmocka_unit_test(a_field_is_set_added_and_removed),
        cmocka_unit_test(setting_a_repeated_field_leaves_one),
        cmocka_unit_test(a_retargeted_request_differs_only_in_its_uri),
        cmocka_unit_test(a_response_has_no_target),
        cmocka_unit_test(editing_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("sipmsg: edit", tests, NULL, NULL);
}
