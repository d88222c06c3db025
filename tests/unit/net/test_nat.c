#include "world.h"

/* One machine, 127.0.10.1, is at home behind a translator at 127.0.10.101; and a wall keeps what it
 * sends from 127.0.10.9. */

#define HOME   1
#define ROUTER 101
#define WALLED 9

struct ear {
    struct ds_udp *udp;
    size_t count;
    struct ds_addr from;
};

static void hear(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ear *ear = owner;
    (void)bytes;
    ear->count++;
    ear->from = from;
}

static void open_ear(struct world *world, struct ear *ear, uint32_t last)
{
    *ear = (struct ear){.count = 0};
    assert_int_equal(ds_udp_open(world->net, place(last, 0), hear, ear, &ear->udp, NULL), DS_OK);
}

static bool translate(void *owner, struct ds_addr inner, struct ds_addr *outer)
{
    (void)owner;
    *outer = place(ROUTER, 0);
    return ds_addr_same_ip(inner, place(HOME, 0));
}

static bool reaches(void *owner, struct ds_addr from, struct ds_addr to)
{
    (void)owner, (void)from;
    return !ds_addr_same_ip(to, place(WALLED, 0));
}

static int start(void **state, bool is_real)
{
    static struct world world;
    world = (struct world){.is_real = is_real};
    ds_rng_seed(&world.rng, 1);
    assert_int_equal(is_real ? ds_clock_new_real(&world.clock)
                             : ds_clock_new_virtual(WORLD_UNIX_US, &world.clock),
                     DS_OK);
    struct ds_net_options options = world_options(&world);
    options.translate = translate;
    options.reaches = reaches;
    assert_int_equal(is_real ? ds_net_new_loopback(&options, &world.net, NULL)
                             : ds_net_new_simulated(&options, &world.net, NULL),
                     DS_OK);
    *state = &world;
    return 0;
}

static int start_sim(void **state)
{
    return start(state, false);
}

static int start_real(void **state)
{
    return start(state, true);
}

static void one_port_stands_for_another_whoever_it_is_for(void **state)
{
    struct world *world = *state;
    struct ear home, server, other;
    open_ear(world, &home, HOME);
    open_ear(world, &server, 2);
    open_ear(world, &other, 3);
    ds_udp_send(home.udp, ds_udp_at(server.udp), DS_LITERAL("hello"));
    ds_udp_send(home.udp, ds_udp_at(other.udp), DS_LITERAL("hello"));
    turn_until(world, &server.count, 1);
    turn_until(world, &other.count, 1);
    assert_true(ds_addr_same_ip(server.from, place(ROUTER, 0)));
    assert_true(ds_addr_equal(server.from, other.from));
    ds_udp_send(server.udp, server.from, DS_LITERAL("and back"));
    turn_until(world, &home.count, 1);
    assert_true(ds_addr_equal(home.from, ds_udp_at(server.udp)));
    ds_udp_close(&home.udp);
    ds_udp_close(&server.udp);
    ds_udp_close(&other.udp);
}

static void a_stranger_does_not_get_in(void **state)
{
    struct world *world = *state;
    struct ear home, server, stranger;
    open_ear(world, &home, HOME);
    open_ear(world, &server, 2);
    open_ear(world, &stranger, 3);
    ds_udp_send(home.udp, ds_udp_at(server.udp), DS_LITERAL("hello"));
    turn_until(world, &server.count, 1);
    ds_udp_send(stranger.udp, server.from, DS_LITERAL("let me in"));
    settle(world);
    assert_int_equal(home.count, 0);
    ds_udp_send(home.udp, ds_udp_at(stranger.udp), DS_LITERAL("who is there?"));
    turn_until(world, &stranger.count, 1);
    ds_udp_send(stranger.udp, server.from, DS_LITERAL("me"));
    turn_until(world, &home.count, 1);
    ds_udp_close(&home.udp);
    ds_udp_close(&server.udp);
    ds_udp_close(&stranger.udp);
}

static void a_wall_lets_no_datagram_through(void **state)
{
    struct world *world = *state;
    struct ear server, walled;
    open_ear(world, &server, 2);
    open_ear(world, &walled, WALLED);
    ds_udp_send(server.udp, ds_udp_at(walled.udp), DS_LITERAL("hello"));
    settle(world);
    assert_int_equal(walled.count, 0);
    ds_udp_send(walled.udp, ds_udp_at(server.udp), DS_LITERAL("hello"));
    turn_until(world, &server.count, 1);
    ds_udp_close(&server.udp);
    ds_udp_close(&walled.udp);
}

int test_nat(void);

int test_nat(void)
{
#define IN(start, test) cmocka_unit_test_setup_teardown(test, start, stop_world)
    const struct CMUnitTest tests[] = {
        IN(start_sim, one_port_stands_for_another_whoever_it_is_for),
        IN(start_real, one_port_stands_for_another_whoever_it_is_for),
        IN(start_sim, a_stranger_does_not_get_in),
        IN(start_real, a_stranger_does_not_get_in),
        IN(start_sim, a_wall_lets_no_datagram_through),
        IN(start_real, a_wall_lets_no_datagram_through),
    };
    return cmocka_run_group_tests_name("nat", tests, NULL, NULL);
}
