#ifndef DS_EXPLORE_INTERNAL_H
#define DS_EXPLORE_INTERNAL_H

/*
 * The parts of `directsip explore`: the command (cmd_explore.c), seeds (explore_seeds.c), making
 * what failed simpler (explore_shrink.c), orders of arrival (explore_orders.c), and the scenario
 * file that a person keeps (found.c).
 */

#include "cli_internal.h"
#include "explore.h"

/* A run that broke something, made as simple as it could be. */
struct ds_found {
    struct ds_planned planned;   /* its faults are in the context's arena */
    struct ds_weather weather;   /* those faults, in numbers */
    struct ds_run_result result; /* owned */
    size_t seeds;                /* that failed in this way */
    size_t steps;                /* runs it took to make it simpler */
};

#define MOST_FOUND 8 /* ways of failing that are told; a person mends one after the other */

struct ds_exploration {
    struct ds_context *context;
    struct ds_plan runs;        /* of the scenarios named */
    uint64_t first_seed, seeds; /* seeds: with --orders the most runs of a walk */
    size_t at_once;             /* 0: what suits this machine */
    struct ds_found found[MOST_FOUND];
    size_t found_count;
    uint64_t done, orders, failed, skipped;
    double seconds;
};

/* Draws weather for each seed, and runs. DS_GONE when interrupted. */
DS_MUST_USE ds_rc ds_explore_seeds(struct ds_exploration *exploration, struct ds_why *why);
/* Runs simpler weather as long as the same requirement breaks. */
DS_MUST_USE ds_rc ds_explore_shrink(struct ds_exploration *exploration,
                                    struct ds_found *found,
                                    struct ds_why *why);
/* Runs what was found once more, so that its capture and verdict are there. */
DS_MUST_USE ds_rc ds_explore_again(struct ds_exploration *exploration,
                                   struct ds_found *found,
                                   struct ds_why *why);
/* Every order of arrival of each run. */
DS_MUST_USE ds_rc ds_explore_orders(struct ds_exploration *exploration, struct ds_why *why);

/* One run with this weather: its plan, for a seed. */
DS_MUST_USE ds_rc ds_explore_plan(const struct ds_exploration *exploration,
                                  const struct ds_planned *base,
                                  const struct ds_weather *weather,
                                  uint64_t seed,
                                  struct ds_planned *out);
/* The id of the first finding that decided against a run; "" where it ended otherwise (a crash,
 * say). */
const char *ds_explore_reason(const struct ds_run_result *result);
bool ds_explore_broke(const struct ds_run_result *result);
/* Adds a failure to those of its kind; false when it is one of a kind that is known, or too many
 * are. */
bool ds_explore_add(struct ds_exploration *exploration,
                    const struct ds_planned *planned,
                    const struct ds_weather *weather,
                    struct ds_run_result *result);

/* Leaves a scenario file that repeats it; `path` is in the arena. */
DS_MUST_USE ds_rc ds_found_write(const struct ds_exploration *exploration,
                                 const struct ds_found *found,
                                 const char **path,
                                 struct ds_why *why);

#endif
