#include "paper.h"
#include "sample.h"
#include "sound.h"
#include "stage.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

/* What the page hears of a capture: captures made by hand, read as the page is told. */

#define TALKER   STAGE_ADDR(1, 4000)
#define LISTENER STAGE_ADDR(2, 5000)

struct heard {
    struct stage stage;
    struct ds_buf seen, sound;
    json_t *flows, *streams, *frames, *roots[2];
};

static void hear(struct heard *heard)
{
    heard->seen = heard->sound = (struct ds_buf){0};
    ds_page_seen(stage_read(&heard->stage, NULL), &heard->seen, &heard->sound);
    assert_false(heard->seen.broken || heard->sound.broken);
    heard->roots[0] = json_loads(heard->seen.at, 0, NULL);
    heard->roots[1] = heard->sound.at == NULL ? NULL : json_loads(heard->sound.at, 0, NULL);
    heard->flows = json_object_get(heard->roots[0], "flows");
    heard->streams = json_object_get(heard->roots[1], "streams");
    heard->frames = json_object_get(heard->roots[1], "frames");
}

static void forget(struct heard *heard)
{
    json_decref(heard->roots[0]);
    json_decref(heard->roots[1]);
    ds_buf_clean_up(&heard->seen);
    ds_buf_clean_up(&heard->sound);
    stage_close(&heard->stage);
}

static const char *wave_of(const struct heard *heard)
{
    return ds_text(json_string_value(json_object_get(json_array_get(heard->flows, 0), "wave")));
}

/* "0 10 -1 480", as the page has it. */
static void assert_line(const struct heard *heard, const char *expected)
{
    struct ds_buf line = {0};
    const json_t *list = json_array_get(heard->streams, 0);
    for (size_t i = 0; i < json_array_size(list); i++)
        ds_buf_print(&line, "%s%lld", i == 0 ? "" : " ",
                     (long long)json_integer_value(json_array_get(list, i)));
    assert_string_equal(ds_text(line.at), expected);
    ds_buf_clean_up(&line);
}

static struct stage_talk talk(void)
{
    return (struct stage_talk){.from = TALKER,
                               .to = LISTENER,
                               .ssrc = 7,
                               .sequence = 65530,
                               .timestamp = UINT32_MAX - 500};
}

static void
say(struct stage *stage, uint8_t type, uint16_t sequence, uint32_t timestamp, uint8_t fill)
{
    uint8_t speech[DS_RTP_FRAME_SAMPLES], bytes[DS_RTP_HEADER_BYTES + DS_RTP_FRAME_SAMPLES];
    memset(speech, fill, sizeof speech);
    const struct ds_rtp packet = {.payload_type = type,
                                  .sequence = sequence,
                                  .timestamp = timestamp,
                                  .ssrc = 7,
                                  .payload = {(const char *)speech, sizeof speech}};
    size_t len = ds_rtp_write(&packet, bytes, sizeof bytes);
    stage_udp(stage, TALKER, LISTENER, (struct ds_slice){(const char *)bytes, len});
    stage->at += 19000;
}

static void a_tone_is_kept_once(void **state)
{
    struct heard heard;
    struct stage_talk tone = talk();
    (void)state;
    tone.tone.frequency_hz = 400;
    stage_open(&heard.stage);
    stage_talk(&heard.stage, &tone, 40);
    hear(&heard);
    assert_int_equal(json_array_size(heard.frames), 1);
    const char *frame = json_string_value(json_array_get(heard.frames, 0));
    assert_int_equal(frame[0], 'A');
    assert_int_equal(strlen(frame), 1 + (DS_RTP_FRAME_SAMPLES + 2) / 3 * 4);
    assert_line(&heard, "0 40");
    assert_int_equal(strlen(wave_of(&heard)), 40);
    assert_true(wave_of(&heard)[0] > 'a');
    forget(&heard);
}

/* A hole has the length of what is missing, and is seen. */
static void what_was_lost_is_a_hole(void **state)
{
    struct heard heard;
    struct stage_talk tone = talk();
    (void)state;
    tone.tone.frequency_hz = 400;
    stage_open(&heard.stage);
    stage_talk(&heard.stage, &tone, 20);
    tone.sequence += 3;
    tone.timestamp += 3 * DS_RTP_FRAME_SAMPLES;
    stage_talk(&heard.stage, &tone, 20);
    hear(&heard);
    assert_line(&heard, "0 20 -1 480 0 20");
    assert_int_equal(strlen(wave_of(&heard)), 43);
    assert_int_equal(strspn(wave_of(&heard) + 20, "A"), 3);
    assert_true(wave_of(&heard)[23] > 'a' && wave_of(&heard)[19] > 'a');
    forget(&heard);
}

/* On hold nothing is lost. */
static void a_pause_is_no_loss(void **state)
{
    struct heard heard;
    struct stage_talk tone = talk();
    (void)state;
    tone.tone.frequency_hz = 400;
    stage_open(&heard.stage);
    stage_talk(&heard.stage, &tone, 20);
    tone.timestamp += 8000;
    heard.stage.at += 1000000;
    stage_talk(&heard.stage, &tone, 20);
    hear(&heard);
    assert_line(&heard, "0 20 -2 8000 0 20");
    assert_int_equal(strcspn(wave_of(&heard), "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                     strlen(wave_of(&heard)));
    forget(&heard);
}

/* Sent twice, out of order, and begun anew with another time: heard in the order it was said. */
static void packets_are_heard_in_the_order_they_were_sent(void **state)
{
    struct heard heard;
    (void)state;
    stage_open(&heard.stage);
    for (uint16_t i = 0; i < 12; i++)
        say(&heard.stage, DS_PT_PCMU, i, 160u * i, 0x80);
    say(&heard.stage, DS_PT_PCMU, 13, 160u * 13, 0x81);
    say(&heard.stage, DS_PT_PCMU, 12, 160u * 12, 0x82);
    say(&heard.stage, DS_PT_PCMU, 12, 160u * 12, 0x82);
    say(&heard.stage, DS_PT_PCMU, 14, 4000000000u, 0x83);
    hear(&heard);
    assert_int_equal(json_array_size(heard.frames), 4);
    const json_t *line = json_array_get(heard.streams, 0);
    const char *said[] = {"\x80", "\x82", "\x81"};
    for (size_t i = 0; i < DS_COUNT(said); i++) {
        size_t number = (size_t)json_integer_value(json_array_get(line, 2 * i));
        const char *frame = json_string_value(json_array_get(heard.frames, number));
        const char *starts[] = {"UgICA", "UgoKC", "UgYGB"};
        assert_memory_equal(frame, starts[i], 5);
    }
    forget(&heard);
}

static void wide_sound_has_twice_the_samples(void **state)
{
    struct heard heard;
    (void)state;
    stage_open(&heard.stage);
    for (uint16_t i = 0; i < 20; i++)
        say(&heard.stage, DS_PT_G722, i, 160u * i, (uint8_t)(17 * i));
    hear(&heard);
    const char *frame = json_string_value(json_array_get(heard.frames, 0));
    assert_int_equal(frame[0], 'W');
    assert_int_equal(strlen(frame), 1 + (2 * DS_RTP_FRAME_SAMPLES + 2) / 3 * 4);
    assert_int_equal(strlen(wave_of(&heard)), 20);
    forget(&heard);
}

static void what_cannot_be_heard_says_why(void **state)
{
    struct heard heard;
    (void)state;
    stage_open(&heard.stage);
    for (uint16_t i = 0; i < 20; i++)
        say(&heard.stage, 18, i, 160u * i, 0x80);
    hear(&heard);
    assert_null(heard.sound.at);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(heard.flows, 0), "unheard")),
        "Only G.711 and G.722 can be heard here.");
    assert_string_equal(wave_of(&heard), "");
    forget(&heard);
}

/* Nobody is to play an hour of silence that a timestamp made up. */
static void no_stream_is_longer_than_what_is_kept(void **state)
{
    struct heard heard;
    (void)state;
    stage_open(&heard.stage);
    for (uint16_t i = 0; i < 20; i++)
        say(&heard.stage, DS_PT_PCMU, i, 160u * i, 0x80);
    heard.stage.at += INT64_C(3600000000);
    for (uint16_t i = 20; i < 40; i++)
        say(&heard.stage, DS_PT_PCMU, i, 160u * i, 0x80);
    hear(&heard);
    assert_line(&heard, "0 20");
    assert_true(json_is_true(json_object_get(json_array_get(heard.flows, 0), "cut")));
    forget(&heard);
}

/* 44 bytes of head, two a sample, and nothing but zeros where packets are missing. */
static void a_stream_is_written_with_its_holes(void **state)
{
    struct stage stage;
    struct stage_talk tone = talk();
    struct sample_folder folder;

    static const uint8_t silence[2 * 3 * DS_RTP_FRAME_SAMPLES] = {0};
    const size_t hole = sizeof silence, said = (size_t)2 * 20 * DS_RTP_FRAME_SAMPLES;
    static uint8_t wav[44 + 2 * 43 * DS_RTP_FRAME_SAMPLES + 1];

    (void)state;
    tone.tone.frequency_hz = 400;
    stage_open(&stage);
    stage_talk(&stage, &tone, 20);
    tone.sequence += 3;
    tone.timestamp += 3 * DS_RTP_FRAME_SAMPLES;
    stage_talk(&stage, &tone, 20);
    const struct ds_trace *trace = stage_read(&stage, NULL);
    sample_folder_make(&folder);
    assert_int_equal(ds_sound_write(trace, 0, folder.path, NULL), DS_OK);
    FILE *file = fopen(folder.path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(wav, 1, sizeof wav, file), sizeof wav - 1);
    fclose(file);
    assert_memory_equal(wav, "RIFF", 4);
    assert_memory_equal(wav + 8, "WAVEfmt ", 8);
    assert_int_equal(wav[24] | wav[25] << 8, 8000);
    assert_memory_equal(wav + 44 + said, silence, hole);
    assert_memory_not_equal(wav + 44 + said + hole, silence, hole);
    sample_folder_remove(&folder);
    stage_close(&stage);
}

static void what_cannot_be_heard_is_not_written(void **state)
{
    struct stage stage;
    struct ds_why why = {""};
    (void)state;
    stage_open(&stage);
    for (uint16_t i = 0; i < 20; i++)
        say(&stage, 18, i, 160u * i, 0x80);
    assert_int_equal(ds_sound_write(stage_read(&stage, NULL), 0, "no/such/file.wav", &why), DS_BAD);
    assert_string_equal(why.text, "stream 1 has no sound to write: Only G.711 and G.722 can be "
                                  "heard here.");
    stage_close(&stage);
}

static ds_rc tell(void *owner)
{
    struct ds_buf seen = {0}, sound = {0};
    ds_page_seen(owner, &seen, &sound);
    bool broken = seen.broken || sound.broken;
    ds_buf_clean_up(&seen);
    ds_buf_clean_up(&sound);
    return broken ? DS_NOMEM : DS_OK;
}

static void want_of_memory_is_told(void **state)
{
    struct stage stage;
    (void)state;
    stage_open(&stage);
    for (uint16_t i = 0; i < 12; i++)
        say(&stage, i % 2 == 0 ? DS_PT_G722 : DS_PT_PCMU, i, 160u * i, (uint8_t)i);
    stage_read(&stage, NULL);
    assert_true(stage.trace->flow_count > 0);
    ds_exhaust(tell, stage.trace);
    stage_close(&stage);
}

int test_sound(void);

int test_sound(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tone_is_kept_once),
        cmocka_unit_test(what_was_lost_is_a_hole),
        cmocka_unit_test(a_pause_is_no_loss),
        cmocka_unit_test(packets_are_heard_in_the_order_they_were_sent),
        cmocka_unit_test(wide_sound_has_twice_the_samples),
        cmocka_unit_test(what_cannot_be_heard_says_why),
        cmocka_unit_test(no_stream_is_longer_than_what_is_kept),
        cmocka_unit_test(a_stream_is_written_with_its_holes),
        cmocka_unit_test(what_cannot_be_heard_is_not_written),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
