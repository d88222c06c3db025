#include "asker.h"

static void a_binding_tells_where_it_came_from(void **state)
{
    struct stage stage;
    struct asker asker;
    struct ds_addr mapped;
    (void)state;
    stage_open(&stage, 4, 59999);
    asker_open(&asker, &stage, 20000);
    assert_int_equal(asker_ask(&asker, DS_STUN_BINDING, NULL, NULL), 0);
    assert_true(ds_stun_address(&asker.answer, DS_STUN_XOR_MAPPED_ADDRESS, 0, &mapped));
    assert_true(ds_addr_equal(mapped, ds_addr_v4(OUTSIDE, 20000)));
    ds_udp_close(&asker.box.udp);
    stage_close(&stage);
}

static void an_allocation_wants_credentials(void **state)
{
    struct stage stage;
    struct asker asker;
    (void)state;
    stage_open(&stage, 4, 59999);
    asker_open(&asker, &stage, 20000);
    assert_int_equal(asker_allocate(&asker), 401);
    asker_learn(&asker);
    asker.password = "guessed";
    assert_int_equal(asker_allocate(&asker), 401);
    asker.password = "secret";
    asker.user = "mallory";
    assert_int_equal(asker_allocate(&asker), 401);
    assert_int_equal(ds_turn_allocations(stage.turn), 0);
    asker.user = "rita";
    assert_int_equal(asker_allocate(&asker), 0);
    assert_int_equal(ds_turn_allocations(stage.turn), 1);
    assert_true(ds_addr_same_ip(asker.relayed, ds_addr_v4(INNER, 0)));
    assert_true(asker.relayed.port >= 50000);
    ds_udp_close(&asker.box.udp);
    stage_close(&stage);
}

static void a_nonce_grows_stale_and_cannot_be_made_up(void **state)
{
    struct stage stage;
    struct asker asker;
    (void)state;
    stage_open(&stage, 4, 59999);
    asker_open(&asker, &stage, 20000);
    assert_int_equal(asker_allocate(&asker), 401);
    asker_learn(&asker);
    asker.nonce[9] ^= 1;
    assert_int_equal(asker_allocate(&asker), 438);
    asker_learn(&asker);
    pass(&stage, 3601 * DS_S);
    assert_int_equal(asker_allocate(&asker), 438);
    asker_learn(&asker);
    assert_int_equal(asker_allocate(&asker), 0);
    ds_udp_close(&asker.box.udp);
    stage_close(&stage);
}

/* The same request again is answered again; another one finds the address taken. */
static void an_allocation_is_made_once(void **state)
{
    struct stage stage;
    struct asker asker;
    static const uint8_t udp = DS_STUN_UDP;
    (void)state;
    stage_open(&stage, 4, 59999);
    asker_settle(&asker, &stage, 20000);
    struct ds_addr first = asker.relayed, again;
    asker_say(&asker, DS_STUN_ALLOCATE, put_transport, &udp);
    pass(&stage, DS_MS);
    assert_int_equal(ds_stun_parse(box_last(&asker.box), &asker.answer, NULL), DS_OK);
    assert_true(ds_stun_address(&asker.answer, DS_STUN_XOR_RELAYED_ADDRESS, 0, &again));
    assert_true(ds_addr_equal(first, again));
    assert_int_equal(asker_allocate(&asker), 437);
    ds_udp_close(&asker.box.udp);
    stage_close(&stage);
}

static void send_to_relayed(struct box *peer, struct ds_addr relayed)
{
    ds_udp_send(peer->udp, relayed, DS_LITERAL("from inside"));
    pass(peer->stage, DS_MS);
}

static void send_indication(struct asker *asker, struct ds_addr peer)
{
    struct ds_buf out = {0};
    ds_stun_begin(&out, DS_STUN_INDICATION, DS_STUN_SEND, asker->id);
    ds_stun_put_address(&out, DS_STUN_XOR_PEER_ADDRESS, peer);
    ds_stun_put(&out, DS_STUN_PAYLOAD, DS_LITERAL("from outside"));
    ds_udp_send(asker->box.udp, ds_addr_v4(PUBLIC, DS_STUN_PORT), ds_buf_slice(&out));
    ds_buf_clean_up(&out);
    pass(asker->box.stage, DS_MS);
}

static void data_passes_with_a_permission_only(void **state)
{
    struct stage stage;
    struct asker asker;
    struct box peer;
    struct ds_slice data;
    const struct ds_addr at = ds_addr_v4(INSIDE, 30000);
    (void)state;
    stage_open(&stage, 4, 59999);
    asker_settle(&asker, &stage, 20000);
    box_open(&peer, &stage, INSIDE, 30000);
    size_t before = asker.box.count;
    send_to_relayed(&peer, asker.relayed);
    send_indication(&asker, at);
    assert_int_equal(asker.box.count, before);
    assert_int_equal(peer.count, 0);
    assert_int_equal(asker_ask(&asker, DS_STUN_CREATE_PERMISSION, put_peer, &at), 0);
    send_to_relayed(&peer, asker.relayed);
    assert_int_equal(ds_stun_parse(box_last(&asker.box), &asker.answer, NULL), DS_OK);
    assert_int_equal(asker.answer.method, DS_STUN_DATA);
    assert_true(ds_stun_value(&asker.answer, DS_STUN_PAYLOAD, &data));
    assert_true(ds_slice_equal(data, DS_LITERAL("from inside")));
    send_indication(&asker, at);
    assert_int_equal(peer.count, 1);
    assert_true(ds_addr_equal(peer.from, asker.relayed));
    pass(&stage, 301 * DS_S);
    before = asker.box.count;
    send_to_relayed(&peer, asker.relayed);
    assert_int_equal(asker.box.count, before);
    ds_udp_close(&peer.udp);
    ds_udp_close(&asker.box.udp);
    stage_close(&stage);
}

static void a_channel_frames_data_both_ways(void **state)
{
    struct stage stage;
    struct asker asker;
    struct box peer;
    struct ds_buf out = {0};
    struct ds_stun_channel_data framed;
    const struct ds_addr at = ds_addr_v4(INSIDE, 30000), other = ds_addr_v4(INSIDE, 30002);
    (void)state;
    stage_open(&stage, 4, 59999);
    asker_settle(&asker, &stage, 20000);
    box_open(&peer, &stage, INSIDE, 30000);
    assert_int_equal(asker_ask(&asker, DS_STUN_CHANNEL_BIND, put_channel_and_peer, &at), 0);
    send_to_relayed(&peer, asker.relayed);
    assert_int_equal(ds_stun_channel_parse(box_last(&asker.box), &framed), DS_OK);
    assert_int_equal(framed.channel, 0x4001);
    assert_true(ds_slice_equal(framed.data, DS_LITERAL("from inside")));
    ds_stun_channel_write(&out, 0x4001, DS_LITERAL("from outside"));
    ds_udp_send(asker.box.udp, ds_addr_v4(PUBLIC, DS_STUN_PORT), ds_buf_slice(&out));
    pass(&stage, DS_MS);
    assert_true(ds_slice_equal(box_last(&peer), DS_LITERAL("from outside")));
    /* Bound to one peer, a number cannot be bound to another; bound again, it stays. */
    assert_int_equal(asker_ask(&asker, DS_STUN_CHANNEL_BIND, put_channel_and_peer, &other), 400);
    assert_int_equal(asker_ask(&asker, DS_STUN_CHANNEL_BIND, put_channel_and_peer, &at), 0);
    ds_buf_clean_up(&out);
    ds_udp_close(&peer.udp);
    ds_udp_close(&asker.box.udp);
    stage_close(&stage);
}

int test_turn(void);

int test_turn(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_binding_tells_where_it_came_from),
        cmocka_unit_test(an_allocation_wants_credentials),
        cmocka_unit_test(a_nonce_grows_stale_and_cannot_be_made_up),
        cmocka_unit_test(an_allocation_is_made_once),
        cmocka_unit_test(data_passes_with_a_permission_only),
        cmocka_unit_test(a_channel_frames_data_both_ways),
    };
    return cmocka_run_group_tests_name("turn", tests, NULL, NULL);
}
