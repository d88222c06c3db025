#include "capture.h"

#include <stdio.h>

/* What a call tells of its transfer: messages between a client and the pool, and the gateway's call
 * of the target. */

#define S INT64_C(1000000)

struct line {
    const char *from, *to, *first, *call_id;
    const char *cseq; /* "1 INVITE" */
    const char *more; /* header lines; or NULL */
    const char *body; /* or NULL */
    int64_t after_us; /* the one before; 0: at once */
};

static void say(struct scene *scene, const struct line *line)
{
    struct ds_buf text = {0};
    const char *body = line->body == NULL ? "" : line->body;
    bool opens = strncmp(line->first, "INVITE", 6) == 0;
    ds_buf_print(&text,
                 "%s\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK%s%c\r\n"
                 "From: <sip:+12065550199@contoso.example>;tag=f\r\n"
                 "To: <sip:x@contoso.example>%s\r\nCall-ID: %s\r\nCSeq: %s\r\nMax-Forwards: 70\r\n"
                 "Contact: <sip:c@127.0.0.1>\r\n%sContent-Length: %zu\r\n\r\n%s",
                 line->first, line->call_id, line->cseq[0], opens ? "" : ";tag=t", line->call_id,
                 line->cseq, line->more == NULL ? "" : line->more, strlen(body), body);
    scene->now_us += line->after_us;
    scene_datagram(scene, line->from, line->to, text.at);
    ds_buf_clean_up(&text);
}

#define INVITE_ALICE "INVITE sip:+14255550101@c SIP/2.0"
#define INVITE_BOB   "INVITE sip:+14255550102@c SIP/2.0"
#define OK           "SIP/2.0 200 OK"
#define NOTIFY       "NOTIFY sip:x@c SIP/2.0"
#define BYE          "BYE sip:x@c SIP/2.0"
#define CALL                                                                                       \
    {"pool", "alice", INVITE_ALICE, "a", "1 INVITE", NULL, NULL, 0},                               \
        {"alice", "pool", OK, "a", "1 INVITE", NULL, NULL, 0},                                     \
        {"pool", "alice", "ACK sip:x@c SIP/2.0", "a", "1 ACK", NULL, NULL, 0},                     \
        {"alice", "pool",    "REFER sip:x@c SIP/2.0",                                              \
         "a",     "2 REFER", "Refer-To: <sip:+14255550102@c>\r\n",                                 \
         NULL,    0},                                                                              \
    {                                                                                              \
        "pool", "alice", "SIP/2.0 202 Accepted", "a", "2 REFER", NULL, NULL, 0                     \
    }
#define CALL_BOB                                                                                   \
    {                                                                                              \
        "pool", "bob", INVITE_BOB, "b", "1 INVITE", NULL, NULL, 0                                  \
    }
#define REPORT(status, after)                                                                      \
    {                                                                                              \
        "pool", "alice", NOTIFY, "a", "3 NOTIFY", "Event: refer\r\n", "SIP/2.0 " status "\r\n",    \
            after                                                                                  \
    }
#define BYE_OF(who, whom, id, after)                                                               \
    {                                                                                              \
        who, whom, BYE, id, "4 BYE", NULL, NULL, after                                             \
    }

struct story {
    const char *id;
    enum ds_verdict verdict;
    struct line lines[12];
};

/* The pool stands in for whoever acts upon the REFER. */
static const struct story stories[] = {
    {"XFER-01",
     DS_PASS,
     {CALL, CALL_BOB, {"bob", "pool", OK, "b", "1 INVITE", NULL, NULL, 0}, REPORT("200 OK", 0)}},
    {"XFER-01",
     DS_FAIL,
     {CALL,
      CALL_BOB,
      {"bob", "pool", OK, "b", "1 INVITE", NULL, NULL, 0},
      REPORT("100 Trying", 0),
      BYE_OF("alice", "pool", "a", 3 * S)}},
    {"XFER-01", DS_NOT_SEEN, {CALL, CALL_BOB, {"bob", "pool", OK, "b", "1 INVITE", NULL, NULL, 0}}},
    {"XFER-01", DS_NOT_SEEN, {CALL, BYE_OF("alice", "pool", "a", 3 * S)}},
    {"XFER-02", DS_PASS, {CALL, REPORT("200 OK", 0), BYE_OF("alice", "pool", "a", 0)}},
    {"XFER-02", DS_FAIL, {CALL, REPORT("200 OK", 0), BYE_OF("alice", "pool", "a", 3 * S)}},
    {"XFER-02", DS_NOT_SEEN, {CALL, REPORT("486 Busy Here", 0)}},
    {"XFER-03", DS_PASS, {CALL, REPORT("486 Busy Here", 0), BYE_OF("alice", "pool", "a", S)}},
    {"XFER-03", DS_PASS, {CALL, REPORT("486 Busy Here", 0)}},
    {"XFER-03", DS_FAIL, {CALL, REPORT("486 Busy Here", 0), BYE_OF("pool", "alice", "a", 0)}},
    {"XFER-03", DS_NOT_SEEN, {CALL, REPORT("200 OK", 0)}},
};

static const char replaces[] = "Replaces: a;to-tag=t;from-tag=f\r\n";

#define REPLACE(from, to, id)                                                                      \
    {from, to, INVITE_ALICE, id, "1 INVITE", replaces, NULL, 0},                                   \
    {                                                                                              \
        to, from, OK, id, "1 INVITE", NULL, NULL, 0                                                \
    }

static const struct story replacing[] = {
    {"XFER-04", DS_PASS, {CALL, REPLACE("pool", "alice", "b"), BYE_OF("alice", "pool", "a", 0)}},
    {"XFER-04",
     DS_FAIL,
     {CALL, REPLACE("pool", "alice", "b"), BYE_OF("alice", "pool", "a", 3 * S)}},
    {"XFER-04",
     DS_NOT_SEEN,
     {CALL,
      {"pool", "alice", INVITE_ALICE, "b", "1 INVITE", replaces, NULL, 0},
      {"alice", "pool", "SIP/2.0 481 Gone", "b", "1 INVITE", NULL, NULL, 0}}},
    /* who hands the INVITE on may be told late that it is answered, and the call gone by then */
    {"XFER-04",
     DS_NOT_SEEN,
     {CALL, BYE_OF("alice", "pool", "a", 0), REPLACE("gateway", "mediation", "g"),
      BYE_OF("gateway", "mediation", "g", 3 * S)}},
};

static void tell(const struct story *story)
{
    struct scene scene;
    scene_open(&scene, "voip_only", NULL);
    for (size_t i = 0; i < DS_COUNT(story->lines) && story->lines[i].from != NULL; i++)
        say(&scene, &story->lines[i]);
    scene_read(&scene);
    scene_judge(&scene);
    const struct ds_finding *finding = scene_finding(&scene, story->id);
    if (finding->verdict != story->verdict)
        fail_msg("%s: %s", story->id, finding->sentence);
    scene_close(&scene);
}

static void what_was_asked_for_is_reported_and_followed(void **state)
{
    (void)state;
    for (size_t i = 0; i < DS_COUNT(stories); i++)
        tell(&stories[i]);
}

static void a_dialog_whose_place_is_taken_is_cleared(void **state)
{
    (void)state;
    for (size_t i = 0; i < DS_COUNT(replacing); i++)
        tell(&replacing[i]);
}

/* Roads begin and end at the two parties; those of the Mediation Server pass the pool. */
static void roads_of_transfers_lead_from_who_stays_to_the_target(void **state)
{
    static const enum ds_party parties[] = {DS_PARTY_PSTN, DS_PARTY_PBX};

    static const enum ds_role_kind roles[] = {DS_ROLE_PSTN, DS_ROLE_PHONE};
    struct ds_road road;
    (void)state;
    for (int option = 0; option < DS_OPTION_COUNT; option++)
        for (size_t i = 0; i < 4; i++) {
            const struct ds_expected_call *row =
                ds_expected_transfer((enum ds_option)option, parties[i / 2], parties[i % 2]);
            assert_int_equal(row == NULL,
                             (option == DS_VOIP_ONLY || option == DS_SIP_TRUNK) && i > 0);
            for (size_t reading = 0; row != NULL && reading < 3; reading++) {
                assert_true(ds_road_parse(row->route, reading, &road));
                assert_int_equal(road.roles[0], roles[i / 2]);
                assert_int_equal(road.roles[road.count - 1], roles[i % 2]);
                assert_int_equal(ds_road_has(&road, DS_ROLE_POOL), reading == 1);
                assert_true(ds_road_parse(row->media_relayed, reading, &road));
                assert_int_equal(ds_road_has(&road, DS_ROLE_MEDIATION), reading > 0);
            }
        }
    assert_null(ds_expected_transfer(DS_VOIP_ONLY, DS_PARTY_PSTN, DS_PARTY_EV));
}

int test_transfers(void);

int test_transfers(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_asked_for_is_reported_and_followed),
        cmocka_unit_test(a_dialog_whose_place_is_taken_is_cleared),
        cmocka_unit_test(roads_of_transfers_lead_from_who_stays_to_the_target),
    };
    return cmocka_run_group_tests_name("transfers", tests, NULL, NULL);
}
