#include "cli_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A plan's runs in worker processes, one world after the other; each takes run after run. A
 * simulated run is nothing but work, so there are as many workers as processors; on sockets some
 * time is waited for. */

#define RUN_TIMEOUT_S 30.0 /* beyond the scenario's own limit */

/* The runs of one world. */
struct part {
    struct ds_plan_run *whole;
    size_t *indexes; /* in the plan; owned */
    size_t count;
    struct ds_kept kept; /* each worker fills its own copy, and ends with it */
};

static int job(void *owner, size_t index, struct ds_buf *answer)
{
    struct part *part = owner;
    const struct ds_planned *planned = &part->whole->plan->runs[part->indexes[index]];
    return ds_one_run(part->whole->context, planned, &part->kept, answer);
}

/* Whoever joins reports later must find it too. */
static ds_rc write_result(const struct ds_context *context,
                          const struct ds_planned *planned,
                          const struct ds_run_result *result,
                          struct ds_why *why)
{
    const char *base = ds_report_folder(context);
    const char *folder = ds_arena_print(context->arena, "%s/%s", base, planned->folder);
    const char *path = ds_arena_print(context->arena, "%s/%s/verdict.json", base, planned->folder);
    if (folder == NULL || path == NULL)
        return ds_fail_memory(why);
    ds_rc rc = ds_make_folders(folder, why);
    return rc == DS_OK ? ds_run_result_write(result, path, why) : rc;
}

/* A run that left no verdict: it was ended from outside, or could not write. */
static void invent_result(const struct ds_context *context,
                          const struct ds_planned *planned,
                          const struct ds_job_end *end,
                          struct ds_run_result *result)
{
    char sentence[512];
    if (end->status != DS_EXIT_PASS && end->answer.len > 0)
        snprintf(sentence, sizeof sentence, "%.*s", DS_FMT(end->answer));
    else if (end->signal != 0)
        snprintf(sentence, sizeof sentence, "the run was ended by signal %d (%s)", end->signal,
                 strsignal(end->signal));
    else
        snprintf(sentence, sizeof sentence, "the run left no verdict");
    *result = (struct ds_run_result){
        .id = strdup(planned->id),
        .scenario = strdup(planned->scenario->name),
        .scenario_path = strdup(planned->scenario->path),
        .topology = strdup(planned->topology),
        .variant = strdup(planned->variant == NULL ? "" : planned->variant),
        .call = strdup(planned->call == NULL ? "" : planned->call->name),
        .result = DS_RESULT_ERROR,
        .sentence = strdup(sentence),
        .seed = planned->seed,
        .world = strdup(ds_world_kind_name(planned->world)),
        .rerun = ds_rerun_command(context, planned, ds_world_kind_name(planned->world)),
        .seconds = planned->world == DS_WORLD_SIM ? 0 : end->seconds,
    };
}

static void done(void *owner, const struct ds_job_end *end)
{
    struct ds_plan_run *whole = ((const struct part *)owner)->whole;
    size_t index = ((const struct part *)owner)->indexes[end->index];
    const struct ds_planned *planned = &whole->plan->runs[index];
    struct ds_run_result *result = &whole->results[index];
    struct ds_why why;
    if (end->status != DS_EXIT_PASS || ds_run_result_unpack(end->answer, result) != DS_OK) {
        invent_result(whole->context, planned, end, result);
        if (write_result(whole->context, planned, result, &why) != DS_OK)
            ds_say(0, "%s", why.text);
    }
    if (ds_worlds_compare(whole, index, &why) != DS_OK)
        ds_say(0, "%s", why.text);
    whole->ended_count++;
    whole->ended(whole->owner, result);
}

static void progress(void *owner, size_t count, size_t running)
{
    const struct ds_plan_run *whole = ((const struct part *)owner)->whole;
    (void)count;
    whole->progress(whole->owner, whole->ended_count, running);
}

static double longest_limit(const struct part *part)
{
    double limit = 0;
    for (size_t i = 0; i < part->count; i++) {
        double own = part->whole->plan->runs[part->indexes[i]].scenario->limit_s;
        limit = own > limit ? own : limit;
    }
    return limit;
}

static size_t workers(const struct part *part, enum ds_world_kind world)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t at_once = part->whole->at_once;
    if (at_once == 0)
        at_once = (processors < 1 ? 1 : (size_t)processors) * (world == DS_WORLD_SIM ? 1 : 4);
    /* Runs that share one loopback without a shift of addresses would meet. */
    if (world == DS_WORLD_LOOPBACK && part->whole->context->options.share != NULL)
        at_once = 1;
    return at_once > part->count ? part->count : at_once;
}

/* Who shares a network with others leaves it with the process, and with all that the kernel still
 * has to say. */
static size_t runs_per_worker(const struct part *part, enum ds_world_kind world)
{
    bool is_apart = world == DS_WORLD_SIM ||
                    (part->whole->context->options.share == NULL && ds_net_can_isolate());
    return is_apart ? SIZE_MAX : 1;
}

static ds_rc run_part(struct part *part, enum ds_world_kind world, struct ds_why *why)
{
    struct ds_clock *clock = NULL;
    if (part->count == 0)
        return DS_OK;
    if (ds_clock_new_real(&clock) != DS_OK)
        return ds_fail_memory(why);
    const struct ds_jobs jobs = {.count = part->count,
                                 .at_once = workers(part, world),
                                 .per_worker = runs_per_worker(part, world),
                                 .timeout_s = longest_limit(part) + RUN_TIMEOUT_S,
                                 .job = job,
                                 .done = done,
                                 .progress = progress,
                                 .owner = part};
    fflush(NULL);
    ds_rc rc = ds_jobs_run(&jobs, why);
    ds_clock_turn(clock);
    part->whole->seconds[world] = (double)ds_now(clock) / (double)DS_S;
    ds_clock_free(&clock);
    return rc;
}

ds_rc ds_plan_run(struct ds_plan_run *run, struct ds_why *why)
{
    const struct ds_plan *plan = run->plan;
    struct part part = {.whole = run, .indexes = calloc(plan->count + 1, sizeof(size_t))};
    ds_rc rc = DS_OK;
    if (part.indexes == NULL)
        return ds_fail_memory(why);
    for (int world = 0; world < DS_WORLD_KINDS && rc == DS_OK; world++) {
        part.count = 0;
        for (size_t i = 0; i < plan->count; i++)
            if (plan->runs[i].world == (enum ds_world_kind)world)
                part.indexes[part.count++] = i;
        rc = run_part(&part, (enum ds_world_kind)world, why);
    }
    free(part.indexes);
    return rc;
}
