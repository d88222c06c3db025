#ifndef DS_PAGE_H
#define DS_PAGE_H

/*
 * The page: everything about the runs of a suite in one HTML file, from which it asks for no other
 * (reports/README.md). What it shows of a run's capture is made while the trace is open, as JSON
 * within bounds that are told in the page, and travels with the result.
 */

#include "report.h"

/* What the captures of all runs may take together. Beyond it, those that passed are listed without.
 */
#define DS_PAGE_BYTES ((size_t)48 << 20)

/* What the sound of all runs may take. Beyond it, those that passed are shown without. */
#define DS_PAGE_SOUND_BYTES ((size_t)8 << 20)

/* What stands where; and what a trace of it holds: calls, hops, streams, messages. The sound of the
 * streams is read again from the trace's capture, and empty where there is none to be heard. */
void ds_page_deployment(const struct ds_topo *topo, struct ds_buf *out);
void ds_page_seen(const struct ds_trace *trace, struct ds_buf *seen, struct ds_buf *sound);
/* `viewer` is the folder of the page's own HTML, CSS and JavaScript. DS_BAD: it lacks one. */
DS_MUST_USE ds_rc ds_report_page(const struct ds_suite_result *suite,
                                 const char *viewer,
                                 const char *path,
                                 struct ds_why *why);
/* For paper: the deployments, a verdict for each run and requirement, and the SHA-256 of the files
 * that prove them, in HTML without a script. Files are read where the results name them. */
DS_MUST_USE ds_rc ds_report_certificate(const struct ds_suite_result *suite,
                                        const char *viewer,
                                        const char *path,
                                        struct ds_why *why);

#endif
