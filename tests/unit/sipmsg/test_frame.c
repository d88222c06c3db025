#include "messages.h"

#include <string.h>

static void assert_frame(const char *stream, size_t expected_skip, size_t expected_len)
{
    size_t skip = 99, len = 99;
    assert_int_equal(ds_msg_frame(ds_slice_of(stream), &skip, &len, NULL), DS_OK);
    assert_int_equal(skip, expected_skip);
    assert_int_equal(len, expected_len);
}

static void assert_lost(const char *stream, const char *sentence)
{
    struct ds_why why = {""};
    size_t skip, len;
    assert_int_equal(ds_msg_frame(ds_slice_of(stream), &skip, &len, &why), DS_BAD);
    assert_string_equal(why.text, sentence);
}

static void the_first_message_of_a_stream_is_measured(void **state)
{
    (void)state;
    assert_frame(INVITE RINGING, 0, strlen(INVITE));
    assert_frame("\r\n\r\n" INVITE, 4, strlen(INVITE));
    assert_frame("\r\n\r\n", 4, 0);
    assert_frame("", 0, 0);
}

static void every_cut_of_a_message_asks_for_more(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < strlen(INVITE); cut++) {
        size_t skip, len;
        struct ds_slice stream = {INVITE, cut};
        assert_int_equal(ds_msg_frame(stream, &skip, &len, NULL), DS_OK);
        assert_int_equal(len, 0);
    }
}

static void the_length_is_found_in_its_compact_form(void **state)
{
    (void)state;
    assert_frame("BYE sip:x SIP/2.0\r\nL :\r\n 3\r\n\r\nabcd", 0, 33);
    assert_frame("BYE sip:x SIP/2.0\nl:3\n\nabcd", 0, 26);
}

static void without_a_length_there_is_no_body(void **state)
{
    (void)state;
    assert_frame("BYE sip:x SIP/2.0\r\n\r\nabcd", 0, 21);
}

static void a_stream_without_measure_is_lost(void **state)
{
    static const char *const no_length = "Content-Length tells no length, so the stream is lost";
    (void)state;
    assert_lost("BYE sip:x SIP/2.0\r\nl: -3\r\n\r\nabcd", no_length);
    assert_lost("BYE sip:x SIP/2.0\r\nl: 3\r\nl: 4\r\n\r\nabcd", no_length);
    assert_lost("GET / HTTP/1.1\r\n", "the stream does not go on with the first line of a message");
    assert_lost("BYE sip:x SIP/2.0\r\nl: 65535\r\n\r\n",
                "the message on this stream is longer than 65535 bytes");
}

static void a_head_without_end_is_not_waited_for(void **state)
{
    static char stream[DS_MSG_MAX_BYTES + 2];
    size_t skip, len;
    (void)state;
    memset(stream, 'x', sizeof stream);
    assert_int_equal(ds_msg_frame((struct ds_slice){stream, DS_MSG_MAX_BYTES}, &skip, &len, NULL),
                     DS_OK);
    assert_int_equal(
        ds_msg_frame((struct ds_slice){stream, DS_MSG_MAX_BYTES + 1}, &skip, &len, NULL), DS_BAD);
}

static void the_next_first_line_is_one_that_a_header_field_follows(void **state)
{
    static const char sipfrag[] = "SIP/2.0 200 OK\r\n\r\n";
    (void)state;
    assert_int_equal(ds_msg_find(DS_LITERAL(INVITE), 0), 0);
    assert_int_equal(ds_msg_find(DS_LITERAL("x\r\n\r\n" RINGING), 0), 5);
    assert_int_equal(ds_msg_find(DS_LITERAL(INVITE RINGING), 1), strlen(INVITE));
    assert_int_equal(ds_msg_find(ds_slice_of(sipfrag), 0), strlen(sipfrag));
    assert_int_equal(ds_msg_find(DS_LITERAL("BYE sip:x SIP/2.0\r\nVia: y"), 0), 25);
    assert_int_equal(ds_msg_find(DS_LITERAL(""), 0), 0);
}

int test_frame(void);

int test_frame(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_message_of_a_stream_is_measured),
        cmocka_unit_test(every_cut_of_a_message_asks_for_more),
        cmocka_unit_test(the_length_is_found_in_its_compact_form),
        cmocka_unit_test(without_a_length_there_is_no_body),
        cmocka_unit_test(a_stream_without_measure_is_lost),
        cmocka_unit_test(the_next_first_line_is_one_that_a_header_field_follows),
        cmocka_unit_test(a_head_without_end_is_not_waited_for),
    };
    return cmocka_run_group_tests_name("sipmsg: frame", tests, NULL, NULL);
}
