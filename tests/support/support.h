#ifndef DS_TEST_SUPPORT_H
#define DS_TEST_SUPPORT_H

/*
 * What every unit test includes: cmocka in the order it wants, failing allocations, and paths. A
 * failed ds_assert becomes cmocka's mock_assert, so that expect_assert_failure() works.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base.h"

/*
 * Runs `attempt` with 0, 1, 2 … allocations allowed until it says DS_OK. Each attempt before that
 * must say DS_NOMEM and leave nothing behind (the address sanitizer watches for that). Only our own
 * libraries' allocations are counted.
 */
typedef ds_rc ds_attempt_fn(void *owner);
void ds_exhaust(ds_attempt_fn *attempt, void *owner);

/* A file of shared/corpus, or NULL with a sentence printed where that folder is absent: skip()
 * then. */
const char *ds_corpus_path(const char *name, char *out, size_t size);
/* A new, empty directory for this test; removed with its files by ds_scratch_remove(). */
void ds_scratch_make(char *out, size_t size);
void ds_scratch_remove(const char *path);

#endif
