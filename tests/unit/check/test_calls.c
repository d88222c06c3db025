#include "capture.h"

#define OUT      .path = "alice pool mediation gateway pstn", .number = CALLED_PSTN
#define IN       .path = "pstn gateway mediation pool alice", .number = CALLED_EV
#define TALK     OUT, .media = "alice gateway pstn"
#define TO_PHONE .path = "alice pool mediation pbx carol", .number = CALLED_PBX
#define TALK_IN  IN, .media = "pstn gateway alice"

static const struct verdict_case cases[] = {
    {"CALL-01", DS_PASS, "voip_only", NULL, {TALK}},
    {"CALL-01",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"gateway", "pstn", "ACK", NULL, NULL}}}},
    {"CALL-01", DS_NOT_SEEN, "voip_only", NULL, {OUT, .status = 486}},
    {"CALL-02", DS_PASS, "voip_only", NULL, {TALK}},
    {"CALL-02", DS_FAIL, "voip_only", NULL, {TALK, .audio = "alice gateway"}},
    {"CALL-02", DS_NOT_SEEN, "voip_only", NULL, {TALK, .packets = -1}},
    {"CALL-03", DS_PASS, "voip_only", NULL, {OUT, .cancelled = true}},
    {"CALL-03",
     DS_FAIL,
     "voip_only",
     NULL,
     {OUT, .cancelled = true, .changes = {{"pstn", "gateway", "SIP/2.0 487", NULL, NULL}}}},
    {"CALL-03",
     DS_FAIL,
     "voip_only",
     NULL,
     {OUT, .cancelled = true, .changes = {{"pstn", "gateway", "SIP/2.0 487", "487", "486"}}}},
    {"CALL-03", DS_NOT_SEEN, "voip_only", NULL, {TALK}},
    {"CALL-04", DS_PASS, "voip_only", NULL, {OUT, .status = 486}},
    {"CALL-04",
     DS_FAIL,
     "voip_only",
     NULL,
     {OUT, .status = 486, .changes = {{"pstn", "gateway", "SIP/2.0 486", "486", "404"}}}},
    {"CALL-04",
     DS_FAIL,
     "voip_only",
     NULL,
     {OUT, .status = 486, .changes = {{"pstn", "gateway", "SIP/2.0 486", NULL, NULL}}}},
    {"CALL-04",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {.path = "alice pool", .number = "5", .status = 404}},
    {"CALL-04", DS_NOT_SEEN, "voip_only", NULL, {TALK}},
    {"CALL-05", DS_PASS, "voip_only", NULL, {TALK}},
    {"CALL-05",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"gateway", "pstn", "BYE", NULL, NULL}}}},
    {"CALL-05", DS_NOT_SEEN, "voip_only", NULL, {TALK, .open_ended = true}},
    {"CALL-06", DS_PASS, "voip_only", NULL, {TALK, .holds = true}},
    {"CALL-06",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {OUT, .cancelled = true, .changes = {{NULL, NULL, "ACK", NULL, NULL}}}},
    {"WIRE-01", DS_PASS, "voip_only", NULL, {TALK}},
    {"WIRE-01",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"gateway", "pstn", "BYE", "Max-Forwards: 70\r\n", ""}}}},
    {"WIRE-01",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"gateway", "pstn", "BYE", "z9hG4bK", "old"}}}},
    {"WIRE-01",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"alice", NULL, "INVITE", "Contact", "X-Contact"}}}},
    {"WIRE-01",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"alice", NULL, "INVITE", "CSeq: 1", "CSeq: x"}}}},
    {"CALL-09", DS_PASS, "voip_only", NULL, {TALK_IN}},
    {"CALL-09",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK_IN, .ring_us = 1500000, .changes = {{"gateway", "pstn", "SIP/2.0 180", NULL, NULL}}}},
    {"CALL-09", /* answered at once */
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {TALK_IN, .changes = {{"gateway", "pstn", "SIP/2.0 180", NULL, NULL}}}},
    {"CALL-09",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {TALK_IN, .ring_us = 1500000, .changes = {{"alice", "pool", "SIP/2.0 180", NULL, NULL}}}},
    {"CALL-10", DS_PASS, "direct_sip_partner", NULL, {TO_PHONE}},
    {"CALL-10",
     DS_FAIL,
     "direct_sip_partner",
     NULL,
     {TO_PHONE,
      .changes = {{"pbx", "carol", "INVITE", "From: <sip:+14255550101", "From: <sip:+1"}}}},
    {"CALL-10", DS_NOT_SEEN, "voip_only", NULL, {TALK}},
};

static void calls_begin_and_end_as_they_should(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

static void a_request_past_the_proxy_is_found(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene, "voip_only", NULL);
    scene_play(&scene, &(struct plan){TALK, .open_ended = true});
    scene_datagram(&scene, "alice", "mediation",
                   "BYE sip:x SIP/2.0\r\nVia: SIP/2.0/TCP x;branch=z9hG4bKbye\r\n"
                   "From: <sip:a@b>;tag=f0\r\nTo: <sip:c@d>;tag=t0\r\nCall-ID: 0-0\r\n"
                   "CSeq: 3 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n");
    scene_read(&scene);
    scene_judge(&scene);
    assert_int_equal(scene_verdict(&scene, "CALL-06"), DS_FAIL);
    assert_non_null(strstr(scene_finding(&scene, "CALL-06")->sentence,
                           "BYE goes from alice to mediation in frame"));
    scene_close(&scene);
}

int test_calls(void);

int test_calls(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_begin_and_end_as_they_should),
        cmocka_unit_test(a_request_past_the_proxy_is_found),
    };
    return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
