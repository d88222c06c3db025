#include "capture_file.h"

#include <fcntl.h>
#include <zlib.h>

/* Files that grow while they are read. */

int test_follow(void);

#define FRAMES 3u

static struct ds_buf capture(const char *path)
{
    const struct ds_pcap_header header = {.application = "test", .interface_name = "lo"};
    struct ds_pcap_writer *writer;
    struct ds_why why;
    assert_int_equal(ds_pcap_create(path, &header, &writer, &why), DS_OK);
    for (int64_t i = 0; i < FRAMES; i++)
        write_text(writer, i * 1000, "hello");
    assert_int_equal(ds_pcap_close(&writer, &why), DS_OK);
    return get_file(path);
}

static struct ds_buf packed(const struct ds_buf *plain)
{
    struct ds_buf out = {0};
    char room[4096];
    z_stream zlib = {0};
    assert_int_equal(deflateInit2(&zlib, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    zlib.next_in = (Bytef *)plain->at;
    zlib.avail_in = (uInt)plain->len;
    zlib.next_out = (Bytef *)room;
    zlib.avail_out = sizeof room;
    assert_int_equal(deflate(&zlib, Z_FINISH), Z_STREAM_END);
    ds_buf_add(&out, (struct ds_slice){room, zlib.total_out});
    deflateEnd(&zlib);
    return out;
}

/* Every byte that is added gives the frames that are whole with it, and no other answer. */
static void follow_byte_by_byte(const struct ds_buf *bytes)
{
    struct scratch scratch;
    struct ds_pcap_reader *reader;
    struct ds_frame frame;
    struct ds_why why;
    uint32_t frames = 0;
    scratch_make(&scratch);
    int fd = open(scratch.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_int_equal(ds_pcap_follow(scratch.path, &reader, &why), DS_OK);
    for (size_t i = 0; i < bytes->len; i++) {
        assert_int_equal(write(fd, bytes->at + i, 1), 1);
        ds_rc rc;
        while ((rc = ds_pcap_next(reader, &frame, &why)) == DS_OK) {
            assert_int_equal(frame.number, ++frames);
            assert_slice_equal(text_of(&frame), "hello");
        }
        assert_int_equal(rc, DS_LATE);
    }
    assert_int_equal(frames, FRAMES);
    close(fd);
    ds_pcap_reader_free(&reader);
    scratch_remove(&scratch);
}

static void a_growing_file_gives_its_frames_as_they_come(void **state)
{
    struct scratch scratch;
    (void)state;
    scratch_make(&scratch);
    struct ds_buf plain = capture(scratch.path), small = packed(&plain);
    follow_byte_by_byte(&plain);
    follow_byte_by_byte(&small);
    ds_buf_clean_up(&small);
    ds_buf_clean_up(&plain);
    scratch_remove(&scratch);
}

static void a_growing_file_may_turn_out_to_be_none(void **state)
{
    struct scratch scratch;
    struct ds_pcap_reader *reader;
    struct ds_frame frame;
    struct ds_why why;
    (void)state;
    scratch_make(&scratch);
    put_file(scratch.path, DS_LITERAL(""));
    assert_int_equal(ds_pcap_follow(scratch.path, &reader, &why), DS_OK);
    assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_LATE);
    put_file(scratch.path, DS_LITERAL("Dear diary"));
    assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_BAD);
    assert_non_null(strstr(why.text, "text, not a capture"));
    assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_BAD);
    ds_pcap_reader_free(&reader);
    scratch_remove(&scratch);
}

static void a_pipe_ends_when_its_writer_closes_it(void **state)
{
    struct scratch scratch;
    struct ds_pcap_reader *reader;
    struct ds_frame frame;
    struct ds_why why;
    int ends[2];
    char name[64];
    (void)state;
    scratch_make(&scratch);
    struct ds_buf bytes = capture(scratch.path);
    assert_int_equal(pipe(ends), 0);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[0]);
    assert_int_equal(ds_pcap_follow(name, &reader, &why), DS_OK);
    assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_LATE);
    assert_int_equal(write(ends[1], bytes.at, bytes.len), (ssize_t)bytes.len);
    for (uint32_t i = 0; i < FRAMES; i++)
        assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_OK);
    assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_LATE);
    close(ends[1]);
    assert_int_equal(ds_pcap_next(reader, &frame, &why), DS_GONE);
    ds_pcap_reader_free(&reader);
    close(ends[0]);
    ds_buf_clean_up(&bytes);
    scratch_remove(&scratch);
}

int test_follow(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_growing_file_gives_its_frames_as_they_come),
        cmocka_unit_test(a_growing_file_may_turn_out_to_be_none),
        cmocka_unit_test(a_pipe_ends_when_its_writer_closes_it),
    };
    return cmocka_run_group_tests_name("pcap: a file that grows", tests, NULL, NULL);
}
