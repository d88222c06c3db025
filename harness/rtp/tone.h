#ifndef DS_TONE_H
#define DS_TONE_H

/*
 * A talker sends a tone of its own, so that a receiver of the packets alone can say who was heard:
 * tones are multiples of 50 Hz, which makes any two of them orthogonal over one 20 ms packet.
 */

#include "rtp.h"

#define DS_TONE_SAMPLES DS_RTP_FRAME_SAMPLES /* after which any tone is where it began */

/* -13 dBm0, the level of a calm talker: a sine that fills G.711 would be +3.17 dBm0. */
#define DS_TONE_AMPLITUDE 5000.0

struct ds_tone {
    uint32_t frequency_hz; /* a multiple of 50, 0 is silence */
    size_t at;             /* the sample of DS_TONE_SAMPLES that comes next */
    uint32_t drawn_hz;     /* what the codes are of; 0: nothing yet */
    uint8_t drawn_as;      /* the payload type they are for */
    uint8_t codes[DS_TONE_SAMPLES];
};

void ds_tone_fill(struct ds_tone *tone, uint8_t payload_type, uint8_t *out, size_t samples);

/* ---- who is heard ---- */

/* Sums the energy of the candidate tones over a stream's packets. */
#define DS_EAR_MAX_TONES 64

struct ds_ear {
    uint32_t tones_hz[DS_EAR_MAX_TONES];
    float twice_cosine[DS_EAR_MAX_TONES]; /* of the angle a tone turns in one sample */
    double power[DS_EAR_MAX_TONES];
    double total_power;
    size_t tone_count, samples;
};

void ds_ear_init(struct ds_ear *ear, const uint32_t *tones_hz, size_t count);
void ds_ear_hear(struct ds_ear *ear, uint8_t payload_type, struct ds_slice payload);
/* The same of samples, DS_RTP_SAMPLE_RATE of them a second. */
void ds_ear_hear_samples(struct ds_ear *ear, const int16_t *samples, size_t count);
/* The tone that holds more than half of all energy; 0 when none does. */
uint32_t ds_ear_tone(const struct ds_ear *ear);
/* How many samples of that tone, as ds_tone_fill() says it, there were: beside others, too. */
uint64_t ds_ear_samples(const struct ds_ear *ear, uint32_t tone_hz);

#endif
