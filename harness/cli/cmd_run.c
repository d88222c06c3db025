#include "cli_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUN_TIMEOUT_S 30.0 /* beyond the scenario's own limit */

struct suite {
    struct ds_context *context;
    struct ds_plan plan;
    struct ds_why *whys; /* shared with the children: why one could not leave its verdict */
    struct ds_run_result *results;
    struct ds_progress progress;
};

static const char *report_folder(const struct ds_context *context)
{
    return context->options.report == NULL ? "reports/out" : context->options.report;
}

/* ---- one run, seen from the parent ---- */

static int job(void *owner, size_t index)
{
    struct suite *suite = owner;
    return ds_one_run(suite->context, &suite->plan.runs[index], &suite->whys[index]);
}

/* A run that left no verdict: it was ended from outside, or could not write. */
static void invent_result(struct suite *suite, size_t index, int status)
{
    const struct ds_planned *planned = &suite->plan.runs[index];
    struct ds_run_result *result = &suite->results[index];
    char sentence[512];
    if (suite->whys[index].text[0] != '\0')
        snprintf(sentence, sizeof sentence, "%s", suite->whys[index].text);
    else if (status != -1 && WIFSIGNALED(status))
        snprintf(sentence, sizeof sentence, "the run was ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
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
    };
}

static void print_result(struct suite *suite, const struct ds_run_result *result)
{
    const struct ds_terminal *terminal = &suite->context->out;
    struct ds_buf text = {0};
    bool passed = result->result == DS_RESULT_PASS || result->result == DS_RESULT_SKIP;
    if (!passed || terminal->verbosity >= 0)
        ds_report_line(result, terminal, &text);
    if (!passed)
        ds_report_failure(result, terminal, &text);
    ds_progress_hide(&suite->progress);
    fputs(text.at == NULL ? "" : text.at, stdout);
    fflush(stdout);
    ds_buf_clean_up(&text);
    suite->progress.failed += !passed;
}

static bool done(void *owner, size_t index, int status, double seconds)
{
    struct suite *suite = owner;
    char path[2048];
    struct ds_why why;
    snprintf(path, sizeof path, "%s/%s/verdict.json", report_folder(suite->context),
             suite->plan.runs[index].folder);
    bool fine = status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == DS_EXIT_PASS;
    if (!fine || ds_run_result_read(path, &suite->results[index], &why) != DS_OK)
        invent_result(suite, index, status);
    suite->results[index].seconds = seconds;
    print_result(suite, &suite->results[index]);
    return true;
}

static void progress(void *owner, size_t count, size_t running)
{
    struct suite *suite = owner;
    ds_progress_show(&suite->progress, count, running);
}

/* ---- the suite ---- */

/* "defect" becomes "role:defect"; anything that is no misbehaviour of ours is refused. */
static ds_rc name_defects(struct ds_context *context, struct ds_why *why)
{
    size_t count;
    const struct ds_defect *known = ds_defects(&count);
    for (size_t i = 0; i < context->options.defect_count; i++) {
        const char *given = context->options.defects[i], *colon = strchr(given, ':');
        const char *name = colon == NULL ? given : colon + 1;
        const struct ds_defect *found = NULL;
        for (size_t k = 0; k < count && found == NULL; k++)
            if (strcmp(known[k].name, name) == 0)
                found = &known[k];
        if (found == NULL)
            return ds_fail(why, DS_BAD, "there is no defect '%s': see directsip list defects",
                           name);
        if (colon == NULL)
            context->options.defects[i] =
                ds_arena_print(context->arena, "%s:%s", ds_role_name(found->role), found->name);
    }
    return DS_OK;
}

static ds_rc
read_jobs(const struct ds_context *context, size_t runs, size_t *out, struct ds_why *why)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t jobs = processors < 1 ? 4 : (uint64_t)processors * 4;
    ds_rc rc = DS_OK;
    if (context->options.jobs != NULL)
        rc = ds_option_number(context->options.jobs, "-j", 256, &jobs, why);
    if (rc == DS_OK && jobs == 0)
        rc = ds_fail(why, DS_BAD, "-j is at least 1");
    /* Runs that share one loopback without a shift of addresses would meet. */
    if (context->options.share != NULL)
        jobs = 1;
    *out = jobs > runs && runs > 0 ? runs : (size_t)jobs;
    return rc;
}

static int exit_status(const struct ds_suite_result *results, bool interrupted)
{
    size_t of[DS_RESULT_ERROR + 1] = {0};
    for (size_t i = 0; i < results->run_count; i++)
        of[results->runs[i].result]++;
    if (interrupted)
        return DS_EXIT_INTERRUPTED;
    if (of[DS_RESULT_ERROR] > 0)
        return DS_EXIT_HARNESS;
    if (of[DS_RESULT_FAIL] > 0)
        return DS_EXIT_FAIL;
    if (of[DS_RESULT_UNCLEAR] + of[DS_RESULT_NOT_SEEN] > 0)
        return DS_EXIT_UNSURE;
    if (of[DS_RESULT_SKIP] > 0 && of[DS_RESULT_PASS] == 0)
        return DS_EXIT_SKIP;
    return DS_EXIT_PASS;
}

typedef ds_rc report_fn(const struct ds_suite_result *suite, const char *path, struct ds_why *why);

static int
write_reports(const struct ds_context *context, const struct ds_suite_result *results, int status)
{
    const struct {
        const char *path;
        report_fn *write;
    } reports[] = {{context->options.junit, ds_report_junit},
                   {context->options.tap, ds_report_tap},
                   {context->options.json, ds_report_json},
                   {context->options.markdown, ds_report_markdown}};
    struct ds_why why;
    for (size_t i = 0; i < DS_COUNT(reports); i++)
        if (reports[i].path != NULL && reports[i].write(results, reports[i].path, &why) != DS_OK)
            status = ds_say(DS_EXIT_HARNESS, "%s", why.text);
    return status;
}

static void print_summary(const struct ds_context *context, const struct ds_suite_result *results)
{
    struct ds_buf text = {0};
    ds_report_matrix(results, &context->out, &text);
    printf("\n%s", text.at == NULL ? "" : text.at);
    printf("reports: %s\n", report_folder(context));
    ds_buf_clean_up(&text);
}

/* Runs that ended, in the plan's order: what was interrupted before it began is left out. */
static size_t gather(struct suite *suite)
{
    size_t kept = 0;
    for (size_t i = 0; i < suite->plan.count; i++)
        if (suite->results[i].id != NULL)
            suite->results[kept++] = suite->results[i];
    return kept;
}

static double longest_limit(const struct ds_plan *plan)
{
    double limit = 0;
    for (size_t i = 0; i < plan->count; i++)
        if (plan->runs[i].scenario->limit_s > limit)
            limit = plan->runs[i].scenario->limit_s;
    return limit;
}

static int run_suite(struct suite *suite, size_t at_once)
{
    struct ds_why why;
    struct ds_clock *clock = NULL;
    char hostname[256] = "localhost";
    gethostname(hostname, sizeof hostname - 1);
    if (ds_clock_new_real(&clock) != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "out of memory");
    const struct ds_jobs jobs = {.count = suite->plan.count,
                                 .at_once = at_once,
                                 .timeout_s = longest_limit(&suite->plan) + RUN_TIMEOUT_S,
                                 .job = job,
                                 .done = done,
                                 .progress = progress,
                                 .owner = suite};
    fflush(NULL);
    ds_rc rc = ds_jobs_run(&jobs, &why);
    ds_progress_hide(&suite->progress);
    ds_clock_turn(clock);
    const struct ds_suite_result results = {.runs = suite->results,
                                            .run_count = gather(suite),
                                            .seconds = (double)ds_now(clock) / (double)DS_S,
                                            .version = ds_version(),
                                            .hostname = hostname};
    ds_clock_free(&clock);
    if (rc != DS_OK && rc != DS_GONE)
        return ds_say(DS_EXIT_HARNESS, "%s", why.text);
    int status = exit_status(&results, rc == DS_GONE);
    print_summary(suite->context, &results);
    status = write_reports(suite->context, &results, status);
    for (size_t i = 0; i < results.run_count; i++)
        ds_run_result_clean_up(&suite->results[i]);
    return status;
}

int ds_cmd_run(struct ds_context *context)
{
    struct suite suite = {.context = context};
    struct ds_why why;
    size_t at_once = 1;
    int bypass;
    ds_rc rc = name_defects(context, &why);
    if (rc == DS_OK)
        rc = ds_option_bypass(&context->options, &bypass, &why);
    if (rc == DS_OK)
        rc = ds_plan_make(context, &suite.plan, &why);
    if (rc == DS_OK)
        rc = read_jobs(context, suite.plan.count, &at_once, &why);
    if (rc != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    if (suite.plan.count == 0)
        return context->options.allow_empty != NULL
                   ? DS_EXIT_PASS
                   : ds_say(DS_EXIT_USAGE, "no run is chosen by this: see directsip list runs");
    if (ds_make_folders(report_folder(context), &why) != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "%s", why.text);
    size_t shared = suite.plan.count * sizeof(struct ds_why);
    suite.results = calloc(suite.plan.count, sizeof *suite.results);
    if (suite.results == NULL)
        return ds_say(DS_EXIT_HARNESS, "out of memory");
    suite.whys = mmap(NULL, shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (suite.whys == MAP_FAILED) {
        free(suite.results);
        return ds_say(DS_EXIT_HARNESS, "out of memory");
    }
    suite.progress = (struct ds_progress){.context = context, .total = suite.plan.count};
    int status = run_suite(&suite, at_once);
    free(suite.results);
    munmap(suite.whys, shared);
    return status;
}
