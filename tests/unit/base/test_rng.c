#include "support.h"

#include <string.h>

static void the_same_seed_gives_the_same_numbers(void **state)
{
    struct ds_rng a, b, other;
    (void)state;
    ds_rng_seed(&a, 7);
    ds_rng_seed(&b, 7);
    ds_rng_seed(&other, 8);
    uint64_t first = ds_rng_next(&a);
    assert_true(first == ds_rng_next(&b));
    assert_false(first == ds_rng_next(&other));
}

static void the_sequence_never_changes_between_versions(void **state)
{
    struct ds_rng rng;
    (void)state;
    ds_rng_seed(&rng, 0);
    assert_true(ds_rng_next(&rng) == 0x99ec5f36cb75f2b4u);
}

static void tokens_fill_what_they_are_given(void **state)
{
    struct ds_rng rng;
    char token[9];
    (void)state;
    ds_rng_seed(&rng, 1);
    ds_rng_token(&rng, token, sizeof token);
    assert_int_equal(strlen(token), 8);
    assert_int_equal(strspn(token, "abcdefghijklmnopqrstuvwxyz0123456789"), 8);
}

static void a_hash_spreads_in_its_low_bits(void **state)
{
    unsigned seen = 0;
    (void)state;
    for (char c = 'a'; c <= 'z'; c++)
        seen |= 1u << (ds_hash((struct ds_slice){&c, 1}) & 15);
    assert_true(__builtin_popcount(seen) >= 10);
}

int test_rng(void);

int test_rng(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_seed_gives_the_same_numbers),
        cmocka_unit_test(the_sequence_never_changes_between_versions),
        cmocka_unit_test(tokens_fill_what_they_are_given),
        cmocka_unit_test(a_hash_spreads_in_its_low_bits),
    };
    return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
