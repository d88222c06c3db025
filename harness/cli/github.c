#include "cli_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

/* As a step of GitHub Actions: annotations on stdout, and the summary of the job's page. Whatever
 * else is printed may hold words from the wire, so until the annotations no line is a command. */

ds_rc ds_github_begin(struct ds_context *context, struct ds_why *why)
{
    const char *choice = context->options.github == NULL ? "auto" : context->options.github;
    const char *told = getenv("GITHUB_ACTIONS");
    uint64_t chance[2];
    if (strcmp(choice, "auto") != 0 && strcmp(choice, "on") != 0 && strcmp(choice, "off") != 0)
        return ds_fail(why, DS_BAD, "--github is auto, on or off, not '%s'", choice);
    if (strcmp(choice, "off") == 0 ||
        (strcmp(choice, "auto") == 0 && (told == NULL || strcmp(told, "true") != 0)))
        return DS_OK;
    if (getrandom(chance, sizeof chance, 0) != (ssize_t)sizeof chance)
        return ds_fail(why, DS_IO, "the machine gives no random bytes for --github");
    context->github = ds_arena_print(context->arena, "%016llx%016llx",
                                     (unsigned long long)chance[0], (unsigned long long)chance[1]);
    if (context->github == NULL)
        return ds_fail_memory(why);
    printf("::stop-commands::%s\n", context->github);
    fflush(stdout); /* workers must not inherit it unwritten */
    return DS_OK;
}

static ds_rc append_summary(const struct ds_suite_result *suite, struct ds_why *why)
{
    const char *summary = getenv("GITHUB_STEP_SUMMARY");
    if (summary == NULL || summary[0] == '\0')
        return DS_OK;
    return ds_report_markdown_append(suite, summary, why);
}

ds_rc ds_github_end(const struct ds_context *context,
                    const struct ds_suite_result *suite,
                    struct ds_why *why)
{
    char folder[4096];
    struct ds_buf text = {0};
    if (context->github == NULL)
        return DS_OK;
    const struct ds_github github = {.workspace = getenv("GITHUB_WORKSPACE"),
                                     .folder = getcwd(folder, sizeof folder)};
    ds_report_github(suite, &github, &text);
    printf("::%s::\n%s", context->github, text.at == NULL ? "" : text.at);
    ds_rc rc = text.broken ? ds_fail_memory(why) : append_summary(suite, why);
    ds_buf_clean_up(&text);
    return rc;
}
