#ifndef DS_TEST_SAMPLE_H
#define DS_TEST_SAMPLE_H

/* Runs made by hand, and files in a directory of their own. */

#include "support.h"

#include "report.h"

/* Results own their texts; these hold borrowed ones. */
char *sample_text(const char *text);
/* A run whose texts belong to nobody: never clean it up. */
struct ds_run_result sample_pass(void);
/* BYP-01 failed on frames 41 and 42. `finding` stays with the caller. */
struct ds_result_finding sample_finding(const char *id, const char *verdict); /* that counts */
struct ds_run_result sample_fail(struct ds_result_finding *finding);

struct sample_folder {
    char directory[256], path[300];
};

void sample_folder_make(struct sample_folder *folder);
void sample_folder_remove(struct sample_folder *folder);
void sample_write(const char *path, const char *text);

/* What a report wrote, read back; free() it. */
typedef ds_rc sample_report_fn(const struct ds_suite_result *, const char *, struct ds_why *);
char *sample_report(sample_report_fn *report, struct ds_run_result *runs, size_t count);
/* Writes a report with ever more memory, until it succeeds. */
void sample_exhaust(sample_report_fn *report);

void sample_contains(const char *text, const char *part);
void sample_lacks(const char *text, const char *part);

#endif
