#include "stage.h"

#include "stun.h"

#include <string.h>

/* Audio inside TURN's frames, and what is kept of the messages. */

#define CLIENT  STAGE_ADDR(1, 20000)
#define SERVER  STAGE_ADDR(2, DS_STUN_PORT)
#define RELAYED STAGE_ADDR(3, 50000)
#define PEER    STAGE_ADDR(4, 30000)
#define CHANNEL (DS_STUN_FIRST_CHANNEL + 1)

static void send_to_client(struct stage *stage, const struct ds_buf *text)
{
    stage_udp(stage, SERVER, CLIENT, ds_buf_slice(text));
}

static void begin(struct ds_buf *text, enum ds_stun_kind kind, uint16_t method)
{
    static const uint8_t id[DS_STUN_ID_BYTES] = {7};
    text->len = 0;
    ds_stun_begin(text, kind, method, id);
}

static void allocate(struct stage *stage, struct ds_buf *text)
{
    begin(text, DS_STUN_SUCCESS, DS_STUN_ALLOCATE);
    ds_stun_put_address(text, DS_STUN_XOR_RELAYED_ADDRESS, RELAYED);
    send_to_client(stage, text);
}

static void bind_channel(struct stage *stage, struct ds_buf *text)
{
    begin(text, DS_STUN_REQUEST, DS_STUN_CHANNEL_BIND);
    ds_stun_put_channel(text, CHANNEL);
    ds_stun_put_address(text, DS_STUN_XOR_PEER_ADDRESS, PEER);
    stage_udp(stage, CLIENT, SERVER, ds_buf_slice(text));
    begin(text, DS_STUN_SUCCESS, DS_STUN_CHANNEL_BIND);
    send_to_client(stage, text);
}

static struct ds_slice speech(uint16_t sequence, uint8_t *room, size_t size)
{
    static const char samples[160];
    const struct ds_rtp packet = {.payload_type = DS_PT_PCMU,
                                  .sequence = sequence,
                                  .timestamp = sequence * 160u,
                                  .ssrc = 5,
                                  .payload = {samples, sizeof samples}};
    return (struct ds_slice){(const char *)room, ds_rtp_write(&packet, room, size)};
}

static void talk_in_channel(struct stage *stage, struct ds_buf *text, bool to_client)
{
    uint8_t room[200];
    for (uint16_t i = 0; i < 5; i++) {
        text->len = 0;
        ds_stun_channel_write(text, CHANNEL, speech(i, room, sizeof room));
        if (to_client)
            send_to_client(stage, text);
        else
            stage_udp(stage, CLIENT, SERVER, ds_buf_slice(text));
    }
}

static void talk_in_indications(struct stage *stage, struct ds_buf *text)
{
    uint8_t room[200];
    for (uint16_t i = 0; i < 5; i++) {
        begin(text, DS_STUN_INDICATION, DS_STUN_DATA);
        ds_stun_put_address(text, DS_STUN_XOR_PEER_ADDRESS, PEER);
        ds_stun_put(text, DS_STUN_PAYLOAD, speech(i, room, sizeof room));
        send_to_client(stage, text);
    }
}

static size_t unasked(const struct ds_trace *trace)
{
    size_t count = 0;
    for (size_t i = 0; i < trace->stun_count; i++)
        count += trace->stuns[i].kind == DS_SEEN_UNASKED;
    return count;
}

static void audio_in_a_channel_runs_to_the_relayed_address(void **state)
{
    struct stage stage;
    struct ds_buf text = {0};
    (void)state;
    stage_open(&stage);
    allocate(&stage, &text);
    bind_channel(&stage, &text);
    talk_in_channel(&stage, &text, false);
    talk_in_channel(&stage, &text, true);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flow_count, 2);
    assert_true(ds_addr_equal(trace->flows[0].from, CLIENT));
    assert_true(ds_addr_equal(trace->flows[0].to, RELAYED));
    assert_true(ds_addr_equal(trace->flows[1].from, RELAYED));
    assert_int_equal(trace->flows[1].packets, 5);
    assert_int_equal(unasked(trace), 0);
    ds_buf_clean_up(&text);
    stage_close(&stage);
}

static void data_without_a_permission_is_noted(void **state)
{
    struct stage stage;
    struct ds_buf text = {0};
    (void)state;
    stage_open(&stage);
    allocate(&stage, &text);
    talk_in_indications(&stage, &text);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flow_count, 1);
    assert_true(ds_addr_equal(trace->flows[0].from, RELAYED));
    assert_int_equal(unasked(trace), 5);
    assert_true(ds_addr_equal(trace->stuns[1].relayed, PEER));
    ds_buf_clean_up(&text);
    stage_close(&stage);
}

/* A capture that begins in the middle of a call does not tell the relayed address, nor whom the
 * client had permitted. */
static void without_the_allocation_audio_runs_to_the_server(void **state)
{
    struct stage stage;
    struct ds_buf text = {0};
    (void)state;
    stage_open(&stage);
    talk_in_indications(&stage, &text);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flow_count, 1);
    assert_true(ds_addr_equal(trace->flows[0].from, SERVER));
    assert_int_equal(unasked(trace), 0);
    ds_buf_clean_up(&text);
    stage_close(&stage);
}

static void checks_are_kept_with_what_they_say(void **state)
{
    struct stage stage;
    struct ds_buf text = {0};
    (void)state;
    stage_open(&stage);
    begin(&text, DS_STUN_REQUEST, DS_STUN_BINDING);
    ds_stun_put(&text, DS_STUN_USE_CANDIDATE, (struct ds_slice){NULL, 0});
    ds_stun_sign(&text, DS_LITERAL("password"));
    ds_stun_finish(&text);
    stage_udp(&stage, CLIENT, PEER, ds_buf_slice(&text));
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->stun_count, 1);
    assert_int_equal(trace->stuns[0].kind, DS_SEEN_REQUEST);
    assert_string_equal(trace->stuns[0].method_name, "Binding");
    assert_true(trace->stuns[0].nominates && trace->stuns[0].is_signed);
    assert_false(trace->stuns[0].inside);
    ds_buf_clean_up(&text);
    stage_close(&stage);
}

int test_stun(void);

int test_stun(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(audio_in_a_channel_runs_to_the_relayed_address),
        cmocka_unit_test(data_without_a_permission_is_noted),
        cmocka_unit_test(without_the_allocation_audio_runs_to_the_server),
        cmocka_unit_test(checks_are_kept_with_what_they_say),
    };
    return cmocka_run_group_tests_name("stun", tests, NULL, NULL);
}
