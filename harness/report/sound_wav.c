#include "sound_internal.h"

#include <string.h>

/* One stream as a WAV file: 16 bits a sample, one channel, holes and pauses as long as they were.
 */

#define MOST_BYTES     (256u << 20)
#define MOST_SAMPLES   (INT64_C(7200) * DS_SOUND_RATE_HZ) /* two hours */
#define WIDE_RATE_HZ   16000u
#define BYTES_A_SAMPLE 2u

struct wav {
    struct ds_buf samples; /* owned */
    uint32_t rate_hz;
};

static void put(struct ds_buf *out, uint32_t value, size_t bytes)
{
    char little[4];
    for (size_t i = 0; i < bytes; i++)
        little[i] = (char)(value >> (8 * i));
    ds_buf_add(out, (struct ds_slice){little, bytes});
}

static void put_silence(struct wav *wav, uint32_t clock_samples)
{
    static const char silence[DS_RTP_FRAME_SAMPLES * BYTES_A_SAMPLE] = {0};
    size_t bytes = (size_t)clock_samples * (wav->rate_hz / DS_SOUND_RATE_HZ) * BYTES_A_SAMPLE;
    while (bytes > 0 && !wav->samples.broken) {
        size_t part = bytes < sizeof silence ? bytes : sizeof silence;
        ds_buf_add(&wav->samples, (struct ds_slice){silence, part});
        bytes -= part;
    }
}

/* A narrower payload of a stream that turned wide is said at the rate of the wider. */
static void put_frame(struct wav *wav, struct ds_slice frame)
{
    uint8_t law = frame.at[0] == DS_SOUND_A ? DS_PT_PCMA : DS_PT_PCMU;
    uint32_t rate_hz = frame.at[0] == DS_SOUND_WIDE ? WIDE_RATE_HZ : DS_SOUND_RATE_HZ;
    for (size_t i = 1; i < frame.len; i++)
        for (uint32_t times = 0; times < wav->rate_hz / rate_hz; times++)
            put(&wav->samples, (uint16_t)ds_g711_decode(law, (uint8_t)frame.at[i]), BYTES_A_SAMPLE);
}

static void put_sound(struct wav *wav, const struct ds_sounds *sounds)
{
    const struct ds_sound *sound = &sounds->list[0];
    const struct ds_sound_piece *pieces = (const void *)sound->pieces.at;
    size_t count = sound->pieces.len / sizeof *pieces;
    wav->rate_hz = DS_SOUND_RATE_HZ;
    for (size_t i = 0; i < sounds->frames.count; i++)
        if (sounds->frames.list[i].at[0] == DS_SOUND_WIDE)
            wav->rate_hz = WIDE_RATE_HZ;
    for (size_t i = 0; i < count; i++)
        if (pieces[i].kind == DS_SOUND_SAID && pieces[i].frame != DS_SOUND_NO_FRAME)
            put_frame(wav, sounds->frames.list[pieces[i].frame]);
        else
            put_silence(wav, pieces[i].samples);
}

/* Multimedia Programming Interface and Data Specifications 1.0: RIFF, its format, its data. */
static void put_head(struct ds_buf *out, const struct wav *wav)
{
    uint32_t bytes = (uint32_t)wav->samples.len;
    ds_buf_text(out, "RIFF");
    put(out, 36 + bytes, 4);
    ds_buf_text(out, "WAVEfmt ");
    put(out, 16, 4);
    put(out, 1, 2); /* linear */
    put(out, 1, 2); /* channel */
    put(out, wav->rate_hz, 4);
    put(out, wav->rate_hz * BYTES_A_SAMPLE, 4);
    put(out, BYTES_A_SAMPLE, 2);
    put(out, 8 * BYTES_A_SAMPLE, 2);
    ds_buf_text(out, "data");
    put(out, bytes, 4);
}

ds_rc ds_sound_write(const struct ds_trace *trace,
                     size_t stream,
                     const char *path,
                     struct ds_why *why)
{
    const struct ds_sound_choice choice = {stream, 1, MOST_BYTES, MOST_SAMPLES};
    struct ds_sounds sounds;
    struct wav wav = {.rate_hz = 0};
    struct ds_buf out = {0};
    ds_rc rc = DS_OK;
    ds_sounds_read(trace, &choice, &sounds);
    if (sounds.broken)
        rc = ds_fail_memory(why);
    else if (sounds.list[0].unheard != NULL)
        rc = ds_fail(why, DS_BAD, "stream %zu has no sound to write: %s", stream + 1,
                     sounds.list[0].unheard);
    else
        put_sound(&wav, &sounds);
    ds_sounds_clean_up(&sounds);
    put_head(&out, &wav);
    ds_move(&out, &wav.samples);
    if (rc == DS_OK)
        rc = ds_write_file(path, &out, why);
    ds_buf_clean_up(&out);
    return rc;
}
