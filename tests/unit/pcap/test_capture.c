#include "capture_file.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#define DATAGRAMS 200

/* The child that captures lives in namespaces of its own, and tells by its exit status how far it
 * got: an assertion of cmocka would carry on with the parent's tests. */
enum outcome { ALL_WELL, NO_NAMESPACE, NO_LOOPBACK, NOT_OPENED, NOT_SEEN, WRONG_FRAME, BAD_FILTER };

struct seen {
    int frames;
    bool wrong;
    int64_t last_us;
};

static void count_frame(void *owner, int64_t unix_us, struct ds_slice ethernet)
{
    struct seen *seen = owner;
    struct ds_frame frame = {.bytes = ethernet};
    if (!ds_slice_equal(text_of(&frame), DS_LITERAL("hello")) || unix_us < seen->last_us)
        seen->wrong = true;
    seen->last_us = unix_us;
    seen->frames++;
}

static int raise_loopback(void)
{
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) != 0)
        return -1;
    request.ifr_flags |= IFF_UP;
    return ioctl(fd, SIOCSIFFLAGS, &request) == 0 ? fd : -1;
}

/* Sends to a bound socket, and to another port that the filter is to leave out. */
static void send_datagrams(int fd, struct sockaddr_in to, int count)
{
    for (int i = 0; i < count; i++) {
        (void)sendto(fd, "hello", 5, 0, (const struct sockaddr *)&to, sizeof to);
        to.sin_port ^= htons(1);
        (void)sendto(fd, "other", 5, 0, (const struct sockaddr *)&to, sizeof to);
        to.sin_port ^= htons(1);
    }
}

static enum outcome watch(int fd, struct ds_capture *capture, const struct seen *seen)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    to.sin_port = htons(5060);
    send_datagrams(fd, to, DATAGRAMS);
    struct pollfd wait = {.fd = ds_capture_fd(capture), .events = POLLIN};
    while (seen->frames < DATAGRAMS && poll(&wait, 1, 5000) > 0)
        ds_capture_poll(capture);
    ds_capture_poll(capture);
    if (seen->frames != DATAGRAMS || ds_capture_dropped(capture) != 0)
        return NOT_SEEN;
    return seen->wrong ? WRONG_FRAME : ALL_WELL;
}

static enum outcome capture_in_namespace(void)
{
    struct seen seen = {0};
    struct ds_capture *capture;
    struct ds_why why;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return NO_NAMESPACE;
    int fd = raise_loopback();
    if (fd < 0)
        return NO_LOOPBACK;
    if (ds_capture_open("lo", "udp and dst port 5060", count_frame, &seen, &capture, &why) != DS_OK)
        return NOT_OPENED;
    enum outcome outcome = watch(fd, capture, &seen);
    ds_capture_free(&capture);
    close(fd);
    if (ds_capture_open("lo", "udp and nonsense", count_frame, &seen, &capture, &why) != DS_BAD ||
        strstr(why.text, "'udp and nonsense' is no capture filter") == NULL)
        return BAD_FILTER;
    return outcome;
}

static void each_datagram_on_loopback_is_seen_once(void **state)
{
    int status;
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(capture_in_namespace());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_NAMESPACE || WEXITSTATUS(status) == NO_LOOPBACK) {
        print_message("skipped: no network namespace may be made here\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), ALL_WELL);
}

static void an_interface_that_is_not_there_is_refused_in_words(void **state)
{
    struct ds_capture *capture = NULL;
    struct ds_why why;
    (void)state;
    assert_int_equal(ds_capture_open("nowhere0", NULL, count_frame, NULL, &capture, &why), DS_IO);
    assert_non_null(strstr(why.text, "cannot capture on nowhere0: "));
    assert_null(capture);
}

static ds_rc open_nowhere(void *owner)
{
    struct ds_capture *capture = NULL;
    ds_rc rc = ds_capture_open("nowhere0", NULL, count_frame, owner, &capture, NULL);
    return rc == DS_IO ? DS_OK : rc;
}

static void exhaustion_leaves_nothing_behind(void **state)
{
    (void)state;
    ds_exhaust(open_nowhere, NULL);
}

int test_capture(void);

int test_capture(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_datagram_on_loopback_is_seen_once),
        cmocka_unit_test(an_interface_that_is_not_there_is_refused_in_words),
        cmocka_unit_test(exhaustion_leaves_nothing_behind),
    };
    return cmocka_run_group_tests_name("pcap capture", tests, NULL, NULL);
}
