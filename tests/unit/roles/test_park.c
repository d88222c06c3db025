#include "scene.h"

/* Alice parks whom she talks with, and somebody does something else meanwhile: nothing is left of
 * any call in any element, and nobody believes in one that the other end does not know. */

#define SEEDS 8

struct people {
    struct ds_end *alice, *parked, *retriever; /* borrowed; retriever NULL: nobody has called */
};

typedef void act_fn(struct scene *scene, struct people *people);

static void pause(struct scene *scene)
{
    scene_run(scene, (ds_us)ds_rng_below(&scene->rng, 9) * 500);
}

static void park(struct people *people)
{
    struct ds_why why = {""};
    if (ds_end_park(people->alice, &why) != DS_OK)
        fail_msg("%s", why.text);
}

static void retrieve(struct scene *scene, struct people *people, const char *who)
{
    struct ds_why why = {""};
    const struct ds_dial dial = {.number = ds_end_orbit(people->alice)};
    if (ds_end_dial(scene_node(scene, who), &dial, &people->retriever, &why) != DS_OK)
        fail_msg("%s", why.text);
}

static void park_and_wait(struct scene *scene, struct people *people)
{
    park(people);
    scene_run(scene, DS_S);
    assert_int_equal(ds_end_park_status(people->alice), 200);
    assert_true(is_over(people->alice));
    assert_int_equal(ds_end_state(people->parked), DS_END_ANSWERED);
}

static void party_leaves_at_once(struct scene *scene, struct people *people)
{
    park(people);
    pause(scene);
    hang_up_if_up(people->parked);
}

static void parker_leaves_at_once(struct scene *scene, struct people *people)
{
    park(people);
    pause(scene);
    hang_up_if_up(people->alice);
}

static void retriever_leaves_at_once(struct scene *scene, struct people *people)
{
    park_and_wait(scene, people);
    retrieve(scene, people, "bob");
    pause(scene);
    hang_up_if_up(people->retriever);
}

static void party_leaves_as_it_is_retrieved(struct scene *scene, struct people *people)
{
    park_and_wait(scene, people);
    retrieve(scene, people, "lobby");
    pause(scene);
    hang_up_if_up(people->parked);
}

static void two_call_the_orbit(struct scene *scene, struct people *people)
{
    struct people other = *people;
    park_and_wait(scene, people);
    retrieve(scene, people, "bob");
    pause(scene);
    retrieve(scene, &other, "lobby");
    scene_run(scene, DS_S);
    bool first = ds_end_state(people->retriever) == DS_END_ANSWERED,
         second = ds_end_state(other.retriever) == DS_END_ANSWERED;
    assert_true(first != second);
    hang_up_if_up(other.retriever);
}

static act_fn *const acts[] = {
    party_leaves_at_once,     parker_leaves_at_once, party_leaves_as_it_is_retrieved,
    retriever_leaves_at_once, two_call_the_orbit,
};

static void nothing_is_left_whoever_wins(void **state)
{
    (void)state;
    for (size_t i = 0; i < DS_COUNT(acts); i++) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++) {
            struct scene scene;
            scene_start_from(&scene, "analogue_devices:call_park", NULL, seed);
            struct talk talk = scene_talk(&scene, "pstn", "alice");
            struct people people = {.alice = talk.callee, .parked = talk.caller};
            acts[i](&scene, &people);
            scene_run(&scene, 2 * DS_S);
            hang_up_if_up(people.alice);
            hang_up_if_up(people.parked);
            hang_up_if_up(people.retriever);
            scene_stop(&scene);
        }
    }
}

/* [QGW]: whom the hold does not silence is not parked. */
static void a_hold_that_is_not_agreed_to_drops_the_call(void **state)
{
    struct scene scene;
    (void)state;
    scene_start(&scene, "analogue_devices:call_park", "gateway:answers_hold_with_sendrecv");
    struct talk talk = scene_talk(&scene, "pstn", "alice");
    struct people people = {.alice = talk.callee, .parked = talk.caller};
    park(&people);
    scene_run(&scene, DS_S);
    assert_int_equal(ds_end_park_status(people.alice), 488);
    assert_true(is_over(people.alice));
    assert_true(is_over(people.parked));
    scene_stop(&scene);
}

/* The orbits are taken: two of them in this topology. */
static void a_third_call_finds_no_orbit(void **state)
{
    static const char *const callees[] = {"bob", "lobby", "pstn"};
    struct ds_end *parked[DS_COUNT(callees)];
    struct scene scene;
    (void)state;
    scene_start(&scene, "analogue_devices:call_park_forwarded", NULL);
    for (size_t i = 0; i < DS_COUNT(callees); i++) {
        struct talk talk = scene_talk(&scene, "alice", callees[i]);
        struct people people = {.alice = talk.caller, .parked = talk.callee};
        parked[i] = talk.callee;
        park(&people);
        scene_run(&scene, DS_S);
        assert_int_equal(ds_end_park_status(people.alice), i < 2 ? 200 : 480);
        hang_up_if_up(people.alice);
    }
    for (size_t i = 0; i < DS_COUNT(parked); i++)
        hang_up_if_up(parked[i]);
    scene_stop(&scene);
}

int test_park(void);

int test_park(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left_whoever_wins),
        cmocka_unit_test(a_hold_that_is_not_agreed_to_drops_the_call),
        cmocka_unit_test(a_third_call_finds_no_orbit),
    };
    return cmocka_run_group_tests_name("park", tests, NULL, NULL);
}
