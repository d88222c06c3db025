#include "sample.h"
#include "stage.h"

#include <string.h>

#define CALLER STAGE_ADDR(1, 5060)
#define CALLEE STAGE_ADDR(2, 5060)
#define TALKER STAGE_ADDR(1, 30000)
#define HEARER STAGE_ADDR(2, 40000)

static void ask(struct stage *stage, struct stage_line line)
{
    stage_say(stage, CALLER, CALLEE, &line);
}

static void answer(struct stage *stage, struct stage_line line)
{
    line.to_tag = "t";
    stage_say(stage, CALLEE, CALLER, &line);
}

/* An answered call: audio both ways, one request sent twice. */
static void play_call(struct stage *stage)
{
    const struct ds_addr talker = TALKER, hearer = HEARER;
    struct stage_talk there = {.from = TALKER, .to = HEARER, .ssrc = 1};
    struct stage_talk back = {.from = HEARER, .to = TALKER, .ssrc = 2};
    const struct stage_line invite = {.start = "INVITE sip:+15550142@b SIP/2.0", .media = &talker};
    ask(stage, invite);
    ask(stage, invite);
    answer(stage, (struct stage_line){.start = "SIP/2.0 200 OK", .media = &hearer});
    ask(stage, (struct stage_line){.start = "ACK sip:b SIP/2.0", .cseq = "1 ACK", .to_tag = "t"});
    stage_talk(stage, &there, 3);
    stage_talk(stage, &back, 2);
    stage->at = 310000;
    ask(stage, (struct stage_line){.start = "BYE sip:b SIP/2.0", .cseq = "2 BYE", .to_tag = "t"});
    answer(stage, (struct stage_line){.start = "SIP/2.0 200 OK", .cseq = "2 BYE"});
}

static void assert_ladder(const struct ds_trace *trace,
                          const struct ds_ladder_style *style,
                          const char *expected)
{
    struct ds_buf out = {0};
    assert_int_equal(trace->call_count, 1);
    ds_ladder_print(trace, &trace->calls[0], style, &out);
    assert_false(out.broken);
    assert_string_equal(out.at, expected);
    ds_buf_clean_up(&out);
}

static void a_call_between_known_elements_reads_like_a_scenario(void **state)
{
    const struct ds_topo_node nodes[] = {
        {.name = "gateway", .role = DS_ROLE_GATEWAY, .at = STAGE_ADDR(1, 0)},
        {.name = "pool", .role = DS_ROLE_POOL, .at = STAGE_ADDR(2, 0)}};
    const struct ds_topo topo = {.nodes = nodes, .node_count = 2};
    struct stage stage;
    (void)state;
    stage_open(&stage);
    play_call(&stage);
    assert_ladder(
        stage_read(&stage, &topo), &(struct ds_ladder_style){.media = true},
        "Call 1  +15550100 -> +15550142  was answered after 0.002 s, cleared by gateway after "
        "0.310 s\n"
        "  gateway -> pool    : INVITE +15550142 SDP\n"
        "  gateway -> pool    : INVITE +15550142 SDP (again)\n"
        "  pool    -> gateway : 200 SDP\n"
        "  gateway -> pool    : ACK\n"
        "  gateway -> pool    : BYE\n"
        "  pool    -> gateway : 200 (BYE)\n"
        "  audio  gateway == pool  PCMA  3 + 2 packets, lost 0, jitter 0.0 ms, MOS 4.4\n");
    stage_close(&stage);
}

static void strangers_are_shown_by_address_with_frames_and_times(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    ask(&stage, (struct stage_line){.start = "INVITE sip:1@b SIP/2.0"});
    answer(&stage, (struct stage_line){.start = "SIP/2.0 486 Busy Here"});
    ask(&stage, (struct stage_line){.start = "ACK sip:1@b SIP/2.0", .cseq = "1 ACK"});
    assert_ladder(stage_read(&stage, NULL), &(struct ds_ladder_style){.numbers = true},
                  "Call 1  +15550100 -> 1  was refused with 486\n"
                  "  #1        0.000  127.0.10.1:5060 -> 127.0.10.2:5060 : INVITE 1\n"
                  "  #2        0.001  127.0.10.2:5060 -> 127.0.10.1:5060 : 486\n"
                  "  #3        0.002  127.0.10.1:5060 -> 127.0.10.2:5060 : ACK\n");
    stage_close(&stage);
}

static void a_ladder_is_cut_to_its_width(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    ask(&stage, (struct stage_line){.start = "INVITE sip:+15550142@b SIP/2.0"});
    assert_ladder(stage_read(&stage, NULL), &(struct ds_ladder_style){.width = 44},
                  "Call 1  +15550100 -> +15550142  was not answered\n"
                  "  127.0.10.1:5060 -> 127.0.10.2:5060 : INVI…\n");
    stage_close(&stage);
}

static void each_leg_has_its_colour(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    ask(&stage, (struct stage_line){.start = "INVITE sip:1@b SIP/2.0"});
    assert_ladder(stage_read(&stage, NULL), &(struct ds_ladder_style){.colour = true},
                  "Call 1  +15550100 -> 1  was not answered\n"
                  "\033[36m  127.0.10.1:5060 -> 127.0.10.2:5060 : INVITE 1\033[0m\n");
    stage_close(&stage);
}

static void numbers_from_the_wire_are_made_safe(void **state)
{
    struct stage stage;
    struct ds_buf out = {0};
    (void)state;
    stage_open(&stage);
    ask(&stage,
        (struct stage_line){.start = "INVITE sip:1\033[2J\xff@b SIP/2.0", .from = "\033]0;x\a"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    for (size_t i = 0; i < trace->call_count; i++)
        ds_ladder_print(trace, &trace->calls[i], &(struct ds_ladder_style){.media = true}, &out);
    ds_ladder_print_rest(trace, &(struct ds_ladder_style){.numbers = true}, &out);
    sample_contains(out.at, "INVITE");
    assert_null(strpbrk(out.at, "\033\a\xff"));
    ds_buf_clean_up(&out);
    stage_close(&stage);
}

static void what_belongs_to_no_call_is_told_by_leg(void **state)
{
    struct stage stage;
    struct ds_buf out = {0};
    (void)state;
    stage_open(&stage);
    ask(&stage, (struct stage_line){
                    .start = "REGISTER sip:b SIP/2.0", .call_id = "r", .cseq = "1 REGISTER"});
    ask(&stage, (struct stage_line){.start = "OPTIONS sip:b SIP/2.0",
                                    .call_id = "o\033",
                                    .branch = "two",
                                    .cseq = "1 OPTIONS"});
    answer(&stage,
           (struct stage_line){.start = "SIP/2.0 200 OK", .call_id = "r", .cseq = "1 REGISTER"});
    ask(&stage, (struct stage_line){.start = "INVITE sip:1@b SIP/2.0", .branch = "three"});
    const struct ds_trace *trace = stage_read(&stage, NULL);
    ds_ladder_print_rest(trace, &(struct ds_ladder_style){0}, &out);
    assert_string_equal(out.at, "Outside calls  r\n"
                                "  127.0.10.1:5060 -> 127.0.10.2:5060 : REGISTER\n"
                                "  127.0.10.2:5060 -> 127.0.10.1:5060 : 200 (REGISTER)\n"
                                "Outside calls  o\\x1b\n"
                                "  127.0.10.1:5060 -> 127.0.10.2:5060 : OPTIONS\n");
    ds_buf_clean_up(&out);
    stage_close(&stage);
}

/* ---- audio: streams made by hand ---- */

static void assert_audio(struct ds_flow *flows, size_t count, const char *expected)
{
    struct ds_flow *list[100];
    struct ds_buf out = {0};
    for (size_t i = 0; i < count; i++)
        list[i] = &flows[i];
    struct ds_call call = {.from_number = "1",
                           .to_number = "2",
                           .flows = list,
                           .flow_count = count,
                           .answered_at = -1,
                           .ended_at = -1};
    const struct ds_trace trace = {.calls = &call, .call_count = 1};
    ds_ladder_print(&trace, &call, &(struct ds_ladder_style){.media = true}, &out);
    sample_contains(out.at, expected);
    ds_buf_clean_up(&out);
}

static void those_who_hear_are_named_with_the_digits(void **state)
{
    const struct ds_topo_node alice = {.name = "alice"}, gateway = {.name = "gateway"},
                              pstn = {.name = "pstn"}, bob = {.name = "bob"};
    const struct ds_voice voices[] = {{&alice, 0}, {&pstn, 0}, {&bob, 0}};
    struct ds_flow flows[] = {{.from = TALKER,
                               .to = HEARER,
                               .from_node = &alice,
                               .to_node = &gateway,
                               .packets = 12,
                               .codec = "PCMU",
                               .voices = voices,
                               .voice_count = 1,
                               .digits = "42#"},
                              {.from = HEARER,
                               .to = TALKER,
                               .from_node = &gateway,
                               .to_node = &alice,
                               .packets = 11,
                               .stats = {.lost = 1},
                               .voices = voices + 1,
                               .voice_count = 2}};
    (void)state;
    assert_audio(flows, 2,
                 "  audio  alice == gateway  PCMU  12 + 11 packets, lost 1  gateway hears alice, "
                 "digits 42#, alice hears pstn, bob\n");
    assert_audio(flows, 1,
                 "  audio  alice => gateway  PCMU  12 packets, lost 0  gateway hears alice, "
                 "digits 42#\n");
}

static void how_good_it_was_is_told_of_the_worse_way(void **state)
{
    struct ds_flow flows[] = {{.from = TALKER,
                               .to = HEARER,
                               .packets = 50,
                               .codec = "PCMA",
                               .stats = {.clock_rate = 8000, .jitter_sum = 160, .jitter_count = 20},
                               .mos = 4.41,
                               .srtp = {.suite = "AEAD_AES_128_GCM", .opened_packets = 50}},
                              {.from = HEARER,
                               .to = TALKER,
                               .packets = 48,
                               .codec = "PCMA",
                               .stats = {.clock_rate = 8000,
                                         .jitter_sum = 800,
                                         .jitter_count = 20,
                                         .lost = 3,
                                         .duplicates = 1},
                               .told = {.any = true, .lost = 7},
                               .srtp = {.sealed_packets = 2},
                               .mos = 3.96}};
    (void)state;
    assert_audio(flows, 2,
                 "  audio  127.0.10.1:30000 == 127.0.10.2:40000  PCMA  50 + 48 packets, lost 3, 1 "
                 "twice, listeners missed 7, jitter 5.0 ms, MOS 4.0, AEAD_AES_128_GCM, 2 sealed\n");
}

static void fax_stands_below_the_audio(void **state)
{
    struct ds_call call = {.from_number = "1", .to_number = "2", .answered_at = -1, .ended_at = -1};
    struct ds_fax_seen faxes[] = {
        {.from = TALKER, .to = HEARER, .packets = 9, .stats = {.lost = 2}, .call = &call},
        {.from = HEARER, .to = TALKER, .packets = 8}};
    const struct ds_trace trace = {
        .calls = &call, .call_count = 1, .faxes = faxes, .fax_count = DS_COUNT(faxes)};
    struct ds_buf out = {0};
    (void)state;
    ds_ladder_print(&trace, &call, &(struct ds_ladder_style){.media = true}, &out);
    sample_contains(out.at,
                    "  fax    127.0.10.1:30000 => 127.0.10.2:40000  T.38  9 packets, lost 2\n");
    assert_null(strstr(out.at, "8 packets"));
    ds_buf_clean_up(&out);
}

static void streams_that_follow_one_another_count_together(void **state)
{
    struct ds_flow flows[] = {{.from = TALKER, .to = HEARER, .ssrc = 1, .packets = 5},
                              {.from = HEARER, .to = TALKER, .ssrc = 2, .packets = 6},
                              {.from = TALKER, .to = HEARER, .ssrc = 3, .packets = 7}};
    (void)state;
    assert_audio(flows, 3,
                 "  audio  127.0.10.1:30000 == 127.0.10.2:40000  audio  12 + 6 packets, lost 0\n");
}

static void a_flood_of_places_is_cut_short(void **state)
{
    static struct ds_flow flows[100];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(flows); i++)
        flows[i] = (struct ds_flow){.from = STAGE_ADDR(1, (uint16_t)(1000 + i)), .to = HEARER};
    assert_audio(flows, DS_COUNT(flows), "audio  and between more places than are listed here\n");
}

static ds_rc attempt(void *owner)
{
    const struct ds_trace *trace = owner;
    const struct ds_ladder_style style = {.numbers = true, .media = true};
    struct ds_buf out = {0};
    ds_ladder_print(trace, &trace->calls[0], &style, &out);
    ds_rc rc = out.broken ? DS_NOMEM : DS_OK;
    ds_buf_clean_up(&out);
    return rc;
}

static void want_of_memory_breaks_the_ladder(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    play_call(&stage);
    stage_read(&stage, NULL);
    ds_exhaust(attempt, stage.trace);
    stage_close(&stage);
}

int test_arrows(void);

int test_arrows(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_between_known_elements_reads_like_a_scenario),
        cmocka_unit_test(strangers_are_shown_by_address_with_frames_and_times),
        cmocka_unit_test(a_ladder_is_cut_to_its_width),
        cmocka_unit_test(each_leg_has_its_colour),
        cmocka_unit_test(numbers_from_the_wire_are_made_safe),
        cmocka_unit_test(what_belongs_to_no_call_is_told_by_leg),
        cmocka_unit_test(those_who_hear_are_named_with_the_digits),
        cmocka_unit_test(how_good_it_was_is_told_of_the_worse_way),
        cmocka_unit_test(fax_stands_below_the_audio),
        cmocka_unit_test(streams_that_follow_one_another_count_together),
        cmocka_unit_test(a_flood_of_places_is_cut_short),
        cmocka_unit_test(want_of_memory_breaks_the_ladder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
