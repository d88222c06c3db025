#include "capture_file.h"

/* The sum over a header with its checksum in place is all ones (RFC 1071). */
static uint16_t sum_of(const uint8_t *at, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i++)
        sum += i % 2 == 0 ? (uint32_t)at[i] << 8 : at[i];
    while (sum > 0xffff)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}

static void expect_valid_v4(const uint8_t *frame, size_t len, uint8_t protocol)
{
    const uint8_t *ip = frame + 14;
    assert_int_equal(frame[12] << 8 | frame[13], 0x0800);
    assert_int_equal(ip[2] << 8 | ip[3], len - 14);
    assert_int_equal(ip[9], protocol);
    assert_int_equal(sum_of(ip, 20, 0), 0xffff);
    uint32_t pseudo = sum_of(ip + 12, 8, protocol) + (uint32_t)(len - 34);
    assert_int_equal(sum_of(ip + 20, len - 34, pseudo), 0xffff);
}

static void udp_over_v4_is_whole(void **state)
{
    struct ds_buf buf = {0};
    (void)state;
    for (size_t len = 0; len < 40; len++) {
        buf.len = 0;
        ds_frame_build(&buf, ds_addr_v4(0x7f000a32, 5060), ds_addr_v4(0x0a000001, 5062), NULL,
                       (struct ds_slice){"0123456789012345678901234567890123456789", len});
        const uint8_t *frame = (const uint8_t *)buf.at;
        assert_int_equal(buf.len, 42 + len);
        expect_valid_v4(frame, buf.len, 17);
        assert_memory_equal(frame, "\x02\0\x0a\0\0\x01\x02\0\x7f\0\x0a\x32", 12);
        assert_memory_equal(frame + 26, "\x7f\0\x0a\x32\x0a\0\0\x01", 8);
        assert_memory_equal(frame + 34, "\x13\xc4\x13\xc6", 4);
    }
    ds_buf_clean_up(&buf);
}

static void tcp_carries_its_marks(void **state)
{
    const struct ds_tcp_mark mark = {0x01020304, 0x05060708, true,  true,
                                     false,      false,      false, 0xffff};
    struct ds_buf buf = {0};
    (void)state;
    ds_frame_build(&buf, ds_addr_v4(0x7f000001, 1), ds_addr_v4(0x7f000002, 2), &mark,
                   DS_LITERAL(""));
    assert_int_equal(buf.len, 54);
    expect_valid_v4((const uint8_t *)buf.at, buf.len, 6);
    assert_memory_equal(buf.at + 38, "\1\2\3\4\5\6\7\x08\x50\x12", 10);
    ds_buf_clean_up(&buf);
}

static void v6_hosts_are_told_apart(void **state)
{
    struct ds_addr from = {.port = 5060}, to = {.port = 5061};
    struct ds_buf buf = {0};
    (void)state;
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("2001:db8::1"), &from), DS_OK);
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("2001:db9::1"), &to), DS_OK);
    ds_frame_build(&buf, from, to, NULL, DS_LITERAL("odd"));
    const uint8_t *frame = (const uint8_t *)buf.at;
    assert_int_equal(buf.len, 14 + 40 + 8 + 3);
    assert_memory_equal(frame + 12, "\x86\xdd\x60\0\0\0\0\x0b\x11", 9);
    assert_true(memcmp(frame, frame + 6, 6) != 0);
    assert_int_equal(frame[0] & 3, 2);
    assert_int_equal(sum_of(frame + 54, 11, sum_of(frame + 22, 32, 17 + 11)), 0xffff);
    ds_buf_clean_up(&buf);
}

static void the_longest_payload_fits_and_more_is_a_mistake(void **state)
{
    static const size_t longest[] = {65507, 65495};

    static const struct ds_tcp_mark mark = {.ack = true};

    char *payload = calloc(1, 65508);
    (void)state;
    assert_non_null(payload);
    struct ds_addr from = ds_addr_v4(0x7f000001, 1), to = ds_addr_v4(0x7f000002, 2);
    for (int tcp = 0; tcp < 2; tcp++) {
        struct ds_buf buf = {0};
        ds_frame_build(&buf, from, to, tcp ? &mark : NULL,
                       (struct ds_slice){payload, longest[tcp]});
        assert_int_equal(buf.len, 14 + 65535);
        expect_valid_v4((const uint8_t *)buf.at, buf.len, tcp ? 6 : 17);
        expect_assert_failure(ds_frame_build(&buf, from, to, tcp ? &mark : NULL,
                                             (struct ds_slice){payload, longest[tcp] + 1}));
        ds_buf_clean_up(&buf);
    }
    free(payload);
}

/* Builds a frame, spoils the bytes at `spoil`, and completes it. */
static struct ds_buf complete_spoilt(bool tcp, size_t spoil, uint16_t value)
{
    const struct ds_tcp_mark mark = {.ack = true};
    struct ds_buf buf = {0};
    ds_frame_build(&buf, ds_addr_v4(0x7f000001, 1), ds_addr_v4(0x7f000002, 2), tcp ? &mark : NULL,
                   DS_LITERAL("hello"));
    assert_false(buf.broken);
    buf.at[spoil] = (char)(value >> 8);
    buf.at[spoil + 1] = (char)(value & 0xff);
    ds_frame_complete((uint8_t *)buf.at, buf.len);
    return buf;
}

static void what_hardware_was_to_fill_in_is_filled_in(void **state)
{
    static const struct {
        bool tcp;
        size_t at;
    } cases[] = {{false, 40}, {true, 50}, {false, 24}, {true, 24}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_buf buf = complete_spoilt(cases[i].tcp, cases[i].at, 0xfe1d);
        expect_valid_v4((const uint8_t *)buf.at, buf.len, cases[i].tcp ? 6 : 17);
        ds_buf_clean_up(&buf);
    }
}

static void a_datagram_without_a_sum_keeps_none(void **state)
{
    (void)state;
    struct ds_buf buf = complete_spoilt(false, 40, 0);
    assert_memory_equal(buf.at + 40, "\0\0", 2);
    ds_buf_clean_up(&buf);
}

/* Fragments, lengths beyond the frame, other protocols and other versions. */
static void what_is_not_understood_is_left_alone(void **state)
{
    static const struct {
        size_t at;
        uint16_t value;
    } spoils[] = {{20, 0x2000}, {20, 0x0010}, {16, 2000},   {16, 19},
                  {14, 0x4f00}, {14, 0x6500}, {38, 7},      {38, 100},
                  {12, 0x0806}, {22, 0x4001}, {14, 0x4400}, {12, 0x8100}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(spoils); i++) {
        struct ds_buf whole = {0};
        ds_frame_build(&whole, ds_addr_v4(0x7f000001, 1), ds_addr_v4(0x7f000002, 2), NULL,
                       DS_LITERAL("hello"));
        struct ds_buf spoilt = complete_spoilt(false, spoils[i].at, spoils[i].value);
        assert_memory_equal(spoilt.at + 34, spoils[i].at == 38 ? spoilt.at + 34 : whole.at + 34, 4);
        assert_memory_equal(spoilt.at + 40, whole.at + 40, whole.len - 40);
        ds_buf_clean_up(&whole);
        ds_buf_clean_up(&spoilt);
    }
}

static void a_vlan_tag_hides_nothing(void **state)
{
    struct ds_buf whole = {0}, tagged = {0};
    (void)state;
    ds_frame_build(&whole, ds_addr_v4(0x7f000001, 1), ds_addr_v4(0x7f000002, 2), NULL,
                   DS_LITERAL("hello"));
    ds_buf_add(&tagged, (struct ds_slice){whole.at, 12});
    ds_buf_add(&tagged, (struct ds_slice){"\x81\0\0\7", 4});
    ds_buf_add(&tagged, ds_slice_from(ds_buf_slice(&whole), 12));
    tagged.at[44] = 1;
    ds_frame_complete((uint8_t *)tagged.at, tagged.len);
    assert_memory_equal(tagged.at + 16, whole.at + 12, whole.len - 12);
    ds_buf_clean_up(&whole);
    ds_buf_clean_up(&tagged);
}

/* Each length in memory of its own, so that the address sanitizer sees one byte too many. */
static void a_frame_cut_anywhere_does_no_harm(void **state)
{
    const struct ds_tcp_mark mark = {.ack = true};
    struct ds_addr six[2] = {{.ip = {0xfd}}, {.ip = {0xfe}}};
    struct ds_addr four[2] = {ds_addr_v4(0x7f000001, 1), ds_addr_v4(0x7f000002, 2)};
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        const struct ds_addr *ends = kind < 2 ? four : six;
        struct ds_buf buf = {0};
        ds_frame_build(&buf, ends[0], ends[1], kind % 2 == 0 ? &mark : NULL, DS_LITERAL("hello"));
        for (size_t len = 0; len <= buf.len; len++) {
            uint8_t *copy = malloc(len + 1);
            assert_non_null(copy);
            memcpy(copy, buf.at, len);
            copy = realloc(copy, len == 0 ? 1 : len);
            ds_frame_complete(copy, len);
            assert_memory_equal(copy, buf.at, len);
            free(copy);
        }
        ds_buf_clean_up(&buf);
    }
}

int test_frame(void);

int test_frame(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(udp_over_v4_is_whole),
        cmocka_unit_test(tcp_carries_its_marks),
        cmocka_unit_test(v6_hosts_are_told_apart),
        cmocka_unit_test(the_longest_payload_fits_and_more_is_a_mistake),
        cmocka_unit_test(what_hardware_was_to_fill_in_is_filled_in),
        cmocka_unit_test(a_datagram_without_a_sum_keeps_none),
        cmocka_unit_test(what_is_not_understood_is_left_alone),
        cmocka_unit_test(a_vlan_tag_hides_nothing),
        cmocka_unit_test(a_frame_cut_anywhere_does_no_harm),
    };
    return cmocka_run_group_tests_name("pcap frame", tests, NULL, NULL);
}
