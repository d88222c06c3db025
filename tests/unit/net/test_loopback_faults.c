#include "world.h"

#include "net_internal.h"

#include <poll.h>

/* What goes wrong on real sockets: machines that stand still or lose their power, and what becomes
 * of packets on their last step. Time is held, so that nobody waits. */

enum { GATEWAY = 50, CALLER = 1 };

/* Of the world: who is told of power. */
struct faulty {
    struct world world; /* first: helpers of world.h take it */
    void (*power)(void *owner, struct ds_addr at, bool up);
    void *owner;
};

static void tell_power(void *owner, struct ds_addr at, bool up)
{
    const struct faulty *faulty = owner;
    if (faulty->power != NULL)
        faulty->power(faulty->owner, at, up);
}

struct ear {
    struct world *world;
    struct ds_udp *udp;
    size_t count;
    size_t lens[8];
    ds_us at[8];
};

static void hear(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ear *ear = owner;
    (void)from;
    if (ear->count < DS_COUNT(ear->lens)) {
        ear->lens[ear->count] = bytes.len;
        ear->at[ear->count] = ds_now(ear->world->clock);
    }
    ear->count++;
}

static void open_ear(struct world *world, struct ear *ear, uint32_t last)
{
    struct ds_why why;
    *ear = (struct ear){.world = world};
    assert_int_equal(ds_udp_open(world->net, place(last, 0), hear, ear, &ear->udp, &why), DS_OK);
}

/* A datagram of so many bytes, by which it is known. */
static void say(const struct ear *from, const struct ear *to, size_t len)
{
    static const char bytes[64];
    ds_udp_send(from->udp, ds_udp_at(to->udp), (struct ds_slice){bytes, len});
}

static int start_faulty(void **state)
{
    static struct faulty faulty;
    static struct ds_pcap_name names[2];
    names[0] = (struct ds_pcap_name){place(GATEWAY, 0), "gateway"};
    names[1] = (struct ds_pcap_name){place(CALLER, 0), "caller"};
    faulty = (struct faulty){.world = {.is_real = true}};
    struct world *world = &faulty.world;
    ds_rng_seed(&world->rng, 1);
    assert_int_equal(ds_clock_new_held(&world->clock), DS_OK);
    struct ds_net_options options = world_options(world);
    options.tap = NULL;
    options.owner = &faulty;
    options.restart = tell_power;
    options.link_delay_us = 100;
    options.seed = 1;
    options.names = names;
    options.name_count = DS_COUNT(names);
    assert_int_equal(ds_net_new_loopback(&options, &world->net, NULL), DS_OK);
    *state = world;
    return 0;
}

static struct ds_fault *begin(struct world *world, const char *line)
{
    struct ds_fault *fault = NULL;
    struct ds_why why = {""};
    ds_rc rc = ds_fault_start(world->net, line, &fault, &why);
    assert_string_equal(why.text, "");
    assert_int_equal(rc, DS_OK);
    return fault;
}

static void run_to(struct world *world, ds_us at)
{
    struct ds_why why;
    while (ds_now(world->clock) < at)
        assert_int_equal(ds_net_turn(world->net, at, &why), DS_OK);
}

static void call(struct world *world, struct end *end, struct ds_addr to)
{
    struct ds_why why;
    const struct ds_stream_target target = {.from = place(CALLER, 0), .to = to};
    assert_int_equal(ds_stream_connect(world->net, &target, &end_events, end, &end->stream, &why),
                     DS_OK);
}

/* The kernel has taken what was said to it, whatever its machine does. */
static void expect_taken(const struct ds_stream *stream)
{
    struct pollfd taken = {.fd = stream->source.fd, .events = POLLIN};
    assert_int_equal(poll(&taken, 1, 10000), 1);
}

/* ---- machines ---- */

static void datagrams_wait_for_a_frozen_machine(void **state)
{
    struct world *world = *state;
    struct ear caller, gateway;
    open_ear(world, &caller, CALLER);
    open_ear(world, &gateway, GATEWAY);
    begin(world, "freeze gateway for 2s");
    for (size_t i = 1; i <= 5; i++)
        say(&caller, &gateway, i);
    run_to(world, 1999 * DS_MS);
    assert_int_equal(gateway.count, 0);
    run_to(world, 2001 * DS_MS);
    assert_int_equal(gateway.count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(gateway.lens[i], i + 1);
    assert_int_equal(gateway.at[0], 2 * DS_S + 100);
    ds_udp_close(&caller.udp);
    ds_udp_close(&gateway.udp);
}

static void a_frozen_machine_accepts_and_hears_later(void **state)
{
    struct world *world = *state;
    struct host host = {.end = {.echo = true}};
    struct end before = {0}, during = {0};
    struct ds_addr at = host_open(world, &host, NULL);
    call(world, &before, at);
    run_to(world, DS_MS);
    assert_int_equal(before.opens, 1);
    assert_int_equal(host.accepted, 1);
    begin(world, "freeze gateway for 10s");
    ds_stream_send(before.stream, DS_LITERAL("hello"));
    expect_taken(host.end.stream);
    call(world, &during, at);
    run_to(world, 10 * DS_S);
    assert_int_equal(before.bytes, 0);
    assert_int_equal(during.opens, 0);
    host.refuse = true; /* keeps the first */
    run_to(world, 10 * DS_S + 10 * DS_MS);
    assert_int_equal(before.bytes, 5);
    assert_int_equal(during.opens, 1);
    assert_int_equal(host.accepted, 2);
    end_clean_up(&before);
    end_clean_up(&during);
    host_clean_up(&host);
}

/* Who gives up calling a frozen machine leaves nothing behind that anybody waits for. */
static void a_call_to_a_frozen_machine_may_be_given_up(void **state)
{
    struct world *world = *state;
    struct host host = {0};
    struct end caller = {0};
    struct ds_addr at = host_open(world, &host, NULL);
    struct ds_fault *frozen = begin(world, "freeze gateway");
    call(world, &caller, at);
    run_to(world, 10 * DS_S);
    ds_stream_close(&caller.stream);
    ds_fault_stop(&frozen);
    run_to(world, 20 * DS_S);
    assert_int_equal(caller.opens, 0);
    assert_int_equal(host.accepted, 0);
    host_clean_up(&host);
}

static void timers_of_a_frozen_machine_wait(void **state)
{
    struct world *world = *state;
    struct ear caller, gateway;
    open_ear(world, &caller, CALLER);
    open_ear(world, &gateway, GATEWAY);
    begin(world, "delay 50ms of dst host gateway");
    begin(world, "freeze gateway at 10ms for 1s");
    say(&caller, &gateway, 1);
    run_to(world, 1009 * DS_MS);
    assert_int_equal(gateway.count, 0);
    run_to(world, 1011 * DS_MS);
    assert_int_equal(gateway.count, 1);
    ds_udp_close(&caller.udp);
    ds_udp_close(&gateway.udp);
}

/* The processes of the machine, as their owner ends and starts them. */
struct processes {
    struct world *world;
    struct host *host;
    struct ear *ear;
    struct ds_addr at;
    size_t downs, ups;
};

static void power(void *owner, struct ds_addr at, bool up)
{
    struct processes *processes = owner;
    struct ds_why why;
    assert_int_equal(ds_addr_ip4(&at), ds_addr_ip4(&processes->at));
    if (!up) {
        processes->downs++;
        host_clean_up(processes->host);
        ds_udp_close(&processes->ear->udp);
        return;
    }
    processes->ups++;
    assert_int_equal(ds_listener_open(processes->world->net, processes->at, NULL, host_accept,
                                      processes->host, &processes->host->listener, &why),
                     DS_OK);
}

static void a_machine_without_power_says_nothing_and_forgets(void **state)
{
    struct world *world = *state;
    struct host host = {0};
    struct ear ear, caller;
    struct end before = {0}, during = {0}, after = {0};
    struct processes processes = {.world = world, .host = &host, .ear = &ear};
    processes.at = host_open(world, &host, NULL);
    open_ear(world, &ear, GATEWAY);
    open_ear(world, &caller, CALLER);
    call(world, &before, processes.at);
    run_to(world, DS_MS);
    assert_int_equal(before.opens, 1);
    say(&caller, &ear, 1);
    run_to(world, 2 * DS_MS);
    assert_int_equal(ear.count, 1);

    ((struct faulty *)world)->power = power;
    ((struct faulty *)world)->owner = &processes;
    begin(world, "kill gateway for 5s");
    run_to(world, 3 * DS_MS);
    assert_int_equal(processes.downs, 1);
    ds_stream_send(before.stream, DS_LITERAL("is anybody there?"));
    call(world, &during, processes.at);
    run_to(world, 4 * DS_S);
    assert_int_equal(before.closes, 0);
    assert_int_equal(during.opens, 0);
    assert_int_equal(during.closes, 0);

    /* Who has said something meanwhile is answered by a reset, who has called by who listens. */
    run_to(world, 6 * DS_S);
    assert_int_equal(processes.ups, 1);
    assert_int_equal(before.closes, 1);
    assert_int_equal(during.opens, 1);
    call(world, &after, processes.at);
    host.refuse = true;
    run_to(world, 7 * DS_S);
    assert_int_equal(after.opens, 1);
    end_clean_up(&before);
    end_clean_up(&during);
    end_clean_up(&after);
    host_clean_up(&host);
    ds_udp_close(&caller.udp);
}

/* ---- packets ---- */

static void datagrams_are_lost_doubled_and_late(void **state)
{
    struct world *world = *state;
    struct ear caller, gateway;
    open_ear(world, &caller, CALLER);
    open_ear(world, &gateway, GATEWAY);
    begin(world, "lose #1 of udp and dst host gateway");
    begin(world, "duplicate #2 of udp and dst host gateway");
    begin(world, "reorder #3 by 30ms of udp and dst host gateway");
    for (size_t i = 1; i <= 4; i++)
        say(&caller, &gateway, i);
    say(&gateway, &caller, 9);
    run_to(world, DS_S);
    assert_int_equal(caller.count, 1);
    assert_int_equal(gateway.count, 4);
    assert_int_equal(gateway.lens[0], 2);
    assert_int_equal(gateway.lens[1], 2);
    assert_int_equal(gateway.lens[2], 4);
    assert_int_equal(gateway.lens[3], 3);
    assert_int_equal(gateway.at[3] - gateway.at[2], 30 * DS_MS);
    ds_udp_close(&caller.udp);
    ds_udp_close(&gateway.udp);
}

static void a_stream_is_late_in_order_and_with_its_end(void **state)
{
    struct world *world = *state;
    struct host host = {0};
    struct end caller = {0};
    call(world, &caller, host_open(world, &host, NULL));
    run_to(world, DS_MS);
    struct ds_fault *late = begin(world, "delay 100ms of tcp and dst host gateway");
    ds_stream_send(caller.stream, DS_LITERAL("first, "));
    run_to(world, 51 * DS_MS);
    ds_fault_stop(&late);
    ds_stream_send(caller.stream, DS_LITERAL("then this"));
    ds_stream_close(&caller.stream);
    run_to(world, 100 * DS_MS);
    assert_int_equal(host.end.bytes, 0);
    assert_int_equal(host.end.closes, 0);
    run_to(world, 102 * DS_MS);
    assert_string_equal(host.end.heard.at, "first, then this");
    assert_int_equal(host.end.closes, 1);
    host_clean_up(&host);
}

static void what_is_late_for_one_who_has_gone_is_lost(void **state)
{
    struct world *world = *state;
    struct host host = {0};
    struct end caller = {0};
    struct ear a, b;
    open_ear(world, &a, CALLER);
    open_ear(world, &b, GATEWAY);
    call(world, &caller, host_open(world, &host, NULL));
    run_to(world, DS_MS);
    begin(world, "delay 100ms");
    say(&a, &b, 1);
    ds_stream_send(caller.stream, DS_LITERAL("too late"));
    run_to(world, 50 * DS_MS);
    ds_udp_close(&b.udp);
    host_clean_up(&host);
    run_to(world, 200 * DS_MS);
    assert_int_equal(b.count, 0);
    end_clean_up(&caller);
    ds_udp_close(&a.udp);
}

static void what_no_kernel_does_is_refused(void **state)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        {"lose 5%", "would take TCP segments too, which the kernel brings all the same: say 'of "
                    "udp', or run with --world sim"},
        {"duplicate of host gateway", "would take TCP segments too"},
        {"reorder 5% by 10ms of not udp", "would take TCP segments too"},
        {"cut gateway", "the fault 'cut gateway' needs the simulated world: run with --world sim"},
        {"split 1", "needs the simulated world"},
        {"merge 20ms", "needs the simulated world"},
        {"slow gateway 1000", "needs the simulated world"},
        {"jump 3s", "needs the simulated world"},
    };
    const struct world *world = *state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_fault *fault = NULL;
        struct ds_why why;
        assert_int_equal(ds_fault_start(world->net, cases[i].line, &fault, &why), DS_BAD);
        assert_non_null(strstr(why.text, cases[i].says));
        assert_null(fault);
    }
}

int test_loopback_faults(void);

#define IN(test) cmocka_unit_test_setup_teardown(test, start_faulty, stop_world)

int test_loopback_faults(void)
{
    const struct CMUnitTest tests[] = {
        IN(datagrams_wait_for_a_frozen_machine),
        IN(a_frozen_machine_accepts_and_hears_later),
        IN(a_call_to_a_frozen_machine_may_be_given_up),
        IN(timers_of_a_frozen_machine_wait),
        IN(a_machine_without_power_says_nothing_and_forgets),
        IN(datagrams_are_lost_doubled_and_late),
        IN(a_stream_is_late_in_order_and_with_its_end),
        IN(what_is_late_for_one_who_has_gone_is_lost),
        IN(what_no_kernel_does_is_refused),
    };
    return cmocka_run_group_tests_name("faults, loopback", tests, NULL, NULL);
}
