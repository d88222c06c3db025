#include "scene.h"

static void a_call_that_is_over_leaves_nothing(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "voip_only", NULL);
    struct talk talk = scene_talk(&scene, "alice", "pstn");
    hang_up(talk.caller);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_state(talk.callee), DS_END_ENDED);
    scene_stop(&scene);
}

static void what_a_call_keeps_is_told_element_by_element(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "voip_only", NULL);
    struct talk talk = scene_talk(&scene, "alice", "pstn");
    assert_leftovers(&scene, "pstn",
                     "pstn keeps the media ports of its call from +14255550101, which is answered, "
                     "and talks\n"
                     "pstn keeps the session of Call-ID #, up\n"
                     "pstn keeps the INVITE server transaction of Call-ID #, accepted\n");
    assert_leftovers(
        &scene, "gateway",
        "gateway keeps the bridge of the call from +14255550101 to +12065550199, and 2 media "
        "ports\n"
        "gateway keeps the session of Call-ID #, up\n"
        "gateway keeps the session of Call-ID #, up\n"
        "gateway keeps the INVITE client transaction of Call-ID #, accepted\n"
        "gateway keeps the INVITE server transaction of Call-ID #, accepted\n");
    assert_leftovers(&scene, "pool",
                     "pool keeps the INVITE client transaction of Call-ID #, accepted\n"
                     "pool keeps the INVITE server transaction of Call-ID #, accepted\n");
    assert_leftovers(&scene, "bob", "");
    assert_disagree(&scene, "");
    hang_up(talk.callee);
    scene_stop(&scene);
}

static void note_peer(void *owner, const struct ds_node_call *call)
{
    ds_buf_print(owner, "%s ", call->peer == NULL ? "a stranger" : call->peer->name);
}

static void assert_peers(struct scene *scene, const char *name, const char *expected)
{
    struct ds_buf peers = {.at = NULL};
    ds_node_calls(scene_node(scene, name), note_peer, &peers);
    assert_string_equal(peers.at == NULL ? "" : peers.at, expected);
    ds_buf_clean_up(&peers);
}

static void each_element_knows_whom_it_talks_to(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "voip_only", NULL);
    struct talk ringing = scene_dial(&scene, "bob", "pstn");
    assert_peers(&scene, "bob", "");
    struct talk talk = scene_talk(&scene, "alice", "pstn");
    assert_peers(&scene, "alice", "mediation ");
    assert_peers(&scene, "pool", "");
    assert_peers(&scene, "pstn", "gateway ");
    hang_up(ringing.caller);
    hang_up(talk.caller);
    scene_stop(&scene);
}

static void who_was_not_told_of_the_end_is_named(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "voip_only:without_rtcp", NULL); /* whose end nobody would miss */
    struct talk talk = scene_talk(&scene, "alice", "pstn");
    scene_drop(&scene, "pstn", "BYE");
    hang_up(talk.callee);
    scene_run(&scene, 100 * DS_S);
    assert_int_equal(ds_end_state(talk.callee), DS_END_ENDED);
    assert_leftovers(&scene, "pstn", "");
    assert_disagree(&scene,
                    "gateway believes the call of Call-ID # with pstn is up, pstn does not\n");
    hang_up(talk.caller);
    scene_stop(&scene);
}

static void a_leg_that_outlives_the_other_is_left_over_on_both_its_sides(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "voip_only", "mediation:keeps_leg_after_bye");
    struct talk talk = scene_talk(&scene, "alice", "pstn");
    hang_up(talk.caller);
    scene_run(&scene, 100 * DS_S);
    assert_disagree(&scene, "");
    assert_leftovers(&scene, "mediation",
                     "mediation keeps the bridge of the call from +14255550101 to +12065550199, "
                     "and 0 media ports\n"
                     "mediation keeps the session of Call-ID #, up\n");
    hang_up(talk.callee);
    scene_stop(&scene);
}

int test_leftovers(void);

int test_leftovers(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_is_over_leaves_nothing),
        cmocka_unit_test(what_a_call_keeps_is_told_element_by_element),
        cmocka_unit_test(each_element_knows_whom_it_talks_to),
        cmocka_unit_test(who_was_not_told_of_the_end_is_named),
        cmocka_unit_test(a_leg_that_outlives_the_other_is_left_over_on_both_its_sides),
    };
    return cmocka_run_group_tests_name("leftovers", tests, NULL, NULL);
}
