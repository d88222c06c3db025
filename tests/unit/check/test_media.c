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
    {"MED-07", DS_PASS, "voip_only", "tls_trunk", {DIRECT}},
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
    {"MED-17", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"MED-17",
     DS_FAIL,
     "voip_only",
     NULL,
     {DIRECT, .changes = {{"pstn", "gateway", "SIP/2.0 200",
                           "a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n",
                           "a=rtpmap:0 G728/8000\r\na=rtpmap:8 G728/16000\r\n"}}}},
    {"MED-17", DS_NOT_SEEN, "voip_only", NULL, {OUT, .status = 486}},
    {"MED-18", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"MED-18",
     DS_FAIL,
     "voip_only",
     NULL,
     {DIRECT, .changes = {{"pstn", "gateway", "SIP/2.0 200", "m=audio",
                           "m=video 0 RTP/AVP 34\r\nm=audio"}}}},
    {"MED-18",
     DS_FAIL,
     "voip_only",
     NULL,
     {DIRECT,
      .changes = {{"alice", "pool", "INVITE", "m=audio", "m=video 4000 RTP/AVP 34\r\nm=audio"}}}},
    {"MED-18", DS_NOT_SEEN, "voip_only", NULL, {OUT, .status = 486}},
    {"MED-19", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"MED-19",
     DS_FAIL,
     "voip_only",
     NULL,
     {DIRECT,
      .changes = {{"pstn", "gateway", "SIP/2.0 200", "m=audio ", "m=audio 0 RTP/AVP 0\r\na=x:"}}}},
    {"MED-19", DS_NOT_SEEN, "voip_only", NULL, {OUT, .status = 486}},
    {"MED-20", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"MED-20", DS_FAIL, "voip_only", NULL, {DIRECT, .source_packets = 10}},
    {"MED-20", DS_NOT_SEEN, "voip_only", NULL, {OUT, .status = 486}},
    {"MED-21", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"MED-21", DS_FAIL, "voip_only", NULL, {DIRECT, .same_numbers = true}},
    {"MED-21", DS_NOT_SEEN, "voip_only", NULL, {OUT, .status = 486}},
    {"MED-22", DS_PASS, "voip_only", NULL, {DIRECT}},
    {"MED-22", DS_PASS, "voip_only", NULL, {DIRECT, .digits = "4"}},
    {"MED-22", DS_FAIL, "voip_only", NULL, {DIRECT, .payload_type = 3}},
    {"MED-22", DS_NOT_SEEN, "voip_only", NULL, {OUT, .status = 486}},
    {"MED-23", DS_PASS, "voip_only", NULL, {DIRECT, .digits = "42#"}},
    {"MED-23", DS_PASS, "voip_only", NULL, {DIRECT, .digits = "4", .digit_samples = 320}},
    {"MED-23", DS_FAIL, "voip_only", NULL, {DIRECT, .digits = "4", .digit_samples = 319}},
    {"MED-23", DS_NOT_SEEN, "voip_only", NULL, {DIRECT}},
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
