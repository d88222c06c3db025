#include "support.h"

static void memory_is_zeroed_and_aligned(void **state)
{
    struct ds_arena *arena = NULL;
    (void)state;
    assert_int_equal(ds_arena_new(&arena), DS_OK);
    for (size_t size = 1; size < 40000; size = size * 3 + 1) {
        unsigned char *at = ds_arena_alloc(arena, size);
        assert_non_null(at);
        assert_int_equal((uintptr_t)at % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(at[i], 0);
        at[size - 1] = 0xff;
    }
    assert_string_equal(ds_arena_print(arena, "%s:%d", "a", 1), "a:1");
    assert_string_equal(ds_arena_copy(arena, DS_LITERAL("copy")), "copy");
    ds_arena_free(&arena);
    assert_null(arena);
}

static ds_rc fill(void *owner)
{
    struct ds_arena *arena = NULL;
    (void)owner;
    ds_rc rc = ds_arena_new(&arena);
    if (rc != DS_OK)
        return rc;
    if (ds_arena_alloc(arena, 10) == NULL || ds_arena_alloc(arena, 100000) == NULL)
        rc = DS_NOMEM;
    ds_arena_free(&arena);
    return rc;
}

static void exhaustion_gives_null(void **state)
{
    (void)state;
    ds_exhaust(fill, NULL);
}

int test_arena(void);

int test_arena(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(exhaustion_gives_null),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
