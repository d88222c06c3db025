#include "cli_internal.h"

#include <stdio.h>
#include <stdlib.h>

/* A capture made elsewhere, judged by the same checks. */

static const char *word_of(enum ds_verdict verdict, bool colour)
{
    static const char *const plain[] = {"pass    ", "FAIL    ", "unclear ", "not-seen"};
    static const char *const coloured[] = {"\033[32mpass    \033[0m", "\033[31mFAIL    \033[0m",
                                           "\033[33munclear \033[0m", "\033[33mnot-seen\033[0m"};
    return colour ? coloured[verdict] : plain[verdict];
}

static void print_finding(const struct ds_context *context, const struct ds_finding *finding)
{
    struct ds_buf text = {0};
    ds_buf_print(&text, "%s  %-8s ", word_of(finding->verdict, context->out.colour),
                 finding->requirement->id);
    ds_print_safe(&text, ds_slice_of(finding->sentence));
    for (size_t i = 0; i < finding->frame_count; i++)
        ds_buf_print(&text, "%s#%u", i == 0 ? "  " : ", ", finding->frames[i]);
    printf("%s\n", text.at == NULL ? "" : text.at);
    ds_buf_clean_up(&text);
}

/* Not-seen is told only where somebody asks for every requirement: a capture proves what it holds.
 */
static int print_findings(const struct ds_context *context, const struct ds_findings *findings)
{
    size_t of[DS_NOT_SEEN + 1] = {0};
    for (size_t i = 0; i < findings->count; i++) {
        of[findings->list[i].verdict]++;
        if (findings->list[i].verdict != DS_NOT_SEEN || context->options.verbose != NULL)
            print_finding(context, &findings->list[i]);
    }
    printf("\n%zu passed, %zu failed, %zu unclear, %zu not seen\n", of[DS_PASS], of[DS_FAIL],
           of[DS_UNCLEAR], of[DS_NOT_SEEN]);
    if (of[DS_FAIL] > 0)
        return DS_EXIT_FAIL;
    return of[DS_UNCLEAR] > 0 || of[DS_PASS] == 0 ? DS_EXIT_UNSURE : DS_EXIT_PASS;
}

static int judge(struct ds_context *context, const struct ds_topo *topo, const char *path)
{
    struct ds_findings findings = {.arena = context->arena};
    struct ds_trace *trace = NULL;
    struct ds_why why;
    const struct ds_trace_source source = {ds_capture_path(path), topo, context->options.keylog};
    if (ds_trace_read_source(&source, &trace, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    ds_capture_say_gaps(trace);
    int status = ds_check(trace, topo, &findings, &why) == DS_OK
                     ? print_findings(context, &findings)
                     : ds_say(DS_EXIT_HARNESS, "%s", why.text);
    ds_trace_free(&trace);
    return status;
}

int ds_cmd_check(struct ds_context *context)
{
    const struct ds_options *options = &context->options;
    struct ds_topo_choice choice = {.bypass = -1};
    const struct ds_topo *topo = NULL;
    const char *path;
    struct ds_why why;
    if (options->word_count != 1 || options->topology == NULL)
        return ds_say(
            DS_EXIT_USAGE,
            "check wants a topology and one capture: directsip check --topology T CAPTURE");
    ds_rc rc = ds_find_topology(context, options->topology, &path, &choice.variant, &why);
    if (rc == DS_OK)
        rc = ds_option_bypass(options, &choice.bypass, &why);
    if (rc == DS_OK)
        rc = ds_topo_load(path, &choice, context->arena, &topo, &why);
    if (rc != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    return judge(context, topo, options->words[0]);
}
