#include "asker.h"

static void an_allocation_lives_as_long_as_it_is_refreshed(void **state)
{
    struct stage stage;
    struct asker asker;
    const uint32_t lifetime_s = 700, none = 0;
    (void)state;
    stage_open(&stage, 4, 59999);
    asker_settle(&asker, &stage, 20000);
    pass(&stage, 500 * DS_S);
    assert_int_equal(asker_ask(&asker, DS_STUN_REFRESH, put_lifetime, &lifetime_s), 0);
    pass(&stage, 650 * DS_S);
    assert_int_equal(ds_turn_allocations(stage.turn), 1);
    pass(&stage, 60 * DS_S);
    assert_int_equal(ds_turn_allocations(stage.turn), 0);
    assert_int_equal(asker_ask(&asker, DS_STUN_REFRESH, put_lifetime, &lifetime_s), 437);
    assert_int_equal(asker_allocate(&asker), 0);
    assert_int_equal(asker_ask(&asker, DS_STUN_REFRESH, put_lifetime, &none), 0);
    assert_int_equal(ds_turn_allocations(stage.turn), 0);
    ds_udp_close(&asker.box.udp);
    stage_close(&stage);
}

static void without_an_allocation_nothing_is_granted(void **state)
{
    struct stage stage;
    struct asker asker;
    const struct ds_addr peer = ds_addr_v4(INSIDE, 30000);
    (void)state;
    stage_open(&stage, 4, 59999);
    asker_open(&asker, &stage, 20000);
    assert_int_equal(asker_allocate(&asker), 401);
    asker_learn(&asker);
    assert_int_equal(asker_ask(&asker, DS_STUN_CREATE_PERMISSION, put_peer, &peer), 437);
    assert_int_equal(asker_ask(&asker, DS_STUN_CHANNEL_BIND, put_channel_and_peer, &peer), 437);
    ds_udp_close(&asker.box.udp);
    stage_close(&stage);
}

static void beyond_the_quota_and_the_ports_there_is_nothing(void **state)
{
    struct stage stage;
    struct asker first, second;
    (void)state;
    stage_open(&stage, 1, 59999);
    asker_settle(&first, &stage, 20000);
    asker_open(&second, &stage, 20002);
    assert_int_equal(asker_allocate(&second), 401);
    asker_learn(&second);
    assert_int_equal(asker_allocate(&second), 486);
    ds_udp_close(&first.box.udp);
    ds_udp_close(&second.box.udp);
    stage_close(&stage);

    stage_open(&stage, 4, 50001);
    asker_settle(&first, &stage, 20000);
    asker_open(&second, &stage, 20002);
    assert_int_equal(asker_allocate(&second), 401);
    asker_learn(&second);
    assert_int_equal(asker_allocate(&second), 508);
    ds_udp_close(&first.box.udp);
    ds_udp_close(&second.box.udp);
    stage_close(&stage);
}

static void wrong_requests_are_refused_as_what_they_are(void **state)
{
    struct stage stage;
    struct asker asker;
    static const uint8_t tcp = 6;
    (void)state;
    stage_open(&stage, 4, 59999);
    asker_open(&asker, &stage, 20000);
    assert_int_equal(asker_allocate(&asker), 401);
    asker_learn(&asker);
    assert_int_equal(asker_ask(&asker, DS_STUN_ALLOCATE, NULL, NULL), 400);
    assert_int_equal(asker_ask(&asker, DS_STUN_ALLOCATE, put_transport, &tcp), 442);
    assert_int_equal(asker_ask(&asker, DS_STUN_ALLOCATE, put_unknown, NULL), 420);
    assert_int_equal(asker_allocate(&asker), 0);
    assert_int_equal(asker_ask(&asker, DS_STUN_CREATE_PERMISSION, NULL, NULL), 400);
    assert_int_equal(asker_ask(&asker, DS_STUN_CHANNEL_BIND, NULL, NULL), 400);
    assert_int_equal(asker_ask(&asker, 0x00a, NULL, NULL), 400);
    ds_udp_close(&asker.box.udp);
    stage_close(&stage);
}

static void what_is_no_message_is_passed_over(void **state)
{
    static const struct ds_slice noise[] = {
        DS_LITERAL("\0\1\0\4!\x12\xa4"
                   "Bxxxxxxxxxxxx"),
        DS_LITERAL("@\0\0\4data"),
        DS_LITERAL("hello"),
        {"", 0},
    };
    struct stage stage;
    struct box box;
    (void)state;
    stage_open(&stage, 4, 59999);
    box_open(&box, &stage, OUTSIDE, 20000);
    for (size_t i = 0; i < DS_COUNT(noise); i++)
        ds_udp_send(box.udp, ds_addr_v4(PUBLIC, DS_STUN_PORT), noise[i]);
    pass(&stage, DS_MS);
    assert_int_equal(box.count, 0);
    ds_udp_close(&box.udp);
    stage_close(&stage);
}

int test_turn_limits(void);

int test_turn_limits(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allocation_lives_as_long_as_it_is_refreshed),
        cmocka_unit_test(without_an_allocation_nothing_is_granted),
        cmocka_unit_test(beyond_the_quota_and_the_ports_there_is_nothing),
        cmocka_unit_test(wrong_requests_are_refused_as_what_they_are),
        cmocka_unit_test(what_is_no_message_is_passed_over),
    };
    return cmocka_run_group_tests_name("turn_limits", tests, NULL, NULL);
}
