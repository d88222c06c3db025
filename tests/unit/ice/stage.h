#ifndef DS_TEST_STAGE_H
#define DS_TEST_STAGE_H

/* A simulated network with a TURN server on it, and sockets that write down what comes. */

#include "support.h"

#include "ice.h"
#include "stun.h"
#include "turn.h"

#include <string.h>

#define OUTSIDE 0x7f005a0au /* 127.0.90.10: a client */
#define INSIDE  0x7f000a0au /* 127.0.10.10: a peer */
#define INNER   0x7f00010au /* 127.0.1.10: the server's inner side */
#define PUBLIC  0x7f005b1eu /* 127.0.91.30 */

struct stage {
    struct ds_clock *clock;
    struct ds_rng rng;
    struct ds_net *net;
    struct ds_turn *turn;
};

struct box {
    struct stage *stage;
    struct ds_udp *udp;
    char last[2048];
    size_t len, count;
    struct ds_addr from;
};

static inline void stage_build(struct stage *stage,
                               ds_net_reaches_fn *reaches,
                               size_t most_allocations,
                               uint16_t last_port)
{
    *stage = (struct stage){0};
    ds_rng_seed(&stage->rng, 7);
    assert_int_equal(ds_clock_new_virtual(1000000, &stage->clock), DS_OK);
    const struct ds_net_options options = {
        .clock = stage->clock, .rng = &stage->rng, .link_delay_us = 100, .reaches = reaches};
    assert_int_equal(ds_net_new_simulated(&options, &stage->net, NULL), DS_OK);
    const struct ds_turn_options turn = {.net = stage->net,
                                         .rng = &stage->rng,
                                         .at = ds_addr_v4(PUBLIC, DS_STUN_PORT),
                                         .relay_at = ds_addr_v4(INNER, 0),
                                         .first_port = 50000,
                                         .last_port = last_port,
                                         .realm = "contoso.example",
                                         .user = "rita",
                                         .password = "secret",
                                         .most_allocations = most_allocations};
    assert_int_equal(ds_turn_new(&turn, &stage->turn, NULL), DS_OK);
}

static inline void stage_open(struct stage *stage, size_t most_allocations, uint16_t last_port)
{
    stage_build(stage, NULL, most_allocations, last_port);
}

static inline void stage_open_walled(struct stage *stage, ds_net_reaches_fn *reaches)
{
    stage_build(stage, reaches, 4, 59999);
}

/* Leaves no timer and no socket behind. */
static inline void stage_close(struct stage *stage)
{
    ds_turn_free(&stage->turn);
    assert_int_equal(ds_timers_count(stage->clock), 0);
    ds_net_free(&stage->net);
    ds_clock_free(&stage->clock);
}

static inline void pass(struct stage *stage, ds_us duration_us)
{
    ds_us until = ds_now(stage->clock) + duration_us;
    while (ds_now(stage->clock) < until)
        assert_int_equal(ds_net_turn(stage->net, until, NULL), DS_OK);
}

static inline void box_take(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct box *box = owner;
    assert_true(bytes.len <= sizeof box->last);
    memcpy(box->last, bytes.at, bytes.len);
    box->len = bytes.len;
    box->from = from;
    box->count++;
}

static inline void box_open(struct box *box, struct stage *stage, uint32_t ip, uint16_t port)
{
    *box = (struct box){.stage = stage};
    assert_int_equal(ds_udp_open(stage->net, ds_addr_v4(ip, port), box_take, box, &box->udp, NULL),
                     DS_OK);
}

static inline struct ds_slice box_last(const struct box *box)
{
    return (struct ds_slice){box->last, box->len};
}

#endif
