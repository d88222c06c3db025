#include "cli_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* For calls that are ending: as long as a person waits, or until every timer of RFC 3261 has run
 * out. */
#define GRACE      (DS_S)
#define SIM_GRACE  (40 * DS_S)
#define MOST_RULES 96

/* One run from topology to verdict. The capture is closed before the first judgement, and only its
 * path is handed over. */
struct one_run {
    struct ds_context *context;
    const struct ds_planned *planned;
    struct ds_kept *kept;
    const struct ds_topo *topo;
    struct ds_arena *arena; /* owned */
    const char *folder, *capture, *verdict;
    const char *recorded;        /* the capture as it was closed; in the folder, or in memory */
    struct ds_run_result result; /* its strings are owned */
    struct ds_findings findings;
    struct ds_script_trouble trouble;
    const struct ds_requirement *proves[MOST_RULES];
    size_t prove_count;
};

static char *copy(const char *text)
{
    return strdup(text == NULL ? "" : text);
}

/* The first reason stands; a later one would only follow from it. */
static void
conclude(struct one_run *run, enum ds_result result, const char *where, const char *sentence)
{
    if (run->result.sentence != NULL)
        return;
    run->result.result = result;
    run->result.sentence = copy(sentence);
    free(run->result.where);
    run->result.where = copy(where);
}

/* ---- acting ---- */

static ds_rc load_topology(struct one_run *run, uint8_t net_shift, struct ds_why *why)
{
    const struct ds_options *options = &run->context->options;
    const struct ds_scenario *scenario = run->planned->scenario;
    const char *defects[DS_NODE_MAX_DEFECTS * 2 + 1];
    struct ds_topo_choice choice = {
        .variant = run->planned->variant, .net_shift = net_shift, .defects = defects};
    for (size_t i = 0; i < options->defect_count; i++)
        defects[choice.defect_count++] = options->defects[i];
    if (run->planned->defect != NULL)
        defects[choice.defect_count++] = run->planned->defect;
    for (size_t i = 0; scenario->defects != NULL && scenario->defects[i] != NULL &&
                       choice.defect_count < DS_COUNT(defects);
         i++)
        defects[choice.defect_count++] = scenario->defects[i];
    ds_rc rc = ds_option_bypass(options, &choice.bypass, why);
    return rc != DS_OK
               ? rc
               : ds_kept_topology(run->kept, run->planned->topology_path, &choice, &run->topo, why);
}

static bool in_any_weather(const struct one_run *run)
{
    return run->planned->in_any_weather || run->planned->scenario->in_any_weather;
}

static bool comes_to_rest(const struct one_run *run)
{
    return in_any_weather(run) || run->planned->comes_to_rest ||
           run->planned->scenario->arrivals != NULL;
}

static void act(struct one_run *run, struct ds_world *world)
{
    const struct ds_act acting = {.lua_root = run->context->lua_root,
                                  .code = run->kept->code,
                                  .scenario = run->planned->scenario,
                                  .call = run->planned->call,
                                  .world = world};
    if (ds_scenario_act(&acting, &run->trouble) == DS_OK)
        return;
    /* In bad weather a scenario may come to nothing. */
    if (in_any_weather(run) && !run->trouble.skipped && !run->trouble.harness && !ds_interrupted())
        return;
    enum ds_result result = run->trouble.skipped                       ? DS_RESULT_SKIP
                            : run->trouble.harness || ds_interrupted() ? DS_RESULT_ERROR
                                                                       : DS_RESULT_FAIL;
    conclude(run, result, run->trouble.where, run->trouble.why.text);
}

/* The scenario's own, then those of the command line. */
static void list_faults(const struct one_run *run, const char *out[3 * MOST_FAULTS + 1])
{
    const char *const *lists[] = {run->planned->scenario->faults, run->context->options.faults,
                                  run->planned->faults};
    size_t count = 0;
    for (size_t i = 0; i < DS_COUNT(lists); i++)
        for (size_t k = 0; lists[i] != NULL && lists[i][k] != NULL && count < 3 * MOST_FAULTS; k++)
            out[count++] = lists[i][k];
}

/* Leaves a closed capture, whatever happened. */
static ds_rc run_world(struct one_run *run, enum ds_evidence evidence, struct ds_why *why)
{
    struct ds_world *world = NULL;
    const char *faults[3 * MOST_FAULTS + 1] = {NULL};
    list_faults(run, faults);
    const struct ds_world_options options = {.topo = run->topo,
                                             .seed = run->planned->seed,
                                             .evidence = evidence,
                                             .capture_path = run->recorded,
                                             .kept = run->kept->world,
                                             .title = run->planned->id,
                                             .faults = faults};
    ds_rc rc = ds_world_new(&options, &world, why);
    if (rc != DS_OK)
        return rc;
    rc = ds_world_start(world, why);
    struct ds_arrivals arrivals = {.list = run->planned->arrivals != NULL
                                               ? run->planned->arrivals
                                               : run->planned->scenario->arrivals};
    if (rc == DS_OK && run->planned->choose != NULL)
        ds_world_choose(world, run->planned->choose, run->planned->choose_owner);
    else if (rc == DS_OK && arrivals.list != NULL)
        ds_world_choose(world, ds_arrivals_choose, &arrivals);
    if (rc == DS_OK)
        act(run, world);
    if (rc == DS_OK && comes_to_rest(run) && run->result.sentence == NULL)
        rc = ds_calm_down(world, &run->findings, why);
    run->result.seconds = (double)ds_world_now(world) / (double)DS_S;
    struct ds_slice log = ds_log_text(ds_world_log(world));
    run->result.log = strndup(log.at == NULL ? "" : log.at, log.len);
    struct ds_why close_why;
    ds_us grace = run->planned->world == DS_WORLD_SIM ? SIM_GRACE : GRACE;
    ds_rc closed = ds_world_close(&world, rc == DS_OK && !ds_interrupted() ? grace : 0, &close_why);
    if (rc == DS_OK && closed != DS_OK)
        rc = ds_fail(why, closed, "%s", close_why.text);
    return rc;
}

/* ---- judging ---- */

static void add_proof(struct one_run *run, const struct ds_requirement *requirement)
{
    for (size_t i = 0; i < run->prove_count; i++)
        if (run->proves[i] == requirement)
            return;
    if (requirement != NULL && run->prove_count < MOST_RULES)
        run->proves[run->prove_count++] = requirement;
}

/* What this run is to prove: the scenario's own list, and its option's row. */
static void list_proofs(struct one_run *run)
{
    const struct ds_scenario *scenario = run->planned->scenario;
    const struct ds_requirement *row[MOST_RULES];
    for (size_t i = 0; scenario->proves != NULL && scenario->proves[i] != NULL; i++)
        add_proof(run, ds_requirement_find(ds_slice_of(scenario->proves[i])));
    if (run->planned->call == NULL)
        return;
    add_proof(run, ds_requirement_find(DS_LITERAL("OPT-01")));
    size_t count = scenario->stops_short ? 0
                                         : ds_expected_rules(run->planned->call, run->topo,
                                                             scenario->answered, row, MOST_RULES);
    for (size_t i = 0; i < count; i++)
        add_proof(run, row[i]);
}

static bool is_to_prove(const struct one_run *run, const struct ds_requirement *requirement)
{
    for (size_t i = 0; i < run->prove_count; i++)
        if (run->proves[i] == requirement)
            return true;
    return false;
}

/* Does this finding decide the run? A failure always does; anything else only where the run is to
 * prove it. */
static bool counts(const struct one_run *run, const struct ds_finding *finding)
{
    if (in_any_weather(run))
        return finding->requirement != NULL && finding->verdict == DS_FAIL &&
               (ds_requirement_in_any_weather(finding->requirement) ||
                ds_is_calm_requirement(finding->requirement));
    if (finding->verdict == DS_FAIL || finding->requirement == NULL)
        return true;
    if (ds_is_calm_requirement(finding->requirement))
        return true;
    return is_to_prove(run, finding->requirement);
}

static void keep_finding(struct one_run *run, const struct ds_finding *finding)
{
    struct ds_result_finding *kept = &run->result.findings[run->result.finding_count++];
    *kept = (struct ds_result_finding){
        .id = copy(finding->requirement == NULL ? "" : finding->requirement->id),
        .requirement = copy(finding->requirement == NULL ? "" : finding->requirement->sentence),
        .verdict = copy(ds_verdict_name(finding->verdict)),
        .sentence = copy(finding->sentence),
        .where = copy(finding->where),
        .frame_count = finding->frame_count,
        .counted = counts(run, finding),
    };
    memcpy(kept->frames, finding->frames, sizeof kept->frames);
}

/* The findings that decide, worst first: the run's own sentence is theirs. */
static void decide(struct one_run *run)
{
    static const enum ds_verdict order[] = {DS_FAIL, DS_UNCLEAR, DS_NOT_SEEN};

    static const enum ds_result results[] = {DS_RESULT_FAIL, DS_RESULT_UNCLEAR, DS_RESULT_NOT_SEEN};

    for (size_t o = 0; o < DS_COUNT(order); o++)
        for (size_t i = 0; i < run->findings.count; i++) {
            const struct ds_finding *finding = &run->findings.list[i];
            if (finding->verdict == order[o] && counts(run, finding))
                conclude(run, results[o], finding->where, finding->sentence);
        }
    conclude(run, DS_RESULT_PASS, "", "");
}

/* The capture with its comments, in the run's folder, where it may be already. */
static ds_rc keep_capture(const struct one_run *run, struct ds_why *why)
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

static ds_rc judge(struct one_run *run, struct ds_why *why)
{
    struct ds_trace *trace = NULL;
    ds_rc rc = ds_trace_read(run->recorded, run->topo, &trace, why);
    if (rc != DS_OK)
        return rc;
    list_proofs(run);
    rc = ds_check(trace, run->topo, &run->findings, why);
    const struct ds_judge_scenario judging = {.lua_root = run->context->lua_root,
                                              .code = run->kept->code,
                                              .scenario = run->planned->scenario,
                                              .call = run->planned->call,
                                              .trace = trace,
                                              .topo = run->topo};
    bool expects = !in_any_weather(run);
    if (rc == DS_OK && expects &&
        ds_scenario_judge(&judging, &run->findings, &run->trouble) != DS_OK)
        conclude(run, DS_RESULT_FAIL, run->trouble.where, run->trouble.why.text);
    ds_trace_free(&trace);
    run->result.findings = calloc(run->findings.count + 1, sizeof *run->result.findings);
    if (run->result.findings == NULL)
        return ds_fail_memory(why);
    for (size_t i = 0; i < run->findings.count; i++)
        keep_finding(run, &run->findings.list[i]);
    decide(run);
    return rc;
}

/* ---- the whole ---- */

static void describe(struct one_run *run)
{
    const struct ds_planned *planned = run->planned;
    run->result.id = copy(planned->id);
    run->result.scenario = copy(planned->scenario->name);
    run->result.scenario_path = copy(planned->scenario->path);
    run->result.topology = copy(planned->topology);
    run->result.variant = copy(planned->variant);
    run->result.call = copy(planned->call == NULL ? "" : planned->call->name);
    run->result.seed = planned->seed;
    run->result.world = copy(ds_world_kind_name(planned->world));
    run->result.capture = copy(run->capture);
    run->result.rerun = ds_rerun_command(run->context, run->planned);
}

static ds_rc
prepare(struct one_run *run, enum ds_evidence *evidence, uint8_t *net_shift, struct ds_why *why)
{
    enum ds_isolate isolate =
        run->context->options.share != NULL ? DS_ISOLATE_NEVER : DS_ISOLATE_AUTO;
    *evidence = DS_SIMULATED;
    if (run->planned->world == DS_WORLD_SIM) {
        run->recorded = ds_kept_capture(run->kept, run->capture);
        return DS_OK;
    }
    return ds_world_prepare(isolate, evidence, net_shift, why);
}

static ds_rc from_topology_to_verdict(struct one_run *run, struct ds_why *why)
{
    enum ds_evidence evidence;
    uint8_t net_shift = 0;
    ds_rc rc = ds_kept_start(run->kept, why);
    if (rc == DS_OK)
        rc = prepare(run, &evidence, &net_shift, why);
    if (rc == DS_OK)
        rc = load_topology(run, net_shift, why);
    if (rc != DS_OK)
        return rc;
    run->result.option = copy(ds_option_name(run->topo->option));
    run->result.bypass = run->topo->bypass_enabled;
    run->result.evidence = copy(ds_evidence_sentence(evidence));
    rc = run_world(run, evidence, why);
    /* Half a call breaks requirements that nobody broke. */
    if (rc == DS_OK && run->result.result != DS_RESULT_SKIP && !ds_interrupted())
        rc = judge(run, why);
    struct ds_why keep_why;
    ds_rc kept = keep_capture(run, &keep_why);
    return rc == DS_OK && kept != DS_OK ? ds_fail(why, kept, "%s", keep_why.text) : rc;
}

static ds_rc fill(struct one_run *run, struct ds_why *why)
{
    const char *base = ds_report_folder(run->context);
    if (ds_arena_new(&run->arena) != DS_OK)
        return ds_fail_memory(why);
    run->findings.arena = run->arena;
    run->folder = ds_arena_print(run->arena, "%s/%s", base, run->planned->folder);
    run->capture = ds_arena_print(run->arena, "%s/run.pcapng", run->folder);
    run->recorded = run->capture;
    run->verdict = ds_arena_print(run->arena, "%s/verdict.json", run->folder);
    return run->folder == NULL || run->capture == NULL || run->verdict == NULL ? ds_fail_memory(why)
                                                                               : DS_OK;
}

/* Also what a run that failed here before has left. */
static ds_rc remove_files(const struct one_run *run, struct ds_why *why)
{
    unlink(run->verdict);
    unlink(run->capture);
    if (rmdir(run->folder) == 0)
        return DS_OK;
    return ds_fail(why, DS_IO, "cannot remove %s: %s", run->folder, strerror(errno));
}

static ds_rc run_and_write(struct one_run *run, struct ds_why *why)
{
    struct ds_why trouble = {""};
    describe(run);
    ds_rc rc = ds_make_folders(run->folder, &trouble);
    if (rc == DS_OK)
        rc = from_topology_to_verdict(run, &trouble);
    if (rc != DS_OK) {
        free(run->result.sentence);
        free(run->result.where);
        run->result.sentence = run->result.where = NULL;
        conclude(run, DS_RESULT_ERROR, "", trouble.text);
    }
    if (run->planned->leaves_nothing && run->result.result == DS_RESULT_PASS)
        return remove_files(run, why);
    return ds_run_result_write(&run->result, run->verdict, why);
}

int ds_one_run(struct ds_context *context,
               const struct ds_planned *planned,
               struct ds_kept *kept,
               struct ds_buf *answer)
{
    struct one_run run = {.context = context, .planned = planned, .kept = kept};
    struct ds_why why = {""};
    ds_rc rc = fill(&run, &why);
    if (rc == DS_OK)
        rc = run_and_write(&run, &why);
    if (rc == DS_OK)
        ds_run_result_pack(&run.result, answer);
    else
        ds_buf_text(answer, why.text);
    ds_run_result_clean_up(&run.result);
    ds_arena_free(&run.arena);
    return rc == DS_OK ? DS_EXIT_PASS : DS_EXIT_HARNESS;
}
