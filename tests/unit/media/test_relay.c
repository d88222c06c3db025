#include "stage.h"

/* One talker, a relay of two, and a peer behind it. */
struct relay {
    struct stage stage;
    struct peer peer;
    struct ds_media *talker, *near_side, *far_side;
};

static int relay_begin(void **state)
{
    static struct relay relay;
    stage_open(&relay.stage, 9);
    peer_open(&relay.stage, &relay.peer, 30000);
    relay.talker = stage_media(&relay.stage);
    relay.near_side = stage_media(&relay.stage);
    relay.far_side = stage_media(&relay.stage);
    ds_media_relay(relay.near_side, relay.far_side);
    aim_at(relay.talker, ds_media_at(relay.near_side), DS_SENDRECV);
    aim_at(relay.near_side, ds_media_at(relay.talker), DS_SENDRECV);
    ds_media_talk(relay.talker, 600);
    *state = &relay;
    return 0;
}

static int relay_end(void **state)
{
    struct relay *relay = *state;
    ds_media_free(&relay->talker);
    ds_media_free(&relay->near_side);
    ds_media_free(&relay->far_side);
    peer_close(&relay->peer);
    stage_close(&relay->stage);
    return 0;
}

static void what_comes_in_goes_out_as_it_is(void **state)
{
    struct relay *relay = *state;
    aim_at_peer(relay->far_side, &relay->peer);
    stage_run(&relay->stage, 200 * DS_MS);
    assert_int_equal(relay->peer.count, 10);
    assert_int_equal(ds_media_counts(relay->near_side).received, 10);
    assert_int_equal(ds_media_counts(relay->far_side).sent, 10);
    assert_true(relay->peer.packets[0].rtp.marker);
    assert_int_equal(relay->peer.packets[9].rtp.sequence,
                     (uint16_t)(relay->peer.packets[0].rtp.sequence + 9));
    assert_int_equal(relay->peer.reports[0].ssrc, relay->peer.packets[0].rtp.ssrc);
}

static void a_relay_reports_nothing_of_its_own(void **state)
{
    struct relay *relay = *state;
    aim_at_peer(relay->far_side, &relay->peer);
    stage_run(&relay->stage, 10 * DS_S);
    assert_int_equal(relay->peer.report_count, 2); /* those of the talker */
    assert_int_equal(relay->peer.reports[1].type, 200);
}

static void a_side_that_may_not_send_passes_nothing_on(void **state)
{
    struct relay *relay = *state;
    stage_run(&relay->stage, 200 * DS_MS);
    aim_at(relay->far_side, ds_udp_at(relay->peer.rtp), DS_SENDONLY);
    stage_run(&relay->stage, 200 * DS_MS);
    assert_int_equal(relay->peer.count, 0);
    assert_int_equal(relay->peer.report_count, 0);
    assert_int_equal(ds_media_counts(relay->near_side).received, 20);
    assert_int_equal(ds_media_counts(relay->far_side).sent, 0);
}

static void reports_go_on_where_nothing_may_be_said(void **state)
{
    struct relay *relay = *state;
    aim_at(relay->far_side, ds_udp_at(relay->peer.rtp), DS_INACTIVE);
    stage_run(&relay->stage, 6 * DS_S);
    assert_true(ds_media_is_on_hold(relay->far_side));
    assert_int_equal(relay->peer.count, 0);
    assert_int_equal(relay->peer.report_count, 2);
    assert_true(ds_media_counts(relay->near_side).reported_at > 5 * DS_S);
    ds_media_set_flaws(relay->far_side, &(struct ds_media_flaws){.no_rtcp_on_hold = true});
    stage_run(&relay->stage, 6 * DS_S);
    assert_int_equal(relay->peer.report_count, 2);
}

static void it_works_both_ways(void **state)
{
    struct relay *relay = *state;
    uint8_t bytes[200];
    struct ds_rtp packet = {.sequence = 1, .payload = DS_LITERAL("hello")};
    aim_at_peer(relay->far_side, &relay->peer);
    size_t len = ds_rtp_write(&packet, bytes, sizeof bytes);
    ds_udp_send(relay->peer.rtp, ds_media_at(relay->far_side),
                (struct ds_slice){(const char *)bytes, len});
    stage_run(&relay->stage, 10 * DS_MS);
    assert_int_equal(ds_media_counts(relay->far_side).received, 1);
    assert_int_equal(ds_media_counts(relay->talker).received, 1);
}

static void it_ends_with_either_side(void **state)
{
    struct relay *relay = *state;
    aim_at_peer(relay->far_side, &relay->peer);
    stage_run(&relay->stage, 100 * DS_MS);
    ds_media_free(&relay->far_side);
    stage_run(&relay->stage, 100 * DS_MS);
    assert_int_equal(relay->peer.count, 5);
    assert_int_equal(ds_media_counts(relay->near_side).received, 10);
}

static void a_side_may_be_joined_anew(void **state)
{
    struct relay *relay = *state;
    struct ds_media *third = stage_media(&relay->stage);
    aim_at_peer(relay->far_side, &relay->peer);
    ds_media_relay(relay->near_side, third);
    stage_run(&relay->stage, 100 * DS_MS);
    assert_int_equal(relay->peer.count, 0);
    aim_at_peer(third, &relay->peer);
    stage_run(&relay->stage, 100 * DS_MS);
    assert_int_equal(relay->peer.count, 5);
    expect_assert_failure(ds_media_relay(third, third));
    ds_media_free(&third);
}

static void a_relay_that_does_not_notice_the_end_goes_on(void **state)
{
    struct relay *relay = *state;
    ds_media_set_flaws(relay->near_side, &(struct ds_media_flaws){.keep_talking = true});
    ds_media_set_flaws(relay->far_side, &(struct ds_media_flaws){.keep_talking = true});
    aim_at_peer(relay->far_side, &relay->peer);
    stage_run(&relay->stage, 110 * DS_MS);
    ds_media_free(&relay->near_side);
    ds_media_free(&relay->far_side);
    stage_run(&relay->stage, 1 * DS_S);
    assert_int_equal(relay->peer.count, 5 + 10);
}

int test_relay(void);

int test_relay(void)
{
#define IN_RELAY(test) cmocka_unit_test_setup_teardown(test, relay_begin, relay_end)
    const struct CMUnitTest tests[] = {
        IN_RELAY(what_comes_in_goes_out_as_it_is),
        IN_RELAY(a_relay_reports_nothing_of_its_own),
        IN_RELAY(a_side_that_may_not_send_passes_nothing_on),
        IN_RELAY(reports_go_on_where_nothing_may_be_said),
        IN_RELAY(it_works_both_ways),
        IN_RELAY(it_ends_with_either_side),
        IN_RELAY(a_side_may_be_joined_anew),
        IN_RELAY(a_relay_that_does_not_notice_the_end_goes_on),
    };
    return cmocka_run_group_tests_name("relay", tests, NULL, NULL);
}
