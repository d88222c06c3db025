#include "support.h"

#include "fax.h"

#include <string.h>

static void a_page_is_the_same_for_the_same_seed(void **state)
{
    struct ds_fax_page a = {0}, b = {0}, c = {0};
    (void)state;
    assert_int_equal(ds_fax_page_draw(&a, 40, 1), DS_OK);
    assert_int_equal(ds_fax_page_draw(&b, 40, 1), DS_OK);
    assert_int_equal(ds_fax_page_draw(&c, 40, 2), DS_OK);
    assert_int_equal(ds_fax_page_rows(&a), 40);
    assert_int_equal(ds_fax_page_differs(&a, &b), 0);
    assert_int_not_equal(ds_fax_page_differs(&a, &c), 0);
    ds_fax_page_clean_up(&a);
    ds_fax_page_clean_up(&b);
    ds_fax_page_clean_up(&c);
}

static void a_page_that_is_cut_short_differs_behind_its_last_row(void **state)
{
    struct ds_fax_page a = {0}, b = {0};
    (void)state;
    assert_int_equal(ds_fax_page_draw(&a, 40, 1), DS_OK);
    assert_int_equal(ds_fax_page_draw(&b, 30, 1), DS_OK);
    assert_int_equal(ds_fax_page_differs(&a, &b), 31);
    ds_fax_page_clean_up(&b);
    assert_int_equal(ds_fax_page_differs(&a, &b), 1);
    ds_fax_page_clean_up(&a);
}

static void no_row_is_like_the_next(void **state)
{
    struct ds_fax_page page = {0};
    (void)state;
    assert_int_equal(ds_fax_page_draw(&page, 200, 3), DS_OK);
    for (size_t i = 1; i < 200; i++)
        assert_int_not_equal(memcmp(page.rows.at + (i - 1) * DS_FAX_ROW_BYTES,
                                    page.rows.at + i * DS_FAX_ROW_BYTES, DS_FAX_ROW_BYTES),
                             0);
    ds_fax_page_clean_up(&page);
}

int test_page(void);

int test_page(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_the_same_for_the_same_seed),
        cmocka_unit_test(a_page_that_is_cut_short_differs_behind_its_last_row),
        cmocka_unit_test(no_row_is_like_the_next),
    };
    return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
