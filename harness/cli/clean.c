#include "defects_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_AT_ONCE 4096 /* runs planned together: memory is a round's */
#define MOST_TOLD    8

struct folder {
    char name[64];
};

struct clean {
    struct ds_defect_matrix *matrix;
    struct ds_plan runs; /* each once, whatever misbehaviours it shows */
    struct ds_plan round;
    struct folder *folders;
    struct ds_run_result *results; /* owned; of the round */
    uint64_t first_seed, seeds, done, told;
    uint64_t failed, unproven; /* runs; requirements, each time they were not proven */
    double seconds;
};

/* ---- which runs ---- */

static ds_rc list_runs(struct clean *clean, struct ds_why *why)
{
    const struct ds_plan *plan = &clean->matrix->plan;
    struct ds_arena *arena = clean->matrix->context->arena;
    clean->runs.runs = ds_arena_alloc(arena, plan->count * sizeof(struct ds_planned));
    clean->round.runs = ds_arena_alloc(arena, MOST_AT_ONCE * sizeof(struct ds_planned));
    clean->folders = ds_arena_alloc(arena, MOST_AT_ONCE * sizeof *clean->folders);
    clean->results = calloc(MOST_AT_ONCE, sizeof *clean->results);
    if (clean->runs.runs == NULL || clean->round.runs == NULL || clean->folders == NULL ||
        clean->results == NULL)
        return ds_fail_memory(why);
    for (size_t i = 0; i < plan->count; i++) {
        bool known = false;
        for (size_t k = 0; k < clean->runs.count && !known; k++)
            known = strcmp(clean->runs.runs[k].id, plan->runs[i].id) == 0;
        if (!known)
            clean->runs.runs[clean->runs.count++] = plan->runs[i];
    }
    return DS_OK;
}

/* The next seeds, each with the run whose turn it is. */
static void plan_round(struct clean *clean)
{
    uint64_t left = clean->seeds - clean->done;
    ds_assert(clean->runs.count > 0);
    clean->round.count = left < MOST_AT_ONCE ? (size_t)left : MOST_AT_ONCE;
    for (size_t i = 0; i < clean->round.count; i++) {
        struct ds_planned *run = &clean->round.runs[i];
        uint64_t nth = clean->done + i;
        *run = clean->runs.runs[nth % clean->runs.count];
        run->seed = clean->first_seed + nth;
        snprintf(clean->folders[i].name, sizeof clean->folders[i].name, "defects/clean/seed-%llu",
                 (unsigned long long)run->seed);
        run->folder = clean->folders[i].name;
        run->defect = NULL;
        run->leaves_nothing = true;
    }
}

/* ---- what came of one ---- */

static bool is_proven(const struct ds_run_result *result, const char *id)
{
    for (size_t i = 0; i < result->finding_count; i++)
        if (strcmp(result->findings[i].id, id) == 0 &&
            strcmp(result->findings[i].verdict, ds_verdict_name(DS_PASS)) == 0)
            return true;
    return false;
}

/* Says which misbehaviours this run could not show. */
static uint64_t say_unproven(const struct clean *clean, const struct ds_run_result *result)
{
    const struct ds_defect_matrix *matrix = clean->matrix;
    uint64_t count = 0;
    for (size_t i = 0; i < matrix->plan.count; i++) {
        const struct ds_defect *defect = matrix->defects[i];
        if (strcmp(defect->run, result->id) != 0 || is_proven(result, defect->requirement))
            continue;
        count++;
        if (clean->told < MOST_TOLD)
            printf("      %s is not proven, so that %s cannot be seen to break it\n",
                   defect->requirement, matrix->plan.runs[i].defect);
    }
    return count;
}

static void tell(struct clean *clean, const struct ds_run_result *result)
{
    const struct ds_terminal *terminal = &clean->matrix->context->out;
    struct ds_buf text = {0};
    ds_report_line(result, terminal, &text);
    ds_report_failure(result, terminal, &text);
    ds_progress_hide(&clean->matrix->progress);
    if (clean->told < MOST_TOLD)
        fputs(text.at == NULL ? "" : text.at, stdout);
    ds_buf_clean_up(&text);
}

static void ended(void *owner, const struct ds_run_result *result)
{
    struct clean *clean = owner;
    bool failed = result->result != DS_RESULT_PASS;
    if (failed)
        tell(clean, result);
    uint64_t unproven = failed ? 0 : say_unproven(clean, result);
    clean->failed += failed;
    clean->unproven += unproven;
    clean->told += failed || unproven > 0;
    clean->matrix->progress.failed += failed || unproven > 0;
}

static void progress(void *owner, size_t count, size_t running)
{
    struct clean *clean = owner;
    ds_progress_say(&clean->matrix->progress, "%llu of %llu seeds, %zu at work, %zu not clean",
                    (unsigned long long)clean->done + count, (unsigned long long)clean->seeds,
                    running, clean->matrix->progress.failed);
}

/* ---- all of them ---- */

static ds_rc run_round(struct clean *clean, struct ds_why *why)
{
    struct ds_plan_run run = {.context = clean->matrix->context,
                              .plan = &clean->round,
                              .results = clean->results,
                              .at_once = clean->matrix->at_once,
                              .ended = ended,
                              .progress = progress,
                              .owner = clean};
    plan_round(clean);
    ds_rc rc = ds_plan_run(&run, why);
    clean->done += run.ended_count;
    clean->seconds += run.seconds[DS_WORLD_SIM];
    for (size_t i = 0; i < clean->round.count; i++) {
        ds_run_result_clean_up(&clean->results[i]);
        clean->results[i] = (struct ds_run_result){0};
    }
    return rc;
}

static int conclude(const struct clean *clean, ds_rc rc, const struct ds_why *why)
{
    if (rc != DS_OK && rc != DS_GONE)
        return ds_say(DS_EXIT_HARNESS, "%s", why->text);
    if (clean->told > MOST_TOLD)
        printf("      and %llu more\n", (unsigned long long)(clean->told - MOST_TOLD));
    printf("%llu clean seeds over %zu run%s: %llu failed, %llu requirements not proven; "
           "%.1f s, %.0f a second%s\n",
           (unsigned long long)clean->done, clean->runs.count, clean->runs.count == 1 ? "" : "s",
           (unsigned long long)clean->failed, (unsigned long long)clean->unproven, clean->seconds,
           clean->seconds > 0 ? (double)clean->done / clean->seconds : 0.0,
           rc == DS_GONE ? "; interrupted" : "");
    if (rc == DS_GONE)
        return DS_EXIT_INTERRUPTED;
    return clean->told > 0 ? DS_EXIT_FAIL : DS_EXIT_PASS;
}

int ds_defects_clean(struct ds_defect_matrix *matrix, uint64_t seeds)
{
    struct clean clean = {.matrix = matrix, .seeds = seeds};
    struct ds_why why = {""};
    ds_rc rc = list_runs(&clean, &why);
    clean.first_seed = matrix->plan.runs[0].seed;
    while (rc == DS_OK && clean.done < seeds)
        rc = run_round(&clean, &why);
    ds_progress_hide(&matrix->progress);
    free(clean.results);
    return conclude(&clean, rc, &why);
}
