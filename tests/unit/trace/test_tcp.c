#include "stage.h"

#include <string.h>

#define FIRST_SEQUENCE 0xffffff80u /* the numbers wrap within the first message */

struct talk {
    struct stage stage;
    struct stage_tcp tcp;
    struct ds_buf text; /* two messages, one after the other */
    size_t first_len;
};

static void begin(struct talk *talk)
{
    const struct ds_addr media = STAGE_ADDR(1, 30000);
    const struct stage_line invite = {.start = "INVITE sip:+15550142@b SIP/2.0", .media = &media};
    const struct stage_line ack = {.start = "ACK sip:b SIP/2.0", .cseq = "1 ACK"};
    *talk = (struct talk){.tcp = {STAGE_ADDR(1, 40000), STAGE_ADDR(2, 5060), FIRST_SEQUENCE}};
    stage_write_line(&invite, &talk->text);
    talk->first_len = talk->text.len;
    stage_write_line(&ack, &talk->text);
    stage_open(&talk->stage);
    stage_syn(&talk->stage, &talk->tcp);
}

static void end(struct talk *talk)
{
    ds_buf_clean_up(&talk->text);
    stage_close(&talk->stage);
}

static struct ds_slice piece(const struct talk *talk, size_t from, size_t to)
{
    return (struct ds_slice){talk->text.at + from, to - from};
}

static void assert_whole(const struct ds_trace *trace, uint32_t invite_frame, uint32_t ack_frame)
{
    assert_int_equal(trace->event_count, 2);
    assert_int_equal(trace->events[0].transport, DS_TCP);
    assert_true(ds_msg_method_is(trace->events[0].msg, "INVITE"));
    assert_non_null(trace->events[0].sdp);
    assert_int_equal(trace->events[0].frame, invite_frame);
    assert_true(ds_msg_method_is(trace->events[1].msg, "ACK"));
    assert_int_equal(trace->events[1].frame, ack_frame);
    assert_int_equal(trace->gap_count, 0);
}

static void several_messages_may_come_in_one_segment(void **state)
{
    struct talk talk;
    (void)state;
    begin(&talk);
    stage_tcp(&talk.stage, &talk.tcp, ds_buf_slice(&talk.text));
    assert_whole(stage_read(&talk.stage, NULL), 2, 2);
    end(&talk);
}

static void a_message_belongs_to_the_frame_that_completed_it(void **state)
{
    struct talk talk;
    (void)state;
    begin(&talk);
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, 0, 5));
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, 5, talk.first_len - 1));
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, talk.first_len - 1, talk.first_len + 9));
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, talk.first_len + 9, talk.text.len));
    assert_whole(stage_read(&talk.stage, NULL), 4, 5);
    end(&talk);
}

static void segments_out_of_order_sent_twice_or_overlapping_make_one_stream(void **state)
{
    struct talk talk;
    (void)state;
    begin(&talk);
    stage_tcp_at(&talk.stage, &talk.tcp, 200, piece(&talk, 200, talk.text.len));
    stage_tcp_at(&talk.stage, &talk.tcp, 100, piece(&talk, 100, 220));
    stage_tcp_at(&talk.stage, &talk.tcp, 100, piece(&talk, 100, 220));
    stage_tcp_at(&talk.stage, &talk.tcp, 0, piece(&talk, 0, 150));
    stage_tcp_at(&talk.stage, &talk.tcp, 0, piece(&talk, 0, 150));
    stage_tcp_at(&talk.stage, &talk.tcp, -1, piece(&talk, 0, 1));
    assert_whole(stage_read(&talk.stage, NULL), 5, 5);
    end(&talk);
}

static void missing_bytes_are_a_gap_and_reading_goes_on_behind_them(void **state)
{
    struct talk talk;
    (void)state;
    begin(&talk);
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, 0, talk.first_len));
    talk.tcp.sequence += 100;
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, talk.first_len, talk.text.len));
    const struct ds_trace *trace = stage_read(&talk.stage, NULL);
    assert_int_equal(trace->event_count, 2);
    assert_int_equal(trace->events[1].frame, 3);
    assert_int_equal(trace->gap_count, 1);
    assert_int_equal(trace->gaps[0].frame, 3);
    assert_string_equal(trace->gaps[0].sentence,
                        "100 bytes of the TCP stream from 127.0.10.1:40000 to 127.0.10.2:5060 are "
                        "missing before this frame");
    end(&talk);
}

static void messages_behind_a_hole_keep_their_place_among_the_others(void **state)
{
    struct talk talk;
    const struct stage_line other = {.start = "OPTIONS sip:b SIP/2.0", .cseq = "1 OPTIONS"};
    (void)state;
    begin(&talk);
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, 0, talk.first_len));
    talk.tcp.sequence += 100;
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, talk.first_len, talk.text.len));
    stage_say(&talk.stage, STAGE_ADDR(3, 5060), STAGE_ADDR(4, 5060), &other);
    const struct ds_trace *trace = stage_read(&talk.stage, NULL);
    assert_int_equal(trace->event_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(trace->events[i].frame, i + 2);
    assert_true(ds_msg_method_is(trace->events[2].msg, "OPTIONS"));
    assert_ptr_equal(trace->legs[0].events[1], &trace->events[1]);
    end(&talk);
}

static void a_capture_may_begin_in_the_middle_of_a_message(void **state)
{
    struct talk talk;
    (void)state;
    begin(&talk);
    talk.tcp = (struct stage_tcp){STAGE_ADDR(5, 40000), STAGE_ADDR(2, 5060), 77};
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, 90, talk.first_len));
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, talk.first_len, talk.text.len));
    const struct ds_trace *trace = stage_read(&talk.stage, NULL);
    assert_int_equal(trace->event_count, 1);
    assert_true(ds_msg_method_is(trace->events[0].msg, "ACK"));
    assert_int_equal(trace->events[0].frame, 3);
    end(&talk);
}

static void a_new_connection_may_use_the_ports_of_an_old_one(void **state)
{
    struct talk talk;
    (void)state;
    begin(&talk);
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, 0, talk.first_len - 10));
    talk.tcp.sequence = 5000;
    stage_syn(&talk.stage, &talk.tcp);
    stage_tcp(&talk.stage, &talk.tcp, ds_buf_slice(&talk.text));
    assert_whole(stage_read(&talk.stage, NULL), 4, 4);
    end(&talk);
}

static void nonsense_in_a_stream_of_sip_is_a_gap(void **state)
{
    struct talk talk;
    (void)state;
    begin(&talk);
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, 0, talk.first_len));
    stage_tcp(&talk.stage, &talk.tcp, DS_LITERAL("this is no SIP\r\nat all\r\n\r\n"));
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, talk.first_len, talk.text.len));
    const struct ds_trace *trace = stage_read(&talk.stage, NULL);
    assert_int_equal(trace->event_count, 2);
    assert_int_equal(trace->gap_count, 1);
    assert_int_equal(trace->gaps[0].frame, 3);
    end(&talk);
}

static void streams_of_other_protocols_are_left_alone(void **state)
{
    struct talk talk;
    (void)state;
    begin(&talk);
    stage_tcp(&talk.stage, &talk.tcp, DS_LITERAL("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    talk.tcp.sequence += 1000;
    stage_tcp(&talk.stage, &talk.tcp, DS_LITERAL("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    const struct ds_trace *trace = stage_read(&talk.stage, NULL);
    assert_int_equal(trace->event_count, 0);
    assert_int_equal(trace->gap_count, 0);
    end(&talk);
}

static void what_never_joins_up_is_bounded(void **state)
{
    struct talk talk;
    (void)state;
    begin(&talk);
    stage_tcp(&talk.stage, &talk.tcp, piece(&talk, 0, talk.first_len));
    for (int i = 0; i < 600; i++)
        stage_tcp_at(&talk.stage, &talk.tcp, 10 + 2 * i, DS_LITERAL("x"));
    const struct ds_trace *trace = stage_read(&talk.stage, NULL);
    assert_int_equal(trace->event_count, 1);
    assert_true(trace->gap_count > 0);
    assert_true(trace->gap_count <= 1000);
    end(&talk);
}

int test_tcp(void);

int test_tcp(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_messages_may_come_in_one_segment),
        cmocka_unit_test(a_message_belongs_to_the_frame_that_completed_it),
        cmocka_unit_test(segments_out_of_order_sent_twice_or_overlapping_make_one_stream),
        cmocka_unit_test(missing_bytes_are_a_gap_and_reading_goes_on_behind_them),
        cmocka_unit_test(messages_behind_a_hole_keep_their_place_among_the_others),
        cmocka_unit_test(a_capture_may_begin_in_the_middle_of_a_message),
        cmocka_unit_test(a_new_connection_may_use_the_ports_of_an_old_one),
        cmocka_unit_test(nonsense_in_a_stream_of_sip_is_a_gap),
        cmocka_unit_test(streams_of_other_protocols_are_left_alone),
        cmocka_unit_test(what_never_joins_up_is_bounded),
    };
    return cmocka_run_group_tests_name("tcp", tests, NULL, NULL);
}
