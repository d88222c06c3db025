#include "lab.h"

/* The simulated TCP, end to end. What is lost is named exactly, so that what follows can be too. */

#define MUCH 300000

static void send_much(struct ds_stream *stream, size_t len)
{
    static char much[MUCH];
    lab_fill(much, sizeof much);
    ds_stream_send(stream, (struct ds_slice){much, len});
}

static void expect_much(const struct end *end, size_t len)
{
    static char much[MUCH];
    lab_fill(much, sizeof much);
    assert_int_equal(end->heard.len, len);
    assert_memory_equal(end->heard.at, much, len);
}

/* ---- much, in any weather ---- */

struct weather {
    const char *lines[5];
    size_t bytes;
};

static void cross(const struct weather *weather, uint64_t seed)
{
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    lab_open(&lab, seed);
    for (size_t i = 0; i < DS_COUNT(weather->lines) && weather->lines[i] != NULL; i++)
        lab_fault(&lab, weather->lines[i]);
    lab_connect(&lab, &end, &host);
    send_much(end.stream, weather->bytes);
    send_much(host.end.stream, weather->bytes);
    ds_stream_close(&end.stream);
    lab_run_until(&lab, &host.end.closes, 1);
    expect_much(&host.end, weather->bytes);
    assert_non_null(strstr(host.end.why.text, " closed the connection"));
    host_clean_up(&host);
    end_clean_up(&end);
    lab_expect_quiet(&lab);
    lab_check_flows(&lab);
    lab_close(&lab);
}

static void both_ways(const struct weather *weather, uint64_t seed)
{
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    lab_open(&lab, seed);
    for (size_t i = 0; i < DS_COUNT(weather->lines) && weather->lines[i] != NULL; i++)
        lab_fault(&lab, weather->lines[i]);
    lab_connect(&lab, &end, &host);
    send_much(end.stream, weather->bytes);
    send_much(host.end.stream, weather->bytes);
    lab_run_until(&lab, &host.end.bytes, weather->bytes);
    lab_run_until(&lab, &end.bytes, weather->bytes);
    expect_much(&host.end, weather->bytes);
    expect_much(&end, weather->bytes);
    end_clean_up(&end);
    host_clean_up(&host);
    lab_expect_quiet(&lab);
    lab_check_flows(&lab);
    lab_close(&lab);
}

static void everything_arrives_whole_in_any_weather(void **state)
{
    static const struct weather weathers[] = {
        {{NULL}, MUCH},
        {{"lose 1%"}, MUCH},
        {{"lose 10%"}, MUCH},
        {{"lose 30%"}, MUCH},
        {{"reorder 20% by 5ms"}, MUCH},
        {{"duplicate 100%"}, MUCH},
        {{"delay 10ms jitter 10ms"}, MUCH},
        {{"lose 5%", "reorder 5% by 3ms", "duplicate 5%", "delay 2ms jitter 2ms"}, MUCH},
        {{"lose 10%", "slow gateway 20000", "reorder 10% by 300ms", "duplicate 10%"}, MUCH},
        {{"split 1"}, 20000},
        {{"split 1", "lose 10%", "reorder 10% by 1ms", "duplicate 10%"}, 20000},
        {{"split 536", "merge 20ms", "lose 5%"}, MUCH},
        {{"merge 1s", "lose 20%"}, MUCH},
        {{"freeze gateway at 10ms for 3s", "lose 5%"}, MUCH},
        {{"cut mediation-gateway at 10ms for 20s"}, MUCH},
        {{"jump 30s at 5ms", "lose 5%"}, MUCH},
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(weathers); i++)
        for (uint64_t seed = 1; seed <= 3; seed++) {
            both_ways(&weathers[i], seed);
            cross(&weathers[i], seed);
        }
}

/* ---- sequence numbers wrap ---- */

/* As tcp.c draws them at the beginning of time. */
static uint32_t begins_at(struct ds_addr at, struct ds_addr peer)
{
    struct ds_addr ends[2] = {at, peer};
    return (uint32_t)ds_hash((struct ds_slice){(const char *)ends, sizeof ends});
}

/* Two ports between which that end's numbers begin a few packets before 2^32. */
static void find_ports(bool callee, struct ds_addr *from, struct ds_addr *to)
{
    for (unsigned port = 1024; port < 65536; port++)
        for (unsigned last = 0; last < 256; last++) {
            *from = ds_addr_v4(0x7f001000u + last, (uint16_t)port);
            *to = place(50, 5060);
            if ((callee ? begins_at(*to, *from) : begins_at(*from, *to)) > UINT32_MAX - 20000)
                return;
        }
    fail_msg("no two ports begin there");
}

static void wrap(bool callee)
{
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    struct ds_stream_target target = {.accept_any_name = false};
    struct ds_why why;
    lab_open(&lab, 1);
    lab_fault(&lab, "lose 5%");
    lab_fault(&lab, "reorder 5% by 1ms");
    find_ports(callee, &target.from, &target.to);
    assert_int_equal(
        ds_listener_open(lab.world.net, target.to, NULL, host_accept, &host, &host.listener, &why),
        DS_OK);
    assert_int_equal(
        ds_stream_connect(lab.world.net, &target, &end_events, &end, &end.stream, &why), DS_OK);
    lab_run_until(&lab, &host.accepted, 1);
    bool saw = false;
    for (size_t i = 0; i < lab.count; i++)
        saw |= lab.frames[i].syn && lab.frames[i].ack == callee &&
               lab.frames[i].sequence > UINT32_MAX - 30000;
    assert_true(saw);
    send_much(end.stream, MUCH);
    send_much(host.end.stream, MUCH);
    lab_run_until(&lab, &host.end.bytes, MUCH);
    lab_run_until(&lab, &end.bytes, MUCH);
    expect_much(&host.end, MUCH);
    expect_much(&end, MUCH);
    end_clean_up(&end);
    lab_run_until(&lab, &host.end.closes, 1);
    host_clean_up(&host);
    lab_expect_quiet(&lab);
    lab_check_flows(&lab);
    lab_close(&lab);
}

static void sequence_numbers_wrap(void **state)
{
    (void)state;
    wrap(false);
    wrap(true);
}

/* ---- one packet lost ---- */

#define SYN     "tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn"
#define SYN_ACK "tcp[tcpflags] & (tcp-syn|tcp-ack) == (tcp-syn|tcp-ack)"
#define FIN     "tcp[tcpflags] & tcp-fin != 0"
#define RST     "tcp[tcpflags] & tcp-rst != 0"
#define DATA    "tcp and greater 60"

struct open_case {
    const char *lost;
    ds_us caller_opens, callee_opens;
};

static void open_without(const struct open_case *open)
{
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    lab_open(&lab, 1);
    lab_fault(&lab, open->lost);
    lab_dial(&lab, &end, host_open(&lab.world, &host, NULL));
    lab_run_until(&lab, &end.opens, 1);
    assert_int_equal(lab_now(&lab), open->caller_opens);
    lab_run_until(&lab, &host.accepted, 1);
    assert_int_equal(lab_now(&lab), open->callee_opens);
    ds_stream_send(host.end.stream, DS_LITERAL("welcome"));
    lab_run_until(&lab, &end.bytes, 7);
    end_clean_up(&end);
    lab_run_until(&lab, &host.end.closes, 1);
    host_clean_up(&host);
    lab_expect_quiet(&lab);
    lab_check_flows(&lab);
    lab_close(&lab);
}

/* RFC 6298 2.1: the first wait is a second. */
static void a_handshake_survives_each_of_its_losses(void **state)
{
    static const struct open_case opens[] = {
        {"lose #9 of udp", 200, 300},
        {"lose #1 of " SYN, DS_S + 200, DS_S + 300},
        {"lose #1 of " SYN_ACK, DS_S + 200, DS_S + 300},
        {"lose #2 of src host mediation", 200, DS_S + 300},
        {"duplicate of tcp", 200, 300},
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(opens); i++)
        open_without(&opens[i]);
}

static void close_without(const char *lost, bool both_at_once)
{
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    lab_open(&lab, 1);
    lab_connect(&lab, &end, &host);
    lab_fault(&lab, lost);
    ds_stream_send(end.stream, DS_LITERAL("last words"));
    ds_stream_close(&end.stream);
    if (both_at_once) {
        ds_stream_close(&host.end.stream);
    } else {
        lab_run_until(&lab, &host.end.closes, 1);
        assert_int_equal(host.end.bytes, 10);
        assert_non_null(strstr(host.end.why.text, " closed the connection"));
    }
    host_clean_up(&host);
    lab_expect_quiet(&lab);
    lab_check_flows(&lab);
    lab_close(&lab);
}

static void an_end_survives_each_of_its_losses(void **state)
{
    static const char *const losses[] = {
        "lose #9 of udp",
        "lose #1 of " FIN,
        "lose #2 of " FIN,
        "lose #1 of " DATA,
        "lose #1 of src host gateway",
        "lose #2 of src host gateway",
        "lose #3 of src host mediation",
        "duplicate of tcp",
        "reorder 50% by 10ms",
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(losses); i++) {
        close_without(losses[i], false);
        close_without(losses[i], true);
    }
}

static void a_lost_reset_leaves_a_connection_half_open_until_something_is_said(void **state)
{
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    static char too_much[1 << 20];
    (void)state;
    lab_open(&lab, 1);
    lab_connect(&lab, &end, &host);
    lab_fault(&lab, "lose #1 of " RST);
    lab_fault(&lab, "lose of src host mediation and " DATA);
    ds_stream_send(end.stream, (struct ds_slice){too_much, sizeof too_much});
    ds_stream_send(end.stream, DS_LITERAL("x"));
    lab_run_until(&lab, &end.closes, 1);
    lab_run(&lab, DS_S);
    assert_int_equal(host.end.closes, 0);
    ds_stream_send(host.end.stream, DS_LITERAL("are you there?"));
    lab_run_until(&lab, &host.end.closes, 1);
    assert_non_null(strstr(host.end.why.text, " reset the connection"));
    end_clean_up(&end);
    host_clean_up(&host);
    lab_expect_quiet(&lab);
    lab_close(&lab);
}

/* ---- nobody there ---- */

static void nobody_listening_refuses_at_once(void **state)
{
    struct lab lab;
    struct end end = {0};
    (void)state;
    lab_open(&lab, 1);
    lab_dial(&lab, &end, place(50, 5060));
    lab_run_until(&lab, &end.closes, 1);
    assert_int_equal(lab_now(&lab), 2 * LAB_DELAY_US);
    assert_string_equal(end.why.text, "cannot connect to 127.0.10.50:5060: connection refused");
    end_clean_up(&end);
    lab_expect_quiet(&lab);
    lab_close(&lab);
}

/* The frames of mediation from `first` on, with their moments in milliseconds. */
static void expect_schedule(const struct lab *lab, size_t first, const int *at_ms, size_t count)
{
    size_t seen = 0;
    for (size_t i = first; i < lab->count; i++) {
        if (!ds_addr_same_ip(lab->frames[i].from, place(1, 0)))
            continue;
        assert_true(seen < count);
        assert_int_equal(lab->frames[i].at - lab->frames[first].at, at_ms[seen] * DS_MS);
        assert_int_equal(lab->frames[i].sequence, lab->frames[first].sequence);
        seen++;
    }
    assert_int_equal(seen, count);
}

static void a_call_to_a_dead_machine_is_given_up_after_two_minutes(void **state)
{
    static const int at_ms[] = {0, 1000, 3000, 7000, 15000, 31000, 63000};
    struct lab lab;
    struct end end = {0};
    (void)state;
    lab_open(&lab, 1);
    lab_fault(&lab, "cut gateway");
    lab_dial(&lab, &end, place(50, 5060));
    lab_run_until(&lab, &end.closes, 1);
    assert_int_equal(lab_now(&lab), 123 * DS_S);
    assert_string_equal(end.why.text, "cannot connect to 127.0.10.50:5060: connection timed out");
    expect_schedule(&lab, 0, at_ms, DS_COUNT(at_ms));
    end_clean_up(&end);
    lab_expect_quiet(&lab);
    lab_close(&lab);
}

static void an_unacknowledged_segment_is_sent_sixteen_times(void **state)
{
    static const int at_ms[] = {0,     200,    600,    1400,   3000,   6200,   12600,  25400,
                                51000, 102200, 162200, 222200, 282200, 342200, 402200, 462200};
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    (void)state;
    lab_open(&lab, 1);
    lab_connect(&lab, &end, &host);
    lab_fault(&lab, "cut mediation-gateway");
    size_t first = lab.count;
    ds_us began = lab_now(&lab);
    ds_stream_send(end.stream, DS_LITERAL("hello?"));
    lab_run_until(&lab, &end.closes, 1);
    assert_int_equal(lab_now(&lab) - began, 522200 * DS_MS);
    assert_non_null(strstr(end.why.text, " failed: connection timed out"));
    expect_schedule(&lab, first, at_ms, DS_COUNT(at_ms));
    end_clean_up(&end);
    host_clean_up(&host);
    lab_run(&lab, 600 * DS_S);
    lab_close(&lab);
}

/* ---- half open ---- */

static struct ds_addr call_from(struct lab *lab, struct end *end, struct ds_addr to)
{
    struct ds_why why;
    const struct ds_stream_target target = {.from = place(1, 7000), .to = to};
    assert_int_equal(
        ds_stream_connect(lab->world.net, &target, &end_events, end, &end->stream, &why), DS_OK);
    return target.from;
}

/* The other end still believes in the connection before: it says so, and is told otherwise. */
static void a_restarted_machine_may_call_from_the_same_port(void **state)
{
    struct lab lab;
    struct host host = {0};
    struct end first = {0}, second = {0}, kept = {0};
    (void)state;
    lab_open(&lab, 1);
    struct ds_addr to = host_open(&lab.world, &host, NULL);
    call_from(&lab, &first, to);
    lab_run_until(&lab, &host.accepted, 1);
    struct ds_fault *restart = lab_fault(&lab, "restart mediation for 5s");
    lab_run(&lab, DS_S);
    ds_stream_close(&first.stream);
    lab_run(&lab, 5 * DS_S);
    assert_int_equal(host.end.closes, 0);
    kept = host.end;
    ds_stream_own(kept.stream, &end_events, &kept);
    host.end = (struct end){0};
    call_from(&lab, &second, to);
    lab_run_until(&lab, &second.opens, 1);
    assert_int_equal(kept.closes, 1);
    assert_non_null(strstr(kept.why.text, " reset the connection"));
    ds_stream_send(second.stream, DS_LITERAL("again"));
    lab_run_until(&lab, &host.end.bytes, 5);
    ds_fault_stop(&restart);
    end_clean_up(&kept);
    end_clean_up(&second);
    lab_run_until(&lab, &host.end.closes, 1);
    host_clean_up(&host);
    lab_expect_quiet(&lab);
    lab_close(&lab);
}

static void what_a_restarted_machine_does_not_know_it_resets(void **state)
{
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    (void)state;
    lab_open(&lab, 1);
    lab_connect(&lab, &end, &host);
    lab_fault(&lab, "restart gateway for 2s");
    lab_run(&lab, 3 * DS_S);
    assert_int_equal(end.closes, 0);
    ds_stream_send(end.stream, DS_LITERAL("still there?"));
    lab_run(&lab, 2 * LAB_DELAY_US);
    assert_int_equal(end.closes, 1);
    assert_non_null(strstr(end.why.text, " reset the connection"));
    end_clean_up(&end);
    host_clean_up(&host);
    lab_expect_quiet(&lab);
    lab_close(&lab);
}

int test_tcp(void);

int test_tcp(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_arrives_whole_in_any_weather),
        cmocka_unit_test(sequence_numbers_wrap),
        cmocka_unit_test(a_handshake_survives_each_of_its_losses),
        cmocka_unit_test(an_end_survives_each_of_its_losses),
        cmocka_unit_test(a_lost_reset_leaves_a_connection_half_open_until_something_is_said),
        cmocka_unit_test(nobody_listening_refuses_at_once),
        cmocka_unit_test(a_call_to_a_dead_machine_is_given_up_after_two_minutes),
        cmocka_unit_test(an_unacknowledged_segment_is_sent_sixteen_times),
        cmocka_unit_test(a_restarted_machine_may_call_from_the_same_port),
        cmocka_unit_test(what_a_restarted_machine_does_not_know_it_resets),
    };
    return cmocka_run_group_tests_name("tcp", tests, NULL, NULL);
}
