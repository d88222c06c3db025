#include "support.h"

#include <string.h>

static void a_line_names_level_actor_and_time(void **state)
{
    struct ds_log *log = NULL;
    (void)state;
    assert_int_equal(ds_log_new(&log, 4096), DS_OK);
    ds_log_write(log, 4000, 2, "mediation", "-> INVITE %s", "+15550142");
    assert_string_equal(ds_log_text(log).at, "**   mediation  t+0.004  -> INVITE +15550142\n");
    ds_log_free(&log);
}

static void the_oldest_lines_go_first_and_whole(void **state)
{
    struct ds_log *log = NULL;
    (void)state;
    assert_int_equal(ds_log_new(&log, 1000), DS_OK);
    for (int i = 0; i < 200; i++)
        ds_log_write(log, i, 1, "pbx", "line %d", i);
    struct ds_slice text = ds_log_text(log);
    assert_true(text.len <= 1000 && text.len > 300);
    assert_memory_equal(text.at, "*    pbx", 8);
    assert_non_null(strstr(text.at, "line 199\n"));
    ds_log_free(&log);
}

static void writing_to_no_log_is_allowed(void **state)
{
    (void)state;
    ds_log_write(NULL, 0, 1, "pbx", "nobody listens");
}

int test_log(void);

int test_log(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_names_level_actor_and_time),
        cmocka_unit_test(the_oldest_lines_go_first_and_whole),
        cmocka_unit_test(writing_to_no_log_is_allowed),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
