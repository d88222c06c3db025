#include "capture.h"

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
    {"MAIL-01", DS_NOT_SEEN, "voice_mail", NULL, {INSIDE, .media = "alice um_a"}},
};

static void voice_mail_takes_what_it_should(void **state)
{
    (void)state;
    check_cases(cases, DS_COUNT(cases));
}

int test_mail(void);

int test_mail(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(voice_mail_takes_what_it_should),
    };
    return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
