#include "capture.h"

#define OUT        .path = "alice pool mediation gateway pstn", .number = CALLED_PSTN
#define IN         .path = "pstn gateway mediation pool alice", .number = CALLED_EV
#define DIRECT     OUT, .media = "alice gateway pstn"
#define RELAYED    OUT, .media = "alice mediation gateway pstn"
#define IN_DIRECT  IN, .media = "pstn gateway alice"
#define IN_RELAYED IN, .media = "pstn gateway mediation alice"

static const struct verdict_case cases[] = {
    {"MED-01", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"MED-01",
     DS_FAIL,
     "voip_only",
     NULL,
     {DIRECT, .changes = {{"mediation", "gateway", "INVITE", "RTP/AVP 0", "RTP/AVP 9 0"}}}},
    {"MED-01",
     DS_FAIL,
     "voip_only",
     NULL,
     {DIRECT, .changes = {{"mediation", "gateway", "INVITE", "PCMA/8000", "PCMA/16000"}}}},
    {"MED-01", DS_NOT_SEEN, "voip_only", NULL, {IN_DIRECT}},
    {"MED-02", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"MED-02",
     DS_FAIL,
     "voip_only",
     NULL,
     {DIRECT, .changes = {{"mediation", "gateway", "INVITE", "101 0-16", "101 0-15"}}}},
    {"MED-02",
     DS_FAIL,
     "voip_only",
     NULL,
     {DIRECT, .changes = {{"mediation", "gateway", "INVITE", "telephone-event", "x-other"}}}},
    {"MED-03", DS_PASS, "voip_only", NULL, {DIRECT, .digits = "42#"}},
    {"MED-03", DS_FAIL, "voip_only", NULL, {DIRECT, .digits = "4", .endless_digits = true}},
    {"MED-03", DS_NOT_SEEN, "voip_only", NULL, {DIRECT}},
    {"MED-04", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"MED-04", DS_FAIL, "voip_only", NULL, {DIRECT, .packet_bytes = 240}},
    {"MED-04", DS_NOT_SEEN, "voip_only", NULL, {DIRECT, .payload_type = 9}},
    {"MED-07", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"MED-07",
     DS_FAIL,
     "voip_only",
     NULL,
     {DIRECT, .changes = {{"mediation", "gateway", "INVITE", "a=ptime:20",
                           "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:abc"}}}},
    {"MED-07",
     DS_FAIL,
     "voip_only",
     NULL,
     {DIRECT,
      .changes = {{"gateway", "mediation", "SIP/2.0 200", "a=ptime:20", "a=tcap:1 RTP/SAVP"}}}},
    {"MED-07", DS_NOT_SEEN, "voip_only", "tls_trunk", {DIRECT}},
    {"MED-08", DS_PASS, "voip_only", "bypass_off", {RELAYED}},
    {"MED-08",
     DS_FAIL,
     "voip_only",
     "bypass_off",
     {RELAYED, .changes = {{"mediation", "gateway", "INVITE", "m=audio 50004", "m=audio 40004"}}}},
    {"MED-08", DS_NOT_SEEN, "voip_only", NULL, {DIRECT}},
    {"MED-14", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"MED-14", DS_FAIL, "voip_only", NULL, {DIRECT, .early_audio = true}},
    {"MED-14", DS_FAIL, "voip_only", NULL, {DIRECT, .late_packets = 3}},
    {"MED-14", DS_NOT_SEEN, "voip_only", NULL, {OUT, .status = 486}},
};

static void audio_is_what_was_agreed(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

int test_media(void);

int test_media(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(audio_is_what_was_agreed),
    };
    return cmocka_run_group_tests_name("media", tests, NULL, NULL);
}
