#include "directory_internal.h"
#include "scene.h"

#include <string.h>

/* Who has moved to Enterprise Voice, as each element has been told. */

static void enter(const struct scene *scene, const char *element, bool moved)
{
    ds_node_enter(scene_node(scene, element), ds_topo_find(scene->topo, DS_LITERAL("carol")),
                  moved);
}

static const char *owner_at(const struct scene *scene, const char *element)
{
    return ds_directory_owner(scene_node(scene, element), DS_LITERAL("201"))->name;
}

static void move(const struct scene *scene, const char *from, const char *to)
{
    struct ds_why why = {""};
    if (ds_node_migrate(scene_node(scene, from), scene_node(scene, to), &why) != DS_OK)
        fail_msg("%s", why.text);
}

static void each_element_knows_what_it_was_told(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "migration", NULL);
    enter(&scene, "pbx", true);
    const struct ds_node *pbx = scene_node(&scene, "pbx"), *pool = scene_node(&scene, "pool");
    const struct ds_slice number = DS_LITERAL("+14255550201");
    assert_string_equal(owner_at(&scene, "pbx"), "carol_lync");
    assert_string_equal(owner_at(&scene, "pool"), "carol");
    assert_int_equal(ds_directory_population(pbx, number), DS_ROLE_CLIENT);
    assert_int_equal(ds_directory_population(pool, number), DS_ROLE_PHONE);
    assert_ptr_equal(ds_directory_way(pbx, number), ds_topo_first(scene.topo, DS_ROLE_GATEWAY));
    assert_null(ds_directory_way(pbx, DS_LITERAL("+14255550202")));
    assert_false(ds_directory_has_user(pool, scene_node(&scene, "carol_lync")->place));
    assert_true(ds_directory_has_user(pool, scene_node(&scene, "alice")->place));
    enter(&scene, "pbx", false);
    assert_string_equal(owner_at(&scene, "pbx"), "carol");
    assert_null(ds_directory_way(pbx, number));
    scene_stop(&scene);
}

static void nobody_signs_in_whom_the_pool_does_not_know(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "migration", NULL);
    move(&scene, "carol", "carol_lync");
    scene_run(&scene, 1 * DS_S);
    assert_false(ds_node_ready(scene_node(&scene, "carol_lync")));
    scene_stop(&scene);
}

static void a_user_moves_and_comes_back_and_moves_again(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "migration", NULL);
    enter(&scene, "pool", true);
    for (int round = 0; round < 2; round++) {
        move(&scene, "carol", "carol_lync");
        scene_run(&scene, 1 * DS_S);
        assert_true(ds_node_ready(scene_node(&scene, "carol_lync")));
        struct talk talk = scene_talk(&scene, "alice", "carol_lync");
        hang_up(talk.caller);
        scene_run(&scene, 1 * DS_S);
        move(&scene, "carol_lync", "carol");
        scene_run(&scene, 1 * DS_S);
        assert_false(ds_node_ready(scene_node(&scene, "carol_lync")));
    }
    scene_stop(&scene);
}

static void refuses(const struct scene *scene, const char *from, const char *to, const char *says)
{
    struct ds_why why = {""};
    assert_int_equal(ds_node_migrate(scene_node(scene, from), scene_node(scene, to), &why),
                     DS_STATE);
    assert_non_null(strstr(why.text, says));
}

static void what_is_no_move_is_refused(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "migration", NULL);
    refuses(&scene, "carol", "dave_lync", "nobody moves from carol to dave_lync: see moves_from");
    refuses(&scene, "carol", "carol", "nobody moves from carol to carol");
    refuses(&scene, "carol_lync", "carol", "carol_lync is down, and nobody is there");
    struct talk talk = scene_talk(&scene, "dave", "carol");
    refuses(&scene, "carol", "carol_lync", "carol is in a call, and cannot move");
    hang_up(talk.caller);
    scene_run(&scene, 1 * DS_S);
    enter(&scene, "pool", true);
    move(&scene, "carol", "carol_lync");
    refuses(&scene, "carol", "carol_lync", "the user of carol is at carol_lync");
    scene_stop(&scene);
}

static int dial_in_vain(struct scene *scene, const char *from, const char *to, int hops)
{
    struct ds_end *end = NULL;
    struct ds_why why = {""};
    const struct ds_dial dial = {.number = ds_node_place(scene_node(scene, to))->number,
                                 .hops = hops};
    if (ds_end_dial(scene_node(scene, from), &dial, &end, &why) != DS_OK)
        fail_msg("%s", why.text);
    scene_run(scene, 5 * DS_S);
    assert_int_equal(ds_end_state(end), DS_END_FAILED);
    return ds_end_status(end);
}

static void a_call_is_not_sent_back_where_it_came_from(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "migration:inter_trunk", NULL);
    enter(&scene, "pbx", true);
    assert_int_equal(dial_in_vain(&scene, "dave", "carol", 0), 482);
    assert_int_equal(dial_in_vain(&scene, "alice", "carol", 0), 482);
    scene_stop(&scene);
}

static void a_call_that_goes_round_ends_with_its_hops(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "migration:inter_trunk", "pbx:sends_calls_back");
    enter(&scene, "pbx", true);
    assert_int_equal(dial_in_vain(&scene, "dave", "carol", 0), 483);
    scene_stop(&scene);
}

static void a_call_goes_as_far_as_its_hops(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "migration", NULL);
    for (int hops = 1; hops <= 3; hops++)
        assert_int_equal(dial_in_vain(&scene, "alice", "pstn", hops), 483);
    assert_null(ds_end_take(scene_node(&scene, "pstn")));
    scene_stop(&scene);
}

int test_migration(void);

int test_migration(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_element_knows_what_it_was_told),
        cmocka_unit_test(nobody_signs_in_whom_the_pool_does_not_know),
        cmocka_unit_test(a_user_moves_and_comes_back_and_moves_again),
        cmocka_unit_test(what_is_no_move_is_refused),
        cmocka_unit_test(a_call_is_not_sent_back_where_it_came_from),
        cmocka_unit_test(a_call_that_goes_round_ends_with_its_hops),
        cmocka_unit_test(a_call_goes_as_far_as_its_hops),
    };
    return cmocka_run_group_tests_name("migration", tests, NULL, NULL);
}
