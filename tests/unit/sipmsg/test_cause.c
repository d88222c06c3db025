#include "messages.h"

#include <stdio.h>

static struct ds_msg *refusal(const char *fields)
{
    char text[512];
    struct ds_msg *msg = NULL;
    struct ds_why why;
    snprintf(text, sizeof text,
             "SIP/2.0 503 Service Unavailable\r\nVia: SIP/2.0/UDP gw;branch=z9hG4bKg1\r\n"
             "From: <sip:a@gw>;tag=f1\r\nTo: <sip:b@pool>;tag=t1\r\nCall-ID: 4711\r\n"
             "CSeq: 7 INVITE\r\n%sContent-Length: 0\r\n\r\n",
             fields);
    assert_int_equal(ds_msg_parse(ds_slice_of(text), &msg, &why), DS_OK);
    return msg;
}

static int cause_of(const char *reasons)
{
    struct ds_msg *msg = refusal(reasons);
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

static uint32_t id_of(const char *diagnostics)
{
    struct ds_msg *msg = refusal(diagnostics);
    uint32_t id = ds_msg_diagnostics_id(msg);
    ds_msg_unref(&msg);
    return id;
}

static void the_id_of_ms_diagnostics_is_a_number(void **state)
{
    (void)state;
    assert_int_equal(id_of("ms-diagnostics: 13010;reason=\"x\";source=\"pool\"\r\n"), 13010);
    assert_int_equal(id_of("ms-diagnostics: 5\r\nms-diagnostics: 4\r\n"), 5);
    assert_int_equal(id_of("ms-diagnostics: no\r\n"), 0);
    assert_int_equal(id_of("ms-diagnostics: 4294967296;source=\"pool\"\r\n"), 0);
    assert_int_equal(id_of(""), 0);
}

int test_cause(void);

int test_cause(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cause_of_q850_is_told_from_others),
        cmocka_unit_test(the_id_of_ms_diagnostics_is_a_number),
    };
    return cmocka_run_group_tests_name("cause", tests, NULL, NULL);
}
