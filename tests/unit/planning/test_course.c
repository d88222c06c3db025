#include "shipped.h"

#include <string.h>

static void print_way(const struct ds_way *way, char *out, size_t size)
{
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < way->count; i++)
        len +=
            (size_t)snprintf(out + len, size - len, "%s%s", i == 0 ? "" : " ", way->nodes[i]->name);
}

struct expected {
    const char *topology, *variant, *caller, *callee, *without;
    const char *signalling, *audio; /* NULL: no call gets through */
    bool bypass;
};

static void check_turn(const struct expected *expected, size_t turn)
{
    char signalling[256], audio[256];
    struct ds_arena *arena = NULL;
    struct ds_course course;
    assert_int_equal(ds_arena_new(&arena), DS_OK);
    const struct ds_topo *topo = shipped(arena, expected->topology, expected->variant);
    ds_course_find(topo, node(topo, expected->caller), node(topo, expected->callee),
                   expected->without == NULL ? NULL : node(topo, expected->without), turn, &course);
    assert_int_equal(course.possible, expected->signalling != NULL);
    assert_int_equal(course.bypass, expected->bypass);
    print_way(&course.signalling, signalling, sizeof signalling);
    print_way(&course.audio, audio, sizeof audio);
    assert_string_equal(signalling, expected->signalling == NULL ? "" : expected->signalling);
    assert_string_equal(audio, expected->audio == NULL ? "" : expected->audio);
    ds_arena_free(&arena);
}

static void check(const struct expected *expected)
{
    check_turn(expected, 0);
}

static void calls_go_as_the_option_lays_down(void **state)
{
    static const struct expected all[] = {
        {"behind_pbx", NULL, "alice", "pstn", NULL, "alice pool mediation gateway pbx pstn",
         "alice gateway pbx pstn", true},
        {"behind_pbx", "bypass_off", "alice", "carol", NULL,
         "alice pool mediation gateway pbx carol", "alice mediation gateway pbx carol", false},
        {"behind_pbx", "other_site", "pstn", "bob", NULL, "pstn pbx gateway mediation pool bob",
         "pstn pbx gateway mediation bob", false},
        {"direct_sip_partner", NULL, "carol", "alice", NULL, "carol pbx mediation pool alice",
         "carol pbx alice", true},
        {"in_front_of_pbx", NULL, "carol", "pstn", NULL, "carol pbx gateway pstn",
         "carol pbx gateway pstn", false},
        {"in_front_of_pbx", "inter_trunk", "carol", "pstn", NULL,
         "carol pbx gateway mediation pool mediation gateway pstn",
         "carol pbx gateway mediation gateway pstn", false},
        {"conferencing", NULL, "alice", "conferencing", NULL, "alice pool conferencing",
         "alice conferencing", false},
        {"conferencing", NULL, "conferencing", "pstn", NULL,
         "conferencing pool mediation gateway pstn", "conferencing mediation gateway pstn", false},
        {"conferencing", "conferences_too", "conferencing", "pstn", NULL,
         "conferencing pool mediation gateway pstn", "conferencing gateway pstn", true},
        {"conferencing", NULL, "conferencing", "bob", "mediation", "conferencing pool bob",
         "conferencing bob", false},
        {"conferencing", NULL, "alice", "conferencing", "conferencing", NULL, NULL, false},
        {"voip_only", "always_bypass", "alice", "pstn", NULL, "alice pool mediation gateway pstn",
         "alice gateway pstn", true},
        {"least_cost", NULL, "alice", "pstn", NULL, "alice pool mediation gateway_west pstn",
         "alice mediation gateway_west pstn", false},
        {"least_cost", NULL, "alice", "pstn", "gateway_west",
         "alice pool mediation gateway_east pstn", "alice mediation gateway_east pstn", false},
        {"least_cost", NULL, "bob", "pstn", "gateway_west", NULL, NULL, false},
        {"least_cost", "no_usages", "bob", "pstn", NULL, NULL, NULL, false},
        {"least_cost", NULL, "carol", "pstn", NULL,
         "carol pbx gateway_west mediation pool mediation gateway_west pstn",
         "carol pbx gateway_west mediation gateway_west pstn", false},
        {"least_cost", "no_inter_trunk", "carol", "pstn", NULL, NULL, NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(all); i++)
        check(&all[i]);
}

static void calls_stay_at_their_site(void **state)
{
    static const struct expected all[] = {
        {"location_based", NULL, "alice", "pstn", NULL, "alice pool mediation gateway_west pstn",
         "alice mediation gateway_west pstn", false},
        {"location_based", NULL, "alice", "pstn", "gateway_west", NULL, NULL, false},
        {"location_based", NULL, "bob", "pstn", NULL, "bob pool mediation gateway_east pstn",
         "bob mediation gateway_east pstn", false},
        {"location_based", NULL, "lena", "pstn", NULL, "lena pool mediation gateway_main pstn",
         "lena mediation gateway_main pstn", false},
        {"location_based", NULL, "rita", "pstn", NULL, "rita edge pool mediation gateway_main pstn",
         "rita mediation gateway_main pstn", false},
        {"location_based", "all_restricted", "lena", "pstn", NULL, NULL, NULL, false},
        {"location_based", "to_mobile", "bob", "alice", NULL,
         "bob pool mediation gateway_east pstn", "bob mediation gateway_east pstn", false},
        {"location_based", NULL, "pstn", "bob", NULL, "pstn gateway_east mediation pool bob",
         "pstn gateway_east mediation bob", false},
        {"location_based", "desk_moved", "pstn", "bob", NULL, NULL, NULL, false},
        {"location_based", "desk_moved", "bob", "pstn", NULL,
         "bob pool mediation gateway_west pstn", "bob mediation gateway_west pstn", false},
        {"location_based_pbx", NULL, "carol", "pstn", NULL,
         "carol pbx gateway_pbx mediation pool mediation gateway_west pstn",
         "carol pbx gateway_pbx mediation gateway_west pstn", false},
        {"location_based_pbx", "pbx_in_the_east", "carol", "pstn", NULL,
         "carol pbx gateway_pbx mediation pool mediation gateway_main pstn",
         "carol pbx gateway_pbx mediation gateway_main pstn", false},
        {"location_based_pbx", "all_restricted", "carol", "pstn", NULL, NULL, NULL, false},
        {"location_based_pbx", "pbx_at_each_site", "carol", "dora", NULL,
         "carol pbx gateway_pbx mediation pool mediation gateway_pbx_east pbx_east dora",
         "carol pbx gateway_pbx mediation gateway_pbx_east pbx_east dora", false},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(all); i++)
        check(&all[i]);
}

static void calls_of_a_site_leave_by_its_gateway(void **state)
{
    static const struct expected all[] = {
        {"branch", NULL, "bella", "pstn", NULL, "bella pool mediation gateway_branch pstn",
         "bella gateway_branch pstn", true},
        {"branch", NULL, "bella", "pstn", "gateway_branch", "bella pool mediation gateway pstn",
         "bella mediation gateway pstn", false},
        {"branch", NULL, "carl", "pstn", NULL, "carl pool mediation gateway pstn",
         "carl gateway pstn", true},
        {"branch", NULL, "carl", "pstn", "gateway", NULL, NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(all); i++)
        check(&all[i]);
}

static void calls_that_are_spread_take_turns(void **state)
{
    static const struct {
        size_t turn;
        struct expected expected;
    } all[] = {
        {0,
         {"mediation_pool", NULL, "alice", "pstn", NULL, "alice pool mediation_a gateway pstn",
          "alice mediation_a gateway pstn", false}},
        {1,
         {"mediation_pool", NULL, "alice", "pstn", NULL, "alice pool mediation_b gateway pstn",
          "alice mediation_b gateway pstn", false}},
        {0,
         {"mediation_pool", NULL, "pstn", "bob", "mediation_a", "pstn gateway mediation_b pool bob",
          "pstn gateway mediation_b bob", false}},
        {1,
         {"mediation_pool", NULL, "pstn", "bob", "mediation_b", "pstn gateway mediation_a pool bob",
          "pstn gateway mediation_a bob", false}},
        {1, {"mediation_pool", NULL, "pstn", "bob", "gateway", NULL, NULL, false}},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(all); i++)
        check_turn(&all[i].expected, all[i].turn);
}

static void a_remote_worker_is_behind_the_edge(void **state)
{
    static const struct expected all[] = {
        {"remote_worker", NULL, "rita", "pstn", NULL, "rita edge pool mediation gateway pstn",
         "rita edge mediation gateway pstn", false},
        {"remote_worker", NULL, "pstn", "rita", NULL, "pstn gateway mediation pool edge rita",
         "pstn gateway mediation edge rita", false},
        {"remote_worker", NULL, "alice", "rita", NULL, "alice pool edge rita", "alice edge rita",
         false},
        {"remote_worker", NULL, "rita", "rita", NULL, "rita edge pool edge rita", "rita rita",
         false},
        {"remote_worker", NULL, "rita", "alice", "edge", NULL, NULL, false},
        {"remote_worker", NULL, "bob", "alice", "edge", "bob pool alice", "bob alice", false},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(all); i++)
        check(&all[i]);
}

static void what_has_failed_is_gone_round_or_not(void **state)
{
    static const struct expected all[] = {
        {"two_gateways", NULL, "alice", "pstn", "gateway_a", "alice pool mediation gateway_b pstn",
         "alice mediation gateway_b pstn", false},
        {"two_gateways", NULL, "alice", "pstn", "gateway_b", "alice pool mediation gateway_a pstn",
         "alice mediation gateway_a pstn", false},
        {"two_gateways", "patient", "alice", "pstn", "gateway_a", NULL, NULL, false},
        {"two_gateways", NULL, "pstn", "alice", "gateway_a", NULL, NULL, false},
        {"two_gateways", NULL, "alice", "pstn", "pstn", NULL, NULL, false},
        {"behind_pbx", NULL, "alice", "pstn", "pbx", NULL, NULL, false},
        {"behind_pbx", NULL, "carol", "pstn", "gateway", "carol pbx pstn", "carol pbx pstn", false},
        {"behind_pbx", NULL, "alice", "bob", "pool", NULL, NULL, false},
        {"voip_only", "paired", "alice", "bob", "pool", "alice pool_b bob", "alice bob", false},
        {"voip_only", "paired", "alice", "pstn", "pool", "alice pool_b mediation gateway pstn",
         "alice gateway pstn", true},
        {"voip_only", "paired", "pstn", "alice", "pool", "pstn gateway mediation pool_b alice",
         "pstn gateway alice", true},
        {"voip_only", "paired", "alice", "bob", NULL, "alice pool bob", "alice bob", false},
        {"voip_only", "paired", "alice", "bob", "pool_b", "alice pool bob", "alice bob", false},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(all); i++)
        check(&all[i]);
}

static void forwarded_calls_are_planned_where_they_go(void **state)
{
    static const struct expected all[] = {
        {"forwarding", "to_colleague", "pstn", "alice", NULL, "pstn gateway mediation pool bob",
         "pstn gateway bob", true},
        {"forwarding", "to_mobile", "bob", "alice", NULL, "bob pool mediation gateway pstn",
         "bob gateway pstn", true},
        {"forwarding", "to_mobile", "pstn", "alice", NULL,
         "pstn gateway mediation pool mediation gateway pstn",
         "pstn gateway mediation gateway pstn", false},
        {"forwarding", "hairpin", "pstn", "alice", NULL,
         "pstn gateway mediation pool mediation gateway pstn", "pstn gateway pstn", true},
        {"forwarding", "chain", "bob", "alice", NULL, "bob pool carol", "bob carol", false},
        {"behind_pbx", "forwarded", "dave", "bob", NULL,
         "dave pbx gateway mediation pool mediation gateway pbx carol",
         "dave pbx gateway mediation gateway pbx carol", false},
        {"forwarding", "loop", "carol", "alice", NULL, NULL, NULL, false},
        {"forwarding", "internal", "carol", "alice", NULL, NULL, NULL, false},
        {"forwarding", "to_mobile", "bob", "alice", "gateway", NULL, NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(all); i++)
        check(&all[i]);
}

static void elements_make_no_calls(void **state)
{
    struct ds_arena *arena = NULL;
    struct ds_course course;
    (void)state;
    assert_int_equal(ds_arena_new(&arena), DS_OK);
    const struct ds_topo *topo = shipped(arena, "voip_only", NULL);
    ds_course_find(topo, node(topo, "pool"), node(topo, "alice"), NULL, 0, &course);
    assert_null(course.row);
    assert_false(course.possible);
    ds_arena_free(&arena);
}

int test_course(void);

int test_course(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_go_as_the_option_lays_down),
        cmocka_unit_test(calls_stay_at_their_site),
        cmocka_unit_test(calls_of_a_site_leave_by_its_gateway),
        cmocka_unit_test(calls_that_are_spread_take_turns),
        cmocka_unit_test(a_remote_worker_is_behind_the_edge),
        cmocka_unit_test(what_has_failed_is_gone_round_or_not),
        cmocka_unit_test(forwarded_calls_are_planned_where_they_go),
        cmocka_unit_test(elements_make_no_calls),
    };
    return cmocka_run_group_tests_name("course", tests, NULL, NULL);
}
