#include "scene.h"

#include "sim.h"

#include <stdio.h>

/*
 * Races through whole deployments: proxies and back-to-back user agents stand between two people
 * who act at once. Told first with every message on time, then with delays that chance draws, so
 * that the messages meet anywhere on the way and overtake each other. Whoever wins: nothing is
 * left, and nobody believes in a call that the other end does not know.
 */

#define SEEDS 12

typedef void race_fn(struct scene *scene, struct talk talk);

static void answer(struct ds_end *end)
{
    struct ds_why why;
    if (ds_end_state(end) < DS_END_ANSWERED)
        assert_int_equal(ds_end_answer(end, &why), DS_OK);
}

static void hold(struct ds_end *end, bool held)
{
    struct ds_why why;
    if (ds_end_state(end) == (held ? DS_END_ANSWERED : DS_END_HELD))
        assert_int_equal(ds_end_hold(end, held, &why), DS_OK);
}

/* Lets a while go by, as long as chance wants: 0 to 3 ms, in which a message passes an element or
 * two. */
static void pause(struct scene *scene)
{
    scene_run(scene, (ds_us)ds_rng_below(&scene->rng, 7) * 500);
}

static void connect(struct scene *scene, struct talk talk)
{
    answer(talk.callee);
    scene_run(scene, 5 * DS_S);
    assert_int_equal(ds_end_state(talk.caller), DS_END_ANSWERED);
}

static void cancel_against_answer(struct scene *scene, struct talk talk)
{
    answer(talk.callee);
    pause(scene);
    hang_up_if_up(talk.caller);
}

static void answer_against_cancel(struct scene *scene, struct talk talk)
{
    hang_up(talk.caller);
    pause(scene);
    answer(talk.callee);
}

static void hang_up_before_the_ack(struct scene *scene, struct talk talk)
{
    answer(talk.callee);
    hang_up(talk.callee);
    for (int i = 0; i < 1000 && ds_end_state(talk.caller) < DS_END_ANSWERED; i++)
        scene_run(scene, 100);
    hang_up_if_up(talk.caller);
}

static void both_hang_up(struct scene *scene, struct talk talk)
{
    connect(scene, talk);
    hang_up(talk.callee);
    pause(scene);
    hang_up_if_up(talk.caller);
}

static void hold_against_hang_up(struct scene *scene, struct talk talk)
{
    connect(scene, talk);
    hold(talk.caller, true);
    pause(scene);
    hang_up_if_up(talk.callee);
}

static void hang_up_against_hold(struct scene *scene, struct talk talk)
{
    connect(scene, talk);
    hang_up(talk.caller);
    pause(scene);
    hold(talk.callee, true);
}

static void both_hold(struct scene *scene, struct talk talk)
{
    connect(scene, talk);
    hold(talk.caller, true);
    pause(scene);
    hold(talk.callee, true);
    scene_run(scene, 10 * DS_S);
    assert_true(ds_end_is(talk.caller, DS_END_HELD) && ds_end_is(talk.callee, DS_END_HELD));
    hold(talk.callee, false);
    pause(scene);
    hold(talk.caller, false);
    scene_run(scene, 15 * DS_S);
    assert_true(ds_end_is(talk.caller, DS_END_ANSWERED));
    assert_true(ds_end_is(talk.callee, DS_END_ANSWERED));
    hang_up(talk.caller);
}

static const struct {
    const char *name;
    race_fn *run;
} races[] = {
    {"CANCEL against 200", cancel_against_answer},
    {"200 against CANCEL", answer_against_cancel},
    {"ACK against BYE", hang_up_before_the_ack},
    {"BYE against BYE", both_hang_up},
    {"re-INVITE against BYE", hold_against_hang_up},
    {"BYE against re-INVITE", hang_up_against_hold},
    {"re-INVITE against re-INVITE", both_hold},
};

static void run_race(size_t race, uint64_t seed, const char *fault)
{
    struct scene scene;
    struct ds_fault *delays = NULL;
    struct ds_why why = {""};
    const char *to = seed % 2 == 0 ? "bob" : "pstn";
    const char *topology = seed % 4 < 2 ? "voip_only" : "voip_only:reliable_provisionals";
    scene_start_from(&scene, topology, NULL, seed);
    if (fault != NULL && ds_fault_start(scene.net, fault, &delays, &why) != DS_OK)
        fail_msg("%s", why.text);
    struct talk talk = scene_dial(&scene, "alice", to);
    assert_int_equal(ds_end_ring(talk.callee, &why), DS_OK);
    pause(&scene);
    races[race].run(&scene, talk);
    scene_run(&scene, 40 * DS_S);
    if (!is_over(talk.caller) || !is_over(talk.callee))
        fail_msg("%s to %s, seed %u: a call is up", races[race].name, to, (unsigned)seed);
    scene_stop(&scene);
}

static void every_race_comes_out_right(void **state)
{
    (void)state;
    for (size_t race = 0; race < DS_COUNT(races); race++)
        for (uint64_t seed = 0; seed < 4; seed++)
            run_race(race, seed, NULL);
}

static void every_race_comes_out_right_whatever_the_delays(void **state)
{
    (void)state;
    for (size_t race = 0; race < DS_COUNT(races); race++)
        for (uint64_t seed = 0; seed < SEEDS; seed++)
            run_race(race, seed, "delay 500us jitter 500us");
}

/* Both of a user's devices are answered, one of them perhaps a little later. */
static void two_devices(uint64_t seed, const char *fault)
{
    struct scene scene;
    struct ds_fault *delays = NULL;
    struct ds_why why = {""};
    scene_start_from(&scene, "voip_only:second_device", NULL, seed);
    if (fault != NULL && ds_fault_start(scene.net, fault, &delays, &why) != DS_OK)
        fail_msg("%s", why.text);
    struct talk talk = scene_dial(&scene, "pstn", "alice");
    scene_run(&scene, 100 * DS_MS);
    struct ds_end *desk = ds_end_take(scene_node(&scene, "alice_desk"));
    assert_non_null(desk);
    answer(talk.callee);
    pause(&scene);
    answer(desk);
    scene_run(&scene, 5 * DS_S);
    assert_int_equal(ds_end_state(talk.caller), DS_END_ANSWERED);
    if (is_over(talk.callee) == is_over(desk))
        fail_msg("seed %u: not one of the two has the call", (unsigned)seed);
    assert_disagree(&scene, "");
    hang_up(talk.caller);
    scene_run(&scene, 40 * DS_S);
    assert_true(is_over(talk.callee) && is_over(desk));
    scene_stop(&scene);
}

static void one_of_two_devices_has_the_call(void **state)
{
    (void)state;
    two_devices(1, NULL);
    for (uint64_t seed = 0; seed < 4 * SEEDS; seed++)
        two_devices(seed, "delay 500us jitter 500us");
}

int test_races(void);

int test_races(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_race_comes_out_right),
        cmocka_unit_test(every_race_comes_out_right_whatever_the_delays),
        cmocka_unit_test(one_of_two_devices_has_the_call),
    };
    return cmocka_run_group_tests_name("races", tests, NULL, NULL);
}
