#include "scene.h"

/* Calls that go on, or ring at several places: whoever refuses, gives up or answers first, nothing
 * is left of what was tried besides. */

static struct ds_end *take(struct scene *scene, const char *name)
{
    struct ds_end *end = ds_end_take(scene_node(scene, name));
    assert_non_null(end);
    return end;
}

static struct ds_end *dial(struct scene *scene, const char *from, const char *number)
{
    struct ds_end *end = NULL;
    struct ds_why why;
    const struct ds_dial dial = {.number = number};
    assert_int_equal(ds_end_dial(scene_node(scene, from), &dial, &end, &why), DS_OK);
    scene_run(scene, 1 * DS_S);
    return end;
}

static void answer(struct ds_end *end)
{
    struct ds_why why;
    assert_int_equal(ds_end_answer(end, &why), DS_OK);
}

#define ALICE "+14255550101"

static void a_circle_ends_the_call(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "forwarding:loop", NULL);
    assert_int_equal(ds_end_status(dial(&scene, "carol", ALICE)), 482);
    assert_int_equal(ds_end_status(dial(&scene, "pstn", ALICE)), 482);
    assert_null(ds_end_take(scene_node(&scene, "alice")));
    scene_stop(&scene);
}

static void who_gives_up_ends_every_place(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "forwarding:ring_also", NULL);
    struct ds_end *caller = dial(&scene, "pstn", ALICE), *computer = take(&scene, "alice"),
                  *desk = take(&scene, "alice_desk"), *mobile = take(&scene, "pstn");
    hang_up(caller);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_state(computer), DS_END_ENDED);
    assert_int_equal(ds_end_state(desk), DS_END_ENDED);
    assert_int_equal(ds_end_state(mobile), DS_END_ENDED);
    scene_stop(&scene);
}

/* Two answers cross: the caller keeps one of them, and whoever gave the other is told. */
static void of_two_who_answer_one_has_the_call(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "forwarding:ring_also", NULL);
    struct ds_end *caller = dial(&scene, "pstn", ALICE), *desk = take(&scene, "alice_desk"),
                  *mobile = take(&scene, "pstn");
    answer(desk);
    answer(mobile);
    scene_run(&scene, 2 * DS_S);
    assert_int_equal(ds_end_state(caller), DS_END_ANSWERED);
    assert_int_equal(
        (ds_end_state(desk) == DS_END_ANSWERED) + (ds_end_state(mobile) == DS_END_ANSWERED), 1);
    assert_disagree(&scene, "");
    hang_up(caller);
    scene_stop(&scene);
}

/* What one place refuses the others may still take; what all refuse goes back. */
static void a_refusal_counts_when_it_is_the_last(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "forwarding:ring_also", NULL);
    struct ds_end *caller = dial(&scene, "bob", ALICE), *computer = take(&scene, "alice"),
                  *desk = take(&scene, "alice_desk"), *mobile = take(&scene, "pstn");
    assert_int_equal(ds_end_refuse(computer, 486, &why), DS_OK);
    assert_int_equal(ds_end_refuse(mobile, 486, &why), DS_OK);
    scene_run(&scene, 1 * DS_S);
    assert_true(ds_end_state(caller) < DS_END_ANSWERED);
    assert_int_equal(ds_end_refuse(desk, 486, &why), DS_OK);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_status(caller), 486);
    scene_stop(&scene);
}

/* Past the Mediation Server in both halves, which know nothing of each other's dialogs. */
static void a_call_that_comes_back_is_held_and_cleared_as_any(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "forwarding:hairpin", NULL);
    struct ds_end *caller = dial(&scene, "pstn", ALICE), *mobile = take(&scene, "pstn");
    answer(mobile);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_state(caller), DS_END_ANSWERED);
    assert_int_equal(ds_end_hold(mobile, true, &why), DS_OK);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_state(caller), DS_END_HELD);
    hang_up(caller);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_state(mobile), DS_END_ENDED);
    scene_stop(&scene);
}

int test_forwarding(void);

int test_forwarding(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_circle_ends_the_call),
        cmocka_unit_test(who_gives_up_ends_every_place),
        cmocka_unit_test(of_two_who_answer_one_has_the_call),
        cmocka_unit_test(a_refusal_counts_when_it_is_the_last),
        cmocka_unit_test(a_call_that_comes_back_is_held_and_cleared_as_any),
    };
    return cmocka_run_group_tests_name("forwarding", tests, NULL, NULL);
}
