#include "one_run_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *ds_copy_text(const char *text)
{
    return strdup(text == NULL ? "" : text);
}

void ds_run_conclude(struct ds_one_run *run,
                     enum ds_result result,
                     const char *where,
                     const char *sentence)
{
    if (run->result.sentence != NULL)
        return;
    run->result.result = result;
    run->result.sentence = ds_copy_text(sentence);
    free(run->result.where);
    run->result.where = ds_copy_text(where);
}

static void describe(struct ds_one_run *run)
{
    const struct ds_planned *planned = run->planned;
    run->result.id = ds_copy_text(planned->id);
    run->result.scenario = ds_copy_text(planned->scenario->name);
    run->result.scenario_path = ds_copy_text(planned->scenario->path);
    run->result.topology = ds_copy_text(planned->topology);
    run->result.variant = ds_copy_text(planned->variant);
    run->result.call = ds_copy_text(planned->call == NULL ? "" : planned->call->name);
    run->result.seed = planned->seed;
    run->result.world = ds_copy_text(ds_world_kind_name(planned->world));
    run->result.rerun = ds_rerun_command(run->context, planned, ds_world_kind_name(planned->world));
}

/* As a topology is told of them, so that it can be drawn again. */
static char *defects_of(const struct ds_topo *topo)
{
    struct ds_buf out = {0};
    for (size_t i = 0; i < topo->node_count; i++)
        for (size_t k = 0; k < topo->nodes[i].defect_count; k++)
            ds_buf_print(&out, "%s%s:%s", out.len == 0 ? "" : " ", topo->nodes[i].name,
                         topo->nodes[i].defects[k]);
    return out.at == NULL ? ds_copy_text("") : out.at;
}

static ds_rc
prepare(struct ds_one_run *run, enum ds_evidence *evidence, uint8_t *net_shift, struct ds_why *why)
{
    enum ds_isolate isolate = run->kept->is_isolated ? DS_ISOLATE_AGAIN : DS_ISOLATE_AUTO;
    *evidence = DS_SIMULATED;
    if (run->planned->world == DS_WORLD_SIM) {
        run->recorded = ds_kept_capture(run->kept, run->capture);
        return DS_OK;
    }
    if (run->context->options.share != NULL)
        isolate = DS_ISOLATE_NEVER;
    ds_rc rc = ds_world_prepare(isolate, evidence, net_shift, why);
    run->kept->is_isolated = rc == DS_OK && *evidence == DS_CAPTURED_ISOLATED;
    return rc;
}

/* A real element is met on real sockets only: where there is one, the run is skipped. */
static bool needs_sockets(struct ds_one_run *run)
{
    const struct ds_topo *topo = run->topo;
    for (size_t i = 0; i < topo->node_count; i++) {
        if (!topo->nodes[i].real)
            continue;
        const char *sentence =
            ds_arena_print(run->arena,
                           "%s is a real element, which the simulated world cannot reach: run this "
                           "with --world loopback",
                           topo->nodes[i].name);
        ds_run_conclude(run, DS_RESULT_SKIP, "", sentence);
        return true;
    }
    return false;
}

static ds_rc from_topology_to_verdict(struct ds_one_run *run, struct ds_why *why)
{
    enum ds_evidence evidence;
    uint8_t net_shift = 0;
    ds_rc rc = ds_kept_start(run->kept, why);
    if (rc == DS_OK)
        rc = prepare(run, &evidence, &net_shift, why);
    if (rc == DS_OK)
        rc = ds_run_load_topology(run, net_shift, why);
    if (rc != DS_OK)
        return rc;
    run->result.option = ds_copy_text(ds_option_name(run->topo->option));
    run->result.bypass = run->topo->bypass_enabled;
    run->result.defects = defects_of(run->topo);
    run->result.evidence = ds_copy_text(ds_evidence_sentence(evidence, false));
    if (evidence == DS_SIMULATED && needs_sockets(run))
        return DS_OK;
    rc = ds_run_act(run, evidence, why);
    /* Half a call breaks requirements that nobody broke. */
    if (rc == DS_OK && run->result.result != DS_RESULT_SKIP && !ds_interrupted())
        rc = ds_run_judge(run, why);
    struct ds_why keep_why;
    ds_rc kept = ds_run_keep_capture(run, &keep_why);
    return rc == DS_OK && kept != DS_OK ? ds_fail(why, kept, "%s", keep_why.text) : rc;
}

static ds_rc fill(struct ds_one_run *run, struct ds_why *why)
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

/* What an earlier run has left here must not be taken for this one's, should this one be killed. A
 * file that is replaced would also be written to its disk at once, as one that is new is not. */
static void remove_files(const struct ds_one_run *run)
{
    unlink(run->verdict);
    unlink(run->capture);
}

static ds_rc leave_nothing(const struct ds_one_run *run, struct ds_why *why)
{
    remove_files(run);
    if (rmdir(run->folder) == 0)
        return DS_OK;
    return ds_fail(why, DS_IO, "cannot remove %s: %s", run->folder, strerror(errno));
}

static ds_rc run_and_write(struct ds_one_run *run, struct ds_why *why)
{
    struct ds_why trouble = {""};
    describe(run);
    ds_rc rc = ds_make_folders(run->folder, &trouble);
    remove_files(run);
    if (rc == DS_OK)
        rc = from_topology_to_verdict(run, &trouble);
    if (rc != DS_OK) {
        free(run->result.sentence);
        free(run->result.where);
        run->result.sentence = run->result.where = NULL;
        ds_run_conclude(run, DS_RESULT_ERROR, "", trouble.text);
    }
    if (run->planned->leaves_nothing && run->result.result == DS_RESULT_PASS)
        return leave_nothing(run, why);
    return ds_run_result_write(&run->result, run->verdict, why);
}

int ds_one_run(struct ds_context *context,
               const struct ds_planned *planned,
               struct ds_kept *kept,
               struct ds_buf *answer)
{
    struct ds_one_run run = {.context = context, .planned = planned, .kept = kept};
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
