#include "support.h"

#include "explore.h"

#include <string.h>

static const struct ds_topo_node gateway = {.name = "gateway"};

/* Goes on from the first simpler weather that still fails, as the explorer does. */
static size_t shrink(struct ds_weather *weather, bool (*fails)(const struct ds_weather *weather))
{
    struct ds_weather simpler;
    size_t rounds = 0;
    for (size_t index = 0; ds_weather_simpler(weather, index, &simpler); index++) {
        if (!fails(&simpler))
            continue;
        *weather = simpler;
        index = (size_t)-1;
        rounds++;
        assert_true(rounds < 1000);
    }
    return rounds;
}

static bool has_cut(const struct ds_weather *weather)
{
    for (size_t i = 0; i < weather->count; i++)
        if (weather->mishaps[i].kind == DS_MISHAP_CUT)
            return true;
    return false;
}

static bool cuts_for_a_second(const struct ds_weather *weather)
{
    for (size_t i = 0; i < weather->count; i++)
        if (weather->mishaps[i].kind == DS_MISHAP_CUT && weather->mishaps[i].lasts_ms >= 1000)
            return true;
    return false;
}

static bool always(const struct ds_weather *weather)
{
    (void)weather;
    return true;
}

static struct ds_weather storm(void)
{
    return (struct ds_weather){
        .mishaps = {{.kind = DS_MISHAP_LOSE, .permille = 317},
                    {.kind = DS_MISHAP_CUT, .a = &gateway, .at_ms = 37, .lasts_ms = 9000},
                    {.kind = DS_MISHAP_DELAY, .time_ms = 77, .jitter_ms = 20},
                    {.kind = DS_MISHAP_SPLIT, .number = 3}},
        .count = 4};
}

static void what_has_no_part_in_it_goes(void **state)
{
    struct ds_weather weather = storm();
    (void)state;
    shrink(&weather, has_cut);
    assert_int_equal(weather.count, 1);
    assert_int_equal(weather.mishaps[0].kind, DS_MISHAP_CUT);
    assert_int_equal(weather.mishaps[0].at_ms, 0);
    assert_int_equal(weather.mishaps[0].lasts_ms, 1);
}

static void what_is_left_is_as_small_as_halving_gets_it(void **state)
{
    struct ds_weather weather = storm();
    (void)state;
    shrink(&weather, cuts_for_a_second);
    assert_int_equal(weather.count, 1);
    assert_in_range(weather.mishaps[0].lasts_ms, 1000, 1999);
}

static void one_fault_stays_whatever_happens(void **state)
{
    struct ds_weather weather = storm();
    (void)state;
    shrink(&weather, always);
    assert_int_equal(weather.count, 1);
}

static void each_way_is_another_and_they_end(void **state)
{
    const struct ds_weather weather = storm();
    struct ds_weather ways[64];
    size_t count = 0;
    (void)state;
    while (count < DS_COUNT(ways) && ds_weather_simpler(&weather, count, &ways[count])) {
        assert_true(memcmp(&ways[count], &weather, sizeof weather) != 0);
        count++;
    }
    assert_in_range(count, 5, DS_COUNT(ways) - 1);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(ways[i].count, 3);
}

int test_simpler(void);

int test_simpler(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_no_part_in_it_goes),
        cmocka_unit_test(what_is_left_is_as_small_as_halving_gets_it),
        cmocka_unit_test(one_fault_stays_whatever_happens),
        cmocka_unit_test(each_way_is_another_and_they_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
