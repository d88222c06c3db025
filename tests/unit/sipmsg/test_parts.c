#include "messages.h"

static void a_plain_body_is_one_part(void **state)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    struct ds_msg *msg = parse(INVITE);
    (void)state;
    assert_int_equal(ds_msg_parts(msg, parts), 1);
    assert_slice(parts[0].content_type, "application/sdp");
    assert_slice(parts[0].body, "v=0\r\n");
    ds_msg_unref(&msg);
    msg = parse(RINGING);
    assert_int_equal(ds_msg_parts(msg, parts), 0);
    ds_msg_unref(&msg);
}

static void the_parts_of_a_lync_offer_are_told_apart(void **state)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    struct ds_msg *msg =
        parse(INVITE_HEAD "Content-Type: multipart/alternative; boundary=\"--=_x\"\r\n\r\n"
                          "preamble\r\n"
                          "----=_x\r\n"
                          "Content-Type: application/sdp\r\n"
                          "Content-ID: <a@b>\r\n"
                          "Content-Disposition: session; handling=optional\r\n\r\n"
                          "v=0\r\ns=-\r\n\r\n"
                          "----=_x  \r\n"
                          "content-type: application/sdp\r\n\r\n"
                          "v=1\r\n\r\n"
                          "----=_x--\r\n"
                          "----=_x\r\n\r\nepilogue\r\n----=_x--\r\n");
    (void)state;
    assert_int_equal(ds_msg_parts(msg, parts), 2);
    assert_slice(parts[0].content_id, "a@b");
    assert_slice(parts[0].content_disposition, "session; handling=optional");
    assert_slice(parts[0].body, "v=0\r\ns=-\r\n");
    assert_slice(parts[1].content_type, "application/sdp");
    assert_slice(parts[1].content_id, "");
    assert_slice(parts[1].body, "v=1\r\n");
    ds_msg_unref(&msg);
}

static void a_part_without_fields_or_end_is_bounded(void **state)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    struct ds_msg *msg = parse(INVITE_HEAD "Content-Type: multipart/mixed;boundary=b\r\n\r\n"
                                           "--b\r\n\r\nbare\r\n--b\r\nno end");
    (void)state;
    assert_int_equal(ds_msg_parts(msg, parts), 2);
    assert_slice(parts[0].content_type, "");
    assert_slice(parts[0].body, "bare");
    assert_slice(parts[1].body, "");
    ds_msg_unref(&msg);
    msg = parse(INVITE_HEAD "Content-Type: multipart/mixed;boundary=b\r\n\r\n"
                            "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n");
    assert_int_equal(ds_msg_parts(msg, parts), 1);
    assert_slice(parts[0].body, "v=0\r\n");
    ds_msg_unref(&msg);
}

/* The outer boundary begins the inner one. */
static void parts_inside_parts_stand_in_their_place(void **state)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    struct ds_msg *msg =
        parse(INVITE_HEAD "Content-Type: multipart/mixed;boundary=b\r\n\r\n"
                          "--b\r\nContent-Type: Multipart/Alternative; boundary=\"bb\"\r\n\r\n"
                          "--bb\r\nContent-Type: application/sdp\r\n\r\none\r\n"
                          "--bb\r\nContent-Type: application/gw-sdp\r\n\r\ntwo\r\n"
                          "--bb--\r\n"
                          "--b\r\nContent-Type: text/plain\r\n\r\nthree\r\n--b--\r\n");
    (void)state;
    assert_int_equal(ds_msg_parts(msg, parts), 3);
    assert_slice(parts[0].body, "one");
    assert_slice(parts[1].content_type, "application/gw-sdp");
    assert_slice(parts[1].body, "two");
    assert_slice(parts[2].body, "three");
    ds_msg_unref(&msg);
}

/* As deep as a message is long: time must not grow with the square of it. */
static void nesting_is_bounded(void **state)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    struct ds_buf text = {0};
    (void)state;
    ds_buf_text(&text, INVITE_HEAD "Content-Type: multipart/mixed;boundary=b\r\n\r\n");
    while (text.len < 60000)
        ds_buf_text(&text, "--b\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n");
    struct ds_msg *msg = read_any(text.at);
    assert_in_range(ds_msg_parts(msg, parts), 1, DS_MSG_MAX_PARTS);
    ds_msg_unref(&msg);
    ds_buf_clean_up(&text);
}

static void surplus_parts_are_dropped(void **state)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    struct ds_buf text = {0};
    (void)state;
    ds_buf_text(&text, INVITE_HEAD "Content-Type: multipart/mixed;boundary=b\r\n\r\n");
    for (int i = 0; i < DS_MSG_MAX_PARTS + 3; i++)
        ds_buf_text(&text, "--b\r\n\r\nx\r\n");
    ds_buf_text(&text, "--b--\r\n");
    struct ds_msg *msg = parse(text.at);
    assert_int_equal(ds_msg_parts(msg, parts), DS_MSG_MAX_PARTS);
    ds_msg_unref(&msg);
    ds_buf_clean_up(&text);
}

static void a_multipart_body_without_boundary_stays_whole(void **state)
{
    struct ds_part parts[DS_MSG_MAX_PARTS];
    struct ds_msg *msg = parse(INVITE_HEAD "Content-Type: multipart/mixed\r\n"
                                           "Content-Disposition: session\r\n"
                                           "Content-ID: <c@d>\r\n\r\n--b\r\n");
    (void)state;
    assert_int_equal(ds_msg_parts(msg, parts), 1);
    assert_slice(parts[0].body, "--b\r\n");
    assert_slice(parts[0].content_disposition, "session");
    assert_slice(parts[0].content_id, "c@d");
    ds_msg_unref(&msg);
}

int test_parts(void);

int test_parts(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_body_is_one_part),
        cmocka_unit_test(the_parts_of_a_lync_offer_are_told_apart),
        cmocka_unit_test(a_part_without_fields_or_end_is_bounded),
        cmocka_unit_test(parts_inside_parts_stand_in_their_place),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(surplus_parts_are_dropped),
        cmocka_unit_test(a_multipart_body_without_boundary_stays_whole),
    };
    return cmocka_run_group_tests_name("sipmsg: parts", tests, NULL, NULL);
}
