#ifndef DS_ORDERS_INTERNAL_H
#define DS_ORDERS_INTERNAL_H

/*
 * What a walk over orders remembers: the stack of steps (orders.c), and who could have known of
 * what when (causes.c).
 */

#include "explore.h"

#define DS_ORDERS_MAGIC    0x04de4501u
#define DS_ORDERS_WIDTH    64 /* packets on their way at once that are told apart */
#define DS_ORDERS_DEPTH    20000
#define DS_ORDERS_ELEMENTS 32

/* How many arrivals at each element somebody can know of. */
struct knowledge {
    uint32_t arrivals[DS_ORDERS_ELEMENTS];
};

/* One arrival: what was on its way, what was chosen, what is still to be tried here. */
struct step {
    struct ds_net_flight flights[DS_ORDERS_WIDTH];
    size_t count, chosen;
    uint64_t to_try, done, asleep; /* bits of flights */
    size_t element;                /* of the chosen one's arrival, and its number there */
    uint32_t number;
};

struct element {
    uint32_t ip; /* 0: free */
    struct knowledge knows;
};

/* A packet, and what its sender knew. */
struct packet {
    uint64_t id;
    struct knowledge knew;
};

struct ds_orders {
    uint32_t magic;
    struct step *steps; /* owned */
    size_t depth;       /* of the run at work */
    size_t length;      /* steps whose choice is laid down */
    size_t cap;
    struct element elements[DS_ORDERS_ELEMENTS];
    struct packet *packets; /* owned; seen in this run */
    size_t packet_count, packet_cap;
    uint64_t most;
    bool redundant;
    struct ds_orders_count count;
};

/* The step's choice arrives: notes who knows what, and has the walk come back where it raced. */
void ds_orders_watch(struct ds_orders *orders, struct step *step);

#endif
