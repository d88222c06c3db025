#include "world.h"

static ds_rc dial(struct world *world, struct end *end, struct ds_addr to, struct ds_why *why)
{
    const struct ds_stream_target target = {.from = place(1, 0), .to = to};
    return ds_stream_connect(world->net, &target, &end_events, end, &end->stream, why);
}

static void call(struct world *world, struct end *end, struct ds_addr to)
{
    struct ds_why why;
    assert_int_equal(dial(world, end, to, &why), DS_OK);
}

static void what_is_sent_comes_back(void **state)
{
    struct world *world = *state;
    struct host host = {.end = {.echo = true}};
    struct end end = {0};
    call(world, &end, host_open(world, &host, NULL));
    assert_true(ds_stream_at(end.stream).port != 0);
    ds_stream_send(end.stream, DS_LITERAL("before it is open, "));
    turn_until(world, &end.opens, 1);
    ds_stream_send(end.stream, DS_LITERAL("and after"));
    turn_until(world, &end.bytes, 28);
    assert_string_equal(end.heard.at, "before it is open, and after");
    assert_true(ds_addr_equal(ds_stream_peer(host.end.stream), ds_stream_at(end.stream)));
    assert_true(ds_addr_equal(ds_stream_at(host.end.stream), ds_stream_peer(end.stream)));
    end_clean_up(&end);
    turn_until(world, &host.end.closes, 1);
    assert_non_null(strstr(host.end.why.text, " closed the connection"));
    host_clean_up(&host);
}

static void fill(char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(i * 7 + i / 251);
}

static void much_arrives_whole(void **state)
{
    struct world *world = *state;
    static char much[300000];
    struct host host = {.end = {.echo = true}};
    struct end end = {0};
    fill(much, sizeof much);
    call(world, &end, host_open(world, &host, NULL));
    turn_until(world, &end.opens, 1);
    ds_stream_send(end.stream, (struct ds_slice){much, sizeof much});
    turn_until(world, &end.bytes, sizeof much);
    assert_int_equal(end.heard.len, sizeof much);
    assert_memory_equal(end.heard.at, much, sizeof much);
    end_clean_up(&end);
    host_clean_up(&host);
}

static void what_is_queued_is_sent_before_it_closes(void **state)
{
    struct world *world = *state;
    static char much[900000];
    struct host host = {0};
    struct end end = {0};
    fill(much, sizeof much);
    call(world, &end, host_open(world, &host, NULL));
    ds_stream_send(end.stream, (struct ds_slice){much, sizeof much});
    ds_stream_close(&end.stream);
    turn_until(world, &host.end.closes, 1);
    assert_int_equal(host.end.bytes, sizeof much);
    assert_memory_equal(host.end.heard.at, much, sizeof much);
    assert_int_equal(end.opens + end.closes, 0);
    host_clean_up(&host);
    settle(world);
}

static void an_overflow_is_told_in_the_loop(void **state)
{
    struct world *world = *state;
    static char half[512 * 1024];
    struct host host = {0};
    struct end end = {0};
    call(world, &end, host_open(world, &host, NULL));
    for (int i = 0; i < 2; i++)
        ds_stream_send(end.stream, (struct ds_slice){half, sizeof half});
    ds_stream_send(end.stream, DS_LITERAL("one too many"));
    assert_int_equal(end.closes, 0);
    turn_until(world, &end.closes, 1);
    assert_non_null(strstr(end.why.text, "more than 1 MiB waits"));
    ds_stream_send(end.stream, DS_LITERAL("no use"));
    settle(world);
    assert_int_equal(end.closes, 1);
    end_clean_up(&end);
    host_clean_up(&host);
}

static void nobody_listening_refuses(void **state)
{
    struct world *world = *state;
    struct host host = {0};
    struct end end = {0};
    struct ds_addr at = host_open(world, &host, NULL);
    ds_listener_close(&host.listener);
    call(world, &end, at);
    ds_stream_send(end.stream, DS_LITERAL("lost"));
    assert_int_equal(end.closes, 0);
    turn_until(world, &end.closes, 1);
    assert_int_equal(end.opens, 0);
    char expected[128];
    snprintf(expected, sizeof expected, "cannot connect to %s: connection refused",
             ds_addr_text(at).text);
    assert_string_equal(end.why.text, expected);
    end_clean_up(&end);
}

static void a_callback_may_close_its_own_stream(void **state)
{
    struct world *world = *state;
    struct host host = {.end = {.close_on_data = true}};
    struct end end = {0}, hasty = {.close_on_open = true};
    struct ds_addr at = host_open(world, &host, NULL);
    call(world, &end, at);
    ds_stream_send(end.stream, DS_LITERAL("close"));
    turn_until(world, &end.closes, 1);
    end_clean_up(&end);
    end_clean_up(&host.end);
    call(world, &hasty, at);
    turn_until(world, &hasty.opens, 1);
    assert_null(hasty.stream);
    turn_until(world, &host.end.closes, 1);
    host_clean_up(&host);
}

/* Closes the end beside it, too. */
struct pair {
    struct end *first, *second;
    size_t closes;
};

static void close_both(void *owner, struct ds_slice bytes)
{
    struct pair *pair = owner;
    (void)bytes;
    pair->closes++;
    ds_stream_close(&pair->first->stream);
    ds_stream_close(&pair->second->stream);
}

static void a_callback_may_close_a_stream_that_is_next(void **state)
{
    static const struct ds_stream_events events = {.data = close_both};
    struct world *world = *state;
    struct host hosts[2] = {{.accepted = 0}};
    struct end ends[2] = {{.opens = 0}};
    struct pair pair = {&ends[0], &ends[1], 0};
    for (int i = 0; i < 2; i++) {
        call(world, &ends[i], host_open(world, &hosts[i], NULL));
        turn_until(world, &ends[i].opens, 1);
        turn_until(world, &hosts[i].accepted, 1);
        ds_stream_own(ends[i].stream, &events, &pair);
    }
    for (int i = 0; i < 2; i++)
        ds_stream_send(hosts[i].end.stream, DS_LITERAL("now"));
    settle(world);
    assert_int_equal(pair.closes, 1);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(hosts[i].end.closes, 1);
        host_clean_up(&hosts[i]);
    }
}

static void a_stream_nobody_takes_is_closed(void **state)
{
    struct world *world = *state;
    struct host host = {.refuse = true};
    struct end end = {0};
    call(world, &end, host_open(world, &host, NULL));
    turn_until(world, &end.closes, 1);
    assert_int_equal(host.accepted, 1);
    assert_int_equal(end.opens, 1);
    end_clean_up(&end);
    host_clean_up(&host);
}

static void a_listener_may_close_itself_on_accepting(void **state)
{
    struct world *world = *state;
    struct host host = {.close_listener = true, .end = {.echo = true}};
    struct end ends[2] = {{.opens = 0}};
    struct ds_addr at = host_open(world, &host, NULL);
    for (int i = 0; i < 2; i++)
        call(world, &ends[i], at);
    ds_stream_send(ends[0].stream, DS_LITERAL("still here"));
    turn_until(world, &ends[0].bytes, 10);
    turn_until(world, &ends[1].closes, 1);
    assert_int_equal(host.accepted, 1);
    for (int i = 0; i < 2; i++)
        end_clean_up(&ends[i]);
    host_clean_up(&host);
}

static void a_call_given_up_at_once_leaves_nothing(void **state)
{
    struct world *world = *state;
    struct host host = {0};
    struct end end = {0};
    struct ds_addr at = host_open(world, &host, NULL);
    call(world, &end, at);
    ds_stream_close(&end.stream);
    settle(world);
    assert_int_equal(end.opens + end.closes, 0);
    host_clean_up(&host);
}

static void listening_twice_says_why_not(void **state)
{
    struct world *world = *state;
    struct host host = {0}, again = {0};
    struct ds_why why;
    struct ds_addr at = host_open(world, &host, NULL);
    assert_int_equal(
        ds_listener_open(world->net, at, NULL, host_accept, &again, &again.listener, &why), DS_IO);
    assert_non_null(strstr(why.text, ds_addr_text(at).text));
    assert_non_null(strstr(why.text, "in use"));
    assert_null(again.listener);
    host_clean_up(&host);
}

static void both_ends_may_close_at_once(void **state)
{
    struct world *world = *state;
    struct host host = {0};
    struct end end = {0};
    call(world, &end, host_open(world, &host, NULL));
    turn_until(world, &end.opens, 1);
    turn_until(world, &host.accepted, 1);
    ds_stream_send(end.stream, DS_LITERAL("last words"));
    ds_stream_close(&end.stream);
    ds_stream_close(&host.end.stream);
    settle(world);
    assert_int_equal(end.closes + host.end.closes, 0);
    host_clean_up(&host);
}

static void a_net_freed_early_takes_what_was_left(void **state)
{
    struct world *world = *state;
    struct host host = {0};
    struct end end = {0};
    call(world, &end, host_open(world, &host, NULL));
    ds_stream_send(end.stream, DS_LITERAL("on its way"));
    ds_stream_close(&end.stream);
    host_clean_up(&host);
}

static void the_tap_sees_a_stream_in_order(void **state)
{
    struct world *world = *state;
    struct host host = {.end = {.echo = true}};
    struct end end = {0};
    char expected[1024];
    call(world, &end, host_open(world, &host, NULL));
    struct ds_addr_text a = ds_addr_text(ds_stream_at(end.stream));
    struct ds_addr_text b = ds_addr_text(ds_stream_peer(end.stream));
    ds_stream_send(end.stream, DS_LITERAL("ping"));
    turn_until(world, &end.bytes, 4);
    ds_stream_send(end.stream, DS_LITERAL("farewell"));
    ds_stream_close(&end.stream);
    host.end.echo = false;
    turn_until(world, &host.end.closes, 1);
    end_clean_up(&host.end);
    settle(world);
    host_clean_up(&host);
    snprintf(expected, sizeof expected, "%s>%so0;%s>%sd4;%s>%sd4;%s>%sd8;%s>%sc0;%s>%sc0;", a.text,
             b.text, a.text, b.text, b.text, a.text, a.text, b.text, a.text, b.text, b.text,
             a.text);
    assert_string_equal(world->taps.at, expected);
    end_clean_up(&end);
}

int test_stream(void);

#define IN(start, test) cmocka_unit_test_setup_teardown(test, start, stop_world)
#define TABLE(start)                                                                               \
    {                                                                                              \
        IN(start, what_is_sent_comes_back), IN(start, much_arrives_whole),                         \
            IN(start, what_is_queued_is_sent_before_it_closes),                                    \
            IN(start, an_overflow_is_told_in_the_loop), IN(start, nobody_listening_refuses),       \
            IN(start, a_callback_may_close_its_own_stream),                                        \
            IN(start, a_callback_may_close_a_stream_that_is_next),                                 \
            IN(start, a_stream_nobody_takes_is_closed),                                            \
            IN(start, a_listener_may_close_itself_on_accepting),                                   \
            IN(start, a_call_given_up_at_once_leaves_nothing),                                     \
            IN(start, listening_twice_says_why_not), IN(start, both_ends_may_close_at_once),       \
            IN(start, a_net_freed_early_takes_what_was_left),                                      \
            IN(start, the_tap_sees_a_stream_in_order),                                             \
    }

int test_stream(void)
{
    const struct CMUnitTest simulated[] = TABLE(start_simulated);
    const struct CMUnitTest loopback[] = TABLE(start_loopback);
    const struct CMUnitTest held[] = TABLE(start_held);
    return cmocka_run_group_tests_name("stream, simulated", simulated, NULL, NULL) +
           cmocka_run_group_tests_name("stream, loopback", loopback, NULL, NULL) +
           cmocka_run_group_tests_name("stream, loopback, held", held, NULL, NULL);
}
