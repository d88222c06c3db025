#include "topo_file.h"

#define LEAST_COST "topologies/least_cost.lua"

static const struct ds_trunk *trunk(const struct bench *bench, const char *peer)
{
    return ds_topo_peer_trunk(bench->topo, bench_node(bench, peer));
}

static void assert_usages(const struct ds_usages *usages, const char *expected)
{
    char text[128];
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; i < usages->count; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", i == 0 ? "" : " ",
                                usages->names[i]);
    assert_string_equal(text, expected);
}

static void users_and_trunks_have_usages(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, LEAST_COST, NULL);
    assert_true(bench.topo->by_usages);
    assert_usages(&bench_node(&bench, "alice")->voice_policy, "internal local_calls long_distance");
    assert_usages(&bench_node(&bench, "bob")->voice_policy, "internal local_calls");
    assert_usages(&bench_node(&bench, "carol")->voice_policy, "");
    assert_usages(&trunk(&bench, "gateway_west")->usages, "local_calls long_distance");
    assert_usages(&trunk(&bench, "gateway_east")->usages, "");
    assert_null(ds_topo_peer_trunk(bench.topo, bench_node(&bench, "pbx")));
    ds_arena_free(&bench.arena);
}

static void a_variant_may_take_usages_away(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, LEAST_COST, "no_usages");
    assert_usages(&bench_node(&bench, "bob")->voice_policy, "");
    ds_arena_free(&bench.arena);
    bench_load(&bench, LEAST_COST, "no_inter_trunk");
    assert_usages(&trunk(&bench, "gateway_west")->usages, "");
    ds_arena_free(&bench.arena);
}

static void routes_serve_their_usages(void **state)
{
    struct bench bench;
    char number[64];
    (void)state;
    bench_load(&bench, LEAST_COST, NULL);
    const struct ds_route *local = &bench.topo->routes[1];
    assert_true(ds_route_serves(local, "local_calls", DS_LITERAL("+12065550199")));
    assert_false(ds_route_serves(local, "long_distance", DS_LITERAL("+12065550199")));
    assert_false(ds_route_serves(local, "local_calls", DS_LITERAL("+12125550133")));
    assert_null(ds_topo_route(bench.topo, bench_node(&bench, "pool"), NULL,
                              DS_LITERAL("+12065550199"), number, sizeof number));
    ds_arena_free(&bench.arena);
}

static void a_minute_has_a_rate(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, LEAST_COST, NULL);
    const struct ds_topo_node *east = bench_node(&bench, "gateway_east");
    assert_true(ds_topo_rate(bench.topo, east, DS_LITERAL("+12065550199"))->per_minute == 6.0);
    assert_true(ds_topo_rate(bench.topo, east, DS_LITERAL("+12125550133"))->per_minute == 1.0);
    assert_null(ds_topo_rate(bench.topo, east, DS_LITERAL("+13035550133")));
    assert_null(ds_topo_rate(bench.topo, bench_node(&bench, "pbx"), DS_LITERAL("+12065550199")));
    ds_arena_free(&bench.arena);
}

static void assert_becomes(const struct ds_translation *rules, const char *number, const char *then)
{
    char out[64];
    ds_translate(rules, ds_slice_of(number), out, sizeof out);
    assert_string_equal(out, then);
}

static void trunks_translate(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, LEAST_COST, "translated");
    const struct ds_trunk *west = trunk(&bench, "gateway_west");
    assert_becomes(&west->called, "+12065550199", "12065550199");
    assert_becomes(&west->called, "+442079460018", "+442079460018");
    assert_becomes(&west->calling, "+14255550101", "4255550101");
    assert_becomes(&trunk(&bench, "gateway_east")->called, "+12065550199", "+12065550199");
    assert_int_equal(ds_translate_code(&west->codes, 408, 0), 503);
    assert_int_equal(ds_translate_code(&west->codes, 486, 34), 503);
    assert_int_equal(ds_translate_code(&west->codes, 486, 17), 486);
    assert_int_equal(ds_translate_code(&west->codes, 404, 0), 404);
    ds_arena_free(&bench.arena);
}

#define POOL_ROUTE  "{ at = \"pool\", to = [[^\\+]], via = \"mediation\" },"
#define VOICE_ROUTE "{ at = \"pool\", usages = { \"out\" }, to = [[^\\+]], via = \"gateway\" },"
#define VOICE                                                                                      \
    {                                                                                              \
        POOL_ROUTE, VOICE_ROUTE                                                                    \
    }

static void usages_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"30: usages is empty: nobody's calls would take the route",
         {{POOL_ROUTE, "{ at = \"pool\", usages = {}, to = [[^\\+]], via = \"gateway\" },"}}},
        {"30: 'Out' is no name: a to z, then a to z, 0 to 9 and _",
         {VOICE, {"\"out\"", "\"Out\""}}},
        {"30: the usage 'out' stands here twice", {VOICE, {"\"out\"", "\"out\", \"out\""}}},
        {"30: usages has 9 lines; at most 8 are understood",
         {VOICE, {"\"out\"", "\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\", \"h\", \"i\""}}},
        {"30: a route with usages has no from: usages say whose calls it takes",
         {VOICE, {"via = \"gateway\"", "from = \"alice\", via = \"gateway\""}}},
        {"30: a route with usages has no becomes: trunks rewrite numbers, with called",
         {VOICE, {"via = \"gateway\"", "becomes = \"+1\", via = \"gateway\""}}},
        {"30: a route with usages leads to peers of the Mediation Server",
         {VOICE, {"via = \"gateway\"", "via = \"nowhere\""}}},
        {"30: the route leads to 'pbx', which has no trunk to a Mediation Server",
         {VOICE, {"via = \"gateway\"", "via = \"pbx\""}}},
        {"31: 'mediation' is a mediation: only a pool's routes have usages",
         {VOICE, {"from = \"pool\", ", "usages = { \"out\" }, "}}},
        {"31: other routes of 'pool' have usages, and this one needs some too",
         {VOICE,
          {"{ at = \"mediation\", from = \"pool\"", "{ at = \"pool\""},
          {"via = \"gateway\" },\n  },", "via = \"mediation\" },\n  },"}}},
        {"30: the route's caller must be + and 7 to 15 digits, and is '911'",
         {VOICE, {"via = \"gateway\"", "caller = \"911\", via = \"gateway\""}}},
        {"30: only a route with usages shows another caller",
         {{"via = \"mediation\"", "caller = \"+14255550100\", via = \"mediation\""}}},
        {"18: no route is for the usage 'abroad'",
         {VOICE, {"\"+14255550101\"", "\"+14255550101\", voice_policy = { \"abroad\" }"}}},
        {"3: no route is for the usage 'out'",
         {{"bypass = {", "voice_policy = { \"out\" }, bypass = {"}}},
        {"20: 'carol' has no voice_policy: only a client with a number of its own is a user",
         {VOICE, {"extension = \"201\"", "extension = \"201\", voice_policy = { \"out\" }"}}},
        {"23: no route is for the usage 'out'",
         {{"bypass = true }", "bypass = true, usages = { \"out\" } }"}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

#define LOCATION_BASED     "topologies/location_based.lua"
#define LOCATION_BASED_PBX "topologies/location_based_pbx.lua"

static void sites_and_trunks_have_their_calls(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, LOCATION_BASED, NULL);
    const struct ds_topo_node *alice = bench_node(&bench, "alice");
    assert_usages(&alice->site->voice_routing_policy, "out_west");
    assert_usages(&alice->voice_policy, "local_calls long_distance");
    assert_usages(&bench_node(&bench, "lena")->site->voice_routing_policy, "");
    assert_ptr_equal(trunk(&bench, "gateway_west")->restricted_to, alice->site);
    assert_null(trunk(&bench, "gateway_main")->restricted_to);
    ds_arena_free(&bench.arena);
}

static void a_pbx_has_its_users_at_a_site(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, LOCATION_BASED_PBX, NULL);
    assert_string_equal(trunk(&bench, "gateway_pbx")->users_at->name, "west");
    assert_null(trunk(&bench, "gateway_west")->users_at);
    ds_arena_free(&bench.arena);
}

static void devices_have_a_location(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, LOCATION_BASED, NULL);
    assert_string_equal(ds_topo_location(bench_node(&bench, "alice"))->name, "west");
    assert_string_equal(ds_topo_location(bench_node(&bench, "alice_east"))->name, "east");
    assert_string_equal(ds_topo_location(bench_node(&bench, "lena"))->name, "lab");
    assert_null(ds_topo_location(bench_node(&bench, "rita")));
    assert_null(ds_topo_location(bench_node(&bench, "gateway_west")));
    assert_null(ds_topo_location(NULL));
    ds_arena_free(&bench.arena);
}

#define RESTRICTED(site)                                                                           \
    {                                                                                              \
        "bypass = true }", "bypass = true, restricted_to = \"" site "\" }"                         \
    }

#define USERS_AT(site)                                                                             \
    {                                                                                              \
        "bypass = true }", "bypass = true, users_at = \"" site "\" }"                              \
    }

static void locations_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"7: site 'home_office' is external and has no voice_routing_policy: whoever is outside is "
         "in an unknown place",
         {VOICE, {"external = true", "external = true, voice_routing_policy = { \"out\" }"}}},
        {"5: no route is for the usage 'abroad'",
         {VOICE, {"127.0.1.0/24\"", "127.0.1.0/24\", voice_routing_policy = { \"abroad\" }"}}},
        {"23: the trunk is restricted to 'branch', which is no site inside",
         {VOICE, RESTRICTED("branch")}},
        {"23: the trunk is restricted to 'home_office', which is no site inside",
         {VOICE, RESTRICTED("home_office")}},
        {"24: only a trunk that joins a Mediation Server with a gateway or an sbc is restricted to "
         "a "
         "site",
         {VOICE, {"channels = 23", "restricted_to = \"office\""}}},
        {"23: only where the pool's routes have usages is a trunk restricted to a site",
         {RESTRICTED("office")}},
        {"23: the users of the trunk are at 'branch', which is no site inside",
         {VOICE, USERS_AT("branch")}},
        {"23: the users of the trunk are at 'home_office', which is no site inside",
         {VOICE, USERS_AT("home_office")}},
        {"24: only a trunk that joins a Mediation Server with a peer that has no way of its own to "
         "the PSTN has users at a site",
         {VOICE, {"channels = 23", "users_at = \"office\""}}},
        {"23: only where the pool's routes have usages has a trunk users at a site",
         {USERS_AT("office")}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

#define WITH_CODE(code)                                                                            \
    {                                                                                              \
        {                                                                                          \
            "bypass = true }", "bypass = true, codes = { { " code " } } }"                         \
        }                                                                                          \
    }

static void translations_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"24: only a trunk of the Mediation Server has called",
         {{"channels = 23", "called = { { to = \"1\", becomes = \"2\" } }"}}},
        {"23: a line of calling needs becomes: the number meant",
         {{"bypass = true }", "bypass = true, calling = { { to = \"1\" } } }"}}},
        {"23: a line of called has no 'form'; it knows to, becomes",
         {{"bypass = true }", "bypass = true, called = { { form = \"1\" } } }"}}},
        {"23: a line of codes needs status: a status of SIP from 400 to 699",
         WITH_CODE("becomes = 503")},
        {"23: a line of codes needs becomes: a status of SIP from 400 to 699",
         WITH_CODE("status = 408, becomes = 200")},
        {"23: a cause of Q.850 is 1 to 127, not 128",
         WITH_CODE("status = 408, becomes = 503, cause = 128")},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

#define WITH_RATE(rate)                                                                            \
    {                                                                                              \
        {                                                                                          \
            "  variants =", "  rates = { { " rate " } },\n  variants ="                            \
        }                                                                                          \
    }

static void rates_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"33: a rate needs by: a peer of the Mediation Server",
         WITH_RATE("to = [[^\\+]], per_minute = 1")},
        {"33: the rate is for calls by 'pbx', which has no trunk to a Mediation Server",
         WITH_RATE("by = \"pbx\", to = [[^\\+]], per_minute = 1")},
        {"33: a rate needs to: the pattern of a number",
         WITH_RATE("by = \"gateway\", per_minute = 1")},
        {"33: a rate needs per_minute: a price from 0 to 1000000",
         WITH_RATE("by = \"gateway\", to = [[^\\+]]")},
        {"33: a rate needs per_minute: a price from 0 to 1000000",
         WITH_RATE("by = \"gateway\", to = [[^\\+]], per_minute = -0.5")},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

int test_policy(void);

int test_policy(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(users_and_trunks_have_usages),
        cmocka_unit_test(a_variant_may_take_usages_away),
        cmocka_unit_test(routes_serve_their_usages),
        cmocka_unit_test(a_minute_has_a_rate),
        cmocka_unit_test(trunks_translate),
        cmocka_unit_test(usages_are_checked),
        cmocka_unit_test(sites_and_trunks_have_their_calls),
        cmocka_unit_test(a_pbx_has_its_users_at_a_site),
        cmocka_unit_test(devices_have_a_location),
        cmocka_unit_test(locations_are_checked),
        cmocka_unit_test(translations_are_checked),
        cmocka_unit_test(rates_are_checked),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
