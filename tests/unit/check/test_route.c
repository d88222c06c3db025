#include "capture.h"

static const struct {
    const char *topology, *variant;
    struct plan plan;
} good_calls[] = {
    {"behind_pbx",
     "bypass_on",
     {.path = "alice pool mediation gateway pbx pstn",
      .number = CALLED_PSTN,
      .media = "alice gateway pbx pstn"}},
    {"behind_pbx",
     "bypass_off",
     {.path = "alice pool mediation gateway pbx pstn",
      .number = CALLED_PSTN,
      .media = "alice mediation gateway pbx pstn"}},
    {"behind_pbx",
     NULL,
     {.path = "pstn pbx gateway mediation pool alice",
      .number = CALLED_EV,
      .media = "pstn pbx gateway alice"}},
    {"behind_pbx", NULL, {.path = "alice pool bob", .number = "102", .media = "alice bob"}},
    {"behind_pbx", NULL, {.path = "pstn pbx carol", .number = CALLED_PBX}},
    {"behind_pbx", NULL, {.path = "carol pbx dave", .number = "202"}},
    {"behind_pbx", NULL, {.path = "carol pbx pstn", .number = "92065550199"}},
    {"in_front_of_pbx", NULL, {.path = "pstn gateway pbx carol", .number = CALLED_PBX}},
    {"in_front_of_pbx",
     NULL,
     {.path = "alice pool mediation gateway pbx carol",
      .number = CALLED_PBX,
      .media = "alice gateway pbx carol"}},
    {"in_front_of_pbx",
     NULL,
     {.path = "pstn gateway mediation pool alice",
      .number = CALLED_EV,
      .media = "pstn gateway alice"}},
    {"in_front_of_pbx", NULL, {.path = "carol pbx gateway pstn", .number = CALLED_PSTN}},
    {"direct_sip_partner",
     NULL,
     {.path = "carol pbx mediation pool alice", .number = CALLED_EV, .media = "carol pbx alice"}},
    {"voip_only",
     "always_bypass",
     {.path = "alice pool mediation gateway pstn",
      .number = CALLED_PSTN,
      .media = "alice gateway pstn"}},
};

static void good_calls_of_every_option_are_clean(void **state)
{
    (void)state;
    for (size_t i = 0; i < DS_COUNT(good_calls); i++) {
        if (!is_clean(good_calls[i].topology, good_calls[i].variant, &good_calls[i].plan))
            fail_msg("the call %s of %s is not clean", good_calls[i].plan.path,
                     good_calls[i].topology);
        assert_true(comes_to(good_calls[i].topology, good_calls[i].variant, &good_calls[i].plan,
                             "OPT-01", DS_PASS));
        assert_true(comes_to(good_calls[i].topology, good_calls[i].variant, &good_calls[i].plan,
                             "OPT-02", DS_PASS));
    }
}

#define OUT          .path = "alice pool mediation gateway pbx pstn", .number = CALLED_PSTN
#define OUT_BYPASSED OUT, .media = "alice gateway pbx pstn"

static const struct verdict_case route_cases[] = {
    /* A leak, to an element and to a stranger. */
    {"OPT-01", DS_FAIL, "behind_pbx", NULL, {OUT_BYPASSED, .extra = "gateway mediation"}},
    {"OPT-01", DS_FAIL, "behind_pbx", NULL, {OUT_BYPASSED, .extra = "gateway 127.0.10.250"}},
    /* Another order, a road that ends early, the wrong user. */
    {"OPT-01",
     DS_FAIL,
     "behind_pbx",
     NULL,
     {.path = "pstn gateway mediation pool alice", .number = CALLED_EV}},
    {"OPT-01",
     DS_FAIL,
     "behind_pbx",
     NULL,
     {.path = "alice pool mediation", .number = CALLED_PSTN, .status = 404}},
    {"OPT-01", DS_FAIL, "behind_pbx", NULL, {.path = "alice pool alice", .number = "102"}},
    {"OPT-01",
     DS_UNCLEAR,
     "behind_pbx",
     NULL,
     {.path = "alice pool mediation gateway", .number = CALLED_PSTN, .status = 503}},
    {"OPT-01",
     DS_UNCLEAR,
     "behind_pbx",
     NULL,
     {.path = "alice pool mediation", .number = CALLED_PSTN, .cancelled = true}},
    {"OPT-01", DS_UNCLEAR, "behind_pbx", NULL, {.path = "gateway pbx carol", .number = CALLED_PBX}},
    {"OPT-01", DS_UNCLEAR, "voip_only", NULL, {.path = "gateway pstn", .number = CALLED_PSTN}},
    /* Refused by the called end, by the PSTN, and where nobody has the number. */
    {"OPT-01", DS_PASS, "behind_pbx", NULL, {OUT, .status = 404}},
    {"OPT-01",
     DS_PASS,
     "behind_pbx",
     NULL,
     {.path = "alice pool", .number = "+14255550177", .status = 404}},
    {"OPT-01",
     DS_PASS,
     "behind_pbx",
     NULL,
     {.path = "pstn pbx gateway mediation pool", .number = "+14255550177", .status = 404}},
    {"OPT-01",
     DS_FAIL,
     "behind_pbx",
     NULL,
     {.path = "alice pool mediation", .number = "+14255550177", .status = 404}},
    {"OPT-01",
     DS_NOT_SEEN,
     "behind_pbx",
     NULL,
     {.path = "alice pool", .number = "5", .status = 404}},
    /* A second try over the same hop is no second road. */
    {"OPT-01", DS_PASS, "behind_pbx", NULL, {OUT, .status = 486, .again = "mediation gateway"}},
    /* Both readings of 1.4, and the Edge. */
    {"OPT-01",
     DS_PASS,
     "in_front_of_pbx",
     NULL,
     {.path = "carol pbx gateway pstn", .number = "92065550199"}},
    {"OPT-01",
     DS_PASS,
     "in_front_of_pbx",
     "inter_trunk",
     {.path = "carol pbx gateway mediation pool mediation gateway pstn",
      .number = CALLED_PSTN,
      .status = 486}},
    {"OPT-01",
     DS_FAIL,
     "in_front_of_pbx",
     "inter_trunk",
     {.path = "carol pbx gateway mediation pool mediation", .number = CALLED_PSTN, .status = 486}},
    {"OPT-01",
     DS_PASS,
     "remote_worker",
     NULL,
     {.path = "rita edge pool mediation gateway pstn", .number = CALLED_PSTN, .status = 486}},
    {"OPT-01",
     DS_PASS,
     "remote_worker",
     NULL,
     {.path = "alice pool edge rita", .number = "+14255550103", .status = 486}},
    {"OPT-01",
     DS_FAIL,
     "remote_worker",
     NULL,
     {.path = "rita pool alice", .number = CALLED_EV, .status = 486}},
};

static void an_invite_takes_the_road_of_its_option(void **state)
{
    (void)state;
    check_cases(route_cases, DS_COUNT(route_cases));
}

static void a_finding_names_the_extra_hop_and_its_frame(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene, "behind_pbx", NULL);
    scene_play(&scene,
               &(struct plan){.path = "carol pbx dave", .number = "202", .extra = "pbx gateway"});
    scene_read(&scene);
    scene_judge(&scene);
    const struct ds_finding *finding = scene_finding(&scene, "OPT-01");
    assert_int_equal(finding->verdict, DS_FAIL);
    assert_string_equal(finding->sentence, "the INVITE of frame 3 went from pbx to gateway; the "
                                           "option lays down phone pbx phone");
    assert_int_equal(finding->frame_count, 1);
    assert_int_equal(finding->frames[0], 3);
    assert_ptr_equal(finding->call, &scene.trace->calls[0]);
    assert_int_equal(scene_verdict(&scene, "OPT-03"), DS_FAIL);
    scene_close(&scene);
}

static void a_stranger_who_calls_is_named(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene, "behind_pbx", NULL);
    scene_datagram(&scene, "127.0.77.7", "pbx",
                   "INVITE sip:201@x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK1\r\n"
                   "From: <sip:x@y>;tag=1\r\nTo: <sip:201@x>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n"
                   "Contact: <sip:x@y>\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n");
    scene_read(&scene);
    scene_judge(&scene);
    const struct ds_finding *finding = scene_finding(&scene, "OPT-01");
    assert_int_equal(finding->verdict, DS_UNCLEAR);
    assert_string_equal(finding->sentence, "the caller 127.0.77.7 is not in the topology");
    scene_close(&scene);
}

static const struct verdict_case silence_cases[] = {
    {"OPT-03", DS_PASS, "behind_pbx", NULL, {.path = "carol pbx dave", .number = "202"}},
    {"OPT-03",
     DS_FAIL,
     "behind_pbx",
     NULL,
     {.path = "carol pbx dave", .number = "202", .extra = "pbx gateway"}},
    {"OPT-03",
     DS_FAIL,
     "behind_pbx",
     NULL,
     {.path = "carol pbx dave", .number = "202", .extra = "pbx pstn"}},
    /* Another phone than the called one has no part in a call to the PSTN. */
    {"OPT-03", DS_FAIL, "behind_pbx", NULL, {OUT, .status = 486, .extra = "pbx carol"}},
    {"OPT-03",
     DS_FAIL,
     "behind_pbx",
     NULL,
     {.path = "alice pool bob",
      .number = "102",
      .media = "alice bob",
      .audio = "alice gateway bob"}},
    {"OPT-03",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {.path = "alice pool mediation gateway pstn", .number = CALLED_PSTN, .status = 486}},
};

static void elements_without_a_part_are_silent(void **state)
{
    (void)state;
    check_cases(silence_cases, DS_COUNT(silence_cases));
}

static const struct verdict_case media_cases[] = {
    {"OPT-02", DS_PASS, "behind_pbx", NULL, {OUT_BYPASSED}},
    {"OPT-02",
     DS_PASS,
     "behind_pbx",
     "other_site",
     {OUT, .media = "alice mediation gateway pbx pstn"}},
    {"OPT-02", DS_FAIL, "behind_pbx", NULL, {OUT, .media = "alice mediation gateway pbx pstn"}},
    {"OPT-02", DS_FAIL, "behind_pbx", "bypass_off", {OUT_BYPASSED}},
    {"OPT-02", DS_FAIL, "behind_pbx", NULL, {OUT_BYPASSED, .audio = "alice gateway pbx"}},
    {"OPT-02",
     DS_FAIL,
     "behind_pbx",
     NULL,
     {.path = "carol pbx pstn", .number = CALLED_PSTN, .media = "carol pstn"}},
    {"OPT-02", DS_NOT_SEEN, "behind_pbx", NULL, {OUT_BYPASSED, .packets = -1}},
    {"OPT-02", DS_NOT_SEEN, "behind_pbx", NULL, {OUT, .status = 486}},
    {"OPT-02",
     DS_PASS,
     "remote_worker",
     NULL,
     {.path = "rita edge pool mediation gateway pstn",
      .number = CALLED_PSTN,
      .media = "rita edge mediation gateway pstn"}},
    {"OPT-02",
     DS_FAIL,
     "remote_worker",
     NULL,
     {.path = "rita edge pool mediation gateway pstn",
      .number = CALLED_PSTN,
      .media = "rita mediation gateway pstn"}},
    {"OPT-02",
     DS_FAIL,
     "remote_worker",
     NULL,
     {.path = "rita edge pool mediation gateway pstn",
      .number = CALLED_PSTN,
      .media = "rita edge gateway pstn"}},
    {"OPT-02",
     DS_PASS,
     "remote_worker",
     NULL,
     {.path = "rita edge pool alice", .number = CALLED_EV, .media = "rita edge alice"}},
    {"OPT-02",
     DS_FAIL,
     "remote_worker",
     NULL,
     {.path = "rita edge pool alice", .number = CALLED_EV, .media = "rita alice"}},
    {"OPT-02",
     DS_PASS,
     "remote_worker",
     "over_vpn",
     {.path = "rita edge pool alice", .number = CALLED_EV, .media = "rita alice"}},
    {"OPT-02",
     DS_PASS,
     "in_front_of_pbx",
     "inter_trunk",
     {.path = "carol pbx gateway pstn", .number = CALLED_PSTN}},
};

static void audio_flows_over_the_legs_of_the_option(void **state)
{
    (void)state;
    check_cases(media_cases, DS_COUNT(media_cases));
}

int test_route(void);

int test_route(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_calls_of_every_option_are_clean),
        cmocka_unit_test(an_invite_takes_the_road_of_its_option),
        cmocka_unit_test(a_finding_names_the_extra_hop_and_its_frame),
        cmocka_unit_test(a_stranger_who_calls_is_named),
        cmocka_unit_test(elements_without_a_part_are_silent),
        cmocka_unit_test(audio_flows_over_the_legs_of_the_option),
    };
    return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
