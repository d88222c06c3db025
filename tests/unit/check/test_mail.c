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

int test_mail(void);

int test_mail(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(voice_mail_takes_what_it_should),
        cmocka_unit_test(notices_say_how_many_messages_are_new),
    };
    return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
