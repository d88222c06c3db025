#include "messages.h"

#include <stdio.h>

static int cause_of(const char *reasons)
{
    char text[512];
    struct ds_msg *msg = NULL;
    struct ds_why why;
    snprintf(text, sizeof text,
             "SIP/2.0 503 Service Unavailable\r\nVia: SIP/2.0/UDP gw;branch=z9hG4bKg1\r\n"
             "From: <sip:a@gw>;tag=f1\r\nTo: <sip:b@pool>;tag=t1\r\nCall-ID: 4711\r\n"
             "CSeq: 7 INVITE\r\n%sContent-Length: 0\r\n\r\n",
             reasons);
    assert_int_equal(ds_msg_parse(ds_slice_of(text), &msg, &why), DS_OK);
    int cause = ds_msg_q850_cause(msg);
    ds_msg_unref(&msg);
    return cause;
}

static void the_cause_of_q850_is_told_from_others(void **state)
{
    (void)state;
    assert_int_equal(cause_of("Reason: Q.850;cause=34\r\n"), 34);
    assert_int_equal(cause_of("Reason: q.850 ; cause=34 ; text=\"full; no circuit\"\r\n"), 34);
    assert_int_equal(cause_of("Reason: SIP;cause=503, Q.850;cause=17\r\n"), 17);
    assert_int_equal(cause_of("Reason: SIP;cause=503\r\nReason: Q.850;cause=1\r\n"), 1);
    assert_int_equal(cause_of("Reason: SIP;cause=100\r\n"), 0);
    assert_int_equal(cause_of("Reason: Q.850;cause=128\r\n"), 0);
    assert_int_equal(cause_of("Reason: Q.850;cause=-1\r\n"), 0);
    assert_int_equal(cause_of("Reason: Q.850\r\n"), 0);
    assert_int_equal(cause_of("Reason: \r\n"), 0);
    assert_int_equal(cause_of(""), 0);
}

int test_cause(void);

int test_cause(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cause_of_q850_is_told_from_others),
    };
    return cmocka_run_group_tests_name("cause", tests, NULL, NULL);
}
