#include "stage.h"

#include <string.h>

/* SIP over TCP as it is found: lengths that are wrong, junk in between, beginnings in the middle.
 */

#define HEAD(start, method)                                                                        \
    start "\r\nVia: SIP/2.0/TCP a;branch=z9hG4bK1\r\nf: <sip:gw>;tag=1\r\nt: <sip:pool>\r\n"       \
          "i: c\r\nCSeq: 1 " method "\r\n"
#define INVITE  HEAD("INVITE sip:b SIP/2.0", "INVITE")
#define OPTIONS HEAD("OPTIONS sip:b SIP/2.0", "OPTIONS") "l: 0\r\n\r\n"

struct wire {
    struct stage stage;
    struct stage_tcp tcp;
};

static void begin(struct wire *wire, bool with_syn)
{
    *wire = (struct wire){.tcp = {STAGE_ADDR(1, 40000), STAGE_ADDR(2, 5060), 1000}};
    stage_open(&wire->stage);
    if (with_syn)
        stage_syn(&wire->stage, &wire->tcp);
}

static void say(struct wire *wire, const char *text)
{
    stage_tcp(&wire->stage, &wire->tcp, ds_slice_of(text));
}

/* INVITE, then OPTIONS, and how many gaps. */
static void expect_both(struct wire *wire, size_t gaps, const char *body)
{
    const struct ds_trace *trace = stage_read(&wire->stage, NULL);
    assert_int_equal(trace->event_count, 2);
    assert_true(ds_msg_method_is(trace->events[0].msg, "INVITE"));
    assert_true(ds_slice_equal(ds_msg_body(trace->events[0].msg), ds_slice_of(body)));
    assert_true(ds_msg_method_is(trace->events[1].msg, "OPTIONS"));
    assert_null(stage_defect(trace->events[1].msg));
    assert_int_equal(trace->gap_count, gaps);
    stage_close(&wire->stage);
}

static void a_length_that_is_too_long_does_not_eat_the_next_message(void **state)
{
    struct wire wire;
    (void)state;
    begin(&wire, true);
    say(&wire, INVITE "l: 60\r\n\r\nv=0\r\n" OPTIONS);
    const struct ds_trace *trace = stage_read(&wire.stage, NULL);
    assert_int_equal(trace->event_count, 2);
    assert_string_equal(stage_defect(trace->events[0].msg),
                        "Content-Length says 60 bytes, but 5 follow the header fields");
    assert_null(stage_defect(trace->events[1].msg));
    assert_int_equal(trace->gap_count, 0);
    stage_close(&wire.stage);
}

static void a_length_that_is_none_ends_at_the_next_message(void **state)
{
    static const char *const lengths[] = {"l: -1\r\n", "l: x\r\n", "l: 99999\r\n", ""};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(lengths); i++) {
        struct wire wire;
        struct ds_buf text = {0};
        begin(&wire, true);
        ds_buf_print(&text, "%s%s\r\nv=0\r\n%s", INVITE, lengths[i], OPTIONS);
        say(&wire, text.at);
        expect_both(&wire, 0, "v=0\r\n");
        ds_buf_clean_up(&text);
    }
}

static void a_length_that_is_too_short_leaves_a_gap(void **state)
{
    struct wire wire;
    (void)state;
    begin(&wire, true);
    say(&wire, INVITE "l: 3\r\n\r\nv=0\r\n" OPTIONS);
    expect_both(&wire, 0, "v=0"); /* a blank line is none */
    begin(&wire, true);
    say(&wire, INVITE "l: 5\r\n\r\nv=0\r\no=-\r\n" OPTIONS);
    expect_both(&wire, 1, "v=0\r\n");
}

static void a_status_line_in_a_body_is_no_message(void **state)
{
    struct wire wire;
    (void)state;
    begin(&wire, true);
    say(&wire, INVITE "l: 16\r\n\r\nSIP/2.0 200 OK\r\n" OPTIONS);
    expect_both(&wire, 0, "SIP/2.0 200 OK\r\n");
}

static void junk_between_messages_is_passed_over_with_a_gap(void **state)
{
    struct wire wire;
    (void)state;
    begin(&wire, true);
    say(&wire, INVITE "l: 0\r\n\r\nwhat is this?\r\nand th");
    say(&wire, "is\r\n" OPTIONS);
    expect_both(&wire, 1, "");
    begin(&wire, true);
    say(&wire, INVITE "l: 0\r\n\r\n");
    say(&wire, "\r\n\r\n");
    say(&wire, "\r\n");
    say(&wire, OPTIONS);
    expect_both(&wire, 0, "");
}

/* The capture began in the middle of a body; the next message begins in the middle of a segment. */
static void the_first_whole_message_of_a_stream_is_found(void **state)
{
    struct wire wire;
    (void)state;
    begin(&wire, false);
    say(&wire, "ptime:20\r\na=sendrecv\r\n" INVITE "l: 0\r\n\r\n" OPTIONS);
    expect_both(&wire, 0, "");
    begin(&wire, false);
    say(&wire, "ptime:20\r\na=sendrecv\r\nINV");
    say(&wire, "ITE sip:b SIP/2.0\r\nVia:");
    say(&wire, ((const char *)INVITE) + strlen("INVITE sip:b SIP/2.0\r\nVia:"));
    say(&wire, "l: 0\r\n\r\n" OPTIONS);
    expect_both(&wire, 0, "");
}

static void behind_a_hole_the_next_message_is_found(void **state)
{
    struct wire wire;
    (void)state;
    begin(&wire, true);
    say(&wire, INVITE "l: 0\r\n\r\n" HEAD("BYE sip:b SIP/2.0", "BYE"));
    wire.tcp.sequence += 100;
    say(&wire, "rest of a header\r\n\r\n" OPTIONS);
    expect_both(&wire, 1, "");
}

static void ports_used_again_without_a_syn_are_a_stream_of_its_own(void **state)
{
    struct wire wire;
    (void)state;
    begin(&wire, true);
    say(&wire, INVITE "l: 0\r\n\r\n");
    wire.tcp.sequence -= 0x10000000;
    say(&wire, OPTIONS);
    expect_both(&wire, 0, "");
}

static void a_message_that_the_capture_ends_in_is_a_gap(void **state)
{
    struct wire wire;
    (void)state;
    begin(&wire, true);
    say(&wire, OPTIONS INVITE "l: 99\r\n\r\nv=0\r\n");
    const struct ds_trace *trace = stage_read(&wire.stage, NULL);
    assert_int_equal(trace->event_count, 1);
    assert_int_equal(trace->gap_count, 1);
    assert_int_equal(trace->gaps[0].frame, 2);
    assert_string_equal(
        trace->gaps[0].sentence,
        "the last SIP message from 127.0.10.1:40000 to 127.0.10.2:5060 is not whole");
    stage_close(&wire.stage);
}

/* A single byte that was acknowledged before (RFC 1122 4.2.3.6). */
static void the_keep_alive_of_tcp_itself_adds_nothing(void **state)
{
    struct wire wire;
    (void)state;
    begin(&wire, true);
    say(&wire, INVITE "l: 0\r\n\r\n");
    stage_tcp_at(&wire.stage, &wire.tcp, -1, DS_LITERAL("\0"));
    stage_tcp_at(&wire.stage, &wire.tcp, -1, DS_LITERAL(""));
    say(&wire, OPTIONS);
    expect_both(&wire, 0, "");
}

static void other_streams_in_the_middle_are_left_alone(void **state)
{
    static char noise[1000];
    struct wire wire;
    (void)state;
    begin(&wire, false);
    memset(noise, '~', sizeof noise - 1);
    noise[500] = '\n';
    for (int i = 0; i < 100; i++)
        say(&wire, noise);
    const struct ds_trace *trace = stage_read(&wire.stage, NULL);
    assert_int_equal(trace->event_count, 0);
    assert_int_equal(trace->gap_count, 0);
    stage_close(&wire.stage);
}

int test_stream(void);

int test_stream(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_length_that_is_too_long_does_not_eat_the_next_message),
        cmocka_unit_test(a_length_that_is_none_ends_at_the_next_message),
        cmocka_unit_test(a_length_that_is_too_short_leaves_a_gap),
        cmocka_unit_test(a_status_line_in_a_body_is_no_message),
        cmocka_unit_test(junk_between_messages_is_passed_over_with_a_gap),
        cmocka_unit_test(the_first_whole_message_of_a_stream_is_found),
        cmocka_unit_test(behind_a_hole_the_next_message_is_found),
        cmocka_unit_test(ports_used_again_without_a_syn_are_a_stream_of_its_own),
        cmocka_unit_test(a_message_that_the_capture_ends_in_is_a_gap),
        cmocka_unit_test(the_keep_alive_of_tcp_itself_adds_nothing),
        cmocka_unit_test(other_streams_in_the_middle_are_left_alone),
    };
    return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
