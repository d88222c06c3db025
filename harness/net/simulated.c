#include "net_internal.h"

#include <stdlib.h>
#include <string.h>

/* The network in memory. What is sent waits as a parcel until the next turn and is then delivered
 * in order of sending. A parcel names its sender, who lives until its last parcel has arrived; the
 * receiver is looked up on arrival. */

enum { FIRST_FREE_PORT = 49152, FREE_PORTS = 65536 - FIRST_FREE_PORT };

enum parcel_kind { DATAGRAM, CALL, ANSWER, DATA, END, RESET };

struct parcel {
    struct ds_list node;
    enum parcel_kind kind;
    struct ds_addr from, to;
    struct ds_stream *sender; /* borrowed: it counts us; NULL for datagrams */
    size_t len;
    char bytes[];
};

/* Hands out ports of one address in rising order, so that a run is the same each time. */
struct host {
    struct ds_place place;
    uint32_t given;
    struct ds_list node;
};

struct world {
    struct ds_list sent;  /* owned parcels */
    struct ds_list hosts; /* owned */
};

/* ---- ports ---- */

static struct host *host_at(struct ds_net *net, struct ds_addr at)
{
    struct world *world = net->world;
    at.port = 0;
    struct ds_place *place = ds_place_find(net, DS_PLACE_HOST, at);
    if (place != NULL)
        return DS_OWNER(place, struct host, place);
    struct host *host = calloc(1, sizeof *host);
    if (host == NULL)
        return NULL;
    host->place = (struct ds_place){.kind = DS_PLACE_HOST, .at = at};
    ds_place_add(net, &host->place);
    ds_list_append(&world->hosts, &host->node);
    return host;
}

static bool in_use(const struct ds_net *net, enum ds_place_kind kind, struct ds_addr at)
{
    if (kind == DS_PLACE_UDP)
        return ds_place_find(net, DS_PLACE_UDP, at) != NULL;
    return ds_place_find(net, DS_PLACE_LISTENER, at) != NULL ||
           ds_place_find(net, DS_PLACE_CALLER, at) != NULL;
}

static ds_rc choose_port(struct ds_net *net, struct ds_place *place, struct ds_why *why)
{
    struct host *host = host_at(net, place->at);
    if (host == NULL)
        return ds_fail_memory(why);
    for (int tries = 0; tries < FREE_PORTS; tries++) {
        struct ds_addr at = place->at;
        at.port = (uint16_t)(FIRST_FREE_PORT + host->given++ % FREE_PORTS);
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

/* ---- sending ---- */

static bool post(struct ds_net *net, const struct parcel *label, struct ds_slice bytes)
{
    struct world *world = net->world;
    struct parcel *parcel = malloc(sizeof *parcel + bytes.len);
    if (parcel == NULL)
        return false;
    *parcel = *label;
    parcel->len = bytes.len;
    if (bytes.len > 0)
        memcpy(parcel->bytes, bytes.at, bytes.len);
    ds_list_append(&world->sent, &parcel->node);
    if (label->sender != NULL) {
        label->sender->parcels++;
        label->sender->queued += bytes.len;
    }
    return true;
}

static bool post_for(struct ds_stream *stream, enum parcel_kind kind, struct ds_slice bytes)
{
    const struct parcel label = {
        .kind = kind, .from = stream->place.at, .to = stream->peer, .sender = stream};
    return post(stream->net, &label, bytes);
}

static void last_is_sent(struct ds_stream *stream)
{
    stream->last_sent = true;
    stream->wire_done = stream->parcels == 0;
    ds_stream_settle(stream);
}

static ds_rc open_udp(struct ds_udp *udp, struct ds_why *why)
{
    return take_place(udp->net, &udp->place, why);
}

static void send_datagram(struct ds_udp *udp, struct ds_addr to, struct ds_slice bytes)
{
    const struct parcel label = {.kind = DATAGRAM, .from = udp->place.at, .to = to};
    if (post(udp->net, &label, bytes))
        ds_net_tell(udp->net, udp->place.at, to, 0, bytes);
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
    if (rc != DS_OK)
        return rc;
    return post_for(stream, CALL, (struct ds_slice){NULL, 0}) ? DS_OK : ds_fail_memory(why);
}

static void write_stream(struct ds_stream *stream, struct ds_slice bytes)
{
    while (bytes.len > 0) {
        struct ds_slice cut = {bytes.at, bytes.len < DS_STREAM_CUT ? bytes.len : DS_STREAM_CUT};
        if (!post_for(stream, DATA, cut)) {
            ds_stream_fail_later(stream, "out of memory");
            return;
        }
        ds_net_tell(stream->net, stream->place.at, stream->peer, 'd', cut);
        bytes = ds_slice_from(bytes, cut.len);
    }
}

static void end_stream(struct ds_stream *stream, enum parcel_kind kind)
{
    const struct ds_slice nothing = {NULL, 0};
    if (stream->last_sent)
        return;
    if (stream->told_open && post_for(stream, kind, nothing))
        ds_net_tell(stream->net, stream->place.at, stream->peer, 'c', nothing);
    last_is_sent(stream);
}

static void finish_stream(struct ds_stream *stream)
{
    end_stream(stream, END);
}

static void drop_stream(struct ds_stream *stream)
{
    end_stream(stream, RESET);
}

/* ---- arriving ---- */

static void deliver_datagram(struct ds_net *net, const struct parcel *parcel)
{
    struct ds_place *place = ds_place_find(net, DS_PLACE_UDP, parcel->to);
    if (place == NULL)
        return;
    struct ds_udp *udp = DS_OWNER(place, struct ds_udp, place);
    udp->receive(udp->owner, parcel->from, (struct ds_slice){parcel->bytes, parcel->len});
}

static void refuse(struct ds_stream *caller, const char *reason)
{
    ds_stream_ended(caller, true, "cannot connect to %s: %s", ds_addr_text(caller->peer).text,
                    reason);
}

static void deliver_call(struct ds_net *net, struct ds_stream *caller)
{
    struct ds_place *place = ds_place_find(net, DS_PLACE_LISTENER, caller->peer);
    if (caller->state != DS_STREAM_DIALLING)
        return;
    if (place == NULL) {
        refuse(caller, "connection refused");
        return;
    }
    struct ds_listener *listener = DS_OWNER(place, struct ds_listener, place);
    struct ds_stream *callee = ds_stream_new_incoming(listener, caller->peer, caller->place.at);
    if (callee == NULL) {
        refuse(caller, "out of memory");
        return;
    }
    caller->other = callee;
    callee->other = caller;
    caller->told_open = callee->told_open = true;
    ds_net_tell(net, caller->place.at, caller->peer, 'o', (struct ds_slice){NULL, 0});
    if (!post_for(callee, ANSWER, (struct ds_slice){NULL, 0}))
        ds_stream_ended(callee, true, "out of memory");
    ds_listener_incoming(listener, callee);
}

static void deliver_to_stream(const struct parcel *parcel, struct ds_stream *receiver)
{
    if (receiver == NULL)
        return;
    if (parcel->kind == ANSWER)
        ds_stream_connected(receiver);
    else if (parcel->kind == DATA)
        ds_stream_arrived(receiver, (struct ds_slice){parcel->bytes, parcel->len});
    else
        ds_stream_ended(receiver, parcel->kind == RESET, "%s %s the connection",
                        ds_addr_text(receiver->peer).text,
                        parcel->kind == RESET ? "reset" : "closed");
}

static void deliver(struct ds_net *net, const struct parcel *parcel)
{
    struct ds_stream *sender = parcel->sender;
    if (sender == NULL) {
        deliver_datagram(net, parcel);
        return;
    }
    sender->parcels--;
    sender->queued -= parcel->len;
    if (parcel->kind == CALL)
        deliver_call(net, sender);
    else
        deliver_to_stream(parcel, sender->other);
    if (sender->last_sent && sender->parcels == 0) {
        sender->wire_done = true;
        ds_stream_settle(sender);
    }
}

/* ---- the world ---- */

static void jump(struct ds_clock *clock, ds_us until)
{
    ds_us next = ds_timers_next(clock);
    ds_us to = next < until ? next : until;
    if (to > ds_now(clock) && to != DS_NEVER)
        ds_clock_advance(clock, to);
}

static ds_rc turn(struct ds_net *net, ds_us until, struct ds_why *why)
{
    struct world *world = net->world;
    struct ds_clock *clock = net->options.clock;
    struct ds_list mark = {NULL, NULL};
    (void)why;
    if (ds_list_empty(&world->sent) && ds_list_empty(&net->news))
        jump(clock, until);
    ds_list_append(&world->sent, &mark);
    ds_timers_run(clock);
    for (struct ds_list *node = world->sent.next, *next; node != &mark; node = next) {
        struct parcel *parcel = DS_OWNER(node, struct parcel, node);
        next = node->next;
        ds_list_remove(node);
        deliver(net, parcel);
        free(parcel);
    }
    ds_list_remove(&mark);
    return DS_OK;
}

static ds_rc
watch(struct ds_net *net, int fd, ds_net_ready_fn *ready, void *owner, struct ds_why *why)
{
    (void)net, (void)fd, (void)ready, (void)owner;
    return ds_fail(why, DS_STATE, "a simulated network has no file descriptors to watch");
}

static void free_world(struct ds_net *net)
{
    struct world *world = net->world;
    for (struct ds_list *node = world->sent.next, *next; node != &world->sent; node = next) {
        next = node->next;
        free(DS_OWNER(node, struct parcel, node));
    }
    for (struct ds_list *node = world->hosts.next, *next; node != &world->hosts; node = next) {
        struct host *host = DS_OWNER(node, struct host, node);
        next = node->next;
        ds_place_remove(net, &host->place);
        free(host);
    }
    free(world);
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
    .write = write_stream,
    .finish = finish_stream,
    .drop = drop_stream,
};

ds_rc ds_net_new_simulated(const struct ds_net_options *options,
                           struct ds_net **out,
                           struct ds_why *why)
{
    ds_assert(ds_clock_is_virtual(options->clock));
    struct ds_net *net = NULL;
    struct world *world = calloc(1, sizeof *world);
    if (world == NULL || ds_net_new(options, &ds_net_simulated_ops, &net) != DS_OK)
        goto fail;
    ds_list_init(&world->sent);
    ds_list_init(&world->hosts);
    net->world = world;
    *out = net;
    return DS_OK;
fail:
    free(world);
    return ds_fail_memory(why);
}
