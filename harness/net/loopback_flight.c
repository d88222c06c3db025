#include "loopback_internal.h"

#include <sys/epoll.h>

/* What is on its way between sockets of ours. Where nobody else takes part, and all that was sent
 * has arrived, nothing can happen before the next timer: so nobody needs to wait for it. Counted at
 * the socket that it comes to, in datagrams, bytes, and one each for a connection that wants to be
 * accepted or answered and for its end. */

/* The kernel hands over at once what is sent on loopback. Where a machine stood still it asks for a
 * connection again after one second, three and seven. What takes longer has found no room in a
 * socket. */
#define LOST_AFTER (10 * DS_S)

/* What was counted in an era that is over is lost. */
static void begin_era(const struct ds_loopback *world, struct ds_source *source)
{
    if (source->era != world->era)
        source->coming = 0;
    source->era = world->era;
}

void ds_loopback_sent(struct ds_net *net, struct ds_source *to, size_t count)
{
    struct ds_loopback *world = net->world;
    begin_era(world, to);
    to->coming += count;
    world->coming += to->still ? 0 : count;
}

void ds_loopback_came(struct ds_net *net, struct ds_source *at, size_t count)
{
    struct ds_loopback *world = net->world;
    begin_era(world, at);
    if (count > at->coming)
        count = at->coming;
    at->coming -= count;
    world->coming -= at->still ? 0 : count;
}

void ds_loopback_set_still(struct ds_net *net, struct ds_source *source, bool still)
{
    struct ds_loopback *world = net->world;
    begin_era(world, source);
    source->still = still;
    if (still)
        world->coming -= source->coming;
    else
        world->coming += source->coming;
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

/* A listener that is ours has the call counted, for it may stand still; whoever else is called
 * answers, if only that nobody is there, unless there is no power to do so. */
void ds_loopback_calls(struct ds_stream *stream)
{
    struct ds_net *net = stream->net;
    struct ds_place *place = ds_place_find(net, DS_PLACE_LISTENER, stream->peer);
    stream->asks = place != NULL;
    if (stream->asks)
        ds_loopback_sent(net, &DS_OWNER(place, struct ds_listener, place)->source, 1);
    else if (!ds_machine_is_gone(net, stream->peer))
        ds_loopback_sent(net, &stream->source, 1);
}

void ds_loopback_calls_no_more(struct ds_stream *stream)
{
    struct ds_place *place = ds_place_find(stream->net, DS_PLACE_LISTENER, stream->peer);
    if (stream->asks && place != NULL)
        ds_loopback_came(stream->net, &DS_OWNER(place, struct ds_listener, place)->source, 1);
    stream->asks = false;
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
