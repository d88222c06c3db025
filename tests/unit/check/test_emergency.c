#include "capture.h"

#define ALICE .path = "alice pool mediation gateway_west pstn", .number = "+911"
#define BOB   .path = "bob pool mediation gateway_east pstn", .number = "+911"

/* A body that is a location, as the first of its types says. */
#define SHOWS_LOCATION(from, to)                                                                   \
    {                                                                                              \
        from, to, "INVITE", "CSeq: ", "Content-Type: application/pidf+xml\r\nCSeq: "               \
    }
#define SHOWS_NUMBER(number)                                                                       \
    {                                                                                              \
        "gateway_west", "pstn", "INVITE", "From: <sip:+14255550101", "From: <sip:" number          \
    }
#define ELIN "+14255550191"
#define REFUSED(id)                                                                                \
    {                                                                                              \
        "pool", "bob", "SIP/2.0 403", "Max-Forwards: 70\r\n",                                      \
            "Max-Forwards: 70\r\nms-diagnostics: " id ";reason=\"none\";source=\"pool\"\r\n"       \
    }

static const struct verdict_case trunks[] = {
    {"RTE-01", DS_PASS, "emergency", NULL, {ALICE}},
    {"RTE-03", DS_PASS, "emergency", NULL, {ALICE}},
    {"RTE-21", DS_PASS, "emergency", NULL, {ALICE}},
    {"RTE-21", DS_PASS, "emergency", NULL, {BOB}},
    /* The east has one trunk, the west two. */
    {"RTE-21",
     DS_FAIL,
     "emergency",
     NULL,
     {.path = "bob pool mediation gateway_west pstn", .number = "+911"}},
    {"RTE-21",
     DS_PASS,
     "emergency",
     NULL,
     {.path = "alice pool mediation gateway_east pstn", .number = "+911"}},
    {"RTE-21",
     DS_FAIL,
     "emergency",
     NULL,
     {.path = "bob pool", .number = "+911", .status = 403, .changes = {REFUSED("12001")}}},
    {"RTE-21",
     DS_PASS,
     "emergency",
     "no_route",
     {.path = "bob pool", .number = "+911", .status = 404}},
    {"RTE-21",
     DS_NOT_SEEN,
     "emergency",
     NULL,
     {.path = "bob pool", .number = "+911", .status = 486}},
    {"RTE-21",
     DS_NOT_SEEN,
     "emergency",
     NULL,
     {.path = "alice pool mediation gateway_east pstn", .number = "+12065550199"}},
};

static void emergency_calls_leave_by_their_policy(void **state)
{
    (void)state;
    check_cases(trunks, DS_COUNT(trunks));
}

static const struct verdict_case places[] = {
    {"RTE-22", DS_PASS, "emergency", NULL, {ALICE, .changes = {SHOWS_NUMBER(ELIN)}}},
    {"RTE-22", DS_FAIL, "emergency", NULL, {ALICE}},
    {"RTE-22", DS_FAIL, "emergency", NULL, {ALICE, .changes = {SHOWS_NUMBER("+14255550192")}}},
    {"RTE-22", DS_NOT_SEEN, "emergency", NULL, {BOB}},
    {"RTE-22",
     DS_PASS,
     "emergency",
     NULL,
     {.path = "rita edge pool mediation gateway_west pstn", .number = "+911"}},
    {"SIG-16", DS_NOT_SEEN, "emergency", NULL, {ALICE}},
    {"SIG-16",
     DS_FAIL,
     "emergency",
     NULL,
     {ALICE, .changes = {SHOWS_LOCATION("pool", "mediation")}}},
    {"SIG-16",
     DS_FAIL,
     "emergency",
     NULL,
     {ALICE, .changes = {SHOWS_LOCATION("mediation", "gateway_west")}}},
    {"SIG-16", DS_PASS, "emergency", NULL, {BOB, .changes = {SHOWS_LOCATION("pool", "mediation")}}},
    {"SIG-16",
     DS_FAIL,
     "emergency",
     NULL,
     {BOB, .changes = {SHOWS_LOCATION("pool", "mediation"),
                       SHOWS_LOCATION("mediation", "gateway_east")}}},
    {"EMG-01", DS_FAIL, "emergency", NULL, {ALICE}},
    {"EMG-01", DS_FAIL, "emergency", NULL, {ALICE, .changes = {SHOWS_LOCATION("alice", "pool")}}},
    {"EMG-01",
     DS_NOT_SEEN,
     "emergency",
     NULL,
     {.path = "alice pool mediation gateway_east pstn", .number = "+12065550199"}},
};

static void places_are_shown_where_they_are_to_be(void **state)
{
    (void)state;
    check_cases(places, DS_COUNT(places));
}

/* Alice's emergency call, shown with the ELIN of her place or not, and a call to that number. */
static enum ds_verdict called_back(const char *shown, const char *path, int status)
{
    struct scene scene;
    const struct plan first = {
        ALICE, .changes = {{"gateway_west", "pstn", "INVITE", "From: <sip:+14255550101", shown}}};
    const struct plan second = {.path = path, .number = ELIN, .status = status};
    scene_open(&scene, "emergency", NULL);
    scene_play(&scene, &first);
    scene_play(&scene, &second);
    scene_read(&scene);
    scene_judge(&scene);
    enum ds_verdict verdict = scene_verdict(&scene, "EMG-02");
    scene_close(&scene);
    return verdict;
}

static void who_called_with_an_elin_is_called_back(void **state)
{
    static const char to_alice[] = "pstn gateway_west mediation pool alice";
    static const char to_adam[] = "pstn gateway_west mediation pool adam";
    static const char to_nobody[] = "pstn gateway_west mediation pool";
    (void)state;
    assert_int_equal(called_back("From: <sip:" ELIN, to_alice, 0), DS_PASS);
    assert_int_equal(called_back("From: <sip:" ELIN, to_alice, 486), DS_PASS);
    assert_int_equal(called_back("From: <sip:" ELIN, to_adam, 0), DS_FAIL);
    assert_int_equal(called_back("From: <sip:" ELIN, to_nobody, 404), DS_FAIL);
    assert_int_equal(called_back("From: <sip:+14255550101", to_nobody, 404), DS_NOT_SEEN);
}

int test_emergency(void);

int test_emergency(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emergency_calls_leave_by_their_policy),
        cmocka_unit_test(places_are_shown_where_they_are_to_be),
        cmocka_unit_test(who_called_with_an_elin_is_called_back),
    };
    return cmocka_run_group_tests_name("emergency", tests, NULL, NULL);
}
