#include "stage.h"

#include <math.h>
#include <spandsp/telephony.h>
#include <string.h>

#include <spandsp/g722.h>

#define CALLER STAGE_ADDR(1, 30000)
#define CALLEE STAGE_ADDR(2, 40000)

/* A stream of any codec: packets of `payload`, `step` of the clock and `every_us` apart. */
struct stream {
    uint8_t payload_type;
    uint16_t sequence;
    uint32_t timestamp, step;
    int64_t every_us;
    struct ds_slice payload;
};

static void send(struct stage *stage, struct stream *stream, size_t packets)
{
    uint8_t bytes[512];
    for (size_t i = 0; i < packets; i++) {
        const struct ds_rtp packet = {.payload_type = stream->payload_type,
                                      .sequence = stream->sequence++,
                                      .timestamp = stream->timestamp,
                                      .ssrc = 5,
                                      .payload = stream->payload};
        size_t len = ds_rtp_write(&packet, bytes, sizeof bytes);
        assert_true(len > 0);
        stage_udp(stage, CALLER, CALLEE, (struct ds_slice){(const char *)bytes, len});
        stage->at += stream->every_us - 1000;
        stream->timestamp += stream->step;
    }
}

/* An offer whose audio has these formats and attributes. */
static void offer(struct stage *stage, const char *formats, const char *attributes)
{
    struct ds_buf body = {0}, text = {0};
    ds_buf_print(&body,
                 "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n"
                 "m=audio %u RTP/AVP %s\r\n%s",
                 ds_addr_ip_text(CALLER).text, CALLER.port, formats, attributes);
    ds_buf_print(&text,
                 "INVITE sip:b@b SIP/2.0\r\nVia: SIP/2.0/UDP 1.2.3.4;branch=z9hG4bKone\r\n"
                 "From: <sip:a@a>;tag=f\r\nTo: <sip:b@b>\r\nCall-ID: quality\r\nCSeq: 1 INVITE\r\n"
                 "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n",
                 body.len);
    ds_buf_add(&text, ds_buf_slice(&body));
    stage_udp(stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), ds_buf_slice(&text));
    ds_buf_clean_up(&body);
    ds_buf_clean_up(&text);
}

static const struct stream g711 = {.payload_type = DS_PT_PCMU,
                                   .step = 160,
                                   .every_us = 20000,
                                   .payload = {"speech", 6}};

static void the_codec_is_what_speaks_most_by_its_name_in_sdp(void **state)
{
    struct stage stage;
    struct stream speech = {.payload_type = 97,
                            .step = 960,
                            .every_us = 20000,
                            .payload = DS_LITERAL("speech of some codec")};
    struct stream noise = {
        .payload_type = 118, .step = 960, .every_us = 20000, .payload = DS_LITERAL("n")};
    (void)state;
    stage_open(&stage);
    offer(&stage, "97 118 101",
          "a=rtpmap:97 opus/48000/2\r\na=rtpmap:118 CN/16000\r\n"
          "a=rtpmap:101 telephone-event/8000\r\n");
    send(&stage, &speech, 5);
    noise.sequence = speech.sequence;
    noise.timestamp = speech.timestamp;
    send(&stage, &noise, 20);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flow_count, 1);
    const struct ds_flow *flow = &trace->flows[0];
    assert_string_equal(flow->codec, "opus");
    assert_int_equal(flow->codec_payload_type, 97);
    assert_int_equal(flow->comfort_noise_packets, 20);
    assert_int_equal(flow->ptime_us, 20000);
    assert_true(flow->mos == 0);
    stage_close(&stage);
}

static void without_sdp_static_types_have_their_names(void **state)
{
    struct stage stage;
    struct stream speech = g711;
    (void)state;
    speech.step = 240;
    speech.every_us = 30000;
    stage_open(&stage);
    send(&stage, &speech, 10);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_string_equal(trace->flows[0].codec, "PCMU");
    assert_int_equal(trace->flows[0].ptime_us, 30000);
    assert_true(fabs(trace->flows[0].mos - 4.41) < 0.01);
    stage_close(&stage);
}

static void a_score_falls_with_what_was_lost_and_what_came_late(void **state)
{
    double scores[2];
    (void)state;
    for (int late = 0; late < 2; late++) {
        struct stage stage;
        struct stream speech = g711;
        stage_open(&stage);
        for (int i = 0; i < 20; i++) {
            send(&stage, &speech, 9);
            stage.at += late != 0 ? 100000 : 20000; /* the tenth: late, or not at all */
            if (late != 0)
                send(&stage, &speech, 1);
            else
                speech.sequence++, speech.timestamp += 160;
            stage.at -= late != 0 ? 100000 : 0;
        }
        const struct ds_trace *trace = stage_read(&stage, NULL);
        const struct ds_flow *flow = &trace->flows[0];
        assert_int_equal(late != 0 ? flow->stats.late : (uint64_t)flow->stats.lost,
                         late != 0 ? 20 : 19);
        scores[late] = flow->mos;
        stage_close(&stage);
    }
    assert_true(scores[0] < 3.5 && scores[0] > 2);
    assert_true(fabs(scores[0] - scores[1]) < 0.1);
}

static void report(struct stage *stage, struct ds_addr from, struct ds_addr to, int64_t lost)
{
    uint8_t bytes[256];
    const struct ds_rtp_stats heard = {.received = 10, .lost = lost, .jitter = 16};
    const struct ds_rtcp_report told = {.ssrc = 9, .cname = "b", .heard = &heard, .heard_ssrc = 5};
    size_t len = ds_rtcp_write(&told, bytes, sizeof bytes);
    stage_udp(stage, from, to, (struct ds_slice){(const char *)bytes, len});
}

static void the_listeners_last_report_tells_what_was_lost_behind_the_capture(void **state)
{
    struct stage stage;
    struct stream speech = g711;
    (void)state;
    stage_open(&stage);
    send(&stage, &speech, 10);
    report(&stage, STAGE_ADDR(2, 40001), STAGE_ADDR(1, 30001), 2);
    report(&stage, STAGE_ADDR(2, 40001), STAGE_ADDR(1, 30001), 3);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flows[0].stats.lost, 0);
    assert_true(trace->flows[0].told.any);
    assert_int_equal(trace->flows[0].told.lost, 3);
    assert_true(fabs(trace->flows[0].told.jitter_ms - 2) < 1e-9);
    stage_close(&stage);
}

static void reports_may_share_the_port_of_the_stream_or_have_one_of_their_own(void **state)
{
    struct stage stage;
    struct stream speech = g711;
    (void)state;
    stage_open(&stage);
    send(&stage, &speech, 10);
    report(&stage, CALLEE, CALLER, 4);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flows[0].told.lost, 4);
    stage_close(&stage);
    stage_open(&stage);
    offer(&stage, "0", "a=rtcp:31111\r\n");
    send(&stage, &speech, 10);
    report(&stage, STAGE_ADDR(2, 40001), STAGE_ADDR(1, 31111), 5);
    report(&stage, STAGE_ADDR(1, 31111), STAGE_ADDR(2, 40001), 0);
    trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flows[0].told.lost, 5);
    assert_int_equal(trace->flows[0].rtcp_packets, 1);
    stage_close(&stage);
}

static void a_tone_is_heard_through_g722(void **state)
{
    int16_t tone[320];
    uint8_t payload[160];
    struct stage stage;
    struct stream speech = {.payload_type = DS_PT_G722,
                            .step = 160,
                            .every_us = 20000,
                            .payload = {(const char *)payload, sizeof payload}};
    const struct ds_topo_node nodes[] = {
        {.name = "alice", .role = DS_ROLE_CLIENT, .at = STAGE_ADDR(1, 0), .tone_hz = 450},
        {.name = "bob", .role = DS_ROLE_PHONE, .at = STAGE_ADDR(2, 0), .tone_hz = 700}};
    const struct ds_topo topo = {.nodes = nodes, .node_count = 2};
    g722_encode_state_t *encoder = g722_encode_init(NULL, 64000, 0);
    (void)state;
    stage_open(&stage);
    for (int frame = 0; frame < 20; frame++) {
        for (int i = 0; i < 320; i++)
            tone[i] = (int16_t)lround(5000 * sin(2 * M_PI * 700 * (frame * 320 + i) / 16000));
        assert_int_equal(g722_encode(encoder, payload, tone, 320), sizeof payload);
        send(&stage, &speech, 1);
    }
    g722_encode_free(encoder);
    const struct ds_trace *trace = stage_read(&stage, &topo);
    assert_string_equal(trace->flows[0].codec, "G722");
    assert_int_equal(trace->flows[0].tone_hz, 700);
    assert_ptr_equal(trace->flows[0].talker, &nodes[1]);
    stage_close(&stage);
}

int test_quality(void);

int test_quality(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_codec_is_what_speaks_most_by_its_name_in_sdp),
        cmocka_unit_test(without_sdp_static_types_have_their_names),
        cmocka_unit_test(a_score_falls_with_what_was_lost_and_what_came_late),
        cmocka_unit_test(the_listeners_last_report_tells_what_was_lost_behind_the_capture),
        cmocka_unit_test(reports_may_share_the_port_of_the_stream_or_have_one_of_their_own),
        cmocka_unit_test(a_tone_is_heard_through_g722),
    };
    return cmocka_run_group_tests_name("quality", tests, NULL, NULL);
}
