#include "topo_file.h"

/* A route with a usage, and what the file says of policies, sites and gateways. */
#define USAGE                                                                                      \
    {                                                                                              \
        "{ at = \"pool\", to = [[^\\+]], via = \"mediation\" }",                                   \
            "{ at = \"pool\", usages = { \"outside\" }, to = [[^\\+]], via = \"gateway\" }"        \
    }
#define POLICIES(text)                                                                             \
    {                                                                                              \
        "  variants = {", "  location_policies = { " text " }, variants = {"                       \
    }
#define OFFICE(text)                                                                               \
    {                                                                                              \
        "office = { net", "office = { " text ", net"                                               \
    }
#define HOME(text)                                                                                 \
    {                                                                                              \
        "home_office = { net", "home_office = { " text ", net"                                     \
    }
#define ALICE(text)                                                                                \
    {                                                                                              \
        "home = \"pool\",\n      number", "home = \"pool\", " text ",\n      number"               \
    }
#define GATEWAY                                                                                    \
    {                                                                                              \
        "role = \"gateway\",", "role = \"gateway\", elin = true,"                                  \
    }
#define US(masks) "us = { number = \"+911\", masks = { " masks " }, usage = \"outside\" }"
#define EU        "eu = { number = \"+112\", usage = \"outside\" }"
#define ADDRESS   "address = { country = \"US\", city = \"Redmond\", street = \"Main Street 1\" }"

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

/* The number that alice's client calls for these digits; NULL: they are no emergency. */
static const char *called(const struct ds_topo *topo, const char *dialled)
{
    const struct ds_location_policy *policy =
        ds_topo_emergency(ds_topo_find(topo, DS_LITERAL("alice")), ds_slice_of(dialled));
    return policy == NULL ? NULL : policy->number;
}

static void a_number_is_known_by_its_masks_too(void **state)
{
    static const struct change changes[] = {USAGE, POLICIES(US("\"9911\", \"112\"")),
                                            OFFICE("location_policy = \"us\"")};
    struct topo_file file;
    (void)state;
    const struct ds_topo *topo = load(&file, changes, DS_COUNT(changes));
    assert_string_equal(called(topo, "911"), "+911");
    assert_string_equal(called(topo, "+911"), "+911");
    assert_string_equal(called(topo, "9911"), "+911");
    assert_string_equal(called(topo, "112"), "+911");
    assert_null(called(topo, "+112"));
    assert_null(called(topo, "91"));
    assert_null(called(topo, ""));
    assert_true(ds_topo_is_emergency(topo, DS_LITERAL("+911")));
    assert_false(ds_topo_is_emergency(topo, DS_LITERAL("911")));
    topo_file_close(&file);
}

static void the_site_comes_before_the_user(void **state)
{
    static const struct change of_both[] = {USAGE, POLICIES(US("\"9911\"") ", " EU),
                                            OFFICE("location_policy = \"us\""),
                                            ALICE("location_policy = \"eu\"")};
    static const struct change of_the_user[] = {USAGE, POLICIES(US("\"9911\"") ", " EU),
                                                ALICE("location_policy = \"eu\"")};
    struct topo_file file;
    (void)state;
    const struct ds_topo *topo = load(&file, of_both, DS_COUNT(of_both));
    assert_string_equal(called(topo, "911"), "+911");
    assert_null(called(topo, "112"));
    topo_file_close(&file);
    topo = load(&file, of_the_user, DS_COUNT(of_the_user));
    assert_null(called(topo, "911"));
    assert_string_equal(called(topo, "112"), "+112");
    topo_file_close(&file);
}

static void a_place_has_an_address_and_a_number(void **state)
{
    static const struct change changes[] = {OFFICE(ADDRESS ", elin = \"+14255550191\""),
                                            GATEWAY,
                                            {"bypass = true }", "bypass = true, pidf_lo = true }"}};
    struct topo_file file;
    (void)state;
    const struct ds_topo *topo = load(&file, changes, DS_COUNT(changes));
    const struct ds_site *site = ds_topo_elin_site(topo, DS_LITERAL("+14255550191"));
    assert_non_null(site);
    assert_string_equal(site->name, "office");
    assert_string_equal(site->address.city, "Redmond");
    assert_null(ds_topo_elin_site(topo, DS_LITERAL("+14255550192")));
    assert_true(ds_topo_find(topo, DS_LITERAL("gateway"))->elin);
    assert_true(topo->trunks[0].pidf_lo);
    topo_file_close(&file);
}

static void what_makes_no_sense_is_refused(void **state)
{
    static const struct refusal wrong[] = {
        {"33: the number of location policy 'us' must be + and 2 to 15 digits, as in \"+911\"",
         {USAGE, POLICIES("us = { number = \"911\", usage = \"outside\" }")}},
        {"33: a mask is 2 to 15 digits, and this one is '9-911'",
         {USAGE, POLICIES(US("\"9-911\""))}},
        {"33: the location policy 'us' needs a usage, which says by which trunk its calls leave",
         {USAGE, POLICIES("us = { number = \"+911\" }")}},
        {"33: no route is for the usage 'outside'", {POLICIES(US(""))}},
        {"6: site 'office' has the location policy 'uk', which is none",
         {USAGE, POLICIES(US("")), OFFICE("location_policy = \"uk\"")}},
        {"7: site 'home_office' is external and cannot have a location_policy: outside, that of "
         "the user counts",
         {USAGE, POLICIES(US("")), HOME("location_policy = \"us\"")}},
        {"13: 'gateway' has no location_policy: only a client with a number of its own is a user",
         {{"role = \"gateway\",", "role = \"gateway\", location_policy = \"us\","}}},
        {"6: the address of site 'office' needs a street of 1 to 60 letters",
         {OFFICE("address = { country = \"US\", city = \"Redmond\" }")}},
        {"6: site 'office' has an elin, and needs the address that it stands for",
         {OFFICE("elin = \"+14255550191\"")}},
        {"6: the elin of site 'office' must be + and 7 to 15 digits",
         {OFFICE(ADDRESS ", elin = \"911\"")}},
        {"6: the elin of site 'office' is somebody else's number",
         {OFFICE(ADDRESS ", elin = \"+14255550101\"")}},
        {"7: site 'home_office' is external and cannot have an elin: nobody knows where its "
         "callers are",
         {HOME(ADDRESS ", elin = \"+14255550191\"")}},
        {"13: 'gateway' cannot have elin: only a gateway that its trunk shows the location "
         "(pidf_lo) can tell the number of one",
         {GATEWAY}},
    };
    (void)state;
    topo_file_refuses(wrong, DS_COUNT(wrong));
}

int test_emergency(void);

int test_emergency(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_known_by_its_masks_too),
        cmocka_unit_test(the_site_comes_before_the_user),
        cmocka_unit_test(a_place_has_an_address_and_a_number),
        cmocka_unit_test(what_makes_no_sense_is_refused),
    };
    return cmocka_run_group_tests_name("emergency", tests, NULL, NULL);
}
