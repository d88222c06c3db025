#include "cli_internal.h"

#include <stdio.h>

/* What is written and said of all runs of a suite, when they have ended. */

int ds_suite_status(const struct ds_suite_result *suite)
{
    size_t of[DS_RESULT_ERROR + 1] = {0};
    for (size_t i = 0; i < suite->run_count; i++)
        of[suite->runs[i].result]++;
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

void ds_run_print(const struct ds_context *context, const struct ds_run_result *run)
{
    struct ds_buf text = {0};
    bool passed = run->result == DS_RESULT_PASS || run->result == DS_RESULT_SKIP;
    if (!passed || context->out.verbosity >= 0)
        ds_report_line(run, &context->out, &text);
    if (!passed)
        ds_report_failure(run, &context->out, &text);
    fputs(text.at == NULL ? "" : text.at, stdout);
    fflush(stdout);
    ds_buf_clean_up(&text);
}

void ds_suite_print(const struct ds_context *context, const struct ds_suite_result *suite)
{
    struct ds_buf text = {0};
    ds_report_matrix(suite, &context->out, &text);
    printf("\n%s", text.at == NULL ? "" : text.at);
    printf("report: %s/index.html\n", suite->folder);
    ds_buf_clean_up(&text);
}

/* Beside the folders of its runs. */
static ds_rc write_page(const struct ds_context *context,
                        const struct ds_suite_result *suite,
                        struct ds_why *why)
{
    const char *viewer = ds_viewer_folder(context);
    const char *path = ds_arena_print(context->arena, "%s/index.html", suite->folder);
    return viewer == NULL || path == NULL ? ds_fail_memory(why)
                                          : ds_report_page(suite, viewer, path, why);
}

static ds_rc write_certificate(const struct ds_context *context,
                               const struct ds_suite_result *suite,
                               struct ds_why *why)
{
    const char *viewer = ds_viewer_folder(context), *path = context->options.certificate;
    if (path == NULL)
        return DS_OK;
    return viewer == NULL ? ds_fail_memory(why) : ds_report_certificate(suite, viewer, path, why);
}

int ds_suite_write(const struct ds_context *context, const struct ds_suite_result *suite)
{
    const struct ds_options *options = &context->options;

    const struct {
        const char *path;
        ds_report_fn *write;
    } reports[] = {{options->junit, ds_report_junit},
                   {options->tap, ds_report_tap},
                   {options->json, ds_report_json},
                   {options->markdown, ds_report_markdown},
                   {options->code_quality, ds_report_code_quality}};

    int status = ds_suite_status(suite);
    struct ds_why why;
    for (size_t i = 0; i < DS_COUNT(reports); i++)
        if (reports[i].path != NULL && reports[i].write(suite, reports[i].path, &why) != DS_OK)
            status = ds_say(DS_EXIT_HARNESS, "%s", why.text);
    if (write_page(context, suite, &why) != DS_OK)
        status = ds_say(DS_EXIT_HARNESS, "%s", why.text);
    if (write_certificate(context, suite, &why) != DS_OK)
        status = ds_say(DS_EXIT_HARNESS, "%s", why.text);
    if (ds_github_end(context, suite, &why) != DS_OK)
        status = ds_say(DS_EXIT_HARNESS, "%s", why.text);
    return status;
}
