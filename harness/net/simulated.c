#include "sim_internal.h"

#include <stdlib.h>

/* The network in memory: machines, their ports, and the turn of its loop. Packets leave through
 * wire.c and arrive here; connections are tcp.c's. */

enum { FIRST_FREE_PORT = 49152, FREE_PORTS = 65536 - FIRST_FREE_PORT };

/* ---- machines ---- */

static void stand(struct ds_net *net, struct ds_addr at, bool still)
{
    if (!still)
        ds_wire_release(net, at);
}

/* Every connection is gone from its memory, without a word to the other end. */
static void forget(struct ds_net *net, struct ds_addr at)
{
    for (struct ds_list *node = net->streams.next, *next; node != &net->streams; node = next) {
        struct ds_stream *stream = DS_OWNER(node, struct ds_stream, node);
        next = node->next;
        if (!ds_addr_same_ip(stream->place.at, at) || stream->tcp == NULL)
            continue;
        ds_tcp_over(stream->tcp);
        if (stream->events == NULL)
            ds_stream_abandon(stream); /* nobody has it yet, or any more */
    }
}

/* ---- ports ---- */

static bool in_use(const struct ds_net *net, enum ds_place_kind kind, struct ds_addr at)
{
    if (kind == DS_PLACE_UDP)
        return ds_place_find(net, DS_PLACE_UDP, at) != NULL;
    return ds_place_find(net, DS_PLACE_LISTENER, at) != NULL ||
           ds_place_find(net, DS_PLACE_CALLER, at) != NULL;
}

static ds_rc choose_port(struct ds_net *net, struct ds_place *place, struct ds_why *why)
{
    struct ds_machine *machine = ds_machine_at(net, place->at);
    if (machine == NULL)
        return ds_fail_memory(why);
    for (int tries = 0; tries < FREE_PORTS; tries++) {
        struct ds_addr at = place->at;
        at.port = (uint16_t)(FIRST_FREE_PORT + machine->given++ % FREE_PORTS);
        if (in_use(net, place->kind, at))
            continue;
        place->at = at;
        return DS_OK;
    }
    return ds_fail(why, DS_IO, "no port is free at %s: close some of its %d sockets",
                   ds_addr_ip_text(place->at).text, FREE_PORTS);
}

static ds_rc take_place(struct ds_net *net, struct ds_place *place, struct ds_why *why)
{
    if (place->at.port == 0)
        return choose_port(net, place, why);
    if (in_use(net, place->kind, place->at))
        return ds_fail(why, DS_IO, "%s is in use already", ds_addr_text(place->at).text);
    return DS_OK;
}

/* ---- sockets ---- */

static ds_rc open_udp(struct ds_udp *udp, struct ds_why *why)
{
    return take_place(udp->net, &udp->place, why);
}

static void send_datagram(struct ds_udp *udp, struct ds_addr to, struct ds_slice bytes)
{
    ds_net_tell(udp->net, udp->place.at, to, 0, bytes);
    ds_wire_send(udp->net, udp->place.at, to, NULL, bytes);
}

static void free_udp(struct ds_grave *grave)
{
    free(DS_OWNER(grave, struct ds_udp, grave));
}

static void close_udp(struct ds_udp *udp)
{
    ds_place_remove(udp->net, &udp->place);
    ds_net_bury(udp->net, &udp->grave, free_udp, 0);
}

static ds_rc open_listener(struct ds_listener *listener, struct ds_why *why)
{
    return take_place(listener->net, &listener->place, why);
}

static void free_listener(struct ds_grave *grave)
{
    free(DS_OWNER(grave, struct ds_listener, grave));
}

static void close_listener(struct ds_listener *listener)
{
    ds_net_bury(listener->net, &listener->grave, free_listener, 0);
}

static ds_rc call(struct ds_stream *stream, struct ds_why *why)
{
    ds_rc rc = take_place(stream->net, &stream->place, why);
    return rc == DS_OK ? ds_tcp_call(stream, why) : rc;
}

/* ---- arriving ---- */

static void deliver_datagram(struct ds_net *net, const struct ds_packet *packet)
{
    struct ds_place *place = ds_place_find(net, DS_PLACE_UDP, packet->to);
    if (place == NULL)
        return;
    struct ds_udp *udp = DS_OWNER(place, struct ds_udp, place);
    udp->receive(udp->owner, packet->from, (struct ds_slice){packet->bytes, packet->len});
}

static void arrive(struct ds_net *net, struct ds_packet *packet)
{
    const struct ds_machine *machine = ds_machine_find(net, packet->to);
    if (machine != NULL && machine->gone > 0) {
        free(packet);
        return;
    }
    if (machine != NULL && machine->still > 0) {
        ds_wire_hold(net, packet);
        return;
    }
    if (packet->is_tcp)
        ds_tcp_deliver(net, packet);
    else
        deliver_datagram(net, packet);
    free(packet);
}

/* ---- the loop ---- */

static void jump(struct ds_net *net, ds_us until)
{
    struct ds_clock *clock = net->options.clock;
    ds_us timer = ds_timers_next(clock), packet = ds_wire_next(net);
    ds_us next = timer < packet ? timer : packet;
    ds_us to = next < until ? next : until;
    if (to > ds_now(clock) && to != DS_NEVER)
        ds_clock_advance(clock, to);
}

static ds_rc turn(struct ds_net *net, ds_us until, struct ds_why *why)
{
    struct ds_sim *sim = net->world;
    struct ds_packet *chosen = ds_wire_choose(net);
    if (chosen == NULL && ds_list_empty(&net->news))
        jump(net, until);
    ds_rc rc = ds_standstill_watch(&sim->seen, ds_now(net->options.clock), why);
    if (chosen != NULL)
        arrive(net, chosen);
    uint64_t sent_before = sim->sent;
    ds_timers_run(net->options.clock);
    for (struct ds_packet *packet = ds_wire_take(net, sent_before); packet != NULL;
         packet = ds_wire_take(net, sent_before))
        arrive(net, packet);
    return rc;
}

static ds_rc
watch(struct ds_net *net, int fd, ds_net_ready_fn *ready, void *owner, struct ds_why *why)
{
    (void)net, (void)fd, (void)ready, (void)owner;
    return ds_fail(why, DS_STATE, "a simulated network has no file descriptors to watch");
}

static void free_world(struct ds_net *net)
{
    struct ds_sim *sim = net->world;
    ds_wire_clean_up(sim);
    free(sim);
}

const struct ds_net_ops ds_net_simulated_ops = {
    .turn = turn,
    .free = free_world,
    .watch = watch,
    .udp_open = open_udp,
    .listen = open_listener,
    .connect = call,
    .udp_send = send_datagram,
    .udp_close = close_udp,
    .unlisten = close_listener,
    .write = ds_tcp_write,
    .finish = ds_tcp_finish,
    .drop = ds_tcp_drop,
    .stand = stand,
    .forget = forget,
};

ds_rc ds_net_new_simulated(const struct ds_net_options *options,
                           struct ds_net **out,
                           struct ds_why *why)
{
    ds_assert(ds_clock_is_virtual(options->clock) && options->link_delay_us >= 0);
    struct ds_net *net = NULL;
    struct ds_sim *sim = calloc(1, sizeof *sim);
    if (sim == NULL || ds_net_new(options, &ds_net_simulated_ops, &net) != DS_OK)
        goto fail;
    ds_list_init(&sim->flight);
    ds_list_init(&sim->held);
    net->world = sim;
    *out = net;
    return DS_OK;
fail:
    free(sim);
    return ds_fail_memory(why);
}
