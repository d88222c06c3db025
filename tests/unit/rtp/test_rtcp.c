#include "support.h"

#include "rtp.h"

#include <string.h>

static struct ds_slice slice_of(const uint8_t *at, size_t len)
{
    return (struct ds_slice){(const char *)at, len};
}

static const struct ds_rtcp_report sender = {.ssrc = 0x01020304,
                                             .packets = 50,
                                             .octets = 8000,
                                             .timestamp = 0x11223344,
                                             .unix_us = 1500000,
                                             .cname = "gateway@branch",
                                             .bye = true};

static void a_sender_reports_describes_itself_and_says_goodbye(void **state)
{
    static const uint8_t expected[] = {
        0x80, 200,  0,    6,    1,    2,   3,    4, /* SR of six words more */
        0x83, 0xaa, 0x7e, 0x81, 0x80, 0,   0,    0, /* 1.5 s after 1970 */
        0x11, 0x22, 0x33, 0x44, 0,    0,   0,    50,  0,   0,   0x1f, 0x40, 0x81, 202,
        0,    6,    1,    2,    3,    4, /* SDES: CNAME, then zeros */
        1,    14,   'g',  'a',  't',  'e', 'w',  'a', 'y', '@', 'b',  'r',  'a',  'n',
        'c',  'h',  0,    0,    0,    0,   0x81, 203, 0,   1,   1,    2,    3,    4, /* BYE */
    };
    uint8_t bytes[128];
    struct ds_rtcp read;
    (void)state;
    assert_int_equal(ds_rtcp_write(&sender, bytes, sizeof bytes), sizeof expected);
    assert_memory_equal(bytes, expected, sizeof expected);
    assert_int_equal(ds_rtcp_parse(slice_of(bytes, sizeof expected), &read), DS_OK);
    assert_int_equal(read.type, 200);
    assert_int_equal(read.ssrc, 0x01020304);
    assert_int_equal(read.packets, 50);
    assert_int_equal(read.octets, 8000);
}

static void a_listener_reports_what_it_heard(void **state)
{
    const struct ds_rtp_stats heard = {
        .received = 75, .lost = 25, .cycles = 1, .highest = 9, .jitter = 12.7};
    const struct ds_rtcp_report report = {
        .ssrc = 7, .cname = "c", .heard = &heard, .heard_ssrc = 0xaabbccdd};
    static const uint8_t block[] = {0xaa, 0xbb, 0xcc, 0xdd, 64, 0, 0, 25, 0, 1, 0, 9,
                                    0,    0,    0,    12,   0,  0, 0, 0,  0, 0, 0, 0};
    uint8_t bytes[128];
    struct ds_rtcp read;
    (void)state;
    size_t len = ds_rtcp_write(&report, bytes, sizeof bytes);
    assert_int_equal(len, 8 + 24 + 12);
    assert_int_equal(bytes[0], 0x81);
    assert_memory_equal(bytes + 8, block, sizeof block);
    assert_int_equal(ds_rtcp_parse(slice_of(bytes, len), &read), DS_OK);
    assert_int_equal(read.type, 201);
    assert_int_equal(read.packets, 0);
    assert_int_equal(read.block_count, 1);
    assert_int_equal(read.blocks[0].ssrc, 0xaabbccdd);
    assert_int_equal(read.blocks[0].lost, 25);
    assert_int_equal(read.blocks[0].last_loss, 64);
    assert_int_equal(read.blocks[0].jitter, 12);
}

static void duplicates_may_make_a_loss_negative(void **state)
{
    uint8_t bytes[32] = {0x81, 201, 0, 7, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0xff, 0xff, 0xfe};
    struct ds_rtcp read;
    (void)state;
    assert_int_equal(ds_rtcp_parse(slice_of(bytes, sizeof bytes), &read), DS_OK);
    assert_int_equal(read.blocks[0].lost, -2);
}

static void names_of_any_length_end_on_a_word(void **state)
{
    char name[301] = "";
    uint8_t bytes[512];
    struct ds_rtcp read;
    (void)state;
    for (size_t len = 0; len < sizeof name - 1; len++) {
        struct ds_rtcp_report report = {.ssrc = 1, .cname = name};
        size_t written = ds_rtcp_write(&report, bytes, sizeof bytes);
        assert_int_equal(written % 4, 0);
        assert_int_equal(bytes[written - 1], 0);
        assert_int_equal(bytes[17], len < 255 ? len : 255);
        assert_int_equal(ds_rtcp_parse(slice_of(bytes, written), &read), DS_OK);
        name[len] = 'x';
    }
}

static void nothing_is_written_where_there_is_no_room(void **state)
{
    uint8_t bytes[128];
    (void)state;
    size_t len = ds_rtcp_write(&sender, bytes, sizeof bytes);
    for (size_t size = 0; size < len; size++)
        assert_int_equal(ds_rtcp_write(&sender, bytes, size), 0);
}

static void a_compound_cut_anywhere_inside_a_packet_is_refused(void **state)
{
    uint8_t bytes[128];
    struct ds_rtcp read;
    (void)state;
    size_t len = ds_rtcp_write(&sender, bytes, sizeof bytes);
    for (size_t cut = 0; cut < len; cut++) {
        bool between = cut == 28 || cut == 28 + 28;
        assert_int_equal(ds_rtcp_parse(slice_of(bytes, cut), &read), between ? DS_OK : DS_BAD);
    }
}

static void lengths_and_versions_are_checked_in_every_packet(void **state)
{
    static const size_t heads[] = {0, 28, 56};
    uint8_t bytes[128];
    struct ds_rtcp read;
    (void)state;
    size_t len = ds_rtcp_write(&sender, bytes, sizeof bytes);
    for (size_t i = 0; i < DS_COUNT(heads); i++) {
        uint8_t *head = bytes + heads[i], first = head[0], type = head[1], words = head[3];
        head[0] = 0x41;
        assert_int_equal(ds_rtcp_parse(slice_of(bytes, len), &read), DS_BAD);
        head[0] = 0x9f; /* 31 blocks, chunks or sources */
        assert_int_equal(ds_rtcp_parse(slice_of(bytes, len), &read), DS_BAD);
        head[0] = first;
        head[1] = 0;
        assert_int_equal(ds_rtcp_parse(slice_of(bytes, len), &read), DS_BAD);
        head[1] = type;
        head[3] = 0;
        assert_int_equal(ds_rtcp_parse(slice_of(bytes, len), &read), DS_BAD);
        head[3] = words;
    }
    assert_int_equal(ds_rtcp_parse(slice_of(bytes, len), &read), DS_OK);
}

static void only_the_last_packet_may_be_padded(void **state)
{
    uint8_t bytes[] = {0xa0, 201, 0, 2, 0, 0, 0, 1, 0, 0, 0, 4, 0x80, 203, 0, 0};
    struct ds_rtcp read;
    (void)state;
    assert_int_equal(ds_rtcp_parse(slice_of(bytes, 12), &read), DS_OK);
    assert_int_equal(ds_rtcp_parse(slice_of(bytes, 16), &read), DS_BAD);
    bytes[11] = 3;
    assert_int_equal(ds_rtcp_parse(slice_of(bytes, 12), &read), DS_BAD);
    bytes[11] = 8; /* would leave no room for the SSRC */
    assert_int_equal(ds_rtcp_parse(slice_of(bytes, 12), &read), DS_BAD);
}

int test_rtcp(void);

int test_rtcp(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sender_reports_describes_itself_and_says_goodbye),
        cmocka_unit_test(a_listener_reports_what_it_heard),
        cmocka_unit_test(duplicates_may_make_a_loss_negative),
        cmocka_unit_test(names_of_any_length_end_on_a_word),
        cmocka_unit_test(nothing_is_written_where_there_is_no_room),
        cmocka_unit_test(a_compound_cut_anywhere_inside_a_packet_is_refused),
        cmocka_unit_test(lengths_and_versions_are_checked_in_every_packet),
        cmocka_unit_test(only_the_last_packet_may_be_padded),
    };
    return cmocka_run_group_tests_name("rtcp", tests, NULL, NULL);
}
