#include "cli_internal.h"

#include <stdio.h>

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

/* What the parts of a capture said of each requirement. */
struct judgement {
    const struct ds_context *context;
    size_t of[DS_NOT_SEEN + 1];
    bool *seen; /* owned; of each requirement, in any part */
};

/* Where a part lacks something, another may have it. */
static void print_findings(const struct ds_findings *findings, struct judgement *judgement)
{
    const struct ds_requirement *first = ds_requirements(&(size_t){0});
    for (size_t i = 0; i < findings->count; i++) {
        const struct ds_finding *finding = &findings->list[i];
        if (finding->verdict == DS_NOT_SEEN)
            continue;
        judgement->of[finding->verdict]++;
        judgement->seen[finding->requirement - first] = true;
        print_finding(judgement->context, finding);
    }
}

/* Not-seen is told only where somebody asks for every requirement: a capture proves what it holds.
 */
static void print_not_seen(struct judgement *judgement)
{
    size_t count;
    const struct ds_requirement *requirements = ds_requirements(&count);
    for (size_t i = 0; i < count; i++) {
        if (judgement->seen[i])
            continue;
        const struct ds_finding finding = {.requirement = &requirements[i],
                                           .verdict = DS_NOT_SEEN,
                                           .sentence = "nothing that it is about was met"};
        judgement->of[DS_NOT_SEEN]++;
        if (judgement->context->options.verbose != NULL)
            print_finding(judgement->context, &finding);
    }
}

static int conclude(const struct judgement *judgement)
{
    const size_t *of = judgement->of;
    printf("\n%zu passed, %zu failed, %zu unclear, %zu not seen\n", of[DS_PASS], of[DS_FAIL],
           of[DS_UNCLEAR], of[DS_NOT_SEEN]);
    if (of[DS_FAIL] > 0)
        return DS_EXIT_FAIL;
    return of[DS_UNCLEAR] > 0 || of[DS_PASS] == 0 ? DS_EXIT_UNSURE : DS_EXIT_PASS;
}

static ds_rc judge_part(void *owner, const struct ds_trace *trace, struct ds_why *why)
{
    struct judgement *judgement = owner;
    struct ds_findings findings = {0};
    ds_rc rc = ds_arena_new(&findings.arena);
    if (rc != DS_OK)
        return ds_fail_memory(why);
    ds_capture_say_gaps(trace);
    rc = ds_check(trace, trace->topo, &findings, why);
    if (rc == DS_OK)
        print_findings(&findings, judgement);
    ds_arena_free(&findings.arena);
    return rc;
}

static int judge(struct ds_context *context, const struct ds_topo *topo, const char *path)
{
    const struct ds_trace_source source = {
        .path = ds_capture_path(path), .topo = topo, .keylog_path = context->options.keylog};
    struct judgement judgement = {.context = context};
    struct ds_trace_reader *reader = NULL;
    struct ds_why why;
    size_t count;
    (void)ds_requirements(&count);
    judgement.seen = ds_arena_alloc(context->arena, count * sizeof(bool));
    if (judgement.seen == NULL)
        return ds_say(DS_EXIT_HARNESS, "out of memory");
    if (ds_trace_open(&source, &reader, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    ds_rc rc = ds_capture_each_part(reader, judge_part, &judgement, &why);
    ds_trace_reader_free(&reader);
    if (rc != DS_OK)
        return ds_say(DS_EXIT_HARNESS, "%s", why.text);
    print_not_seen(&judgement);
    return conclude(&judgement);
}

int ds_cmd_check(struct ds_context *context)
{
    const struct ds_options *options = &context->options;
    const struct ds_topo *topo = NULL;
    struct ds_why why;
    if (options->word_count != 1 || options->topology == NULL)
        return ds_say(
            DS_EXIT_USAGE,
            "check wants a topology and one capture: directsip check --topology T CAPTURE");
    if (ds_open_topology(context, options->topology, &topo, &why) != DS_OK)
        return ds_say(DS_EXIT_USAGE, "%s", why.text);
    return judge(context, topo, options->words[0]);
}
