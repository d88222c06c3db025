#include "pair.h"

/* What each fault does to packets and machines, exactly. */

static struct pair *many_under(uint64_t seed, const char *line, const char *other, unsigned count)
{
    struct pair *pair = pair_open(seed);
    if (other != NULL)
        lab_fault(&pair->lab, other);
    lab_fault(&pair->lab, line);
    say_many(pair, count);
    lab_run(&pair->lab, 5 * DS_S);
    return pair;
}

/* ---- numbers and shares ---- */

static void the_nth_packet_is_the_nth_that_matches(void **state)
{
    static const struct {
        const char *line;
        unsigned missing;
    } cases[] = {{"lose #1", 1},
                 {"lose #7", 7},
                 {"lose #7 of udp and dst host gateway", 7},
                 {"lose #2 of src host gateway", 0},
                 {"lose #3 at 10500us", 14},
                 {"lose #21", 0}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct pair *pair = many_under(1, cases[i].line, NULL, 20);
        size_t expected = 0;
        for (unsigned number = 1; number <= 20; number++)
            if (number != cases[i].missing)
                assert_int_equal(pair->gateway.numbers[expected++], number);
        assert_int_equal(pair->gateway.count, expected);
        pair_close(pair);
    }
}

static void all_are_lost_where_no_share_is_written(void **state)
{
    (void)state;
    struct pair *pair = many_under(1, "lose of dst host gateway", NULL, 20);
    assert_int_equal(pair->gateway.count, 0);
    assert_int_equal(pair->lab.count, 20);
    for (size_t i = 0; i < pair->lab.count; i++)
        assert_string_equal(pair->lab.frames[i].note, "lose of dst host gateway");
    pair_close(pair);
}

static void shares_are_about_right(void **state)
{
    static const struct {
        const char *line;
        size_t least, most;
    } cases[] = {{"lose 1%", 1920, 1999},       {"lose 30%", 1300, 1500},  {"lose 99.9%", 0, 12},
                 {"duplicate 10%", 2130, 2270}, {"duplicate", 4000, 4000}, {"lose 100%", 0, 0}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++)
        for (uint64_t seed = 1; seed <= 3; seed++) {
            struct pair *pair = many_under(seed, cases[i].line, NULL, 2000);
            assert_in_range(pair->gateway.count, cases[i].least, cases[i].most);
            pair_close(pair);
        }
}

static bool same_heard(const struct pair *a, const struct pair *b)
{
    return a->gateway.count == b->gateway.count &&
           memcmp(a->gateway.numbers, b->gateway.numbers,
                  a->gateway.count * sizeof a->gateway.numbers[0]) == 0 &&
           memcmp(a->gateway.at, b->gateway.at, a->gateway.count * sizeof a->gateway.at[0]) == 0;
}

static bool same_under(const char *line, uint64_t seed, const char *other_line, uint64_t other_seed)
{
    struct pair *a = many_under(seed, line, NULL, 300);
    struct pair *b = many_under(other_seed, other_line, NULL, 300);
    bool same = same_heard(a, b);
    pair_close(a);
    pair_close(b);
    return same;
}

static void chance_is_of_the_seed_and_of_the_line(void **state)
{
    static const char *const lines[] = {"lose 20%", "duplicate 20%", "delay 5ms jitter 5ms",
                                        "reorder 20% by 3ms"};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(lines); i++) {
        assert_true(same_under(lines[i], 1, lines[i], 1));
        assert_false(same_under(lines[i], 1, lines[i], 2));
    }
    assert_false(same_under("lose 20%", 1, "lose 20% of udp", 1));
}

/* The packets that this fault takes, whatever others do, and in whatever order they stand. */
static void one_fault_more_changes_nothing_about_the_others(void **state)
{
    static const char *const others[] = {
        "lose 50%",           "lose #5",        "delay 1ms jitter 1ms", "duplicate 50%",
        "reorder 10% by 2ms", "jump 1s at 20ms"};
    (void)state;
    struct pair *alone = many_under(1, "lose 20%", NULL, 300);
    bool lost[301] = {false};
    for (unsigned i = 1; i <= 300; i++)
        lost[i] = true;
    for (size_t i = 0; i < alone->gateway.count; i++)
        lost[alone->gateway.numbers[i]] = false;
    pair_close(alone);
    for (size_t i = 0; i < DS_COUNT(others); i++) {
        struct pair *pair = many_under(1, "lose 20%", others[i], 300);
        for (size_t k = 0; k < pair->gateway.count; k++)
            assert_false(lost[pair->gateway.numbers[k]]);
        size_t taken = 0;
        for (size_t k = 0; k < pair->lab.count; k++)
            taken += strcmp(pair->lab.frames[k].note, others[i]) != 0;
        assert_true(taken > 0);
        pair_close(pair);
    }
}

static void the_same_line_twice_is_two_faults(void **state)
{
    (void)state;
    struct pair *once = many_under(1, "lose 30%", NULL, 2000);
    struct pair *twice = many_under(1, "lose 30%", "lose 30%", 2000);
    assert_in_range(once->gateway.count, 1300, 1500);
    assert_in_range(twice->gateway.count, 880, 1080);
    pair_close(once);
    pair_close(twice);
}

/* ---- time ---- */

static void delays_add_up(void **state)
{
    (void)state;
    struct pair *pair = many_under(1, "delay 40ms", "delay 2ms of udp", 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pair->gateway.at[i], (ds_us)i * DS_MS + 42 * DS_MS + LAB_DELAY_US);
    pair_close(pair);
}

static void jitter_stays_within_its_bounds_and_reaches_them(void **state)
{
    static const struct {
        const char *line;
        ds_us least, most;
    } cases[] = {{"delay 40ms jitter 10ms", 30 * DS_MS, 50 * DS_MS},
                 {"delay 1ms jitter 4ms", 0, 5 * DS_MS}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct pair *pair = many_under(1, cases[i].line, NULL, 2000);
        ds_us least = DS_NEVER, most = 0;
        assert_int_equal(pair->gateway.count, 2000);
        for (size_t k = 0; k < 2000; k++) {
            ds_us sent = (ds_us)(pair->gateway.numbers[k] - 1) * DS_MS;
            ds_us took = pair->gateway.at[k] - sent - LAB_DELAY_US;
            assert_in_range(took, cases[i].least, cases[i].most);
            least = took < least ? took : least;
            most = took > most ? took : most;
        }
        assert_true(least < cases[i].least + DS_MS && most > cases[i].most - DS_MS);
        pair_close(pair);
    }
}

static void what_is_reordered_comes_later_than_what_follows(void **state)
{
    static const unsigned order[] = {1, 2, 4, 5, 3, 6};
    (void)state;
    struct pair *pair = many_under(1, "reorder #3 by 2500us", NULL, 6);
    assert_int_equal(pair->gateway.count, 6);
    assert_memory_equal(pair->gateway.numbers, order, sizeof order);
    pair_close(pair);
}

static void a_fault_begins_and_ends_when_it_says(void **state)
{
    static const struct {
        const char *line;
        unsigned first, last; /* that are lost */
    } cases[] = {
        {"lose at 4500us for 3ms", 6, 8}, {"lose for 2500us", 1, 3}, {"lose at 7500us", 9, 20}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct pair *pair = many_under(1, cases[i].line, NULL, 20);
        size_t expected = 0;
        for (unsigned number = 1; number <= 20; number++)
            if (number < cases[i].first || number > cases[i].last)
                assert_int_equal(pair->gateway.numbers[expected++], number);
        assert_int_equal(pair->gateway.count, expected);
        pair_close(pair);
    }
}

static void a_fault_can_be_stopped_early(void **state)
{
    struct pair *pair = pair_open(1);
    struct ds_fault *lose = lab_fault(&pair->lab, "lose"),
                    *later = lab_fault(&pair->lab, "lose at 5s");
    (void)state;
    say_many(pair, 3);
    ds_fault_stop(&lose);
    ds_fault_stop(&lose);
    ds_fault_stop(&later);
    assert_null(lose);
    assert_int_equal(ds_timers_count(pair->lab.world.clock), 0);
    say_many(pair, 2);
    assert_int_equal(pair->gateway.count, 2);
    lab_fault(&pair->lab, "lose for 1s");
    lab_fault(&pair->lab, "freeze gateway");
    say_many(pair, 2);
    ds_faults_stop(pair->lab.world.net);
    ds_faults_stop(pair->lab.world.net);
    say_many(pair, 2);
    assert_int_equal(pair->gateway.count, 4);
    pair_close(pair);
}

static void the_clock_leaps(void **state)
{
    struct pair *pair = pair_open(1);
    (void)state;
    lab_fault(&pair->lab, "jump 3s at 1s");
    lab_run_to(&pair->lab, 999 * DS_MS);
    say(&pair->mediation, &pair->gateway, 1);
    lab_turn(&pair->lab, DS_S);
    lab_turn(&pair->lab, DS_S);
    assert_int_equal(lab_now(&pair->lab), 4 * DS_S);
    assert_int_equal(pair->gateway.at[0], 999 * DS_MS + LAB_DELAY_US);
    lab_fault(&pair->lab, "jump 1s");
    assert_int_equal(lab_now(&pair->lab), 4 * DS_S);
    say(&pair->mediation, &pair->gateway, 2);
    lab_turn(&pair->lab, DS_NEVER);
    lab_turn(&pair->lab, DS_NEVER);
    assert_int_equal(lab_now(&pair->lab), 5 * DS_S);
    assert_int_equal(pair->gateway.count, 2);
    pair_close(pair);
}

/* ---- bounds ---- */

static void there_are_so_many_faults_and_no_more(void **state)
{
    struct pair *pair = pair_open(1);
    struct ds_fault *fault = NULL, *last = NULL;
    struct ds_why why;
    (void)state;
    for (int i = 0; i < 1000; i++)
        last = lab_fault(&pair->lab, i % 2 == 0 ? "freeze gateway" : "lose #1000 of udp");
    assert_int_equal(ds_fault_start(pair->lab.world.net, "lose", &fault, &why), DS_BAD);
    assert_string_equal(why.text, "there are 1000 faults already: stop those that are over");
    assert_null(fault);
    ds_fault_stop(&last);
    assert_int_equal(ds_fault_start(pair->lab.world.net, "lose", &fault, &why), DS_OK);
    pair_close(pair);
}

static void the_longest_datagram_passes(void **state)
{
    static char longest[65507];
    struct pair *pair = pair_open(1);
    (void)state;
    lab_fault(&pair->lab, "lose");
    ds_udp_send(pair->mediation.udp, place(50, 5060), (struct ds_slice){longest, sizeof longest});
    assert_int_equal(pair->lab.count, 1);
    assert_int_equal(pair->lab.frames[0].len, sizeof longest);
    pair_close(pair);
}

struct restless {
    struct ds_timer timer;
    struct ds_clock *clock;
    ds_us delay_us;
};

static void tick(struct ds_timer *timer)
{
    struct restless *restless = DS_OWNER(timer, struct restless, timer);
    assert_int_equal(ds_timer_start(restless->clock, timer, restless->delay_us, tick), DS_OK);
}

static void time_that_hardly_moves_is_told(void **state)
{
    static const struct {
        ds_us delay_us;
        long turns;
        const char *says;
    } cases[] = {{0, 200000, "time stands still at 1.500000 s, after 200000 turns of the network"},
                 {1, 1200000, "time hardly moves at "},
                 {11, 0, ""}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct pair *pair = pair_open(1);
        struct restless restless = {.clock = pair->lab.world.clock, .delay_us = cases[i].delay_us};
        struct ds_why why = {""};
        ds_rc rc = DS_OK;
        lab_run_to(&pair->lab, 1500 * DS_MS);
        tick(&restless.timer);
        long turns = 0;
        for (; rc == DS_OK && turns < 1500000; turns++)
            rc = ds_net_turn(pair->lab.world.net, DS_NEVER, &why);
        assert_int_equal(rc, cases[i].turns == 0 ? DS_OK : DS_LATE);
        if (cases[i].turns != 0)
            assert_in_range(turns, cases[i].turns - 10, cases[i].turns + 10);
        assert_true(strncmp(why.text, cases[i].says, strlen(cases[i].says)) == 0);
        ds_timer_stop(restless.clock, &restless.timer);
        lab_run(&pair->lab, DS_S);
        pair_close(pair);
    }
}

static ds_rc start_and_stop(void *owner)
{
    struct lab lab;
    struct ds_fault *fault = NULL;
    (void)owner;
    if (!lab_try_open(&lab))
        return DS_NOMEM;
    ds_rc rc = ds_fault_start(lab.world.net, "lose 5% of host gateway at 1s for 1s", &fault, NULL);
    if (rc == DS_OK)
        rc = ds_fault_start(lab.world.net, "freeze gateway for 1s", &fault, NULL);
    if (rc == DS_OK)
        rc = ds_fault_start(lab.world.net, "jump 1s", &fault, NULL);
    lab_close(&lab);
    return rc;
}

static void exhaustion_is_told(void **state)
{
    (void)state;
    ds_exhaust(start_and_stop, NULL);
}

int test_faults(void);

int test_faults(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nth_packet_is_the_nth_that_matches),
        cmocka_unit_test(all_are_lost_where_no_share_is_written),
        cmocka_unit_test(shares_are_about_right),
        cmocka_unit_test(chance_is_of_the_seed_and_of_the_line),
        cmocka_unit_test(one_fault_more_changes_nothing_about_the_others),
        cmocka_unit_test(the_same_line_twice_is_two_faults),
        cmocka_unit_test(delays_add_up),
        cmocka_unit_test(jitter_stays_within_its_bounds_and_reaches_them),
        cmocka_unit_test(what_is_reordered_comes_later_than_what_follows),
        cmocka_unit_test(a_fault_begins_and_ends_when_it_says),
        cmocka_unit_test(a_fault_can_be_stopped_early),
        cmocka_unit_test(the_clock_leaps),
        cmocka_unit_test(there_are_so_many_faults_and_no_more),
        cmocka_unit_test(the_longest_datagram_passes),
        cmocka_unit_test(time_that_hardly_moves_is_told),
        cmocka_unit_test(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
