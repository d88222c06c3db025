#include "support.h"

#include <math.h>

#include "planning.h"

/* Loads that these channels carry at this loss, as Erlang B tables print them (two or three
 * digits, the last one rounded). */
static void tables_say_the_same(void **state)
{
    static const struct {
        uint32_t channels;
        double blocking, erlangs, rounded;
    } table[] = {
        {1, 0.01, 0.0101, 0.00005}, {2, 0.01, 0.153, 0.0005}, {5, 0.01, 1.36, 0.005},
        {10, 0.01, 4.46, 0.005},    {15, 0.01, 8.11, 0.005},  {20, 0.01, 12.0, 0.05},
        {30, 0.01, 20.3, 0.05},     {50, 0.01, 37.9, 0.05},   {100, 0.01, 84.1, 0.05},
        {10, 0.001, 3.09, 0.005},   {30, 0.001, 16.7, 0.05},  {10, 0.05, 6.22, 0.005},
        {30, 0.05, 24.8, 0.05},     {100, 0.05, 95.2, 0.05},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(table); i++) {
        assert_true(ds_erlang_b(table[i].erlangs - table[i].rounded, table[i].channels) <
                    table[i].blocking);
        assert_true(ds_erlang_b(table[i].erlangs + table[i].rounded, table[i].channels) >
                    table[i].blocking);
    }
}

static void channels_are_the_fewest_that_do(void **state)
{
    (void)state;
    assert_int_equal(ds_erlang_channels(10, 0.01), 18);
    assert_int_equal(ds_erlang_channels(20, 0.01), 30);
    assert_int_equal(ds_erlang_channels(100, 0.01), 117);
    assert_int_equal(ds_erlang_channels(10, 0.001), 21);
    for (unsigned hundredths = 5; hundredths < 50000; hundredths += hundredths / 2 + 1) {
        double erlangs = hundredths / 100.0;
        uint32_t channels = ds_erlang_channels(erlangs, 0.01);
        assert_true(ds_erlang_b(erlangs, channels) <= 0.01);
        assert_true(ds_erlang_b(erlangs, channels - 1) > 0.01);
    }
}

static void nobody_needs_nothing(void **state)
{
    (void)state;
    assert_int_equal(ds_erlang_channels(0, 0.01), 0);
    assert_true(ds_erlang_b(0, 0) == 0 && ds_erlang_b(0, 5) == 0);
    assert_true(ds_erlang_b(3, 0) == 1);
}

/* Factorials and powers of these would be far beyond what a double holds. */
static void great_loads_stay_finite(void **state)
{
    (void)state;
    uint32_t channels = ds_erlang_channels(200000, 0.0001);
    double lost = ds_erlang_b(200000, channels);
    assert_true(isfinite(lost) && lost <= 0.0001 && lost > 0);
    assert_in_range(channels, 199000, 202500);
}

int test_erlang(void);

int test_erlang(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_say_the_same),
        cmocka_unit_test(channels_are_the_fewest_that_do),
        cmocka_unit_test(nobody_needs_nothing),
        cmocka_unit_test(great_loads_stay_finite),
    };
    return cmocka_run_group_tests_name("erlang", tests, NULL, NULL);
}
