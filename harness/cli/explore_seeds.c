#include "explore_internal.h"

#include <stdlib.h>
#include <string.h>

/* Weather for each seed. Seeds take the runs of the scenarios in turn, so that one command covers
 * them all. */

#define BATCH 2000 /* seeds that are planned at once */

struct batch {
    struct ds_exploration *exploration;
    struct ds_plan plan;
    struct ds_weather *weathers;   /* owned, beside plan.runs */
    struct ds_run_result *results; /* owned, beside plan.runs */
    struct ds_progress progress;
    struct ds_clock *clock; /* owned */
};

bool ds_explore_broke(const struct ds_run_result *result)
{
    return result->result == DS_RESULT_FAIL || result->result == DS_RESULT_ERROR;
}

const char *ds_explore_reason(const struct ds_run_result *result)
{
    for (size_t i = 0; i < result->finding_count; i++)
        if (result->findings[i].counted && strcmp(result->findings[i].verdict, "fail") == 0)
            return result->findings[i].id;
    return "";
}

static bool is_same_kind(const struct ds_found *found,
                         const struct ds_planned *planned,
                         const struct ds_run_result *result)
{
    return found->planned.scenario == planned->scenario &&
           strcmp(ds_explore_reason(&found->result), ds_explore_reason(result)) == 0;
}

bool ds_explore_add(struct ds_exploration *exploration,
                    const struct ds_planned *planned,
                    const struct ds_weather *weather,
                    struct ds_run_result *result)
{
    for (size_t i = 0; i < exploration->found_count; i++)
        if (is_same_kind(&exploration->found[i], planned, result)) {
            exploration->found[i].seeds++;
            return false;
        }
    if (exploration->found_count == MOST_FOUND)
        return false;
    exploration->found[exploration->found_count++] =
        (struct ds_found){.planned = *planned, .weather = *weather, .result = *result, .seeds = 1};
    return true;
}

ds_rc ds_explore_plan(const struct ds_exploration *exploration,
                      const struct ds_planned *base,
                      const struct ds_weather *weather,
                      uint64_t seed,
                      struct ds_planned *out)
{
    struct ds_arena *arena = exploration->context->arena;
    *out = *base;
    out->seed = seed;
    out->faults = ds_weather_lines(weather, arena);
    out->folder =
        ds_arena_print(arena, "explore/%s-seed-%llu", base->folder, (unsigned long long)seed);
    out->in_any_weather = out->leaves_nothing = true;
    return out->faults == NULL || out->folder == NULL ? DS_NOMEM : DS_OK;
}

/* ---- one batch ---- */

static void ended(void *owner, const struct ds_run_result *result)
{
    struct batch *batch = owner;
    struct ds_exploration *exploration = batch->exploration;
    size_t index = (size_t)(result - batch->results);
    exploration->done++;
    exploration->skipped += result->result == DS_RESULT_SKIP;
    exploration->failed += ds_explore_broke(result);
    if (!ds_explore_broke(result) ||
        !ds_explore_add(exploration, &batch->plan.runs[index], &batch->weathers[index],
                        &batch->results[index]))
        ds_run_result_clean_up(&batch->results[index]);
    batch->results[index] = (struct ds_run_result){0};
}

static void show_progress(void *owner, size_t done, size_t running)
{
    struct batch *batch = owner;
    const struct ds_exploration *exploration = batch->exploration;
    (void)done, (void)running;
    ds_clock_turn(batch->clock);
    double seconds = exploration->seconds + (double)ds_now(batch->clock) / (double)DS_S;
    double rate = seconds > 0 ? (double)exploration->done / seconds : 0;
    double left = rate > 0 ? (double)(exploration->seeds - exploration->done) / rate : 0;
    ds_progress_say(&batch->progress, "%llu of %llu seeds, %llu failed, %.0f a second, %.0f s left",
                    (unsigned long long)exploration->done, (unsigned long long)exploration->seeds,
                    (unsigned long long)exploration->failed, rate, left);
}

static ds_rc plan_batch(struct batch *batch, uint64_t first, size_t count)
{
    const struct ds_exploration *exploration = batch->exploration;
    ds_rc rc = DS_OK;
    for (size_t i = 0; i < count && rc == DS_OK; i++) {
        uint64_t seed = exploration->first_seed + first + i;
        const struct ds_planned *base = &exploration->runs.runs[seed % exploration->runs.count];
        ds_weather_draw(base->topo, seed, &batch->weathers[i]);
        rc = ds_explore_plan(exploration, base, &batch->weathers[i], seed, &batch->plan.runs[i]);
    }
    batch->plan.count = count;
    return rc;
}

static ds_rc run_batch(struct batch *batch, struct ds_why *why)
{
    struct ds_exploration *exploration = batch->exploration;
    struct ds_plan_run run = {.context = exploration->context,
                              .plan = &batch->plan,
                              .results = batch->results,
                              .at_once = exploration->at_once,
                              .ended = ended,
                              .progress = show_progress,
                              .owner = batch};
    if (ds_clock_new_real(&batch->clock) != DS_OK)
        return ds_fail_memory(why);
    ds_rc rc = ds_plan_run(&run, why);
    ds_clock_free(&batch->clock);
    exploration->seconds += run.seconds[DS_WORLD_SIM];
    ds_progress_hide(&batch->progress);
    return rc;
}

static ds_rc open_batch(struct batch *batch, struct ds_exploration *exploration)
{
    *batch =
        (struct batch){.exploration = exploration, .progress = {.context = exploration->context}};
    batch->plan.runs = calloc(BATCH, sizeof *batch->plan.runs);
    batch->weathers = calloc(BATCH, sizeof *batch->weathers);
    batch->results = calloc(BATCH, sizeof *batch->results);
    return batch->plan.runs == NULL || batch->weathers == NULL || batch->results == NULL ? DS_NOMEM
                                                                                         : DS_OK;
}

static void close_batch(struct batch *batch)
{
    free(batch->plan.runs);
    free(batch->weathers);
    free(batch->results);
}

ds_rc ds_explore_seeds(struct ds_exploration *exploration, struct ds_why *why)
{
    struct batch batch;
    ds_rc rc = open_batch(&batch, exploration);
    if (rc != DS_OK)
        rc = ds_fail_memory(why);
    for (uint64_t first = 0; first < exploration->seeds && rc == DS_OK; first += BATCH) {
        uint64_t left = exploration->seeds - first;
        if (plan_batch(&batch, first, left < BATCH ? (size_t)left : BATCH) != DS_OK)
            rc = ds_fail_memory(why);
        else
            rc = run_batch(&batch, why);
    }
    close_batch(&batch);
    return rc;
}
