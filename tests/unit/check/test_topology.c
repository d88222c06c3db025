#include "capture.h"

/* Calls of each option that the cases spoil. */
#define BEHIND_OUT                                                                                 \
    .path = "alice pool mediation gateway pbx pstn", .number = CALLED_PSTN, .status = 486
#define BEHIND_IN                                                                                  \
    .path = "pstn pbx gateway mediation pool alice", .number = CALLED_EV, .status = 486
#define VOIP_OUT .path = "alice pool mediation gateway pstn", .number = CALLED_PSTN, .status = 486
#define FRONT_OUT                                                                                  \
    .path = "alice pool mediation gateway pbx carol", .number = CALLED_PBX, .status = 486
#define FRONT_IN                                                                                   \
    .path = "carol pbx gateway mediation pool alice", .number = CALLED_EV, .status = 486
#define DIRECT_OUT              .path = "alice pool mediation pbx carol", .number = CALLED_PBX, .status = 486
#define EV_TO_EV                .path = "alice pool bob", .number = "102", .media = "alice bob"
#define TO_PORT(from, to, port) .changes = {{from, to, "INVITE", "port", port}}

static const struct verdict_case cases[] = {
    /* TOPO-01 … TOPO-07: who is on the road, and who is not. */
    {"TOPO-01", DS_PASS, "behind_pbx", NULL, {EV_TO_EV}},
    {"TOPO-01", DS_FAIL, "behind_pbx", NULL, {EV_TO_EV, .extra = "pool mediation"}},
    {"TOPO-01", DS_FAIL, "behind_pbx", NULL, {EV_TO_EV, .audio = "alice mediation bob"}},
    {"TOPO-01", DS_NOT_SEEN, "behind_pbx", NULL, {BEHIND_OUT}},
    {"TOPO-02", DS_PASS, "behind_pbx", NULL, {BEHIND_IN}},
    {"TOPO-02",
     DS_FAIL,
     "behind_pbx",
     NULL,
     {.path = "pstn gateway mediation pool alice", .number = CALLED_EV, .status = 486}},
    {"TOPO-02",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {.path = "pstn gateway mediation pool alice", .number = CALLED_EV, .status = 486}},
    {"TOPO-03", DS_PASS, "behind_pbx", NULL, {.path = "pstn pbx carol", .number = CALLED_PBX}},
    {"TOPO-03",
     DS_FAIL,
     "behind_pbx",
     NULL,
     {.path = "pstn pbx carol", .number = CALLED_PBX, .extra = "pbx gateway"}},
    {"TOPO-04", DS_PASS, "behind_pbx", NULL, {BEHIND_IN}},
    {"TOPO-04",
     DS_FAIL,
     "behind_pbx",
     NULL,
     {.path = "pstn pbx gateway pool alice", .number = CALLED_EV, .status = 486}},
    {"TOPO-05",
     DS_PASS,
     "in_front_of_pbx",
     NULL,
     {.path = "pstn gateway pbx carol", .number = CALLED_PBX}},
    {"TOPO-05", DS_FAIL, "in_front_of_pbx", NULL, {.path = "pstn pbx carol", .number = CALLED_PBX}},
    {"TOPO-06",
     DS_PASS,
     "in_front_of_pbx",
     NULL,
     {.path = "pstn gateway pbx carol", .number = CALLED_PBX}},
    {"TOPO-06",
     DS_FAIL,
     "in_front_of_pbx",
     NULL,
     {.path = "pstn gateway pbx carol", .number = CALLED_PBX, .extra = "gateway mediation"}},
    {"TOPO-06", DS_FAIL, "in_front_of_pbx", NULL, {.path = "pstn pbx carol", .number = CALLED_PBX}},
    {"TOPO-07",
     DS_PASS,
     "in_front_of_pbx",
     NULL,
     {.path = "pstn gateway mediation pool alice", .number = CALLED_EV, .status = 486}},
    {"TOPO-07",
     DS_FAIL,
     "in_front_of_pbx",
     NULL,
     {.path = "pstn gateway mediation pool alice",
      .number = CALLED_EV,
      .status = 486,
      .extra = "gateway pbx"}},
    /* TOPO-08 … TOPO-11 */
    {"TOPO-08", DS_PASS, "in_front_of_pbx", NULL, {FRONT_OUT}},
    {"TOPO-08", DS_PASS, "in_front_of_pbx", NULL, {FRONT_IN}},
    {"TOPO-08", DS_FAIL, "in_front_of_pbx", NULL, {FRONT_IN, TO_PORT("pbx", "gateway", "5066")}},
    {"TOPO-08",
     DS_NOT_SEEN,
     "in_front_of_pbx",
     NULL,
     {.path = "carol pbx gateway pstn", .number = CALLED_PSTN}},
    {"TOPO-09", DS_PASS, "voip_only", NULL, {VOIP_OUT}},
    {"TOPO-09", DS_FAIL, "voip_only", NULL, {VOIP_OUT, .extra = "gateway 127.0.30.10"}},
    {"TOPO-10", DS_PASS, "direct_sip_partner", NULL, {DIRECT_OUT}},
    {"TOPO-10",
     DS_FAIL,
     "direct_sip_partner",
     NULL,
     {.path = "alice pool pbx carol", .number = CALLED_PBX, .status = 486}},
    {"TOPO-20",
     DS_PASS,
     "sip_trunk",
     NULL,
     {.path = "alice pool mediation sbc pstn", .number = CALLED_PSTN, .status = 486}},
    {"TOPO-20",
     DS_PASS,
     "sip_trunk",
     NULL,
     {.path = "pstn sbc mediation pool alice", .number = CALLED_EV, .status = 486}},
    {"TOPO-20",
     DS_FAIL,
     "sip_trunk",
     NULL,
     {.path = "pstn sbc pool alice", .number = CALLED_EV, .status = 486}},
    {"TOPO-20",
     DS_NOT_SEEN,
     "sip_trunk",
     NULL,
     {.path = "alice pool bob", .number = "+14255550102", .status = 486}},
    {"TOPO-11", DS_PASS, "behind_pbx", NULL, {BEHIND_OUT}},
    {"TOPO-11",
     DS_FAIL,
     "behind_pbx",
     NULL,
     {.path = "alice pool gateway pbx pstn", .number = CALLED_PSTN, .status = 486}},
    {"TOPO-11",
     DS_UNCLEAR,
     "behind_pbx",
     NULL,
     {.path = "alice pool", .number = CALLED_PSTN, .status = 503}},
    {"TOPO-11",
     DS_NOT_SEEN,
     "behind_pbx",
     NULL,
     {.path = "alice pool", .number = "5", .status = 404}},
    /* TOPO-12 … TOPO-15: transports and ports. */
    {"TOPO-12", DS_PASS, "voip_only", NULL, {VOIP_OUT}},
    {"TOPO-12", DS_FAIL, "voip_only", NULL, {VOIP_OUT, TO_PORT("pool", "mediation", "5068")}},
    {"TOPO-12", DS_FAIL, "behind_pbx", NULL, {BEHIND_IN, TO_PORT("mediation", "pool", "5060")}},
    {"TOPO-13", DS_PASS, "voip_only", NULL, {VOIP_OUT}},
    {"TOPO-13", DS_FAIL, "voip_only", NULL, {VOIP_OUT, TO_PORT("mediation", "gateway", "5060")}},
    {"TOPO-14", DS_PASS, "voip_only", "tls_trunk", {VOIP_OUT}},
    {"TOPO-14", DS_FAIL, "voip_only", NULL, {VOIP_OUT, TO_PORT("mediation", "gateway", "5999")}},
    {"TOPO-14", DS_NOT_SEEN, "behind_pbx", NULL, {BEHIND_IN}},
    {"TOPO-15", DS_PASS, "behind_pbx", NULL, {BEHIND_IN}},
    {"TOPO-15", DS_FAIL, "behind_pbx", NULL, {BEHIND_IN, TO_PORT("gateway", "mediation", "5999")}},
    /* TOPO-16, TOPO-17 */
    {"TOPO-16", DS_PASS, "voip_only", NULL, {VOIP_OUT}},
    {"TOPO-16",
     DS_PASS,
     "in_front_of_pbx",
     "inter_trunk",
     {.path = "carol pbx gateway mediation pool mediation gateway pstn",
      .number = CALLED_PSTN,
      .status = 486}},
    {"TOPO-16",
     DS_FAIL,
     "voip_only",
     NULL,
     {VOIP_OUT, .changes = {{"mediation", "gateway", "INVITE", "Call-ID: 0-1", "Call-ID: 0-0"}}}},
    {"TOPO-16",
     DS_FAIL,
     "voip_only",
     NULL,
     {VOIP_OUT, .changes = {{"mediation", "gateway", "INVITE", "tag=f1", "tag=f0"}}}},
    {"TOPO-17",
     DS_PASS,
     "remote_worker",
     NULL,
     {.path = "rita edge pool alice", .number = CALLED_EV, .status = 486}},
    {"TOPO-17",
     DS_FAIL,
     "remote_worker",
     NULL,
     {.path = "rita pool alice", .number = CALLED_EV, .status = 486}},
    {"TOPO-17", DS_NOT_SEEN, "remote_worker", NULL, {VOIP_OUT}},
};

/* A call to the gateway over TLS, after it showed a certificate with this name; or the Mediation
 * Server called back, say, so that the gateway was the client. */
static void assert_shown(const char *name, bool by_client, bool spoken_to, enum ds_verdict verdict)
{
    struct scene scene;
    struct ds_certificate_seen seen = {
        .by_client = by_client, .names = {"a.example", name}, .name_count = 2};
    scene_open(&scene, "voip_only", "tls_trunk");
    scene_play(&scene, &(struct plan){.path = "alice pool mediation gateway pstn",
                                      .number = CALLED_PSTN,
                                      .status = 486});
    scene_read(&scene);
    seen.by = ds_topo_find(scene.topo, DS_LITERAL("gateway"))->at;
    seen.by.port = 5067;
    seen.to = ds_topo_find(scene.topo, DS_LITERAL("mediation"))->at;
    seen.to.port = spoken_to ? 40000 : 40001;
    scene.trace->certificates = &seen;
    scene.trace->certificate_count = 1;
    scene_judge(&scene);
    assert_int_equal(scene_verdict(&scene, "TOPO-18"), verdict);
    scene_close(&scene);
}

static void nothing_is_said_to_whom_a_certificate_does_not_name(void **state)
{
    (void)state;
    for (int by_client = 0; by_client < 2; by_client++) {
        assert_shown("gateway.contoso.example", by_client, true, DS_PASS);
        assert_shown("Gateway.Contoso.Example", by_client, true, DS_PASS);
        assert_shown("gateway.fabrikam.example", by_client, true, DS_FAIL);
        assert_shown("gateway.fabrikam.example", by_client, false, DS_PASS);
    }
    assert_true(comes_to("voip_only", NULL,
                         &(struct plan){.path = "alice pool bob", .number = "102"}, "TOPO-18",
                         DS_NOT_SEEN));
}

/* Two circuits to the PSTN, of which so many calls take one each; then one more call. */
static enum ds_verdict after(size_t calls, bool cleared, const struct plan *last)
{
    struct scene scene;
    scene_open(&scene, "in_front_of_pbx", "two_channels");
    for (size_t i = 0; i < calls; i++)
        scene_play(&scene, &(struct plan){.path = "carol pbx gateway pstn",
                                          .number = CALLED_PSTN,
                                          .open_ended = !cleared});
    scene_play(&scene, last);
    scene_read(&scene);
    scene_judge(&scene);
    enum ds_verdict verdict = scene_verdict(&scene, "TOPO-21");
    scene_close(&scene);
    return verdict;
}

#define NO_CIRCUIT                                                                                 \
    {                                                                                              \
        "gateway", "mediation", "SIP/2.0", "Max-Forwards: 70\r\n",                                 \
            "Max-Forwards: 70\r\nReason: Q.850;cause=34\r\n"                                       \
    }

static void no_more_calls_than_channels_are_on_a_trunk(void **state)
{
    const struct plan goes_on = {.path = "alice pool mediation gateway pstn",
                                 .number = CALLED_PSTN},
                      refused = {.path = "alice pool mediation gateway",
                                 .number = CALLED_PSTN,
                                 .status = 503,
                                 .changes = {NO_CIRCUIT}},
                      no_cause = {.path = "alice pool mediation gateway",
                                  .number = CALLED_PSTN,
                                  .status = 503},
                      busy = {.path = "alice pool mediation gateway",
                              .number = CALLED_PSTN,
                              .status = 486,
                              .changes = {NO_CIRCUIT}},
                      inside = {.path = "alice pool bob", .number = "102"};
    (void)state;
    assert_int_equal(after(0, false, &goes_on), DS_NOT_SEEN);
    assert_int_equal(after(1, false, &goes_on), DS_PASS);
    assert_int_equal(after(1, true, &goes_on), DS_NOT_SEEN);
    assert_int_equal(after(2, false, &goes_on), DS_FAIL);
    assert_int_equal(after(2, false, &refused), DS_PASS);
    assert_int_equal(after(2, false, &no_cause), DS_FAIL);
    assert_int_equal(after(2, false, &busy), DS_FAIL);
    assert_int_equal(after(0, false, &busy), DS_NOT_SEEN);
    assert_int_equal(after(0, false, &inside), DS_NOT_SEEN);
}

static void calls_pass_the_elements_and_ports_of_the_topology(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

int test_topology(void);

int test_topology(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_pass_the_elements_and_ports_of_the_topology),
        cmocka_unit_test(no_more_calls_than_channels_are_on_a_trunk),
        cmocka_unit_test(nothing_is_said_to_whom_a_certificate_does_not_name),
    };
    return cmocka_run_group_tests_name("topology", tests, NULL, NULL);
}
