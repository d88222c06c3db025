#ifndef DS_TEST_WORLD_H
#define DS_TEST_WORLD_H

/*
 * One network to test, simulated or of real sockets: every test that can run in both does. Nothing
 * here waits for a length of time; a world is turned until something has come true.
 */

#include "support.h"

#include "sim.h"

#include <stdio.h>
#include <string.h>

struct world {
    bool is_real; /* of sockets */
    struct ds_clock *clock;
    struct ds_rng rng;
    struct ds_net *net;
    struct ds_buf taps;    /* a line for each event of the tap */
    struct ds_buf secrets; /* the key log */
    size_t taps_before_secret;
};

static inline void
note_tap(void *owner, struct ds_addr from, struct ds_addr to, char tcp_event, struct ds_slice bytes)
{
    struct world *world = owner;
    ds_buf_print(&world->taps, "%s>%s%c%zu;", ds_addr_text(from).text, ds_addr_text(to).text,
                 tcp_event == 0 ? 'u' : tcp_event, bytes.len);
}

static inline void note_secret(void *owner, struct ds_slice line)
{
    struct world *world = owner;
    ds_buf_add(&world->secrets, line);
    ds_buf_text(&world->secrets, "\n");
}

static inline struct ds_net_options world_options(struct world *world)
{
    return (struct ds_net_options){.clock = world->clock,
                                   .rng = &world->rng,
                                   .tap = note_tap,
                                   .secret = note_secret,
                                   .owner = world};
}

/* The 1st of June 2025. */
#define WORLD_UNIX_US ((int64_t)1748736000 * DS_S)

enum world_kind { SIMULATED, LOOPBACK, LOOPBACK_HELD };

static inline int start_world(void **state, enum world_kind kind)
{
    static struct world world;
    world = (struct world){.is_real = kind != SIMULATED};
    ds_rng_seed(&world.rng, 1);
    ds_rc rc = kind == LOOPBACK        ? ds_clock_new_real(&world.clock)
               : kind == LOOPBACK_HELD ? ds_clock_new_held(&world.clock)
                                       : ds_clock_new_virtual(WORLD_UNIX_US, &world.clock);
    assert_int_equal(rc, DS_OK);
    const struct ds_net_options options = world_options(&world);
    struct ds_why why;
    rc = world.is_real ? ds_net_new_loopback(&options, &world.net, &why)
                       : ds_net_new_simulated(&options, &world.net, &why);
    assert_int_equal(rc, DS_OK);
    *state = &world;
    return 0;
}

static inline int start_simulated(void **state)
{
    return start_world(state, SIMULATED);
}

static inline int start_loopback(void **state)
{
    return start_world(state, LOOPBACK);
}

static inline int start_held(void **state)
{
    return start_world(state, LOOPBACK_HELD);
}

static inline int stop_world(void **state)
{
    struct world *world = *state;
    ds_net_free(&world->net);
    assert_int_equal(ds_timers_count(world->clock), 0);
    ds_clock_free(&world->clock);
    ds_buf_clean_up(&world->taps);
    ds_buf_clean_up(&world->secrets);
    return 0;
}

static inline void turn(struct world *world)
{
    struct ds_why why;
    assert_int_equal(ds_net_turn(world->net, ds_now(world->clock) + 2 * DS_MS, &why), DS_OK);
}

/* Turns until `*value` is at least `wanted`. */
static inline void turn_until(struct world *world, const size_t *value, size_t wanted)
{
    for (int turns = 0; turns < 2000 && *value < wanted; turns++)
        turn(world);
    assert_true(*value >= wanted);
}

/* Enough turns for whatever is on its way to arrive. */
static inline void settle(struct world *world)
{
    for (int turns = 0; turns < 10; turns++)
        turn(world);
}

static inline struct ds_addr place(uint32_t last, uint16_t port)
{
    return ds_addr_v4(0x7f000a00u + last, port);
}

/* One end of a stream, and what it has seen. */
struct end {
    struct ds_stream *stream;
    struct ds_buf heard;
    size_t opens, bytes, closes;
    struct ds_why why;
    bool echo, close_on_open, close_on_data;
};

static inline void end_opened(void *owner)
{
    struct end *end = owner;
    end->opens++;
    if (end->close_on_open)
        ds_stream_close(&end->stream);
}

static inline void end_heard(void *owner, struct ds_slice bytes)
{
    struct end *end = owner;
    assert_int_equal(end->closes, 0);
    ds_buf_add(&end->heard, bytes);
    end->bytes += bytes.len;
    if (end->echo)
        ds_stream_send(end->stream, bytes);
    if (end->close_on_data)
        ds_stream_close(&end->stream);
}

static inline void end_closed(void *owner, const struct ds_why *why)
{
    struct end *end = owner;
    end->closes++;
    end->why = *why;
}

static const struct ds_stream_events end_events = {.open = end_opened,
                                                   .data = end_heard,
                                                   .closed = end_closed};

static inline void end_clean_up(struct end *end)
{
    ds_stream_close(&end->stream);
    ds_buf_clean_up(&end->heard);
}

/* A listener that keeps one end. */
struct host {
    struct ds_listener *listener;
    struct end end;
    size_t accepted;
    bool refuse, close_listener;
};

static inline void host_accept(void *owner, struct ds_stream *stream)
{
    struct host *host = owner;
    host->accepted++;
    if (host->refuse)
        return;
    host->end.stream = stream;
    ds_stream_own(stream, &end_events, &host->end);
    if (host->close_listener)
        ds_listener_close(&host->listener);
}

static inline struct ds_addr
host_open(struct world *world, struct host *host, struct ds_tls_identity *tls)
{
    struct ds_why why;
    struct ds_addr at = place(50, 0);
    assert_int_equal(
        ds_listener_open(world->net, at, tls, host_accept, host, &host->listener, &why), DS_OK);
    return ds_listener_at(host->listener);
}

static inline void host_clean_up(struct host *host)
{
    ds_listener_close(&host->listener);
    end_clean_up(&host->end);
}

#endif
