#include "support.h"

#include "csta.h"

#define HEAD(root)                                                                                 \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<" root                                         \
    " xmlns=\"http://www.ecma-international.org/standards/ecma-323/csta/ed3\">"

static void assert_written(const struct ds_csta *csta, const char *expected)
{
    struct ds_buf out = {0};
    ds_csta_write(csta, &out);
    assert_non_null(out.at);
    assert_string_equal(out.at, expected);
    ds_buf_clean_up(&out);
}

static void a_service_has_its_elements_in_order(void **state)
{
    const struct ds_csta make_call = {
        .kind = DS_CSTA_MAKE_CALL, .device = "tel:+14255550201", .called = "tel:+12065550199"};
    (void)state;
    assert_written(&make_call, HEAD("MakeCall") "<callingDevice>tel:+14255550201</callingDevice>"
                                                "<calledDirectoryNumber>tel:+12065550199"
                                                "</calledDirectoryNumber>"
                                                "<autoOriginate>doNotPrompt</autoOriginate>"
                                                "</MakeCall>\r\n");
}

static void neighbours_share_their_parent(void **state)
{
    const struct ds_csta cleared = {.kind = DS_CSTA_CONNECTION_CLEARED,
                                    .monitor = "1",
                                    .call = "c7",
                                    .device = "tel:+14255550201"};
    (void)state;
    assert_written(&cleared, HEAD("ConnectionClearedEvent") "<monitorCrossRefID>1"
                                                            "</monitorCrossRefID>"
                                                            "<droppedConnection><callID>c7</callID>"
                                                            "<deviceID>tel:+14255550201</deviceID>"
                                                            "</droppedConnection>"
                                                            "<cause>normalClearing</cause>"
                                                            "</ConnectionClearedEvent>\r\n");
}

static void one_without_parts_is_its_root(void **state)
{
    const struct ds_csta asked = {.kind = DS_CSTA_REQUEST_SYSTEM_STATUS};
    (void)state;
    assert_written(&asked, HEAD("RequestSystemStatus") "</RequestSystemStatus>\r\n");
}

static void text_is_no_markup(void **state)
{
    const struct ds_csta refused = {.kind = DS_CSTA_ERROR, .operation = "<a>&\"b\""};
    (void)state;
    assert_written(&refused, HEAD("CSTAErrorCode") "<operation>&lt;a&gt;&amp;\"b\"</operation>"
                                                   "</CSTAErrorCode>\r\n");
}

int test_write(void);

int test_write(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_service_has_its_elements_in_order),
        cmocka_unit_test(neighbours_share_their_parent),
        cmocka_unit_test(one_without_parts_is_its_root),
        cmocka_unit_test(text_is_no_markup),
    };
    return cmocka_run_group_tests_name("write", tests, NULL, NULL);
}
