#include "topo_file.h"

/* A server, and what the file says of voice mail, user by user. */
#define UM(name, sip) name " = { role = \"um\", site = \"core\", sip = \"" sip "\" }, "
#define NODES(text)                                                                                \
    {                                                                                              \
        "    pool = {", "    " text "pool = {"                                                     \
    }
#define MAIL(text)                                                                                 \
    {                                                                                              \
        "  variants = {", "  voice_mail = { " text " }, variants = {"                              \
    }
#define ALICE(text)                                                                                \
    {                                                                                              \
        "home = \"pool\",\n      number", "home = \"pool\", " text ",\n      number"               \
    }
#define ONE_SERVER NODES(UM("um", "tls:5061"))
#define SERVERS    "servers = { \"um\" }"

static const struct ds_topo *
load(struct topo_file *file, const struct change *changes, size_t count)
{
    const struct ds_topo *topo = NULL;
    topo_file_spoil(file, changes, count);
    if (ds_topo_load(file->path, NULL, file->arena, &topo, &file->why) != DS_OK)
        fail_msg("%s", file->why.text);
    return topo;
}

static bool has_voice_mail(const struct ds_topo *topo, const char *name)
{
    return ds_topo_find(topo, ds_slice_of(name))->handling.voice_mail;
}

static void without_servers_nobody_has_it(void **state)
{
    struct topo_file file;
    (void)state;
    topo_file_open(&file);
    const struct ds_topo *topo = load(&file, NULL, 0);
    assert_int_equal(topo->voice_mail.server_count, 0);
    assert_false(has_voice_mail(topo, "alice"));
    assert_false(ds_topo_is_voice_mail(topo, DS_LITERAL("+14255550101")));
    topo_file_close(&file);
}

static void servers_are_tried_as_they_are_listed(void **state)
{
    static const struct change changes[] = {
        NODES(UM("um_a", "tls:5061") UM("um_b", "tcp:5060")),
        MAIL("servers = { \"um_b\", \"um_a\" }, access = \"+14255550190\", waits = 4, "
             "notices = true, missed_calls = true")};
    struct topo_file file;
    (void)state;
    topo_file_open(&file);
    const struct ds_topo *topo = load(&file, changes, DS_COUNT(changes));
    assert_int_equal(topo->voice_mail.server_count, 2);
    assert_string_equal(topo->voice_mail.servers[0]->name, "um_b");
    assert_int_equal(topo->voice_mail.wait_us, 4000000);
    assert_true(topo->voice_mail.notices);
    assert_true(topo->voice_mail.missed_calls);
    assert_true(ds_topo_is_voice_mail(topo, DS_LITERAL("+14255550190")));
    assert_null(topo->voice_mail.attendant);
    assert_true(topo->voice_mail.servers[0]->tone_hz != 0);
    topo_file_close(&file);
}

static void users_have_it_unless_they_say_otherwise(void **state)
{
    static const struct {
        const char *wish;
        bool has;
    } wishes[] = {{"voice_mail = true", true},
                  {"rings = 5", true},
                  {"voice_mail = false", false},
                  {"unanswered = \"+12065550142\"", false}};
    struct topo_file file;
    (void)state;
    topo_file_open(&file);
    for (size_t i = 0; i < DS_COUNT(wishes); i++) {
        char alice[200];
        snprintf(alice, sizeof alice, "home = \"pool\", %s,\n      number", wishes[i].wish);
        const struct change changes[] = {
            ONE_SERVER, MAIL(SERVERS), {"home = \"pool\",\n      number", alice}};
        const struct ds_topo *topo = load(&file, changes, DS_COUNT(changes));
        assert_int_equal(has_voice_mail(topo, "alice"), wishes[i].has);
        assert_false(has_voice_mail(topo, "carol"));
    }
    topo_file_close(&file);
}

static void what_makes_no_sense_is_refused(void **state)
{
    static const struct refusal wrong[] = {
        {"10: 'um' is a um that no voice_mail lists: nobody would call it", {ONE_SERVER}},
        {"33: voice_mail needs servers: a list of um nodes", {MAIL("access = \"+14255550190\"")}},
        {"33: voice mail is at 'pool', which is no um", {MAIL("servers = { \"pool\" }")}},
        {"33: voice mail names 'um' twice", {ONE_SERVER, MAIL("servers = { \"um\", \"um\" }")}},
        {"10: 'um' is a um and needs a tls or a tcp port",
         {NODES(UM("um", "udp:5060")), MAIL(SERVERS)}},
        {"33: the number of voice mail's access must be + and 7 to 15 digits, and is '190'",
         {ONE_SERVER, MAIL(SERVERS ", access = \"190\"")}},
        {"33: 'alice' and voice mail have the same number +14255550101",
         {ONE_SERVER, MAIL(SERVERS ", attendant = \"+14255550101\"")}},
        {"33: access and attendant have the same number +14255550190",
         {ONE_SERVER, MAIL(SERVERS ", access = \"+14255550190\", attendant = \"+14255550190\"")}},
        {"33: a server of voice mail is waited for 1 to 60 seconds, not 0",
         {ONE_SERVER, MAIL(SERVERS ", waits = 0")}},
        {"33: voice_mail has no 'server' (did you mean 'servers'?); it knows servers, access, "
         "attendant, waits, notices, missed_calls",
         {ONE_SERVER, MAIL("server = { \"um\" }")}},
        {"17: 'alice' cannot have voice mail: there is no voice_mail in this deployment",
         {ALICE("voice_mail = true")}},
        {"17: 'alice' cannot have voice mail: calls go on to another number",
         {ONE_SERVER, MAIL(SERVERS), ALICE("voice_mail = true, unanswered = \"+12065550142\"")}},
        {"13: 'gateway' has no 'voice_mail': only a client with a number of its own is a user",
         {{"role = \"gateway\",", "role = \"gateway\", voice_mail = false,"}}},
    };
    (void)state;
    topo_file_refuses(wrong, DS_COUNT(wrong));
}

int test_voice_mail(void);

int test_voice_mail(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_servers_nobody_has_it),
        cmocka_unit_test(servers_are_tried_as_they_are_listed),
        cmocka_unit_test(users_have_it_unless_they_say_otherwise),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests_name("voice_mail", tests, NULL, NULL);
}
