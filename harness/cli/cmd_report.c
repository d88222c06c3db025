#include "merge_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Reports on runs that have been done: the parts of a suite joined into one. */

static bool same_folder(const char *one, const char *other)
{
    struct stat a, b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static ds_rc read_parts(struct ds_merge *merge, struct ds_why *why)
{
    const struct ds_options *options = &merge->context->options;
    ds_rc rc = DS_OK;
    for (size_t i = 1; i < options->word_count && rc == DS_OK; i++) {
        if (same_folder(options->words[i], options->report))
            return ds_fail(why, DS_BAD,
                           "%s is to hold what is joined, and cannot be one of the parts too",
                           options->report);
        rc = ds_merge_read(merge, i, why);
    }
    return rc;
}

/* Every kind of report, beside the runs. */
static ds_rc write_all(const struct ds_suite_result *suite, struct ds_why *why)
{
    static const struct {
        const char *name;
        ds_report_fn *write;
    } reports[] = {{"junit.xml", ds_report_junit},
                   {"results.tap", ds_report_tap},
                   {"results.json", ds_report_json},
                   {"summary.md", ds_report_markdown},
                   {"code-quality.json", ds_report_code_quality}};

    ds_rc rc = DS_OK;
    for (size_t i = 0; i < DS_COUNT(reports) && rc == DS_OK; i++) {
        struct ds_buf path = {0};
        ds_buf_print(&path, "%s/%s", suite->folder, reports[i].name);
        rc = path.broken ? ds_fail_memory(why) : reports[i].write(suite, path.at, why);
        ds_buf_clean_up(&path);
    }
    return rc;
}

static size_t count_in_world(const struct ds_merge *merge, enum ds_world_kind world)
{
    size_t count = 0;
    for (size_t i = 0; i < merge->count; i++)
        count += strcmp(merge->runs[i].result.world, ds_world_kind_name(world)) == 0;
    return count;
}

static void print(struct ds_context *context, const struct ds_suite_result *suite)
{
    for (size_t i = 0; i < suite->run_count; i++)
        if (suite->runs[i].result != DS_RESULT_PASS && suite->runs[i].result != DS_RESULT_SKIP)
            ds_run_print(context, &suite->runs[i]);
    ds_suite_print(context, suite);
}

/* Of simulated runs alone their reports say the same wherever they were run. */
static int report(struct ds_merge *merge, struct ds_run_result *results)
{
    struct ds_context *context = merge->context;
    size_t simulated = count_in_world(merge, DS_WORLD_SIM);
    struct ds_origin origin = {0};
    struct ds_why why;
    if (simulated == merge->count && ds_origin_simulated(&origin) != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "the time of the simulated world cannot be told");
    context->out.worlds = simulated > 0 && simulated < merge->count;
    struct ds_suite_result suite = {.runs = results,
                                    .run_count = merge->count,
                                    .folder = ds_report_folder(context),
                                    .version = ds_version(),
                                    .hostname = origin.hostname,
                                    .started = origin.started};
    for (size_t i = 0; i < merge->count; i++) {
        results[i] = merge->runs[i].result;
        suite.seconds += results[i].seconds;
    }
    print(context, &suite);
    int status = ds_suite_write(context, &suite);
    if (write_all(&suite, &why) != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "%s", why.text);
    return merge->unfinished > 0 ? DS_EXIT_HARNESS : status;
}

static int settle_and_report(struct ds_merge *merge)
{
    const char *into = merge->context->options.report;
    struct ds_why why;
    ds_merge_settle(merge);
    if (ds_github_begin(merge->context, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    ds_rc rc = ds_make_folders(into, &why);
    if (rc == DS_OK)
        rc = ds_merge_keep(merge, into, &why);
    if (rc == DS_OK)
        rc = ds_merge_draw(merge, &why);
    if (rc != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "%s", why.text);
    struct ds_run_result *results = calloc(merge->count + 1, sizeof *results);
    int status =
        results == NULL ? ds_say(DS_EXIT_HARNESS, "out of memory") : report(merge, results);
    free(results);
    return status;
}

int ds_cmd_report(struct ds_context *context)
{
    const struct ds_options *options = &context->options;
    struct ds_merge merge = {.context = context};
    struct ds_why why;
    if (options->word_count < 2 || strcmp(options->words[0], "merge") != 0 ||
        options->report == NULL)
        return ds_say(DS_EXIT_USAGE, "report wants the folders of the parts, and one for the "
                                     "whole: directsip report merge DIR… -o DIR");
    int status = read_parts(&merge, &why) == DS_OK ? settle_and_report(&merge)
                                                   : ds_say(DS_EXIT_USAGE, "%s", why.text);
    for (size_t i = 0; i < merge.count; i++)
        ds_run_result_clean_up(&merge.runs[i].result);
    return status;
}
