#ifndef DS_DEFECTS_INTERNAL_H
#define DS_DEFECTS_INTERNAL_H

/*
 * The parts of `directsip defects`: the kill matrix (cmd_defects.c), and its runs without any
 * misbehaviour (clean.c).
 */

#include "cli_internal.h"

struct ds_defect_matrix {
    struct ds_context *context;
    const struct ds_defect **defects; /* those chosen; in the context's arena */
    struct ds_plan plan;              /* one run for each, in the same order */
    struct ds_run_result *results;    /* owned; as many */
    struct ds_kill *kills;            /* in the context's arena; as many */
    struct ds_progress progress;
    size_t at_once; /* workers; 0: what suits this machine */
};

/* Runs the runs of the matrix in turn, each seed one of them, without any misbehaviour: nothing may
 * fail, and what is to catch a misbehaviour must be proven. Prints, and returns the exit status. */
int ds_defects_clean(struct ds_defect_matrix *matrix, uint64_t seeds);

#endif
