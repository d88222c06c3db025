#include "capture.h"

#define OUT     .path = "alice pool mediation gateway pstn", .number = CALLED_PSTN
#define OUT5    .path = "alice pool mediation gateway pstn", .number = "5"
#define IN      .path = "pstn gateway mediation pool alice", .number = CALLED_EV
#define TALK    OUT, .media = "alice gateway pstn"
#define TALK_IN IN, .media = "pstn gateway alice"

static const struct verdict_case cases[] = {
    {"RTE-01", DS_PASS, "voip_only", NULL, {TALK}},
    {"RTE-01",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"pool", "mediation", "INVITE", "sip:+1206", "sip:1206"}}}},
    {"RTE-01",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"pool", "mediation", "INVITE", "+12065550199@", "+12@"}}}},
    {"RTE-01", DS_NOT_SEEN, "voip_only", NULL, {TALK_IN}},
    {"RTE-02", DS_PASS, "voip_only", NULL, {.path = "alice pool bob", .number = "102"}},
    {"RTE-02", DS_PASS, "voip_only", NULL, {TALK_IN}},
    {"RTE-02",
     DS_FAIL,
     "voip_only",
     NULL,
     {.path = "alice pool mediation gateway pstn", .number = "+14255550102", .status = 404}},
    {"RTE-02", DS_NOT_SEEN, "voip_only", NULL, {TALK}},
    {"RTE-05",
     DS_PASS,
     "voip_only",
     NULL,
     {.path = "alice pool",
      .number = "5",
      .status = 404,
      .changes = {{"pool", "alice", "SIP/2.0 404", "Max-Forwards: 70\r\n",
                   "Max-Forwards: 70\r\nms-diagnostics: 12004;reason=\"No route; "
                   "none\";source=\"pool\"\r\n"}}}},
    {"RTE-05", DS_FAIL, "voip_only", NULL, {OUT5, .status = 404}},
    {"RTE-05",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {.path = "alice pool", .number = "5", .status = 404}},
    {"RTE-05", DS_NOT_SEEN, "voip_only", NULL, {TALK}},
    {"RTE-07", DS_PASS, "voip_only", NULL, {OUT, .status = 486}},
    {"RTE-07", DS_FAIL, "voip_only", NULL, {OUT, .status = 486, .again = "mediation gateway"}},
    {"RTE-07", DS_NOT_SEEN, "voip_only", NULL, {OUT, .status = 503, .again = "mediation gateway"}},
    {"RTE-07", DS_NOT_SEEN, "voip_only", NULL, {OUT, .cancelled = true}},
    {"RTE-07", DS_NOT_SEEN, "voip_only", NULL, {TALK}},
};

static void numbers_and_refusals_go_where_they_should(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

int test_routing(void);

int test_routing(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_refusals_go_where_they_should),
    };
    return cmocka_run_group_tests_name("routing", tests, NULL, NULL);
}
