#include "line.h"

static void a_page_goes_through_two_gateways(void **state)
{
    struct line line;
    (void)state;
    line_open(&line, 60);
    line_add_gateways(&line);
    line_run(&line);
    assert_int_equal(ds_fax_machine_state(line.caller), DS_FAX_DONE);
    assert_int_equal(ds_fax_machine_state(line.called), DS_FAX_DONE);
    assert_true(line.there.packets > 20);
    assert_true(line.back.packets > 5);
    line_close(&line);
}

int test_relay(void);

int test_relay(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_goes_through_two_gateways),
    };
    return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
