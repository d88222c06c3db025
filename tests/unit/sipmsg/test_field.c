#include "messages.h"

#include <string.h>

static void names_match_without_case_and_in_compact_form(void **state)
{
    struct ds_msg *msg = parse(INVITE);
    struct ds_slice value, again;
    (void)state;
    assert_true(ds_msg_header(msg, "Call-ID", 0, &value));
    assert_true(ds_msg_header(msg, "I", 0, &again));
    assert_ptr_equal(value.at, again.at);
    assert_true(ds_msg_header(msg, "from", 0, &value));
    assert_true(ds_msg_header(msg, "To", 0, &value));
    assert_slice(value, "<sip:+15550100@pool.example.com>");
    assert_false(ds_msg_header(msg, "q", 0, &value));
    assert_slice(value, "");
    ds_msg_unref(&msg);
}

static void values_are_trimmed_and_keep_their_folding(void **state)
{
    struct ds_msg *msg = parse(INVITE_HEAD "Subject :  \r\n\t a\r\n b \r\n\r\n");
    struct ds_slice value, name;
    (void)state;
    assert_true(ds_msg_header(msg, "s", 0, &value));
    assert_slice(value, "a\r\n b");
    size_t last = ds_msg_header_count(msg) - 1;
    ds_msg_header_at(msg, last, &name, &value);
    assert_slice(name, "Subject");
    expect_assert_failure(ds_msg_header_at(msg, last + 1, &name, &value));
    ds_msg_unref(&msg);
}

static void a_line_of_blanks_is_folding_and_not_the_end(void **state)
{
    struct ds_msg *msg = parse(INVITE_HEAD "Subject: a\r\n \r\nX-After: 1\r\n\r\n");
    struct ds_slice value;
    (void)state;
    assert_true(ds_msg_header(msg, "X-After", 0, &value));
    assert_slice(ds_msg_body(msg), "");
    ds_msg_unref(&msg);
}

static void a_body_that_starts_with_a_blank_is_not_folding(void **state)
{
    struct ds_msg *msg = parse(INVITE_HEAD "\r\n indented");
    (void)state;
    assert_slice(ds_msg_body(msg), " indented");
    ds_msg_unref(&msg);
}

static void list_values_are_counted_over_all_fields(void **state)
{
    struct ds_msg *msg = read_any(INVITE_HEAD "Contact: \"a, b\" <sip:x,y@gw>;q=1, ,\r\n"
                                              "m: <sip:two@gw>\r\n\r\n");
    struct ds_slice value;
    (void)state;
    assert_true(ds_msg_value(msg, "Contact", 0, &value));
    assert_slice(value, "\"a, b\" <sip:x,y@gw>;q=1");
    assert_true(ds_msg_value(msg, "Contact", 1, &value));
    assert_slice(value, "<sip:two@gw>");
    assert_false(ds_msg_value(msg, "Contact", 2, &value));
    assert_slice(value, "");
    ds_msg_unref(&msg);
}

static void a_hostile_list_is_told_up_to_the_bound(void **state)
{
    struct ds_buf text = {0};
    struct ds_slice value;
    (void)state;
    ds_buf_text(&text, "BYE sip:x SIP/2.0\r\nRoute: ");
    for (int i = 0; i < 30000; i++)
        ds_buf_text(&text, "a,");
    ds_buf_text(&text, "\r\n\r\n");
    struct ds_msg *msg = read_any(text.at);
    size_t count = 0;
    while (ds_msg_value(msg, "Route", count, &value))
        count++;
    assert_int_equal(count, DS_MSG_MAX_HEADERS);
    ds_msg_unref(&msg);
    ds_buf_clean_up(&text);
}

static void tokens_are_found_in_lists(void **state)
{
    struct ds_msg *msg = parse(INVITE_HEAD "Accept: application/sdp;level=1, text/*\r\n\r\n");
    (void)state;
    assert_true(ds_msg_lists(msg, "Supported", "100REL"));
    assert_true(ds_msg_lists(msg, "k", "replaces"));
    assert_false(ds_msg_lists(msg, "Supported", "100"));
    assert_false(ds_msg_lists(msg, "Require", "100rel"));
    assert_true(ds_msg_lists(msg, "Accept", "application/sdp"));
    ds_msg_unref(&msg);
}

int test_field(void);

int test_field(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_match_without_case_and_in_compact_form),
        cmocka_unit_test(values_are_trimmed_and_keep_their_folding),
        cmocka_unit_test(a_line_of_blanks_is_folding_and_not_the_end),
        cmocka_unit_test(a_body_that_starts_with_a_blank_is_not_folding),
        cmocka_unit_test(list_values_are_counted_over_all_fields),
        cmocka_unit_test(a_hostile_list_is_told_up_to_the_bound),
        cmocka_unit_test(tokens_are_found_in_lists),
    };
    return cmocka_run_group_tests_name("sipmsg: field", tests, NULL, NULL);
}
