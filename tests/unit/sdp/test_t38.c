#include "support.h"

#include "sdp.h"

static void what_is_written_is_read(void **state)
{
    struct ds_sdp sdp;
    struct ds_sdp_t38 read;
    struct ds_buf image = {0}, text = {0};
    const struct ds_sdp_t38 t38 = {.version = 3,
                                   .max_bit_rate = 14400,
                                   .max_buffer = 72,
                                   .max_datagram = 316,
                                   .rate_management = DS_LITERAL("transferredTCF"),
                                   .error_correction = DS_LITERAL("t38UDPRedundancy")};
    (void)state;
    ds_sdp_t38_write(&t38, 18426, &image);
    const struct ds_sdp_spec spec = {.session_id = 1,
                                     .version = 2,
                                     .at = ds_addr_v4(0x7f000a0e, 18426),
                                     .image = ds_buf_slice(&image)};
    ds_sdp_write(&spec, &text);
    assert_int_equal(ds_sdp_parse(ds_buf_slice(&text), &sdp, NULL), DS_OK);
    const struct ds_sdp_media *media = ds_sdp_fax(&sdp);
    assert_non_null(media);
    assert_null(ds_sdp_audio(&sdp));
    assert_string_equal(ds_addr_text(media->at).text, "127.0.10.14:18426");
    ds_sdp_t38_read(media, &read);
    assert_int_equal(read.version, 3);
    assert_int_equal(read.max_bit_rate, 14400);
    assert_int_equal(read.max_buffer, 72);
    assert_int_equal(read.max_datagram, 316);
    assert_true(ds_slice_equal(read.rate_management, t38.rate_management));
    assert_true(ds_slice_equal(read.error_correction, t38.error_correction));
    ds_buf_clean_up(&image);
    ds_buf_clean_up(&text);
}

static void what_is_not_said_is_nothing(void **state)
{
    struct ds_sdp sdp;
    struct ds_sdp_t38 read;
    (void)state;
    assert_int_equal(ds_sdp_parse(DS_LITERAL("v=0\r\nm=image 4000 udptl t38\r\n"
                                             "a=T38FaxVersion:none\r\n"
                                             "a=T38FaxMaxDatagram:99999999999\r\n"),
                                  &sdp, NULL),
                     DS_OK);
    ds_sdp_t38_read(ds_sdp_fax(&sdp), &read);
    assert_int_equal(read.version, 0);
    assert_int_equal(read.max_datagram, 0);
    assert_int_equal(read.rate_management.len, 0);
    assert_int_equal(read.error_correction.len, 0);
}

static void an_image_of_another_kind_is_no_fax(void **state)
{
    struct ds_sdp sdp;
    (void)state;
    assert_int_equal(
        ds_sdp_parse(DS_LITERAL("v=0\r\nm=image 4000 TCP t38\r\nm=audio 4002 udptl 0\r\n"), &sdp,
                     NULL),
        DS_OK);
    assert_null(ds_sdp_fax(&sdp));
}

int test_t38(void);

int test_t38(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(what_is_not_said_is_nothing),
        cmocka_unit_test(an_image_of_another_kind_is_no_fax),
    };
    return cmocka_run_group_tests_name("t38", tests, NULL, NULL);
}
