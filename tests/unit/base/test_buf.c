#include "support.h"

#include <string.h>

static void text_grows_as_it_is_written(void **state)
{
    struct ds_buf buf = {0};
    (void)state;
    for (int i = 0; i < 500; i++)
        ds_buf_print(&buf, "%03d,", i);
    assert_false(buf.broken);
    assert_int_equal(buf.len, 2000);
    assert_int_equal(strlen(buf.at), 2000);
    assert_memory_equal(buf.at + 1996, "499,", 4);
    ds_buf_clean_up(&buf);
}

static void one_print_may_be_longer_than_all_before(void **state)
{
    struct ds_buf buf = {0};
    (void)state;
    ds_buf_print(&buf, "%0700d", 1);
    assert_int_equal(buf.len, 700);
    ds_buf_clean_up(&buf);
}

static void a_whole_number_is_its_digits(void **state)
{
    struct ds_buf buf = {0};
    (void)state;
    ds_buf_whole(&buf, 0);
    ds_buf_text(&buf, " ");
    ds_buf_whole(&buf, 9);
    ds_buf_text(&buf, " ");
    ds_buf_whole(&buf, 10);
    ds_buf_text(&buf, " ");
    ds_buf_whole(&buf, UINT64_MAX);
    assert_string_equal(buf.at, "0 9 10 18446744073709551615");
    ds_buf_clean_up(&buf);
}

static void room_is_filled_by_whoever_asked_for_it(void **state)
{
    struct ds_buf buf = {0};
    (void)state;
    ds_buf_text(&buf, "to ");
    char *at = ds_buf_room(&buf, 300);
    assert_non_null(at);
    memset(at, 'x', 300);
    ds_buf_filled(&buf, at + 5);
    assert_string_equal(buf.at, "to xxxxx");
    assert_null(ds_buf_room(&buf, SIZE_MAX));
    assert_true(buf.broken);
    assert_null(ds_buf_room(&buf, 0));
    ds_buf_clean_up(&buf);
}

static ds_rc write_a_lot(void *owner)
{
    struct ds_buf buf = {0};
    (void)owner;
    ds_buf_text(&buf, "INVITE");
    ds_buf_print(&buf, "%0300d", 1);
    char *room = ds_buf_room(&buf, 700);
    if (room != NULL)
        ds_buf_filled(&buf, room);
    ds_buf_whole(&buf, 1234);
    ds_rc rc = buf.broken ? DS_NOMEM : DS_OK;
    if (rc == DS_OK)
        assert_int_equal(buf.len, 310);
    ds_buf_clean_up(&buf);
    return rc;
}

static void exhaustion_breaks_it_and_says_so(void **state)
{
    (void)state;
    ds_exhaust(write_a_lot, NULL);
}

int test_buf(void);

int test_buf(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_grows_as_it_is_written),
        cmocka_unit_test(one_print_may_be_longer_than_all_before),
        cmocka_unit_test(a_whole_number_is_its_digits),
        cmocka_unit_test(room_is_filled_by_whoever_asked_for_it),
        cmocka_unit_test(exhaustion_breaks_it_and_says_so),
    };
    return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
