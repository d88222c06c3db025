#include "topo_file.h"

static void nodes_are_found_by_what_is_known_of_them(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/behind_pbx.lua", NULL);
    const struct ds_topo_node *alice = bench_node(&bench, "alice"),
                              *carol = bench_node(&bench, "carol");
    struct ds_addr at = alice->at;
    at.port = 40000;
    assert_ptr_equal(ds_topo_at(bench.topo, at), alice);
    assert_null(ds_topo_at(bench.topo, ds_addr_v4(0x7f000001, 0)));
    assert_ptr_equal(ds_topo_by_fqdn(bench.topo, DS_LITERAL("Alice.Contoso.example")), alice);
    assert_null(ds_topo_by_fqdn(bench.topo, DS_LITERAL("contoso.example")));
    assert_ptr_equal(ds_topo_first(bench.topo, DS_ROLE_CLIENT), alice);
    assert_null(ds_topo_first(bench.topo, DS_ROLE_EDGE));
    assert_null(ds_topo_find(bench.topo, DS_LITERAL("alic")));
    assert_ptr_equal(ds_topo_owner(bench.topo, DS_LITERAL("+14255550201")), carol);
    assert_ptr_equal(ds_topo_owner(bench.topo, DS_LITERAL("201")), carol);
    assert_null(ds_topo_owner(bench.topo, DS_LITERAL("+12065550199")));
    assert_null(ds_topo_owner(bench.topo, DS_LITERAL("")));
    assert_int_equal(ds_topo_port(alice, DS_TLS), 0);
    assert_int_equal(ds_topo_port(bench_node(&bench, "mediation"), DS_TLS), 5070);
    ds_arena_free(&bench.arena);
}

static void a_user_may_have_more_devices_than_one(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/voip_only.lua", "second_device");
    const struct ds_topo_node *alice = bench_node(&bench, "alice"),
                              *desk = bench_node(&bench, "alice_desk");
    assert_ptr_equal(alice->user, alice);
    assert_ptr_equal(desk->user, alice);
    assert_null(desk->number);
    assert_null(bench_node(&bench, "pool")->user);
    assert_int_not_equal(desk->tone_hz, alice->tone_hz);
    assert_ptr_equal(ds_topo_owner(bench.topo, ds_slice_of(alice->number)), alice);
    ds_arena_free(&bench.arena);
}

static void who_moves_is_one_person_at_two_places(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/migration.lua", NULL);
    const struct ds_topo_node *dave = bench_node(&bench, "dave"),
                              *lync = bench_node(&bench, "dave_lync");
    assert_ptr_equal(lync->moves_from, dave);
    assert_ptr_equal(ds_topo_successor(bench.topo, dave), lync);
    assert_null(ds_topo_successor(bench.topo, lync));
    assert_null(ds_topo_successor(bench.topo, NULL));
    assert_string_equal(lync->number, dave->number);
    assert_string_equal(lync->extension, "202");
    assert_string_equal(lync->team, "sales");
    assert_true(lync->away);
    assert_int_not_equal(lync->tone_hz, dave->tone_hz);
    assert_true(ds_topo_same_person(dave, lync));
    assert_false(ds_topo_same_person(dave, bench_node(&bench, "erin_lync")));
    assert_ptr_equal(ds_topo_owner(bench.topo, ds_slice_of(dave->number)), dave);
    assert_ptr_equal(ds_topo_owner(bench.topo, DS_LITERAL("202")), dave);
    assert_int_equal(bench.topo->traffic.ev.users, 1);
    assert_int_equal(bench.topo->traffic.pbx.users, 6);
    ds_arena_free(&bench.arena);
}

static void every_talker_has_a_tone_of_its_own(void **state)
{
    struct bench bench;
    uint32_t tones[16];
    (void)state;
    bench_load(&bench, "topologies/behind_pbx.lua", NULL);
    size_t count = ds_topo_tones(bench.topo, tones, DS_COUNT(tones));
    assert_int_equal(count, 5);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(tones[i], 400 + i * 150);
        assert_int_equal(ds_topo_talker(bench.topo, tones[i])->tone_hz, tones[i]);
    }
    assert_string_equal(ds_topo_talker(bench.topo, 400)->name, "alice");
    assert_null(ds_topo_talker(bench.topo, 0));
    assert_null(ds_topo_talker(bench.topo, 425));
    assert_int_equal(ds_topo_tones(bench.topo, tones, 2), 2);
    assert_int_equal(bench_node(&bench, "gateway")->tone_hz, 0);
    ds_arena_free(&bench.arena);
}

static void a_number_belongs_to_a_population(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/behind_pbx.lua", NULL);
    assert_int_equal(ds_topo_population(bench.topo, DS_LITERAL("+14255550101")), DS_ROLE_CLIENT);
    assert_int_equal(ds_topo_population(bench.topo, DS_LITERAL("+14255550199")), DS_ROLE_CLIENT);
    assert_int_equal(ds_topo_population(bench.topo, DS_LITERAL("+14255550299")), DS_ROLE_PHONE);
    assert_int_equal(ds_topo_population(bench.topo, DS_LITERAL("202")), DS_ROLE_PHONE);
    assert_int_equal(ds_topo_population(bench.topo, DS_LITERAL("+12065550199")), DS_ROLE_PSTN);
    assert_int_equal(ds_topo_population(bench.topo, DS_LITERAL("")), DS_ROLE_PSTN);
    ds_arena_free(&bench.arena);
}

static void the_pstn_serves_the_numbers_listed_for_it(void **state)
{
    struct topo_file file;
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/behind_pbx.lua", NULL);
    assert_true(ds_topo_in_service(bench.topo, DS_LITERAL("+12065550199")));
    assert_false(ds_topo_in_service(bench.topo, DS_LITERAL("+12065550099")));
    assert_false(ds_topo_in_service(bench.topo, DS_LITERAL("+14255550101")));
    ds_arena_free(&bench.arena);
    topo_file_open(&file);
    topo_file_spoil(&file, NULL, 0);
    bench_load(&bench, file.path, NULL);
    assert_true(ds_topo_in_service(bench.topo, DS_LITERAL("+12065550099")));
    ds_arena_free(&bench.arena);
    topo_file_close(&file);
}

static void dialled_numbers_become_full_numbers(void **state)
{
    static const char *const cases[][2] = {{"201", "+14255550201"},
                                           {"92065550123", "+12065550123"},
                                           {"2065550123", "+12065550123"},
                                           {"011442079460000", "+442079460000"},
                                           {"+12065550123", "+12065550123"}};
    struct bench bench;
    char out[32];
    (void)state;
    bench_load(&bench, "topologies/behind_pbx.lua", NULL);
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        assert_true(ds_topo_normalize(bench.topo, NULL, ds_slice_of(cases[i][0]), out, sizeof out));
        assert_string_equal(out, cases[i][1]);
    }
    assert_false(ds_topo_normalize(bench.topo, NULL, DS_LITERAL("12"), out, sizeof out));
    assert_false(ds_topo_normalize(bench.topo, NULL, DS_LITERAL("alice"), out, sizeof out));
    assert_false(ds_topo_normalize(bench.topo, NULL, DS_LITERAL("201\0"), out, sizeof out));
    assert_false(ds_topo_normalize(bench.topo, NULL, DS_LITERAL("201"), out, 12));
    assert_true(ds_topo_normalize(bench.topo, NULL, DS_LITERAL("201"), out, 13));
    ds_arena_free(&bench.arena);
}

static void a_gateway_may_have_a_dial_plan_of_its_own(void **state)
{
    struct bench bench;
    char out[32];
    (void)state;
    bench_load(&bench, "topologies/voip_only.lua", "four_digits");
    const struct ds_topo_node *gateway = bench_node(&bench, "gateway"),
                              *alice = bench_node(&bench, "alice");
    assert_true(ds_topo_has_plan(bench.topo, gateway));
    assert_false(ds_topo_has_plan(bench.topo, alice));
    assert_true(ds_topo_normalize(bench.topo, gateway, DS_LITERAL("0101"), out, sizeof out));
    assert_string_equal(out, "+14255550101");
    assert_false(
        ds_topo_normalize(bench.topo, gateway, DS_LITERAL("92065550123"), out, sizeof out));
    assert_false(ds_topo_normalize(bench.topo, alice, DS_LITERAL("0101"), out, sizeof out));
    assert_true(ds_topo_normalize(bench.topo, alice, DS_LITERAL("92065550123"), out, sizeof out));
    ds_arena_free(&bench.arena);
}

static void a_number_too_long_to_be_one_matches_nothing(void **state)
{
    struct bench bench;
    char number[2000], out[4000];
    (void)state;
    bench_load(&bench, "topologies/behind_pbx.lua", NULL);
    memset(number, '1', sizeof number);
    memcpy(number, "011", 3);
    assert_true(
        ds_topo_normalize(bench.topo, NULL, (struct ds_slice){number, 64}, out, sizeof out));
    assert_false(
        ds_topo_normalize(bench.topo, NULL, (struct ds_slice){number, 65}, out, sizeof out));
    assert_false(
        ds_topo_normalize(bench.topo, NULL, (struct ds_slice){number, 2000}, out, sizeof out));
    ds_arena_free(&bench.arena);
}

/* From the first element of a chain to its last: who decides, where the call came from, and where
 * it goes. */
struct hop {
    const char *at, *from, *number, *via, *becomes;
};

static void follow(const struct bench *bench, const struct hop *hops, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char out[32] = "untouched";
        const struct ds_route *route = ds_topo_route(bench->topo, bench_node(bench, hops[i].at),
                                                     bench_node(bench, hops[i].from),
                                                     ds_slice_of(hops[i].number), out, sizeof out);
        if ((route == NULL) != (hops[i].via == NULL))
            fail_msg("%s from %s: %s", hops[i].at, hops[i].from, hops[i].number);
        if (route == NULL)
            continue;
        assert_string_equal(route->via[0]->name, hops[i].via);
        assert_string_equal(out, hops[i].becomes == NULL ? hops[i].number : hops[i].becomes);
    }
}

static void calls_go_their_way_behind_the_pbx(void **state)
{
    static const struct hop hops[] = {
        {"pool", "alice", "+12065550123", "mediation", NULL},
        {"mediation", "pool", "+12065550123", "gateway", NULL},
        {"gateway", "mediation", "+12065550123", "pbx", NULL},
        {"pbx", "gateway", "+12065550123", "pstn", NULL},
        {"pstn", NULL, "+14255550101", "pbx", NULL},
        {"pbx", "pstn", "+14255550101", "gateway", NULL},
        {"gateway", "pbx", "+14255550101", "mediation", NULL},
        {"mediation", "gateway", "+14255550101", "pool", NULL},
        {"pool", "mediation", "+14255550199", NULL, NULL},
        {"pool", "mediation", "+12065550123", NULL, NULL},
        {"pool", "alice", "+14255550199", NULL, NULL},
        {"pbx", "carol", "101", "gateway", "+14255550101"},
        {"pbx", "carol", "92065550123", "pstn", "+12065550123"},
        {"pbx", "carol", "+14255550299", NULL, NULL},
        {"pbx", "gateway", "+14255550199", NULL, NULL},
        {"pbx", "pstn", "+12065550123", NULL, NULL},
    };
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/behind_pbx.lua", NULL);
    follow(&bench, hops, DS_COUNT(hops));
    ds_arena_free(&bench.arena);
}

static void calls_go_their_way_in_front_of_the_pbx(void **state)
{
    static const struct hop hops[] = {
        {"gateway", "mediation", "+12065550123", "pstn", NULL},
        {"gateway", "mediation", "+14255550201", "pbx", NULL},
        {"gateway", "mediation", "+14255550199", NULL, NULL},
        {"gateway", "pstn", "+14255550101", "mediation", NULL},
        {"gateway", "pstn", "+14255550201", "pbx", NULL},
        {"gateway", "pstn", "+12065550123", NULL, NULL},
        {"gateway", "pbx", "+14255550101", "mediation", NULL},
        {"gateway", "pbx", "+12065550123", "pstn", NULL},
        {"pbx", "carol", "+12065550123", "gateway", NULL},
        {"pbx", "gateway", "+14255550299", NULL, NULL},
    };
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/in_front_of_pbx.lua", NULL);
    follow(&bench, hops, DS_COUNT(hops));
    ds_arena_free(&bench.arena);
}

static void calls_of_a_branch_leave_by_its_own_gateway(void **state)
{
    static const struct hop hops[] = {
        {"pool", "bella", "+12065550123", "mediation", NULL},
        {"mediation", "pool", "+12065550123", "gateway", NULL}, /* nobody knows whose call it is */
        {"pstn", NULL, "+15095550101", "gateway_branch", NULL},
    };
    struct bench bench;
    char out[32];
    (void)state;
    bench_load(&bench, "topologies/branch.lua", NULL);
    follow(&bench, hops, DS_COUNT(hops));
    struct ds_asked asked = {
        .at = bench_node(&bench, "mediation"),
        .from = bench_node(&bench, "pool"),
        .site = ds_topo_user_site(bench.topo, DS_LITERAL("+15095550101")),
    };
    assert_ptr_equal(asked.site, bench_node(&bench, "bella")->site);
    const struct ds_route *route =
        ds_topo_route_asked(bench.topo, &asked, DS_LITERAL("+12065550123"), out, sizeof out);
    assert_string_equal(route->via[0]->name, "gateway_branch");
    assert_null(ds_topo_user_site(bench.topo, DS_LITERAL("+12065550199")));
    ds_arena_free(&bench.arena);
}

static void inter_trunk_calls_cross_the_pool(void **state)
{
    static const struct hop hops[] = {
        {"pbx", "carol", "+12065550123", "gateway", NULL},
        {"gateway", "pbx", "+12065550123", "mediation", NULL},
        {"mediation", "gateway", "+12065550123", "pool", NULL},
        {"pool", "mediation", "+12065550123", "mediation", NULL},
        {"mediation", "pool", "+12065550123", "gateway", NULL},
        {"gateway", "mediation", "+12065550123", "pstn", NULL},
        {"pool", "mediation", "+14255550199", NULL, NULL},
        {"gateway", "pstn", "+14255550201", "pbx", NULL},
    };
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/in_front_of_pbx.lua", "inter_trunk");
    follow(&bench, hops, DS_COUNT(hops));
    ds_arena_free(&bench.arena);
}

static void calls_go_their_way_to_a_partner_and_without_a_pbx(void **state)
{
    static const struct hop partner[] = {
        {"mediation", "pool", "+12065550123", "pbx", NULL},
        {"pbx", "mediation", "+12065550123", "pstn", NULL},
        {"pbx", "pstn", "+14255550101", "mediation", NULL},
        {"mediation", "pbx", "+14255550101", "pool", NULL},
        {"pbx", "mediation", "+14255550199", NULL, NULL},
    };
    static const struct hop voip_only[] = {
        {"mediation", "pool", "+12065550123", "gateway", NULL},
        {"gateway", "mediation", "+12065550123", "pstn", NULL},
        {"pstn", NULL, "+14255550101", "gateway", NULL},
        {"gateway", "pstn", "+14255550101", "mediation", NULL},
    };
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/direct_sip_partner.lua", NULL);
    follow(&bench, partner, DS_COUNT(partner));
    ds_arena_free(&bench.arena);
    bench_load(&bench, "topologies/voip_only.lua", NULL);
    follow(&bench, voip_only, DS_COUNT(voip_only));
    ds_arena_free(&bench.arena);
}

static void bypass_never_reaches_outside(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/remote_worker.lua", "always_bypass");
    const struct ds_topo_node *alice = bench_node(&bench, "alice"),
                              *rita = bench_node(&bench, "rita");
    const struct ds_trunk *trunk =
        ds_topo_trunk(bench.topo, bench_node(&bench, "gateway"), bench_node(&bench, "mediation"));
    assert_non_null(trunk);
    assert_true(ds_topo_bypass_allowed(bench.topo, alice, trunk));
    assert_false(ds_topo_bypass_allowed(bench.topo, rita, trunk));
    assert_null(ds_topo_bypass_id(bench.topo, rita));
    assert_string_equal(ds_topo_bypass_id(bench.topo, alice), bench.topo->global_bypass_id);
    assert_string_equal(rita->home->name, "edge");
    assert_string_equal(rita->home->home->name, "pool");
    ds_arena_free(&bench.arena);
}

static const char *id_of(const struct bench *bench, const char *name)
{
    return ds_topo_bypass_id(bench->topo, bench_node(bench, name));
}

static bool may_bypass(const struct bench *bench, const char *client, const char *gateway)
{
    const struct ds_trunk *trunk =
        ds_topo_trunk(bench->topo, bench_node(bench, "mediation"), bench_node(bench, gateway));
    return ds_topo_bypass_allowed(bench->topo, bench_node(bench, client), trunk);
}

static void bypass_ids_follow_from_regions_and_links(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/branch.lua", NULL);
    assert_string_equal(id_of(&bench, "alice"), id_of(&bench, "carl"));
    assert_string_equal(id_of(&bench, "bella"), id_of(&bench, "gateway_branch"));
    assert_string_not_equal(id_of(&bench, "alice"), id_of(&bench, "bella"));
    assert_int_equal(strlen(id_of(&bench, "alice")), 36);
    assert_true(may_bypass(&bench, "carl", "gateway"));
    assert_true(may_bypass(&bench, "bella", "gateway_branch"));
    assert_false(may_bypass(&bench, "bella", "gateway"));
    assert_false(may_bypass(&bench, "alice", "gateway_branch"));
    assert_string_equal(bench_node(&bench, "bella")->site->region->central->name, "central");
    ds_arena_free(&bench.arena);
}

static void a_place_without_a_site_has_the_default_id_or_none(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/branch.lua", "undefined_site");
    assert_null(id_of(&bench, "alice"));
    ds_arena_free(&bench.arena);
    bench_load(&bench, "topologies/branch.lua", "default_bypass_id");
    assert_string_equal(id_of(&bench, "alice"), bench.topo->default_bypass_id);
    assert_true(may_bypass(&bench, "alice", "gateway"));
    assert_false(may_bypass(&bench, "carl", "gateway"));
    ds_arena_free(&bench.arena);
    bench_load(&bench, "topologies/branch.lua", "communicator");
    assert_true(bench_node(&bench, "alice")->communicator);
    assert_null(id_of(&bench, "alice"));
    ds_arena_free(&bench.arena);
}

static void a_media_processor_decides_on_bypass_for_its_peer(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/direct_sip_partner.lua", "media_processor");
    const struct ds_topo_node *pbx = bench_node(&bench, "pbx");
    assert_string_equal(pbx->site->name, "annex");
    assert_string_equal(pbx->media_site->name, "headquarters");
    assert_ptr_equal(ds_topo_at(bench.topo, pbx->media_at), pbx);
    assert_true(may_bypass(&bench, "alice", "pbx"));
    ds_arena_free(&bench.arena);
    bench_load(&bench, "topologies/direct_sip_partner.lua", "media_processor_in_annex");
    assert_false(may_bypass(&bench, "alice", "pbx"));
    ds_arena_free(&bench.arena);
}

static void bypass_needs_a_client_and_a_trunk_of_the_mediation_server(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/behind_pbx.lua", NULL);
    const struct ds_trunk *sip = &bench.topo->trunks[0], *tdm = &bench.topo->trunks[1];
    assert_true(ds_topo_bypass_allowed(bench.topo, bench_node(&bench, "bob"), sip));
    assert_false(ds_topo_bypass_allowed(bench.topo, bench_node(&bench, "bob"), tdm));
    assert_false(ds_topo_bypass_allowed(bench.topo, bench_node(&bench, "carol"), sip));
    assert_string_equal(ds_topo_bypass_id(bench.topo, bench_node(&bench, "alice")),
                        ds_topo_bypass_id(bench.topo, bench_node(&bench, "gateway")));
    assert_null(ds_topo_bypass_id(bench.topo, bench_node(&bench, "pbx")));
    assert_null(ds_topo_trunk(bench.topo, bench_node(&bench, "alice"), bench_node(&bench, "pool")));
    ds_arena_free(&bench.arena);
    bench_load(&bench, "topologies/behind_pbx.lua", "bypass_off");
    assert_null(ds_topo_bypass_id(bench.topo, bench_node(&bench, "alice")));
    ds_arena_free(&bench.arena);
}

static bool comes_back_past_mediation(const char *path, const char *variant, bool bypass)
{
    struct bench bench;
    bench_load(&bench, path, variant);
    struct ds_topo topo = *bench.topo;
    topo.bypass_enabled = bypass;
    const struct ds_trunk *in = &bench.topo->trunks[0];
    bool allowed = ds_topo_hairpin_allowed(&topo, in, in);
    ds_arena_free(&bench.arena);
    return allowed;
}

static void calls_that_come_back_need_an_alternate_bypass_id(void **state)
{
    (void)state;
    assert_true(comes_back_past_mediation("topologies/forwarding.lua", "hairpin", true));
    assert_false(comes_back_past_mediation("topologies/forwarding.lua", "hairpin", false));
    assert_false(comes_back_past_mediation("topologies/forwarding.lua", "to_mobile", true));
}

static bool reaches(const struct bench *bench, const char *from, const char *to)
{
    return ds_topo_reaches(bench->topo, ds_topo_find(bench->topo, ds_slice_of(from))->at,
                           ds_topo_find(bench->topo, ds_slice_of(to))->at);
}

static void a_wall_stands_where_there_is_an_av_edge(void **state)
{
    struct bench bench;
    (void)state;
    bench_load(&bench, "topologies/remote_worker.lua", NULL);
    const struct ds_topo_node *edge = ds_topo_av_edge(bench.topo);
    assert_non_null(edge);
    assert_string_equal(edge->av_user, "rita");
    assert_string_equal(ds_addr_text(edge->av).text, "127.0.91.30:3478");
    assert_ptr_equal(ds_topo_at(bench.topo, edge->av), edge);
    assert_false(reaches(&bench, "rita", "mediation"));
    assert_true(reaches(&bench, "alice", "mediation"));
    assert_true(
        ds_topo_reaches(bench.topo, ds_topo_find(bench.topo, DS_LITERAL("rita"))->at, edge->av));
    assert_ptr_equal(ds_topo_edge_between(bench.topo, bench_node(&bench, "rita"),
                                          bench_node(&bench, "mediation")),
                     edge);
    assert_null(ds_topo_edge_between(bench.topo, bench_node(&bench, "alice"),
                                     bench_node(&bench, "mediation")));
    ds_arena_free(&bench.arena);
    bench_load(&bench, "topologies/remote_worker.lua", "over_vpn");
    assert_true(reaches(&bench, "rita", "mediation"));
    ds_arena_free(&bench.arena);
    bench_load(&bench, "topologies/voip_only.lua", NULL);
    assert_null(ds_topo_av_edge(bench.topo));
    ds_arena_free(&bench.arena);
}

int test_lookup(void);

int test_lookup(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_are_found_by_what_is_known_of_them),
        cmocka_unit_test(a_user_may_have_more_devices_than_one),
        cmocka_unit_test(who_moves_is_one_person_at_two_places),
        cmocka_unit_test(every_talker_has_a_tone_of_its_own),
        cmocka_unit_test(a_number_belongs_to_a_population),
        cmocka_unit_test(the_pstn_serves_the_numbers_listed_for_it),
        cmocka_unit_test(dialled_numbers_become_full_numbers),
        cmocka_unit_test(a_gateway_may_have_a_dial_plan_of_its_own),
        cmocka_unit_test(a_number_too_long_to_be_one_matches_nothing),
        cmocka_unit_test(calls_go_their_way_behind_the_pbx),
        cmocka_unit_test(calls_go_their_way_in_front_of_the_pbx),
        cmocka_unit_test(calls_of_a_branch_leave_by_its_own_gateway),
        cmocka_unit_test(inter_trunk_calls_cross_the_pool),
        cmocka_unit_test(calls_go_their_way_to_a_partner_and_without_a_pbx),
        cmocka_unit_test(bypass_never_reaches_outside),
        cmocka_unit_test(bypass_ids_follow_from_regions_and_links),
        cmocka_unit_test(a_place_without_a_site_has_the_default_id_or_none),
        cmocka_unit_test(a_media_processor_decides_on_bypass_for_its_peer),
        cmocka_unit_test(bypass_needs_a_client_and_a_trunk_of_the_mediation_server),
        cmocka_unit_test(calls_that_come_back_need_an_alternate_bypass_id),
        cmocka_unit_test(a_wall_stands_where_there_is_an_av_edge),
    };
    return cmocka_run_group_tests_name("lookup", tests, NULL, NULL);
}
