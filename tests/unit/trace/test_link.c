#include "capture.h"

/* Link headers and IP as other machines capture them. */

static void every_link_layer_is_taken_off(void **state)
{
#define HEAD(text) DS_LITERAL(text)

    static const struct {
        uint32_t link;
        struct ds_slice head;
    } cases[] = {
        {DS_LINK_ETHERNET, HEAD("aaaaaabbbbbb\x08\0")},
        {DS_LINK_ETHERNET, HEAD("aaaaaabbbbbb\x81\0\0\x05\x08\0")},
        {DS_LINK_ETHERNET, HEAD("aaaaaabbbbbb\x88\xa8\0\x05\x81\0\0\x06\x08\0")},
        {DS_LINK_ETHERNET, HEAD("aaaaaabbbbbb\x03\x80\xaa\xaa\x03\0\0\0\x08\0")},
        {DS_LINK_ETHERNET, HEAD("aaaaaabbbbbb\x88\x64\x11\0\0\x01\0\x09\0\x21")},
        {DS_LINK_SLL, HEAD("\0\0\0\x01\0\x06"
                           "aaaaaaaa\x08\0")},
        {DS_LINK_SLL2, HEAD("\x08\0\0\0\0\0\0\x01\0\x01\0\x06"
                            "aaaaaaaa")},
        {DS_LINK_NULL, HEAD("\x02\0\0\0")},
        {DS_LINK_LOOP, HEAD("\0\0\0\x02")},
        {DS_LINK_RAW, HEAD("")},
        {DS_LINK_IPV4, HEAD("")},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct capture capture;
        struct ds_buf frame = {0};
        struct ds_slice packet = ip_packet(&frame, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060));
        capture_open(&capture, cases[i].link);
        capture_frame(&capture, cases[i].head, packet);
        struct ds_trace *trace = capture_read(&capture);
        assert_int_equal(trace->event_count, 1);
        assert_true(ds_addr_equal(trace->events[0].from, STAGE_ADDR(1, 5060)));
        ds_trace_free(&trace);
        ds_buf_clean_up(&frame);
    }
}

static void ipv6_is_read_with_its_extension_headers(void **state)
{
    struct capture capture;
    struct ds_buf frame = {0};
    struct ds_addr from, to;
    char head[40];
    (void)state;
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("2001:db8::1"), &from), DS_OK);
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("2001:db8::2"), &to), DS_OK);
    from.port = to.port = 5060;
    struct ds_slice packet = ip_packet(&frame, from, to);
    capture_open(&capture, DS_LINK_RAW);
    capture_frame(&capture, packet, (struct ds_slice){"", 0});
    memcpy(head, packet.at, sizeof head);
    size_t len = ((size_t)(uint8_t)head[4] << 8 | (uint8_t)head[5]) + 8;
    head[4] = (char)(len >> 8);
    head[5] = (char)len;
    head[6] = 0;
    struct ds_buf rest = {0};
    ds_buf_add(&rest, DS_LITERAL("\x11\0\x01\x04\0\0\0\0"));
    ds_buf_add(&rest, ds_slice_from(packet, sizeof head));
    capture_frame(&capture, (struct ds_slice){head, sizeof head}, ds_buf_slice(&rest));
    struct ds_trace *trace = capture_read(&capture);
    assert_int_equal(trace->event_count, 2);
    assert_true(ds_addr_equal(trace->events[1].to, to));
    ds_trace_free(&trace);
    ds_buf_clean_up(&rest);
    ds_buf_clean_up(&frame);
}

/* Cuts an IPv4 packet into fragments of `unit` bytes and writes those that `which` has a bit for,
 * the last first where `backwards` is set. */
static void
write_fragments(struct capture *capture, struct ds_slice packet, unsigned which, bool backwards)
{
    const size_t unit = 160;
    struct ds_slice data = ds_slice_from(packet, 20);
    size_t count = (data.len + unit - 1) / unit;
    for (size_t i = 0; i < count; i++) {
        size_t at = backwards ? count - 1 - i : i;
        size_t len = at == count - 1 ? data.len - at * unit : unit;
        unsigned flags = (unsigned)(at * unit / 8) | (at == count - 1 ? 0 : 0x2000);
        char head[20];
        memcpy(head, packet.at, sizeof head);
        head[2] = (char)((len + 20) >> 8);
        head[3] = (char)(len + 20);
        head[5] = 77;
        head[6] = (char)(flags >> 8);
        head[7] = (char)flags;
        if (which >> at & 1)
            capture_frame(capture, (struct ds_slice){head, sizeof head},
                          (struct ds_slice){data.at + at * unit, len});
    }
}

static void fragments_in_any_order_make_the_packet_of_the_last_one(void **state)
{
    (void)state;
    for (int backwards = 0; backwards < 2; backwards++) {
        struct capture capture;
        struct ds_buf frame = {0};
        struct ds_slice packet = ip_packet(&frame, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060));
        capture_open(&capture, DS_LINK_RAW);
        if (!backwards)
            write_fragments(&capture, packet, 1, false);
        write_fragments(&capture, packet, ~0u, backwards != 0);
        struct ds_trace *trace = capture_read(&capture);
        assert_int_equal(trace->event_count, 1);
        assert_int_equal(trace->events[0].frame, trace->frame_count);
        assert_null(stage_defect(trace->events[0].msg));
        ds_trace_free(&trace);
        ds_buf_clean_up(&frame);
    }
}

static void a_missing_fragment_is_a_gap(void **state)
{
    struct capture capture;
    struct ds_buf frame = {0};
    struct ds_slice packet = ip_packet(&frame, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060));
    (void)state;
    capture_open(&capture, DS_LINK_RAW);
    write_fragments(&capture, packet, ~2u, false);
    struct ds_trace *trace = capture_read(&capture);
    assert_int_equal(trace->event_count, 0);
    assert_int_equal(trace->gap_count, 1);
    assert_int_equal(trace->gaps[0].frame, 1);
    assert_non_null(strstr(trace->gaps[0].sentence, "127.0.10.1 to 127.0.10.2"));
    ds_trace_free(&trace);
    ds_buf_clean_up(&frame);
}

static void frames_cut_short_are_one_gap(void **state)
{
    struct capture capture;
    struct ds_buf frame = {0};
    struct ds_slice packet = ip_packet(&frame, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060));
    (void)state;
    capture_open(&capture, DS_LINK_RAW);
    for (size_t i = 0; i < 3; i++)
        capture_frame(&capture, (struct ds_slice){packet.at, packet.len - i}, DS_LITERAL(""));
    struct ds_trace *trace = capture_read(&capture);
    assert_int_equal(trace->gap_count, 1);
    assert_int_equal(trace->gaps[0].frame, 2);
    assert_string_equal(trace->gaps[0].sentence,
                        "2 frames are cut short in this capture; this one is the first");
    ds_trace_free(&trace);
    ds_buf_clean_up(&frame);
}

int test_link(void);

int test_link(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_link_layer_is_taken_off),
        cmocka_unit_test(ipv6_is_read_with_its_extension_headers),
        cmocka_unit_test(fragments_in_any_order_make_the_packet_of_the_last_one),
        cmocka_unit_test(a_missing_fragment_is_a_gap),
        cmocka_unit_test(frames_cut_short_are_one_gap),
    };
    return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
