#include "messages.h"

struct expectation {
    const char *text, *scheme, *user, *user_params, *host;
    uint16_t port;
    const char *params, *headers;
};

static void uris_fall_into_their_parts(void **state)
{
    static const struct expectation cases[] = {
        {"sip:+1555;phone-context=x@host:5060;transport=tcp", "sip", "+1555", ";phone-context=x",
         "host", 5060, ";transport=tcp", ""},
        {"SIPS:host", "SIPS", "", "", "host", 0, "", ""},
        {"sip:a:secret@[2001:db8::1]:5061;lr", "sip", "a", "", "[2001:db8::1]", 5061, ";lr", ""},
        {"sip:a%40b?c@host?Replaces=1%3Bto-tag%3D2", "sip", "a%40b?c", "", "host", 0, "",
         "Replaces=1%3Bto-tag%3D2"},
        {"sip:user;par=u%40example.net@example.com", "sip", "user", ";par=u%40example.net",
         "example.com", 0, "", ""},
        {" tel:+15550100;ext=7 ", "tel", "+15550100", ";ext=7", "", 0, "", ""},
        {"urn:service:sos", "urn", "service:sos", "", "", 0, "", ""},
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_uri uri;
        assert_int_equal(ds_uri_parse(ds_slice_of(cases[i].text), &uri), DS_OK);
        assert_slice(uri.scheme, cases[i].scheme);
        assert_slice(uri.user, cases[i].user);
        assert_slice(uri.user_params, cases[i].user_params);
        assert_slice(uri.host, cases[i].host);
        assert_int_equal(uri.port, cases[i].port);
        assert_slice(uri.params, cases[i].params);
        assert_slice(uri.headers, cases[i].headers);
    }
}

static void what_is_no_uri_is_refused(void **state)
{
    static const char *const bad[] = {
        "",         "host",       ":x",        "1sip:x",    "s p:x",      "sip:",
        "sip:@",    "sip:a@",     "sip:a@:1",  "sip:host:", "sip:host:x", "sip:host:65536",
        "sip:[::1", "sip:[::1]x", "sip:a@;lr", "tel:",      "*",          "<sip:a@b>",
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(bad); i++) {
        struct ds_uri uri;
        assert_int_equal(ds_uri_parse(ds_slice_of(bad[i]), &uri), DS_BAD);
    }
}

int test_uri(void);

int test_uri(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uris_fall_into_their_parts),
        cmocka_unit_test(what_is_no_uri_is_refused),
    };
    return cmocka_run_group_tests_name("sipmsg: uri", tests, NULL, NULL);
}
