#include "stage.h"

#include <string.h>

#define CALLER STAGE_ADDR(1, 30000)
#define CALLEE STAGE_ADDR(2, 40000)

static void offer_and_answer(struct stage *stage, const char *call_id)
{
    const struct ds_addr here = CALLER, there = CALLEE;
    const struct stage_line invite = {
        .start = "INVITE sip:+15550142@b SIP/2.0", .call_id = call_id, .media = &here};
    const struct stage_line ok = {
        .start = "SIP/2.0 200 OK", .call_id = call_id, .to_tag = "t", .media = &there};
    stage_say(stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), &invite);
    stage_say(stage, STAGE_ADDR(2, 5060), STAGE_ADDR(1, 5060), &ok);
}

static void announced_streams_belong_to_their_call_and_carry_its_tones(void **state)
{
    const struct ds_topo_node nodes[] = {
        {.name = "alice", .role = DS_ROLE_CLIENT, .at = STAGE_ADDR(1, 0), .tone_hz = 450},
        {.name = "bob", .role = DS_ROLE_PHONE, .at = STAGE_ADDR(2, 0), .tone_hz = 700}};
    const struct ds_topo topo = {.nodes = nodes, .node_count = 2};
    struct stage stage;
    struct stage_talk alice = {CALLER, CALLEE, 1, 65530, 0, {.frequency_hz = 450}};
    struct stage_talk bob = {CALLEE, CALLER, 2, 100, 0, {.frequency_hz = 700}};
    (void)state;
    stage_open(&stage);
    offer_and_answer(&stage, "call-1");
    stage_talk(&stage, &alice, 20);
    stage_talk(&stage, &bob, 10);
    const struct ds_trace *trace = stage_read(&stage, &topo);
    assert_int_equal(trace->flow_count, 2);
    assert_int_equal(trace->rtp_count, 30);
    const struct ds_flow *flow = &trace->flows[0];
    assert_int_equal(flow->packets, 20);
    assert_int_equal(flow->payload_packets[DS_PT_PCMA], 20);
    assert_int_equal(flow->stats.lost, 0);
    assert_int_equal(flow->bad_size_packets, 0);
    assert_int_equal(flow->tone_hz, 450);
    assert_ptr_equal(flow->talker, &nodes[0]);
    assert_ptr_equal(flow->to_node, &nodes[1]);
    assert_ptr_equal(flow->call, &trace->calls[0]);
    assert_ptr_equal(flow->announced_to, &trace->events[1]);
    assert_ptr_equal(flow->announced_from, &trace->events[0]);
    assert_int_equal(flow->first_frame, 3);
    assert_int_equal(flow->last_frame, 22);
    assert_ptr_equal(trace->flows[1].talker, &nodes[1]);
    assert_ptr_equal(trace->rtp[20].flow, &trace->flows[1]);
    assert_int_equal(trace->calls[0].flow_count, 2);
    assert_ptr_equal(trace->calls[0].flows[1], &trace->flows[1]);
    stage_close(&stage);
}

static void media_may_come_before_the_sdp_that_announces_it(void **state)
{
    struct stage stage;
    struct stage_talk bob = {CALLEE, CALLER, 2, 100, 0, {.frequency_hz = 700}};
    (void)state;
    stage_open(&stage);
    stage_talk(&stage, &bob, 1);
    offer_and_answer(&stage, "call-1");
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flow_count, 1);
    assert_ptr_equal(trace->flows[0].announced_to, &trace->events[0]);
    assert_ptr_equal(trace->flows[0].call, &trace->calls[0]);
    stage_close(&stage);
}

static void a_port_used_again_belongs_to_the_later_call(void **state)
{
    struct stage stage;
    struct stage_talk first = {CALLER, CALLEE, 1, 1, 0, {.frequency_hz = 450}};
    struct stage_talk second = {CALLER, CALLEE, 9, 1, 0, {.frequency_hz = 450}};
    (void)state;
    stage_open(&stage);
    offer_and_answer(&stage, "call-1");
    stage_talk(&stage, &first, 3);
    offer_and_answer(&stage, "call-2");
    stage_talk(&stage, &second, 3);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flow_count, 2);
    assert_ptr_equal(trace->flows[0].call, trace->legs[0].call);
    assert_ptr_equal(trace->flows[1].call, trace->legs[1].call);
    stage_close(&stage);
}

static void without_sdp_three_packets_in_a_row_make_a_stream(void **state)
{
    struct stage stage;
    struct stage_talk enough = {CALLER, CALLEE, 1, 1, 0, {.frequency_hz = 450}};
    struct stage_talk too_few = {CALLER, CALLEE, 2, 1, 0, {.frequency_hz = 450}};
    struct stage_talk odd = {STAGE_ADDR(1, 30001), CALLEE, 3, 1, 0, {.frequency_hz = 450}};
    (void)state;
    stage_open(&stage);
    stage_talk(&stage, &enough, 3);
    stage_talk(&stage, &too_few, 2);
    stage_talk(&stage, &odd, 5);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flow_count, 1);
    assert_int_equal(trace->flows[0].ssrc, 1);
    assert_null(trace->flows[0].call);
    assert_int_equal(trace->rtp_count, 3);
    stage_close(&stage);
}

static void without_sdp_and_on_odd_ports_it_takes_more_of_them(void **state)
{
    struct stage stage;
    struct stage_talk translated = {STAGE_ADDR(1, 30001), CALLEE, 3, 65530, 0,
                                    {.frequency_hz = 450}};
    (void)state;
    stage_open(&stage);
    stage_talk(&stage, &translated, 21);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flow_count, 1);
    assert_int_equal(trace->flows[0].packets, 21);
    stage_close(&stage);
}

static void losses_are_counted(void **state)
{
    struct stage stage;
    struct stage_talk talk = {CALLER, CALLEE, 1, 1, 0, {.frequency_hz = 450}};
    (void)state;
    stage_open(&stage);
    stage_talk(&stage, &talk, 5);
    talk.sequence += 3;
    stage_talk(&stage, &talk, 5);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flows[0].packets, 10);
    assert_int_equal(trace->flows[0].stats.lost, 3);
    stage_close(&stage);
}

static void a_step_of_another_length_than_a_packet_is_uneven(void **state)
{
    struct stage stage;
    struct stage_talk talk = {CALLER, CALLEE, 1, 1, 0, {.frequency_hz = 450}};
    (void)state;
    stage_open(&stage);
    stage_talk(&stage, &talk, 5);
    talk.timestamp += 80;
    stage_talk(&stage, &talk, 5);
    talk.timestamp += 8000; /* a pause, not a step */
    stage_talk(&stage, &talk, 5);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flows[0].uneven_packets, 1);
    stage_close(&stage);
}

static void press(struct stage *stage, struct stage_talk *talk, char digit, int ends)
{
    uint8_t payload[4], bytes[64];
    struct ds_rtp_event event = {.volume = 10};
    assert_int_equal(ds_rtp_event_of(digit, &event.event), DS_OK);
    for (int i = 0; i < 3 + ends; i++) {
        event.end = i >= 3;
        event.duration = (uint16_t)(160 * (i < 3 ? i + 1 : 4));
        ds_rtp_event_write(&event, payload);
        const struct ds_rtp packet = {.payload_type = DS_PT_EVENT,
                                      .marker = i == 0,
                                      .sequence = talk->sequence++,
                                      .timestamp = talk->timestamp,
                                      .ssrc = talk->ssrc,
                                      .payload = {(const char *)payload, sizeof payload}};
        size_t len = ds_rtp_write(&packet, bytes, sizeof bytes);
        stage_udp(stage, talk->from, talk->to, (struct ds_slice){(const char *)bytes, len});
        stage->at += 19000;
    }
    talk->timestamp += 800;
}

static void a_digit_counts_once_however_many_packets_carry_it(void **state)
{
    struct stage stage;
    struct stage_talk talk = {CALLER, CALLEE, 1, 1, 0, {.frequency_hz = 450}};
    (void)state;
    stage_open(&stage);
    offer_and_answer(&stage, "call-1");
    stage_talk(&stage, &talk, 3);
    press(&stage, &talk, '4', 3);
    press(&stage, &talk, '4', 1);
    stage_talk(&stage, &talk, 3);
    press(&stage, &talk, '#', 0);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flow_count, 1);
    const struct ds_flow *flow = &trace->flows[0];
    assert_string_equal(flow->digits, "44#");
    assert_int_equal(flow->digit_ends[0], 3);
    assert_int_equal(flow->digit_ends[1], 1);
    assert_int_equal(flow->digit_ends[2], 0);
    assert_int_equal(flow->event_payload_type, DS_PT_EVENT);
    assert_int_equal(flow->payload_packets[DS_PT_EVENT], 13);
    assert_int_equal(flow->bad_size_packets, 0);
    stage_close(&stage);
}

static void more_digits_than_there_is_room_for_are_left_out(void **state)
{
    struct stage stage;
    struct stage_talk talk = {CALLER, CALLEE, 1, 1, 0, {.frequency_hz = 450}};
    (void)state;
    stage_open(&stage);
    for (int i = 0; i < 80; i++)
        press(&stage, &talk, '7', 1);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(strlen(trace->flows[0].digits), sizeof trace->flows[0].digits - 1);
    stage_close(&stage);
}

static void send_report(struct stage *stage, struct ds_addr from, struct ds_addr to)
{
    uint8_t bytes[256];
    const struct ds_rtcp_report report = {.ssrc = 1, .packets = 3, .cname = "a"};
    size_t len = ds_rtcp_write(&report, bytes, sizeof bytes);
    assert_true(len > 0);
    stage_udp(stage, from, to, (struct ds_slice){(const char *)bytes, len});
}

static void rtcp_counts_for_the_stream_one_port_below(void **state)
{
    struct stage stage;
    struct stage_talk talk = {CALLER, CALLEE, 1, 1, 0, {.frequency_hz = 450}};
    (void)state;
    stage_open(&stage);
    send_report(&stage, STAGE_ADDR(1, 30001), STAGE_ADDR(2, 40001));
    stage_talk(&stage, &talk, 3);
    send_report(&stage, STAGE_ADDR(1, 30001), STAGE_ADDR(2, 40001));
    send_report(&stage, STAGE_ADDR(2, 40001), STAGE_ADDR(1, 30001));
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flow_count, 1);
    assert_int_equal(trace->flows[0].rtcp_packets, 2);
    assert_int_equal(trace->rtp_count, 3);
    stage_close(&stage);
}

static void reports_of_both_ports_are_in_their_order(void **state)
{
    struct stage stage;
    struct stage_talk talk = {CALLER, CALLEE, 1, 1, 0, {.frequency_hz = 450}};
    (void)state;
    stage_open(&stage);
    stage_talk(&stage, &talk, 3);
    send_report(&stage, STAGE_ADDR(1, 30001), STAGE_ADDR(2, 40001));
    send_report(&stage, CALLER, CALLEE);
    send_report(&stage, STAGE_ADDR(1, 30001), STAGE_ADDR(2, 40001));
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flows[0].rtcp_packets, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(trace->flows[0].reports[i].frame, 4 + i);
    stage_close(&stage);
}

static void packets_of_another_size_are_noticed(void **state)
{
    char bytes[DS_RTP_HEADER_BYTES + 80];
    struct stage stage;
    (void)state;
    memset(bytes, 0x55, sizeof bytes);
    stage_open(&stage);
    for (uint16_t i = 0; i < 3; i++) {
        const struct ds_rtp packet = {.payload_type = DS_PT_PCMU,
                                      .sequence = i,
                                      .timestamp = 80u * i,
                                      .ssrc = 5,
                                      .payload = {bytes, 80}};
        uint8_t out[sizeof bytes];
        size_t len = ds_rtp_write(&packet, out, sizeof out);
        stage_udp(&stage, CALLER, CALLEE, (struct ds_slice){(const char *)out, len});
    }
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flows[0].bad_size_packets, 3);
    stage_close(&stage);
}

int test_flows(void);

int test_flows(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(announced_streams_belong_to_their_call_and_carry_its_tones),
        cmocka_unit_test(media_may_come_before_the_sdp_that_announces_it),
        cmocka_unit_test(a_port_used_again_belongs_to_the_later_call),
        cmocka_unit_test(without_sdp_three_packets_in_a_row_make_a_stream),
        cmocka_unit_test(without_sdp_and_on_odd_ports_it_takes_more_of_them),
        cmocka_unit_test(losses_are_counted),
        cmocka_unit_test(a_step_of_another_length_than_a_packet_is_uneven),
        cmocka_unit_test(a_digit_counts_once_however_many_packets_carry_it),
        cmocka_unit_test(more_digits_than_there_is_room_for_are_left_out),
        cmocka_unit_test(rtcp_counts_for_the_stream_one_port_below),
        cmocka_unit_test(reports_of_both_ports_are_in_their_order),
        cmocka_unit_test(packets_of_another_size_are_noticed),
    };
    return cmocka_run_group_tests_name("flows", tests, NULL, NULL);
}
