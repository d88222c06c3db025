#include "capture.h"

#include <stdio.h>

#define OUT    .path = "alice pool mediation gateway pstn", .number = CALLED_PSTN
#define TALK   OUT, .media = "alice gateway pstn"
#define INSIDE .path = "pstn pbx carol", .number = CALLED_PBX

static const struct verdict_case cases[] = {
    {"WIRE-02", DS_PASS, "voip_only", NULL, {TALK}},
    {"WIRE-02",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"gateway", "mediation", "SIP/2.0 180", ";tag=f", ";tag=x"}}}},
    {"WIRE-02",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"mediation", "pool", "SIP/2.0 180",
                         "Via: SIP/2.0/TCP x;branch=z9hG4bKINVITE0-0-1\r\n", ""}}}},
    {"WIRE-02",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"pstn", "gateway", "SIP/2.0 200", "z9hG4bK", "z9hG4bKx"}}}},
    {"WIRE-02", /* of the BYE's 200; the INVITE had no To tag to be repeated */
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"gateway", "mediation", "SIP/2.0 200", ";tag=t", ";tag=x"}}}},
    {"WIRE-03", DS_PASS, "voip_only", NULL, {TALK}},
    {"WIRE-03",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"pstn", "gateway", "SIP/2.0 180", ";tag=t", ";x=t"}}}},
    {"WIRE-03",
     DS_FAIL,
     "voip_only",
     NULL,
     {OUT, .status = 486, .changes = {{"pool", "alice", "SIP/2.0 486", ";tag=t", ";x=t"}}}},
    {"WIRE-04", DS_PASS, "voip_only", NULL, {TALK}},
    {"WIRE-04", DS_PASS, "voip_only", NULL, {OUT, .status = 486}},
    {"WIRE-04",
     DS_FAIL,
     "voip_only",
     NULL,
     {OUT, .status = 486, .changes = {{"mediation", "gateway", "ACK", "z9hG4bK", "z9hG4bKx"}}}},
    {"WIRE-04",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"alice", "pool", "ACK", "z9hG4bKACK", "z9hG4bKINVITE"}}}},
    {"WIRE-04",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"gateway", "pstn", "ACK", "CSeq: 1", "CSeq: 2"}}}},
    {"WIRE-05", DS_PASS, "voip_only", NULL, {OUT, .cancelled = true}},
    {"WIRE-05",
     DS_FAIL,
     "voip_only",
     NULL,
     {OUT, .cancelled = true, .changes = {{"pool", "mediation", "CANCEL", "z9hG4bK", "z9hG4bKx"}}}},
    {"WIRE-05",
     DS_FAIL,
     "voip_only",
     NULL,
     {OUT, .cancelled = true, .changes = {{"alice", "pool", "CANCEL", "CSeq: 1", "CSeq: 2"}}}},
    {"WIRE-05", DS_NOT_SEEN, "voip_only", NULL, {TALK}},
    {"WIRE-06", DS_PASS, "voip_only", NULL, {TALK, .holds = true}},
    {"WIRE-06",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"alice", "pool", "BYE", "CSeq: 3", "CSeq: 1"}}}},
    {"WIRE-06",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .holds = true, .changes = {{"mediation", "gateway", "INVITE", "CSeq: 2", "CSeq: 1"}}}},
    {"WIRE-06", DS_NOT_SEEN, "voip_only", NULL, {OUT, .status = 486}},
    {"WIRE-07", DS_PASS, "voip_only", NULL, {TALK}},
    {"WIRE-07",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"gateway", "mediation", "SIP/2.0 200", "Contact:", "X-Contact:"}}}},
    {"WIRE-07", DS_NOT_SEEN, "voip_only", NULL, {OUT, .status = 486}},
    {"WIRE-08", DS_PASS, "voip_only", NULL, {TALK}},
    {"WIRE-08",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"mediation", "gateway", "BYE", ";tag=f", ";tag=x"}}}},
    {"WIRE-08",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"gateway", "pstn", "ACK", ";tag=t", ";tag=x"}}}},
    {"WIRE-08",
     DS_NOT_SEEN,
     "behind_pbx",
     NULL,
     {INSIDE, .status = 486, .changes = {{NULL, NULL, "ACK", NULL, NULL}}}},
    {"WIRE-09", DS_PASS, "voip_only", NULL, {TALK}},
    {"WIRE-09",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"pool", "mediation", "INVITE", "Call-ID: 0", "Call-ID: x0"}}}},
    {"WIRE-09",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"pool", "mediation", "BYE", ";tag=t", ";tag=x"}}}},
    {"WIRE-09",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"pool", "mediation", "ACK", ";tag=f", ";tag=x"}}}},
    {"WIRE-09",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"pool", "mediation", "BYE", "CSeq: 3", "CSeq: 4"}}}},
    {"WIRE-09",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"pool", "mediation", "INVITE", "v=0", "v=1"}}}},
    {"WIRE-09", DS_NOT_SEEN, "behind_pbx", NULL, {INSIDE}},
    {"WIRE-10", DS_PASS, "voip_only", NULL, {TALK}},
    {"WIRE-10",
     DS_FAIL,
     "voip_only",
     NULL,
     {TALK, .changes = {{"pool", "mediation", "BYE", "Max-Forwards: 69", "Max-Forwards: 70"}}}},
    {"WIRE-10", DS_NOT_SEEN, "behind_pbx", NULL, {INSIDE}},
};

static void transactions_and_dialogs_are_as_the_rfc_has_them(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

static void
put(struct scene *scene, bool back, const char *first, const char *method, const char *branch)
{
    char text[512];
    snprintf(text, sizeof text,
             "%s\r\nVia: SIP/2.0/UDP x;branch=z9hG4bK%s\r\nFrom: <sip:+14255550101@x>;tag=a\r\n"
             "To: <sip:" CALLED_PSTN "@x>;tag=b\r\nCall-ID: 1\r\nCSeq: 1 %s\r\n"
             "Max-Forwards: 70\r\nContact: <sip:x@y>\r\nContent-Length: 0\r\n\r\n",
             first, branch, method);
    scene_datagram(scene, back ? "pstn" : "gateway", back ? "gateway" : "pstn", text);
}

static void assert_answered(int times, int acks, enum ds_verdict verdict)
{
    struct scene scene;
    scene_open(&scene, "voip_only", NULL);
    put(&scene, false, "INVITE sip:" CALLED_PSTN "@x SIP/2.0", "INVITE", "i");
    for (int i = 0; i < times; i++) {
        put(&scene, true, "SIP/2.0 200 OK", "INVITE", "i");
        if (i < acks)
            put(&scene, false, "ACK sip:x@y SIP/2.0", "ACK", "a");
    }
    scene_read(&scene);
    scene_judge(&scene);
    assert_int_equal(scene_verdict(&scene, "WIRE-11"), verdict);
    scene_close(&scene);
}

static void an_answer_may_be_repeated_until_its_acks_must_have_come(void **state)
{
    (void)state;
    assert_answered(1, 1, DS_PASS);
    assert_answered(3, 3, DS_PASS); /* two ACKs were lost */
    assert_answered(4, 4, DS_FAIL);
    assert_answered(6, 0, DS_NOT_SEEN);
}

/* An INVITE that was sent again on its way has two transactions where it goes on. */
static void an_ack_is_for_the_invite_with_its_branch(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene, "voip_only", NULL);
    put(&scene, false, "INVITE sip:" CALLED_PSTN "@x SIP/2.0", "INVITE", "1");
    put(&scene, false, "INVITE sip:" CALLED_PSTN "@x SIP/2.0", "INVITE", "2");
    put(&scene, true, "SIP/2.0 480 Gone", "INVITE", "1");
    put(&scene, false, "ACK sip:x@y SIP/2.0", "ACK", "1");
    put(&scene, true, "SIP/2.0 487 Over", "INVITE", "2");
    put(&scene, false, "ACK sip:x@y SIP/2.0", "ACK", "2");
    scene_read(&scene);
    scene_judge(&scene);
    assert_int_equal(scene_verdict(&scene, "WIRE-04"), DS_PASS);
    scene_close(&scene);
}

int test_wire(void);

int test_wire(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transactions_and_dialogs_are_as_the_rfc_has_them),
        cmocka_unit_test(an_ack_is_for_the_invite_with_its_branch),
        cmocka_unit_test(an_answer_may_be_repeated_until_its_acks_must_have_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
