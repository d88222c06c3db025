#include "rtp.h"

#include <math.h>

/* -13 dBm0, the level of a calm talker: a sine that fills G.711 would be +3.17 dBm0. */
#define AMPLITUDE 5000.0

void ds_tone_fill(struct ds_tone *tone, uint8_t payload_type, uint8_t *out, size_t samples)
{
    double step = 2 * M_PI * tone->frequency_hz / DS_RTP_SAMPLE_RATE;
    for (size_t i = 0; i < samples; i++) {
        double level = tone->frequency_hz == 0 ? 0 : AMPLITUDE * sin(tone->phase);
        out[i] = ds_g711_encode(payload_type, (int16_t)lround(level));
        tone->phase = fmod(tone->phase + step, 2 * M_PI);
    }
}
