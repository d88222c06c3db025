#include "lab.h"

/* How much may be sent, in what pieces, to whom who reads how fast. */

#define MUCH 200000

static const char *much(void)
{
    static char bytes[MUCH];
    lab_fill(bytes, sizeof bytes);
    return bytes;
}

static void send_much(struct ds_stream *stream, size_t len)
{
    ds_stream_send(stream, (struct ds_slice){much(), len});
}

static bool is_from(const struct seen *seen, uint32_t last)
{
    return ds_addr_same_ip(seen->from, place(last, 0));
}

/* ---- reading slowly ---- */

static void a_slow_machine_reads_so_many_bytes_a_second(void **state)
{
    static const struct {
        const char *line;
        size_t a_minute;
    } rates[] = {{"slow gateway 1", 60}, {"slow gateway 99", 5940}, {"slow gateway 1000", 60000}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(rates); i++) {
        struct lab lab;
        struct host host = {0};
        struct end end = {0};
        lab_open(&lab, 1);
        lab_connect(&lab, &end, &host);
        struct ds_fault *slow = lab_fault(&lab, rates[i].line);
        send_much(end.stream, MUCH);
        lab_run(&lab, 60 * DS_S);
        assert_in_range(host.end.bytes, rates[i].a_minute - rates[i].a_minute / 60 - 1,
                        rates[i].a_minute);
        ds_fault_stop(&slow);
        lab_run_until(&lab, &host.end.bytes, MUCH);
        assert_memory_equal(host.end.heard.at, much(), MUCH);
        end_clean_up(&end);
        host_clean_up(&host);
        lab_check_flows(&lab);
        lab_close(&lab);
    }
}

/* Its probes are of one byte, farther and farther apart; who answers them is not given up. */
static void who_has_no_room_is_asked_and_waited_for(void **state)
{
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    size_t probes = 0;
    ds_us last = 0;
    (void)state;
    lab_open(&lab, 1);
    lab_connect(&lab, &end, &host);
    struct ds_fault *slow = lab_fault(&lab, "slow gateway 1");
    send_much(end.stream, MUCH);
    lab_run(&lab, 5 * DS_S);
    size_t first = lab.count;
    lab_run(&lab, 3600 * DS_S);
    assert_int_equal(end.closes + host.end.closes, 0);
    for (size_t i = first; i < lab.count; i++) {
        const struct seen *seen = &lab.frames[i];
        if (!is_from(seen, 1) || seen->len == 0)
            continue;
        probes++;
        assert_true(seen->at - last <= 61 * DS_S || last == 0);
        last = seen->at;
    }
    assert_true(probes > 30);
    ds_fault_stop(&slow);
    lab_run_until(&lab, &host.end.bytes, MUCH);
    assert_memory_equal(host.end.heard.at, much(), MUCH);
    end_clean_up(&end);
    lab_run_until(&lab, &host.end.closes, 1);
    host_clean_up(&host);
    lab_expect_quiet(&lab);
    lab_check_flows(&lab);
    lab_close(&lab);
}

/* What is acknowledged beyond what was sent would be taken for nothing, again and again. */
static void what_is_sent_again_is_what_was_sent(void **state)
{
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    (void)state;
    lab_open(&lab, 1);
    lab_connect(&lab, &end, &host);
    lab_fault(&lab, "merge 5s of src host mediation");
    struct ds_fault *cut = lab_fault(&lab, "cut mediation-gateway for 300ms");
    send_much(end.stream, 3000);
    lab_run(&lab, 50 * DS_MS);
    lab_run(&lab, 400 * DS_MS);
    lab_check_flows(&lab);
    lab_run(&lab, 600 * DS_MS);
    assert_int_equal(host.end.bytes, 2920);
    lab_run(&lab, 5 * DS_S);
    assert_int_equal(host.end.bytes, 3000);
    ds_fault_stop(&cut);
    end_clean_up(&end);
    lab_run_until(&lab, &host.end.closes, 1);
    host_clean_up(&host);
    lab_expect_quiet(&lab);
    lab_check_flows(&lab);
    lab_close(&lab);
}

/* The last segment that the window had room for is small; it is lost, and the window grows. */
static void a_small_segment_at_the_edge_of_the_window_may_be_lost(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct lab lab;
        struct host host = {0};
        struct end end = {0};
        lab_open(&lab, seed);
        lab_connect(&lab, &end, &host);
        lab_fault(&lab, "slow gateway 40000");
        lab_fault(&lab, "lose 30%");
        send_much(end.stream, MUCH);
        ds_us began = lab_now(&lab);
        lab_run_until(&lab, &host.end.bytes, MUCH);
        assert_true(lab_now(&lab) - began < 400 * DS_S);
        assert_memory_equal(host.end.heard.at, much(), MUCH);
        end_clean_up(&end);
        host_clean_up(&host);
        lab_check_flows(&lab);
        lab_close(&lab);
    }
}

static void an_end_is_acknowledged_before_all_is_read(void **state)
{
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    (void)state;
    lab_open(&lab, 1);
    lab_connect(&lab, &end, &host);
    lab_fault(&lab, "slow gateway 10");
    send_much(end.stream, 20000);
    end_clean_up(&end);
    lab_run(&lab, 10 * DS_S);
    size_t ends = 0;
    for (size_t i = 0; i < lab.count; i++)
        ends += lab.frames[i].fin;
    assert_int_equal(ends, 1);
    assert_int_equal(host.end.closes, 0);
    lab_run_until(&lab, &host.end.closes, 1);
    assert_int_equal(host.end.bytes, 20000);
    assert_in_range(lab_now(&lab), 1999 * DS_S, 2002 * DS_S);
    host_clean_up(&host);
    lab_expect_quiet(&lab);
    lab_close(&lab);
}

/* ---- in pieces, and together ---- */

static void segments_are_split_as_asked(void **state)
{
    static const struct {
        const char *line;
        size_t each, bytes;
    } cuts[] = {{"split 1", 1, 300},
                {"split 7 of dst host gateway", 7, 700},
                {"split 536 of tcp", 536, 5360},
                {"split 100000", 1460, 14600},
                {"split 1 of src host gateway", 1460, 14600}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cuts); i++) {
        struct lab lab;
        struct host host = {0};
        struct end end = {0};
        lab_open(&lab, 1);
        lab_connect(&lab, &end, &host);
        lab_fault(&lab, cuts[i].line);
        send_much(end.stream, cuts[i].bytes);
        lab_run_until(&lab, &host.end.bytes, cuts[i].bytes);
        size_t segments = 0;
        for (size_t k = 0; k < lab.count; k++)
            if (is_from(&lab.frames[k], 1) && lab.frames[k].len > 0) {
                assert_int_equal(lab.frames[k].len, cuts[i].each);
                segments++;
            }
        assert_int_equal(segments, cuts[i].bytes / cuts[i].each);
        end_clean_up(&end);
        host_clean_up(&host);
        lab_close(&lab);
    }
}

static void small_segments_wait_for_one_another(void **state)
{
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    (void)state;
    lab_open(&lab, 1);
    lab_connect(&lab, &end, &host);
    lab_fault(&lab, "merge 700ms");
    ds_us began = lab_now(&lab);
    for (int i = 0; i < 10; i++) {
        ds_stream_send(end.stream, DS_LITERAL("ten bytes."));
        lab_run(&lab, 50 * DS_MS);
    }
    lab_run_until(&lab, &host.end.bytes, 1);
    assert_int_equal(host.end.bytes, 100);
    assert_int_equal(lab_now(&lab) - began, 700 * DS_MS + LAB_DELAY_US);
    send_much(end.stream, 1460); /* a whole one does not wait */
    lab_run(&lab, LAB_DELAY_US);
    assert_int_equal(host.end.bytes, 1560);
    ds_stream_send(end.stream, DS_LITERAL("the last words do not either"));
    end_clean_up(&end);
    lab_run(&lab, LAB_DELAY_US);
    assert_int_equal(host.end.bytes, 1588);
    host_clean_up(&host);
    lab_expect_quiet(&lab);
    lab_close(&lab);
}

/* ---- ending in the middle of what is read ---- */

struct reader {
    struct lab *lab;
    struct ds_stream *stream;
    size_t sum, closes;
    bool overflow;
};

/* Looks at the bytes after the stream has ended under them. */
static void read_and_end(void *owner, struct ds_slice bytes)
{
    static char flood[700 * 1024];
    struct reader *reader = owner;
    for (int i = 0; reader->overflow && i < 2; i++)
        ds_stream_send(reader->stream, (struct ds_slice){flood, sizeof flood});
    if (!reader->overflow)
        ds_stream_close(&reader->stream);
    for (size_t i = 0; i < bytes.len; i++)
        reader->sum += (unsigned char)bytes.at[i];
}

static void count_close(void *owner, const struct ds_why *why)
{
    ((struct reader *)owner)->closes++;
    assert_true(why->text[0] != '\0');
}

static void a_slow_reader_may_end_while_it_reads(void **state)
{
    static const struct ds_stream_events events = {.data = read_and_end, .closed = count_close};
    (void)state;
    for (int overflow = 0; overflow < 2; overflow++) {
        struct lab lab;
        struct host host = {0};
        struct end end = {0};
        lab_open(&lab, 1);
        lab_connect(&lab, &end, &host);
        lab_fault(&lab, "slow gateway 100000");
        struct reader reader = {.lab = &lab, .stream = host.end.stream, .overflow = overflow == 1};
        host.end.stream = NULL;
        ds_stream_own(reader.stream, &events, &reader);
        send_much(end.stream, 5000);
        lab_run_until(&lab, &reader.sum, 1);
        lab_run_until(&lab, &end.closes, 1);
        assert_int_equal(reader.closes, overflow);
        ds_stream_close(&reader.stream);
        end_clean_up(&end);
        host_clean_up(&host);
        lab_expect_quiet(&lab);
        lab_close(&lab);
    }
}

/* ---- exhaustion ---- */

static ds_rc talk_in_bad_weather(void *owner)
{
    struct lab lab;
    struct host host = {0};
    struct end end = {0};
    struct ds_fault *fault = NULL;
    ds_rc rc = DS_OK;
    (void)owner;
    if (!lab_try_open(&lab))
        return DS_NOMEM;
    rc = ds_fault_start(lab.world.net, "reorder 30% by 2ms of tcp", &fault, NULL);
    if (rc == DS_OK)
        rc = ds_fault_start(lab.world.net, "slow gateway 10000 at 1ms", &fault, NULL);
    if (rc == DS_OK)
        rc = ds_listener_open(lab.world.net, place(50, 5060), NULL, host_accept, &host,
                              &host.listener, NULL);
    const struct ds_stream_target target = {.from = place(1, 0), .to = place(50, 5060)};
    if (rc == DS_OK)
        rc = ds_stream_connect(lab.world.net, &target, &end_events, &end, &end.stream, NULL);
    if (rc == DS_OK)
        ds_stream_send(end.stream, (struct ds_slice){much(), 9000});
    while (rc == DS_OK && host.end.bytes < 9000 && end.closes + host.end.closes == 0 &&
           lab_now(&lab) < 200 * DS_S)
        rc = ds_net_turn(lab.world.net, 200 * DS_S, NULL);
    if (rc == DS_OK && host.end.bytes < 9000)
        rc = DS_NOMEM; /* it was told, or packets were lost for good */
    end_clean_up(&end);
    host_clean_up(&host);
    lab_close(&lab);
    return rc;
}

static void exhaustion_hangs_nothing(void **state)
{
    (void)state;
    much();
    ds_exhaust(talk_in_bad_weather, NULL);
}

int test_tcp_window(void);

int test_tcp_window(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_machine_reads_so_many_bytes_a_second),
        cmocka_unit_test(who_has_no_room_is_asked_and_waited_for),
        cmocka_unit_test(what_is_sent_again_is_what_was_sent),
        cmocka_unit_test(a_small_segment_at_the_edge_of_the_window_may_be_lost),
        cmocka_unit_test(an_end_is_acknowledged_before_all_is_read),
        cmocka_unit_test(segments_are_split_as_asked),
        cmocka_unit_test(small_segments_wait_for_one_another),
        cmocka_unit_test(a_slow_reader_may_end_while_it_reads),
        cmocka_unit_test(exhaustion_hangs_nothing),
    };
    return cmocka_run_group_tests_name("tcp, windows", tests, NULL, NULL);
}
