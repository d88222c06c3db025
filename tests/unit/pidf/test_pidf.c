#include "support.h"

#include <string.h>

#include "pidf.h"

static const struct ds_pidf somewhere = {.entity = "sip:alice@contoso.example",
                                         .contact = "tel:+14255550101",
                                         .country = "US",
                                         .city = "Redmond",
                                         .street = "Fish & \"Chips\" <1>",
                                         .name = "+14255550191"};

static void what_is_written_is_read_again(void **state)
{
    struct ds_pidf read;
    struct ds_buf out = {.at = NULL};
    struct ds_why why;
    (void)state;
    ds_pidf_write(&somewhere, &out);
    if (ds_pidf_read(ds_buf_slice(&out), &read, &why) != DS_OK)
        fail_msg("%s", why.text);
    assert_string_equal(read.entity, somewhere.entity);
    assert_string_equal(read.contact, somewhere.contact);
    assert_string_equal(read.country, somewhere.country);
    assert_string_equal(read.city, somewhere.city);
    assert_string_equal(read.street, somewhere.street);
    assert_string_equal(read.name, somewhere.name);
    ds_buf_clean_up(&out);
}

static void a_place_without_name_has_none(void **state)
{
    const struct ds_pidf nameless = {.entity = "sip:rita@contoso.example", .country = "US"};
    struct ds_pidf read;
    struct ds_buf out = {.at = NULL};
    (void)state;
    ds_pidf_write(&nameless, &out);
    assert_null(strstr(out.at, "NAM"));
    assert_int_equal(ds_pidf_read(ds_buf_slice(&out), &read, NULL), DS_OK);
    assert_string_equal(read.name, "");
    assert_string_equal(read.country, "US");
    ds_buf_clean_up(&out);
}

/* Other prefixes, elements that say nothing here, and a second tuple. */
static void anybodys_document_is_read(void **state)
{
    static const char text[] =
        "<?xml version='1.0'?><p:presence xmlns:p='urn:ietf:params:xml:ns:pidf' "
        "xmlns:g='urn:ietf:params:xml:ns:pidf:geopriv10' entity='pres:bob@there'>"
        "<p:tuple id='a'><p:status><g:geopriv><g:location-info>"
        "<x:civicAddress xmlns:x='urn:ietf:params:xml:ns:pidf:geopriv10:civicLoc'>"
        "<x:country>DE</x:country><x:A1>Hessen</x:A1><x:A3>Fulda</x:A3><x:RD>Am "
        "Markt</x:RD></x:civicAddress>"
        "</g:location-info></g:geopriv></p:status></p:tuple>"
        "<p:tuple id='b'><x:country xmlns:x='y'>FR</x:country></p:tuple></p:presence>";
    struct ds_pidf read;
    (void)state;
    assert_int_equal(ds_pidf_read(DS_LITERAL(text), &read, NULL), DS_OK);
    assert_string_equal(read.entity, "pres:bob@there");
    assert_string_equal(read.country, "DE");
    assert_string_equal(read.city, "Fulda");
    assert_string_equal(read.street, "Am Markt");
}

static void what_is_no_location_is_refused(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "the location is broken in line 1: no element found"},
        {"v=0", "the location is broken in line 1"},
        {"<presence><tuple></presence>", "mismatched tag"},
        {"<note/>", "the location is no presence document"},
        {"<presence><A3>0123456789012345678901234567890123456789012345678901234567890123</A3>"
         "</presence>",
         "a longer text than there is room for"},
        {"<presence><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>", "nested more than 16 deep"},
    };
    struct ds_pidf read;
    struct ds_why why;
    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        assert_int_equal(ds_pidf_read(ds_slice_of(cases[i].text), &read, &why), DS_BAD);
        if (strstr(why.text, cases[i].says) == NULL)
            fail_msg("'%s' says: %s", cases[i].text, why.text);
    }
}

static void one_that_is_too_long_is_not_looked_at(void **state)
{
    static char text[DS_PIDF_MAX_BYTES + 1];
    struct ds_pidf read;
    (void)state;
    memset(text, ' ', sizeof text);
    assert_int_equal(ds_pidf_read((struct ds_slice){text, sizeof text}, &read, NULL), DS_BAD);
}

static ds_rc write_again(void *owner)
{
    struct ds_buf out = {.at = NULL};
    (void)owner;
    ds_pidf_write(&somewhere, &out);
    ds_rc rc = out.broken ? DS_NOMEM : DS_OK;
    ds_buf_clean_up(&out);
    return rc;
}

static void want_of_memory_is_told(void **state)
{
    (void)state;
    ds_exhaust(write_again, NULL);
}

int test_pidf(void);

int test_pidf(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_place_without_name_has_none),
        cmocka_unit_test(anybodys_document_is_read),
        cmocka_unit_test(what_is_no_location_is_refused),
        cmocka_unit_test(want_of_memory_is_told),
        cmocka_unit_test(one_that_is_too_long_is_not_looked_at),
    };
    return cmocka_run_group_tests_name("pidf", tests, NULL, NULL);
}
