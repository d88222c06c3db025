#include "support.h"

#include "csta.h"

#include <stdio.h>
#include <string.h>

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    for (enum ds_csta_kind kind = 0; kind < DS_CSTA_KIND_COUNT; kind++) {
        const struct ds_csta said = {.kind = kind,
                                     .device = "tel:+14255550201",
                                     .calling = "tel:+14255550201",
                                     .called = "tel:+12065550199;phone-context=<&>",
                                     .call = "c7",
                                     .monitor = "m1",
                                     .operation = "invalidCalledDeviceID"};
        struct ds_csta read;
        struct ds_buf first = {0}, again = {0};
        ds_csta_write(&said, &first);
        assert_int_equal(ds_csta_read(ds_buf_slice(&first), &read, NULL), DS_OK);
        assert_int_equal(read.kind, kind);
        ds_csta_write(&read, &again);
        assert_string_equal(first.at, again.at);
        ds_buf_clean_up(&first);
        ds_buf_clean_up(&again);
    }
}

/* As a client of the platform writes it: a prefix, an extension of its own, room between elements.
 */
static void what_others_add_is_passed_over(void **state)
{
    struct ds_csta read;
    (void)state;
    assert_int_equal(
        ds_csta_read(DS_LITERAL("<?xml version=\"1.0\"?>\n"
                                "<c:MonitorStart xmlns:c=\"http://www.ecma-international.org/"
                                "standards/ecma-323/csta/ed3\">\n <c:monitorObject>\n"
                                "  <c:deviceObject>tel:+1425</c:deviceObject>\n </c:monitorObject>"
                                "<c:extensions><c:privateData><x>9</x></c:privateData>"
                                "</c:extensions></c:MonitorStart>"),
                     &read, NULL),
        DS_OK);
    assert_int_equal(read.kind, DS_CSTA_MONITOR_START);
    assert_string_equal(read.device, "tel:+1425");
}

static void what_is_none_is_refused_in_a_sentence(void **state)
{
    static const struct {
        const char *body, *sentence;
    } refusals[] = {
        {"", "the CSTA body is no XML: "},
        {"v=0\r\n", "the CSTA body is no XML: "},
        {"<MakeCall>\n<callingDevice>1</MakeCall>", "the CSTA body is broken in line 2: "},
        {"<Dance/>", "the CSTA body is no service or event that is known here"},
        {"<MakeCall><a><a><a><a><a><a><a><a><a/></a></a></a></a></a></a></a></a></MakeCall>",
         "the CSTA body is nested more than 8 deep"},
        {"<MonitorStartResponse><monitorCrossRefID>12345678901234567890123456789012"
         "</monitorCrossRefID></MonitorStartResponse>",
         "MonitorStartResponse has a longer monitorCrossRefID than there is room for"},
    };
    struct ds_csta read;
    struct ds_why why;
    (void)state;
    for (size_t i = 0; i < DS_COUNT(refusals); i++) {
        assert_int_equal(ds_csta_read(ds_slice_of(refusals[i].body), &read, &why), DS_BAD);
        if (!ds_slice_starts(ds_slice_of(why.text), ds_slice_of(refusals[i].sentence)))
            fail_msg("%s", why.text);
    }
}

static void a_long_body_is_not_read(void **state)
{
    static const char spaces[DS_CSTA_MAX_BYTES + 1];
    struct ds_csta read;
    struct ds_why why;
    (void)state;
    assert_int_equal(ds_csta_read((struct ds_slice){spaces, sizeof spaces}, &read, &why), DS_BAD);
    assert_string_equal(why.text, "the CSTA body has 16385 bytes, more than 16384");
}

int test_read(void);

int test_read(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(what_others_add_is_passed_over),
        cmocka_unit_test(what_is_none_is_refused_in_a_sentence),
        cmocka_unit_test(a_long_body_is_not_read),
    };
    return cmocka_run_group_tests_name("read", tests, NULL, NULL);
}
