#include "loopback_internal.h"

#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Machines that stand still, or have no power. The kernel is one for all of them and goes on: it is
 * told to drop the connections that are asked for, and what comes to a machine without power is
 * never read. What comes over connections that are there is acknowledged all the same. Where it is
 * not, the kernel of who says it holds back all that is said after it, as soon as a fifth of a
 * second has passed on the machine, and how much of the run that is nobody knows. */

/* What a machine had open when it lost its power. Kept until power is back, for the kernel would
 * say that nobody is there. */
struct dead {
    struct ds_list node;
    struct ds_addr at;
    int fd;
};

static void drop_calls(const struct ds_source *source)
{
    struct sock_filter nothing = {.code = BPF_RET | BPF_K, .k = 0};
    const struct sock_fprog program = {.len = 1, .filter = &nothing};
    if (source->brings_calls)
        setsockopt(source->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

static void take_calls(const struct ds_source *source)
{
    const int unused = 0;
    if (source->brings_calls)
        setsockopt(source->fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused);
}

/* ---- what a machine has open ---- */

typedef void source_fn(struct ds_net *net, struct ds_source *source, struct ds_addr at);

static struct ds_source *source_of(struct ds_place *place)
{
    if (place->kind == DS_PLACE_UDP)
        return &DS_OWNER(place, struct ds_udp, place)->source;
    if (place->kind == DS_PLACE_LISTENER)
        return &DS_OWNER(place, struct ds_listener, place)->source;
    return NULL;
}

static void each_source(struct ds_net *net, struct ds_addr at, source_fn *visit)
{
    for (size_t i = 0; i < DS_PLACES; i++)
        for (struct ds_place *place = net->places[i]; place != NULL; place = place->next) {
            struct ds_source *source = source_of(place);
            if (source != NULL && source->fd >= 0 && ds_addr_same_ip(place->at, at))
                visit(net, source, at);
        }
    for (struct ds_list *node = net->streams.next; node != &net->streams; node = node->next) {
        struct ds_stream *stream = DS_OWNER(node, struct ds_stream, node);
        if (stream->source.fd >= 0 && ds_addr_same_ip(stream->place.at, at))
            visit(net, &stream->source, at);
    }
}

/* ---- standing still ---- */

static void fall_still(struct ds_net *net, struct ds_source *source, struct ds_addr at)
{
    const struct ds_loopback *world = net->world;
    (void)at;
    if (source->still)
        return;
    drop_calls(source);
    epoll_ctl(world->epoll, EPOLL_CTL_DEL, source->fd, NULL);
    ds_loopback_set_still(net, source, true);
}

static void go_on(struct ds_net *net, struct ds_source *source, struct ds_addr at)
{
    const struct ds_loopback *world = net->world;
    struct epoll_event event = {.events = source->events, .data = {.ptr = source}};
    (void)at;
    if (!source->still)
        return;
    take_calls(source);
    epoll_ctl(world->epoll, EPOLL_CTL_ADD, source->fd, &event);
    ds_loopback_set_still(net, source, false);
}

void ds_loopback_stand(struct ds_net *net, struct ds_addr at, bool still)
{
    each_source(net, at, still ? fall_still : go_on);
}

/* ---- without power ---- */

static void take_away(struct ds_net *net, struct ds_source *source, struct ds_addr at)
{
    struct ds_loopback *world = net->world;
    struct dead *dead = malloc(sizeof *dead);
    if (dead == NULL)
        return; /* it ends as other processes do */
    *dead = (struct dead){.at = at, .fd = source->fd};
    ds_list_append(&world->dead, &dead->node);
    drop_calls(source);
    epoll_ctl(world->epoll, EPOLL_CTL_DEL, source->fd, NULL);
    ds_loopback_came(net, source, SIZE_MAX);
    source->fd = -1;
}

/* Streams that nobody has yet, or any more, have no process to close them. */
static void forget_streams(struct ds_net *net, struct ds_addr at)
{
    for (struct ds_list *node = net->streams.next, *next; node != &net->streams; node = next) {
        struct ds_stream *stream = DS_OWNER(node, struct ds_stream, node);
        next = node->next;
        if (!ds_addr_same_ip(stream->place.at, at) || stream->source.fd >= 0)
            continue;
        ds_loopback_unpair(stream);
        stream->queued = 0;
        stream->wire_done = true;
        if (stream->events == NULL)
            ds_stream_abandon(stream);
    }
}

void ds_loopback_cut_off(struct ds_net *net, struct ds_addr at)
{
    each_source(net, at, take_away);
    forget_streams(net, at);
}

/* Its peer's kernel would say it again, and then hear that nobody knows of it. */
static bool was_spoken_to(int fd)
{
    char first;
    return recv(fd, &first, 1, MSG_PEEK | MSG_DONTWAIT) >= 0;
}

/* Without a word, where this process may and nobody is to be told: then the kernel answers what
 * still comes as it answers whatever it knows nothing of. */
static void forget(int fd)
{
    const int yes = 1;
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (was_spoken_to(fd) || setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &yes, sizeof yes) != 0)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(fd);
}

/* Of that machine; NULL: of all. */
static void bury(struct ds_loopback *world, const struct ds_addr *at)
{
    for (struct ds_list *node = world->dead.next, *next; node != &world->dead; node = next) {
        struct dead *dead = DS_OWNER(node, struct dead, node);
        next = node->next;
        if (at != NULL && !ds_addr_same_ip(dead->at, *at))
            continue;
        forget(dead->fd);
        ds_list_remove(&dead->node);
        free(dead);
    }
}

/* Whoever has called the machine meanwhile, or said something to what it had, is answered as soon
 * as its kernel tries again. */
static void expect_answers(struct ds_net *net, struct ds_addr at)
{
    for (struct ds_list *node = net->streams.next; node != &net->streams; node = node->next) {
        struct ds_stream *stream = DS_OWNER(node, struct ds_stream, node);
        bool waits = stream->state == DS_STREAM_DIALLING || stream->ahead > 0;
        if (stream->source.fd >= 0 && stream->other == NULL && waits &&
            ds_addr_same_ip(stream->peer, at))
            ds_loopback_sent(net, &stream->source, 1);
    }
}

void ds_loopback_power_up(struct ds_net *net, struct ds_addr at)
{
    bury(net->world, &at);
    expect_answers(net, at);
}

void ds_loopback_bury_dead(struct ds_loopback *world)
{
    bury(world, NULL);
}
