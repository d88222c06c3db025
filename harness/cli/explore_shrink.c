#include "explore_internal.h"

#include <stdlib.h>
#include <string.h>

/* From weather that breaks something to less of it: all simpler ways are run side by side, and the
 * boldest that still breaks the same is gone on from. */

#define MOST_WAYS   64
#define MOST_ROUNDS 200

struct round {
    struct ds_plan plan;
    struct ds_planned runs[MOST_WAYS];
    struct ds_weather weathers[MOST_WAYS];
    struct ds_run_result results[MOST_WAYS];
};

static void ended(void *owner, const struct ds_run_result *result)
{
    (void)owner;
    (void)result;
}

static void progress(void *owner, size_t done, size_t running)
{
    (void)owner;
    (void)done, (void)running;
}

static ds_rc plan_round(const struct ds_exploration *exploration,
                        const struct ds_found *found,
                        struct round *round,
                        struct ds_why *why)
{
    size_t count = 0;
    while (count < MOST_WAYS &&
           ds_weather_simpler(&found->weather, count, &round->weathers[count])) {
        struct ds_planned *planned = &round->runs[count];
        if (ds_explore_plan(exploration, &found->planned, &round->weathers[count],
                            found->planned.seed, planned) != DS_OK)
            return ds_fail_memory(why);
        planned->folder =
            ds_arena_print(exploration->context->arena, "%s-%zu", found->planned.folder, count);
        if (planned->folder == NULL)
            return ds_fail_memory(why);
        count++;
    }
    round->plan = (struct ds_plan){.runs = round->runs, .count = count};
    return DS_OK;
}

/* Takes the first that still breaks the same; false when none does. */
static bool take_best(struct ds_found *found, struct round *round)
{
    bool taken = false;
    for (size_t i = 0; i < round->plan.count; i++) {
        struct ds_run_result *result = &round->results[i];
        bool same = result->id != NULL && ds_explore_broke(result) &&
                    strcmp(ds_explore_reason(result), ds_explore_reason(&found->result)) == 0;
        if (taken || !same) {
            ds_run_result_clean_up(result);
            continue;
        }
        const char *folder = found->planned.folder;
        ds_run_result_clean_up(&found->result);
        found->result = *result;
        found->weather = round->weathers[i];
        found->planned = round->runs[i];
        found->planned.folder = folder;
        taken = true;
    }
    return taken;
}

static ds_rc run_round(struct ds_exploration *exploration,
                       struct ds_found *found,
                       struct round *round,
                       bool *taken,
                       struct ds_why *why)
{
    ds_rc rc = plan_round(exploration, found, round, why);
    struct ds_plan_run run = {.context = exploration->context,
                              .plan = &round->plan,
                              .results = round->results,
                              .at_once = exploration->at_once,
                              .ended = ended,
                              .progress = progress};
    memset(round->results, 0, sizeof round->results);
    if (rc == DS_OK)
        rc = ds_plan_run(&run, why);
    found->steps += round->plan.count;
    *taken = take_best(found, round);
    return rc;
}

/* What is left on disk is the simplest run's, under the seed's own name. */
ds_rc ds_explore_again(struct ds_exploration *exploration,
                       struct ds_found *found,
                       struct ds_why *why)
{
    struct ds_run_result result = {0};
    const struct ds_plan plan = {.runs = &found->planned, .count = 1};
    struct ds_plan_run run = {.context = exploration->context,
                              .plan = &plan,
                              .results = &result,
                              .ended = ended,
                              .progress = progress};
    ds_rc rc = ds_plan_run(&run, why);
    if (rc == DS_OK && result.id != NULL) {
        ds_run_result_clean_up(&found->result);
        found->result = result;
    }
    return rc;
}

ds_rc ds_explore_shrink(struct ds_exploration *exploration,
                        struct ds_found *found,
                        struct ds_why *why)
{
    struct round *round = calloc(1, sizeof *round);
    bool taken = true;
    ds_rc rc = DS_OK;
    if (round == NULL)
        return ds_fail_memory(why);
    for (size_t i = 0; i < MOST_ROUNDS && taken && rc == DS_OK; i++)
        rc = run_round(exploration, found, round, &taken, why);
    free(round);
    return rc == DS_OK ? ds_explore_again(exploration, found, why) : rc;
}
