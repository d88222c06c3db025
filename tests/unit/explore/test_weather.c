#include "support.h"

#include "explore.h"

#include <stdio.h>
#include <string.h>

static const struct ds_topo_node nodes[] = {
    {.name = "alice", .at = {.ip = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}}},
    {.name = "gateway", .at = {.ip = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 2}}},
    {.name = "pool", .at = {.ip = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 3}}},
};
static const struct ds_topo topo = {.nodes = nodes, .node_count = DS_COUNT(nodes)};

static const struct ds_pcap_name names[] = {
    {{.ip = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1}}, "alice"},
    {{.ip = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 2}}, "gateway"},
    {{.ip = {[10] = 0xff, [11] = 0xff, [12] = 127, [15] = 3}}, "pool"},
};

static void every_line_is_one_that_the_network_reads(void **state)
{
    struct ds_arena *arena = NULL;
    size_t kinds[DS_MISHAP_KINDS] = {0};
    struct ds_why why;
    (void)state;
    assert_int_equal(ds_arena_new(&arena), DS_OK);
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct ds_weather weather;
        ds_weather_draw(&topo, seed, &weather);
        const char *const *lines = ds_weather_lines(&weather, arena);
        assert_non_null(lines);
        size_t count = 0;
        for (; lines[count] != NULL; count++) {
            if (ds_fault_check(names, DS_COUNT(names), lines[count], false, &why) != DS_OK)
                fail_msg("%s", why.text);
            kinds[weather.mishaps[count].kind]++;
        }
        assert_int_equal(count, weather.count);
        assert_in_range(count, 1, DS_WEATHER_MOST);
    }
    for (size_t i = 0; i < DS_COUNT(kinds); i++)
        assert_true(kinds[i] > 0);
    ds_arena_free(&arena);
}

static void one_seed_draws_the_same_and_another_does_not(void **state)
{
    struct ds_weather first, again, other;
    size_t same = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        ds_weather_draw(&topo, seed, &first);
        ds_weather_draw(&topo, seed, &again);
        ds_weather_draw(&topo, seed + 1, &other);
        assert_memory_equal(&first, &again, sizeof first);
        same += memcmp(&first, &other, sizeof first) == 0;
    }
    assert_int_equal(same, 0);
}

static void no_two_elements_lose_their_memory(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct ds_weather weather;
        size_t deaths = 0;
        ds_weather_draw(&topo, seed, &weather);
        for (size_t i = 0; i < weather.count; i++)
            deaths += weather.mishaps[i].kind == DS_MISHAP_KILL;
        assert_true(deaths <= 1);
    }
}

static void expect_line(const struct ds_mishap *mishap, const char *expected)
{
    struct ds_arena *arena = NULL;
    struct ds_weather weather = {.mishaps = {*mishap}, .count = 1};
    assert_int_equal(ds_arena_new(&arena), DS_OK);
    assert_string_equal(ds_weather_lines(&weather, arena)[0], expected);
    ds_arena_free(&arena);
}

static void lines_are_written_as_people_write_them(void **state)
{
    (void)state;
    expect_line(&(struct ds_mishap){.kind = DS_MISHAP_LOSE, .permille = 50}, "lose 5%");
    expect_line(&(struct ds_mishap){.kind = DS_MISHAP_LOSE, .permille = 1, .which = DS_UDP_PACKETS},
                "lose 0.1% of udp");
    expect_line(
        &(struct ds_mishap){
            .kind = DS_MISHAP_LOSE_ONE, .number = 3, .which = DS_PACKETS_TO_A, .a = &nodes[1]},
        "lose #3 of dst host gateway");
    expect_line(&(struct ds_mishap){.kind = DS_MISHAP_DELAY, .time_ms = 40, .jitter_ms = 10},
                "delay 40ms jitter 10ms");
    expect_line(
        &(struct ds_mishap){
            .kind = DS_MISHAP_CUT, .a = &nodes[2], .b = &nodes[1], .at_ms = 20, .lasts_ms = 1000},
        "cut pool-gateway at 20ms for 1000ms");
    expect_line(&(struct ds_mishap){.kind = DS_MISHAP_KILL, .a = &nodes[1]}, "kill gateway");
    expect_line(&(struct ds_mishap){.kind = DS_MISHAP_SLOW, .a = &nodes[1], .number = 1000},
                "slow gateway 1000");
    expect_line(&(struct ds_mishap){.kind = DS_MISHAP_REORDER, .permille = 20, .time_ms = 30},
                "reorder 2% by 30ms");
}

int test_weather(void);

int test_weather(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_is_one_that_the_network_reads),
        cmocka_unit_test(one_seed_draws_the_same_and_another_does_not),
        cmocka_unit_test(no_two_elements_lose_their_memory),
        cmocka_unit_test(lines_are_written_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
