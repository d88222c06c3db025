#include "messages.h"

#include <string.h>

static void start(struct ds_draft *draft)
{
    ds_draft_request(draft, "OPTIONS", DS_LITERAL("sip:pool.example.com"));
    ds_draft_header(draft, "Via", "SIP/2.0/TCP %s;branch=%s", "127.0.0.1:5060", "z9hG4bK1");
    ds_draft_header(draft, "From", "<sip:gw>;tag=%d", 1);
    ds_draft_header(draft, "To", "<sip:pool>");
    ds_draft_header(draft, "Call-ID", "c1");
    ds_draft_header(draft, "CSeq", "%u OPTIONS", 1u);
}

static void a_draft_is_written_in_the_order_given(void **state)
{
    struct ds_draft draft;
    struct ds_msg *msg = NULL;
    (void)state;
    start(&draft);
    assert_int_equal(ds_draft_finish(&draft, "text/plain", DS_LITERAL("hi"), &msg, NULL), DS_OK);
    assert_slice(ds_msg_bytes(msg), "OPTIONS sip:pool.example.com SIP/2.0\r\n"
                                    "Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK1\r\n"
                                    "From: <sip:gw>;tag=1\r\n"
                                    "To: <sip:pool>\r\n"
                                    "Call-ID: c1\r\n"
                                    "CSeq: 1 OPTIONS\r\n"
                                    "Content-Type: text/plain\r\n"
                                    "Content-Length: 2\r\n\r\nhi");
    assert_null(draft.text.at);
    ds_msg_unref(&msg);
}

static void a_value_cannot_start_a_line_of_its_own(void **state)
{
    struct ds_draft draft;
    struct ds_msg *msg = NULL;
    struct ds_slice value;
    (void)state;
    start(&draft);
    ds_draft_header(&draft, "Subject", "a\r\nX-Evil: %s", "b\n\nbody");
    assert_int_equal(ds_draft_finish(&draft, NULL, (struct ds_slice){NULL, 0}, &msg, NULL), DS_OK);
    assert_false(ds_msg_header(msg, "X-Evil", 0, &value));
    assert_true(ds_msg_header(msg, "Subject", 0, &value));
    assert_slice(value, "a  X-Evil: b  body");
    ds_msg_unref(&msg);
}

static void a_long_value_is_written_whole(void **state)
{
    char text[3000];
    struct ds_draft draft;
    struct ds_msg *msg = NULL;
    struct ds_slice value;
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    start(&draft);
    ds_draft_header(&draft, "Subject", "%s", text);
    assert_int_equal(ds_draft_finish(&draft, NULL, (struct ds_slice){NULL, 0}, &msg, NULL), DS_OK);
    assert_true(ds_msg_header(msg, "Subject", 0, &value));
    assert_slice(value, text);
    ds_msg_unref(&msg);
}

static void a_response_copies_what_the_rfc_names(void **state)
{
    struct ds_msg *request = parse(INVITE), *msg = NULL;
    struct ds_draft draft;
    (void)state;
    ds_draft_response(&draft, request, 486, "t9");
    assert_int_equal(ds_draft_finish(&draft, NULL, (struct ds_slice){NULL, 0}, &msg, NULL), DS_OK);
    assert_slice(ds_msg_bytes(msg),
                 "SIP/2.0 486 Busy Here\r\n"
                 "Via: SIP/2.0/TCP 127.0.10.5:5067;branch=z9hG4bKm1, "
                 "SIP/2.0/UDP gw;branch=z9hG4bKg1\r\n"
                 "From: \"Doe, Jane\" <sip:+15550199@gw.example.com>;epid=1a;tag=f1\r\n"
                 "To: <sip:+15550100@pool.example.com>;tag=t9\r\n"
                 "Call-ID: 4711@gw.example.com\r\n"
                 "CSeq: 7 INVITE\r\n"
                 "Content-Length: 0\r\n\r\n");
    ds_msg_unref(&msg);
    ds_msg_unref(&request);
}

static void a_tag_that_is_there_already_stays(void **state)
{
    struct ds_msg *request =
        parse("BYE sip:b SIP/2.0\r\nVia: SIP/2.0/UDP gw;branch=z9hG4bK1\r\n"
              "From: <sip:gw>;tag=f\r\nTo: <sip:pool>;tag=old\r\nCall-ID: c\r\n"
              "CSeq: 2 BYE\r\n\r\n");
    struct ds_msg *msg = NULL;
    struct ds_draft draft;
    (void)state;
    ds_draft_response(&draft, request, 200, "new");
    assert_int_equal(ds_draft_finish(&draft, NULL, (struct ds_slice){NULL, 0}, &msg, NULL), DS_OK);
    assert_slice(ds_msg_to_tag(msg), "old");
    ds_msg_unref(&msg);
    ds_msg_unref(&request);
}

static void a_copied_field_loses_its_folding(void **state)
{
    struct ds_msg *from = parse(INVITE), *msg = NULL;
    struct ds_draft draft;
    struct ds_slice value;
    (void)state;
    start(&draft);
    ds_draft_copy(&draft, from, "Supported");
    ds_draft_copy(&draft, from, "Not-There");
    assert_int_equal(ds_draft_finish(&draft, NULL, (struct ds_slice){NULL, 0}, &msg, NULL), DS_OK);
    assert_true(ds_msg_header(msg, "Supported", 0, &value));
    assert_slice(value, "100rel, timer,   replaces");
    ds_msg_unref(&msg);
    ds_msg_unref(&from);
}

static void what_a_strict_reader_refuses_is_not_sent(void **state)
{
    struct ds_why why = {""};
    struct ds_draft draft;
    struct ds_msg *msg = NULL;
    (void)state;
    ds_draft_request(&draft, "OPTIONS", DS_LITERAL("sip:pool"));
    assert_int_equal(ds_draft_finish(&draft, NULL, (struct ds_slice){NULL, 0}, &msg, &why), DS_BAD);
    assert_string_equal(why.text, "Via is missing");
    assert_null(draft.text.at);
    start(&draft);
    ds_draft_clean_up(&draft);
    assert_null(draft.text.at);
}

static void reasons_are_those_of_the_registry(void **state)
{
    (void)state;
    assert_string_equal(ds_status_reason(100), "Trying");
    assert_string_equal(ds_status_reason(183), "Session Progress");
    assert_string_equal(ds_status_reason(481), "Call/Transaction Does Not Exist");
    assert_string_equal(ds_status_reason(608), "Rejected");
    assert_string_equal(ds_status_reason(299), "Unassigned");
}

static ds_rc draft_all(void *owner)
{
    char text[700];
    struct ds_draft draft;
    struct ds_msg *msg = NULL;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ds_draft_response(&draft, owner, 200, "t");
    ds_draft_header(&draft, "Subject", "%s", text);
    ds_rc rc = ds_draft_finish(&draft, "application/sdp", DS_LITERAL("v=0"), &msg, NULL);
    ds_msg_unref(&msg);
    return rc;
}

static void drafting_survives_want_of_memory(void **state)
{
    struct ds_msg *request = parse(INVITE);
    (void)state;
    ds_exhaust(draft_all, request);
    ds_msg_unref(&request);
}

int test_draft(void);

int test_draft(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_draft_is_written_in_the_order_given),
        cmocka_unit_test(a_value_cannot_start_a_line_of_its_own),
        cmocka_unit_test(a_long_value_is_written_whole),
        cmocka_unit_test(a_response_copies_what_the_rfc_names),
        cmocka_unit_test(a_tag_that_is_there_already_stays),
        cmocka_unit_test(a_copied_field_loses_its_folding),
        cmocka_unit_test(what_a_strict_reader_refuses_is_not_sent),
        cmocka_unit_test(reasons_are_those_of_the_registry),
        cmocka_unit_test(drafting_survives_want_of_memory),
    };
    return cmocka_run_group_tests_name("sipmsg: draft", tests, NULL, NULL);
}
