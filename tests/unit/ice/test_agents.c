#include "stage.h"

/* Two agents, each with a socket, that tell each other their candidates as SDP does. */

struct party {
    struct ds_udp *udp;
    struct ds_ice *ice;
    bool gathered;
    unsigned selections;
    char heard[64];
    struct ds_addr heard_from;
};

static void hear(struct party *party, struct ds_addr from, struct ds_slice bytes)
{
    party->heard_from = from;
    assert_true(ds_slice_copy(bytes, party->heard, sizeof party->heard));
}

static void on_gathered(void *owner)
{
    ((struct party *)owner)->gathered = true;
}

static void on_selected(void *owner)
{
    ((struct party *)owner)->selections++;
}

static void on_data(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    hear(owner, from, bytes);
}

static const struct ds_ice_events events = {on_gathered, on_selected, on_data};

static void take(void *owner, struct ds_addr from, struct ds_slice bytes)
{
    struct party *party = owner;
    if (party->ice == NULL || !ds_ice_take(party->ice, from, bytes))
        hear(party, from, bytes);
}

static void join(struct party *party, struct stage *stage, uint32_t ip, struct ds_ice_options how)
{
    *party = (struct party){.gathered = false};
    assert_int_equal(ds_udp_open(stage->net, ds_addr_v4(ip, 20000), take, party, &party->udp, NULL),
                     DS_OK);
    how.net = stage->net;
    how.rng = &stage->rng;
    how.udp = party->udp;
    how.user = "rita";
    how.password = "secret";
    assert_int_equal(ds_ice_new(&how, &events, party, &party->ice, NULL), DS_OK);
}

static const struct ds_ice_options offers = {.offers = true};
static const struct ds_ice_options answers = {.offers = false};

static struct ds_ice_options with_server(void)
{
    return (struct ds_ice_options){.offers = true, .server = ds_addr_v4(PUBLIC, DS_STUN_PORT)};
}

static void leave(struct party *party)
{
    ds_ice_free(&party->ice);
    ds_udp_close(&party->udp);
}

static void meet(struct party *party, const struct party *other)
{
    struct ds_ice_spec told = ds_ice_spec(other->ice);
    static const struct ds_sdp_codec pcmu = {0, "PCMU", 8000, NULL};
    struct ds_buf text = {0};
    struct ds_sdp sdp;
    const struct ds_sdp_spec spec = {.style = DS_SDP_CLIENT,
                                     .at = ds_ice_default(other->ice),
                                     .codecs = &pcmu,
                                     .codec_count = 1,
                                     .ice = &told};
    ds_sdp_write(&spec, &text);
    assert_int_equal(ds_sdp_parse(ds_buf_slice(&text), &sdp, NULL), DS_OK);
    ds_ice_meet(party->ice, ds_sdp_audio(&sdp));
    ds_buf_clean_up(&text);
}

static void assert_hears(struct stage *stage, struct party *speaker, struct party *listener)
{
    listener->heard[0] = '\0';
    ds_ice_send(speaker->ice, DS_LITERAL("hello"));
    pass(stage, DS_MS);
    assert_string_equal(listener->heard, "hello");
}

static bool through_wall(void *owner, struct ds_addr from, struct ds_addr to)
{
    bool outside = (ds_addr_ip4(&from) & 0xff00) >= 0x5a00;
    bool to_outside = (ds_addr_ip4(&to) & 0xff00) >= 0x5a00;
    (void)owner;
    return outside == to_outside;
}

static void host_candidates_meet(void **state)
{
    struct stage stage;
    struct party a, b;
    (void)state;
    stage_open(&stage, 4, 59999);
    join(&a, &stage, INSIDE, offers);
    join(&b, &stage, INSIDE + 1, answers);
    assert_true(ds_ice_gathered(a.ice));
    meet(&b, &a);
    meet(&a, &b);
    assert_false(ds_ice_is_selected(a.ice));
    pass(&stage, 200 * DS_MS);
    assert_int_equal(a.selections, 1);
    assert_int_equal(b.selections, 1);
    assert_hears(&stage, &a, &b);
    assert_hears(&stage, &b, &a);
    leave(&a);
    leave(&b);
    stage_close(&stage);
}

/* Both say they are controlling, or neither: the tie-breakers settle it (RFC 8445 7.3.1.1). */
static void a_conflict_of_roles_is_settled(void **state)
{
    (void)state;
    for (int both = 0; both < 2; both++) {
        struct stage stage;
        struct party a, b;
        stage_open(&stage, 4, 59999);
        join(&a, &stage, INSIDE, both ? offers : answers);
        join(&b, &stage, INSIDE + 1, both ? offers : answers);
        meet(&b, &a);
        meet(&a, &b);
        pass(&stage, 400 * DS_MS);
        assert_true(ds_ice_is_selected(a.ice));
        assert_true(ds_ice_is_selected(b.ice));
        assert_hears(&stage, &a, &b);
        assert_hears(&stage, &b, &a);
        leave(&a);
        leave(&b);
        stage_close(&stage);
    }
}

static void who_is_lite_waits_for_the_nomination(void **state)
{
    struct stage stage;
    struct party full, lite;
    (void)state;
    stage_open(&stage, 4, 59999);
    join(&full, &stage, INSIDE, answers);
    join(&lite, &stage, INSIDE + 1, (struct ds_ice_options){.offers = true, .lite = true});
    meet(&lite, &full); /* it offered, and is controlled all the same */
    pass(&stage, 200 * DS_MS);
    assert_false(ds_ice_is_selected(lite.ice));
    meet(&full, &lite);
    pass(&stage, 200 * DS_MS);
    assert_true(ds_ice_is_selected(lite.ice));
    assert_hears(&stage, &lite, &full);
    leave(&full);
    leave(&lite);
    stage_close(&stage);
}

/* A check of a peer that has not told its candidates yet is answered, and remembered. */
static void checks_may_come_before_the_answer(void **state)
{
    struct stage stage;
    struct party a, b;
    (void)state;
    stage_open(&stage, 4, 59999);
    join(&a, &stage, INSIDE, offers);
    join(&b, &stage, INSIDE + 1, answers);
    meet(&b, &a);
    pass(&stage, 100 * DS_MS);
    meet(&a, &b);
    pass(&stage, 200 * DS_MS);
    assert_hears(&stage, &a, &b);
    leave(&a);
    leave(&b);
    stage_close(&stage);
}

static void a_relayed_address_gets_through_the_wall(void **state)
{
    struct stage stage;
    struct party outside, inside;
    (void)state;
    stage_open_walled(&stage, through_wall);
    join(&outside, &stage, OUTSIDE, with_server());
    join(&inside, &stage, INSIDE, answers);
    assert_false(ds_ice_gathered(outside.ice));
    pass(&stage, DS_MS);
    assert_true(outside.gathered && ds_ice_is_relayed(outside.ice));
    meet(&inside, &outside);
    meet(&outside, &inside);
    pass(&stage, 200 * DS_MS);
    assert_hears(&stage, &outside, &inside);
    assert_true(ds_addr_same_ip(inside.heard_from, ds_addr_v4(INNER, 0)));
    assert_hears(&stage, &inside, &outside);
    /* It is refreshed for as long as the call lasts, and given back at its end. */
    pass(&stage, 1500 * DS_S);
    assert_hears(&stage, &inside, &outside);
    ds_ice_release(outside.ice);
    pass(&stage, DS_MS);
    assert_int_equal(ds_turn_allocations(stage.turn), 0);
    leave(&outside);
    leave(&inside);
    stage_close(&stage);
}

static void a_server_that_is_gone_is_not_waited_for(void **state)
{
    struct stage stage;
    struct party party;
    (void)state;
    stage_open(&stage, 4, 59999);
    ds_turn_free(&stage.turn);
    join(&party, &stage, OUTSIDE, with_server());
    pass(&stage, 3 * DS_S);
    assert_true(party.gathered);
    assert_false(ds_ice_is_relayed(party.ice));
    leave(&party);
    stage_close(&stage);
}

static void a_stranger_is_not_believed(void **state)
{
    struct stage stage;
    struct party a, b, stranger;
    (void)state;
    stage_open(&stage, 4, 59999);
    join(&a, &stage, INSIDE, offers);
    join(&b, &stage, INSIDE + 1, (struct ds_ice_options){.lite = true});
    join(&stranger, &stage, INSIDE + 2, offers);
    meet(&b, &a);
    meet(&stranger, &a); /* knows a's password, not b's */
    ds_udp_send(stranger.udp, ds_addr_v4(INSIDE + 1, 20000),
                DS_LITERAL("\0\1\0\0!\x12\xa4"
                           "Bxxxxxxxxxxxx"));
    pass(&stage, 300 * DS_MS);
    assert_false(ds_ice_is_selected(b.ice));
    leave(&a);
    leave(&b);
    leave(&stranger);
    stage_close(&stage);
}

static struct ds_ice_options with_alternate(bool offering)
{
    struct ds_ice_options how = with_server();
    how.offers = offering;
    how.alternate = true;
    return how;
}

static void an_alternate_server_is_passed_by(void **state)
{
    struct stage stage;
    struct party a, b;
    (void)state;
    stage_open(&stage, 4, 59999);
    join(&a, &stage, INSIDE, with_alternate(true));
    join(&b, &stage, INSIDE + 1, with_alternate(false));
    pass(&stage, 50 * DS_MS);
    assert_true(ds_ice_is_relayed(a.ice));
    assert_false(ds_ice_needs_server(a.ice));
    assert_true(ds_addr_equal(ds_ice_default(a.ice), ds_udp_at(a.udp)));
    meet(&b, &a);
    meet(&a, &b);
    pass(&stage, 400 * DS_MS);
    assert_hears(&stage, &a, &b);
    assert_true(ds_addr_equal(b.heard_from, ds_udp_at(a.udp)));
    leave(&a);
    leave(&b);
    stage_close(&stage);
}

static void who_keeps_to_the_server_has_no_other_way(void **state)
{
    struct stage stage;
    struct party a, b;
    (void)state;
    stage_open(&stage, 4, 59999);
    join(&a, &stage, INSIDE, with_alternate(true));
    join(&b, &stage, INSIDE + 1, with_alternate(false));
    pass(&stage, 50 * DS_MS);
    ds_ice_keep_to_server(b.ice);
    assert_true(ds_ice_needs_server(b.ice));
    assert_int_equal(ds_ice_spec(b.ice).count, 1);
    assert_int_equal(ds_ice_spec(b.ice).candidates[0].kind, DS_CANDIDATE_RELAYED);
    meet(&b, &a);
    meet(&a, &b);
    pass(&stage, 600 * DS_MS);
    assert_hears(&stage, &b, &a);
    assert_int_equal(ds_addr_ip4(&a.heard_from), INNER);
    assert_hears(&stage, &a, &b);
    assert_int_equal(ds_addr_ip4(&b.heard_from), INNER);
    leave(&a);
    leave(&b);
    stage_close(&stage);
}

int test_agents(void);

int test_agents(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(host_candidates_meet),
        cmocka_unit_test(a_conflict_of_roles_is_settled),
        cmocka_unit_test(who_is_lite_waits_for_the_nomination),
        cmocka_unit_test(checks_may_come_before_the_answer),
        cmocka_unit_test(a_relayed_address_gets_through_the_wall),
        cmocka_unit_test(a_server_that_is_gone_is_not_waited_for),
        cmocka_unit_test(a_stranger_is_not_believed),
        cmocka_unit_test(an_alternate_server_is_passed_by),
        cmocka_unit_test(who_keeps_to_the_server_has_no_other_way),
    };
    return cmocka_run_group_tests_name("agents", tests, NULL, NULL);
}
