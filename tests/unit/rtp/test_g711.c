#include "support.h"

#include "rtp.h"

#include <stdlib.h>

#include <spandsp/telephony.h>

#include <spandsp/g711.h>

static void codes_of_the_standard_decode_to_its_values(void **state)
{
    (void)state;
    assert_int_equal(ds_g711_decode(DS_PT_PCMU, 0xff), 0);
    assert_int_equal(ds_g711_decode(DS_PT_PCMU, 0x7f), 0);
    assert_int_equal(ds_g711_decode(DS_PT_PCMU, 0xfe), 8);
    assert_int_equal(ds_g711_decode(DS_PT_PCMU, 0x80), 32124);
    assert_int_equal(ds_g711_decode(DS_PT_PCMU, 0x00), -32124);
    assert_int_equal(ds_g711_decode(DS_PT_PCMU, 0xef), 132);
    assert_int_equal(ds_g711_decode(DS_PT_PCMA, 0xd5), 8);
    assert_int_equal(ds_g711_decode(DS_PT_PCMA, 0x55), -8);
    assert_int_equal(ds_g711_decode(DS_PT_PCMA, 0xaa), 32256);
    assert_int_equal(ds_g711_decode(DS_PT_PCMA, 0x2a), -32256);
    assert_int_equal(ds_g711_decode(DS_PT_PCMA, 0xc5), 264);
}

/* The sequences of ITU-T G.711 tables 5 and 6: 1 kHz at 0 dBm0. */
static void the_standard_sine_has_the_standard_level(void **state)
{
    static const uint8_t a_law[] = {0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4};
    static const uint8_t mu_law[] = {0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e};
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        int a = ds_g711_decode(DS_PT_PCMA, a_law[i]), mu = ds_g711_decode(DS_PT_PCMU, mu_law[i]);
        assert_true(abs(a - mu) < 1024);
        assert_int_equal(ds_g711_encode(DS_PT_PCMA, (int16_t)a), a_law[i]);
        assert_int_equal(ds_g711_encode(DS_PT_PCMU, (int16_t)mu), mu_law[i]);
    }
}

static void every_code_comes_back(void **state)
{
    (void)state;
    for (int code = 0; code < 256; code++) {
        int16_t a = ds_g711_decode(DS_PT_PCMA, (uint8_t)code);
        int16_t mu = ds_g711_decode(DS_PT_PCMU, (uint8_t)code);
        assert_int_equal(ds_g711_encode(DS_PT_PCMA, a), code);
        /* The mu-law has two zeros; ours is the positive one. */
        assert_int_equal(ds_g711_encode(DS_PT_PCMU, mu), code == 0x7f ? 0xff : code);
    }
}

/* Each code, by another decoder. Its zero of the mu-law and ours are both 0. */
static void every_code_decodes_as_another_decoder_has_it(void **state)
{
    (void)state;
    for (int code = 0; code < 256; code++) {
        assert_int_equal(ds_g711_decode(DS_PT_PCMA, (uint8_t)code), alaw_to_linear((uint8_t)code));
        assert_int_equal(ds_g711_decode(DS_PT_PCMU, (uint8_t)code), ulaw_to_linear((uint8_t)code));
    }
}

/* A code names the nearest value but for the width of half a step, which is a 32nd of the value. */
static void every_sample_comes_back_nearly(void **state)
{
    (void)state;
    for (int sample = -32768; sample < 32768; sample++) {
        int16_t exact = (int16_t)sample;
        int a = ds_g711_decode(DS_PT_PCMA, ds_g711_encode(DS_PT_PCMA, exact));
        int mu = ds_g711_decode(DS_PT_PCMU, ds_g711_encode(DS_PT_PCMU, exact));
        assert_true(abs(a - sample) <= abs(sample) / 32 + 8);
        assert_true(abs(mu - sample) <= abs(sample) / 32 + 8);
    }
}

static void other_payload_types_are_no_g711(void **state)
{
    (void)state;
    expect_assert_failure(ds_g711_decode(DS_PT_EVENT, 0));
    expect_assert_failure(ds_g711_encode(DS_PT_COMFORT_NOISE, 0));
}

int test_g711(void);

int test_g711(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_of_the_standard_decode_to_its_values),
        cmocka_unit_test(the_standard_sine_has_the_standard_level),
        cmocka_unit_test(every_code_comes_back),
        cmocka_unit_test(every_code_decodes_as_another_decoder_has_it),
        cmocka_unit_test(every_sample_comes_back_nearly),
        cmocka_unit_test(other_payload_types_are_no_g711),
    };
    return cmocka_run_group_tests_name("g711", tests, NULL, NULL);
}
