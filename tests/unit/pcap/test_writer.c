#include "capture_file.h"

#include <signal.h>
#include <sys/resource.h>

static const struct ds_pcap_header plain = {.application = "directsip test",
                                            .interface_name = "lo"};

static struct ds_pcap_writer *create(const char *path, const struct ds_pcap_header *header)
{
    struct ds_pcap_writer *writer;
    struct ds_why why;
    assert_int_equal(ds_pcap_create(path, header, &writer, &why), DS_OK);
    return writer;
}

static void finish(struct ds_pcap_writer **writer)
{
    struct ds_why why = {""};
    assert_int_equal(ds_pcap_close(writer, &why), DS_OK);
    assert_null(*writer);
}

static void expect_texts(const char *path, const char *const *texts, const int64_t *after_us)
{
    struct ds_pcap_reader *reader;
    struct ds_frame frame;
    struct ds_why why;
    assert_int_equal(ds_pcap_open(path, &reader, &why), DS_OK);
    for (size_t i = 0; texts[i] != NULL; i++) {
        assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_OK);
        assert_slice_equal(text_of(&frame), texts[i]);
        assert_int_equal(frame.unix_us, EPOCH_US + after_us[i]);
        assert_int_equal(frame.link, DS_LINK_ETHERNET);
        assert_int_equal(frame.original_len, frame.bytes.len);
    }
    assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_GONE);
    assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_GONE);
    ds_pcap_reader_free(&reader);
}

static void frames_are_written_in_order_of_stamp(void **state)
{
    struct scratch scratch;
    (void)state;
    scratch_make(&scratch);
    struct ds_pcap_writer *writer = create(scratch.path, &plain);
    write_text(writer, 30000, "third");
    write_text(writer, 20000, "second");
    write_text(writer, 30000, "fourth");
    write_text(writer, 0, "first");
    write_text(writer, 500000, "sixth");
    write_text(writer, 460000, "fifth");
    finish(&writer);
    expect_texts(scratch.path,
                 (const char *[]){"first", "second", "third", "fourth", "fifth", "sixth", NULL},
                 (const int64_t[]){0, 20000, 30000, 30000, 460000, 500000});
    scratch_remove(&scratch);
}

static void a_thousand_shuffled_frames_come_out_sorted(void **state)
{
    struct scratch scratch;
    struct ds_pcap_reader *reader;
    struct ds_frame frame;
    struct ds_why why;
    struct ds_rng rng;
    int64_t last = 0;
    (void)state;
    scratch_make(&scratch);
    ds_rng_seed(&rng, 7);
    struct ds_pcap_writer *writer = create(scratch.path, &plain);
    for (int64_t i = 0; i < 1000; i++)
        write_text(writer, i * 1000 + (int64_t)ds_rng_below(&rng, 49000), "x");
    finish(&writer);
    assert_int_equal(ds_pcap_open(scratch.path, &reader, &why), DS_OK);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_OK);
        assert_true(frame.unix_us >= last);
        last = frame.unix_us;
    }
    ds_pcap_reader_free(&reader);
    scratch_remove(&scratch);
}

static void frames_reach_the_file_while_the_run_goes_on(void **state)
{
    struct scratch scratch;
    struct ds_why why;
    ds_rc last;
    (void)state;
    scratch_make(&scratch);
    struct ds_pcap_writer *writer = create(scratch.path, &plain);
    assert_int_equal(count_frames(scratch.path, &last, &why), 0);
    assert_int_equal(last, DS_GONE);
    for (int i = 0; i < 100; i++)
        write_text(writer, i * 10000, "x");
    assert_true(count_frames(scratch.path, &last, &why) >= 85);
    assert_int_equal(last, DS_GONE);
    finish(&writer);
    assert_int_equal(count_frames(scratch.path, &last, &why), 100);
    scratch_remove(&scratch);
}

static void names_and_secrets_come_back(void **state)
{
    struct ds_addr six;
    struct scratch scratch;
    struct ds_pcap_reader *reader;
    struct ds_why why;
    size_t count;
    (void)state;
    assert_int_equal(ds_addr_parse_ip(DS_LITERAL("2001:db8::7"), &six), DS_OK);
    const struct ds_pcap_name given[] = {{ds_addr_v4(0x7f000001, 0), "pool"},
                                         {six, "gateway"},
                                         {ds_addr_v4(0x7f000002, 0), "edge7"}};
    scratch_make(&scratch);
    struct ds_pcap_writer *writer = create(
        scratch.path, &(struct ds_pcap_header){.names = given, .name_count = DS_COUNT(given)});
    ds_pcap_write_secrets(writer, DS_LITERAL("CLIENT_RANDOM 01 02\n"));
    ds_pcap_write_secrets(writer, DS_LITERAL("CLIENT_RANDOM 03 04"));
    ds_pcap_write_secrets(writer, DS_LITERAL(""));
    assert_int_equal(ds_pcap_open(scratch.path, &reader, &why), DS_OK);
    assert_slice_equal(ds_pcap_secrets(reader), "CLIENT_RANDOM 01 02\nCLIENT_RANDOM 03 04\n");
    const struct ds_pcap_name *names = ds_pcap_names(reader, &count);
    assert_int_equal(count, DS_COUNT(given));
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(names[i].name, given[i].name);
        assert_true(ds_addr_equal(names[i].at, given[i].at));
    }
    ds_pcap_reader_free(&reader);
    finish(&writer);
    scratch_remove(&scratch);
}

static void many_names_and_a_long_one_fit(void **state)
{
    static struct ds_pcap_name given[2500];
    char longest[400];
    struct scratch scratch;
    struct ds_pcap_reader *reader;
    struct ds_why why;
    size_t count;
    (void)state;
    memset(longest, 'n', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    for (uint32_t i = 0; i < DS_COUNT(given); i++)
        given[i] = (struct ds_pcap_name){ds_addr_v4(0x7f000000 + i, 0), i == 0 ? longest : "node"};
    scratch_make(&scratch);
    struct ds_pcap_writer *writer = create(
        scratch.path, &(struct ds_pcap_header){.names = given, .name_count = DS_COUNT(given)});
    finish(&writer);
    assert_int_equal(ds_pcap_open(scratch.path, &reader, &why), DS_OK);
    const struct ds_pcap_name *names = ds_pcap_names(reader, &count);
    assert_int_equal(count, DS_COUNT(given));
    assert_int_equal(strlen(names[0].name), 255);
    assert_int_equal(ds_addr_ip4(&names[2499].at), 0x7f000000 + 2499);
    ds_pcap_reader_free(&reader);
    scratch_remove(&scratch);
}

static void a_frame_too_long_is_cut_and_says_so(void **state)
{
    size_t len = 300000;
    struct scratch scratch;
    struct ds_pcap_reader *reader;
    struct ds_frame frame;
    struct ds_why why;
    char *bytes = calloc(1, len);
    (void)state;
    assert_non_null(bytes);
    scratch_make(&scratch);
    struct ds_pcap_writer *writer = create(scratch.path, &plain);
    ds_pcap_write_frame(writer, EPOCH_US, (struct ds_slice){bytes, len});
    ds_pcap_write_frame(writer, EPOCH_US, DS_LITERAL(""));
    finish(&writer);
    assert_int_equal(ds_pcap_open(scratch.path, &reader, &why), DS_OK);
    assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_OK);
    assert_int_equal(frame.bytes.len, 262144);
    assert_int_equal(frame.original_len, len);
    assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_OK);
    assert_int_equal(frame.bytes.len, 0);
    ds_pcap_reader_free(&reader);
    scratch_remove(&scratch);
    free(bytes);
}

static void equal_runs_give_equal_bytes(void **state)
{
    struct ds_buf files[2];
    struct scratch scratch;
    (void)state;
    scratch_make(&scratch);
    for (size_t i = 0; i < 2; i++) {
        struct ds_pcap_writer *writer = create(scratch.path, &plain);
        write_text(writer, 1000, "b");
        write_text(writer, 0, "a");
        ds_pcap_write_secrets(writer, DS_LITERAL("CLIENT_RANDOM 01 02\n"));
        finish(&writer);
        files[i] = get_file(scratch.path);
    }
    assert_true(ds_slice_equal(ds_buf_slice(&files[0]), ds_buf_slice(&files[1])));
    ds_buf_clean_up(&files[0]);
    ds_buf_clean_up(&files[1]);
    scratch_remove(&scratch);
}

/* A limit on the size of files stands in for a disk that fills up. */
static void a_full_disk_is_told_at_the_end_and_leaves_a_whole_file(void **state)
{
    const rlim_t room = 5001;
    struct rlimit before, small;
    struct scratch scratch;
    struct ds_why why;
    ds_rc last;
    (void)state;
    scratch_make(&scratch);
    struct ds_pcap_writer *writer = create(scratch.path, &plain);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    small = (struct rlimit){room, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (int i = 0; i < 100; i++)
        write_text(writer, i * 100, "a text that takes its room");
    ds_rc rc = ds_pcap_close(&writer, &why);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(rc, DS_IO);
    assert_null(writer);
    assert_non_null(strstr(why.text, scratch.path));
    assert_non_null(strstr(why.text, "File too large"));
    struct ds_buf file = get_file(scratch.path);
    assert_true(file.len < room && file.len > room - 120);
    ds_buf_clean_up(&file);
    assert_true(count_frames(scratch.path, &last, &why) > 40);
    assert_int_equal(last, DS_GONE);
    scratch_remove(&scratch);
}

static void a_place_that_takes_no_file_is_told_at_once(void **state)
{
    struct ds_pcap_writer *writer = NULL;
    struct ds_why why;
    (void)state;
    assert_int_equal(ds_pcap_create("/nowhere/at/all.pcapng", &plain, &writer, &why), DS_IO);
    assert_string_equal(why.text,
                        "cannot create /nowhere/at/all.pcapng: No such file or directory");
    if (access("/dev/full", W_OK) == 0) {
        assert_int_equal(ds_pcap_create("/dev/full", &plain, &writer, &why), DS_IO);
        assert_string_equal(why.text, "cannot write /dev/full: No space left on device");
    }
    assert_null(writer);
    assert_int_equal(ds_pcap_close(&writer, &why), DS_OK);
}

static ds_rc write_a_run(void *owner)
{
    const struct ds_pcap_name name = {ds_addr_v4(0x7f000001, 0), "pool"};
    const struct ds_pcap_header header = {.names = &name, .name_count = 1};
    const struct scratch *scratch = owner;
    struct ds_pcap_writer *writer;
    struct ds_why why;
    ds_rc rc = ds_pcap_create(scratch->path, &header, &writer, &why);
    if (rc != DS_OK)
        return rc;
    for (int i = 0; i < 20; i++) {
        ds_pcap_write_frame(writer, EPOCH_US + i * 20000, DS_LITERAL("a frame of a few bytes"));
        ds_pcap_write_secrets(writer, DS_LITERAL("CLIENT_RANDOM 01 02\n"));
    }
    return ds_pcap_close(&writer, &why);
}

static void exhaustion_is_told_and_leaves_nothing_behind(void **state)
{
    struct scratch scratch;
    struct ds_why why;
    ds_rc last;
    (void)state;
    scratch_make(&scratch);
    ds_exhaust(write_a_run, &scratch);
    assert_int_equal(count_frames(scratch.path, &last, &why), 20);
    assert_int_equal(last, DS_GONE);
    scratch_remove(&scratch);
}

static bool have_tshark(void)
{
    if (system("command -v tshark >/dev/null 2>&1") == 0)
        return true;
    print_message("skipped: tshark is not installed\n");
    return false;
}

static struct ds_buf output_of(const char *command)
{
    char line[512];
    struct ds_buf buf = {0};
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    while (fgets(line, sizeof line, pipe) != NULL)
        ds_buf_text(&buf, line);
    assert_int_equal(pclose(pipe), 0);
    return buf;
}

static void write_both_families(const char *path)
{
    struct ds_addr six = {.port = 5060}, seven = {.port = 5061};
    const struct ds_tcp_mark mark = {.sequence = 1, .acknowledge = 1, .ack = true, .push = true};
    struct ds_why why;
    six.ip[15] = seven.ip[15] = 6;
    six.ip[0] = seven.ip[0] = 0xfd;
    seven.ip[15] = 7;
    const struct ds_pcap_name names[] = {{ds_addr_v4(0x7f000001, 0), "pool"},
                                         {ds_addr_v4(0x7f000002, 0), "gateway"},
                                         {six, "edge"},
                                         {seven, "client"}};
    struct ds_pcap_writer *writer =
        create(path, &(struct ds_pcap_header){.comment = "a run", .names = names, .name_count = 4});
    for (int tcp = 0; tcp < 2; tcp++) {
        struct ds_buf frame = {0};
        ds_frame_build(&frame, six, seven, tcp != 0 ? &mark : NULL, DS_LITERAL("odd"));
        ds_pcap_write_frame(writer, EPOCH_US, ds_buf_slice(&frame));
        frame.len = 0;
        ds_frame_build(&frame, ds_addr_v4(0x7f000001, 1), ds_addr_v4(0x7f000002, 2),
                       tcp != 0 ? &mark : NULL, DS_LITERAL("even"));
        ds_pcap_write_frame(writer, EPOCH_US, ds_buf_slice(&frame));
        ds_buf_clean_up(&frame);
    }
    finish(&writer);
    const struct ds_pcap_comment comments[] = {{2, "late"}, {4, "wrong way"}};
    assert_int_equal(ds_pcap_annotate(path, NULL, comments, 2, &why), DS_OK);
}

static void tshark_finds_nothing_to_complain_of(void **state)
{
    char command[1024];
    struct scratch scratch;
    (void)state;
    if (!have_tshark())
        skip();
    scratch_make(&scratch);
    write_both_families(scratch.path);
    snprintf(command, sizeof command,
             "tshark -r %s -N n -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE "
             "-o tcp.check_checksum:TRUE -T fields -E separator=, -e ip.src_host -e ip.dst_host "
             "-e ipv6.src_host -e ip.checksum.status -e udp.checksum.status "
             "-e tcp.checksum.status -e frame.comment 2>&1 | grep -v '^Running as user'",
             scratch.path);
    struct ds_buf told = output_of(command);
    assert_string_equal(told.at, ",,edge,,1,,\n"
                                 "pool,gateway,,1,1,,late\n"
                                 ",,edge,,,1,\n"
                                 "pool,gateway,,1,,1,wrong way\n");
    ds_buf_clean_up(&told);
    scratch_remove(&scratch);
}

int test_writer(void);

int test_writer(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_are_written_in_order_of_stamp),
        cmocka_unit_test(a_thousand_shuffled_frames_come_out_sorted),
        cmocka_unit_test(frames_reach_the_file_while_the_run_goes_on),
        cmocka_unit_test(names_and_secrets_come_back),
        cmocka_unit_test(many_names_and_a_long_one_fit),
        cmocka_unit_test(a_frame_too_long_is_cut_and_says_so),
        cmocka_unit_test(equal_runs_give_equal_bytes),
        cmocka_unit_test(a_full_disk_is_told_at_the_end_and_leaves_a_whole_file),
        cmocka_unit_test(a_place_that_takes_no_file_is_told_at_once),
        cmocka_unit_test(exhaustion_is_told_and_leaves_nothing_behind),
        cmocka_unit_test(tshark_finds_nothing_to_complain_of),
    };
    return cmocka_run_group_tests_name("pcap writer", tests, NULL, NULL);
}
