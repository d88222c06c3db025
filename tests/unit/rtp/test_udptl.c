#include "support.h"

#include "rtp.h"

#include <stdlib.h>
#include <string.h>

#define PARSE(bytes, out)                                                                          \
    ds_udptl_parse((struct ds_slice){(const char *)(bytes), sizeof(bytes)}, (out))

static const uint8_t signal_alone[] = {0x12, 0x34, 1, 0x06, 0x00, 0};
static const uint8_t data_with_copies[] = {0,    7,    6, 0xc0, 0x01, 0x80, 0x00, 0x00,
                                           0xff, 0x00, 2, 1,    0x06, 1,    0x04};
static const uint8_t data_with_parity[] = {0,    8,    6, 0xc0, 0x01, 0x80, 0x00, 0x00,
                                           0xff, 0x80, 1, 3,    1,    2,    0xab, 0xcd};

static void a_signal_needs_nothing_behind_it(void **state)
{
    struct ds_udptl read;
    (void)state;
    assert_int_equal(PARSE(signal_alone, &read), DS_OK);
    assert_int_equal(read.sequence, 0x1234);
    assert_false(read.is_data);
}

static void earlier_packets_may_come_along_as_copies_or_as_parity(void **state)
{
    struct ds_udptl read;
    (void)state;
    assert_int_equal(PARSE(data_with_copies, &read), DS_OK);
    assert_true(read.is_data);
    assert_int_equal(PARSE(data_with_parity, &read), DS_OK);
    assert_int_equal(read.sequence, 8);
}

static void a_datagram_cut_anywhere_is_none(void **state)
{
    char *copy;
    struct ds_udptl read;
    (void)state;
    for (size_t cut = 0; cut < sizeof data_with_parity; cut++) {
        copy = malloc(cut + 1);
        assert_non_null(copy);
        memcpy(copy, data_with_parity, cut);
        assert_int_equal(ds_udptl_parse((struct ds_slice){copy, cut}, &read), DS_BAD);
        free(copy);
    }
}

static void all_of_the_datagram_belongs_to_it(void **state)
{
    uint8_t more[sizeof data_with_copies + 1] = {0};
    struct ds_udptl read;
    (void)state;
    memcpy(more, data_with_copies, sizeof data_with_copies);
    assert_int_equal(PARSE(more, &read), DS_BAD);
}

static void other_protocols_are_not_taken_for_it(void **state)
{
    static const uint8_t stun[] = {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1,  2,
                                   3, 4, 5, 6, 7,    8,    9,    10,   11, 12};
    static const uint8_t dns[] = {0x1a, 0x2b, 1,   0,   0, 1,   0,   0, 0, 0, 0, 0,
                                  3,    'w',  'w', 'w', 2, 'd', 'e', 0, 0, 1, 0, 1};
    uint8_t rtp[172] = {0x80, 8, 0, 1};
    struct ds_udptl read;
    (void)state;
    assert_int_equal(PARSE(stun, &read), DS_BAD);
    assert_int_equal(PARSE(dns, &read), DS_BAD);
    assert_int_equal(PARSE(rtp, &read), DS_BAD);
}

static void types_and_what_they_carry_must_agree(void **state)
{
    static const uint8_t signal_with_data[] = {0, 1, 3, 0x86, 1, 2, 0, 0};
    static const uint8_t data_without_any[] = {0, 1, 1, 0xc0, 0, 0};
    static const uint8_t new_signal[] = {0, 1, 2, 0x20, 0x40, 0, 0};
    struct ds_udptl read;
    (void)state;
    assert_int_equal(PARSE(signal_with_data, &read), DS_BAD);
    assert_int_equal(PARSE(data_without_any, &read), DS_BAD);
    assert_int_equal(PARSE(new_signal, &read), DS_OK);
}

static void what_is_written_is_read(void **state)
{
    char page[300] = {(char)0xc0, 1};
    uint8_t bytes[700];
    struct ds_udptl read, packet = {
                              .sequence = 65535,
                              .ifp = {page, sizeof page},
                              .copies = {DS_LITERAL("\x06"), DS_LITERAL("\x04")},
                              .copy_count = 2,
                          };
    (void)state;
    size_t len = ds_udptl_write(&packet, bytes, sizeof bytes);
    assert_int_equal(len, 2 + 2 + 300 + 2 + 2 + 2);
    assert_int_equal(ds_udptl_parse((struct ds_slice){(const char *)bytes, len}, &read), DS_OK);
    assert_int_equal(read.sequence, 65535);
    assert_true(ds_slice_equal(read.ifp, packet.ifp));
    assert_int_equal(read.copy_count, 2);
    assert_true(ds_slice_equal(read.copies[1], packet.copies[1]));
    assert_false(read.parity);
    for (size_t size = 0; size < len; size++)
        assert_int_equal(ds_udptl_write(&packet, bytes, size), 0);
}

static void what_is_news_of_a_packet_depends_on_the_last_one_taken(void **state)
{
    const struct ds_udptl packet = {
        .sequence = 1,
        .ifp = DS_LITERAL("\x0a"),
        .copies = {DS_LITERAL("\x08"), DS_LITERAL("\x06")},
        .copy_count = 2,
    };
    (void)state;
    assert_int_equal(ds_udptl_news(&packet, 0), 1);
    assert_int_equal(ds_udptl_news(&packet, 65535), 2);
    assert_int_equal(ds_udptl_news(&packet, 65000), 3);
    assert_int_equal(ds_udptl_news(&packet, 1), 0);
    assert_int_equal(ds_udptl_news(&packet, 2), 0);
    assert_true(ds_slice_equal(ds_udptl_ifp(&packet, 0), packet.ifp));
    assert_true(ds_slice_equal(ds_udptl_ifp(&packet, 2), packet.copies[1]));
}

int test_udptl(void);

int test_udptl(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signal_needs_nothing_behind_it),
        cmocka_unit_test(earlier_packets_may_come_along_as_copies_or_as_parity),
        cmocka_unit_test(a_datagram_cut_anywhere_is_none),
        cmocka_unit_test(all_of_the_datagram_belongs_to_it),
        cmocka_unit_test(other_protocols_are_not_taken_for_it),
        cmocka_unit_test(types_and_what_they_carry_must_agree),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(what_is_news_of_a_packet_depends_on_the_last_one_taken),
    };
    return cmocka_run_group_tests_name("udptl", tests, NULL, NULL);
}
