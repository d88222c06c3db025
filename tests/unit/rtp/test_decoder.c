#include "support.h"

#include "rtp.h"

#include <math.h>
#include <string.h>

#include <spandsp/telephony.h>

#include <spandsp/g722.h>

#define WIDE_RATE  16000
#define WIDE_FRAME 320 /* 20 ms */
#define G722_BYTES 160
#define TONE_HZ    450

static void g711_decodes_sample_by_sample(void **state)
{
    static const char *const encodings[] = {"PCMU", "PCMA"};
    static const uint8_t types[] = {DS_PT_PCMU, DS_PT_PCMA};
    const uint8_t codes[] = {0x00, 0x7f, 0x80, 0xff, 0x55};
    int16_t samples[4];
    (void)state;
    for (size_t i = 0; i < DS_COUNT(types); i++) {
        struct ds_decoder *decoder = NULL;
        assert_int_equal(ds_decoder_new(encodings[i], &decoder), DS_OK);
        assert_int_equal(ds_decoder_rate_hz(decoder), 8000);
        struct ds_slice payload = {(const char *)codes, sizeof codes};
        assert_int_equal(ds_decoder_decode(decoder, payload, samples, 4), 4);
        for (size_t j = 0; j < 4; j++)
            assert_int_equal(samples[j], ds_g711_decode(types[i], codes[j]));
        ds_decoder_free(&decoder);
        assert_null(decoder);
    }
}

/* How much of the sound is the tone, as a share of all. */
static double share_of_tone(const int16_t *samples, size_t count)
{
    double sine = 0, cosine = 0, all = 0;
    for (size_t i = 0; i < count; i++) {
        double angle = 2 * M_PI * TONE_HZ * (double)i / WIDE_RATE;
        sine += samples[i] * sin(angle);
        cosine += samples[i] * cos(angle);
        all += (double)samples[i] * samples[i];
    }
    return 2 * (sine * sine + cosine * cosine) / ((double)count * all);
}

static void g722_decodes_what_another_encoder_made(void **state)
{
    int16_t tone[WIDE_FRAME], heard[10 * WIDE_FRAME];
    uint8_t payload[G722_BYTES];
    size_t count = 0;
    struct ds_decoder *decoder = NULL;
    g722_encode_state_t *encoder = g722_encode_init(NULL, 64000, 0);
    (void)state;
    assert_int_equal(ds_decoder_new("g722", &decoder), DS_OK);
    assert_int_equal(ds_decoder_rate_hz(decoder), WIDE_RATE);
    for (int frame = 0; frame < 10; frame++) {
        for (int i = 0; i < WIDE_FRAME; i++)
            tone[i] = (int16_t)lround(
                5000 * sin(2 * M_PI * TONE_HZ * (frame * WIDE_FRAME + i) / WIDE_RATE));
        assert_int_equal(g722_encode(encoder, payload, tone, WIDE_FRAME), G722_BYTES);
        count += ds_decoder_decode(decoder, (struct ds_slice){(char *)payload, sizeof payload},
                                   heard + count, DS_COUNT(heard) - count);
    }
    assert_int_equal(count, DS_COUNT(heard));
    assert_true(share_of_tone(heard + WIDE_FRAME, count - WIDE_FRAME) > 0.99);
    g722_encode_free(encoder);
    ds_decoder_free(&decoder);
}

static void no_more_is_decoded_than_there_is_room_for(void **state)
{
    int16_t samples[8] = {0};
    struct ds_decoder *decoder = NULL;
    (void)state;
    assert_int_equal(ds_decoder_new("G722", &decoder), DS_OK);
    assert_int_equal(ds_decoder_decode(decoder, DS_LITERAL("0123456789"), samples, 7), 6);
    assert_int_equal(ds_decoder_decode(decoder, DS_LITERAL("0123456789"), samples, 0), 0);
    assert_int_equal(ds_decoder_decode(decoder, DS_LITERAL(""), samples, 8), 0);
    ds_decoder_free(&decoder);
}

static void other_encodings_have_no_decoder(void **state)
{
    struct ds_decoder *decoder = NULL;
    (void)state;
    assert_int_equal(ds_decoder_new("opus", &decoder), DS_BAD);
    assert_int_equal(ds_decoder_new("", &decoder), DS_BAD);
    assert_null(decoder);
    ds_decoder_free(&decoder);
}

static ds_rc make_one(void *owner)
{
    struct ds_decoder **decoder = owner;
    ds_rc rc = ds_decoder_new("PCMA", decoder);
    ds_decoder_free(decoder);
    return rc;
}

static void want_of_memory_is_told(void **state)
{
    struct ds_decoder *decoder = NULL;
    (void)state;
    ds_exhaust(make_one, &decoder);
}

int test_decoder(void);

int test_decoder(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(g711_decodes_sample_by_sample),
        cmocka_unit_test(g722_decodes_what_another_encoder_made),
        cmocka_unit_test(no_more_is_decoded_than_there_is_room_for),
        cmocka_unit_test(other_encodings_have_no_decoder),
        cmocka_unit_test(want_of_memory_is_told),
    };
    return cmocka_run_group_tests_name("decoder", tests, NULL, NULL);
}
