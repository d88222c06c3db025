#include "support.h"

#include <string.h>

#include "bandwidth.h"

static const uint8_t id[DS_STUN_ID_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

static void what_is_asked_for_is_read_back(void **state)
{
    static const uint8_t reservation[DS_RESERVATION_BYTES] = "0123456789abcde";
    const struct ds_bandwidth amount = {10, 20, 30, 40};
    uint8_t read_reservation[DS_RESERVATION_BYTES];
    struct ds_bandwidth read_amount;
    enum ds_bandwidth_ask ask;
    struct ds_buf out = {0};
    struct ds_stun msg;
    (void)state;
    ds_stun_begin(&out, DS_STUN_REQUEST, DS_STUN_ALLOCATE, id);
    ds_bandwidth_put_ask(&out, DS_BANDWIDTH_UPDATE);
    ds_bandwidth_put_amount(&out, &amount);
    ds_bandwidth_put_reservation(&out, reservation);
    ds_bandwidth_put_audio_inside(&out);
    assert_int_equal(ds_stun_parse(ds_buf_slice(&out), &msg, NULL), DS_OK);
    assert_true(ds_bandwidth_asked(&msg, &ask));
    assert_int_equal(ask, DS_BANDWIDTH_UPDATE);
    assert_true(ds_bandwidth_amount(&msg, &read_amount));
    assert_memory_equal(&read_amount, &amount, sizeof amount);
    assert_true(ds_bandwidth_reservation(&msg, read_reservation));
    assert_memory_equal(read_reservation, reservation, sizeof reservation);
    ds_buf_clean_up(&out);
}

static void a_path_is_read_back(void **state)
{
    static const struct ds_bandwidth_path paths[] = {
        {.valid = true, .sent = 102, .received = 51},
        {.pstn_failover = true},
        {.valid = false},
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(paths); i++) {
        struct ds_buf out = {0};
        struct ds_stun msg;
        struct ds_bandwidth_path path;
        ds_stun_begin(&out, DS_STUN_SUCCESS, DS_STUN_ALLOCATE, id);
        ds_bandwidth_put_path(&out, DS_STUN_LOCAL_SITE_RESPONSE, &paths[i]);
        assert_int_equal(ds_stun_parse(ds_buf_slice(&out), &msg, NULL), DS_OK);
        assert_true(ds_bandwidth_path(&msg, DS_STUN_LOCAL_SITE_RESPONSE, &path));
        assert_false(ds_bandwidth_path(&msg, DS_STUN_REMOTE_SITE_RESPONSE, &path));
        assert_int_equal(path.valid, paths[i].valid);
        assert_int_equal(path.pstn_failover, paths[i].pstn_failover);
        assert_int_equal(path.sent, paths[i].sent);
        assert_int_equal(path.received, paths[i].received);
        ds_buf_clean_up(&out);
    }
}

/* [TURNBWM] 2.2.1, 2.2.3, 2.2.8: codes, lengths and the places of the flags. */
static void the_wire_has_what_the_extension_says(void **state)
{
    static const char wanted[] = "\x80\x56\0\4\0\0\0\1"
                                 "\x80\x58\0\20\0\0\0\x66\0\0\0\x66\0\0\0\x66\0\0\0\x66"
                                 "\x80\x5d\0\14\xc0\0\0\0\0\0\0\x66\0\0\0\x66";
    const struct ds_bandwidth amount = {102, 102, 102, 102};
    const struct ds_bandwidth_path path = {true, true, 102, 102};
    struct ds_buf out = {0};
    (void)state;
    ds_stun_begin(&out, DS_STUN_REQUEST, DS_STUN_ALLOCATE, id);
    ds_bandwidth_put_ask(&out, DS_BANDWIDTH_COMMIT);
    ds_bandwidth_put_amount(&out, &amount);
    ds_bandwidth_put_path(&out, DS_STUN_REMOTE_SITE_RESPONSE, &path);
    assert_int_equal(out.len, DS_STUN_HEADER_BYTES + sizeof wanted - 1);
    assert_memory_equal(out.at + DS_STUN_HEADER_BYTES, wanted, sizeof wanted - 1);
    ds_buf_clean_up(&out);
}

static void an_attribute_of_another_length_is_none(void **state)
{
    static const char bytes[32];
    uint8_t reservation[DS_RESERVATION_BYTES];
    struct ds_bandwidth amount;
    struct ds_bandwidth_path path;
    enum ds_bandwidth_ask ask;
    struct ds_buf out = {0};
    struct ds_stun msg;
    (void)state;
    ds_stun_begin(&out, DS_STUN_REQUEST, DS_STUN_ALLOCATE, id);
    ds_stun_put_number(&out, DS_STUN_ADMISSION, 3);
    ds_stun_put(&out, DS_STUN_AMOUNT, (struct ds_slice){bytes, 12});
    ds_stun_put(&out, DS_STUN_RESERVATION, (struct ds_slice){bytes, 17});
    ds_stun_put(&out, DS_STUN_LOCAL_SITE_RESPONSE, (struct ds_slice){bytes, 16});
    assert_int_equal(ds_stun_parse(ds_buf_slice(&out), &msg, NULL), DS_OK);
    assert_false(ds_bandwidth_asked(&msg, &ask));
    assert_false(ds_bandwidth_amount(&msg, &amount));
    assert_false(ds_bandwidth_reservation(&msg, reservation));
    assert_false(ds_bandwidth_path(&msg, DS_STUN_LOCAL_SITE_RESPONSE, &path));
    ds_buf_clean_up(&out);
}

static void asks_have_names(void **state)
{
    (void)state;
    assert_string_equal(ds_bandwidth_ask_name(DS_BANDWIDTH_CHECK), "Reservation Check");
    assert_string_equal(ds_bandwidth_ask_name(DS_BANDWIDTH_UPDATE), "Reservation Update");
    assert_string_equal(ds_bandwidth_ask_name(7), "?");
}

int test_bandwidth(void);

int test_bandwidth(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_for_is_read_back),
        cmocka_unit_test(a_path_is_read_back),
        cmocka_unit_test(the_wire_has_what_the_extension_says),
        cmocka_unit_test(an_attribute_of_another_length_is_none),
        cmocka_unit_test(asks_have_names),
    };
    return cmocka_run_group_tests_name("bandwidth", tests, NULL, NULL);
}
