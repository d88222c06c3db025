#ifndef DS_TEST_PAIR_H
#define DS_TEST_PAIR_H

/* Two machines of a lab that talk over UDP, mediation and gateway, in numbers. */

#include "lab.h"

/* A machine's datagrams: who has come, in the order in which they came. */
struct ear {
    struct lab *lab;
    struct ds_udp *udp;
    unsigned numbers[4000];
    ds_us at[4000];
    size_t count;
};

static inline void hear(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct ear *ear = owner;
    unsigned number;
    (void)from;
    assert_true(bytes.len == sizeof number && ear->count < DS_COUNT(ear->numbers));
    memcpy(&number, bytes.at, sizeof number);
    ear->numbers[ear->count] = number;
    ear->at[ear->count++] = lab_now(ear->lab);
}

static inline void ear_open(struct lab *lab, struct ear *ear, uint32_t last)
{
    struct ds_why why;
    *ear = (struct ear){.lab = lab};
    assert_int_equal(ds_udp_open(lab->world.net, place(last, 5060), hear, ear, &ear->udp, &why),
                     DS_OK);
}

static inline void say(struct ear *from, const struct ear *to, unsigned number)
{
    ds_udp_send(from->udp, ds_udp_at(to->udp),
                (struct ds_slice){(const char *)&number, sizeof number});
}

struct pair {
    struct lab lab;
    struct ear mediation, gateway;
};

static inline struct pair *pair_open(uint64_t seed)
{
    struct pair *pair = test_calloc(1, sizeof *pair);
    lab_open(&pair->lab, seed);
    ear_open(&pair->lab, &pair->mediation, 1);
    ear_open(&pair->lab, &pair->gateway, 50);
    return pair;
}

static inline void pair_close(struct pair *pair)
{
    ds_udp_close(&pair->mediation.udp);
    ds_udp_close(&pair->gateway.udp);
    lab_close(&pair->lab);
    test_free(pair);
}

/* One every millisecond, from mediation to gateway. */
static inline void say_many(struct pair *pair, unsigned count)
{
    for (unsigned i = 1; i <= count; i++) {
        say(&pair->mediation, &pair->gateway, i);
        lab_run(&pair->lab, DS_MS);
    }
}

#endif
