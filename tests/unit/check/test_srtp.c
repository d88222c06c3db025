#include "capture.h"

/* What a description has to say of SRTP; the audio of these captures is in the clear. */

#define OUT    .path = "alice pool mediation gateway pstn", .number = CALLED_PSTN
#define DIRECT OUT, .media = "alice gateway pstn"
#define AROUND OUT, .media = "alice mediation gateway pstn"
#define KEY                                                                                        \
    "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwd|2^31"

#define PROFILE(from, to, starts)                                                                  \
    {                                                                                              \
        from, to, starts, "RTP/AVP", "RTP/SAVP"                                                    \
    }
#define KEYED(from, to, starts)                                                                    \
    {                                                                                              \
        from, to, starts, "a=ptime:20", KEY                                                        \
    }
#define SECURE(from, to, starts) PROFILE(from, to, starts), KEYED(from, to, starts)
#define OFFERED                  SECURE("mediation", "gateway", "INVITE")
#define ANSWERED                 SECURE("gateway", "mediation", "SIP/2.0")
#define BEST_EFFORT                                                                                \
    {                                                                                              \
        "mediation", "gateway", "INVITE", "a=ptime:20",                                            \
            "a=tcap:1 RTP/SAVP\r\na=pcfg:1 t=1\r\n" KEY                                            \
    }

static const struct verdict_case cases[] = {
    {"MED-05", DS_PASS, "srtp", "required", {DIRECT, .changes = {OFFERED, ANSWERED}}},
    {"MED-05", DS_FAIL, "srtp", "required", {DIRECT}},
    {"MED-05", DS_FAIL, "srtp", "required", {DIRECT, .changes = {OFFERED}}},
    {"MED-05",
     DS_FAIL,
     "srtp",
     "required",
     {DIRECT, .changes = {OFFERED, PROFILE("gateway", "mediation", "SIP/2.0")}}},
    {"MED-05",
     DS_FAIL,
     "srtp",
     "required",
     {.path = "alice pool mediation gateway",
      .number = CALLED_PSTN,
      .media = "alice gateway",
      .status = 488,
      .changes = {OFFERED}}},
    /* The carrier's own refusal, which the gateway passes on. */
    {"MED-05", DS_PASS, "srtp", "required", {DIRECT, .status = 488, .changes = {OFFERED}}},
    {"MED-05", DS_NOT_SEEN, "srtp", "optional", {DIRECT}},
    {"MED-06", DS_PASS, "srtp", "optional", {DIRECT, .changes = {BEST_EFFORT}}},
    {"MED-06", DS_FAIL, "srtp", "optional", {DIRECT}},
    {"MED-06", DS_FAIL, "srtp", "optional", {DIRECT, .changes = {OFFERED}}},
    {"MED-06",
     DS_FAIL,
     "srtp",
     "optional",
     {DIRECT, .changes = {KEYED("mediation", "gateway", "INVITE")}}},
    {"MED-06", DS_NOT_SEEN, "srtp", "required", {DIRECT}},
    {"MED-07", DS_PASS, "srtp", "plain_trunk", {AROUND}},
    {"MED-07", DS_FAIL, "srtp", "plain_trunk", {AROUND, .changes = {OFFERED}}},
    {"MED-07",
     DS_FAIL,
     "srtp",
     "tcp_trunk",
     {AROUND, .changes = {PROFILE("gateway", "mediation", "SIP/2.0 200")}}},
    {"MED-07", DS_NOT_SEEN, "srtp", "required", {DIRECT}},
    {"MED-24",
     DS_FAIL,
     "srtp",
     "plain_trunk",
     {AROUND,
      .changes = {SECURE("alice", "pool", "INVITE"), SECURE("pool", "mediation", "INVITE")}}},
    {"MED-24", DS_NOT_SEEN, "srtp", "off", {DIRECT}},
    /* Past the Mediation Server; and in the clear where clients must encrypt. */
    {"BYP-18", DS_FAIL, "srtp", "plain_trunk", {DIRECT}},
    {"BYP-18", DS_FAIL, "srtp", "plain_trunk", {AROUND}},
    {"BYP-18", DS_NOT_SEEN, "srtp", "required", {DIRECT}},
    {"BYP-04", DS_NOT_SEEN, "srtp", "plain_trunk", {AROUND}},
};

static void srtp_is_what_trunk_and_clients_ask_for(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

int test_srtp(void);

int test_srtp(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(srtp_is_what_trunk_and_clients_ask_for),
    };
    return cmocka_run_group_tests_name("srtp", tests, NULL, NULL);
}
