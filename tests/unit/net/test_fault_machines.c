#include "pair.h"

/* What faults do to ways and machines. */

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

int test_fault_machines(void);

int test_fault_machines(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cut_is_between_two_or_around_one),
        cmocka_unit_test(a_frozen_machine_goes_on_where_it_stood),
        cmocka_unit_test(a_killed_machine_is_silent_and_deaf),
        cmocka_unit_test(two_faults_may_hold_one_machine),
        cmocka_unit_test(a_machine_without_power_is_told_and_comes_back),
    };
    return cmocka_run_group_tests_name("faults of machines", tests, NULL, NULL);
}
