#include "paper.h"

static void expect_safe(struct ds_slice text, const char *expected)
{
    struct ds_buf out = {0};
    ds_print_safe(&out, text);
    assert_string_equal(ds_text(out.at), expected);
    ds_buf_clean_up(&out);
}

static void expect_cut(const char *text, size_t columns, const char *expected)
{
    struct ds_buf out = {0};
    ds_print_cut(&out, ds_slice_of(text), columns);
    assert_string_equal(ds_text(out.at), expected);
    ds_buf_clean_up(&out);
}

static void text_of_people_stays_as_it_is(void **state)
{
    (void)state;
    expect_safe(DS_LITERAL("Zürich → 東京 😀"), "Zürich → 東京 😀");
    expect_safe(DS_LITERAL(""), "");
}

static void control_bytes_are_spelt_out(void **state)
{
    (void)state;
    expect_safe(DS_LITERAL("a\033[2Jb"), "a\\x1b[2Jb");
    expect_safe(DS_LITERAL("a\0b\r\n\177"), "a\\x00b\\x0d\\x0a\\x7f");
}

static void controls_of_the_second_set_are_spelt_out(void **state)
{
    (void)state;
    expect_safe(DS_LITERAL("\xc2\x9b"
                           "2J"),
                "\\xc2\\x9b2J");
    expect_safe(DS_LITERAL("\xc2\xa0"), "\xc2\xa0");
}

static void malformed_characters_are_spelt_out(void **state)
{
    (void)state;
    expect_safe(DS_LITERAL("\xff"), "\\xff");
    expect_safe(DS_LITERAL("\xc0\xaf"), "\\xc0\\xaf");          /* overlong */
    expect_safe(DS_LITERAL("\xed\xa0\x80"), "\\xed\\xa0\\x80"); /* a surrogate */
    expect_safe(DS_LITERAL("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
    expect_safe(DS_LITERAL("x\xe2\x82"), "x\\xe2\\x82"); /* cut short */
}

static void what_is_cut_ends_with_an_ellipsis(void **state)
{
    (void)state;
    expect_cut("abcdef", 6, "abcdef");
    expect_cut("abcdef", 5, "abcd…");
    expect_cut("äöüßéè", 4, "äöü…");
    expect_cut("abcdef", 1, "…");
    expect_cut("abcdef", 0, "abcdef");
}

static void colour_is_put_on_only_where_it_is_wanted(void **state)
{
    struct ds_buf out = {0};
    (void)state;
    ds_paint(&out, false, DS_RED, "a");
    ds_paint(&out, true, DS_PLAIN, "b");
    ds_paint(&out, true, DS_RED, "c");
    assert_string_equal(out.at, "ab\033[1;31mc\033[0m");
    ds_buf_clean_up(&out);
}

int test_safe(void);

int test_safe(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_of_people_stays_as_it_is),
        cmocka_unit_test(control_bytes_are_spelt_out),
        cmocka_unit_test(controls_of_the_second_set_are_spelt_out),
        cmocka_unit_test(malformed_characters_are_spelt_out),
        cmocka_unit_test(what_is_cut_ends_with_an_ellipsis),
        cmocka_unit_test(colour_is_put_on_only_where_it_is_wanted),
    };
    return cmocka_run_group_tests_name("safe", tests, NULL, NULL);
}
