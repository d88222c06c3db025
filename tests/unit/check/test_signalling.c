#include "capture.h"

#include <stdio.h>

#define OUT     .path = "alice pool mediation gateway pstn", .number = CALLED_PSTN
#define IN      .path = "pstn gateway mediation pool alice", .number = CALLED_EV
#define TALK    OUT, .media = "alice gateway pstn"
#define TALK_IN IN, .media = "pstn gateway alice"

#define STRANGER .path = "pstn gateway_b mediation", .number = CALLED_EV, .status = 400
#define TOLD_ID                                                                                    \
    "mediation", "gateway_b", "SIP/2.0 400", "Max-Forwards: 70\r\n",                               \
        "Max-Forwards: 70\r\nms-diagnostics: 10013;reason=\"no peer\";source=\"mediation\"\r\n"

/* The gateway offers another codec in place of G.711. */
#define FOREIGN(status_)                                                                           \
    .path = "pstn gateway mediation", .number = CALLED_EV, .status = status_,                      \
    .changes = {{"gateway", "mediation", "INVITE", "RTP/AVP 0 8 13 101", "RTP/AVP 18 101"}}

#define ASSERTED(number) "P-Asserted-Identity: <tel:" number ">\r\nMax-Forwards"

static const struct verdict_case cases[] = {
    {"MED-31", DS_PASS, "voip_only", NULL, {FOREIGN(488)}},
    {"MED-31", DS_FAIL, "voip_only", NULL, {FOREIGN(500)}},
    {"MED-31",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {.path = "pstn gateway mediation", .number = CALLED_EV, .status = 488}},
    {"SIG-01", DS_PASS, "voip_only", NULL, {TALK, .holds = true}},
    {"SIG-01",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .holds = true, .changes = {{"alice", "pool", "INVITE", "a=inactive", "a=sendonly"}}}},
    {"SIG-01",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .holds = true, .changes = {{"alice", "pool", "INVITE", "a=inactive", "a=recvonly"}}}},
    {"SIG-01",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .holds = true,
      .changes = {{"mediation", "gateway", "INVITE", "c=IN IP4 127.0.10",
                   "c=IN IP4 0.0.0.0 127.0.10"}}}},
    {"SIG-01", DS_NOT_SEEN, "voip_only", NULL, {TALK}},
    {"SIG-02", DS_PASS, "voip_only", NULL, {TALK, .holds = true}},
    {"SIG-02",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .holds = true,
      .changes = {{"pstn", "gateway", "SIP/2.0 200", "a=inactive", "a=sendrecv"}}}},
    {"SIG-02", DS_NOT_SEEN, "voip_only", NULL, {TALK}},
    {"SIG-03", DS_PASS, "voip_only", NULL, {TALK, .holds = true}},
    {"SIG-03",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .holds = true, .changes = {{"alice", "pool", "INVITE", "- 1000 2 IN", "- 1000 1 IN"}}}},
    {"SIG-03",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .holds = true, .changes = {{"alice", "pool", "INVITE", "- 1000 2 IN", "- 1000 3 IN"}}}},
    {"SIG-03",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .holds = true, .changes = {{"alice", "pool", "INVITE", "- 1000 2 IN", "- 1007 2 IN"}}}},
    {"SIG-03", DS_NOT_SEEN, "voip_only", NULL, {TALK}},
    {"SIG-04", DS_PASS, "voip_only", NULL, {TALK}},
    {"SIG-04",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"mediation", "gateway", "INVITE", "Max-Forwards: 68\r\n",
                         "Max-Forwards: 68\r\nP-Asserted-Identity: <sip:a@b>\r\n"}}}},
    {"SIG-04", DS_NOT_SEEN, "voip_only", NULL, {TALK_IN}},
    {"SIG-06", DS_PASS, "voip_only", NULL, {TALK}},
    {"SIG-06",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"mediation", "gateway", "INVITE", "Max-Forwards: 68\r\n",
                         "Max-Forwards: 68\r\nHistory-Info: <sip:a@b>;index=1\r\n"}}}},
    {"SIG-06", DS_NOT_SEEN, "voip_only", NULL, {TALK_IN}},
    {"SIG-09", DS_PASS, "voip_only", NULL, {TALK}},
    {"SIG-09",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"mediation", "gateway", "INVITE", "Max-Forwards: 68\r\n",
                         "Max-Forwards: 68\r\nSession-Expires: 1800\r\n"}}}},
    {"SIG-09", DS_NOT_SEEN, "voip_only", NULL, {TALK_IN}},
    {"SIG-07", DS_PASS, "voip_only", NULL, {TALK}},
    {"SIG-07",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"mediation", "gateway", "INVITE", "sip:+1206", "sip:1206"}}}},
    {"SIG-07",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"mediation", "gateway", "INVITE", "From: <sip:+1", "From: <sip:1"}}}},
    {"SIG-07", DS_NOT_SEEN, "voip_only", NULL, {TALK_IN}},
    {"SIG-10", DS_PASS, "voip_only", NULL, {TALK}},
    {"SIG-10",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK,
      .changes = {{"mediation", "gateway", "INVITE", "User-Agent: RTCC", "User-Agent: Other"}}}},
    {"SIG-10",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"mediation", "gateway", "INVITE", "User-Agent", "X-Agent"}}}},
    {"SIG-10",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"mediation", "gateway", "INVITE", "5.0.0.0", "five"}}}},
    {"SIG-10", DS_NOT_SEEN, "voip_only", NULL, {.path = "alice pool bob", .number = "102"}},
    {"SIG-11", DS_PASS, "voip_only", NULL, {TALK_IN}},
    {"SIG-11",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK_IN, .changes = {{"mediation", "pool", "INVITE", "isGateway", "x"}}}},
    {"SIG-11",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK_IN, .changes = {{"mediation", "pool", "INVITE", "gruu", "x"}}}},
    {"SIG-11",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK_IN, .changes = {{"mediation", "pool", "INVITE", "MediationServer", "x"}}}},
    {"SIG-11", DS_NOT_SEEN, "voip_only", NULL, {TALK}},
    {"SIG-12", DS_PASS, "voip_only", NULL, {TALK}},
    {"SIG-12",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"gateway", "mediation", "SIP/2.0 180", NULL, NULL}}}},
    {"SIG-12",
     DS_NOT_SEEN,
     "two_gateways",
     "patient",
     {.path = "alice pool mediation gateway_a pstn",
      .number = CALLED_PSTN,
      .ring_us = 600000,
      .changes = {{"gateway_a", "mediation", "SIP/2.0 180", NULL, NULL}}}},
    {"SIG-12",
     DS_NOT_SEEN,
     "voip_only",
     NULL,
     {OUT, .status = 486, .changes = {{"gateway", "mediation", "SIP/2.0 180", NULL, NULL}}}},
    {"SIG-12",
     DS_NOT_SEEN,
     "direct_sip_partner",
     NULL,
     {.path = "alice pool mediation pbx carol", .number = CALLED_PBX}},
    {"SIG-13", DS_PASS, "voip_only", NULL, {IN, .status = 603}},
    {"SIG-13",
     DS_FAIL,
     "voip_only",
     NULL,
     {IN, .status = 603, .changes = {{"mediation", "gateway", "SIP/2.0 603", "603", "486"}}}},
    {"SIG-13",
     DS_FAIL,
     "voip_only",
     NULL,
     {IN, .status = 603, .changes = {{"mediation", "gateway", "SIP/2.0 603", "603", "183"}}}},
    {"SIG-13", DS_NOT_SEEN, "voip_only", NULL, {IN, .status = 486}},
    {"SIG-14", DS_PASS, "voip_only", "stranger", {STRANGER, .changes = {{TOLD_ID}}}},
    {"SIG-14", DS_FAIL, "voip_only", "stranger", {STRANGER}},
    {"SIG-14",
     DS_FAIL,
     "voip_only",
     "stranger",
     {.path = "pstn gateway_b mediation", .number = CALLED_EV, .status = 500}},
    {"SIG-14",
     DS_FAIL,
     "voip_only",
     "stranger",
     {.path = "pstn gateway_b mediation pool alice", .number = CALLED_EV, .status = 486}},
    {"SIG-14", DS_NOT_SEEN, "voip_only", NULL, {TALK_IN}},
    {"SIG-15",
     DS_PASS,
     "voip_only",
     NULL,
     {.path = "alice pool",
      .number = "5",
      .status = 404,
      .changes = {{"pool", "alice", "SIP/2.0 404", "Max-Forwards: 70\r\n",
                   "Max-Forwards: 70\r\nms-diagnostics: 12004;reason=\"No route; "
                   "none\";source=\"pool\"\r\n"}}}},
    {"SIG-15",
     DS_FAIL,
     "voip_only",
     NULL,
     {.path = "alice pool",
      .number = "5",
      .status = 404,
      .changes = {{"pool", "alice", "SIP/2.0 404", "Max-Forwards: 70\r\n",
                   "Max-Forwards: 70\r\nms-diagnostics: 12004 No route\r\n"}}}},
    {"SIG-15",
     DS_FAIL,
     "voip_only",
     NULL,
     {.path = "alice pool",
      .number = "5",
      .status = 404,
      .changes = {{"pool", "alice", "SIP/2.0 404", "Max-Forwards: 70\r\n",
                   "Max-Forwards: 70\r\nms-diagnostics: x;reason=\"a\";source=\"b\"\r\n"}}}},
    {"SIG-15",
     DS_FAIL,
     "voip_only",
     NULL,
     {.path = "alice pool",
      .number = "5",
      .status = 404,
      .changes = {{"pool", "alice", "SIP/2.0 404", "Max-Forwards: 70\r\n",
                   "Max-Forwards: 70\r\nms-diagnostics: 1;reason=\"a\"\r\n"}}}},
    {"SIG-15",
     DS_FAIL,
     "voip_only",
     NULL,
     {.path = "alice pool",
      .number = "5",
      .status = 404,
      .changes = {{"pool", "alice", "SIP/2.0 404", "Max-Forwards: 70\r\n",
                   "Max-Forwards: 70\r\nms-diagnostics: 1;source=\"a\"\r\n"}}}},
    {"SIG-15",
     DS_FAIL,
     "voip_only",
     NULL,
     {.path = "alice pool",
      .number = "5",
      .status = 404,
      .changes = {{"pool", "alice", "SIP/2.0 404", "Max-Forwards: 70\r\n",
                   "Max-Forwards: 70\r\nms-diagnostics: 1.;reason=\"a\";source=\"b\"\r\n"}}}},
    {"SIG-15",
     DS_FAIL,
     "voip_only",
     NULL,
     {.path = "alice pool",
      .number = "5",
      .status = 404,
      .changes = {{"pool", "alice", "SIP/2.0 404", "Max-Forwards: 70\r\n",
                   "Max-Forwards: 70\r\nms-diagnostics: 1;reason=\"a;source=b\r\n"}}}},
    {"SIG-15",
     DS_FAIL,
     "voip_only",
     NULL,
     {.path = "alice pool",
      .number = "5",
      .status = 404,
      .changes = {{"pool", "alice", "SIP/2.0 404", "Max-Forwards: 70\r\n",
                   "Max-Forwards: 70\r\nms-diagnostics: 1;reason=a;source=b\r\n"}}}},
    {"SIG-15",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"alice", NULL, "INVITE", "Max-Forwards: 70\r\n",
                         "Max-Forwards: 70\r\nms-diagnostics: 12004;reason=\"No route; "
                         "none\";source=\"pool\"\r\n"}}}},
    {"SIG-15", DS_NOT_SEEN, "voip_only", NULL, {TALK}},
    {"SIG-23",
     DS_PASS,
     "voip_only",
     "identity_kept_out",
     {TALK_IN,
      .changes = {{"gateway", "mediation", "INVITE", "Max-Forwards", ASSERTED("+12065550199")}}}},
    {"SIG-23",
     DS_FAIL,
     "voip_only",
     "identity_kept_out",
     {TALK_IN,
      .changes = {{"gateway", "mediation", "INVITE", "Max-Forwards", ASSERTED("+12065550199")},
                  {"mediation", "pool", "INVITE", "Max-Forwards", ASSERTED("+12065550199")}}}},
    {"SIG-23", DS_NOT_SEEN, "voip_only", "identity_kept_out", {TALK_IN}},
    {"SIG-23",
     DS_NOT_SEEN,
     "voip_only",
     "asserted_identity",
     {TALK_IN,
      .changes = {{"gateway", "mediation", "INVITE", "Max-Forwards", ASSERTED("+12065550199")}}}},
    {"SIG-24",
     DS_PASS,
     "voip_only",
     "asserted_identity",
     {TALK_IN,
      .changes = {{"gateway", "mediation", "INVITE", "Max-Forwards", ASSERTED("+12065550199")},
                  {"mediation", "pool", "INVITE", "Max-Forwards", ASSERTED("+12065550199")},
                  {"pool", "alice", "INVITE", "Max-Forwards", ASSERTED("+12065550199")}}}},
    {"SIG-24",
     DS_FAIL,
     "voip_only",
     "asserted_identity",
     {TALK_IN,
      .changes = {{"gateway", "mediation", "INVITE", "Max-Forwards", ASSERTED("+12065550199")}}}},
    {"SIG-24",
     DS_FAIL,
     "voip_only",
     "asserted_identity",
     {TALK_IN,
      .changes = {{"gateway", "mediation", "INVITE", "Max-Forwards", ASSERTED("+12065550199")},
                  {"mediation", "pool", "INVITE", "Max-Forwards", ASSERTED("+12065550199")}}}},
    {"SIG-24",
     DS_FAIL,
     "voip_only",
     "asserted_identity",
     {TALK_IN,
      .changes = {{"gateway", "mediation", "INVITE", "Max-Forwards", ASSERTED("+12065550199")},
                  {"mediation", "pool", "INVITE", "Max-Forwards", ASSERTED("+12065550111")},
                  {"pool", "alice", "INVITE", "Max-Forwards", ASSERTED("+12065550111")}}}},
    {"SIG-24", DS_NOT_SEEN, "voip_only", "asserted_identity", {TALK_IN}},
};

static void messages_say_what_the_requirements_ask(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

static void send_offer(struct scene *scene, unsigned cseq, const char *type, const char *body)
{
    char text[2000];
    snprintf(text, sizeof text,
             "INVITE sip:x SIP/2.0\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK%u\r\n"
             "From: <sip:a@b>;tag=f\r\nTo: <sip:c@d>%s\r\nCall-ID: two\r\nCSeq: %u INVITE\r\n"
             "Contact: <sip:a@b>\r\nMax-Forwards: 70\r\nContent-Type: %s\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             cseq, cseq > 1 ? ";tag=t" : "", cseq, type, strlen(body), body);
    scene_datagram(scene, "mediation", "pool", text);
}

#define BODY(id, version)                                                                          \
    "v=0\r\no=- " id " " version                                                                   \
    " IN IP4 127.0.1.10\r\ns=-\r\nc=IN IP4 127.0.1.10\r\nt=0 0\r\nm=audio 50000 RTP/AVP 0\r\n"

/* An offer of two bodies, and then one under the session of `next`. */
static enum ds_verdict goes_on_as(const char *next)
{
    struct scene scene;
    scene_open(&scene, "voip_only", NULL);
    send_offer(
        &scene, 1, "multipart/alternative;boundary=x",
        "--x\r\nContent-Type: application/sdp\r\n\r\n" BODY(
            "10",
            "1") "\r\n--x\r\nContent-Type: application/gw-sdp\r\n\r\n" BODY("20",
                                                                            "1") "\r\n--x--\r\n");
    send_offer(&scene, 2, "application/sdp", next);
    scene_read(&scene);
    scene_judge(&scene);
    enum ds_verdict verdict = scene_verdict(&scene, "SIG-03");
    scene_close(&scene);
    return verdict;
}

static void the_session_goes_on_under_the_body_that_was_taken(void **state)
{
    (void)state;
    assert_int_equal(goes_on_as(BODY("10", "2")), DS_PASS);
    assert_int_equal(goes_on_as(BODY("20", "2")), DS_PASS);
    assert_int_equal(goes_on_as(BODY("30", "2")), DS_FAIL);
    assert_int_equal(goes_on_as(BODY("10", "3")), DS_FAIL);
}

int test_signalling(void);

int test_signalling(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_say_what_the_requirements_ask),
        cmocka_unit_test(the_session_goes_on_under_the_body_that_was_taken),
    };
    return cmocka_run_group_tests_name("signalling", tests, NULL, NULL);
}
