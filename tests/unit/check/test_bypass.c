#include "capture.h"

#include <stdio.h>

#define OUT        .path = "alice pool mediation gateway pstn", .number = CALLED_PSTN
#define OUTSIDE    .path = "rita edge pool mediation gateway pstn", .number = CALLED_PSTN
#define IN         .path = "pstn gateway mediation pool alice", .number = CALLED_EV
#define DIRECT     OUT, .media = "alice gateway pstn"
#define RELAYED    OUT, .media = "alice mediation gateway pstn"
#define IN_DIRECT  IN, .media = "pstn gateway alice"
#define IN_RELAYED IN, .media = "pstn gateway mediation alice"

static const struct verdict_case cases[] = {
    {"BYP-01", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"BYP-01", DS_PASS, "voip_only", NULL, {IN_DIRECT}},
    {"BYP-01", DS_PASS, "voip_only", "always_bypass", {DIRECT}},
    {"BYP-01", DS_FAIL, "voip_only", NULL, {RELAYED}},
    {"BYP-01", DS_FAIL, "voip_only", NULL, {DIRECT, .audio = "gateway pstn"}},
    {"BYP-01", DS_NOT_SEEN, "voip_only", "bypass_off", {RELAYED}},
    {"BYP-01", DS_NOT_SEEN, "voip_only", NULL, {DIRECT, .packets = -1}},
    {"BYP-01",
     DS_NOT_SEEN,
     "remote_worker",
     NULL,
     {.path = "rita edge pool mediation gateway pstn", .number = CALLED_PSTN}},
    {"BYP-02", DS_PASS, "voip_only", "bypass_off", {RELAYED}},
    {"BYP-02",
     DS_PASS,
     "remote_worker",
     "bypass_off",
     {OUTSIDE, .media = "rita edge mediation gateway pstn"}},
    {"BYP-08",
     DS_PASS,
     "remote_worker",
     NULL,
     {OUTSIDE, .media = "rita edge mediation gateway pstn"}},
    {"BYP-08",
     DS_PASS,
     "remote_worker",
     "over_vpn",
     {OUTSIDE, .media = "rita mediation gateway pstn"}},
    {"BYP-08", DS_FAIL, "remote_worker", NULL, {OUTSIDE, .media = "rita edge gateway pstn"}},
    {"BYP-08", DS_FAIL, "remote_worker", NULL, {OUTSIDE, .media = "rita edge mediation"}},
    {"BYP-08", DS_NOT_SEEN, "remote_worker", NULL, {OUTSIDE, .status = 486}},
    {"BYP-08", DS_NOT_SEEN, "voip_only", "bypass_off", {RELAYED}},
    {"BYP-02", DS_PASS, "voip_only", "bypass_off", {IN_RELAYED}},
    {"BYP-02", DS_FAIL, "voip_only", "bypass_off", {DIRECT}},
    {"BYP-02", DS_FAIL, "voip_only", "bypass_off", {RELAYED, .audio = "alice mediation"}},
    {"BYP-02", DS_FAIL, "voip_only", "bypass_off", {RELAYED, .audio = "mediation gateway pstn"}},
    {"BYP-02", DS_NOT_SEEN, "voip_only", "bypass_off", {OUT, .status = 486}},
    {"BYP-02", DS_NOT_SEEN, "voip_only", "bypass_on", {DIRECT}},
    {"BYP-03", DS_PASS, "voip_only", "trunk_bypass_off", {RELAYED}},
    {"BYP-03", DS_PASS, "voip_only", "trunk_bypass_off", {IN_RELAYED}},
    {"BYP-03", DS_FAIL, "voip_only", "trunk_bypass_off", {DIRECT}},
    {"BYP-03", DS_FAIL, "voip_only", "trunk_bypass_off", {RELAYED, .audio = "alice mediation"}},
    {"BYP-03",
     DS_FAIL,
     "voip_only",
     "trunk_bypass_off",
     {RELAYED, .audio = "mediation gateway pstn"}},
    {"BYP-03", DS_NOT_SEEN, "voip_only", "trunk_bypass_off", {OUT, .status = 486}},
    {"BYP-03", DS_NOT_SEEN, "voip_only", "bypass_on", {DIRECT}},
    {"BYP-04", DS_PASS, "voip_only", "other_site", {RELAYED}},
    {"BYP-04", DS_PASS, "voip_only", "other_site", {IN_RELAYED}},
    {"BYP-04", DS_FAIL, "voip_only", "other_site", {DIRECT}},
    {"BYP-04", DS_FAIL, "voip_only", "other_site", {RELAYED, .audio = "alice mediation"}},
    {"BYP-04", DS_FAIL, "voip_only", "other_site", {RELAYED, .audio = "mediation gateway pstn"}},
    {"BYP-04", DS_NOT_SEEN, "voip_only", "other_site", {OUT, .status = 486}},
    {"BYP-04", DS_NOT_SEEN, "voip_only", "bypass_on", {DIRECT}},
    {"BYP-05", DS_PASS, "voip_only", "always_bypass", {DIRECT}},
    {"BYP-05",
     DS_FAIL,
     "voip_only",
     "always_bypass",
     {DIRECT, .changes = {{"alice", NULL, "INVITE", "bypassid:c2a4", "bypassid:d2a4"}}}},
    {"BYP-05",
     DS_FAIL,
     "voip_only",
     "always_bypass",
     {DIRECT, .changes = {{"alice", NULL, "INVITE",
                           "a=x-bypassid:c2a4e6f8-1b3d-4f5a-8c7e-9d0b2a4c6e81\r\n", ""}}}},
    {"BYP-05",
     DS_FAIL,
     "voip_only",
     "always_bypass",
     {DIRECT, .changes = {{"alice", NULL, "INVITE", "a=ptime:20",
                           "a=x-bypassid:c2a4e6f8-1b3d-4f5a-8c7e-9d0b2a4c6e81"}}}},
    {"BYP-05", DS_NOT_SEEN, "voip_only", NULL, {DIRECT}},
    {"BYP-12", DS_PASS, "voip_only", NULL, {DIRECT, .digits = "1"}},
    {"BYP-12", DS_FAIL, "voip_only", NULL, {DIRECT, .payload_type = 9}},
    {"BYP-12", DS_NOT_SEEN, "voip_only", "bypass_off", {RELAYED, .payload_type = 9}},
    {"BYP-13", DS_NOT_SEEN, "voip_only", NULL, {DIRECT}},
    {"BYP-20", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"BYP-20",
     DS_PASS,
     "voip_only",
     "other_site",
     {OUT, .media = "alice mediation gateway pstn", .status = 486}},
    {"BYP-20", DS_FAIL, "voip_only", NULL, {RELAYED}},
    {"BYP-20", DS_FAIL, "voip_only", "bypass_off", {DIRECT}},
    {"BYP-20", DS_NOT_SEEN, "voip_only", NULL, {IN_DIRECT}},
    {"BYP-21", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"BYP-21", DS_PASS, "voip_only", "bypass_off", {RELAYED}},
    {"BYP-21", DS_FAIL, "voip_only", NULL, {RELAYED}},
    {"BYP-21", DS_FAIL, "voip_only", "bypass_off", {DIRECT}},
    {"BYP-21", DS_NOT_SEEN, "voip_only", NULL, {IN_DIRECT}},
    /* A call that never came over the trunk met no decision. */
    {"BYP-02",
     DS_NOT_SEEN,
     "voip_only",
     "bypass_off",
     {.path = "alice pool gateway pstn", .number = CALLED_PSTN}},
    /* The IDs that count are those on the wire. */
    {"BYP-01",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {RELAYED, .changes = {{"alice", NULL, "INVITE", "bypassid:5f0f", "bypassid:6f0f"}}}},
    {"BYP-04",
     DS_PASS,
     "voip_only",
     NULL,
     {RELAYED, .changes = {{"alice", NULL, "INVITE", "bypassid:5f0f", "bypassid:6f0f"}}}},
    {"BYP-04",
     DS_FAIL,
     "voip_only",
     NULL,
     {DIRECT, .changes = {{"alice", NULL, "INVITE", "bypassid:5f0f", "bypassid:6f0f"}}}},
};

static void audio_bypasses_the_mediation_server_where_it_may(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

/* Two bypassed calls; the gateway answers the second with this address where there is one. */
static enum ds_verdict two_calls(const char *second)
{
    struct scene scene;
    char address[80];
    struct plan plan = {DIRECT};
    scene_open(&scene, "voip_only", NULL);
    scene_play(&scene, &plan);
    struct ds_addr_text own = ds_addr_ip_text(ds_topo_find(scene.topo, DS_LITERAL("gateway"))->at);
    snprintf(address, sizeof address, "c=IN IP4 %s", own.text);
    if (second != NULL)
        plan.changes[0] = (struct change){"gateway", "mediation", "SIP/2.0 200", address, second};
    scene_play(&scene, &plan);
    scene_read(&scene);
    scene_judge(&scene);
    enum ds_verdict verdict = scene_verdict(&scene, "BYP-13");
    scene_close(&scene);
    return verdict;
}

static void a_peer_ends_all_bypassed_calls_at_one_address(void **state)
{
    (void)state;
    assert_int_equal(two_calls(NULL), DS_PASS);
    assert_int_equal(two_calls("c=IN IP4 127.0.10.77"), DS_FAIL);
}

int test_bypass(void);

int test_bypass(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(audio_bypasses_the_mediation_server_where_it_may),
        cmocka_unit_test(a_peer_ends_all_bypassed_calls_at_one_address),
    };
    return cmocka_run_group_tests_name("bypass", tests, NULL, NULL);
}
