#include "capture.h"

#define NEAR   "+12065550199"
#define FAR    "+12125550133"
#define WEST   .path = "alice pool mediation gateway_west pstn", .number = NEAR
#define EAST   .path = "alice pool mediation gateway_east pstn", .number = FAR
#define NO_WAY .path = "bob pool mediation gateway_west", .number = NEAR

/* The pool refuses, and says why. */
#define SAYS(to, status, id)                                                                       \
    {                                                                                              \
        "pool", to, "SIP/2.0 " status, "Max-Forwards: 70\r\n",                                     \
            "Max-Forwards: 70\r\nms-diagnostics: " id ";reason=\"none\";source=\"pool\"\r\n"       \
    }

static const struct verdict_case policies[] = {
    {"RTE-03", DS_PASS, "least_cost", NULL, {WEST}},
    {"RTE-03", DS_PASS, "least_cost", NULL, {EAST}},
    {"RTE-03",
     DS_FAIL,
     "least_cost",
     NULL,
     {.path = "alice pool mediation gateway_east pstn", .number = NEAR}},
    {"RTE-03",
     DS_NOT_SEEN,
     "least_cost",
     NULL,
     {.path = "alice pool bob", .number = "+14255550102"}},
    {"RTE-04",
     DS_PASS,
     "least_cost",
     "no_usages",
     {.path = "bob pool", .number = NEAR, .status = 403, .changes = {SAYS("bob", "403", "12001")}}},
    {"RTE-04", DS_FAIL, "least_cost", "no_usages", {NO_WAY, .status = 404}},
    {"RTE-04",
     DS_NOT_SEEN,
     "least_cost",
     "no_usages",
     {.path = "bob pool", .number = NEAR, .status = 403}},
    {"RTE-04", DS_NOT_SEEN, "least_cost", "no_usages", {WEST}},
    {"RTE-05",
     DS_PASS,
     "least_cost",
     NULL,
     {.path = "bob pool", .number = FAR, .status = 404, .changes = {SAYS("bob", "404", "12004")}}},
    {"RTE-05",
     DS_FAIL,
     "least_cost",
     NULL,
     {.path = "bob pool mediation gateway_east pstn", .number = FAR, .status = 404}},
    {"RTE-05", DS_NOT_SEEN, "least_cost", "no_usages", {NO_WAY, .status = 404}},
    {"RTE-14",
     DS_PASS,
     "least_cost",
     NULL,
     {NO_WAY, .status = 503, .changes = {SAYS("bob", "503", "12000")}}},
    {"RTE-14", DS_FAIL, "least_cost", NULL, {NO_WAY, .status = 503}},
    {"RTE-14", DS_NOT_SEEN, "least_cost", NULL, {NO_WAY, .status = 486}},
    {"RTE-17",
     DS_PASS,
     "least_cost",
     NULL,
     {.path = "carol pbx gateway_west mediation pool mediation gateway_east pstn", .number = FAR}},
    {"RTE-17",
     DS_FAIL,
     "least_cost",
     "no_inter_trunk",
     {.path = "carol pbx gateway_west mediation pool mediation gateway_east pstn", .number = FAR}},
    {"RTE-17",
     DS_PASS,
     "least_cost",
     "no_inter_trunk",
     {.path = "carol pbx gateway_west mediation pool", .number = FAR, .status = 403}},
    {"RTE-17", DS_NOT_SEEN, "least_cost", NULL, {WEST}},
    {"RTE-28", DS_PASS, "least_cost", NULL, {WEST}},
    {"RTE-28",
     DS_FAIL,
     "least_cost",
     NULL,
     {.path = "alice pool mediation gateway_west pstn", .number = FAR}},
    {"RTE-28",
     DS_NOT_SEEN,
     "least_cost",
     NULL,
     {.path = "alice pool mediation gateway_west pbx carol", .number = CALLED_PBX}},
};

static void calls_leave_as_their_usages_have_it(void **state)
{
    (void)state;
    check_cases(policies, DS_COUNT(policies));
}

#define TO_ALICE            .number = CALLED_EV
#define TO_BOB              .number = "+15095550101"
#define BY(device, gateway) .path = device " pool mediation " gateway " pstn", .number = NEAR

#define PBX_BY(gateway)                                                                            \
    .path = "carol pbx gateway_pbx mediation pool mediation " gateway " pstn", .number = NEAR

#define EACH_SITE "location_based_pbx", "pbx_at_each_site"
#define TO_DORA   .path = "carol pbx gateway_pbx mediation"
#define DORA      .number = "+14255550301"

static const struct verdict_case places[] = {
    {"RTE-19", DS_PASS, "location_based", NULL, {BY("alice", "gateway_west")}},
    {"RTE-19", DS_FAIL, "location_based", NULL, {BY("alice", "gateway_main")}},
    {"RTE-19", DS_PASS, "location_based", NULL, {BY("alice_east", "gateway_east")}},
    {"RTE-19", DS_FAIL, "location_based", NULL, {BY("alice_east", "gateway_west")}},
    {"RTE-19", DS_PASS, "location_based", NULL, {BY("lena", "gateway_main")}},
    {"RTE-19", DS_FAIL, "location_based", NULL, {BY("lena", "gateway_west")}},
    {"RTE-19", DS_PASS, "location_based", NULL, {BY("rita edge", "gateway_main")}},
    {"RTE-19", DS_FAIL, "location_based", NULL, {BY("rita edge", "gateway_east")}},
    {"RTE-19",
     DS_PASS,
     "location_based",
     "all_restricted",
     {.path = "lena pool", .number = NEAR, .status = 403}},
    {"RTE-19", DS_FAIL, "location_based", "all_restricted", {BY("lena", "gateway_main")}},
    {"RTE-19",
     DS_NOT_SEEN,
     "location_based",
     NULL,
     {.path = "bob pool", .number = FAR, .status = 404}},
    {"RTE-19", DS_PASS, "location_based_pbx", NULL, {PBX_BY("gateway_west")}},
    {"RTE-19", DS_FAIL, "location_based_pbx", NULL, {PBX_BY("gateway_main")}},
    {"RTE-19", DS_PASS, "location_based_pbx", "pbx_in_the_east", {PBX_BY("gateway_main")}},
    {"RTE-19", DS_FAIL, "location_based_pbx", "pbx_in_the_east", {PBX_BY("gateway_west")}},
    {"RTE-19",
     DS_PASS,
     "location_based_pbx",
     "all_restricted",
     {.path = "carol pbx gateway_pbx mediation pool", .number = NEAR, .status = 403}},
    {"RTE-19", DS_NOT_SEEN, "least_cost", NULL, {WEST}},
    {"RTE-31",
     DS_PASS,
     EACH_SITE,
     {TO_DORA " pool mediation gateway_pbx_east pbx_east dora", DORA}},
    {"RTE-31",
     DS_PASS,
     EACH_SITE,
     {TO_DORA " pool mediation gateway_pbx_east pbx_east", DORA, .status = 404}},
    {"RTE-31", DS_FAIL, EACH_SITE, {TO_DORA " pool", DORA, .status = 403}},
    {"RTE-31", DS_NOT_SEEN, EACH_SITE, {PBX_BY("gateway_west")}},
    {"RTE-31", DS_NOT_SEEN, "location_based_pbx", NULL, {PBX_BY("gateway_west")}},
    {"OPT-01",
     DS_PASS,
     EACH_SITE,
     {TO_DORA " pool mediation gateway_pbx_east pbx_east dora", DORA}},
    {"OPT-01", DS_FAIL, EACH_SITE, {.path = "carol pbx dora", DORA}},
    {"RTE-20",
     DS_PASS,
     "location_based",
     NULL,
     {.path = "pstn gateway_west mediation pool alice", TO_ALICE}},
    {"RTE-20",
     DS_FAIL,
     "location_based",
     NULL,
     {.path = "pstn gateway_west mediation pool alice_east", TO_ALICE}},
    {"RTE-20",
     DS_FAIL,
     "location_based",
     NULL,
     {.path = "pstn gateway_west mediation pool edge alice_home", TO_ALICE}},
    {"RTE-20",
     DS_PASS,
     "location_based",
     NULL,
     {.path = "pstn gateway_east mediation pool um", TO_ALICE}},
    {"RTE-20",
     DS_FAIL,
     "location_based",
     NULL,
     {.path = "pstn gateway_east mediation pool", TO_ALICE, .status = 480}},
    {"RTE-20",
     DS_PASS,
     "location_based",
     NULL,
     {.path = "pstn gateway_west mediation pool", TO_BOB, .status = 480}},
    {"RTE-20",
     DS_NOT_SEEN,
     "location_based",
     NULL,
     {.path = "pstn gateway_east mediation pool", TO_BOB, .status = 480}},
    {"RTE-20",
     DS_NOT_SEEN,
     "location_based",
     NULL,
     {.path = "pstn gateway_main mediation pool alice", TO_ALICE}},
    {"OPT-01",
     DS_NOT_SEEN,
     "location_based",
     NULL,
     {.path = "pstn gateway_west mediation pool", TO_BOB, .status = 480}},
    {"OPT-01",
     DS_FAIL,
     "location_based",
     NULL,
     {.path = "pstn gateway_east mediation pool", TO_BOB, .status = 480}},
};

static void calls_stay_at_their_site(void **state)
{
    (void)state;
    check_cases(places, DS_COUNT(places));
}

#define ON_TRUNK(gateway, find, put)                                                               \
    {                                                                                              \
        "mediation", gateway, "INVITE", find, put                                                  \
    }
#define CALLED_AS_WANTED  ON_TRUNK("gateway_west", "INVITE sip:+1206", "INVITE sip:1206")
#define CALLING_AS_WANTED ON_TRUNK("gateway_west", "From: <sip:+1425", "From: <sip:425")
#define ASSERTED          "P-Asserted-Identity: <tel:+14255550100>\r\nFrom: "
#define SHOWN_BY_POOL                                                                              \
    {                                                                                              \
        "pool", "mediation", "INVITE", "From: ", ASSERTED                                          \
    }
#define TOLD_AS_503                                                                                \
    {                                                                                              \
        "mediation", "pool", "SIP/2.0 408", "SIP/2.0 408", "SIP/2.0 503"                           \
    }
#define BARE        ON_TRUNK("gateway_east", "INVITE sip:+1212", "INVITE sip:1212")
#define SWITCHBOARD ON_TRUNK("gateway_east", "From: <sip:+14255550101", "From: <sip:14255550100")

static const struct verdict_case translations[] = {
    {"RTE-08",
     DS_PASS,
     "least_cost",
     "translated",
     {NO_WAY, .status = 408, .changes = {TOLD_AS_503}}},
    {"RTE-08", DS_FAIL, "least_cost", "translated", {NO_WAY, .status = 408}},
    {"RTE-08", DS_NOT_SEEN, "least_cost", "translated", {NO_WAY, .status = 404}},
    {"RTE-08", DS_NOT_SEEN, "least_cost", NULL, {NO_WAY, .status = 408}},
    {"RTE-07", DS_PASS, "least_cost", NULL, {NO_WAY, .status = 502}},
    {"RTE-07", DS_NOT_SEEN, "least_cost", "translated", {NO_WAY, .status = 408}},
    {"RTE-15",
     DS_PASS,
     "least_cost",
     "translated",
     {WEST, .changes = {CALLED_AS_WANTED, CALLING_AS_WANTED}}},
    {"RTE-15", DS_FAIL, "least_cost", "translated", {WEST, .changes = {CALLED_AS_WANTED}}},
    {"RTE-15", DS_FAIL, "least_cost", "translated", {WEST, .changes = {CALLING_AS_WANTED}}},
    {"RTE-15",
     DS_FAIL,
     "least_cost",
     "translated",
     {WEST, .changes = {CALLED_AS_WANTED,
                        CALLING_AS_WANTED,
                        {"pool", "mediation", "INVITE", "INVITE sip:+1206", "INVITE sip:1206"}}}},
    {"RTE-15", DS_NOT_SEEN, "least_cost", NULL, {WEST}},
    {"RTE-16",
     DS_PASS,
     "least_cost",
     "translated",
     {EAST, .changes = {SHOWN_BY_POOL, BARE, SWITCHBOARD}}},
    {"RTE-16", DS_FAIL, "least_cost", "translated", {EAST, .changes = {SHOWN_BY_POOL, BARE}}},
    {"RTE-16", DS_NOT_SEEN, "least_cost", NULL, {EAST}},
    {"SIG-05",
     DS_PASS,
     "least_cost",
     "translated",
     {EAST, .changes = {SHOWN_BY_POOL, ON_TRUNK("gateway_east", "From: ", ASSERTED)}}},
    {"SIG-05", DS_FAIL, "least_cost", "translated", {EAST, .changes = {SHOWN_BY_POOL}}},
    {"SIG-05", DS_NOT_SEEN, "least_cost", "translated", {EAST}},
    {"SIG-07",
     DS_PASS,
     "least_cost",
     "translated",
     {EAST,
      .changes = {BARE, SWITCHBOARD, ON_TRUNK("gateway_east", "To: <sip:+1212", "To: <sip:1212")}}},
    {"SIG-07", DS_NOT_SEEN, "least_cost", "translated", {WEST, .changes = {CALLED_AS_WANTED}}},
    {"SIG-07", DS_FAIL, "least_cost", "translated", {EAST}},
};

static void trunks_make_of_calls_what_they_should(void **state)
{
    (void)state;
    check_cases(translations, DS_COUNT(translations));
}

int test_policy(void);

int test_policy(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_leave_as_their_usages_have_it),
        cmocka_unit_test(calls_stay_at_their_site),
        cmocka_unit_test(trunks_make_of_calls_what_they_should),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
