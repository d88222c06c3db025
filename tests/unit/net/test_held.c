#include "world.h"

/* Sockets under a clock that the loop moves: it waits for what is on its way, and for nothing else.
 */

struct bell {
    struct ds_timer timer;
    struct world *world;
    ds_us rang_at;
    size_t rings;
};

static void ring(struct ds_timer *timer)
{
    struct bell *bell = DS_OWNER(timer, struct bell, timer);
    bell->rang_at = ds_now(bell->world->clock);
    bell->rings++;
}

static void set(struct bell *bell, struct world *world, ds_us delay_us)
{
    *bell = (struct bell){.world = world};
    assert_int_equal(ds_timer_start(world->clock, &bell->timer, delay_us, ring), DS_OK);
}

static void turn_far(struct world *world)
{
    struct ds_why why;
    assert_int_equal(ds_net_turn(world->net, DS_NEVER - 1, &why), DS_OK);
}

static void nobody_waits_for_an_hour(void **state)
{
    struct world *world = *state;
    struct bell bell;
    set(&bell, world, 3600 * DS_S);
    turn_far(world);
    assert_int_equal(bell.rings, 1);
    assert_int_equal(bell.rang_at, 3600 * DS_S);
}

static void a_turn_goes_no_further_than_it_was_told(void **state)
{
    struct world *world = *state;
    struct bell bell;
    struct ds_why why;
    set(&bell, world, 3600 * DS_S);
    assert_int_equal(ds_net_turn(world->net, 7 * DS_S, &why), DS_OK);
    assert_int_equal(ds_now(world->clock), 7 * DS_S);
    assert_int_equal(bell.rings, 0);
    ds_timer_stop(world->clock, &bell.timer);
}

struct ear {
    struct world *world;
    struct ds_udp *udp;
    size_t count;
    ds_us heard_at;
    bool answers;
};

static void hear(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ear *ear = owner;
    ear->count++;
    ear->heard_at = ds_now(ear->world->clock);
    if (ear->answers)
        ds_udp_send(ear->udp, from, bytes);
}

static void open_ear(struct world *world, struct ear *ear, uint32_t last)
{
    struct ds_why why;
    ear->world = world;
    assert_int_equal(ds_udp_open(world->net, place(last, 0), hear, ear, &ear->udp, &why), DS_OK);
}

static void what_is_on_its_way_comes_before_time_goes_on(void **state)
{
    struct world *world = *state;
    struct ear a = {0}, b = {.answers = true};
    struct bell bell;
    open_ear(world, &a, 1);
    open_ear(world, &b, 2);
    set(&bell, world, 1);
    for (int i = 0; i < 100; i++)
        ds_udp_send(a.udp, ds_udp_at(b.udp), DS_LITERAL("there and back"));
    for (int turns = 0; turns < 300 && bell.rings == 0; turns++)
        turn_far(world);
    assert_int_equal(a.count, 100);
    assert_int_equal(a.heard_at, 0);
    assert_int_equal(bell.rang_at, 1);
    ds_udp_close(&a.udp);
    ds_udp_close(&b.udp);
}

/* Closed under it: what was on its way to a socket that is gone keeps nobody waiting. */
static void what_finds_nobody_is_not_waited_for(void **state)
{
    struct world *world = *state;
    struct ear a = {0}, b = {0};
    struct bell bell;
    open_ear(world, &a, 1);
    open_ear(world, &b, 2);
    ds_udp_send(a.udp, ds_udp_at(b.udp), DS_LITERAL("too late"));
    ds_udp_close(&b.udp);
    ds_udp_send(a.udp, place(3, 9), DS_LITERAL("for nobody"));
    set(&bell, world, DS_S);
    turn_far(world);
    assert_int_equal(bell.rang_at, DS_S);
    ds_udp_close(&a.udp);
}

static void a_connection_takes_no_time(void **state)
{
    struct world *world = *state;
    struct host host = {.end = {.echo = true}};
    struct end caller = {0};
    struct bell bell;
    struct ds_why why;
    static char much[300 * 1024];
    struct ds_stream_target target = {.from = place(1, 0), .to = host_open(world, &host, NULL)};
    assert_int_equal(
        ds_stream_connect(world->net, &target, &end_events, &caller, &caller.stream, &why), DS_OK);
    ds_stream_send(caller.stream, (struct ds_slice){much, sizeof much});
    set(&bell, world, 1);
    for (int turns = 0; turns < 3000 && bell.rings == 0; turns++)
        turn_far(world);
    assert_int_equal(host.end.bytes, sizeof much);
    assert_int_equal(caller.bytes, sizeof much);
    assert_int_equal(bell.rang_at, 1);
    ds_stream_close(&caller.stream);
    set(&bell, world, 1);
    while (bell.rings == 0)
        turn_far(world);
    assert_int_equal(host.end.closes, 1);
    end_clean_up(&caller);
    host_clean_up(&host);
}

static void who_answer_one_another_without_end_are_told(void **state)
{
    struct world *world = *state;
    struct ear a = {.answers = true}, b = {.answers = true};
    struct ds_why why;
    ds_rc rc = DS_OK;
    open_ear(world, &a, 1);
    open_ear(world, &b, 2);
    ds_udp_send(a.udp, ds_udp_at(b.udp), DS_LITERAL("ping"));
    while (rc == DS_OK)
        rc = ds_net_turn(world->net, DS_NEVER - 1, &why);
    assert_int_equal(rc, DS_LATE);
    assert_non_null(strstr(why.text, "time stands still at 0.000000 s"));
    ds_udp_close(&a.udp);
    ds_udp_close(&b.udp);
}

static void let_go_it_is_the_machines(void **state)
{
    struct world *world = *state;
    struct bell bell;
    set(&bell, world, 3600 * DS_S);
    ds_clock_let_go(world->clock);
    turn(world);
    assert_int_equal(bell.rings, 0);
    assert_true(ds_now(world->clock) < 60 * DS_S);
    ds_timer_stop(world->clock, &bell.timer);
}

int test_held(void);

#define IN(test) cmocka_unit_test_setup_teardown(test, start_held, stop_world)

int test_held(void)
{
    const struct CMUnitTest tests[] = {
        IN(nobody_waits_for_an_hour),
        IN(a_turn_goes_no_further_than_it_was_told),
        IN(what_is_on_its_way_comes_before_time_goes_on),
        IN(what_finds_nobody_is_not_waited_for),
        IN(a_connection_takes_no_time),
        IN(who_answer_one_another_without_end_are_told),
        IN(let_go_it_is_the_machines),
    };
    return cmocka_run_group_tests_name("held", tests, NULL, NULL);
}
