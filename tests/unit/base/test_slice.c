#include "support.h"

static void numbers_are_decimal_whole_and_bounded(void **state)
{
    uint64_t value = 7;
    (void)state;
    assert_int_equal(ds_slice_number(DS_LITERAL("65535"), 65535, &value), DS_OK);
    assert_int_equal(value, 65535);
    assert_int_equal(ds_slice_number(DS_LITERAL("18446744073709551615"), UINT64_MAX, &value),
                     DS_OK);
    assert_true(value == UINT64_MAX);
    assert_int_equal(ds_slice_number(DS_LITERAL("18446744073709551616"), UINT64_MAX, &value),
                     DS_BAD);
    assert_int_equal(ds_slice_number(DS_LITERAL("65536"), 65535, &value), DS_BAD);
    assert_int_equal(ds_slice_number(DS_LITERAL("7"), 5, &value), DS_BAD);
    assert_int_equal(ds_slice_number(DS_LITERAL(""), 5, &value), DS_BAD);
    assert_int_equal(ds_slice_number(DS_LITERAL("-1"), 5, &value), DS_BAD);
    assert_int_equal(ds_slice_number(DS_LITERAL("1 "), 5, &value), DS_BAD);
}

static void cutting_gives_every_part_once(void **state)
{
    struct ds_slice rest = DS_LITERAL("a,,b"), part;
    (void)state;
    assert_true(ds_slice_cut(&rest, ',', &part) && ds_slice_equal(part, DS_LITERAL("a")));
    assert_true(ds_slice_cut(&rest, ',', &part) && part.len == 0);
    assert_true(ds_slice_cut(&rest, ',', &part) && ds_slice_equal(part, DS_LITERAL("b")));
    assert_false(ds_slice_cut(&rest, ',', &part));
}

static void a_final_separator_leaves_an_empty_part(void **state)
{
    struct ds_slice rest = DS_LITERAL("a,"), part;
    (void)state;
    assert_true(ds_slice_cut(&rest, ',', &part));
    assert_true(ds_slice_cut(&rest, ',', &part) && part.len == 0);
    assert_false(ds_slice_cut(&rest, ',', &part));
}

static void trimming_takes_blanks_from_both_ends(void **state)
{
    (void)state;
    assert_true(ds_slice_equal(ds_slice_trim(DS_LITERAL(" \t a b\r\n")), DS_LITERAL("a b")));
    assert_int_equal(ds_slice_trim(DS_LITERAL(" \r\n ")).len, 0);
}

static void comparing_without_case_is_ascii(void **state)
{
    (void)state;
    assert_true(ds_slice_equal_nocase(DS_LITERAL("Call-ID"), DS_LITERAL("CALL-id")));
    assert_false(ds_slice_equal_nocase(DS_LITERAL("Call-ID"), DS_LITERAL("Call-I")));
    assert_true(ds_slice_starts_nocase(DS_LITERAL("SIP/2.0 200"), DS_LITERAL("sip/")));
    assert_false(ds_slice_starts(DS_LITERAL("SI"), DS_LITERAL("SIP")));
}

static void copying_says_when_it_cut(void **state)
{
    char out[4];
    (void)state;
    assert_true(ds_slice_copy(DS_LITERAL("abc"), out, sizeof out));
    assert_string_equal(out, "abc");
    assert_false(ds_slice_copy(DS_LITERAL("abcd"), out, sizeof out));
    assert_string_equal(out, "abc");
    expect_assert_failure((void)ds_slice_copy(DS_LITERAL("a"), out, 0));
}

int test_slice(void);

int test_slice(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_decimal_whole_and_bounded),
        cmocka_unit_test(cutting_gives_every_part_once),
        cmocka_unit_test(a_final_separator_leaves_an_empty_part),
        cmocka_unit_test(trimming_takes_blanks_from_both_ends),
        cmocka_unit_test(comparing_without_case_is_ascii),
        cmocka_unit_test(copying_says_when_it_cut),
    };
    return cmocka_run_group_tests_name("slice", tests, NULL, NULL);
}
