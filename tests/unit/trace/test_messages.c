#include "stage.h"

#include <stdio.h>
#include <string.h>

static const struct stage_line invite = {.start = "INVITE sip:+15550142@b.example SIP/2.0"};

static void an_invite_becomes_an_event_with_all_its_words(void **state)
{
    struct stage stage;
    const struct ds_addr media = STAGE_ADDR(1, 30000);
    struct stage_line line = invite;
    (void)state;
    line.media = &media;
    stage_open(&stage);
    stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), &line);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->event_count, 1);
    const struct ds_event *event = &trace->events[0];
    assert_int_equal(event->frame, 1);
    assert_int_equal(event->at, 0);
    assert_int_equal(trace->unix_us, STAGE_EPOCH_US);
    assert_int_equal(event->transport, DS_UDP);
    assert_true(ds_addr_equal(event->from, STAGE_ADDR(1, 5060)));
    assert_true(ds_addr_equal(event->to, STAGE_ADDR(2, 5060)));
    assert_non_null(event->sdp);
    assert_true(ds_addr_equal(ds_sdp_audio(event->sdp)->at, media));
    assert_null(event->gateway_sdp);
    assert_ptr_equal(event->leg, &trace->legs[0]);
    assert_ptr_equal(trace->legs[0].invite, event);
    stage_close(&stage);
}

static void sip_is_found_on_any_port_and_behind_blank_lines(void **state)
{
    struct stage stage;
    struct ds_buf text = {0};
    (void)state;
    ds_buf_text(&text, "\r\n\r\n");
    stage_write_line(&invite, &text);
    stage_open(&stage);
    stage_udp(&stage, STAGE_ADDR(1, 34567), STAGE_ADDR(2, 45678), ds_buf_slice(&text));
    stage_udp(&stage, STAGE_ADDR(1, 34567), STAGE_ADDR(2, 45678), DS_LITERAL("\r\n\r\n"));
    stage_udp(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060),
              DS_LITERAL("NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250\r\n\r\n"));
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->event_count, 1);
    assert_int_equal(trace->frame_count, 3);
    ds_buf_clean_up(&text);
    stage_close(&stage);
}

static void the_same_message_on_the_same_hop_is_a_retransmission(void **state)
{
    struct stage stage;
    struct stage_line ringing = {.start = "SIP/2.0 180 Ringing", .to_tag = "x"};
    (void)state;
    stage_open(&stage);
    stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), &invite);
    stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), &invite);
    stage_say(&stage, STAGE_ADDR(2, 5060), STAGE_ADDR(3, 5060), &invite);
    stage_say(&stage, STAGE_ADDR(2, 5060), STAGE_ADDR(1, 5060), &ringing);
    ringing.more = "X-Again: yes\r\n";
    stage_say(&stage, STAGE_ADDR(2, 5060), STAGE_ADDR(1, 5060), &ringing);
    ringing.to_tag = "another-fork";
    stage_say(&stage, STAGE_ADDR(2, 5060), STAGE_ADDR(1, 5060), &ringing);
    stage.at += 33000000;
    stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), &invite);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    const bool expected[] = {false, true, false, false, true, false, false};
    assert_int_equal(trace->event_count, DS_COUNT(expected));
    for (size_t i = 0; i < DS_COUNT(expected); i++)
        assert_int_equal(trace->events[i].retransmission, expected[i]);
    stage_close(&stage);
}

static void say_with_branch(struct stage *stage, unsigned number)
{
    char branch[16];
    struct stage_line line = invite;
    snprintf(branch, sizeof branch, "b%u", number);
    line.branch = branch;
    stage_say(stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), &line);
}

static void a_retransmission_is_known_among_many_messages_for_half_a_minute(void **state)
{
    struct stage stage;
    const unsigned many = 3000;
    (void)state;
    stage_open(&stage);
    for (unsigned i = 0; i < many; i++)
        say_with_branch(&stage, i);
    for (unsigned i = 0; i < many; i++)
        say_with_branch(&stage, i);
    stage.at += 33000000;
    for (unsigned i = 0; i < many; i++)
        say_with_branch(&stage, i);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->event_count, 3 * many);
    for (size_t i = 0; i < trace->event_count; i++)
        assert_int_equal(trace->events[i].retransmission, i / many == 1);
    stage_close(&stage);
}

static void both_kinds_of_sdp_are_found_in_a_multipart_body(void **state)
{
    static const char text[] = "INVITE sip:+15550142@b.example SIP/2.0\r\n"
                               "Via: SIP/2.0/UDP 127.0.10.1;branch=z9hG4bKx\r\n"
                               "From: <sip:a@a>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: multi\r\n"
                               "CSeq: 1 INVITE\r\nMax-Forwards: 70\r\n"
                               "Content-Type: multipart/alternative;boundary=cut\r\n"
                               "Content-Length: 297\r\n\r\n";
    static const char body[] = "--cut\r\nContent-Type: application/sdp; charset=utf-8\r\n\r\n"
                               "v=0\r\no=- 1 1 IN IP4 127.0.10.1\r\ns=-\r\nc=IN IP4 127.0.10.1\r\n"
                               "t=0 0\r\nm=audio 30000 RTP/AVP 8\r\n\r\n"
                               "--cut\r\nContent-Type: application/gw-sdp\r\n\r\n"
                               "v=0\r\no=- 1 1 IN IP4 127.0.10.9\r\ns=-\r\nc=IN IP4 127.0.10.9\r\n"
                               "t=0 0\r\nm=audio 40000 RTP/AVP 8\r\n\r\n"
                               "--cut--\r\n";
    struct stage stage;
    struct ds_buf whole = {0};
    (void)state;
    ds_buf_text(&whole, text);
    ds_buf_text(&whole, body);
    stage_open(&stage);
    stage_udp(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), ds_buf_slice(&whole));
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_non_null(trace->events[0].sdp);
    assert_int_equal(ds_sdp_audio(trace->events[0].sdp)->at.port, 30000);
    assert_non_null(trace->events[0].gateway_sdp);
    assert_int_equal(ds_sdp_audio(trace->events[0].gateway_sdp)->at.port, 40000);
    ds_buf_clean_up(&whole);
    stage_close(&stage);
}

static bool is_call(const char *streams)
{
    struct stage stage;
    struct ds_buf text = {0};
    char body[200];
    snprintf(body, sizeof body, "v=0\r\no=- 1 1 IN IP4 127.0.10.1\r\ns=-\r\nt=0 0\r\n%s", streams);
    ds_buf_print(&text,
                 "INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.10.1;branch=z9hG4bKx\r\n"
                 "From: <sip:a@a>;tag=1\r\nTo: <sip:b@b>\r\nCall-ID: one\r\nCSeq: 1 INVITE\r\n"
                 "Max-Forwards: 70\r\nContent-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n"
                 "%s",
                 strlen(body), body);
    stage_open(&stage);
    stage_udp(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), ds_buf_slice(&text));
    bool is = stage_read(&stage, NULL)->call_count == 1;
    ds_buf_clean_up(&text);
    stage_close(&stage);
    return is;
}

static void a_session_of_streams_for_programs_is_no_call(void **state)
{
    (void)state;
    assert_true(is_call("m=audio 30000 RTP/AVP 8\r\n"));
    assert_true(is_call("m=application 9 SIP *\r\nm=audio 30000 RTP/AVP 8\r\n"));
    assert_true(is_call("m=image 30000 udptl t38\r\n"));
    assert_false(is_call("m=application 9 SIP *\r\n"));
    assert_true(is_call(""));
}

/* As Lync's clients call (MS-SIPRE 3.15.4.1): two descriptions inside, the older ICE first, and
 * something else beside them. */
static void of_two_descriptions_the_one_for_older_clients_is_passed_over(void **state)
{
#define SDP(port)                                                                                  \
    "v=0\r\no=- 1 1 IN IP4 127.0.10.1\r\ns=-\r\nc=IN IP4 127.0.10.1\r\nt=0 0\r\nm=audio " port     \
    " RTP/AVP 8\r\n"
#define OLDER                                                                                      \
    "--in\r\nContent-Type: application/sdp\r\nContent-Disposition: session; handling=optional; "   \
    "ms-proxy-2007fallback\r\n\r\n" SDP("30000") "\r\n"
#define NEWER "--in\r\nContent-Type: application/sdp\r\n\r\n" SDP("40000") "\r\n"
#define BEGIN "--out\r\nContent-Type: multipart/alternative;boundary=in\r\n\r\n"
#define END   "--in--\r\n--out\r\nContent-Type: application/ms-call-context\r\n\r\nx\r\n--out--\r\n"

    static const struct {
        const char *body;
        uint16_t port;
    } cases[] = {
        {BEGIN OLDER NEWER END, 40000},
        {BEGIN NEWER OLDER END, 40000},
        {BEGIN OLDER END, 30000},
        {BEGIN OLDER "--in\r\nContent-Type: application/sdp\r\n\r\nnothing\r\n" END, 30000}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct stage stage;
        struct ds_buf text = {0};
        ds_buf_print(
            &text,
            "INVITE sip:bob@b.example SIP/2.0\r\nVia: SIP/2.0/UDP a.example;branch=z9hG4bK1\r\n"
            "f: <sip:a@a.example>;tag=1\r\nt: <sip:b@b.example>\r\ni: two\r\nCSeq: 1 INVITE\r\n"
            "c: multipart/mixed;boundary=out\r\n\r\n%s",
            cases[i].body);
        stage_open(&stage);
        stage_udp(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), ds_buf_slice(&text));
        const struct ds_trace *trace = stage_read(&stage, NULL);
        assert_non_null(trace->events[0].sdp);
        assert_int_equal(ds_sdp_audio(trace->events[0].sdp)->at.port, cases[i].port);
        stage_close(&stage);
        ds_buf_clean_up(&text);
    }
}

static void labels_say_what_an_arrow_of_a_ladder_says(void **state)
{
    const struct ds_addr media = STAGE_ADDR(1, 30000);

    const struct {
        struct stage_line line;
        const char *label;
    } cases[] = {
        {{.start = "INVITE sip:+15550142@b SIP/2.0"}, "INVITE +15550142"},
        {{.start = "INVITE sip:+15550142@b SIP/2.0", .branch = "two", .media = &media},
         "INVITE +15550142 SDP"},
        {{.start = "INVITE sip:b.example SIP/2.0", .branch = "three"}, "INVITE"},
        {{.start = "INVITE tel:+15550142 SIP/2.0", .branch = "four"}, "INVITE +15550142"},
        {{.start = "SIP/2.0 180 Ringing"}, "180"},
        {{.start = "SIP/2.0 183 Session Progress", .media = &media}, "183 SDP"},
        {{.start = "SIP/2.0 200 OK", .cseq = "2 BYE"}, "200 (BYE)"},
        {{.start = "ACK sip:b SIP/2.0", .cseq = "1 ACK"}, "ACK"},
        {{.start = "BYE sip:+15550142@b SIP/2.0", .cseq = "2 BYE"}, "BYE"},
    };
    struct stage stage;
    char label[64];
    (void)state;
    stage_open(&stage);
    for (size_t i = 0; i < DS_COUNT(cases); i++)
        stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), &cases[i].line);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->event_count, DS_COUNT(cases));
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        ds_event_label(&trace->events[i], label, sizeof label);
        assert_string_equal(label, cases[i].label);
    }
    ds_event_label(&trace->events[0], label, 4);
    assert_string_equal(label, "INV");
    stage_close(&stage);
}

static void names_come_from_the_topology_where_it_knows_them(void **state)
{
    const struct ds_topo_node nodes[] = {{.name = "gateway", .at = STAGE_ADDR(2, 0)}};
    const struct ds_topo topo = {.nodes = nodes, .node_count = 1};
    struct stage stage;
    (void)state;
    stage_open(&stage);
    stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), &invite);
    const struct ds_trace *trace = stage_read(&stage, &topo);
    assert_string_equal(ds_trace_name(trace, STAGE_ADDR(2, 5060)).text, "gateway");
    assert_string_equal(ds_trace_name(trace, STAGE_ADDR(1, 5060)).text, "127.0.10.1:5060");
    assert_null(trace->events[0].from_node);
    assert_ptr_equal(trace->events[0].to_node, &nodes[0]);
    stage_close(&stage);
}

static void contacts_count_packets_between_hosts_whatever_they_hold(void **state)
{
    struct stage stage;
    struct stage_tcp tcp = {STAGE_ADDR(2, 40000), STAGE_ADDR(1, 80), 5};
    (void)state;
    stage_open(&stage);
    stage_udp(&stage, STAGE_ADDR(1, 1111), STAGE_ADDR(2, 2222), DS_LITERAL("anything"));
    stage_udp(&stage, STAGE_ADDR(1, 3333), STAGE_ADDR(2, 4444), DS_LITERAL(""));
    stage_syn(&stage, &tcp);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->contact_count, 2);
    assert_int_equal(trace->contacts[0].packets, 2);
    assert_int_equal(trace->contacts[0].first_frame, 1);
    assert_int_equal(trace->contacts[0].to.port, 0);
    assert_true(ds_addr_equal(trace->contacts[1].from, STAGE_ADDR(2, 0)));
    assert_int_equal(trace->contacts[1].first_frame, 3);
    stage_close(&stage);
}

/* Every address is another description; one of them is told again. */
static void too_many_descriptions_are_a_gap_and_the_first_ones_stay(void **state)
{
    struct stage stage;
    struct stage_line line = invite;
    (void)state;
    stage_open(&stage);
    for (uint16_t i = 0; i < 8; i++) {
        const struct ds_addr media = STAGE_ADDR(1, (uint16_t)(30000 + 2 * (i % 5)));
        line.media = &media;
        stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060 + i), &line);
    }
    stage_read(&stage, NULL);
    ds_trace_free(&stage.trace);
    const struct ds_trace_source source = {.path = stage.path, .most_descriptions = 3};
    assert_int_equal(ds_trace_read_source(&source, &stage.trace, NULL), DS_OK);
    const struct ds_trace *trace = stage.trace;
    assert_int_equal(trace->event_count, 8);
    for (size_t i = 0; i < trace->event_count; i++)
        assert_int_equal(trace->events[i].sdp != NULL, i % 5 < 3);
    assert_int_equal(trace->gap_count, 1);
    assert_int_equal(trace->gaps[0].frame, 0);
    assert_string_equal(trace->gaps[0].sentence,
                        "the SDP of 2 messages is left out: there is too much of it");
    stage_close(&stage);
}

int test_messages(void);

int test_messages(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invite_becomes_an_event_with_all_its_words),
        cmocka_unit_test(sip_is_found_on_any_port_and_behind_blank_lines),
        cmocka_unit_test(the_same_message_on_the_same_hop_is_a_retransmission),
        cmocka_unit_test(a_retransmission_is_known_among_many_messages_for_half_a_minute),
        cmocka_unit_test(both_kinds_of_sdp_are_found_in_a_multipart_body),
        cmocka_unit_test(a_session_of_streams_for_programs_is_no_call),
        cmocka_unit_test(of_two_descriptions_the_one_for_older_clients_is_passed_over),
        cmocka_unit_test(labels_say_what_an_arrow_of_a_ladder_says),
        cmocka_unit_test(names_come_from_the_topology_where_it_knows_them),
        cmocka_unit_test(contacts_count_packets_between_hosts_whatever_they_hold),
        cmocka_unit_test(too_many_descriptions_are_a_gap_and_the_first_ones_stay),
    };
    return cmocka_run_group_tests_name("messages", tests, NULL, NULL);
}
