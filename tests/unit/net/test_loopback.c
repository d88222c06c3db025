#include "world.h"

#include <arpa/inet.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* What only real sockets show: strangers, descriptors of others, and running out of them. */

static struct sockaddr_in name_of(struct ds_addr at)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(at.port), .sin_addr = {htonl(ds_addr_ip4(&at))}};
}

/* A blocking socket that the network under test knows nothing of. */
static int stranger(int type, struct ds_addr *at)
{
    struct sockaddr_in name = name_of(place(99, 0));
    socklen_t size = sizeof name;
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&name, &size), 0);
    *at = place(99, ntohs(name.sin_port));
    return fd;
}

static void count(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    (void)from, (void)bytes;
    ++*(size_t *)owner;
}

static void a_strangers_datagrams_are_told_by_the_receiver(void **state)
{
    struct world *world = *state;
    struct ds_udp *udp = NULL;
    struct ds_addr at;
    struct ds_why why;
    size_t heard = 0;
    char expected[512];
    int fd = stranger(SOCK_DGRAM, &at);
    assert_int_equal(ds_udp_open(world->net, place(1, 0), count, &heard, &udp, &why), DS_OK);
    const struct sockaddr_in name = name_of(ds_udp_at(udp));
    assert_int_equal(sendto(fd, "hi", 2, 0, (const struct sockaddr *)&name, sizeof name), 2);
    turn_until(world, &heard, 1);
    ds_udp_send(udp, at, DS_LITERAL("you"));
    snprintf(expected, sizeof expected, "%s>%su2;%s>%su3;", ds_addr_text(at).text,
             ds_addr_text(ds_udp_at(udp)).text, ds_addr_text(ds_udp_at(udp)).text,
             ds_addr_text(at).text);
    assert_string_equal(world->taps.at, expected);
    ds_udp_close(&udp);
    close(fd);
}

static void a_strangers_stream_is_told_whole(void **state)
{
    struct world *world = *state;
    struct host host = {.end = {.echo = true}};
    struct ds_addr at;
    char expected[1024];
    int fd = stranger(SOCK_STREAM, &at);
    struct ds_addr to = host_open(world, &host, NULL);
    const struct sockaddr_in name = name_of(to);
    assert_int_equal(connect(fd, (const struct sockaddr *)&name, sizeof name), 0);
    assert_int_equal(send(fd, "hello", 5, 0), 5);
    turn_until(world, &host.end.bytes, 5);
    close(fd);
    turn_until(world, &host.end.closes, 1);
    struct ds_addr_text a = ds_addr_text(at), b = ds_addr_text(to);
    snprintf(expected, sizeof expected, "%s>%so0;%s>%sd5;%s>%sd5;%s>%sc0;", a.text, b.text, a.text,
             b.text, b.text, a.text, a.text, b.text);
    assert_string_equal(world->taps.at, expected);
    host_clean_up(&host);
}

static void a_peer_that_resets_is_told_as_such(void **state)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    struct world *world = *state;
    struct host host = {0};
    struct ds_addr at;
    int fd = stranger(SOCK_STREAM, &at);
    const struct sockaddr_in name = name_of(host_open(world, &host, NULL));
    assert_int_equal(connect(fd, (const struct sockaddr *)&name, sizeof name), 0);
    turn_until(world, &host.accepted, 1);
    assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    close(fd);
    turn_until(world, &host.end.closes, 1);
    assert_non_null(strstr(host.end.why.text, " reset the connection"));
    ds_stream_send(host.end.stream, DS_LITERAL("too late"));
    settle(world);
    assert_int_equal(host.end.closes, 1);
    host_clean_up(&host);
}

/* Bytes of the peer's that nobody will read must not turn our goodbye into a reset. */
static void unread_bytes_do_not_destroy_the_last_words(void **state)
{
    struct world *world = *state;
    struct host host = {0};
    struct ds_addr at;
    char heard[32] = "";
    int fd = stranger(SOCK_STREAM, &at);
    const struct sockaddr_in name = name_of(host_open(world, &host, NULL));
    assert_int_equal(connect(fd, (const struct sockaddr *)&name, sizeof name), 0);
    turn_until(world, &host.accepted, 1);
    assert_int_equal(send(fd, "never read", 10, 0), 10);
    ds_stream_send(host.end.stream, DS_LITERAL("last words"));
    ds_stream_close(&host.end.stream);
    settle(world);
    assert_int_equal(send(fd, "still talking", 13, MSG_NOSIGNAL), 13);
    settle(world);
    assert_int_equal(recv(fd, heard, sizeof heard - 1, 0), 10);
    assert_string_equal(heard, "last words");
    assert_int_equal(recv(fd, heard, sizeof heard, 0), 0);
    assert_int_equal(ds_timers_count(world->clock), 1);
    close(fd);
    settle(world);
    assert_int_equal(ds_timers_count(world->clock), 0);
    assert_int_equal(host.end.bytes, 0);
    host_clean_up(&host);
}

static void a_peer_that_stops_reading_fails_the_stream(void **state)
{
    static char part[64 * 1024];
    struct world *world = *state;
    struct host host = {0};
    struct ds_addr at;
    int fd = stranger(SOCK_STREAM, &at);
    const struct sockaddr_in name = name_of(host_open(world, &host, NULL));
    assert_int_equal(connect(fd, (const struct sockaddr *)&name, sizeof name), 0);
    turn_until(world, &host.accepted, 1);
    for (int i = 0; i < 1000 && host.end.closes == 0; i++) {
        ds_stream_send(host.end.stream, (struct ds_slice){part, sizeof part});
        if (i % 8 == 7)
            turn(world);
    }
    assert_int_equal(host.end.closes, 1);
    assert_non_null(strstr(host.end.why.text, "more than 1 MiB waits"));
    host_clean_up(&host);
    close(fd);
}

struct pipe_ends {
    struct world *world;
    int ends[2];
    size_t count;
    bool stop;
};

static void pipe_ready(void *owner)
{
    struct pipe_ends *pipe_ends = owner;
    struct ds_why why;
    char byte;
    pipe_ends->count++;
    assert_int_equal(read(pipe_ends->ends[0], &byte, 1), 1);
    if (pipe_ends->stop)
        assert_int_equal(ds_net_watch(pipe_ends->world->net, pipe_ends->ends[0], NULL, NULL, &why),
                         DS_OK);
}

static void a_descriptor_of_somebody_elses_is_watched(void **state)
{
    struct pipe_ends watched = {.world = *state};
    struct ds_net *net = watched.world->net;
    struct ds_why why;
    assert_int_equal(pipe(watched.ends), 0);
    assert_int_equal(ds_net_watch(net, watched.ends[0], pipe_ready, &watched, &why), DS_OK);
    assert_int_equal(ds_net_watch(net, watched.ends[0], pipe_ready, &watched, &why), DS_OK);
    settle(watched.world);
    assert_int_equal(watched.count, 0);
    assert_int_equal(write(watched.ends[1], "abc", 3), 3);
    turn_until(watched.world, &watched.count, 2);
    watched.stop = true;
    turn_until(watched.world, &watched.count, 3);
    assert_int_equal(write(watched.ends[1], "d", 1), 1);
    settle(watched.world);
    assert_int_equal(watched.count, 3);
    assert_int_equal(ds_net_watch(net, watched.ends[0], NULL, NULL, &why), DS_OK);
    close(watched.ends[0]);
    close(watched.ends[1]);
    assert_int_equal(ds_net_watch(net, watched.ends[0], pipe_ready, &watched, &why), DS_IO);
    assert_non_null(strstr(why.text, "cannot watch file descriptor"));
}

static void a_bad_address_is_named_with_the_reason(void **state)
{
    struct world *world = *state;
    struct host host = {0};
    struct ds_why why;
    struct ds_addr at = host_open(world, &host, NULL);
    char expected[256];
    struct ds_listener *again = NULL;
    assert_int_equal(ds_listener_open(world->net, at, NULL, host_accept, NULL, &again, &why),
                     DS_IO);
    snprintf(expected, sizeof expected,
             "cannot listen on tcp %s: Address already in use; end the program that holds it, or "
             "choose another port",
             ds_addr_text(at).text);
    assert_string_equal(why.text, expected);
    assert_int_equal(ds_listener_open(world->net, ds_addr_v4(0xc0000201u, 0), NULL, host_accept,
                                      NULL, &again, &why),
                     DS_IO);
    assert_non_null(strstr(why.text, "192.0.2.1:0"));
    host_clean_up(&host);
}

/* The number of the lowest free descriptor is the limit: nothing more can be opened. */
static void run_out_of_descriptors(struct rlimit *before)
{
    int lowest = dup(0);
    assert_true(lowest >= 0);
    close(lowest);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, before), 0);
    const struct rlimit none = {(rlim_t)lowest, before->rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
}

static void running_out_of_descriptors_turns_callers_away(void **state)
{
    struct world *world = *state;
    struct host host = {0};
    struct end end = {0};
    struct rlimit before;
    struct ds_why why;
    const struct ds_stream_target target = {.from = place(1, 0),
                                            .to = host_open(world, &host, NULL)};
    assert_int_equal(ds_stream_connect(world->net, &target, &end_events, &end, &end.stream, &why),
                     DS_OK);
    run_out_of_descriptors(&before);
    struct ds_stream *more = NULL;
    assert_int_equal(ds_stream_connect(world->net, &target, &end_events, NULL, &more, &why), DS_IO);
    assert_non_null(strstr(why.text, "raise the limit of open files (ulimit -n)"));
    settle(world);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    turn_until(world, &end.closes, 1);
    assert_int_equal(host.accepted, 0);
    end_clean_up(&end);
    host_clean_up(&host);
}

static void nobody_is_woken_too_early(void **state)
{
    struct world *world = *state;
    struct ds_why why;
    ds_us until = ds_now(world->clock) + 1500;
    int turns = 0;
    for (; ds_now(world->clock) < until && turns < 20; turns++)
        assert_int_equal(ds_net_turn(world->net, until, &why), DS_OK);
    assert_true(ds_now(world->clock) >= until);
    assert_true(turns <= 3);
}

static ds_rc make_everything(void *owner)
{
    struct world *world = owner;
    struct ds_net *net = NULL;
    struct ds_udp *udp = NULL;
    struct host host = {0};
    struct end end = {0};
    size_t heard = 0;
    const struct ds_net_options options = {.clock = world->clock, .rng = &world->rng};
    struct ds_stream_target target = {.from = place(1, 0)};
    ds_rc rc = ds_net_new_loopback(&options, &net, NULL);
    if (rc == DS_OK)
        rc = ds_udp_open(net, place(1, 0), count, &heard, &udp, NULL);
    if (rc == DS_OK)
        rc = ds_listener_open(net, place(2, 0), NULL, host_accept, &host, &host.listener, NULL);
    if (rc == DS_OK) {
        target.to = ds_listener_at(host.listener);
        rc = ds_stream_connect(net, &target, &end_events, &end, &end.stream, NULL);
    }
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

int test_loopback(void);

#define IN(test) cmocka_unit_test_setup_teardown(test, start_loopback, stop_world)

int test_loopback(void)
{
    const struct CMUnitTest tests[] = {
        IN(a_strangers_datagrams_are_told_by_the_receiver),
        IN(a_strangers_stream_is_told_whole),
        IN(a_peer_that_resets_is_told_as_such),
        IN(unread_bytes_do_not_destroy_the_last_words),
        IN(a_peer_that_stops_reading_fails_the_stream),
        IN(a_descriptor_of_somebody_elses_is_watched),
        IN(a_bad_address_is_named_with_the_reason),
        IN(running_out_of_descriptors_turns_callers_away),
        IN(nobody_is_woken_too_early),
        IN(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("loopback", tests, NULL, NULL);
}
