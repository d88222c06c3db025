#include "rtp.h"

#include <string.h>

#define EVENT_BYTES 4
#define END         0x80
#define VOLUME      0x3f

static const char digits[] = "0123456789*#ABCD";

ds_rc ds_rtp_event_parse(struct ds_slice payload, struct ds_rtp_event *out)
{
    const uint8_t *at = (const uint8_t *)payload.at;
    if (payload.len < EVENT_BYTES)
        return DS_BAD;
    *out = (struct ds_rtp_event){.event = at[0],
                                 .end = (at[1] & END) != 0,
                                 .volume = at[1] & VOLUME,
                                 .duration = ds_get16(at + 2)};
    return DS_OK;
}

void ds_rtp_event_write(const struct ds_rtp_event *event, uint8_t out[4])
{
    out[0] = event->event;
    out[1] = (uint8_t)((event->end ? END : 0) | (event->volume & VOLUME));
    ds_put16(out + 2, event->duration);
}

char ds_rtp_event_digit(uint8_t event)
{
    return event < sizeof digits - 1 ? digits[event] : '?';
}

ds_rc ds_rtp_event_of(char digit, uint8_t *event)
{
    if (digit >= 'a' && digit <= 'd')
        digit = (char)(digit - 'a' + 'A');
    const char *found = digit == '\0' ? NULL : strchr(digits, digit);
    if (found == NULL)
        return DS_BAD;
    *event = (uint8_t)(found - digits);
    return DS_OK;
}
