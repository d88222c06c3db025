#include "capture.h"

/* One packet at several points of its way, and two packets that look alike. */

#define MAC       "\2\0\0\0\0\1\2\0\0\0\0\2\x08\0"
#define OTHER_MAC "\2\0\0\0\0\3\2\0\0\0\0\4\x08\0"

struct sight {
    const char *link; /* Ethernet header, 14 bytes */
    uint32_t after_us;
    uint16_t id;
    uint8_t ttl;
    bool checksum_differs;
};

static void
write_sight(struct capture *capture, const struct sight *sight, uint8_t last_byte_change)
{
    struct ds_buf frame = {0};
    struct ds_slice packet = ip_packet(&frame, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060));
    char *ip = frame.at + 14;
    (void)packet;
    ip[4] = (char)(sight->id >> 8);
    ip[5] = (char)sight->id;
    ip[8] = (char)sight->ttl;
    ip[20 + 6] = (char)(ip[20 + 6] ^ (sight->checksum_differs ? 0x55 : 0));
    ip[frame.len - 14 - 1] = (char)(ip[frame.len - 14 - 1] ^ last_byte_change);
    memcpy(frame.at, sight->link, 14);
    capture->at_us = sight->after_us;
    capture_frame(capture, ds_buf_slice(&frame), DS_LITERAL(""));
    ds_buf_clean_up(&frame);
}

/* Two sights: how many of them are packets of their own. */
static void expect(struct sight second, uint16_t first_id, size_t events)
{
    const struct sight first = {MAC, 0, first_id, 64, false};
    struct capture capture;
    capture_open(&capture, DS_LINK_ETHERNET);
    write_sight(&capture, &first, 0);
    write_sight(&capture, &second, 0);
    struct ds_trace *trace = capture_read(&capture);
    assert_int_equal(trace->event_count, events);
    assert_int_equal(trace->copy_count, 2 - events);
    assert_int_equal(trace->frame_count, 2);
    assert_int_equal(trace->events[0].frame, 1);
    if (events == 2)
        assert_true(trace->events[1].retransmission);
    assert_int_equal(trace->contacts[0].packets, events);
    ds_trace_free(&trace);
}

static void a_packet_at_another_point_of_its_way_counts_once(void **state)
{
    (void)state;
    expect((struct sight){OTHER_MAC, 10, 0, 64, false}, 0, 1);
    expect((struct sight){MAC, 10, 0, 63, false}, 0, 1);
    expect((struct sight){OTHER_MAC, 10, 7, 63, true}, 7, 1);
    expect((struct sight){OTHER_MAC, 100000, 0, 64, false}, 0, 1);
}

/* As a port that mirrors both what goes in and what goes out shows it. */
static void a_packet_that_its_sender_numbered_is_one_wherever_it_is_seen(void **state)
{
    (void)state;
    expect((struct sight){MAC, 10, 7, 64, false}, 7, 1);
}

static void what_was_sent_again_is_a_retransmission(void **state)
{
    (void)state;
    expect((struct sight){MAC, 500000, 0, 64, false}, 0, 2);
    expect((struct sight){MAC, 10, 0, 64, false}, 0, 2);
    expect((struct sight){OTHER_MAC, 100001, 0, 64, false}, 0, 2);
    expect((struct sight){MAC, 10, 8, 64, false}, 7, 2);
    expect((struct sight){OTHER_MAC, 10, 8, 63, false}, 7, 2);
}

static void a_packet_with_other_bytes_is_another(void **state)
{
    const struct sight first = {MAC, 0, 7, 64, false}, second = {OTHER_MAC, 10, 7, 63, false};
    struct capture capture;
    (void)state;
    capture_open(&capture, DS_LINK_ETHERNET);
    write_sight(&capture, &first, 0);
    write_sight(&capture, &second, 1);
    struct ds_trace *trace = capture_read(&capture);
    assert_int_equal(trace->event_count, 2);
    assert_int_equal(trace->copy_count, 0);
    ds_trace_free(&trace);
}

static void three_points_are_one_packet(void **state)
{
    struct capture capture;
    (void)state;
    capture_open(&capture, DS_LINK_ETHERNET);
    for (uint8_t i = 0; i < 3; i++) {
        const struct sight sight = {i == 1 ? OTHER_MAC : MAC, 10u * i, 0, (uint8_t)(64 - i), false};
        write_sight(&capture, &sight, 0);
    }
    struct ds_trace *trace = capture_read(&capture);
    assert_int_equal(trace->event_count, 1);
    assert_int_equal(trace->copy_count, 2);
    ds_trace_free(&trace);
}

/* Both points see both fragments, and no half of them waits for another. */
static void fragments_at_two_points_make_one_packet(void **state)
{
    struct capture capture;
    struct ds_buf frame = {0};
    struct ds_slice packet = ip_packet(&frame, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060));
    struct ds_slice data = ds_slice_from(packet, 20);
    (void)state;
    capture_open(&capture, DS_LINK_ETHERNET);
    for (size_t i = 0; i < 4; i++) {
        struct ds_slice part = i < 2 ? (struct ds_slice){data.at, 160} : ds_slice_from(data, 160);
        struct ds_buf whole = {0};
        ds_buf_add(&whole, (struct ds_slice){i % 2 == 0 ? MAC : OTHER_MAC, 14});
        ds_buf_add(&whole, (struct ds_slice){packet.at, 20});
        whole.at[14 + 2] = (char)((part.len + 20) >> 8);
        whole.at[14 + 3] = (char)(part.len + 20);
        whole.at[14 + 5] = 77;
        whole.at[14 + 6] = i < 2 ? 0x20 : 0;
        whole.at[14 + 7] = i < 2 ? 0 : 20;
        capture_frame(&capture, ds_buf_slice(&whole), part);
        ds_buf_clean_up(&whole);
    }
    struct ds_trace *trace = capture_read(&capture);
    assert_int_equal(trace->event_count, 1);
    assert_int_equal(trace->copy_count, 2);
    assert_int_equal(trace->gap_count, 0);
    ds_trace_free(&trace);
    ds_buf_clean_up(&frame);
}

static void put32(struct capture *capture, uint32_t value)
{
    put(capture->file, &value, sizeof value);
}

static void put_interface(struct capture *capture, uint32_t link)
{
    const uint32_t block[] = {1, 20, link, 0, 20};
    put(capture->file, block, sizeof block);
}

static void put_packet(struct capture *capture, uint32_t interface, struct ds_slice bytes)
{
    uint32_t len = (uint32_t)bytes.len, padded = (len + 3) & ~3u;
    const uint32_t head[] = {6, padded + 32, interface, 0, 0, len, len};
    put(capture->file, head, sizeof head);
    put(capture->file, bytes.at, bytes.len);
    put(capture->file, "\0\0\0", padded - len);
    put32(capture, padded + 32);
}

/* Of two interfaces; a third is of a kind that nobody reads. */
static void another_interface_is_another_point(void **state)
{
    const uint32_t section[] = {0x0a0d0d0a, 28, 0x1a2b3c4d, 1, ~0u, ~0u, 28};
    struct capture capture;
    struct ds_buf frame = {0};
    (void)state;
    ip_packet(&frame, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060));
    capture_open(&capture, DS_LINK_ETHERNET);
    rewind(capture.file);
    put(capture.file, section, sizeof section);
    put_interface(&capture, DS_LINK_ETHERNET);
    put_interface(&capture, DS_LINK_ETHERNET);
    put_interface(&capture, 189);
    for (uint32_t i = 0; i < 3; i++)
        put_packet(&capture, i, ds_buf_slice(&frame));
    struct ds_trace *trace = capture_read(&capture);
    assert_int_equal(trace->event_count, 1);
    assert_int_equal(trace->copy_count, 1);
    assert_int_equal(trace->gap_count, 1);
    assert_string_equal(trace->gaps[0].sentence,
                        "1 frames are of a link type that is not read here; this one, of type 189, "
                        "is the first");
    assert_int_equal(trace->gaps[0].frame, 3);
    ds_trace_free(&trace);
    ds_buf_clean_up(&frame);
}

int test_copies(void);

int test_copies(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_at_another_point_of_its_way_counts_once),
        cmocka_unit_test(a_packet_that_its_sender_numbered_is_one_wherever_it_is_seen),
        cmocka_unit_test(what_was_sent_again_is_a_retransmission),
        cmocka_unit_test(a_packet_with_other_bytes_is_another),
        cmocka_unit_test(three_points_are_one_packet),
        cmocka_unit_test(fragments_at_two_points_make_one_packet),
        cmocka_unit_test(another_interface_is_another_point),
    };
    return cmocka_run_group_tests_name("copies", tests, NULL, NULL);
}
