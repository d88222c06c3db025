#include "support.h"

#include "rtp.h"

#include <math.h>

#define PACKET_US 20000

/* Packet `index` of a steady stream that begins at sequence number `first`. */
static void add(struct ds_rtp_stats *stats, uint32_t first, uint32_t index, int64_t late_us)
{
    struct ds_rtp packet = {.sequence = (uint16_t)(first + index), .timestamp = index * 160};
    ds_rtp_stats_add(stats, &packet, (int64_t)index * PACKET_US + late_us);
}

static void a_whole_stream_has_lost_nothing_and_has_no_jitter(void **state)
{
    struct ds_rtp_stats stats;
    (void)state;
    ds_rtp_stats_init(&stats, 8000);
    for (uint32_t i = 0; i < 70000; i++)
        add(&stats, 65000, i, 0);
    assert_int_equal(stats.received, 70000);
    assert_int_equal(stats.lost, 0);
    assert_int_equal(stats.restarts, 0);
    assert_int_equal(stats.cycles, 2);
    assert_true(stats.jitter < 0.001);
    assert_int_equal(stats.last_at_us - stats.first_at_us, 69999LL * PACKET_US);
}

static void a_gap_is_lost_packets(void **state)
{
    struct ds_rtp_stats stats;
    (void)state;
    ds_rtp_stats_init(&stats, 8000);
    for (uint32_t i = 0; i < 300; i++) {
        if (i % 100 != 50 && (i < 200 || i > 280))
            add(&stats, 65500, i, 0);
    }
    assert_int_equal(stats.lost, 2 + 81);
    assert_int_equal(stats.received, 300 - 83);
}

static void a_late_packet_is_reordered_and_not_lost(void **state)
{
    static const uint32_t arrivals[] = {0, 1, 4, 2, 3, 5, 5, 4, 6};
    struct ds_rtp_stats stats;
    (void)state;
    ds_rtp_stats_init(&stats, 8000);
    for (size_t i = 0; i < DS_COUNT(arrivals); i++)
        add(&stats, 65534, arrivals[i], 0);
    assert_int_equal(stats.reordered, 2);
    assert_int_equal(stats.duplicates, 2);
    assert_int_equal(stats.received, 7);
    assert_int_equal(stats.lost, 0);
}

static void a_stream_may_begin_with_its_second_packet(void **state)
{
    static const uint16_t sequences[] = {0, 65535, 65533, 1};
    struct ds_rtp_stats stats;
    (void)state;
    ds_rtp_stats_init(&stats, 8000);
    for (size_t i = 0; i < DS_COUNT(sequences); i++) {
        struct ds_rtp packet = {.sequence = sequences[i]};
        ds_rtp_stats_add(&stats, &packet, (int64_t)i);
    }
    assert_int_equal(stats.base, 65533);
    assert_int_equal(stats.reordered, 2);
    assert_int_equal(stats.lost, 1);
}

static void a_sender_that_begins_anew_has_not_lost_what_lies_between(void **state)
{
    struct ds_rtp_stats stats;
    (void)state;
    ds_rtp_stats_init(&stats, 8000);
    for (uint32_t i = 0; i < 50; i++) {
        if (i != 7)
            add(&stats, 100, i, 0);
    }
    for (uint32_t i = 50; i < 100; i++) {
        if (i != 60)
            add(&stats, 40000, i, 0);
    }
    assert_int_equal(stats.restarts, 1);
    assert_int_equal(stats.lost, 2);
    assert_int_equal(stats.received, 98);
}

static void loss_stays_sane_whatever_comes(void **state)
{
    struct ds_rtp_stats stats;
    struct ds_rng rng;
    (void)state;
    ds_rng_seed(&rng, 11);
    ds_rtp_stats_init(&stats, 8000);
    for (int i = 0; i < 20000; i++) {
        struct ds_rtp packet = {.sequence = (uint16_t)ds_rng_next(&rng),
                                .timestamp = (uint32_t)ds_rng_next(&rng)};
        ds_rtp_stats_add(&stats, &packet, (int64_t)ds_rng_next(&rng));
        assert_true(stats.lost >= 0 && stats.lost < 3000LL * (i + 1));
    }
    assert_int_equal(stats.received + stats.duplicates, 20000);
    assert_true(isfinite(stats.jitter));
}

/* Late by 1 ms every other packet: each difference is 8 units, and the estimate nears 8. */
static void jitter_is_the_running_estimate_of_the_rfc(void **state)
{
    struct ds_rtp_stats stats;
    (void)state;
    ds_rtp_stats_init(&stats, 8000);
    add(&stats, 0, 0, 0);
    add(&stats, 0, 1, 1000);
    assert_true(fabs(stats.jitter - 0.5) < 1e-9);
    for (uint32_t i = 2; i < 400; i++)
        add(&stats, 0, i, i % 2 == 0 ? 0 : 1000);
    assert_true(fabs(stats.jitter - 8) < 1e-6);
    assert_true(fabs(ds_rtp_stats_jitter_ms(&stats) - 1) < 1e-6);
}

static void the_packets_of_one_event_are_no_jitter(void **state)
{
    struct ds_rtp_stats stats;
    (void)state;
    ds_rtp_stats_init(&stats, 8000);
    for (uint32_t i = 0; i < 10; i++) {
        struct ds_rtp packet = {.sequence = (uint16_t)i,
                                .timestamp = i < 6 ? 0 : (i - 6) * 160 + 960};
        ds_rtp_stats_add(&stats, &packet, (int64_t)i * PACKET_US);
    }
    assert_true(stats.jitter < 1e-9);
    assert_int_equal(stats.lost, 0);
}

static void timestamps_may_wrap(void **state)
{
    struct ds_rtp_stats stats;
    (void)state;
    ds_rtp_stats_init(&stats, 8000);
    for (uint32_t i = 0; i < 10; i++) {
        struct ds_rtp packet = {.sequence = (uint16_t)i, .timestamp = 0xffffff00u + i * 160};
        ds_rtp_stats_add(&stats, &packet, (int64_t)i * PACKET_US);
    }
    assert_true(stats.jitter < 1e-9);
    expect_assert_failure(ds_rtp_stats_init(&stats, 0));
}

static void what_a_playout_buffer_gives_up_is_late(void **state)
{
    struct ds_rtp_stats stats;
    (void)state;
    ds_rtp_stats_init(&stats, 8000);
    for (uint32_t i = 0; i < 100; i++)
        add(&stats, 0, i, i == 10 ? 59000 : i == 20 || i == 30 ? 61000 : 0);
    assert_int_equal(stats.late, 2);
}

/* 200 parts in a million for ten minutes are 120 ms, of which no listener hears anything. */
static void clocks_that_drift_apart_make_nothing_late(void **state)
{
    struct ds_rtp_stats stats;
    (void)state;
    ds_rtp_stats_init(&stats, 8000);
    for (uint32_t i = 0; i < 30000; i++)
        add(&stats, 0, i, 4 * (int64_t)i);
    assert_int_equal(stats.late, 0);
}

static void mean_and_greatest_jitter_are_those_of_the_whole_stream(void **state)
{
    struct ds_rtp_stats stats;
    (void)state;
    ds_rtp_stats_init(&stats, 8000);
    for (uint32_t i = 0; i < 200; i++)
        add(&stats, 0, i, i == 5 ? 16000 : 0);
    /* 16 ms in, 16 ms out: J = 16 / 16, then J += (16 - J) / 16. */
    assert_true(fabs(ds_rtp_stats_max_jitter_ms(&stats) - 1.9375) < 1e-6);
    assert_true(ds_rtp_stats_mean_jitter_ms(&stats) < 0.2);
    assert_true(ds_rtp_stats_jitter_ms(&stats) < 0.001);
}

static void loss_is_a_share_of_what_was_sent(void **state)
{
    struct ds_rtp_stats stats;
    (void)state;
    ds_rtp_stats_init(&stats, 8000);
    assert_true(ds_rtp_stats_loss(&stats) == 0);
    for (uint32_t i = 0; i < 100; i++)
        if (i % 4 != 1)
            add(&stats, 0, i, 0);
    assert_true(fabs(ds_rtp_stats_loss(&stats) - 0.25) < 1e-9);
}

int test_stats(void);

int test_stats(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_stream_has_lost_nothing_and_has_no_jitter),
        cmocka_unit_test(a_gap_is_lost_packets),
        cmocka_unit_test(a_late_packet_is_reordered_and_not_lost),
        cmocka_unit_test(a_stream_may_begin_with_its_second_packet),
        cmocka_unit_test(a_sender_that_begins_anew_has_not_lost_what_lies_between),
        cmocka_unit_test(loss_stays_sane_whatever_comes),
        cmocka_unit_test(jitter_is_the_running_estimate_of_the_rfc),
        cmocka_unit_test(the_packets_of_one_event_are_no_jitter),
        cmocka_unit_test(timestamps_may_wrap),
        cmocka_unit_test(what_a_playout_buffer_gives_up_is_late),
        cmocka_unit_test(clocks_that_drift_apart_make_nothing_late),
        cmocka_unit_test(mean_and_greatest_jitter_are_those_of_the_whole_stream),
        cmocka_unit_test(loss_is_a_share_of_what_was_sent),
    };
    return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
