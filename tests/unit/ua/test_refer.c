#include "world.h"

#include "refer.h"

#include <stdio.h>

/* REFER, its reports, and Replaces. */

static struct ds_msg *invite_with(const char *header)
{
    struct ds_msg *msg = NULL;
    struct ds_buf text = {0};
    ds_buf_print(&text,
                 "INVITE sip:b@contoso.example SIP/2.0\r\n"
                 "Via: SIP/2.0/TCP 127.0.0.30;branch=z9hG4bKx\r\n"
                 "From: <sip:c@contoso.example>;tag=c\r\nTo: <sip:b@contoso.example>\r\n"
                 "Call-ID: other\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n%s\r\n"
                 "Content-Length: 0\r\n\r\n",
                 header);
    assert_int_equal(ds_msg_parse(ds_buf_slice(&text), &msg, NULL), DS_OK);
    ds_buf_clean_up(&text);
    return msg;
}

static bool reads(const char *header, struct ds_refer_target *target)
{
    struct ds_msg *msg = invite_with(header);
    bool is_read = ds_refer_target_read(msg, target);
    ds_msg_unref(&msg);
    return is_read;
}

static void a_target_is_a_uri_and_perhaps_a_dialog(void **state)
{
    struct ds_refer_target target;
    (void)state;
    assert_true(reads("Refer-To: <sip:+15550142@contoso.example;user=phone>", &target));
    assert_string_equal(target.uri, "sip:+15550142@contoso.example;user=phone");
    assert_string_equal(target.replaces, "");
    assert_true(reads("Refer-To: \"Bob\" "
                      "<sip:bob@b?Subject=x&Replaces=1%40a%3Bto-tag%3dt%3Bfrom-tag%3Df>;x=y",
                      &target));
    assert_string_equal(target.uri, "sip:bob@b");
    assert_string_equal(target.replaces, "1@a;to-tag=t;from-tag=f");
}

static void a_target_that_breaks_out_of_its_header_is_none(void **state)
{
    struct ds_refer_target target;
    char longest[400] = "Refer-To: <sip:b@b?Replaces=";
    (void)state;
    assert_false(reads("X: y", &target));
    assert_false(reads("Refer-To: <sip:b@b?Replaces=1%0D%0ABYE>", &target));
    assert_false(reads("Refer-To: <>", &target));
    memset(longest + strlen(longest), 'a', 300);
    strcat(longest, ">");
    assert_false(reads(longest, &target));
}

/* ---- between two ---- */

static void on_asked(void *owner, const struct ds_msg *msg)
{
    struct party *party = owner;
    struct ds_refer_target target;
    struct ds_slice value = {NULL, 0};
    if (ds_report_status(msg) != 0) {
        party_tell(party, "reported %d", ds_report_status(msg));
    } else {
        assert_true(ds_refer_target_read(msg, &target));
        assert_true(ds_msg_header(msg, "Referred-By", 0, &value));
        party_tell(party, "asked for %s (%s) by %.*s", target.uri, target.replaces, DS_FMT(value));
    }
    ds_session_reply(party->session, ds_report_status(msg) != 0 ? 200 : 202, NULL);
}

static void on_answer(void *owner, int status, const struct ds_msg *msg)
{
    (void)msg;
    party_tell(owner, "told %d", status);
}

static void who_is_asked_reports_what_came_of_it(void **state)
{
    struct pair pair;
    const struct ds_refer_target target = {.uri = "sip:c@contoso.example",
                                           .replaces = "1@a;to-tag=t;from-tag=f"};
    (void)state;
    pair_connect(&pair, on_asked, on_asked);
    assert_int_equal(
        ds_session_refer(pair.a.session, &target, "<sip:a@contoso.example>", on_answer, &pair.a),
        DS_OK);
    world_run(&pair.world, 2 * DS_S);
    ds_session_report(pair.b.session, 100);
    world_run(&pair.world, 3 * DS_S);
    ds_session_report(pair.b.session, 486);
    world_run(&pair.world, 4 * DS_S);
    assert_wire(&pair.world, "1 ab REFER\n1 ba 202\n2 ba NOTIFY\n2 ab 200\n3 ba NOTIFY\n"
                             "3 ab 200\n");
    assert_told(&pair.world, "b asked for sip:c@contoso.example (1@a;to-tag=t;from-tag=f) by "
                             "<sip:a@contoso.example>\na told 202\na reported 100\n"
                             "a reported 486\n");
    pair_stop(&pair);
}

static void a_dialog_is_found_by_what_its_peer_was_told(void **state)
{
    struct pair pair;
    char name[256], header[300];
    (void)state;
    pair_connect(&pair, on_asked, on_asked);
    assert_true(ds_session_name_dialog(pair.a.session, name, sizeof name));
    assert_false(ds_session_name_dialog(pair.a.session, name, 10));
    assert_true(ds_session_name_dialog(pair.a.session, name, sizeof name));
    snprintf(header, sizeof header, "Replaces: %s", name);
    struct ds_msg *invite = invite_with(header), *other = invite_with("X: y");
    assert_ptr_equal(ds_ua_replaced(pair.b.ua, invite), pair.b.session);
    assert_null(ds_ua_replaced(pair.a.ua, invite));
    assert_null(ds_ua_replaced(pair.b.ua, other));
    ds_msg_unref(&invite);
    ds_msg_unref(&other);
    name[strlen(name) - 1] ^= 1;
    snprintf(header, sizeof header, "Replaces: %s", name);
    invite = invite_with(header);
    assert_null(ds_ua_replaced(pair.b.ua, invite));
    ds_msg_unref(&invite);
    pair_stop(&pair);
}

static void what_is_no_report_tells_no_status(void **state)
{
    static const char *const headers[] = {"Event: presence", "X: y"};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(headers); i++) {
        struct ds_msg *msg = invite_with(headers[i]);
        assert_int_equal(ds_report_status(msg), 0);
        ds_msg_unref(&msg);
    }
}

int test_refer(void);

int test_refer(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_is_a_uri_and_perhaps_a_dialog),
        cmocka_unit_test(a_target_that_breaks_out_of_its_header_is_none),
        cmocka_unit_test(who_is_asked_reports_what_came_of_it),
        cmocka_unit_test(a_dialog_is_found_by_what_its_peer_was_told),
        cmocka_unit_test(what_is_no_report_tells_no_status),
    };
    return cmocka_run_group_tests_name("refer", tests, NULL, NULL);
}
