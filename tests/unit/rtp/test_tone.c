#include "support.h"

#include "tone.h"

#include <math.h>
#include <string.h>

static const uint32_t candidates[] = {400, 450, 500, 1000, 1050, 1700, 2250, 3000, 3050, 3350};

static void start_ear(struct ds_ear *ear)
{
    ds_ear_init(ear, candidates, DS_COUNT(candidates));
}

static void
hear_tone(struct ds_ear *ear, struct ds_tone *tone, uint8_t payload_type, size_t packet_samples)
{
    uint8_t payload[2000];
    ds_tone_fill(tone, payload_type, payload, packet_samples);
    ds_ear_hear(ear, payload_type, (struct ds_slice){(const char *)payload, packet_samples});
}

static void every_tone_is_heard_for_itself(void **state)
{
    struct ds_ear ear;
    (void)state;
    for (size_t i = 0; i < DS_COUNT(candidates); i++) {
        for (uint8_t payload_type = DS_PT_PCMU; payload_type <= DS_PT_PCMA; payload_type += 8) {
            struct ds_tone tone = {.frequency_hz = candidates[i], .at = 25};
            start_ear(&ear);
            hear_tone(&ear, &tone, payload_type, DS_RTP_FRAME_SAMPLES);
            assert_int_equal(ds_ear_tone(&ear), candidates[i]);
            assert_true(ear.power[i] > 0.99 * ear.total_power);
        }
    }
}

static void packets_of_other_lengths_are_heard_too(void **state)
{
    static const size_t lengths[] = {80, 240, 400, 1600};
    struct ds_ear ear;
    (void)state;
    for (size_t i = 0; i < DS_COUNT(lengths); i++) {
        struct ds_tone tone = {.frequency_hz = 450};
        start_ear(&ear);
        for (int packet = 0; packet < 5; packet++)
            hear_tone(&ear, &tone, DS_PT_PCMA, lengths[i]);
        assert_int_equal(ds_ear_tone(&ear), 450);
        assert_int_equal(ear.samples, 5 * lengths[i]);
    }
}

static void who_has_more_than_half_is_heard_and_nobody_else(void **state)
{
    struct ds_tone talkers[] = {
        {.frequency_hz = 500}, {.frequency_hz = 1050}, {.frequency_hz = 3000}};
    struct ds_ear ear;
    (void)state;
    start_ear(&ear);
    for (size_t i = 0; i < 12; i++)
        hear_tone(&ear, &talkers[i % 3], DS_PT_PCMU, DS_RTP_FRAME_SAMPLES);
    assert_int_equal(ds_ear_tone(&ear), 0);
    for (size_t i = 0; i < 6; i++)
        hear_tone(&ear, &talkers[1], DS_PT_PCMU, DS_RTP_FRAME_SAMPLES);
    assert_int_equal(ds_ear_tone(&ear), 1050);
}

/* In the sum of several, as a conferencing server makes it, each is heard for as long as it is
 * said. */
static void of_a_mix_each_tone_is_told(void **state)
{
    struct ds_tone talkers[] = {
        {.frequency_hz = 500}, {.frequency_hz = 1050}, {.frequency_hz = 3000}};
    uint8_t codes[DS_RTP_FRAME_SAMPLES];
    int16_t sum[DS_RTP_FRAME_SAMPLES];
    struct ds_ear ear;
    (void)state;
    start_ear(&ear);
    for (size_t packet = 0; packet < 6; packet++) {
        memset(sum, 0, sizeof sum);
        for (size_t i = 0; i < DS_COUNT(talkers) - (packet < 2 ? 1 : 0); i++) {
            ds_tone_fill(&talkers[i], DS_PT_PCMU, codes, DS_COUNT(sum));
            for (size_t k = 0; k < DS_COUNT(sum); k++)
                sum[k] = (int16_t)(sum[k] + ds_g711_decode(DS_PT_PCMU, codes[k]));
        }
        for (size_t k = 0; k < DS_COUNT(sum); k++)
            codes[k] = ds_g711_encode(DS_PT_PCMA, sum[k]);
        ds_ear_hear(&ear, DS_PT_PCMA, (struct ds_slice){(const char *)codes, sizeof codes});
    }
    assert_in_range(ds_ear_samples(&ear, 500), 930, 990);
    assert_in_range(ds_ear_samples(&ear, 1050), 930, 990);
    assert_in_range(ds_ear_samples(&ear, 3000), 620, 660);
    assert_in_range(ds_ear_samples(&ear, 450), 0, 2);
    assert_int_equal(ds_ear_samples(&ear, 600), 0); /* which it was not asked for */
    assert_int_equal(ds_ear_tone(&ear), 0);
}

static void a_tone_nobody_asked_for_is_nobodys(void **state)
{
    struct ds_tone tone = {.frequency_hz = 600};
    struct ds_ear ear;
    (void)state;
    start_ear(&ear);
    hear_tone(&ear, &tone, DS_PT_PCMU, DS_RTP_FRAME_SAMPLES);
    assert_int_equal(ds_ear_tone(&ear), 0);
}

static void silence_and_comfort_noise_are_nobody(void **state)
{
    struct ds_ear ear;
    struct ds_tone silence = {.frequency_hz = 0};
    (void)state;
    start_ear(&ear);
    assert_int_equal(ds_ear_tone(&ear), 0);
    for (int packet = 0; packet < 3; packet++) {
        hear_tone(&ear, &silence, DS_PT_PCMU, 80);
        hear_tone(&ear, &silence, DS_PT_PCMA, 80);
    }
    assert_int_equal(ear.samples, 480);
    assert_int_equal(ds_ear_tone(&ear), 0);
    ds_ear_hear(&ear, DS_PT_COMFORT_NOISE, DS_LITERAL("\x40"));
    ds_ear_hear(&ear, DS_PT_EVENT, DS_LITERAL("\x01\x0a\x00\xa0"));
    ds_ear_hear(&ear, DS_PT_PCMU, DS_LITERAL(""));
    assert_int_equal(ear.samples, 480);
}

static void the_phase_runs_on_over_packets(void **state)
{
    struct ds_tone whole = {.frequency_hz = 1700}, cut = {.frequency_hz = 1700};
    uint8_t at_once[480], in_parts[480];
    (void)state;
    ds_tone_fill(&whole, DS_PT_PCMA, at_once, sizeof at_once);
    for (size_t at = 0; at < sizeof in_parts; at += 96)
        ds_tone_fill(&cut, DS_PT_PCMA, in_parts + at, 96);
    assert_memory_equal(at_once, in_parts, sizeof at_once);
}

static void a_tone_is_as_loud_as_a_calm_talker(void **state)
{
    struct ds_tone tone = {.frequency_hz = 1050};
    uint8_t payload[1600];
    double square = 0;
    (void)state;
    ds_tone_fill(&tone, DS_PT_PCMU, payload, sizeof payload);
    for (size_t i = 0; i < sizeof payload; i++) {
        double sample = ds_g711_decode(DS_PT_PCMU, payload[i]);
        assert_true(fabs(sample) < 6000);
        square += sample * sample / sizeof payload;
    }
    double full_scale = 32124.0 * 32124.0 / 2;
    double dbm0 = 10 * log10(square / full_scale) + 3.17;
    assert_true(dbm0 > -13.5 && dbm0 < -12.5);
}

static void an_ear_takes_only_tones_it_can_tell(void **state)
{
    static const uint32_t impossible[] = {0, 4000};
    uint32_t many[DS_EAR_MAX_TONES + 1];
    struct ds_tone tone = {.frequency_hz = 3500};
    struct ds_ear ear;
    (void)state;
    for (uint32_t i = 0; i < DS_COUNT(many); i++)
        many[i] = 350 + 50 * i;
    expect_assert_failure(ds_ear_init(&ear, &impossible[0], 1));
    expect_assert_failure(ds_ear_init(&ear, &impossible[1], 1));
    expect_assert_failure(ds_ear_init(&ear, many, DS_COUNT(many)));
    ds_ear_init(&ear, many, DS_EAR_MAX_TONES);
    hear_tone(&ear, &tone, DS_PT_PCMU, DS_RTP_FRAME_SAMPLES);
    assert_int_equal(ds_ear_tone(&ear), 3500);
}

int test_tone(void);

int test_tone(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_tone_is_heard_for_itself),
        cmocka_unit_test(packets_of_other_lengths_are_heard_too),
        cmocka_unit_test(who_has_more_than_half_is_heard_and_nobody_else),
        cmocka_unit_test(of_a_mix_each_tone_is_told),
        cmocka_unit_test(a_tone_nobody_asked_for_is_nobodys),
        cmocka_unit_test(silence_and_comfort_noise_are_nobody),
        cmocka_unit_test(the_phase_runs_on_over_packets),
        cmocka_unit_test(a_tone_is_as_loud_as_a_calm_talker),
        cmocka_unit_test(an_ear_takes_only_tones_it_can_tell),
    };
    return cmocka_run_group_tests_name("tone", tests, NULL, NULL);
}
