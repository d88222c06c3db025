#include "media_internal.h"

/* Comfort noise (RFC 3389): who falls silent says how loud the silence is, where its peer lists it.
 */

#define LEVEL 70 /* -dBov: a quiet room */

bool ds_media_makes_noise(const struct ds_media *media)
{
    return media->voice.quiet && media->aim.comfort_noise && media->sound.say == NULL &&
           !ds_media_has_digits(media) && !media->flaws.no_comfort_noise;
}

void ds_media_send_noise(struct ds_media *media)
{
    static const char level = LEVEL;
    struct ds_rtp packet = {.payload_type = DS_PT_COMFORT_NOISE,
                            .timestamp = ds_media_timestamp(media, media->voice.frame_at),
                            .payload = {&level, 1}};
    ds_media_send(media, &packet);
}
