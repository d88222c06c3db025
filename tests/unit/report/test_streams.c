#include "sample.h"
#include "stage.h"

#include "report.h"

#define TALKER STAGE_ADDR(1, 30000)
#define HEARER STAGE_ADDR(2, 40000)

static void every_stream_has_a_line_with_its_figures(void **state)
{
    const struct ds_topo_node alice = {.name = "alice"};
    struct ds_flow flows[] = {
        {.from = TALKER, .to = HEARER, .from_node = &alice, .stats = {.clock_rate = 8000}},
        {.from = HEARER,
         .to = TALKER,
         .to_node = &alice,
         .ssrc = 0xab,
         .codec = "PCMA",
         .ptime_us = 20000,
         .packets = 100,
         .stats = {.clock_rate = 8000,
                   .lost = 4,
                   .duplicates = 1,
                   .reordered = 2,
                   .late = 3,
                   .restarts = 1,
                   .jitter_sum = 80,
                   .jitter_count = 10,
                   .jitter_max = 16},
         .mos = 4.1,
         .told = {true, 9, 3.5},
         .srtp = {.suite = "AEAD_AES_128_GCM", .opened_packets = 98, .sealed_packets = 2},
         .comfort_noise_packets = 7,
         .digits = "42#"}};
    struct ds_fax_seen fax = {.from = TALKER, .to = HEARER, .packets = 5, .data_packets = 4};
    const struct ds_trace trace = {
        .flows = flows, .flow_count = DS_COUNT(flows), .faxes = &fax, .fax_count = 1};
    struct ds_buf out = {0};
    (void)state;
    ds_streams_print(&trace, &out);
    assert_string_equal(
        out.at,
        "Streams\n"
        "  audio  alice > 127.0.10.2:40000  0x00000000  audio  0 packets, lost 0, twice 0, out of "
        "order 0, late 0, jitter 0.000 ms, at most 0.000 ms\n"
        "  audio  127.0.10.2:40000 > alice  0x000000ab  PCMA of 20 ms  100 packets, lost 4, twice "
        "1, out of order 2, late 3, begun anew 1, jitter 1.000 ms, at most 2.000 ms, MOS 4.10, its "
        "listener missed 9 and saw 3.5 ms of jitter, AEAD_AES_128_GCM verified 98, sealed 2, "
        "comfort noise 7, digits 42#\n"
        "  fax    127.0.10.1:30000 > 127.0.10.2:40000  T.38  5 packets, lost 0, twice 0, out of "
        "order 0, with data 4\n");
    ds_buf_clean_up(&out);
}

static void where_nothing_flowed_nothing_is_said(void **state)
{
    struct ds_buf out = {0};
    (void)state;
    ds_streams_print(&(struct ds_trace){0}, &out);
    assert_int_equal(out.len, 0);
    ds_buf_clean_up(&out);
}

int test_streams(void);

int test_streams(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_stream_has_a_line_with_its_figures),
        cmocka_unit_test(where_nothing_flowed_nothing_is_said),
    };
    return cmocka_run_group_tests_name("streams", tests, NULL, NULL);
}
