#include "scene.h"

/* How long an element waits for the next one, and that nothing is left where it goes elsewhere. */

static void a_gateway_without_progress_is_left_for_the_next(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "two_gateways", "gateway_a:slow_progress");
    struct talk talk = scene_dial(&scene, "alice", "pstn");
    scene_run(&scene, 9 * DS_S);
    assert_null(ds_end_take(scene_node(&scene, "pstn")));
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_state(talk.callee), DS_END_ENDED);
    struct ds_end *second = ds_end_take(scene_node(&scene, "pstn"));
    assert_non_null(second);
    assert_int_equal(ds_end_refuse(second, 486, &why), DS_OK);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_status(talk.caller), 486);
    scene_stop(&scene);
}

static void the_last_gateway_without_progress_ends_the_call(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "voip_only", "gateway:slow_progress");
    struct talk talk = scene_dial(&scene, "alice", "pstn");
    scene_run(&scene, 11 * DS_S);
    assert_int_equal(ds_end_status(talk.caller), 504);
    assert_int_equal(ds_end_state(talk.callee), DS_END_ENDED);
    scene_stop(&scene);
}

static void a_telephone_rings_for_three_minutes(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "behind_pbx", NULL);
    struct talk talk = scene_dial(&scene, "alice", "carol");
    assert_int_equal(ds_end_ring(talk.callee, &why), DS_OK);
    scene_run(&scene, 179 * DS_S);
    assert_int_equal(ds_end_state(talk.caller), DS_END_RINGING);
    scene_run(&scene, 2 * DS_S);
    assert_int_equal(ds_end_status(talk.caller), 480);
    assert_int_equal(ds_end_state(talk.callee), DS_END_ENDED);
    scene_stop(&scene);
}

static void a_gateway_is_polled_and_a_down_one_passed_over(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "two_gateways", NULL);
    scene_drop(&scene, "gateway_a", "200");
    scene_run(&scene, 390 * DS_S);
    struct talk talk = scene_dial(&scene, "alice", "pstn");
    assert_int_equal(ds_end_answer(talk.callee, &why), DS_OK);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_state(talk.caller), DS_END_ANSWERED);
    hang_up(talk.caller);
    scene_release(&scene);
    scene_stop(&scene);
}

static void decline(struct talk talk)
{
    struct ds_why why;
    assert_int_equal(ds_end_refuse(talk.callee, 486, &why), DS_OK);
}

static void users_of_a_lost_pool_are_at_its_backup(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "voip_only:paired", NULL);
    ds_node_crash(scene_node(&scene, "pool"));
    scene_run(&scene, 301 * DS_S);
    decline(scene_dial(&scene, "alice", "bob"));
    decline(scene_dial(&scene, "bob", "pstn"));
    decline(scene_dial(&scene, "pstn", "alice"));
    scene_stop(&scene);
}

static void users_outside_go_where_the_edge_leads(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "remote_worker:paired", NULL);
    struct ds_node *edge = scene_node(&scene, "edge");
    const struct ds_topo_node *backup = ds_node_place(scene_node(&scene, "pool_b"));
    ds_node_crash(scene_node(&scene, "pool"));
    scene_run(&scene, 400 * DS_S);
    assert_int_equal(ds_node_set_next_hop(edge, backup, &why), DS_OK);
    scene_run(&scene, 100 * DS_S);
    decline(scene_dial(&scene, "rita", "alice"));
    decline(scene_dial(&scene, "pstn", "rita"));
    scene_stop(&scene);
}

static void only_an_edge_has_a_next_hop_to_be_set(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "remote_worker:paired", NULL);
    struct ds_node *edge = scene_node(&scene, "edge"), *pool = scene_node(&scene, "pool");
    assert_int_equal(ds_node_set_next_hop(pool, ds_node_place(pool), &why), DS_STATE);
    assert_string_equal(why.text,
                        "only an edge has a next hop that can be set, and 'pool' is of role pool");
    assert_int_equal(ds_node_set_next_hop(edge, ds_node_place(edge), &why), DS_STATE);
    assert_string_equal(why.text, "the next hop of an edge is a pool, and 'edge' is of role edge");
    scene_stop(&scene);
}

int test_patience(void);

int test_patience(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gateway_without_progress_is_left_for_the_next),
        cmocka_unit_test(the_last_gateway_without_progress_ends_the_call),
        cmocka_unit_test(a_telephone_rings_for_three_minutes),
        cmocka_unit_test(a_gateway_is_polled_and_a_down_one_passed_over),
        cmocka_unit_test(users_of_a_lost_pool_are_at_its_backup),
        cmocka_unit_test(users_outside_go_where_the_edge_leads),
        cmocka_unit_test(only_an_edge_has_a_next_hop_to_be_set),
    };
    return cmocka_run_group_tests_name("patience", tests, NULL, NULL);
}
