#include "stage.h"

#include <string.h>

#define CALLER STAGE_ADDR(1, 30000)
#define CALLEE STAGE_ADDR(2, 40000)

static void describe(struct stage *stage, const char *start, struct ds_addr at)
{
    struct ds_buf body = {0}, text = {0};
    ds_buf_print(&body,
                 "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n"
                 "m=image %u udptl t38\r\na=T38FaxVersion:0\r\n",
                 ds_addr_ip_text(at).text, at.port);
    ds_buf_print(&text,
                 "%s\r\nVia: SIP/2.0/UDP 1.2.3.4;branch=z9hG4bKone\r\nFrom: <sip:a@a>;tag=f\r\n"
                 "To: <sip:b@b>;tag=t\r\nCall-ID: fax\r\nCSeq: 1 INVITE\r\n"
                 "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n",
                 start, body.len);
    ds_buf_add(&text, ds_buf_slice(&body));
    stage_udp(stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), ds_buf_slice(&text));
    ds_buf_clean_up(&body);
    ds_buf_clean_up(&text);
}

static void fax(struct stage *stage, uint16_t sequence, bool data)
{
    const uint8_t signal[] = {(uint8_t)(sequence >> 8), (uint8_t)sequence, 1, 0x06, 0, 0};
    const uint8_t page[] = {
        (uint8_t)(sequence >> 8), (uint8_t)sequence, 6, 0xc0, 1, 0x80, 0, 0, 0xff, 0, 1, 1, 0x06};
    struct ds_slice bytes = data ? (struct ds_slice){(const char *)page, sizeof page}
                                 : (struct ds_slice){(const char *)signal, sizeof signal};
    stage_udp(stage, CALLER, CALLEE, bytes);
}

static void fax_that_sdp_announces_is_known_from_its_first_packet(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    describe(&stage, "INVITE sip:b@b SIP/2.0", CALLER);
    fax(&stage, 0, false);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->fax_count, 1);
    assert_int_equal(trace->faxes[0].packets, 1);
    assert_ptr_equal(trace->faxes[0].call, &trace->calls[0]);
    stage_close(&stage);
}

static void lost_and_repeated_packets_are_told(void **state)
{
    static const uint16_t sequences[] = {65534, 65535, 65535, 0, 3, 2};
    struct stage stage;
    (void)state;
    stage_open(&stage);
    describe(&stage, "INVITE sip:b@b SIP/2.0", CALLER);
    for (size_t i = 0; i < DS_COUNT(sequences); i++)
        fax(&stage, sequences[i], i > 2);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    const struct ds_fax_seen *seen = &trace->faxes[0];
    assert_int_equal(seen->packets, 6);
    assert_int_equal(seen->data_packets, 3);
    assert_int_equal(seen->stats.duplicates, 1);
    assert_int_equal(seen->stats.reordered, 1);
    assert_int_equal(seen->stats.lost, 1);
    assert_int_equal(seen->last_frame, 7);
    stage_close(&stage);
}

static void without_sdp_three_packets_in_a_row_make_a_fax(void **state)
{
    (void)state;
    for (uint16_t packets = 2; packets <= 3; packets++) {
        struct stage stage;
        stage_open(&stage);
        for (uint16_t i = 0; i < packets; i++)
            fax(&stage, i, false);
        const struct ds_trace *trace = stage_read(&stage, NULL);
        assert_int_equal(trace->fax_count, packets == 3 ? 1 : 0);
        assert_int_equal(trace->flow_count, 0);
        stage_close(&stage);
    }
}

/* Its high numbers begin with the bits of RTP's version. */
static void fax_is_not_taken_for_rtp(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    describe(&stage, "INVITE sip:b@b SIP/2.0", CALLER);
    for (uint16_t i = 0; i < 5; i++)
        fax(&stage, (uint16_t)(0x8000 + i), true);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flow_count, 0);
    assert_int_equal(trace->faxes[0].packets, 5);
    stage_close(&stage);
}

int test_fax(void);

int test_fax(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fax_that_sdp_announces_is_known_from_its_first_packet),
        cmocka_unit_test(lost_and_repeated_packets_are_told),
        cmocka_unit_test(without_sdp_three_packets_in_a_row_make_a_fax),
        cmocka_unit_test(fax_is_not_taken_for_rtp),
    };
    return cmocka_run_group_tests_name("fax", tests, NULL, NULL);
}
