#include "explore_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Every order of arrival of each run. One walk is one job, because it goes on from what the run
 * before has shown; walks of different runs go side by side. */

#define MOST_ARRIVALS 2000    /* of a run that is kept */
#define MOST_SECONDS  86400.0 /* of a walk: a person has long given up */

/* What a walk tells, in memory that it shares with the parent. */
struct walk {
    uint64_t runs, orders, failed;
    bool bounded, over;
    uint8_t arrivals[MOST_ARRIVALS]; /* of the first run that failed */
    size_t arrival_count;
};

struct walks {
    struct ds_exploration *exploration;
    struct walk *list;   /* shared; one for each run of the plan */
    struct ds_kept kept; /* each worker fills its own copy */
    struct ds_progress progress;
    struct ds_clock *clock; /* owned */
    bool out_of_memory;     /* a failure could not be kept */
};

/* ---- in a worker ---- */

/* Numbers among those that do not wait, which is how they are written down. */
struct recorder {
    struct ds_orders *orders;
    uint8_t numbers[MOST_ARRIVALS];
    size_t count;
};

static size_t choose(void *owner, const struct ds_net_flight *flights, size_t count)
{
    struct recorder *recorder = owner;
    size_t chosen = ds_orders_choose(recorder->orders, flights, count), number = 0;
    for (size_t i = 0; i < chosen; i++)
        number += !flights[i].waits;
    if (recorder->count < MOST_ARRIVALS)
        recorder->numbers[recorder->count++] = (uint8_t)number;
    return chosen;
}

static ds_rc plan_walk(const struct walks *walks, size_t index, struct ds_planned *out)
{
    struct ds_arena *arena = walks->exploration->context->arena;
    *out = walks->exploration->runs.runs[index];
    out->seed = walks->exploration->first_seed;
    out->folder = ds_arena_print(arena, "explore/%s-orders", out->folder);
    out->comes_to_rest = out->leaves_nothing = true;
    return out->folder == NULL ? DS_NOMEM : DS_OK;
}

/* The first failure is what the parent hears of in full: its result is the job's answer. */
static void note_run(struct walk *walk, const struct recorder *recorder, struct ds_buf *answer)
{
    struct ds_run_result result = {0};
    bool read = ds_run_result_unpack(ds_buf_slice(answer), &result) == DS_OK;
    bool broke = !read || ds_explore_broke(&result);
    if (broke && walk->failed++ == 0) {
        memcpy(walk->arrivals, recorder->numbers, recorder->count);
        walk->arrival_count = recorder->count;
    }
    ds_run_result_clean_up(&result);
}

static int walk_all(struct walks *walks, size_t index, struct ds_kept *kept, struct ds_buf *answer)
{
    struct walk *walk = &walks->list[index];
    struct recorder recorder = {0};
    struct ds_planned planned;
    struct ds_buf each = {0};
    int status = DS_EXIT_PASS;
    if (plan_walk(walks, index, &planned) != DS_OK ||
        ds_orders_new(walks->exploration->seeds, &recorder.orders) != DS_OK)
        return DS_EXIT_HARNESS;
    planned.choose = choose;
    planned.choose_owner = &recorder;
    for (bool more = true; more && status == DS_EXIT_PASS && !ds_interrupted();) {
        each.len = recorder.count = 0;
        ds_orders_begin(recorder.orders);
        status = ds_one_run(walks->exploration->context, &planned, kept, &each);
        uint64_t failed_before = walk->failed;
        note_run(walk, &recorder, &each);
        if (failed_before == 0 && walk->failed > 0)
            ds_buf_add(answer, ds_buf_slice(&each));
        more = ds_orders_end(recorder.orders);
        struct ds_orders_count count = ds_orders_count(recorder.orders);
        walk->runs = count.runs;
        walk->orders = count.orders;
        walk->bounded = count.bounded;
    }
    ds_orders_free(&recorder.orders);
    ds_buf_clean_up(&each);
    return status;
}

static int job(void *owner, size_t index, struct ds_buf *answer)
{
    struct walks *walks = owner;
    return walk_all(walks, index, &walks->kept, answer);
}

/* ---- in the parent ---- */

static ds_rc find_failure(struct walks *walks, size_t index, const struct ds_job_end *end)
{
    const struct walk *walk = &walks->list[index];
    struct ds_run_result result = {0};
    struct ds_planned planned;
    const struct ds_weather calm = {.count = 0};
    ds_rc rc = plan_walk(walks, index, &planned);
    if (rc == DS_OK && ds_run_result_unpack(end->answer, &result) != DS_OK)
        result = (struct ds_run_result){.id = strdup(planned.id),
                                        .result = DS_RESULT_ERROR,
                                        .sentence = strdup("the run ended with its process")};
    if (rc == DS_OK)
        rc = ds_arrivals_print(walk->arrivals, walk->arrival_count,
                               walks->exploration->context->arena, &planned.arrivals);
    if (rc != DS_OK || !ds_explore_add(walks->exploration, &planned, &calm, &result))
        ds_run_result_clean_up(&result);
    return rc;
}

static void done(void *owner, const struct ds_job_end *end)
{
    struct walks *walks = owner;
    struct walk *walk = &walks->list[end->index];
    walk->over = true;
    walk->failed += end->status != DS_EXIT_PASS && walk->failed == 0;
    walks->progress.failed += walk->failed > 0;
    if (walk->failed > 0 && find_failure(walks, end->index, end) != DS_OK)
        walks->out_of_memory = true;
}

static void show_progress(void *owner, size_t count, size_t running)
{
    struct walks *walks = owner;
    uint64_t runs = 0, orders = 0;
    (void)running;
    for (size_t i = 0; i < walks->exploration->runs.count; i++) {
        runs += walks->list[i].runs;
        orders += walks->list[i].orders;
    }
    ds_clock_turn(walks->clock);
    double seconds = (double)ds_now(walks->clock) / (double)DS_S;
    ds_progress_say(&walks->progress,
                    "%zu of %zu walks, %llu orders, %zu failed, %.0f runs a second", count,
                    walks->exploration->runs.count, (unsigned long long)orders,
                    walks->progress.failed, seconds > 0 ? (double)runs / seconds : 0.0);
}

static size_t workers(const struct ds_exploration *exploration)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t at_once = exploration->at_once;
    if (at_once == 0)
        at_once = processors < 1 ? 1 : (size_t)processors;
    return at_once < exploration->runs.count ? at_once : exploration->runs.count;
}

static void print_walk(const struct ds_planned *planned, const struct walk *walk)
{
    printf("%-9s %s  %llu orders%s, in %llu runs\n", walk->failed > 0 ? "FAIL" : "PASS",
           planned->id, (unsigned long long)walk->orders,
           !walk->over || walk->bounded ? ", cut there: there may be more" : ", all there are",
           (unsigned long long)walk->runs);
}

static ds_rc run_walks(struct walks *walks, struct ds_why *why)
{
    struct ds_exploration *exploration = walks->exploration;
    const struct ds_jobs jobs = {.count = exploration->runs.count,
                                 .at_once = workers(exploration),
                                 .per_worker = SIZE_MAX,
                                 .timeout_s = MOST_SECONDS,
                                 .job = job,
                                 .done = done,
                                 .progress = show_progress,
                                 .owner = walks};
    if (ds_clock_new_real(&walks->clock) != DS_OK)
        return ds_fail_memory(why);
    fflush(NULL);
    ds_rc rc = ds_jobs_run(&jobs, why);
    ds_progress_hide(&walks->progress);
    ds_clock_turn(walks->clock);
    exploration->seconds = (double)ds_now(walks->clock) / (double)DS_S;
    ds_clock_free(&walks->clock);
    for (size_t i = 0; i < exploration->runs.count; i++) {
        const struct walk *walk = &walks->list[i];
        exploration->done += walk->runs;
        exploration->orders += walk->orders;
        exploration->failed += walk->failed;
        if (walk->failed > 0 || exploration->context->out.verbosity >= 0)
            print_walk(&exploration->runs.runs[i], walk);
    }
    return rc == DS_OK && walks->out_of_memory ? ds_fail_memory(why) : rc;
}

ds_rc ds_explore_orders(struct ds_exploration *exploration, struct ds_why *why)
{
    size_t shared = exploration->runs.count * sizeof(struct walk);
    struct walks walks = {.exploration = exploration,
                          .progress = {.context = exploration->context}};
    walks.list = mmap(NULL, shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (walks.list == MAP_FAILED)
        return ds_fail_memory(why);
    ds_rc rc = run_walks(&walks, why);
    munmap(walks.list, shared);
    return rc;
}
