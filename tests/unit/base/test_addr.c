#include "support.h"

static void v4_is_read_and_written(void **state)
{
    struct ds_addr addr;
    (void)state;
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("127.0.10.50"), &addr), DS_OK);
    assert_true(ds_addr_is_v4(&addr));
    assert_int_equal(ds_addr_ip4(&addr), 0x7f000a32);
    addr.port = 5060;
    assert_string_equal(ds_addr_text(addr).text, "127.0.10.50:5060");
    assert_true(ds_addr_equal(addr, ds_addr_v4(0x7f000a32, 5060)));
}

static void v6_wears_brackets_before_a_port(void **state)
{
    struct ds_addr addr;
    (void)state;
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("[2001:db8::1]"), &addr), DS_OK);
    assert_false(ds_addr_is_v4(&addr));
    addr.port = 5061;
    assert_string_equal(ds_addr_text(addr).text, "[2001:db8::1]:5061");
    assert_string_equal(ds_addr_ip_text(addr).text, "2001:db8::1");
}

static void what_is_no_address_is_refused(void **state)
{
    static const char *const bad[] = {"",          "gateway", "127.0.0", "127.0.0.256",
                                      "1.2.3.4.5", "[",       "::g"};
    struct ds_addr addr;
    (void)state;
    for (size_t i = 0; i < DS_COUNT(bad); i++)
        assert_int_equal(ds_addr_parse_ip(ds_slice_of(bad[i]), &addr), DS_BAD);
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("1.2.3.4\0x"), &addr), DS_BAD);
}

int test_addr(void);

int test_addr(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(v4_is_read_and_written),
        cmocka_unit_test(v6_wears_brackets_before_a_port),
        cmocka_unit_test(what_is_no_address_is_refused),
    };
    return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
