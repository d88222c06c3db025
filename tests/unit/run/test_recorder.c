#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run_internal.h"

#define EPOCH_US INT64_C(1700000000000000)
#define NEAR     ds_addr_v4(0x7f000a01u, 5060)
#define FAR      ds_addr_v4(0x7f000a02u, 40000)

/* Where the parts of a frame of Ethernet and plain IPv4 begin. */
enum { AT_PROTOCOL = 23, AT_PORT = 34, AT_UDP_PAYLOAD = 42, AT_TCP_PAYLOAD = 54 };

enum { FIN = 0x01, SYN = 0x02, PUSH = 0x08, ACK = 0x10 };

struct tape {
    char folder[256], path[300];
    struct ds_pcap_writer *writer; /* owned, until the file is read */
    struct ds_recorder *recorder;  /* owned */
    struct ds_pcap_reader *reader; /* owned */
};

static int set_up(void **state)
{
    const struct ds_pcap_header header = {.application = "test", .interface_name = "lo"};
    struct tape *tape = calloc(1, sizeof *tape);
    ds_scratch_make(tape->folder, sizeof tape->folder);
    snprintf(tape->path, sizeof tape->path, "%s/run.pcapng", tape->folder);
    assert_int_equal(ds_pcap_create(tape->path, &header, &tape->writer, NULL), DS_OK);
    assert_int_equal(ds_recorder_new(tape->writer, &tape->recorder), DS_OK);
    *state = tape;
    return 0;
}

static int tear_down(void **state)
{
    struct tape *tape = *state;
    ds_recorder_free(&tape->recorder);
    ds_pcap_reader_free(&tape->reader);
    ds_scratch_remove(tape->folder);
    free(tape);
    return 0;
}

static void
take(struct tape *tape, struct ds_addr from, struct ds_addr to, char event, struct ds_slice bytes)
{
    ds_recorder_take(tape->recorder, EPOCH_US, from, to, event, bytes);
}

static void rewind_tape(struct tape *tape)
{
    assert_int_equal(ds_pcap_close(&tape->writer, NULL), DS_OK);
    assert_int_equal(ds_pcap_open(tape->path, &tape->reader, NULL), DS_OK);
}

static const uint8_t *next_frame(struct tape *tape, size_t *len)
{
    struct ds_frame frame;
    assert_int_equal(ds_pcap_next(tape->reader, &frame, NULL), DS_OK);
    assert_int_equal(frame.link, DS_LINK_ETHERNET);
    assert_int_equal(frame.unix_us, EPOCH_US);
    *len = frame.bytes.len;
    return (const uint8_t *)frame.bytes.at;
}

static void expect_end(struct tape *tape)
{
    struct ds_frame frame;
    assert_int_equal(ds_pcap_next(tape->reader, &frame, NULL), DS_GONE);
}

static uint32_t number(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

struct segment {
    uint16_t port; /* it comes from */
    uint8_t flags;
    uint32_t sequence, acknowledge;
    size_t payload;
};

static struct segment next_segment(struct tape *tape)
{
    size_t len;
    const uint8_t *frame = next_frame(tape, &len);
    assert_true(len >= AT_TCP_PAYLOAD);
    assert_int_equal(frame[AT_PROTOCOL], 6);
    return (struct segment){
        .port = (uint16_t)(frame[AT_PORT] << 8 | frame[AT_PORT + 1]),
        .flags = frame[AT_PORT + 13],
        .sequence = number(frame + AT_PORT + 4),
        .acknowledge = number(frame + AT_PORT + 8),
        .payload = len - AT_TCP_PAYLOAD,
    };
}

static void a_datagram_is_one_frame(void **state)
{
    struct tape *tape = *state;
    size_t len;
    take(tape, NEAR, FAR, 0, DS_LITERAL("OPTIONS"));
    rewind_tape(tape);
    const uint8_t *frame = next_frame(tape, &len);
    assert_int_equal(frame[AT_PROTOCOL], 17);
    assert_int_equal(frame[AT_PORT] << 8 | frame[AT_PORT + 1], 5060);
    assert_int_equal(frame[AT_PORT + 2] << 8 | frame[AT_PORT + 3], 40000);
    assert_int_equal(len, AT_UDP_PAYLOAD + 7);
    assert_memory_equal(frame + AT_UDP_PAYLOAD, "OPTIONS", 7);
    expect_end(tape);
}

static void a_connection_opens_with_a_handshake(void **state)
{
    struct tape *tape = *state;
    take(tape, FAR, NEAR, 'o', DS_LITERAL(""));
    rewind_tape(tape);
    struct segment syn = next_segment(tape), both = next_segment(tape), ack = next_segment(tape);
    assert_int_equal(syn.flags, SYN);
    assert_int_equal(syn.port, 40000);
    assert_int_equal(both.flags, SYN | ACK);
    assert_int_equal(both.port, 5060);
    assert_int_equal(both.acknowledge, syn.sequence + 1);
    assert_int_equal(ack.flags, ACK);
    assert_int_equal(ack.sequence, syn.sequence + 1);
    assert_int_equal(ack.acknowledge, both.sequence + 1);
    expect_end(tape);
}

static void bytes_both_ways_follow_one_another(void **state)
{
    struct tape *tape = *state;
    take(tape, FAR, NEAR, 'd', DS_LITERAL("INVITE"));
    take(tape, NEAR, FAR, 'd', DS_LITERAL("100"));
    take(tape, FAR, NEAR, 'd', DS_LITERAL("ACK"));
    rewind_tape(tape);
    struct segment invite = next_segment(tape), trying = next_segment(tape);
    struct segment ack = next_segment(tape);
    assert_int_equal(invite.flags, ACK | PUSH);
    assert_int_equal(trying.acknowledge, invite.sequence + 6);
    assert_int_equal(trying.sequence, invite.acknowledge);
    assert_int_equal(ack.sequence, invite.sequence + 6);
    assert_int_equal(ack.acknowledge, trying.sequence + 3);
    expect_end(tape);
}

static void many_bytes_become_several_segments(void **state)
{
    static const char many[40000] = {0};
    struct tape *tape = *state;
    take(tape, FAR, NEAR, 'd', (struct ds_slice){many, sizeof many});
    rewind_tape(tape);
    struct segment first = next_segment(tape), segment = first;
    size_t sum = first.payload;
    while (sum < sizeof many) {
        segment = next_segment(tape);
        assert_int_equal(segment.sequence, first.sequence + sum);
        assert_true(segment.payload > 0);
        sum += segment.payload;
    }
    assert_int_equal(sum, sizeof many);
    expect_end(tape);
}

static void a_connection_closes_with_its_last_number(void **state)
{
    struct tape *tape = *state;
    take(tape, FAR, NEAR, 'd', DS_LITERAL("BYE"));
    take(tape, FAR, NEAR, 'c', DS_LITERAL(""));
    rewind_tape(tape);
    struct segment bye = next_segment(tape), fin = next_segment(tape);
    assert_int_equal(fin.flags, FIN | ACK);
    assert_int_equal(fin.sequence, bye.sequence + 3);
    expect_end(tape);
}

static void connections_are_told_apart_by_both_ends(void **state)
{
    struct tape *tape = *state;
    const struct ds_addr other = ds_addr_v4(0x7f000a02u, 40001);
    take(tape, FAR, NEAR, 'd', DS_LITERAL("one"));
    take(tape, other, NEAR, 'd', DS_LITERAL("three"));
    take(tape, FAR, NEAR, 'd', DS_LITERAL("two"));
    rewind_tape(tape);
    struct segment one = next_segment(tape), three = next_segment(tape), two = next_segment(tape);
    assert_int_equal(three.port, 40001);
    assert_int_equal(two.sequence, one.sequence + 3);
    expect_end(tape);
}

int test_recorder(void);

int test_recorder(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_datagram_is_one_frame, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_connection_opens_with_a_handshake, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bytes_both_ways_follow_one_another, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_bytes_become_several_segments, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_connection_closes_with_its_last_number, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(connections_are_told_apart_by_both_ends, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("recorder", tests, NULL, NULL);
}
