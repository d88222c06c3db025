#include "messages.h"

#include <stdlib.h>
#include <string.h>

static void a_request_tells_its_essentials(void **state)
{
    struct ds_msg *msg = parse(INVITE);
    (void)state;
    assert_true(ds_msg_is_request(msg));
    assert_slice(ds_msg_method(msg), "INVITE");
    assert_true(ds_msg_method_is(msg, "INVITE"));
    assert_false(ds_msg_method_is(msg, "invite"));
    assert_int_equal(ds_msg_status(msg), 0);
    assert_slice(ds_msg_request_uri(msg), "sip:+15550100@pool.example.com;user=phone");
    assert_slice(ds_msg_call_id(msg), "4711@gw.example.com");
    assert_slice(ds_msg_from_tag(msg), "f1");
    assert_slice(ds_msg_to_tag(msg), "");
    assert_slice(ds_msg_branch(msg), "z9hG4bKm1");
    assert_int_equal(ds_msg_cseq(msg), 7);
    assert_slice(ds_msg_body(msg), "v=0\r\n");
    assert_null(ds_msg_defect(msg));
    ds_msg_unref(&msg);
    assert_null(msg);
}

static void a_response_takes_its_method_from_cseq(void **state)
{
    struct ds_msg *msg = parse(RINGING);
    (void)state;
    assert_false(ds_msg_is_request(msg));
    assert_int_equal(ds_msg_status(msg), 180);
    assert_slice(ds_msg_reason(msg), "Ringing");
    assert_slice(ds_msg_method(msg), "INVITE");
    assert_slice(ds_msg_to_tag(msg), "t1");
    assert_slice(ds_msg_request_uri(msg), "");
    ds_msg_unref(&msg);
}

static void the_bytes_are_kept_as_received(void **state)
{
    char text[] = "\r\n" RINGING;
    struct ds_msg *msg = parse(text);
    (void)state;
    memset(text, 'x', sizeof text - 1);
    assert_slice(ds_msg_bytes(msg), "\r\n" RINGING);
    assert_slice(ds_msg_call_id(msg), "4711");
    ds_msg_unref(&msg);
}

static void a_message_lives_until_its_last_reference_goes(void **state)
{
    struct ds_msg *msg = parse(RINGING), *kept = ds_msg_ref(msg), *again;
    (void)state;
    ds_msg_unref(&msg);
    assert_slice(ds_msg_call_id(kept), "4711");
    again = kept;
    ds_msg_unref(&kept);
    assert_null(kept);
    assert_non_null(again);
    ds_msg_unref(&kept);
}

static void a_body_longer_than_its_length_is_cut(void **state)
{
    struct ds_msg *msg = parse(INVITE "OPTIONS sip:x SIP/2.0\r\n\r\n");
    (void)state;
    assert_slice(ds_msg_body(msg), "v=0\r\n");
    ds_msg_unref(&msg);
}

static void a_body_needs_neither_type_nor_length(void **state)
{
    struct ds_msg *msg = parse(INVITE_HEAD "\r\nhello");
    (void)state;
    assert_slice(ds_msg_body(msg), "hello");
    ds_msg_unref(&msg);
}

static void a_large_body_is_taken_whole(void **state)
{
    static char text[60000];
    (void)state;
    strcpy(text, INVITE_HEAD "Content-Type: text/plain\r\n\r\n");
    size_t head = strlen(text);
    memset(text + head, 'b', sizeof text - 1 - head);
    struct ds_msg *msg = parse(text);
    assert_int_equal(ds_msg_body(msg).len, sizeof text - 1 - head);
    ds_msg_unref(&msg);
}

static void an_observer_reads_on_and_says_what_was_wrong(void **state)
{
    struct ds_msg *msg = read_any("OPTIONS sip:x SIP/7.0\nVia: SIP/2.0/UDP a;branch=b\n"
                                  "nonsense\nCall-ID: c\nContent-Length: 900\n\nbody");
    (void)state;
    assert_string_equal(ds_msg_defect(msg), "line 3 is no header field");
    assert_slice(ds_msg_call_id(msg), "c");
    assert_slice(ds_msg_branch(msg), "b");
    assert_slice(ds_msg_body(msg), "body");
    assert_int_equal(ds_msg_cseq(msg), 0);
    ds_msg_unref(&msg);
}

static void an_observer_reads_a_message_cut_off_anywhere(void **state)
{
    (void)state;
    for (size_t len = 0; len <= strlen(INVITE); len++) {
        char *exact = malloc(len + 1);
        memcpy(exact, INVITE, len);
        struct ds_slice bytes = {exact, len};
        struct ds_msg *msg = NULL;
        bool sip = ds_msg_looks_like_sip(bytes);
        assert_int_equal(ds_msg_read(bytes, &msg, NULL), sip ? DS_OK : DS_BAD);
        assert_true(!sip || ds_msg_defect(msg) != NULL || len == strlen(INVITE));
        ds_msg_unref(&msg);
        free(exact);
    }
}

static void an_observer_refuses_only_what_is_not_sip(void **state)
{
    static const char *const foreign[] = {
        "",
        "\r\n\r\n",
        "NOTIFY * HTTP/1.1\r\n\r\n",
        "OPTIONS rtsp://x RTSP/1.0\r\n\r\n",
        "INVITE sip:x\r\n\r\n",
        "INVITE  SIP/2.0\r\n\r\n",
        "SIP/2.0\r\n\r\n",
        "SIP/2.0 OK\r\n\r\n",
        "SIP 2.0 200 OK\r\n\r\n",
        "IN\"VITE sip:x SIP/2.0\r\n\r\n",
        "\x80\x00\x01",
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(foreign); i++) {
        struct ds_why why = {""};
        struct ds_msg *msg = NULL;
        assert_int_equal(ds_msg_read(ds_slice_of(foreign[i]), &msg, &why), DS_BAD);
        assert_string_equal(why.text, "the first line is not SIP");
        assert_null(msg);
    }
    assert_true(ds_msg_looks_like_sip(ds_slice_of("SIP/2.0 200")));
    assert_true(ds_msg_looks_like_sip(ds_slice_of("MESSAGE im:x SIP/2.0")));
}

static ds_rc read_with_defect(void *owner)
{
    struct ds_msg *msg = NULL;
    (void)owner;
    ds_rc rc = ds_msg_read(DS_LITERAL("BYE sip:x SIP/2.0\r\n\r\n"), &msg, NULL);
    ds_msg_unref(&msg);
    return rc;
}

static void reading_survives_want_of_memory(void **state)
{
    (void)state;
    ds_exhaust(read_with_defect, NULL);
}

int test_msg(void);

int test_msg(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_tells_its_essentials),
        cmocka_unit_test(a_response_takes_its_method_from_cseq),
        cmocka_unit_test(the_bytes_are_kept_as_received),
        cmocka_unit_test(a_message_lives_until_its_last_reference_goes),
        cmocka_unit_test(a_body_longer_than_its_length_is_cut),
        cmocka_unit_test(a_body_needs_neither_type_nor_length),
        cmocka_unit_test(a_large_body_is_taken_whole),
        cmocka_unit_test(an_observer_reads_on_and_says_what_was_wrong),
        cmocka_unit_test(an_observer_reads_a_message_cut_off_anywhere),
        cmocka_unit_test(an_observer_refuses_only_what_is_not_sip),
        cmocka_unit_test(reading_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("sipmsg: msg", tests, NULL, NULL);
}
