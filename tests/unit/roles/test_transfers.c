#include "scene.h"

#include "sim.h"

#include <stdio.h>

/*
 * Alice talks with the PSTN and hands it over to Bob, while somebody does something else: with
 * every message on time, and with delays that chance draws. Whoever wins, nothing is left of any
 * call in any element, and nobody believes in one that the other end does not know.
 */

#define SEEDS 12

struct people {
    struct ds_end *alice, *stays, *target; /* borrowed; target NULL: not reached yet */
    const char *target_name;
};

typedef void act_fn(struct scene *scene, struct people *people);

static void pause(struct scene *scene)
{
    scene_run(scene, (ds_us)ds_rng_below(&scene->rng, 9) * 500);
}

static void transfer(struct ds_end *end, const char *number)
{
    struct ds_why why = {""};
    if (ds_end_transfer(end, number, &why) != DS_OK)
        fail_msg("%s", why.text);
}

static const char *number_of(const struct scene *scene, const struct people *people)
{
    return ds_node_place(scene_node(scene, people->target_name))->number;
}

static void reach_target(struct scene *scene, struct people *people)
{
    struct ds_node *target = scene_node(scene, people->target_name);
    for (int i = 0; i < 50 && people->target == NULL; i++) {
        scene_run(scene, 100 * DS_MS);
        people->target = ds_end_take(target);
    }
    assert_non_null(people->target);
}

static void answer(struct ds_end *end)
{
    struct ds_why why;
    if (ds_end_state(end) < DS_END_ANSWERED)
        assert_int_equal(ds_end_answer(end, &why), DS_OK);
}

static void transferor_leaves_at_once(struct scene *scene, struct people *people)
{
    transfer(people->alice, number_of(scene, people));
    pause(scene);
    hang_up_if_up(people->alice);
}

static void party_leaves_at_once(struct scene *scene, struct people *people)
{
    transfer(people->alice, number_of(scene, people));
    pause(scene);
    hang_up_if_up(people->stays);
}

static void party_leaves_as_target_answers(struct scene *scene, struct people *people)
{
    transfer(people->alice, number_of(scene, people));
    reach_target(scene, people);
    answer(people->target);
    pause(scene);
    hang_up_if_up(people->stays);
}

static void transferor_leaves_as_target_answers(struct scene *scene, struct people *people)
{
    transfer(people->alice, number_of(scene, people));
    reach_target(scene, people);
    answer(people->target);
    pause(scene);
    hang_up_if_up(people->alice);
}

static void target_leaves_at_once(struct scene *scene, struct people *people)
{
    transfer(people->alice, number_of(scene, people));
    reach_target(scene, people);
    answer(people->target);
    pause(scene);
    hang_up_if_up(people->target);
}

/* What is offered to the party that stays meets an offer of its own. */
static void party_holds_as_target_answers(struct scene *scene, struct people *people)
{
    struct ds_why why;
    transfer(people->alice, number_of(scene, people));
    reach_target(scene, people);
    answer(people->target);
    pause(scene);
    if (ds_end_state(people->stays) == DS_END_ANSWERED)
        assert_int_equal(ds_end_hold(people->stays, true, &why), DS_OK);
    scene_run(scene, 10 * DS_S);
    assert_true(is_over(people->alice));
    /* A colleague held Alice, and holds nobody in the call that the own client has made since. */
    if (ds_end_place(people->stays)->role == DS_ROLE_PSTN)
        assert_int_equal(ds_end_state(people->target), DS_END_HELD);
}

static const struct {
    const char *name;
    act_fn *act;
} acts[] = {
    {"the transferor leaves at once", transferor_leaves_at_once},
    {"the party leaves at once", party_leaves_at_once},
    {"the party leaves as the target answers", party_leaves_as_target_answers},
    {"the transferor leaves as the target answers", transferor_leaves_as_target_answers},
    {"the target leaves at once", target_leaves_at_once},
    {"the party holds as the target answers", party_holds_as_target_answers},
};

static const char *const ways[] = {"voip_only:bypass_on", "voip_only:no_refer",
                                   "voip_only:third_party", "voip_only:no_refer_bypass_off"};

static void hang_up_all(struct scene *scene, struct people *people)
{
    if (people->target == NULL)
        people->target = ds_end_take(scene_node(scene, people->target_name));
    hang_up_if_up(people->alice);
    hang_up_if_up(people->stays);
    hang_up_if_up(people->target);
    scene_run(scene, 10 * DS_S);
}

static void run_act(size_t act, uint64_t seed, const char *fault)
{
    struct scene scene;
    struct ds_fault *delays = NULL;
    struct ds_why why = {""};
    scene_start_from(&scene, ways[seed % DS_COUNT(ways)], NULL, seed);
    if (fault != NULL && ds_fault_start(scene.net, fault, &delays, &why) != DS_OK)
        fail_msg("%s", why.text);
    bool outside = seed % 3 != 2;
    struct talk talk = scene_talk(&scene, "alice", outside ? "pstn" : "bob");
    struct people people = {
        .alice = talk.caller, .stays = talk.callee, .target_name = outside ? "bob" : "pstn"};
    acts[act].act(&scene, &people);
    scene_run(&scene, 40 * DS_S);
    hang_up_all(&scene, &people);
    if (!is_over(people.alice) || !is_over(people.stays) || !is_over(people.target))
        fail_msg("%s, seed %u: a call is up", acts[act].name, (unsigned)seed);
    scene_stop(&scene);
}

static void nothing_is_left_whoever_acts_meanwhile(void **state)
{
    (void)state;
    for (size_t act = 0; act < DS_COUNT(acts); act++)
        for (uint64_t seed = 0; seed < DS_COUNT(ways); seed++)
            run_act(act, seed, NULL);
}

static void nothing_is_left_whatever_the_delays(void **state)
{
    (void)state;
    for (size_t act = 0; act < DS_COUNT(acts); act++)
        for (uint64_t seed = 0; seed < SEEDS; seed++)
            run_act(act, seed, "delay 500us jitter 500us");
}

/* ---- one call in the place of another ---- */

/* Alice has asked somebody in the PSTN, and puts the party in her place there, while one of the
 * four ends leaves. */
static void join(uint64_t seed, const char *fault, size_t leaves)
{
    struct scene scene;
    struct ds_fault *delays = NULL;
    struct ds_why why = {""};
    scene_start_from(&scene, ways[seed % DS_COUNT(ways)], NULL, seed);
    if (fault != NULL && ds_fault_start(scene.net, fault, &delays, &why) != DS_OK)
        fail_msg("%s", why.text);
    struct talk talk = scene_talk(&scene, "alice", seed % 3 == 2 ? "bob" : "pstn");
    struct talk question =
        scene_talk(&scene, seed % 2 == 0 ? "alice" : "pstn", seed % 2 == 0 ? "pstn" : "alice");
    struct ds_end *asked = seed % 2 == 0 ? question.callee : question.caller;
    struct ds_end *asks = seed % 2 == 0 ? question.caller : question.callee;
    struct ds_end *const ends[] = {talk.caller, talk.callee, asked, asks, NULL};
    assert_int_equal(ds_end_transfer_to(talk.caller, asks, &why), DS_OK);
    pause(&scene);
    hang_up_if_up(ends[leaves]);
    scene_run(&scene, 40 * DS_S);
    if (leaves == DS_COUNT(ends) - 1) { /* nobody: the two who are joined are alone */
        assert_true(is_over(talk.caller) && is_over(asks));
        assert_int_equal(ds_end_state(talk.callee), DS_END_ANSWERED);
        assert_int_equal(ds_end_state(asked), DS_END_ANSWERED);
    }
    for (size_t i = 0; i < DS_COUNT(ends); i++)
        hang_up_if_up(ends[i]);
    scene_run(&scene, 10 * DS_S);
    for (size_t i = 0; i + 1 < DS_COUNT(ends); i++)
        if (!is_over(ends[i]))
            fail_msg("end %zu, seed %u: a call is up", i, (unsigned)seed);
    scene_stop(&scene);
}

static void whoever_takes_a_place_is_alone_there(void **state)
{
    (void)state;
    for (size_t leaves = 0; leaves < 5; leaves++)
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            join(seed, NULL, leaves);
            join(seed, "delay 500us jitter 500us", leaves);
        }
}

/* ---- what cannot be handed over ---- */

static void what_cannot_be_handed_over_is_refused(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voip_only", NULL);
    struct talk talk = scene_dial(&scene, "alice", "pstn");
    assert_int_equal(ds_end_transfer(talk.caller, "+14255550102", &why), DS_STATE);
    assert_string_equal(why.text, "alice cannot transfer: this call is early_media");
    answer(talk.callee);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_transfer(talk.callee, "+14255550102", &why), DS_STATE);
    assert_string_equal(why.text, "pstn is a pstn: Enterprise Voice users alone transfer calls");
    assert_int_equal(ds_end_transfer_to(talk.caller, talk.caller, &why), DS_STATE);
    assert_string_equal(why.text, "alice transfers one call to another of its own that is up");
    hang_up(talk.caller);
    scene_run(&scene, 1 * DS_S);
    scene_stop(&scene);
}

static void a_target_that_nobody_can_call_leaves_the_call_up(void **state)
{
    static const char *const numbers[] = {"+14255550199", "+12065550099", "+442079460000"};
    (void)state;
    for (size_t way = 0; way < DS_COUNT(ways); way++) {
        struct scene scene;
        scene_start(&scene, ways[way], NULL);
        struct talk talk = scene_talk(&scene, "alice", "pstn");
        for (size_t i = 0; i < DS_COUNT(numbers); i++) {
            transfer(talk.caller, numbers[i]);
            scene_run(&scene, 5 * DS_S);
            assert_in_range(ds_end_transfer_status(talk.caller), 400, 699);
            assert_int_equal(ds_end_state(talk.caller), DS_END_ANSWERED);
        }
        assert_disagree(&scene, "");
        hang_up(talk.callee);
        scene_run(&scene, 1 * DS_S);
        scene_stop(&scene);
    }
}

int test_transfers(void);

int test_transfers(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left_whoever_acts_meanwhile),
        cmocka_unit_test(nothing_is_left_whatever_the_delays),
        cmocka_unit_test(whoever_takes_a_place_is_alone_there),
        cmocka_unit_test(what_cannot_be_handed_over_is_refused),
        cmocka_unit_test(a_target_that_nobody_can_call_leaves_the_call_up),
    };
    return cmocka_run_group_tests_name("transfers", tests, NULL, NULL);
}
