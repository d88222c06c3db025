#include "net_internal.h"

#include <sys/epoll.h>

/* What is on its way between sockets of ours. Where nobody else takes part, and all that was sent
 * has arrived, nothing can happen before the next timer: so nobody needs to wait for it. Counted at
 * the socket that it comes to, in datagrams, bytes, and one each for a connection that wants to be
 * accepted or answered and for its end. */

/* The kernel hands over at once what is sent on loopback; what takes longer than that has found no
 * room in a socket. */
#define LOST_AFTER DS_S

void ds_loopback_sent(struct ds_net *net, struct ds_source *to, size_t count)
{
    struct ds_loopback *world = net->world;
    if (to->era != world->era)
        to->coming = 0;
    to->era = world->era;
    to->coming += count;
    world->coming += count;
}

void ds_loopback_came(struct ds_net *net, struct ds_source *at, size_t count)
{
    struct ds_loopback *world = net->world;
    size_t coming = at->era == world->era ? at->coming : 0;
    if (count > coming)
        count = coming;
    at->coming = coming - count;
    at->era = world->era;
    world->coming -= count;
}

static void forget_all(struct ds_loopback *world)
{
    world->era++;
    world->coming = 0;
}

/* ---- streams: either end knows the other as soon as it has been accepted ---- */

void ds_loopback_sent_ahead(struct ds_stream *stream, size_t count)
{
    if (stream->other != NULL)
        ds_loopback_sent(stream->net, &stream->other->source, count);
    else
        stream->ahead += count;
}

void ds_loopback_pair(struct ds_stream *caller, struct ds_stream *callee)
{
    ds_loopback_sent(caller->net, &callee->source, caller->ahead);
    if (caller->source.fd < 0)
        return;
    caller->other = callee;
    callee->other = caller;
}

void ds_loopback_unpair(struct ds_stream *stream)
{
    if (stream->other != NULL)
        stream->other->other = NULL;
    stream->other = NULL;
}

/* ---- time ---- */

static ds_us shorter(ds_us a, ds_us b)
{
    return a < b ? a : b;
}

int ds_loopback_wait(struct ds_net *net, struct epoll_event *events, ds_us due)
{
    struct ds_loopback *world = net->world;
    struct ds_clock *clock = net->options.clock;
    bool waits = due > 0 && world->coming > 0;
    int count = ds_loopback_poll(world, events, waits ? LOST_AFTER : 0);
    if (count > 0 && waits)
        ds_clock_advance(clock, ds_now(clock) + shorter(due, net->options.link_delay_us));
    else if (count == 0 && waits)
        forget_all(world);
    else if (count == 0 && due > 0)
        ds_clock_advance(clock, ds_now(clock) + due);
    return count;
}
