#include "topo_file.h"

/* What the file says of call park. */
#define NODES(text)                                                                                \
    {                                                                                              \
        "    pool = {", "    " text "pool = {"                                                     \
    }
#define PARK(text)                                                                                 \
    {                                                                                              \
        "  variants = {", "  call_park = { " text " }, variants = {"                               \
    }
#define ALICE                                                                                      \
    {                                                                                              \
        "home = \"pool\",\n      number", "home = \"pool\", parks = true,\n      number"           \
    }
#define SERVICE_AT(sip)                                                                            \
    NODES("park = { role = \"call_park\", site = \"core\", sip = \"" sip "\" }, ")
#define SERVICE SERVICE_AT("tls:5075")
#define AT_PARK "service = \"park\", "

static const struct ds_topo *
load(struct topo_file *file, const struct change *changes, size_t count)
{
    const struct ds_topo *topo = NULL;
    topo_file_spoil(file, changes, count);
    if (ds_topo_load(file->path, NULL, file->arena, &topo, &file->why) != DS_OK)
        fail_msg("%s", file->why.text);
    return topo;
}

static void nobody_parks_unless_told_otherwise(void **state)
{
    static const struct change changes[] = {SERVICE,
                                            PARK(AT_PARK "orbits = { \"7001\", \"7010\" }")};
    struct topo_file file;
    (void)state;
    topo_file_open(&file);
    const struct ds_topo *topo = load(&file, NULL, 0);
    assert_null(topo->call_park.service);
    assert_int_equal(ds_topo_orbits(topo), 0);
    assert_false(ds_topo_is_orbit(topo, DS_LITERAL("7001")));
    topo = load(&file, changes, DS_COUNT(changes));
    assert_string_equal(topo->call_park.service->name, "park");
    assert_true(topo->call_park.service->tone_hz != 0);
    assert_int_equal(topo->call_park.wait_us, 90000000);
    assert_false(ds_topo_find(topo, DS_LITERAL("alice"))->parks);
    topo_file_close(&file);
}

static void orbits_are_a_range(void **state)
{
    static const struct change plain[] = {SERVICE,
                                          PARK(AT_PARK
                                               "orbits = { \"7001\", \"7010\" }, rings_back = 10"),
                                          ALICE},
                               starred[] = {SERVICE, PARK(AT_PARK "orbits = { \"*8\", \"*9\" }")};
    char orbit[DS_ORBIT_SIZE];
    struct topo_file file;
    (void)state;
    topo_file_open(&file);
    const struct ds_topo *topo = load(&file, plain, DS_COUNT(plain));
    assert_int_equal(ds_topo_orbits(topo), 10);
    ds_topo_orbit(topo, 9, orbit);
    assert_string_equal(orbit, "7010");
    assert_true(ds_topo_is_orbit(topo, DS_LITERAL("7001")));
    assert_true(ds_topo_is_orbit(topo, DS_LITERAL("7010")));
    assert_false(ds_topo_is_orbit(topo, DS_LITERAL("7000")));
    assert_false(ds_topo_is_orbit(topo, DS_LITERAL("7011")));
    assert_false(ds_topo_is_orbit(topo, DS_LITERAL("*7001")));
    assert_false(ds_topo_is_orbit(topo, DS_LITERAL("07001")));
    assert_false(ds_topo_is_orbit(topo, DS_LITERAL("")));
    assert_int_equal(topo->call_park.wait_us, 10000000);
    assert_true(ds_topo_find(topo, DS_LITERAL("alice"))->parks);
    topo = load(&file, starred, DS_COUNT(starred));
    ds_topo_orbit(topo, 1, orbit);
    assert_string_equal(orbit, "*9");
    assert_true(ds_topo_is_orbit(topo, DS_LITERAL("*8")));
    assert_false(ds_topo_is_orbit(topo, DS_LITERAL("8")));
    topo_file_close(&file);
}

#define NO_ORBIT                                                                                   \
    "33: an orbit is a number of at most 9 digits, the first of them no 0, or a * and one digit "  \
    "less"
#define NO_RANGE(first, last)                                                                      \
    "33: orbits are at most 1000 numbers of the same length, upwards: not '" first "' to '" last "'"
#define WITH_ORBITS(first, last)                                                                   \
    {                                                                                              \
        SERVICE, PARK(AT_PARK "orbits = { \"" first "\", \"" last "\" }")                          \
    }

static void what_makes_no_sense_is_refused(void **state)
{
    static const struct refusal wrong[] = {
        {"10: 'park' is a call_park that is no service: nobody would call it", {SERVICE}},
        {"33: call_park needs its service: a call_park node", {SERVICE, PARK("rings_back = 20")}},
        {"33: calls are parked at 'pool', which is no call_park",
         {SERVICE, PARK("service = \"pool\"")}},
        {"10: 'park' is a call_park and needs a tls port",
         {SERVICE_AT("tcp:5075"), PARK("service = \"park\"")}},
        {"33: call_park needs orbits: the first number and the last",
         {SERVICE, PARK(AT_PARK "orbits = { \"7001\" }")}},
        {NO_ORBIT, WITH_ORBITS("#701", "#709")},
        {NO_ORBIT, WITH_ORBITS("0701", "0709")},
        {NO_ORBIT, WITH_ORBITS("7001", "7001234567")},
        {NO_ORBIT, WITH_ORBITS("*", "*9")},
        {NO_RANGE("7009", "7001"), WITH_ORBITS("7009", "7001")},
        {NO_RANGE("998", "1002"), WITH_ORBITS("998", "1002")},
        {NO_RANGE("7000", "8000"), WITH_ORBITS("7000", "8000")},
        {NO_RANGE("*71", "72"), WITH_ORBITS("*71", "72")},
        {"33: 'carol' is called by a number that is an orbit, too", WITH_ORBITS("200", "202")},
        {"33: the dial plan makes +14255550701 of the orbit 701: nobody could dial that",
         WITH_ORBITS("701", "709")},
        {"33: a parked call rings back after 10 to 600 seconds, not 9",
         {SERVICE, PARK(AT_PARK "orbits = { \"7001\", \"7009\" }, rings_back = 9")}},
        {"17: 'alice' parks calls, and there is no call_park in this deployment", {ALICE}},
        {"13: 'gateway' cannot park calls: only a client with a number can",
         {{"role = \"gateway\",", "role = \"gateway\", parks = true,"}}},
    };
    (void)state;
    topo_file_refuses(wrong, DS_COUNT(wrong));
}

int test_call_park(void);

int test_call_park(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_parks_unless_told_otherwise),
        cmocka_unit_test(orbits_are_a_range),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests_name("call_park", tests, NULL, NULL);
}
