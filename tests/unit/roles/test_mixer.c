#include "support.h"

#include "conference_internal.h"

#define FRAME DS_RTP_FRAME_SAMPLES

static void speak(struct ds_mixer_voice *voice, int16_t level, size_t frames)
{
    int16_t samples[FRAME];
    for (size_t i = 0; i < FRAME; i++)
        samples[i] = level;
    for (size_t i = 0; i < frames; i++)
        ds_mixer_take(voice, samples, FRAME);
}

static int16_t hears(struct ds_mixer_voice *voice)
{
    int16_t samples[FRAME];
    ds_mixer_give(voice, samples, FRAME);
    for (size_t i = 1; i < FRAME; i++)
        assert_int_equal(samples[i], samples[0]);
    return samples[0];
}

struct table {
    struct ds_mixer mixer;
    struct ds_mixer_voice voices[3];
};

static void sit(struct table *table)
{
    *table = (struct table){.mixer = {.echoes = false}};
    ds_mixer_init(&table->mixer);
    for (size_t i = 0; i < DS_COUNT(table->voices); i++)
        ds_mixer_add(&table->mixer, &table->voices[i]);
}

static void everybody_hears_all_others_and_nobody_himself(void **state)
{
    struct table table;
    (void)state;
    sit(&table);
    for (int i = 0; i < 3; i++)
        speak(&table.voices[i], (int16_t)(100 << i), 2);
    ds_mixer_mix(&table.mixer);
    assert_int_equal(hears(&table.voices[0]), 600);
    assert_int_equal(hears(&table.voices[1]), 500);
    assert_int_equal(hears(&table.voices[2]), 300);
}

static void what_is_too_loud_is_as_loud_as_can_be(void **state)
{
    struct table table;
    (void)state;
    sit(&table);
    speak(&table.voices[0], 30000, 2);
    speak(&table.voices[1], 30000, 2);
    ds_mixer_mix(&table.mixer);
    assert_int_equal(hears(&table.voices[2]), INT16_MAX);
    assert_int_equal(hears(&table.voices[0]), 30000);
    sit(&table);
    speak(&table.voices[0], -30000, 2);
    speak(&table.voices[1], -30000, 2);
    ds_mixer_mix(&table.mixer);
    assert_int_equal(hears(&table.voices[2]), INT16_MIN);
}

static void a_late_packet_is_waited_for_and_a_pause_is_silence(void **state)
{
    struct table table;
    (void)state;
    sit(&table);
    speak(&table.voices[0], 100, 1); /* not enough in advance */
    ds_mixer_mix(&table.mixer);
    assert_int_equal(hears(&table.voices[1]), 0);
    speak(&table.voices[0], 100, 1);
    for (int i = 0; i < 2; i++) {
        ds_mixer_mix(&table.mixer);
        assert_int_equal(hears(&table.voices[1]), 100);
    }
    ds_mixer_mix(&table.mixer);
    assert_int_equal(hears(&table.voices[1]), 0);
}

static void who_asks_again_before_the_next_is_mixed_hears_silence(void **state)
{
    struct table table;
    (void)state;
    sit(&table);
    speak(&table.voices[0], 100, 3);
    ds_mixer_mix(&table.mixer);
    assert_int_equal(hears(&table.voices[1]), 100);
    assert_int_equal(hears(&table.voices[1]), 0);
    ds_mixer_mix(&table.mixer);
    assert_int_equal(hears(&table.voices[1]), 100);
}

/* Neither more than there is room for, nor packets of another length, write past it. */
static void what_is_too_much_pushes_out_what_has_waited_longest(void **state)
{
    int16_t many[4 * DS_MIXER_MOST_FRAMES * FRAME];
    struct table table;
    (void)state;
    sit(&table);
    for (size_t i = 0; i < DS_COUNT(many); i++)
        many[i] = (int16_t)i;
    ds_mixer_take(&table.voices[0], many, DS_COUNT(many));
    assert_int_equal(table.voices[0].count, DS_MIXER_MOST_FRAMES * FRAME);
    assert_int_equal(table.voices[0].waiting[0], 3 * DS_MIXER_MOST_FRAMES * FRAME);
    ds_mixer_take(&table.voices[0], many, 7);
    assert_int_equal(table.voices[0].count, DS_MIXER_MOST_FRAMES * FRAME);
    assert_int_equal(table.voices[0].waiting[0], 3 * DS_MIXER_MOST_FRAMES * FRAME + 7);
    ds_mixer_give(&table.voices[1], many, DS_COUNT(many));
    assert_int_equal(many[DS_COUNT(many) - 1], 0);
}

int test_mixer(void);

int test_mixer(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_hears_all_others_and_nobody_himself),
        cmocka_unit_test(what_is_too_loud_is_as_loud_as_can_be),
        cmocka_unit_test(a_late_packet_is_waited_for_and_a_pause_is_silence),
        cmocka_unit_test(who_asks_again_before_the_next_is_mixed_hears_silence),
        cmocka_unit_test(what_is_too_much_pushes_out_what_has_waited_longest),
    };
    return cmocka_run_group_tests_name("mixer", tests, NULL, NULL);
}
