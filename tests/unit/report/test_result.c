#include "sample.h"

#include <stdlib.h>
#include <string.h>

static void every_result_has_a_name_of_its_own(void **state)
{
    static const char *const names[] = {"pass", "FAIL", "unclear", "not-seen", "skip", "ERROR"};
    (void)state;
    for (int each = DS_RESULT_PASS; each <= DS_RESULT_ERROR; each++)
        assert_string_equal(ds_result_name((enum ds_result)each), names[each]);
}

static void a_result_beyond_the_last_is_our_own_mistake(void **state)
{
    (void)state;
    expect_assert_failure(ds_result_name((enum ds_result)(DS_RESULT_ERROR + 1)));
}

static void cleaning_up_leaves_an_empty_result(void **state)
{
    const struct ds_run_result empty = {0};
    struct ds_run_result run = {.id = strdup("a"), .log = strdup("b")};
    (void)state;
    assert_int_equal(ds_run_result_add_findings(&run, 1), DS_OK);
    run.findings[run.finding_count++].sentence = ds_arena_copy(run.arena, DS_LITERAL("c"));
    ds_run_result_clean_up(&run);
    assert_memory_equal(&run, &empty, sizeof run);
    ds_run_result_clean_up(&run);
}

int test_result(void);

int test_result(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_result_has_a_name_of_its_own),
        cmocka_unit_test(a_result_beyond_the_last_is_our_own_mistake),
        cmocka_unit_test(cleaning_up_leaves_an_empty_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
