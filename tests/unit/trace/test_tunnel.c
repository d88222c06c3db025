#include "capture.h"

/* Packets inside packets. */

#define MOST_HEADER 64

/* The header of a packet of `len` bytes that carries `protocol`, from 10.0.0.1 or fd00::1. */
static struct ds_slice outer(int version, int protocol, size_t len, char *room)
{
    memset(room, 0, 40);
    room[0] = (char)(version == 4 ? 0x45 : 0x60);
    if (version == 4) {
        room[2] = (char)((len + 20) >> 8);
        room[3] = (char)(len + 20);
        room[8] = 64;
        room[9] = (char)protocol;
        memcpy(room + 12, "\x0a\0\0\x01\x0a\0\0\x02", 8);
        return (struct ds_slice){room, 20};
    }
    room[4] = (char)(len >> 8);
    room[5] = (char)len;
    room[6] = (char)protocol;
    room[7] = 64;
    room[8] = room[24] = (char)0xfd;
    room[23] = 1;
    room[39] = 2;
    return (struct ds_slice){room, 40};
}

static void ends_of(int version, struct ds_addr *from, struct ds_addr *to)
{
    *from = STAGE_ADDR(1, 5060);
    *to = STAGE_ADDR(2, 5060);
    if (version == 4)
        return;
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("2001:db8::1"), from), DS_OK);
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("2001:db8::2"), to), DS_OK);
    from->port = to->port = 5060;
}

/* Reads one frame: a header of `outside`, then `between`, then an INVITE. */
static size_t events_through(int outside, int protocol, struct ds_slice between, int inside)
{
    struct capture capture;
    struct ds_buf frame = {0}, whole = {0};
    struct ds_addr from, to;
    char room[MOST_HEADER];
    ends_of(inside, &from, &to);
    struct ds_slice packet = ip_packet(&frame, from, to);
    ds_buf_add(&whole, outer(outside, protocol, between.len + packet.len, room));
    ds_buf_add(&whole, between);
    ds_buf_add(&whole, packet);
    capture_open(&capture, DS_LINK_RAW);
    capture_frame(&capture, ds_buf_slice(&whole), DS_LITERAL(""));
    struct ds_trace *trace = capture_read(&capture);
    size_t events = trace->event_count;
    if (events > 0) {
        assert_true(ds_addr_equal(trace->events[0].from, from));
        assert_true(ds_addr_equal(trace->events[0].to, to));
    }
    assert_int_equal(trace->gap_count, 0);
    ds_trace_free(&trace);
    ds_buf_clean_up(&frame);
    ds_buf_clean_up(&whole);
    return events;
}

static void ip_in_ip_is_read_by_what_is_inside(void **state)
{
    static const struct {
        int outside, protocol, inside;
    } cases[] = {{4, 4, 4}, {4, 41, 6}, {6, 4, 4}, {6, 41, 6}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++)
        assert_int_equal(
            events_through(cases[i].outside, cases[i].protocol, DS_LITERAL(""), cases[i].inside),
            1);
}

static void gre_is_taken_off_with_all_its_fields(void **state)
{
    static const struct {
        struct ds_slice header;
        size_t events;
    } cases[] = {
        {DS_LITERAL("\0\0\x08\0"), 1},
        {DS_LITERAL("\x80\0\x08\0\0\0\0\0"), 1},
        {DS_LITERAL("\x20\0\x08\0KEY!"), 1},
        {DS_LITERAL("\xb0\0\x08\0\0\0\0\0KEY!\0\0\0\1"), 1},
        {DS_LITERAL("\0\0\x65\x58"
                    "aaaaaabbbbbb\x81\0\0\x05\x08\0"),
         1},
        {DS_LITERAL("\0\0\x88\xbe"
                    "aaaaaabbbbbb\x08\0"),
         1},
        {DS_LITERAL("\x10\0\x88\xbe\0\0\0\1\x10\0\0\0\0\0\0\0"
                    "aaaaaabbbbbb\x08\0"),
         1},
        {DS_LITERAL("\x10\0\x22\xeb\0\0\0\1\x20\0\0\0\0\0\0\0\0\0\0\0"
                    "aaaaaabbbbbb\x08\0"),
         1},
        {DS_LITERAL("\x10\0\x22\xeb\0\0\0\1\x20\0\0\0\0\0\0\0\0\0\0\1"
                    "platform"
                    "aaaaaabbbbbb\x08\0"),
         1},
        {DS_LITERAL("\0\1\x08\0"), 0},
        {DS_LITERAL("\0\0\x12\x34"), 0},
        {DS_LITERAL("\x40\0\x08\0\0\0\0\0"), 0},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++)
        assert_int_equal(events_through(4, 47, cases[i].header, 4), cases[i].events);
}

/* Four tunnels inside each other are read, five are more than anybody digs. */
static void tunnels_inside_tunnels_are_bounded(void **state)
{
    (void)state;
    for (size_t depth = 1; depth <= 6; depth++) {
        struct ds_buf between = {0};
        for (size_t i = 1; i < depth; i++) {
            char room[MOST_HEADER];
            struct ds_slice header = outer(4, 4, 0, room);
            room[2] = room[3] = 0; /* as long as the frame */
            ds_buf_add(&between, header);
        }
        assert_int_equal(events_through(4, 4, ds_buf_slice(&between), 4), depth <= 4 ? 1 : 0);
        ds_buf_clean_up(&between);
    }
}

int test_tunnel(void);

int test_tunnel(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ip_in_ip_is_read_by_what_is_inside),
        cmocka_unit_test(gre_is_taken_off_with_all_its_fields),
        cmocka_unit_test(tunnels_inside_tunnels_are_bounded),
    };
    return cmocka_run_group_tests_name("tunnel", tests, NULL, NULL);
}
