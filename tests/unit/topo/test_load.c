#include "topo_file.h"

static const char *const shipped[] = {
    "topologies/behind_pbx.lua",         "topologies/in_front_of_pbx.lua",
    "topologies/direct_sip_partner.lua", "topologies/voip_only.lua",
    "topologies/remote_worker.lua",      "topologies/remote_behind_pbx.lua",
    "topologies/sip_trunk.lua",
};

static const struct ds_topo_node *node(const struct bench *bench, const char *name)
{
    const struct ds_topo_node *found = ds_topo_find(bench->topo, ds_slice_of(name));
    assert_non_null(found);
    return found;
}

static void every_shipped_file_loads_in_every_variant(void **state)
{
    (void)state;
    for (size_t i = 0; i < DS_COUNT(shipped); i++) {
        struct bench bench;
        const struct ds_topo_file *file = NULL;
        const char *const *variants = NULL;
        bench_choose(&bench, shipped[i], NULL);
        assert_string_equal(bench.topo->variant, "");
        assert_int_equal(ds_topo_read(shipped[i], bench.arena, &file, &bench.why), DS_OK);
        assert_int_equal(ds_topo_variants(file, bench.arena, &variants, &bench.why), DS_OK);
        assert_string_equal(variants[0], "bypass_on");
        assert_string_equal(variants[1], "bypass_off");
        for (size_t j = 0; variants[j] != NULL; j++) {
            struct ds_topo_choice choice = {.variant = variants[j], .bypass = -1};
            struct bench other;
            bench_choose(&other, shipped[i], &choice);
            assert_string_equal(other.topo->variant, variants[j]);
            ds_arena_free(&other.arena);
        }
        ds_arena_free(&bench.arena);
    }
}

static void each_variant_decides_about_bypass(void **state)
{
    static const struct {
        const char *variant;
        bool allowed;
    } cases[] = {{"bypass_on", true}, {"bypass_off", false},       {"other_site", false},
                 {"tls_trunk", true}, {"trunk_bypass_off", false}, {"always_bypass", true}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(shipped) * DS_COUNT(cases); i++) {
        struct ds_topo_choice choice = {.variant = cases[i % DS_COUNT(cases)].variant,
                                        .bypass = -1};
        struct bench bench;
        bench_choose(&bench, shipped[i / DS_COUNT(cases)], &choice);
        assert_int_equal(
            ds_topo_bypass_allowed(bench.topo, node(&bench, "alice"), &bench.topo->trunks[0]),
            cases[i % DS_COUNT(cases)].allowed);
        ds_arena_free(&bench.arena);
    }
}

static void a_file_becomes_a_deployment(void **state)
{
    struct bench bench;
    (void)state;
    bench_choose(&bench, "topologies/behind_pbx.lua", NULL);
    assert_string_equal(bench.topo->name, "behind_pbx");
    assert_string_equal(bench.topo->path, "topologies/behind_pbx.lua");
    assert_true(strncmp(bench.topo->summary, "Enterprise Voice behind the PBX: ", 33) == 0);
    assert_int_equal(bench.topo->option, DS_BEHIND_PBX);
    assert_string_equal(bench.topo->domain, "contoso.example");
    assert_true(bench.topo->bypass_enabled);
    assert_false(bench.topo->always_bypass);
    assert_string_equal(bench.topo->sites[0].name, "datacentre");
    for (size_t i = 1; i < bench.topo->node_count; i++)
        assert_true(strcmp(bench.topo->nodes[i - 1].name, bench.topo->nodes[i].name) < 0);
    assert_string_equal(node(&bench, "gateway")->fqdn, "gateway.contoso.example");
    assert_ptr_equal(node(&bench, "alice")->home, node(&bench, "pool"));
    assert_string_equal(node(&bench, "alice")->codec, "PCMU");
    assert_true(node(&bench, "bob")->lync_phone);
    assert_true(node(&bench, "dave")->earlier_device);
    assert_string_equal(node(&bench, "dave")->codec, "PCMA");
    assert_int_equal(ds_topo_port(node(&bench, "carol"), DS_UDP), 5060);
    ds_arena_free(&bench.arena);
}

static void addresses_are_given_out_in_name_order(void **state)
{
    static const struct change changes[] = {
        {"sip = \"tls:5061\"", "sip = \"tls:5061\", at = \"127.0.1.11\""}};
    struct topo_file file;
    const struct ds_topo *topo = NULL;
    (void)state;
    topo_file_open(&file);
    topo_file_spoil(&file, changes, 1);
    assert_int_equal(ds_topo_load(file.path, NULL, file.arena, &topo, &file.why), DS_OK);
    static const char *const expected[][2] = {
        {"alice", "127.0.10.10"},    {"carol", "127.0.1.10"}, {"gateway", "127.0.10.11"},
        {"mediation", "127.0.1.12"}, {"pbx", "127.0.1.13"},   {"pool", "127.0.1.11"},
        {"pstn", "127.0.1.14"},
    };
    for (size_t i = 0; i < DS_COUNT(expected); i++) {
        assert_string_equal(topo->nodes[i].name, expected[i][0]);
        assert_string_equal(ds_addr_ip_text(topo->nodes[i].at).text, expected[i][1]);
    }
    topo_file_close(&file);
}

static void a_shift_moves_every_address(void **state)
{
    struct ds_topo_choice choice = {.bypass = -1, .net_shift = 7};
    struct bench bench;
    (void)state;
    bench_choose(&bench, "topologies/behind_pbx.lua", &choice);
    assert_string_equal(ds_addr_ip_text(node(&bench, "pool")->at).text, "127.7.1.11");
    assert_int_equal(node(&bench, "pool")->site->net, 0x7f070100);
    ds_arena_free(&bench.arena);
}

static void trunks_point_away_from_the_mediation_server(void **state)
{
    static const struct change changes[] = {
        {"\"mediation\", \"gateway\", transport = \"tcp\"",
         "\"gateway\", \"mediation\", ports = { 5066, 5068 }, max_early_dialogs = 3"}};
    struct topo_file file;
    const struct ds_topo *topo = NULL;
    (void)state;
    topo_file_open(&file);
    topo_file_spoil(&file, changes, 1);
    assert_int_equal(ds_topo_load(file.path, NULL, file.arena, &topo, &file.why), DS_OK);
    const struct ds_trunk *sip = &topo->trunks[0], *tdm = &topo->trunks[1];
    assert_string_equal(sip->a->name, "mediation");
    assert_int_equal(sip->a_port, 5068);
    assert_int_equal(sip->b_port, 5066);
    assert_int_equal(sip->transport, DS_TCP);
    assert_int_equal(sip->max_early_dialogs, 3);
    assert_true(sip->bypass && sip->concentrated && sip->refer && sip->rtcp_active);
    assert_int_equal(tdm->kind, DS_TRUNK_TDM);
    assert_int_equal(tdm->transport, DS_UDP);
    assert_int_equal(tdm->b_port, 5060);
    assert_int_equal(tdm->channels, 23);
    assert_int_equal(topo->trunks[2].channels, 0);
    topo_file_close(&file);
}

static void a_variant_is_laid_over_the_file(void **state)
{
    struct ds_topo_choice choice = {.variant = "tls_trunk", .bypass = 0};
    struct bench bench, plain;
    (void)state;
    bench_choose(&bench, "topologies/behind_pbx.lua", &choice);
    bench_choose(&plain, "topologies/behind_pbx.lua", NULL);
    assert_int_equal(bench.topo->trunk_count, plain.topo->trunk_count);
    assert_int_equal(bench.topo->trunks[0].transport, DS_TLS);
    assert_int_equal(bench.topo->trunks[0].a_port, 5067);
    assert_true(bench.topo->trunks[0].bypass);
    assert_int_equal(plain.topo->trunks[0].transport, DS_TCP);
    assert_false(bench.topo->bypass_enabled);
    ds_arena_free(&bench.arena);
    ds_arena_free(&plain.arena);
}

static void a_variants_first_match_lines_come_first(void **state)
{
    struct ds_topo_choice choice = {.variant = "inter_trunk", .bypass = -1};
    struct bench bench, plain;
    (void)state;
    bench_choose(&bench, "topologies/in_front_of_pbx.lua", &choice);
    bench_choose(&plain, "topologies/in_front_of_pbx.lua", NULL);
    assert_int_equal(bench.topo->route_count, plain.topo->route_count + 4);
    assert_true(bench.topo->routes[0].line > bench.topo->routes[4].line);
    assert_int_equal(bench.topo->routes[4].line, plain.topo->routes[0].line);
    ds_arena_free(&bench.arena);
    ds_arena_free(&plain.arena);
}

static void a_variant_may_add_trunks_and_replace_lists(void **state)
{
    static const struct change changes[] = {
        {"quiet = {", "quiet = { nodes = { pbx = { sip = { \"tcp:5066\", \"udp:5060\" } } },\n"
                      "trunks = { { \"gateway\", \"pbx\" } },"}};
    struct ds_topo_choice choice = {.variant = "quiet", .bypass = -1};
    struct topo_file file;
    const struct ds_topo *topo = NULL;
    (void)state;
    topo_file_open(&file);
    topo_file_spoil(&file, changes, 1);
    assert_int_equal(ds_topo_load(file.path, &choice, file.arena, &topo, &file.why), DS_OK);
    assert_int_equal(topo->trunk_count, 3);
    assert_int_equal(topo->trunks[1].kind, DS_TRUNK_TDM);
    assert_int_equal(ds_topo_find(topo, DS_LITERAL("pbx"))->port_count, 2);
    assert_false(topo->bypass_enabled);
    topo_file_close(&file);
}

static void a_refusal_in_a_variant_names_the_variants_line(void **state)
{
    static const struct change changes[] = {
        {"quiet = {", "quiet = {\n  nodes = {\n    pbx = { colour = \"red\" } },"}};
    struct ds_topo_choice choice = {.variant = "quiet", .bypass = -1};
    struct topo_file file;
    const struct ds_topo *topo = NULL;
    (void)state;
    topo_file_open(&file);
    topo_file_spoil(&file, changes, 1);
    assert_int_equal(ds_topo_load(file.path, NULL, file.arena, &topo, &file.why), DS_OK);
    assert_int_equal(ds_topo_load(file.path, &choice, file.arena, &topo, &file.why), DS_BAD);
    assert_true(strncmp(topo_file_said(&file), "35: node 'pbx' has no 'colour'", 30) == 0);
    choice.variant = "loud";
    assert_int_equal(ds_topo_load(file.path, &choice, file.arena, &topo, &file.why), DS_BAD);
    assert_string_equal(topo_file_said(&file),
                        "33: there is no variant 'loud'; the file has quiet");
    topo_file_close(&file);
}

static void defects_reach_a_node_or_a_whole_role(void **state)
{
    static const char *const defects[] = {"client:deaf", "pool:strips_route", "alice:mute"};
    struct ds_topo_choice choice = {.bypass = -1, .defects = defects, .defect_count = 3};
    struct bench bench;
    (void)state;
    bench_choose(&bench, "topologies/behind_pbx.lua", &choice);
    assert_int_equal(node(&bench, "alice")->defect_count, 2);
    assert_string_equal(node(&bench, "alice")->defects[1], "mute");
    assert_int_equal(node(&bench, "bob")->defect_count, 1);
    assert_string_equal(node(&bench, "pool")->defects[0], "strips_route");
    assert_int_equal(node(&bench, "carol")->defect_count, 0);
    ds_arena_free(&bench.arena);
}

static void a_choice_that_fits_nothing_is_refused(void **state)
{
    static const struct {
        const char *defect;
        const char *sentence;
    } cases[] = {
        {"deaf", "2: the defect 'deaf' must be written node:defect or role:defect"},
        {"edge:deaf", "9: the defect 'edge:deaf' is for no node and no role of this file"},
        {"alice:De af", "17: 'De af' is no name of a defect"},
    };
    struct topo_file file;
    const struct ds_topo *topo = NULL;
    (void)state;
    topo_file_open(&file);
    topo_file_write(&file, good_file, strlen(good_file));
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_topo_choice choice = {
            .bypass = -1, .defects = &cases[i].defect, .defect_count = 1};
        assert_int_equal(ds_topo_load(file.path, &choice, file.arena, &topo, &file.why), DS_BAD);
        assert_string_equal(topo_file_said(&file), cases[i].sentence);
    }
    topo_file_close(&file);
}

static void a_real_element_may_stand_elsewhere(void **state)
{
    static const struct change changes[] = {
        {"\"127.0.10.0/24\"", "\"10.1.2.0/24\""},
        {"sip = { \"tcp:5066\"", "real = true, at = \"10.1.2.3\", sip = { \"tcp:506\""},
        {"site = \"office\", home", "site = \"core\", home"}};
    struct ds_topo_choice choice = {.bypass = -1, .net_shift = 9};
    struct topo_file file;
    const struct ds_topo *topo = NULL;
    (void)state;
    topo_file_open(&file);
    topo_file_spoil(&file, changes, DS_COUNT(changes));
    assert_int_equal(ds_topo_load(file.path, &choice, file.arena, &topo, &file.why), DS_OK);
    const struct ds_topo_node *gateway = ds_topo_find(topo, DS_LITERAL("gateway"));
    assert_true(gateway->real);
    assert_string_equal(ds_addr_ip_text(gateway->at).text, "10.1.2.3");
    assert_int_equal(ds_topo_port(gateway, DS_TCP), 506);
    topo_file_close(&file);
}

static void a_shift_out_of_loopback_is_refused(void **state)
{
    static const struct change changes[] = {{"127.0.1.0", "127.250.1.0"}};
    struct ds_topo_choice choice = {.bypass = -1, .net_shift = 6};
    struct topo_file file;
    const struct ds_topo *topo = NULL;
    (void)state;
    topo_file_open(&file);
    topo_file_spoil(&file, changes, 1);
    assert_int_equal(ds_topo_load(file.path, &choice, file.arena, &topo, &file.why), DS_BAD);
    assert_string_equal(topo_file_said(&file), "5: moved by 6, this address leaves 127.0.0.0/8");
    topo_file_close(&file);
}

int test_load(void);

int test_load(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shipped_file_loads_in_every_variant),
        cmocka_unit_test(each_variant_decides_about_bypass),
        cmocka_unit_test(a_file_becomes_a_deployment),
        cmocka_unit_test(addresses_are_given_out_in_name_order),
        cmocka_unit_test(a_shift_moves_every_address),
        cmocka_unit_test(trunks_point_away_from_the_mediation_server),
        cmocka_unit_test(a_variant_is_laid_over_the_file),
        cmocka_unit_test(a_variants_first_match_lines_come_first),
        cmocka_unit_test(a_variant_may_add_trunks_and_replace_lists),
        cmocka_unit_test(a_refusal_in_a_variant_names_the_variants_line),
        cmocka_unit_test(defects_reach_a_node_or_a_whole_role),
        cmocka_unit_test(a_choice_that_fits_nothing_is_refused),
        cmocka_unit_test(a_real_element_may_stand_elsewhere),
        cmocka_unit_test(a_shift_out_of_loopback_is_refused),
    };
    return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
