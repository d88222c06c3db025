#include "topo_file.h"

/* Two regions: office is a branch of the first one, farm of the second. */
#define SITES                                                                                      \
    {                                                                                              \
        "  sites = {\n    core = { net = \"127.0.1.0/24\" },\n",                                   \
            "  regions = { west = { central = \"core\" }, east = { central = \"town\" } },\n"      \
            "  sites = {\n"                                                                        \
            "    core = { net = \"127.0.1.0/24\", region = \"west\" },\n"                          \
            "    lab = { net = \"127.0.2.0/24\", region = \"west\" },\n"                           \
            "    town = { net = \"127.0.3.0/24\", region = \"east\" },\n"                          \
            "    farm = { net = \"127.0.4.0/24\", region = \"east\", constrained = true },\n"      \
    }
#define OFFICE                                                                                     \
    {                                                                                              \
        "bypass_id = \"5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10\"",                                    \
            "region = \"west\", constrained = true"                                                \
    }
#define ADMISSION(text)                                                                            \
    {                                                                                              \
        "  variants = {", "  admission = { " text " }, variants = {"                               \
    }
#define LINKS(more)                                                                                \
    "links = { { \"office\", \"core\", audio = 300, session = 110 }, { \"farm\", \"town\", "       \
    "audio = 200, session = 100 }, { \"core\", \"town\", audio = 1000, session = 200 }" more " }"
#define ON(more) "enabled = true, " LINKS(more)

static const struct ds_topo *
load(struct topo_file *file, const struct change *changes, size_t count)
{
    const struct ds_topo *topo = NULL;
    topo_file_open(file);
    topo_file_spoil(file, changes, count);
    if (ds_topo_load(file->path, NULL, file->arena, &topo, &file->why) != DS_OK)
        fail_msg("%s", file->why.text);
    return topo;
}

/* The links between two addresses by their amounts: "300 1000". */
static void assert_way(const struct ds_topo *topo, uint8_t from, uint8_t to, const char *wanted)
{
    char text[64] = "";
    struct ds_link_way way;
    ds_topo_way_between(topo, ds_addr_v4(0x7f000007u | (uint32_t)from << 8, 0),
                        ds_addr_v4(0x7f000007u | (uint32_t)to << 8, 0), &way);
    for (size_t i = 0; i < way.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%u", i == 0 ? "" : " ",
                 way.links[i]->audio_kbps);
    assert_string_equal(text, wanted);
}

static void the_way_goes_by_the_fewest_links(void **state)
{
    static const struct change changes[] = {SITES, OFFICE, ADMISSION(ON(""))};
    static const struct change direct[] = {
        SITES, OFFICE, ADMISSION(ON(", { \"office\", \"farm\", audio = 50, session = 50 }"))};
    struct topo_file file;
    (void)state;
    const struct ds_topo *topo = load(&file, changes, DS_COUNT(changes));
    assert_true(topo->admission);
    assert_way(topo, 10, 1, "300");
    assert_way(topo, 10, 2, "300"); /* lab is near core */
    assert_way(topo, 1, 2, "");
    assert_way(topo, 10, 4, "300 1000 200");
    assert_way(topo, 4, 10, "200 1000 300");
    assert_way(topo, 10, 10, "");
    assert_way(topo, 10, 90, "");  /* outside */
    assert_way(topo, 10, 200, ""); /* nobody's net */
    topo_file_close(&file);
    topo = load(&file, direct, DS_COUNT(direct));
    assert_way(topo, 10, 4, "50");
    topo_file_close(&file);
}

static void users_may_be_kept_from_the_pstn(void **state)
{
    static const struct change kept[] = {
        {"home = \"pool\",\n      number", "home = \"pool\", pstn_reroute = false,\n number"}};
    struct topo_file file;
    (void)state;
    const struct ds_topo *topo = load(&file, NULL, 0);
    assert_false(topo->admission);
    assert_true(ds_topo_find(topo, DS_LITERAL("alice"))->pstn_reroute);
    topo_file_close(&file);
    topo = load(&file, kept, DS_COUNT(kept));
    assert_false(ds_topo_find(topo, DS_LITERAL("alice"))->pstn_reroute);
    topo_file_close(&file);
}

#define EDGES                                                                                      \
    {                                                                                              \
        "    pbx = {",                                                                             \
            "    e1 = { role = \"edge\", site = \"office\", sip = \"tls:5061\", home = "           \
            "\"pool\", av = \"127.0.90.30\", credentials = \"a:b\" },\n"                           \
            "    e2 = { role = \"edge\", site = \"farm\", sip = \"tls:5061\", home = "             \
            "\"pool\", av = \"127.0.90.31\", credentials = \"a:b\" },\n    pbx = {"                \
    }

static void the_way_over_the_internet_begins_at_ones_own_site(void **state)
{
    static const struct change open_way[] = {SITES, OFFICE, EDGES,
                                             ADMISSION("internet = true, " ON(""))};
    static const struct change shut[] = {SITES, OFFICE, EDGES, ADMISSION(ON(""))};
    struct topo_file file;
    (void)state;
    const struct ds_topo *topo = load(&file, open_way, DS_COUNT(open_way));
    const struct ds_topo_node *alice = ds_topo_find(topo, DS_LITERAL("alice"));
    assert_ptr_equal(ds_topo_internet_edge(topo, alice), ds_topo_find(topo, DS_LITERAL("e1")));
    assert_null(ds_topo_internet_edge(topo, ds_topo_find(topo, DS_LITERAL("carol"))));
    assert_null(ds_topo_internet_edge(topo, NULL));
    topo_file_close(&file);
    topo = load(&file, shut, DS_COUNT(shut));
    assert_null(ds_topo_internet_edge(topo, ds_topo_find(topo, DS_LITERAL("alice"))));
    topo_file_close(&file);
}

#define LINK(text) SITES, OFFICE, ADMISSION("links = { " text " }")

static void what_makes_no_sense_is_refused(void **state)
{
    static const struct refusal wrong[] = {
        {"37: a link needs the two sites that it joins, as in { \"branch\", \"central\", audio = "
         "204, session = 102 }",
         {LINK("{ \"office\", audio = 1, session = 1 }")}},
        {"37: a link leads to 'moon', which is no site",
         {LINK("{ \"office\", \"moon\", audio = 1, session = 1 }")}},
        {"37: a link leads to 'home_office', which is external: nobody manages the bandwidth of "
         "the Internet",
         {LINK("{ \"office\", \"home_office\", audio = 1, session = 1 }")}},
        {"37: a link needs audio: 1 to 1000000 kbit/s, one way",
         {LINK("{ \"office\", \"core\", session = 1 }")}},
        {"37: a link needs session: 1 to 1000000 kbit/s, one way",
         {LINK("{ \"office\", \"core\", audio = 1, session = 0 }")}},
        {"37: the link of 'office' and 'core' gives a single session more than all together",
         {LINK("{ \"office\", \"core\", audio = 1, session = 2 }")}},
        {"37: a link joins 'core' with itself",
         {LINK("{ \"core\", \"core\", audio = 1, session = 1 }")}},
        {"37: a link joins two sites, and no more",
         {LINK("{ \"core\", \"lab\", \"town\", audio = 1, session = 1 }")}},
        {"37: 'core' and 'office' have a link already, in line 37",
         {LINK("{ \"office\", \"core\", audio = 1, session = 1 }, { \"core\", \"office\", audio = "
               "1, session = 1 }")}},
        {"37: the link from 'lab' to the middle of its region has a bandwidth policy: that makes "
         "the site constrained, and it is to say so",
         {LINK("{ \"core\", \"lab\", audio = 1, session = 1 }")}},
        {"37: call admission control needs links to watch over",
         {SITES, OFFICE, ADMISSION("enabled = true")}},
        {"37: site 'office' is constrained, and no link says how much audio it has",
         {SITES, OFFICE,
          ADMISSION("enabled = true, links = { { \"farm\", \"town\", audio = 1, session = 1 } }")}},
        {"37: call admission control and bypass.always exclude each other: with the one, bypass "
         "goes by sites and regions",
         {SITES,
          ADMISSION(ON("")),
          {"bypass = { enabled = true }",
           "bypass = { enabled = true, always = \"5f0f1d2a-7c1e-4b57-9a0e-2d6b8c4e1f10\" }"}}},
        {"38: call admission control does not watch over conferences: it goes with no conferencing "
         "server",
         {SITES,
          ADMISSION(ON("")),
          {"    pbx = {",
           "    focus = { role = \"conferencing\", site = \"core\", sip = \"tls:5063\" },\n"
           "    pbx = {"}}},
        {"33: a way over the Internet needs two sites with an edge each that has an av address",
         {ADMISSION("internet = true")}},
        {"33: admission has no 'link' (did you mean 'links'?); it knows enabled, internet, links",
         {ADMISSION("link = {}")}},
    };
    (void)state;
    topo_file_refuses(wrong, DS_COUNT(wrong));
}

int test_admission(void);

int test_admission(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_way_goes_by_the_fewest_links),
        cmocka_unit_test(users_may_be_kept_from_the_pstn),
        cmocka_unit_test(the_way_over_the_internet_begins_at_ones_own_site),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests_name("admission", tests, NULL, NULL);
}
