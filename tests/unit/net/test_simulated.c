#include "world.h"

#include <stdlib.h>

struct alarm {
    struct ds_timer timer;
    struct world *world;
    struct ds_udp *udp;
    ds_us rang_at, heard_at;
};

static void hear(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct alarm *alarm = owner;
    (void)from, (void)bytes;
    alarm->heard_at = ds_now(alarm->world->clock);
}

static void ring(struct ds_timer *timer)
{
    struct alarm *alarm = DS_OWNER(timer, struct alarm, timer);
    alarm->rang_at = ds_now(alarm->world->clock);
    ds_udp_send(alarm->udp, ds_udp_at(alarm->udp), DS_LITERAL("rang"));
}

static void turn_to(struct world *world, ds_us until)
{
    struct ds_why why;
    assert_int_equal(ds_net_turn(world->net, until, &why), DS_OK);
}

static void open_alarm(struct world *world, struct alarm *alarm, uint16_t port)
{
    struct ds_why why;
    *alarm = (struct alarm){.world = world, .rang_at = -1, .heard_at = -1};
    assert_int_equal(ds_udp_open(world->net, place(1, port), hear, alarm, &alarm->udp, &why),
                     DS_OK);
}

static void a_turn_jumps_to_the_next_timer_exactly(void **state)
{
    struct world *world = *state;
    struct alarm alarm;
    open_alarm(world, &alarm, 5060);
    assert_int_equal(ds_timer_start(world->clock, &alarm.timer, 32 * DS_S + 1, ring), DS_OK);
    turn_to(world, 10 * DS_S);
    assert_int_equal(ds_now(world->clock), 10 * DS_S);
    assert_int_equal(alarm.rang_at, -1);
    turn_to(world, DS_NEVER);
    assert_int_equal(alarm.rang_at, 32 * DS_S + 1);
    assert_int_equal(alarm.heard_at, -1);
    turn_to(world, DS_NEVER);
    assert_int_equal(alarm.heard_at, 32 * DS_S + 1);
    turn_to(world, DS_NEVER);
    turn_to(world, 1);
    assert_int_equal(ds_now(world->clock), 32 * DS_S + 1);
    ds_udp_close(&alarm.udp);
}

static void a_delay_strikes_every_packet_that_it_is_for(void **state)
{
    struct world *world = *state;
    struct alarm alarm;
    struct ds_fault *delay = NULL;
    struct ds_why why;
    open_alarm(world, &alarm, 5060);
    assert_int_equal(ds_fault_start(world->net, "delay 40ms of udp port 5060", &delay, &why),
                     DS_OK);
    ds_udp_send(alarm.udp, ds_udp_at(alarm.udp), DS_LITERAL("late"));
    turn_to(world, DS_NEVER);
    turn_to(world, DS_NEVER);
    assert_int_equal(alarm.heard_at, 40 * DS_MS);
    ds_fault_stop(&delay);
    ds_udp_send(alarm.udp, ds_udp_at(alarm.udp), DS_LITERAL("in time"));
    turn_to(world, DS_NEVER);
    turn_to(world, DS_NEVER);
    assert_int_equal(alarm.heard_at, 40 * DS_MS);
    ds_udp_close(&alarm.udp);
}

static void time_stands_still_while_packets_wait(void **state)
{
    struct world *world = *state;
    struct alarm alarm;
    open_alarm(world, &alarm, 5060);
    ds_udp_send(alarm.udp, ds_udp_at(alarm.udp), DS_LITERAL("now"));
    turn_to(world, DS_S);
    assert_int_equal(alarm.heard_at, 0);
    assert_int_equal(ds_now(world->clock), 0);
    turn_to(world, DS_S);
    assert_int_equal(ds_now(world->clock), DS_S);
    ds_udp_close(&alarm.udp);
}

static void ports_are_given_in_order_at_each_address(void **state)
{
    struct world *world = *state;
    struct alarm taken, given[3];
    struct ds_udp *elsewhere = NULL;
    struct ds_why why;
    open_alarm(world, &taken, 49153);
    for (size_t i = 0; i < DS_COUNT(given); i++)
        open_alarm(world, &given[i], 0);
    assert_int_equal(ds_udp_at(given[0].udp).port, 49152);
    assert_int_equal(ds_udp_at(given[1].udp).port, 49154);
    assert_int_equal(ds_udp_at(given[2].udp).port, 49155);
    assert_int_equal(ds_udp_open(world->net, place(2, 0), hear, &taken, &elsewhere, &why), DS_OK);
    assert_int_equal(ds_udp_at(elsewhere).port, 49152);
    for (size_t i = 0; i < DS_COUNT(given); i++)
        ds_udp_close(&given[i].udp);
    ds_udp_close(&taken.udp);
    ds_udp_close(&elsewhere);
}

static void an_address_in_use_is_named(void **state)
{
    struct world *world = *state;
    struct alarm alarm;
    struct ds_udp *again = NULL;
    struct ds_why why;
    open_alarm(world, &alarm, 5060);
    assert_int_equal(ds_udp_open(world->net, place(1, 5060), hear, &alarm, &again, &why), DS_IO);
    assert_string_equal(why.text, "127.0.10.1:5060 is in use already");
    ds_udp_close(&alarm.udp);
}

static void an_address_can_run_out_of_ports(void **state)
{
    enum { PORTS = 16384 };
    struct world *world = *state;
    struct ds_udp **all = calloc(PORTS, sizeof *all), *more = NULL;
    struct ds_why why;
    size_t heard = 0;
    assert_non_null(all);
    for (int i = 0; i < PORTS; i++)
        assert_int_equal(ds_udp_open(world->net, place(1, 0), hear, &heard, &all[i], &why), DS_OK);
    assert_int_equal(ds_udp_open(world->net, place(1, 0), hear, &heard, &more, &why), DS_IO);
    assert_string_equal(why.text, "no port is free at 127.0.10.1: close some of its 16384 sockets");
    for (int i = 0; i < PORTS; i++)
        ds_udp_close(&all[i]);
    free(all);
}

static void there_is_nothing_to_watch(void **state)
{
    struct world *world = *state;
    struct ds_why why;
    assert_int_equal(ds_net_watch(world->net, 0, NULL, NULL, &why), DS_STATE);
    assert_string_equal(why.text, "a simulated network has no file descriptors to watch");
}

static void a_silent_tls_caller_is_given_up_after_five_seconds(void **state)
{
    struct world *world = *state;
    struct ds_tls_authority *authority = NULL;
    struct ds_tls_identity *identity = NULL;
    struct host host = {0};
    struct end end = {0};
    struct ds_why why;
    assert_int_equal(ds_tls_authority_new(world->net, &authority, &why), DS_OK);
    assert_int_equal(ds_tls_identity_new(authority, "pbx.example", 0, &identity, &why), DS_OK);
    const struct ds_stream_target target = {.from = place(1, 0),
                                            .to = host_open(world, &host, identity)};
    assert_int_equal(ds_stream_connect(world->net, &target, &end_events, &end, &end.stream, &why),
                     DS_OK);
    for (int i = 0; i < 20 && end.closes == 0; i++)
        turn_to(world, DS_NEVER);
    assert_int_equal(end.closes, 1);
    assert_int_equal(ds_now(world->clock), 5 * DS_S);
    assert_non_null(strstr(end.why.text, "reset the connection"));
    end_clean_up(&end);
    host_clean_up(&host);
    ds_tls_identity_free(&identity);
    ds_tls_authority_free(&authority);
}

static void a_certificate_is_judged_by_the_clock_of_the_run(void **state)
{
    struct world *world = *state;
    struct ds_tls_authority *authority = NULL;
    struct ds_tls_identity *identity = NULL;
    struct host host = {0};
    struct end end = {0};
    struct ds_why why;
    assert_int_equal(ds_tls_authority_new(world->net, &authority, &why), DS_OK);
    assert_int_equal(ds_tls_identity_new(authority, "pbx.example", 0, &identity, &why), DS_OK);
    turn_to(world, 366 * 86400 * DS_S);
    const struct ds_stream_target target = {
        .from = place(1, 0), .to = host_open(world, &host, identity), .tls = identity};
    assert_int_equal(ds_stream_connect(world->net, &target, &end_events, &end, &end.stream, &why),
                     DS_OK);
    turn_until(world, &end.closes, 1);
    assert_non_null(strstr(end.why.text, "is refused: certificate has expired"));
    end_clean_up(&end);
    host_clean_up(&host);
    ds_tls_identity_free(&identity);
    ds_tls_authority_free(&authority);
}

static void discard(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    (void)owner, (void)from, (void)bytes;
}

static ds_rc make_everything(void *owner)
{
    struct world *world = owner;
    struct ds_net *net = NULL;
    struct ds_udp *udp = NULL;
    struct host host = {0};
    struct end end = {0};
    const struct ds_net_options options = {.clock = world->clock, .rng = &world->rng};
    const struct ds_stream_target target = {.from = place(1, 0), .to = place(2, 5060)};
    ds_rc rc = ds_net_new_simulated(&options, &net, NULL);
    if (rc == DS_OK)
        rc = ds_udp_open(net, place(1, 0), discard, NULL, &udp, NULL);
    if (rc == DS_OK)
        rc = ds_listener_open(net, place(2, 5060), NULL, host_accept, &host, &host.listener, NULL);
    if (rc == DS_OK)
        rc = ds_stream_connect(net, &target, &end_events, &end, &end.stream, NULL);
    ds_udp_close(&udp);
    end_clean_up(&end);
    host_clean_up(&host);
    ds_net_free(&net);
    return rc;
}

static void exhaustion_is_told(void **state)
{
    ds_exhaust(make_everything, *state);
}

int test_simulated(void);

#define IN(test) cmocka_unit_test_setup_teardown(test, start_simulated, stop_world)

int test_simulated(void)
{
    const struct CMUnitTest tests[] = {
        IN(a_turn_jumps_to_the_next_timer_exactly),
        IN(a_delay_strikes_every_packet_that_it_is_for),
        IN(time_stands_still_while_packets_wait),
        IN(ports_are_given_in_order_at_each_address),
        IN(an_address_in_use_is_named),
        IN(an_address_can_run_out_of_ports),
        IN(there_is_nothing_to_watch),
        IN(a_silent_tls_caller_is_given_up_after_five_seconds),
        IN(a_certificate_is_judged_by_the_clock_of_the_run),
        IN(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("simulated", tests, NULL, NULL);
}
