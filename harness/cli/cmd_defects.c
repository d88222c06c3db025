#include "defects_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The kill matrix: each misbehaviour of defects.def switched on in the run that shows it best, in
 * the simulated world, and what turned red there. */

#define MOST_SEEDS 100000000u

static const char *full_name(struct ds_context *context, const struct ds_defect *defect)
{
    return ds_arena_print(context->arena, "%s:%s", ds_role_name(defect->role), defect->name);
}

/* ---- which ones ---- */

/* A pattern meets the misbehaviour, the requirement that must catch it, or the run. */
static bool
is_chosen(const struct ds_options *options, const struct ds_defect *defect, const char *name)
{
    for (size_t i = 0; i < options->word_count; i++)
        if (ds_pattern_matches(options->words[i], name) ||
            ds_pattern_matches(options->words[i], defect->requirement) ||
            ds_pattern_matches(options->words[i], defect->run))
            return true;
    return options->word_count == 0;
}

static ds_rc choose(struct ds_defect_matrix *matrix, struct ds_why *why)
{
    struct ds_context *context = matrix->context;
    size_t count;
    const struct ds_defect *all = ds_defects(&count);
    matrix->defects = ds_arena_alloc(context->arena, count * sizeof(const struct ds_defect *));
    matrix->plan.runs = ds_arena_alloc(context->arena, count * sizeof(struct ds_planned));
    matrix->kills = ds_arena_alloc(context->arena, count * sizeof(struct ds_kill));
    if (matrix->defects == NULL || matrix->plan.runs == NULL || matrix->kills == NULL)
        return ds_fail_memory(why);
    for (size_t i = 0; i < count; i++) {
        const char *name = full_name(context, &all[i]);
        ds_assert(ds_requirement_find(ds_slice_of(all[i].requirement)) != NULL);
        if (name == NULL)
            return ds_fail_memory(why);
        if (!is_chosen(&context->options, &all[i], name))
            continue;
        matrix->plan.runs[matrix->plan.count].defect = name;
        matrix->defects[matrix->plan.count++] = &all[i];
    }
    return matrix->plan.count > 0 ? DS_OK
                                  : ds_fail(why, DS_BAD,
                                            "no misbehaviour is chosen by this: see directsip "
                                            "list defects");
}

/* ---- their runs ---- */

/* Every run of the simulated world that has the name of one that is wanted, or more. */
static ds_rc
plan_candidates(const struct ds_defect_matrix *matrix, struct ds_plan *out, struct ds_why *why)
{
    struct ds_options *options = &matrix->context->options;
    options->world = "sim";
    options->shard = "1/1"; /* a CI system that deals runs out does not deal these */
    options->word_count = 0;
    for (size_t i = 0; i < matrix->plan.count; i++) {
        bool known = false;
        for (size_t k = 0; k < options->word_count && !known; k++)
            known = strcmp(options->words[k], matrix->defects[i]->run) == 0;
        if (known)
            continue;
        ds_assert(options->word_count < MOST_WORDS);
        options->words[options->word_count++] = matrix->defects[i]->run;
    }
    return ds_plan_make(matrix->context, out, why);
}

static ds_rc plan_one(struct ds_defect_matrix *matrix,
                      size_t index,
                      const struct ds_plan *candidates,
                      struct ds_why *why)
{
    const struct ds_defect *defect = matrix->defects[index];
    struct ds_planned *run = &matrix->plan.runs[index];
    const char *name = run->defect;
    for (size_t i = 0; i < candidates->count; i++) {
        if (strcmp(candidates->runs[i].id, defect->run) != 0)
            continue;
        *run = candidates->runs[i];
        run->defect = name;
        run->folder = ds_arena_print(matrix->context->arena, "defects/%s-%s",
                                     ds_role_name(defect->role), defect->name);
        return run->folder == NULL ? ds_fail_memory(why) : DS_OK;
    }
    return ds_fail(why, DS_BAD, "there is no run '%s' in the simulated world to show %s",
                   defect->run, name);
}

static ds_rc plan(struct ds_defect_matrix *matrix, struct ds_why *why)
{
    struct ds_plan candidates = {0};
    ds_rc rc = plan_candidates(matrix, &candidates, why);
    for (size_t i = 0; i < matrix->plan.count && rc == DS_OK; i++)
        rc = plan_one(matrix, i, &candidates, why);
    return rc;
}

/* ---- what came of it ---- */

static struct ds_kill kill_of(const struct ds_defect_matrix *matrix, size_t index)
{
    const struct ds_defect *defect = matrix->defects[index];
    return (struct ds_kill){.defect = matrix->plan.runs[index].defect,
                            .sentence = defect->sentence,
                            .requirement = defect->requirement,
                            .allowed = defect->allowed,
                            .run = &matrix->results[index]};
}

static void ended(void *owner, const struct ds_run_result *result)
{
    struct ds_defect_matrix *matrix = owner;
    const struct ds_kill kill = kill_of(matrix, (size_t)(result - matrix->results));
    matrix->progress.failed += ds_kill_judge(&kill) != DS_CAUGHT;
}

static void progress(void *owner, size_t count, size_t running)
{
    struct ds_defect_matrix *matrix = owner;
    ds_progress_show(&matrix->progress, count, running);
}

/* Without patterns: a requirement that no misbehaviour turns red has not shown that it can. */
static size_t say_unguarded(const struct ds_defect_matrix *matrix)
{
    size_t requirement_count, unguarded = 0;
    const struct ds_requirement *requirements = ds_requirements(&requirement_count);
    for (size_t i = 0; i < requirement_count; i++) {
        bool found = false;
        for (size_t k = 0; k < matrix->plan.count && !found; k++)
            found = strcmp(matrix->defects[k]->requirement, requirements[i].id) == 0;
        if (!found)
            printf("%s%s", unguarded++ == 0 ? "no misbehaviour shows that these can fail: " : " ",
                   requirements[i].id);
    }
    if (unguarded > 0)
        printf("\n");
    return unguarded;
}

static int exit_status(const struct ds_kill_matrix *kills, bool interrupted, size_t unguarded)
{
    size_t of[DS_KILL_VERDICTS] = {0};
    for (size_t i = 0; i < kills->count; i++)
        of[ds_kill_judge(&kills->kills[i])]++;
    if (interrupted)
        return DS_EXIT_INTERRUPTED;
    if (of[DS_NOT_RUN] > 0)
        return DS_EXIT_HARNESS;
    return of[DS_CAUGHT] < kills->count || unguarded > 0 ? DS_EXIT_FAIL : DS_EXIT_PASS;
}

static int report(struct ds_defect_matrix *matrix, double seconds, bool whole, bool interrupted)
{
    struct ds_context *context = matrix->context;
    struct ds_kill_matrix kills = {.kills = matrix->kills,
                                   .seconds = seconds,
                                   .folder = ds_report_folder(context),
                                   .version = ds_version()};
    struct ds_buf text = {0};
    struct ds_why why;
    for (size_t i = 0; i < matrix->plan.count; i++)
        if (matrix->results[i].id != NULL)
            matrix->kills[kills.count++] = kill_of(matrix, i);
    ds_report_kills(&kills, &context->out, &text);
    fputs(text.at == NULL ? "" : text.at, stdout);
    ds_buf_clean_up(&text);
    int status = exit_status(&kills, interrupted, whole ? say_unguarded(matrix) : 0);
    printf("reports: %s/defects\n", ds_report_folder(context));
    if (context->options.json != NULL &&
        ds_report_kills_json(&kills, context->options.json, &why) != DS_OK)
        status = ds_say(DS_EXIT_HARNESS, "%s", why.text);
    return status;
}

static int run_matrix(struct ds_defect_matrix *matrix, bool whole)
{
    struct ds_why why;
    struct ds_plan_run run = {.context = matrix->context,
                              .plan = &matrix->plan,
                              .results = matrix->results,
                              .at_once = matrix->at_once,
                              .ended = ended,
                              .progress = progress,
                              .owner = matrix};
    ds_rc rc = ds_plan_run(&run, &why);
    ds_progress_hide(&matrix->progress);
    int status = rc == DS_OK || rc == DS_GONE
                     ? report(matrix, run.seconds[DS_WORLD_SIM], whole, rc == DS_GONE)
                     : ds_say(DS_EXIT_HARNESS, "%s", why.text);
    for (size_t i = 0; i < matrix->plan.count; i++)
        ds_run_result_clean_up(&matrix->results[i]);
    return status;
}

static ds_rc
read_choices(struct ds_defect_matrix *matrix, uint64_t *clean_seeds, struct ds_why *why)
{
    const struct ds_options *options = &matrix->context->options;
    uint64_t at_once = 0;
    ds_rc rc = ds_option_jobs(options, &at_once, why);
    if (rc == DS_OK && options->clean != NULL)
        rc = ds_option_number(options->clean, "--clean", MOST_SEEDS, clean_seeds, why);
    if (rc == DS_OK && options->clean != NULL && *clean_seeds == 0)
        rc = ds_fail(why, DS_BAD, "--clean wants one seed at least");
    if (rc == DS_OK && options->clean != NULL && options->json != NULL)
        rc = ds_fail(why, DS_BAD, "--json is for the matrix, and --clean runs none");
    matrix->at_once = (size_t)at_once;
    return rc;
}

int ds_cmd_defects(struct ds_context *context)
{
    struct ds_defect_matrix matrix = {.context = context};
    bool whole = context->options.word_count == 0;
    struct ds_why why;
    uint64_t clean_seeds = 0;
    ds_rc rc = read_choices(&matrix, &clean_seeds, &why);
    if (rc == DS_OK)
        rc = choose(&matrix, &why);
    if (rc == DS_OK)
        rc = plan(&matrix, &why);
    if (rc != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    if (ds_make_folders(ds_report_folder(context), &why) != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "%s", why.text);
    matrix.progress = (struct ds_progress){.context = context, .total = matrix.plan.count};
    if (clean_seeds > 0)
        return ds_defects_clean(&matrix, clean_seeds);
    ds_assert(matrix.plan.count > 0);
    matrix.results = calloc(matrix.plan.count, sizeof *matrix.results);
    if (matrix.results == NULL)
        return ds_say(DS_EXIT_HARNESS, "out of memory");
    int status = run_matrix(&matrix, whole);
    free(matrix.results);
    return status;
}
