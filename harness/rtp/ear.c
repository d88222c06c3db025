#include "tone.h"

#include <math.h>

/* Tones are filtered side by side: one chain of additions waits for itself, eight do not. */
#define LANES 8
/* 100 ms. A longer block would cost a float its precision at the low tones. */
#define BLOCK_SAMPLES 800
/* About -57 dBm0 a sample. The A-law cannot say zero: its silence is a constant, and must not be
 * taken for a very low tone. */
#define SILENCE 1e-6

void ds_ear_init(struct ds_ear *ear, const uint32_t *tones_hz, size_t count)
{
    ds_assert(count <= DS_EAR_MAX_TONES);
    *ear = (struct ds_ear){.tone_count = count};
    for (size_t i = 0; i < count; i++) {
        ds_assert(tones_hz[i] > 0 && tones_hz[i] < DS_RTP_SAMPLE_RATE / 2);
        ear->tones_hz[i] = tones_hz[i];
        ear->twice_cosine[i] = (float)(2 * cos(2 * M_PI * tones_hz[i] / DS_RTP_SAMPLE_RATE));
    }
}

/* Goertzel's filter for LANES tones from `first` on. By Parseval a pure tone gets the whole energy
 * of the block. Lanes without a tone have a cosine of zero and are not read. */
static void hear_tones(struct ds_ear *ear, size_t first, const float *samples, size_t count)
{
    const float *twice_cosine = ear->twice_cosine + first;
    float last[LANES] = {0}, before[LANES] = {0};
    for (size_t i = 0; i < count; i++) {
        for (size_t lane = 0; lane < LANES; lane++) {
            /* in this order, as only what was last has to be waited for */
            float now = (samples[i] - before[lane]) + twice_cosine[lane] * last[lane];
            before[lane] = last[lane];
            last[lane] = now;
        }
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        float square = last[lane] * last[lane] + before[lane] * before[lane] -
                       twice_cosine[lane] * last[lane] * before[lane];
        ear->power[first + lane] += 2.0 * (double)square / (double)count;
    }
}

static void hear_block(struct ds_ear *ear, const int16_t *block, size_t count)
{
    float samples[BLOCK_SAMPLES];
    float energy = 0;
    for (size_t i = 0; i < count; i++) {
        samples[i] = (float)block[i] / 32768.0F;
        energy += samples[i] * samples[i];
    }
    ear->total_power += (double)energy;
    ear->samples += count;
    for (size_t first = 0; first < ear->tone_count; first += LANES)
        hear_tones(ear, first, samples, count);
}

void ds_ear_hear_samples(struct ds_ear *ear, const int16_t *samples, size_t count)
{
    while (count > 0) {
        size_t len = count < BLOCK_SAMPLES ? count : BLOCK_SAMPLES;
        hear_block(ear, samples, len);
        samples += len;
        count -= len;
    }
}

void ds_ear_hear(struct ds_ear *ear, uint8_t payload_type, struct ds_slice payload)
{
    int16_t samples[BLOCK_SAMPLES];
    if (payload_type != DS_PT_PCMU && payload_type != DS_PT_PCMA)
        return;
    while (payload.len > 0) {
        size_t len = payload.len < BLOCK_SAMPLES ? payload.len : BLOCK_SAMPLES;
        for (size_t i = 0; i < len; i++)
            samples[i] = ds_g711_decode(payload_type, (uint8_t)payload.at[i]);
        hear_block(ear, samples, len);
        payload = ds_slice_from(payload, len);
    }
}

uint32_t ds_ear_tone(const struct ds_ear *ear)
{
    size_t loudest = 0;
    if (ear->tone_count == 0 || ear->total_power <= SILENCE * (double)ear->samples)
        return 0;
    for (size_t i = 1; i < ear->tone_count; i++) {
        if (ear->power[i] > ear->power[loudest])
            loudest = i;
    }
    return ear->power[loudest] > ear->total_power / 2 ? ear->tones_hz[loudest] : 0;
}

uint64_t ds_ear_samples(const struct ds_ear *ear, uint32_t tone_hz)
{
    double amplitude = DS_TONE_AMPLITUDE / 32768, of_one = amplitude * amplitude / 2;
    for (size_t i = 0; i < ear->tone_count; i++)
        if (ear->tones_hz[i] == tone_hz)
            return (uint64_t)lround(ear->power[i] / of_one);
    return 0;
}
