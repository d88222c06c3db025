#include "stage.h"

static void a_pair_is_an_even_port_and_the_next(void **state)
{
    struct stage stage;
    struct ds_udp *taken = NULL;
    (void)state;
    stage_open(&stage, 1);
    struct ds_media *media = stage_media(&stage);
    struct ds_addr at = ds_media_at(media);
    assert_int_equal(at.port % 2, 0);
    assert_in_range(at.port, 49152, 57500);
    assert_true(ds_addr_same_ip(at, stage.place.at));
    at.port++;
    assert_int_equal(ds_udp_open(stage.net, at, peer_take_rtp, NULL, &taken, NULL), DS_IO);
    ds_media_free(&media);
    assert_null(media);
    ds_media_free(&media);
    assert_int_equal(ds_udp_open(stage.net, at, peer_take_rtp, NULL, &taken, NULL), DS_OK);
    ds_udp_close(&taken);
    stage_close(&stage);
}

static uint16_t first_port_of_seed(uint64_t seed)
{
    struct stage stage;
    stage_open(&stage, seed);
    struct ds_media *media = stage_media(&stage);
    uint16_t port = ds_media_at(media).port;
    ds_media_free(&media);
    stage_close(&stage);
    return port;
}

static void the_order_comes_from_the_seed(void **state)
{
    (void)state;
    assert_int_equal(first_port_of_seed(4), first_port_of_seed(4));
    assert_int_not_equal(first_port_of_seed(4), first_port_of_seed(5));
}

static void every_pair_is_given_once_and_then_none(void **state)
{
    struct stage stage;
    struct ds_media *media[3], *more = NULL;
    struct ds_why why;
    bool seen[3] = {false};
    (void)state;
    stage_open(&stage, 2);
    stage.place.first_port = 30001; /* 30002 and 30004 are the pairs in it, and 30006 */
    stage.place.last_port = 30008;
    for (size_t i = 0; i < 3; i++) {
        media[i] = stage_media(&stage);
        size_t pair = (ds_media_at(media[i]).port - 30002u) / 2;
        assert_in_range(pair, 0, 2);
        assert_false(seen[pair]);
        seen[pair] = true;
    }
    assert_int_equal(ds_media_new(&stage.place, &more, &why), DS_IO);
    assert_null(more);
    assert_non_null(strstr(why.text, "30001-30008 at 127.0.10.2"));
    for (size_t i = 0; i < 3; i++)
        ds_media_free(&media[i]);
    stage_close(&stage);
}

static void a_port_whose_next_is_taken_is_passed_over(void **state)
{
    struct stage stage;
    struct ds_udp *taken = NULL;
    (void)state;
    stage_open(&stage, 3);
    stage.place.first_port = 30000;
    stage.place.last_port = 30003;
    struct ds_addr at = stage.place.at;
    at.port = 30001;
    assert_int_equal(ds_udp_open(stage.net, at, peer_take_rtp, NULL, &taken, NULL), DS_OK);
    for (int i = 0; i < 8; i++) {
        struct ds_media *media = stage_media(&stage);
        assert_int_equal(ds_media_at(media).port, 30002);
        ds_media_free(&media);
    }
    ds_udp_close(&taken);
    stage_close(&stage);
}

static void a_range_without_a_pair_has_none(void **state)
{
    static const uint16_t ranges[][2] = {
        {30001, 30002}, {30000, 30000}, {30002, 30000}, {65535, 65535}};
    struct stage stage;
    struct ds_media *media = NULL;
    (void)state;
    stage_open(&stage, 3);
    for (size_t i = 0; i < DS_COUNT(ranges); i++) {
        stage.place.first_port = ranges[i][0];
        stage.place.last_port = ranges[i][1];
        assert_int_equal(ds_media_new(&stage.place, &media, NULL), DS_IO);
    }
    stage.place.first_port = 65534;
    stage.place.last_port = 65535;
    media = stage_media(&stage);
    assert_int_equal(ds_media_at(media).port, 65534);
    ds_media_free(&media);
    stage_close(&stage);
}

static ds_rc make_one(void *owner)
{
    struct stage *stage = owner;
    struct ds_media *media = NULL;
    ds_rc rc = ds_media_new(&stage->place, &media, NULL);
    ds_media_free(&media);
    return rc;
}

static void exhaustion_is_told(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage, 6);
    ds_exhaust(make_one, &stage);
    stage_close(&stage);
}

int test_ports(void);

int test_ports(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_is_an_even_port_and_the_next),
        cmocka_unit_test(the_order_comes_from_the_seed),
        cmocka_unit_test(every_pair_is_given_once_and_then_none),
        cmocka_unit_test(a_port_whose_next_is_taken_is_passed_over),
        cmocka_unit_test(a_range_without_a_pair_has_none),
        cmocka_unit_test(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("ports", tests, NULL, NULL);
}
