#ifndef DS_EXPLORE_H
#define DS_EXPLORE_H

/*
 * How to look for trouble in a deployment: faults drawn from a seed, a failing lot of them made
 * simpler, and every order in which packets can arrive. Decides what is to be tried next and
 * remembers what was; runs nothing itself. A pure function of what it is given.
 */

#include "sim.h"
#include "topo.h"

/* ---- weather: the faults of one run ---- */

#define DS_WEATHER_MOST 5

enum ds_mishap_kind {
    DS_MISHAP_LOSE,
    DS_MISHAP_LOSE_ONE,
    DS_MISHAP_DUPLICATE,
    DS_MISHAP_DELAY,
    DS_MISHAP_REORDER,
    DS_MISHAP_CUT,
    DS_MISHAP_KILL,
    DS_MISHAP_FREEZE,
    DS_MISHAP_SPLIT,
    DS_MISHAP_MERGE,
    DS_MISHAP_SLOW,
    DS_MISHAP_JUMP,
    DS_MISHAP_KINDS
};

/* One fault in numbers, so that it can be made simpler; written as a line of docs/simulation.md.
   What a kind has no use for is 0. */
struct ds_mishap {
    enum ds_mishap_kind kind;
    const struct ds_topo_node *a, *b; /* elements; b NULL: a and everybody */

    enum { DS_ALL_PACKETS, DS_UDP_PACKETS, DS_TCP_PACKETS, DS_PACKETS_TO_A } which;

    uint32_t permille; /* of the packets */
    uint32_t number;   /* which packet; bytes of a segment; bytes a second */
    uint32_t time_ms;  /* of delay, gathering, leap */
    uint32_t jitter_ms;
    uint32_t at_ms, lasts_ms; /* run time; 0: from the start, to the end */
};

struct ds_weather {
    struct ds_mishap mishaps[DS_WEATHER_MOST];
    size_t count;
};

/* Between one fault and DS_WEATHER_MOST, of this topology's elements. */
void ds_weather_draw(const struct ds_topo *topo, uint64_t seed, struct ds_weather *out);
/* The lines, ended by NULL, in the arena; NULL when out of memory. */
const char *const *ds_weather_lines(const struct ds_weather *weather, struct ds_arena *arena);
/* The `index`-th way to make it simpler: a fault less, or one that does less; the boldest first.
   False when there is none with that number. */
bool ds_weather_simpler(const struct ds_weather *weather, size_t index, struct ds_weather *out);

/* ---- orders of arrival ---- */

/* A walk over every order in which packets can arrive, a run for each. A run in the same state sees
   the same packets: it must be a function of what was chosen before. */
struct ds_orders;

struct ds_orders_count {
    uint64_t runs,
        orders;   /* orders: runs that differ from all before in what some element saw first */
    bool bounded; /* there may be more: the walk was cut, or something did not fit its memory */
};

/* After `most` runs the walk is cut. */
DS_MUST_USE ds_rc ds_orders_new(uint64_t most, struct ds_orders **out);
void ds_orders_free(struct ds_orders **orders);
void ds_orders_begin(struct ds_orders *orders); /* a run begins */
/* Which of them arrives next: ds_net_choose(). */
size_t
ds_orders_choose(struct ds_orders *orders, const struct ds_net_flight *flights, size_t count);
/* The run is over; false when there is no other order. */
bool ds_orders_end(struct ds_orders *orders);
struct ds_orders_count ds_orders_count(const struct ds_orders *orders);
/* What was chosen in the run at work, or the one before: for repeating it. Returns how many. */
size_t ds_orders_list(const struct ds_orders *orders, uint8_t *out, size_t most);

#endif
