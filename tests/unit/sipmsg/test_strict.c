#include "messages.h"

#include "sipmsg_internal.h"

#include <stdio.h>
#include <string.h>

#define VIA     "Via: SIP/2.0/UDP gw;branch=z9hG4bK1\r\n"
#define FROM    "From: <sip:gw>;tag=1\r\n"
#define TO      "To: <sip:pool>\r\n"
#define CALL_ID "Call-ID: c\r\n"
#define CSEQ    "CSeq: 1 BYE\r\n"
#define BYE     "BYE sip:pool SIP/2.0\r\n"
#define GOOD    BYE VIA FROM TO CALL_ID CSEQ

static void assert_defect(struct ds_slice bytes, const char *sentence)
{
    struct ds_why why = {""};
    struct ds_msg *msg = NULL;
    assert_int_equal(ds_msg_parse(bytes, &msg, &why), DS_BAD);
    assert_string_equal(why.text, sentence);
    assert_null(msg);
    assert_int_equal(ds_msg_read(bytes, &msg, NULL), DS_OK);
    assert_string_equal(defect_of(msg), sentence);
    ds_msg_unref(&msg);
}

static void a_plain_request_has_no_defect(void **state)
{
    struct ds_msg *msg = parse(GOOD "\r\n");
    (void)state;
    assert_null(defect_of(msg));
    ds_msg_unref(&msg);
    msg = parse("\r\n\r\nBYE sip:pool sip/2.0\r\n" VIA FROM TO CALL_ID
                "CSeq: 2147483647\r\n\tBYE\r\n\r\n");
    assert_int_equal(ds_msg_cseq(msg), INT32_MAX);
    ds_msg_unref(&msg);
}

static void each_defect_has_its_sentence(void **state)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {BYE FROM TO CALL_ID CSEQ "\r\n", "Via is missing"},
        {BYE VIA TO CALL_ID CSEQ "\r\n", "From is missing"},
        {BYE VIA FROM CALL_ID CSEQ "\r\n", "To is missing"},
        {BYE VIA FROM TO CSEQ "\r\n", "Call-ID is missing"},
        {BYE VIA FROM TO "Call-ID: \r\n" CSEQ "\r\n", "Call-ID is missing"},
        {BYE VIA FROM TO CALL_ID "\r\n", "CSeq is missing"},
        {GOOD "f: <sip:gw>\r\n\r\n", "From stands there twice"},
        {GOOD CALL_ID "\r\n", "Call-ID stands there twice"},
        {GOOD "l: 0\r\nContent-Length: 0\r\n\r\n", "Content-Length stands there twice"},
        {GOOD "Content-Length: 3\r\n\r\nab",
         "Content-Length says 3 bytes, but 2 follow the header fields"},
        {GOOD "Content-Length: -1\r\n\r\n", "Content-Length is not a number"},
        {GOOD "Content-Length: 99999999999999999999\r\n\r\n", "Content-Length is not a number"},
        {GOOD "Max-Forwards: 256\r\n\r\n", "Max-Forwards is not a number from 0 to 255"},
        {BYE VIA FROM TO CALL_ID "CSeq: 1 INVITE\r\n\r\n",
         "the method in CSeq is not the one in the request line"},
        {BYE VIA FROM TO CALL_ID "CSeq: 2147483648 BYE\r\n\r\n",
         "the number in CSeq is none, or not below 2^31"},
        {BYE VIA FROM TO CALL_ID "CSeq: BYE\r\n\r\n",
         "the number in CSeq is none, or not below 2^31"},
        {"SIP/2.0 200 OK\r\n" VIA FROM TO CALL_ID "CSeq: 1\r\n\r\n", "CSeq has no method"},
        {"SIP/2.0 200 OK\r\n" VIA FROM TO CALL_ID "CSeq: 1 BYE\r\n 1 BYE\r\n\r\n",
         "what follows the number in CSeq is no method"},
        {"SIP/2.0 99 Low\r\n" VIA FROM TO CALL_ID CSEQ "\r\n",
         "the status code is not between 100 and 699"},
        {"SIP/2.0 700 High\r\n" VIA FROM TO CALL_ID CSEQ "\r\n",
         "the status code is not between 100 and 699"},
        {"BYE sip:pool SIP/3.0\r\n" VIA FROM TO CALL_ID CSEQ "\r\n",
         "the version in the first line is not SIP/2.0"},
        {"BYE  sip:pool SIP/2.0\r\n" VIA FROM TO CALL_ID CSEQ "\r\n",
         "the request line has more than one space between its words"},
        {"BYE sip:a b SIP/2.0\r\n" VIA FROM TO CALL_ID CSEQ "\r\n",
         "the Request-URI has white space in it"},
        {"BYE <sip:pool> SIP/2.0\r\n" VIA FROM TO CALL_ID CSEQ "\r\n",
         "the Request-URI stands in angle brackets"},
        {"BYE sip:pool?X=1 SIP/2.0\r\n" VIA FROM TO CALL_ID CSEQ "\r\n",
         "the Request-URI carries header fields (RFC 3261 19.1.1)"},
        {"BYE sip:pool SIP/2.0 \r\n" VIA FROM TO CALL_ID CSEQ "\r\n",
         "the request line goes on after its version"},
        {GOOD "no colon\r\n\r\n", "line 7 is no header field"},
        {GOOD ": no name\r\n\r\n", "line 7 is no header field"},
        {BYE " folded: first\r\n" VIA FROM TO CALL_ID CSEQ "\r\n", "line 2 is no header field"},
        {GOOD "Subject: x\n\r\n", "line 7 does not end in CRLF"},
        {GOOD "Subject: x\rTo: y\r\n\r\n", "line 7 does not end in CRLF"},
        {GOOD, "no empty line ends the header fields"},
        {GOOD "Content-Type: sdp\r\n\r\n", "libosip2 cannot read the header fields"},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++)
        assert_defect(ds_slice_of(cases[i].text), cases[i].sentence);
    assert_defect(DS_LITERAL(GOOD "Subject: a\0b\r\n\r\n"),
                  "there is a NUL among the header fields");
}

static void each_defect_of_an_address_or_a_date_has_its_sentence(void **state)
{
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {BYE VIA FROM "To: \"open <sip:pool>\r\n" CALL_ID CSEQ "\r\n",
         "a quote in To is never closed"},
        {BYE VIA FROM "To: <sip:pool\r\n" CALL_ID CSEQ "\r\n",
         "an angle bracket in To is never closed"},
        {BYE VIA FROM "To: Bell, A <sip:pool>\r\n" CALL_ID CSEQ "\r\n",
         "the name in To is neither quoted nor made of tokens"},
        {BYE VIA FROM "To: < sip:pool>\r\n" CALL_ID CSEQ "\r\n",
         "the address in To has white space in it"},
        {BYE VIA FROM "To: sip:a b\r\n" CALL_ID CSEQ "\r\n",
         "the address in To has white space in it"},
        {BYE VIA FROM "To: <sip:pool> tag=1\r\n" CALL_ID CSEQ "\r\n",
         "what follows the address in To is no parameter"},
        {GOOD "m: sip:a?b=c\r\n\r\n",
         "the address in Contact has a question mark and no angle brackets"},
        {GOOD "m: <sip:a>;;q=1\r\n\r\n", "Contact has an empty parameter"},
        {GOOD "Route: <sip:a>,,<sip:b>\r\n\r\n", "Route has an empty value"},
        {BYE "Via: SIP/2.0/UDP gw;branch=z9hG4bK1;\r\n" FROM TO CALL_ID CSEQ "\r\n",
         "Via has an empty parameter"},
        {GOOD "Date: Fri, 01 Jan 2010 16:00:00 EST\r\n\r\n",
         "Date is not written as 'Sat, 13 Nov 2010 23:29:00 GMT'"},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++)
        assert_defect(ds_slice_of(cases[i].text), cases[i].sentence);
}

static void what_libosip2_cannot_take_is_taken_where_the_rfc_has_it(void **state)
{
    struct ds_msg *msg = NULL;
    (void)state;
    assert_int_equal(
        ds_msg_parse(DS_LITERAL(BYE VIA FROM "To: \"a\\\0b\" <sip:pool>\r\n" CALL_ID CSEQ
                                             "Date: Sat, 13 Nov 2010 23:29:00 GMT\r\n\r\n"),
                     &msg, NULL),
        DS_OK);
    ds_msg_unref(&msg);
    msg = parse("BYE soap.beep+x-y://192.0.2.103 SIP/2.0\r\n" VIA FROM TO CALL_ID CSEQ "\r\n");
    assert_slice(ds_msg_request_uri(msg), "soap.beep+x-y://192.0.2.103");
    ds_msg_unref(&msg);
    assert_defect(DS_LITERAL(BYE VIA FROM "To: a\\\0b <sip:pool>\r\n" CALL_ID CSEQ "\r\n"),
                  "there is a NUL among the header fields");
}

static void junk_before_the_first_line_is_passed_over_and_told(void **state)
{
    static const struct ds_slice junk[] = {DS_LITERAL("\0\0\0\0"), DS_LITERAL("\r\n\xef\xbb\xbf"),
                                           DS_LITERAL(" "), DS_LITERAL("\x80\0\r\n")};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(junk); i++) {
        struct ds_buf text = {0};
        ds_buf_add(&text, junk[i]);
        ds_buf_text(&text, GOOD "\r\nbody");
        assert_true(ds_msg_looks_like_sip(ds_buf_slice(&text)));
        assert_defect(ds_buf_slice(&text), "there is junk before the first line");
        ds_buf_clean_up(&text);
    }
    assert_false(ds_msg_looks_like_sip(DS_LITERAL("syslog: " GOOD)));
    assert_false(ds_msg_looks_like_sip(DS_LITERAL("\0\0\0\0")));
}

static void bounds_hold_before_libosip2_sees_a_message(void **state)
{
    struct ds_buf text = {0};
    (void)state;
    ds_buf_text(&text, GOOD);
    for (int i = 0; i < DS_MSG_MAX_HEADERS; i++)
        ds_buf_text(&text, "X: y\r\n");
    ds_buf_text(&text, "\r\nbody");
    assert_defect(ds_buf_slice(&text), "there are more than 256 header fields");
    struct ds_msg *msg = read_any(text.at);
    assert_slice(ds_msg_body(msg), "body");
    assert_int_equal(ds_msg_header_count(msg), DS_MSG_MAX_HEADERS);
    ds_msg_unref(&msg);
    ds_buf_clean_up(&text);

    ds_buf_text(&text, GOOD "Allow: ");
    for (int i = 0; i < 20000; i++)
        ds_buf_text(&text, "a,");
    ds_buf_text(&text, "\r\n\r\n");
    assert_defect(ds_buf_slice(&text),
                  "the header fields have more than 2048 values and parameters");
    ds_buf_clean_up(&text);

    ds_buf_text(&text, GOOD "\r\n");
    while (text.len <= DS_MSG_MAX_BYTES)
        ds_buf_text(&text, "x");
    assert_defect(ds_buf_slice(&text), "the message has 65536 bytes, more than 65535");
    ds_buf_clean_up(&text);
}

static void exactly_the_most_header_fields_are_taken(void **state)
{
    struct ds_buf text = {0};
    (void)state;
    ds_buf_text(&text, GOOD);
    for (int i = 5; i < DS_MSG_MAX_HEADERS; i++)
        ds_buf_text(&text, "X: y\r\n");
    ds_buf_text(&text, "\r\n");
    struct ds_msg *msg = parse(text.at);
    assert_int_equal(ds_msg_header_count(msg), DS_MSG_MAX_HEADERS);
    ds_msg_unref(&msg);
    ds_buf_clean_up(&text);
}

/* By the same reader twice, and by an observer, which asks later. */
static void judge_by(struct ds_msg_judged *judged, struct ds_slice text, bool is_fine)
{
    struct ds_msg *msg = NULL;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(ds_msg_parse_by(judged, text, &msg, NULL), is_fine ? DS_OK : DS_BAD);
        ds_msg_unref(&msg);
    }
    assert_int_equal(ds_msg_read_by(judged, text, &msg, NULL), DS_OK);
    assert_int_equal(defect_of(msg) == NULL, is_fine);
    ds_msg_unref(&msg);
}

static void what_had_no_defect_is_remembered_to_the_byte(void **state)
{
    struct ds_msg_judged *judged = NULL;
    const struct ds_slice good = DS_LITERAL(GOOD "\r\n"), other = DS_LITERAL(GOOD "\n\n"),
                          bad = DS_LITERAL(BYE VIA FROM TO CALL_ID "CSeq: x BYE\r\n\r\n");
    (void)state;
    assert_int_equal(ds_msg_judged_new(&judged), DS_OK);
    assert_false(ds_msg_was_judged(judged, good));
    judge_by(judged, good, true);
    assert_true(ds_msg_was_judged(judged, good));
    judge_by(judged, bad, false);
    assert_false(ds_msg_was_judged(judged, bad));
    assert_false(ds_msg_was_judged(judged, other));
    assert_false(ds_msg_was_judged(judged, ds_slice_from(good, 1)));
    assert_false(ds_msg_was_judged(NULL, good));
    judge_by(NULL, good, true);
    judge_by(NULL, bad, false);
    ds_msg_judged_free(&judged);
    ds_msg_judged_free(&judged);
}

/* A place that another text takes forgets the one before, and a very long one is judged each time.
 */
static void what_is_remembered_is_bounded(void **state)
{
    struct ds_msg_judged *judged = NULL;
    size_t known = 0;
    char text[512];
    (void)state;
    assert_int_equal(ds_msg_judged_new(&judged), DS_OK);
    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof text, GOOD "X: %d\r\n\r\n", i);
        ds_msg_judged_fine(judged, ds_slice_of(text));
        assert_true(ds_msg_was_judged(judged, ds_slice_of(text)));
    }
    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof text, GOOD "X: %d\r\n\r\n", i);
        known += ds_msg_was_judged(judged, ds_slice_of(text));
    }
    assert_in_range(known, 2000, 4096);
    struct ds_buf longer = {0};
    ds_buf_text(&longer, GOOD "X: ");
    for (int i = 0; i < 5000; i++)
        ds_buf_text(&longer, "x");
    ds_buf_text(&longer, "\r\n\r\n");
    judge_by(judged, ds_buf_slice(&longer), true);
    assert_false(ds_msg_was_judged(judged, ds_buf_slice(&longer)));
    ds_buf_clean_up(&longer);
    ds_msg_judged_free(&judged);
}

int test_strict(void);

int test_strict(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_request_has_no_defect),
        cmocka_unit_test(each_defect_has_its_sentence),
        cmocka_unit_test(each_defect_of_an_address_or_a_date_has_its_sentence),
        cmocka_unit_test(what_libosip2_cannot_take_is_taken_where_the_rfc_has_it),
        cmocka_unit_test(junk_before_the_first_line_is_passed_over_and_told),
        cmocka_unit_test(bounds_hold_before_libosip2_sees_a_message),
        cmocka_unit_test(exactly_the_most_header_fields_are_taken),
        cmocka_unit_test(what_had_no_defect_is_remembered_to_the_byte),
        cmocka_unit_test(what_is_remembered_is_bounded),
    };
    return cmocka_run_group_tests_name("sipmsg: strict", tests, NULL, NULL);
}
