#include "messages.h"

#include <stdio.h>

static bool rack_of(const char *fields, struct ds_rack *out, char *method, size_t size)
{
    char text[512];
    struct ds_msg *msg = NULL;
    snprintf(text, sizeof text,
             "PRACK sip:b@gw SIP/2.0\r\nVia: SIP/2.0/UDP gw;branch=z9hG4bKg1\r\n"
             "From: <sip:a@gw>;tag=f1\r\nTo: <sip:b@pool>;tag=t1\r\nCall-ID: 4711\r\n"
             "CSeq: 8 PRACK\r\nMax-Forwards: 70\r\n%sContent-Length: 0\r\n\r\n",
             fields);
    assert_int_equal(ds_msg_read(ds_slice_of(text), &msg, NULL), DS_OK);
    bool told = ds_msg_rack(msg, out);
    if (told)
        assert_true(ds_slice_copy(out->method, method, size));
    ds_msg_unref(&msg);
    return told;
}

static void a_rack_is_two_numbers_and_a_method(void **state)
{
    struct ds_rack rack;
    char method[32];
    (void)state;
    assert_true(rack_of("RAck: 776656 7 INVITE\r\n", &rack, method, sizeof method));
    assert_int_equal(rack.rseq, 776656);
    assert_int_equal(rack.cseq, 7);
    assert_string_equal(method, "INVITE");
    assert_true(rack_of("RAck:  4294967295   7  INVITE \r\n", &rack, method, sizeof method));
    assert_int_equal(rack.rseq, UINT32_MAX);
    assert_string_equal(method, "INVITE");
}

static void half_a_rack_is_none(void **state)
{
    static const char *const fields[] = {"",
                                         "RAck: \r\n",
                                         "RAck: 7\r\n",
                                         "RAck: 7 \r\n",
                                         "RAck: seven 7 INVITE\r\n",
                                         "RAck: 4294967296 7 INVITE\r\n",
                                         "RAck: 1 -7 INVITE\r\n"};
    struct ds_rack rack;
    char method[32];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(fields); i++)
        assert_false(rack_of(fields[i], &rack, method, sizeof method));
}

int test_rack(void);

int test_rack(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rack_is_two_numbers_and_a_method),
        cmocka_unit_test(half_a_rack_is_none),
    };
    return cmocka_run_group_tests_name("rack", tests, NULL, NULL);
}
