#include "um_internal.h"

#include <string.h>

#define PIECE 256

static void add(struct ds_um_script *script, struct ds_um_message *message, size_t samples)
{
    if (script->count == DS_UM_MOST_SPELLS || samples == 0)
        return;
    script->spells[script->count++] = (struct ds_um_spell){message, samples};
}

void ds_um_script_speak(struct ds_um_script *script, ds_us length_us)
{
    add(script, NULL, (size_t)(length_us * DS_RTP_SAMPLE_RATE / DS_S));
}

void ds_um_script_play(struct ds_um_script *script, struct ds_um_message *message, size_t samples)
{
    ds_assert(message != NULL && samples <= message->sound.len);
    add(script, message, samples);
}

bool ds_um_script_is_over(const struct ds_um_script *script)
{
    return script->at == script->count;
}

/* Decoded from what a telephone would hear, so that messages and its own voice sound alike. */
static void say_own(struct ds_um_script *script, int16_t *samples, size_t count)
{
    uint8_t codes[PIECE];
    ds_tone_fill(&script->voice, DS_PT_PCMU, codes, count);
    for (size_t i = 0; i < count; i++)
        samples[i] = ds_g711_decode(DS_PT_PCMU, codes[i]);
}

static void
say_message(const struct ds_um_message *message, size_t from, int16_t *samples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        samples[i] = ds_g711_decode(DS_PT_PCMU, (uint8_t)message->sound.at[from + i]);
}

static size_t say_some(struct ds_um_script *script, int16_t *samples, size_t most)
{
    const struct ds_um_spell *spell = &script->spells[script->at];
    size_t left = spell->samples - script->said;
    size_t count = left < most ? left : most;
    count = count < PIECE ? count : PIECE;
    if (spell->message == NULL)
        say_own(script, samples, count);
    else
        say_message(spell->message, script->said, samples, count);
    script->said += count;
    if (script->said == spell->samples) {
        script->said = 0;
        script->at++;
    }
    return count;
}

void ds_um_script_say(struct ds_um_script *script, int16_t *samples, size_t count)
{
    while (count > 0 && !ds_um_script_is_over(script)) {
        size_t said = say_some(script, samples, count);
        samples += said;
        count -= said;
    }
    memset(samples, 0, count * sizeof *samples);
}
