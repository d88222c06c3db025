#include "support.h"

#include "topo.h"

static void the_shipped_file_loads(void **state)
{
    struct ds_arena *arena = NULL;
    const struct ds_topo *topo = NULL;
    struct ds_why why = {""};
    (void)state;
    assert_int_equal(ds_arena_new(&arena), DS_OK);
    ds_rc rc = ds_topo_load("topologies/behind_pbx.lua", NULL, arena, &topo, &why);
    assert_string_equal(why.text, "");
    assert_int_equal(rc, DS_OK);
    ds_arena_free(&arena);
}

int test_load(void);

int test_load(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_file_loads),
    };
    return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
