#include "stage.h"

struct call {
    struct stage stage;
    struct peer peer;
    struct ds_media *media;
};

static int call_begin(void **state)
{
    static struct call call;
    stage_open(&call.stage, 8);
    peer_open(&call.stage, &call.peer, 30000);
    call.media = stage_media(&call.stage);
    *state = &call;
    return 0;
}

static int call_end(void **state)
{
    struct call *call = *state;
    ds_media_free(&call->media);
    peer_close(&call->peer);
    stage_close(&call->stage);
    return 0;
}

/* Eight packets of one digit: five while the key is down, three that end it. */
static void assert_digit(const struct arrival *packets, uint8_t event)
{
    for (size_t i = 0; i < 8; i++) {
        const struct arrival *packet = &packets[i];
        assert_int_equal(packet->event.event, event);
        assert_int_equal(packet->event.duration, i < 5 ? (i + 1) * 160 : 800);
        assert_int_equal(packet->event.end, i >= 5);
        assert_int_equal(packet->rtp.marker, i == 0);
        assert_int_equal(packet->rtp.payload_type, 97);
        assert_int_equal(packet->rtp.timestamp, packets[0].rtp.timestamp);
        assert_int_equal(packet->rtp.sequence, (uint16_t)(packets[0].rtp.sequence + i));
        assert_int_equal(packet->at, packets[0].at + (ds_us)i * 20 * DS_MS);
    }
}

static void a_digit_grows_for_100_ms_and_ends_three_times(void **state)
{
    struct call *call = *state;
    aim_at_peer(call->media, &call->peer);
    ds_media_digits(call->media, "5#");
    assert_false(ds_media_digits_done(call->media));
    stage_run(&call->stage, 310 * DS_MS);
    assert_false(ds_media_digits_done(call->media));
    stage_run(&call->stage, 690 * DS_MS);
    assert_true(ds_media_digits_done(call->media));
    assert_int_equal(call->peer.count, 16);
    assert_digit(&call->peer.packets[0], 5);
    assert_digit(&call->peer.packets[8], 11);
    assert_int_equal(call->peer.packets[8].at, call->peer.packets[0].at + 160 * DS_MS);
    assert_int_equal(call->peer.packets[8].rtp.timestamp,
                     call->peer.packets[0].rtp.timestamp + 8 * 160);
}

static void the_tone_pauses_for_a_digit_and_comes_back_in_time(void **state)
{
    struct call *call = *state;
    aim_at_peer(call->media, &call->peer);
    ds_media_talk(call->media, 900);
    stage_run(&call->stage, 100 * DS_MS);
    ds_media_digits(call->media, "1");
    stage_run(&call->stage, 260 * DS_MS);
    assert_int_equal(call->peer.count, 5 + 8 + 5);
    assert_digit(&call->peer.packets[5], 1);
    const struct arrival *back = &call->peer.packets[13];
    assert_int_equal(back->rtp.payload_type, DS_PT_PCMA);
    assert_int_equal(back->rtp.timestamp, call->peer.packets[4].rtp.timestamp + 9 * 160);
    assert_false(back->rtp.marker);
}

static void digits_wait_until_they_may_be_sent(void **state)
{
    struct call *call = *state;
    ds_media_digits(call->media, "7 x");
    stage_run(&call->stage, 500 * DS_MS);
    assert_false(ds_media_digits_done(call->media));
    aim_at_peer(call->media, &call->peer);
    stage_run(&call->stage, 500 * DS_MS);
    assert_true(ds_media_digits_done(call->media));
    assert_int_equal(call->peer.count, 8);
    assert_digit(&call->peer.packets[0], 7);
}

static void a_digit_cut_short_is_not_begun_again(void **state)
{
    struct call *call = *state;
    aim_at_peer(call->media, &call->peer);
    ds_media_digits(call->media, "12");
    stage_run(&call->stage, 60 * DS_MS);
    ds_media_hold(call->media, DS_INACTIVE);
    stage_run(&call->stage, 500 * DS_MS);
    ds_media_hold(call->media, DS_SENDRECV);
    stage_run(&call->stage, 500 * DS_MS);
    assert_int_equal(call->peer.count, 3 + 8);
    assert_digit(&call->peer.packets[3], 2);
}

static void without_a_number_from_the_peer_events_are_101(void **state)
{
    static const uint8_t types[] = {0};
    struct call *call = *state;
    struct ds_sdp_media sdp = sdp_at(ds_udp_at(call->peer.rtp), types, 1);
    sdp.formats[1] = (struct ds_sdp_format){
        .payload_type = 96, .encoding = DS_LITERAL("telephone-event"), .clock_rate = 16000};
    sdp.format_count = 2;
    assert_int_equal(ds_media_aim(call->media, &sdp, NULL), DS_OK);
    ds_media_digits(call->media, "3");
    stage_run(&call->stage, 500 * DS_MS);
    assert_int_equal(call->peer.count, 8);
    assert_int_equal(call->peer.packets[0].rtp.payload_type, 101);
}

static void a_flawed_digit_never_ends(void **state)
{
    struct call *call = *state;
    ds_media_set_flaws(call->media, &(struct ds_media_flaws){.no_end_bit = true});
    aim_at_peer(call->media, &call->peer);
    ds_media_digits(call->media, "3");
    stage_run(&call->stage, 500 * DS_MS);
    assert_int_equal(call->peer.count, 8);
    for (size_t i = 0; i < call->peer.count; i++)
        assert_false(call->peer.packets[i].event.end);
}

struct listener {
    struct ds_media **media; /* freed at the first word; NULL: never */
    char heard[32];
    size_t count;
};

static void write_down(void *owner, char digit)
{
    struct listener *listener = owner;
    assert_true(listener->count + 1 < sizeof listener->heard);
    listener->heard[listener->count++] = digit == '\0' ? '!' : digit;
    if (listener->media != NULL)
        ds_media_free(listener->media);
}

static void a_listener_hears_the_first_packet_and_each_digit_once(void **state)
{
    struct call *call = *state;
    struct listener listener = {0};
    struct ds_media *talker = stage_media(&call->stage);
    ds_media_listen(call->media, write_down, &listener);
    aim_at(talker, ds_media_at(call->media), DS_SENDRECV);
    aim_at(call->media, ds_media_at(talker), DS_SENDRECV);
    ds_media_digits(talker, "1599*#A0");
    ds_media_talk(talker, 700);
    stage_run(&call->stage, 2 * DS_S);
    assert_string_equal(listener.heard, "!1599*#A0");
    assert_int_equal(ds_media_counts(call->media).received, ds_media_counts(talker).sent);
    assert_int_equal(ds_media_counts(call->media).received, 100);
    ds_media_free(&talker);
}

static void a_listener_may_free_the_media_at_once(void **state)
{
    struct call *call = *state;
    struct listener listener = {.media = &call->media};
    struct ds_media *talker = stage_media(&call->stage);
    ds_media_listen(call->media, write_down, &listener);
    aim_at(talker, ds_media_at(call->media), DS_SENDRECV);
    ds_media_talk(talker, 700);
    stage_run(&call->stage, 1 * DS_S);
    assert_null(call->media);
    assert_string_equal(listener.heard, "!");
    ds_media_free(&talker);
}

static void what_is_no_event_is_no_digit(void **state)
{
    static const struct ds_slice payloads[] = {
        {"\x05\x80", 2}, {"\x10\x80\x00\xa0", 4}, {"\x05\x00\x00\xa0", 4}};
    struct call *call = *state;
    struct listener listener = {0};
    uint8_t bytes[64];
    ds_media_listen(call->media, write_down, &listener);
    for (uint32_t i = 0; i < 2 * DS_COUNT(payloads); i++) {
        struct ds_rtp packet = {.payload_type = DS_PT_EVENT,
                                .sequence = (uint16_t)i,
                                .timestamp = i,
                                .payload = payloads[i / 2]};
        size_t len = ds_rtp_write(&packet, bytes, sizeof bytes);
        ds_udp_send(call->peer.rtp, ds_media_at(call->media),
                    (struct ds_slice){(const char *)bytes, len});
    }
    ds_udp_send(call->peer.rtp, ds_media_at(call->media), DS_LITERAL("no RTP at all, but long"));
    stage_run(&call->stage, 20 * DS_MS);
    assert_string_equal(listener.heard, "!");
    assert_int_equal(ds_media_counts(call->media).received, 6);
}

int test_digits(void);

int test_digits(void)
{
#define IN_CALL(test) cmocka_unit_test_setup_teardown(test, call_begin, call_end)
    const struct CMUnitTest tests[] = {
        IN_CALL(a_digit_grows_for_100_ms_and_ends_three_times),
        IN_CALL(the_tone_pauses_for_a_digit_and_comes_back_in_time),
        IN_CALL(digits_wait_until_they_may_be_sent),
        IN_CALL(a_digit_cut_short_is_not_begun_again),
        IN_CALL(without_a_number_from_the_peer_events_are_101),
        IN_CALL(a_flawed_digit_never_ends),
        IN_CALL(a_listener_hears_the_first_packet_and_each_digit_once),
        IN_CALL(a_listener_may_free_the_media_at_once),
        IN_CALL(what_is_no_event_is_no_digit),
    };
    return cmocka_run_group_tests_name("digits", tests, NULL, NULL);
}
