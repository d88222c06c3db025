#include "messages.h"

static void assert_value(const char *text, const char *uri, const char *params)
{
    struct ds_slice rest;
    assert_slice(ds_value_uri(ds_slice_of(text), &rest), uri);
    assert_slice(rest, params);
}

static void the_uri_of_a_value_is_told_from_its_parameters(void **state)
{
    (void)state;
    assert_value("<sip:a@b;lr>;tag=1", "sip:a@b;lr", ";tag=1");
    assert_value("\"x <y> \\\" ;\" <sip:a@b> ; tag=1", "sip:a@b", "; tag=1");
    assert_value("sip:a@b;tag=1", "sip:a@b", ";tag=1");
    assert_value("Anna Maria\r\n <sip:a@b>", "sip:a@b", "");
    assert_value("<sip:open", "sip:open", "");
    assert_value("\\\"Arik\\\" <sip:a@b>;tag=1", "sip:a@b", ";tag=1");
    assert_value("*", "*", "");
    assert_value("", "", "");
    assert_slice(ds_value_uri(DS_LITERAL("<tel:1>;x"), NULL), "tel:1");
}

static void parameters_are_found_by_name(void **state)
{
    struct ds_slice params = DS_LITERAL(" ;lr; Tag = abc ;q=\"a;b\";x=<sip:c;tag=no>;tag=second");
    struct ds_slice value;
    (void)state;
    assert_true(ds_param(params, "lr", &value));
    assert_slice(value, "");
    assert_true(ds_param(params, "tag", &value));
    assert_slice(value, "abc");
    assert_true(ds_param(params, "q", &value));
    assert_slice(value, "a;b");
    assert_true(ds_param(params, "x", &value));
    assert_slice(value, "<sip:c;tag=no>");
    assert_false(ds_param(params, "b\"", &value));
    assert_slice(value, "");
    assert_false(ds_param((struct ds_slice){NULL, 0}, "a", &value));
    assert_true(ds_param(DS_LITERAL("boundary=\"-\""), "boundary", &value));
    assert_slice(value, "-");
}

int test_value(void);

int test_value(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_uri_of_a_value_is_told_from_its_parameters),
        cmocka_unit_test(parameters_are_found_by_name),
    };
    return cmocka_run_group_tests_name("sipmsg: value", tests, NULL, NULL);
}
