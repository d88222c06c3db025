#include "capture_file.h"

/* Files of either byte order, put together by hand. */
static void add(struct ds_buf *out, bool big_endian, size_t width, uint64_t value)
{
    for (size_t i = 0; i < width; i++) {
        const char byte = (char)(value >> 8 * (big_endian ? width - 1 - i : i) & 0xff);
        ds_buf_add(out, (struct ds_slice){&byte, 1});
    }
}

static void add_words(struct ds_buf *out, bool big_endian, const uint32_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(out, big_endian, 4, words[i]);
}

/* A block of pcapng around a body, whose length is a multiple of four. */
static void add_block(struct ds_buf *out, bool big_endian, uint32_t type, struct ds_buf *body)
{
    add(out, big_endian, 4, type);
    add(out, big_endian, 4, body->len + 12);
    ds_buf_add(out, ds_buf_slice(body));
    add(out, big_endian, 4, body->len + 12);
    ds_buf_clean_up(body);
}

static void add_section(struct ds_buf *out, bool big_endian)
{
    struct ds_buf body = {0};
    add(&body, big_endian, 4, 0x1a2b3c4d);
    add(&body, big_endian, 2, 1);
    add(&body, big_endian, 2, 0);
    add(&body, big_endian, 8, UINT64_MAX);
    add_block(out, big_endian, 0x0a0d0d0a, &body);
}

static void
add_interface(struct ds_buf *out, bool big_endian, int link, int ticks, int64_t offset_s)
{
    struct ds_buf body = {0};
    add(&body, big_endian, 2, (uint64_t)link);
    add(&body, big_endian, 2, 0);
    add(&body, big_endian, 4, 5);
    add(&body, big_endian, 2, 9);
    add(&body, big_endian, 2, 1);
    add(&body, false, 4, (uint64_t)ticks);
    add(&body, big_endian, 2, 14);
    add(&body, big_endian, 2, 8);
    add(&body, big_endian, 8, (uint64_t)offset_s);
    add(&body, big_endian, 4, 0);
    add_block(out, big_endian, 1, &body);
}

static void add_packet(struct ds_buf *out, bool big_endian, uint32_t interface, uint64_t ticks)
{
    struct ds_buf body = {0};
    const uint32_t words[] = {interface, (uint32_t)(ticks >> 32), (uint32_t)ticks, 3, 77};
    add_words(&body, big_endian, words, 5);
    ds_buf_add(&body, (struct ds_slice){"abc", 4});
    add_block(out, big_endian, 6, &body);
}

static void add_classic(struct ds_buf *out, bool big_endian, uint32_t magic, uint32_t link)
{
    add(out, big_endian, 4, magic);
    add(out, big_endian, 2, 2);
    add(out, big_endian, 2, 4);
    add_words(out, big_endian, (const uint32_t[]){0, 0, 65535, link}, 4);
    add_words(out, big_endian, (const uint32_t[]){1700000000, 123456, 3, 77}, 4);
    ds_buf_add(out, DS_LITERAL("abc"));
}

/* Writes the file, and opens it; the file is gone again when this returns. */
static ds_rc open_bytes(struct ds_buf *file, struct ds_pcap_reader **out, struct ds_why *why)
{
    struct scratch scratch;
    scratch_make(&scratch);
    put_file(scratch.path, ds_buf_slice(file));
    ds_buf_clean_up(file);
    ds_rc rc = ds_pcap_open(scratch.path, out, why);
    scratch_remove(&scratch);
    return rc;
}

static void expect_frame(struct ds_pcap_reader *reader, int link, int64_t unix_us)
{
    struct ds_frame frame;
    struct ds_why why;
    assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_OK);
    assert_int_equal(frame.link, link);
    assert_int_equal(frame.unix_us, unix_us);
    assert_int_equal(frame.original_len, 77);
    assert_slice_equal(frame.bytes, "abc");
}

static void expect_end(struct ds_pcap_reader **reader)
{
    struct ds_frame frame;
    struct ds_why why;
    assert_int_equal(ds_pcap_next(*reader, &frame, &why), DS_GONE);
    ds_pcap_reader_free(reader);
    assert_null(*reader);
}

static void pcap_is_read_in_both_orders_and_resolutions(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        struct ds_buf file = {0};
        struct ds_pcap_reader *reader;
        struct ds_why why;
        size_t count;
        bool nanoseconds = kind >= 2;
        add_classic(&file, kind % 2 == 1, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 113);
        assert_int_equal(open_bytes(&file, &reader, &why), DS_OK);
        expect_frame(reader, DS_LINK_SLL, EPOCH_US + (nanoseconds ? 123 : 123456));
        assert_int_equal(ds_pcap_secrets(reader).len, 0);
        ds_pcap_names(reader, &count);
        assert_int_equal(count, 0);
        expect_end(&reader);
    }
}

static void raw_ip_has_three_numbers_and_the_upper_half_is_no_link_type(void **state)
{
    static const uint32_t numbers[] = {12, 14, 101, 0xf4000000 | 101};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(numbers); i++) {
        struct ds_buf file = {0};
        struct ds_pcap_reader *reader;
        struct ds_why why;
        add_classic(&file, false, 0xa1b2c3d4, numbers[i]);
        assert_int_equal(open_bytes(&file, &reader, &why), DS_OK);
        expect_frame(reader, DS_LINK_RAW, EPOCH_US + 123456);
        expect_end(&reader);
    }
}

static void sections_of_both_orders_and_interfaces_of_all_kinds_mix(void **state)
{
    const uint64_t second = 1700000000;
    struct ds_buf file = {0};
    struct ds_pcap_reader *reader;
    struct ds_why why;
    (void)state;
    add_section(&file, false);
    add_interface(&file, false, 1, 9, 0);
    add_interface(&file, false, 276, 6, -10);
    add_packet(&file, false, 1, (second + 10) * 1000000 + 5);
    add_packet(&file, false, 0, second * 1000000000 + 5999);
    add_section(&file, true);
    add_interface(&file, true, 228, 0x80 | 20, 100);
    add_interface(&file, true, 229, 0, 0);
    add_interface(&file, true, 108, 12, 1699999999);
    add_interface(&file, true, 0, 0x80 | 50, 1699999999);
    add_packet(&file, true, 0, (second - 100) << 20 | 1 << 19);
    add_packet(&file, true, 1, second);
    add_packet(&file, true, 2, UINT64_C(1000007999999));
    add_packet(&file, true, 3, (UINT64_C(1) << 50) + (UINT64_C(1) << 49));
    assert_int_equal(open_bytes(&file, &reader, &why), DS_OK);
    expect_frame(reader, DS_LINK_SLL2, EPOCH_US + 5);
    expect_frame(reader, DS_LINK_ETHERNET, EPOCH_US + 5);
    expect_frame(reader, DS_LINK_IPV4, EPOCH_US + 500000);
    expect_frame(reader, DS_LINK_IPV6, EPOCH_US);
    expect_frame(reader, DS_LINK_LOOP, EPOCH_US + 7);
    expect_frame(reader, DS_LINK_NULL, EPOCH_US + 500000);
    expect_end(&reader);
}

static void older_blocks_hold_frames_too(void **state)
{
    struct ds_buf file = {0}, body = {0};
    struct ds_pcap_reader *reader;
    struct ds_frame frame;
    struct ds_why why;
    (void)state;
    add_section(&file, true);
    add_interface(&file, true, 1, 6, 0);
    add(&body, true, 2, 0); /* the interface */
    add(&body, true, 2, 9); /* frames dropped */
    add(&body, true, 8, EPOCH_US);
    add_words(&body, true, (const uint32_t[]){3, 77}, 2);
    ds_buf_add(&body, (struct ds_slice){"abc", 4});
    add_block(&file, true, 2, &body);
    add(&body, true, 4, 77); /* cut by the interface's limit of five bytes */
    ds_buf_add(&body, (struct ds_slice){"abcde\0\0", 8});
    add_block(&file, true, 3, &body);
    assert_int_equal(open_bytes(&file, &reader, &why), DS_OK);
    expect_frame(reader, DS_LINK_ETHERNET, EPOCH_US);
    assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_OK);
    assert_slice_equal(frame.bytes, "abcde");
    assert_int_equal(frame.original_len, 77);
    assert_int_equal(frame.unix_us, EPOCH_US);
    expect_end(&reader);
}

static void a_stamp_beyond_all_calendars_does_no_harm(void **state)
{
    static const int64_t offsets[] = {0, INT64_MAX, INT64_MIN, -1};
    (void)state;
    for (size_t i = 0; i < DS_COUNT(offsets); i++) {
        struct ds_buf file = {0};
        struct ds_pcap_reader *reader;
        struct ds_why why;
        add_section(&file, false);
        add_interface(&file, false, 1, 0, offsets[i]);
        add_packet(&file, false, 0, UINT64_MAX);
        add_packet(&file, false, 0, 0);
        assert_int_equal(open_bytes(&file, &reader, &why), DS_OK);
        expect_frame(reader, DS_LINK_ETHERNET, 0);
        expect_frame(reader, DS_LINK_ETHERNET, 0);
        expect_end(&reader);
    }
}

static void what_is_no_capture_is_refused_by_name(void **state)
{
    static const struct {
        struct ds_slice bytes;
        const char *said;
    } cases[] = {
        {{"", 0}, "is empty"},
        {{"ab", 2}, "is text"},
        {{"INVITE sip:a@b SIP/2.0\r\n", 24}, "is text"},
        {{"\x7f"
          "ELF\2\1\1",
          7},
         "is something else, not a capture"},
        {{"\x1f\x8b\x08\0\0", 5}, "is damaged at byte 0 of what it unpacks to"},
        {{"\x1f", 1}, "is something else, not a capture"},
        {{"\x28\xb5\x2f\xfd\0", 5}, "is compressed: unzstd it first"},
        {{"PK\3\4", 4}, "is a zip archive: unzip it first"},
        {{"snoop\0\0\0", 8}, "is a snoop capture"},
        {{"\xd4\xc3\xb2\xa1\2\0", 6}, "the file was cut off there"},
        {{"\xd4\xc3\xb2\xa1\1\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0", 24}, "version of pcap"},
        {{"\x0a\x0d\x0d\x0a\x1c\0\0\0\1\2\3\4", 12}, "no byte order"},
    };
    struct ds_pcap_reader *reader = NULL;
    struct ds_why why;
    (void)state;
    for (size_t i = 0; i < DS_COUNT(cases); i++) {
        struct ds_buf file = {0};
        ds_buf_add(&file, cases[i].bytes);
        assert_int_equal(open_bytes(&file, &reader, &why), DS_BAD);
        if (strstr(why.text, cases[i].said) == NULL)
            fail_msg("\"%s\" does not say \"%s\"", why.text, cases[i].said);
    }
    assert_int_equal(ds_pcap_open("/nowhere/at/all.pcap", &reader, &why), DS_IO);
    assert_string_equal(why.text, "cannot open /nowhere/at/all.pcap: No such file or directory");
    assert_int_equal(ds_pcap_open("/", &reader, &why), DS_IO);
    assert_null(reader);
}

static void a_link_type_not_read_here_is_named(void **state)
{
    struct ds_buf classic = {0}, section = {0};
    struct ds_pcap_reader *reader;
    struct ds_why why;
    (void)state;
    add_classic(&classic, true, 0xa1b2c3d4, 105);
    assert_int_equal(open_bytes(&classic, &reader, &why), DS_BAD);
    assert_non_null(strstr(why.text, "link type 105 (IEEE 802.11)"));
    add_section(&section, false);
    add_interface(&section, false, 9999, 6, 0);
    assert_int_equal(open_bytes(&section, &reader, &why), DS_BAD);
    assert_non_null(strstr(why.text, "link type 9999 (unknown)"));
}

/* Beside one that can be read it is passed on, so that the numbers of frames stay. */
static void an_interface_of_another_kind_does_not_spoil_the_others(void **state)
{
    struct ds_buf file = {0};
    struct ds_pcap_reader *reader;
    struct ds_why why;
    (void)state;
    add_section(&file, false);
    add_interface(&file, false, 189, 6, 0);
    add_interface(&file, false, 1, 6, 0);
    add_packet(&file, false, 0, EPOCH_US);
    add_packet(&file, false, 1, EPOCH_US + 1);
    assert_int_equal(open_bytes(&file, &reader, &why), DS_OK);
    assert_false(ds_pcap_link_is_read(189));
    expect_frame(reader, 189, EPOCH_US);
    expect_frame(reader, DS_LINK_ETHERNET, EPOCH_US + 1);
    expect_end(&reader);
}

static struct ds_buf two_interfaces(void)
{
    struct ds_buf file = {0};
    add_section(&file, true);
    add_interface(&file, true, 1, 6, 0);
    add_interface(&file, true, 113, 6, 0);
    for (uint32_t i = 0; i < 4; i++)
        add_packet(&file, true, i % 2, EPOCH_US + i);
    return file;
}

static void a_frame_that_makes_no_sense_ends_the_reading(void **state)
{
    static const struct {
        size_t back; /* from the end of the file */
        const char *said;
    } spoils[] = {{4, "the two lengths of a block differ"},
                  {32, "the length of a block cannot be right"},
                  {28, "a frame names an interface not described"},
                  {16, "a frame is longer than its block"}};

    (void)state;
    for (size_t i = 0; i < DS_COUNT(spoils); i++) {
        struct ds_buf file = two_interfaces();
        struct ds_pcap_reader *reader;
        struct ds_frame frame;
        struct ds_why why;
        char place[80];
        snprintf(place, sizeof place, "damaged at byte %zu, after frame 3: ", file.len - 36);
        file.at[file.len - spoils[i].back] = 0x40;
        assert_int_equal(open_bytes(&file, &reader, &why), DS_OK);
        for (int64_t j = 0; j < 3; j++)
            expect_frame(reader, j == 1 ? DS_LINK_SLL : DS_LINK_ETHERNET, EPOCH_US + j);
        for (int again = 0; again < 2; again++) {
            assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_BAD);
            assert_non_null(strstr(why.text, place));
            assert_non_null(strstr(why.text, spoils[i].said));
        }
        ds_pcap_reader_free(&reader);
    }
}

/* Whole blocks end well; anything else gives the frames before it, and a sentence. */
static void a_file_cut_anywhere_gives_the_frames_before(void **state)
{
    struct scratch scratch;
    struct ds_buf file = two_interfaces();
    size_t first = file.len - 4 * 36;
    struct ds_why why;
    ds_rc last;
    (void)state;
    scratch_make(&scratch);
    for (size_t len = first; len < file.len; len++) {
        put_file(scratch.path, (struct ds_slice){file.at, len});
        assert_int_equal(count_frames(scratch.path, &last, &why), (len - first) / 36);
        assert_int_equal(last, (len - first) % 36 == 0 ? DS_GONE : DS_BAD);
    }
    scratch_remove(&scratch);
    ds_buf_clean_up(&file);
}

static void a_flipped_byte_does_no_harm(void **state)
{
    struct scratch scratch;
    struct ds_buf file = two_interfaces();
    (void)state;
    scratch_make(&scratch);
    for (size_t i = 0; i < file.len; i++) {
        ds_rc last;
        file.at[i] = (char)~file.at[i];
        put_file(scratch.path, ds_buf_slice(&file));
        assert_true(count_frames(scratch.path, &last, NULL) <= 4);
        assert_true(last == DS_GONE || last == DS_BAD);
        file.at[i] = (char)~file.at[i];
    }
    scratch_remove(&scratch);
    ds_buf_clean_up(&file);
}

static void names_and_secrets_that_make_no_sense_are_passed_over(void **state)
{
    struct ds_buf file = {0}, body = {0};
    struct ds_pcap_reader *reader;
    struct ds_why why;
    size_t count;
    (void)state;
    add_section(&file, true);
    ds_buf_add(&body, (struct ds_slice){"\0\1\0\3\x7f\0\0\0", 8});             /* no address */
    ds_buf_add(&body, (struct ds_slice){"\0\1\0\5\x7f\0\0\1\0\0\0\0", 12});    /* no name */
    ds_buf_add(&body, (struct ds_slice){"\0\1\0\x08\x7f\0\0\2a\0b\0", 12});    /* two names */
    ds_buf_add(&body, (struct ds_slice){"\0\3\0\4abcd", 8});                   /* no IP */
    ds_buf_add(&body, (struct ds_slice){"\0\1\xff\xff\x7f\0\0\3x\0\0\0", 12}); /* too long */
    add_block(&file, true, 4, &body);
    add_words(&body, true, (const uint32_t[]){0x57474b4c, 4, 0x61626364}, 3); /* of another kind */
    add_block(&file, true, 10, &body);
    add_words(&body, true, (const uint32_t[]){0x544c534b, 2, 0x61620000}, 3);
    add_block(&file, true, 10, &body);
    add_words(&body, true, (const uint32_t[]){1, 2, 3}, 3);
    add_block(&file, true, 0x0bad, &body); /* of a kind nobody knows */
    assert_int_equal(open_bytes(&file, &reader, &why), DS_OK);
    const struct ds_pcap_name *names = ds_pcap_names(reader, &count);
    assert_int_equal(count, 1);
    assert_string_equal(names[0].name, "a");
    assert_int_equal(ds_addr_ip4(&names[0].at), 0x7f000002);
    assert_slice_equal(ds_pcap_secrets(reader), "ab\n");
    expect_end(&reader);
    add_section(&file, false);
    add_words(&body, false, (const uint32_t[]){0x544c534b, 5, 0x61626364}, 3);
    add_block(&file, false, 10, &body);
    assert_int_equal(open_bytes(&file, &reader, &why), DS_BAD);
}

static ds_rc read_all(void *owner)
{
    const struct scratch *scratch = owner;
    ds_rc last;
    uint32_t count = count_frames(scratch->path, &last, NULL);
    if (last == DS_GONE)
        assert_int_equal(count, 4);
    return last == DS_GONE ? DS_OK : last;
}

static void exhaustion_is_told_and_leaves_nothing_behind(void **state)
{
    struct scratch scratch;
    struct ds_buf file = two_interfaces(), body = {0};
    (void)state;
    ds_buf_add(&body, (struct ds_slice){"\0\1\0\6\x7f\0\0\2a\0\0\0\0\0\0\0", 16});
    add_block(&file, true, 4, &body);
    add_words(&body, true, (const uint32_t[]){0x544c534b, 2, 0x61620000}, 3);
    add_block(&file, true, 10, &body);
    scratch_make(&scratch);
    put_file(scratch.path, ds_buf_slice(&file));
    ds_buf_clean_up(&file);
    ds_exhaust(read_all, &scratch);
    scratch_remove(&scratch);
}

/* ---- captures of others ---- */

static int link_of(struct ds_slice name)
{
    static const struct {
        const char *name;
        int link;
    } names[] = {{"ether", DS_LINK_ETHERNET},
                 {"linux-sll", DS_LINK_SLL},
                 {"null", DS_LINK_NULL},
                 {"rawip4", DS_LINK_IPV4}};

    for (size_t i = 0; i < DS_COUNT(names); i++) {
        if (ds_slice_equal(name, ds_slice_of(names[i].name)))
            return names[i].link;
    }
    fail_msg("no link type is called '%.*s'", DS_FMT(name));
    return -1;
}

static void expect_facts(const char *path, uint64_t packets, int link)
{
    struct ds_pcap_reader *reader;
    struct ds_frame frame;
    struct ds_why why;
    uint64_t count = 0;
    ds_rc rc = ds_pcap_open(path, &reader, &why);
    if (rc != DS_OK)
        fail_msg("%s", why.text);
    for (; (rc = ds_pcap_next(reader, &frame, &why)) == DS_OK; count++)
        assert_int_equal(frame.link, link);
    if (rc != DS_GONE || count != packets)
        fail_msg("%s: %d frames, then: %s", path, (int)count, why.text);
    ds_pcap_reader_free(&reader);
}

/* One line of the table: file, bytes, format, link type, packets, and more. True for a capture. */
static bool check_facts(struct ds_slice line)
{
    struct ds_slice cells[5];
    char name[256], path[4096];
    uint64_t packets;
    for (size_t i = 0; i < DS_COUNT(cells); i++) {
        if (!ds_slice_cut(&line, '\t', &cells[i]))
            return false;
    }
    if (!ds_slice_starts(cells[0], DS_LITERAL("pcap/")) &&
        !ds_slice_starts(cells[0], DS_LITERAL("rtp/")))
        return false;
    assert_int_equal(ds_slice_number(cells[4], 1000000, &packets), DS_OK);
    assert_true(ds_slice_copy(cells[0], name, sizeof name));
    assert_non_null(ds_corpus_path(name, path, sizeof path));
    expect_facts(path, packets, link_of(cells[3]));
    return true;
}

static void captures_of_others_hold_what_is_known_of_them(void **state)
{
    char path[4096];
    size_t captures = 0;
    (void)state;
    if (ds_corpus_path("FACTS.tsv", path, sizeof path) == NULL)
        skip();
    struct ds_buf facts = get_file(path);
    struct ds_slice rest = ds_buf_slice(&facts), line;
    while (ds_slice_cut(&rest, '\n', &line))
        captures += check_facts(line) ? 1 : 0;
    assert_true(captures > 40);
    ds_buf_clean_up(&facts);
}

static void both_formats_of_one_capture_hold_the_same(void **state)
{
    char path[2][4096];
    struct ds_pcap_reader *reader[2];
    struct ds_frame frame[2];
    struct ds_why why;
    (void)state;
    if (ds_corpus_path("pcap/isa_call_auth.pcap", path[0], sizeof path[0]) == NULL ||
        ds_corpus_path("pcap/isa_call_auth.pcapng", path[1], sizeof path[1]) == NULL)
        skip();
    for (int i = 0; i < 2; i++)
        assert_int_equal(ds_pcap_open(path[i], &reader[i], &why), DS_OK);
    for (int count = 0; count < 175; count++) {
        for (int i = 0; i < 2; i++)
            assert_int_equal(ds_pcap_next(reader[i], &frame[i], &why), DS_OK);
        assert_int_equal(frame[0].unix_us, frame[1].unix_us);
        assert_true(ds_slice_equal(frame[0].bytes, frame[1].bytes));
    }
    expect_end(&reader[0]);
    expect_end(&reader[1]);
}

int test_reader(void);

int test_reader(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pcap_is_read_in_both_orders_and_resolutions),
        cmocka_unit_test(raw_ip_has_three_numbers_and_the_upper_half_is_no_link_type),
        cmocka_unit_test(sections_of_both_orders_and_interfaces_of_all_kinds_mix),
        cmocka_unit_test(older_blocks_hold_frames_too),
        cmocka_unit_test(a_stamp_beyond_all_calendars_does_no_harm),
        cmocka_unit_test(what_is_no_capture_is_refused_by_name),
        cmocka_unit_test(a_link_type_not_read_here_is_named),
        cmocka_unit_test(an_interface_of_another_kind_does_not_spoil_the_others),
        cmocka_unit_test(a_frame_that_makes_no_sense_ends_the_reading),
        cmocka_unit_test(a_file_cut_anywhere_gives_the_frames_before),
        cmocka_unit_test(a_flipped_byte_does_no_harm),
        cmocka_unit_test(names_and_secrets_that_make_no_sense_are_passed_over),
        cmocka_unit_test(exhaustion_is_told_and_leaves_nothing_behind),
        cmocka_unit_test(captures_of_others_hold_what_is_known_of_them),
        cmocka_unit_test(both_formats_of_one_capture_hold_the_same),
    };
    return cmocka_run_group_tests_name("pcap reader", tests, NULL, NULL);
}
