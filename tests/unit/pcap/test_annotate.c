#include "capture_file.h"

static void write_run(const char *path, uint32_t frames)
{
    const struct ds_pcap_header header = {.application = "directsip test", .comment = "a run"};
    struct ds_pcap_writer *writer;
    struct ds_why why;
    assert_int_equal(ds_pcap_create(path, &header, &writer, &why), DS_OK);
    ds_pcap_write_secrets(writer, DS_LITERAL("CLIENT_RANDOM 01 02\n"));
    for (uint32_t i = 0; i < frames; i++)
        write_text(writer, i * 1000, "hello");
    assert_int_equal(ds_pcap_close(&writer, &why), DS_OK);
}

static bool holds(const char *path, const char *text)
{
    size_t at;
    struct ds_buf file = get_file(path);
    bool found = ds_slice_find(ds_buf_slice(&file), ds_slice_of(text), &at);
    ds_buf_clean_up(&file);
    return found;
}

static void expect_untouched(const struct scratch *scratch, uint32_t frames)
{
    char part[320];
    struct ds_why why;
    ds_rc last;
    assert_int_equal(count_frames(scratch->path, &last, &why), frames);
    assert_int_equal(last, DS_GONE);
    snprintf(part, sizeof part, "%s.part", scratch->path);
    assert_int_not_equal(access(part, F_OK), 0);
}

static void comments_are_added_and_nothing_else_changes(void **state)
{
    /* Out of order, two on one frame, and one that fills its words to the last byte. */
    static const struct ds_pcap_comment comments[] = {
        {3, "third"}, {1, "the first frame!"}, {3, "third again"}, {1, ""}};
    struct scratch scratch;
    struct ds_why why;
    (void)state;
    scratch_make(&scratch);
    write_run(scratch.path, 3);
    struct ds_buf before = get_file(scratch.path);
    assert_int_equal(ds_pcap_annotate(scratch.path, NULL, comments, DS_COUNT(comments), &why),
                     DS_OK);
    struct ds_buf after = get_file(scratch.path);
    /* Four heads of options, two ends of lists, and the padded texts. */
    assert_int_equal(after.len, before.len + 4 * 4 + 2 * 4 + 8 + 16 + 12 + 0);
    assert_true(holds(scratch.path, "third\0\0\0\1\0"));
    assert_true(holds(scratch.path, "the first frame!"));
    expect_untouched(&scratch, 3);
    ds_buf_clean_up(&before);
    ds_buf_clean_up(&after);
    scratch_remove(&scratch);
}

static void comments_may_be_added_again(void **state)
{
    static const struct ds_pcap_comment first = {2, "seen once"}, second = {2, "seen twice"};
    struct scratch scratch;
    struct ds_why why;
    (void)state;
    scratch_make(&scratch);
    write_run(scratch.path, 2);
    assert_int_equal(ds_pcap_annotate(scratch.path, NULL, &first, 1, &why), DS_OK);
    assert_int_equal(ds_pcap_annotate(scratch.path, NULL, &second, 1, &why), DS_OK);
    assert_int_equal(ds_pcap_annotate(scratch.path, NULL, NULL, 0, &why), DS_OK);
    assert_true(holds(scratch.path, "seen once"));
    assert_true(holds(scratch.path, "seen twice"));
    expect_untouched(&scratch, 2);
    scratch_remove(&scratch);
}

static void a_comment_may_be_written_with_its_frame(void **state)
{
    static const struct ds_pcap_comment comments[] = {{2, "lost"}, {3, "and found"}};

    const struct ds_pcap_header header = {.application = "directsip test"};
    struct ds_buf files[2];
    struct ds_why why;
    (void)state;
    for (int with = 0; with < 2; with++) {
        struct scratch scratch;
        struct ds_pcap_writer *writer = NULL;
        scratch_make(&scratch);
        assert_int_equal(ds_pcap_create(scratch.path, &header, &writer, &why), DS_OK);
        for (uint32_t i = 1; i <= 3; i++) {
            struct ds_slice text = ds_slice_of(i == 1 ? "" : comments[i - 2].text);
            ds_pcap_write_frame_with(writer, EPOCH_US - i % 2, DS_LITERAL("thirteen bytes"),
                                     with == 1 ? text : DS_LITERAL(""));
        }
        assert_int_equal(ds_pcap_close(&writer, &why), DS_OK);
        /* In order of stamp: 1, 3, 2. */
        const struct ds_pcap_comment same[] = {{3, "lost"}, {2, "and found"}};
        if (with == 0)
            assert_int_equal(ds_pcap_annotate(scratch.path, NULL, same, 2, &why), DS_OK);
        files[with] = get_file(scratch.path);
        scratch_remove(&scratch);
    }
    assert_int_equal(files[0].len, files[1].len);
    assert_memory_equal(files[0].at, files[1].at, files[0].len);
    for (int with = 0; with < 2; with++)
        ds_buf_clean_up(&files[with]);
}

static void another_place_gets_the_comments_and_the_capture_stays(void **state)
{
    static const struct ds_pcap_comment comment = {2, "in the copy"};
    struct scratch scratch;
    struct ds_why why;
    char copy[600];
    (void)state;
    scratch_make(&scratch);
    write_run(scratch.path, 2);
    struct ds_buf before = get_file(scratch.path);
    snprintf(copy, sizeof copy, "%s.copy", scratch.path);
    assert_int_equal(ds_pcap_annotate(scratch.path, copy, &comment, 1, &why), DS_OK);
    assert_true(holds(copy, "in the copy"));
    assert_int_equal(unlink(copy), 0);
    assert_int_equal(ds_pcap_annotate(scratch.path, copy, NULL, 0, &why), DS_OK);
    struct ds_buf after = get_file(scratch.path), same = get_file(copy);
    assert_true(ds_slice_equal(ds_buf_slice(&before), ds_buf_slice(&after)));
    assert_true(ds_slice_equal(ds_buf_slice(&before), ds_buf_slice(&same)));
    assert_int_equal(unlink(copy), 0);
    ds_buf_clean_up(&before);
    ds_buf_clean_up(&after);
    ds_buf_clean_up(&same);
    scratch_remove(&scratch);
}

static void a_comment_longer_than_the_format_allows_is_cut(void **state)
{
    struct scratch scratch;
    struct ds_why why;
    size_t len = 70000;
    char *text = malloc(len + 1);
    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < len; i++) /* a letter, then characters of two bytes */
        text[i] = i == 0 ? 'a' : i % 2 == 1 ? '\xc3' : '\xa9';
    text[len] = '\0';
    scratch_make(&scratch);
    write_run(scratch.path, 1);
    struct ds_buf before = get_file(scratch.path);
    assert_int_equal(
        ds_pcap_annotate(scratch.path, NULL, &(struct ds_pcap_comment){1, text}, 1, &why), DS_OK);
    struct ds_buf after = get_file(scratch.path);
    size_t at;
    assert_int_equal(after.len, before.len + 4 + 65532 + 4);
    assert_true(ds_slice_find(ds_buf_slice(&after), (struct ds_slice){"\xc3\xa9\0\0\0\0", 6}, &at));
    expect_untouched(&scratch, 1);
    ds_buf_clean_up(&before);
    ds_buf_clean_up(&after);
    scratch_remove(&scratch);
    free(text);
}

static void a_frame_that_is_not_there_is_refused(void **state)
{
    static const uint32_t absent[] = {0, 3, UINT32_MAX};
    struct scratch scratch;
    struct ds_why why;
    char sentence[400];
    (void)state;
    scratch_make(&scratch);
    write_run(scratch.path, 2);
    for (size_t i = 0; i < DS_COUNT(absent); i++) {
        const struct ds_pcap_comment comment = {absent[i], "nobody"};
        assert_int_equal(ds_pcap_annotate(scratch.path, NULL, &comment, 1, &why), DS_BAD);
        snprintf(sentence, sizeof sentence, "%s has no frame %u to comment: it has 2 frames",
                 scratch.path, absent[i]);
        assert_string_equal(why.text, sentence);
        expect_untouched(&scratch, 2);
    }
    scratch_remove(&scratch);
}

static void what_is_no_pcapng_is_refused(void **state)
{
    struct scratch scratch;
    struct ds_why why;
    (void)state;
    scratch_make(&scratch);
    assert_int_equal(ds_pcap_annotate(scratch.path, NULL, NULL, 0, &why), DS_IO);
    static const struct ds_slice files[] = {{"", 0}, {"\xd4\xc3\xb2\xa1\2\0\4\0", 8}, {"ab", 2}};
    for (size_t i = 0; i < DS_COUNT(files); i++) {
        put_file(scratch.path, files[i]);
        assert_int_equal(ds_pcap_annotate(scratch.path, NULL, NULL, 0, &why), DS_BAD);
        assert_non_null(strstr(why.text, "is no pcapng capture"));
    }
    scratch_remove(&scratch);
}

/* Every cut and every flipped byte: refused or copied, and nothing is left lying about. */
static void a_damaged_capture_does_no_harm(void **state)
{
    const struct ds_pcap_comment comment = {1, "a comment"};
    struct scratch scratch;
    char part[320];
    (void)state;
    scratch_make(&scratch);
    snprintf(part, sizeof part, "%s.part", scratch.path);
    write_run(scratch.path, 1);
    struct ds_buf file = get_file(scratch.path);
    for (size_t i = 0; i < file.len; i++) {
        put_file(scratch.path, (struct ds_slice){file.at, i});
        assert_int_equal(ds_pcap_annotate(scratch.path, NULL, &comment, 1, NULL), DS_BAD);
        file.at[i] = (char)~file.at[i];
        put_file(scratch.path, ds_buf_slice(&file));
        ds_rc rc = ds_pcap_annotate(scratch.path, NULL, &comment, 1, NULL);
        assert_true(rc == DS_OK || rc == DS_BAD);
        assert_int_not_equal(access(part, F_OK), 0);
        file.at[i] = (char)~file.at[i];
    }
    ds_buf_clean_up(&file);
    scratch_remove(&scratch);
}

static ds_rc annotate_once(void *owner)
{
    const struct ds_pcap_comment comment = {1, "a comment"};
    const struct scratch *scratch = owner;
    return ds_pcap_annotate(scratch->path, NULL, &comment, 1, NULL);
}

static void exhaustion_leaves_the_capture_as_it_was(void **state)
{
    struct scratch scratch;
    (void)state;
    scratch_make(&scratch);
    write_run(scratch.path, 2);
    ds_exhaust(annotate_once, &scratch);
    expect_untouched(&scratch, 2);
    scratch_remove(&scratch);
}

int test_annotate(void);

int test_annotate(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_are_added_and_nothing_else_changes),
        cmocka_unit_test(a_comment_may_be_written_with_its_frame),
        cmocka_unit_test(comments_may_be_added_again),
        cmocka_unit_test(another_place_gets_the_comments_and_the_capture_stays),
        cmocka_unit_test(a_comment_longer_than_the_format_allows_is_cut),
        cmocka_unit_test(a_frame_that_is_not_there_is_refused),
        cmocka_unit_test(what_is_no_pcapng_is_refused),
        cmocka_unit_test(a_damaged_capture_does_no_harm),
        cmocka_unit_test(exhaustion_leaves_the_capture_as_it_was),
    };
    return cmocka_run_group_tests_name("pcap annotate", tests, NULL, NULL);
}
