#include "conference_internal.h"

#include <string.h>

/* So much of a voice is kept waiting that a packet may come 20 ms late. */
#define AHEAD (2 * DS_RTP_FRAME_SAMPLES)

void ds_mixer_init(struct ds_mixer *mixer)
{
    *mixer = (struct ds_mixer){.echoes = false};
    ds_list_init(&mixer->voices);
}

void ds_mixer_add(struct ds_mixer *mixer, struct ds_mixer_voice *voice)
{
    ds_list_append(&mixer->voices, &voice->link);
}

static void drop(struct ds_mixer_voice *voice, size_t count)
{
    voice->count -= count;
    memmove(voice->waiting, voice->waiting + count, voice->count * sizeof *voice->waiting);
}

/* What is too much pushes out what has waited longest. */
void ds_mixer_take(struct ds_mixer_voice *voice, const int16_t *samples, size_t count)
{
    size_t room = DS_COUNT(voice->waiting);
    if (count > room) {
        samples += count - room;
        count = room;
    }
    if (voice->count + count > room)
        drop(voice, voice->count + count - room);
    memcpy(voice->waiting + voice->count, samples, count * sizeof *samples);
    voice->count += count;
}

static void speak(struct ds_mixer_voice *voice)
{
    voice->flows = voice->count >= (voice->flows ? DS_RTP_FRAME_SAMPLES : AHEAD);
    memset(voice->said, 0, sizeof voice->said);
    if (!voice->flows)
        return;
    if (!voice->unheard)
        memcpy(voice->said, voice->waiting, sizeof voice->said);
    drop(voice, DS_RTP_FRAME_SAMPLES);
}

static int16_t within_range(int32_t sum)
{
    if (sum > INT16_MAX)
        return INT16_MAX;
    return sum < INT16_MIN ? INT16_MIN : (int16_t)sum;
}

void ds_mixer_mix(struct ds_mixer *mixer)
{
    int32_t all[DS_RTP_FRAME_SAMPLES] = {0};
    for (struct ds_list *at = mixer->voices.next; at != &mixer->voices; at = at->next) {
        struct ds_mixer_voice *voice = DS_OWNER(at, struct ds_mixer_voice, link);
        speak(voice);
        for (size_t i = 0; i < DS_COUNT(all); i++)
            all[i] += voice->said[i];
    }
    for (struct ds_list *at = mixer->voices.next; at != &mixer->voices; at = at->next) {
        struct ds_mixer_voice *voice = DS_OWNER(at, struct ds_mixer_voice, link);
        for (size_t i = 0; i < DS_COUNT(all); i++)
            voice->hears[i] = within_range(all[i] - (mixer->echoes ? 0 : voice->said[i]));
    }
}

void ds_mixer_give(struct ds_mixer_voice *voice, int16_t *samples, size_t count)
{
    size_t known = count < DS_COUNT(voice->hears) ? count : DS_COUNT(voice->hears);
    memcpy(samples, voice->hears, known * sizeof *samples);
    memset(samples + known, 0, (count - known) * sizeof *samples);
    memset(voice->hears, 0, sizeof voice->hears);
}
