#include "explore_internal.h"

#include <stdio.h>
#include <stdlib.h>

#define DEFAULT_SEEDS  1000
#define DEFAULT_ORDERS 10000
#define MOST_SEEDS     100000000u

static ds_rc read_choices(struct ds_exploration *exploration, struct ds_why *why)
{
    struct ds_options *options = &exploration->context->options;
    uint64_t at_once = 0;
    exploration->first_seed = 1;
    exploration->seeds = options->orders != NULL ? DEFAULT_ORDERS : DEFAULT_SEEDS;
    options->world = ds_world_kind_name(DS_WORLD_SIM);
    ds_rc rc = DS_OK;
    if (options->word_count == 0)
        return ds_fail(why, DS_BAD, "say which scenario: directsip explore calls/busy");
    if (options->seeds != NULL)
        rc = ds_option_number(options->seeds, "--seeds", MOST_SEEDS, &exploration->seeds, why);
    if (rc == DS_OK && exploration->seeds == 0)
        rc = ds_fail(why, DS_BAD, "--seeds is one at least");
    if (rc == DS_OK)
        rc = ds_option_defects(exploration->context, why);
    if (rc == DS_OK && options->seed != NULL)
        rc = ds_option_number(options->seed, "--seed", UINT64_MAX - MOST_SEEDS,
                              &exploration->first_seed, why);
    if (rc == DS_OK && options->jobs != NULL)
        rc = ds_option_number(options->jobs, "-j", 256, &at_once, why);
    exploration->at_once = (size_t)at_once;
    return rc == DS_OK ? ds_plan_make(exploration->context, &exploration->runs, why) : rc;
}

/* ---- what is told ---- */

static void print_faults(const struct ds_planned *planned)
{
    for (const char *const *line = planned->faults; *line != NULL; line++)
        printf("      %s %s\n", line == planned->faults ? "faults" : "      ", *line);
}

/* The file that is kept repeats it whole, also what a command line could not say. */
static void rerun_from(const struct ds_context *context, struct ds_found *found, const char *path)
{
    struct ds_buf text = {0};
    ds_buf_print(&text, "directsip run '%s'", path);
    for (size_t i = 0; i < context->options.defect_count; i++)
        ds_buf_print(&text, " --defect %s", context->options.defects[i]);
    free(found->result.rerun);
    found->result.rerun = text.broken ? NULL : text.at;
}

static ds_rc tell(struct ds_exploration *exploration, struct ds_found *found, struct ds_why *why)
{
    const struct ds_terminal *terminal = &exploration->context->out;
    const char *path = NULL;
    struct ds_buf text = {0};
    ds_rc rc = found->weather.count > 0 ? ds_explore_shrink(exploration, found, why)
                                        : ds_explore_again(exploration, found, why);
    if (rc == DS_OK)
        rc = ds_found_write(exploration, found, &path, why);
    if (rc != DS_OK)
        return rc;
    rerun_from(exploration->context, found, path);
    ds_report_line(&found->result, terminal, &text);
    ds_report_failure(&found->result, terminal, &text);
    fputs(text.at == NULL ? "" : text.at, stdout);
    ds_buf_clean_up(&text);
    if (found->weather.count > 0)
        print_faults(&found->planned);
    if (found->weather.count > 0)
        printf("      found  by seed %llu, and %zu more like it; %zu runs made it simpler\n",
               (unsigned long long)found->planned.seed, found->seeds - 1, found->steps);
    printf("\n");
    return DS_OK;
}

static void summarise(const struct ds_exploration *exploration, bool interrupted)
{
    double rate = exploration->seconds > 0 ? (double)exploration->done / exploration->seconds : 0;
    if (exploration->context->options.orders != NULL)
        printf("%llu orders of arrival in %llu runs", (unsigned long long)exploration->orders,
               (unsigned long long)exploration->done);
    else
        printf("%llu seeds over %zu run%s", (unsigned long long)exploration->done,
               exploration->runs.count, exploration->runs.count == 1 ? "" : "s");
    printf(": %llu failed in %zu way%s%s; %.1f s, %.0f a second%s\n",
           (unsigned long long)exploration->failed, exploration->found_count,
           exploration->found_count == 1 ? "" : "s",
           exploration->found_count == MOST_FOUND ? " or more" : "", exploration->seconds, rate,
           interrupted ? "; interrupted" : "");
}

static int conclude(struct ds_exploration *exploration, ds_rc rc, struct ds_why *why)
{
    bool interrupted = rc == DS_GONE;
    for (size_t i = 0; i < exploration->found_count && rc == DS_OK; i++)
        rc = tell(exploration, &exploration->found[i], why);
    interrupted |= rc == DS_GONE;
    if (rc != DS_OK && !interrupted)
        return ds_say(DS_EXIT_HARNESS, "%s", why->text);
    summarise(exploration, interrupted);
    if (interrupted)
        return DS_EXIT_INTERRUPTED;
    if (exploration->failed > 0)
        return DS_EXIT_FAIL;
    return exploration->done == exploration->skipped ? DS_EXIT_SKIP : DS_EXIT_PASS;
}

int ds_cmd_explore(struct ds_context *context)
{
    struct ds_exploration exploration = {.context = context};
    struct ds_why why;
    if (read_choices(&exploration, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    if (exploration.runs.count == 0)
        return ds_say(DS_EXIT_USAGE, "no run is chosen by this: see directsip list runs");
    ds_rc rc = context->options.orders != NULL ? ds_explore_orders(&exploration, &why)
                                               : ds_explore_seeds(&exploration, &why);
    int status = conclude(&exploration, rc, &why);
    for (size_t i = 0; i < exploration.found_count; i++)
        ds_run_result_clean_up(&exploration.found[i].result);
    return status;
}
