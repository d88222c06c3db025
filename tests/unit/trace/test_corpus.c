#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What we say of other people's captures against what tshark said of them (FACTS.tsv). tshark also
 * counts the packets that ICMP errors quote, which were on the wire once only, takes STUN and
 * strays on an RTP port for RTP, and counts each packet of an RTCP compound. `quoted` is what
 * differs.
 */

#define MOST_COLUMNS 32

struct columns {
    char line[4096];
    char *at[MOST_COLUMNS];
    size_t count;
};

static const struct {
    const char *file;
    size_t sip, rtp;
    const char *methods, *payload_types; /* as they are without the quotes; NULL: as in the table */
} quoted[] = {
    {"pcap/cesnet_scanner.pcap", 5, 0, "INVITE:9 REGISTER:15", NULL},
    {"pcap/isa_call_auth.pcap", 0, 2, NULL, NULL},
    {"pcap/isa_call_auth.pcapng", 0, 2, NULL, NULL},
    {"pcap/sn_sip-rtp-g711.pcap", 0, 1, NULL, NULL},
    {"rtp/rtpproxy_srtp1.o.rtp", 0, 5, NULL, "9:246"},
};

static size_t quotes_of(const char *file)
{
    for (size_t i = 0; i < DS_COUNT(quoted); i++)
        if (strcmp(quoted[i].file, file) == 0)
            return i;
    return DS_COUNT(quoted);
}

static bool next_row(FILE *table, struct columns *row)
{
    do {
        if (fgets(row->line, sizeof row->line, table) == NULL)
            return false;
    } while (row->line[0] == '#');
    row->line[strcspn(row->line, "\n")] = '\0';
    row->count = 0;
    for (char *at = row->line; at != NULL && row->count < MOST_COLUMNS;) {
        row->at[row->count++] = strsep(&at, "\t");
    }
    return true;
}

static const char *column(const struct columns *names, const struct columns *row, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) == 0)
            return i < row->count ? row->at[i] : "";
    fail_msg("no column %s", name);
    return "";
}

static size_t number(const struct columns *names, const struct columns *row, const char *name)
{
    return strtoul(column(names, row, name), NULL, 10);
}

static size_t distinct_frames(const struct ds_trace *trace)
{
    size_t count = 0;
    for (size_t i = 0; i < trace->event_count; i++)
        count += i == 0 || trace->events[i].frame != trace->events[i - 1].frame;
    return count;
}

/* "INVITE:2 ACK:1" or "200:3", in the order first seen. */
struct tally {
    char names[32][24];
    size_t counts[32];
    size_t used;
};

static void count(struct tally *tally, const char *name)
{
    size_t i = 0;
    while (i < tally->used && strcmp(tally->names[i], name) != 0)
        i++;
    assert_true(i < DS_COUNT(tally->names));
    if (i == tally->used)
        snprintf(tally->names[tally->used++], sizeof tally->names[0], "%s", name);
    tally->counts[i]++;
}

static void assert_tally(const struct tally *tally, const char *expected)
{
    char copy[1024], *rest = copy, *word;
    size_t words = 0;
    snprintf(copy, sizeof copy, "%s", expected);
    while ((word = strsep(&rest, " ")) != NULL) {
        char *colon = strchr(word, ':');
        if (colon == NULL)
            continue;
        *colon = '\0';
        size_t i = 0;
        while (i < tally->used && strcmp(tally->names[i], word) != 0)
            i++;
        if (i == tally->used)
            fail_msg("%s was not seen", word);
        if (tally->counts[i] != strtoul(colon + 1, NULL, 10))
            fail_msg("%s was seen %zu times, not %s", word, tally->counts[i], colon + 1);
        words++;
    }
    assert_int_equal(tally->used, words);
}

static void assert_messages(const struct ds_trace *trace, const char *methods, const char *status)
{
    struct tally requests = {0}, responses = {0};
    char word[24];
    for (size_t i = 0; i < trace->event_count; i++) {
        const struct ds_msg *msg = trace->events[i].msg;
        if (ds_msg_is_request(msg))
            snprintf(word, sizeof word, "%.*s", DS_FMT(ds_msg_method(msg)));
        else
            snprintf(word, sizeof word, "%d", ds_msg_status(msg));
        count(ds_msg_is_request(msg) ? &requests : &responses, word);
    }
    assert_tally(&requests, methods);
    assert_tally(&responses, status);
}

static void assert_payload_types(const struct ds_trace *trace, const char *expected)
{
    struct tally types = {0};
    char word[24];
    for (size_t i = 0; i < trace->flow_count; i++)
        for (size_t type = 0; type < 128; type++)
            for (uint64_t n = 0; n < trace->flows[i].payload_packets[type]; n++) {
                snprintf(word, sizeof word, "%zu", type);
                count(&types, word);
            }
    assert_tally(&types, expected);
}

static size_t legs_with_invite(const struct ds_trace *trace)
{
    size_t legs = 0;
    for (size_t i = 0; i < trace->leg_count; i++)
        legs += trace->legs[i].invite != NULL;
    return legs;
}

static size_t rtcp_of(const struct ds_trace *trace)
{
    size_t packets = 0;
    for (size_t i = 0; i < trace->flow_count; i++)
        packets += trace->flows[i].rtcp_packets;
    return packets;
}

static void
assert_row(const struct ds_trace *trace, const struct columns *names, const struct columns *row)
{
    size_t quote = quotes_of(row->at[0]);
    bool any = quote < DS_COUNT(quoted);
    const char *methods = any && quoted[quote].methods != NULL ? quoted[quote].methods
                                                               : column(names, row, "methods");
    const char *types = any && quoted[quote].payload_types != NULL
                            ? quoted[quote].payload_types
                            : column(names, row, "rtp_payload_types");
    assert_int_equal(trace->frame_count, number(names, row, "packets"));
    assert_int_equal(distinct_frames(trace) + (any ? quoted[quote].sip : 0),
                     number(names, row, "sip_frames"));
    assert_int_equal(legs_with_invite(trace), number(names, row, "invite_callids"));
    assert_int_equal(trace->leg_count, number(names, row, "all_callids"));
    assert_messages(trace, methods, column(names, row, "status"));
    assert_int_equal(trace->rtp_count + (any ? quoted[quote].rtp : 0),
                     number(names, row, "rtp_frames"));
    assert_int_equal(trace->flow_count, number(names, row, "rtp_streams"));
    assert_payload_types(trace, types);
    /* Every RTCP packet of the corpus is a sender report with a source description behind it. */
    assert_int_equal(2 * rtcp_of(trace), number(names, row, "rtcp"));
    assert_int_equal(trace->gap_count, 0);
}

static FILE *open_table(const char *name)
{
    char path[512];
    if (ds_corpus_path(name, path, sizeof path) == NULL)
        skip();
    FILE *table = fopen(path, "r");
    assert_non_null(table);
    return table;
}

static struct ds_trace *read_corpus(const char *name)
{
    char path[512];
    struct ds_trace *trace = NULL;
    struct ds_why why = {{0}};
    assert_non_null(ds_corpus_path(name, path, sizeof path));
    if (ds_trace_read(path, NULL, &trace, &why) != DS_OK)
        fail_msg("%s: %s", name, why.text);
    return trace;
}

static void every_capture_of_the_corpus_agrees_with_tshark(void **state)
{
    static struct columns names, row;
    size_t files = 0;
    (void)state;
    FILE *table = open_table("FACTS.tsv");
    assert_true(next_row(table, &names));
    while (next_row(table, &row)) {
        struct ds_trace *trace = read_corpus(row.at[0]);
        assert_row(trace, &names, &row);
        ds_trace_free(&trace);
        files++;
    }
    fclose(table);
    assert_true(files > 40);
}

static void every_digit_of_the_corpus_agrees_with_tshark(void **state)
{
    struct columns row;
    (void)state;
    FILE *table = open_table("DTMF_FACTS.tsv");
    assert_true(next_row(table, &row));
    while (next_row(table, &row)) {
        char digit = 0;
        unsigned duration = 0, packets = 0, ends = 0;
        assert_int_equal(sscanf(row.at[1], "%c(%u,%u,%u)", &digit, &duration, &packets, &ends), 4);
        struct ds_trace *trace = read_corpus(row.at[0]);
        assert_int_equal(trace->flow_count, 1);
        assert_int_equal(strlen(trace->flows[0].digits), 1);
        assert_int_equal(trace->flows[0].digits[0], digit);
        assert_int_equal(trace->flows[0].digit_ends[0], ends);
        assert_int_equal(trace->flows[0].digit_samples[0], duration);
        assert_int_equal(trace->flows[0].packets, packets);
        ds_trace_free(&trace);
    }
    fclose(table);
}

/* The figures that rtpproxy's extractaudio printed, one row for each side of a session. */
static void every_loss_agrees_with_rtpproxys(void **state)
{
    static const struct {
        const char *output, *captures[2];
    } sessions[] = {
        {"rtp/rtpproxy_G723_1.output", {"rtp/rtpproxy_G723_1.a.rtp", "rtp/rtpproxy_G723_1.o.rtp"}},
        {"rtp/rtpproxy_c1.output", {"rtp/rtpproxy_c1.a.rtp", NULL}},
        {"rtp/rtpproxy_call1_g722_srtp.output",
         {"rtp/rtpproxy_call1_g722_srtp.a.rtp", "rtp/rtpproxy_call1_g722_srtp.o.rtp"}},
        {"rtp/rtpproxy_srtp1.output", {"rtp/rtpproxy_srtp1.a.rtp", "rtp/rtpproxy_srtp1.o.rtp"}},
    };

    char line[256];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(sessions); i++) {
        FILE *output = open_table(sessions[i].output);
        for (size_t side = 0; side < 2 && sessions[i].captures[side] != NULL; side++) {
            unsigned packets, least, most, offset, ssrc, duplicates, changes, sent, received, lost;
            assert_non_null(fgets(line, sizeof line, output));
            assert_int_equal(sscanf(line,
                                    "pcount=%u, min_seq=%u, max_seq=%u, seq_offset=%u, ssrc=%x, "
                                    "duplicates=%u",
                                    &packets, &least, &most, &offset, &ssrc, &duplicates),
                             6);
            assert_non_null(fgets(line, sizeof line, output));
            assert_int_equal(sscanf(line, "ssrc_changes=%u, psent=%u, precvd=%u, plost=%u",
                                    &changes, &sent, &received, &lost),
                             4);
            assert_non_null(fgets(line, sizeof line, output)); /* jitter, by another definition */
            struct ds_trace *trace = read_corpus(sessions[i].captures[side]);
            const struct ds_flow *flow = &trace->flows[0];
            assert_int_equal(trace->flow_count, 1);
            assert_int_equal(flow->packets, packets);
            assert_int_equal(flow->ssrc, ssrc);
            assert_int_equal(flow->stats.base, least);
            assert_int_equal(flow->stats.highest, most);
            assert_int_equal(flow->stats.duplicates, duplicates);
            assert_int_equal(flow->stats.received, received);
            assert_int_equal(flow->stats.lost, lost);
            ds_trace_free(&trace);
        }
        fclose(output);
    }
}

static void write_story(const struct ds_trace *trace, struct ds_buf *out)
{
    char label[128];
    for (size_t i = 0; i < trace->event_count; i++) {
        ds_event_label(&trace->events[i], label, sizeof label);
        ds_buf_print(out, "#%u %lld %s\n", trace->events[i].frame, (long long)trace->events[i].at,
                     label);
    }
    for (size_t i = 0; i < trace->call_count; i++)
        ds_buf_print(out, "call %d %zu\n", (int)trace->calls[i].outcome,
                     trace->calls[i].event_count);
    for (size_t i = 0; i < trace->flow_count; i++)
        ds_buf_print(out, "flow %08x %llu\n", trace->flows[i].ssrc,
                     (unsigned long long)trace->flows[i].packets);
}

static void the_same_packets_in_another_format_tell_the_same(void **state)
{
    static const char *const pairs[][2] = {
        {"pcap/isa_call_auth.pcap", "pcap/isa_call_auth.pcapng"},
        {"pcap/pkts_sipp_5calls.pcap", "pcap/pkts_sipp_5calls_sll.pcap"}};
    char path[512];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(pairs); i++) {
        struct ds_buf stories[2] = {{0}};
        if (ds_corpus_path(pairs[i][0], path, sizeof path) == NULL)
            skip();
        for (size_t j = 0; j < 2; j++) {
            struct ds_trace *trace = read_corpus(pairs[i][j]);
            write_story(trace, &stories[j]);
            ds_trace_free(&trace);
        }
        assert_string_equal(stories[0].at, stories[1].at);
        ds_buf_clean_up(&stories[0]);
        ds_buf_clean_up(&stories[1]);
    }
}

static void independent_calls_between_the_same_ends_stay_apart(void **state)
{
    char path[512];
    (void)state;
    if (ds_corpus_path("pcap/pkts_sipp_5calls.pcap", path, sizeof path) == NULL)
        skip();
    struct ds_trace *trace = read_corpus("pcap/pkts_sipp_5calls.pcap");
    assert_int_equal(trace->call_count, 5);
    for (size_t i = 0; i < trace->call_count; i++) {
        assert_int_equal(trace->calls[i].outcome, DS_ANSWERED);
        assert_false(trace->calls[i].ambiguous);
        assert_non_null(trace->calls[i].bye);
    }
    ds_trace_free(&trace);
}

int test_corpus(void);

int test_corpus(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_capture_of_the_corpus_agrees_with_tshark),
        cmocka_unit_test(every_digit_of_the_corpus_agrees_with_tshark),
        cmocka_unit_test(every_loss_agrees_with_rtpproxys),
        cmocka_unit_test(the_same_packets_in_another_format_tell_the_same),
        cmocka_unit_test(independent_calls_between_the_same_ends_stay_apart),
    };
    return cmocka_run_group_tests_name("corpus", tests, NULL, NULL);
}
