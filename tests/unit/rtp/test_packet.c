#include "support.h"

#include "rtp.h"

#include <string.h>

static struct ds_slice slice_of(const uint8_t *at, size_t len)
{
    return (struct ds_slice){(const char *)at, len};
}

static void what_is_written_is_read_back(void **state)
{
    uint8_t bytes[64];
    struct ds_rtp read, packet = {.marker = true,
                                  .payload_type = 101,
                                  .sequence = 0xfffe,
                                  .timestamp = 0x89abcdef,
                                  .ssrc = 0xdeadbeef,
                                  .payload = DS_LITERAL("voice")};
    (void)state;
    assert_int_equal(ds_rtp_write(&packet, bytes, sizeof bytes), 17);
    assert_int_equal(ds_rtp_parse(slice_of(bytes, 17), &read), DS_OK);
    assert_true(read.marker);
    assert_int_equal(read.payload_type, 101);
    assert_int_equal(read.sequence, 0xfffe);
    assert_int_equal(read.timestamp, 0x89abcdef);
    assert_int_equal(read.ssrc, 0xdeadbeef);
    assert_true(ds_slice_equal(read.payload, packet.payload));
}

static void nothing_is_written_where_there_is_no_room(void **state)
{
    uint8_t bytes[16];
    struct ds_rtp packet = {.payload = DS_LITERAL("voice")};
    (void)state;
    for (size_t size = 0; size <= sizeof bytes; size++)
        assert_int_equal(ds_rtp_write(&packet, bytes, size), 0);
    packet.payload_type = 128;
    expect_assert_failure(ds_rtp_write(&packet, bytes, sizeof bytes));
}

static void csrcs_extension_and_padding_are_no_payload(void **state)
{
    static const uint8_t bytes[] = {
        0xb2, 0x80, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, /* padding, extension, two CSRCs */
        1,    1,    1, 1, 2, 2, 2, 2,             /* the CSRCs */
        0xbe, 0xde, 0, 1, 9, 9, 9, 9,             /* an extension of one word */
        'h',  'i',  0, 0, 3,                      /* three bytes of padding */
    };
    struct ds_rtp read;
    (void)state;
    assert_int_equal(ds_rtp_parse(slice_of(bytes, sizeof bytes), &read), DS_OK);
    assert_true(ds_slice_equal(read.payload, DS_LITERAL("hi")));
}

static void a_header_that_overruns_the_packet_is_refused(void **state)
{
    uint8_t bytes[24] = {0x80};
    struct ds_rtp read;
    (void)state;
    for (size_t len = 0; len < DS_RTP_HEADER_BYTES; len++)
        assert_int_equal(ds_rtp_parse(slice_of(bytes, len), &read), DS_BAD);
    assert_int_equal(ds_rtp_parse(slice_of(bytes, 12), &read), DS_OK);
    bytes[0] = 0x83; /* three CSRCs end at 24 */
    assert_int_equal(ds_rtp_parse(slice_of(bytes, 23), &read), DS_BAD);
    assert_int_equal(ds_rtp_parse(slice_of(bytes, 24), &read), DS_OK);
    bytes[0] = 0x90; /* an extension without its length */
    assert_int_equal(ds_rtp_parse(slice_of(bytes, 15), &read), DS_BAD);
    bytes[14] = 0xff; /* and one longer than the packet */
    assert_int_equal(ds_rtp_parse(slice_of(bytes, 24), &read), DS_BAD);
}

static void padding_that_cannot_be_is_refused(void **state)
{
    uint8_t bytes[16] = {0xa0};
    struct ds_rtp read;
    (void)state;
    assert_int_equal(ds_rtp_parse(slice_of(bytes, 12), &read), DS_BAD);
    assert_int_equal(ds_rtp_parse(slice_of(bytes, 16), &read), DS_BAD);
    bytes[15] = 5;
    assert_int_equal(ds_rtp_parse(slice_of(bytes, 16), &read), DS_BAD);
    bytes[15] = 4;
    assert_int_equal(ds_rtp_parse(slice_of(bytes, 16), &read), DS_OK);
    assert_int_equal(read.payload.len, 0);
}

static void what_is_not_rtp_is_refused(void **state)
{
    uint8_t bytes[12] = {0x80};
    struct ds_rtp read;
    (void)state;
    for (int second = 0; second < 256; second++) {
        bytes[1] = (uint8_t)second;
        ds_rc expected = second >= 192 && second <= 223 ? DS_BAD : DS_OK;
        assert_int_equal(ds_rtp_parse(slice_of(bytes, sizeof bytes), &read), expected);
    }
    bytes[1] = 0;
    for (int version = 0; version < 4; version++) {
        bytes[0] = (uint8_t)(version << 6);
        ds_rc expected = version == 2 ? DS_OK : DS_BAD;
        assert_int_equal(ds_rtp_parse(slice_of(bytes, sizeof bytes), &read), expected);
    }
}

int test_packet(void);

int test_packet(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(nothing_is_written_where_there_is_no_room),
        cmocka_unit_test(csrcs_extension_and_padding_are_no_payload),
        cmocka_unit_test(a_header_that_overruns_the_packet_is_refused),
        cmocka_unit_test(padding_that_cannot_be_is_refused),
        cmocka_unit_test(what_is_not_rtp_is_refused),
    };
    return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
