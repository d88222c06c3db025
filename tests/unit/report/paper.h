#ifndef DS_TEST_PAPER_H
#define DS_TEST_PAPER_H

/* Results to report, and what was written about them, read back as text. */

#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "report_internal.h"

/* Points into literals: never to be cleaned up as a result that owns its texts. */
struct ds_run_result paper_pass(void);
struct ds_run_result paper_fail(struct ds_result_finding *finding);

/* Runs one of the writers into a scratch file; returns what stands there, to be freed. */
typedef ds_rc
paper_writer_fn(const struct ds_suite_result *suite, const char *path, struct ds_why *why);
char *paper_write(paper_writer_fn *writer, struct ds_run_result *runs, size_t count);
char *paper_read(const char *path);
void paper_store(const char *path, struct ds_slice bytes);

size_t paper_count(const char *text, const char *part);

#define assert_has(text, part)   assert_true(paper_count((text), (part)) > 0)
#define assert_lacks(text, part) assert_int_equal(paper_count((text), (part)), 0)

#endif
