#include "topo_file.h"

#include <math.h>

/* One user of Enterprise Voice and one of the PBX are in the file. */
#define AT         "  variants = {"
#define WITH(text) "  traffic = { " text " },\n  variants = {"

static bool same(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

static struct ds_traffic load(struct topo_file *file, const char *instead)
{
    const struct change change = {AT, instead};
    const struct ds_topo *topo = NULL;
    topo_file_spoil(file, &change, 1);
    if (ds_topo_load(file->path, NULL, file->arena, &topo, &file->why) != DS_OK)
        fail_msg("%s", file->why.text);
    return topo->traffic;
}

static void what_is_left_out_is_the_usual(void **state)
{
    struct topo_file file;
    (void)state;
    topo_file_open(&file);
    struct ds_traffic traffic = load(&file, AT);
    assert_int_equal(traffic.ev.users, 1);
    assert_int_equal(traffic.pbx.users, 1);
    assert_true(traffic.ev.counted && traffic.pbx.counted);
    assert_true(same(traffic.ev.erlangs, 0.1) && same(traffic.ev.outside, 0.5));
    assert_true(same(traffic.blocking, 0.01));
    topo_file_close(&file);
}

static void a_file_says_its_busy_hour(void **state)
{
    struct topo_file file;
    (void)state;
    topo_file_open(&file);
    struct ds_traffic traffic =
        load(&file, WITH("ev = { users = 400, erlangs = 0.25, outside = 1 }, blocking = 0.001"));
    assert_int_equal(traffic.ev.users, 400);
    assert_false(traffic.ev.counted);
    assert_true(same(traffic.ev.erlangs, 0.25) && same(traffic.ev.outside, 1));
    assert_int_equal(traffic.pbx.users, 1);
    assert_true(same(traffic.blocking, 0.001));
    topo_file_close(&file);
}

static void what_makes_no_sense_is_refused(void **state)
{
    static const struct {
        const char *instead, *sentence;
    } refusals[] = {
        {WITH("ev = { users = 0 }"),
         "33: users of traffic must be a whole number from 1 to 1000000, and is 0"},
        {WITH("ev = { users = 2.5 }"),
         "33: 'users' of traffic must be a whole number, and is a fraction"},
        {WITH("ev = { erlangs = 1.5 }"),
         "33: erlangs of traffic must be from 0.0001 to 1, and is 1.5"},
        {WITH("ev = { outside = -1 }"),
         "33: outside of traffic must be a share from 0 to 1, and is -1"},
        {WITH("blocking = 0"),
         "33: blocking of traffic must be a share from 0.0001 to 0.5, and is 0"},
        {WITH("blocking = 1 / 0"), "33: 'blocking' of traffic must be a number, and is something "
                                   "else"},
        {WITH("blocking = \"1%\""), "33: 'blocking' of traffic must be a number, and is text"},
        {WITH("pbx = { user = 5 }"),
         "33: traffic has no 'user' (did you mean 'users'?); it knows users, erlangs, outside"},
        {WITH("pstn = { users = 5 }"), "33: traffic has no 'pstn'; it knows ev, pbx, blocking"},
    };
    struct topo_file file;
    (void)state;
    topo_file_open(&file);
    for (size_t i = 0; i < DS_COUNT(refusals); i++) {
        const struct change change = {AT, refusals[i].instead};
        const struct ds_topo *topo = NULL;
        topo_file_spoil(&file, &change, 1);
        assert_int_equal(ds_topo_load(file.path, NULL, file.arena, &topo, &file.why), DS_BAD);
        assert_string_equal(topo_file_said(&file), refusals[i].sentence);
    }
    topo_file_close(&file);
}

static struct ds_traffic usual(void)
{
    struct ds_population some = {.users = 5, .counted = true, .erlangs = 0.1, .outside = 0.5};
    return (struct ds_traffic){.ev = some, .blocking = 0.01};
}

static void a_command_line_says_otherwise(void **state)
{
    struct ds_traffic traffic = usual();
    struct ds_why why;
    (void)state;
    assert_int_equal(
        ds_traffic_read("ev=400,erlangs=0.2,outside=60%,blocking=0.1%", &traffic, &why), DS_OK);
    assert_int_equal(traffic.ev.users, 400);
    assert_false(traffic.ev.counted);
    assert_true(same(traffic.ev.erlangs, 0.2) && same(traffic.pbx.erlangs, 0.2));
    assert_true(same(traffic.ev.outside, 0.6) && same(traffic.blocking, 0.001));
}

static void a_wrong_command_line_is_refused(void **state)
{
    static const struct {
        const char *text, *sentence;
    } wrong[] = {
        {"", "--load wants something, such as ev=400,outside=60%"},
        {"ev", "--load: 'ev' is none of ev=N, pbx=N, erlangs=E, outside=SHARE and blocking=SHARE"},
        {"ev=", "--load: ev is a whole number from 1 to 1000000, not ''"},
        {"ev=-1", "--load: ev is a whole number from 1 to 1000000, not '-1'"},
        {"ev=1e9", "--load: ev is a whole number from 1 to 1000000, not '1e9'"},
        {"ev=4000000000000", "--load: ev is a whole number from 1 to 1000000, not '4000000000000'"},
        {"outside=101%", "--load: outside is a share from 0 to 1, not '101%'"},
        {"outside=%", "--load: outside is a share from 0 to 1, not '%'"},
        {"blocking=0", "--load: blocking is a share from 0.0001 to 0.5, not '0'"},
        {"erlangs=0.1.2", "--load: erlangs is from 0.0001 to 1, not '0.1.2'"},
        {"pbx=5", "--load: 'pbx=5', and the topology has no such user"},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(wrong); i++) {
        struct ds_traffic traffic = usual();
        struct ds_why why;
        assert_int_equal(ds_traffic_read(wrong[i].text, &traffic, &why), DS_BAD);
        assert_string_equal(why.text, wrong[i].sentence);
    }
}

int test_traffic(void);

int test_traffic(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_out_is_the_usual),
        cmocka_unit_test(a_file_says_its_busy_hour),
        cmocka_unit_test(what_makes_no_sense_is_refused),
        cmocka_unit_test(a_command_line_says_otherwise),
        cmocka_unit_test(a_wrong_command_line_is_refused),
    };
    return cmocka_run_group_tests_name("traffic", tests, NULL, NULL);
}
