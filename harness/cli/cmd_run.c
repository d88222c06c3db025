#include "cli_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct suite {
    struct ds_context *context;
    struct ds_plan plan;
    struct ds_run_result *results;
    struct ds_progress progress;
    struct ds_origin origin;
};

/* ---- one run, seen from the parent ---- */

static void ended(void *owner, const struct ds_run_result *result)
{
    struct suite *suite = owner;
    ds_progress_hide(&suite->progress);
    ds_run_print(suite->context, result);
    suite->progress.failed += result->result != DS_RESULT_PASS && result->result != DS_RESULT_SKIP;
}

static void progress(void *owner, size_t count, size_t running)
{
    struct suite *suite = owner;
    ds_progress_show(&suite->progress, count, running);
}

/* ---- the suite ---- */

/* Runs that ended, in the plan's order: what was interrupted before it began is left out. */
static size_t gather(struct suite *suite)
{
    size_t kept = 0;
    for (size_t i = 0; i < suite->plan.count; i++)
        if (suite->results[i].id != NULL)
            suite->results[kept++] = suite->results[i];
    return kept;
}

static int report(struct suite *suite, const struct ds_plan_run *run, bool interrupted)
{
    const double *seconds = run->seconds;
    const struct ds_suite_result results = {.runs = suite->results,
                                            .run_count = gather(suite),
                                            .seconds =
                                                seconds[DS_WORLD_LOOPBACK] + seconds[DS_WORLD_SIM],
                                            .compared = run->compared,
                                            .different = run->different,
                                            .loopback_seconds = seconds[DS_WORLD_LOOPBACK],
                                            .sim_seconds = seconds[DS_WORLD_SIM],
                                            .folder = ds_report_folder(suite->context),
                                            .version = ds_version(),
                                            .hostname = suite->origin.hostname,
                                            .started = suite->origin.started};
    ds_suite_print(suite->context, &results);
    int status = ds_suite_write(suite->context, &results);
    if (interrupted)
        status = DS_EXIT_INTERRUPTED;
    for (size_t i = 0; i < results.run_count; i++)
        ds_run_result_clean_up(&suite->results[i]);
    return status;
}

static int run_suite(struct suite *suite, size_t at_once)
{
    struct ds_why why;
    struct ds_plan_run run = {.context = suite->context,
                              .plan = &suite->plan,
                              .results = suite->results,
                              .at_once = at_once,
                              .ended = ended,
                              .progress = progress,
                              .owner = suite};
    ds_rc rc = ds_plan_run(&run, &why);
    ds_progress_hide(&suite->progress);
    if (rc != DS_OK && rc != DS_GONE)
        return ds_say(DS_EXIT_HARNESS, "%s", why.text);
    return report(suite, &run, rc == DS_GONE);
}

static int choose_nothing(const struct ds_context *context, const struct ds_plan *plan)
{
    const struct ds_scenario *other = plan->elsewhere;
    bool wants_sim = context->options.world != NULL &&
                     strcmp(context->options.world, ds_world_kind_name(DS_WORLD_SIM)) == 0;
    if (context->options.allow_empty != NULL)
        return DS_EXIT_PASS;
    if (other == NULL)
        return ds_say(DS_EXIT_USAGE, "no run is chosen by this: see directsip list runs");
    return ds_say(DS_EXIT_USAGE, "%s runs in %s only: add --world %s", other->path,
                  wants_sim ? "the world of sockets" : "the simulated world",
                  wants_sim ? "loopback" : "sim");
}

int ds_cmd_run(struct ds_context *context)
{
    struct suite suite = {.context = context};
    struct ds_why why;
    context->wants_page = true;
    uint64_t at_once = 0;
    int bypass;
    ds_rc rc = ds_option_defects(context, &why);
    if (rc == DS_OK)
        rc = ds_option_bypass(&context->options, &bypass, &why);
    if (rc == DS_OK)
        rc = ds_plan_make(context, &suite.plan, &why);
    if (rc == DS_OK)
        rc = ds_option_jobs(&context->options, &at_once, &why);
    if (rc != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    for (size_t i = 0; i < suite.plan.count; i++)
        context->out.worlds |= suite.plan.runs[i].has_twin;
    if (suite.plan.count == 0)
        return choose_nothing(context, &suite.plan);
    if (ds_github_begin(context, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    if (ds_make_folders(ds_report_folder(context), &why) != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "%s", why.text);
    suite.results = calloc(suite.plan.count, sizeof *suite.results);
    if (suite.results == NULL || ds_origin_find(&suite.plan, &suite.origin) != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "out of memory");
    suite.progress = (struct ds_progress){.context = context, .total = suite.plan.count};
    int status = run_suite(&suite, (size_t)at_once);
    free(suite.results);
    return status;
}
