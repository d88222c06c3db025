#include "support.h"

#include "pcap.h"

#include <stdlib.h>
#include <string.h>

static struct ds_filter *filter(const char *text)
{
    struct ds_filter *filter = NULL;
    struct ds_why why = {""};
    if (ds_filter_new(text, &filter, &why) != DS_OK)
        fail_msg("%s", why.text);
    return filter;
}

static void it_tells_frames_apart(void **state)
{
    static const struct ds_tcp_mark syn = {.syn = true}, ack = {.ack = true};

    static const struct {
        const char *text;
        bool udp, syn, data;
    } cases[] = {
        {"", true, true, true},
        {"udp", true, false, false},
        {"tcp", false, true, true},
        {"src host 127.0.0.1", true, true, true},
        {"dst host 127.0.0.1", false, false, false},
        {"host 127.0.0.2 and not udp", false, true, true},
        {"dst port 5060", true, true, true},
        {"src port 5060", false, false, false},
        {"portrange 5000-5059", false, false, false},
        {"net 127.0.0.0/8", true, true, true},
        {"tcp[tcpflags] & tcp-syn != 0", false, true, false},
        {"less 54", true, true, false},
        {"greater 55", false, false, true},
    };

    struct ds_buf frames[3] = {{0}};
    struct ds_addr from = ds_addr_v4(0x7f000001, 40000), to = ds_addr_v4(0x7f000002, 5060);
    (void)state;
    ds_frame_build(&frames[0], from, to, NULL, DS_LITERAL("datagram"));
    ds_frame_build(&frames[1], from, to, &syn, DS_LITERAL(""));
    ds_frame_build(&frames[2], from, to, &ack, DS_LITERAL("a segment"));
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_filter *of = filter(cases[i].text);
        assert_int_equal(ds_filter_matches(of, ds_buf_slice(&frames[0])), cases[i].udp);
        assert_int_equal(ds_filter_matches(of, ds_buf_slice(&frames[1])), cases[i].syn);
        assert_int_equal(ds_filter_matches(of, ds_buf_slice(&frames[2])), cases[i].data);
        ds_filter_free(&of);
        assert_null(of);
    }
    for (size_t i = 0; i < DS_COUNT(frames); i++)
        ds_buf_clean_up(&frames[i]);
}

static void no_frame_is_too_short_for_it(void **state)
{
    struct ds_buf frame = {0};
    struct ds_filter *of = filter("udp and dst port 5060");
    (void)state;
    ds_frame_build(&frame, ds_addr_v4(0x7f000001, 1), ds_addr_v4(0x7f000002, 5060), NULL,
                   DS_LITERAL("x"));
    for (size_t len = 0; len <= frame.len; len++) {
        char *copy = malloc(len + 1);
        assert_non_null(copy);
        memcpy(copy, frame.at, len);
        assert_int_equal(ds_filter_matches(of, (struct ds_slice){copy, len}), len >= 38);
        free(copy);
    }
    assert_false(ds_filter_matches(of, (struct ds_slice){NULL, 0}));
    ds_filter_free(&of);
    ds_filter_free(&of);
    ds_buf_clean_up(&frame);
}

static void what_is_no_filter_is_told_in_the_words_of_libpcap(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"udp and and", "'udp and and' is no packet filter: "},
        {"host", "'host' is no packet filter: "},
        {"(udp", "'(udp' is no packet filter: "},
        {"port 99999", "illegal port number 99999 > 65535"},
        {"tcp and udp and port 5060", "expression rejects all packets"},
        {"ether[0", "is no packet filter: "},
    };

    struct ds_filter *of = NULL;
    struct ds_why why;
    char deep[2001];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        assert_int_equal(ds_filter_new(cases[i].text, &of, &why), DS_BAD);
        if (strstr(why.text, cases[i].says) == NULL)
            fail_msg("'%s' does not say '%s'", why.text, cases[i].says);
        assert_null(of);
    }
    memset(deep, '(', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_int_equal(ds_filter_new(deep, &of, &why), DS_BAD);
}

static ds_rc make_one(void *owner)
{
    struct ds_filter *of = NULL;
    (void)owner;
    ds_rc rc = ds_filter_new("udp", &of, NULL);
    ds_filter_free(&of);
    return rc;
}

static void exhaustion_is_told(void **state)
{
    (void)state;
    ds_exhaust(make_one, NULL);
}

int test_filter(void);

int test_filter(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_tells_frames_apart),
        cmocka_unit_test(no_frame_is_too_short_for_it),
        cmocka_unit_test(what_is_no_filter_is_told_in_the_words_of_libpcap),
        cmocka_unit_test(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
