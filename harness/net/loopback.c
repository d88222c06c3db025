#include "loopback_internal.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

/* The network of the kernel: sockets that never block, and one epoll for all of them. */

enum { EVENTS_A_TURN = 64 };

#define LONGEST_WAIT (3600 * DS_S)
/* A loop that came too late makes up for it in such steps: what was said before a call was cleared
 * is on its way before the call is cleared. */
#define STEP (10 * DS_MS)

/* ---- sockets ---- */

struct sockaddr_in ds_loopback_name(struct ds_addr addr)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(addr.port),
                                .sin_addr = {htonl(ds_addr_ip4(&addr))}};
}

struct ds_addr ds_loopback_addr(const struct sockaddr_in *name)
{
    return ds_addr_v4(ntohl(name->sin_addr.s_addr), ntohs(name->sin_port));
}

static const char *what_to_do(int error)
{
    switch (error) {
    case EADDRINUSE:
        return "end the program that holds it, or choose another port";
    case EADDRNOTAVAIL:
        return "only addresses of this machine can be taken, such as those of 127.0.0.0/8";
    case EACCES:
        return "ports below 1024 need a private network or more rights";
    case EMFILE:
    case ENFILE:
        return "raise the limit of open files (ulimit -n)";
    default:
        return "see what else uses the network of this machine";
    }
}

static ds_rc bind_to(int fd, struct ds_addr *at)
{
    struct sockaddr_in name = ds_loopback_name(*at);
    socklen_t size = sizeof name;
    if (bind(fd, (const struct sockaddr *)&name, sizeof name) != 0 ||
        getsockname(fd, (struct sockaddr *)&name, &size) != 0)
        return DS_IO;
    *at = ds_loopback_addr(&name);
    return DS_OK;
}

ds_rc ds_loopback_open(struct ds_source *source,
                       int type,
                       const char *purpose,
                       struct ds_addr *at,
                       struct ds_why *why)
{
    const int yes = 1;
    int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && source->brings_calls)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd >= 0 && bind_to(fd, at) == DS_OK) {
        source->fd = fd;
        return DS_OK;
    }
    int error = errno;
    if (fd >= 0)
        close(fd);
    return ds_fail(why, DS_IO, "cannot %s %s: %s; %s", purpose, ds_addr_text(*at).text,
                   strerror(error), what_to_do(error));
}

ds_rc ds_loopback_watch(struct ds_net *net,
                        struct ds_source *source,
                        uint32_t events,
                        struct ds_why *why)
{
    struct ds_loopback *world = net->world;
    struct epoll_event event = {.events = events, .data = {.ptr = source}};
    source->events = events;
    if (epoll_ctl(world->epoll, EPOLL_CTL_ADD, source->fd, &event) == 0)
        return DS_OK;
    return ds_fail(why, DS_IO, "cannot watch file descriptor %d: %s", source->fd, strerror(errno));
}

void ds_loopback_expect(struct ds_net *net, struct ds_source *source, uint32_t events)
{
    struct ds_loopback *world = net->world;
    struct epoll_event event = {.events = events, .data = {.ptr = source}};
    source->events = events;
    if (source->still)
        return;
    int rc = epoll_ctl(world->epoll, EPOLL_CTL_MOD, source->fd, &event);
    ds_assert(rc == 0);
}

/* Taken out of epoll by hand: closing does not, while a child that is about to exec holds it. */
void ds_loopback_close(struct ds_net *net, struct ds_source *source)
{
    struct ds_loopback *world = net->world;
    if (source->fd < 0)
        return;
    epoll_ctl(world->epoll, EPOLL_CTL_DEL, source->fd, NULL);
    close(source->fd);
    source->fd = -1;
    ds_loopback_came(net, source, SIZE_MAX);
}

/* ---- descriptors of others ---- */

struct watch {
    struct ds_source source; /* borrows the descriptor */
    struct ds_list node;
    ds_net_ready_fn *ready;
    void *owner; /* borrowed */
    struct ds_grave grave;
};

static void watch_ready(struct ds_source *source, uint32_t events)
{
    struct watch *watch = DS_OWNER(source, struct watch, source);
    (void)events;
    watch->ready(watch->owner);
}

static void free_watch(struct ds_grave *grave)
{
    free(DS_OWNER(grave, struct watch, grave));
}

static void stop_watching(struct ds_net *net, struct watch *watch)
{
    struct ds_loopback *world = net->world;
    epoll_ctl(world->epoll, EPOLL_CTL_DEL, watch->source.fd, NULL);
    watch->source.fd = -1;
    ds_list_remove(&watch->node);
    ds_net_bury(net, &watch->grave, free_watch, 0);
}

static struct watch *find_watch(struct ds_loopback *world, int fd)
{
    for (struct ds_list *node = world->watches.next; node != &world->watches; node = node->next) {
        struct watch *watch = DS_OWNER(node, struct watch, node);
        if (watch->source.fd == fd)
            return watch;
    }
    return NULL;
}

static ds_rc
watch_fd(struct ds_net *net, int fd, ds_net_ready_fn *ready, void *owner, struct ds_why *why)
{
    struct ds_loopback *world = net->world;
    struct watch *watch = find_watch(world, fd);
    if (watch != NULL)
        stop_watching(net, watch);
    if (ready == NULL)
        return DS_OK;
    watch = calloc(1, sizeof *watch);
    if (watch == NULL)
        return ds_fail_memory(why);
    *watch =
        (struct watch){.source = {.fd = fd, .ready = watch_ready}, .ready = ready, .owner = owner};
    ds_rc rc = ds_loopback_watch(net, &watch->source, EPOLLIN, why);
    if (rc != DS_OK) {
        free(watch);
        return rc;
    }
    ds_list_append(&world->watches, &watch->node);
    return DS_OK;
}

/* ---- the loop ---- */

static ds_us time_to_wait(const struct ds_net *net, ds_us until)
{
    ds_us now = ds_now(net->options.clock), next = ds_timers_next(net->options.clock);
    if (until < next)
        next = until;
    if (!ds_list_empty(&net->news) || next <= now || ds_clock_is_behind(net->options.clock))
        return 0;
    return next - now < LONGEST_WAIT ? next - now : LONGEST_WAIT;
}

/* Kernels and sandboxes without the call for microseconds wait for milliseconds, rounded up so as
 * not to spin. */
int ds_loopback_poll(const struct ds_loopback *world, struct epoll_event *events, ds_us wait)
{
    const struct timespec timeout = {.tv_sec = wait / DS_S, .tv_nsec = wait % DS_S * 1000};
    int count = epoll_pwait2(world->epoll, events, EVENTS_A_TURN, &timeout, NULL);
    if (count < 0 && errno == ENOSYS)
        count = epoll_wait(world->epoll, events, EVENTS_A_TURN, (int)((wait + DS_MS - 1) / DS_MS));
    return count;
}

static void take(const struct epoll_event *events, int count, bool datagrams)
{
    for (int i = 0; i < count; i++) {
        struct ds_source *source = events[i].data.ptr;
        if (source->fd >= 0 && source->brings_datagrams == datagrams)
            source->ready(source, events[i].events);
    }
}

/* Audio first: on a machine that gave us no time for a while, what was said is there together with
 * the word that ends the call, and must not be overtaken by it. */
static ds_rc turn(struct ds_net *net, ds_us until, struct ds_why *why)
{
    struct ds_loopback *world = net->world;
    struct ds_clock *clock = net->options.clock;
    struct epoll_event events[EVENTS_A_TURN];
    ds_clock_follow(clock, STEP);
    ds_us due = time_to_wait(net, until);
    bool moves = ds_clock_is_virtual(clock);
    int count = moves ? ds_loopback_wait(net, events, due) : ds_loopback_poll(world, events, due);
    if (count < 0 && errno != EINTR)
        return ds_fail(why, DS_IO, "cannot wait for the network: %s", strerror(errno));
    if (!ds_clock_is_behind(clock))
        ds_clock_follow(clock, STEP);
    ds_timers_run(clock);
    take(events, count, true);
    take(events, count, false);
    return moves ? ds_standstill_watch(&world->seen, ds_now(clock), why) : DS_OK;
}

static void free_world(struct ds_net *net)
{
    struct ds_loopback *world = net->world;
    for (struct ds_list *node = net->streams.next; node != &net->streams; node = node->next)
        ds_loopback_close(net, &DS_OWNER(node, struct ds_stream, node)->source);
    while (!ds_list_empty(&world->watches))
        stop_watching(net, DS_OWNER(world->watches.next, struct watch, node));
    ds_loopback_bury_dead(world);
    close(world->epoll);
    if (world->spare >= 0)
        close(world->spare);
    free(world);
}

const struct ds_net_ops ds_net_loopback_ops = {
    .turn = turn,
    .free = free_world,
    .watch = watch_fd,
    .udp_open = ds_loopback_udp_open,
    .listen = ds_loopback_listen,
    .connect = ds_loopback_connect,
    .udp_send = ds_loopback_udp_send,
    .udp_close = ds_loopback_udp_close,
    .unlisten = ds_loopback_unlisten,
    .write = ds_loopback_write,
    .finish = ds_loopback_finish,
    .drop = ds_loopback_drop,
    .stand = ds_loopback_stand,
    .cut_off = ds_loopback_cut_off,
    .power_up = ds_loopback_power_up,
};

ds_rc ds_net_new_loopback(const struct ds_net_options *options,
                          struct ds_net **out,
                          struct ds_why *why)
{
    struct ds_net *net = NULL;
    ds_rc rc = DS_NOMEM;
    struct ds_loopback *world = calloc(1, sizeof *world);
    if (world == NULL || ds_net_new(options, &ds_net_loopback_ops, &net) != DS_OK) {
        ds_fail_memory(why);
        goto fail;
    }
    world->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (world->epoll < 0) {
        rc = ds_fail(why, DS_IO, "cannot open a network: %s; %s", strerror(errno),
                     what_to_do(errno));
        goto fail;
    }
    world->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    ds_list_init(&world->watches);
    ds_list_init(&world->dead);
    net->world = world;
    *out = net;
    return DS_OK;
fail:
    free(net);
    free(world);
    return rc;
}
