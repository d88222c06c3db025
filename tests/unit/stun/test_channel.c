#include "support.h"

#include "stun.h"

static void what_is_written_is_read_back(void **state)
{
    struct ds_buf out = {0};
    struct ds_stun_channel_data read;
    (void)state;
    ds_stun_channel_write(&out, DS_STUN_FIRST_CHANNEL + 1, DS_LITERAL("audio"));
    assert_int_equal(out.len, 9);
    assert_int_equal(ds_stun_channel_parse(ds_buf_slice(&out), &read), DS_OK);
    assert_int_equal(read.channel, DS_STUN_FIRST_CHANNEL + 1);
    assert_true(ds_slice_equal(read.data, DS_LITERAL("audio")));
    ds_buf_clean_up(&out);
}

static void padding_is_no_data(void **state)
{
    struct ds_stun_channel_data read;
    (void)state;
    assert_int_equal(ds_stun_channel_parse(DS_LITERAL("\x40\x00\x00\x01z\0\0\0"), &read), DS_OK);
    assert_int_equal(read.data.len, 1);
}

static void what_is_too_long_or_too_short_is_none(void **state)
{
    static const struct ds_slice none[] = {
        DS_LITERAL("\x40\x00\x00"),         /* no header */
        DS_LITERAL("\x40\x00\x00\x05zzzz"), /* says more than there is */
        DS_LITERAL("\x40\x00\x00\x00zzzz"), /* has more than padding behind it */
        DS_LITERAL("\x50\x00\x00\x01z"),    /* no channel of RFC 8656 */
        DS_LITERAL("\x3f\xff\x00\x01z"),
    };
    struct ds_stun_channel_data read;
    (void)state;
    for (size_t i = 0; i < DS_COUNT(none); i++)
        assert_int_equal(ds_stun_channel_parse(none[i], &read), DS_BAD);
}

int test_channel(void);

int test_channel(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(padding_is_no_data),
        cmocka_unit_test(what_is_too_long_or_too_short_is_none),
    };
    return cmocka_run_group_tests_name("channel", tests, NULL, NULL);
}
