#ifndef DS_TEST_LAB_H
#define DS_TEST_LAB_H

/*
 * A simulated network with machines that have names, every frame of which is kept, and what goes
 * wrong in it. Frames are looked at by a reader that shares no code with their writer.
 */

#include "world.h"

#include <stdlib.h>

#define LAB_DELAY_US 100

struct seen {
    ds_us at;
    struct ds_addr from, to;
    bool is_tcp, syn, ack, fin, rst;
    uint32_t sequence, acknowledge;
    uint16_t window;
    size_t len;
    char note[80]; /* the fault that took it; empty: none */
};

struct lab {
    struct world world; /* first: helpers of world.h take it */
    struct seen *frames;
    size_t count, cap;
};

static const struct {
    const char *name;
    uint32_t last;
} lab_machines[] = {{"mediation", 1}, {"gateway", 50}, {"pool-a", 2}, {"pool", 3}, {"a", 4}};

static inline uint32_t lab_word(const uint8_t *at, size_t bytes)
{
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

/* RFC 1071: a sum over everything, the checksum too, is all ones. */
static inline uint32_t lab_sum(uint32_t sum, const uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++)
        sum += i % 2 == 0 ? (uint32_t)at[i] << 8 : at[i];
    while (sum >> 16 != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

static inline void lab_read_tcp(struct seen *seen, const uint8_t *tcp, size_t len)
{
    size_t header = (size_t)(tcp[12] >> 4) * 4;
    assert_true(header >= 20 && header <= len);
    seen->sequence = lab_word(tcp + 4, 4);
    seen->acknowledge = lab_word(tcp + 8, 4);
    seen->fin = (tcp[13] & 1) != 0;
    seen->syn = (tcp[13] & 2) != 0;
    seen->rst = (tcp[13] & 4) != 0;
    seen->ack = (tcp[13] & 16) != 0;
    seen->window = (uint16_t)lab_word(tcp + 14, 2);
    seen->len = len - header;
}

static inline struct seen lab_read(const uint8_t *frame, size_t len)
{
    const uint8_t *ip = frame + 14, *inner = ip + 20;
    assert_true(len >= 14 + 20 + 8 && lab_word(frame + 12, 2) == 0x0800 && ip[0] == 0x45);
    size_t inner_len = len - 34;
    assert_int_equal(lab_word(ip + 2, 2), len - 14);
    assert_int_equal(lab_sum(0, ip, 20), 0xffff);
    assert_int_equal(lab_sum(lab_sum((uint32_t)(ip[9] + inner_len), ip + 12, 8), inner, inner_len),
                     0xffff);
    struct seen seen = {
        .from = ds_addr_v4(lab_word(ip + 12, 4), (uint16_t)lab_word(inner, 2)),
        .to = ds_addr_v4(lab_word(ip + 16, 4), (uint16_t)lab_word(inner + 2, 2)),
        .is_tcp = ip[9] == 6,
        .len = inner_len - 8,
    };
    if (seen.is_tcp)
        lab_read_tcp(&seen, inner, inner_len);
    else
        assert_int_equal(lab_word(inner + 4, 2), inner_len);
    return seen;
}

static inline void
lab_frame(void *owner, int64_t unix_us, struct ds_slice ethernet, const char *note)
{
    struct lab *lab = owner;
    if (lab->count == lab->cap) {
        lab->cap = lab->cap == 0 ? 1024 : lab->cap * 2;
        lab->frames = test_realloc(lab->frames, lab->cap * sizeof *lab->frames);
    }
    struct seen *seen = &lab->frames[lab->count++];
    *seen = lab_read((const uint8_t *)ethernet.at, ethernet.len);
    seen->at = unix_us - WORLD_UNIX_US;
    snprintf(seen->note, sizeof seen->note, "%s", note == NULL ? "" : note);
}

/* False when out of memory; nothing is left then. */
static inline bool lab_try_open_with(struct lab *lab, uint64_t seed)
{
    static struct ds_pcap_name names[DS_COUNT(lab_machines)];
    *lab = (struct lab){0};
    ds_rng_seed(&lab->world.rng, 1);
    for (size_t i = 0; i < DS_COUNT(names); i++)
        names[i] = (struct ds_pcap_name){place(lab_machines[i].last, 0), lab_machines[i].name};
    if (ds_clock_new_virtual(WORLD_UNIX_US, &lab->world.clock) != DS_OK)
        return false;
    const struct ds_net_options options = {.clock = lab->world.clock,
                                           .rng = &lab->world.rng,
                                           .owner = lab,
                                           .frame = lab_frame,
                                           .link_delay_us = LAB_DELAY_US,
                                           .seed = seed,
                                           .names = names,
                                           .name_count = DS_COUNT(names)};
    bool fine = ds_net_new_simulated(&options, &lab->world.net, NULL) == DS_OK;
    if (!fine)
        ds_clock_free(&lab->world.clock);
    return fine;
}

static inline bool lab_try_open(struct lab *lab)
{
    return lab_try_open_with(lab, 1);
}

static inline void lab_open(struct lab *lab, uint64_t seed)
{
    assert_true(lab_try_open_with(lab, seed));
}

static inline void lab_close(struct lab *lab)
{
    ds_net_free(&lab->world.net);
    assert_int_equal(ds_timers_count(lab->world.clock), 0);
    ds_clock_free(&lab->world.clock);
    test_free(lab->frames);
}

static inline ds_us lab_now(const struct lab *lab)
{
    return ds_now(lab->world.clock);
}

static inline struct ds_fault *lab_fault(struct lab *lab, const char *line)
{
    struct ds_fault *fault = NULL;
    struct ds_why why = {""};
    if (ds_fault_start(lab->world.net, line, &fault, &why) != DS_OK)
        fail_msg("%s", why.text);
    return fault;
}

static inline void lab_turn(struct lab *lab, ds_us until)
{
    struct ds_why why;
    assert_int_equal(ds_net_turn(lab->world.net, until, &why), DS_OK);
}

/* Up to that moment of the run, and through all that happens at it. */
static inline void lab_run_to(struct lab *lab, ds_us until)
{
    while (lab_now(lab) < until)
        lab_turn(lab, until);
    for (int i = 0; i < 5; i++)
        lab_turn(lab, until);
}

static inline void lab_run(struct lab *lab, ds_us duration_us)
{
    lab_run_to(lab, lab_now(lab) + duration_us);
}

/* Until it has come true, in a day at most. */
static inline void lab_run_until(struct lab *lab, const size_t *value, size_t wanted)
{
    ds_us give_up = lab_now(lab) + 86400 * DS_S;
    while (*value < wanted && lab_now(lab) < give_up)
        lab_turn(lab, give_up);
    assert_true(*value >= wanted);
}

static inline void lab_dial(struct lab *lab, struct end *end, struct ds_addr to)
{
    struct ds_why why;
    const struct ds_stream_target target = {.from = place(1, 0), .to = to};
    assert_int_equal(
        ds_stream_connect(lab->world.net, &target, &end_events, end, &end->stream, &why), DS_OK);
}

/* A connection from mediation to gateway, both of whose ends know that it is up. */
static inline void lab_connect(struct lab *lab, struct end *end, struct host *host)
{
    lab_dial(lab, end, host_open(&lab->world, host, NULL));
    lab_run_until(lab, &end->opens, 1);
    lab_run_until(lab, &host->accepted, 1);
}

/* Nothing is left to do, and nothing waits to be done. */
static inline void lab_expect_quiet(struct lab *lab)
{
    lab_run(lab, 300 * DS_S);
    assert_int_equal(ds_timers_count(lab->world.clock), 0);
}

static inline void lab_check_flow(const struct lab *lab, const struct seen *syn)
{
    uint32_t next = syn->sequence + 1, back = 0;
    bool has_back = false;
    for (const struct seen *seen = syn; seen < lab->frames + lab->count; seen++) {
        if (seen->is_tcp && ds_addr_equal(seen->from, syn->from) &&
            ds_addr_equal(seen->to, syn->to)) {
            assert_true((int32_t)(seen->sequence - next) <= 0);
            assert_true(seen->len <= 1460);
            uint32_t end = seen->sequence + (uint32_t)seen->len + seen->syn + seen->fin;
            next = (int32_t)(end - next) > 0 ? end : next;
            if (has_back && seen->ack && !seen->rst)
                assert_true((int32_t)(seen->acknowledge - back) <= 0);
        } else if (seen->is_tcp && ds_addr_equal(seen->from, syn->to) &&
                   ds_addr_equal(seen->to, syn->from)) {
            uint32_t end = seen->sequence + (uint32_t)seen->len + seen->syn + seen->fin;
            back = !has_back || (int32_t)(end - back) > 0 ? end : back;
            has_back = true;
        }
    }
}

/* What each end sends has no gap in it, and it acknowledges nothing that was never sent. */
static inline void lab_check_flows(const struct lab *lab)
{
    for (size_t i = 0; i < lab->count; i++)
        if (lab->frames[i].syn)
            lab_check_flow(lab, &lab->frames[i]);
}

static inline void lab_fill(char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(i * 7 + i / 251);
}

#endif
