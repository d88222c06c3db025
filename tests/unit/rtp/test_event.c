#include "support.h"

#include "rtp.h"

static void an_event_is_four_bytes(void **state)
{
    const struct ds_rtp_event event = {.event = 11, .end = true, .volume = 10, .duration = 800};
    struct ds_rtp_event read;
    uint8_t bytes[4];
    (void)state;
    ds_rtp_event_write(&event, bytes);
    assert_memory_equal(bytes, "\x0b\x8a\x03\x20", 4);
    assert_int_equal(ds_rtp_event_parse((struct ds_slice){(const char *)bytes, 4}, &read), DS_OK);
    assert_int_equal(read.event, 11);
    assert_true(read.end);
    assert_int_equal(read.volume, 10);
    assert_int_equal(read.duration, 800);
}

static void a_short_event_is_refused(void **state)
{
    struct ds_rtp_event read;
    (void)state;
    for (size_t len = 0; len < 4; len++)
        assert_int_equal(ds_rtp_event_parse((struct ds_slice){"\1\2\3", len}, &read), DS_BAD);
}

static void digits_and_events_are_the_same_sixteen(void **state)
{
    const char *digits = "0123456789*#ABCD";
    uint8_t event = 99;
    (void)state;
    for (uint8_t i = 0; i < 16; i++) {
        assert_int_equal(ds_rtp_event_of(digits[i], &event), DS_OK);
        assert_int_equal(event, i);
        assert_int_equal(ds_rtp_event_digit(i), digits[i]);
    }
    assert_int_equal(ds_rtp_event_of('d', &event), DS_OK);
    assert_int_equal(event, 15);
}

static void what_is_no_digit_is_said_so(void **state)
{
    uint8_t event;
    (void)state;
    assert_int_equal(ds_rtp_event_of('E', &event), DS_BAD);
    assert_int_equal(ds_rtp_event_of('\0', &event), DS_BAD);
    assert_int_equal(ds_rtp_event_of(' ', &event), DS_BAD);
    assert_int_equal(ds_rtp_event_digit(16), '?');
    assert_int_equal(ds_rtp_event_digit(255), '?');
}

int test_event(void);

int test_event(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_is_four_bytes),
        cmocka_unit_test(a_short_event_is_refused),
        cmocka_unit_test(digits_and_events_are_the_same_sixteen),
        cmocka_unit_test(what_is_no_digit_is_said_so),
    };
    return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
