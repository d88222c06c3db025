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
    assert_null(defect_of(msg));
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
    assert_string_equal(defect_of(msg), "line 3 is no header field");
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
        assert_true(!sip || defect_of(msg) != NULL || len == strlen(INVITE));
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

/* ---- judging ---- */

static const char *const to_judge[] = {
    INVITE,
    RINGING,
    "BYE sip:x SIP/2.0\r\n\r\n",
    INVITE_HEAD "Content-Length: 900\r\n\r\nbody",
    INVITE_HEAD "nonsense\r\n\r\n",
    "OPTIONS sip:x SIP/7.0\nVia: SIP/2.0/UDP a;branch=b\n\n",
    RINGING "more than was announced",
};

/* Parsing judges at once; of what was only read, the same is said later. */
static void late_judging_says_what_parsing_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < DS_COUNT(to_judge); i++) {
        struct ds_why why = {""};
        struct ds_msg *strict = NULL, *late = read_any(to_judge[i]);
        ds_rc rc = ds_msg_parse(ds_slice_of(to_judge[i]), &strict, &why);
        const char *defect = defect_of(late);
        assert_int_equal(rc == DS_OK, defect == NULL);
        assert_string_equal(why.text, defect == NULL ? "" : defect);
        ds_msg_unref(&strict);
        ds_msg_unref(&late);
    }
}

struct question {
    const struct ds_msg *msg;
    const char *defect;
    size_t asked;
};

static ds_rc ask(void *owner)
{
    struct question *question = owner;
    question->asked++;
    return ds_msg_defect(question->msg, &question->defect);
}

/* Judging needs memory, so one who asks where there is none sees whether it was done before. */
static void a_message_is_judged_when_first_asked_and_only_then(void **state)
{
    struct ds_msg *msg = read_any("BYE sip:x SIP/2.0\r\n\r\n");
    struct question first = {.msg = msg}, second = {.msg = msg};
    (void)state;
    ds_exhaust(ask, &first);
    assert_true(first.asked > 1);
    assert_string_equal(first.defect, "Via is missing");
    ds_exhaust(ask, &second);
    assert_int_equal(second.asked, 1);
    assert_ptr_equal(second.defect, first.defect);
    ds_msg_unref(&msg);
}

static void want_of_memory_is_no_defect(void **state)
{
    struct ds_msg *msg = read_any(INVITE);
    struct question question = {.msg = msg};
    (void)state;
    ds_exhaust(ask, &question);
    assert_true(question.asked > 1);
    assert_null(question.defect);
    ds_msg_unref(&msg);
}

static void what_was_parsed_is_judged_already(void **state)
{
    struct ds_msg *msg = parse(INVITE);
    struct question question = {.msg = msg};
    (void)state;
    ds_exhaust(ask, &question);
    assert_int_equal(question.asked, 1);
    assert_null(question.defect);
    ds_msg_unref(&msg);
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

#define REQUEST                                                                                    \
    "INVITE sip:b@pool SIP/2.0\r\nVia: SIP/2.0/UDP gw;branch=z9hG4bKg1\r\nFrom: "                  \
    "<sip:a@gw>;tag=f1\r\n"                                                                        \
    "To: <sip:b@pool>\r\nCall-ID: 4711\r\nCSeq: 7 INVITE\r\n"

static void a_focus_is_told_by_its_contact(void **state)
{
    static const char *const requests[] = {REQUEST "Contact: <sip:conf@pool>;isfocus\r\n\r\n",
                                           REQUEST "Contact: <sip:isfocus@pool>;expires=60\r\n\r\n",
                                           REQUEST "\r\n"};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(requests); i++) {
        struct ds_msg *msg = parse(requests[i]);
        assert_int_equal(ds_msg_is_from_focus(msg), i == 0);
        ds_msg_unref(&msg);
    }
}

static void a_type_is_told_whatever_its_parameters(void **state)
{
    struct ds_msg *msg = parse(REQUEST "c: Application/Hook-Flash;x=1\r\n\r\n");
    (void)state;
    assert_true(ds_msg_has_type(msg, "application/hook-flash"));
    assert_false(ds_msg_has_type(msg, "application/sdp"));
    ds_msg_unref(&msg);
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
        cmocka_unit_test(late_judging_says_what_parsing_says),
        cmocka_unit_test(a_message_is_judged_when_first_asked_and_only_then),
        cmocka_unit_test(want_of_memory_is_no_defect),
        cmocka_unit_test(what_was_parsed_is_judged_already),
        cmocka_unit_test(reading_survives_want_of_memory),
        cmocka_unit_test(a_focus_is_told_by_its_contact),
        cmocka_unit_test(a_type_is_told_whatever_its_parameters),
    };
    return cmocka_run_group_tests_name("sipmsg: msg", tests, NULL, NULL);
}
