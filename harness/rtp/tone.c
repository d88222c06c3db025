#include "tone.h"

#include <math.h>
#include <string.h>

static void draw(struct ds_tone *tone, uint8_t payload_type)
{
    double step = 2 * M_PI * tone->frequency_hz / DS_RTP_SAMPLE_RATE;
    ds_assert(tone->frequency_hz * DS_TONE_SAMPLES % DS_RTP_SAMPLE_RATE == 0);
    for (size_t i = 0; i < DS_TONE_SAMPLES; i++)
        tone->codes[i] = ds_g711_encode(payload_type,
                                        (int16_t)lround(DS_TONE_AMPLITUDE * sin(step * (double)i)));
    tone->drawn_hz = tone->frequency_hz;
    tone->drawn_as = payload_type;
}

void ds_tone_fill(struct ds_tone *tone, uint8_t payload_type, uint8_t *out, size_t samples)
{
    if (tone->frequency_hz == 0) {
        memset(out, ds_g711_encode(payload_type, 0), samples);
        return;
    }
    if (tone->drawn_hz != tone->frequency_hz || tone->drawn_as != payload_type)
        draw(tone, payload_type);
    for (size_t i = 0; i < samples; i++) {
        out[i] = tone->codes[tone->at];
        tone->at = (tone->at + 1) % DS_TONE_SAMPLES;
    }
}
