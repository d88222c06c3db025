#include "capture.h"

#include <stdio.h>

/* What the messages of a conferencing server tell: its calls with the pool, and what it reports. */

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
                 "%s\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK%s%s\r\n"
                 "From: <sip:x@contoso.example>;tag=f\r\n"
                 "To: <sip:y@contoso.example>%s\r\nCall-ID: %s\r\nCSeq: %s\r\nMax-Forwards: 70\r\n"
                 "%sContent-Length: %zu\r\n\r\n%s",
                 line->first, line->call_id, line->cseq, opens ? "" : ";tag=t", line->call_id,
                 line->cseq, line->more == NULL ? "" : line->more, strlen(body), body);
    for (char *at = strstr(text.at, "z9hG4bK"); *at != '\r'; at++)
        *at = *at == ' ' ? '-' : *at;
    scene->now_us += line->after_us;
    scene_datagram(scene, line->from, line->to, text.at);
    ds_buf_clean_up(&text);
}

#define FOCUS    "Contact: <sip:conf-1@conferencing.contoso.example>;isfocus\r\n"
#define NO_FOCUS "Contact: <sip:conf-1@conferencing.contoso.example>\r\n"
#define ALICE    "Contact: <sip:alice@127.0.10.10>\r\n"
#define FACTORY  "INVITE sip:conference-factory@conferencing.contoso.example SIP/2.0"
#define OK       "SIP/2.0 200 OK"
#define JOINED(contact)                                                                            \
    {"pool", "conferencing", FACTORY, "a", "1 INVITE", ALICE, NULL, 0},                            \
        {"conferencing", "pool", OK, "a", "1 INVITE", contact, NULL, 0},                           \
    {                                                                                              \
        "pool", "conferencing", "ACK sip:x@c SIP/2.0", "a", "1 ACK", NULL, NULL, 0                 \
    }
#define ASKED                                                                                      \
    {"pool",                                                                                       \
     "conferencing",                                                                               \
     "REFER sip:x@c SIP/2.0",                                                                      \
     "a",                                                                                          \
     "2 REFER",                                                                                    \
     "Refer-To: <sip:+14255550102@contoso.example>\r\n",                                           \
     NULL,                                                                                         \
     0},                                                                                           \
    {                                                                                              \
        "conferencing", "pool", "SIP/2.0 202 Accepted", "a", "2 REFER", NULL, NULL, 0              \
    }
#define CALLED                                                                                     \
    {                                                                                              \
        "conferencing", "pool", "INVITE sip:+14255550102@contoso.example SIP/2.0", "b",            \
            "1 INVITE", FOCUS, NULL, 0                                                             \
    }
#define ENDS(status)                                                                               \
    {                                                                                              \
        "pool", "conferencing", "SIP/2.0 " status, "b", "1 INVITE", ALICE, NULL, 0                 \
    }
#define REPORT(status, id)                                                                         \
    {                                                                                              \
        "conferencing", "pool", "NOTIFY sip:x@c SIP/2.0", "a", "3 NOTIFY",                         \
            "Event: refer;id=" id "\r\n", "SIP/2.0 " status "\r\n", 0                              \
    }
#define BARE_REPORT(status)                                                                        \
    {                                                                                              \
        "conferencing", "pool", "NOTIFY sip:x@c SIP/2.0", "a", "3 NOTIFY", "Event: refer\r\n",     \
            "SIP/2.0 " status "\r\n", 0                                                            \
    }
#define BYE(from, to, id, after)                                                                   \
    {                                                                                              \
        from, to, "BYE sip:x@c SIP/2.0", id, "9 BYE", NULL, NULL, after                            \
    }

struct story {
    const char *id;
    enum ds_verdict verdict;
    struct line lines[12];
};

static const struct story stories[] = {
    {"CONF-01", DS_PASS, {JOINED(FOCUS)}},
    {"CONF-01", DS_FAIL, {JOINED(NO_FOCUS)}},
    {"CONF-03", DS_PASS, {JOINED(FOCUS), ASKED, CALLED, ENDS("200 OK"), REPORT("200 OK", "2")}},
    {"CONF-03",
     DS_PASS,
     {JOINED(FOCUS), ASKED, CALLED, ENDS("486 Busy Here"), REPORT("486 Busy Here", "2")}},
    {"CONF-03",
     DS_FAIL,
     {JOINED(FOCUS), ASKED, CALLED, ENDS("486 Busy Here"), REPORT("200 OK", "2")}},
    /* The first need not be named. */
    {"CONF-03", DS_PASS, {JOINED(FOCUS), ASKED, CALLED, ENDS("200 OK"), BARE_REPORT("200 OK")}},
    /* Of another REFER, or of none. */
    {"CONF-03",
     DS_FAIL,
     {JOINED(FOCUS), ASKED, CALLED, ENDS("200 OK"), REPORT("200 OK", "7"),
      BYE("pool", "conferencing", "a", 3 * S)}},
    {"CONF-03",
     DS_FAIL,
     {JOINED(FOCUS), ASKED, CALLED, ENDS("200 OK"), BYE("pool", "conferencing", "a", 3 * S)}},
    {"CONF-03", DS_FAIL, {JOINED(FOCUS), ASKED, BYE("pool", "conferencing", "a", 3 * S)}},
    /* Who asked has left before it was known. */
    {"CONF-03",
     DS_NOT_SEEN,
     {JOINED(FOCUS), ASKED, CALLED, BYE("pool", "conferencing", "a", 0), ENDS("200 OK")}},
    {"CONF-03", DS_NOT_SEEN, {JOINED(FOCUS), BYE("pool", "conferencing", "a", S)}},
    {"CONF-04",
     DS_PASS,
     {JOINED(FOCUS), ASKED, CALLED, ENDS("200 OK"), BYE("pool", "conferencing", "b", S),
      BYE("pool", "conferencing", "a", S)}},
    {"CONF-04",
     DS_FAIL,
     {JOINED(FOCUS), ASKED, CALLED, ENDS("200 OK"), BYE("pool", "conferencing", "b", S),
      BYE("conferencing", "pool", "a", 0)}},
    {"CONF-04",
     DS_FAIL,
     {JOINED(FOCUS), ASKED, CALLED, ENDS("486 Busy Here"), BYE("conferencing", "pool", "a", 0)}},
    /* It may end a call on its own account. */
    {"CONF-04",
     DS_NOT_SEEN,
     {JOINED(FOCUS), ASKED, CALLED, ENDS("486 Busy Here"),
      BYE("conferencing", "pool", "a", 3 * S)}},
    /* A REFER to a focus hands nobody over. */
    {"XFER-01", DS_NOT_SEEN, {JOINED(FOCUS), ASKED, CALLED, ENDS("200 OK")}},
    {"XFER-02",
     DS_NOT_SEEN,
     {JOINED(FOCUS), ASKED, CALLED, ENDS("200 OK"), REPORT("200 OK", "2"),
      BYE("pool", "conferencing", "a", 3 * S)}},
};

static void tell(const struct story *story)
{
    struct scene scene;
    scene_open(&scene, "conferencing", NULL);
    for (size_t i = 0; i < DS_COUNT(story->lines) && story->lines[i].from != NULL; i++)
        say(&scene, &story->lines[i]);
    scene_read(&scene);
    scene_judge(&scene);
    const struct ds_finding *finding = scene_finding(&scene, story->id);
    if (finding->verdict != story->verdict)
        fail_msg("%s, story %d: %s", story->id, (int)(story - stories), finding->sentence);
    scene_close(&scene);
}

static void a_focus_keeps_its_word(void **state)
{
    (void)state;
    for (size_t i = 0; i < DS_COUNT(stories); i++)
        tell(&stories[i]);
}

/* ---- a call that is taken over ---- */

static const struct line taken_over[] = {
    {"mediation", "pool", "INVITE sip:+14255550101@contoso.example SIP/2.0", "old", "1 INVITE",
     "Contact: <sip:m@mediation.contoso.example>\r\n", NULL, 0},
    {"pool", "alice", "INVITE sip:alice@127.0.10.10 SIP/2.0", "old", "1 INVITE", ALICE, NULL, 0},
    {"alice", "pool", OK, "old", "1 INVITE", ALICE, NULL, 0},
    {"pool", "mediation", OK, "old", "1 INVITE", ALICE, NULL, 0},
    JOINED(FOCUS),
    {"conferencing", "pool", "INVITE sip:m@mediation.contoso.example SIP/2.0", "new", "1 INVITE",
     FOCUS "Replaces: old;to-tag=f;from-tag=t\r\n", NULL, S},
    {"pool", "mediation", "INVITE sip:m@mediation.contoso.example SIP/2.0", "new", "1 INVITE",
     FOCUS "Replaces: old;to-tag=f;from-tag=t\r\n", NULL, 0},
    {"mediation", "pool", OK, "new", "1 INVITE", ALICE, NULL, 0},
    {"pool", "conferencing", OK, "new", "1 INVITE", ALICE, NULL, 0},
    {"mediation", "pool", "BYE sip:x@c SIP/2.0", "old", "2 BYE", NULL, NULL, 0},
};

static void a_call_that_is_taken_over_goes_on_in_another(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene, "conferencing", NULL);
    for (size_t i = 0; i < DS_COUNT(taken_over); i++)
        say(&scene, &taken_over[i]);
    scene_read(&scene);
    assert_int_equal(scene.trace->call_count, 3);
    const struct ds_call *old = &scene.trace->calls[0], *fresh = &scene.trace->calls[2];
    assert_null(fresh->continues);
    assert_ptr_equal(fresh->replaces, old->legs[0]);
    assert_ptr_equal(old->continued_by, fresh);
    assert_null(fresh->refer);
    assert_string_equal(fresh->to_node->name, "mediation"); /* where the old one began */
    assert_non_null(fresh->legs[0]->focus);
    assert_null(old->legs[0]->focus);
    assert_null(scene.trace->calls[1].continues);
    scene_judge(&scene);
    assert_int_equal(scene_verdict(&scene, "XFER-04"), DS_PASS);
    assert_int_equal(scene_verdict(&scene, "XFER-05"), DS_NOT_SEEN);
    scene_close(&scene);
}

int test_conference(void);

int test_conference(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_focus_keeps_its_word),
        cmocka_unit_test(a_call_that_is_taken_over_goes_on_in_another),
    };
    return cmocka_run_group_tests_name("conference", tests, NULL, NULL);
}
