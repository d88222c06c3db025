#include "capture.h"

/* When audio and RTCP flow on the trunk, and what comes of their end. */

#define OUT     .path = "alice pool mediation gateway pstn", .number = CALLED_PSTN
#define PAST    OUT, .media = "alice gateway pstn"
#define THROUGH OUT, .media = "alice mediation gateway pstn"
/* As if the Mediation Server had cleared the call by itself. */
#define CLEARED_BY_SERVER                                                                          \
    .changes = {{"alice", "pool", "BYE", NULL, NULL}, {"pool", "mediation", "BYE", NULL, NULL}}

static const struct verdict_case cases[] = {
    {"MED-09", DS_PASS, "voip_only", NULL, {PAST, .lasts_s = 12, .inside_s = 12, .peer_s = 12}},
    {"MED-09", DS_FAIL, "voip_only", NULL, {PAST, .lasts_s = 12, .inside_s = 12}},
    {"MED-09", DS_FAIL, "voip_only", NULL, {PAST, .lasts_s = 12, .peer_s = 12}},
    {"MED-09", DS_NOT_SEEN, "voip_only", NULL, {PAST}},
    {"MED-09", DS_NOT_SEEN, "voip_only", "without_rtcp", {THROUGH, .lasts_s = 12}},
    {"MED-09", DS_NOT_SEEN, "voip_only", NULL, {PAST, .packets = -1, .lasts_s = 12}},
    {"MED-10", DS_PASS, "voip_only", NULL, {PAST, .lasts_s = 32, .inside_s = 32, .peer_s = 1}},
    {"MED-10", DS_FAIL, "voip_only", NULL, {PAST, .lasts_s = 40, .inside_s = 40, .peer_s = 1}},
    {"MED-10",
     DS_PASS,
     "voip_only",
     "bypass_off",
     {THROUGH, .lasts_s = 38, .inside_s = 38, .peer_s = 6, CLEARED_BY_SERVER}},
    {"MED-10", DS_NOT_SEEN, "voip_only", NULL, {PAST, .lasts_s = 40, .inside_s = 40, .peer_s = 40}},
    {"MED-10", DS_NOT_SEEN, "voip_only", NULL, {PAST, .holds = true, .lasts_s = 40, .peer_s = 1}},
    {"MED-10", DS_NOT_SEEN, "voip_only", NULL, {PAST, .open_ended = true, .lasts_s = 40}},
    {"MED-11", DS_PASS, "voip_only", "without_rtcp", {THROUGH, .lasts_s = 40}},
    {"MED-11", DS_FAIL, "voip_only", "without_rtcp", {THROUGH, .lasts_s = 32, CLEARED_BY_SERVER}},
    {"MED-11", DS_NOT_SEEN, "voip_only", "without_rtcp", {THROUGH, .lasts_s = 32}},
    {"MED-11", DS_NOT_SEEN, "voip_only", NULL, {PAST, .lasts_s = 40}},
    {"MED-12",
     DS_PASS,
     "voip_only",
     NULL,
     {PAST, .holds = true, .lasts_s = 40, .inside_s = 40, .peer_s = 40}},
    {"MED-12",
     DS_FAIL,
     "voip_only",
     NULL,
     {PAST, .holds = true, .lasts_s = 40, .inside_s = 40, .peer_s = 1}},
    {"MED-12", DS_FAIL, "voip_only", NULL, {PAST, .holds = true, .lasts_s = 40, .peer_s = 40}},
    {"MED-12", DS_NOT_SEEN, "voip_only", NULL, {PAST, .holds = true, .lasts_s = 20}},
    {"MED-12",
     DS_NOT_SEEN,
     "voip_only",
     "without_rtcp",
     {THROUGH, .holds = true, .lasts_s = 40, .inside_s = 40}},
};

static const struct verdict_case words[] = {
    {"MED-32", DS_PASS, "voip_only", NULL, {PAST}},
    {"MED-32", DS_PASS, "voip_only", NULL, {PAST, .silent_us = 400000}},
    {"MED-32", DS_FAIL, "voip_only", NULL, {PAST, .silent_us = 600000}},
    {"MED-32", DS_NOT_SEEN, "voip_only", NULL, {PAST, .packets = -1}},
    {"MED-33", DS_PASS, "voip_only", NULL, {PAST, .payload_type = 13, .packet_bytes = 1}},
    {"MED-33", DS_FAIL, "voip_only", NULL, {PAST, .pause_us = 1200000}},
    {"MED-33", DS_NOT_SEEN, "voip_only", NULL, {PAST, .pause_us = 600000}},
    {"MED-33",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {PAST, .pause_us = 1200000,
      .changes = {{NULL, NULL, "", "a=rtpmap:13 CN/8000", "a=rtpmap:13 XX/8000"}}}},
    {"MED-34", DS_PASS, "voip_only", NULL, {PAST, .holds = true, .resumed_packets = 20}},
    {"MED-34", DS_PASS, "voip_only", "bypass_off", {THROUGH, .holds = true, .resumed_packets = 20}},
    {"MED-34", DS_FAIL, "voip_only", NULL, {PAST, .holds = true, .resumed_packets = -1}},
    {"MED-34", DS_NOT_SEEN, "voip_only", NULL, {PAST, .holds = true}},
    {"MED-34",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {PAST, .packets = -1, .holds = true, .resumed_packets = 20}},
    {"BYP-25", DS_PASS, "voip_only", NULL, {PAST, .holds = true, .resumed_packets = 20}},
    {"BYP-25",
     DS_NOT_SEEN,
     "voip_only",
     "bypass_off",
     {THROUGH, .holds = true, .resumed_packets = 20}},
};

static void words_are_heard_at_once_and_after_a_hold(void **state)
{
    (void)state;
    check_cases(words, DS_COUNT(words));
}

static void rtcp_goes_on_and_its_end_is_the_call_s(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

int test_rtcp(void);

int test_rtcp(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_heard_at_once_and_after_a_hold),
        cmocka_unit_test(rtcp_goes_on_and_its_end_is_the_call_s),
    };
    return cmocka_run_group_tests_name("rtcp", tests, NULL, NULL);
}
