#include "support.h"

#include "explore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Toy deployments: elements that answer certain packets with others. What a walk finds is compared
 * with what trying every single interleaving finds: each run is told by what arrived at each
 * element in which order.
 */

enum { ELEMENTS = 4, PACKETS = 8, MOST_FOUND = 20000, TEXT = 64 };

struct toy_packet {
    uint32_t from, to; /* elements */
    int cause;         /* sent when this packet arrives; -1: by the scenario, at the start */
    bool stream;
};

struct toy {
    struct toy_packet packets[PACKETS];
    size_t count;
};

struct toy_run {
    const struct toy *toy;
    uint64_t ids[PACKETS]; /* 0: not on its way */
    uint64_t sent;
    char seen[ELEMENTS][PACKETS + 1];
};

struct found {
    char (*texts)[TEXT]; /* owned */
    size_t count;
};

static struct ds_addr element(uint32_t number)
{
    return ds_addr_v4(0x7f000001u + number, 5060);
}

static void send_caused_by(struct toy_run *run, int cause)
{
    for (size_t i = 0; i < run->toy->count; i++)
        if (run->toy->packets[i].cause == cause)
            run->ids[i] = ++run->sent;
}

static void begin(struct toy_run *run, const struct toy *toy)
{
    *run = (struct toy_run){.toy = toy};
    send_caused_by(run, -1);
}

static bool waits(const struct toy_run *run, size_t index)
{
    const struct toy_packet *packet = &run->toy->packets[index];
    for (size_t i = 0; i < run->toy->count; i++) {
        const struct toy_packet *other = &run->toy->packets[i];
        if (packet->stream && other->stream && run->ids[i] != 0 && run->ids[i] < run->ids[index] &&
            other->from == packet->from && other->to == packet->to)
            return true;
    }
    return false;
}

/* In order of sending, as a network tells them. */
static size_t
list_flights(const struct toy_run *run, struct ds_net_flight *flights, size_t *indexes)
{
    size_t count = 0;
    for (uint64_t id = 1; id <= run->sent; id++)
        for (size_t i = 0; i < run->toy->count; i++) {
            const struct toy_packet *packet = &run->toy->packets[i];
            if (run->ids[i] != id)
                continue;
            indexes[count] = i;
            flights[count++] = (struct ds_net_flight){.id = id,
                                                      .from = element(packet->from),
                                                      .to = element(packet->to),
                                                      .in_order = packet->stream,
                                                      .waits = waits(run, i)};
        }
    return count;
}

static void arrive(struct toy_run *run, size_t index)
{
    char *seen = run->seen[run->toy->packets[index].to];
    size_t len = strlen(seen);
    seen[len] = (char)('a' + index);
    run->ids[index] = 0;
    send_caused_by(run, (int)index);
}

static void add(struct found *found, const struct toy_run *run)
{
    char text[TEXT];
    snprintf(text, sizeof text, "%s/%s/%s/%s", run->seen[0], run->seen[1], run->seen[2],
             run->seen[3]);
    for (size_t i = 0; i < found->count; i++)
        if (strcmp(found->texts[i], text) == 0)
            return;
    assert_true(found->count < MOST_FOUND);
    memcpy(found->texts[found->count++], text, sizeof text);
}

/* ---- every interleaving ---- */

struct choice {
    size_t chosen, count;
};

static void
run_choices(const struct toy *toy, struct choice *choices, size_t *depth, struct found *found)
{
    struct toy_run run;
    struct ds_net_flight flights[PACKETS];
    size_t indexes[PACKETS], at = 0;
    begin(&run, toy);
    for (size_t count = list_flights(&run, flights, indexes); count > 0;
         count = list_flights(&run, flights, indexes)) {
        if (at == *depth)
            choices[(*depth)++] = (struct choice){0, count};
        while (flights[choices[at].chosen].waits)
            choices[at].chosen++;
        arrive(&run, indexes[choices[at++].chosen]);
    }
    add(found, &run);
}

static bool next_choice(struct choice *choices, size_t *depth)
{
    for (; *depth > 0; (*depth)--) {
        struct choice *last = &choices[*depth - 1];
        if (++last->chosen < last->count)
            return true;
    }
    return false;
}

/* A last choice may be one that waits and has none after it: that is no run. */
static bool skip_waiting(const struct toy *toy, struct choice *choices, size_t *depth)
{
    for (;;) {
        struct toy_run run;
        struct ds_net_flight flights[PACKETS];
        size_t indexes[PACKETS];
        begin(&run, toy);
        for (size_t i = 0; i + 1 < *depth; i++) {
            list_flights(&run, flights, indexes);
            arrive(&run, indexes[choices[i].chosen]);
        }
        struct choice *last = &choices[*depth - 1];
        size_t count = list_flights(&run, flights, indexes);
        while (last->chosen < count && flights[last->chosen].waits)
            last->chosen++;
        if (last->chosen < count)
            return true;
        last->chosen = count;
        if (!next_choice(choices, depth))
            return false;
    }
}

static void try_everything(const struct toy *toy, struct found *found)
{
    struct choice choices[PACKETS];
    size_t depth = 0;
    do
        run_choices(toy, choices, &depth, found);
    while (next_choice(choices, &depth) && skip_waiting(toy, choices, &depth));
}

/* ---- the walk ---- */

static struct ds_orders_count walk(const struct toy *toy, struct found *found)
{
    struct ds_orders *orders = NULL;
    assert_int_equal(ds_orders_new(1000000, &orders), DS_OK);
    do {
        struct toy_run run;
        struct ds_net_flight flights[PACKETS];
        size_t indexes[PACKETS];
        ds_orders_begin(orders);
        begin(&run, toy);
        for (size_t count = list_flights(&run, flights, indexes); count > 0;
             count = list_flights(&run, flights, indexes))
            arrive(&run, indexes[ds_orders_choose(orders, flights, count)]);
        add(found, &run);
    } while (ds_orders_end(orders));
    struct ds_orders_count count = ds_orders_count(orders);
    ds_orders_free(&orders);
    return count;
}

static struct found open_found(void)
{
    struct found found = {.texts = calloc(MOST_FOUND, TEXT)};
    assert_non_null(found.texts);
    return found;
}

static struct ds_orders_count expect_all(const struct toy *toy)
{
    struct found all = open_found(), walked = open_found();
    try_everything(toy, &all);
    struct ds_orders_count count = walk(toy, &walked);
    assert_int_equal(walked.count, all.count);
    assert_false(count.bounded);
    assert_true(count.orders >= walked.count);
    free(all.texts);
    free(walked.texts);
    return count;
}

/* ---- toys ---- */

static void packets_to_different_elements_make_one_order(void **state)
{
    const struct toy toy = {{{0, 1, -1, false}, {0, 2, -1, false}, {1, 3, -1, false}}, 3};
    (void)state;
    struct ds_orders_count count = expect_all(&toy);
    assert_int_equal(count.orders, 1);
    assert_int_equal(count.runs, 1);
}

static void three_at_one_element_make_six_orders(void **state)
{
    const struct toy toy = {{{0, 3, -1, false}, {1, 3, -1, false}, {2, 3, -1, false}}, 3};
    (void)state;
    assert_int_equal(expect_all(&toy).orders, 6);
}

static void a_stream_keeps_its_order(void **state)
{
    const struct toy toy = {{{0, 3, -1, true}, {0, 3, -1, true}, {1, 3, -1, true}}, 3};
    (void)state;
    assert_int_equal(expect_all(&toy).orders, 3);
}

static void an_answer_cannot_overtake_its_question(void **state)
{
    const struct toy toy = {{{0, 1, -1, false}, {1, 0, 0, false}, {0, 1, 1, false}}, 3};
    (void)state;
    assert_int_equal(expect_all(&toy).orders, 1);
}

/* CANCEL against 200: each crosses the other on its way over a proxy. */
static void two_that_cross_meet_in_three_ways(void **state)
{
    const struct toy toy = {{{0, 1, -1, true}, {2, 1, -1, true}, {1, 2, 0, true}, {1, 0, 1, true}},
                            4};
    (void)state;
    assert_int_equal(expect_all(&toy).orders, 2);
}

/* A packet that was not yet on its way when the one it could have overtaken arrived. */
static void a_chain_may_come_before_what_was_there_first(void **state)
{
    const struct toy toy = {{{0, 3, -1, false}, {1, 2, -1, false}, {2, 3, 1, false}}, 3};
    (void)state;
    assert_int_equal(expect_all(&toy).orders, 2);
}

static struct toy draw(uint64_t seed)
{
    struct ds_rng rng;
    struct toy toy = {0};
    ds_rng_seed(&rng, seed);
    toy.count = 2 + ds_rng_below(&rng, 6);
    for (size_t i = 0; i < toy.count; i++) {
        struct toy_packet *packet = &toy.packets[i];
        packet->cause = (int)ds_rng_below(&rng, i + 1) - 1;
        packet->from = packet->cause < 0 ? (uint32_t)ds_rng_below(&rng, ELEMENTS)
                                         : toy.packets[packet->cause].to;
        packet->to = (uint32_t)(packet->from + 1 + ds_rng_below(&rng, ELEMENTS - 1)) % ELEMENTS;
        packet->stream = ds_rng_below(&rng, 2) == 0;
    }
    return toy;
}

static void the_walk_finds_what_trying_everything_finds(void **state)
{
    uint64_t runs = 0, orders = 0;
    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        const struct toy toy = draw(seed);
        struct ds_orders_count count = expect_all(&toy);
        runs += count.runs;
        orders += count.orders;
    }
    assert_true(runs < orders + orders / 10); /* and hardly anything twice */
}

static void a_walk_that_is_cut_says_so(void **state)
{
    const struct toy toy = {{{0, 3, -1, false}, {1, 3, -1, false}, {2, 3, -1, false}}, 3};
    struct ds_orders *orders = NULL;
    (void)state;
    assert_int_equal(ds_orders_new(2, &orders), DS_OK);
    bool more = true;
    for (int runs = 0; more; runs++) {
        struct toy_run run;
        struct ds_net_flight flights[PACKETS];
        size_t indexes[PACKETS];
        assert_true(runs < 2);
        ds_orders_begin(orders);
        begin(&run, &toy);
        for (size_t count = list_flights(&run, flights, indexes); count > 0;
             count = list_flights(&run, flights, indexes))
            arrive(&run, indexes[ds_orders_choose(orders, flights, count)]);
        more = ds_orders_end(orders);
    }
    assert_true(ds_orders_count(orders).bounded);
    assert_int_equal(ds_orders_count(orders).runs, 2);
    ds_orders_free(&orders);
}

int test_orders(void);

int test_orders(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_to_different_elements_make_one_order),
        cmocka_unit_test(three_at_one_element_make_six_orders),
        cmocka_unit_test(a_stream_keeps_its_order),
        cmocka_unit_test(an_answer_cannot_overtake_its_question),
        cmocka_unit_test(two_that_cross_meet_in_three_ways),
        cmocka_unit_test(a_chain_may_come_before_what_was_there_first),
        cmocka_unit_test(the_walk_finds_what_trying_everything_finds),
        cmocka_unit_test(a_walk_that_is_cut_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
