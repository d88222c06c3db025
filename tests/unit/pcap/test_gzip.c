#include "capture_file.h"

#define ZLIB_CONST
#include <zlib.h>

#define FRAMES 400

/* A capture of FRAMES datagrams, each with a text of its own that packs badly. */
static struct ds_buf a_capture(const struct scratch *scratch)
{
    const struct ds_pcap_header header = {.application = "test"};
    struct ds_pcap_writer *writer;
    uint32_t chance = 1;
    assert_int_equal(ds_pcap_create(scratch->path, &header, &writer, NULL), DS_OK);
    for (int i = 0; i < FRAMES; i++) {
        char text[257] = {0};
        for (size_t j = 0; j < sizeof text - 1; j++) {
            chance = chance * 1664525 + 1013904223;
            text[j] = (char)('!' + (chance >> 24) % 90);
        }
        write_text(writer, i, text);
    }
    assert_int_equal(ds_pcap_close(&writer, NULL), DS_OK);
    return get_file(scratch->path);
}

static void pack(struct ds_buf *out, struct ds_slice bytes)
{
    static char room[1024 * 1024];
    z_stream zlib = {.next_in = (const Bytef *)bytes.at,
                     .avail_in = (unsigned)bytes.len,
                     .next_out = (Bytef *)room,
                     .avail_out = sizeof room};
    assert_int_equal(deflateInit2(&zlib, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    assert_int_equal(deflate(&zlib, Z_FINISH), Z_STREAM_END);
    ds_buf_add(out, (struct ds_slice){room, sizeof room - zlib.avail_out});
    assert_int_equal(deflateEnd(&zlib), Z_OK);
}

struct packed {
    struct scratch scratch;
    struct ds_buf plain, file;
};

static void packed_make(struct packed *packed)
{
    *packed = (struct packed){0};
    scratch_make(&packed->scratch);
    packed->plain = a_capture(&packed->scratch);
    pack(&packed->file, ds_buf_slice(&packed->plain));
}

static void packed_remove(struct packed *packed)
{
    scratch_remove(&packed->scratch);
    ds_buf_clean_up(&packed->plain);
    ds_buf_clean_up(&packed->file);
}

static uint32_t count(struct packed *packed, struct ds_slice bytes, ds_rc *last, struct ds_why *why)
{
    put_file(packed->scratch.path, bytes);
    return count_frames(packed->scratch.path, last, why);
}

static void a_packed_capture_reads_like_a_plain_one(void **state)
{
    struct packed packed;
    struct ds_why why;
    ds_rc last;
    (void)state;
    packed_make(&packed);
    assert_int_equal(count(&packed, ds_buf_slice(&packed.file), &last, &why), FRAMES);
    assert_int_equal(last, DS_GONE);
    packed_remove(&packed);
}

/* As `cat a.gz b.gz` and tape drives leave it. */
static void parts_may_be_packed_one_by_one_and_padded(void **state)
{
    struct packed packed;
    struct ds_buf file = {0};
    struct ds_why why;
    ds_rc last;
    (void)state;
    packed_make(&packed);
    struct ds_slice plain = ds_buf_slice(&packed.plain);
    pack(&file, (struct ds_slice){plain.at, 1000});
    pack(&file, ds_slice_from(plain, 1000));
    ds_buf_add(&file, (struct ds_slice){"\0\0\0\0\0\0\0\0", 8});
    assert_int_equal(count(&packed, ds_buf_slice(&file), &last, &why), FRAMES);
    assert_int_equal(last, DS_GONE);
    ds_buf_clean_up(&file);
    packed_remove(&packed);
}

static void a_packed_capture_cut_anywhere_gives_the_frames_before(void **state)
{
    struct packed packed;
    struct ds_why why;
    uint32_t before = 0;
    ds_rc last;
    (void)state;
    packed_make(&packed);
    for (size_t len = 2; len < packed.file.len; len += 997) {
        uint32_t frames = count(&packed, (struct ds_slice){packed.file.at, len}, &last, &why);
        assert_int_equal(last, DS_BAD);
        assert_non_null(strstr(why.text, "of what it unpacks to"));
        assert_non_null(strstr(why.text, "the file was cut off there"));
        assert_true(frames >= before);
        before = frames;
    }
    assert_true(before > FRAMES * 9 / 10);
    packed_remove(&packed);
}

/* What was unpacked before the damage is not lost with it. */
static void damage_is_told_where_it_is(void **state)
{
    struct packed packed;
    struct ds_why why;
    ds_rc last;
    (void)state;
    packed_make(&packed);
    memset(packed.file.at + packed.file.len / 2, 0xff, 64);
    uint32_t frames = count(&packed, ds_buf_slice(&packed.file), &last, &why);
    assert_int_equal(last, DS_BAD);
    assert_true(frames > FRAMES / 3);
    assert_non_null(strstr(why.text, "of what it unpacks to, after frame "));
    packed_remove(&packed);
}

static void what_was_packed_must_be_a_capture(void **state)
{
    struct packed packed;
    struct ds_buf file = {0};
    struct ds_why why;
    ds_rc last;
    (void)state;
    packed_make(&packed);
    pack(&file, DS_LITERAL("INVITE sip:a@b SIP/2.0\r\n"));
    assert_int_equal(count(&packed, ds_buf_slice(&file), &last, &why), 0);
    assert_int_equal(last, DS_BAD);
    assert_non_null(strstr(why.text, "is text, not a capture"));
    ds_buf_clean_up(&file);
    packed_remove(&packed);
}

static ds_rc read_all(void *owner)
{
    const struct packed *packed = owner;
    ds_rc last;
    uint32_t frames = count_frames(packed->scratch.path, &last, NULL);
    if (last == DS_GONE)
        assert_int_equal(frames, FRAMES);
    return last == DS_GONE ? DS_OK : last;
}

static void exhaustion_is_told(void **state)
{
    struct packed packed;
    (void)state;
    packed_make(&packed);
    put_file(packed.scratch.path, ds_buf_slice(&packed.file));
    ds_exhaust(read_all, &packed);
    packed_remove(&packed);
}

int test_gzip(void);

int test_gzip(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packed_capture_reads_like_a_plain_one),
        cmocka_unit_test(parts_may_be_packed_one_by_one_and_padded),
        cmocka_unit_test(a_packed_capture_cut_anywhere_gives_the_frames_before),
        cmocka_unit_test(damage_is_told_where_it_is),
        cmocka_unit_test(what_was_packed_must_be_a_capture),
        cmocka_unit_test(exhaustion_is_told),
    };
    return cmocka_run_group_tests_name("pcap: gzip", tests, NULL, NULL);
}
