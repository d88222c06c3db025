#include "support.h"

#include "stun.h"

static const uint8_t id[DS_STUN_ID_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

static void addresses_of_both_families_are_read_back(void **state)
{
    static const char *const texts[] = {"127.0.10.11", "2001:db8::1"};
    struct ds_buf out = {0};
    struct ds_stun msg;
    (void)state;
    ds_stun_begin(&out, DS_STUN_REQUEST, DS_STUN_CREATE_PERMISSION, id);
    for (size_t i = 0; i < DS_COUNT(texts); i++) {
        struct ds_addr addr;
        assert_int_equal(ds_addr_parse_ip(ds_slice_of(texts[i]), &addr), DS_OK);
        addr.port = 50000;
        ds_stun_put_address(&out, DS_STUN_XOR_PEER_ADDRESS, addr);
    }
    assert_int_equal(ds_stun_parse(ds_buf_slice(&out), &msg, NULL), DS_OK);
    for (size_t i = 0; i < DS_COUNT(texts); i++) {
        struct ds_addr addr;
        assert_true(ds_stun_address(&msg, DS_STUN_XOR_PEER_ADDRESS, i, &addr));
        assert_string_equal(ds_addr_ip_text(addr).text, texts[i]);
        assert_int_equal(addr.port, 50000);
    }
    ds_buf_clean_up(&out);
}

static void an_attribute_of_another_length_is_none(void **state)
{
    struct ds_buf out = {0};
    struct ds_stun msg;
    struct ds_addr addr;
    uint32_t number;
    uint64_t tie_breaker;
    uint16_t channel;
    (void)state;
    ds_stun_begin(&out, DS_STUN_REQUEST, DS_STUN_BINDING, id);
    ds_stun_put(&out, DS_STUN_XOR_PEER_ADDRESS, DS_LITERAL("\0\1abc"));
    ds_stun_put(&out, DS_STUN_LIFETIME, DS_LITERAL("12"));
    ds_stun_put(&out, DS_STUN_ICE_CONTROLLING, DS_LITERAL("1234"));
    ds_stun_put_channel(&out, 0x3fff);
    ds_stun_put(&out, DS_STUN_ERROR_CODE, DS_LITERAL("\0\0\7\1"));
    assert_int_equal(ds_stun_parse(ds_buf_slice(&out), &msg, NULL), DS_OK);
    assert_false(ds_stun_address(&msg, DS_STUN_XOR_PEER_ADDRESS, 0, &addr));
    assert_false(ds_stun_number(&msg, DS_STUN_LIFETIME, &number));
    assert_false(ds_stun_tie_breaker(&msg, DS_STUN_ICE_CONTROLLING, &tie_breaker));
    assert_false(ds_stun_channel(&msg, &channel));
    assert_int_equal(ds_stun_error(&msg), 0);
    ds_buf_clean_up(&out);
}

static void errors_are_read_back(void **state)
{
    static const int statuses[] = {400, 401, 403, 420, 437, 438, 441, 442, 486, 487, 500, 508};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(statuses); i++) {
        struct ds_buf out = {0};
        struct ds_stun msg;
        ds_stun_begin(&out, DS_STUN_ERROR, DS_STUN_ALLOCATE, id);
        ds_stun_put_error(&out, statuses[i]);
        assert_int_equal(ds_stun_parse(ds_buf_slice(&out), &msg, NULL), DS_OK);
        assert_int_equal(ds_stun_error(&msg), statuses[i]);
        ds_buf_clean_up(&out);
    }
}

static void what_must_be_understood_is_told(void **state)
{
    struct ds_buf out = {0};
    struct ds_stun msg;
    uint16_t types[DS_STUN_MOST_UNKNOWN];
    (void)state;
    ds_stun_begin(&out, DS_STUN_REQUEST, DS_STUN_ALLOCATE, id);
    ds_stun_put_number(&out, DS_STUN_LIFETIME, 600);
    ds_stun_put_number(&out, 0x0017, 1); /* REQUESTED-ADDRESS-FAMILY */
    ds_stun_put_number(&out, 0x8055, 1); /* may be passed over */
    assert_int_equal(ds_stun_parse(ds_buf_slice(&out), &msg, NULL), DS_OK);
    assert_int_equal(ds_stun_unknown(&msg, types), 1);
    assert_int_equal(types[0], 0x0017);
    ds_buf_clean_up(&out);
}

int test_attributes(void);

int test_attributes(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_both_families_are_read_back),
        cmocka_unit_test(an_attribute_of_another_length_is_none),
        cmocka_unit_test(errors_are_read_back),
        cmocka_unit_test(what_must_be_understood_is_told),
    };
    return cmocka_run_group_tests_name("attributes", tests, NULL, NULL);
}
