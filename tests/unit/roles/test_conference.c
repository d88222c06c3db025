#include "scene.h"

#include <stdio.h>
#include <string.h>

/*
 * Alice talks with somebody and adds Bob, while somebody does something else: with every message on
 * time, and with delays that chance draws. Whoever wins, nothing is left of any call in any
 * element, and nobody believes in one that the other end does not know.
 */

#define SEEDS 10

struct people {
    struct ds_end *alice, *other, *bob; /* borrowed; bob NULL: not reached yet */
};

typedef void act_fn(struct scene *scene, struct people *people);

static void pause(struct scene *scene)
{
    scene_run(scene, (ds_us)ds_rng_below(&scene->rng, 9) * 500);
}

static void add(struct ds_end *end, const char *number)
{
    struct ds_why why = {""};
    if (ds_end_add(end, number, &why) != DS_OK)
        fail_msg("%s", why.text);
}

static void reach_bob(struct scene *scene, struct people *people)
{
    for (int i = 0; i < 50 && people->bob == NULL; i++) {
        scene_run(scene, 100 * DS_MS);
        people->bob = ds_end_take(scene_node(scene, "bob"));
    }
    assert_non_null(people->bob);
}

static void answer(struct ds_end *end)
{
    struct ds_why why;
    if (ds_end_state(end) < DS_END_ANSWERED)
        assert_int_equal(ds_end_answer(end, &why), DS_OK);
}

static void alice_leaves_at_once(struct scene *scene, struct people *people)
{
    pause(scene);
    hang_up_if_up(people->alice);
}

static void the_other_leaves_at_once(struct scene *scene, struct people *people)
{
    pause(scene);
    hang_up_if_up(people->other);
}

static void both_leave_at_once(struct scene *scene, struct people *people)
{
    pause(scene);
    hang_up_if_up(people->other);
    hang_up_if_up(people->alice);
}

static void the_other_holds_at_once(struct scene *scene, struct people *people)
{
    struct ds_why why;
    pause(scene);
    if (ds_end_state(people->other) == DS_END_ANSWERED)
        assert_int_equal(ds_end_hold(people->other, true, &why), DS_OK);
    scene_run(scene, 10 * DS_S);
}

static void all_leave_while_bob_rings(struct scene *scene, struct people *people)
{
    reach_bob(scene, people);
    hang_up_if_up(people->alice);
    pause(scene);
    hang_up_if_up(people->other);
}

static void alice_leaves_as_bob_answers(struct scene *scene, struct people *people)
{
    reach_bob(scene, people);
    answer(people->bob);
    pause(scene);
    hang_up_if_up(people->alice);
}

static void the_server_is_gone(struct scene *scene, struct people *people)
{
    (void)people;
    pause(scene);
    ds_node_crash(scene_node(scene, "conferencing"));
    scene_run(scene, 60 * DS_S);
}

static const struct {
    const char *name;
    act_fn *act;
} acts[] = {
    {"alice leaves at once", alice_leaves_at_once},
    {"the other leaves at once", the_other_leaves_at_once},
    {"both leave at once", both_leave_at_once},
    {"the other holds at once", the_other_holds_at_once},
    {"all leave while Bob rings", all_leave_while_bob_rings},
    {"alice leaves as Bob answers", alice_leaves_as_bob_answers},
    {"the server is gone", the_server_is_gone},
};

static const struct {
    const char *topology, *from, *to;
} ways[] = {
    {"conferencing:bypass_on", "alice", "pstn"},
    {"conferencing:bypass_off", "pstn", "alice"},
    {"conferencing:bypass_on", "alice", "carol"},
};

static void hang_up_all(struct scene *scene, struct people *people)
{
    if (people->bob == NULL)
        people->bob = ds_end_take(scene_node(scene, "bob"));
    hang_up_if_up(people->alice);
    hang_up_if_up(people->other);
    hang_up_if_up(people->bob);
    scene_run(scene, 40 * DS_S);
}

static void run_act(size_t act, uint64_t seed, const char *fault)
{
    struct scene scene;
    struct ds_fault *delays = NULL;
    struct ds_why why = {""};
    size_t way = seed % DS_COUNT(ways);
    scene_start_from(&scene, ways[way].topology, NULL, seed);
    if (fault != NULL && ds_fault_start(scene.net, fault, &delays, &why) != DS_OK)
        fail_msg("%s", why.text);
    struct talk talk = scene_talk(&scene, ways[way].from, ways[way].to);
    bool calls = strcmp(ways[way].from, "alice") == 0;
    struct people people = {.alice = calls ? talk.caller : talk.callee,
                            .other = calls ? talk.callee : talk.caller};
    add(people.alice, "+14255550102");
    acts[act].act(&scene, &people);
    scene_run(&scene, 10 * DS_S);
    hang_up_all(&scene, &people);
    if (!is_over(people.alice) || !is_over(people.other) || !is_over(people.bob))
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

/* ---- what comes to nothing ---- */

static void who_cannot_add_anybody_is_told_why(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "voip_only", NULL);
    struct talk talk = scene_talk(&scene, "alice", "pstn");
    assert_int_equal(ds_end_add(talk.caller, "+14255550102", &why), DS_STATE);
    assert_string_equal(why.text,
                        "alice cannot add anybody: this topology has no conferencing server");
    assert_int_equal(ds_end_add(talk.callee, "+14255550102", &why), DS_STATE);
    assert_string_equal(why.text,
                        "pstn is a pstn: Enterprise Voice users alone add somebody to a call");
    hang_up(talk.caller);
    scene_run(&scene, 1 * DS_S);
    scene_stop(&scene);
}

static void nobody_is_added_twice_at_a_time_nor_to_a_call_that_rings(void **state)
{
    struct scene scene;
    struct ds_why why;
    (void)state;
    scene_start(&scene, "conferencing", NULL);
    struct talk talk = scene_dial(&scene, "alice", "bob");
    assert_int_equal(ds_end_add(talk.caller, "+14255550103", &why), DS_STATE);
    assert_string_equal(why.text, "alice cannot add anybody: this call is calling");
    answer(talk.callee);
    scene_run(&scene, 1 * DS_S);
    add(talk.caller, "+14255550103");
    assert_int_equal(ds_end_add(talk.caller, "+12065550199", &why), DS_STATE);
    assert_string_equal(why.text, "alice adds somebody else just now: wait_added first");
    hang_up(talk.caller);
    scene_run(&scene, 10 * DS_S);
    hang_up_if_up(talk.callee);
    scene_run(&scene, 40 * DS_S);
    scene_stop(&scene);
}

/* The other end goes just as it is to be taken over: nobody is left in the conference to talk to.
 */
static void a_call_that_ends_while_it_moves_is_over(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "conferencing", NULL);
    struct talk talk = scene_talk(&scene, "alice", "pstn");
    scene_hold(&scene, "conferencing", "INVITE");
    add(talk.caller, "+14255550102");
    scene_run(&scene, 100 * DS_MS);
    hang_up(talk.callee);
    scene_run(&scene, 100 * DS_MS);
    scene_release(&scene);
    scene_run(&scene, 5 * DS_S);
    assert_int_equal(ds_end_added_status(talk.caller), 481);
    assert_true(is_over(talk.caller));
    scene_stop(&scene);
}

/* With the last who leaves it is over, and its address nobody's any more. */
static void a_conference_ends_with_who_leaves_last(void **state)
{
    char id[64], uri[128];
    struct scene scene;
    struct ds_why why;
    struct ds_end *again = NULL;
    (void)state;
    scene_start(&scene, "conferencing", NULL);
    struct talk talk = scene_talk(&scene, "alice", "pstn");
    struct people people = {.alice = talk.caller, .other = talk.callee};
    add(people.alice, "+14255550102");
    reach_bob(&scene, &people);
    answer(people.bob);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_transfer(people.alice, "+14255550103", &why), DS_STATE);
    assert_string_equal(why.text, "alice cannot transfer: this call is in a conference");
    ds_slice_copy(ds_slice_of(ds_end_peer_number(people.bob)), id, sizeof id);
    snprintf(uri, sizeof uri, "sip:%s@conferencing.contoso.example", id);
    const struct ds_dial dial = {.number = id, .uri = uri};
    for (int i = 0; i < 2; i++) {
        struct ds_node *carol = scene_node(&scene, "carol");
        assert_int_equal(ds_end_dial(carol, &dial, &again, &why), DS_OK);
        scene_run(&scene, 1 * DS_S);
        assert_int_equal(ds_end_status(again), i == 0 ? 200 : 404);
        hang_up_if_up(people.alice);
        hang_up_if_up(people.other);
        hang_up_if_up(people.bob);
        hang_up_if_up(again);
        scene_run(&scene, 1 * DS_S);
    }
    scene_stop(&scene);
}

/* A caller who is gone without a word is missed by the server, and by nobody who is on hold. */
static void who_is_gone_leaves_the_conference(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "conferencing", NULL);
    struct talk talk = scene_talk(&scene, "alice", "pstn");
    struct people people = {.alice = talk.caller, .other = talk.callee};
    add(people.alice, "+14255550102");
    reach_bob(&scene, &people);
    answer(people.bob);
    scene_run(&scene, 1 * DS_S);
    assert_int_equal(ds_end_added_status(people.alice), 200);
    ds_node_crash(scene_node(&scene, "bob"));
    scene_run(&scene, 80 * DS_S);
    assert_leftovers(&scene, "bob", "");
    assert_disagree(&scene, "");
    assert_int_equal(ds_end_state(people.alice), DS_END_ANSWERED);
    assert_int_equal(ds_end_state(people.other), DS_END_ANSWERED);
    hang_up(people.alice);
    hang_up(people.other);
    scene_run(&scene, 40 * DS_S);
    scene_stop(&scene);
}

int test_conference(void);

int test_conference(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left_whoever_acts_meanwhile),
        cmocka_unit_test(nothing_is_left_whatever_the_delays),
        cmocka_unit_test(who_cannot_add_anybody_is_told_why),
        cmocka_unit_test(nobody_is_added_twice_at_a_time_nor_to_a_call_that_rings),
        cmocka_unit_test(a_call_that_ends_while_it_moves_is_over),
        cmocka_unit_test(a_conference_ends_with_who_leaves_last),
        cmocka_unit_test(who_is_gone_leaves_the_conference),
    };
    return cmocka_run_group_tests_name("conference", tests, NULL, NULL);
}
