#include "one_run_internal.h"

#include <stdlib.h>
#include <string.h>

static void add_proof(struct ds_one_run *run, const struct ds_requirement *requirement)
{
    for (size_t i = 0; i < run->prove_count; i++)
        if (run->proves[i] == requirement)
            return;
    if (requirement != NULL && run->prove_count < MOST_RULES)
        run->proves[run->prove_count++] = requirement;
}

/* What this run is to prove: the scenario's own list, and its option's row. */
static void list_proofs(struct ds_one_run *run)
{
    const struct ds_scenario *scenario = run->planned->scenario;
    const struct ds_requirement *row[MOST_RULES];
    for (size_t i = 0; scenario->proves != NULL && scenario->proves[i] != NULL; i++)
        add_proof(run, ds_requirement_find(ds_slice_of(scenario->proves[i])));
    if (run->planned->call == NULL || run->had_failures || run->half_told)
        return;
    add_proof(run, ds_requirement_find(DS_LITERAL("OPT-01")));
    size_t count = scenario->stops_short ? 0
                                         : ds_expected_rules(run->planned->call, run->topo,
                                                             scenario->answered, row, MOST_RULES);
    for (size_t i = 0; i < count; i++)
        add_proof(run, row[i]);
}

static bool is_to_prove(const struct ds_one_run *run, const struct ds_requirement *requirement)
{
    for (size_t i = 0; i < run->prove_count; i++)
        if (run->proves[i] == requirement)
            return true;
    return false;
}

/* Elements that disagree on who is where keep to no option. */
static bool is_excused(const struct ds_one_run *run, const struct ds_finding *finding)
{
    return run->half_told && finding->requirement != NULL &&
           !is_to_prove(run, finding->requirement) && !ds_is_calm_requirement(finding->requirement);
}

/* Does this finding decide the run? A failure always does; anything else only where the run is to
 * prove it. */
static bool counts(const struct ds_one_run *run, const struct ds_finding *finding)
{
    if (is_excused(run, finding))
        return false;
    if (ds_run_in_any_weather(run))
        return finding->requirement != NULL && finding->verdict == DS_FAIL &&
               (ds_requirement_in_any_weather(finding->requirement) ||
                ds_is_calm_requirement(finding->requirement));
    if (run->had_failures && finding->requirement != NULL)
        return is_to_prove(run, finding->requirement) ||
               (finding->verdict == DS_FAIL && ds_requirement_in_any_weather(finding->requirement));
    if (finding->verdict == DS_FAIL || finding->requirement == NULL)
        return true;
    if (ds_is_calm_requirement(finding->requirement))
        return true;
    return is_to_prove(run, finding->requirement);
}

static const char *keep_text(struct ds_one_run *run, const char *text)
{
    return ds_arena_copy(run->result.arena, ds_slice_of(text == NULL ? "" : text));
}

static void keep_finding(struct ds_one_run *run, const struct ds_finding *finding)
{
    struct ds_result_finding *kept = &run->result.findings[run->result.finding_count++];
    *kept = (struct ds_result_finding){
        .known = ds_is_calm_requirement(finding->requirement) ? NULL : finding->requirement,
        .id = finding->requirement == NULL ? "" : finding->requirement->id,
        .requirement = finding->requirement == NULL ? "" : finding->requirement->sentence,
        .verdict = ds_verdict_name(finding->verdict),
        .sentence = keep_text(run, finding->sentence),
        .where = keep_text(run, finding->where),
        .frame_count = finding->frame_count,
        .counted = counts(run, finding),
    };
    memcpy(kept->frames, finding->frames, sizeof kept->frames);
}

/* The findings that decide, worst first: the run's own sentence is theirs. */
static void decide(struct ds_one_run *run)
{
    static const enum ds_verdict order[] = {DS_FAIL, DS_UNCLEAR, DS_NOT_SEEN};

    static const enum ds_result results[] = {DS_RESULT_FAIL, DS_RESULT_UNCLEAR, DS_RESULT_NOT_SEEN};

    for (size_t o = 0; o < DS_COUNT(order); o++)
        for (size_t i = 0; i < run->findings.count; i++) {
            const struct ds_finding *finding = &run->findings.list[i];
            if (finding->verdict == order[o] && counts(run, finding))
                ds_run_conclude(run, results[o], finding->where, finding->sentence);
        }
    ds_run_conclude(run, DS_RESULT_PASS, "", "");
}

ds_rc ds_run_keep_capture(const struct ds_one_run *run, struct ds_why *why)
{
    bool is_there = run->recorded == run->capture;
    struct ds_pcap_comment *comments =
        calloc(run->findings.count * DS_FINDING_MAX_FRAMES + 1, sizeof *comments);
    size_t count = 0;
    if (run->planned->leaves_nothing && run->result.result == DS_RESULT_PASS) {
        free(comments);
        return DS_OK;
    }
    for (size_t i = 0; comments != NULL && i < run->findings.count; i++) {
        const struct ds_finding *finding = &run->findings.list[i];
        const char *id = finding->requirement == NULL ? finding->where : finding->requirement->id;
        if (finding->verdict == DS_NOT_SEEN ||
            (finding->verdict == DS_PASS && !counts(run, finding)))
            continue;
        const char *text =
            ds_arena_print(run->arena, "%s %s: %s", ds_verdict_name(finding->verdict),
                           id == NULL ? "" : id, finding->sentence);
        for (size_t f = 0; text != NULL && f < finding->frame_count; f++)
            comments[count++] = (struct ds_pcap_comment){finding->frames[f], text};
    }
    ds_rc rc =
        count == 0 && is_there
            ? DS_OK
            : ds_pcap_annotate(run->recorded, is_there ? NULL : run->capture, comments, count, why);
    free(comments);
    return rc;
}

/* For the report's page, while the trace is open. */
static ds_rc draw(struct ds_one_run *run, const struct ds_trace *trace, struct ds_why *why)
{
    struct ds_buf deployment = {0}, seen = {0}, sound = {0};
    if (!run->context->wants_page)
        return DS_OK;
    ds_page_deployment(run->topo, &deployment);
    ds_page_seen(trace, &seen, &sound);
    run->result.deployment = deployment.at;
    run->result.seen = seen.at;
    run->result.sound = sound.at;
    return deployment.broken || seen.broken || sound.broken ? ds_fail_memory(why) : DS_OK;
}

ds_rc ds_run_judge(struct ds_one_run *run, struct ds_why *why)
{
    struct ds_trace *trace = NULL;
    const struct ds_trace_source source = {
        .path = run->recorded, .topo = run->topo, .judged = ds_world_kept_judged(run->kept->world)};
    ds_rc rc = ds_trace_read_source(&source, &trace, why);
    if (rc != DS_OK)
        return rc;
    list_proofs(run);
    rc = draw(run, trace, why);
    if (rc == DS_OK)
        rc = ds_check(trace, run->topo, &run->findings, why);
    const struct ds_judge_scenario judging = {.lua_root = run->context->lua_root,
                                              .code = run->context->kept.code,
                                              .scenario = run->planned->scenario,
                                              .call = run->planned->call,
                                              .trace = trace,
                                              .topo = run->topo};
    bool expects = !ds_run_in_any_weather(run);
    if (rc == DS_OK && expects &&
        ds_scenario_judge(&judging, &run->findings, &run->trouble) != DS_OK)
        ds_run_conclude(run, DS_RESULT_FAIL, run->trouble.where, run->trouble.why.text);
    struct ds_buf outline = {0};
    if (run->planned->has_twin)
        ds_outline_print(trace, &outline);
    run->result.outline = outline.at;
    ds_trace_free(&trace);
    if (ds_run_result_add_findings(&run->result, run->findings.count) != DS_OK)
        return ds_fail_memory(why);
    for (size_t i = 0; i < run->findings.count; i++)
        keep_finding(run, &run->findings.list[i]);
    decide(run);
    return rc;
}
