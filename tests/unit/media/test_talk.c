#include "stage.h"
#include "tone.h"

struct call {
    struct stage stage;
    struct peer peer;
    struct ds_media *media;
};

static int call_begin(void **state)
{
    static struct call call;
    stage_open(&call.stage, 7);
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

static void a_talker_sends_a_frame_every_20_ms(void **state)
{
    struct call *call = *state;
    const struct arrival *first = &call->peer.packets[0];
    aim_at_peer(call->media, &call->peer);
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 1 * DS_S);
    assert_int_equal(call->peer.count, 50);
    assert_int_equal(ds_media_counts(call->media).sent, 50);
    for (uint32_t i = 0; i < 50; i++) {
        const struct arrival *packet = &call->peer.packets[i];
        assert_int_equal(packet->at, (ds_us)(i + 1) * 20 * DS_MS);
        assert_int_equal(packet->rtp.marker, i == 0);
        assert_int_equal(packet->rtp.payload_type, DS_PT_PCMA);
        assert_int_equal(packet->rtp.ssrc, first->rtp.ssrc);
        assert_int_equal(packet->rtp.sequence, (uint16_t)(first->rtp.sequence + i));
        assert_int_equal(packet->rtp.timestamp, first->rtp.timestamp + i * 160);
        assert_int_equal(packet->rtp.payload.len, 160);
    }
}

static void who_falls_silent_says_so_where_that_is_wanted(void **state)
{
    struct call *call = *state;
    static const uint8_t types[] = {DS_PT_PCMA, DS_PT_COMFORT_NOISE};
    const struct ds_sdp_media sdp = sdp_at(ds_udp_at(call->peer.rtp), types, DS_COUNT(types));
    assert_int_equal(ds_media_aim(call->media, &sdp, NULL), DS_OK);
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 100 * DS_MS);
    size_t spoken = call->peer.count;
    ds_media_fall_silent(call->media);
    stage_run(&call->stage, 1 * DS_S);
    assert_int_equal(call->peer.count, spoken + 5);
    const struct ds_rtp *noise = &call->peer.packets[spoken].rtp;
    assert_int_equal(noise->payload_type, DS_PT_COMFORT_NOISE);
    assert_int_equal(noise->payload.len, 1);
    assert_int_equal(noise->ssrc, call->peer.packets[0].rtp.ssrc);
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 100 * DS_MS);
    assert_int_equal(call->peer.count, spoken + 10);
    assert_true(call->peer.packets[spoken + 5].rtp.marker);
    assert_int_equal(call->peer.packets[spoken + 5].rtp.payload_type, DS_PT_PCMA);
    aim_at_peer(call->media, &call->peer); /* lists none */
    ds_media_fall_silent(call->media);
    stage_run(&call->stage, 1 * DS_S);
    assert_int_equal(call->peer.count, spoken + 10);
}

static void what_is_heard_is_the_tone(void **state)
{
    static const uint32_t tones[] = {400, 1650, 1700, 1750};
    struct call *call = *state;
    struct ds_ear ear;
    aim_at_peer(call->media, &call->peer);
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 200 * DS_MS);
    ds_ear_init(&ear, tones, DS_COUNT(tones));
    for (size_t i = 0; i < call->peer.count; i++)
        ds_ear_hear(&ear, DS_PT_PCMA, call->peer.packets[i].rtp.payload);
    assert_int_equal(ds_ear_tone(&ear), 1700);
}

static void nobody_talks_unless_aimed_and_told(void **state)
{
    struct call *call = *state;
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 500 * DS_MS);
    assert_int_equal(call->peer.count, 0);
    ds_media_talk(call->media, 0);
    aim_at_peer(call->media, &call->peer);
    stage_run(&call->stage, 500 * DS_MS);
    assert_int_equal(call->peer.count, 0);
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 100 * DS_MS);
    assert_int_equal(call->peer.count, 5);
    assert_int_equal(ds_media_aim(call->media, NULL, NULL), DS_OK);
    stage_run(&call->stage, 500 * DS_MS);
    assert_int_equal(call->peer.count, 5);
}

static void lateness_does_not_add_up(void **state)
{
    struct call *call = *state;
    aim_at_peer(call->media, &call->peer);
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 30 * DS_MS);
    ds_clock_advance(call->stage.clock, 57 * DS_MS);
    stage_run(&call->stage, 143 * DS_MS);
    assert_int_equal(call->peer.count, 10);
    assert_int_equal(call->peer.packets[1].at, 57 * DS_MS);
    for (uint32_t i = 2; i < 10; i++)
        assert_int_equal(call->peer.packets[i].at, (ds_us)(i + 1) * 20 * DS_MS);
    assert_int_equal(call->peer.packets[9].rtp.timestamp,
                     call->peer.packets[0].rtp.timestamp + 9 * 160);
}

static void a_new_aim_keeps_the_stream_going(void **state)
{
    struct call *call = *state;
    static struct peer elsewhere;
    peer_open(&call->stage, &elsewhere, 40000);
    aim_at_peer(call->media, &call->peer);
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 100 * DS_MS);
    aim_at_peer(call->media, &elsewhere);
    stage_run(&call->stage, 100 * DS_MS);
    assert_int_equal(call->peer.count, 5);
    assert_int_equal(elsewhere.count, 5);
    const struct ds_rtp *last = &call->peer.packets[4].rtp, *next = &elsewhere.packets[0].rtp;
    assert_int_equal(next->ssrc, last->ssrc);
    assert_int_equal(next->sequence, (uint16_t)(last->sequence + 1));
    assert_int_equal(next->timestamp, last->timestamp + 160);
    assert_false(next->marker);
    peer_close(&elsewhere);
}

static void who_may_not_send_is_silent_and_then_goes_on(void **state)
{
    static const enum ds_direction silent[] = {DS_SENDONLY, DS_INACTIVE};
    struct call *call = *state;
    ds_media_talk(call->media, 1700);
    for (size_t i = 0; i < DS_COUNT(silent); i++) {
        aim_at(call->media, ds_udp_at(call->peer.rtp), silent[i]);
        stage_run(&call->stage, 100 * DS_MS);
    }
    aim_at(call->media, ds_addr_v4(0, 30000), DS_SENDRECV);
    stage_run(&call->stage, 100 * DS_MS);
    assert_int_equal(call->peer.count, 0);
    aim_at(call->media, ds_udp_at(call->peer.rtp), DS_RECVONLY);
    stage_run(&call->stage, 100 * DS_MS);
    assert_int_equal(call->peer.count, 5);
    ds_media_hold(call->media, DS_INACTIVE);
    stage_run(&call->stage, 1 * DS_S);
    ds_media_hold(call->media, DS_RECVONLY);
    stage_run(&call->stage, 1 * DS_S);
    assert_int_equal(call->peer.count, 5);
    ds_media_hold(call->media, DS_SENDRECV);
    stage_run(&call->stage, 100 * DS_MS);
    assert_int_equal(call->peer.count, 10);
    const struct ds_rtp *before = &call->peer.packets[4].rtp, *after = &call->peer.packets[5].rtp;
    assert_true(after->marker);
    assert_int_equal(after->ssrc, before->ssrc);
    assert_int_equal(after->sequence, (uint16_t)(before->sequence + 1));
    assert_int_equal(after->timestamp, before->timestamp + 16000 + 160);
}

static uint8_t chosen(struct call *call, const uint8_t *types, size_t count)
{
    struct ds_sdp_media sdp = sdp_at(ds_udp_at(call->peer.rtp), types, count);
    assert_int_equal(ds_media_aim(call->media, &sdp, NULL), DS_OK);
    return ds_media_payload_type(call->media);
}

static void the_codec_is_the_preferred_else_the_peers_first(void **state)
{
    static const uint8_t both[] = {9, 0, 8, 101}, one[] = {18, 8, 101};
    struct call *call = *state;
    assert_int_equal(chosen(call, both, 4), DS_PT_PCMU);
    assert_int_equal(chosen(call, one, 3), DS_PT_PCMA);
    ds_media_prefer(call->media, DS_PT_PCMA);
    assert_int_equal(chosen(call, both, 4), DS_PT_PCMA);
    ds_media_prefer(call->media, DS_PT_PCMU);
    assert_int_equal(chosen(call, one, 3), DS_PT_PCMA);
    expect_assert_failure(ds_media_prefer(call->media, 9));
}

static void an_sdp_one_cannot_talk_to_changes_nothing(void **state)
{
    static const uint8_t foreign[] = {9, 18, 101}, known[] = {8};
    struct call *call = *state;
    struct ds_why why;
    aim_at_peer(call->media, &call->peer);
    ds_media_talk(call->media, 1700);
    struct ds_sdp_media sdp = sdp_at(ds_addr_v4(0x7f001402, 9), foreign, 3);
    assert_int_equal(ds_media_aim(call->media, &sdp, &why), DS_BAD);
    assert_non_null(strstr(why.text, "neither PCMU nor PCMA"));
    sdp = sdp_at(ds_addr_v4(0x7f001402, 0), known, 1);
    assert_int_equal(ds_media_aim(call->media, &sdp, &why), DS_BAD);
    sdp = sdp_at(ds_addr_v4(0x7f001402, 9), known, 1);
    sdp.has_address = false;
    assert_int_equal(ds_media_aim(call->media, &sdp, &why), DS_BAD);
    assert_non_null(strstr(why.text, "names no address"));
    stage_run(&call->stage, 100 * DS_MS);
    assert_int_equal(call->peer.count, 5);
}

static void after_it_is_freed_no_packet_leaves(void **state)
{
    struct call *call = *state;
    aim_at_peer(call->media, &call->peer);
    ds_media_talk(call->media, 1700);
    ds_media_digits(call->media, "12");
    stage_run(&call->stage, 110 * DS_MS);
    size_t count = call->peer.count, reports = call->peer.report_count;
    ds_media_free(&call->media);
    stage_run(&call->stage, 10 * DS_S);
    assert_int_equal(call->peer.count, count);
    assert_int_equal(call->peer.report_count, reports);
}

static void a_flawed_frame_is_longer(void **state)
{
    struct call *call = *state;
    ds_media_set_flaws(call->media, &(struct ds_media_flaws){.frame_samples = 240});
    aim_at_peer(call->media, &call->peer);
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 300 * DS_MS);
    assert_int_equal(call->peer.count, 10);
    assert_int_equal(call->peer.packets[9].rtp.payload.len, 240);
    assert_int_equal(call->peer.packets[9].rtp.timestamp,
                     call->peer.packets[0].rtp.timestamp + 9 * 240);
    expect_assert_failure(
        ds_media_set_flaws(call->media, &(struct ds_media_flaws){.frame_samples = 4000}));
}

static void a_mute_one_counts_nothing_sent(void **state)
{
    struct call *call = *state;
    ds_media_set_flaws(call->media, &(struct ds_media_flaws){.mute = true});
    aim_at_peer(call->media, &call->peer);
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 300 * DS_MS);
    assert_int_equal(call->peer.count, 0);
    assert_int_equal(ds_media_counts(call->media).sent, 0);
}

static void one_who_sends_elsewhere_does_so_whatever_the_sdp_says(void **state)
{
    struct call *call = *state;
    ds_media_set_flaws(call->media, &(struct ds_media_flaws){.instead = ds_udp_at(call->peer.rtp)});
    aim_at(call->media, ds_addr_v4(0x7f001402, 9000), DS_SENDRECV);
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 300 * DS_MS);
    assert_int_equal(call->peer.count, 15);
    assert_int_equal(call->peer.report_count, 1);
}

static void one_who_keeps_talking_does_so_for_200_ms(void **state)
{
    struct call *call = *state;
    ds_media_set_flaws(call->media, &(struct ds_media_flaws){.keep_talking = true});
    aim_at_peer(call->media, &call->peer);
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 110 * DS_MS);
    ds_media_talk(call->media, 0);
    assert_int_equal(ds_media_aim(call->media, NULL, NULL), DS_OK);
    ds_media_free(&call->media);
    assert_null(call->media);
    stage_run(&call->stage, 5 * DS_S);
    assert_int_equal(call->peer.count, 5 + 9);
    assert_int_equal(ds_timers_count(call->stage.clock), 0);
}

static void a_place_may_end_before_its_last_talker(void **state)
{
    struct call *call = *state;
    ds_media_set_flaws(call->media, &(struct ds_media_flaws){.keep_talking = true});
    aim_at_peer(call->media, &call->peer);
    ds_media_talk(call->media, 1700);
    stage_run(&call->stage, 100 * DS_MS);
    ds_media_free(&call->media);
    ds_media_place_clean_up(&call->stage.place);
    assert_int_equal(ds_timers_count(call->stage.clock), 0);
    stage_run(&call->stage, 500 * DS_MS);
    assert_int_equal(call->peer.count, 5);
}

int test_talk(void);

int test_talk(void)
{
#define IN_CALL(test) cmocka_unit_test_setup_teardown(test, call_begin, call_end)
    const struct CMUnitTest tests[] = {
        IN_CALL(a_talker_sends_a_frame_every_20_ms),
        IN_CALL(who_falls_silent_says_so_where_that_is_wanted),
        IN_CALL(what_is_heard_is_the_tone),
        IN_CALL(nobody_talks_unless_aimed_and_told),
        IN_CALL(lateness_does_not_add_up),
        IN_CALL(a_new_aim_keeps_the_stream_going),
        IN_CALL(who_may_not_send_is_silent_and_then_goes_on),
        IN_CALL(the_codec_is_the_preferred_else_the_peers_first),
        IN_CALL(an_sdp_one_cannot_talk_to_changes_nothing),
        IN_CALL(after_it_is_freed_no_packet_leaves),
        IN_CALL(a_flawed_frame_is_longer),
        IN_CALL(a_mute_one_counts_nothing_sent),
        IN_CALL(one_who_sends_elsewhere_does_so_whatever_the_sdp_says),
        IN_CALL(one_who_keeps_talking_does_so_for_200_ms),
        IN_CALL(a_place_may_end_before_its_last_talker),
    };
    return cmocka_run_group_tests_name("talk", tests, NULL, NULL);
}
