#include "capture.h"

/* ms-diagnostics in the answer that the first sends the second. */
#define TELLS(from, to, id)                                                                        \
    {                                                                                              \
        from, to, "SIP/2.0 488",                                                                   \
            "CSeq: ", "ms-diagnostics: " id ";reason=\"none\";source=\"x\"\r\nCSeq: "              \
    }

static const struct verdict_case ends[] = {
    /* It rings, and nobody has asked for the link. */
    {"CAC-01", DS_FAIL, "admission", NULL, {.path = "alice pool bella"}},
    {"CAC-01", DS_FAIL, "admission", NULL, {.path = "alice pool bella", .status = 486}},
    {"CAC-01", DS_NOT_SEEN, "admission", NULL, {.path = "alice pool dora"}},
    /* Carl's calls go not by the PSTN. Bella has voice mail, Bruno has none. */
    {"RTE-27",
     DS_FAIL,
     "admission",
     NULL,
     {.path = "carl pool bella",
      .status = 488,
      .changes = {TELLS("bella", "pool", "5"), TELLS("pool", "carl", "13010")}}},
    {"RTE-27",
     DS_PASS,
     "admission",
     NULL,
     {.path = "carl pool bruno",
      .status = 488,
      .changes = {TELLS("bruno", "pool", "5"), TELLS("pool", "carl", "13010")}}},
    {"RTE-27",
     DS_FAIL,
     "admission",
     NULL,
     {.path = "carl pool bruno", .status = 488, .changes = {TELLS("bruno", "pool", "5")}}},
    {"RTE-27",
     DS_FAIL,
     "admission",
     NULL,
     {.path = "dora pool bruno",
      .status = 488,
      .changes = {TELLS("bruno", "pool", "5"), TELLS("pool", "dora", "13010")}}},
    /* Who is called says that there is no other way. */
    {"RTE-27",
     DS_PASS,
     "admission",
     NULL,
     {.path = "dora pool bruno",
      .status = 488,
      .changes = {TELLS("bruno", "pool", "4"), TELLS("pool", "dora", "13010")}}},
    {"RTE-27", DS_NOT_SEEN, "admission", NULL, {.path = "dora pool bruno", .status = 488}},
    {"CAC-04",
     DS_FAIL,
     "admission",
     NULL,
     {.path = "carl pool um",
      .number = "+15095550121",
      .status = 488,
      .changes = {TELLS("um", "pool", "4")}}},
    {"CAC-04", DS_PASS, "admission", NULL, {.path = "carl pool um", .number = "+15095550121"}},
};

static void calls_without_bandwidth_go_where_they_are_to(void **state)
{
    (void)state;
    check_cases(ends, DS_COUNT(ends));
}

int test_admission(void);

int test_admission(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_without_bandwidth_go_where_they_are_to),
    };
    return cmocka_run_group_tests_name("admission", tests, NULL, NULL);
}
