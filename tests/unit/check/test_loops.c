#include "capture.h"

/* Calls that go round, and the hops that are counted on their way. */

#define OUT  .path = "alice pool mediation gateway pstn", .number = CALLED_PSTN
#define AWAY .path = "alice pool mediation gateway", .number = CALLED_PSTN

#define INSIDE .path = "carol pbx gateway mediation pool alice", .number = CALLED_EV

/* Between the PBX and an Enterprise Voice that sends the call back. */
#define ONCE_ROUND                                                                                 \
    .path = "dave pbx gateway mediation pool mediation gateway pbx", .number = CALLED_PBX
#define AGAIN                                                                                      \
    .path = "dave pbx gateway mediation pool mediation gateway pbx gateway mediation",             \
    .number = CALLED_PBX

static const struct verdict_case cases[] = {
    {"CALL-08", DS_PASS, "voip_only", NULL, {OUT}},
    {"CALL-08", DS_PASS, "migration", NULL, {ONCE_ROUND, .status = 482}},
    {"CALL-08", DS_FAIL, "migration", NULL, {AGAIN, .status = 483}},
    /* Tried once more after its refusal, a peer is called twice and no call goes round. */
    {"CALL-08", DS_PASS, "voip_only", NULL, {OUT, .status = 503, .again = "mediation gateway"}},
    /* Nor does one that a PBX makes again, having forgotten it. */
    {"CALL-08",
     DS_PASS,
     "behind_pbx",
     NULL,
     {INSIDE, .extra = "pbx gateway",
      .changes = {{"pbx", "gateway", "INVITE", "Forwards: 70", "Forwards: 69"}}}},
    {"CALL-08", DS_PASS, "behind_pbx", NULL, {INSIDE, .extra = "pbx gateway"}},
    /* Nobody has counted. */
    {"CALL-08",
     DS_FAIL,
     "migration",
     NULL,
     {AGAIN, .status = 483,
      .changes = {{"pbx", "gateway", "INVITE", "Forwards: 63", "Forwards: 69"}}}},
    {"WIRE-12", DS_PASS, "voip_only", NULL, {OUT}},
    {"WIRE-12",
     DS_FAIL,
     "voip_only",
     NULL,
     {OUT, .changes = {{"mediation", "gateway", "INVITE", "Forwards: 68", "Forwards: 70"}}}},
    {"WIRE-12",
     DS_FAIL,
     "voip_only",
     NULL,
     {OUT, .changes = {{"mediation", "gateway", "INVITE", "Forwards: 68", "Forwards: 69"}}}},
    {"WIRE-12", DS_NOT_SEEN, "voip_only", NULL, {.path = "alice pool bob", .number = "102"}},
    {"WIRE-13", DS_NOT_SEEN, "voip_only", NULL, {OUT}},
    {"WIRE-13",
     DS_PASS,
     "voip_only",
     NULL,
     {AWAY, .status = 483,
      .changes = {{"mediation", "gateway", "INVITE", "Forwards: 68", "Forwards: 0"}}}},
    {"WIRE-13",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {AWAY, .status = 404,
      .changes = {{"mediation", "gateway", "INVITE", "Forwards: 68", "Forwards: 0"}}}},
    {"WIRE-13",
     DS_FAIL,
     "voip_only",
     NULL,
     {OUT, .changes = {{"mediation", "gateway", "INVITE", "Forwards: 68", "Forwards: 0"}}}},
    /* Who is called may be reached with the last hop. */
    {"WIRE-13",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {OUT, .changes = {{"gateway", "pstn", "INVITE", "Forwards: 67", "Forwards: 0"}}}},
};

static void hops_are_taken_once_and_counted(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

static void a_round_is_told_by_its_elements(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene, "migration", NULL);
    scene_play(&scene, &(struct plan){AGAIN, .status = 483});
    scene_read(&scene);
    scene_judge(&scene);
    assert_string_equal(scene_finding(&scene, "CALL-08")->sentence,
                        "the call to +14255550201 goes round: from pbx to gateway in frame 2, on "
                        "by gateway, mediation, pool, mediation, gateway, pbx, and from pbx to "
                        "gateway again in frame 8");
    scene_close(&scene);
}

int test_loops(void);

int test_loops(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hops_are_taken_once_and_counted),
        cmocka_unit_test(a_round_is_told_by_its_elements),
    };
    return cmocka_run_group_tests_name("loops", tests, NULL, NULL);
}
