#include "topo_file.h"

#define REGION "regions = { west = { central = \"core\" } },\n  sites = {\n"
#define CORE   "core = { net = \"127.0.1.0/24\""

static void regions_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"4: region 'west' needs central: the site that its links lead to",
         {{"sites = {\n", "regions = { west = {} }, sites = {\n"}}},
        {"4: region 'west' must be a table, and is text",
         {{"sites = {\n", "regions = { west = \"core\" }, sites = {\n"}}},
        {"4: 'West' is no name: a to z, then a to z, 0 to 9 and _",
         {{"sites = {\n", "regions = { West = {} }, sites = {\n"}}},
        {"4: region 'west' has no 'centre' (did you mean 'central'?); it knows central",
         {{"sites = {\n", "regions = { west = { centre = \"core\" } }, sites = {\n"}}},
        {"4: the central site of region 'west' is 'core', which is no site in it without a "
         "constrained link",
         {{"sites = {\n", REGION}}},
        {"4: the central site of region 'west' is 'core', which is no site in it without a "
         "constrained link",
         {{"sites = {\n", REGION}, {CORE, CORE ", region = \"west\", constrained = true"}}},
        {"5: site 'core' is in 'east', which is no region", {{CORE, CORE ", region = \"east\""}}},
        {"5: site 'core' is in no region that a constrained link could lead to",
         {{CORE, CORE ", constrained = true"}}},
        {"7: the bypass ID of site 'office' follows from its region 'west': it cannot have "
         "another",
         {{"sites = {\n", REGION},
          {CORE, CORE ", region = \"west\""},
          {"office = {", "office = { region = \"west\","}}},
        {"8: site 'home_office' is external and in no region: calls from outside never bypass",
         {{"sites = {\n", REGION},
          {CORE, CORE ", region = \"west\""},
          {"external = true", "external = true, region = \"west\""}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void media_points_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"10: 'pool' is a pool: only a gateway, a pbx or an sbc has its media processor elsewhere",
         {{"\"tls:5061\"", "\"tls:5061\", media_at = \"127.0.10.240\""}}},
        {"15: the media_at address of 'pbx' must be IPv4, and 'there' is not",
         {{"sip = \"udp:5060\" },\n    pstn",
           "sip = \"udp:5060\", media_at = \"there\" },\n    pstn"}}},
        {"15: the media_at address of 'pbx' must lie in the net of an internal site",
         {{"sip = \"udp:5060\" },\n    pstn",
           "sip = \"udp:5060\", media_at = \"127.0.90.9\" },\n    pstn"}}},
        {"15: 'alice' and the media_at address of 'pbx' are the same, 127.0.10.10",
         {{"sip = \"udp:5060\" },\n    pstn",
           "sip = \"udp:5060\", media_at = \"127.0.10.10\" },\n    pstn"}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

#define SIP_TRUNK                                                                                  \
    {                                                                                              \
        "\"behind_pbx\"", "\"sip_trunk\""                                                          \
    }
#define SBC "sbc = { role = \"sbc\", site = \"office\", sip = { \"tcp:5066\", \"udp:5060\" } }"

static void a_sip_trunk_has_its_demands(void **state)
{
    static const struct refusal refusals[] = {
        {"3: sip_trunk needs a sbc among the nodes", {SIP_TRUNK}},
        {"13: sip_trunk has no gateway, and 'gateway' is one: the carrier's controller takes its "
         "place",
         {SIP_TRUNK, {"    pbx = {", "    " SBC ", pbx = {"}}},
        {"15: sip_trunk has no fax, and 'fax' is one: fax is not supported over a SIP trunk",
         {SIP_TRUNK,
          {"    pbx = {", "    " SBC ", fax = { role = \"fax\", site = \"core\", home = \"pbx\", "
                          "number = \"+14255550311\" }, pbx = {"}}},
        {"15: behind_pbx has no sbc, and 'sbc' is one: with a carrier's controller the option is "
         "sip_trunk",
         {{"    pbx = {", "    " SBC ", pbx = {"}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

#define POOL_WITH(text)                                                                            \
    {                                                                                              \
        "\"tls:5061\" }", "\"tls:5061\"" text " }"                                                 \
    }
#define BACKUP POOL_WITH(", backup = \"pool_b\"")
#define SECOND(text)                                                                               \
    {                                                                                              \
        "    pbx = {", "    pool_b = { role = \"pool\", site = \"core\", sip = \"tls:5061\"" text  \
                       " }, pbx = {"                                                               \
    }

static void backups_are_checked(void **state)
{
    static const struct refusal refusals[] = {
        {"15: 'pbx' is a pbx: only a pool has a backup",
         {{"sip = \"udp:5060\" },\n    pstn",
           "sip = \"udp:5060\", backup = \"pool\" },\n    pstn"}}},
        {"10: the backup of 'pool' must be another pool that has none and stands in for no other, "
         "and is 'pool_b'",
         {BACKUP}},
        {"10: the backup of 'pool' must be another pool that has none and stands in for no other, "
         "and is 'pool'",
         {POOL_WITH(", backup = \"pool\"")}},
        {"10: the backup of 'pool' must be another pool that has none and stands in for no other, "
         "and is 'pbx'",
         {POOL_WITH(", backup = \"pbx\"")}},
        {"15: the backup of 'pool_b' must be another pool that has none and stands in for no "
         "other, and is 'pool'",
         {BACKUP, SECOND(", backup = \"pool\"")}},
        {"10: 'pool' cannot have a backup: call admission control is that pool's alone",
         {BACKUP, SECOND(""), {"  variants = {", "  admission = {}, variants = {"}}},
        {"17: the home of 'alice' is 'pool_b', which stands in for 'pool' and is nobody's home",
         {BACKUP, SECOND(""), {"home = \"pool\",\n", "home = \"pool_b\",\n"}}},
        {"31: 'pool_b' has no routes: it stands in for 'pool', and has the routes of that",
         {BACKUP, SECOND(""), {"at = \"mediation\"", "at = \"pool_b\""}}},
    };
    (void)state;
    topo_file_refuses(refusals, DS_COUNT(refusals));
}

static void a_backup_has_the_routes_of_its_pool(void **state)
{
    static const struct change changes[] = {BACKUP, SECOND("")};
    const struct ds_topo *topo = NULL;
    char number[64];
    struct topo_file file;
    (void)state;
    topo_file_open(&file);
    topo_file_spoil(&file, changes, DS_COUNT(changes));
    assert_int_equal(ds_topo_load(file.path, NULL, file.arena, &topo, &file.why), DS_OK);
    const struct ds_topo_node *backup = ds_topo_find(topo, DS_LITERAL("pool_b"));
    const struct ds_topo_node *mediation = ds_topo_find(topo, DS_LITERAL("mediation"));
    const struct ds_slice called = DS_LITERAL("+12065550199");
    assert_string_equal(ds_topo_first(topo, DS_ROLE_POOL)->name, "pool");
    assert_ptr_equal(ds_topo_backup(ds_topo_find(topo, DS_LITERAL("alice"))), backup);
    assert_null(ds_topo_backup(ds_topo_find(topo, DS_LITERAL("carol"))));
    const struct ds_route *out = ds_topo_route(topo, backup, NULL, called, number, sizeof number);
    assert_non_null(out);
    assert_ptr_equal(out->via[0], mediation);
    assert_non_null(ds_topo_route(topo, mediation, backup, called, number, sizeof number));
    topo_file_close(&file);
}

int test_place(void);

int test_place(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regions_are_checked),
        cmocka_unit_test(media_points_are_checked),
        cmocka_unit_test(a_sip_trunk_has_its_demands),
        cmocka_unit_test(backups_are_checked),
        cmocka_unit_test(a_backup_has_the_routes_of_its_pool),
    };
    return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
