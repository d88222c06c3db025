#include "capture.h"

#define PARKS(who) .path = who " pool park", .number = "park"
#define TAKES_UP   .path = "bob pool park", .number = "7001"
/* What the service says of itself, where it refuses. */
#define DIAGNOSED(id)                                                                              \
    {                                                                                              \
        "park", "pool", "SIP/2.0 404",                                                             \
            "CSeq: ", "ms-diagnostics: " id ";reason=\"None\";source=\"park\"\r\nCSeq: "           \
    }

static const struct verdict_case cases[] = {
    {"OPT-01", DS_PASS, "behind_pbx", "call_park", {TAKES_UP, .media = "bob park", .packets = 60}},
    {"OPT-02", DS_PASS, "behind_pbx", "call_park", {TAKES_UP, .media = "bob park", .packets = 60}},
    {"OPT-01",
     DS_PASS,
     "behind_pbx",
     "call_park",
     {.path = "carol pbx gateway mediation pool park",
      .number = "7001",
      .media = "carol pbx gateway mediation park",
      .packets = 60}},
    {"OPT-02",
     DS_FAIL,
     "behind_pbx",
     "call_park",
     {.path = "carol pbx gateway mediation pool park",
      .number = "7001",
      .media = "carol pbx gateway park",
      .packets = 60}},

    {"PARK-03",
     DS_PASS,
     "behind_pbx",
     "call_park",
     {TAKES_UP, .status = 404, .changes = {DIAGNOSED("35000")}}},
    {"PARK-03",
     DS_FAIL,
     "behind_pbx",
     "call_park",
     {TAKES_UP, .status = 404, .changes = {DIAGNOSED("35002")}}},
    {"PARK-03", DS_FAIL, "behind_pbx", "call_park", {TAKES_UP, .status = 486}},
    {"PARK-03", DS_FAIL, "behind_pbx", "call_park", {TAKES_UP, .media = "bob park", .packets = 60}},
    {"PARK-03", DS_NOT_SEEN, "behind_pbx", "call_park", {PARKS("bob"), .status = 404}},
    {"PARK-03",
     DS_NOT_SEEN,
     "behind_pbx",
     "call_park",
     {.path = "bob pool alice", .number = CALLED_EV, .media = "bob alice"}},

    {"PARK-04", DS_PASS, "behind_pbx", "call_park", {PARKS("bob"), .status = 403}},
    {"PARK-04", DS_FAIL, "behind_pbx", "call_park", {PARKS("bob"), .media = "bob park"}},
    {"PARK-04", DS_PASS, "behind_pbx", "call_park", {PARKS("alice"), .media = "alice park"}},
    {"PARK-04", DS_PASS, "behind_pbx", "call_park", {PARKS("alice"), .status = 480}},
    {"PARK-04", DS_FAIL, "behind_pbx", "call_park", {PARKS("alice"), .status = 403}},
    {"PARK-04", DS_NOT_SEEN, "behind_pbx", "call_park", {TAKES_UP, .status = 403}},

    /* They are handed on at once. */
    {"OPT-02", DS_NOT_SEEN, "behind_pbx", "call_park", {TAKES_UP, .media = "bob pool"}},

    /* Nobody is parked by a call to the service alone. */
    {"PARK-01", DS_NOT_SEEN, "behind_pbx", "call_park", {PARKS("alice"), .media = "alice park"}},
    {"PARK-02",
     DS_NOT_SEEN,
     "behind_pbx",
     "call_park",
     {TAKES_UP, .media = "bob park", .packets = 60}},
    {"PARK-05", DS_NOT_SEEN, "behind_pbx", "call_park", {PARKS("alice"), .media = "alice park"}},
    {"PARK-06",
     DS_NOT_SEEN,
     "behind_pbx",
     "call_park",
     {.path = "bob pool alice", .number = CALLED_EV, .media = "bob alice"}},
};

static void calls_to_the_service_are_judged_as_such(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

int test_park(void);

int test_park(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_to_the_service_are_judged_as_such),
    };
    return cmocka_run_group_tests_name("park", tests, NULL, NULL);
}
