#include "capture.h"

#define BRANCH   .path = "bella pool mediation gateway_branch pstn", .number = CALLED_PSTN
#define CENTRAL  .path = "bella pool mediation gateway pstn", .number = CALLED_PSTN
#define OUT      .path = "alice pool mediation gateway pstn", .number = CALLED_PSTN
#define IN       .path = "pstn gateway_branch mediation pool bella", .number = "+15095550101"
#define PARTNER  .path = "alice pool mediation pbx pstn", .number = CALLED_PSTN
#define LOCAL    "bella gateway_branch pstn"
#define DETOUR   "bella mediation gateway_branch pstn"
#define RELAYED  "alice mediation gateway pstn"
#define DIRECT   "alice gateway pstn"
#define OF_BELLA "x-bypassid:5989ee07-2eb5-4d67-8806-62564c462610"
#define OF_WEST  "x-bypassid:52f0eba4-4d26-478e-860c-44f7b09b54ae"

static const struct verdict_case cases[] = {
    {"BYP-06", DS_PASS, "branch", NULL, {BRANCH, .media = LOCAL}},
    {"BYP-06",
     DS_FAIL,
     "branch",
     NULL,
     {BRANCH, .media = LOCAL, .changes = {{"bella", NULL, "INVITE", OF_BELLA, OF_WEST}}}},
    {"BYP-06",
     DS_NOT_SEEN,
     "branch",
     NULL,
     {BRANCH, .media = LOCAL, .changes = {{"bella", NULL, "INVITE", "a=" OF_BELLA "\r\n", ""}}}},
    {"BYP-06", DS_NOT_SEEN, "branch", NULL, {OUT, .media = DIRECT}},
    {"BYP-07", DS_PASS, "branch", NULL, {BRANCH, .media = LOCAL}},
    {"BYP-07", DS_PASS, "branch", NULL, {IN, .media = "pstn gateway_branch bella"}},
    {"BYP-07", DS_FAIL, "branch", NULL, {BRANCH, .media = DETOUR}},
    {"BYP-07", DS_NOT_SEEN, "branch", NULL, {BRANCH, .media = LOCAL, .status = 486}},
    {"BYP-07",
     DS_NOT_SEEN,
     "branch",
     "central_gateway",
     {CENTRAL, .media = "bella mediation gateway pstn"}},
    {"BYP-07", DS_NOT_SEEN, "branch", NULL, {OUT, .media = DIRECT}},
    {"BYP-04",
     DS_PASS,
     "branch",
     "central_gateway",
     {CENTRAL, .media = "bella mediation gateway pstn"}},
    {"BYP-04", DS_FAIL, "branch", "central_gateway", {CENTRAL, .media = "bella gateway pstn"}},
    {"BYP-26", DS_PASS, "branch", "undefined_site", {OUT, .media = RELAYED}},
    {"BYP-26", DS_FAIL, "branch", "undefined_site", {OUT, .media = DIRECT}},
    {"BYP-26", DS_NOT_SEEN, "branch", "default_bypass_id", {OUT, .media = DIRECT}},
    {"BYP-26", DS_NOT_SEEN, "branch", "communicator", {OUT, .media = RELAYED}},
    {"BYP-27", DS_PASS, "branch", "communicator", {OUT, .media = RELAYED}},
    {"BYP-27", DS_FAIL, "branch", "communicator", {OUT, .media = DIRECT}},
    {"BYP-27", DS_NOT_SEEN, "branch", "undefined_site", {OUT, .media = RELAYED}},
    {"BYP-24",
     DS_PASS,
     "direct_sip_partner",
     "media_processor",
     {PARTNER, .media = "alice pbx pstn"}},
    {"BYP-24",
     DS_PASS,
     "direct_sip_partner",
     "media_processor_in_annex",
     {PARTNER, .media = "alice mediation pbx pstn"}},
    {"BYP-24", DS_NOT_SEEN, "direct_sip_partner", NULL, {PARTNER, .media = "alice pbx pstn"}},
    {"BYP-24",
     DS_NOT_SEEN,
     "direct_sip_partner",
     "media_processor",
     {PARTNER, .media = "alice pbx pstn", .status = 486, .packets = -1}},
    {"BYP-21",
     DS_PASS,
     "direct_sip_partner",
     "media_processor",
     {PARTNER, .media = "alice pbx pstn"}},
};

static void a_clients_place_and_age_decide_on_bypass(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

int test_place(void);

int test_place(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clients_place_and_age_decide_on_bypass),
    };
    return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
