#include "stage.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a capture holds is the same in however many parts it is told. */

int test_parts(void);

/* ---- what is told, as lines without an order ---- */

struct told {
    char *lines[20000]; /* owned */
    size_t count, parts, most_events;
};

DS_PRINTF(2, 3) static void note(struct told *told, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    assert_true(told->count < DS_COUNT(told->lines));
    assert_true(vasprintf(&told->lines[told->count++], fmt, args) > 0);
    va_end(args);
}

static void note_flow(struct told *told, const struct ds_flow *flow)
{
    note(told,
         "flow %08" PRIx32 " %s from %u to %u: %" PRIu64 " packets, lost %" PRId64 ", rtcp %" PRIu64
         ", told %d, %s %u us, mos %.3f, digits '%s', call of frame %u",
         flow->ssrc, ds_addr_text(flow->to).text, flow->first_frame, flow->last_frame,
         flow->packets, flow->stats.lost, flow->rtcp_packets, flow->told.any, flow->codec,
         flow->ptime_us, flow->mos, flow->digits,
         flow->call == NULL ? 0 : flow->call->hops[0].invite->frame);
}

static void note_call(struct told *told, const struct ds_call *call)
{
    note(told,
         "call of frame %u: %s > %s, outcome %d %d at %" PRId64 " %" PRId64 " %" PRId64
         ", %zu legs, %zu hops, %zu events, %zu flows, ambiguous %d",
         call->hops[0].invite->frame, call->from_number, call->to_number, call->outcome,
         call->final_status, call->began_at, call->answered_at, call->ended_at, call->leg_count,
         call->hop_count, call->event_count, call->flow_count, call->ambiguous);
    for (size_t i = 0; i < call->hop_count; i++)
        note(told, "hop of frame %u: final %u, ack %u", call->hops[i].invite->frame,
             call->hops[i].final == NULL ? 0 : call->hops[i].final->frame,
             call->hops[i].ack == NULL ? 0 : call->hops[i].ack->frame);
}

static void note_part(struct told *told, const struct ds_trace *trace)
{
    for (size_t i = 0; i < trace->call_count; i++)
        note_call(told, &trace->calls[i]);
    for (size_t i = 0; i < trace->flow_count; i++)
        note_flow(told, &trace->flows[i]);
    for (size_t i = 0; i < trace->event_count; i++)
        note(told, "event of frame %u, again %d, sdp %d", trace->events[i].frame,
             trace->events[i].retransmission, trace->events[i].sdp != NULL);
    for (size_t i = 0; i < trace->fax_count; i++)
        note(told, "fax from %u: %" PRIu64, trace->faxes[i].first_frame, trace->faxes[i].packets);
    for (size_t i = 0; i < trace->rtp_count; i++)
        note(told, "rtp of frame %u: %08" PRIx32, trace->rtp[i].frame, trace->rtp[i].flow->ssrc);
    told->parts++;
    if (trace->event_count > told->most_events)
        told->most_events = trace->event_count;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void read_parts(const char *path, size_t part_messages, struct told *told)
{
    const struct ds_trace_source source = {.path = path, .part_messages = part_messages};
    struct ds_trace_reader *reader;
    struct ds_why why;
    ds_rc rc;
    size_t calls = 0;
    memset(told, 0, sizeof *told);
    assert_int_equal(ds_trace_open(&source, &reader, &why), DS_OK);
    do {
        struct ds_trace *trace = NULL;
        rc = ds_trace_next(reader, &trace, &why);
        if (rc != DS_OK)
            break;
        assert_int_equal(trace->calls_before, calls);
        calls += trace->call_count;
        note_part(told, trace);
        ds_trace_free(&trace);
    } while (true);
    assert_int_equal(rc, DS_GONE);
    ds_trace_reader_free(&reader);
    qsort(told->lines, told->count, sizeof told->lines[0], by_text);
}

static void forget(struct told *told)
{
    for (size_t i = 0; i < told->count; i++)
        free(told->lines[i]);
    free(told);
}

static struct told *told_in_parts(const char *path, size_t part_messages)
{
    struct told *told = malloc(sizeof *told);
    assert_non_null(told);
    read_parts(path, part_messages, told);
    return told;
}

static void assert_same(const struct told *whole, const struct told *parts, const char *path)
{
    for (size_t i = 0; i < whole->count && i < parts->count; i++)
        if (strcmp(whole->lines[i], parts->lines[i]) != 0)
            fail_msg("%s: '%s' and, in parts, '%s'", path, whole->lines[i], parts->lines[i]);
    assert_int_equal(whole->count, parts->count);
}

static void assert_same_in_any_parts(const char *path)
{
    static const size_t sizes[] = {1, 7, 40};
    struct told *whole = told_in_parts(path, SIZE_MAX);
    assert_int_equal(whole->parts, 1);
    for (size_t i = 0; i < DS_COUNT(sizes); i++) {
        struct told *parts = told_in_parts(path, sizes[i]);
        assert_same(whole, parts, path);
        forget(parts);
    }
    forget(whole);
}

/* ---- captures of many calls ---- */

#define MEDIATION STAGE_ADDR(2, 5060)
#define CALLS     60u

/* One way of the calls: from a caller of its own, over a back-to-back agent that all share. */
struct pair {
    struct ds_addr caller, callee, here, there;
    char id[2][16], branch[2][16], number[16], from[16];
    struct stage_talk talk;
};

static struct pair pair_of(unsigned i)
{
    struct pair pair = {.caller = STAGE_ADDR(10 + i % 40, 5060), .callee = STAGE_ADDR(3, 5060)};
    pair.here = pair.caller;
    pair.here.port = (uint16_t)(30000 + 2 * (i % 7));
    pair.there = pair.callee;
    pair.there.port = (uint16_t)(40000 + 2 * (i % 11));
    pair.talk = (struct stage_talk){pair.here, pair.there, 1000 + i, 7, 0, {.frequency_hz = 450}};
    snprintf(pair.number, sizeof pair.number, "+1425555%04u", i % 50);
    snprintf(pair.from, sizeof pair.from, "+1206555%04u", i);
    for (int leg = 0; leg < 2; leg++) {
        snprintf(pair.id[leg], sizeof pair.id[leg], "call-%u-%d", i, leg);
        snprintf(pair.branch[leg], sizeof pair.branch[leg], "b%u%c", i, 'a' + leg);
    }
    return pair;
}

static void
say(struct stage *stage, struct pair *pair, int leg, const char *start, const char *cseq)
{
    char line[80];
    bool back = strncmp(start, "SIP", 3) == 0;
    const struct ds_addr a = leg == 0 ? pair->caller : MEDIATION,
                         b = leg == 0 ? MEDIATION : pair->callee;
    snprintf(line, sizeof line, back ? "%s" : "%s sip:%s@b SIP/2.0", start, pair->number);
    bool describes = strcmp(start, "INVITE") == 0 || strcmp(start, "SIP/2.0 200 OK") == 0;
    const struct ds_addr media = (leg == 0) == back ? pair->there : pair->here;
    stage_say(stage, back ? b : a, back ? a : b,
              &(struct stage_line){.start = line,
                                   .call_id = pair->id[leg],
                                   .branch = pair->branch[leg],
                                   .cseq = cseq,
                                   .from = pair->from,
                                   .to_tag = strcmp(start, "INVITE") == 0 ? NULL : "t",
                                   .media = describes && strstr(cseq, "INVITE") ? &media : NULL});
}

static void begin(struct stage *stage, struct pair *pair)
{
    say(stage, pair, 0, "INVITE", "1 INVITE");
    say(stage, pair, 1, "INVITE", "1 INVITE");
    say(stage, pair, 1, "SIP/2.0 200 OK", "1 INVITE");
    say(stage, pair, 1, "ACK", "1 ACK");
    say(stage, pair, 0, "SIP/2.0 200 OK", "1 INVITE");
    say(stage, pair, 0, "ACK", "1 ACK");
}

static void end(struct stage *stage, struct pair *pair)
{
    for (int leg = 0; leg < 2; leg++) {
        snprintf(pair->branch[leg], sizeof pair->branch[leg], "e%.10s", pair->id[leg] + 5);
        say(stage, pair, leg, "BYE", "2 BYE");
        say(stage, pair, leg, "SIP/2.0 200 OK", "2 BYE");
    }
}

static void refuse(struct stage *stage, struct pair *pair)
{
    for (int leg = 0; leg < 2; leg++)
        say(stage, pair, leg, "INVITE", "1 INVITE");
    for (int leg = 1; leg >= 0; leg--) {
        say(stage, pair, leg, "SIP/2.0 486 Busy Here", "1 INVITE");
        say(stage, pair, leg, "ACK", "1 ACK");
    }
}

static void register_once(struct stage *stage, unsigned i)
{
    char id[16];
    snprintf(id, sizeof id, "reg-%u", i);
    struct stage_line line = {
        .start = "REGISTER sip:b SIP/2.0", .call_id = id, .cseq = "1 REGISTER", .branch = id};
    stage_say(stage, STAGE_ADDR(9, 5060), MEDIATION, &line);
    line.start = "SIP/2.0 200 OK";
    line.to_tag = "r";
    stage_say(stage, MEDIATION, STAGE_ADDR(9, 5060), &line);
}

static bool is_refused(unsigned i)
{
    return i % 5 == 4;
}

static void talk_all(struct stage *stage, struct pair *pairs, unsigned from, unsigned to)
{
    for (unsigned i = from; i <= to && i < CALLS; i++)
        if (!is_refused(i))
            stage_talk(stage, &pairs[i].talk, 20);
}

/* Three calls at once, each of two legs and with audio, one of them refused now and then, addresses
 * of audio used again and again, and a registration beside each. */
static void write_calls(struct stage *stage)
{
    struct pair pairs[CALLS];
    for (unsigned i = 0; i < CALLS; i++)
        pairs[i] = pair_of(i);
    for (unsigned i = 0; i < CALLS + 3; i++) {
        if (i >= 3 && !is_refused(i - 3))
            end(stage, &pairs[i - 3]);
        if (i < CALLS && is_refused(i))
            refuse(stage, &pairs[i]);
        else if (i < CALLS)
            begin(stage, &pairs[i]);
        talk_all(stage, pairs, i < 2 ? 0 : i - 2, i);
        register_once(stage, i);
        stage->at += 20 * INT64_C(1000000);
    }
}

static void calls_are_the_same_in_any_parts(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    write_calls(&stage);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->call_count, CALLS);
    assert_int_equal(trace->flow_count, CALLS * 4 / 5);
    for (size_t i = 0; i < trace->call_count; i++)
        assert_int_equal(trace->calls[i].leg_count, 2);
    assert_same_in_any_parts(stage.path);
    stage_close(&stage);
}

/* Each part holds what ended, not what went before: its size does not follow that of the file. */
static void parts_stay_small(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    write_calls(&stage);
    (void)stage_read(&stage, NULL);
    struct told *parts = told_in_parts(stage.path, 1);
    assert_true(parts->parts > CALLS / 4);
    assert_true(parts->most_events < 120);
    forget(parts);
    stage_close(&stage);
}

/* A call is not over while its audio flows, whatever its messages say. */
static void audio_after_the_end_belongs_to_its_call(void **state)
{
    struct stage stage;
    struct pair pair = pair_of(0);
    (void)state;
    stage_open(&stage);
    begin(&stage, &pair);
    stage_talk(&stage, &pair.talk, 20);
    end(&stage, &pair);
    for (unsigned i = 0; i < 30; i++) {
        stage_talk(&stage, &pair.talk, 20);
        register_once(&stage, i);
        stage.at += INT64_C(1000000);
    }
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->flow_count, 1);
    assert_int_equal(trace->flows[0].packets, 620);
    assert_ptr_equal(trace->flows[0].call, &trace->calls[0]);
    assert_same_in_any_parts(stage.path);
    stage_close(&stage);
}

/* ---- a file that grows ---- */

struct growth {
    size_t written, len; /* of the capture's bytes */
    char *bytes;
    int to;
    unsigned seconds; /* that still pass when all is written */
};

static enum ds_wait grow(void *owner, int fd)
{
    struct growth *growth = owner;
    size_t step = growth->len - growth->written < 900 ? growth->len - growth->written : 900;
    assert_true(fd >= 0);
    if (step > 0) {
        assert_int_equal(write(growth->to, growth->bytes + growth->written, step), (ssize_t)step);
        growth->written += step;
        return DS_WAIT_READY;
    }
    return growth->seconds-- > 0 ? DS_WAIT_SECOND : DS_WAIT_STOP;
}

static void load(struct growth *growth, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    growth->len = (size_t)ftell(file);
    growth->bytes = malloc(growth->len);
    rewind(file);
    assert_int_equal(fread(growth->bytes, 1, growth->len, file), growth->len);
    fclose(file);
}

/* One call that ends, and nothing behind it: it is told when its farewell is over, by seconds in
 * which nothing came, and not only when reading stops. */
static void a_growing_file_tells_a_call_when_it_is_over(void **state)
{
    struct stage stage;
    struct pair pair = pair_of(0);
    struct growth growth = {.seconds = 20};
    char path[400];
    size_t calls = 0, told_with_seconds_left = 0;
    (void)state;
    stage_open(&stage);
    begin(&stage, &pair);
    stage_talk(&stage, &pair.talk, 20);
    end(&stage, &pair);
    (void)stage_read(&stage, NULL);
    load(&growth, stage.path);
    snprintf(path, sizeof path, "%s/growing", stage.directory);
    growth.to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const struct ds_trace_source source = {.path = path, .wait = grow, .wait_owner = &growth};
    struct ds_trace_reader *reader;
    struct ds_trace *trace = NULL;
    assert_int_equal(ds_trace_open(&source, &reader, NULL), DS_OK);
    while (ds_trace_next(reader, &trace, NULL) == DS_OK) {
        calls += trace->call_count;
        if (trace->call_count > 0)
            told_with_seconds_left = growth.seconds;
        ds_trace_free(&trace);
    }
    assert_int_equal(calls, 1);
    assert_in_range(told_with_seconds_left, 13, 15);
    ds_trace_reader_free(&reader);
    close(growth.to);
    free(growth.bytes);
    stage_close(&stage);
}

/* ---- an interface ---- */

struct line {
    int sockets[2];
    struct ds_addr ends[2];
    unsigned said, seconds;
};

static void open_line(struct line *line)
{
    for (int i = 0; i < 2; i++) {
        struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001)};
        socklen_t len = sizeof at;
        line->sockets[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        assert_int_equal(bind(line->sockets[i], (struct sockaddr *)&at, len), 0);
        assert_int_equal(getsockname(line->sockets[i], (struct sockaddr *)&at, &len), 0);
        line->ends[i] = ds_addr_v4(0x7f000001, ntohs(at.sin_port));
    }
}

static void send_line(const struct line *line, int from, const struct stage_line *what)
{
    struct ds_buf text = {0};
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(0x7f000001),
                             .sin_port = htons(line->ends[1 - from].port)};
    stage_write_line(what, &text);
    assert_int_equal(
        sendto(line->sockets[from], text.at, text.len, 0, (struct sockaddr *)&to, sizeof to),
        (ssize_t)text.len);
    ds_buf_clean_up(&text);
}

/* A call that is refused, said when somebody listens. */
static enum ds_wait speak(void *owner, int fd)
{
    static const struct stage_line lines[] = {
        {.start = "INVITE sip:+15550142@b SIP/2.0", .call_id = "live"},
        {.start = "SIP/2.0 486 Busy Here", .call_id = "live", .to_tag = "t"},
        {.start = "ACK sip:b SIP/2.0", .call_id = "live", .cseq = "1 ACK", .to_tag = "t"}};
    struct line *line = owner;
    assert_true(fd >= 0);
    if (line->said == DS_COUNT(lines))
        return line->seconds-- > 0 ? DS_WAIT_SECOND : DS_WAIT_STOP;
    send_line(line, line->said == 1, &lines[line->said]);
    line->said++;
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    return poll(&watched, 1, 1000) > 0 ? DS_WAIT_READY : DS_WAIT_SECOND;
}

static void an_interface_is_read_as_it_speaks(void **state)
{
    struct line line = {.seconds = 20};
    const struct ds_trace_source source = {
        .path = "lo", .interface_name = "lo", .wait = speak, .wait_owner = &line};
    struct ds_trace_reader *reader;
    struct ds_trace *trace = NULL;
    struct ds_why why;
    size_t calls = 0;
    (void)state;
    if (ds_trace_open(&source, &reader, &why) != DS_OK) {
        print_message("skipped: %s\n", why.text);
        skip();
    }
    open_line(&line);
    while (ds_trace_next(reader, &trace, NULL) == DS_OK) {
        for (size_t i = 0; i < trace->call_count; i++) {
            const struct ds_hop_seen *hop = &trace->calls[i].hops[0];
            if (!ds_addr_equal(hop->from, line.ends[0]))
                continue;
            assert_int_equal(trace->calls[i].final_status, 486);
            assert_non_null(hop->ack);
            calls++;
        }
        ds_trace_free(&trace);
    }
    assert_int_equal(calls, 1);
    ds_trace_reader_free(&reader);
    close(line.sockets[0]);
    close(line.sockets[1]);
}

static ds_rc read_in_parts(void *owner)
{
    const struct ds_trace_source source = {.path = owner, .part_messages = 1};
    struct ds_trace_reader *reader = NULL;
    struct ds_trace *trace = NULL;
    ds_rc rc = ds_trace_open(&source, &reader, NULL);
    while (rc == DS_OK) {
        rc = ds_trace_next(reader, &trace, NULL);
        ds_trace_free(&trace);
    }
    ds_trace_reader_free(&reader);
    return rc == DS_GONE ? DS_OK : rc;
}

static void exhaustion_is_told_in_any_part(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    for (unsigned i = 0; i < 3; i++) {
        struct pair pair = pair_of(i);
        begin(&stage, &pair);
        stage_talk(&stage, &pair.talk, 3);
        end(&stage, &pair);
        stage.at += 20 * INT64_C(1000000);
    }
    (void)stage_read(&stage, NULL);
    ds_exhaust(read_in_parts, stage.path);
    stage_close(&stage);
}

static void captures_of_others_are_the_same_in_any_parts(void **state)
{
    char folder[512], path[1024];
    size_t count = 0;
    (void)state;
    if (ds_corpus_path("pcap", folder, sizeof folder) == NULL)
        skip();
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        struct ds_trace *trace = NULL;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (ds_trace_read(path, NULL, &trace, NULL) != DS_OK)
            continue;
        bool is_long = trace->event_count + trace->rtp_count + trace->flow_count > 8000;
        ds_trace_free(&trace);
        if (is_long)
            continue;
        assert_same_in_any_parts(path);
        count++;
    }
    closedir(entries);
    assert_true(count > 10);
}

int test_parts(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_are_the_same_in_any_parts),
        cmocka_unit_test(parts_stay_small),
        cmocka_unit_test(audio_after_the_end_belongs_to_its_call),
        cmocka_unit_test(a_growing_file_tells_a_call_when_it_is_over),
        cmocka_unit_test(an_interface_is_read_as_it_speaks),
        cmocka_unit_test(exhaustion_is_told_in_any_part),
        cmocka_unit_test(captures_of_others_are_the_same_in_any_parts),
    };
    return cmocka_run_group_tests_name("trace: parts", tests, NULL, NULL);
}
