#include "capture.h"

#include <stdio.h>

static const struct ds_expected_call *
row(enum ds_option option, enum ds_party from, enum ds_party to)
{
    const struct ds_expected_call *found = ds_expected_find(option, from, to);
    if (found == NULL)
        fail_msg("%s has no such call", ds_option_name(option));
    return found;
}

static void each_option_has_its_calls(void **state)
{
    size_t count;
    (void)state;
    const struct ds_expected_call *rows = ds_expected_calls(&count);
    assert_int_equal(count, 107);
    for (size_t i = 0; i < count; i++)
        assert_ptr_equal(rows[i].forwarded
                             ? ds_expected_forwarded(rows[i].option, rows[i].from, rows[i].to)
                             : row(rows[i].option, rows[i].from, rows[i].to),
                         &rows[i]);
    assert_string_equal(row(DS_BEHIND_PBX, DS_PARTY_EV, DS_PARTY_PSTN)->name, "ev_to_pstn");
    assert_string_equal(row(DS_BEHIND_PBX, DS_PARTY_PBX, DS_PARTY_EV)->source,
                        "domain.md 1.3 PBX to EV");
    assert_null(ds_expected_find(DS_VOIP_ONLY, DS_PARTY_EV, DS_PARTY_PBX));
}

/* By the same elements, and past the same where conferences take part in bypass. */
static void conferences_reach_whom_users_reach(void **state)
{
    size_t count;
    (void)state;
    const struct ds_expected_call *rows = ds_expected_calls(&count);
    for (size_t i = 0; i < count; i++) {
        struct ds_road road;
        if (rows[i].from != DS_PARTY_CONFERENCE)
            continue;
        const struct ds_expected_call *users = row(rows[i].option, DS_PARTY_EV, rows[i].to);
        assert_string_equal(strchr(rows[i].route, ' '), strchr(users->route, ' '));
        assert_string_equal(strchr(rows[i].media_relayed, ' '), strchr(users->media_relayed, ' '));
        assert_string_equal(strchr(rows[i].media_bypassed, ' '),
                            strchr(users->media_bypassed, ' '));
        assert_true(ds_road_parse(rows[i].media_relayed, 0, &road));
        assert_int_equal(ds_road_has(&road, DS_ROLE_MEDIATION), rows[i].to != DS_PARTY_EV);
    }
}

static void a_forwarded_call_takes_the_road_of_another_unless_it_comes_back(void **state)
{
    struct scene scene;
    (void)state;
    assert_ptr_equal(ds_expected_forwarded(DS_VOIP_ONLY, DS_PARTY_EV, DS_PARTY_PSTN),
                     ds_expected_find(DS_VOIP_ONLY, DS_PARTY_EV, DS_PARTY_PSTN));
    assert_null(ds_expected_find(DS_VOIP_ONLY, DS_PARTY_PSTN, DS_PARTY_PSTN));
    assert_string_not_equal(
        ds_expected_forwarded(DS_BEHIND_PBX, DS_PARTY_PBX, DS_PARTY_PSTN)->route,
        row(DS_BEHIND_PBX, DS_PARTY_PBX, DS_PARTY_PSTN)->route);
    scene_open(&scene, "behind_pbx", NULL);
    assert_false(ds_expected_has_ends(
        ds_expected_forwarded(DS_BEHIND_PBX, DS_PARTY_PBX, DS_PARTY_PSTN), scene.topo));
    scene_close(&scene);
}

static void every_rule_of_a_row_is_a_requirement(void **state)
{
    size_t count;
    (void)state;
    const struct ds_expected_call *rows = ds_expected_calls(&count);
    for (size_t i = 0; i < count; i++) {
        struct ds_slice rest = ds_slice_of(rows[i].rules), id;
        while (ds_slice_cut(&rest, ' ', &id))
            if (id.len > 0 && ds_requirement_find(id) == NULL)
                fail_msg("%.*s is no requirement", DS_FMT(id));
    }
}

static void requirements_have_distinct_ids_and_whole_lines(void **state)
{
    size_t count;
    (void)state;
    const struct ds_requirement *list = ds_requirements(&count);
    assert_true(count > 50);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(ds_requirement_find(ds_slice_of(list[i].id)), &list[i]);
        assert_true(strlen(list[i].sentence) > 20 && list[i].source[0] != '\0');
    }
    assert_null(ds_requirement_find(DS_LITERAL("BYP-99")));
    assert_null(ds_requirement_find(DS_LITERAL("")));
}

static void only_ends_are_parties(void **state)
{
    struct scene scene;
    enum ds_party party;
    (void)state;
    scene_open(&scene, "behind_pbx", NULL);
    assert_true(ds_party_of(ds_topo_find(scene.topo, DS_LITERAL("alice")), &party));
    assert_int_equal(party, DS_PARTY_EV);
    assert_true(ds_party_of(ds_topo_find(scene.topo, DS_LITERAL("carol")), &party));
    assert_int_equal(party, DS_PARTY_PBX);
    assert_true(ds_party_of(ds_topo_find(scene.topo, DS_LITERAL("pstn")), &party));
    assert_int_equal(party, DS_PARTY_PSTN);
    assert_false(ds_party_of(ds_topo_find(scene.topo, DS_LITERAL("gateway")), &party));
    scene_close(&scene);
}

static void a_call_needs_somebody_at_either_end(void **state)
{
    struct scene scene;
    enum ds_party party;
    (void)state;
    const struct ds_expected_call *fax = row(DS_BEHIND_PBX, DS_PARTY_PSTN, DS_PARTY_FAX);
    scene_open(&scene, "behind_pbx", NULL);
    assert_false(ds_expected_has_ends(fax, scene.topo));
    assert_true(ds_expected_has_ends(row(DS_BEHIND_PBX, DS_PARTY_PSTN, DS_PARTY_EV), scene.topo));
    scene_close(&scene);
    scene_open(&scene, "behind_pbx", "fax_machine");
    assert_true(ds_expected_has_ends(fax, scene.topo));
    scene_close(&scene);
    scene_open(&scene, "analogue_devices", NULL);
    assert_true(ds_party_of(ds_topo_find(scene.topo, DS_LITERAL("lobby")), &party));
    assert_int_equal(party, DS_PARTY_ANALOGUE);
    assert_false(ds_party_of(ds_topo_find(scene.topo, DS_LITERAL("analogue_gateway")), &party));
    scene_close(&scene);
}

/* The ids a row is to prove, joined with spaces. */
static void
rules_of(const char *variant, enum ds_party from, enum ds_party to, bool answered, char out[512])
{
    struct scene scene;
    const struct ds_requirement *list[40];
    scene_open(&scene, "behind_pbx", variant);
    size_t count =
        ds_expected_rules(row(DS_BEHIND_PBX, from, to), scene.topo, answered, list, DS_COUNT(list));
    out[0] = '\0';
    for (size_t i = 0, len = 0; i < count; i++)
        len += (size_t)snprintf(out + len, 512 - len, "%s%s", i > 0 ? " " : "", list[i]->id);
    assert_int_equal(ds_expected_rules(row(DS_BEHIND_PBX, from, to), scene.topo, answered, list, 1),
                     1);
    scene_close(&scene);
}

static void bypass_rules_follow_the_topology(void **state)
{
    static const struct {
        const char *variant, *rule;
    } cases[] = {{"bypass_on", "BYP-01 BYP-12"},
                 {"bypass_off", "BYP-02 MED-08"},
                 {"trunk_bypass_off", "BYP-03 MED-08"},
                 {"other_site", "BYP-04 MED-08"},
                 {"always_bypass", "BYP-01 BYP-12"}};

    char said[512], wanted[512];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        rules_of(cases[i].variant, DS_PARTY_EV, DS_PARTY_PSTN, true, said);
        snprintf(wanted, sizeof wanted,
                 "OPT-01 OPT-03 OPT-02 CALL-01 CALL-02 CALL-05 MED-04 MED-14 TOPO-11 TOPO-12 "
                 "TOPO-13 TOPO-14 TOPO-16 %s BYP-21 BYP-20 MED-01 MED-02 SIG-10 MED-07",
                 cases[i].rule);
        assert_string_equal(said, wanted);
    }
}

static void unanswered_and_inner_calls_prove_less(void **state)
{
    char said[512];
    (void)state;
    rules_of(NULL, DS_PARTY_EV, DS_PARTY_PSTN, false, said);
    assert_string_equal(said, "OPT-01 OPT-03 TOPO-11 TOPO-12 TOPO-13 TOPO-14 TOPO-16 BYP-20 MED-01 "
                              "MED-02 SIG-10 MED-07");
    rules_of("tls_trunk", DS_PARTY_PBX, DS_PARTY_EV, false, said);
    assert_string_equal(
        said, "OPT-01 OPT-03 TOPO-11 TOPO-12 TOPO-13 TOPO-15 TOPO-16 SIG-10 SIG-11 MED-07");
    rules_of(NULL, DS_PARTY_EV, DS_PARTY_EV, false, said);
    assert_string_equal(said, "OPT-01 OPT-03 TOPO-01 RTE-02");
}

int test_options(void);

int test_options(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_option_has_its_calls),
        cmocka_unit_test(conferences_reach_whom_users_reach),
        cmocka_unit_test(a_forwarded_call_takes_the_road_of_another_unless_it_comes_back),
        cmocka_unit_test(every_rule_of_a_row_is_a_requirement),
        cmocka_unit_test(requirements_have_distinct_ids_and_whole_lines),
        cmocka_unit_test(only_ends_are_parties),
        cmocka_unit_test(a_call_needs_somebody_at_either_end),
        cmocka_unit_test(bypass_rules_follow_the_topology),
        cmocka_unit_test(unanswered_and_inner_calls_prove_less),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
