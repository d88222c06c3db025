#include "shipped.h"

#include <math.h>
#include <string.h>

/* 300 users of Enterprise Voice and 700 of the PBX: 30 E and 70 E, of which 40 % is outside. */
static const struct ds_traffic thousand_users = {
    .ev = {.users = 300, .erlangs = 0.1, .outside = 0.4},
    .pbx = {.users = 700, .erlangs = 0.1, .outside = 0.4},
    .blocking = 0.01,
};

struct bench {
    struct ds_arena *arena;
    const struct ds_planning *planning;
};

static void plan(struct bench *bench,
                 const char *topology,
                 const char *variant,
                 const struct ds_traffic *traffic)
{
    struct ds_why why;
    assert_int_equal(ds_arena_new(&bench->arena), DS_OK);
    const struct ds_topo *topo = shipped(bench->arena, topology, variant);
    assert_int_equal(ds_planning_make(topo, traffic == NULL ? &topo->traffic : traffic,
                                      bench->arena, &bench->planning, &why),
                     DS_OK);
}

static const struct ds_trunk_load *trunk(const struct bench *bench, const char *a, const char *b)
{
    const struct ds_topo *topo = bench->planning->topo;
    const struct ds_trunk *found = ds_topo_trunk(topo, node(topo, a), node(topo, b));
    assert_non_null(found);
    return &bench->planning->trunks[found - topo->trunks];
}

static const struct ds_element_load *element(const struct bench *bench, const char *name)
{
    for (size_t i = 0; i < bench->planning->element_count; i++)
        if (strcmp(bench->planning->elements[i]->name, name) == 0)
            return &bench->planning->loads[i];
    fail_msg("there is no %s", name);
    return NULL;
}

static void near(double seen, double wanted)
{
    if (fabs(seen - wanted) > 1e-9)
        fail_msg("%.9f is not %.9f", seen, wanted);
}

/* Outside: 12 E of Enterprise Voice, 28 E of the PBX. Inside a call has two users: 18 and 42 E of
 * time on the phone mix to 2.7 E within the one, 14.7 E within the other, 12.6 E between. */
static void each_trunk_has_the_calls_that_pass_it(void **state)
{
    struct bench bench;
    (void)state;
    plan(&bench, "behind_pbx", NULL, &thousand_users);
    near(trunk(&bench, "pbx", "pstn")->erlangs, 40);
    near(trunk(&bench, "gateway", "pbx")->erlangs, 12 + 12.6);
    near(trunk(&bench, "mediation", "gateway")->erlangs, 12 + 12.6);
    near(element(&bench, "pool")->calls, 12 + 12.6 + 2.7);
    near(element(&bench, "pbx")->calls, 40 + 12.6 + 14.7);
    ds_arena_free(&bench.arena);
    plan(&bench, "in_front_of_pbx", NULL, &thousand_users);
    near(trunk(&bench, "gateway", "pstn")->erlangs, 40);
    near(trunk(&bench, "gateway", "pbx")->erlangs, 28 + 12.6);
    near(trunk(&bench, "mediation", "gateway")->erlangs, 12 + 12.6);
    ds_arena_free(&bench.arena);
}

/* PBX users' calls out, 14 E, cross the inner trunk to Lync Server and back. */
static void a_call_that_turns_round_counts_twice(void **state)
{
    struct bench bench;
    (void)state;
    plan(&bench, "in_front_of_pbx", "inter_trunk", &thousand_users);
    near(trunk(&bench, "mediation", "gateway")->erlangs, 12 + 12.6 + 2 * 14);
    near(element(&bench, "mediation")->calls, 12 + 12.6 + 14);
    ds_arena_free(&bench.arena);
}

static void all_talk_is_somewhere(void **state)
{
    struct bench bench;
    double calls = 0;
    (void)state;
    plan(&bench, "behind_pbx", NULL, &thousand_users);
    for (size_t i = 0; i < bench.planning->kind_count; i++)
        calls += bench.planning->kinds[i].erlangs;
    near(calls, 40 + (100 - 40) / 2.0);
    ds_arena_free(&bench.arena);
}

static void channels_and_spans_are_whole(void **state)
{
    struct bench bench;
    (void)state;
    plan(&bench, "behind_pbx", NULL, &thousand_users);
    const struct ds_trunk_load *load = trunk(&bench, "pbx", "pstn");
    assert_int_equal(load->channels, 53);
    assert_int_equal(load->spans_e1, 2);
    assert_int_equal(load->spans_t1, 3);
    near(load->blocking, ds_erlang_b(40, 23));
    assert_int_equal(trunk(&bench, "mediation", "gateway")->spans_e1, 0);
    ds_arena_free(&bench.arena);
}

static void bypass_takes_audio_off_the_mediation_server(void **state)
{
    struct bench bench;
    (void)state;
    plan(&bench, "behind_pbx", NULL, &thousand_users);
    near(element(&bench, "mediation")->audio, 0);
    near(element(&bench, "mediation")->audio_off, 12 + 12.6);
    ds_arena_free(&bench.arena);
    plan(&bench, "behind_pbx", "bypass_off", &thousand_users);
    near(element(&bench, "mediation")->audio, 12 + 12.6);
    near(element(&bench, "mediation")->audio_on, 0);
    ds_arena_free(&bench.arena);
    plan(&bench, "behind_pbx", "other_site", &thousand_users);
    near(element(&bench, "mediation")->audio_on, 12 + 12.6);
    ds_arena_free(&bench.arena);
}

/* Half of the users work at home, and never bypass. The Edge relays for them but where two at home
 * talk to one another; its signalling has those too. */
static void remote_workers_stay_on_the_mediation_server(void **state)
{
    static const struct ds_traffic traffic = {.ev = {.users = 300, .erlangs = 0.1, .outside = 0.5},
                                              .blocking = 0.01};
    struct bench bench;
    (void)state;
    plan(&bench, "remote_worker", NULL, &traffic);
    near(element(&bench, "mediation")->audio, 7.5);
    near(element(&bench, "mediation")->audio_off, 15);
    near(ds_planning_users(bench.planning, node(bench.planning->topo, "rita")), 75);
    near(element(&bench, "edge")->audio, 7.5 + 3.75);
    near(element(&bench, "edge")->calls, 7.5 + 3.75 + 1.875);
    ds_arena_free(&bench.arena);
}

static void a_second_gateway_is_sized_for_the_first(void **state)
{
    static const struct ds_traffic traffic = {.ev = {.users = 200, .erlangs = 0.1, .outside = 1},
                                              .blocking = 0.01};
    struct bench bench;
    (void)state;
    plan(&bench, "two_gateways", NULL, &traffic);
    const struct ds_trunk_load *first = trunk(&bench, "gateway_a", "pstn"),
                               *second = trunk(&bench, "gateway_b", "pstn");
    near(first->erlangs, 20);
    assert_null(first->worst_without);
    near(second->erlangs, 0);
    near(second->worst_erlangs, 10);
    assert_string_equal(second->worst_without->name, "gateway_a");
    assert_int_equal(second->worst_channels, 18);
    ds_arena_free(&bench.arena);
}

static const struct ds_answer *answer(const struct bench *bench, const char *name)
{
    for (size_t i = 0; i < bench->planning->answer_count; i++)
        if (strcmp(bench->planning->answers[i].name, name) == 0)
            return &bench->planning->answers[i];
    return NULL;
}

static void the_page_is_answered(void **state)
{
    struct bench bench;
    (void)state;
    plan(&bench, "in_front_of_pbx", NULL, &thousand_users);
    assert_true(answer(&bench, "pbx_users")->holds);
    assert_string_equal(answer(&bench, "pbx_users")->sentence, "700 of 1000 users stay on the PBX");
    assert_true(answer(&bench, "earlier_devices")->holds);
    assert_true(answer(&bench, "gateway_trunks")->holds);
    assert_false(answer(&bench, "pbx_line")->holds);
    assert_false(answer(&bench, "provider_room")->holds);
    assert_string_equal(answer(&bench, "arrival")->sentence, "gateway");
    assert_null(answer(&bench, "no_gateway"));
    ds_arena_free(&bench.arena);
    plan(&bench, "behind_pbx", NULL, NULL);
    assert_true(answer(&bench, "pbx_line")->holds);
    assert_true(answer(&bench, "provider_room")->holds);
    assert_string_equal(answer(&bench, "arrival")->sentence, "pbx");
    ds_arena_free(&bench.arena);
    plan(&bench, "direct_sip_partner", NULL, NULL);
    assert_true(answer(&bench, "no_gateway")->holds);
    ds_arena_free(&bench.arena);
    plan(&bench, "voip_only", "bypass_off", NULL);
    assert_false(answer(&bench, "bypass")->holds);
    assert_false(answer(&bench, "remote")->holds);
    assert_null(answer(&bench, "pbx_users"));
    ds_arena_free(&bench.arena);
}

static ds_rc attempt(void *owner)
{
    const struct ds_topo *topo = owner;
    struct ds_arena *arena = NULL;
    const struct ds_planning *planning = NULL;
    ds_rc rc = ds_arena_new(&arena);
    if (rc == DS_OK)
        rc = ds_planning_make(topo, &topo->traffic, arena, &planning, NULL);
    ds_arena_free(&arena);
    return rc;
}

static void want_of_memory_is_told(void **state)
{
    struct bench bench;
    (void)state;
    plan(&bench, "behind_pbx", NULL, NULL);
    struct ds_topo topo = *bench.planning->topo;
    ds_exhaust(attempt, &topo);
    ds_arena_free(&bench.arena);
}

int test_loads(void);

int test_loads(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_trunk_has_the_calls_that_pass_it),
        cmocka_unit_test(a_call_that_turns_round_counts_twice),
        cmocka_unit_test(all_talk_is_somewhere),
        cmocka_unit_test(channels_and_spans_are_whole),
        cmocka_unit_test(bypass_takes_audio_off_the_mediation_server),
        cmocka_unit_test(remote_workers_stay_on_the_mediation_server),
        cmocka_unit_test(a_second_gateway_is_sized_for_the_first),
        cmocka_unit_test(the_page_is_answered),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("loads", tests, NULL, NULL);
}
