#include "capture.h"

static void every_requirement_is_not_seen_in_an_empty_trace(void **state)
{
    static const char *const topologies[] = {"behind_pbx", "in_front_of_pbx", "direct_sip_partner",
                                             "voip_only", "sip_trunk"};
    size_t count;
    (void)state;
    const struct ds_requirement *list = ds_requirements(&count);
    for (size_t i = 0; i < DS_COUNT(topologies); i++) {
        struct scene scene;
        scene_open(&scene, topologies[i], NULL);
        scene_read(&scene);
        scene_judge(&scene);
        assert_int_equal(scene.findings.count, count);
        for (size_t k = 0; k < count; k++) {
            const struct ds_finding *finding = &scene.findings.list[k];
            assert_ptr_equal(finding->requirement, &list[k]);
            assert_int_equal(finding->verdict, DS_NOT_SEEN);
            assert_int_equal(finding->frame_count, 0);
            assert_null(finding->call);
            if (strncmp(finding->sentence, "no ", 3) != 0 ||
                strstr(finding->sentence, "such thing") != NULL)
                fail_msg("%s does not say what it looked for: %s", list[k].id, finding->sentence);
        }
        scene_close(&scene);
    }
}

static void open_with_a_gap(struct scene *scene, const struct plan *plan, struct ds_gap *gap)
{
    scene_open(scene, "behind_pbx", NULL);
    scene_play(scene, plan);
    scene_read(scene);
    *gap = (struct ds_gap){3, "7 bytes of TCP are missing"};
    scene->trace->gaps = gap;
    scene->trace->gap_count = 1;
    scene_judge(scene);
}

static void what_is_absent_is_unclear_where_the_capture_has_gaps(void **state)
{
    struct scene scene;
    struct ds_gap gap;
    (void)state;
    open_with_a_gap(&scene, &(struct plan){.path = "carol pbx", .number = "202"}, &gap);
    assert_int_equal(scene_verdict(&scene, "OPT-01"), DS_UNCLEAR);
    assert_int_equal(scene_verdict(&scene, "OPT-03"), DS_UNCLEAR);
    assert_non_null(strstr(scene_finding(&scene, "OPT-01")->sentence,
                           "but the capture has a gap: 7 bytes of TCP are missing"));
    scene_close(&scene);
}

static void what_is_there_stays_wrong_in_spite_of_gaps(void **state)
{
    struct scene scene;
    struct ds_gap gap;
    (void)state;
    open_with_a_gap(
        &scene, &(struct plan){.path = "carol pbx dave", .number = "202", .extra = "pbx gateway"},
        &gap);
    assert_int_equal(scene_verdict(&scene, "OPT-01"), DS_FAIL);
    assert_int_equal(scene_verdict(&scene, "OPT-03"), DS_FAIL);
    assert_int_equal(scene_verdict(&scene, "RTE-02"), DS_NOT_SEEN);
    scene_close(&scene);
}

static void each_call_gets_a_finding_of_its_own(void **state)
{
    struct scene scene;
    size_t passed = 0, failed = 0;
    (void)state;
    scene_open(&scene, "behind_pbx", NULL);
    scene_play(&scene, &(struct plan){.path = "carol pbx dave", .number = "202"});
    scene_play(&scene, &(struct plan){.path = "carol pbx", .number = "202", .status = 404});
    scene_read(&scene);
    scene_judge(&scene);
    for (size_t i = 0; i < scene.findings.count; i++) {
        const struct ds_finding *finding = &scene.findings.list[i];
        if (finding->requirement != requirement("OPT-01"))
            continue;
        passed += finding->verdict == DS_PASS && finding->call == &scene.trace->calls[0];
        failed += finding->verdict == DS_FAIL && finding->call == &scene.trace->calls[1];
    }
    assert_int_equal(passed, 1);
    assert_int_equal(failed, 1);
    scene_close(&scene);
}

static void a_trace_read_without_the_topology_is_refused(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene, "behind_pbx", NULL);
    scene_read(&scene);
    scene.trace->topo = NULL;
    scene.findings.arena = scene.arena;
    assert_int_equal(ds_check(scene.trace, scene.topo, &scene.findings, &scene.why), DS_STATE);
    assert_non_null(strstr(scene.why.text, "without the topology"));
    scene_close(&scene);
}

static void the_worst_finding_decides(void **state)
{
    struct ds_arena *arena;
    const struct ds_requirement *rule = requirement("BYP-01");
    (void)state;
    assert_int_equal(ds_arena_new(&arena), DS_OK);
    struct ds_findings findings = {.arena = arena};
    assert_int_equal(ds_findings_verdict(&findings, rule), DS_NOT_SEEN);

    const enum ds_verdict order[] = {DS_NOT_SEEN, DS_PASS, DS_UNCLEAR, DS_FAIL, DS_PASS};

    const enum ds_verdict worst[] = {DS_NOT_SEEN, DS_PASS, DS_UNCLEAR, DS_FAIL, DS_FAIL};

    for (size_t i = 0; i < DS_COUNT(order); i++) {
        assert_non_null(ds_findings_add(&findings, rule, order[i], NULL, "number %zu", i));
        assert_int_equal(ds_findings_verdict(&findings, rule), worst[i]);
    }
    assert_string_equal(findings.list[3].sentence, "number 3");
    assert_int_equal(ds_findings_verdict(&findings, requirement("BYP-02")), DS_NOT_SEEN);
    for (int i = 0; i < 200; i++)
        assert_non_null(ds_findings_add(&findings, rule, DS_PASS, NULL, "another"));
    assert_int_equal(findings.count, 205);
    assert_string_equal(findings.list[3].sentence, "number 3");
    assert_string_equal(ds_verdict_name(DS_NOT_SEEN), "not-seen");
    ds_arena_free(&arena);
}

static ds_rc attempt(void *owner)
{
    struct scene *scene = owner;
    struct ds_arena *arena = NULL;
    ds_rc rc = ds_arena_new(&arena);
    if (rc != DS_OK)
        return rc;
    struct ds_findings findings = {.arena = arena};
    rc = ds_check(scene->trace, scene->topo, &findings, &scene->why);
    ds_arena_free(&arena);
    return rc;
}

static void want_of_memory_is_told(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene, "behind_pbx", NULL);
    for (int i = 0; i < 12; i++)
        scene_play(&scene,
                   &(struct plan){.path = "carol pbx dave", .number = "202", .status = 486});
    scene_read(&scene);
    ds_exhaust(attempt, &scene);
    scene_close(&scene);
}

int test_judge(void);

int test_judge(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_requirement_is_not_seen_in_an_empty_trace),
        cmocka_unit_test(what_is_absent_is_unclear_where_the_capture_has_gaps),
        cmocka_unit_test(what_is_there_stays_wrong_in_spite_of_gaps),
        cmocka_unit_test(each_call_gets_a_finding_of_its_own),
        cmocka_unit_test(a_trace_read_without_the_topology_is_refused),
        cmocka_unit_test(the_worst_finding_decides),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
