#include "support.h"

#include "sim_internal.h"

#include <stdio.h>
#include <string.h>

/* One line into one fault, or one sentence. Reading needs no network. */

static const struct ds_pcap_name machines[] = {
    {{.ip = {[10] = 0xff, 0xff, 127, 0, 10, 50}}, "gateway"},
    {{.ip = {[10] = 0xff, 0xff, 127, 0, 10, 1}}, "mediation"},
    {{.ip = {[10] = 0xff, 0xff, 127, 0, 10, 2}}, "pool-a"},
    {{.ip = {[10] = 0xff, 0xff, 127, 0, 10, 3}}, "pool"},
    {{.ip = {[10] = 0xff, 0xff, 127, 0, 10, 4}}, "a"},
    {{.ip = {[10] = 0xff, 0xff, 127, 0, 10, 5}}, "udp"},
    {{.ip = {[10] = 0xff, 0xff, 127, 0, 10, 6}}, "at"},
};

static const struct ds_net_options options = {.names = machines, .name_count = DS_COUNT(machines)};

static struct ds_fault read_line(const char *line)
{
    struct ds_fault fault = {.lasts = DS_NEVER};
    struct ds_why why = {""};
    assert_true(ds_slice_copy(ds_slice_of(line), fault.line, sizeof fault.line));
    if (ds_fault_read(&options, &fault, &why) != DS_OK)
        fail_msg("%s", why.text);
    return fault;
}

/* ---- what can be said ---- */

static const struct {
    const char *line;
    struct ds_fault is;
    bool filtered;
} told[] = {
    {"lose 5%", {.kind = DS_FAULT_LOSE, .share = .05, .lasts = DS_NEVER}, false},
    {"  lose   5%  ", {.kind = DS_FAULT_LOSE, .share = .05, .lasts = DS_NEVER}, false},
    {"lose", {.kind = DS_FAULT_LOSE, .share = 1, .lasts = DS_NEVER}, false},
    {"lose of udp", {.kind = DS_FAULT_LOSE, .share = 1, .lasts = DS_NEVER}, true},
    {"lose #3 of udp", {.kind = DS_FAULT_LOSE, .share = 1, .nth = 3, .lasts = DS_NEVER}, true},
    {"lose 0.5% of udp at 1.5s for 250us",
     {.kind = DS_FAULT_LOSE, .share = .005, .at = 1500000, .lasts = 250},
     true},
    {"lose 100% for 3s at 2ms",
     {.kind = DS_FAULT_LOSE, .share = 1, .at = 2000, .lasts = 3000000},
     false},
    {"duplicate 1%", {.kind = DS_FAULT_DUPLICATE, .share = .01, .lasts = DS_NEVER}, false},
    {"delay 40ms jitter 10ms of tcp port 5060",
     {.kind = DS_FAULT_DELAY, .share = 1, .time_us = 40000, .jitter_us = 10000, .lasts = DS_NEVER},
     true},
    {"delay 1.5s",
     {.kind = DS_FAULT_DELAY, .share = 1, .time_us = 1500000, .lasts = DS_NEVER},
     false},
    {"reorder 2% by 30ms",
     {.kind = DS_FAULT_REORDER, .share = .02, .time_us = 30000, .lasts = DS_NEVER},
     false},
    {"reorder #2 by 1s",
     {.kind = DS_FAULT_REORDER, .share = 1, .nth = 2, .time_us = 1000000, .lasts = DS_NEVER},
     false},
    {"cut gateway", {.kind = DS_FAULT_CUT, .share = 1, .end_count = 1, .lasts = DS_NEVER}, false},
    {"cut mediation-gateway for 1s",
     {.kind = DS_FAULT_CUT, .share = 1, .end_count = 2, .lasts = 1000000},
     false},
    {"kill pool-a at 2s",
     {.kind = DS_FAULT_KILL, .share = 1, .end_count = 1, .at = 2000000, .lasts = DS_NEVER},
     false},
    {"freeze at at 1s",
     {.kind = DS_FAULT_FREEZE, .share = 1, .end_count = 1, .at = 1000000, .lasts = DS_NEVER},
     false},
    {"restart gateway",
     {.kind = DS_FAULT_RESTART, .share = 1, .end_count = 1, .lasts = DS_NEVER},
     false},
    {"split 1 of host gateway",
     {.kind = DS_FAULT_SPLIT, .share = 1, .number = 1, .lasts = DS_NEVER},
     true},
    {"merge 20ms",
     {.kind = DS_FAULT_MERGE, .share = 1, .time_us = 20000, .lasts = DS_NEVER},
     false},
    {"slow gateway 1000000000",
     {.kind = DS_FAULT_SLOW, .share = 1, .end_count = 1, .number = 1000000000, .lasts = DS_NEVER},
     false},
    {"jump 86400s",
     {.kind = DS_FAULT_JUMP, .share = 1, .time_us = 86400 * DS_S, .lasts = DS_NEVER},
     false},
};

static void every_kind_says_what_it_says(void **state)
{
    bool seen[DS_FAULT_KINDS] = {false};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(told); i++) {
        struct ds_fault fault = read_line(told[i].line);
        const struct ds_fault *is = &told[i].is;
        bool same = fault.kind == is->kind && fault.share > is->share - 1e-9 &&
                    fault.share < is->share + 1e-9 && fault.nth == is->nth &&
                    fault.time_us == is->time_us && fault.jitter_us == is->jitter_us &&
                    fault.number == is->number && fault.end_count == is->end_count &&
                    fault.at == is->at && fault.lasts == is->lasts &&
                    (fault.filter != NULL) == told[i].filtered;
        if (!same)
            fail_msg("'%s' is read as something else", told[i].line);
        seen[fault.kind] = true;
        ds_filter_free(&fault.filter);
    }
    for (size_t i = 0; i < DS_COUNT(seen); i++)
        assert_true(seen[i]);
}

/* What faults.def shows to people can be written. */
static void every_example_is_read(void **state)
{
    static const char *const usages[] = {
#define FAULT(constant, word, elements, amount, filtered, on_sockets, usage) usage,
#include "faults.def"
#undef FAULT
    };
    (void)state;
    for (size_t i = 0; i < DS_COUNT(usages); i++) {
        struct ds_slice rest = ds_slice_of(usages[i]), part;
        ds_slice_cut(&rest, ':', &part);
        for (rest = part; ds_slice_cut(&rest, ',', &part);) {
            char line[DS_FAULT_MOST_TEXT];
            struct ds_why why = {""};
            assert_true(ds_slice_copy(ds_slice_trim(part), line, sizeof line));
            if (ds_fault_check(machines, DS_COUNT(machines), line, false, &why) != DS_OK)
                fail_msg("%s", why.text);
        }
    }
}

static void two_elements_may_have_hyphens_in_their_names(void **state)
{
    static const struct {
        const char *line;
        int ends[2]; /* the last octet; 0: none */
    } cases[] = {
        {"cut pool-a", {2, 0}},          {"cut pool-gateway", {3, 50}},
        {"cut pool-a-gateway", {2, 50}}, {"cut gateway-pool-a", {50, 2}},
        {"cut pool-a-pool-a", {2, 2}},   {"cut a-pool", {4, 3}},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_fault fault = read_line(cases[i].line);
        assert_int_equal(fault.end_count, cases[i].ends[1] == 0 ? 1 : 2);
        for (size_t k = 0; k < fault.end_count; k++)
            assert_int_equal(fault.ends[k].ip[15], cases[i].ends[k]);
    }
}

/* ---- filters ---- */

struct packet {
    int from, to; /* last octets */
    uint16_t port;
    bool tcp;
};

static bool matches(struct ds_filter *filter, const struct packet *packet)
{
    static const struct ds_tcp_mark syn = {.syn = true};
    struct ds_buf frame = {0};
    ds_frame_build(&frame, ds_addr_v4(0x7f000a00u + (uint32_t)packet->from, 40000),
                   ds_addr_v4(0x7f000a00u + (uint32_t)packet->to, packet->port),
                   packet->tcp ? &syn : NULL, DS_LITERAL(""));
    bool result = ds_filter_matches(filter, ds_buf_slice(&frame));
    ds_buf_clean_up(&frame);
    return result;
}

static void names_in_filters_are_addresses(void **state)
{
    static const struct packet packets[] = {
        {1, 50, 5060, false}, {50, 1, 5060, true}, {2, 3, 5061, true}, {3, 5, 9, false}};

    static const struct {
        const char *line;
        const char *met; /* one digit for each packet */
    } cases[] = {
        {"lose of host gateway", "1100"},
        {"lose of dst host gateway", "1000"},
        {"lose of dst gateway", "1000"},
        {"lose of udp", "1001"},
        {"lose of tcp", "0110"},
        {"lose of host pool-a", "0010"},
        {"lose of host pool", "0011"},
        {"lose of host (pool or gateway) and tcp", "0110"},
        {"lose of src host mediation and dst host gateway and udp dst port 5060", "1000"},
        {"lose of portrange 5060-5061", "1110"},
        {"lose of host 127.0.10.2", "0010"},
        {"lose of net 127.0.10.0/24", "1111"},
        {"lose of net 127.0.10 and not(tcp)", "1001"},
        {"lose of tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn", "0110"},
        {"lose of tcp[13]=0x2", "0110"},
        {"lose of ip[19]-1 > 4", "1000"},
        {"lose of udp and (port 9 or port 5060) at 1s for 1s", "1001"},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_fault fault = read_line(cases[i].line);
        for (size_t k = 0; k < DS_COUNT(packets); k++)
            if (matches(fault.filter, &packets[k]) != (cases[i].met[k] == '1'))
                fail_msg("'%s' and packet %zu", cases[i].line, k);
        ds_filter_free(&fault.filter);
    }
}

/* ---- what cannot ---- */

#define KINDS                                                                                      \
    "it begins with one of: lose, duplicate, delay, reorder, cut, kill, freeze, restart, split, "  \
    "merge, slow, jump"
#define TIME(what, text)                                                                           \
    what " is a time of at most a day, such as 250us, 40ms or 1.5s, not '" text "'"
#define NUMBER(text) "it takes a number from 1 to 1000000000, not '" text "'"
#define SHARE(text)                                                                                \
    "'" text "' is no share of the packets: write a percentage above 0 and up to 100%, or #3 for " \
    "the third"
#define ELEMENT(text)                                                                              \
    "there is no element '" text "'; there are: gateway, mediation, pool-a, pool, a, udp, at"
#define WORD(text)                                                                                 \
    "'" text                                                                                       \
    "' in its filter is neither an element of this topology nor a word of libpcap's filters"
#define LEFT(text, usage) "'" text "' makes no sense there; it is written so: " usage
#define LOSE              "lose 5%, lose #3 of udp, lose of dst host gateway"

static const struct {
    const char *line, *reason;
} refused[] = {
    {"", KINDS},
    {"    ", KINDS},
    {"loose 5%", KINDS},
    {"Lose 5%", KINDS},
    {"of udp", KINDS},
    {"lose 0%", SHARE("0%")},
    {"lose 0.000%", SHARE("0.000%")},
    {"lose 100.1%", SHARE("100.1%")},
    {"lose 5", SHARE("5")},
    {"lose 5%%", SHARE("5%%")},
    {"lose 1e2%", SHARE("1e2%")},
    {"lose .%", SHARE(".%")},
    {"lose 1.2.3%", SHARE("1.2.3%")},
    {"lose 99999999999999999999999999999999999999%",
     SHARE("99999999999999999999999999999999999999%")},
    {"lose -5%", LEFT("-5%", LOSE)},
    {"lose inf%", LEFT("inf%", LOSE)},
    {"lose nan", LEFT("nan", LOSE)},
    {"lose 5% 6%", LEFT("6%", LOSE)},
    {"lose 5% udp", LEFT("udp", LOSE)},
    {"lose #0", NUMBER("0")},
    {"lose #", NUMBER("")},
    {"lose #-1", NUMBER("-1")},
    {"lose #1.5", NUMBER("1.5")},
    {"lose #1000000001", NUMBER("1000000001")},
    {"lose #1000000000000000000000000000000", NUMBER("1000000000000000000000000000000")},
    {"lose 5% of", "'of' is followed by a packet filter: of udp port 5060"},
    {"lose 5% of at 1s", "'of' is followed by a packet filter: of udp port 5060"},
    {"lose 5% at", TIME("'at'", "")},
    {"lose 5% at soon", TIME("'at'", "soon")},
    {"lose 5% at -1s", TIME("'at'", "-1s")},
    {"lose 5% at 1s at 2s", LEFT("at", LOSE)},
    {"lose 5% for 1s for 2s", LEFT("for", LOSE)},
    {"lose 5% for 1h", TIME("'for'", "1h")},
    {"lose 5% for 86401s", TIME("'for'", "86401s")},
    {"lose 5% for 1e9s", TIME("'for'", "1e9s")},
    {"lose 5% for infs", TIME("'for'", "infs")},
    {"lose 5% for nan", TIME("'for'", "nan")},
    {"lose 5% for 1000000000000000000000000000000s",
     TIME("'for'", "1000000000000000000000000000000s")},
    {"lose 5% for 10", TIME("'for'", "10")},
    {"duplicate 5% by 3ms", LEFT("by", "duplicate 1%, duplicate #2 of udp")},
    {"delay", TIME("it", "")},
    {"delay 5%", TIME("it", "5%")},
    {"delay 40ms jitter", TIME("jitter", "")},
    {"delay 40ms jitter 10", TIME("jitter", "10")},
    {"reorder 2%", "it says by how much: by 30ms"},
    {"reorder 2% by", TIME("'by'", "")},
    {"cut", ELEMENT("")},
    {"cut nowhere", ELEMENT("nowhere")},
    {"cut gateway-", ELEMENT("gateway-")},
    {"cut -gateway", ELEMENT("-gateway")},
    {"cut gateway-nowhere", ELEMENT("gateway-nowhere")},
    {"cut gateway mediation", LEFT("mediation", "cut mediation-gateway, cut gateway")},
    {"cut gateway of udp", LEFT("of", "cut mediation-gateway, cut gateway")},
    {"freeze mediation-gateway", ELEMENT("mediation-gateway")},
    {"kill 127.0.10.50", ELEMENT("127.0.10.50")},
    {"split", NUMBER("")},
    {"split 0", NUMBER("0")},
    {"split one", NUMBER("one")},
    {"merge 1", TIME("it", "1")},
    {"slow gateway", NUMBER("")},
    {"slow 1000", ELEMENT("1000")},
    {"jump", TIME("it", "")},
    {"jump back", TIME("it", "back")},
    {"lose of host nowhere", WORD("nowhere")},
    {"lose of port http", WORD("http")},
    {"lose of host gateway.example.com", WORD("gateway.example.com")},
    {"lose of host 1a.example.com", WORD("1a.example.com")},
    {"lose of host 1.2.3.4.5", WORD("1.2.3.4.5")},
    {"lose of host 5060-and", WORD("5060-and")},
    {"lose of host gateway-", WORD("gateway-")},
    {"lose of host 0x", WORD("0x")},
    {"lose of host 127..1", WORD("127..1")},
    {"lose of protochain 6", WORD("protochain")},
    {"lose of host \\and", "'\\' has no place in a filter"},
    {"lose of \"udp\"", "'\"' has no place in a filter"},
    {"lose of udp; lose", "';' has no place in a filter"},
};

static void what_cannot_be_read_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < DS_COUNT(refused); i++) {
        char expected[sizeof(struct ds_why)];
        struct ds_why why = {""};
        snprintf(expected, sizeof expected, "the fault '%.120s': %.180s", refused[i].line,
                 refused[i].reason);
        assert_int_equal(ds_fault_check(machines, DS_COUNT(machines), refused[i].line, false, &why),
                         DS_BAD);
        assert_string_equal(why.text, expected);
        assert_int_equal(ds_fault_check(machines, DS_COUNT(machines), refused[i].line, false, NULL),
                         DS_BAD);
    }
}

static void what_libpcap_refuses_is_told_in_its_words(void **state)
{
    static const struct {
        const char *line, *says;
    } cases[] = {
        {"lose of host and", "the fault 'lose of host and': 'host and' is no packet filter: "},
        {"lose of (udp", "'(udp' is no packet filter: "},
        {"lose of port 99999", "illegal port number 99999 > 65535"},
        {"lose of udp and tcp and port 5060", "rejects all packets"},
        {"lose of host gateway gateway", "'host 127.0.10.50 127.0.10.50' is no packet filter: "},
        {"lose of host 1.2.3.999", "is no packet filter: "},
    };

    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_why why = {""};
        assert_int_equal(ds_fault_check(machines, DS_COUNT(machines), cases[i].line, false, &why),
                         DS_BAD);
        if (strstr(why.text, cases[i].says) == NULL)
            fail_msg("'%s' does not say '%s'", why.text, cases[i].says);
    }
}

static void a_topology_may_have_no_elements(void **state)
{
    struct ds_why why;
    (void)state;
    assert_int_equal(ds_fault_check(NULL, 0, "kill gateway", false, &why), DS_BAD);
    assert_string_equal(why.text,
                        "the fault 'kill gateway': there is no element 'gateway'; there are: none");
}

/* ---- hostile lines ---- */

static void expect_refused(const char *line, const char *says)
{
    struct ds_why why = {""};
    assert_int_equal(ds_fault_check(machines, DS_COUNT(machines), line, false, &why), DS_BAD);
    if (strstr(why.text, says) == NULL)
        fail_msg("'%s' does not say '%s'", why.text, says);
}

static void a_line_is_short_and_of_ascii(void **state)
{
    static char line[100001];
    (void)state;
    for (int i = 1; i < 256; i++) {
        char one[16] = "lose 5% of udp";
        if (i >= ' ' && i <= '~')
            continue;
        one[8] = (char)i;
        expect_refused(one, "a fault is one line of ASCII, and this has something else after "
                            "'lose 5% '");
    }
    expect_refused("cut k\xc3\xb6ln", "something else after 'cut k'");
    expect_refused("lose 5%\nlose 6%", "something else after 'lose 5%'");
    memset(line, 'x', sizeof line - 1);
    expect_refused(line, "a fault of more than 399 characters is too long: "
                         "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'…");
    line[399] = '\0';
    expect_refused(line, KINDS);
    memset(line, ' ', 399);
    expect_refused(line, KINDS);
    memcpy(line, "lose of ", 8);
    for (size_t i = 8; i < 399; i++)
        line[i] = i % 2 == 0 ? '1' : ' ';
    expect_refused(line, "it has more than 64 words");
    for (size_t i = 8; i < 399; i++)
        line[i] = '(';
    expect_refused(line, "is no packet filter: ");
    for (size_t i = 8; i < 399; i++)
        line[i] = '!';
    expect_refused(line, "is no packet filter: ");
    for (size_t i = 8; i < 399; i++)
        line[i] = '9';
    expect_refused(line, "is no packet filter: ");
}

static ds_rc check_one(void *owner)
{
    (void)owner;
    return ds_fault_check(machines, DS_COUNT(machines), "lose 5% of host gateway and udp", false,
                          NULL);
}

static ds_rc refuse_one(void *owner)
{
    (void)owner;
    ds_rc rc = ds_fault_check(machines, DS_COUNT(machines), "loose", false, NULL);
    if (rc != DS_BAD)
        return rc;
    rc = ds_fault_check(machines, DS_COUNT(machines), "cut nowhere", false, NULL);
    return rc == DS_BAD ? DS_OK : rc;
}

static void exhaustion_is_told(void **state)
{
    (void)state;
    ds_exhaust(check_one, NULL);
    ds_exhaust(refuse_one, NULL);
}

int test_fault_read(void);

int test_fault_read(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_says_what_it_says),
        cmocka_unit_test(every_example_is_read),
        cmocka_unit_test(two_elements_may_have_hyphens_in_their_names),
        cmocka_unit_test(names_in_filters_are_addresses),
        cmocka_unit_test(what_cannot_be_read_is_told),
        cmocka_unit_test(what_libpcap_refuses_is_told_in_its_words),
        cmocka_unit_test(a_topology_may_have_no_elements),
        cmocka_unit_test(a_line_is_short_and_of_ascii),
        cmocka_unit_test(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("faults, read", tests, NULL, NULL);
}
