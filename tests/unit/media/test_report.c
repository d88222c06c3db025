#include "stage.h"

struct call {
    struct stage stage;
    struct peer peer;
    struct ds_media *media;
};

static int call_begin(void **state)
{
    static struct call call;
    stage_open(&call.stage, 10);
    peer_open(&call.stage, &call.peer, 30000);
    call.media = stage_media(&call.stage);
    aim_at_peer(call.media, &call.peer);
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

static bool says_goodbye(const struct peer *peer)
{
    const char *end = peer->last_report + peer->last_report_len;
    return peer->last_report_len > 8 && (uint8_t)end[-7] == 203;
}

static void a_talker_reports_soon_and_then_every_5_s(void **state)
{
    struct call *call = *state;
    ds_media_talk(call->media, 800);
    stage_run(&call->stage, 11 * DS_S);
    assert_int_equal(call->peer.report_count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(call->peer.report_at[i], 120 * DS_MS + (ds_us)i * 5 * DS_S);
        assert_int_equal(call->peer.reports[i].type, 200);
        assert_int_equal(call->peer.reports[i].ssrc, call->peer.packets[0].rtp.ssrc);
        assert_int_equal(call->peer.reports[i].octets, call->peer.reports[i].packets * 160);
    }
    assert_in_range(call->peer.reports[1].packets, 255, 256);
    assert_false(says_goodbye(&call->peer));
}

static void send_three_of_four(struct call *call)
{
    static const uint16_t sequences[] = {10, 11, 13};
    uint8_t bytes[32];
    for (size_t i = 0; i < 3; i++) {
        struct ds_rtp packet = {.sequence = sequences[i], .ssrc = 0x01020304};
        size_t len = ds_rtp_write(&packet, bytes, sizeof bytes);
        ds_udp_send(call->peer.rtp, ds_media_at(call->media),
                    (struct ds_slice){(const char *)bytes, len});
    }
}

static void who_only_listens_reports_what_it_heard(void **state)
{
    struct call *call = *state;
    stage_run(&call->stage, 1 * DS_S);
    assert_int_equal(call->peer.report_count, 0);
    send_three_of_four(call);
    stage_run(&call->stage, 200 * DS_MS);
    assert_int_equal(call->peer.report_count, 1);
    assert_int_equal(call->peer.report_at[0], 1100 * DS_MS);
    assert_int_equal(call->peer.reports[0].type, 201);
    assert_memory_equal(call->peer.last_report + 8, "\1\2\3\4\x40\0\0\1\0\0\0\x0d", 12);
}

static void the_end_of_talking_is_a_goodbye_and_a_new_source(void **state)
{
    struct call *call = *state;
    ds_media_talk(call->media, 800);
    stage_run(&call->stage, 50 * DS_MS);
    ds_media_talk(call->media, 0);
    stage_run(&call->stage, 10 * DS_S);
    assert_int_equal(call->peer.count, 2);
    assert_int_equal(call->peer.report_count, 1);
    assert_true(says_goodbye(&call->peer));
    ds_media_talk(call->media, 0);
    ds_media_talk(call->media, 800);
    stage_run(&call->stage, 50 * DS_MS);
    assert_int_equal(call->peer.report_count, 1);
    assert_int_not_equal(call->peer.packets[2].rtp.ssrc, call->peer.packets[1].rtp.ssrc);
}

static void no_aim_is_a_goodbye_too(void **state)
{
    struct call *call = *state;
    send_three_of_four(call);
    stage_run(&call->stage, 50 * DS_MS);
    assert_int_equal(ds_media_aim(call->media, NULL, NULL), DS_OK);
    stage_run(&call->stage, 500 * DS_MS);
    assert_int_equal(call->peer.report_count, 0); /* it never made itself known */
    aim_at_peer(call->media, &call->peer);
    send_three_of_four(call);
    stage_run(&call->stage, 200 * DS_MS);
    assert_int_equal(call->peer.report_count, 1);
    assert_int_equal(ds_media_aim(call->media, NULL, NULL), DS_OK);
    stage_run(&call->stage, 10 * DS_S);
    assert_int_equal(call->peer.report_count, 2);
    assert_true(says_goodbye(&call->peer));
}

static void reports_go_on_while_on_hold(void **state)
{
    struct call *call = *state;
    ds_media_talk(call->media, 800);
    stage_run(&call->stage, 200 * DS_MS);
    ds_media_hold(call->media, DS_INACTIVE);
    stage_run(&call->stage, 10 * DS_S);
    assert_int_equal(call->peer.report_count, 3);
}

static void reports_may_be_off(void **state)
{
    struct call *call = *state;
    ds_media_talk(call->media, 800);
    stage_run(&call->stage, 50 * DS_MS);
    ds_media_set_flaws(call->media, &(struct ds_media_flaws){.no_rtcp = true});
    stage_run(&call->stage, 10 * DS_S);
    ds_media_talk(call->media, 0);
    stage_run(&call->stage, 1 * DS_S);
    assert_int_equal(call->peer.report_count, 0);
    assert_int_equal(call->peer.count, 502);
}

int test_report(void);

int test_report(void)
{
#define IN_CALL(test) cmocka_unit_test_setup_teardown(test, call_begin, call_end)
    const struct CMUnitTest tests[] = {
        IN_CALL(a_talker_reports_soon_and_then_every_5_s),
        IN_CALL(who_only_listens_reports_what_it_heard),
        IN_CALL(the_end_of_talking_is_a_goodbye_and_a_new_source),
        IN_CALL(no_aim_is_a_goodbye_too),
        IN_CALL(reports_go_on_while_on_hold),
        IN_CALL(reports_may_be_off),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
