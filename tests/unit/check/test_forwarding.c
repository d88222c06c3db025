#include "capture.h"

#define HISTORY(line) "Max-Forwards: ", "History-Info: " line "\r\nMax-Forwards: "
#define ALICE_BOB                                                                                  \
    "<sip:alice@contoso.example>;index=1, <sip:+14255550102@contoso.example>;index=1.1;mp=1"
#define TO_BOB  .path = "carol pool bob", .number = CALLED_EV, .media = "carol bob"
#define AT_POOL .path = "carol pool", .number = CALLED_EV
#define TO_PSTN                                                                                    \
    .path = "alice pool mediation gateway pstn", .number = CALLED_PSTN,                            \
    .media = "alice gateway pstn"
#define MOBILE "+12065550142"
#define ON_FROM_ALICE(to)                                                                          \
    {"pool", to, "INVITE", "INVITE sip:" CALLED_EV, "INVITE sip:" MOBILE},                         \
    {                                                                                              \
        "pool", to, "INVITE",                                                                      \
            HISTORY("<sip:alice@contoso.example>;index=1, <sip:" MOBILE                            \
                    "@contoso.example>;index=1.1;mp=1")                                            \
    }
#define TRIED_TWICE                                                                                \
    .path = "bob pool mediation_a", .number = CALLED_EV, .status = 408, .again = "pool mediation_b"
#define SAYS(id)                                                                                   \
    {                                                                                              \
        "pool", "carol", "SIP/2.0 4", "Max-Forwards: 70\r\n",                                      \
            "Max-Forwards: 70\r\nms-diagnostics: " id ";reason=\"r\";source=\"pool\"\r\n"          \
    }

static const struct verdict_case cases[] = {
    {"FWD-01", DS_PASS, "forwarding", "to_colleague", {TO_BOB}},
    {"FWD-01",
     DS_FAIL,
     "forwarding",
     "to_colleague",
     {.path = "carol pool alice", .number = CALLED_EV, .media = "carol alice"}},
    {"FWD-01", DS_NOT_SEEN, "forwarding", "to_colleague", {AT_POOL, .status = 480}},
    {"FWD-01", DS_NOT_SEEN, "forwarding", "ring_also", {.path = "carol pool bob", .number = "102"}},
    {"OPT-01", DS_PASS, "forwarding", "to_colleague", {TO_BOB}},
    {"OPT-01", DS_FAIL, "forwarding", "ring_also", {TO_BOB}},
    {"OPT-01", DS_NOT_SEEN, "forwarding", "loop", {AT_POOL, .status = 482}},
    {"FWD-02", DS_PASS, "forwarding", "loop", {AT_POOL, .status = 482, .changes = {SAYS("13000")}}},
    {"FWD-02", DS_FAIL, "forwarding", "loop", {AT_POOL, .status = 482, .changes = {SAYS("13005")}}},
    {"FWD-02",
     DS_FAIL,
     "forwarding",
     "loop",
     {.path = "carol pool alice", .number = CALLED_EV, .media = "carol alice"}},
    {"FWD-02", DS_NOT_SEEN, "forwarding", "to_colleague", {TO_BOB}},
    {"FWD-03",
     DS_PASS,
     "forwarding",
     "to_colleague",
     {TO_BOB, .changes = {{"pool", "bob", "INVITE", HISTORY(ALICE_BOB)}}}},
    {"FWD-03", DS_FAIL, "forwarding", "to_colleague", {TO_BOB}},
    {"FWD-03",
     DS_FAIL,
     "forwarding",
     "to_colleague",
     {TO_BOB, .changes = {{"pool", "bob", "INVITE",
                           HISTORY("<sip:bob@contoso.example>;index=1, "
                                   "<sip:alice@contoso.example>;index=1.1")}}}},
    {"FWD-03",
     DS_FAIL,
     "forwarding",
     "to_colleague",
     {TO_BOB, .changes = {{"pool", "bob", "INVITE",
                           HISTORY("<sip:alice@contoso.example>, <sip:bob@contoso.example>")}}}},
    {"FWD-03",
     DS_PASS,
     "mediation_pool",
     "to_mobile",
     {TRIED_TWICE, .changes = {ON_FROM_ALICE("mediation_a"), ON_FROM_ALICE("mediation_b")}}},
    {"FWD-03",
     DS_FAIL,
     "mediation_pool",
     "to_mobile",
     {TRIED_TWICE, .changes = {ON_FROM_ALICE("mediation_a"),
                               {"pool", "mediation_b", "INVITE", "INVITE sip:" CALLED_EV,
                                "INVITE sip:" MOBILE}}}},
    {"RTE-30",
     DS_PASS,
     "mediation_pool",
     "to_mobile",
     {TRIED_TWICE, .changes = {ON_FROM_ALICE("mediation_a"),
                               ON_FROM_ALICE("mediation_b"),
                               {"mediation_a", "pool", "SIP/2.0", NULL, NULL}}}},
    {"RTE-18", DS_PASS, "forwarding", "internal", {AT_POOL, .status = 403}},
    {"RTE-18", DS_NOT_SEEN, "forwarding", "to_colleague", {TO_BOB}},
    {"SIG-06",
     DS_PASS,
     "forwarding",
     "with_history",
     {TO_PSTN, .changes = {{"pool", "mediation", "INVITE", HISTORY(ALICE_BOB)},
                           {"mediation", "gateway", "INVITE", HISTORY(ALICE_BOB)}}}},
    {"SIG-06",
     DS_FAIL,
     "forwarding",
     "with_history",
     {TO_PSTN, .changes = {{"pool", "mediation", "INVITE", HISTORY(ALICE_BOB)}}}},
    {"SIG-06",
     DS_FAIL,
     "forwarding",
     NULL,
     {TO_PSTN, .changes = {{"mediation", "gateway", "INVITE", HISTORY(ALICE_BOB)}}}},
    {"SIG-06", DS_NOT_SEEN, "forwarding", "with_history", {TO_PSTN}},
};

static void calls_go_on_as_their_users_wish(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

int test_forwarding(void);

int test_forwarding(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_go_on_as_their_users_wish),
    };
    return cmocka_run_group_tests_name("forwarding", tests, NULL, NULL);
}
