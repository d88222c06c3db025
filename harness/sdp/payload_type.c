#include "sdp_internal.h"

struct assignment {
    struct ds_slice encoding;
    uint32_t clock_rate;
};

/* RFC 3551, tables 4 and 5, by payload type. */
static const struct assignment assignments[] = {
    [0] = {{"PCMU", 4}, 8000},   [3] = {{"GSM", 3}, 8000},    [4] = {{"G723", 4}, 8000},
    [5] = {{"DVI4", 4}, 8000},   [6] = {{"DVI4", 4}, 16000},  [7] = {{"LPC", 3}, 8000},
    [8] = {{"PCMA", 4}, 8000},   [9] = {{"G722", 4}, 8000},   [10] = {{"L16", 3}, 44100},
    [11] = {{"L16", 3}, 44100},  [12] = {{"QCELP", 5}, 8000}, [13] = {{"CN", 2}, 8000},
    [14] = {{"MPA", 3}, 90000},  [15] = {{"G728", 4}, 8000},  [16] = {{"DVI4", 4}, 11025},
    [17] = {{"DVI4", 4}, 22050}, [18] = {{"G729", 4}, 8000},  [25] = {{"CelB", 4}, 90000},
    [26] = {{"JPEG", 4}, 90000}, [28] = {{"nv", 2}, 90000},   [31] = {{"H261", 4}, 90000},
    [32] = {{"MPV", 3}, 90000},  [33] = {{"MP2T", 4}, 90000}, [34] = {{"H263", 4}, 90000},
};

void ds_sdp_describe_static(struct ds_sdp_format *format)
{
    if (format->payload_type >= DS_COUNT(assignments))
        return;
    const struct assignment *assignment = &assignments[format->payload_type];
    if (assignment->clock_rate == 0)
        return;
    format->encoding = assignment->encoding;
    format->clock_rate = assignment->clock_rate;
}
