#include "lab.h"

/* What each fault does to packets and machines, exactly. */

/* A machine's datagrams: who has come, in the order in which they came. */
struct ear {
    struct lab *lab;
    struct ds_udp *udp;
    unsigned numbers[4000];
    ds_us at[4000];
    size_t count;
};

static void hear(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ear *ear = owner;
    unsigned number;
    (void)from;
    assert_true(bytes.len == sizeof number && ear->count < DS_COUNT(ear->numbers));
    memcpy(&number, bytes.at, sizeof number);
    ear->numbers[ear->count] = number;
    ear->at[ear->count++] = lab_now(ear->lab);
}

static void ear_open(struct lab *lab, struct ear *ear, uint32_t last)
{
    struct ds_why why;
    *ear = (struct ear){.lab = lab};
    assert_int_equal(ds_udp_open(lab->world.net, place(last, 5060), hear, ear, &ear->udp, &why),
                     DS_OK);
}

static void say(struct ear *from, const struct ear *to, unsigned number)
{
    ds_udp_send(from->udp, ds_udp_at(to->udp),
                (struct ds_slice){(const char *)&number, sizeof number});
}

/* Two machines that talk over UDP, mediation and gateway. */
struct pair {
    struct lab lab;
    struct ear mediation, gateway;
};

static struct pair *pair_open(uint64_t seed)
{
    struct pair *pair = test_calloc(1, sizeof *pair);
    lab_open(&pair->lab, seed);
    ear_open(&pair->lab, &pair->mediation, 1);
    ear_open(&pair->lab, &pair->gateway, 50);
    return pair;
}

static void pair_close(struct pair *pair)
{
    ds_udp_close(&pair->mediation.udp);
    ds_udp_close(&pair->gateway.udp);
    lab_close(&pair->lab);
    test_free(pair);
}

/* One every millisecond, from mediation to gateway. */
static void say_many(struct pair *pair, unsigned count)
{
    for (unsigned i = 1; i <= count; i++) {
        say(&pair->mediation, &pair->gateway, i);
        lab_run(&pair->lab, DS_MS);
    }
}

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

/* ---- ways and machines ---- */

static void a_cut_is_between_two_or_around_one(void **state)
{
    static const struct {
        const char *line;
        bool to_gateway, to_pool, between_others; /* arrives */
    } cases[] = {{"cut mediation-gateway", false, true, true},
                 {"cut gateway-mediation", false, true, true},
                 {"cut mediation", false, false, true},
                 {"cut gateway", false, true, false},
                 {"cut mediation-gateway at 1s", true, true, true}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct pair *pair = pair_open(1);
        struct ear *pool = test_calloc(1, sizeof *pool);
        ear_open(&pair->lab, pool, 3);
        lab_fault(&pair->lab, cases[i].line);
        say(&pair->mediation, &pair->gateway, 1);
        say(&pair->gateway, &pair->mediation, 2);
        say(&pair->mediation, pool, 3);
        lab_run(&pair->lab, DS_MS);
        assert_int_equal(pair->gateway.count, cases[i].to_gateway);
        assert_int_equal(pair->mediation.count, cases[i].to_gateway);
        assert_int_equal(pool->count, cases[i].to_pool);
        say(pool, &pair->gateway, 4);
        lab_run(&pair->lab, DS_MS);
        assert_int_equal(pair->gateway.count, cases[i].to_gateway + cases[i].between_others);
        ds_udp_close(&pool->udp);
        pair_close(pair);
        test_free(pool);
    }
}

/* What a machine does by itself: it says the next number every 10 ms. */
struct clockwork {
    struct ds_timer timer;
    struct pair *pair;
    unsigned next;
};

static void tick(struct ds_timer *timer)
{
    struct clockwork *clockwork = DS_OWNER(timer, struct clockwork, timer);
    struct pair *pair = clockwork->pair;
    say(&pair->gateway, &pair->mediation, clockwork->next++);
    assert_int_equal(ds_timer_start(pair->lab.world.clock, timer, 10 * DS_MS, tick), DS_OK);
}

static void wind_up(struct clockwork *clockwork, struct pair *pair)
{
    *clockwork = (struct clockwork){.pair = pair, .next = 1};
    struct ds_addr at = place(50, 0);
    clockwork->timer.whose = ds_addr_ip4(&at);
    assert_int_equal(ds_timer_start(pair->lab.world.clock, &clockwork->timer, 10 * DS_MS, tick),
                     DS_OK);
}

static void a_frozen_machine_goes_on_where_it_stood(void **state)
{
    struct pair *pair = pair_open(1);
    struct clockwork clockwork;
    (void)state;
    wind_up(&clockwork, pair);
    lab_fault(&pair->lab, "freeze gateway at 35ms for 2s");
    lab_run_to(&pair->lab, 35 * DS_MS);
    assert_int_equal(pair->mediation.count, 3);
    say_many(pair, 20);
    lab_run_to(&pair->lab, 2034 * DS_MS);
    assert_int_equal(pair->gateway.count, 0);
    assert_int_equal(pair->mediation.count, 3);
    lab_run_to(&pair->lab, 2040 * DS_MS);
    assert_int_equal(pair->gateway.count, 20);
    for (unsigned i = 0; i < 20; i++) {
        assert_int_equal(pair->gateway.numbers[i], i + 1);
        assert_int_equal(pair->gateway.at[i], 2035 * DS_MS);
    }
    assert_int_equal(pair->mediation.count, 4);
    assert_int_equal(pair->mediation.at[3], 2035 * DS_MS + LAB_DELAY_US);
    lab_run_to(&pair->lab, 2046 * DS_MS);
    assert_int_equal(pair->mediation.count, 5);
    ds_timer_stop(pair->lab.world.clock, &clockwork.timer);
    pair_close(pair);
}

static void a_killed_machine_is_silent_and_deaf(void **state)
{
    struct pair *pair = pair_open(1);
    struct clockwork clockwork;
    (void)state;
    wind_up(&clockwork, pair);
    lab_fault(&pair->lab, "kill gateway at 35ms for 1s");
    lab_run_to(&pair->lab, 35 * DS_MS);
    size_t before = pair->lab.count;
    assert_int_equal(pair->mediation.count, 3);
    say_many(pair, 5);
    say(&pair->gateway, &pair->mediation, 99);
    lab_run_to(&pair->lab, 1030 * DS_MS);
    assert_int_equal(pair->lab.count, before + 5);
    for (size_t i = before; i < pair->lab.count; i++)
        assert_string_equal(pair->lab.frames[i].note, "kill gateway at 35ms for 1s");
    lab_run_to(&pair->lab, 1040 * DS_MS);
    assert_int_equal(pair->gateway.count, 0);
    say(&pair->mediation, &pair->gateway, 100);
    lab_run(&pair->lab, DS_MS);
    assert_int_equal(pair->gateway.count, 1);
    ds_timer_stop(pair->lab.world.clock, &clockwork.timer);
    pair_close(pair);
}

static void two_faults_may_hold_one_machine(void **state)
{
    struct pair *pair = pair_open(1);
    (void)state;
    lab_fault(&pair->lab, "freeze gateway for 100ms");
    lab_fault(&pair->lab, "freeze gateway at 50ms for 200ms");
    lab_fault(&pair->lab, "kill gateway at 150ms for 10ms");
    say(&pair->mediation, &pair->gateway, 1);
    lab_run_to(&pair->lab, 155 * DS_MS);
    say(&pair->mediation, &pair->gateway, 2);
    lab_run_to(&pair->lab, 249 * DS_MS);
    assert_int_equal(pair->gateway.count, 0);
    lab_run_to(&pair->lab, 251 * DS_MS);
    assert_int_equal(pair->gateway.count, 1);
    assert_int_equal(pair->gateway.numbers[0], 1);
    pair_close(pair);
}

/* Power is told to whoever owns the machine's processes. */
static void note_power(void *owner, struct ds_addr at, bool up)
{
    struct ds_buf *story = owner;
    ds_buf_print(story, "%s %s;", ds_addr_ip_text(at).text, up ? "up" : "down");
}

static void a_machine_without_power_is_told_and_comes_back(void **state)
{
    static const struct {
        const char *line, *early, *late;
    } cases[] = {
        {"restart gateway", "127.0.10.50 down;", "127.0.10.50 down;127.0.10.50 up;"},
        {"restart gateway for 3s", "127.0.10.50 down;", "127.0.10.50 down;127.0.10.50 up;"},
        {"kill gateway for 3s", "127.0.10.50 down;", "127.0.10.50 down;127.0.10.50 up;"},
        {"kill gateway", "127.0.10.50 down;", "127.0.10.50 down;"},
        {"freeze gateway for 3s", "", ""},
        {"restart gateway at 10s", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_buf story = {0};
        struct ds_clock *clock = NULL;
        struct ds_net *net = NULL;
        struct ds_fault *fault = NULL;
        struct ds_why why;
        const struct ds_pcap_name name = {place(50, 0), "gateway"};
        assert_int_equal(ds_clock_new_virtual(0, &clock), DS_OK);
        const struct ds_net_options options = {.clock = clock,
                                               .owner = &story,
                                               .names = &name,
                                               .name_count = 1,
                                               .restart = note_power};
        assert_int_equal(ds_net_new_simulated(&options, &net, &why), DS_OK);
        assert_int_equal(ds_fault_start(net, cases[i].line, &fault, &why), DS_OK);
        assert_int_equal(story.len, 0);
        while (ds_now(clock) < 500 * DS_MS)
            assert_int_equal(ds_net_turn(net, 500 * DS_MS, &why), DS_OK);
        assert_string_equal(story.at == NULL ? "" : story.at, cases[i].early);
        while (ds_now(clock) < 5 * DS_S)
            assert_int_equal(ds_net_turn(net, 5 * DS_S, &why), DS_OK);
        assert_string_equal(story.at == NULL ? "" : story.at, cases[i].late);
        ds_net_free(&net);
        ds_clock_free(&clock);
        ds_buf_clean_up(&story);
    }
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

static void one_that_ticks_without_delay(struct ds_timer *timer)
{
    struct clockwork *clockwork = DS_OWNER(timer, struct clockwork, timer);
    assert_int_equal(
        ds_timer_start(clockwork->pair->lab.world.clock, timer, 0, one_that_ticks_without_delay),
        DS_OK);
}

static void time_that_stands_still_is_told(void **state)
{
    struct pair *pair = pair_open(1);
    struct clockwork clockwork = {.pair = pair};
    struct ds_why why = {""};
    ds_rc rc = DS_OK;
    (void)state;
    lab_run_to(&pair->lab, 1500 * DS_MS);
    one_that_ticks_without_delay(&clockwork.timer);
    long turns = 0;
    for (; rc == DS_OK && turns < 1000000; turns++)
        rc = ds_net_turn(pair->lab.world.net, DS_NEVER, &why);
    assert_int_equal(rc, DS_LATE);
    assert_non_null(strstr(why.text, "time stands still at 1.500000 s"));
    ds_timer_stop(pair->lab.world.clock, &clockwork.timer);
    lab_run(&pair->lab, DS_S);
    pair_close(pair);
}

static void loopback_has_no_faults(void **state)
{
    struct world *world = *state;
    struct ds_fault *fault = NULL;
    struct ds_why why;
    assert_int_equal(ds_fault_start(world->net, "lose 5%", &fault, &why), DS_STATE);
    assert_string_equal(why.text,
                        "the fault 'lose 5%' needs the simulated world: run with --world sim");
    ds_faults_stop(world->net);
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
        cmocka_unit_test(a_cut_is_between_two_or_around_one),
        cmocka_unit_test(a_frozen_machine_goes_on_where_it_stood),
        cmocka_unit_test(a_killed_machine_is_silent_and_deaf),
        cmocka_unit_test(two_faults_may_hold_one_machine),
        cmocka_unit_test(a_machine_without_power_is_told_and_comes_back),
        cmocka_unit_test(there_are_so_many_faults_and_no_more),
        cmocka_unit_test(the_longest_datagram_passes),
        cmocka_unit_test(time_that_stands_still_is_told),
        cmocka_unit_test_setup_teardown(loopback_has_no_faults, start_loopback, stop_world),
        cmocka_unit_test(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
