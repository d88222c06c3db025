#include "stage.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct stage_line invite = {.start = "INVITE sip:+15550142@b SIP/2.0"};

static void no_capture_at_all_is_refused_with_a_sentence(void **state)
{
    struct ds_trace *trace = NULL;
    struct ds_why why = {{0}};
    (void)state;
    assert_int_not_equal(ds_trace_read("/nowhere/at/all.pcap", NULL, &trace, &why), DS_OK);
    assert_null(trace);
    assert_true(strlen(why.text) > 0);
    assert_int_equal(ds_trace_read("/dev/null", NULL, &trace, &why), DS_BAD);
    assert_null(trace);
}

static void a_damaged_end_leaves_what_came_before_and_a_gap(void **state)
{
    struct stage stage;
    struct ds_trace *trace = NULL;
    (void)state;
    stage_open(&stage);
    stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), &invite);
    stage_say(&stage, STAGE_ADDR(2, 5060), STAGE_ADDR(3, 5060), &invite);
    stage_read(&stage, NULL);
    FILE *file = fopen(stage.path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    fclose(file);
    assert_int_equal(truncate(stage.path, size - 40), 0);
    assert_int_equal(ds_trace_read(stage.path, NULL, &trace, NULL), DS_OK);
    assert_int_equal(trace->event_count, 1);
    assert_int_equal(trace->gap_count, 1);
    assert_int_equal(trace->gaps[0].frame, 1);
    assert_non_null(strstr(trace->gaps[0].sentence, "damaged"));
    ds_trace_free(&trace);
    stage_close(&stage);
}

static void an_empty_capture_is_an_empty_trace(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->frame_count, 0);
    assert_int_equal(trace->duration, 0);
    assert_int_equal(trace->gap_count, 0);
    stage_close(&stage);
}

static void garbage_in_frames_is_passed_over(void **state)
{
    struct stage stage;
    struct ds_rng rng;
    char bytes[200];
    (void)state;
    ds_rng_seed(&rng, 7);
    stage_open(&stage);
    for (int i = 0; i < 2000; i++) {
        for (size_t j = 0; j < sizeof bytes; j++)
            bytes[j] = (char)ds_rng_next(&rng);
        memcpy(bytes + 12, i % 2 ? "\x08\0\x45" : "\x86\xdd\x60", 3);
        bytes[23] = i % 3 ? 17 : 6;
        stage_frame(&stage, (struct ds_slice){bytes, (size_t)ds_rng_below(&rng, sizeof bytes)});
    }
    stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), &invite);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    assert_int_equal(trace->frame_count, 2001);
    assert_int_equal(trace->events[trace->event_count - 1].frame, 2001);
    stage_close(&stage);
}

static ds_rc read_once(void *owner)
{
    struct stage *stage = owner;
    struct ds_trace *trace = NULL;
    ds_rc rc = ds_trace_read(stage->path, NULL, &trace, NULL);
    ds_trace_free(&trace);
    return rc;
}

static void want_of_memory_is_told_and_leaves_nothing_behind(void **state)
{
    const struct ds_addr media = STAGE_ADDR(1, 30000);
    struct stage_line line = invite;
    struct stage stage;
    struct stage_tcp tcp = {STAGE_ADDR(1, 40000), STAGE_ADDR(2, 5060), 1};
    struct stage_talk talk = {media, STAGE_ADDR(2, 40000), 1, 1, 0, {.frequency_hz = 450}};
    struct ds_buf text = {0};
    (void)state;
    line.media = &media;
    stage_write_line(&line, &text);
    stage_open(&stage);
    stage_say(&stage, STAGE_ADDR(1, 5060), STAGE_ADDR(2, 5060), &line);
    stage_say(&stage, STAGE_ADDR(2, 5060), STAGE_ADDR(3, 5060),
              &(struct stage_line){.start = line.start, .call_id = "call-2"});
    stage_tcp(&stage, &tcp, ds_slice_from(ds_buf_slice(&text), 0));
    stage_tcp_at(&stage, &tcp, 500, DS_LITERAL("behind a hole"));
    stage_talk(&stage, &talk, 3);
    stage_tcp(&stage, &(struct stage_tcp){STAGE_ADDR(5, 40000), STAGE_ADDR(2, 5061), 1},
              DS_LITERAL("\x17\x03\x03\x00\x04"
                         "abcd"));
    stage_read(&stage, NULL);
    ds_exhaust(read_once, &stage);
    ds_buf_clean_up(&text);
    stage_close(&stage);
}

int test_damage(void);

int test_damage(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_capture_at_all_is_refused_with_a_sentence),
        cmocka_unit_test(a_damaged_end_leaves_what_came_before_and_a_gap),
        cmocka_unit_test(an_empty_capture_is_an_empty_trace),
        cmocka_unit_test(garbage_in_frames_is_passed_over),
        cmocka_unit_test(want_of_memory_is_told_and_leaves_nothing_behind),
    };
    return cmocka_run_group_tests_name("damage", tests, NULL, NULL);
}
