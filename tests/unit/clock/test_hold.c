#include "support.h"

#include "clock.h"

#include <string.h>

/* Machines that stand still: their timers wait, and go on in the order in which they were due. */

enum { GATEWAY = 0x7f000a32, POOL = 0x7f000a01 };

struct note {
    struct ds_timer timer;
    struct story *story;
    char name;
};

struct story {
    struct ds_clock *clock;
    char text[64];
    struct note notes[8];
};

static void write_down(struct ds_timer *timer)
{
    struct note *note = DS_OWNER(timer, struct note, timer);
    strncat(note->story->text, &note->name, 1);
}

static void start_story(struct story *story)
{
    *story = (struct story){0};
    assert_int_equal(ds_clock_new_virtual(0, &story->clock), DS_OK);
}

/* The notes are a, b, c …, in the order in which they are started. */
static void start(struct story *story, size_t i, uint32_t whose, ds_us delay_us)
{
    struct note *note = &story->notes[i];
    note->story = story;
    note->name = (char)('a' + i);
    note->timer.whose = whose;
    assert_int_equal(ds_timer_start(story->clock, &note->timer, delay_us, write_down), DS_OK);
}

static void run_to(struct story *story, ds_us to)
{
    while (ds_timers_next(story->clock) <= to) {
        if (ds_timers_next(story->clock) > ds_now(story->clock))
            ds_clock_advance(story->clock, ds_timers_next(story->clock));
        ds_timers_run(story->clock);
    }
    ds_clock_advance(story->clock, to);
    ds_timers_run(story->clock);
}

static void what_came_due_fires_in_the_order_it_was_due(void **state)
{
    struct story story;
    (void)state;
    start_story(&story);
    start(&story, 0, GATEWAY, 50);
    start(&story, 1, GATEWAY, 20);
    start(&story, 2, GATEWAY, 20);
    start(&story, 3, POOL, 30);
    start(&story, 4, 0, 40);
    start(&story, 5, GATEWAY, 200);
    ds_clock_hold(story.clock, GATEWAY, true);
    run_to(&story, 100);
    assert_string_equal(story.text, "de");
    assert_int_equal(ds_timers_count(story.clock), 4);
    assert_int_equal(ds_timers_next(story.clock), 200);
    ds_clock_hold(story.clock, GATEWAY, false);
    run_to(&story, 100);
    assert_string_equal(story.text, "debca");
    run_to(&story, 200);
    assert_string_equal(story.text, "debcaf");
    ds_clock_free(&story.clock);
}

/* The clock leaps over what is due: nothing has been looked at before the machine goes on. */
static void a_leap_changes_no_order(void **state)
{
    struct story story;
    (void)state;
    start_story(&story);
    start(&story, 0, GATEWAY, 10);
    ds_clock_hold(story.clock, GATEWAY, true);
    run_to(&story, 15);
    start(&story, 1, GATEWAY, 30);
    start(&story, 2, GATEWAY, 20);
    ds_clock_advance(story.clock, 100);
    ds_clock_hold(story.clock, GATEWAY, false);
    ds_timers_run(story.clock);
    assert_string_equal(story.text, "acb");
    ds_clock_free(&story.clock);
}

static void what_waits_can_be_stopped_and_started_again(void **state)
{
    struct story story;
    (void)state;
    start_story(&story);
    start(&story, 0, GATEWAY, 10);
    start(&story, 1, GATEWAY, 20);
    start(&story, 2, GATEWAY, 30);
    ds_clock_hold(story.clock, GATEWAY, true);
    run_to(&story, 100);
    ds_timer_stop(story.clock, &story.notes[0].timer);
    assert_false(ds_timer_running(&story.notes[0].timer));
    assert_true(ds_timer_running(&story.notes[1].timer));
    start(&story, 1, GATEWAY, 40);
    run_to(&story, 120);
    ds_clock_hold(story.clock, GATEWAY, false);
    run_to(&story, 139);
    assert_string_equal(story.text, "c");
    run_to(&story, 140);
    assert_string_equal(story.text, "cb");
    ds_clock_free(&story.clock);
}

static void as_many_machines_as_are_promised_stand_still(void **state)
{
    struct story story;
    (void)state;
    start_story(&story);
    for (uint32_t i = 1; i <= DS_CLOCK_MOST_HELD; i++)
        ds_clock_hold(story.clock, i, true);
    expect_assert_failure(ds_clock_hold(story.clock, DS_CLOCK_MOST_HELD + 1, true));
    expect_assert_failure(ds_clock_hold(story.clock, 1, true));
    expect_assert_failure(ds_clock_hold(story.clock, 0, true));
    start(&story, 0, DS_CLOCK_MOST_HELD, 10);
    start(&story, 1, 7, 10);
    run_to(&story, 10);
    for (uint32_t i = 1; i < DS_CLOCK_MOST_HELD; i++)
        ds_clock_hold(story.clock, i, false);
    expect_assert_failure(ds_clock_hold(story.clock, 7, false));
    run_to(&story, 20);
    assert_string_equal(story.text, "b");
    ds_clock_hold(story.clock, DS_CLOCK_MOST_HELD, false);
    run_to(&story, 20);
    assert_string_equal(story.text, "ba");
    ds_clock_free(&story.clock);
}

int test_hold(void);

int test_hold(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_due_fires_in_the_order_it_was_due),
        cmocka_unit_test(a_leap_changes_no_order),
        cmocka_unit_test(what_waits_can_be_stopped_and_started_again),
        cmocka_unit_test(as_many_machines_as_are_promised_stand_still),
    };
    return cmocka_run_group_tests_name("hold", tests, NULL, NULL);
}
