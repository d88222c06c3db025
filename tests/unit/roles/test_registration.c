#include "pool_internal.h"
#include "registration_internal.h"
#include "scene.h"

#include <stdio.h>
#include <string.h>

/* For how long clients are registered, and what a pool knows of them. */

static bool is_known(const struct scene *scene, const char *pool, const char *client)
{
    const struct ds_node *node = scene_node(scene, pool);
    return ds_pool_binding(node->state, ds_node_place(scene_node(scene, client)), NULL) != NULL;
}

static void a_registration_lasts_as_long_as_its_client(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "voip_only", NULL);
    scene_run(&scene, 3700 * DS_S);
    assert_true(is_known(&scene, "pool", "alice"));
    ds_node_crash(scene_node(&scene, "alice"));
    scene_run(&scene, 400 * DS_S);
    assert_true(is_known(&scene, "pool", "alice"));
    scene_run(&scene, 200 * DS_S);
    assert_false(is_known(&scene, "pool", "alice"));
    assert_true(is_known(&scene, "pool", "bob"));
    scene_stop(&scene);
}

static void a_pool_that_starts_again_is_told_who_is_there(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voip_only", NULL);
    ds_node_crash(scene_node(&scene, "pool"));
    assert_int_equal(ds_node_boot(scene_node(&scene, "pool"), &why), DS_OK);
    scene_run(&scene, 440 * DS_S);
    assert_false(is_known(&scene, "pool", "alice"));
    scene_run(&scene, 80 * DS_S);
    assert_true(is_known(&scene, "pool", "alice"));
    hang_up(scene_talk(&scene, "bob", "alice").caller);
    scene_stop(&scene);
}

/* What the pool has granted is not over with one renewal that nobody answers. */
static void who_gets_no_answer_asks_again_after_a_minute(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "voip_only", NULL);
    scene_drop(&scene, "alice", "REGISTER");
    scene_run(&scene, 500 * DS_S);
    assert_true(ds_node_ready(scene_node(&scene, "alice")));
    scene_release(&scene);
    scene_run(&scene, 300 * DS_S);
    assert_true(is_known(&scene, "pool", "alice"));
    scene_stop(&scene);
}

static void who_is_refused_asks_again_after_a_minute(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "migration", NULL);
    const struct ds_node *client = scene_node(&scene, "carol_lync");
    assert_int_equal(
        ds_node_migrate(scene_node(&scene, "carol"), scene_node(&scene, "carol_lync"), &why),
        DS_OK);
    scene_run(&scene, 1 * DS_S);
    assert_false(ds_node_ready(client));
    ds_node_enter(scene_node(&scene, "pool"), scene_node(&scene, "carol")->place, true);
    scene_run(&scene, 58 * DS_S);
    assert_false(ds_node_ready(client));
    scene_run(&scene, 2 * DS_S);
    assert_true(ds_node_ready(client));
    scene_stop(&scene);
}

static void who_is_at_the_backup_stays_registered_there(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voip_only:paired", NULL);
    ds_node_crash(scene_node(&scene, "pool"));
    scene_run(&scene, 1500 * DS_S);
    assert_true(is_known(&scene, "pool_b", "alice"));
    assert_int_equal(ds_node_boot(scene_node(&scene, "pool"), &why), DS_OK);
    scene_run(&scene, 70 * DS_S);
    assert_true(is_known(&scene, "pool", "alice"));
    assert_false(is_known(&scene, "pool_b", "alice"));
    scene_run(&scene, 700 * DS_S);
    assert_false(is_known(&scene, "pool_b", "alice"));
    scene_stop(&scene);
}

static void who_has_signed_out_does_not_come_back(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "remote_worker", NULL);
    assert_int_equal(
        ds_node_move(scene_node(&scene, "alice"), scene_node(&scene, "alice_away"), &why), DS_OK);
    scene_run(&scene, 1000 * DS_S);
    const struct ds_pool *pool = scene_node(&scene, "pool")->state;
    const struct ds_binding *only =
        ds_pool_binding(pool, ds_node_place(scene_node(&scene, "alice")), NULL);
    assert_non_null(only);
    assert_non_null(strstr(only->contact, "alice_away"));
    assert_null(ds_pool_binding(pool, only->user, only));
    scene_stop(&scene);
}

/* ---- what both sides read ---- */

static uint32_t expires(const char *headers, const char *params)
{
    char text[400];
    struct ds_msg *msg = NULL;
    struct ds_why why;
    snprintf(text, sizeof text,
             "SIP/2.0 200 OK\r\nVia: SIP/2.0/TLS x;branch=z9hG4bKx\r\nFrom: <sip:a@b>;tag=a\r\n"
             "To: <sip:a@b>;tag=b\r\nCall-ID: c\r\nCSeq: 1 REGISTER\r\n%sContent-Length: 0\r\n\r\n",
             headers);
    assert_int_equal(ds_msg_parse(ds_slice_of(text), &msg, &why), DS_OK);
    uint32_t seconds = ds_registration_expires(msg, ds_slice_of(params), 600);
    ds_msg_unref(&msg);
    return seconds;
}

static void a_contact_says_how_long_before_expires_does(void **state)
{
    (void)state;
    assert_int_equal(expires("", ""), 600);
    assert_int_equal(expires("Expires: 120\r\n", ""), 120);
    assert_int_equal(expires("Expires: 120\r\n", ";q=1;expires=60"), 60);
    assert_int_equal(expires("", ";expires=0"), 0);
    assert_int_equal(expires("Expires: 4294967295\r\n", ""), 600);
    assert_int_equal(expires("Expires: 99999999999999999999\r\n", ""), 600);
    assert_int_equal(expires("Expires: soon\r\n", ""), 600);
}

static void a_device_is_the_same_over_another_connection(void **state)
{
    const struct ds_slice first = DS_LITERAL("sip:alice@127.0.10.10:49152;transport=tls");
    (void)state;
    assert_true(ds_registration_is_same(first, DS_LITERAL("sip:alice@127.0.10.10:49153")));
    assert_false(ds_registration_is_same(first, DS_LITERAL("sip:alice@127.0.10.11:49152")));
    assert_false(ds_registration_is_same(first, DS_LITERAL("sip:bob@127.0.10.10:49152")));
    assert_false(ds_registration_is_same(first, DS_LITERAL("*")));
}

int test_registration(void);

int test_registration(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_registration_lasts_as_long_as_its_client),
        cmocka_unit_test(a_pool_that_starts_again_is_told_who_is_there),
        cmocka_unit_test(who_gets_no_answer_asks_again_after_a_minute),
        cmocka_unit_test(who_is_refused_asks_again_after_a_minute),
        cmocka_unit_test(who_is_at_the_backup_stays_registered_there),
        cmocka_unit_test(who_has_signed_out_does_not_come_back),
        cmocka_unit_test(a_contact_says_how_long_before_expires_does),
        cmocka_unit_test(a_device_is_the_same_over_another_connection),
    };
    return cmocka_run_group_tests_name("registration", tests, NULL, NULL);
}
