#include "support.h"

#include "clock_internal.h"

#include <string.h>

struct note {
    struct ds_timer timer;
    struct story *story;
    char name;
};

struct story {
    struct ds_clock *clock;
    char text[64];
    struct note *again; /* a timer to restart at zero delay, or to stop */
};

static void write_down(struct ds_timer *timer)
{
    struct note *note = DS_OWNER(timer, struct note, timer);
    strncat(note->story->text, &note->name, 1);
}

static void write_down_and_restart(struct ds_timer *timer)
{
    write_down(timer);
    struct note *note = DS_OWNER(timer, struct note, timer);
    assert_int_equal(ds_timer_start(note->story->clock, timer, 0, write_down_and_restart), DS_OK);
}

static void write_down_and_stop_other(struct ds_timer *timer)
{
    write_down(timer);
    struct story *story = DS_OWNER(timer, struct note, timer)->story;
    ds_timer_stop(story->clock, &story->again->timer);
}

static void start_story(struct story *story)
{
    *story = (struct story){0};
    assert_int_equal(ds_clock_new_virtual(1000, &story->clock), DS_OK);
}

static void equal_deadlines_fire_in_the_order_started(void **state)
{
    struct story story;
    struct note notes[6];
    (void)state;
    start_story(&story);
    for (size_t i = 0; i < DS_COUNT(notes); i++) {
        notes[i] = (struct note){.story = &story, .name = (char)('a' + i)};
        ds_us delay = i == 4 ? 5 : 10;
        assert_int_equal(ds_timer_start(story.clock, &notes[i].timer, delay, write_down), DS_OK);
    }
    assert_int_equal(ds_timers_next(story.clock), 5);
    ds_clock_advance(story.clock, 10);
    ds_timers_run(story.clock);
    assert_string_equal(story.text, "eabcdf");
    assert_int_equal(ds_timers_count(story.clock), 0);
    assert_true(ds_timers_next(story.clock) == DS_NEVER);
    ds_clock_free(&story.clock);
}

static void a_timer_that_restarts_itself_waits_for_the_next_turn(void **state)
{
    struct story story;
    struct note again = {.story = &story, .name = 'x'}, other = {.story = &story, .name = 'y'};
    (void)state;
    start_story(&story);
    assert_int_equal(ds_timer_start(story.clock, &again.timer, 0, write_down_and_restart), DS_OK);
    assert_int_equal(ds_timer_start(story.clock, &other.timer, 0, write_down), DS_OK);
    ds_timers_run(story.clock);
    assert_string_equal(story.text, "xy");
    ds_timers_run(story.clock);
    assert_string_equal(story.text, "xyx");
    ds_timer_stop(story.clock, &again.timer);
    ds_clock_free(&story.clock);
}

static void a_callback_may_stop_any_other(void **state)
{
    struct story story;
    struct note first = {.story = &story, .name = '1'}, second = {.story = &story, .name = '2'};
    (void)state;
    start_story(&story);
    story.again = &second;
    assert_int_equal(ds_timer_start(story.clock, &first.timer, 3, write_down_and_stop_other),
                     DS_OK);
    assert_int_equal(ds_timer_start(story.clock, &second.timer, 3, write_down), DS_OK);
    ds_clock_advance(story.clock, 3);
    ds_timers_run(story.clock);
    assert_string_equal(story.text, "1");
    assert_false(ds_timer_running(&second.timer));
    ds_clock_free(&story.clock);
}

static void many_timers_come_out_sorted(void **state)
{
    struct story story;
    static struct note notes[1000];
    struct ds_rng rng;
    (void)state;
    start_story(&story);
    ds_rng_seed(&rng, 3);
    for (size_t i = 0; i < DS_COUNT(notes); i++) {
        notes[i] = (struct note){.story = &story};
        ds_us delay = (ds_us)ds_rng_below(&rng, 500);
        assert_int_equal(ds_timer_start(story.clock, &notes[i].timer, delay, write_down), DS_OK);
    }
    for (size_t i = 0; i < DS_COUNT(notes); i += 3)
        ds_timer_stop(story.clock, &notes[i].timer);
    ds_us last = 0;
    while (ds_timers_count(story.clock) > 0) {
        ds_us next = ds_timers_next(story.clock);
        assert_true(next >= last);
        last = next;
        ds_clock_advance(story.clock, next);
        ds_timers_run(story.clock);
    }
    ds_clock_free(&story.clock);
}

static void a_delay_beyond_time_is_clamped(void **state)
{
    struct story story;
    struct note note = {.story = &story, .name = 'z'};
    (void)state;
    start_story(&story);
    ds_clock_advance(story.clock, 100);
    assert_int_equal(ds_timer_start(story.clock, &note.timer, DS_NEVER, write_down), DS_OK);
    assert_true(ds_timers_next(story.clock) == DS_NEVER - 1);
    ds_timer_stop(story.clock, &note.timer);
    expect_assert_failure(ds_clock_advance(story.clock, 99));
    assert_int_equal(ds_clock_unix_us(story.clock, 100), 1100);
    assert_int_equal(ds_clock_from_unix_us(story.clock, 1100), 100);
    ds_clock_free(&story.clock);
}

static void a_real_clock_reads_time_once_a_turn(void **state)
{
    struct ds_clock *clock = NULL;
    (void)state;
    assert_int_equal(ds_clock_new_real(&clock), DS_OK);
    ds_us before = ds_now(clock);
    assert_int_equal(ds_now(clock), before);
    ds_clock_turn(clock);
    assert_true(ds_now(clock) >= before);
    ds_clock_free(&clock);
}

/* A loop that was given no time for a tenth of a second. */
static void a_late_loop_goes_on_step_by_step(void **state)
{
    struct ds_clock *clock = NULL;
    struct note early = {.timer = {0}}, late = {.timer = {0}};
    (void)state;
    assert_int_equal(ds_clock_new_real(&clock), DS_OK);
    assert_int_equal(ds_timer_start(clock, &early.timer, 0, write_down), DS_OK);
    assert_int_equal(ds_timer_start(clock, &late.timer, 50000, write_down), DS_OK);
    ds_us due = early.timer.at;
    clock->monotonic_us -= 100000;
    ds_clock_follow(clock, 10000);
    assert_int_equal(ds_now(clock), due + 10000);
    assert_true(ds_clock_is_behind(clock));
    ds_timer_stop(clock, &early.timer);
    ds_clock_follow(clock, 10000);
    assert_int_equal(ds_now(clock), late.timer.at + 10000);
    assert_true(ds_clock_is_behind(clock));
    ds_timer_stop(clock, &late.timer);
    ds_clock_follow(clock, 10000);
    assert_true(ds_now(clock) >= due + 100000);
    assert_false(ds_clock_is_behind(clock));
    ds_clock_free(&clock);
}

/* Moved at known instants of the machine's, a second ago, to 1 s and to an hour. */
static struct ds_clock *moved_clock(int64_t *began)
{
    struct ds_clock *clock = NULL;
    assert_int_equal(ds_clock_new_held(&clock), DS_OK);
    ds_clock_advance(clock, DS_S);
    ds_clock_advance(clock, 3600 * DS_S);
    assert_int_equal(clock->move_count, 3);
    *began = clock->moves[0].unix_us - DS_S;
    clock->moves[0].unix_us = *began;
    clock->moves[1].unix_us = *began + 20;
    clock->moves[2].unix_us = *began + 50;
    return clock;
}

static void a_held_clock_knows_where_it_stood(void **state)
{
    int64_t began;
    struct ds_clock *clock = moved_clock(&began);
    (void)state;
    assert_true(ds_clock_is_virtual(clock));
    assert_int_equal(ds_clock_unix_us(clock, 0), began + DS_S);
    assert_int_equal(ds_clock_from_unix_us(clock, began - 5), 0);
    assert_int_equal(ds_clock_from_unix_us(clock, began + 19), 0);
    assert_int_equal(ds_clock_from_unix_us(clock, began + 20), DS_S);
    assert_int_equal(ds_clock_from_unix_us(clock, began + 49), DS_S);
    assert_int_equal(ds_clock_from_unix_us(clock, began + 50), 3600 * DS_S);
    assert_int_equal(ds_clock_from_unix_us(clock, began + 60 * DS_S), 3600 * DS_S);
    ds_clock_free(&clock);
}

static void a_clock_let_go_goes_on_from_where_it_stood(void **state)
{
    int64_t began;
    struct ds_clock *clock = moved_clock(&began);
    (void)state;
    ds_clock_let_go(clock);
    int64_t let_go = clock->moves[3].unix_us;
    ds_clock_let_go(clock);
    assert_int_equal(clock->move_count, 4);
    assert_false(ds_clock_is_virtual(clock));
    assert_int_equal(ds_now(clock), 3600 * DS_S);
    ds_clock_turn(clock);
    assert_true(ds_now(clock) >= 3600 * DS_S);
    assert_true(ds_now(clock) < 3660 * DS_S);
    assert_int_equal(ds_clock_from_unix_us(clock, began + 49), DS_S);
    assert_int_equal(ds_clock_from_unix_us(clock, let_go + 7), 3600 * DS_S + 7);
    ds_clock_free(&clock);
}

/* Hours of moves take no more room than the last of them need. */
static void a_held_clock_forgets_its_oldest_moves(void **state)
{
    struct ds_clock *clock = NULL;
    (void)state;
    assert_int_equal(ds_clock_new_held(&clock), DS_OK);
    for (ds_us at = 1; at <= 700000; at++)
        ds_clock_advance(clock, at);
    assert_true(clock->move_cap <= 262144);
    int64_t last = clock->moves[clock->move_count - 1].unix_us;
    assert_int_equal(ds_clock_from_unix_us(clock, last), 700000);
    assert_true(ds_clock_from_unix_us(clock, 0) > 1);
    ds_clock_free(&clock);
}

static ds_rc start_one(void *owner)
{
    struct ds_clock *clock = NULL;
    struct note note = {.timer = {0}};
    (void)owner;
    ds_rc rc = ds_clock_new_virtual(0, &clock);
    if (rc == DS_OK)
        rc = ds_timer_start(clock, &note.timer, 1, write_down);
    ds_clock_free(&clock);
    return rc;
}

static void exhaustion_is_told(void **state)
{
    (void)state;
    ds_exhaust(start_one, NULL);
}

int test_clock(void);

int test_clock(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_deadlines_fire_in_the_order_started),
        cmocka_unit_test(a_timer_that_restarts_itself_waits_for_the_next_turn),
        cmocka_unit_test(a_callback_may_stop_any_other),
        cmocka_unit_test(many_timers_come_out_sorted),
        cmocka_unit_test(a_delay_beyond_time_is_clamped),
        cmocka_unit_test(a_real_clock_reads_time_once_a_turn),
        cmocka_unit_test(a_late_loop_goes_on_step_by_step),
        cmocka_unit_test(a_held_clock_knows_where_it_stood),
        cmocka_unit_test(a_clock_let_go_goes_on_from_where_it_stood),
        cmocka_unit_test(a_held_clock_forgets_its_oldest_moves),
        cmocka_unit_test(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
