#include "rtp.h"

/*
 * Both laws are a sign, three bits of exponent and four of mantissa. The mu-law works on 14 bits,
 * biased by 33 so that every segment begins at a power of two; the A-law on 13 bits, its first two
 * segments linear. Samples here have 16.
 */

#define SIGN       0x80
#define MU_BIAS    33
#define MU_LARGEST 8158 /* of 14 bits; above it the biased sum would need a ninth segment */
#define A_TOGGLED  0x55 /* every other bit is sent inverted, for the sake of old line codes */

static uint32_t highest_bit(uint32_t value)
{
    uint32_t bit = 0;
    while (value > 1) {
        value >>= 1;
        bit++;
    }
    return bit;
}

static uint8_t encode_mu(int32_t sample)
{
    uint32_t magnitude = (uint32_t)(sample < 0 ? -sample : sample) / 4;
    if (magnitude > MU_LARGEST)
        magnitude = MU_LARGEST;
    uint32_t biased = magnitude + MU_BIAS;
    uint32_t exponent = highest_bit(biased) - 5;
    uint32_t mantissa = (biased >> (exponent + 1)) & 0x0f;
    uint32_t code = (sample < 0 ? SIGN : 0) | exponent << 4 | mantissa;
    return (uint8_t)~code;
}

static int16_t decode_mu(uint8_t code)
{
    uint32_t plain = (uint8_t)~code;
    uint32_t exponent = plain >> 4 & 7, mantissa = plain & 0x0f;
    int32_t magnitude = (int32_t)((2 * mantissa + MU_BIAS) << exponent) - MU_BIAS;
    return (int16_t)(4 * ((plain & SIGN) != 0 ? -magnitude : magnitude));
}

/* Zero belongs to the positive half, so the negative one begins at -1. */
static uint8_t encode_a(int32_t sample)
{
    uint32_t magnitude = (uint32_t)(sample < 0 ? -1 - sample : sample) / 8;
    uint32_t code = magnitude >> 1;
    if (magnitude >= 64) {
        uint32_t exponent = highest_bit(magnitude) - 4;
        code = exponent << 4 | ((magnitude >> exponent) & 0x0f);
    }
    return (uint8_t)((code | (sample < 0 ? 0 : SIGN)) ^ A_TOGGLED);
}

static int16_t decode_a(uint8_t code)
{
    uint32_t plain = code ^ A_TOGGLED;
    uint32_t exponent = plain >> 4 & 7, mantissa = plain & 0x0f;
    uint32_t magnitude = 2 * mantissa + 1;
    if (exponent > 0)
        magnitude = (magnitude + 32) << (exponent - 1);
    return (int16_t)(8 * ((plain & SIGN) != 0 ? (int32_t)magnitude : -(int32_t)magnitude));
}

uint8_t ds_g711_encode(uint8_t payload_type, int16_t sample)
{
    ds_assert(payload_type == DS_PT_PCMU || payload_type == DS_PT_PCMA);
    return payload_type == DS_PT_PCMU ? encode_mu(sample) : encode_a(sample);
}

int16_t ds_g711_decode(uint8_t payload_type, uint8_t code)
{
    ds_assert(payload_type == DS_PT_PCMU || payload_type == DS_PT_PCMA);
    return payload_type == DS_PT_PCMU ? decode_mu(code) : decode_a(code);
}
