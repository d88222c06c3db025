#ifndef DS_ONE_RUN_INTERNAL_H
#define DS_ONE_RUN_INTERNAL_H

/*
 * One run from topology to verdict (one_run.c): it acts (one_run_act.c) and leaves a closed
 * capture; then it is judged (one_run_judge.c), and only the path is handed over.
 */

#include "cli_internal.h"

#define MOST_RULES 96

struct ds_one_run {
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
    bool had_failures; /* the scenario had an element fail: what that breaks decides nothing */
    bool half_told;    /* it told elements different things: only what it is to prove decides */
    const struct ds_requirement *proves[MOST_RULES];
    size_t prove_count;
};

char *ds_copy_text(const char *text); /* NULL is the empty text */
/* The first reason stands; a later one would only follow from it. */
void ds_run_conclude(struct ds_one_run *run,
                     enum ds_result result,
                     const char *where,
                     const char *sentence);
DS_MUST_USE ds_rc ds_run_load_topology(struct ds_one_run *run,
                                       uint8_t net_shift,
                                       struct ds_why *why);
/* Leaves a closed capture, whatever happened. */
DS_MUST_USE ds_rc ds_run_act(struct ds_one_run *run, enum ds_evidence evidence, struct ds_why *why);
bool ds_run_in_any_weather(const struct ds_one_run *run);
DS_MUST_USE ds_rc ds_run_judge(struct ds_one_run *run, struct ds_why *why);
/* The capture with its comments, in the run's folder, where it may be already. */
DS_MUST_USE ds_rc ds_run_keep_capture(const struct ds_one_run *run, struct ds_why *why);

#endif
