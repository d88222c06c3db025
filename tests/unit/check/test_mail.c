#include "capture.h"

#include <stdio.h>

#define ATTENDANT "+14255550191"
#define IN        .path = "pstn gateway mediation pool um_a", .number = ATTENDANT
#define INSIDE    .path = "alice pool um_a", .number = ATTENDANT
#define DIAGNOSED(id)                                                                              \
    {                                                                                              \
        "pool", "alice", "SIP/2.0 480", "Max-Forwards: 70\r\n",                                    \
            "Max-Forwards: 70\r\nms-diagnostics: " id ";reason=\"None\";source=\"pool\"\r\n"       \
    }

static const struct verdict_case cases[] = {
    {"BYP-09", DS_PASS, "voice_mail", NULL, {IN, .media = "pstn gateway mediation um_a"}},
    {"BYP-09", DS_FAIL, "voice_mail", NULL, {IN, .media = "pstn gateway um_a"}},
    {"BYP-09", DS_NOT_SEEN, "voice_mail", NULL, {INSIDE, .media = "alice um_a"}},
    {"OPT-01", DS_PASS, "voice_mail", NULL, {INSIDE, .media = "alice um_a"}},
    {"OPT-02", DS_PASS, "voice_mail", NULL, {INSIDE, .media = "alice um_a"}},
    {"CALL-02", DS_PASS, "voice_mail", NULL, {INSIDE, .media = "alice um_a"}},

    {"RTE-24", DS_NOT_SEEN, "voice_mail", NULL, {INSIDE, .media = "alice um_a"}},
    {"RTE-24", DS_FAIL, "voice_mail", NULL, {INSIDE, .status = 480}},
    {"RTE-24",
     DS_PASS,
     "voice_mail",
     NULL,
     {INSIDE, .status = 480, .again = "pool um_b", .changes = {DIAGNOSED("15030")}}},
    {"RTE-24",
     DS_FAIL,
     "voice_mail",
     NULL,
     {INSIDE, .status = 480, .again = "pool um_b", .changes = {DIAGNOSED("12004")}}},
    {"RTE-24", DS_FAIL, "voice_mail", NULL, {INSIDE, .status = 503, .again = "pool um_b"}},

    {"MAIL-02",
     DS_PASS,
     "voice_mail",
     NULL,
     {.path = "bob pool alice", .number = CALLED_EV, .status = 603}},
    {"MAIL-02",
     DS_FAIL,
     "voice_mail",
     NULL,
     {.path = "bob pool alice", .number = CALLED_EV, .status = 603, .again = "pool um_a"}},
    {"MAIL-02",
     DS_NOT_SEEN,
     "voice_mail",
     NULL,
     {.path = "bob pool alice", .number = CALLED_EV, .status = 486}},
    {"MAIL-03", DS_NOT_SEEN, "voice_mail", NULL, {INSIDE, .media = "alice um_a"}},
    {"MAIL-01", DS_NOT_SEEN, "voice_mail", NULL, {INSIDE, .media = "alice um_a"}},
};

static void voice_mail_takes_what_it_should(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

/* A message of alice's subscription: the request, or the answer to it. */
static void say(struct scene *scene, const char *from, const char *to, const char *text)
{
    char all[600];
    snprintf(all, sizeof all,
             "%.*s\r\nVia: SIP/2.0/TCP x;branch=z9hG4bK%u\r\n"
             "From: <sip:alice@contoso.example>;tag=1\r\nTo: <sip:alice@contoso.example>%s\r\n"
             "Call-ID: subscription\r\nMax-Forwards: 70\r\nEvent: message-summary\r\n%s",
             (int)strcspn(text, "\r"), text, (unsigned)scene->now_us,
             strncmp(text, "SUBSCRIBE", 9) == 0 ? "" : ";tag=2", text + strcspn(text, "\r") + 2);
    scene_datagram(scene, from, to, all);
}

static enum ds_verdict told_of(const char *line)
{
    char notify[300];
    struct scene scene;
    scene_open(&scene, "voice_mail", "message_waiting");
    say(&scene, "alice", "pool",
        "SUBSCRIBE sip:alice@contoso.example SIP/2.0\r\nCSeq: 1 SUBSCRIBE\r\n"
        "Content-Length: 0\r\n\r\n");
    say(&scene, "um_a", "pool",
        "SIP/2.0 200 OK\r\nCSeq: 1 SUBSCRIBE\r\nExpires: 3600\r\nContent-Length: 0\r\n\r\n");
    snprintf(notify, sizeof notify,
             "NOTIFY sip:alice@127.0.10.11 SIP/2.0\r\nCSeq: 1 NOTIFY\r\n"
             "Subscription-State: active\r\nContent-Type: application/simple-message-summary\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             strlen(line), line);
    say(&scene, "um_a", "pool", notify);
    scene_read(&scene);
    scene_judge(&scene);
    enum ds_verdict verdict = scene_verdict(&scene, "MAIL-03");
    scene_close(&scene);
    return verdict;
}

static void notices_say_how_many_messages_are_new(void **state)
{
    (void)state;
    assert_int_equal(told_of("Messages-Waiting: no\r\nVoice-Message: 0/0 (0/0)\r\n"), DS_PASS);
    assert_int_equal(told_of("Messages-Waiting: yes\r\nvoice-message: 1/0\r\n"), DS_FAIL);
    assert_int_equal(told_of("Messages-Waiting: no\r\n"), DS_FAIL);
    assert_int_equal(told_of("Voice-Message: 18446744073709551616/0\r\n"), DS_FAIL);
}

/* ---- for how long ---- */

struct said {
    int later_s;
    const char *from, *to, *text;
};

#define MOST_SAID 8
#define ASK       "SUBSCRIBE sip:alice@contoso.example SIP/2.0\r\nCSeq: 1 SUBSCRIBE\r\n"
#define NO_BODY   "Content-Length: 0\r\n\r\n"
#define ASKS(s)                                                                                    \
    {                                                                                              \
        s, "alice", "pool", ASK "Expires: 3600\r\n" NO_BODY                                        \
    }
#define ENDS(s)                                                                                    \
    {                                                                                              \
        s, "alice", "pool", ASK "Expires: 0\r\n" NO_BODY                                           \
    }
#define GETS(s)                                                                                    \
    {0, "um_a", "pool", "SIP/2.0 200 OK\r\nCSeq: 1 SUBSCRIBE\r\nExpires: " s "\r\n" NO_BODY},      \
    {                                                                                              \
        0, "pool", "alice", "SIP/2.0 200 OK\r\nCSeq: 1 SUBSCRIBE\r\nExpires: " s "\r\n" NO_BODY    \
    }
#define LOST(s)                                                                                    \
    {                                                                                              \
        s, "pool", "alice", "SIP/2.0 481 Gone\r\nCSeq: 1 SUBSCRIBE\r\n" NO_BODY                    \
    }
#define TELLS(s, state)                                                                            \
    {                                                                                              \
        s, "um_a", "pool",                                                                         \
            "NOTIFY sip:alice@127.0.10.11 SIP/2.0\r\nCSeq: 1 NOTIFY\r\nSubscription-State: " state \
            "\r\nContent-Type: application/simple-message-summary\r\nContent-Length: 22\r\n\r\n"   \
            "Voice-Message: 0/0 \r\n\r\n"                                                          \
    }
#define LIVES(s)                                                                                   \
    {                                                                                              \
        s, "alice", "pool", "OPTIONS sip:pool SIP/2.0\r\nCSeq: 9 OPTIONS\r\n" NO_BODY              \
    }
#define SPEAKS(s)                                                                                  \
    {                                                                                              \
        s, "um_a", "pool", "OPTIONS sip:pool SIP/2.0\r\nCSeq: 9 OPTIONS\r\n" NO_BODY               \
    }

struct course {
    const char *id;
    enum ds_verdict verdict;
    struct said said[MOST_SAID];
};

static void check_course(const struct course *course)
{
    struct scene scene;
    scene_open(&scene, "voice_mail", "message_waiting");
    for (size_t i = 0; i < MOST_SAID && course->said[i].from != NULL; i++) {
        scene.now_us += course->said[i].later_s * INT64_C(1000000);
        say(&scene, course->said[i].from, course->said[i].to, course->said[i].text);
    }
    scene_read(&scene);
    scene_judge(&scene);
    const struct ds_finding *finding = scene_finding(&scene, course->id);
    if (finding->verdict != course->verdict)
        fail_msg("%s %s: %s", course->id, ds_verdict_name(finding->verdict), finding->sentence);
    scene_close(&scene);
}

static void subscriptions_are_renewed(void **state)
{
    static const struct course courses[] = {
        {"MAIL-04", DS_PASS, {ASKS(0), GETS("3600"), ASKS(2700), GETS("3600")}},
        {"MAIL-04", DS_FAIL, {ASKS(0), GETS("3600"), LIVES(3700)}},
        {"MAIL-04", DS_FAIL, {ASKS(0), GETS("600"), ASKS(700), GETS("600"), LIVES(700)}},
        {"MAIL-04", DS_NOT_SEEN, {ASKS(0), GETS("3600"), ENDS(60), GETS("0"), LIVES(4000)}},
        {"MAIL-04", DS_NOT_SEEN, {ASKS(0), GETS("3600"), SPEAKS(4000)}}, /* she is gone */
        {"MAIL-04", DS_NOT_SEEN, {ASKS(0), GETS("3600"), LIVES(60)}},
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(courses); i++)
        check_course(&courses[i]);
}

static void lost_ones_are_asked_for_anew(void **state)
{
    static const struct course courses[] = {
        {"MAIL-05", DS_FAIL, {ASKS(0), GETS("3600"), ASKS(2700), LOST(0), LIVES(60)}},
        {"MAIL-05", DS_NOT_SEEN, {ASKS(0), GETS("3600"), ASKS(2700), LOST(0)}},
        {"MAIL-05", DS_NOT_SEEN, {ASKS(0), GETS("3600"), ENDS(60), LOST(0), LIVES(60)}},
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(courses); i++)
        check_course(&courses[i]);
}

static void what_is_not_renewed_ends_with_its_time(void **state)
{
    static const struct course courses[] = {
        {"MAIL-06",
         DS_PASS,
         {ASKS(0), GETS("3600"), TELLS(3600, "terminated;reason=timeout"), SPEAKS(60)}},
        {"MAIL-06", DS_FAIL, {ASKS(0), GETS("3600"), SPEAKS(3700)}},
        {"MAIL-06", DS_FAIL, {ASKS(0), GETS("3600"), TELLS(3700, "active"), SPEAKS(60)}},
        {"MAIL-06",
         DS_FAIL,
         {ASKS(0), GETS("3600"), TELLS(3600, "terminated"), TELLS(1, "active"), SPEAKS(60)}},
        {"MAIL-06", DS_NOT_SEEN, {ASKS(0), GETS("3600"), ASKS(2700), GETS("3600"), SPEAKS(60)}},
        {"MAIL-06", DS_NOT_SEEN, {ASKS(0), GETS("3600"), LIVES(4000)}}, /* the server is gone */
        {"MAIL-06", DS_NOT_SEEN, {ASKS(0), GETS("3600"), ENDS(60), GETS("0"), SPEAKS(4000)}},
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(courses); i++)
        check_course(&courses[i]);
}

/* ---- missed calls ---- */

/* Notes for Alice that tell of a call from there, a second apart. */
static void note(struct scene *scene, const char *caller, int count)
{
    char text[500];
    for (int i = 0; i < count; i++) {
        scene->now_us += 1000000;
        snprintf(
            text, sizeof text,
            "INFO sip:alice@um_a SIP/2.0\r\nVia: SIP/2.0/TCP x;branch=z9hG4bK%u\r\n"
            "From: <sip:pool@contoso.example>;tag=1\r\nTo: <sip:alice@contoso.example>;tag=2\r\n"
            "Call-ID: note%d\r\nCSeq: 2 INFO\r\nMax-Forwards: 70\r\n"
            "Content-Type: message/sipfrag\r\nContent-Length: %zu\r\n\r\nFrom: %s",
            (unsigned)scene->now_us, i, strlen(caller) + 6, caller);
        scene_datagram(scene, "pool", "um_a", text);
    }
    scene->now_us += 5000000;
    scene_datagram(scene, "alice", "pool",
                   "OPTIONS sip:pool SIP/2.0\r\nVia: SIP/2.0/TCP x;branch=z9hG4bKo\r\n"
                   "From: <sip:alice@contoso.example>;tag=1\r\nTo: <sip:pool>\r\nCall-ID: o\r\n"
                   "CSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n");
}

static enum ds_verdict
noted(const char *variant, const struct plan *plan, const char *caller, int count)
{
    struct scene scene;
    scene_open(&scene, "voice_mail", variant);
    scene_play(&scene, plan);
    note(&scene, caller, count);
    scene_read(&scene);
    scene_judge(&scene);
    enum ds_verdict verdict = scene_verdict(&scene, "MAIL-07");
    scene_close(&scene);
    return verdict;
}

static void calls_that_were_missed_are_noted(void **state)
{
    static const struct plan missed = {.path = "bob pool alice",
                                       .number = CALLED_EV,
                                       .cancelled = true},
                             carols = {.path = "bob pool carol",
                                       .number = "+14255550103",
                                       .cancelled = true},
                             taken = {.path = "bob pool alice", .number = CALLED_EV};
    static const char bob[] = "<sip:+14255550102@contoso.example>",
                      carol[] = "<sip:+14255550103@contoso.example>";
    (void)state;
    assert_int_equal(noted("missed_calls", &missed, bob, 1), DS_PASS);
    assert_int_equal(noted("missed_calls", &missed, bob, 0), DS_FAIL);
    assert_int_equal(noted("missed_calls", &missed, carol, 1), DS_FAIL);
    assert_int_equal(noted("missed_calls", &missed, bob, 2), DS_FAIL);
    assert_int_equal(noted("missed_calls", &taken, bob, 0), DS_NOT_SEEN);
    assert_int_equal(noted("missed_calls", &taken, bob, 1), DS_FAIL);
    assert_int_equal(noted("missed_calls", &carols, bob, 0), DS_NOT_SEEN);
    assert_int_equal(noted("bypass_on", &missed, bob, 0), DS_NOT_SEEN);
}

int test_mail(void);

int test_mail(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(voice_mail_takes_what_it_should),
        cmocka_unit_test(notices_say_how_many_messages_are_new),
        cmocka_unit_test(subscriptions_are_renewed),
        cmocka_unit_test(calls_that_were_missed_are_noted),
        cmocka_unit_test(lost_ones_are_asked_for_anew),
        cmocka_unit_test(what_is_not_renewed_ends_with_its_time),
    };
    return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
