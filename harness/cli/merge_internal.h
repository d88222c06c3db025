#ifndef DS_MERGE_INTERNAL_H
#define DS_MERGE_INTERNAL_H

/*
 * The parts of `directsip report merge`: the runs that parts of a suite left in their folders
 * (merge_read.c), each told once and kept in one folder (merge_keep.c), drawn for the page
 * (merge_draw.c), and the reports on all of them (cmd_report.c).
 */

#include "cli_internal.h"

#define MOST_MERGED 100000

struct ds_merged {
    const char *folder;          /* that a part left it in */
    const char *name;            /* of that folder, and of the one it is kept in */
    size_t part;                 /* of those on the command line */
    struct ds_run_result result; /* owned */
};

struct ds_merge {
    struct ds_context *context;
    struct ds_merged *runs; /* in the context's arena */
    size_t count, cap;
    size_t unfinished; /* folders with a capture and no verdict */
};

/* Every run below the folder that is this word of the command line. */
DS_MUST_USE ds_rc ds_merge_read(struct ds_merge *merge, size_t number, struct ds_why *why);
/* Sorts them by their names, worlds and seeds, and leaves one of those that were run twice: the
 * worse, or else the one of the part that was named first. Says so. */
void ds_merge_settle(struct ds_merge *merge);
/* Copies each run's files to a folder of its own below `into`. */
DS_MUST_USE ds_rc ds_merge_keep(struct ds_merge *merge, const char *into, struct ds_why *why);

/* What the page shows of them, from the captures as they are kept, and the topologies as they are
 * named here; where either cannot be read, the page has no drawing of that run. */
DS_MUST_USE ds_rc ds_merge_draw(struct ds_merge *merge, struct ds_why *why);

#endif
